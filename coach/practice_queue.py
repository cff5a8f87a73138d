"""The queue of practice as values, and the file it is kept in.

Owns what is known of each recording that waits, runs or is done, the tags of a practice take, and the queue's private
file. Refuses to know who does the work.
"""

from __future__ import annotations

import dataclasses
import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coach.archive import locker
from coach.report.habits import PRACTICE_TAG
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FORMAT: Final = 1
EXERCISE_TAG: Final = "exercise:"
MOST_LETTERS: Final = 60
"""Of the name of an exercise: it stands beside others in a list."""


class Stage(StrEnum):
    """How far a recording is."""

    WAITING = "waiting"
    LOADING = "loading"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    ASKING = "asking"


BUSY: Final = frozenset({Stage.LOADING, Stage.RUNNING})


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice to choose from: its number, its sample in the recording, and for how long it speaks in all; ms."""

    number: int
    start_ms: int
    end_ms: int
    spoken_ms: int


@dataclass(frozen=True, slots=True)
class Item:
    """One recording of the queue.

    Args:
        key: tells it from the others.
        path: where the recording is.
        call_type: what kind of call it is.
        exercise: what was practised; empty for no exercise.
        stage: how far it is.
        share: the part that is done, 0 to 1.
        left_s: about how long the rest takes; None where nobody can say.
        told: the sentence about what became of it; empty for none.
        session: where it is kept; None before, or where nothing is.
        voices: to choose from, where nobody knows which is the rep's; empty elsewhere.
        others: so many voices were heard beside these.
        rep: which voice is the rep's, as a person said (`coach.voices.ANSWERS`); empty where nobody did.
        remember: they agreed that their voice is kept; not written down, so it holds for this run alone.
    """

    key: str
    path: Path
    call_type: str
    exercise: str = ""
    stage: Stage = Stage.WAITING
    share: float = 0.0
    left_s: float | None = None
    told: str = ""
    session: Path | None = None
    voices: tuple[Voice, ...] = ()
    others: int = 0
    rep: str = ""
    remember: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue as it stands.

    Args:
        items: in the order in which they came.
        refused: a sentence for each thing of the last drop that is no recording.
        problem: why nothing goes on; empty where it does.
        held: whether it steps aside for a call.
    """

    items: tuple[Item, ...] = ()
    refused: tuple[str, ...] = ()
    problem: str = ""
    held: bool = False

    def having(self, item: Item) -> Queue:
        """Return it with this one in the place of the one of its key."""
        return replace(self, items=tuple(item if i.key == item.key else i for i in self.items))

    def item(self, key: str) -> Item | None:
        """Return the recording of this key, None where it is gone."""
        return next((i for i in self.items if i.key == key), None)


def exercise_of(tags: Iterable[str]) -> str:
    """Return the exercise that a session's tags name; empty for none."""
    return next((t.removeprefix(EXERCISE_TAG) for t in tags if t.startswith(EXERCISE_TAG)), "")


def tags_of(exercise: str, before: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the tags of a practice take, those it had kept; an exercise takes the place of an earlier one."""
    named = " ".join(exercise.split())[:MOST_LETTERS]
    kept = [t for t in before if not (named and t.startswith(EXERCISE_TAG))]
    new = [PRACTICE_TAG, *([f"{EXERCISE_TAG}{named}"] if named else [])]
    return tuple(dict.fromkeys([*kept, *new]))


def keep_queue(file: Path, queue: Queue, process: int) -> None:
    """Write the queue down, for its owner alone; a disk that refuses costs no more than that.

    Args:
        file: where.
        queue: what.
        process: the number of the process at work, 0 for none: what it leaves behind can be told by it.
    """
    whole = {"format": FORMAT, "process": process, "items": [_plain(i) for i in queue.items]}
    part = file.with_name(f"{file.name}.part")
    with suppress(OSError, Trouble):
        if not locker.may_replace(file):
            return  # sealed, and nobody here has the key: what waits there is not to be lost
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            # In ASCII, which can hold a name that is not UTF-8.
            out.write(locker.whole(file, json.dumps(whole).encode()))
        part.replace(file)


def take_up_queue(file: Path) -> tuple[Queue, int]:
    """Return the queue as it was left, and the process that was at work; an empty one where there is none to read."""
    try:
        kept = json.loads(locker.read_whole(file))
        if kept["format"] != FORMAT:
            return Queue(), 0
        return Queue(tuple(_item(i) for i in kept["items"])), int(kept["process"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError, Trouble):
        return Queue(), 0  # none yet, or damaged: a queue is soon filled again


def _plain(item: Item) -> dict[str, Any]:
    """Return an item as plain values: one that is being coached waits, for the next time."""
    stage = Stage.WAITING if item.stage in BUSY else item.stage
    values = dataclasses.asdict(replace(item, stage=stage, left_s=None))
    return {
        k: str(v) if isinstance(v, Path) else v
        for k, v in values.items()
        if k not in {"share", "left_s", "remember"}
    }


def _item(values: dict[str, Any]) -> Item:
    session = values["session"]
    stage = Stage(values["stage"])
    return Item(
        str(int(values["key"])),
        Path(str(values["path"])),
        str(values["call_type"]),
        str(values["exercise"])[:MOST_LETTERS],
        stage,
        1.0 if stage is Stage.DONE else 0.0,
        None,
        str(values["told"]),
        Path(str(session)) if session is not None else None,
        tuple(_voice(v) for v in values.get("voices", ())),
        int(values.get("others", 0)),
        str(values.get("rep", ""))[:MOST_LETTERS],
    )


def _voice(values: dict[str, Any]) -> Voice:
    return Voice(*(int(values[k]) for k in ("number", "start_ms", "end_ms", "spoken_ms")))

"""What was written by hand, beside the session it is about: ``NAME.hand`` next to ``NAME.jsonl``.

Owns that file: a line for each thing written, the last one about a thing counts, nothing is ever changed in place. The
session itself is the machine's and is never opened for writing again.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from coach.archive import locker
from coach.call.events import Who
from coach.call.hand import Correction, Hand, Note
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
_UNOPENED = "?"  # as `coach.archive.locker.read` has it
_MOST_LETTERS = 10_000  # a line longer than this was not written by hand


def hand_path(session: Path) -> Path:
    """Return where what was written by hand about a session lies."""
    return session.with_suffix(".hand")


def read_hand(session: Path) -> Hand:
    """Return what was written by hand about a session; nothing where nothing was.

    A torn last line, as a crash leaves it, is passed by.

    Raises:
        Trouble: for a file that cannot be read, or that Coach did not write.
    """
    path = hand_path(session)
    try:
        # Lines end at a line feed alone: a title may hold other ends of lines.
        lines = list(io.StringIO(locker.read(path).decode(), newline="\n"))
    except FileNotFoundError:
        return Hand()
    except (OSError, UnicodeDecodeError) as e:
        raise Trouble(
            "Your notes in {path} cannot be read.", "Check the file, or move it away.", path=path
        ) from e
    hand = Hand()
    for number, line in enumerate(lines):
        if line.rstrip("\n") == _UNOPENED:
            continue  # damage to a sealed file, which nobody can mend by hand; `coach lock check` tells of it
        try:
            hand = _taken(hand, json.loads(line), number)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as e:
            if number and number == len(lines) - 1 and not line.endswith("\n"):
                break
            raise Trouble(
                "Line {number} of your notes in {path} cannot be read.",
                "Mend it, or move the file away.",
                number=number + 1,
                path=path,
            ) from e
    return hand


class HandFile:
    """Write by hand beside one session; every line is on disk before the call returns.

    Args:
        session: the session's log.
    """

    def __init__(self, session: Path) -> None:
        self._session, self._path = session, hand_path(session)

    def note(self, note: Note) -> None:
        """Keep a note; an empty one takes away what stood there. Raises `Trouble` when the disk refuses."""
        self._add({"note": asdict(note)})

    def correct(self, correction: Correction) -> None:
        """Keep a correction; an empty one takes it back. Raises `Trouble` when the disk refuses."""
        self._add({"correction": asdict(correction)})

    def call_it(self, title: str) -> None:
        """Keep a title. Raises `Trouble` when the disk refuses."""
        self._add({"title": title})

    def say_who(self, rep: str) -> None:
        """Keep which voice of the only channel is the rep's (`coach.voices.ANSWERS`). Raises `Trouble` as `note`."""
        self._add({"rep": rep})

    def tag(self, tags: tuple[str, ...]) -> None:
        """Keep the tags, all of them. Raises `Trouble` when the disk refuses."""
        self._add({"tags": list(tags)})

    def _add(self, what: dict[str, Any]) -> None:
        if not self._session.exists():
            raise Trouble("This call is no longer kept.", "What you wrote was not kept either.")
        try:
            head = json.dumps({"format": FORMAT, "what": "coach hand"}).encode() + b"\n"
            line = json.dumps(what, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
            locker.append(self._path, [line], head=head, cut=True)  # a line torn by a crash was never kept
        except OSError as e:
            raise Trouble(
                "This could not be written to {path}: {why}.",
                "Free some space and try again.",
                path=self._path,
                why=e,
            ) from e


def _taken(hand: Hand, line: dict[str, Any], number: int) -> Hand:
    """Return it with one line more; a line of a kind we do not know is a newer Coach's and is passed by."""
    if not number:
        if line["format"] != FORMAT or line["what"] != "coach hand":
            raise ValueError(line["format"])
        return hand
    if "note" in line:
        return hand.noted(Note(int(line["note"]["at_ms"]), str(line["note"]["text"])[:_MOST_LETTERS]))
    if "correction" in line:
        return hand.put_right(_correction(line["correction"]))
    if "tags" in line:
        return replace(hand, tags=tuple(str(t)[:_MOST_LETTERS] for t in line["tags"]))
    title, rep = (
        str(line.get(name, was))[:_MOST_LETTERS] for name, was in (("title", hand.title), ("rep", hand.rep))
    )
    return replace(hand, title=title, rep=rep)


def _correction(line: dict[str, Any]) -> Correction:
    speaker, text, cues = line["speaker"], line["text"], line["cues"]
    return Correction(
        Who(line["who"]),
        int(line["start_ms"]),
        None if speaker is None else Who(speaker),
        None if text is None else str(text)[:_MOST_LETTERS],
        None if cues is None else tuple(str(c) for c in cues),
    )

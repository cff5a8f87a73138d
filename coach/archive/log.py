"""The log of a session: one file, a line an event, written as it happens.

Owns what a log keeps. A log keeps words only when the settings say so, for each side; which become a dot is
`coach.archive.discretion`'s affair, how bytes get to a disk `coach.archive.sheet`'s, how a line is known to be whole
`coach.archive.records`'.
"""

from __future__ import annotations

import dataclasses
import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from coach.archive import locker
from coach.archive.discretion import Discretion
from coach.archive.records import foreign, head_of, sealed, taken_apart
from coach.archive.sheet import WholeSheet
from coach.call import plan, wire
from coach.call.events import TimePassed
from coach.nudges.commands import HideNudge, Noticed, Nudge
from coach.settings import facts_from
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from coach.archive.records import Records
    from coach.call.events import Event
    from coach.call.plan import Answer, Plan
    from coach.nudges.commands import Command
    from coach.settings import Facts

_Kept = TypeVar("_Kept", Nudge, Noticed)

HEARTBEAT_MS = 500
"""Time passing is written where nothing else was for so long: a call whose machine died is known to within a second,
the quarter in which the listener looks up included."""
RECOVERED: Final = "Recovered"
_COMMAND = '{"command"'


class Sheet(Protocol):
    """The file under a log."""

    path: Path
    fault: str
    """Why not all of it could be written, in a sentence; empty while all can."""

    def add(self, line: bytes) -> None:
        """Write a line, its end included."""
        ...

    def close(self) -> None:
        """Write what is left."""
        ...


class SessionLog:
    """Write one session.

    Args:
        path: the file to make; its folder is made too.
        keep: ``words``, ``timings`` or ``nothing``.
        facts: what is known of the rep's trade; kept with the words, which nothing finds again without them.
        about: what else the header says, such as when the call began (``docs/session-format.md``).
        sheet: the file, where it is made already.
        theirs: what is kept of the other side, ``words`` or ``timings``; None for the same as of the rep.
        prepared: what the rep prepared for the call; kept with the words.

    Raises:
        Trouble: when the file cannot be made.
    """

    def __init__(
        self,
        path: Path,
        keep: str,
        facts: Facts | None = None,
        about: Mapping[str, Any] | None = None,
        sheet: Sheet | None = None,
        *,
        theirs: str | None = None,
        prepared: Plan | None = None,
    ) -> None:
        self._path = path
        self._discretion = Discretion(keep, theirs or keep)
        self._beat = 0
        self._order = threading.Lock()
        self._sheet: Sheet | None = None
        if keep != "nothing":
            self._sheet = sheet or WholeSheet(path)
            self._ready = locker.sealer(path)
            known = facts if facts and keep == "words" else None
            told = {"facts": dataclasses.asdict(known)} if known else {}
            if prepared and keep == "words":
                told["prepared"] = plan.dump(prepared)
            self._write(wire.header({**(about or {}), **told}))

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._path if self._sheet is None else self._sheet.path

    @property
    def fault(self) -> str:
        """Why not all of it could be written, in a sentence; empty while all can."""
        return "" if self._sheet is None else self._sheet.fault

    def event(self, event: Event) -> None:
        """Write one event."""
        event = self._discretion.event(event)
        if isinstance(event, TimePassed) and event.at_ms < self._beat:
            return
        self._beat = (event.at_ms // HEARTBEAT_MS + 1) * HEARTBEAT_MS  # on a grid, however time is told
        self._write(wire.dump(event))

    def command(self, command: Command) -> None:
        """Write one command, for whoever reads the log; a replay makes its own."""
        command = self._discretion.command(command)
        self._write(json.dumps({"command": type(command).__name__, **_plain(command)}, ensure_ascii=False))

    def moments(self, moments: Sequence[Noticed]) -> None:
        """Write what the rules saw and nobody was nudged about: known only once the call is over."""
        told = self._discretion.moments(moments)
        line = {"command": "Moments", "moments": [_plain(n) for n in told]}
        self._write(json.dumps(line, ensure_ascii=False))

    def answer(self, answer: Answer) -> None:
        """Write that a planned question was heard or ticked; where no words are kept, nothing was planned either."""
        if self._discretion.mine:
            self._write(json.dumps({"command": type(answer).__name__, **_plain(answer)}))

    def close(self) -> None:
        """Close the file."""
        if self._sheet is not None:
            self._sheet.close()

    def _write(self, line: str) -> None:
        if self._sheet is not None:
            with self._order:  # records are numbered as they lie in the file
                self._sheet.add(self._ready(sealed(line)))


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as it was kept.

    Args:
        head: what its header says.
        events: what was heard, in order.
        nudges: what was shown then, whatever today's limits would say.
        moments: what the rules saw and nobody was nudged about; None where the call did not come to its end.
        hidden: when nudges were taken away.
        damage: what of the log was lost, in a sentence; empty where all is whole.
        ended_early: the program died in the call, and the log was closed when it was found.
        answers: which planned questions were heard or ticked.
    """

    head: Mapping[str, Any]
    events: tuple[Event, ...]
    nudges: tuple[Nudge, ...]
    moments: tuple[Noticed, ...] | None
    hidden: tuple[HideNudge, ...] = ()
    damage: str = ""
    ended_early: bool = False
    answers: tuple[Answer, ...] = ()

    @property
    def prepared(self) -> Plan | None:
        """What the rep prepared for the call; None where nothing was, or what stands there is none of ours."""
        kept = self.head.get("prepared")
        if not isinstance(kept, dict):
            return None
        try:
            return plan.load(kept)
        except (ValueError, TypeError):
            return None


class NoLog:
    """Keep nothing."""

    def event(self, event: Event) -> None:
        """Forget an event."""

    def command(self, command: Command) -> None:
        """Forget a command."""


def read_log(path: Path) -> Iterator[Event]:
    """Yield the events of a session.

    Raises:
        Trouble: when there is no such file, or it is no session.
    """
    yield from events_of(read_records(path))


def read_records(path: Path) -> Records:
    """Return the lines of a session that are whole, and what was lost.

    Raises:
        Trouble: as `read_log`.
    """
    try:
        return taken_apart(locker.read(path), str(path))
    except OSError as e:
        raise _unreadable(path, e) from e


def read_session(path: Path) -> StoredSession:
    """Return a whole session: what was heard, and what the coach did about it then.

    Raises:
        Trouble: as `read_log`.
    """
    records = read_records(path)
    events = tuple(events_of(records))
    nudges: list[Nudge] = []
    moments: tuple[Noticed, ...] | None = None
    hidden: list[HideNudge] = []
    early = False
    answers: list[plan.Answer] = []
    for line in records.lines:
        if line.startswith(_COMMAND):
            try:
                said = json.loads(line)
                if said["command"] == "ShowNudge":
                    nudges.append(_again(Nudge, said["nudge"]))
                elif said["command"] == "HideNudge":
                    hidden.append(HideNudge(int(said["at_ms"]), str(said["rule"]), str(said["why"])))
                elif said["command"] == "Moments":
                    moments = tuple(_again(Noticed, n) for n in said["moments"])
                elif said["command"] == RECOVERED:
                    early = True
                elif (answer := plan.answer_from(said)) is not None:
                    answers.append(answer)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as e:
                if line is records.lines[-1] and not line.endswith("\n"):
                    break  # torn by a crash
                raise foreign(str(path)) from e
    parts = (tuple(nudges), moments, tuple(hidden), records.damage, early, tuple(answers))
    return StoredSession(records.head, events, *parts)


def events_of(records: Records) -> Iterator[Event]:
    """Yield the events among the lines of a session. Raises `Trouble` for a line that is none."""
    return wire.load_log(line for line in records.lines if not line.startswith(_COMMAND))


def read_head(path: Path) -> dict[str, Any]:
    """Return what the header of a session says; nothing where that line is damaged.

    Raises:
        Trouble: as `read_log`.
    """
    try:
        return head_of(locker.first_line(path))
    except OSError as e:
        raise _unreadable(path, e) from e
    except UnicodeDecodeError as e:
        raise foreign(str(path)) from e


def read_facts(path: Path) -> Facts:
    """Return what was known of the rep's trade when a session was kept; nothing where it does not say.

    Raises:
        Trouble: as `read_log`; also for facts that a settings file could not hold.
    """
    kept = read_head(path).get("facts", {})
    if not isinstance(kept, dict):
        raise foreign(str(path))
    return facts_from(kept, str(path))


def _unreadable(path: Path, e: OSError) -> Trouble:
    return Trouble("The session '{path}' cannot be read: {why}.", "Check its name.", path=path, why=e)


def _plain(command: Any) -> dict[str, Any]:
    return dataclasses.asdict(command)


def _again(kind: type[_Kept], body: dict[str, Any]) -> _Kept:
    """Return a nudge or a moment out of its line; a part that we do not know is a newer Coach's and is left out."""
    known = {f.name for f in dataclasses.fields(kind)}
    parts: dict[str, Any] = {name: value for name, value in body.items() if name in known}
    parts["because"] = tuple((str(name), float(value)) for name, value in parts["because"])
    for name, value in parts.items():
        if name != "because" and not isinstance(value, int if name.endswith("_ms") else str):
            raise TypeError(name)
    return kind(**parts)

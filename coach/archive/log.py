"""The log of a session: one file, a line an event, written as it happens.

Owns where a log lies and what it keeps. A log keeps words only when the settings say so; with *timings* every
word becomes a dot, which is enough to replay each nudge and tells nobody what was said. Files are readable by
their owner alone.
"""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from coach.call import wire
from coach.call.events import SentenceHeard, TimePassed
from coach.call.vocabulary import is_backchannel
from coach.nudges.commands import HideNudge, Noticed, Nudge, ShowNudge
from coach.settings import facts_from
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from coach.call.events import Event
    from coach.nudges.commands import Command
    from coach.settings import Facts

_Kept = TypeVar("_Kept", Nudge, Noticed)

HEARTBEAT_MS = 5000
"""Time passing is written this often: enough to know how long a call was when the machine died in it."""
DOT = "·"
_COMMAND = '{"command"'


class SessionLog:
    """Write one session.

    Args:
        path: the file to make; its folder is made too.
        keep: ``words``, ``timings`` or ``nothing``.
        facts: what is known of the rep's trade; kept with the words, which nothing finds again without them.
        about: what else the header says, such as when the call began (``docs/session-format.md``).

    Raises:
        Trouble: when the file cannot be made.
    """

    def __init__(
        self, path: Path, keep: str, facts: Facts | None = None, about: Mapping[str, Any] | None = None
    ) -> None:
        self.path = path
        self.fault: str = ""
        self._keep = keep
        self._beat = 0
        self._file: TextIO | None = None
        if keep != "nothing":
            self._file = _private(path)
            known = facts if facts and keep == "words" else None
            told = {"facts": dataclasses.asdict(known)} if known else {}
            self._write(wire.header({**(about or {}), **told}))

    def event(self, event: Event) -> None:
        """Write one event."""
        if isinstance(event, TimePassed):
            if event.at_ms < self._beat:
                return
            self._beat = (event.at_ms // HEARTBEAT_MS + 1) * HEARTBEAT_MS  # on a grid, however time is told
        if isinstance(event, SentenceHeard) and self._keep == "timings":
            event = blanked(event)
        self._write(wire.dump(event))

    def command(self, command: Command) -> None:
        """Write one command, for whoever reads the log; a replay makes its own."""
        if isinstance(command, ShowNudge) and self._keep == "timings":
            nudge = dataclasses.replace(command.nudge, suggestion="")  # it is made of the customer's words
            command = dataclasses.replace(command, nudge=nudge, offer="")
        self._write(json.dumps({"command": type(command).__name__, **_plain(command)}, ensure_ascii=False))

    def moments(self, moments: Sequence[Noticed]) -> None:
        """Write what the rules saw and nobody was nudged about: known only once the call is over."""
        if self._keep == "timings":
            moments = [dataclasses.replace(n, suggestion="") for n in moments]
        line = {"command": "Moments", "moments": [_plain(n) for n in moments]}
        self._write(json.dumps(line, ensure_ascii=False))

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, line: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(line + "\n")
            self._file.flush()
        except OSError as e:
            # The call comes first: it goes on without its log, and the rep is told at the end.
            self.fault = f"The session could not be written any further to {self.path}: {e.strerror}."
            self._file = None


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as it was kept.

    Args:
        head: what its header says.
        events: what was heard, in order.
        nudges: what was shown then, whatever today's limits would say.
        moments: what the rules saw and nobody was nudged about; None where the call did not come to its end.
        hidden: when nudges were taken away.
    """

    head: Mapping[str, Any]
    events: tuple[Event, ...]
    nudges: tuple[Nudge, ...]
    moments: tuple[Noticed, ...] | None
    hidden: tuple[HideNudge, ...] = ()


class NoLog:
    """Keep nothing."""

    def event(self, event: Event) -> None:
        """Forget an event."""

    def command(self, command: Command) -> None:
        """Forget a command."""


def blanked(sentence: SentenceHeard) -> SentenceHeard:
    """Return a sentence with a dot for every word; a back-channel keeps its "mm-hm", which tells nothing."""
    if is_backchannel(sentence.text):
        return sentence
    return dataclasses.replace(sentence, text=" ".join(DOT for _ in sentence.text.split()))


def read_log(path: Path) -> Iterator[Event]:
    """Yield the events of a session.

    Raises:
        Trouble: when there is no such file, or it is no session.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            yield from wire.load_log(line for line in lines if not line.startswith(_COMMAND))
    except OSError as e:
        raise _unreadable(path, e) from e
    except UnicodeDecodeError as e:
        raise _foreign(path) from e


def read_session(path: Path) -> StoredSession:
    """Return a whole session: what was heard, and what the coach did about it then.

    Raises:
        Trouble: as `read_log`.
    """
    try:
        with path.open(encoding="utf-8") as file:
            lines = list(file)  # which end at a line feed alone: what was said may hold other ends of lines
    except OSError as e:
        raise _unreadable(path, e) from e
    except UnicodeDecodeError as e:
        raise _foreign(path) from e
    head = wire.load_header(lines[0] if lines else "")
    events = tuple(wire.load_log(line for line in lines if not line.startswith(_COMMAND)))
    nudges: list[Nudge] = []
    moments: tuple[Noticed, ...] | None = None
    hidden: list[HideNudge] = []
    for line in lines:
        if line.startswith(_COMMAND):
            try:
                said = json.loads(line)
                if said["command"] == "ShowNudge":
                    nudges.append(_again(Nudge, said["nudge"]))
                elif said["command"] == "HideNudge":
                    hidden.append(HideNudge(int(said["at_ms"]), str(said["rule"]), str(said["why"])))
                elif said["command"] == "Moments":
                    moments = tuple(_again(Noticed, n) for n in said["moments"])
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as e:
                if line is lines[-1] and not line.endswith("\n"):
                    break  # torn by a crash
                raise _foreign(path) from e
    return StoredSession(head, events, tuple(nudges), moments, tuple(hidden))


def read_head(path: Path) -> dict[str, Any]:
    """Return what the header of a session says.

    Raises:
        Trouble: as `read_log`.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            return wire.load_header(next(lines, ""))
    except OSError as e:
        raise _unreadable(path, e) from e
    except UnicodeDecodeError as e:
        raise _foreign(path) from e


def read_facts(path: Path) -> Facts:
    """Return what was known of the rep's trade when a session was kept; nothing where it does not say.

    Raises:
        Trouble: as `read_log`; also for facts that a settings file could not hold.
    """
    kept = read_head(path).get("facts", {})
    if not isinstance(kept, dict):
        raise _foreign(path)
    return facts_from(kept, str(path))


def _unreadable(path: Path, e: OSError) -> Trouble:
    return Trouble(f"The session '{path}' cannot be read: {e.strerror}.", "Check its name.")


def _foreign(path: Path) -> Trouble:
    return Trouble(f"'{path}' is no session of Coach.", "Choose a .jsonl file that Coach wrote.")


def _private(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as e:
        raise Trouble(
            f"The session cannot be written to {path}: {e.strerror}.",
            "Free some space, or set storage.keep to 'nothing'.",
        ) from e
    return os.fdopen(handle, "w", encoding="utf-8", errors="replace")


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

"""The log of a session: one file, a line an event, written as it happens.

Owns where a log lies and what it keeps. A log keeps words only when the settings say so; with *timings* every
word becomes a dot, which is enough to replay each nudge and tells nobody what was said. Files are readable by
their owner alone.
"""

from __future__ import annotations

import dataclasses
import json
import os
from typing import TYPE_CHECKING, Any, TextIO

from coach.call import wire
from coach.call.events import SentenceHeard, TimePassed
from coach.call.vocabulary import is_backchannel
from coach.nudges.commands import ShowNudge
from coach.settings import facts_from
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coach.call.events import Event
    from coach.nudges.commands import Command
    from coach.settings import Facts

HEARTBEAT_MS = 5000
"""Time passing is written this often: enough to know how long a call was when the machine died in it."""
DOT = "·"


class SessionLog:
    """Write one session.

    Args:
        path: the file to make; its folder is made too.
        keep: ``words``, ``timings`` or ``nothing``.
        facts: what is known of the rep's trade; kept with the words, which nothing finds again without them.

    Raises:
        Trouble: when the file cannot be made.
    """

    def __init__(self, path: Path, keep: str, facts: Facts | None = None) -> None:
        self.path = path
        self.fault: str = ""
        self._keep = keep
        self._beat = 0
        self._file: TextIO | None = None
        if keep != "nothing":
            self._file = _private(path)
            known = facts if facts and keep == "words" else None
            self._write(wire.header({"facts": dataclasses.asdict(known)} if known else None))

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
            yield from wire.load_log(line for line in lines if not line.startswith('{"command"'))
    except OSError as e:
        raise _unreadable(path, e) from e
    except UnicodeDecodeError as e:
        raise _foreign(path) from e


def read_facts(path: Path) -> Facts:
    """Return what was known of the rep's trade when a session was kept; nothing where it does not say.

    Raises:
        Trouble: as `read_log`; also for facts that a settings file could not hold.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            kept = wire.load_header(next(lines, "")).get("facts", {})
    except OSError as e:
        raise _unreadable(path, e) from e
    except UnicodeDecodeError as e:
        raise _foreign(path) from e
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
    return os.fdopen(handle, "w", encoding="utf-8")


def _plain(command: Any) -> dict[str, Any]:
    return dataclasses.asdict(command)

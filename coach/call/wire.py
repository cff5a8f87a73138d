"""Events to JSON lines and back.

Owns the written form of a call and its version. Refuses to know files: it turns one event into one line and
one line into one event. A line is ``{"event": "VoiceStarted", "at_ms": 120, …}``; the first line of a log is a
header that names the format (``docs/session-format.md``).
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, get_args

from coach.call.events import Event, Leak, Who
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FORMAT = 2
"""Version of the written form; it grows when a reader of the old form would misread the new one. In 2 each line has
a sum, which is not for here."""
READ = (1, 2)
"""The versions that are read."""

_MOST_MS = 10**18
"""Beyond it a number no longer counts milliseconds, and sums of it lose theirs."""
_WORDS = frozenset({"call_type", "code", "language", "rule", "text", "what", "why"})
_NUMBERS = frozenset({"correlation", "gap_db"})
_KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}

_SELDOM = frozenset({"estimated", "mixed"})
"""Written where they are true, and nowhere else."""


def header(about: Mapping[str, Any] | None = None) -> str:
    """Return the first line of a log, with what a replay must know beside the events."""
    line = json.dumps({"format": FORMAT, "what": "coach session", **(about or {})}, ensure_ascii=False)
    # Half a character, as of a file's name that is not UTF-8, is written as JSON writes one, and read as it was.
    return line.encode("utf-8", "backslashreplace").decode()


def load_header(line: str) -> dict[str, Any]:
    """Return what the first line of a log says.

    Raises:
        Trouble: for a line that is no header, or of a newer format.
    """
    try:
        head = dict(json.loads(line))
        version = head["format"]
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as e:
        raise Trouble("This is no session of Coach.", "Choose a .jsonl file that Coach wrote.") from e
    if version not in READ:
        raise Trouble(
            "This session has format {version}; this Coach reads up to {reads}.",
            "Update Coach to open it.",
            version=version,
            reads=FORMAT,
        )
    return head


def dump(event: Event) -> str:
    """Return one event as one line, without the line's end."""
    body = {f.name: _plain(getattr(event, f.name)) for f in dataclasses.fields(event)}
    for name in _SELDOM:
        if body.get(name) is False:
            del body[name]  # an older Coach reads every log but those in which it would miss something
    if body.get("since_ms", 0) is None:
        del body["since_ms"]  # the same
    return json.dumps({"event": type(event).__name__, **body}, ensure_ascii=False, separators=(",", ":"))


def load(line: str) -> Event:
    """Return the event of one line.

    Raises:
        Trouble: for a line that is no event of this format.
    """
    try:
        body = json.loads(line)
        kind = _KINDS[body.pop("event")]
        return kind(**{name: _typed(name, value) for name, value in body.items()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as e:
        raise Trouble(
            "This line is no event of a session: {line}.", "The log may be damaged.", line=repr(line[:60])
        ) from e


def load_log(lines: Iterable[str]) -> Iterator[Event]:
    """Yield the events of a whole log; a torn last line, as a crash leaves it, ends it quietly.

    Raises:
        Trouble: for a log without our header, of a newer format, or damaged before its last line.
    """
    feed = iter(lines)
    load_header(next(feed, ""))
    held: str | None = None
    for line in feed:
        if held is not None:
            yield load(held)
        held = line
    if held is not None:
        try:
            yield load(held)
        except Trouble:
            if held.endswith("\n"):
                raise


def _plain(value: Any) -> Any:
    if isinstance(value, Who | Leak):
        return value.value
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def _typed(name: str, value: Any) -> Any:
    if name == "who":
        return Who(value)
    if name == "leak":
        return Leak(value)
    if name == "channels":
        return tuple(Who(v) for v in value)
    if name == "scores":
        return tuple((str(cue), float(score)) for cue, score in value)
    if name in _WORDS and not isinstance(value, str):
        raise TypeError(name)
    if name in _NUMBERS and not isinstance(value, int | float | None):
        raise TypeError(name)
    if isinstance(value, list):
        return tuple(str(v) for v in value)
    if name in _SELDOM and not isinstance(value, bool):
        raise TypeError(name)
    if name.endswith("_ms") and not (isinstance(value, int) and abs(value) <= _MOST_MS):
        raise TypeError(name)
    return value

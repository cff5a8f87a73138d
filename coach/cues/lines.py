"""Lines of JSON in, the same lines with cues out: the contract of `coach cues`.

Owns the reading and writing of those lines. Refuses to know files and streams, and how a cue is recognised.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from coach.call.events import Who
from coach.cues.reader import Reader
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coach.settings import Facts

_MEND = 'Each line is one object such as {"call": "a", "who": "rep", "text": "How do you do it today?"}.'


def label_lines(lines: Iterable[str], facts: Facts | None = None) -> Iterator[str]:
    """Yield each line with ``cues`` and ``scores`` added, every other field kept; calls may interleave.

    Empty lines are passed over. Lines without ``call`` belong to one call.

    Args:
        lines: objects with ``who`` and ``text``.
        facts: names that the rep sells under and loses to.

    Raises:
        Trouble: a line is no JSON object, has no ``who`` or ``text``, or names a side that there is not.
    """
    readers: dict[str, Reader] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        fields = _fields(line, number)
        reader = readers.setdefault(json.dumps(fields.get("call")), Reader(facts=facts))
        reading = reader.read(
            _who(fields["who"], number),
            fields["text"],
            _ms(fields, "start_s", number),
            _ms(fields, "end_s", number),
        )
        yield json.dumps(
            fields | {"cues": list(reading.cues), "scores": dict(reading.scores)}, ensure_ascii=False
        )


def _fields(line: str, number: int) -> dict[str, Any]:
    """Return a line's fields."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as wrong:
        raise Trouble("Line {number} is no JSON.", _MEND, number=number) from wrong
    if not isinstance(fields, dict):
        raise Trouble("Line {number} is no JSON object.", _MEND, number=number)
    for name in ("who", "text"):
        if not isinstance(fields.get(name), str):
            raise Trouble('Line {number} has no "{name}".', _MEND, number=number, name=name)
    return fields


def _who(name: str, number: int) -> Who:
    """Return the side of that name."""
    try:
        return Who(name)
    except ValueError as wrong:
        raise Trouble(
            'Line {number}: "{name}" is neither "rep" nor "customer".', _MEND, number=number, name=name
        ) from wrong


def _ms(fields: dict[str, Any], name: str, number: int) -> int | None:
    """Return a time in milliseconds from one in seconds, or nothing where none is given."""
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Trouble('Line {number}: "{name}" is no number of seconds.', _MEND, number=number, name=name)
    return round(value * 1000)

"""What of a call was not heard, or heard and not known, instead of being counted as nothing.

Owns the stretches. Refuses to know why (the log tells that), and how it is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coach.call.events import Who
    from coach.call.meters import Meters


def unheard(meters: Meters, who: Who) -> tuple[tuple[int, int], ...]:
    """Return the stretches in which one side could not be heard, in order, as milliseconds of the call.

    Empty for a side that was not heard at all: that is another kind of call, and said elsewhere.
    """
    end = meters.ended_ms if meters.ended_ms is not None else meters.now_ms
    stretches = [(since, end if until is None else until) for w, since, until in meters.lost if w is who]
    found = merged(stretches)
    return () if found == ((0, end),) else found


def unwritten(meters: Meters, who: Who) -> tuple[tuple[int, int], ...]:
    """Return the stretches of one side's voice of which nobody knows the words, in order."""
    return merged((m.start_ms, m.end_ms) for m in meters.missed if m.who is who and m.what == "words")


def merged(stretches: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the same stretches in order, and as one where they touch."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart)


def total(stretches: Iterable[tuple[int, int]]) -> int:
    """Return how long stretches are together, in ms."""
    return sum(end - start for start, end in stretches)

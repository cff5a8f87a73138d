"""A time line laid out in rows, like staves of music: what stands where, in parts of a row.

Owns how a call is cut into rows, which marks stand above each other, and the ticks. Refuses to know what draws it: the
page does as SVG, the paper with a painter. Places along a row are parts of its width, from 0 to 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from coach.call.events import Who
from coach.language import phrase, written_in
from coach.report import timeline as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from coach.report.timeline import Block, Mark, Timeline

    _Part = Callable[[int], float]

ROW_MS: Final = 600_000
"""A row is at most this long, up to so many rows; beyond them rows grow longer (own default: a page's width)."""
MOST_ROWS: Final = 9
CLOSE: Final = 0.018
"""Marks nearer than this part of a row stand above each other (12 px of 680)."""
MOST_TIERS: Final = 3
BREATH_MS: Final = 3_000
"""Pitch sentences with no longer pause between them are one mark with a line to its end."""
_TICKS_MS: Final = (5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000)
_MOST_TICKS: Final = 8

COACH: Final = frozenset({t.NUDGE, t.MOMENT, t.NOTE})
"""Marks of the coach and of the hand: they stand above those of what was said."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark in its row: ``at`` and ``to`` in parts of the width, ``tier`` counted away from the lane."""

    mark: Mark
    at: float
    to: float
    tier: int


@dataclass(frozen=True, slots=True)
class Stave:
    """One row.

    Args:
        start_ms: where it begins.
        end_ms: where it ends; rows are of one length, though the call may end before.
        blocks: of each side, as (from, to, small).
        coach: nudges, moments and notes.
        rep: what the rep did.
        customer: what the customer said.
        ticks: places and moments in ms.
    """

    start_ms: int
    end_ms: int
    blocks: dict[Who, tuple[tuple[float, float, bool], ...]] = field(default_factory=dict)
    coach: tuple[Placed, ...] = ()
    rep: tuple[Placed, ...] = ()
    customer: tuple[Placed, ...] = ()
    ticks: tuple[tuple[float, int], ...] = ()
    mixed: bool = False

    def name(self, who: Who) -> str:
        """Return what stands before a lane."""
        if self.mixed:
            return written_in().phrase("Voices", "who.voices")
        return phrase("You") if who is Who.REP else phrase("Them")

    @staticmethod
    def tiers(placed: Sequence[Placed]) -> int:
        """Return how many marks stand above each other at most."""
        return max((p.tier + 1 for p in placed), default=0)


def staves(line: Timeline) -> tuple[Stave, ...]:
    """Lay out a time line; at least one row, however short the call."""
    whole = max(1000, line.duration_ms)
    length = max(ROW_MS, math.ceil(whole / MOST_ROWS / 60_000) * 60_000)
    if whole <= ROW_MS:
        length = whole
    marks = (*_runs(line.marks),)
    return tuple(_stave(line, marks, start, start + length) for start in range(0, whole, length))


def kinds_in(line: Timeline) -> tuple[tuple[str, int], ...]:
    """Return the kinds of marks that are drawn, in the order of ``timeline.KINDS``, each with how many there are."""
    drawn = [m.kind for m in _runs(line.marks)]
    return tuple((kind, n) for kind in t.KINDS if (n := drawn.count(kind)))


def _runs(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Yield the marks, pitch sentences in one breath as one."""
    open_pitch: Mark | None = None
    for m in marks:
        if m.kind != t.PITCH:
            yield m
        elif open_pitch is not None and m.start_ms - open_pitch.end_ms <= BREATH_MS:
            open_pitch = t.Mark(t.PITCH, m.who, open_pitch.start_ms, m.end_ms, open_pitch.text)
        else:
            if open_pitch is not None:
                yield open_pitch
            open_pitch = m
    if open_pitch is not None:
        yield open_pitch


def _stave(line: Timeline, marks: Sequence[Mark], start: int, end: int) -> Stave:
    width = end - start

    def part(ms: int) -> float:
        return min(1.0, max(0.0, (ms - start) / width))

    def blocks(who: Who) -> Iterator[tuple[float, float, bool]]:
        for b in line.blocks:
            if b.who is who and _overlaps(b, start, end):
                yield part(b.start_ms), part(b.end_ms), b.small

    last = end >= line.duration_ms
    here = [m for m in marks if start <= m.start_ms and (m.start_ms < end or last)]
    coach = [m for m in here if m.kind in COACH]
    said = [m for m in here if m.kind not in COACH]
    return Stave(
        start,
        end,
        {who: tuple(blocks(who)) for who in line.sides},
        _placed(coach, part),
        _placed([m for m in said if m.who is not Who.CUSTOMER], part),
        _placed([m for m in said if m.who is Who.CUSTOMER], part),
        tuple((part(ms), ms) for ms in _tick_moments(start, min(end, max(1000, line.duration_ms)), width)),
        line.mixed,
    )


def _overlaps(b: Block, start: int, end: int) -> bool:
    return b.start_ms < end and b.end_ms > start


def _placed(marks: Sequence[Mark], part: _Part) -> tuple[Placed, ...]:
    """Return marks with their tiers: the lowest in which the one before is far enough away."""
    free = [-1.0] * MOST_TIERS
    found = []
    for m in sorted(marks, key=lambda m: m.start_ms):
        at = part(m.start_ms)
        tier = next((i for i, until in enumerate(free) if at - until >= CLOSE), None)
        if tier is None:
            tier = min(range(MOST_TIERS), key=lambda i: free[i])
        free[tier] = at
        found.append(Placed(m, at, part(m.end_ms), tier))
    return tuple(found)


def _tick_moments(start: int, end: int, width: int) -> Iterator[int]:
    step = next((s for s in _TICKS_MS if width / s <= _MOST_TICKS), _TICKS_MS[-1])
    yield from range(math.ceil(start / step) * step, end + 1, step)

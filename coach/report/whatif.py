"""What other limits would have changed: nudges that come, go, move or stay.

Owns how two ways of coaching one call are set side by side. Refuses to know where either came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.nudges.commands import Nudge

COMES: Final = "comes"
GOES: Final = "goes"
MOVES: Final = "moves"
STAYS: Final = "stays"

NEAR_MS: Final = 90_000
"""Two nudges of one rule at most this far apart are one that moved; further, one goes and another comes (own default:
what a rule saw a minute and a half ago is another matter)."""
SAME_MS: Final = 1_000
"""Nearer than this nobody notices a difference: words of a live call may be known a breath later than in a replay."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one nudge: as it was, as it would be; one of them None where it comes or goes."""

    kind: str
    before: Nudge | None
    after: Nudge | None

    @property
    def nudge(self) -> Nudge:
        """The nudge as it would be, or as it was where it goes."""
        chosen = self.after if self.after is not None else self.before
        assert chosen is not None  # noqa: S101 - one of them is always there
        return chosen


def changes(then: Sequence[Nudge], now: Sequence[Nudge]) -> tuple[Change, ...]:
    """Return what becomes of every nudge, in the order of the call.

    Nudges of one rule are paired, the nearest first, while they lie at most ``NEAR_MS`` apart.

    Args:
        then: what was shown.
        now: what would be shown.
    """
    pairs = sorted(
        (abs(b.at_ms - a.at_ms), i, j)
        for i, a in enumerate(then)
        for j, b in enumerate(now)
        if a.rule == b.rule and abs(b.at_ms - a.at_ms) <= NEAR_MS
    )
    old: dict[int, int] = {}
    new: set[int] = set()
    for _, i, j in pairs:
        if i not in old and j not in new:
            old[i] = j
            new.add(j)
    found = [Change(COMES, None, b) for j, b in enumerate(now) if j not in new]
    for i, a in enumerate(then):
        if i not in old:
            found.append(Change(GOES, a, None))
            continue
        b = now[old[i]]
        found.append(Change(STAYS if abs(b.at_ms - a.at_ms) <= SAME_MS else MOVES, a, b))
    return tuple(sorted(found, key=lambda c: (c.nudge.at_ms, c.nudge.rule)))

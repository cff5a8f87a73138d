"""The grid of audio time on which a call is looked at.

Owns the moments: every 100 ms while a call goes on, what the meters say then. Knows no limit and no rule, so that the
same moments serve the engine in a call and every look back at it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.call.meters import Meters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coach.call.meters import Moment

TICK_MS: Final = 100
"""The grid on which rules are looked at (latency budget of the house: one decision tick)."""


class Grid:
    """Walk a call from moment to moment; whoever walks it folds the events."""

    def __init__(self) -> None:
        self.meters = Meters()
        self._ticked = 0

    def until(self, at_ms: int) -> Iterator[Moment]:
        """Yield each moment of the grid before ``at_ms``; none before a call, while it is paused, and after it."""
        meters = self.meters
        while self._ticked + TICK_MS < at_ms:
            self._ticked += TICK_MS
            if meters.started is None or meters.paused or meters.ended_ms is not None:
                continue
            meters.advance(self._ticked)
            yield meters.moment()

"""The time axis of a drawing: which part of a call is seen, and where a moment stands in it.

Owns view, zoom and the steps of the ruler. Refuses to know Qt: plain numbers, so that what zooming does is tested
without a window.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from coach.report.plain import clock as moment
from coach.writing import localised

LEAST_MS = 2_000
"""No view is shorter: at this zoom a word fills a hand's breadth."""
_STEPS_S = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_FINE_S = 1.0


@dataclass(frozen=True, slots=True)
class Axis:
    """A view of ``start_ms`` to ``end_ms`` of a call of ``duration_ms``, over ``width`` pixels from ``left``."""

    duration_ms: int
    start_ms: float
    end_ms: float
    left: float
    width: float

    @property
    def span_ms(self) -> float:
        """How much is seen."""
        return self.end_ms - self.start_ms

    @property
    def ms_per_px(self) -> float:
        """How much time one pixel is."""
        return self.span_ms / max(1.0, self.width)

    @property
    def whole(self) -> bool:
        """Say whether the whole call is seen."""
        return self.span_ms >= self.duration_ms

    def x(self, ms: float) -> float:
        """Return where a moment stands, in pixels; outside the view for one that is not seen."""
        return self.left + (ms - self.start_ms) / self.ms_per_px

    def ms(self, x: float) -> int:
        """Return which moment stands at a pixel, within the call."""
        return round(min(float(self.duration_ms), max(0.0, self.start_ms + (x - self.left) * self.ms_per_px)))

    def sees(self, ms: float) -> bool:
        """Say whether a moment is in the view."""
        return self.start_ms <= ms <= self.end_ms

    def laid(self, left: float, width: float) -> Axis:
        """Return the same view over other pixels."""
        return replace(self, left=left, width=max(1.0, width))

    def viewed(self, start_ms: float, end_ms: float) -> Axis:
        """Return another view, as near to the wished one as the call allows."""
        whole = max(float(self.duration_ms), LEAST_MS)
        span = min(whole, max(LEAST_MS, end_ms - start_ms))
        start = min(max(0.0, start_ms), whole - span)
        return replace(self, start_ms=start, end_ms=start + span)

    def zoomed(self, factor: float, around_ms: float) -> Axis:
        """Return a view ``factor`` times as long, in which the moment stays where it stands."""
        share = (around_ms - self.start_ms) / self.span_ms
        span = min(max(float(self.duration_ms), LEAST_MS), max(LEAST_MS, self.span_ms * factor))
        start = around_ms - share * span
        return self.viewed(start, start + span)

    def panned(self, by_ms: float) -> Axis:
        """Return the view moved along the call, as far as it reaches."""
        return self.viewed(self.start_ms + by_ms, self.end_ms + by_ms)

    def showing(self, ms: float) -> Axis:
        """Return a view in which a moment is seen, near its left: the same one where it is already."""
        if self.sees(ms):
            return self
        start = ms - 0.1 * self.span_ms
        return self.viewed(start, start + self.span_ms)

    def ticks(self, least_px: float) -> list[tuple[int, str]]:
        """Return the moments of the ruler that are seen, at least so many pixels apart, each with its words."""
        step = next((s for s in _STEPS_S if 1000 * s / self.ms_per_px >= least_px), _STEPS_S[-1])
        first = int(self.start_ms / (1000 * step))
        moments = [
            round(1000 * step * k) for k in range(first, first + round(self.span_ms / (1000 * step)) + 2)
        ]
        return [
            (ms, clock(ms, fine=step < _FINE_S)) for ms in moments if self.sees(ms) and ms <= self.duration_ms
        ]


def axis(duration_ms: int) -> Axis:
    """Return the view of a whole call."""
    return Axis(duration_ms, 0.0, float(max(duration_ms, LEAST_MS)), 0.0, 1.0)


def clock(ms: float, *, fine: bool = False) -> str:
    """Write a moment as 1:05, 1:02:05 from an hour on, and 1:05.5 where it is ``fine``."""
    whole, rest = divmod(max(0, round(ms)), 1000)
    told = moment(whole)
    return f"{told}{localised('.')}{rest // 100}" if fine else told

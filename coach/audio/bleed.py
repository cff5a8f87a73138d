"""Keep the customer's voice out of the rep's channel, where the loudspeakers carry it there.

Owns the stage between a two-sided source and the ear: samples of both sides in, the microphone's samples out, and a
`RouteHeard` whenever what is known of the way has changed. Refuses to know devices, threads and words: nothing is
ever decided by what was said.

While nothing leaks the microphone goes through untouched, sample for sample, and all that runs is the measure
(`coach.audio.route`). Once it does, a canceller is loaded and the far side is laid beside the microphone so that it
leads by a hundredth of a second, wherever the echo really is: where the loopback comes late, the microphone waits for
it, 300 ms at the most. The far side follows the line of the measured delays between its own samples
(`coach.audio.delay`), which is how two clocks that drift apart stay together.

What comes out depends on the samples and not on how they were cut into blocks: the measure takes steps of half a
second of call time, and what it finds takes effect at a sample, half a second later. A recording is heard ``ahead``:
both sides are held for a few seconds, so that a leak is known before it is first heard.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from coach.audio.block import RATE
from coach.audio.cancel import FRAME, GUARD, Own, best_canceller
from coach.audio.delay import TAPS, between
from coach.audio.route import GONE, HOP, RouteMeter
from coach.call.events import Leak, Who

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from coach.audio.cancel import Canceller
    from coach.audio.delay import Line
    from coach.audio.route import Route

    Sound = NDArray[np.int16]

LATER: Final = RATE // 2
"""What was measured takes effect so much later: two sides of a call seldom come further apart than this."""
LONGEST_WAIT: Final = RATE * 300 // 1000
"""The microphone waits so long for the loopback; then what is missing of it counts as silence."""
HEARD_DB: Final = -35.0
"""A leak beneath this is no voice: the detectors raise quiet sound by 30 dB at most, and speech is at -20 dBFS."""
STRONG_DB, STRONG_OFF_DB = -6.0, -9.0
"""Within 6 dB of the loopback the figures of the channels are estimates (``metrics.md``: bleed); 3 dB apart, so that
the word does not come and go."""
STRONG_R, STRONG_OFF_R = 0.5, 0.4
"""The same for the correlation of the envelopes."""
KEPT: Final = 10 * RATE
"""So much of a side is kept while the other is lost."""
NEWS_WINDOWS: Final = 20
"""The figure is told again after so many windows: ten seconds of the customer's voice."""
_STEP: Final = RATE // 250
"""An alignment wrong by 4 ms is set right at once, a smaller one by a sample a frame."""
_BESIDE: Final = TAPS // 2 + 2
"""Samples that reading between two samples needs beyond the last."""


@dataclass(frozen=True, slots=True)
class RouteHeard:
    """What is known of the way from a sample on.

    Args:
        at: the sample of the call at which it takes effect.
        state: how much leaks.
        correlation: of the envelopes, 0 to 1.
        gap_db: level of the leak against the loopback; -inf where nothing leaks.
        lag_ms: by how much the leak is later than the loopback.
        waits_ms: for how long the microphone is held back for the loopback's sake.
    """

    at: int
    state: Leak
    correlation: float
    gap_db: float
    lag_ms: float | None = None
    waits_ms: int = 0


class _Tape:
    """Samples of one side from some sample on; what is not there reads as silence."""

    def __init__(self) -> None:
        self.start = self.end = 0
        self._parts = np.zeros(0, np.int16)

    def add(self, samples: Sound) -> None:
        self._parts = np.concatenate((self._parts, samples))
        self.end += len(samples)

    def read(self, start: int, stop: int) -> Sound:
        inside = self._parts[max(0, start - self.start) : max(0, stop - self.start)]
        if len(inside) == stop - start:
            return inside
        whole = np.zeros(stop - start, np.int16)
        at = max(start, self.start) - start
        whole[at : at + len(inside)] = inside
        return whole

    def forget(self, before: int) -> None:
        """Forget what lies before a sample; a second at a time, because forgetting copies."""
        if before - self.start >= RATE:
            self._parts = self._parts[before - self.start :].copy()
            self.start = before


class BleedStage:
    """Stand between the sources of both sides and the ear.

    Args:
        ahead: samples by which both sides are held so that a leak is known in time; 0 in a live call.
        make_canceller: loads one, the first time that something leaks.
    """

    def __init__(self, ahead: int = 0, make_canceller: Callable[[], Canceller] = best_canceller) -> None:
        self.state = Leak.NONE
        self.canceller: Canceller | None = None
        self._ahead = ahead
        self._make = make_canceller
        self._meter = RouteMeter()
        self._near, self._far = _Tape(), _Tape()
        self._out = 0
        """The sample up to which the microphone went on, and the customer's side in a recording."""
        self._far_out = 0
        self._measured = 0
        self._plan: list[tuple[int, Line | None]] = []
        """From which sample on which delay holds; None: nothing leaks."""
        self._line: Line | None = None
        self._position: float | None = None
        """Where in the far side the next frame reads."""
        self._told_windows = 0
        self._heard: list[RouteHeard] = []

    def hear(self, who: Who, samples: Sound) -> Sound:
        """Take the next samples of a side; return those of this side that may go on, often none."""
        (self._near if who is Who.REP else self._far).add(samples)
        while min(self._near.end, self._far.end) - self._measured >= HOP:
            self._measure()
        return self._near_on(at_end=False) if who is Who.REP else self._far_on(at_end=False, fresh=samples)

    def rest(self, who: Who) -> Sound:
        """Return what is still held of a side: the sound is over."""
        return self._near_on(at_end=True) if who is Who.REP else self._far_on(at_end=True, fresh=_NOTHING)

    def news(self) -> tuple[RouteHeard, ...]:
        """Return what has become known since this was asked last."""
        news, self._heard = tuple(self._heard), []
        return news

    def _measure(self) -> None:
        start, stop = self._measured, self._measured + HOP
        self._measured = stop
        measured = self._meter.hear(self._near.read(start, stop), self._far.read(start, stop))
        route = self._meter.route
        effect = max(stop + LATER - self._ahead, self._out, 0)
        state = self._judged(route)
        line = route.line if state in {Leak.SOME, Leak.STRONG} else None
        if not self._plan or self._plan[-1][1] != line:
            self._plan.append((effect, line))
        news = measured and route.windows - self._told_windows >= NEWS_WINDOWS
        if state is not self.state or news:
            self.state = state
            self._told_windows = route.windows
            lag = None if line is None else line.lag_at(effect)
            lag_ms = None if lag is None else round(lag * 1000 / RATE, 1)
            self._heard.append(
                RouteHeard(effect, state, route.correlation, route.gap_db, lag_ms, _waits_ms(lag))
            )

    def _judged(self, route: Route) -> Leak:
        if route.lag is None or route.gap_db < HEARD_DB:
            return Leak.HEADPHONES if route.windows >= GONE else Leak.NONE
        strong = self.state is Leak.STRONG
        least_db, least_r = (STRONG_OFF_DB, STRONG_OFF_R) if strong else (STRONG_DB, STRONG_R)
        loud = route.gap_db >= least_db and route.correlation >= least_r
        return Leak.STRONG if loud else Leak.SOME

    def _known(self) -> int:
        """Return the sample up to which everything is known that a recording waits for."""
        return self._measured + LATER - self._ahead

    def _far_on(self, *, at_end: bool, fresh: Sound) -> Sound:
        """Let the customer's samples go on as they are; in a recording they keep the microphone company."""
        self._forget()
        if not self._ahead:
            return fresh
        until = self._far.end if at_end else min(self._far.end, self._known())
        passed = self._far.read(self._far_out, until) if until > self._far_out else _NOTHING
        self._far_out = max(self._far_out, until)
        return passed

    def _near_on(self, *, at_end: bool) -> Sound:
        parts: list[Sound] = []
        while True:
            until = self._near.end
            if self._ahead and not at_end:
                until = min(until, self._known())
            while self._plan and self._plan[0][0] <= self._out:
                self._begin(self._plan.pop(0)[1])
            if self._line is None:
                if self._plan:
                    until = min(until, self._plan[0][0])
                if until <= self._out:
                    break
                parts.append(self._near.read(self._out, until))
                self._out = until
                continue
            size = min(FRAME, until - self._out)
            if (
                size <= 0
                or (size < FRAME and not at_end)
                or not self._frame(self._line, size, parts, at_end=at_end)
            ):
                break
        self._forget()
        return np.concatenate(parts) if parts else _NOTHING

    def _begin(self, line: Line | None) -> None:
        """Let another delay hold from here on."""
        if line is None or self._line is None:
            self._position = None
        self._line = line

    def _frame(self, line: Line, size: int, parts: list[Sound], *, at_end: bool) -> bool:
        """Cancel one frame; say no where the far side must be waited for."""
        after = self._out + FRAME
        wanted = self._out - line.lag_at(self._out) + GUARD
        position = (
            wanted if self._position is None or abs(wanted - self._position) > _STEP else self._position
        )
        moved = min(1.0, max(-1.0, after - line.lag_at(after) + GUARD - (position + FRAME)))
        late = position + FRAME + _BESIDE > self._far.end
        if late and not at_end and self._near.end - self._out < LONGEST_WAIT + FRAME:
            return False
        near = self._near.read(self._out, after)
        parts.append(self._cancelled(near, between(self._far.read, position, FRAME, moved))[:size])
        self._out += size
        self._position = position + FRAME + moved
        return True

    def _cancelled(self, near: Sound, far: Sound) -> Sound:
        try:
            return self._canceller().cancel(near, far)
        except RuntimeError:  # WebRTC's module gave up: the call goes on with ours
            self.canceller = Own()
            return self.canceller.cancel(near, far)

    def _canceller(self) -> Canceller:
        if self.canceller is None:
            self.canceller = self._make()
        return self.canceller

    def _forget(self) -> None:
        """Forget what nobody asks for any more, and of a side that waits for one that is lost all but the last."""
        lag = 0.0 if self._line is None else self._line.lag_at(self._out)
        back = self._out - math.ceil(lag) - 2 * RATE
        far_back = min(back, self._measured, self._far_out if self._ahead else back)
        kept = self._ahead + KEPT
        self._near.forget(max(min(self._out, self._measured), min(self._out, self._near.end - kept)))
        self._far.forget(max(far_back, self._far.end - kept))


_NOTHING: Final[Sound] = np.zeros(0, np.int16)


def _waits_ms(lag: float | None) -> int:
    return 0 if lag is None else max(0, math.ceil((GUARD + FRAME + _BESIDE - lag) * 1000 / RATE))

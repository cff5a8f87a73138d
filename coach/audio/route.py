"""Measure the way from the loudspeakers into the microphone.

Owns what is known of that way: whether there is one, how late the sound comes, how loud, and how sure that is.
Refuses to know who speaks and what is done about it (`coach.audio.bleed`).

Theory of operation. What leaks is the customer's own waveform, so the two channels have one strong common delay.
The whitened cross-correlation (Knapp & Carter 1976, PHAT) of a second of both shows it as a needle over all delays:
on calls through made rooms it stood 20 to 40 times over their RMS, from -3 down to -40 dB, and 4 to 6 times, at a
delay that jumps about, where nothing leaks. One window never decides: windows must agree on the delay. How much
leaks is then told by the envelopes of 10 ms at that delay (``metrics.md``: bleed; ``speech-facts.md`` 4.2).
"""

from __future__ import annotations

import math
import statistics
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from coach.audio.block import RATE
from coach.audio.delay import Delay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coach.audio.delay import Line

HOP: Final = RATE // 2
"""A measurement every half second in which the customer is heard."""
EARLIEST_MS, LATEST_MS = -350, 500
"""Delays looked for: an echo 300 ms before a late loopback, and a slow Bluetooth loudspeaker."""

_THIN: Final = 2
"""Delays are measured at 8 kHz: voices have no more to say, and it halves the cost."""
_RATE: Final = RATE // _THIN
_WINDOW: Final = _RATE
_FIRST: Final = EARLIEST_MS * _RATE // 1000
_LAST: Final = LATEST_MS * _RATE // 1000
_SPAN: Final = _WINDOW - _FIRST + _LAST
_REACH: Final = 3 * _RATE
"""The channels of a recording may run so far apart, with the delays looked for on either side: 2.8 h at 300 ppm."""
_BORDER: Final = _RATE * 50 // 1000
"""A delay so near to the last one looked for becomes the middle of them."""
_SIZE: Final = 1 << (_SPAN - 1).bit_length()
_SPARE: Final = 16
"""Samples on either side of the microphone's window: it is read at another pace, by 2000 ppm at the most."""
_HELD: Final = _WINDOW - _FIRST + _REACH + _SPARE
"""The microphone's window ends before now by the earliest delay: an echo may come before what it is an echo of."""
_WHITE: Final = 0.8
"""How far the spectrum is whitened: wholly would let the noise between the harmonics speak as loud as they."""
_BAND_HZ: Final = (200.0, 3400.0)
_QUIET: Final = 32768.0 * 10 ** (-55 / 20)
"""Under -55 dBFS the customer is not speaking."""
_FRAME: Final = RATE // 100
_ENVELOPE: Final = 200
"""Envelopes are compared over 2 s."""

NEEDLE: Final = 9.0
"""A peak so many times over the RMS counts; alone, one in a thousand of windows without a leak reached it."""
_CLEAR: Final = 12.0
_AGREE: Final = _RATE // 250
"""Delays within 4 ms are the same one; 300 ppm move it by a seventh of a millisecond from window to window."""
_NEAR: Final = _RATE * 6 // 1000
"""A known delay is looked for 6 ms around where it was: a reflection must not take its place."""
_NEAR_NEEDLE: Final = 6.0
_RECENT: Final = 4
"""Windows of which some must agree."""
_RETURNED_DB: Final = -1.5
"""What the microphone hears first, and louder, is the rep, whom the customer's telephone sends back: no leak of ours.
A loopback that merely comes late is still the louder one, and its envelope is the microphone's."""
GONE: Final = 30
"""Windows in a row without a trace (15 s of the customer's voice) and the way is closed: headphones."""
_MUTED: Final = 120
"""A microphone that cleans itself gives zeros while the rep is silent, and no leak; after a minute of them it may be
muted, and shows nothing."""
_REMEMBERED: Final = 24
ALIKE: Final = 0.7
"""Envelopes so alike are one voice (meeting-transcriber: 0 of 86 clean recordings had such windows for long)."""
_KEPT: Final = 60


@dataclass(frozen=True, slots=True)
class Route:
    """What is known of the way by now.

    Args:
        windows: how many windows with the customer's voice were measured.
        line: samples (16 kHz) by which the microphone is later than the loopback, over time; None where nothing leaks.
        gap_db: level of what leaks against the loopback; 0 is as loud.
        correlation: median correlation of the envelopes at the strongest delay, 0 to 1.
    """

    windows: int = 0
    line: Line | None = None
    gap_db: float = -math.inf
    correlation: float = 0.0

    @property
    def lag(self) -> float | None:
        """The delay when it was measured last; None where nothing leaks."""
        return None if self.line is None else self.line.lag


@dataclass(frozen=True, slots=True)
class _Seen:
    """One window: delay in samples of `_RATE`, height of the needle, correlation and gap of the envelopes."""

    lag: float
    height: float
    correlation: float
    gap_db: float


@dataclass(slots=True)
class RouteMeter:
    """Measure as both channels are heard, in steps of `HOP`."""

    route: Route = field(default_factory=Route)
    _near: NDArray[np.float32] = field(default_factory=lambda: np.zeros(_THIN * _HELD, np.float32))
    _far: NDArray[np.float32] = field(default_factory=lambda: np.zeros(_SPAN + _REACH, np.float32))
    _powers: NDArray[np.float64] = field(default_factory=lambda: np.zeros((2, _ENVELOPE + 400)))
    _seen: deque[_Seen] = field(default_factory=lambda: deque(maxlen=_RECENT))
    _hits: deque[_Seen] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _correlations: deque[float] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _delay: Delay = field(default_factory=Delay)
    _heard: int = 0
    _middle: int = 0
    """Delays are looked for around this one, in samples of `_RATE`: two clocks may leave it far behind."""
    _far_middle: int = 0
    """The last middle but 0."""
    _without: int = 0
    _since_sound: int = 1 << 30

    def hear(self, microphone: NDArray[np.int16], loopback: NDArray[np.int16]) -> bool:
        """Take the next `HOP` samples of both; say whether there was anything to measure."""
        both = np.stack((microphone, loopback)).astype(np.float32)
        self._heard += HOP
        self._near = np.concatenate((self._near[HOP:], both[0]))
        self._far = np.concatenate((self._far[HOP // _THIN :], both[1].reshape(-1, _THIN).mean(axis=1)))
        powers = np.mean(both.reshape(2, -1, _FRAME) ** 2, axis=2, dtype=np.float64)
        self._powers = np.concatenate((self._powers[:, powers.shape[1] :], powers), axis=1)
        near, far = self._windows()
        levels = [float(np.sqrt(np.mean(x.astype(np.float64) ** 2))) for x in (near, far[_LAST:][:_WINDOW])]
        self._since_sound = 0 if levels[0] >= 1.0 else self._since_sound + 1
        if levels[1] < _QUIET:
            return False
        if levels[0] >= 1.0:
            self._judge(self._look(near, far))
            return True
        if self.route.lag is None and self._since_sound < _MUTED:
            self._without += 1
            self._add(0.0)
            return True
        return False

    @property
    def _at(self) -> float:
        """The middle of the microphone's window, in samples of the call."""
        return self._heard + _THIN * (_FIRST + min(0, self._middle) - _WINDOW / 2)

    def _windows(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return a second of the microphone and all of the far side that it may hold, at `_RATE`.

        While the clocks run apart the delay moves within the second, by 5 samples at 300 ppm. So far as that is known,
        the microphone is read at the loopback's pace.
        """
        end = len(self._near) + _THIN * (_FIRST + min(0, self._middle))
        rate = 0.0 if self._delay.line is None else self._delay.line.rate
        near = self._near[end - RATE : end]
        if abs(rate) > _EVEN:
            at = np.arange(-RATE / 2, RATE / 2) * (1 + rate) + end - RATE / 2
            known = slice(end - RATE - _SPARE, end + _SPARE)
            moved = np.interp(at, np.arange(known.start, known.stop), self._near[known])
            near = moved.astype(np.float32)
        last = len(self._far) - max(0, self._middle)
        return near.reshape(-1, _THIN).mean(axis=1, dtype=np.float32), self._far[last - _SPAN : last]

    def _look(self, microphone: NDArray[np.float32], loopback: NDArray[np.float32]) -> _Seen:
        spectra = np.fft.rfft(np.stack((np.pad(microphone, (0, _SPAN - _WINDOW)), loopback)), _SIZE)
        cross = spectra[0] * np.conj(spectra[1]) * _band()
        cross /= np.abs(spectra[0] * spectra[1]) ** _WHITE + 1e-9
        heights = np.abs(np.fft.irfft(cross, _SIZE))[(np.arange(_FIRST, _LAST + 1) - _LAST) % _SIZE]
        heights /= math.sqrt(float(np.mean(heights**2))) + 1e-30
        best = int(heights.argmax())
        if self._delay.line is not None:
            known = round(self._delay.line.lag_at(self._at) / _THIN) - _FIRST - self._middle
            near = heights[max(0, known - _NEAR) : max(0, known + _NEAR + 1)]
            if len(near) and near.max() >= _NEAR_NEEDLE:
                best = max(0, known - _NEAR) + int(near.argmax())
        lag = best + _peak(heights[max(0, best - 1) : best + 2]) + _FIRST + self._middle
        return _Seen(lag, float(heights[best]), *self._envelopes(lag * 100 / _RATE))

    def _envelopes(self, lag_frames: float) -> tuple[float, float]:
        """Return correlation and gap in dB of the envelopes at a delay, over what reaches so far back."""
        shift = round(lag_frames)
        end = self._powers.shape[1] + min(0, shift)
        start = max(0, shift, end - _ENVELOPE)
        near, far = self._powers[0, start:end], self._powers[1, start - shift : end - shift]
        a, b = np.sqrt(near), np.sqrt(far)
        a, b = a - a.mean(), b - b.mean()
        scale = math.sqrt(float(a @ a) * float(b @ b))
        loud = far >= far.max() / 100
        gap = 10 * math.log10((float(near[loud].mean()) + 1e-3) / (float(far[loud].mean()) + 1e-3))
        return (float(a @ b) / scale if scale > 0 else 0.0), gap

    def _judge(self, seen: _Seen) -> None:
        """Let one more window count: enough that agree make a route, enough without a trace end it."""
        line, at = self._delay.line, self._at
        known = line is not None and abs(seen.lag * _THIN - line.lag_at(at)) <= _NEAR * _THIN
        if (
            seen.lag < min(0, self._middle)
            and not known
            and (seen.gap_db > _RETURNED_DB or seen.correlation < ALIKE)
        ):
            seen = replace(seen, height=0.0, correlation=0.0)
        self._seen.append(seen)
        agreeing = [
            s for s in self._seen if abs(s.lag - seen.lag) <= _AGREE and s.height >= min(NEEDLE, seen.height)
        ]
        sure = len(agreeing) > 2 or (len(agreeing) > 1 and all(s.height >= _CLEAR for s in agreeing))  # noqa: PLR2004 - three, or two that are clear
        hit = seen.height >= (_NEAR_NEEDLE if known else NEEDLE)
        if hit and known:
            self._delay.hear(at, seen.lag * _THIN, clear=seen.height >= _CLEAR)
        elif hit and sure:
            self._delay.begin(at, seen.lag * _THIN)
            self._hits.clear()
            self._hits.extend(agreeing[:-1])
        self._without = 0 if hit and (known or sure) else self._without + 1
        if hit and self._delay.line is not None:
            self._hits.append(seen)
        if self._without >= GONE:
            self._delay.lose()
            self._hits.clear()
            self._look_elsewhere()
        self._add(seen.correlation)
        self._follow()

    def _add(self, correlation: float) -> None:
        self._correlations.append(max(0.0, correlation))
        median = round(statistics.median(self._correlations), 3)
        self.route = Route(self.route.windows + 1, self._delay.line, self._gap_db(), median)

    def _follow(self) -> None:
        """Look for delays around the known one, once it comes near to the last that is looked for."""
        if self._delay.line is not None:
            lag = round(self._delay.line.lag / _THIN)
            if not _FIRST + _BORDER < lag - self._middle < _LAST - _BORDER:
                self._middle = max(-_REACH, min(_REACH, lag))

    def _look_elsewhere(self) -> None:
        """Look around 0 and around where the delay was far from it by turns, `GONE` windows each.

        Other loudspeakers are as late as most are; behind clocks that have run apart they are where the last ones were.
        """
        self._without = 0
        if self._middle:
            self._middle, self._far_middle = 0, self._middle
        else:
            self._middle = self._far_middle

    def _gap_db(self) -> float:
        """Return the gap: only windows without the rep's own voice tell, where the envelopes are alike."""
        alike = [s.gap_db for s in self._hits if s.correlation >= ALIKE]
        if alike:
            return statistics.median(alike)
        return min((s.gap_db for s in self._hits), default=-math.inf)


_EVEN: Final = 5e-6
"""A delay that moves by less than a twelfth of a sample in the window stands still."""


def _peak(heights: NDArray[np.float64]) -> float:
    """Return where between -1 and 1 a parabola through a highest point and its neighbours is highest."""
    if len(heights) < 3 or not heights[0] + heights[2] < 2 * heights[1]:  # noqa: PLR2004 - a point and its neighbours
        return 0.0
    return float(0.5 * (heights[0] - heights[2]) / (heights[0] - 2 * heights[1] + heights[2]))


def _band() -> NDArray[np.float64]:
    if not _bands:
        hertz = np.fft.rfftfreq(_SIZE, 1 / _RATE)
        _bands.append(((hertz > _BAND_HZ[0]) & (hertz < _BAND_HZ[1])).astype(np.float64))
    return _bands[0]


_bands: list[NDArray[np.float64]] = []

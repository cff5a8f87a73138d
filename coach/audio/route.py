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

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
_SIZE: Final = 1 << (_SPAN - 1).bit_length()
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
        lag: samples (16 kHz) by which the microphone hears what the loopback has; None where nothing leaks.
        gap_db: level of what leaks against the loopback; 0 is as loud.
        correlation: median correlation of the envelopes at the strongest delay, 0 to 1.
    """

    windows: int = 0
    lag: float | None = None
    gap_db: float = -math.inf
    correlation: float = 0.0


@dataclass(frozen=True, slots=True)
class _Seen:
    """One window: delay in samples of `_RATE`, height of the needle, correlation and gap of the envelopes."""

    lag: int
    height: float
    correlation: float
    gap_db: float


@dataclass(slots=True)
class RouteMeter:
    """Measure as both channels are heard, in steps of `HOP`."""

    route: Route = field(default_factory=Route)
    _thin: NDArray[np.float32] = field(default_factory=lambda: np.zeros((2, _SPAN), np.float32))
    _powers: NDArray[np.float64] = field(default_factory=lambda: np.zeros((2, _ENVELOPE + 100)))
    _seen: deque[_Seen] = field(default_factory=lambda: deque(maxlen=_RECENT))
    _hits: deque[_Seen] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _correlations: deque[float] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _without: int = 0
    _since_sound: int = 1 << 30

    def hear(self, microphone: NDArray[np.int16], loopback: NDArray[np.int16]) -> bool:
        """Take the next `HOP` samples of both; say whether there was anything to measure."""
        both = np.stack((microphone, loopback)).astype(np.float32)
        self._thin = np.concatenate(
            (self._thin[:, HOP // _THIN :], both.reshape(2, -1, _THIN).mean(axis=2)), axis=1
        )
        powers = np.mean(both.reshape(2, -1, _FRAME) ** 2, axis=2, dtype=np.float64)
        self._powers = np.concatenate((self._powers[:, powers.shape[1] :], powers), axis=1)
        window = self._thin[:, -_FIRST_END - _WINDOW : -_FIRST_END]
        levels = np.sqrt(np.mean(window.astype(np.float64) ** 2, axis=1))
        self._since_sound = 0 if levels[0] >= 1.0 else self._since_sound + 1
        if levels[1] < _QUIET:
            return False
        if levels[0] >= 1.0:
            self._judge(self._look(window[0]))
            return True
        if self.route.lag is None and self._since_sound < _MUTED:
            self._without += 1
            self._add(0.0)
            return True
        return False

    def _look(self, microphone: NDArray[np.float32]) -> _Seen:
        spectra = np.fft.rfft(np.stack((np.pad(microphone, (0, _SPAN - _WINDOW)), self._thin[1])), _SIZE)
        cross = spectra[0] * np.conj(spectra[1]) * _band()
        cross /= np.abs(spectra[0] * spectra[1]) ** _WHITE + 1e-9
        heights = np.abs(np.fft.irfft(cross, _SIZE))[(np.arange(_FIRST, _LAST + 1) - _LAST) % _SIZE]
        heights /= math.sqrt(float(np.mean(heights**2))) + 1e-30
        best = int(heights.argmax())
        if self.route.lag is not None:
            known = round(self.route.lag / _THIN) - _FIRST
            near = heights[max(0, known - _NEAR) : max(0, known + _NEAR + 1)]
            if len(near) and near.max() >= _NEAR_NEEDLE:
                best = max(0, known - _NEAR) + int(near.argmax())
        return _Seen(best + _FIRST, float(heights[best]), *self._envelopes((best + _FIRST) * 100 / _RATE))

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
        before = self.route.lag
        known = before is not None and abs(seen.lag * _THIN - before) <= _NEAR * _THIN
        if seen.lag < 0 and not known and (seen.gap_db > _RETURNED_DB or seen.correlation < ALIKE):
            seen = replace(seen, height=0.0, correlation=0.0)
        self._seen.append(seen)
        agreeing = [
            s for s in self._seen if abs(s.lag - seen.lag) <= _AGREE and s.height >= min(NEEDLE, seen.height)
        ]
        sure = len(agreeing) > 2 or (len(agreeing) > 1 and all(s.height >= _CLEAR for s in agreeing))  # noqa: PLR2004 - three, or two that are clear
        hit = seen.height >= (_NEAR_NEEDLE if known else NEEDLE)
        lag = before
        if hit and known and before is not None:
            lag = before + (seen.lag * _THIN - before) / 2
        elif hit and sure:
            lag = float(seen.lag * _THIN)
            self._hits.clear()
            self._hits.extend(agreeing[:-1])
        self._without = 0 if hit and (known or sure) else self._without + 1
        if hit and lag is not None:
            self._hits.append(seen)
        if self._without >= GONE:
            lag = None
            self._hits.clear()
        self._add(seen.correlation, lag)

    def _add(self, correlation: float, lag: float | None = None) -> None:
        self._correlations.append(max(0.0, correlation))
        median = round(statistics.median(self._correlations), 3)
        self.route = Route(self.route.windows + 1, lag, self._gap_db(), median)

    def _gap_db(self) -> float:
        """Return the gap: only windows without the rep's own voice tell, where the envelopes are alike."""
        alike = [s.gap_db for s in self._hits if s.correlation >= ALIKE]
        if alike:
            return statistics.median(alike)
        return min((s.gap_db for s in self._hits), default=-math.inf)


_FIRST_END: Final = -_FIRST
"""The microphone's window ends so long before now: an echo may come before what it is an echo of."""


def _band() -> NDArray[np.float64]:
    if not _bands:
        hertz = np.fft.rfftfreq(_SIZE, 1 / _RATE)
        _bands.append(((hertz > _BAND_HZ[0]) & (hertz < _BAND_HZ[1])).astype(np.float64))
    return _bands[0]


_bands: list[NDArray[np.float64]] = []

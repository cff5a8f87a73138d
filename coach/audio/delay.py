"""Follow a delay between two channels whose clocks may run apart, and read sound at a delay between two samples.

Owns the belief: where the delay stands, how fast it moves, how sure both are. Refuses to know how a delay is measured
(`coach.audio.route`) and what it is for (`coach.audio.bleed`).

Theory of operation. Two clocks of a recording may differ by 300 parts in a million: 5 samples in a second, 18 ms in a
minute in which only one side speaks. A canceller that is 3 samples off lets an echo through until it has learned that,
so a delay must be known before the voice comes back, and finer than by samples. A straight line is fitted to all that
was measured: a Kalman filter with a state of delay and rate (Bar-Shalom, Li & Kirubarajan 2001, 6.2). Its line tells of
silences too, and of sound from before the measurement, which is what a recording has that is heard ahead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from coach.audio.block import RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

RATE_PRIOR: Final = 150e-6
"""Two devices' clocks stand so far apart: sound cards keep 50 to 100 parts in a million, bad ones 300."""
_FINE: Final = 0.2
"""A measurement's own error in samples: 0.05 with one clock, 0.18 with two (d02 and d05 at -12 dB)."""
_MOMENT: Final = 0.25 * RATE
"""A window of a second tells the delay of its loudest moment: as long as the rate is not known, that is off by so
many samples of time."""
_ROOM_MOVES: Final = 0.05**2 / RATE
"""Square of samples per sample of time: a head that turns, a window that looks at another part of the voice."""
_RATE_MOVES: Final = (0.2e-6) ** 2 / RATE
"""A clock that grows warm: 0.2 parts in a million within a second, 1.5 within a minute."""
_STEP: Final = 4.0
"""Samples: further from the line than this, and than three times what it does not know, it is no error but a step."""
_AFTER_STEP: Final = 1.0
_SURE: Final = 3.0

TAPS: Final = 16
"""Length of the windowed sinc between two samples: off by less than -50 dB up to 5 kHz, and voices end at 4."""
_AT: Final = np.arange(TAPS) - (TAPS // 2 - 1)


@dataclass(frozen=True, slots=True)
class Line:
    """A delay that moves evenly.

    Args:
        at: a sample of the call.
        lag: samples by which one channel is later there.
        rate: by how much more with each sample.
    """

    at: float
    lag: float
    rate: float = 0.0

    def lag_at(self, sample: float) -> float:
        """Return the delay at a sample."""
        return self.lag + self.rate * (sample - self.at)


class Delay:
    """What is believed of a delay by now; ``line`` is None before anything is."""

    def __init__(self) -> None:
        self.line: Line | None = None
        self._rate = 0.0
        self._unsure = np.zeros((2, 2))
        self._apart: Line | None = None
        """A measurement far from the line, which waits for another that agrees."""

    def begin(self, at: float, lag: float) -> None:
        """Let the delay be another one from here on; the clocks go on as they went, unless they turn out not to."""
        self._unsure = np.diag([_AFTER_STEP**2, RATE_PRIOR**2])
        self.line, self._apart = Line(at, lag, self._rate), None

    def lose(self) -> None:
        """Know no delay any more."""
        self.line = None

    def hear(self, at: float, lag: float, *, clear: bool) -> None:
        """Take one more measurement of a delay that is known.

        Args:
            at: the middle of what it was measured on.
            lag: what was measured.
            clear: alone it is enough for a step; else two must agree.
        """
        if self.line is None:
            self.begin(at, lag)
            return
        since = max(0.0, at - self.line.at)
        expected = self.line.lag_at(at)
        moves = np.array([[1.0, since], [0.0, 1.0]])
        grown = np.diag([_ROOM_MOVES * since, _RATE_MOVES * since])
        unsure = moves @ self._unsure @ moves.T + grown
        error = _FINE**2 + _MOMENT**2 * unsure[1, 1]
        wrong = lag - expected
        if abs(wrong) > max(_STEP, _SURE * math.sqrt(unsure[0, 0] + error)):
            self._step(at, lag, unsure, clear=clear)
            return
        gain = unsure[:, 0] / (unsure[0, 0] + error)
        self._unsure = unsure - np.outer(gain, unsure[0])
        self._rate = self.line.rate + float(gain[1]) * wrong
        self.line, self._apart = Line(at, expected + float(gain[0]) * wrong, self._rate), None

    def _step(self, at: float, lag: float, unsure: NDArray[np.float64], *, clear: bool) -> None:
        """Let the delay be another one where that is certain: sound was lost, and the clocks go as before."""
        before = self._apart
        self._apart = Line(at, lag, self._rate)
        if clear or (before is not None and abs(lag - before.lag_at(at)) <= _STEP):
            self._unsure = np.diag([_AFTER_STEP**2, float(unsure[1, 1])])
            self.line, self._apart = self._apart, None


def between(
    read: Callable[[int, int], NDArray[np.int16]], position: float, length: int, longer: float = 0.0
) -> NDArray[np.int16]:
    """Return ``length`` samples that lie between those of a sound.

    Args:
        read: gives the samples from one to another.
        position: where to begin.
        length: how many.
        longer: what is gone through is so much more of a sample than ``length``, evenly; -1 to 1.
    """
    base = math.floor(min(position, position + longer))
    sound = read(base - TAPS // 2 + 1, base + length + TAPS // 2 + 2)
    if not sound.any():
        return sound[:length]
    first = _read(sound, position - base, length)
    if longer:
        part = np.arange(length) / length
        first = first * (1 - part) + _read(sound, position + longer - base, length) * part
    return np.clip(np.rint(first), -32768, 32767).astype(np.int16)


def _read(sound: NDArray[np.int16], start: float, length: int) -> NDArray[np.float64]:
    """Interpolate with a sinc under a raised cosine."""
    whole = math.floor(start)
    away = _AT - (start - whole)
    taps = np.sinc(away) * (0.5 + 0.5 * np.cos(np.pi * away / (TAPS / 2 + 0.5)))
    return np.convolve(sound[whole : whole + length + TAPS - 1], taps[::-1], "valid")

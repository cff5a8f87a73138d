"""How loud a device is, and whether it hears a tone that is known.

Owns two meters: the level of one side, with what it means ("silent", "only zeros", "too loud"), and the ear for the
test tone. Refuses to know devices, windows and time: samples in, values out, so that the size of a block changes
nothing.

The test tone is two soft notes, one after the other. A note is heard where its pitch stands out of the pitches
beside it and over the other note; the tone is heard where the first note is followed by the second. A voice or
music may hold either pitch, and seldom both in this order and at this pace.
"""

from __future__ import annotations

import math
import statistics
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from coach.audio.block import RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

State = Literal["waiting", "silent", "steady", "heard", "loud", "zeros"]

STEP: Final = RATE // 10
"""A level every tenth of a second: quick enough for the eye, seldom enough for the processor."""
FLOOR_DB: Final = -60.0
"""Where the scale ends."""
_FALL_DB: Final = 2.0
"""The shown peak falls by 20 dB in a second, a little quicker than a studio's meter (IEC 60268-10, type I)."""
_HELD: Final = 15
"""The highest peak is held for one and a half seconds."""
_LATELY: Final = 20
"""What a side does is judged by its last two seconds: nobody speaks without a breath for longer."""
_SOUND_DB: Final = -50.0
"""RMS of a tenth of a second beneath which there is no voice; a quiet room is at -60, speech at -20 dBFS."""
_MOVES_DB: Final = 9.0
"""Speech rises and falls by 20 dB within two seconds, a fan by two or three."""
LOUD_DB: Final = -1.0
"""A microphone that reaches full scale cuts the tops off."""
ZEROS: Final = 3 * RATE
"""A microphone that gives nothing but zeros for so long is muted, or not permitted; a live one is never so still."""

NOTES_HZ: Final = (660.0, 880.0)
NOTE_S: Final = 0.5
TONE_DB: Final = -20.0
"""Soft, and as loud as speech."""

_WINDOW: Final = RATE // 10
_HOP: Final = RATE // 20
_BESIDE_HZ: Final = (-110.0, -70.0, 70.0, 110.0)
_STANDS_OUT_DB: Final = 9.0
_OVER_OTHER_DB: Final = 6.0
_FAINTEST_DB: Final = -75.0
_NOTE_HOPS: Final = round(NOTE_S * RATE / _HOP)
_ENOUGH: Final = 5
"""Of the ten windows of a note so many must hold it: the first and the last hold both notes."""


@dataclass(frozen=True, slots=True)
class Level:
    """What a meter shows. Levels are in dBFS, -60 to 0.

    Args:
        peak_db: the highest sample of late, falling slowly.
        held_db: the highest of the last one and a half seconds.
        state: what it means.
    """

    peak_db: float = FLOOR_DB
    held_db: float = FLOOR_DB
    state: State = "waiting"


@dataclass(slots=True)
class LevelMeter:
    """Measure the level of one side.

    Args:
        plays: True for what loudspeakers play: it may be loud or all zeros, and nothing is wrong with it.
    """

    plays: bool = False
    _left: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))
    _shown_db: float = FLOOR_DB
    _peaks: deque[float] = field(default_factory=lambda: deque(maxlen=_HELD))
    _levels: deque[float] = field(default_factory=lambda: deque(maxlen=_LATELY))
    _zeros: int = 0

    def hear(self, samples: NDArray[np.int16]) -> Level | None:
        """Take the next samples; return the latest level, None where no tenth of a second was completed."""
        sound = np.concatenate((self._left, samples))
        whole = len(sound) // STEP * STEP
        self._left = sound[whole:]
        level = None
        for part in sound[:whole].reshape(-1, STEP).astype(np.float64) / 32768:
            level = self._step(part)
        return level

    def _step(self, part: NDArray[np.float64]) -> Level:
        peak = float(np.abs(part).max())
        self._zeros = 0 if peak else self._zeros + STEP
        peak_db = _db(peak)
        self._shown_db = max(peak_db, self._shown_db - _FALL_DB, FLOOR_DB)
        self._peaks.append(max(peak_db, FLOOR_DB))
        self._levels.append(_db(math.sqrt(float(np.mean(part**2)))))
        return Level(self._shown_db, max(self._peaks), self._state())

    def _state(self) -> State:
        loudest = max(self._levels)
        if self.plays:
            return "heard" if loudest > FLOOR_DB else "silent"
        if self._zeros >= ZEROS:
            return "zeros"
        if max(self._peaks) >= LOUD_DB:
            return "loud"
        if loudest <= _SOUND_DB:
            return "silent"
        return "heard" if loudest - min(self._levels) >= _MOVES_DB else "steady"


@dataclass(slots=True)
class ToneEar:
    """Listen for the test tone on one side."""

    found_db: float | None = None
    """The level at which it was heard, in dBFS of the notes' peaks; None as long as it was not.

    The upper quartile of its windows: what a busy sound server drops makes a window softer, and nothing louder.
    """
    _left: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    _seen: deque[tuple[float | None, float | None]] = field(
        default_factory=lambda: deque(maxlen=2 * _NOTE_HOPS)
    )

    def hear(self, samples: NDArray[np.int16]) -> bool:
        """Take the next samples; say whether the tone has been heard by now."""
        sound = np.concatenate((self._left, samples.astype(np.float64) / 32768))
        while len(sound) >= _WINDOW and self.found_db is None:
            self._look(sound[:_WINDOW])
            sound = sound[_HOP:]
        self._left = sound
        return self.found_db is not None

    def _look(self, window: NDArray[np.float64]) -> None:
        first, second = (strength_db(window, hz) for hz in NOTES_HZ)
        self._seen.append(
            (
                first if _stands_out(window, NOTES_HZ[0], first, second) else None,
                second if _stands_out(window, NOTES_HZ[1], second, first) else None,
            )
        )
        seen = list(self._seen)
        before = [a for a, _ in seen[:-_NOTE_HOPS] if a is not None]
        after = [b for _, b in seen[-_NOTE_HOPS:] if b is not None]
        if len(before) >= _ENOUGH and len(after) >= _ENOUGH:
            self.found_db = round(statistics.quantiles(before + after, n=4)[2], 1)


def strength_db(window: NDArray[np.float64], hertz: float) -> float:
    """Return the level of a pitch in a window, in dBFS of the peak of its sine: one line of a Fourier transform.

    This is what Goertzel's recursion computes (G. Goertzel, 1958), with a Hann window against what lies beside it.
    """
    shape = np.hanning(len(window))
    turned = np.exp(-2j * np.pi * hertz / RATE * np.arange(len(window)))
    return _db(2 * abs(complex(np.sum(window * shape * turned))) / float(shape.sum()))


def two_notes() -> NDArray[np.int16]:
    """Return the test tone: two soft notes that swell and fade, 1 s, int16, 16 kHz."""
    t = np.arange(round(NOTE_S * RATE)) / RATE
    swell = np.minimum(1.0, np.minimum(t, NOTE_S - t) / 0.03)
    notes = [np.sin(2 * np.pi * hz * t) * swell for hz in NOTES_HZ]
    sound: NDArray[np.int16] = np.rint(np.concatenate(notes) * 32768 * 10 ** (TONE_DB / 20)).astype(np.int16)
    return sound


def _stands_out(window: NDArray[np.float64], hertz: float, level_db: float, other_db: float) -> bool:
    if level_db < _FAINTEST_DB or level_db - other_db < _OVER_OTHER_DB:
        return False
    beside = [10 ** (strength_db(window, hertz + off) / 10) for off in _BESIDE_HZ]
    return level_db - 10 * math.log10(sum(beside) / len(beside)) >= _STANDS_OUT_DB


def _db(amplitude: float) -> float:
    return 20 * math.log10(max(amplitude, 1e-6))

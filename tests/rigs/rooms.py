"""Voices that nobody has, and rooms for them: for tests of what leaks from loudspeakers into a microphone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.rooms import Room, heard_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 16_000


def voice(seconds: float, seed: int, *spans: tuple[float, float]) -> NDArray[np.float64]:
    """Return noise with the band and the syllables of a voice at -20 dBFS, in these spans; everywhere without any."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= (hertz > 150) & (hertz < 3600)
    sound = np.fft.irfft(spectrum / np.sqrt(1 + (hertz / 500) ** 2), count)
    syllables = rng.uniform(0, 1, round(seconds * 8) + 2) ** 2
    sound *= np.interp(np.arange(count), np.arange(len(syllables)) * RATE / 8, syllables)
    sound *= 0.1 / np.sqrt(np.mean(sound**2))
    if spans:
        spoken = np.zeros(count, bool)
        for start, end in spans:
            spoken[round(start * RATE) : round(end * RATE)] = True
        sound = sound * spoken
    return sound


def whole(sound: NDArray[np.float64]) -> NDArray[np.int16]:
    """Return samples as a device brings them."""
    return np.clip(np.rint(sound * 32768), -32768, 32767).astype(np.int16)


def leaking(
    room: Room, rep: NDArray[np.float64], customer: NDArray[np.float64]
) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Return what microphone and loopback bring in a room."""
    microphone, loopback = heard_in(room, rep, customer)
    return whole(microphone), whole(loopback)


def level_db(samples: NDArray[np.int16]) -> float:
    """Return the RMS against full scale."""
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2) / 32768**2 + 1e-12))

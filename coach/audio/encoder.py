"""Turn a stretch of voice into a vector that says whose it is.

Owns the small network in ``models/voice`` (Resemblyzer's, Apache-2.0), its checksum, and the mel frames it was
trained on. Refuses to know speakers, spans and thresholds: vectors of one voice lie close to each other, and how close
is for whoever compares them to say.

The network is three LSTM layers of 256 and a linear layer (Wan et al. 2018, "Generalized end-to-end loss for speaker
verification"), run in numpy, many windows at a time: its size makes a batch of matrix products as fast as any runtime.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coach.audio.block import RATE
from coach.shipped import shipped
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

HOP, FRAME, MELS = RATE // 100, RATE // 40, 40
"""A mel frame every 10 ms, each of 25 ms, 40 bands: what the network was trained on."""

WINDOW_FRAMES = 160
"""Frames of a window: 1.6 s, the length it was trained on."""

SIZE = 256
"""Numbers of a vector, and of each layer's memory."""

TOGETHER = 64
"""Windows in one go: enough for the matrix products to be fast, and 40 MB on their way through."""

LEVEL = 10 ** (-30 / 20)
"""RMS that sound is brought to, -30 dBFS: the level at which the network was trained (its author's own setting)."""

_LAYERS: Final = 3
_FILE: Final = "weights.f16"
_MEND: Final = "Install Coach again."


class VoiceEncoder:
    """The network. Make one with `voice_encoder`.

    Args:
        weights: half-precision numbers in the order in which ``models/voice/convert.py`` lays them down.
    """

    def __init__(self, weights: NDArray[np.float16]) -> None:
        self._rest = weights.astype(np.float32)
        self._layers = [
            (
                self._take(4 * SIZE, below).T.copy(),
                self._take(4 * SIZE, SIZE).T.copy(),
                self._take(4 * SIZE, 1).T,
            )
            for below in (MELS, *(SIZE,) * (_LAYERS - 1))
        ]
        self._linear, self._bias = self._take(SIZE, SIZE).T.copy(), self._take(SIZE, 1).T

    def vectors(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the vectors of windows of mel frames.

        Args:
            windows: shape ``(count, frames, 40)``.

        Returns:
            Shape ``(count, 256)``, each of length 1, no number below 0.
        """
        parts = [self._together(windows[k : k + TOGETHER]) for k in range(0, len(windows), TOGETHER)]
        return np.concatenate(parts) if parts else np.zeros((0, SIZE), np.float32)

    def _take(self, rows: int, columns: int) -> NDArray[np.float32]:
        taken, self._rest = self._rest[: rows * columns], self._rest[rows * columns :]
        return taken.reshape(rows, columns)

    def _together(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        below = np.ascontiguousarray(windows.swapaxes(0, 1))  # frames first: each step is one block of memory
        for given, kept, bias in self._layers:
            below = _lstm(below, given, kept, bias)
        raw = np.maximum(below[-1] @ self._linear + self._bias, 0)
        lengths = np.linalg.norm(raw, axis=1, keepdims=True)
        return np.asarray(raw / np.maximum(lengths, 1e-9), np.float32)


def _lstm(
    below: NDArray[np.float32],
    given: NDArray[np.float32],
    kept: NDArray[np.float32],
    bias: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Walk over the frames; gates in the order in, forget, cell, out (PyTorch's)."""
    frames, count, _ = below.shape
    gates = (below.reshape(frames * count, -1) @ given + bias).reshape(frames, count, 4 * SIZE)
    above = np.empty((frames, count, SIZE), np.float32)
    h = c = np.zeros((count, SIZE), np.float32)
    for k in range(frames):
        z = gates[k] + h @ kept
        cell = np.tanh(z[:, 2 * SIZE : 3 * SIZE])
        z *= -1
        np.exp(np.minimum(z, 80, out=z), out=z)
        z += 1  # the gates are now 1 / z
        c = c / z[:, SIZE : 2 * SIZE] + cell / z[:, :SIZE]
        h = np.tanh(c) / z[:, 3 * SIZE :]
        above[k] = h
    return above


def mel_frames(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return mel frames, shape ``(count, 40)``: power, not its logarithm; the first is centred on the first sample.

    They are librosa's with its defaults (periodic Hann window, zeros around, Slaney's mel scale and norm).

    Args:
        samples: 16 kHz.
    """
    padded = np.pad(samples.astype(np.float32) / np.float32(32_768), FRAME // 2)
    if len(samples) == 0:
        return np.zeros((0, MELS), np.float32)
    cut = sliding_window_view(padded, FRAME)[::HOP]
    return np.concatenate([_mel(cut[k : k + 1000]) for k in range(0, len(cut), 1000)])


def _mel(cut: NDArray[np.float32]) -> NDArray[np.float32]:
    spectrum = np.fft.rfft(cut * _window(), axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    mel: NDArray[np.float32] = power @ _bands()
    return mel


def frame_powers(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return the mean square of the sound around each mel frame, full scale 1: shape ``(count,)``."""
    if len(samples) == 0:
        return np.zeros(0, np.float32)
    padded = np.pad(samples.astype(np.float32) / np.float32(32_768), (HOP // 2, HOP))
    count = len(samples) // HOP + 1
    return np.asarray((padded[: count * HOP].reshape(count, HOP) ** 2).mean(axis=1), np.float32)


def levelled(mels: NDArray[np.float32], powers: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a window of mel frames as if its sound had been at the level the network knows.

    The network hears power and not its logarithm, so a quiet voice would look like another one.
    """
    loud = float(powers.mean()) if len(powers) else 0.0
    return mels * np.float32(LEVEL**2 / loud) if loud > 0 else mels


@cache
def _window() -> NDArray[np.float32]:
    return np.hanning(FRAME + 1)[:-1].astype(np.float32)


@cache
def _bands() -> NDArray[np.float32]:
    """Return Slaney's triangles, shape ``(201, 40)``: linear up to 1 kHz, logarithmic above, each of area 1."""
    edges = _hertz(np.linspace(0.0, _mel_of(RATE / 2), MELS + 2))
    bins = np.fft.rfftfreq(FRAME, 1 / RATE)
    rising = (bins[:, None] - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - bins[:, None]) / np.diff(edges)[1:]
    return (np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))).astype(np.float32)


_STEP, _KNEE, _LOG_STEP = 200 / 3, 1000.0, np.log(6.4) / 27
"""Slaney's mel: 66.7 Hz a mel up to 1 kHz, from there 27 mels for a factor of 6.4 (Auditory Toolbox, 1998)."""


def _mel_of(hertz: float) -> float:
    return float(_KNEE / _STEP + np.log(hertz / _KNEE) / _LOG_STEP)


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    knee = _KNEE / _STEP
    return np.where(mels < knee, mels * _STEP, _KNEE * np.exp(_LOG_STEP * (mels - knee)))


def load(folder: Path) -> VoiceEncoder:
    """Return the network of a folder, verified to the byte.

    Raises:
        Trouble: a file is missing, or is not the one that was shipped.
    """
    lines = _read(folder / "SHA256SUMS").decode("ascii", "replace").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    raw = _read(folder / _FILE)
    if hashlib.sha256(raw).hexdigest() != sums.get(_FILE):
        raise Trouble("The network that tells voices apart was altered: {path}.", _MEND, path=folder / _FILE)
    return VoiceEncoder(np.frombuffer(raw, "<f2"))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Trouble("The network that tells voices apart is missing: {path}.", _MEND, path=path) from wrong


@cache
def voice_encoder() -> VoiceEncoder:
    """Return the network that ships with the program, loaded once."""
    return load(shipped("models", "voice"))

"""Hear one channel and turn its voice into windows and vectors, before anybody is told apart.

Owns where windows lie and the sound that is kept until they are made. Refuses to know speakers. Voice is cut into
windows of 1.6 s that never reach across a pause, so that most of them hold one voice; a shorter stretch of voice is
repeated to that length. Only vectors are kept: an hour of talk is 9 MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from coach.audio.block import RATE
from coach.audio.encoder import HOP, SIZE, WINDOW_FRAMES, frame_powers, levelled, mel_frames

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW_MS: Final = 10 * WINDOW_FRAMES
EVERY_MS: Final = 400
"""Windows of a long stretch begin so far apart."""
LEAST_MS: Final = 300
"""A stretch shorter than this has no window of its own; what lies around it says whose it is."""
LONGEST_MS: Final = 20_000
"""A stretch without a pause is handled in parts of this length."""
TELLING_MS: Final = 1_200
"""Only windows with so much sound of their own decide how many voices there are."""
_HIGH: Final = 32
"""The first mel band that lies above 4 kHz."""
TELEPHONE: Final = 3e-5
"""Less power than this above 4 kHz, and the voices came through a telephone."""


class Detector(Protocol):
    """Voice activity, as `coach.audio.voice` makes it."""

    def hear(self, samples: NDArray[np.int16]) -> list[tuple[int, bool, int]]:
        """Take the next samples; return ``(known_sample, speaking, since_sample)``."""
        ...


class Encoder(Protocol):
    """What turns windows of mel frames into vectors, as `coach.audio.encoder` does."""

    def vectors(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a vector of length 1 for each window."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Voiced:
    """What was heard in one channel, before anybody is told apart.

    Args:
        spans: stretches of voice in ms, in order, apart or touching.
        windows: shape ``(n, 2)``, begin and end of each window in ms, in order of begin.
        vectors: shape ``(n, 256)``, of length 1.
        powers: mean square of the sound every 10 ms.
        high: part of the voices' power above 4 kHz; a telephone lets none through.
    """

    spans: tuple[tuple[int, int], ...]
    windows: NDArray[np.int64]
    vectors: NDArray[np.float32]
    powers: NDArray[np.float32]
    high: float = 0.0

    @property
    def band(self) -> str:
        """Say what kind of line the voices came through: ``full`` or ``telephone``."""
        return "full" if self.high >= TELEPHONE else "telephone"

    @property
    def seconds(self) -> float:
        """Voice in all."""
        return sum(b - a for a, b in self.spans) / 1000


class Listener:
    """Hear one channel from beginning to end.

    Args:
        detector: finds voice.
        encoder: makes vectors.
    """

    def __init__(self, detector: Detector, encoder: Encoder) -> None:
        self._detector = detector
        self._encoder = encoder
        self._kept: NDArray[np.int16] = np.zeros(0, np.int16)
        self._kept_from = self._heard = 0
        self._speaking_since: int | None = None
        self._spans: list[tuple[int, int]] = []
        self._windows: list[tuple[int, int]] = []
        self._waiting: list[NDArray[np.float32]] = []
        self._vectors: list[NDArray[np.float32]] = []
        self._powers: list[NDArray[np.float32]] = []
        self._powered = np.zeros(0, np.int16)
        self._all = self._high = 0.0

    def hear(self, samples: NDArray[np.int16]) -> None:
        """Take the next samples, in any count."""
        self._kept = np.concatenate((self._kept, samples))
        self._heard += len(samples)
        self._weigh(samples)
        for _, speaking, since in self._detector.hear(samples):
            if speaking:
                self._speaking_since = since
            elif self._speaking_since is not None:
                self._close(self._speaking_since, since)
                self._speaking_since = None
        longest = LONGEST_MS * RATE // 1000
        while self._speaking_since is not None and self._heard - self._speaking_since > longest + RATE:
            self._close(self._speaking_since, self._speaking_since + longest)
            self._speaking_since += longest
        self._forget()

    def end(self) -> Voiced:
        """Return what was heard: the sound is over."""
        if self._speaking_since is not None:
            self._close(self._speaking_since, self._heard)
        self._encode(1)
        vectors = np.concatenate(self._vectors) if self._vectors else np.zeros((0, SIZE), np.float32)
        windows = np.array(self._windows, np.int64).reshape(-1, 2)
        powers = np.concatenate([*self._powers, frame_powers(self._powered)[:-1]])
        return Voiced(
            tuple(self._spans), windows, vectors, powers, self._high / self._all if self._all else 0.0
        )

    def _weigh(self, samples: NDArray[np.int16]) -> None:
        held = np.concatenate((self._powered, samples))
        whole = len(held) // RATE * RATE
        if whole:
            self._powers.append((held[:whole].astype(np.float32).reshape(-1, HOP) ** 2).mean(axis=1) / 2**30)
        self._powered = held[whole:]

    def _close(self, start: int, end: int) -> None:
        """Take a stretch of voice, in samples, and cut it into windows."""
        start_ms, end_ms = start * 1000 // RATE, end * 1000 // RATE
        if end_ms <= start_ms:
            return
        self._spans.append((start_ms, end_ms))
        length = end_ms - start_ms
        if length < LEAST_MS:
            return
        sound = self._kept[start - self._kept_from : end - self._kept_from]
        mels, powers = mel_frames(sound), frame_powers(sound)
        # Seen through one window, a loud stretch would outweigh all others: each counts as much as it is long.
        self._all += length
        self._high += length * float(mels[:, _HIGH:].sum() / max(float(mels.sum()), 1e-12))
        spare = max(0, length - WINDOW_MS)
        count = -(-spare // EVERY_MS) + 1
        for k in range(count):
            begin = spare * k // max(1, count - 1)
            part = slice(begin // 10, min(begin + WINDOW_MS, length) // 10)
            self._windows.append((start_ms + begin, start_ms + min(begin + WINDOW_MS, length)))
            frames = levelled(mels[part], powers[part])
            self._waiting.append(np.resize(frames, (WINDOW_FRAMES, frames.shape[1])))
        self._encode(64)

    def _encode(self, least: int) -> None:
        if len(self._waiting) >= least:
            self._vectors.append(self._encoder.vectors(np.stack(self._waiting)))
            self._waiting = []

    def _forget(self) -> None:
        """Keep what a span still open needs, and the half second in which one may yet be found to have begun."""
        since = self._heard - RATE // 2 if self._speaking_since is None else self._speaking_since
        cut = max(0, since - self._kept_from)
        if cut > RATE:
            self._kept, self._kept_from = self._kept[cut:].copy(), self._kept_from + cut

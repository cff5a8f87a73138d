"""One channel as two sides, once it is known who speaks when.

Owns which samples belong to which side. Refuses to know how voices were told apart and words. What comes out looks
like a recording of two channels, so that everything behind it (spans, words, turns, the picture of the sound,
playing one side alone) is what it is for any call. A moment of voice is on one side or on none; where nobody speaks,
both sides have the quiet. So nothing is heard twice, and each sentence is cut where the voice changes.
"""

from __future__ import annotations

from collections import deque
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from coach.audio.block import RATE, Block
from coach.audio.recording import sliced
from coach.call.events import Who

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from coach.audio.recording import Recording

    Told = tuple[int, int, Who | None]

SIDES: Final = (Who.REP, Who.CUSTOMER)
KNOWN_START_MS, KNOWN_STOP_MS = 64, 130
"""A change of voice becomes known so long after it, as with a detector that hears the sound (`coach.audio.voice`)."""


class Apart:
    """A one-channel recording whose voices were told apart: see `coach.audio.recording.Recording`.

    Args:
        recording: the sound, of one side.
        told: stretches of voice ``(start_ms, end_ms, who)`` in order, None for unsure.
    """

    def __init__(self, recording: Recording, told: Iterable[Told]) -> None:
        self._recording = recording
        self.told = tuple(told)
        self.channels = SIDES
        self.path: Path = recording.path
        self.rate = recording.rate
        self.duration_ms = recording.duration_ms
        self.swapped = False

    @property
    def unsure_ms(self) -> int:
        """Voice that is on neither side."""
        return sum(end - start for start, end, who in self.told if who is None)

    @property
    def note(self) -> str:
        """What to know of the file itself, as the recording says it."""
        return self._recording.told(apart=True)

    def detectors(self) -> tuple[Timetable, Timetable]:
        """Return what finds the voice of each side: it is known already."""
        rep, customer = (
            Timetable([(a, b) for a, b, who in self.told if who is side]) for side in self.channels
        )
        return rep, customer

    def blocks(self, block_ms: int = 20) -> Iterator[Block]:
        """Yield the sound from the beginning: a block of each side in turn, aligned in time."""
        start = 0
        for samples in sliced(self._shared(self._recording.passed(), 0), RATE * block_ms // 1000):
            for who, side in zip(self.channels, samples, strict=True):
                yield Block(who, start, side)
            start += samples.shape[1]

    def samples(self, start: int = 0) -> Iterator[NDArray[np.int16]]:
        """Yield the sound from a place on: arrays of shape ``(2, any)``, the rep first."""
        yield from self._shared(self._recording.samples(start), start)

    def _shared(self, parts: Iterable[NDArray[np.int16]], start: int) -> Iterator[NDArray[np.int16]]:
        """Give each sample to whom it belongs."""
        spans = [(a * RATE // 1000, b * RATE // 1000, who) for a, b, who in self.told]
        first = 0
        for part in parts:
            end = start + part.shape[1]
            both = np.repeat(part[:1], len(self.channels), axis=0)
            while first < len(spans) and spans[first][1] <= start:
                first += 1
            for a, b, who in islice(spans, first, None):
                if a >= end:
                    break
                for row, side in enumerate(self.channels):
                    if side is not who:
                        both[row, max(0, a - start) : max(0, b - start)] = 0
            yield both
            start = end


class Timetable:
    """Voice that is known beforehand, told as a detector would: the line's `VoiceDetector`.

    Args:
        spans: stretches of voice of one side in ms, in order, apart or touching.
    """

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._heard = 0
        self._changes: deque[tuple[int, bool, int]] = deque()
        last = 0
        for start, end in _apart(spans):
            for moment, speaking, late in ((start, True, KNOWN_START_MS), (end, False, KNOWN_STOP_MS)):
                last = max(last, (moment + late) * RATE // 1000)
                self._changes.append((last, speaking, moment * RATE // 1000))

    def hear(self, samples: NDArray[np.int16]) -> list[tuple[int, bool, int]]:
        """Take the next samples, in any count, and return the changes that became known."""
        self._heard += len(samples)
        changes = []
        while self._changes and self._changes[0][0] <= self._heard:
            changes.append(self._changes.popleft())
        return changes


def _apart(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join stretches that touch."""
    ends = [*(before[1] != after[0] for before, after in pairwise(spans)), True]
    start: int | None = None
    for (a, b), over in zip(spans, ends, strict=True):
        start = a if start is None else start
        if over:
            yield start, b
            start = None

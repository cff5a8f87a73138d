"""Make the picture of a recording's sound: the smallest and the largest sample of every bin, coarser and coarser.

Owns the bins, their levels, and the small private file in which they are kept beside a session. Refuses to know
how wide a window is and how a wave is drawn. The file is a copy of what can be made again: where it is damaged, of
another version or of another recording, it counts as missing.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from coach.audio.block import RATE
from coach.audio.recording import sliced
from coach.call.events import Who

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from coach.audio.apart import Apart
    from coach.audio.recording import Recording

BIN_MS = 10
"""Length of the finest bin: a syllable has about twenty of them, and an hour of two sides takes 3 MB."""
FACTOR = 4
"""A level's bins are so many times longer than those of the level beneath: at most this many bins fall on a pixel."""
LEVELS = 7
"""10 ms to 41 s: at the coarsest, twelve hours are a thousand bins."""
STEP_S = 60
"""Seconds of sound between two tellings of how far the picture is."""
VERSION = 1

_HOUR_MS = 3_600_000
_BIN = RATE * BIN_MS // 1000


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """The picture of a recording, or of its beginning while it is being read.

    Args:
        sides: whose sound the rows are.
        samples: count of samples of a side that are in the picture.
        whole: the recording was read to its end.
        swapped: the sides were turned round.
    """

    sides: tuple[Who, ...]
    samples: int
    whole: bool
    swapped: bool
    _finest: NDArray[np.int16] = field(repr=False)
    _coarser: dict[int, NDArray[np.int16]] = field(default_factory=dict, repr=False)

    @property
    def duration_ms(self) -> int:
        """Length of the picture in milliseconds."""
        return self.samples * 1000 // RATE

    def level_for(self, ms_per_px: float) -> tuple[int, NDArray[np.int16]]:
        """Return the level to draw with: the coarsest whose bins are not wider than a pixel, or the finest.

        Returns:
            The length of a bin in milliseconds, and an array of shape ``(sides, bins, 2)``, int16: the smallest and
            the largest sample of each bin. The last bin may be shorter than the others. Not to be written to.
        """
        level = 0
        while level + 1 < LEVELS and BIN_MS * FACTOR ** (level + 1) <= ms_per_px:
            level += 1
        return BIN_MS * FACTOR**level, self._level(level)

    def _level(self, level: int) -> NDArray[np.int16]:
        if level == 0:
            return self._finest
        if level not in self._coarser:
            self._coarser[level] = _reduced(self._level(level - 1))
        return self._coarser[level]


def make_peaks(recording: Recording, tell: Callable[[Peaks], object] | None = None) -> Peaks:
    """Read a recording to its end and return its picture; tell of the part that is there about every minute.

    Raises:
        Trouble: when the file can no longer be opened.
    """
    for peaks in growing_peaks(recording):
        if peaks.whole:
            return peaks
        if tell is not None:
            tell(peaks)
    raise AssertionError("the last picture is whole")


def growing_peaks(recording: Recording | Apart) -> Iterator[Peaks]:
    """Read a recording; yield the picture so far about every minute of sound, and at last the whole one.

    Whoever no longer wants it stops asking.

    Raises:
        Trouble: when the file can no longer be opened.
    """
    sides = len(recording.channels)
    bins = np.empty((sides, (recording.duration_ms or _HOUR_MS) // BIN_MS + 1, 2), np.int16)
    done = told = samples = 0

    def so_far(*, whole: bool) -> Peaks:
        part = bins[:, :done]
        part.flags.writeable = False
        return Peaks(recording.channels, samples, whole, recording.swapped, part)

    for second in sliced(recording.samples(), RATE):
        whole_bins = second.shape[1] // _BIN
        bins = _with_room(bins, done + whole_bins + 1)
        full = second[:, : whole_bins * _BIN].reshape(sides, whole_bins, _BIN)
        bins[:, done : done + whole_bins] = _extremes(full)
        done, samples = done + whole_bins, samples + second.shape[1]
        if second.shape[1] % _BIN:  # the last one alone
            bins[:, done : done + 1] = _extremes(second[:, np.newaxis, whole_bins * _BIN :])
            done += 1
        if (done - told) * BIN_MS >= STEP_S * 1000:
            told = done
            yield so_far(whole=False)
    yield so_far(whole=True)


def save_peaks(peaks: Peaks, cache: Path, recording: Path) -> None:
    """Keep a whole picture of a recording. What cannot be written is not kept: it can be made again."""
    stamp = _stamp(recording)
    if not peaks.whole or stamp is None:
        return
    partial = cache.with_name(cache.name + ".part")
    try:
        cache.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:
            _write(f, peaks, stamp)
        partial.replace(cache)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def load_peaks(cache: Path, recording: Path, *, swapped: bool = False) -> Peaks | None:
    """Return the kept picture of a recording; None where there is none, or none of this very file."""
    stamp = _stamp(recording)
    try:
        with cache.open("rb") as f, np.load(f, allow_pickle=False) as kept:
            head, sides, finest = kept["head"], kept["sides"], kept["finest"]
        known = tuple(Who(str(side)) for side in sides)
        version, size, changed_ns, bin_ms, samples, was_swapped = (int(number) for number in head)
    except Exception:  # noqa: BLE001 - zip, zlib and numpy each have errors of their own for what is damaged
        return None
    bins = -(-samples // _BIN)
    if (
        (version, (size, changed_ns), bin_ms, bool(was_swapped)) != (VERSION, stamp, BIN_MS, swapped)
        or finest.shape != (len(known), bins, 2)
        or finest.dtype != np.int16
    ):
        return None
    finest.flags.writeable = False
    return Peaks(known, samples, whole=True, swapped=swapped, _finest=finest)


def peaks_of(recording: Recording, cache: Path, tell: Callable[[Peaks], object] | None = None) -> Peaks:
    """Return the picture of a recording: the one that is kept, or a new one, which is then kept.

    Raises:
        Trouble: when the file can no longer be opened.
    """
    kept = load_peaks(cache, recording.path, swapped=recording.swapped)
    if kept is not None:
        return kept
    peaks = make_peaks(recording, tell)
    save_peaks(peaks, cache, recording.path)
    return peaks


def _write(f: BinaryIO, peaks: Peaks, stamp: tuple[int, int]) -> None:
    head = np.array([VERSION, *stamp, BIN_MS, peaks.samples, peaks.swapped], np.int64)
    sides = np.array([who.value for who in peaks.sides])
    np.savez(f, head=head, sides=sides, finest=peaks.level_for(0)[1])  # zip keeps a checksum of each


def _stamp(recording: Path) -> tuple[int, int] | None:
    """Return size and time of change of a file, which tell it from another in its place."""
    try:
        stat = recording.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns


def _extremes(binned: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return the smallest and largest of each bin: ``(sides, bins, n)`` to ``(sides, bins, 2)``."""
    return np.stack((binned.min(axis=2), binned.max(axis=2)), axis=2)


def _reduced(level: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return the next coarser level."""
    starts = np.arange(0, level.shape[1], FACTOR)
    if not len(starts):
        return level
    coarser = np.stack(
        (
            np.minimum.reduceat(level[..., 0], starts, axis=1),
            np.maximum.reduceat(level[..., 1], starts, axis=1),
        ),
        axis=2,
    )
    coarser.flags.writeable = False
    return coarser


def _with_room(bins: NDArray[np.int16], wanted: int) -> NDArray[np.int16]:
    """Return the bins, in an array half as long again where there is no room for so many."""
    if wanted <= bins.shape[1]:
        return bins
    larger = np.empty((bins.shape[0], wanted + bins.shape[1] // 2, 2), np.int16)
    larger[:, : bins.shape[1]] = bins
    return larger

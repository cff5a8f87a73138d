"""Turn a media file into the blocks of a call.

Owns which channel is which side, and what a user should be told about the file. Refuses to know how a file is
decoded (`media`) and what is said in it.

Two channels are two sides: left is the rep, right the customer. Everything else is one channel, heard as the
microphone alone would be: a mono file, a file of more than two channels (5.1 is mixed into one, because no
layout says who sits in its centre), and a stereo file whose channels carry the same sound.

The first minutes are read when a recording is opened, so that a silent or a much too short one is refused
before anything is made of it. A file that begins with silence is read on until its first sound.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from coach.audio.block import RATE, Block, to_ms
from coach.audio.media import LONGEST_S, Decoding, Track, find_track
from coach.call.events import Who
from coach.language import Sentence, in_a_row
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

PROBED = 120 * RATE
"""Samples read on opening: two minutes hold several turns of both sides, and take a quarter of a second."""

SILENT = 10
"""Largest sample that is still silence: -70 dBFS, beneath the noise of any microphone (dither is 1 or 2)."""

SAME = 0.98
"""Channels are the same when one explains this much of the other's energy (squared correlation).

Copies that a lossy codec told apart reach 0.999; a microphone that hears the customer through loudspeakers
stays under 0.9, because that sound arrives late and is mixed with the rep's own.
"""

SHORTEST_MS = 1_000
"""Less than a second holds no sentence."""

SHORT_MS = 60_000
"""Under a minute, a talk share or a question rate is chance."""

_CUT_MS, _CUT_RATIO = 1_000, 0.98
"""A file is cut short when it ends this much before, and under this part of, what its header says."""


@dataclass(slots=True)
class _Heard:
    """What a pass through the file found out."""

    samples: int = 0
    peak_left: int = 0
    peak_right: int = 0
    whole: bool = False
    damaged: bool = False
    capped: bool = False
    same: bool = False


@dataclass(frozen=True, slots=True)
class Recording:
    """A media file, ready to be heard.

    Args:
        path: the file.
        channels: the sides that can be heard apart, ``(REP, CUSTOMER)`` or ``(REP,)``.
        rate: samples a second in the file; blocks are 16 kHz whatever this is.
        duration_ms: length in milliseconds; None where only reading the file would tell.
    """

    path: Path
    channels: tuple[Who, ...]
    rate: int
    duration_ms: int | None
    _track: Track = field(repr=False)
    _swap: bool = field(repr=False)
    _heard: _Heard = field(repr=False)

    @property
    def note(self) -> str:
        """Say what a user should know about this file, in plain sentences; empty when all is well.

        Complete once all blocks were read: only then is it known whether a file was cut short.
        """
        return self.told()

    def told(self, *, apart: bool = False) -> str:
        """Return the note; where voices were told apart, without saying that they cannot be."""
        return in_a_row(*_notes(self._track, self._heard, self._swap, self.channels, apart=apart))

    def blocks(self, block_ms: int = 20) -> Iterator[Block]:
        """Yield the sound from the beginning: a block of each channel in turn, aligned in time.

        The last blocks are shorter. The samples do not depend on the size of the blocks.

        Args:
            block_ms: length of a block in milliseconds, at least 1.
        """
        start = 0
        for samples in sliced(self.passed(), RATE * block_ms // 1000):
            sides = samples[::-1] if self._swap else samples
            for who, side in zip(self.channels, sides, strict=True):
                yield Block(who, start, side)
            start += samples.shape[1]

    @property
    def swapped(self) -> bool:
        """Left is the customer and right is the rep."""
        return self._swap

    def samples(self, start: int = 0) -> Iterator[NDArray[np.int16]]:
        """Yield the sound from a place on: arrays of shape ``(sides, any)``, rows in the order of ``channels``.

        Args:
            start: index of the first sample, at 16 kHz.
        """
        for samples in Decoding(self._track, start):
            sides = samples if len(self.channels) == len(samples) else _mixed(samples)
            yield sides[::-1] if self._swap else sides

    def passed(self) -> Iterator[NDArray[np.int16]]:
        """Yield all samples, one row a side, and write down at the end what the pass found out."""
        heard = _Heard(same=self._heard.same)
        decoding = Decoding(self._track)
        for samples in decoding:
            _count(heard, samples)
            yield samples if len(self.channels) == len(samples) else _mixed(samples)
        heard.whole, heard.damaged, heard.capped = True, decoding.damaged, decoding.capped
        for name in _Heard.__slots__:
            setattr(self._heard, name, getattr(heard, name))


def open_recording(path: str | Path, *, swap: bool = False) -> Recording:
    """Open a media file as a call.

    Args:
        path: any file with sound that FFmpeg reads: WAV, FLAC, MP3, M4A, OGG, MP4, MKV.
        swap: left is the customer and right is the rep.

    Raises:
        Trouble: when the file is missing, unreadable, no recording, silent throughout, shorter than a second
            or longer than twelve hours.
    """
    track = find_track(Path(path))
    heard, stereo = _probed(track)
    name = track.path.name
    if heard.whole and not heard.samples:
        raise Trouble(
            "No sound could be read from '{name}'.",
            "It may be damaged; choose another copy of it.",
            name=name,
        )
    if heard.whole and to_ms(heard.samples) < SHORTEST_MS:
        raise Trouble(
            "'{name}' is shorter than one second.", "Choose a recording of a whole call.", name=name
        )
    if heard.whole and max(heard.peak_left, heard.peak_right) <= SILENT:
        raise Trouble(
            "'{name}' is silent from beginning to end.",
            "Check that the right device was recorded, and try another.",
            name=name,
        )
    channels = (Who.REP, Who.CUSTOMER) if stereo and not heard.same else (Who.REP,)
    duration_ms = to_ms(heard.samples) if heard.whole else track.declared_ms
    return Recording(track.path, channels, track.rate, duration_ms, track, swap and len(channels) > 1, heard)


def reopen_recording(path: str | Path, sides: tuple[Who, ...], *, swap: bool = False) -> Recording:
    """Open a recording that was opened before, with the sides that were found then: none of it is read.

    Args:
        path: the file.
        sides: ``channels`` of the recording as `open_recording` gave it.
        swap: as it was then.

    Raises:
        Trouble: when the file is missing or is no recording any more.
    """
    track = find_track(Path(path))
    return Recording(
        track.path, sides, track.rate, track.declared_ms, track, swap and len(sides) > 1, _Heard()
    )


def _probed(track: Track) -> tuple[_Heard, bool]:
    """Read the first minutes, and on until a second after the first sound; say what was heard and whether it is stereo.

    The first sound alone may be a click.
    """
    heard, stereo, since = _Heard(), False, 0
    left_left = right_right = left_right = 0.0
    decoding = Decoding(track)
    for samples in decoding:
        _count(heard, samples)
        if len(samples) > 1:
            stereo = True
            left, right = samples.astype(np.float64)
            left_left += float(left @ left)
            right_right += float(right @ right)
            left_right += float(left @ right)
        if heard.samples >= PROBED and since >= RATE:
            break
        since += samples.shape[1] * (max(heard.peak_left, heard.peak_right) > SILENT)
    else:
        heard.whole = True
    heard.damaged, heard.capped = decoding.damaged, decoding.capped
    heard.same = stereo and left_right**2 > SAME * left_left * right_right
    return heard, stereo


def _count(heard: _Heard, samples: NDArray[np.int16]) -> None:
    heard.samples += samples.shape[1]
    heard.peak_left = max(heard.peak_left, _peak(samples[0]))
    heard.peak_right = max(heard.peak_right, _peak(samples[-1]))


def _peak(samples: NDArray[np.int16]) -> int:
    return max(int(samples.max()), -int(samples.min())) if len(samples) else 0


def _mixed(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Mix two rows into one: their mean, which for a copy is the sound itself."""
    mean: NDArray[np.int16] = (samples.sum(axis=0, dtype=np.int32, keepdims=True) // len(samples)).astype(
        np.int16
    )
    return mean


def sliced(parts: Iterator[NDArray[np.int16]], size: int) -> Iterator[NDArray[np.int16]]:
    """Cut arrays of shape ``(sides, any)`` into ``(sides, size)``; the last may be shorter."""
    held: NDArray[np.int16] | None = None
    for part in parts:
        held = part if held is None else np.concatenate((held, part), axis=1)
        whole = held.shape[1] - held.shape[1] % size
        for start in range(0, whole, size):
            yield held[:, start : start + size]
        held = held[:, whole:]
    if held is not None and held.shape[1]:
        yield held


_SILENT: Final = {
    (True, Who.REP): "The left channel is silent, so nothing was heard of the rep.",
    (True, Who.CUSTOMER): "The left channel is silent, so nothing was heard of the customer.",
    (False, Who.REP): "The right channel is silent, so nothing was heard of the rep.",
    (False, Who.CUSTOMER): "The right channel is silent, so nothing was heard of the customer.",
}


def _notes(
    track: Track,
    heard: _Heard,
    swap: bool,  # noqa: FBT001 - private, called once
    channels: tuple[Who, ...],
    *,
    apart: bool,
) -> Iterator[str]:
    if apart:
        pass
    elif track.channels == 1:
        yield Sentence(
            "One channel: both sides may speak in it, so what the customer says cannot be told apart."
        )
    elif track.channels > 2:  # noqa: PLR2004 - two is stereo
        yield Sentence(
            "Its {channels} channels were mixed into one, so the sides cannot be told apart.",
            channels=track.channels,
        )
    elif heard.same:
        yield Sentence(
            "Both channels are the same, so it is heard as one and the sides cannot be told apart."
        )
    elif min(heard.peak_left, heard.peak_right) <= SILENT and heard.whole:
        left = heard.peak_left <= SILENT
        yield Sentence(_SILENT[left, channels[swap if left else not swap]])
    if track.tracks > 1:
        yield Sentence("The file has {tracks} sound tracks; the first one was read.", tracks=track.tracks)
    if heard.capped:
        yield Sentence("It lasts longer than {most} hours; the rest was left out.", most=LONGEST_S // 3600)
    if heard.whole:
        yield from _notes_on_length(track, heard)


def _notes_on_length(track: Track, heard: _Heard) -> Iterator[str]:
    read_ms, declared_ms = to_ms(heard.samples), track.declared_ms or 0
    if read_ms < declared_ms - _CUT_MS and read_ms < declared_ms * _CUT_RATIO:
        yield Sentence(
            "The file is cut short: {seconds} of {declared} seconds could be read.",
            seconds=read_ms // 1000,
            declared=declared_ms // 1000,
        )
    elif heard.damaged:
        yield Sentence("The file is damaged; what could be read was used.")
    if read_ms < SHORT_MS:
        yield Sentence(
            "It lasts only {seconds} seconds; figures need a longer call to mean something.",
            seconds=read_ms // 1000,
        )

"""Decode any media file into samples at 16 kHz, a little at a time, in a process that cannot do harm.

Owns the reading of what a decoding process says, and the sentences that say what is wrong with a file. Refuses to know
how such a process is begun and ended (`coach.audio.decoders`) and who speaks in the file.

Nothing that the process says is believed beyond its form. Should it crash, hang or lie, what was heard until then is
used and the file counts as damaged; without any sound there is a sentence. No file may last longer than twelve hours,
because a day of silence fits into five megabytes of FLAC, and no more than a second of sound is held here at a time.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coach.audio.block import RATE
from coach.audio.decoders import decoding
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

LONGEST_S = 12 * 3600
"""Longest recording that is read, in seconds: longer than any call, shorter than a decompression bomb."""

_STEREO = 2
_SAMPLE_BYTES = 2
_MOST_HZ, _MOST_CHANNELS, _MOST_TRACKS = 100_000_000, 1024, 100_000
"""Beyond these a header is no header."""
_STREAMED = 0xF000_0000
"""A RIFF size from here on is not meant as one."""
_MEND = "Choose a sound or video file such as WAV, FLAC, MP3, M4A, OGG, MP4 or MKV."


@dataclass(frozen=True, slots=True)
class Track:
    """The sound track of a file, as its header tells.

    Args:
        path: absolute path of the file.
        rate: samples a second in the file, before resampling.
        channels: count of channels in the file.
        tracks: count of sound tracks in the file; the first one is read.
        declared_ms: length by the header in milliseconds, None where it tells none.
    """

    path: Path
    rate: int
    channels: int
    tracks: int
    declared_ms: int | None


def find_track(path: Path) -> Track:
    """Find the sound track of a file.

    Raises:
        Trouble: for whatever is no readable media file with sound, or one that lasts more than twelve hours.
    """
    path = path.expanduser().absolute()
    refuse_what_is_no_file(path)
    with decoding(path, None) as answers:
        header = _header(path, next(answers, None))
    seconds = header.seconds
    if seconds is not None and seconds > LONGEST_S:
        raise Trouble(
            "'{name}' lasts {hours} hours.",
            "Cut it into parts of at most {most} hours.",
            name=path.name,
            hours=round(seconds / 3600, 1),
            most=LONGEST_S // 3600,
        )
    declared_ms = int(seconds * 1000 * _promised(path)) if seconds is not None and seconds > 0 else None
    return Track(path, header.rate, header.channels, header.tracks, declared_ms)


def _promised(path: Path) -> float:
    """Return how many times longer than it is a WAV file calls itself, at least 1.

    FFmpeg fits the length of a WAV to the bytes that are there, so that one cut short would not show. A size
    near 4 GiB is what programs write that stream and cannot know.
    """
    with path.open("rb") as f:
        head = f.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return 1.0
    size = int.from_bytes(head[4:8], "little") + 8
    return max(1.0, size / path.stat().st_size) if size < _STREAMED else 1.0


class Decoding:
    """One pass through a track.

    Iterate over it once: arrays of shape ``(2, n)`` for a stereo track, ``(1, n)`` for any other (more than
    two channels are mixed into one), int16, 16 kHz, n at most 16,000. After the pass:

    ``damaged``: some of the file could not be decoded.
    ``capped``: the track went on after twelve hours and was left there.

    Args:
        track: from `find_track`.
        start: index of the first sample wanted, at 16 kHz.
    """

    def __init__(self, track: Track, start: int = 0) -> None:
        self.damaged = False
        self.capped = False
        self._track = track
        self._start = start

    def __iter__(self) -> Iterator[NDArray[np.int16]]:
        room = LONGEST_S * RATE - self._start
        for samples in self._samples():
            if samples.shape[1] > room:
                self.capped = True
                yield samples[:, : max(0, room)]
                return
            room -= samples.shape[1]
            yield samples

    def _samples(self) -> Iterator[NDArray[np.int16]]:
        path, planes = self._track.path, _STEREO if self._track.channels == _STEREO else 1
        refuse_what_is_no_file(path)
        with decoding(path, self._start) as answers:
            header = _header(path, next(answers, None))
            if header.channels != self._track.channels:
                raise Trouble("'{name}' has changed while it was read.", "Try again.", name=path.name)
            for kind, body in answers:
                if kind == b"P" and body and not len(body) % (planes * _SAMPLE_BYTES):
                    yield np.frombuffer(body, "<i2").reshape(planes, -1).astype(np.int16, copy=False)
                else:
                    self.damaged = kind != b"E" or _object(body).get("damaged") is not False
                    return
        self.damaged = True  # it ended without a word


@dataclass(frozen=True, slots=True)
class _Header:
    rate: int
    channels: int
    tracks: int
    seconds: float | None


def _header(path: Path, answer: tuple[bytes, bytearray] | None) -> _Header:
    """Read the first answer. Raises `Trouble` when it is no header, with the reason where one was given."""
    kind, body = answer or (b"", bytearray())
    told = _object(body) if kind == b"H" else {}
    seconds = told.get("seconds")
    header = _Header(
        _count(told.get("rate"), _MOST_HZ),
        _count(told.get("channels"), _MOST_CHANNELS),
        _count(told.get("tracks"), _MOST_TRACKS),
        float(seconds) if isinstance(seconds, int | float) and abs(seconds) < sys.float_info.max else None,
    )
    if header.rate and header.channels and header.tracks:
        return header
    raise _unreadable(path, bytes(body).decode("ascii", "replace") if kind == b"T" else "")


def _unreadable(path: Path, word: str) -> Trouble:
    if word == "mute":
        return Trouble(
            "'{name}' has no sound in it.", "Choose a recording with a sound track.", name=path.name
        )
    if word == "codec":
        return Trouble("The sound in '{name}' is of a kind that cannot be read.", _MEND, name=path.name)
    if word == "memory":
        return Trouble("'{name}' needs more memory than a recording may.", _MEND, name=path.name)
    return Trouble("'{name}' is not a recording that can be read.", _MEND, name=path.name)


def _count(value: object, most: int) -> int:
    """Return a whole number from 1 to ``most``, 0 for anything else."""
    return value if isinstance(value, int) and 1 <= value <= most else 0


def _object(body: bytes | bytearray) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def refuse_what_is_no_file(path: Path) -> None:
    """Say what is wrong with a path before anything is begun. Raises `Trouble` where no file can be read there."""
    try:
        if path.is_dir():
            raise Trouble("'{path}' is a folder.", "Choose a file in it.", path=path)
        if not path.exists():
            raise Trouble("There is no file '{path}'.", "Check the name and the folder.", path=path)
        if not path.is_file():
            raise Trouble("'{path}' is no ordinary file.", _MEND, path=path)
        with path.open("rb") as f:
            if not f.read(1):
                raise Trouble(
                    "'{name}' is empty.", "Record it again, or choose another file.", name=path.name
                )
    except PermissionError as e:
        raise Trouble(
            "'{path}' may not be read.", "Ask its owner for leave, or copy it to your own folder.", path=path
        ) from e
    except OSError as e:
        raise Trouble(
            "'{name}' cannot be read: {why}.",
            "Copy it to another place and try again.",
            name=path.name,
            why=e,
        ) from e

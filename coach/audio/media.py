"""Decode any media file into samples at 16 kHz, a little at a time.

Owns the safe opening of files that strangers made, the decoding and the resampling, and the sentences that
say what is wrong with a file. Refuses to know who speaks in it.

FFmpeg (through PyAV) meets only regular files by their absolute path, so that no name is taken for a URL; it
may use these container formats and the file protocol alone, so that a playlist cannot send it elsewhere; and
no file may last longer than twelve hours, because a day of silence fits into five megabytes of FLAC.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import av.error
import av.logging
import numpy as np

from coach.audio.block import RATE
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from numpy.typing import NDArray

LONGEST_S = 12 * 3600
"""Longest recording that is read, in seconds: longer than any call, shorter than a decompression bomb."""

_OPTIONS = {
    "format_whitelist": "wav,w64,aiff,mp3,aac,flac,ogg,mov,matroska,webm",
    "protocol_whitelist": "file",
}
_STEREO = 2
_GAP_S = 0.2
"""A jump of the file's own clock above this is a gap in the sound (a muted track leaves one in WebM)."""
_LONGEST_GAP_S = 600
"""A jump above this is a broken clock and is not believed."""
_PREROLL_S = 1.0
"""Decoded before the place that was asked for, in seconds: Opus needs 80 ms until its decoder is settled (RFC 7845,
section 4.6), MP3 the bits of earlier frames, and some containers find a place to within half a second only."""
_COUNTS_BYTES = ("wav", "w64", "aiff")
"""Formats in which FFmpeg finds a place by bytes a second, which is right for plain samples alone (in twenty
minutes of ADPCM it lands five minutes too early and does not know it)."""
_STREAMED = 0xF000_0000
"""A RIFF size from here on is not meant as one."""
_MEND = "Choose a sound or video file such as WAV, FLAC, MP3, M4A, OGG, MP4 or MKV."

av.logging.set_level(None)  # a decoder's grumbling is not for the user; what matters is said in a sentence


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
    _refuse_what_is_no_file(path)
    with _open(path) as container:
        streams = container.streams.audio
        if not streams:
            raise Trouble(f"'{path.name}' has no sound in it.", "Choose a recording with a sound track.")
        stream = streams[0]
        if stream.codec_context is None or not stream.rate or not stream.channels:
            raise Trouble(f"The sound in '{path.name}' is of a kind that cannot be read.", _MEND)
        seconds: Fraction | None = None
        if stream.duration is not None and stream.time_base is not None:
            seconds = stream.duration * stream.time_base
        elif container.duration is not None:
            seconds = Fraction(
                container.duration, 1_000_000
            )  # FFmpeg counts a container's length in microseconds
        if seconds is not None and seconds > LONGEST_S:
            raise Trouble(
                f"'{path.name}' lasts {float(seconds) / 3600:.1f} hours.",
                f"Cut it into parts of at most {LONGEST_S // 3600} hours.",
            )
        declared_ms = int(seconds * 1000 * _promised(path)) if seconds is not None and seconds > 0 else None
        return Track(path, stream.rate, stream.channels, len(streams), declared_ms)


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
    two channels are mixed into one), int16, 16 kHz. After the pass:

    ``damaged``: some of the file could not be decoded.
    ``capped``: the track went on after twelve hours and was left there.

    Args:
        track: from `find_track`.
        start: index of the first sample wanted, at 16 kHz. The file's own clock finds it, to the sample where
            that clock counts samples; where it leads astray, what lies before is decoded and left out.
    """

    def __init__(self, track: Track, start: int = 0) -> None:
        self.damaged = False
        self.capped = False
        self._track = track
        self._start = start
        self._skip = start
        """Samples to come that lie before the start."""
        self._resampler = self._fresh_resampler()
        self._clock: float | None = None
        """Where the next frame should begin by the file's own clock, in seconds."""

    def __iter__(self) -> Iterator[NDArray[np.int16]]:
        room = LONGEST_S * RATE - self._start
        for samples in self._wanted():
            if samples.shape[1] > room:
                self.capped = True
                yield samples[:, :room]
                return
            room -= samples.shape[1]
            yield samples

    def _wanted(self) -> Iterator[NDArray[np.int16]]:
        for samples in self._resampled():
            if self._skip >= samples.shape[1]:
                self._skip -= samples.shape[1]
                continue
            yield samples[:, self._skip :]
            self._skip = 0

    def _resampled(self) -> Iterator[NDArray[np.int16]]:
        for frame in self._frames():
            gap = self._gap_before(frame)
            if gap:
                yield from self._flushed()
                for second in range(0, gap, RATE):
                    yield np.zeros((self._planes, min(RATE, gap - second)), np.int16)
            try:
                resampled = self._resampler.resample(frame)
            except ValueError:  # a chained stream may change its rate or its layout half way
                yield from self._flushed()
                resampled = self._resampler.resample(frame)
            yield from (_rows(r) for r in resampled if r.samples)
        yield from self._flushed()

    def _frames(self) -> Iterator[AudioFrame]:
        if self._start > _PREROLL_S * RATE:
            with _open(self._track.path) as container:
                before = self._sought(container)
                if before is not None:
                    self._skip -= before
                    yield from self._decoded(container)
                    return
        with _open(self._track.path) as container:
            yield from self._decoded(container)

    def _sought(self, container: InputContainer) -> int | None:
        """Go to shortly before the start; return how many samples lie before the next frame, None if astray.

        The file's clock need not begin at zero, so its first frame is asked for the time first. The place that was
        reached is found by decoding a frame there, then gone to once more, for a frame cannot be put back.
        """
        stream = _first_track(container)
        if container.format.name in _COUNTS_BYTES and not stream.codec_context.name.startswith("pcm_"):
            return None
        try:
            first = next(container.decode(stream)).time or 0.0
            wanted = round((first + self._start / RATE - _PREROLL_S) / (stream.time_base or 1))
            container.seek(wanted, stream=stream)
            reached = next(container.decode(stream)).time
            container.seek(wanted, stream=stream)
        except (av.error.FFmpegError, OSError, StopIteration):
            return None
        if reached is None:
            return None
        before = round((reached - first) * RATE)
        return before if 0 <= before <= self._start else None

    def _decoded(self, container: InputContainer) -> Iterator[AudioFrame]:
        packets = container.demux(_first_track(container))
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                frames = packet.decode()
            except av.error.InvalidDataError:  # one broken packet; the next may be whole
                self.damaged = True
            except (av.error.FFmpegError, OSError):  # the file ends in the middle of something
                self.damaged = True
                return
            else:
                yield from frames

    def _gap_before(self, frame: AudioFrame) -> int:
        """Return how many samples at 16 kHz the file's clock jumped ahead before this frame."""
        begins, expected = frame.time, self._clock
        if begins is None:
            begins = expected or 0.0
        self._clock = begins + frame.samples / frame.sample_rate
        if expected is None or not _GAP_S < begins - expected < _LONGEST_GAP_S:
            return 0
        return round((begins - expected) * RATE)

    def _flushed(self) -> Iterator[NDArray[np.int16]]:
        """Yield what the resampler still holds, and put a fresh one in its place."""
        held = self._resampler.resample(None) if self._clock is not None else []
        self._resampler = self._fresh_resampler()
        yield from (_rows(r) for r in held if r is not None and r.samples)

    @property
    def _planes(self) -> int:
        return _STEREO if self._track.channels == _STEREO else 1

    def _fresh_resampler(self) -> av.AudioResampler:
        return av.AudioResampler("s16p", "stereo" if self._planes == _STEREO else "mono", RATE)


def _first_track(container: InputContainer) -> AudioStream:
    stream = container.streams.audio[0]
    if not stream.codec_context.is_open:
        stream.codec_context.thread_count = 1  # a call may be going on beside
    return stream


def _rows(frame: AudioFrame) -> NDArray[np.int16]:
    return np.atleast_2d(frame.to_ndarray()).astype(np.int16, copy=False)


def _refuse_what_is_no_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise Trouble(f"'{path}' is a folder.", "Choose a file in it.")
        if not path.exists():
            raise Trouble(f"There is no file '{path}'.", "Check the name and the folder.")
        if not path.is_file():
            raise Trouble(f"'{path}' is no ordinary file.", _MEND)
        with path.open("rb") as f:
            if not f.read(1):
                raise Trouble(f"'{path.name}' is empty.", "Record it again, or choose another file.")
    except PermissionError as e:
        raise Trouble(
            f"'{path}' may not be read.", "Ask its owner for leave, or copy it to your own folder."
        ) from e
    except OSError as e:
        raise Trouble(
            f"'{path.name}' cannot be read: {e.strerror}.", "Copy it to another place and try again."
        ) from e


def _open(path: Path) -> InputContainer:
    try:
        return av.open(str(path), options=_OPTIONS)
    except (av.error.FFmpegError, OSError, ValueError) as e:
        raise Trouble(f"'{path.name}' is not a recording that can be read.", _MEND) from e

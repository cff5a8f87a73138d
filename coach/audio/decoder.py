"""Open a file that a stranger made, and turn its sound into messages: what a decoding process does.

Owns FFmpeg (through PyAV), the resampling, and what goes into a message. Refuses to know processes
(`coach.audio.decoder_process`), who asked, what a user should be told, and numpy, so that little has to be loaded.

FFmpeg meets only a regular file by its absolute path, so that no name is taken for a URL; it may use these container
formats and the file protocol alone, so that a playlist cannot send it elsewhere.

A message is one letter and a body: ``H`` the header as JSON, ``P`` samples (int16, one row after the other), ``E`` the
end as JSON, ``T`` the word for why there is no sound.
"""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import av
import av.error
import av.logging

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

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
_SAMPLE_BYTES = 2


av.logging.set_level(None)  # what matters is told in a message


class NoSoundError(Exception):
    """There is no sound to be had: ``word`` says why."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def answered(request: dict[str, Any]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the messages that answer a request.

    Args:
        request: ``path``, absolute; ``rate`` of the samples wanted; ``start``, the first of them, or None for the
            header alone.
    """
    try:
        with _open(request["path"]) as container:
            header = _header(container)
        yield b"H", json.dumps(header).encode()
        if request["start"] is None:
            return
        one_pass = Pass(request["path"], request["rate"], header["channels"], request["start"])
        for rows in one_pass.seconds():
            yield b"P", rows
        yield b"E", json.dumps({"damaged": one_pass.damaged}).encode()
    except NoSoundError as e:
        yield b"T", e.word.encode()
    except MemoryError:
        yield b"T", b"memory"


def _open(path: str) -> InputContainer:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - the process is to load little
            raise NoSoundError("kind")
        return av.open(path, options=_OPTIONS)
    except MemoryError as e:
        raise NoSoundError("memory") from e
    except (av.error.FFmpegError, OSError, ValueError) as e:
        raise NoSoundError("kind") from e


def _header(container: InputContainer) -> dict[str, Any]:
    streams = container.streams.audio
    if not streams:
        raise NoSoundError("mute")
    stream = streams[0]
    if stream.codec_context is None or not stream.rate or not stream.channels:
        raise NoSoundError("codec")
    seconds: float | None = None
    if stream.duration is not None and stream.time_base is not None:
        seconds = float(stream.duration * stream.time_base)
    elif container.duration is not None:
        seconds = container.duration / 1_000_000  # FFmpeg counts a container's length in microseconds
    return {"rate": stream.rate, "channels": stream.channels, "tracks": len(streams), "seconds": seconds}


class Pass:
    """One pass through a file.

    ``damaged``: some of the file could not be decoded.

    Args:
        path: absolute.
        rate: samples a second wanted.
        channels: of the file; two stay two, any other count is mixed into one.
        start: index of the first sample wanted. The file's own clock finds it, to the sample where that clock counts
            samples; where it leads astray, what lies before is decoded and left out.
    """

    def __init__(self, path: str, rate: int, channels: int, start: int) -> None:
        self.damaged = False
        self._path, self._rate, self._start = path, rate, start
        self._planes = _STEREO if channels == _STEREO else 1
        self._skip = start
        """Samples to come that lie before the start."""
        self._resampler = self._fresh_resampler()
        self._clock: float | None = None
        """Where the next frame should begin by the file's own clock, in seconds."""

    def seconds(self) -> Iterator[bytes]:
        """Yield the samples, at most a second at a time: one row after the other."""
        rows = [bytearray() for _ in range(self._planes)]
        whole = self._rate * _SAMPLE_BYTES
        for parts in self._resampled():
            skipped = min(self._skip * _SAMPLE_BYTES, len(parts[0]))
            self._skip -= skipped // _SAMPLE_BYTES
            for row, part in zip(rows, parts, strict=True):
                row.extend(part[skipped:])
            while len(rows[0]) >= whole:
                yield b"".join(row[:whole] for row in rows)
                for row in rows:
                    del row[:whole]
        if rows[0]:
            yield b"".join(rows)

    def _resampled(self) -> Iterator[list[bytes]]:
        for frame in self._frames():
            gap = self._gap_before(frame)
            if gap:
                yield from self._flushed()
                for second in range(0, gap, self._rate):
                    yield [bytes(_SAMPLE_BYTES * min(self._rate, gap - second))] * self._planes
            try:
                resampled = self._resampler.resample(frame)
            except (
                av.error.FFmpegError,
                OSError,
                ValueError,
            ):  # a frame unlike all before it, or no frame at all
                self.damaged = True
                self._resampler = self._fresh_resampler()
                continue
            yield from (self._rows(r) for r in resampled if r.samples)
        yield from self._flushed()

    def _frames(self) -> Iterator[AudioFrame]:
        if self._start > _PREROLL_S * self._rate:
            with _open(self._path) as container:
                before = self._sought(container)
                if before is not None:
                    self._skip -= before
                    yield from self._decoded(container)
                    return
        with _open(self._path) as container:
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
            wanted = round((first + self._start / self._rate - _PREROLL_S) / (stream.time_base or 1))
            container.seek(wanted, stream=stream)
            reached = next(container.decode(stream)).time
            container.seek(wanted, stream=stream)
        except (av.error.FFmpegError, OSError, StopIteration, OverflowError, ValueError):
            return None
        if reached is None:
            return None
        before = round((reached - first) * self._rate)
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
        """Return how many samples of those wanted the file's clock jumped ahead before this frame."""
        begins, expected = frame.time, self._clock
        if begins is None:
            begins = expected or 0.0
        self._clock = begins + frame.samples / (frame.sample_rate or self._rate)
        if expected is None or not _GAP_S < begins - expected < _LONGEST_GAP_S:
            return 0
        return round((begins - expected) * self._rate)

    def _flushed(self) -> Iterator[list[bytes]]:
        """Yield what the resampler still holds, and put a fresh one in its place."""
        held = self._resampler.resample(None) if self._clock is not None else []
        self._resampler = self._fresh_resampler()
        yield from (self._rows(r) for r in held if r is not None and r.samples)

    def _rows(self, frame: AudioFrame) -> list[bytes]:
        """Return the samples of each row: a plane is longer than what is in it."""
        size = frame.samples * _SAMPLE_BYTES
        return [bytes(plane)[:size] for plane in frame.planes[: self._planes]]

    def _fresh_resampler(self) -> av.AudioResampler:
        return av.AudioResampler("s16p", "stereo" if self._planes == _STEREO else "mono", self._rate)


def _first_track(container: InputContainer) -> AudioStream:
    stream = container.streams.audio[0]
    if not stream.codec_context.is_open:
        stream.codec_context.thread_count = 1  # a call may be going on beside, and there is no leave for more
    return stream

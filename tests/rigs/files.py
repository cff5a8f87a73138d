"""Recordings of every kind, written for a test."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RATE = 16_000
CODECS = {
    "wav": "pcm_s16le",
    "flac": "flac",
    "mp3": "libmp3lame",
    "m4a": "aac",
    "ogg": "libopus",
    "mp4": "aac",
    "mkv": "libopus",
}
LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


def write(
    path: Path,
    sound: NDArray[np.int16],
    rate: int = RATE,
    *,
    codec: str = "",
    video: bool = False,
    tracks: int = 1,
) -> Path:
    """Write a sound of shape ``(channels, n)`` as the file's name says, or with another codec."""
    with av.open(str(path), "w") as out:
        codec = codec or CODECS[path.suffix[1:]]
        if video:
            pictures = out.add_stream("mpeg4", rate=5)
            pictures.width = pictures.height = 16
        # FFmpeg's own Vorbis encoder calls itself experimental; the better one is not in PyAV.
        options = {"strict": "experimental"} if codec == "vorbis" else {}
        streams = [
            out.add_stream(codec, rate=rate, layout=LAYOUTS[len(sound)], options=options)
            for _ in range(tracks)
        ]
        for stream in streams:
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(sound.T).reshape(1, -1), "s16", LAYOUTS[len(sound)]
            )
            frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), 0
            out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        if video:
            for _ in range(5):
                out.mux(pictures.encode(av.VideoFrame(16, 16, "yuv420p")))
            out.mux(pictures.encode(None))
    return path

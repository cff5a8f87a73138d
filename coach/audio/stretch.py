"""Make what two ears hear of a recording: which side in which ear, and how fast.

Owns the mixing of sides and FFmpeg's ``atempo``. Refuses to know when it is heard.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import av
import av.error
import av.filter
import numpy as np

from coach.audio.block import RATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Sides = Literal["both", "apart", "rep", "customer"]
"""Both in both ears; the rep left and the customer right; one of them alone in both ears."""

_CHUNK = RATE // 20
"""Pieces are at most 50 ms long: a wish that changes waits for no longer one."""


def stretched(sound: Iterator[NDArray[np.int16]], speed: float) -> Iterator[NDArray[np.int16]]:
    """Yield sound so many times as fast with its pitch kept, in short pieces of shape ``(n, 2)``.

    FFmpeg's ``atempo``: overlap and add where the waves fit best (WSOLA), within 16 ms of the true place. At speed 1
    the samples are the very same.
    """
    pieces = sound if speed == 1 else _tempo(sound, speed)
    for piece in pieces:
        for at in range(0, len(piece), _CHUNK):
            yield piece[at : at + _CHUNK]


def _tempo(sound: Iterator[NDArray[np.int16]], speed: float) -> Iterator[NDArray[np.int16]]:
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="s16", layout="stereo", time_base=Fraction(1, RATE))
    tempo, sink = graph.add("atempo", f"{speed:g}"), graph.add("abuffersink")
    source.link_to(tempo)
    tempo.link_to(sink)
    graph.configure()
    fed = 0
    for piece in sound:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece).reshape(1, -1), "s16", "stereo")
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), fed
        fed += len(piece)
        source.push(frame)
        yield from _pulled(sink)
    source.push(None)
    yield from _pulled(sink)


def _pulled(sink: Any) -> Iterator[NDArray[np.int16]]:
    while True:
        try:
            frame = sink.pull()
        except (BlockingIOError, av.error.EOFError):  # wants more; has no more
            return
        yield frame.to_ndarray().reshape(-1, 2)


def ears(sides: NDArray[np.int16], wanted: Sides) -> NDArray[np.int16]:
    """Return what the two ears hear of some sides: shape ``(sides, n)`` to ``(n, 2)``."""
    if wanted == "apart":
        left, right = sides[0], sides[-1]
    elif wanted == "both" and len(sides) > 1:
        both = sides.sum(axis=0, dtype=np.int32)  # people mostly take turns, so a sum is rarely too loud
        left = right = np.clip(both, -32768, 32767).astype(np.int16)
    else:
        left = right = sides[-1 if wanted == "customer" else 0]
    return np.column_stack((left, right))

"""Turn the sound of a call into FLAC, a little at a time, so that what was written last is whole whenever it ends.

Owns the encoder (FFmpeg's, through PyAV) and the head of the file. Refuses to know files and sides. FLAC is a head and
then frames, each with a checksum of its own (RFC 9639, sections 8 and 9): bytes are only ever added, and a file that
ends in the middle of a frame has lost that frame alone.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import av
import numpy as np

from coach.audio.block import RATE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from av.audio.frame import AudioFrame
    from numpy.typing import NDArray

_LAYOUTS: Final = {1: "mono", 2: "stereo"}
_LAST_STREAMINFO: Final = b"\x80"  # the last block before the frames, of the kind STREAMINFO
_INFO_BYTES: Final = 34
_COUNT_AT: Final = 8 + 10
"""Where the head says how many samples there are: 36 bits at the end of these 8 bytes (RFC 9639, section 8.2)."""
_MOST_SAMPLES: Final = 1 << 36


class FlacEncoder:
    """Encode one or two channels of int16 at 16 kHz.

    Args:
        channels: 1 or 2.
    """

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._codec = av.CodecContext.create("flac", "w")
        self._codec.sample_rate = RATE
        self._codec.layout = _LAYOUTS[channels]
        self._codec.format = "s16"
        self._codec.time_base = Fraction(1, RATE)
        self._codec.open()
        self._step = int(self._codec.frame_size)
        self._held = np.zeros((channels, 0), np.int16)
        self.samples = 0
        """How many were encoded, of each channel."""
        info = bytes(self._codec.extradata or b"")[:_INFO_BYTES]
        self.head: Final = b"fLaC" + _LAST_STREAMINFO + len(info).to_bytes(3, "big") + info
        """The first bytes of the file; it does not say how long the sound is."""

    def encode(self, samples: NDArray[np.int16]) -> bytes:
        """Return the frames that these samples complete; the rest is held, less than a tenth of a second.

        Args:
            samples: shape ``(channels, any)``.
        """
        held = np.concatenate((self._held, samples), axis=1)
        whole = held.shape[1] - held.shape[1] % self._step
        self._held = held[:, whole:]
        return b"".join(self._frame(held[:, at : at + self._step]) for at in range(0, whole, self._step))

    def end(self) -> bytes:
        """Return the last frames."""
        last = self._frame(self._held) if self._held.shape[1] else b""
        return last + _written(self._codec.encode(None))

    def length(self) -> tuple[int, bytes]:
        """Return where the head says how long the sound is, and the bytes that say so now."""
        known = int.from_bytes(self.head[_COUNT_AT : _COUNT_AT + 8], "big")
        return _COUNT_AT, (known | self.samples % _MOST_SAMPLES).to_bytes(8, "big")

    def _frame(self, samples: NDArray[np.int16]) -> bytes:
        packed = np.ascontiguousarray(samples.T).reshape(1, -1)
        frame: AudioFrame = av.AudioFrame.from_ndarray(packed, format="s16", layout=_LAYOUTS[self._channels])
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        frame.pts = self.samples
        self.samples += samples.shape[1]
        return _written(self._codec.encode(frame))


def _written(packets: Iterable[Any]) -> bytes:
    return b"".join(bytes(packet) for packet in packets)

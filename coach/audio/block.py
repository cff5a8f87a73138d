"""One contract for microphone, loopback and recording.

A block is a run of samples of one channel at 16 kHz. It says where it begins, counted in samples since the
call began; so a lost buffer is a gap in the count and never a shift of everything after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from coach.call.events import Who

RATE = 16_000
"""Samples a second everywhere behind the sources (Whisper's and Silero's own rate)."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Samples of one channel.

    Args:
        who: the side this channel carries.
        start: index of the first sample, at 16 kHz, since the call began.
        samples: shape ``(n,)``, int16, mono.
    """

    who: Who
    start: int
    samples: NDArray[np.int16]

    @property
    def end(self) -> int:
        """Index of the first sample after this block."""
        return self.start + len(self.samples)


class AudioSource(Protocol):
    """A device that hands blocks in as they come: one side of a call.

    Its blocks count from its own first sample; the live room, which alone owns a clock, places them in the
    call.

    ``deliver`` is called from a thread of the source's own, must return at once, and is never called after
    ``stop`` has returned. ``lost`` is called at most once a loss, with a sentence for the rep.
    """

    who: Who

    @property
    def name(self) -> str:
        """What a person calls the device that is heard."""
        ...

    def start(self, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]) -> None:
        """Open the device and begin. Raises `Trouble` when it cannot be opened."""
        ...

    def stop(self) -> None:
        """Close the device; harmless when closed already."""
        ...


@runtime_checkable
class KeptSource(AudioSource, Protocol):
    """A side that outlives its devices: lost, it looks for one by itself, and may come back through another.

    Blocks of a new device count from nought again. While it is not there `start` does not fail: the side is lost and
    sought; only the rep's very first device must be there.
    """

    def tell(self, opened: Callable[[Who, str, str], None]) -> None:
        """Have ``opened(who, label, identity)`` called before the first block of each device; it returns at once."""
        ...


def to_ms(samples: int) -> int:
    """Whole milliseconds for a count of samples, rounded down."""
    return samples * 1000 // RATE

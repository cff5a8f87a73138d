"""What the line needs from the rooms beside it, as protocols; the composition root brings the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from coach.call.events import Who


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence as it was transcribed; times in milliseconds since the call began."""

    who: Who
    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cue reader makes of a sentence."""

    cues: tuple[str, ...]
    scores: tuple[tuple[str, float], ...]


class VoiceDetector(Protocol):
    """Voice activity of one channel.

    `hear` takes consecutive samples (int16, 16 kHz, any count) and returns changes
    ``(known_sample, speaking, since_sample)`` in order, counted from the first sample it was ever given; block
    sizes change nothing about what comes out.
    """

    def hear(self, samples: NDArray[np.int16]) -> list[tuple[int, bool, int]]:
        """Take the next samples."""
        ...


class Transcriber(Protocol):
    """Turns one closed span of voice into sentences; slow, so it runs on the scribe's thread."""

    def transcribe(
        self, who: Who, start_ms: int, samples: NDArray[np.int16], voiced: list[tuple[int, int]]
    ) -> list[Utterance]:
        """Return the sentences of one span; ``voiced`` holds its spans of voice in ms since the call began."""
        ...


class CueReader(Protocol):
    """Reads cues; keeps the turns before in its own memory, one reader a call, sentences in order."""

    def read(self, who: Who, text: str, start_ms: int, end_ms: int) -> Reading:
        """Return the cues of one sentence."""
        ...

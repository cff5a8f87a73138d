"""What the line needs from the rooms beside it, as protocols; the composition root brings the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from coach.call.events import Who
    from coach.cues.reading import Reading
    from coach.speech.batches import Spoken
    from coach.speech.words import Word


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
    """Turns closed spans of voice into words; slow, so in a call it runs on the scribe's thread."""

    def transcribe(
        self, samples: NDArray[np.int16], start_ms: int, voiced: Sequence[tuple[int, int]]
    ) -> list[Word]:
        """Return the words of one span.

        Args:
            samples: the span with a little quiet around it, int16, 16 kHz.
            start_ms: when ``samples`` begins, in milliseconds since the call began.
            voiced: the spans of voice inside, in milliseconds since the call began.
        """
        ...

    def transcribe_many(self, spans: Sequence[Spoken]) -> list[list[Word]]:
        """Return the words of each of many spans: what a recording has time for; may use threads of its own.

        Args:
            spans: of any sides, those of one side in order of time.
        """
        ...


class CueReader(Protocol):
    """Reads cues; keeps the turns before in its own memory: one reader a call, sentences in order of time."""

    def read(self, who: Who, text: str, start_ms: int | None = None, end_ms: int | None = None) -> Reading:
        """Return the cues of one sentence."""
        ...

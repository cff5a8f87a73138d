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


class RouteHeard(Protocol):
    """How much of the customer reaches the microphone, from a sample of the call on. See `coach.audio.bleed`."""

    @property
    def at(self) -> int:
        """The sample."""
        ...

    @property
    def state(self) -> str:
        """A `coach.call.events.Leak`."""
        ...

    @property
    def correlation(self) -> float:
        """Of the envelopes of both channels, 0 to 1."""
        ...

    @property
    def gap_db(self) -> float:
        """Level of what leaks against the loopback; -inf where nothing does."""
        ...

    @property
    def waits_ms(self) -> int:
        """How long the microphone waits for the loopback."""
        ...


class Stage(Protocol):
    """What stands between the sources of two sides and the ear: it holds and cleans the microphone."""

    def hear(self, who: Who, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        """Take the next samples of a side; return those of it that may go on."""
        ...

    def rest(self, who: Who) -> NDArray[np.int16]:
        """Return what is still held of a side: the sound is over."""
        ...

    def news(self) -> Sequence[RouteHeard]:
        """Return what became known since this was asked last."""
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

"""Stand-ins for the slow rooms: a detector that hears loudness, a scribe that reads from a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coach.audio.block import RATE, Block
from coach.cues.reading import Reading
from coach.speech.words import Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from coach.call.events import Who

LOUD = 1000


class LoudnessDetector:
    """Voice is what is loud: 10 ms frames, known two frames after it began and ten after it ended."""

    def __init__(self) -> None:
        self._held = np.zeros(0, np.int16)
        self._at = 0
        self._run = 0
        self._speaking = False

    def hear(self, samples):
        self._held = np.concatenate((self._held, samples))
        changes = []
        frame = RATE // 100
        while len(self._held) >= frame:
            loud = bool(np.abs(self._held[:frame]).max() >= LOUD)
            self._held = self._held[frame:]
            self._at += frame
            self._run = self._run + 1 if loud != self._speaking else 0
            if self._run == (10 if self._speaking else 2):
                self._speaking = not self._speaking
                changes.append((self._at, self._speaking, self._at - self._run * frame))
                self._run = 0
        return changes


class OneByOne:
    """Many spans are one after the other."""

    def transcribe_many(self, spans):
        return [self.transcribe(s.samples, s.span.from_ms, s.span.voiced) for s in spans]

    def draft(self, samples, said, voiced, *, careful=False):
        """Go on from what is said; those of its words that this span does not hold are of the one before it."""
        heard = [w.text for w in self.transcribe(samples, voiced[0][0], voiced)]
        bare = [[t.rstrip(".,?!") for t in texts] for texts in (said, heard)]
        inside = next(n for n in range(len(said), -1, -1) if bare[0][len(said) - n :] == bare[1][:n])
        return [*said[: len(said) - inside], *heard]


class Script(OneByOne):
    """A transcriber that knows what is said: sentences by the moment at which they begin."""

    def __init__(self, *said: tuple[float, float, str]) -> None:
        self.said = said
        self.spans: list[tuple[int, int]] = []

    def transcribe(self, samples, start_ms, voiced):
        self.spans.append((voiced[0][0], voiced[-1][1]))
        words = []
        for start_s, end_s, text in self.said:
            texts = text.split()
            step = 1000 * (end_s - start_s) / len(texts)
            for i, word in enumerate(texts):
                begin = round(1000 * start_s + i * step)
                if voiced[0][0] <= begin + step / 2 < voiced[-1][1]:
                    words.append(Word(begin, round(begin + step), word))
        return words


class Same(OneByOne):
    """A transcriber that hears the same sentence in every span."""

    def transcribe(self, samples, start_ms, voiced):
        return [Word(voiced[0][0], voiced[-1][1], "Hello.")]


class Keywords:
    """A cue reader for scripts: a cue stands where its own name is said."""

    def read(self, who, text, start_ms=None, end_ms=None):
        names = ("pitch", "need", "question.open", "backchannel", "invited")
        return Reading(tuple(n for n in names if n in text.lower()), ())


class Remembering:
    """A ledger that keeps what it is told."""

    def __init__(self) -> None:
        self.events, self.commands = [], []

    def event(self, event):
        self.events.append(event)

    def command(self, command):
        self.commands.append(command)


def sound(length_s: float, *voices: tuple[float, float]) -> np.ndarray:
    """Return noise where there is a voice, int16, and digital silence elsewhere."""
    samples = np.zeros(round(length_s * RATE), np.int16)
    for start_s, end_s in voices:
        start, stop = round(start_s * RATE), round(end_s * RATE)
        samples[start:stop] = np.where(np.arange(stop - start) % 2, 6000, -6000)
    return samples


def blocks(sides: dict[Who, np.ndarray], block_ms: int = 20) -> Iterator[Block]:
    """Yield two sides in blocks, in turn."""
    size = RATE * block_ms // 1000
    longest = max(len(s) for s in sides.values())
    for start in range(0, longest, size):
        for who, samples in sides.items():
            if start < len(samples):
                yield Block(who, start, samples[start : start + size])


class FakeSource:
    """A device in the hands of a test."""

    def __init__(self, who: Who, fails: Exception | None = None) -> None:
        self.who, self.name = who, f"fake {who}"
        self.fails = fails
        self.deliver: Callable[[Block], None] | None = None
        self.lost: Callable[[Who, str], None] | None = None
        self.starts = 0

    def start(self, deliver, lost):
        if self.fails is not None:
            raise self.fails
        self.deliver, self.lost, self.starts = deliver, lost, self.starts + 1

    def stop(self):
        self.deliver = None

    def give(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            self.deliver(block)


class RulesAlone:
    """A weigher that says nothing: the rules speak alone."""

    def __init__(self):
        self.lines = {}

    def weigh(self, who, said, rules, near, heard):
        return {}

"""Blocks in; changes of voice and closed spans out.

Owns one voice detector and one span cutter a side, and the last minute of sound; what the loudspeakers carry
into the microphone is taken out by a stage in front of it. Refuses to know words, rules and threads: whoever
calls it decides on which thread. What it returns depends on the samples alone, never on
how they were cut into blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coach.audio.block import RATE, Block, to_ms
from coach.live.sturdy import SturdyDetector
from coach.speech.spans import Span, SpanCutter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from coach.call.events import Who
    from coach.live.aside import Aside
    from coach.live.ports import RouteHeard, Stage, VoiceDetector
    from coach.live.sturdy import VoiceFault

KEPT_MS = 30_000
"""Sound is kept this long for spans still open; the cutter closes them long before."""
GAP_STEP = RATE
"""A gap is heard as silence in steps of one second, so that an hour of it never stands in memory."""


@dataclass(frozen=True, slots=True)
class VoiceChange:
    """One side began or ceased to speak at ``since_ms``; known at ``known_ms``."""

    who: Who
    known_ms: int
    speaking: bool
    since_ms: int


@dataclass(frozen=True, slots=True, eq=False)
class SpanToWrite:
    """A closed span with its sound, ready for the scribe: int16, from ``span.from_ms``."""

    who: Who
    span: Span
    samples: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Heard:
    """What one block brought: everything that is known of one side up to ``until_ms``."""

    who: Who
    until_ms: int
    changes: tuple[VoiceChange, ...]
    spans: tuple[SpanToWrite, ...]
    routes: tuple[RouteHeard, ...] = ()


class _Side:
    """One channel: its detector, its cutter, its last sound."""

    def __init__(self, who: Who, detector: VoiceDetector) -> None:
        self.who = who
        self.taken = self.next = 0
        """Samples that came, and those that were heard: the stage in front may still hold some."""
        self.detector = detector
        self._cutter = SpanCutter()
        self._sound: list[Block] = []

    def hear(self, samples: NDArray[np.int16]) -> tuple[list[VoiceChange], list[SpanToWrite]]:
        block = Block(self.who, self.next, samples)
        self._sound.append(block)
        self.next = block.end
        changes, spans = [], []
        for known, speaking, since in self.detector.hear(samples):
            change = VoiceChange(self.who, to_ms(known), speaking, to_ms(since))
            changes.append(change)
            spans += self._cutter.voice(change.known_ms, change.speaking, change.since_ms)
        # A change known in this very millisecond may still come with the next samples: ask up to the one before.
        spans += self._cutter.passed(to_ms(self.next) - 1)
        ready = [self.with_sound(s) for s in spans]
        self._forget()
        return changes, ready

    def end(self) -> list[SpanToWrite]:
        return [self.with_sound(s) for s in self._cutter.end(to_ms(self.next))]

    def so_far(self) -> Span | None:
        return self._cutter.so_far(to_ms(self.next))

    def with_sound(self, span: Span) -> SpanToWrite:
        start, stop = span.from_ms * RATE // 1000, span.to_ms * RATE // 1000
        parts = [
            b.samples[max(0, start - b.start) : max(0, stop - b.start)] for b in self._sound if b.end > start
        ]
        return SpanToWrite(self.who, span, np.concatenate(parts) if parts else np.zeros(0, np.int16))

    def _forget(self) -> None:
        oldest = self.next - KEPT_MS * RATE // 1000
        while self._sound and self._sound[0].end < oldest:
            self._sound.pop(0)


class Ear:
    """Hear every side of one call.

    Args:
        sides: the sides to hear.
        make_detector: gives a fresh voice detector.
        stage: cleans the microphone of what the loudspeakers play; None where there is only one side.
        aside: where these are called, which ends with the ear; None for whatever thread hears.
    """

    def __init__(
        self,
        sides: Iterable[Who],
        make_detector: Callable[[], VoiceDetector],
        stage: Stage | None = None,
        aside: Aside | None = None,
    ) -> None:
        self._aside = aside
        self._sides = {who: _Side(who, make_detector()) for who in sides}
        self._stage = stage

    def hear(self, block: Block) -> Heard:
        """Take the next block of a side; a gap before it is silence, an overlap is heard once."""
        side = self._sides[block.who]
        changes: list[VoiceChange] = []
        spans: list[SpanToWrite] = []
        while side.taken < block.start:
            self._take(side, np.zeros(min(GAP_STEP, block.start - side.taken), np.int16), changes, spans)
        self._take(side, block.samples[max(0, side.taken - block.start) :], changes, spans)
        return self._heard(side, changes, spans)

    def rest(self) -> list[Heard]:
        """Hear what the stage still holds: no more sound will come."""
        if self._stage is None:
            return []
        held = [(side, self._stage.rest(side.who)) for side in self._sides.values()]
        return [self._heard(side, *side.hear(samples)) for side, samples in held if len(samples)]

    def _take(
        self,
        side: _Side,
        samples: NDArray[np.int16],
        changes: list[VoiceChange],
        spans: list[SpanToWrite],
    ) -> None:
        side.taken += len(samples)
        if self._stage is not None:
            samples = self._stage.hear(side.who, samples)
        if len(samples):
            more_changes, more_spans = side.hear(samples)
            changes += more_changes
            spans += more_spans

    def _heard(self, side: _Side, changes: list[VoiceChange], spans: list[SpanToWrite]) -> Heard:
        routes = tuple(self._stage.news()) if self._stage is not None else ()
        return Heard(side.who, to_ms(side.next), tuple(changes), tuple(spans), routes)

    def silence(self, who: Who, until: int) -> Heard:
        """Let a side be silent up to a sample: its device gives nothing."""
        return self.hear(Block(who, until, np.zeros(0, np.int16)))

    def open_span(self, who: Who) -> Span | None:
        """Return the span a side has open, as far as it goes by now; None where nobody has spoken."""
        return self._sides[who].so_far()

    def with_sound(self, who: Who, span: Span) -> SpanToWrite:
        """Return a span of this side with its sound: a copy that another thread may keep."""
        return self._sides[who].with_sound(span)

    def faults(self, who: Who) -> tuple[VoiceFault, ...]:
        """Return, once, what became of the detector of a side that outlives its faults; places in samples heard."""
        detector = self._sides[who].detector
        return detector.faults() if isinstance(detector, SturdyDetector) else ()

    @property
    def heard(self) -> int:
        """The sample up to which every side was heard."""
        return min(side.next for side in self._sides.values())

    def until(self, who: Who) -> int:
        """Return the sample up to which a side has come."""
        return self._sides[who].taken

    def end(self) -> list[SpanToWrite]:
        """Close every open span: the sound is over."""
        return [span for side in self._sides.values() for span in side.end()]

    def let_go(self) -> None:
        """Hear nothing more; harmless when that was said before."""
        if self._aside is not None:
            self._aside.let_go()

"""The straight line for recordings: blocks in, commands out, as fast as the machine can.

Used for recordings, the demo and the tests; a live call has the same ear and the same session on threads of
their own (`coach.live.call`).

Theory of operation. Whoever has the whole recording may look ahead. So what the ear hears is held, and spans are
written as soon as they fill windows (`coach.speech.batches`), which costs a third of writing them one by one;
then what was heard goes down to the session in its order, each span's words before time moves on. While some
windows are written, the ear hears on and the next are begun, so that no core waits for another. What shares a
window is decided at moments of audio time, so neither the size of the blocks nor the speed of the machine
changes anything; nothing waits longer than a stretch for its window to fill, and only so many windows are on
their way, so memory does not grow with the recording.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, Final

from coach.audio.block import to_ms
from coach.speech.batches import filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from coach.audio.block import Block
    from coach.call.events import Who
    from coach.live.ear import Ear, Heard, SpanToWrite
    from coach.live.ports import Transcriber
    from coach.live.session import Session
    from coach.nudges.commands import Command
    from coach.speech.words import Word

    _Writing = tuple[list[SpanToWrite], Future[list[list[Word]]] | None, int]

STANDS_MS: Final = 550
"""In a live call a word is certain so long after it was said (median 0.5 s for the rep, 0.6 s for the customer:
``coach bench live``), and a sentence whose speaker goes on is acted upon then; a recording is coached alike."""

STRETCH_MS: Final = 120_000
"""A span waits so much audio at most for others to share its window: some eight windows of speech, 8 MB of sound."""

LOOKS: Final = 12
"""So often in a stretch it is looked at whether windows are full."""

TOGETHER: Final = 2
"""Windows begun at once: as many as one worker decodes together (`coach.speech.whisper.BATCH`)."""

ON_THEIR_WAY: Final = 6
"""Hearing waits where more than so much is being written: the ear is quicker than any number of writers."""

WRITERS: Final = 4
"""Threads that wait for the words; how many windows are decoded at a time is the transcriber's."""


_FOR_EVER: Final = 1 << 60


class Line:
    """Hand blocks down the line, written in windows that they fill.

    Args:
        ear: hears the blocks.
        session: owns engine and log.
        transcriber: writes spans, and may be asked by several threads; None leaves the call without words.
        stretch_ms: how much audio a span waits for its window to fill, at most.
    """

    def __init__(
        self, ear: Ear, session: Session, transcriber: Transcriber | None, *, stretch_ms: int = STRETCH_MS
    ) -> None:
        self.ear = ear
        self.session = session
        self._transcriber = transcriber
        self._stretch_ms = stretch_ms
        self._look_ms = self._boundary_ms = max(1, stretch_ms // LOOKS)
        self._on_their_way: deque[_Writing] = deque()
        self._heard: deque[Heard] = deque()
        self._unwritten: list[SpanToWrite] = []
        self._words: dict[SpanToWrite, list[Word]] = {}
        self._closed_ms: dict[Who, int] = {}
        self._early: dict[Who, deque[tuple[int, Word]]] = {}
        """Words that a live call would know before their span closes, by the moment at which it would."""

    def run(self, blocks: Iterable[Block]) -> Iterator[tuple[int, list[Command]]]:
        """Take all blocks, then end the call; yield how much audio is done and the commands since.

        Sound that was heard and not yet written counts half.
        """
        with ThreadPoolExecutor(WRITERS, "writer") as writer:
            for block in blocks:
                heard = self.ear.hear(block)
                self._heard.append(heard)
                self._unwritten += heard.spans
                while self._boundary_ms <= (heard_ms := to_ms(self.ear.heard)):
                    # All that closes before the boundary is known: the ear closes nothing in the past.
                    self._begin(writer, self._boundary_ms)
                    self._boundary_ms += self._look_ms
                    yield self._done(heard_ms), self._written(ON_THEIR_WAY)
                yield self._done(heard_ms), []
            for heard in self.ear.rest():
                self._heard.append(heard)
                self._unwritten += heard.spans
            last = self.ear.end()
            self._unwritten += last
            self._begin_last(writer)
            commands = self._written(0)
            for span in last:
                self.session.written(span, self._words.pop(span))
        commands += self.session.end()
        yield self.session.now_ms, commands

    def _begin(self, writer: ThreadPoolExecutor, before_ms: int) -> None:
        """Have spans written that closed before a moment."""
        spans = self._due(_in_order(s for s in self._unwritten if s.span.closed_at_ms < before_ms), before_ms)
        begun = set(spans)
        self._unwritten = [s for s in self._unwritten if s not in begun]
        words = writer.submit(self._write, spans) if spans else None
        self._on_their_way.append((spans, words, self._known_until(before_ms)))

    def _begin_last(self, writer: ThreadPoolExecutor) -> None:
        """Have the rest written."""
        spans, self._unwritten = _in_order(self._unwritten), []
        self._on_their_way.append((spans, writer.submit(self._write, spans), _FOR_EVER))

    def _due(self, spans: list[SpanToWrite], now_ms: int) -> list[SpanToWrite]:
        """Return those that fill windows, where these are enough for a worker; all, where one waited too long."""
        if spans and now_ms - spans[0].span.closed_at_ms > self._stretch_ms - self._look_ms:
            return spans
        full = filled(spans)
        if len(full) < TOGETHER:
            return []
        begun = set(chain(*full))
        return [s for s in spans if s in begun]

    def _known_until(self, before_ms: int) -> int:
        """Return up to when all is known once the spans before a moment are written.

        What is said in a span that closes later may be known before it closes: time waits where that span begins.
        """
        still_open = [span for who in self.session.sides if (span := self.ear.open_span(who)) is not None]
        begun = [span.start_ms for span in [*still_open, *(u.span for u in self._unwritten)]]
        return min([*begun, before_ms])

    def _write(self, spans: list[SpanToWrite]) -> list[list[Word]]:
        return [[] for _ in spans] if self._transcriber is None else self._transcriber.transcribe_many(spans)

    def _written(self, leave: int) -> list[Command]:
        """Send down the line what is written, in the order it was begun; wait until no more than ``leave`` is not."""
        commands: list[Command] = []
        way = self._on_their_way
        while way and (
            sum(w is not None for _, w, _ in way) > leave or way[0][1] is None or way[0][1].done()
        ):
            commands += self._send_down(*way.popleft())
        return commands

    def _send_down(
        self, spans: list[SpanToWrite], words: Future[list[list[Word]]] | None, until_ms: int
    ) -> list[Command]:
        """Send down the line what was heard until a moment, as it was heard, with the words of these spans."""
        for span, of_span in zip(spans, words.result() if words is not None else (), strict=True):
            self._words[span] = self._keep_early(span, of_span)
        commands: list[Command] = []
        while self._heard and self._heard[0].until_ms <= until_ms:
            heard = self._heard.popleft()
            self.session.take(heard)
            for span in heard.spans:
                # Written before time moves on: in a recording the scribe is always in time.
                self._hand_out_early(heard.who, span.span.closed_at_ms - 1)
                self.session.written(span, self._words.pop(span))
            self._hand_out_early(heard.who, heard.until_ms)
            commands += self.session.release()
        return commands

    def _keep_early(self, span: SpanToWrite, words: list[Word]) -> list[Word]:
        """Keep the words that stand while the span is open; return those that are known when it closes.

        A word stands with its mark when the word behind it does, and never before the span in front has closed.
        """
        before_ms = self._closed_ms.get(span.who, 0)
        self._closed_ms[span.who] = span.span.closed_at_ms + 1
        known = [max(before_ms, after.end_ms + STANDS_MS) for after in words[1:]]
        early = [(at, word) for at, word in zip(known, words, strict=False) if at < span.span.closed_at_ms]
        self._early.setdefault(span.who, deque()).extend(early)
        return words[len(early) :]

    def _hand_out_early(self, who: Who, until_ms: int) -> None:
        early = self._early.setdefault(who, deque())
        while early and early[0][0] <= until_ms:
            known_ms, word = early.popleft()
            self.session.written_early(who, [word], known_ms)

    def _done(self, heard_ms: int) -> int:
        return (heard_ms + self.session.now_ms) // 2


def _in_order(spans: Iterable[SpanToWrite]) -> list[SpanToWrite]:
    """Return spans in an order that no block size knows of."""
    return sorted(spans, key=lambda s: (s.span.closed_at_ms, s.who.value, s.span.start_ms))

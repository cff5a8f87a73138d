"""The straight line for recordings: blocks in, commands out, as fast as the machine can.

Used for recordings, the demo and the tests; a live call has the same ear and the same session on threads of
their own (`coach.live.call`).

Theory of operation. Whoever has the whole recording may look ahead. So what the ear hears is held for a stretch of
audio; the spans that closed in it are written together, which costs a third of writing them one by one; then
the stretch goes down to the session as it was heard, each span's words before time moves on. While one stretch
is written, the ear hears the next. Stretches are cut by audio time, so the size of the blocks changes nothing,
and only two are ever in memory, however long the recording.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from coach.audio.block import to_ms

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

    _Writing = tuple[list[SpanToWrite], Future[list[list[Word]]], int]

STANDS_MS: Final = 550
"""In a live call a word is certain so long after it was said (median 0.5 s for the rep, 0.6 s for the customer:
``coach bench live``), and a sentence whose speaker goes on is acted upon then; a recording is coached alike."""

STRETCH_MS: Final = 120_000
"""Spans that close within so much audio are written together: some eight windows of speech, 8 MB of sound."""


_FOR_EVER: Final = 1 << 60


class Line:
    """Hand blocks down the line, a stretch at a time.

    Args:
        ear: hears the blocks.
        session: owns engine and log.
        transcriber: writes spans; None leaves the call without words.
        stretch_ms: how much audio is written together.
    """

    def __init__(
        self, ear: Ear, session: Session, transcriber: Transcriber | None, *, stretch_ms: int = STRETCH_MS
    ) -> None:
        self.ear = ear
        self.session = session
        self._transcriber = transcriber
        self._stretch_ms = self._boundary_ms = stretch_ms
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
        writing: _Writing | None = None
        with ThreadPoolExecutor(1, "writer") as writer:
            for block in blocks:
                heard = self.ear.hear(block)
                self._heard.append(heard)
                self._unwritten += heard.spans
                while self._boundary_ms <= (heard_ms := to_ms(self.ear.heard)):
                    commands = self._written(writing)
                    # All that closes before the boundary is known: the ear closes nothing in the past.
                    writing = self._begin(writer, self._boundary_ms)
                    self._boundary_ms += self._stretch_ms
                    yield self._done(heard_ms), commands
                yield self._done(heard_ms), []
            commands = self._written(writing)
            for heard in self.ear.rest():
                self._heard.append(heard)
                self._unwritten += heard.spans
            last = self.ear.end()
            self._unwritten += last
            commands += self._written(self._begin(writer, None))
            for span in last:
                self.session.written(span, self._words.pop(span))
        commands += self.session.end()
        yield self.session.now_ms, commands

    def _begin(self, writer: ThreadPoolExecutor, before_ms: int | None) -> _Writing:
        """Have the spans written that closed before a moment, in an order that no block size knows of."""
        spans = sorted(
            (s for s in self._unwritten if before_ms is None or s.span.closed_at_ms < before_ms),
            key=lambda s: (s.span.closed_at_ms, s.who.value, s.span.start_ms),
        )
        self._unwritten = [s for s in self._unwritten if s not in set(spans)]
        return spans, writer.submit(self._write, spans), self._known_until(before_ms)

    def _known_until(self, before_ms: int | None) -> int:
        """Return up to when all is known once the spans before a moment are written.

        What is said in a span that closes later may be known before it closes: time waits where that span begins.
        """
        if before_ms is None:
            return _FOR_EVER
        still_open = [span for who in self.session.sides if (span := self.ear.open_span(who)) is not None]
        begun = [span.start_ms for span in [*still_open, *(u.span for u in self._unwritten)]]
        return min([*begun, before_ms])

    def _write(self, spans: list[SpanToWrite]) -> list[list[Word]]:
        return [[] for _ in spans] if self._transcriber is None else self._transcriber.transcribe_many(spans)

    def _written(self, writing: _Writing | None) -> list[Command]:
        """Wait for a stretch to be written and send down the line what was heard until then, as it was heard."""
        if writing is None:
            return []
        spans, words, until_ms = writing
        for span, of_span in zip(spans, words.result(), strict=True):
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

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
    from coach.live.ear import Ear, Heard, SpanToWrite
    from coach.live.ports import Transcriber
    from coach.live.session import Session
    from coach.nudges.commands import Command
    from coach.speech.words import Word

    _Writing = tuple[list[SpanToWrite], Future[list[list[Word]]]]

STRETCH_MS: Final = 120_000
"""Spans that close within so much audio are written together: some eight windows of speech, 8 MB of sound."""


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
        return spans, writer.submit(self._write, spans)

    def _write(self, spans: list[SpanToWrite]) -> list[list[Word]]:
        return [[] for _ in spans] if self._transcriber is None else self._transcriber.transcribe_many(spans)

    def _written(self, writing: _Writing | None) -> list[Command]:
        """Wait for a stretch to be written and send down the line what was heard until then, as it was heard."""
        if writing is None:
            return []
        spans, words = writing
        self._words.update(zip(spans, words.result(), strict=True))
        commands: list[Command] = []
        while self._heard and all(s in self._words for s in self._heard[0].spans):
            heard = self._heard.popleft()
            self.session.take(heard)
            for span in heard.spans:
                # Written before time moves on: in a recording the scribe is always in time.
                self.session.written(span, self._words.pop(span))
            commands += self.session.release()
        return commands

    def _done(self, heard_ms: int) -> int:
        return (heard_ms + self.session.now_ms) // 2

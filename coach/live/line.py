"""The straight line without threads: blocks in, commands out, as fast as the machine can.

Used for recordings, the demo and the tests; a live call has the same ear and the same session on threads of
their own (`coach.live.call`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coach.audio.block import Block
    from coach.live.ear import Ear, SpanToWrite
    from coach.live.ports import Transcriber
    from coach.live.session import Session
    from coach.nudges.commands import Command
    from coach.speech.words import Word


class Line:
    """Hand blocks down the line, one after the other.

    Args:
        ear: hears the blocks.
        session: owns engine and log.
        transcriber: writes spans; None leaves the call without words.
    """

    def __init__(self, ear: Ear, session: Session, transcriber: Transcriber | None) -> None:
        self.ear = ear
        self.session = session
        self._transcriber = transcriber

    def run(self, blocks: Iterable[Block]) -> Iterator[tuple[int, list[Command]]]:
        """Take all blocks, then end the call; yield the audio time reached and the commands since."""
        for block in blocks:
            yield self.push(block)
        yield self.end()

    def push(self, block: Block) -> tuple[int, list[Command]]:
        """Take one block."""
        heard = self.ear.hear(block)
        self.session.take(heard)
        for span in heard.spans:
            # Written before time moves on: in a recording the scribe is always in time.
            self._write(span)
        return self.session.now_ms, self.session.release()

    def end(self) -> tuple[int, list[Command]]:
        """The sound is over."""
        for span in self.ear.end():
            self._write(span)
        commands = self.session.end()
        return self.session.now_ms, commands

    def _write(self, to_write: SpanToWrite) -> None:
        words: list[Word] = []
        if self._transcriber is not None:
            span = to_write.span
            words = self._transcriber.transcribe(to_write.samples, span.from_ms, span.voiced)
        self.session.written(to_write, words)

"""Listen for the questions a rep planned, beside a live call and never in its way.

Owns one thread, ``coach-planned``: it takes the rep's sentences as they become known and has them compared with what
was planned. Refuses to know how they are compared, and where an answer is written. A nudge never waits for it, and a
call goes on without it.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from coach.call.events import SentenceHeard, Who
from coach.call.plan import QuestionHeard, QuestionTicked
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from coach.call.events import Event
    from coach.call.plan import Answer

PATIENCE_S: Final = 20.0
"""A call that ends waits so long for its last sentences: a sentence takes 14 ms."""


class Matched(Protocol):
    """A question by its place in the list, and how alike a sentence is."""

    @property
    def question(self) -> int:
        """Its place."""
        ...

    @property
    def score(self) -> float:
        """Up to 1."""
        ...


class Matcher(Protocol):
    """Whatever knows a planned question again."""

    def match(self, text: str, cues: Collection[str]) -> Matched | None:
        """Return the question that a sentence asks; None for none."""
        ...


class _Said(NamedTuple):
    at_ms: int
    sentence: SentenceHeard


class PlannedEar:
    """Hear planned questions in one call.

    Args:
        make: makes what compares; on this thread, for it takes a while. None where nothing is listened for.
        tell: is told of each answer, in order, on whichever thread it came from.
    """

    def __init__(self, make: Callable[[], Matcher] | None, tell: Callable[[Answer], None]) -> None:
        self._make, self._tell = make, tell
        self._waiting: queue.SimpleQueue[_Said | None] = queue.SimpleQueue()
        self._change = threading.Lock()
        self._answers: list[Answer] = []
        self._over = False
        self.note = ""
        """Why nothing is listened for, in a sentence; empty where all is well."""
        self._thread: threading.Thread | None = None
        if make is not None:
            self._thread = threading.Thread(target=self._run, name="coach-planned", daemon=True)
            self._thread.start()

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What was heard and ticked so far."""
        with self._change:
            return tuple(self._answers)

    def hear(self, event: Event) -> None:
        """Take what happened; returns at once."""
        if self._thread is not None and isinstance(event, SentenceHeard) and event.who is Who.REP:
            self._waiting.put(_Said(event.at_ms, event))

    def tick(self, question: int, at_ms: int, *, asked: bool) -> None:
        """Take a tick by hand, or take it away."""
        self._answer(QuestionTicked(at_ms, question, asked))

    def stop(self, patience_s: float = PATIENCE_S) -> None:
        """Look at what is left for so long, then listen no more."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(patience_s)
        with self._change:
            self._over = True

    def _run(self) -> None:
        assert self._make is not None  # noqa: S101 - the thread is only made where there is something to make
        try:
            matcher = self._make()
        except Trouble as trouble:
            self.note = trouble.sentence
            return
        while (said := self._waiting.get()) is not None:
            found = matcher.match(said.sentence.text, said.sentence.cues)
            if found is not None:
                self._answer(QuestionHeard(said.at_ms, found.question, said.sentence.start_ms, found.score))

    def _answer(self, answer: Answer) -> None:
        with self._change:
            if self._over:
                return
            self._answers.append(answer)
            self._tell(answer)

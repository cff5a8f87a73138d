"""What is to be written next, and how much of it this machine can bear.

Owns the order of the scribe's work and its pace; the words of each side while they are being said. Refuses to know
devices and rules. The listener's thread hands spans in and never waits; the scribe's thread takes one piece of work
after the other. Once the model is there nothing can pile up: of a span that goes on only the newest state is kept,
and of closed spans only so much sound as could still matter.

Theory of operation. While somebody speaks, the span so far is drafted at every `STEPS`, and at once when the voice
stops. Drafts may take half of the scribe's time: where they cost more, the step widens. Where work still waits longer
than `LATE_S`, drafts stop and only closed spans are written; where these pile up, the oldest are given up, and what
the voice alone tells still counts. After `CALM_S` without waiting, drafts begin again.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach.audio.block import RATE
from coach.call.events import Who
from coach.speech.streaming import NoDrafter, Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coach.live.ear import SpanToWrite
    from coach.speech.spans import Span
    from coach.speech.streaming import Draft, Drafter
    from coach.speech.words import Word

    Watch = Callable[[Who, Draft], None]

STEPS: Final = {Who.REP: 400, Who.CUSTOMER: 500}
"""Milliseconds of new voice before the next draft; the rep first, whose words the coach must be quick about.

Source: simulated on d01 and d03. Nineteen words in twenty stand within 0.9 to 1.0 s; with a step of 800 ms for the
customer theirs stand within 1.6 s, for a seventh less work.
"""

STOPPED_MS: Final = 200
"""A voice that is back sooner than this has not stopped: the careful draft of a stop costs two of the others."""

SHARE: Final = 0.5
"""Drafts may take so much of the scribe's time while somebody speaks."""

WIDEST_MS: Final = 1_500
"""Beyond this step a draft tells hardly more than the pauses do."""

LATE_S: Final = 1.5
"""Work that waited longer than this is late: a nudge is due about a second after the sentence."""

CALM_S: Final = 10.0
"""So long without lateness, and drafts begin again."""

BEHIND_S: Final = 20.0
"""Sound of closed spans waiting beyond this is given up, oldest first: a nudge about it would come too late."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A piece of work: a closed span, or (``draft``) one that is still open. ``since_s`` is when it was handed in."""

    to_write: SpanToWrite
    draft: bool
    since_s: float


class Scribe:
    """Keep the work of one call, and the words of its sides.

    Args:
        sides: the sides of the call, the first served first.
        clock: monotonic seconds.
        watch: is told of every draft, on the scribe's thread; for measuring.
    """

    def __init__(self, sides: Iterable[Who], clock: Callable[[], float], watch: Watch | None = None) -> None:
        self.drafting = True
        """False while this machine is too busy for drafts."""
        self.waiting_s = 0.0
        """Seconds of sound in closed spans that wait to be written."""
        self.given_up = 0
        self._sides = tuple(sides)
        self._clock = clock
        self._watch = watch
        self._closed: deque[Job] = deque()
        self._open: dict[Who, Job] = {}
        self._offered: dict[Who, Span] = {}
        self._steps = {who: STEPS[who] for who in self._sides}
        self._streams: dict[Who, Stream] = {}
        self._resting: dict[Who, Stream] = {}
        self._work = threading.Condition()
        self._ended = False
        self._ready_s: float | None = None
        self._late_s = 0.0

    # The listener's side.

    def wants(self, who: Who, span: Span) -> bool:
        """Say whether the span so far is worth a draft: its voice has gone on, or stopped."""
        if not self.drafting or self._ready_s is None:
            return False
        if not span.goes_on and span.closed_at_ms - span.end_ms < STOPPED_MS:
            return False
        last = self._offered.get(who)
        if last is None or last.start_ms != span.start_ms:
            return not span.goes_on or span.end_ms - span.start_ms >= self._steps[who]
        if not span.goes_on:
            return last.goes_on or last.end_ms != span.end_ms
        return span.end_ms - last.end_ms >= self._steps[who]

    def offer(self, to_write: SpanToWrite) -> None:
        """Take the newest state of an open span; an older one that still waits is forgotten."""
        with self._work:
            self._offered[to_write.who] = to_write.span
            self._open[to_write.who] = Job(to_write, draft=True, since_s=self._clock())
            self._work.notify()

    def close(self, to_write: SpanToWrite) -> None:
        """Take a closed span, which has to be written."""
        with self._work:
            waiting = self._open.get(to_write.who)
            if waiting is not None and waiting.to_write.span.start_ms < to_write.span.end_ms:
                del self._open[to_write.who]
            self._closed.append(Job(to_write, draft=False, since_s=self._clock()))
            self.waiting_s += len(to_write.samples) / RATE
            self._work.notify()

    def end(self) -> None:
        """Nothing more comes; what waits is still written."""
        with self._work:
            self._ended = True
            self._work.notify()

    # The scribe's side.

    def ready(self, drafter: Drafter | None) -> None:
        """Begin to write; without a drafter every span has no words."""
        self._ready_s = self._clock()
        self._streams = (
            {}
            if drafter is None
            else {
                who: before.through(drafter)
                if (before := self._resting.get(who)) is not None
                else Stream(drafter, self._watching(who))
                for who in self._sides
            }
        )

    def rest(self) -> None:
        """Let go of the drafter: there will be another, which goes on where this one was, or none."""
        self._resting |= {who: stream.through(NoDrafter()) for who, stream in self._streams.items()}
        self._ready_s, self._streams = None, {}

    def let_go(self) -> None:
        """Let go of the drafter and of all that was kept for it: nothing more will be written."""
        self._ready_s, self._streams, self._resting = None, {}, {}

    def drop(self, who: Who) -> None:
        """Forget the open words of a side: its span was given up, and the next would go on from them."""
        for streams in (self._streams, self._resting):
            if who in streams:
                streams[who].drop()

    @property
    def wordless(self) -> bool:
        """Say whether there is no drafter now."""
        return not self._streams

    @property
    def idle(self) -> bool:
        """Say whether nothing waits to be written."""
        with self._work:
            return not self._closed and not self._open

    def take(self) -> Job | None:
        """Wait for the next piece of work; None at the end."""
        with self._work:
            while (job := self._next()) is None:
                if self._ended:
                    return None
                self._work.wait()
            return job

    def poll(self) -> Job | None:
        """Return the next piece of work there is by now; None without one."""
        with self._work:
            return self._next()

    def write(self, job: Job) -> list[Word]:
        """Do a piece of work; return the words that are certain now, each once.

        Raises whatever the drafter raises; then the work may be done again, or `drop` is to be called.
        """
        who, span = job.to_write.who, job.to_write.span
        stream = self._streams.get(who)
        if stream is None:
            return []
        if job.draft:
            return stream.draft(job.to_write.samples, span)
        if self.waiting_s > BEHIND_S:
            self.given_up += 1
            self.drafting, self._late_s = False, self._clock()
            stream.drop()
            return []
        return stream.finish(job.to_write.samples, span)

    def done(self, job: Job, began_s: float) -> None:
        """Take note of what a piece of work cost, begun at ``began_s``, and keep a pace this machine can bear."""
        now = self._clock()
        if job.draft:
            wanted = round(1000 * (now - began_s) / SHARE)
            self._steps[job.to_write.who] = min(WIDEST_MS, max(STEPS[job.to_write.who], wanted))
        else:
            with self._work:
                self.waiting_s = max(0.0, self.waiting_s - len(job.to_write.samples) / RATE)
        # What came while the model was loading had to wait for that, not for a busy machine.
        counts = self._ready_s is not None and job.since_s >= self._ready_s
        if counts and now - job.since_s > LATE_S:
            self.drafting, self._late_s = False, now
        elif not self.drafting and now - self._late_s > CALM_S:
            self.drafting = True

    def _next(self) -> Job | None:
        if self._closed:
            return (
                self._closed.popleft()
            )  # in the order of the call, which is the order in which cues are read
        return next((self._open.pop(who) for who in self._sides if who in self._open), None)

    def _watching(self, who: Who) -> Callable[[Draft], None] | None:
        if (watch := self._watch) is None:
            return None
        return lambda draft: watch(who, draft)

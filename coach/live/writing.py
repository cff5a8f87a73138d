"""The scribe's threads: words are written for as long as there is something to write them with.

Owns the loading of the model, its end and its new beginning, and a watch over work that never ends. Refuses to know
what is to be written next (`coach.live.scribe`) and what becomes of the words.

Theory of operation. A model that fails is let go; after a rest (`coach.live.restarts`) a fresh one is loaded, and the
span that it failed on is tried once more: another failure, and its words are missed, which is told. Spans that close
meanwhile wait. Work that hangs cannot be ended in Python: its thread is left to itself, what it may still bring is
thrown away, and another thread begins with a model of its own. Where it comes back after all, the machine was only
slow, and the watch is twice as patient from then on. At most `MOST_LEFT` threads are left to themselves: each holds a
model. Once all is written the model is let go at once: whoever still holds the call does not hold it too.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from coach.language import Sentence, in_a_row
from coach.live.restarts import Restarts, Watchdog
from coach.live.slack import Slack
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.live.scribe import Job, Scribe
    from coach.speech.streaming import Drafter
    from coach.speech.words import Word

HANG_S: Final = 20.0
"""A span lasts 30 s at most, and a machine that needs 20 s for one is no help in a call."""
LOAD_HANG_S: Final = 120.0
"""A model that is read from a slow disk on a busy machine takes half a minute."""
MOST_LEFT: Final = 2
NO_WORDS: Final = "Words cannot be written right now. Talk time and monologue still count."
WORDS_OVER: Final = "Words are not written any more in this call. Talk time and monologue still count."

_log = logging.getLogger(__name__)


class Writer:
    """Write what the scribe has to write, on a thread at a time.

    Args:
        scribe: has the work.
        load: loads the model; None for a call without words.
        clock: monotonic seconds.
        tell: is told a code and a sentence of trouble, or None for the sentence where it is over; from any thread.
        written: is handed each piece of work, its words, and whether they are missed; from any thread.
        ended: is called once, when all is written.
        restarts: counts its lives.
        hang_s: work that takes longer hangs.
        slack: is told of calm moments, on the thread that writes.
    """

    def __init__(  # noqa: PLR0917 - the parts of a call, in the order of the line
        self,
        scribe: Scribe,
        load: Callable[[], Drafter] | None,
        clock: Callable[[], float],
        tell: Callable[[str, str | None], None],
        written: Callable[[Job, list[Word], bool], None],
        ended: Callable[[], None],
        *,
        restarts: Restarts | None = None,
        hang_s: float = HANG_S,
        slack: Slack | None = None,
    ) -> None:
        self.restarts = restarts or Restarts()
        self.ready = threading.Event()
        """The model was there, or it is known that none will be."""
        self.missed = 0
        """Spans whose words are not known."""
        self.threads: list[threading.Thread] = []
        self._scribe, self._clock = scribe, clock
        self._slack = slack or Slack(clock)
        self.load = load
        self._tell, self._written, self._ended = tell, written, ended
        self._watch, self._load_watch = Watchdog(hang_s), Watchdog(max(hang_s, LOAD_HANG_S))
        self._lock = threading.RLock()
        self._hurry = threading.Event()
        self._own = 0
        """Number of the thread that writes; what another one brings is thrown away."""
        self._busy: Job | None = None
        self._loading: object | None = None
        self._over = False
        self._left = 0
        self._well = True

    def start(self) -> None:
        """Begin."""
        with self._lock:
            self._own += 1
            thread = threading.Thread(target=self._run, args=(self._own,), name="coach-scribe", daemon=True)
            self.threads.append(thread)
            thread.start()

    def hurry(self) -> None:
        """Rest no more: the call is about to end."""
        self._hurry.set()

    def look(self) -> None:
        """Look whether the work hangs; to be called every now and then, from any thread."""
        with self._lock:
            now_s = self._clock()
            hung = self._watch.look(now_s, self._busy)
            if (self._load_watch.look(now_s, self._loading) or hung) and not self._over:
                self._leave()

    def give_up(self) -> None:
        """End at once: what is not written by now is missed."""
        with self._lock:
            if self._over:
                return
            self._own += 1
            self._scribe.ready(None)
            self._scribe.end()
            if (job := self._busy) is not None:
                self._hand_on(job, [], missed=True)
            while (waiting := self._scribe.take()) is not None:
                self._hand_on(waiting, [], missed=True)
            self._finish()

    # On the thread that writes.

    def _run(self, own: int) -> None:
        try:
            self._begin(own)
            again: Job | None = None
            while not self._stale(own) and (job := again or self._scribe.take()) is not None:
                again = self._write(own, job, first=again is None)
                if not job.draft and self._scribe.idle:  # a speaker has stopped, and nobody waits for words
                    self._slack.calm()
        except Exception:  # noqa: BLE001 - nothing may leave the call without its end
            _log.exception("the scribe's thread failed")
            self.give_up()
        with self._lock:
            if own == self._own:
                self._finish()
            elif not self._over:
                self._watch.widen()

    def _write(self, own: int, job: Job, *, first: bool) -> Job | None:
        """Do a piece of work; return it where it is to be done again."""
        began_s, given_up = self._clock(), self._scribe.given_up
        with self._lock:
            if own != self._own:
                return None
            self._busy = job
        words: list[Word] = []
        failed = False
        try:
            words = self._scribe.write(job)
        except Exception:  # noqa: BLE001 - the call comes first: a failed decode costs its words, never the call
            _log.exception("a span could not be written")
            failed = True
        with self._lock:
            if own != self._own:
                return None
            self._busy = None
            again = failed and first and not job.draft
            if not again:
                missed = failed or self._scribe.given_up > given_up or self._scribe.wordless
                if failed and not job.draft:
                    self._scribe.drop(job.to_write.who)
                self._scribe.done(job, began_s)
                self._hand_on(job, words, missed=missed and self.load is not None)
            if not failed:
                self._be_well()
        if failed:
            self._fail()
            self._begin(own)
        return job if again else None

    def _begin(self, own: int) -> None:
        """Have a model, or know that there is none."""
        drafter: Drafter | None = None
        while drafter is None and self.load is not None and not self.restarts.over:
            with self._lock:
                if own != self._own:
                    return
                self._loading = object()
            try:
                drafter = self.load()
            except Trouble as trouble:
                self.restarts.give_up()
                self._tell("no_words", in_a_row(trouble.sentence, Sentence(NO_WORDS)))
            except Exception:  # noqa: BLE001 - the call comes first: it goes on with the voice alone
                _log.exception("the speech model could not be loaded")
                if not self._stale(own):
                    self._fail()
        with self._lock:
            self._loading = None
            if own != self._own:
                return
            self.restarts.begun(self._clock())
            self._scribe.ready(drafter)
            if not self.ready.is_set():
                self.ready.set()
                self._tell("model_loading", None)

    def _fail(self) -> None:
        """Take note of a death, say so, and rest."""
        rest_s = self._die()
        if rest_s:
            self._hurry.wait(rest_s)

    def _die(self) -> float | None:
        with self._lock:
            self._loading = None
            self._scribe.rest()
            rest_s = self.restarts.died(self._clock())
            was_well, self._well = self._well, False
            if rest_s is None:
                self._tell("words_over", WORDS_OVER)
            elif was_well:
                self._tell("no_words", NO_WORDS)
            return rest_s

    def _be_well(self) -> None:
        if not self._well and not self.restarts.over:
            self._well = True
            self._tell("no_words", None)

    def _hand_on(self, job: Job, words: list[Word], *, missed: bool) -> None:
        missed = missed and not job.draft
        self.missed += missed
        self._written(job, words, missed)

    def _leave(self) -> None:
        """Leave a thread that hangs to itself, and begin another."""
        _log.error("the scribe hangs and is left to itself")
        job, self._busy = self._busy, None
        self._left += 1
        self._die()
        if job is not None:
            self._scribe.done(job, self._clock())
            if not job.draft:
                self._scribe.drop(job.to_write.who)
            self._hand_on(job, [], missed=True)
        if self._left > MOST_LEFT and not self.restarts.over:
            self.restarts.give_up()
            self._tell("words_over", WORDS_OVER)
        self.start()

    def _stale(self, own: int) -> bool:
        with self._lock:
            return own != self._own

    def _finish(self) -> None:
        if not self._over:
            self._over = True
            self._scribe.let_go()
            self._ended()

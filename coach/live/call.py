"""A live call: the straight line on threads of its own.

Owns the threads and their end. The devices' callbacks fill the mailbox; the *listener* turns blocks into voice;
the *scribe* turns voice into words while somebody still speaks; the *session* owns engine and log and hands commands
out. Each has a name, one inbox and one way to end: a stop lets every one of them finish what it holds.
"""

from __future__ import annotations

import logging
import queue
import threading
from functools import partial
from typing import TYPE_CHECKING

from coach.audio.block import KeptSource, to_ms
from coach.audio.clocks import always_s
from coach.call.events import Who
from coach.live.listener import Listener, Steps
from coach.live.mailbox import Arrival, Loss, Mailbox, Opened, Resumed
from coach.live.player import PlayedSide
from coach.live.scribe import Scribe
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coach.audio.block import AudioSource
    from coach.call.meters import Meters
    from coach.live.ear import Ear, Heard, SpanToWrite
    from coach.live.listener import Back
    from coach.live.scribe import Job, Watch
    from coach.live.session import Session
    from coach.nudges.commands import Command
    from coach.speech.streaming import Drafter
    from coach.speech.words import Word

LISTEN_S = 0.25
"""The listener looks up this often when nothing comes: a side that gives nothing is silent after a second."""
LOADING_S = 3.0
"""So much speech waiting for the model to load is worth a sentence."""
LOADING = "The speech model is still loading. Talk time and monologue count already."
MUTED = "The microphone gives silence. Is it muted, or is permission missing?"
LATE = "This computer is busy, so words come late. Talk time and monologue still count."
NO_WORDS = "Words cannot be written right now. Talk time and monologue still count."

_LAST_WORDS = 2
"""The session ends when listener and scribe have each said that they have."""

_CUT_OFF_S = 10.0
"""A session that is cut off has only to put down what it holds, which takes milliseconds."""

_log = logging.getLogger(__name__)


class LiveCall:
    """Run one call.

    Args:
        sources: the devices, one a side.
        ear: hears them.
        session: owns engine and log; only the session thread touches it once started.
        load_transcriber: loads the speech model, on the scribe's thread; None for a call without words.
        show: takes commands, on the session thread; returns at once.
        clock: monotonic seconds, which count while the machine sleeps.
        watch: is told of every draft, on the scribe's thread; for measuring.
        glance: is shown the meters after every step, on the session thread; returns at once.
    """

    def __init__(  # noqa: PLR0917 - the parts of a call, in the order of the line
        self,
        sources: Sequence[AudioSource],
        ear: Ear,
        session: Session,
        load_transcriber: Callable[[], Drafter] | None,
        show: Callable[[list[Command]], None],
        clock: Callable[[], float] = always_s,
        watch: Watch | None = None,
        glance: Callable[[Meters], None] | None = None,
    ) -> None:
        self.ended = threading.Event()
        self._sources = tuple(sources)
        self._played = any(isinstance(s, PlayedSide) for s in self._sources)
        self._ear = ear
        self._session = session
        self._load = load_transcriber
        self._show = show
        self._glance = glance
        self._clock = clock
        self.mailbox = Mailbox(clock)
        for source in self._sources:
            if isinstance(source, KeptSource):
                source.tell(self.mailbox.opened)
        self._inbox: queue.SimpleQueue[Callable[[], list[Command]] | None] = queue.SimpleQueue()
        self.scribe = Scribe([s.who for s in self._sources], clock, watch)
        self._ready = threading.Event()
        self.slowed = 0
        """How often this machine was too busy for drafts; the rep is told the first time."""
        self._late = self._cut_off = False
        self._listener: Listener | None = None
        self._steps = Steps()
        self._threads = [
            threading.Thread(target=target, name=f"coach-{name}", daemon=True)
            for name, target in (("listener", self._listen), ("scribe", self._write), ("session", self._run))
        ]

    def start(self, call_type: str, planned_ms: int) -> None:
        """Open the devices and begin.

        Raises:
            Trouble: when the microphone cannot be opened. A loopback that cannot be opened is told about, and
                the call goes on with the microphone alone.
        """
        self._listener = Listener(self._ear, [s.who for s in self._sources], self._clock())
        self._inbox.put(lambda: self._session.start(call_type, planned_ms))
        self._open()
        for thread in self._threads:
            thread.start()

    def pause(self) -> None:
        """Close the devices; time goes on."""
        for source in self._sources:
            source.stop()
        self._inbox.put(self._session.paused)

    def resume(self) -> None:
        """Open the devices again. Raises `Trouble` as `start` does."""
        self._inbox.put(self._session.resumed)
        self.mailbox.resumed()
        self._open()

    def dismiss(self, rule: str) -> None:
        """The rep waved a nudge away."""
        self._inbox.put(lambda: self._session.dismissed(rule))

    def unhelpful(self, rule: str) -> None:
        """The rep said that a nudge did not help."""
        self._inbox.put(lambda: self._session.unhelpful(rule))

    def not_now(self) -> None:
        """The rep asked for quiet until the end of the call."""
        self._inbox.put(self._session.not_now)

    def stop(self, wait_s: float = 60.0) -> None:
        """Close the devices, let everything that was said be written, end the call."""
        for source in self._sources:
            source.stop()
        self.mailbox.close()
        self.ended.wait(wait_s)
        for thread in () if self._cut_off else self._threads:
            # A thread that frees the model while the interpreter shuts down takes the process with it.
            thread.join(wait_s)

    def release(self) -> threading.Event:
        """Let every device go at once, each on a thread of its own; return what says that all have.

        Nothing else of the call is waited for, whatever else may hang. From any thread.
        """
        self.mailbox.shut()
        free = threading.Event()
        left = [source.who for source in self._sources]
        counting = threading.Lock()

        def let_go(source: AudioSource) -> None:
            source.stop()
            with counting:
                left.remove(source.who)
                if not left:
                    free.set()

        for source in self._sources:
            threading.Thread(
                target=let_go, args=(source,), name=f"coach-let-go-{source.who}", daemon=True
            ).start()
        return free

    def break_off(self, patience_s: float) -> None:
        """End the call, and wait for words no longer than this many seconds; the devices are let go already."""
        self.mailbox.close()
        if self.ended.wait(patience_s):
            return
        self._cut_off = True
        for _ in range(_LAST_WORDS):
            self._inbox.put(None)  # for the threads that do not come to their end
        self.ended.wait(_CUT_OFF_S)

    def _open(self) -> None:
        for source in self._sources:
            if not isinstance(source, KeptSource):
                self.mailbox.opened(source.who, source.name)
            try:
                source.start(self.mailbox.deliver, self.mailbox.lost)
            except Trouble as trouble:
                if source.who is Who.REP:
                    raise
                self.mailbox.lost(source.who, str(trouble))

    # The listener's thread.

    def _listen(self) -> None:
        listener = self._listener
        if listener is None:
            return
        open_still = True
        while open_still:
            items = self.mailbox.take(LISTEN_S)
            heard: list[Heard] = []
            for item in items:
                if item is None:
                    open_still = False
                elif isinstance(item, Arrival):
                    self._hear(listener, item, heard)
                else:
                    self._hand_on([*self._steps.take(heard), *self._steps.rest()])
                    heard = []
                    self._note(listener, item)
            # What still waits in the mailbox must not be taken for silence: now is when the last block came.
            came = [item.at_s for item in items if isinstance(item, Arrival)]
            if came or not items:
                heard += listener.fill(came[-1] if came else self._clock())
            self._hand_on(self._steps.take(heard))
        self._hand_on([*self._steps.take(self._ear.rest()), *self._steps.rest()])
        last = self._ear.end()
        self._inbox.put(lambda: self._owe(last))
        for span in last:
            self.scribe.close(span)
        self._inbox.put(None)

    def _owe(self, spans: Sequence[SpanToWrite]) -> list[Command]:
        self._session.owe(spans)
        return []

    def _hear(self, listener: Listener, arrival: Arrival, heard: list[Heard]) -> None:
        of_block = listener.hear(arrival)
        if (back := listener.back()) is not None:
            # All that was heard before it goes down first: a side that is back is waited for again.
            self._hand_on([*self._steps.take(heard), *self._steps.rest()])
            heard.clear()
            self._inbox.put(partial(self._heard_through, back))
        if of_block is not None:
            heard.append(of_block)
            self._watch(listener, arrival.block.who)

    def _note(self, listener: Listener, item: Loss | Opened | Resumed) -> None:
        match item:
            case Loss(who=who, why=why):
                since_ms = to_ms(listener.lose(who))
                self._inbox.put(lambda: self._session.lost(who, why, since_ms))
            case Opened():
                listener.open(item)
            case Resumed(at_s=at_s):
                listener.resume(at_s)

    def _heard_through(self, back: Back) -> list[Command]:
        of, at_ms, gap_ms = back.device, to_ms(back.at), to_ms(back.gap)
        return self._session.heard_through(of.who, of.device, of.identity, at_ms, gap_ms)

    def _watch(self, listener: Listener, who: Who) -> None:
        if (
            who is not Who.REP or self._played
        ):  # a recording may hold nothing at all for long, and is not muted
            return
        if listener.gives_zeros(who):
            self._inbox.put(lambda: self._session.trouble("microphone_silent", MUTED))
        elif listener.gives_sound_again(who):
            self._inbox.put(lambda: self._session.trouble_over("microphone_silent"))

    def _hand_on(self, heard: Sequence[Heard]) -> None:
        if not heard:
            return

        def take() -> list[Command]:
            for of_side in heard:
                self._session.take(of_side)
            return self._loading() + self._session.release()

        self._inbox.put(take)
        for of_side in heard:
            for span in of_side.spans:
                self.scribe.close(span)
        for who in {of_side.who for of_side in heard}:
            so_far = self._ear.open_span(who)
            if so_far is not None and self.scribe.wants(who, so_far):
                self.scribe.offer(self._ear.with_sound(who, so_far))

    def _loading(self) -> list[Command]:
        if self._load is None or self._ready.is_set() or self.scribe.waiting_s <= LOADING_S:
            return []
        return self._session.trouble("model_loading", LOADING)

    # The scribe's thread.

    def _write(self) -> None:
        self.scribe.ready(self._loaded())
        self._ready.set()
        self._inbox.put(lambda: self._session.trouble_over("model_loading"))
        while (job := self.scribe.take()) is not None:
            began_s = self._clock()
            words: list[Word] = []
            try:
                words = self.scribe.write(job)
            except Exception:  # noqa: BLE001 - the call comes first: a failed decode costs its words, never the call
                _log.exception("a span could not be written")
                if not job.draft:  # what a draft lost, the next one finds
                    self._inbox.put(lambda: self._session.trouble("no_words", NO_WORDS))
            self.scribe.done(job, began_s)
            self._tell_late()
            if words or not job.draft:
                self._inbox.put(self._written(job, words))
        self._inbox.put(None)

    def _loaded(self) -> Drafter | None:
        if self._load is None:
            return None
        try:
            return self._load()
        except Trouble as trouble:
            sentence = f"{trouble} {NO_WORDS}"
            self._inbox.put(lambda: self._session.trouble("no_words", sentence))
            return None
        except Exception:  # noqa: BLE001 - the call comes first: it goes on with the voice alone
            _log.exception("the speech model could not be loaded")
            self._inbox.put(lambda: self._session.trouble("no_words", NO_WORDS))
            return None

    def _tell_late(self) -> None:
        late = not self.scribe.drafting
        if late == self._late:
            return
        self._late = late
        if late:
            self.slowed += 1
            self._inbox.put(lambda: self._session.trouble("words_late", LATE))
        else:
            self._inbox.put(lambda: self._session.trouble_over("words_late"))

    def _written(self, job: Job, words: list[Word]) -> Callable[[], list[Command]]:
        def written() -> list[Command]:
            if job.draft:
                self._session.written_early(job.to_write.who, words, job.to_write.span.closed_at_ms)
            else:
                self._session.written(job.to_write, words)
            return self._session.release()

        return written

    # The session's thread.

    def _run(self) -> None:
        ends = 0
        while True:
            task = self._inbox.get()
            if task is None:
                ends += 1
                if ends < _LAST_WORDS:
                    self.scribe.end()  # the listener is done; let the scribe finish what is waiting
                    continue
                break
            self._hand_out(task)
        self._hand_out(self._session.end)
        self.ended.set()

    def _hand_out(self, task: Callable[[], list[Command]]) -> None:
        try:
            commands = task()
        except Trouble as trouble:
            commands = self._session.trouble("no_cues", str(trouble))
        except Exception:  # noqa: BLE001 - the call comes first: one event may be lost, the thread may not
            _log.exception("an event of the call could not be taken")
            return
        if commands:
            self._show(commands)
        if self._glance is not None:
            self._glance(self._session.engine.meters)

"""A live call: the straight line on threads of its own.

Owns the threads and their end. The devices' callbacks fill the mailbox; the *listener* turns blocks into voice;
the *scribe* turns voice into words while somebody still speaks; the *session* owns engine and log and hands commands
out. Each has a name, one inbox and one way to end: a stop lets every one of them finish what it holds. What fails in
one of them is begun anew or left out (`coach.live.sturdy`, `coach.live.writing`); the others never wait for it.
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
from coach.live.mailbox import Arrival, Loss, Mailbox, Opened, Resumed, together
from coach.live.player import PlayedSide
from coach.live.scribe import Scribe
from coach.live.writing import Writer
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coach.audio.block import AudioSource
    from coach.call.meters import Meters
    from coach.live.ear import Ear, Heard, SpanToWrite
    from coach.live.listener import Back
    from coach.live.restarts import Restarts
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
DEAF = {
    Who.REP: "Your voice cannot be made out right now. What is said meanwhile is not counted.",
    Who.CUSTOMER: "The other side's voice cannot be made out right now. What is said meanwhile is not counted.",
}
DEAF_OVER = {
    Who.REP: "Your voice cannot be made out any more in this call. Stop and start listening again.",
    Who.CUSTOMER: "The other side's voice cannot be made out any more in this call. Stop and start listening again.",
}
SOUND_FAULT = "Some sound could not be taken. The call goes on."
TICK_S = 0.25
_LAST_WORDS = 2
"""The session ends when listener and scribe have each said that they have."""
LET_GO_S = 10.0
"""A thread that has nothing left to do ends within this, or hangs."""
_MOST_LOGGED = 20

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
        restarts: counts the lives of what writes words.
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
        restarts: Restarts | None = None,
    ) -> None:
        self.ended = threading.Event()
        self._sources = tuple(sources)
        self._played = any(isinstance(s, PlayedSide) for s in self._sources)
        self._ear = ear
        self._session = session
        self._show = show
        self._glance = glance
        self._clock = clock
        self.mailbox = Mailbox(clock)
        for source in self._sources:
            if isinstance(source, KeptSource):
                source.tell(self.mailbox.opened)
        self._inbox: queue.SimpleQueue[Callable[[], list[Command]] | None] = queue.SimpleQueue()
        self.scribe = Scribe([s.who for s in self._sources], clock, watch)
        self.writer = Writer(
            self.scribe,
            load_transcriber,
            clock,
            self._tell,
            self._written,
            partial(self._finish, "scribe"),
            restarts=restarts,
        )
        self._finished: set[str] = set()
        self._finishing = threading.Lock()
        self.faults = 0
        """Blocks and steps that failed and were left out."""
        self.slowed = 0
        """How often this machine was too busy for drafts; the rep is told the first time."""
        self._late = self._cut_off = False
        self._released = threading.Event()
        self._listener: Listener | None = None
        self._steps = Steps()
        self._threads = [
            threading.Thread(target=target, name=f"coach-{name}", daemon=True)
            for name, target in (("listener", self._listen), ("session", self._run))
        ]

    def start(self, call_type: str, planned_ms: int) -> None:
        """Open the devices and begin.

        Raises:
            Trouble: when the microphone cannot be opened. A loopback that cannot be opened is told about, and
                the call goes on with the microphone alone.
        """
        self._listener = Listener(self._ear, [s.who for s in self._sources], self._clock())
        self._inbox.put(lambda: self._session.start(call_type, planned_ms))
        try:
            self._open()
            for thread in self._threads:
                thread.start()
            self.writer.start()
        except BaseException:
            self._undo()
            raise

    @property
    def threads(self) -> tuple[threading.Thread, ...]:
        """The threads of this call."""
        return (*self._threads, *self.writer.threads)

    def pause(self) -> None:
        """Close the devices; time goes on."""
        for source in self._sources:
            source.stop()
        self._inbox.put(self._session.paused)

    def resume(self) -> None:
        """Open the devices again, but for those that were released. Raises `Trouble` as `start` does."""
        if self._released.is_set():
            return
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
        """Close the devices, let everything that was said be written, end the call.

        What hangs is waited for no longer than ``wait_s`` seconds; then the call ends without it.
        """
        self._close_devices()
        self.writer.hurry()
        self.mailbox.close()
        self._wait_for_end(wait_s)
        if not self.ended.is_set():
            self._finish("listener")
            self.writer.give_up()
            self._wait_for_end(LET_GO_S)
        for thread in () if self._cut_off else self.threads:
            # A thread that frees the model while the interpreter shuts down takes the process with it.
            thread.join(LET_GO_S)

    def _wait_for_end(self, wait_s: float) -> None:
        for _ in range(max(1, round(wait_s / TICK_S))):
            if self.ended.wait(min(TICK_S, wait_s)):
                return
            self.writer.look()

    def release(self) -> threading.Event:
        """Let every device go at once, each on a thread of its own; return what says that all have.

        Nothing else of the call is waited for, whatever else may hang. From any thread.
        """
        self._released.set()
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
        self._finish("listener")  # for the threads that do not come to their end
        self.writer.give_up()
        self.ended.wait(LET_GO_S)

    def _undo(self) -> None:
        """Let go of what was begun of a call that could not begin: every device, and the threads that run by then."""
        self._close_devices()
        self.mailbox.close()
        self._finish("listener")
        self._finish("scribe")

    def _close_devices(self) -> None:
        for source in self._sources:
            try:
                source.stop()
            except Exception:  # noqa: BLE001 - a device that cannot be closed keeps no call from its end
                _log.exception("a device could not be closed")

    def _open(self) -> None:
        for source in self._sources:
            if self._released.is_set():
                return
            if not isinstance(source, KeptSource):
                self.mailbox.opened(source.who, source.name)
            try:
                source.start(self.mailbox.deliver, self.mailbox.lost)
            except Trouble as trouble:
                if source.who is Who.REP:
                    raise
                self.mailbox.lost(source.who, trouble.sentence)
            if self._released.is_set():  # while it was being opened
                source.stop()

    # The listener's thread.

    def _listen(self) -> None:
        try:
            if (listener := self._listener) is not None:
                self._listen_on(listener)
                self._hear_the_rest()
        finally:
            self._finish("listener")
            self._ear.let_go()

    def _listen_on(self, listener: Listener) -> None:
        open_still = True
        while open_still:
            items = self.mailbox.take(LISTEN_S, unhurried=self._steps.long_quiet)
            self.writer.look()
            heard: list[Heard] = []
            for item in together(items):
                if item is None:
                    open_still = False
                else:
                    self._guarded(partial(self._take, listener, item, heard))
            # What still waits in the mailbox must not be taken for silence: now is when the last block came.
            came = [item.at_s for item in items if isinstance(item, Arrival)]
            if came or not items:
                self._guarded(lambda: heard.extend(listener.fill(came[-1] if came else self._clock())))  # noqa: B023 - called at once
            self._guarded(lambda: self._hand_on(self._steps.take(heard)))  # noqa: B023 - called at once
            for who in listener.sides:
                self._tell_of_voice(who, [])

    def _hear_the_rest(self) -> None:
        self._guarded(lambda: self._hand_on([*self._steps.take(self._ear.rest()), *self._steps.rest()]))
        last: list[SpanToWrite] = []
        self._guarded(lambda: last.extend(self._ear.end()))
        self._inbox.put(lambda: self._owe(last))
        for span in last:
            self.scribe.close(span)

    def _take(
        self, listener: Listener, item: list[Arrival] | Loss | Opened | Resumed, heard: list[Heard]
    ) -> None:
        if isinstance(item, list):
            self._hear(listener, item, heard)
            self._tell_of_voice(item[0].block.who, heard)
            return
        self._hand_on([*self._steps.take(heard), *self._steps.rest()])
        heard.clear()
        self._note(listener, item)

    def _guarded(self, step: Callable[[], None]) -> None:
        """Do a step of the listener's; one that fails is left out, and said once."""
        try:
            step()
        except Exception:  # noqa: BLE001 - the call comes first: a block may be lost, the thread may not
            self.faults += 1
            if self.faults <= _MOST_LOGGED:
                _log.exception("some sound could not be taken")
            if self.faults == 1:
                self._tell("sound_fault", SOUND_FAULT)

    def _finish(self, which: str) -> None:
        """Let the session know, once, that the listener or the scribe is done."""
        with self._finishing:
            if which not in self._finished:
                self._finished.add(which)
                self._inbox.put(None)

    def tell(self, code: str, text: str) -> None:
        """Have the session tell of trouble and write it down; from any thread."""
        self._tell(code, text)

    def _tell(self, code: str, text: str | None) -> None:
        """Have the session tell of trouble, or that it is over; from any thread."""
        if text is None:
            self._inbox.put(lambda: self._session.trouble_over(code))
        else:
            self._inbox.put(lambda: self._session.trouble(code, text))

    def _tell_of_voice(self, who: Who, heard: list[Heard]) -> None:
        """Have the session take a side whose voice is not made out for lost until it is; all before goes first."""
        for fault in self._ear.faults(who):
            at_ms = to_ms(fault.at)
            self._hand_on([*self._steps.take(heard), *self._steps.rest()])
            heard.clear()
            if fault.kind == "died":
                self._inbox.put(partial(self._session.lost, who, DEAF[who], at_ms, "deaf"))
            elif fault.kind == "back":
                self._inbox.put(partial(self._session.heard_again, who, at_ms, "deaf"))
            else:
                self._tell(f"deaf_{who}_over", DEAF_OVER[who])

    def _owe(self, spans: Sequence[SpanToWrite]) -> list[Command]:
        self._session.owe(spans)
        return []

    def _hear(self, listener: Listener, arrivals: list[Arrival], heard: list[Heard]) -> None:
        of_blocks = listener.hear_together(arrivals)
        if (back := listener.back()) is not None:
            # All that was heard before it goes down first: a side that is back is waited for again.
            self._hand_on([*self._steps.take(heard), *self._steps.rest()])
            heard.clear()
            self._inbox.put(partial(self._heard_through, back))
        if of_blocks:
            heard += of_blocks
            self._watch(listener, arrivals[0].block.who)

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
        loaded = self.writer.load is None or self.writer.ready.is_set()
        if loaded or self.scribe.waiting_s <= LOADING_S:
            return []
        return self._session.trouble("model_loading", LOADING)

    # The scribe's thread.

    def _tell_late(self) -> None:
        late = not self.scribe.drafting
        if late == self._late:
            return
        self._late = late
        self.slowed += late
        self._tell("words_late", LATE if late else None)

    def _written(self, job: Job, words: list[Word], missed: bool) -> None:  # noqa: FBT001 - as the writer hands it on
        self._tell_late()
        if job.draft and not words:
            return

        def written() -> list[Command]:
            if job.draft:
                self._session.written_early(job.to_write.who, words, job.to_write.span.closed_at_ms)
            else:
                if missed:
                    self._session.missed(job.to_write)
                self._session.written(job.to_write, words)
            return self._session.release()

        self._inbox.put(written)

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
        """Do a task and hand out what comes of it; whatever fails is left out."""
        try:
            commands = task()
        except Exception:  # noqa: BLE001 - the call comes first: one event may be lost, the thread may not
            _log.exception("an event of the call could not be taken")
            return
        try:
            if commands:
                self._show(commands)
            if self._glance is not None:
                self._glance(self._session.engine.meters)
        except Exception:  # noqa: BLE001 - whoever shows may fail; what is heard is heard
            self.faults += 1
            if self.faults <= _MOST_LOGGED:
                _log.exception("what is to be shown could not be handed out")

"""A live call: the straight line on threads of its own.

Owns the threads and their end. The devices' callbacks fill the mailbox; the *listener* turns blocks into
voice; the *scribe* turns spans into words; the *session* owns engine and log and hands commands out. Each has
a name, one inbox and one way to end: a stop lets every one of them finish what it holds.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from coach.audio.block import RATE
from coach.call.events import Who
from coach.live.listener import Listener, Steps
from coach.live.mailbox import Loss, Mailbox
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coach.audio.block import AudioSource
    from coach.live.ear import Ear, Heard, SpanToWrite
    from coach.live.ports import Transcriber
    from coach.live.session import Session
    from coach.nudges.commands import Command
    from coach.speech.words import Word

LISTEN_S = 0.25
"""The listener looks up this often when nothing comes: a side that gives nothing is silent after a second."""
BEHIND_S = 20.0
"""Sound waiting for the scribe beyond this is given up, oldest first: a nudge about it would come too late."""
LOADING_S = 3.0
"""So much speech waiting for the model to load is worth a sentence."""
LOADING = "The speech model is still loading. Talk time and monologue count already."
MUTED = "The microphone gives silence. Is it muted, or is permission missing?"
LATE = "This computer is busy, so words come late. Talk time and monologue still count."
NO_WORDS = "Words cannot be written right now. Talk time and monologue still count."

_log = logging.getLogger(__name__)


class LiveCall:
    """Run one call.

    Args:
        sources: the devices, one a side.
        ear: hears them.
        session: owns engine and log; only the session thread touches it once started.
        load_transcriber: loads the speech model, on the scribe's thread; None for a call without words.
        show: takes commands, on the session thread; returns at once.
        clock: monotonic seconds.
    """

    def __init__(  # noqa: PLR0917 - the parts of a call, in the order of the line
        self,
        sources: Sequence[AudioSource],
        ear: Ear,
        session: Session,
        load_transcriber: Callable[[], Transcriber] | None,
        show: Callable[[list[Command]], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ended = threading.Event()
        self._sources = tuple(sources)
        self._ear = ear
        self._session = session
        self._load = load_transcriber
        self._show = show
        self._clock = clock
        self.mailbox = Mailbox(clock)
        self._inbox: queue.SimpleQueue[Callable[[], list[Command]] | None] = queue.SimpleQueue()
        self._spans: queue.SimpleQueue[SpanToWrite | None] = queue.SimpleQueue()
        self._ready = threading.Event()
        self._waiting_s = 0.0
        self._waiting = threading.Lock()
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
        if self._listener is not None:
            for source in self._sources:
                self._listener.regain(source.who)
        self._inbox.put(self._session.resumed)
        for source in self._sources:
            self._inbox.put(partial(self._session.back, source.who))
        self._open()

    def dismiss(self, rule: str) -> None:
        """The rep waved a nudge away."""
        self._inbox.put(lambda: self._session.dismissed(rule))

    def not_now(self) -> None:
        """The rep asked for quiet until the end of the call."""
        self._inbox.put(self._session.not_now)

    def stop(self, wait_s: float = 60.0) -> None:
        """Close the devices, let everything that was said be written, end the call."""
        for source in self._sources:
            source.stop()
        self.mailbox.close()
        self.ended.wait(wait_s)
        for thread in self._threads:
            # A thread that frees the model while the interpreter shuts down takes the process with it.
            thread.join(wait_s)

    def _open(self) -> None:
        for source in self._sources:
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
            now_s = None if items else self._clock()
            for item in items:
                if item is None:
                    open_still = False
                elif isinstance(item, Loss):
                    self._hand_on([*self._steps.take(heard), *self._steps.rest()])
                    heard = []
                    self._lose(listener, item)
                else:
                    # What still waits in the mailbox must not be taken for silence: now is when this block came.
                    now_s = item.at_s
                    if (of_block := listener.hear(item)) is not None:
                        heard.append(of_block)
                        self._watch(listener, item.block.who)
            if now_s is not None:
                heard += listener.fill(now_s)
            self._hand_on(self._steps.take(heard))
        self._hand_on(self._steps.rest())
        last = self._ear.end()
        self._inbox.put(lambda: self._dispatch(last))
        self._inbox.put(None)

    def _lose(self, listener: Listener, loss: Loss) -> None:
        listener.lose(loss.who)
        for source in self._sources:
            if source.who is loss.who:
                source.stop()  # deaf already; lets the microphone's light go off
        self._inbox.put(
            lambda: [
                *self._session.lost(loss.who, loss.why),
                *self._session.trouble(f"lost_{loss.who}", loss.why),
            ]
        )

    def _watch(self, listener: Listener, who: Who) -> None:
        if who is not Who.REP:
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
            told = self._dispatch([span for of_side in heard for span in of_side.spans])
            return told + self._session.release()

        self._inbox.put(take)

    # The scribe's thread.

    def _write(self) -> None:
        transcriber = self._loaded()
        self._ready.set()
        self._inbox.put(lambda: self._session.trouble_over("model_loading"))
        while (span := self._spans.get()) is not None:
            length_s = len(span.samples) / RATE
            words: list[Word] = []
            if transcriber is not None and self._waiting_s <= BEHIND_S:
                try:
                    words = transcriber.transcribe(span.samples, span.span.from_ms, span.span.voiced)
                except Exception:  # noqa: BLE001 - the call comes first: a failed decode costs its words, never the call
                    _log.exception("a span could not be written")
                    self._inbox.put(lambda: self._session.trouble("no_words", NO_WORDS))
            elif transcriber is not None:
                self._inbox.put(lambda: self._session.trouble("words_late", LATE))
            with self._waiting:
                self._waiting_s -= length_s
            self._inbox.put(self._written(span, words))
        self._inbox.put(None)

    def _loaded(self) -> Transcriber | None:
        if self._load is None:
            return None
        try:
            return self._load()
        except Trouble as trouble:
            sentence = f"{trouble} {NO_WORDS}"
            self._inbox.put(lambda: self._session.trouble("no_words", sentence))
            return None

    def _written(self, span: SpanToWrite, words: list[Word]) -> Callable[[], list[Command]]:
        def written() -> list[Command]:
            self._session.written(span, words)
            return self._session.release()

        return written

    # The session's thread.

    def _run(self) -> None:
        ends = 0
        while True:
            task = self._inbox.get()
            if task is None:
                ends += 1
                if ends == 1:
                    self._spans.put(None)  # the listener is done; let the scribe finish what is waiting
                    continue
                break
            self._hand_out(task)
        self._hand_out(self._session.end)
        self.ended.set()

    def _hand_out(self, task: Callable[[], list[Command]]) -> None:
        commands = task()
        if commands:
            self._show(commands)

    def _dispatch(self, spans: Sequence[SpanToWrite]) -> list[Command]:
        for span in spans:
            with self._waiting:
                self._waiting_s += len(span.samples) / RATE
            self._spans.put(span)
        if self._load is not None and not self._ready.is_set() and self._waiting_s > LOADING_S:
            return self._session.trouble("model_loading", LOADING)
        return []

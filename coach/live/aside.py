"""Calls into what may never come back, each on a thread that can be left to itself.

Owns that thread, and how long is waited for it. Refuses to know what is called. Whoever calls waits, so that all else
stays in one order on one thread; only what hangs is cut off.

Theory of operation. A call is handed to a worker and waited for. Work that hangs cannot be ended in Python: the worker
is left to itself with queues of its own, so that what it may still bring reaches nobody, and the next call gets a fresh
one. Time is counted by a `Watchdog`, which no sleep of the machine deceives. Where a worker that was left comes back
after all, the machine was only slow, and from then on the watch is twice as patient, up to a limit. Code that hangs and
keeps Python's own lock stops the whole process, and nothing here helps.

Calls are made from one thread; the end may be said from another, in the midst of a call. So which worker there is, and
what it is handed, changes under a lock, and after the end no worker is made.
"""

from __future__ import annotations

import logging
import math
import queue
import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar

from coach.audio.clocks import always_s
from coach.live.restarts import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable

HEAR_HANG_S: Final = 20.0
"""Hearing a block takes milliseconds. While it is waited for, half a minute of sound waits in the mailbox."""
HEAR_MOST_S: Final = 25.0
"""However slow the machine is, hearing is not waited for until the mailbox is full (`coach.live.mailbox.ROOM_S`)."""
READ_HANG_S: Final = 30.0
"""The reader of cues may still be loading, which takes up to 20 s (`coach.live.later`)."""
MOST_LEFT: Final = 2
"""So many workers may be left to themselves; each keeps a model."""

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Hung(Exception):  # noqa: N818 - what became of the call
    """A call did not come back. ``over``: it should not be tried again, for too many did not, or the end was said."""

    def __init__(self, *, over: bool, why: str = "it hangs") -> None:
        super().__init__(why)
        self.over = over


class Aside:
    """Do one call after the other, none for longer than there is patience. From one thread at a time.

    Args:
        name: of the threads.
        patience_s: a call that takes longer hangs.
        clock: monotonic seconds.
        step_s: how often it is looked whether a call hangs.
        most_s: it never gets more patient than this.
    """

    def __init__(
        self,
        name: str,
        patience_s: float,
        clock: Callable[[], float] = always_s,
        step_s: float = Watchdog.STEP_S,
        most_s: float = math.inf,
    ) -> None:
        self.left = 0
        """Workers that were left to themselves."""
        self._name, self._clock, self._step_s = name, clock, step_s
        self._watch = Watchdog(patience_s, most_s)
        self._change = threading.Lock()
        self._worker: _Worker | None = None
        self._over = False
        """The end was said."""

    def do(self, call: Callable[[], _T]) -> _T:
        """Return what a call returns; raise what it raises.

        Raises:
            Hung: where it does not come back; also, at once, after `let_go`.
        """
        with self._change:
            if self._over:
                raise Hung(over=True, why="nothing more is called")
            worker = self._worker = self._worker or _Worker(self._name)
            worker.calls.put(call)
        while True:
            try:
                fault, told = worker.ends.get(timeout=self._step_s)
            except queue.Empty:
                if self._watch.look(self._clock(), call):
                    self._leave(worker)
                    raise Hung(over=self._over or self.left > MOST_LEFT) from None
            else:
                self._watch.look(self._clock(), None)
                if fault is not None:
                    raise fault
                result: _T = told
                return result

    def let_go(self) -> None:
        """Let the thread come to its end; nothing more is called but what is being called. From any thread."""
        with self._change:
            self._over = True
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.calls.put(None)
            worker.thread.join(self._step_s)

    def _leave(self, worker: _Worker) -> None:
        _log.error("a worker hangs and is left to itself")
        with self._change:
            self._worker = None
        self.left += 1
        worker.came_back = self._watch.widen
        worker.calls.put(None)


class _Worker:
    """One thread with queues of its own: once it is left, nobody looks into them."""

    def __init__(self, name: str) -> None:
        self.calls: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self.ends: queue.SimpleQueue[tuple[Exception | None, Any]] = queue.SimpleQueue()
        self.came_back: Callable[[], object] | None = None
        """Is told where it was left, and came back."""
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while (call := self.calls.get()) is not None:
            try:
                end: tuple[Exception | None, Any] = None, call()
            except Exception as fault:  # noqa: BLE001 - it is raised where the call was made
                end = fault, None
            del call
            self.ends.put(end)
            del end
            if self.came_back is not None:
                self.came_back()

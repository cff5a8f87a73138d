"""The process that coaches what is to be practised: one at a time, stepping back behind all else.

Owns the process, its body, and its end. Refuses to know the queue: recordings come in on a line, and what becomes of
each goes back on it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from coach import app
from coach.archive import locker
from coach.jobs import coach_or_ask, end_with_parent, seldom, walled
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from coach.settings import Settings

    Work = Callable[[Connection, Settings], None]

NICE: Final = 10
"""How far the work steps back behind windows and calls, as of nice(2): 0 not at all, 19 wholly."""


def coach_gently(line: Connection, settings: Settings) -> None:
    """Coach the recordings that come in on a line until it closes: the body of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, name="parent", daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICE)
    try:
        words = app.load_words_for_recordings(settings)
    except Trouble as trouble:
        line.send(trouble)
        return
    with suppress(EOFError, OSError):
        while True:
            index, path, call_type, answer = line.recv()
            chosen = app.for_call(settings, call_type)
            line.send(coach_or_ask(index, path, chosen, words, seldom(line.send), answer=answer))


class PracticeProcess:
    """The process, and the line to it.

    Args:
        work: its body.
        settings: as it coaches.
    """

    def __init__(self, work: Work, settings: Settings) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, other = context.Pipe()
        self._process = context.Process(
            target=walled,
            args=(work, other, settings),
            kwargs={"keys": locker.held()},
            name="coach-practice",
            daemon=True,
        )
        self._process.start()
        self.pid = self._process.pid or 0
        other.close()

    def freeze(self, *, frozen: bool) -> bool:
        """Let it stand still, or go on; say whether this machine can do that."""
        if not hasattr(signal, "SIGSTOP"):
            return False
        with suppress(OSError):
            os.kill(self.pid, signal.SIGSTOP if frozen else signal.SIGCONT)
        return True

    def end(self) -> int | None:
        """End it at once, even where it stands still; return its code."""
        self.line.close()
        self._process.kill()
        self._process.join()
        return self._process.exitcode

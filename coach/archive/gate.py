"""Who goes first where a call begins while a library is being locked or opened for good: one of them at a time.

Owns that order, across processes. Refuses to know what either writes. Whoever begins a call holds the gate from the
question whether the library is locked until its file stands and is known as running; whoever puts a lock on holds it
from the look for calls that run until the lock is on the disk and was tried. So each finds the other, or nothing of it.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from coach.archive.private import private_folder
from coach.archive.running import hold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STEM: Final = "converting"
PATIENCE_S: Final = 10.0
"""Trying a new lock takes a second, mostly for deriving its key twice (`coach.archive.envelope`)."""
_STEP_S: Final = 0.02


@contextmanager
def gate(sessions: Path, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Be alone in beginning a call, or in changing the lock, of one folder of sessions.

    A folder in which no file can be made has no lock put on it either: nobody is waited for there.

    Raises:
        TimeoutError: where another of us is at it for so many seconds.
    """
    until_s = time.monotonic() + patience_s
    held, never = None, threading.Event()
    try:
        private_folder(sessions)
        while (held := hold(sessions / STEM, make=True)) is None:
            if time.monotonic() >= until_s:
                raise TimeoutError(0, "calls are just being locked or opened")  # noqa: TRY301 - told apart below
            never.wait(_STEP_S)
    except TimeoutError:
        raise
    except OSError:
        pass
    try:
        yield
    finally:
        if held is not None:
            held.release(ended=True)

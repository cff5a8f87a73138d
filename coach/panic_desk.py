"""The panic key: the devices are let go first, then the call is broken off, then kept or deleted.

Owns the order of these and the words about them. Refuses to know windows and how the key was pressed. Nothing that may
hang (words, a disk, an end of the call that is under way) comes before the microphone is let go.
"""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Final

from coach.language import in_a_row, phrase
from coach.shelf import Shelf
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coach.app import LiveRun
    from coach.settings import StorageSettings

FREE_S: Final = 0.8
"""Whoever pressed is answered after so long, whether the devices are free by then or not: it says which."""
LAST_WORDS_S: Final = 5.0
"""A call that is kept waits so long for words that were said; one that is deleted waits for none."""

IDLE: Final = "Coach was not listening. Everything is hidden."
FREE: Final = "Coach no longer listens: the devices are let go. Everything is hidden."
CLOSING: Final = "Coach hears nothing more, but a device is slow to let go. Everything is hidden."
WILL_KEEP: Final = "The call so far is kept."
WILL_FORGET: Final = "This call is being deleted for good."
KEPT: Final = "Stopped. The call so far is kept."
NOT_KEPT: Final = "Stopped. Nothing of this call was kept."
FORGOTTEN: Final = "Stopped. This call was deleted for good."
UNKNOWN: Final = "Stopped, but something of this call may still be kept. Look under Past calls."
STAYS: Final = "Stopped, but this call could not be deleted: {why}"

_log = logging.getLogger(__name__)


def press(
    run: LiveRun | None,
    storage: StorageSettings,
    over: Callable[[str, bool], object],
    tried: threading.Event | None = None,
) -> str:
    """Stop a call at once; return what is said to whoever pressed.

    Args:
        run: the call; None where there is none.
        storage: what is to become of it.
        over: is told, on a thread, what became of it, and whether that is something wrong.
        tried: says when a try-out that was stopped has let its microphone go; None where there was none.
    """
    if run is None:
        if tried is None:
            return phrase(IDLE)
        return phrase(FREE if tried.wait(FREE_S) else CLOSING)
    forget = storage.panic == "forget"
    if forget:
        run.forget()  # before anybody who is ending it comes further
    free = run.call.release()

    def finish() -> None:
        told, wrong = phrase(UNKNOWN), True
        try:
            told, wrong = _finished(run, forget=forget)
        except Exception:  # noqa: BLE001 - logged, and told
            _log.exception("what the panic key asked for could not be finished")
        finally:
            over(told, wrong)  # whatever happens: another call can begin only then

    # Not a daemon: a program that ends meanwhile still does what was said.
    threading.Thread(target=finish, name="coach-panic").start()
    let_go = free.wait(FREE_S) and (tried is None or tried.wait(FREE_S))
    told = phrase(FREE if let_go else CLOSING)
    if run.settings.storage.keep == "nothing":
        return told
    return f"{told} {phrase(WILL_FORGET if forget else WILL_KEEP)}"


def _finished(run: LiveRun, *, forget: bool) -> tuple[str, bool]:
    try:
        run.break_off(0.0 if forget else LAST_WORDS_S)
    except Exception:  # noqa: BLE001 - a call that was to be deleted is deleted whatever else is wrong with it
        _log.exception("a call could not be broken off cleanly")
    if not forget and run.settings.storage.keep != "nothing":
        return (phrase(KEPT), False) if run.unkept is None else (phrase(run.unkept.why), True)
    stays: list[str] = []
    try:
        if forget and run.written:  # else another call may have its name
            delete([run.log.path])
    except Trouble as trouble:
        stays.append(trouble.what)
    if forget:
        stays.append(run.take_back())
    if why := in_a_row(*stays):
        return phrase(STAYS, why=why), True
    return phrase(NOT_KEPT if run.settings.storage.keep == "nothing" else FORGOTTEN), False


def delete(sessions: list[Path]) -> None:
    """Delete calls for good, with all that Coach wrote of them. Raises `Trouble` where something stays."""
    with closing(Shelf()) as shelf:
        shelf.forget(str(session) for session in sessions)

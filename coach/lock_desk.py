"""The lock at work: its windows, and the threads on which keys are made and files are sealed.

Owns the wiring. A passphrase takes half a second to try, and a library of thousands a while to seal: both are done on a
thread, and no window waits for them. Refuses to know what is said; that is `coach.locking`'s and the windows'.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from coach import keychain, locking
from coach.language import phrase
from coach.trouble import Trouble
from coach.ui.lock import Lock, LockWindow, OpenWindow
from coach.ui.lock_words import word

if TYPE_CHECKING:
    from collections.abc import Callable


class LockDesk(QObject):
    """Ask for the passphrase, and keep the lock as the person wants it.

    Args:
        look: returns ``dark`` or ``light``.
        opened: is told, on Qt's thread, when calls can be read again.
    """

    _back = Signal(object)

    def __init__(self, look: Callable[[], str], opened: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self._look, self._told_open = look, opened
        self._asking: OpenWindow | None = None
        self._window: LockWindow | None = None
        self._then: list[Callable[[], object]] = []
        self._back.connect(self._run, Qt.ConnectionType.QueuedConnection)

    @property
    def asking(self) -> OpenWindow | None:
        """The window that asks for the passphrase, while it is open."""
        return self._asking

    @property
    def window(self) -> LockWindow | None:
        """The window of the lock, while it is open."""
        return self._window

    def needed(self, then: Callable[[], object] = lambda: None) -> bool:
        """Say whether calls are locked; then ask for what opens them, and do something once they are open.

        The keyring answers for itself; where it does not, the window says why.
        """
        if not locking.needs_opening():
            return False
        self._then.append(then)
        if self._asking is not None:
            self._asking.raise_()
            self._asking.activateWindow()
        elif locking.state().way == locking.KEYRING:
            self._on_thread(locking.open_with_keyring, self._opened, lambda why: self._ask(str(why)))
        else:
            self._ask("")
        return True

    def _ask(self, why: str) -> None:
        self._asking = window = OpenWindow(self._look(), why)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.typed.connect(self._try)
        window.closed.connect(self._left)
        window.show_centred()
        window.field.setFocus()

    @Slot(str)
    def _try(self, passphrase: str) -> None:
        def refuse(why: Trouble) -> None:
            if self._asking is not None:
                self._asking.refuse(str(why))

        self._on_thread(lambda: locking.open_with(passphrase), self._opened, refuse)

    @Slot()
    def _left(self) -> None:
        self._asking = None
        if locking.needs_opening():
            self._then.clear()  # not now

    def _opened(self) -> None:
        then, self._then = self._then, []
        if self._asking is not None:
            self._asking.close()
        self._told_open()
        for what in then:
            what()

    def open(self) -> None:
        """Open the window of the lock, or bring it forward. Raises `Trouble` for an envelope that is damaged."""
        if self._window is not None:
            self._window.raise_()
            self._window.activateWindow()
            return
        if self.needed(self.open):
            return
        self._window = window = LockWindow(_now(), self._look())
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.put_on.connect(
            lambda way, passphrase, typed: self._do(
                lambda: locking.lock(way, passphrase, typed, self._far), "done.on"
            )
        )
        window.taken_off.connect(lambda: self._do(lambda: locking.take_off(self._far), "done.off"))
        window.changed.connect(
            lambda passphrase: self._do(lambda: locking.change(locking.PASSPHRASE, passphrase), "done.change")
        )
        window.closed.connect(self._window_gone)
        window.show_centred()

    def close(self) -> None:
        """Close both windows; what is being done comes to its end."""
        for window in (self._asking, self._window):
            if window is not None:
                window.close()

    @Slot()
    def _window_gone(self) -> None:
        self._window = None

    def _do(self, work: Callable[[], object], done: str) -> None:
        left: list[str] = []

        def do() -> None:
            left.extend(getattr(work(), "left", ()))

        def show() -> None:
            if self._window is not None:
                self._window.show_lock(_now(), " ".join(left) or word(done))

        def refuse(why: Trouble) -> None:
            if self._window is not None:
                self._window.refuse(str(why))

        if self._window is not None:
            self._window.work(word("working.begin"))
        self._on_thread(do, show, refuse)

    def _far(self, done: int, of: int) -> None:
        """Tell how far it is, by whole percents, from the thread that does it."""
        if done == of or done * 100 // of != (done - 1) * 100 // of:
            self._back.emit(lambda: self._show_far(done, of))

    def _show_far(self, done: int, of: int) -> None:
        if self._window is not None:
            self._window.work(word("working", done=str(done), of=str(of)))

    def _on_thread(
        self, work: Callable[[], object], then: Callable[[], None], refused: Callable[[Trouble], None]
    ) -> None:
        def run() -> None:
            try:
                work()
            except Trouble as trouble:
                why = trouble
                self._back.emit(lambda: refused(why))
            else:
                self._back.emit(then)

        threading.Thread(target=run, name="coach-lock").start()

    @Slot(object)
    def _run(self, what: Callable[[], None]) -> None:
        what()


def _now() -> Lock:
    state = locking.state()
    return Lock(
        state.way,
        state.open,
        state.leaving,
        not state.way and keychain.is_there(),
        phrase(locking.WHAT),
        (phrase(locking.WARNING[locking.PASSPHRASE]), phrase(locking.WARNING[locking.KEYRING])),
        locking.sentence(),
    )

"""The desk of past calls: the window "My calls", the shelf it shows, and the threads between them.

Owns the wiring. The window is shown with what the catalogue knows; what is new comes in beside it, on a thread of its
own, and what the rep does is done on another, so that it never waits for that. A call under way comes first: nothing
is read while one is.
"""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from coach.language import phrase
from coach.report.habits import practice, progress
from coach.shelf import Shelf, remain
from coach.trouble import Trouble
from coach.ui.calls import CallsWindow
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coach.archive.catalogue import Row, Synced
    from coach.report.habits import Habit, Progress
    from coach.report.trends import Trend
    from coach.settings import Settings

TELL_S: Final = 0.3
"""What a sync takes in is shown this often: a list that jumps is not read."""

_FIRST_LOOK_MS: Final = (
    100  # the window stands by then, and a look at thousands of files takes nothing from it
)
_AT_ONCE: Final = 300  # more rows than any window has room for; the others come a moment later


def open_calls(
    settings: Settings,
    open_session: Callable[[Path], object],
    compare: Callable[[Path, Path], object] | None = None,
    *,
    folder: Path | None = None,
    busy: Callable[[], bool] = lambda: False,
) -> CallsWindow:
    """Open the window of past calls, and keep it in step with the sessions for as long as it is open.

    Args:
        settings: with the look.
        open_session: opens the review of a session.
        compare: shows two sessions side by side; None where nothing can.
        folder: of the sessions; None for the usual one.
        busy: says whether a call is under way; no session is read then. Asked from a thread.

    Raises:
        Trouble: when another program holds the catalogue in a way that nothing can be read.
    """
    desk = CallsDesk(settings.overlay.look, Shelf(folder), busy)
    desk.window.sessions.opened.connect(lambda path: open_session(Path(path)))
    desk.window.trends.opened.connect(lambda path: open_session(Path(path)))
    if compare is not None:
        desk.window.sessions.compared.connect(lambda one, other: compare(Path(one), Path(other)))
    desk.window.sessions.offer_side_by_side(can=compare is not None)
    desk.window.show_centred()
    return desk.window


class CallsDesk(QObject):
    """The window and what stands behind it; ends with the window.

    Args:
        look: ``dark`` or ``light``.
        shelf: the kept calls; closed in the end.
        busy: says whether a call is under way.
    """

    _back = Signal(object)
    """Something to do on Qt's thread."""
    _ended = Signal()
    """No thread of ours runs any more but the one that tells so."""

    def __init__(self, look: str, shelf: Shelf, busy: Callable[[], bool] = lambda: False) -> None:
        today = datetime.now().astimezone().date()  # noqa: TID251 - the day it is
        window = CallsWindow(today, look)
        super().__init__(window)  # lives as long as the window does
        self.window = window
        self._today = today
        self._shelf = shelf
        self._busy = busy
        self._over = threading.Event()
        self._reader = ThreadPoolExecutor(1, "coach-shelf")
        self._hand = ThreadPoolExecutor(1, "coach-shelf-hand")
        self._reading = True  # until `_begin`: the window is painted first
        self._habit: Habit | None = None
        self._ender = threading.Thread(target=self._end, name="coach-shelf-end")
        self._back.connect(self._run, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._go, Qt.ConnectionType.QueuedConnection)
        sessions, trends = window.sessions, window.trends
        window.looked_at.connect(self.look)
        window.trends_shown.connect(self.show_trends)
        window.closed.connect(self.close)
        if (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self.close)
        sessions.renamed.connect(lambda path, title: self._write({path: title}, shelf.rename))
        sessions.tagged.connect(lambda tags: self._write(tags, shelf.tag))
        sessions.forgotten.connect(self._forget)
        sessions.located.connect(_locate)
        trends.type_asked.connect(self.show_trends)
        trends.habit.chosen.connect(self._keep_habit)
        first = shelf.rows(_AT_ONCE)
        self._is_whole = len(first) < _AT_ONCE
        self._show_rows(first)
        QTimer.singleShot(_FIRST_LOOK_MS, self, self._begin)
        try:
            self._habit = shelf.habit()
        except Trouble as trouble:
            window.tell(str(trouble))

    # Reading.

    @Slot()
    def _begin(self) -> None:
        """Show the rest of what is known, then look for what is new."""
        self._reading = False
        if not self._is_whole and not self._over.is_set():
            self._on(self._reader, self._shelf.rows, self._complete)
        self.look()

    def _complete(self, rows: list[Row] | Trouble) -> None:
        if isinstance(rows, Trouble):
            self.window.tell(str(rows))
            return
        self._is_whole = True
        self._show_rows(rows)

    @Slot()
    def look(self) -> None:
        """Look for what is new in the folder; nothing where that is being done, or while a call is under way."""
        if self._reading or self._over.is_set():
            return
        self._reading = True
        self._on(self._reader, self._sync, self._synced)

    def _sync(self) -> tuple[Synced, list[Row] | None]:
        """Take in what is new; return what was done, and every row where that is any news."""
        new: list[Row] = []
        told_s = time.monotonic()

        def tell(row: Row) -> None:
            nonlocal new, told_s
            new.append(row)
            if time.monotonic() - told_s >= TELL_S:
                some, new, told_s = new, [], time.monotonic()
                self._post(lambda: self._bring(some))

        done = self._shelf.sync(lambda: self._over.is_set() or self._busy(), tell)
        return done, self._shelf.rows() if done.taken or done.gone else None

    def _bring(self, rows: list[Row]) -> None:
        self.window.sessions.update_calls(rows)
        self.window.tell(say("calls.reading", count=f"{self.window.sessions.model.count:,}"))

    def _synced(self, done: tuple[Synced, list[Row] | None] | Trouble) -> None:
        self._reading = False
        if isinstance(done, Trouble):
            self.window.tell(str(done))
            return
        synced, rows = done
        self.window.tell(phrase(self._shelf.note) if synced.whole else say("calls.later"))
        if rows is not None:
            self._show_rows(rows)
            if self.window.tabs.currentWidget() is self.window.trends:
                self.show_trends()

    def _show_rows(self, rows: list[Row]) -> None:
        self.window.sessions.show_calls(rows, whole=self._is_whole)
        counts: dict[str, int] = {}
        for row in rows:
            if not row.fault:
                counts[row.call_type] = counts.get(row.call_type, 0) + 1
        self.window.trends.show_types(sorted(counts.items(), key=lambda c: -c[1]))

    # Trends.

    @Slot()
    def show_trends(self, call_type: str = "") -> None:
        """Show the trends of a type of call, that of the box where none is named."""
        chosen = call_type or self.window.trends.types.value
        habit = self._habit

        rows = self.window.sessions.model.calls()

        def draw() -> tuple[tuple[Trend, ...], Progress | None]:
            found = self._shelf.trends(chosen, rows)
            if habit is None:
                return found, None
            of_type = found if habit.call_type == chosen else self._shelf.trends(habit.call_type, rows)
            return found, progress(habit, next(t for t in of_type if t.name == habit.figure))

        def show(drawn: Any) -> None:
            if isinstance(drawn, Trouble):
                self.window.tell(str(drawn))
                return
            found, stands = drawn
            page = self.window.trends
            page.show_practice(practice(rows, self._today))
            if chosen == page.types.value:  # else another was asked for meanwhile
                page.show_trends(chosen, found)
                page.show_progress(stands)

        self._on(self._hand, draw, show)

    def _keep_habit(self, habit: Habit | None) -> None:
        def kept(done: object) -> None:
            if isinstance(done, Trouble):
                self.window.tell(str(done))
                return
            self._habit = habit
            self.show_trends()

        self._on(self._hand, lambda: self._shelf.keep_habit(habit), kept)

    # What the rep does.

    def _write(self, wanted: Mapping[str, Any], write: Callable[[str, Any], Row | None]) -> None:
        def do() -> list[Row | None]:
            return [write(path, value) for path, value in wanted.items()]

        def show(done: list[Row | None] | Trouble) -> None:
            if isinstance(done, Trouble):
                self.window.tell(str(done))
                return
            self.window.tell(phrase(self._shelf.note))
            self.window.sessions.update_calls([row for row in done if row is not None])

        self._on(self._hand, do, show)

    def _forget(self, paths: list[str]) -> None:
        def do() -> tuple[str, list[Row]]:
            said = ""
            try:
                said = phrase(remain(self._shelf.forget(paths)))
            except Trouble as trouble:
                said = str(trouble)
            return said or phrase(self._shelf.note), self._shelf.rows()

        def show(done: tuple[str, list[Row]] | Trouble) -> None:
            if isinstance(done, Trouble):
                self.window.tell(str(done))
                return
            said, rows = done
            self.window.tell(said)
            self._show_rows(rows)

        self._on(self._hand, do, show)

    # Threads.

    def _on(self, thread: ThreadPoolExecutor, job: Callable[[], Any], then: Callable[[Any], None]) -> None:
        def work() -> None:
            try:
                done = job()
            except Trouble as trouble:
                done = trouble
            except BaseException:
                sys.excepthook(*sys.exc_info())  # a pool would keep a fault of ours to itself
                raise
            self._post(lambda: then(done))

        if not self._over.is_set():
            thread.submit(work)

    def _post(self, what: Callable[[], None]) -> None:
        if not self._over.is_set():
            self._back.emit(what)

    @Slot(object)
    def _run(self, what: Callable[[], None]) -> None:
        if not self._over.is_set():
            what()

    @Slot()
    def close(self) -> None:
        """End the threads and close the shelf, without keeping anybody waiting for it; then the window goes for good.

        It goes on Qt's thread, and not before: a thread that still reads may tell it something, and holds it.
        """
        if self._over.is_set():
            return
        self._over.set()
        self._ender.start()

    def _end(self) -> None:
        for thread in (self._reader, self._hand):
            thread.shutdown(wait=True)
        self._shelf.close()
        self._ended.emit()

    @Slot()
    def _go(self) -> None:
        self._ender.join()
        self.window.deleteLater()


def _locate(path: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(path).parent)))

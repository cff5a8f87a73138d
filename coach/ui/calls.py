"""The window of calls: the list, the trends, and room for what others bring.

Owns the tabs and the line beneath them. An ordinary window; what it shows comes from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from coach.ui.calls_sheet import colours, sheet
from coach.ui.icons import tray_icon
from coach.ui.place import CENTRE, Spot, stand
from coach.ui.sessions import SessionsPage
from coach.ui.sheet import label as words
from coach.ui.sheet import window_sheet
from coach.ui.theme import LOOKS
from coach.ui.trends import TrendsPage
from coach.ui.wording import say

if TYPE_CHECKING:
    from datetime import date

USUAL: Final = QSize(1120, 720)
LEAST: Final = QSize(640, 420)
_FROM_THE_EDGE = 16


class CallsWindow(QWidget):
    """The window.

    Args:
        today: how days are told.
        look: ``dark`` or ``light``.
    """

    trends_shown = Signal()
    """The trends came into sight."""
    looked_at = Signal()
    """The window came to the front: there may be something new."""
    closed = Signal()
    """The window was closed."""

    def __init__(self, today: date, look: str = "dark") -> None:
        super().__init__()
        self.setWindowTitle(say("calls.title"))
        self.setWindowIcon(tray_icon("idle"))
        self.setPalette(colours(LOOKS[look]))
        self.setStyleSheet(window_sheet(LOOKS[look]) + sheet(LOOKS[look]))
        self.setAutoFillBackground(True)
        self.setMinimumSize(LEAST)
        self.sessions = SessionsPage(look, today)
        self.trends = TrendsPage(look, today)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(say("calls.title"))
        self.tabs.addTab(self.sessions, say("calls.calls"))
        self.tabs.addTab(self.trends, say("calls.trends"))
        self.tabs.currentChanged.connect(self._changed)
        self._note = words("", "note")
        self._note.setContentsMargins(14, 0, 14, 10)
        self._note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs, 1)
        column.addWidget(self._note)
        QShortcut(QKeySequence.StandardKey.Close, self, self.close)

    def add_tab(self, widget: QWidget, title: str) -> None:
        """Add a page of another's, behind those that are there."""
        self.tabs.addTab(widget, title)

    def tell(self, sentence: str) -> None:
        """Say something beneath everything; nothing takes it away again."""
        if sentence != self._note.text():
            self._note.setText(sentence)
            self._note.setAccessibleName(sentence)
            self._note.setVisible(bool(sentence))

    def show_centred(self) -> None:
        """Show the window in the middle of its screen."""
        room = self.screen().availableGeometry()
        size = USUAL.boundedTo(room.adjusted(0, 0, -2 * _FROM_THE_EDGE, -4 * _FROM_THE_EDGE).size())
        self.setGeometry(stand(size, room, Spot(CENTRE, CENTRE), _FROM_THE_EDGE))
        self.show()
        wide = (
            self.minimumSizeHint().width()
        )  # what the words of the buttons need, in fonts that are known by now
        self.setMinimumWidth(max(LEAST.width(), min(wide, room.width())))
        self.raise_()
        self.activateWindow()
        self.sessions.enter_list()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the window came to the front."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.looked_at.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the window is closed."""
        super().closeEvent(event)
        self.closed.emit()

    def _changed(self, _: int) -> None:
        if self.tabs.currentWidget() is self.trends:
            self.trends_shown.emit()

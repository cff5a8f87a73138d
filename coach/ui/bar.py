"""The control bar: the tray's actions in a small window, for desktops without a tray.

Owns that window's look. Refuses to own an action: they are the tray's, and so is the menu.
"""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolBar, QToolButton, QVBoxLayout, QWidget

from coach.ui.announce import announce
from coach.ui.dropped import files_of
from coach.ui.place import clamp, corner_spot, stand
from coach.ui.sheet import window_sheet
from coach.ui.theme import DARK, METRICS
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QIcon
    from PySide6.QtWidgets import QMenu

_ICON_PX = 22
_LINE_WIDTH = 190
_MOST_LETTERS = 400
"""A longer problem is cut; its whole is in the tooltip, and told to screen readers."""
_FROM_THE_EDGE = 32

_SHEET = f"""
ControlBar {{ background: {DARK.card}; }}
QLabel {{ font-size: {METRICS.told_px}px; }}
QLabel#why[problem="true"] {{ color: {DARK.title}; font-size: {METRICS.reason_px}px; }}
QLabel#why {{ color: {DARK.reason}; font-size: {METRICS.why_px}px; }}
QToolBar {{ background: transparent; border: none; spacing: 6px; padding: 0; }}
"""


class ControlBar(QWidget):
    """A small window with the state and its actions; closing it ends the program: nothing listens unseen."""

    closed = Signal()
    dropped = Signal(list)
    """Files or folders were dropped here, as paths: most trays take none, and this window stands in for one."""

    def __init__(self, actions: Sequence[QAction], menu: QMenu) -> None:
        super().__init__()
        self.setWindowTitle(say("app"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        # It may open in the middle of a call, when no tray has come: the meeting keeps the focus.
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setStyleSheet(window_sheet(DARK) + _SHEET)
        self.setAcceptDrops(True)
        self._icon = QLabel(self)
        self._line = QLabel(self)
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setWordWrap(True)
        self._line.setMinimumWidth(_LINE_WIDTH)
        self._why = QLabel(say("bar.why"), self)
        self._why.setObjectName("why")
        self._why.setTextFormat(Qt.TextFormat.PlainText)
        self._why.setWordWrap(True)
        self._why.ensurePolished()
        self._why.setMinimumWidth(self._why.fontMetrics().horizontalAdvance(say("bar.why")) + 1)
        tools = QToolBar(self)
        tools.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        tools.addActions(list(actions))
        more = QToolButton(self)
        more.setText(say("bar.more"))
        more.setMenu(menu)
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        tools.addWidget(more)
        tools.setAccessibleName(say("app"))
        for action in tools.actions():  # Qt keeps the Tab key from the buttons of a tool bar
            tools.widgetForAction(action).setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout()
        row.setSpacing(METRICS.pad)
        row.addWidget(self._icon)
        row.addWidget(self._line, 1)
        row.addWidget(tools)
        tools.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 14, 14)
        column.setSpacing(METRICS.edge)
        column.addLayout(row)
        column.addWidget(self._why)
        self._aside = False
        self._problem = ""

    def show_state(self, icon: QIcon, line: str, problem: str = "") -> None:
        """Show the state as the tray would, and a problem in whole beneath it, in the place of why the bar is here."""
        self.setWindowIcon(icon)
        self._icon.setPixmap(icon.pixmap(_ICON_PX, _ICON_PX))
        self._line.setText(line)
        told = problem or say("bar.why")
        self._why.setText(shorten(told, _MOST_LETTERS, placeholder=" …"))
        self._why.setToolTip(problem)
        self._why.setAccessibleName(told)
        self._why.setProperty("problem", bool(problem))
        self._why.style().polish(self._why)
        if problem and problem != self._problem:
            announce(self, problem)
        self._problem = problem
        self._fit()

    def stand_aside(self) -> None:
        """Take the lower right corner, where it covers neither faces nor the card."""
        self._fit()
        room = self.screen().availableGeometry()
        self.setGeometry(stand(self.size(), room, corner_spot("bottom-right"), _FROM_THE_EDGE))
        self._aside = True

    def _fit(self) -> None:
        """Be as high as the words take; it grows away from its corner."""
        layout, corner = self._column, self.geometry().bottomRight()
        layout.invalidate()
        layout.activate()
        width = max(self.width() if self._aside else 0, layout.minimumSize().width())
        self.resize(width, layout.totalHeightForWidth(width))
        if self._aside:
            place = QRect(QPoint(), self.size())  # as it became: never less than its least
            place.moveBottomRight(corner)
            self.setGeometry(clamp(place, self.screen().availableGeometry()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Welcome files."""
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Pass files on; they stay where they are."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(files_of(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Say that the window was closed."""
        super().closeEvent(event)
        self.closed.emit()

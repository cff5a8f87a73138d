"""The control bar: the tray's actions in a small window, for desktops without a tray.

Owns that window's look. Refuses to own an action: they are the tray's, and so is the menu.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolBar, QToolButton, QVBoxLayout, QWidget

from coach.ui.dropped import files_of
from coach.ui.place import corner_spot, stand
from coach.ui.theme import DARK, METRICS
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QIcon
    from PySide6.QtWidgets import QMenu

_ICON_PX = 22
_LINE_WIDTH = 190
_FROM_THE_EDGE = 32

_SHEET = f"""
ControlBar {{ background: {DARK.card}; }}
QLabel {{ color: {DARK.title}; font-size: {METRICS.told_px}px; }}
QLabel#why {{ color: {DARK.reason}; font-size: {METRICS.why_px}px; }}
QToolBar {{ background: transparent; border: none; spacing: 6px; padding: 0; }}
QToolButton {{
  color: {DARK.title}; background: {DARK.pressed}; border: 1px solid {DARK.border}; border-radius: 6px;
  padding: 4px 12px; font-size: {METRICS.reason_px}px;
}}
QToolButton:hover, QToolButton:focus {{ border-color: {DARK.quiet}; }}
QToolButton::menu-indicator {{ image: none; }}
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
        self.setStyleSheet(_SHEET)
        self.setAcceptDrops(True)
        self._icon = QLabel(self)
        self._line = QLabel(self)
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setWordWrap(True)
        self._line.setMinimumWidth(_LINE_WIDTH)
        why = QLabel(say("bar.why"), self)
        why.setObjectName("why")
        why.setTextFormat(Qt.TextFormat.PlainText)
        tools = QToolBar(self)
        tools.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        tools.addActions(list(actions))
        more = QToolButton(self)
        more.setText(say("bar.more"))
        more.setMenu(menu)
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        tools.addWidget(more)
        row = QHBoxLayout()
        row.setSpacing(METRICS.pad)
        row.addWidget(self._icon)
        row.addWidget(self._line, 1)
        row.addWidget(tools)
        tools.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 14, 14)
        column.setSpacing(METRICS.edge)
        column.addLayout(row)
        column.addWidget(why)

    def show_state(self, icon: QIcon, line: str) -> None:
        """Show the state as the tray would."""
        self.setWindowIcon(icon)
        self._icon.setPixmap(icon.pixmap(_ICON_PX, _ICON_PX))
        self._line.setText(line)

    def stand_aside(self) -> None:
        """Take the lower right corner, where it covers neither faces nor the card."""
        room = self.screen().availableGeometry()
        self.adjustSize()
        self.setGeometry(stand(self.size(), room, corner_spot("bottom-right"), _FROM_THE_EDGE))

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

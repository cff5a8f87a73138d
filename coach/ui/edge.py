"""A window at the edge of the screen that never takes the focus, not when shown and not when clicked.

Owns the window flags, the place and the dragging. Refuses to know what is painted in it. What each flag is
for was measured: without `WindowDoesNotAcceptFocus` a click takes the focus; without the bypass an X11
window manager hides the card behind a full-screen meeting; a bypassing window must be moved by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from coach.ui.place import Spot, corner_spot, spot_of, stand
from coach.ui.theme import METRICS

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QScreen


class EdgeWindow(QWidget):
    """A frameless window in a corner, on top, without the focus; exactly as large as what it shows."""

    def __init__(self, corner: str) -> None:
        super().__init__(None, _flags())
        for attribute in (
            Qt.WidgetAttribute.WA_ShowWithoutActivating,
            Qt.WidgetAttribute.WA_TranslucentBackground,
            Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow,  # it hides with its program otherwise
        ):
            self.setAttribute(attribute)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.spot: Spot = corner_spot(corner)
        self._screen_name = ""
        self._grip: QPoint | None = None
        self.dragging = False
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self.stand_again)
            application.primaryScreenChanged.connect(self.stand_again)

    def home(self) -> QScreen:
        """Return the screen the card was dragged to, or the main one."""
        named = [s for s in QGuiApplication.screens() if s.name() == self._screen_name]
        return named[0] if named else QGuiApplication.primaryScreen()

    def most_width(self) -> int:
        """Return how wide the window may be on its screen, in logical pixels."""
        return self.home().availableGeometry().width() - 2 * METRICS.margin

    def stand_at(self, size: QSize) -> None:
        """Take this size, at the window's spot and inside the screen."""
        place = stand(size, self.home().availableGeometry(), self.spot, METRICS.margin)
        self.setFixedSize(place.size())
        self.move(place.topLeft())

    @Slot()
    def stand_again(self) -> None:
        """Go back to the spot, after a screen came or went."""
        self.stand_at(self.size())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the window."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._grip = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move the window with the pointer, after a deliberate distance."""
        if self._grip is None:
            return
        wished = event.globalPosition().toPoint() - self._grip
        if self.dragging or (wished - self.pos()).manhattanLength() >= QApplication.startDragDistance():
            self.dragging = True
            self.move(wished)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Let go, and remember the spot for the next time."""
        if self.dragging:
            here = QRect(self.pos(), self.size())
            screen = QGuiApplication.screenAt(here.center()) or self.home()
            self._screen_name = screen.name()
            self.spot = spot_of(here, screen.availableGeometry(), METRICS.margin)
            self.stand_again()
        self._grip, self.dragging = None, False


def _flags() -> Qt.WindowType:
    flags = (
        Qt.WindowType.FramelessWindowHint
        | Qt.WindowType.WindowStaysOnTopHint
        | Qt.WindowType.Tool
        | Qt.WindowType.WindowDoesNotAcceptFocus
        | Qt.WindowType.NoDropShadowWindowHint
    )
    if QGuiApplication.platformName() == "xcb":
        flags |= Qt.WindowType.X11BypassWindowManagerHint
    return flags

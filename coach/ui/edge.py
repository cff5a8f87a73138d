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

from coach.ui.capture import hide_from_capture
from coach.ui.place import stand
from coach.ui.theme import METRICS

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QShowEvent

    from coach.ui.capture import Hidden
    from coach.ui.standing import Standing


class EdgeWindow(QWidget):
    """A frameless window at the edge, on top, without the focus; exactly as large as what it shows.

    Args:
        standing: where it stands.
    """

    def __init__(self, standing: Standing) -> None:
        super().__init__(None, _flags())
        for attribute in (
            Qt.WidgetAttribute.WA_ShowWithoutActivating,
            Qt.WidgetAttribute.WA_TranslucentBackground,
            Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow,  # it hides with its program otherwise
        ):
            self.setAttribute(attribute)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.standing = standing
        self._grip: QPoint | None = None
        self.hidden_from_capture: Hidden = "unknown"
        self.dragging = False
        standing.changed.connect(self.stand_again)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Stay out of what is recorded of the screen, where the system can do that."""
        super().showEvent(event)
        self.hidden_from_capture = hide_from_capture(self)

    def let_through(self, *, through: bool) -> None:
        """Let clicks pass to whatever lies beneath, or take them.

        On the window itself and not on the widget, whose flag would hide it (measured, Qt 6.11).
        """
        self.winId()  # there is a window from here on, shown or not
        self.windowHandle().setFlag(Qt.WindowType.WindowTransparentForInput, through)

    def most_width(self) -> int:
        """Return how wide the window may be on its screen, in logical pixels."""
        home = self.standing.home
        return (
            home.availableGeometry().width() - 2 * METRICS.margin if home is not None else METRICS.most_width
        )

    def stand_at(self, size: QSize) -> None:
        """Take this size, at the window's spot and inside the screen; without a screen, just the size."""
        self.setFixedSize(size)
        if (home := self.standing.home) is not None:
            place = stand(size, home.availableGeometry(), self.standing.spot, METRICS.margin)
            self.move(place.topLeft())

    @Slot()
    def stand_again(self) -> None:
        """Go back to the spot, after it or a screen changed."""
        if not self.dragging:
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
        """Let go: the window snaps to its nearest anchor, and stands there the next time."""
        dropped, self._grip, self.dragging = self.dragging, None, False
        if dropped:
            self.standing.drop(QRect(self.pos(), self.size()))


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

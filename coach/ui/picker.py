"""A box to pick one of several, with the arrow that says so: the sheet of our windows leaves it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QComboBox, QSizePolicy

from coach.ui.announce import name_choice

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QWheelEvent

_LEAST: Final = 160
_FROM_THE_EDGE: Final = 14
_HALF: Final = 4.0


class Picker(QComboBox):
    """A combo box whose arrow is drawn in a colour of the look.

    The wheel scrolls the page it stands on and never changes the choice: a device is not chosen by accident.
    """

    def __init__(self, colour: str, name: str) -> None:
        super().__init__()
        self._colour = colour
        name_choice(self, name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumWidth(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the page."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the box, then its arrow, on the side where reading ends."""
        super().paintEvent(event)
        left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = _FROM_THE_EDGE if left else self.width() - _FROM_THE_EDGE
        y = self.height() / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(QColor(self._colour), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPolyline(
                [
                    QPointF(x - _HALF, y - _HALF / 2),
                    QPointF(x, y + _HALF / 2),
                    QPointF(x + _HALF, y - _HALF / 2),
                ]
            )

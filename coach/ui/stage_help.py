"""The keys of the stage on one sheet over the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from coach.language import phrase
from coach.ui.stage_bar import help_lines
from coach.ui.stage_words import fonted
from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from coach.ui.theme import Palette

_COLUMNS = 2


class HelpSheet(QWidget):
    """Every key and what it does; a click, ``?`` or Escape puts it away."""

    def __init__(self, look: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._unit = 10.0
        self.setAccessibleName(say("stage.do.help"))
        self.setAccessibleDescription("\n".join(f"{phrase(key)}: {what}" for key, what in help_lines()))
        self.hide()

    def set_unit(self, unit: float) -> None:
        """Take the hundredth of the window's height, in pixels."""
        self._unit = unit
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Put it away."""
        self.hide()

    def showEvent(self, event: object) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Stand over all else."""
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint key and meaning in two columns."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._look.card))
            u, lines = self._unit, help_lines()
            painter.setFont(fonted(self, 4.2 * u, bold=True))
            painter.setPen(QColor(self._look.title))
            painter.drawText(
                QRectF(8 * u, 6 * u, self.width(), 6 * u), Qt.AlignmentFlag.AlignVCenter, say("stage.do.help")
            )
            rows = -(-len(lines) // _COLUMNS)
            step = min(7.5 * u, (self.height() - 20 * u) / rows)
            for i, (key, what) in enumerate(lines):
                x = 8 * u + i // rows * (self.width() - 16 * u) / _COLUMNS
                y = 15 * u + i % rows * step
                painter.setFont(fonted(self, 2.9 * u, bold=True))
                painter.setPen(QColor(self._look.accent("ask_question")))
                painter.drawText(QRectF(x, y, 15 * u, step), Qt.AlignmentFlag.AlignVCenter, phrase(key))
                painter.setFont(fonted(self, 2.9 * u))
                painter.setPen(QColor(self._look.title))
                painter.drawText(
                    QRectF(x + 15 * u, y, self.width(), step), Qt.AlignmentFlag.AlignVCenter, what
                )

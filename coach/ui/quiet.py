"""The card's buttons: they speak only when the pointer comes.

Owns how a quiet button looks and takes a click. Refuses to know what the click means. None takes the
keyboard: the focus belongs to the meeting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from coach.ui.theme import Palette

_INSET_RATIO = 0.6
_CORNER_RATIO = 0.25
_ARM_RATIO = 0.17
_AIR_RATIO = 1 / 12


class _Quiet(QAbstractButton):
    """A flat button of a given height, with a soft ground under the pointer."""

    def __init__(self, words: str, look: Palette, height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(words)
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._look = look
        self._height = height

    def _ink(self, *, awake: bool) -> QColor:
        if self.underMouse():
            return QColor(self._look.title)
        return QColor(self._look.reason if awake else self._look.quiet)

    def _ground(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._look.pressed))
            corner = self._height * _CORNER_RATIO
            air = self._height * _AIR_RATIO  # the target is larger than what is painted of it
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0, air, 0, -air), corner, corner)


class Cross(_Quiet):
    """The cross that dismisses; always there, never loud."""

    awake = False

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a square: the target's height both ways."""
        return QSize(self._height, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint two strokes in the middle of the target."""
        painter = QPainter(self)
        self._ground(painter)
        pen = QPen(self._ink(awake=self.awake), self._height / 16)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        middle = QRectF(self.rect()).center()
        arm = self._height * _ARM_RATIO
        for slope in (1, -1):
            painter.drawLine(middle - QPointF(arm, slope * arm), middle + QPointF(arm, slope * arm))
        painter.end()


class Words(_Quiet):
    """A button of one or two words, unseen and untouchable until revealed."""

    def __init__(self, words: str, look: Palette, font: QFont, height: int, parent: QWidget) -> None:
        super().__init__(words, look, height, parent)
        self.setFont(font)
        self.inset = round(QFontMetrics(font).averageCharWidth() * _INSET_RATIO) + 2
        self._revealed = False
        self.reveal(revealed=False)

    def reveal(self, *, revealed: bool) -> None:
        """Show the words and take clicks, or neither: a finger must not hit what it cannot see."""
        self._revealed = revealed
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not revealed)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the words' width with a little room on both sides."""
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2 * self.inset, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint the words, once revealed."""
        if not self._revealed:
            return
        painter = QPainter(self)
        self._ground(painter)
        painter.setPen(self._ink(awake=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()

"""The whole call in one strip: who held the floor, where the coach spoke, and which part is seen above.

Owns the strip and its frame, which can be dragged. Refuses to know the lanes: it says which part is wished for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from coach.call.events import Who
from coach.report.timeline import NUDGE
from coach.ui.axis import axis
from coach.ui.mirror import keep_left_to_right
from coach.ui.theme import METRICS, Palette, blend
from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent

    from coach.report.timeline import Timeline

_HEIGHT = 34
_DOT = 2.5


class Overview(QWidget):
    """Draw the strip. ``wished`` asks for a view of ``(start_ms, end_ms)``."""

    wished = Signal(float, float)

    def __init__(self, timeline: Timeline, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_left_to_right(self)
        self._timeline, self._look = timeline, look
        self._axis = axis(timeline.duration_ms)
        self._view = (0.0, float(timeline.duration_ms))
        self._position_ms = -1
        self._grip: float | None = None
        self._picture: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(say("overview.name"))

    def show_timeline(self, timeline: Timeline) -> None:
        """Show another call, or the same with other marks."""
        self._timeline = timeline
        self._axis = axis(timeline.duration_ms).laid(self._axis.left, self._axis.width)
        self._picture = None
        self.update()

    def show_view(self, start_ms: float, end_ms: float) -> None:
        """Frame the part that is seen."""
        if (start_ms, end_ms) != self._view:
            self._view = (start_ms, end_ms)
            self.update()

    def show_position(self, ms: int) -> None:
        """Move the playhead, where it would be seen to move."""
        if round(self._axis.x(ms)) != round(self._axis.x(self._position_ms)):
            self.update()
        self._position_ms = ms

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return its height."""
        return QSize(200, _HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay the call over the new width."""
        self._axis = self._axis.laid(METRICS.edge, self.width() - 2 * METRICS.edge)
        self._picture = None
        super().resizeEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the strip, the frame and the playhead."""
        density = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != density:
            self._picture = self._drawn(density)
        with QPainter(self) as painter:
            painter.setLayoutDirection(self.layoutDirection())
            painter.drawPixmap(0, 0, self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            left, right = self._axis.x(self._view[0]), self._axis.x(self._view[1])
            shade = QColor(self._look.card)
            shade.setAlphaF(0.62)
            painter.fillRect(QRectF(0, 0, left, self.height()), shade)
            painter.fillRect(QRectF(right, 0, self.width() - right, self.height()), shade)
            painter.setPen(QPen(QColor(self._look.accent("ask_question")), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(left, 1, max(3.0, right - left), self.height() - 2), 3, 3)
            if self._position_ms >= 0:
                x = self._axis.x(self._position_ms)
                painter.setPen(QPen(QColor(self._look.title), 1.0))
                painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def _drawn(self, density: float) -> QPixmap:
        picture = QPixmap(round(self.width() * density), round(self.height() * density))
        picture.setDevicePixelRatio(density)
        picture.fill(QColor(blend(self._look.pressed, self._look.card, 0.5)))
        with QPainter(picture) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            half = self.height() / 2
            for block in self._timeline.blocks:
                colour = self._look.rep if block.who is Who.REP else self._look.customer
                painter.setBrush(QColor(blend(colour, self._look.card, 0.55)))
                top = 6.0 if block.who is Who.REP else half + 1
                left = self._axis.x(block.start_ms)
                painter.drawRect(QRectF(left, top, max(1.0, self._axis.x(block.end_ms) - left), half - 7))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(QColor(self._look.marks[NUDGE]))
            for mark in self._timeline.marks:
                if mark.kind == NUDGE:
                    painter.drawEllipse(QPointF(self._axis.x(mark.start_ms), _DOT + 0.5), _DOT, _DOT)
        return picture

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the frame, or bring it here."""
        at = self._axis.start_ms + (event.position().x() - self._axis.left) * self._axis.ms_per_px
        start, end = self._view
        self._grip = at - start if start <= at <= end else (end - start) / 2
        self._wish(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag the frame."""
        if self._grip is not None:
            self._wish(self._axis.start_ms + (event.position().x() - self._axis.left) * self._axis.ms_per_px)

    def mouseReleaseEvent(self, _: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go of the frame."""
        self._grip = None

    def _wish(self, at: float) -> None:
        start = at - (self._grip or 0.0)
        self.wished.emit(start, start + self._view[1] - self._view[0])

"""One small chart: a figure over the last calls, a dot each, and the line of their median.

Owns the drawing, and how a call in it is pointed at, by mouse or keys. What it shows is said in words as well. Painted
only when something changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from coach.call.figures import UNITS
from coach.language import phrase
from coach.report.plain import clean
from coach.report.trends import YES_OR_NO, base_written, in_words, middle_written, written
from coach.ui.mirror import keep_left_to_right
from coach.ui.sheet import raised
from coach.ui.theme import METRICS, Palette, blend
from coach.ui.when import day
from coach.ui.wording import say

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from coach.report.trends import Point, Trend

ACCENTS: Final = {
    "Curiosity": "ask_question",
    "Listening": "pounce",
    "Making room": "monologue",
    "Their world first": "talk_share",
    "Soft selling": "premature_pitch",
    "Next step": "next_step",
}
"""The colour of each group is that of a rule about the same matter."""
SIZE: Final = QSize(232, 160)
SMALL: Final = 76
_PAD, _TOP, _BOTTOM, _SCALE = 12.0, 92.0, 14.0, 60.0
_DOT, _LAST_DOT = 2.4, 4.0
_FAR = 0.08  # of the range: room above the highest and beneath the lowest dot
_CAPTION_PX, _SCALE_PX, _MIDDLE_PX = 11, 10, 21


class Chart(QWidget):
    """The chart.

    Args:
        look: its colours.
        today: how days are told.
    """

    opened = Signal(str)
    """A call is to be opened: its path."""

    def __init__(self, look: Palette, today: date) -> None:
        super().__init__()
        keep_left_to_right(self)
        self._look = look
        self._today = today
        self._trend: Trend | None = None
        self._target: float | None = None
        self._at: int | None = None
        self._places: list[QPointF] = []
        self.setMinimumWidth(SIZE.width())
        self.setFixedHeight(SIZE.height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    @property
    def name(self) -> str:
        """The figure that is shown."""
        return self._trend.name if self._trend is not None else ""

    @property
    def pointed(self) -> Point | None:
        """The call that is pointed at."""
        if self._trend is None or self._at is None:
            return None
        return self._trend.points[self._at]

    def show_trend(self, trend: Trend, target: float | None = None) -> None:
        """Show a trend; with a target where it is the habit."""
        if (trend, target) == (self._trend, self._target):
            return
        self._trend, self._target, self._at = trend, target, None
        self._places = []
        self.setAccessibleName(f"{phrase(trend.group)}: {trend.label}")
        self._describe()
        self.update()

    def set_small(self, *, small: bool) -> None:
        """Take no room for a drawing, where there is none yet."""
        self.setFixedHeight(SMALL if small else SIZE.height())

    def told(self) -> str:
        """Return the line beneath the figure: the call that is pointed at, else what the figure is of."""
        if self._trend is None:
            return ""
        if (point := self.pointed) is None:
            return base_written(self._trend)
        when = day(point.began, self._today)
        value = (
            say("trends.point", when=when, value=written(self.name, point.value))
            if when
            else written(self.name, point.value)
        )
        return f"{value} · {clean(point.title)}"

    def _describe(self) -> None:
        if self._trend is None:
            return
        pointed = "" if self._at is None else f"{self.told()}. "
        keys = say("trends.chart_keys") if self._drawn else ""
        self.setAccessibleDescription(f"{pointed}{in_words(self._trend)} {keys}".strip())

    @property
    def _drawn(self) -> bool:
        return self._trend is not None and self._trend.middle is not None

    # Pointing.

    def _point(self, at: int | None) -> None:
        if at != self._at:
            self._at = at
            self._describe()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Point at the call nearest across."""
        if not self._places:
            return
        x = event.position().x()
        inside = event.position().y() >= _TOP - _PAD
        self._point(
            min(range(len(self._places)), key=lambda i: abs(self._places[i].x() - x)) if inside else None
        )

    def leaveEvent(self, _: QEvent) -> None:  # noqa: N802 - Qt's name
        """Point at none."""
        self._point(None)

    def mouseDoubleClickEvent(self, _: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the call that is pointed at."""
        self._open()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show that the keys are here."""
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Point at none."""
        self._point(None)
        self.update()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Walk through the calls, and open one."""
        if not self._drawn or self._trend is None:
            super().keyPressEvent(event)
            return
        last = len(self._trend.points) - 1
        now = last + 1 if self._at is None else self._at
        steps = {
            Qt.Key.Key_Left: max(0, now - 1),
            Qt.Key.Key_Right: min(last, now + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if (to := steps.get(Qt.Key(event.key()))) is not None:
            self._point(to)
        elif event.key() == Qt.Key.Key_Escape and self._at is not None:
            self._point(None)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        if (point := self.pointed) is not None:
            self.opened.emit(point.path)

    # Painting.

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the tile."""
        if self._trend is None:
            return
        look, trend = self._look, self._trend
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        edge = 2.0 if focused else 1.0
        painter.setPen(QPen(QColor(look.title if focused else look.border), edge))
        painter.setBrush(QColor(raised(look)))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2), 10.0, 10.0
        )
        accent = look.accent(ACCENTS[trend.group])
        self._write(painter, 9, _CAPTION_PX, accent, phrase(trend.group))
        self._write(painter, 24, METRICS.reason_px, look.title, trend.label)
        if self._drawn:
            self._write(painter, 43, _MIDDLE_PX, look.title, middle_written(trend), strong=True)
        self._write(painter, 68 if self._drawn else 46, _CAPTION_PX, look.reason, self.told())
        if self._drawn:
            self._plot(painter, trend, accent)
        painter.end()

    def _write(
        self, painter: QPainter, top: float, px: int, colour: str, text: str, *, strong: bool = False
    ) -> None:
        font = QFont(self.font())
        font.setPixelSize(px)
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        room = QRectF(_PAD, top, self.width() - 2 * _PAD, px * 1.45)
        line = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)

    def _plot(self, painter: QPainter, trend: Trend, accent: str) -> None:
        look = self._look
        plot = QRectF(_PAD, _TOP, self.width() - 2 * _PAD - _SCALE, self.height() - _TOP - _BOTTOM)
        values = [p.value for p in trend.points]
        spread = [*values, *([self._target] if self._target is not None else [])]
        low, high = (0.0, 1.0) if UNITS[trend.name] == YES_OR_NO else (min(spread), max(spread))
        reach = (high - low) or 1.0
        base = low - _FAR * reach if high > low else low - 0.5
        whole = reach * (1 + 2 * _FAR) if high > low else 1.0

        def at(i: int, value: float) -> QPointF:
            across = (i + 0.5) / len(values)
            return QPointF(
                plot.left() + across * plot.width(), plot.bottom() - (value - base) / whole * plot.height()
            )

        self._places = [at(i, v) for i, v in enumerate(values)]
        self._scale(painter, plot, trend.name, {high: at(0, high).y(), low: at(0, low).y()})
        if self._target is not None:
            y = at(0, self._target).y()
            painter.setPen(QPen(QColor(look.reason), 1.0, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(blend(look.quiet, raised(look), 0.75)))
        for place in self._places:
            painter.drawEllipse(place, _DOT, _DOT)
        line = [at(i, v) for i, v in enumerate(trend.rolling) if v is not None]
        painter.setPen(QPen(QColor(accent), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(line)
        painter.setPen(QPen(QColor(raised(look)), 1.5))
        painter.setBrush(QColor(accent))
        painter.drawEllipse(line[-1], _LAST_DOT, _LAST_DOT)
        if self._at is not None:
            place = self._places[self._at]
            painter.setPen(QPen(QColor(blend(look.title, raised(look), 0.35)), 1.0))
            painter.drawLine(QPointF(place.x(), plot.top()), QPointF(place.x(), plot.bottom()))
            painter.setPen(QPen(QColor(raised(look)), 1.5))
            painter.setBrush(QColor(look.title))
            painter.drawEllipse(place, _LAST_DOT, _LAST_DOT)

    def _scale(self, painter: QPainter, plot: QRectF, name: str, ends: dict[float, float]) -> None:
        """Write the ends of the scale at the right; one where all calls are the same."""
        font = QFont(self.font())
        font.setPixelSize(_SCALE_PX)
        painter.setFont(font)
        painter.setPen(QColor(self._look.reason))
        for value, y in ends.items():
            room = QRectF(plot.right() + 4, y - 8, _SCALE - 4, 16)
            painter.drawText(
                room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, written(name, value)
            )

"""A level as a bar, and what it means as a sign and a sentence.

Owns two drawings. Refuses to measure: levels are handed in, in dBFS. Each paints anew only where what is seen changed,
and nothing moves by itself: with no new level there is no new picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from coach.ui.mirror import keep_left_to_right
from coach.ui.sheet import label
from coach.ui.theme import METRICS, Palette, blend

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

FLOOR_DB: Final = -60.0
TICKS_DB: Final = (-60, -40, -20, 0)
LOUD_DB: Final = -3.0
"""From here on the bar is hatched: a voice should stay beneath."""
_BAR: Final = 10
_SIGN: Final = 16
_HATCH: Final = 4
_HELD: Final = 2.0


class LevelBar(QWidget):
    """The level of one side from -60 to 0 dBFS: a bar, and a line at the highest of late.

    Args:
        colour: of the bar.
        look: the other colours.
        name: what a screen reader calls it.
    """

    def __init__(self, colour: str, look: Palette, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_left_to_right(self)
        self._colour, self._look = colour, look
        self._drawn: tuple[int, int] = (0, 0)
        self._levels = (FLOOR_DB, FLOOR_DB)
        self.painted = 0
        """How often it was painted: a bar that is painted without need costs battery."""
        self._font = QFont(self.font())
        self._font.setPixelSize(METRICS.why_px - 1)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_level(self, peak_db: float, held_db: float) -> None:
        """Show a level; paints only where a pixel of it moved."""
        self._levels = (peak_db, held_db)
        drawn = (round(self._x(peak_db)), round(self._x(held_db)))
        if drawn != self._drawn:
            self._drawn = drawn
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the bar and its scale."""
        return QSize(240, _BAR + 6 + QFontMetrics(self._font).height())

    def _x(self, db: float) -> float:
        share = (min(0.0, max(FLOOR_DB, db)) - FLOOR_DB) / -FLOOR_DB
        return share * self.width()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint groove, bar, hatched end, held line and scale."""
        self.painted += 1
        peak, held = (self._x(db) for db in self._levels)
        look, wide = self._look, float(self.width())
        with QPainter(self) as painter:
            painter.setLayoutDirection(self.layoutDirection())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            groove = QRectF(0, 1, wide, _BAR)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(blend(look.border, look.card, 0.7)))
            painter.drawRoundedRect(groove, _BAR / 2, _BAR / 2)
            self._paint_hatch(painter, QRectF(self._x(LOUD_DB), 1, wide - self._x(LOUD_DB), _BAR))
            if peak > 0:
                loud = self._levels[0] > LOUD_DB
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(look.accent("interruption") if loud else self._colour))
                painter.drawRoundedRect(QRectF(0, 1, max(float(_BAR), peak), _BAR), _BAR / 2, _BAR / 2)
            if held > _BAR:
                painter.setPen(QPen(QColor(look.title), _HELD))
                painter.drawLine(QPointF(held - _HELD, 0), QPointF(held - _HELD, _BAR + 2))
            self._paint_scale(painter)

    def _paint_hatch(self, painter: QPainter, box: QRectF) -> None:
        painter.save()
        painter.setClipRect(box)
        painter.setPen(QPen(QColor(self._look.quiet), 1))
        x = box.x() - box.height()
        while x < box.right():
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.y()))
            x += _HATCH
        painter.restore()

    def _paint_scale(self, painter: QPainter) -> None:
        painter.setFont(self._font)
        painter.setPen(QColor(self._look.quiet))
        letters = QFontMetrics(self._font)
        for db in TICKS_DB:
            text = f"{db}".replace("-", "\u2212") + (" dB" if db == TICKS_DB[-1] else "")
            wide = letters.horizontalAdvance(text)
            x = min(max(0.0, self._x(db) - wide / 2), self.width() - wide)
            painter.drawText(QPointF(x, _BAR + 4 + letters.ascent()), text)


class StateLine(QWidget):
    """What a level means: a sign that is known by its shape, and a sentence."""

    def __init__(self, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = _Sign(look)
        self.words = label("", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(METRICS.edge)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)

    def show_state(self, kind: str, words: str) -> None:
        """Show a sign (``well``, ``wait``, ``ask`` or ``loud``) and a sentence."""
        self.sign.show_kind(kind)
        if words != self.words.text():
            self.words.setText(words)
            self.words.setAccessibleName(words)


class _Sign(QFrame):
    """A tick, a dash, a question mark or an exclamation mark, each in its own frame."""

    def __init__(self, look: Palette) -> None:
        super().__init__()
        self._look, self._kind = look, "wait"
        self.setFixedSize(_SIGN, _SIGN + 2)

    @property
    def kind(self) -> str:
        """The sign that is shown."""
        return self._kind

    def show_kind(self, kind: str) -> None:
        if kind != self._kind:
            self._kind = kind
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint a disc with a tick, a ring with a dash, a square with a mark."""
        look = self._look
        colours = {
            "well": look.accent("pounce"),
            "wait": look.quiet,
            "ask": look.accent("monologue"),
            "loud": look.accent("interruption"),
        }
        colour = QColor(colours[self._kind])
        box = QRectF(1, 2, _SIGN - 2, _SIGN - 2)
        with QPainter(self) as painter:
            painter.setLayoutDirection(self.layoutDirection())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            filled = self._kind != "wait"
            painter.setPen(QPen(colour, 1.5))
            painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
            if self._kind in {"well", "wait"}:
                painter.drawEllipse(box)
            else:
                painter.drawRoundedRect(box, 3, 3)
            painter.setPen(
                QPen(
                    QColor(look.card) if filled else colour,
                    1.8,
                    Qt.PenStyle.SolidLine,
                    Qt.PenCapStyle.RoundCap,
                )
            )
            x, y = box.x(), box.y()
            if self._kind == "well":
                painter.drawPolyline(
                    [QPointF(x + 4, y + 7.5), QPointF(x + 6.3, y + 10), QPointF(x + 10, y + 4.5)]
                )
            elif self._kind == "wait":
                painter.drawLine(QPointF(x + 4, y + 7), QPointF(x + 10, y + 7))
            else:
                font = QFont(self.font())
                font.setPixelSize(11)
                font.setBold(True)
                painter.setFont(font)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "?" if self._kind == "ask" else "!")

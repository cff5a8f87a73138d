"""The call on one line, on paper: rows of lanes and marks, the legend, a mark in front of words.

Owns how a painter draws them. What stands where comes from `coach.report.staves`, the outlines from
`coach.report.shapes`: the same line as on the page. Lengths are points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from coach.call.events import Who
from coach.report import timeline as t
from coach.report.colours import LIGHT
from coach.report.plain import clock
from coach.report.shapes import OUTLINES, SIDE, STROKE
from coach.ui.printing import Face, Words
from coach.ui.shapes import path_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.report.staves import Stave
    from coach.ui.printing import Piece

_SMALL: Final = Face(7.5, 400, LIGHT["soft"])
_MARK: Final = 8.5
"""Side of a mark."""
_TIER: Final = 10.5
_LANE: Final = 14.0
_SMALL_LANE: Final = 5.5
_GAP: Final = 3.5
_NAMES: Final = 36.0
"""Width of the names of the lanes."""
_AXIS: Final = 14.0
_LABEL: Final = 40.0
_LEGEND_LINE: Final = 14.0


def outline(kind: str) -> QPainterPath:
    """Return the outline of a kind of mark, in a square of `coach.report.shapes.SIDE`."""
    return path_of(OUTLINES[t.SHAPES[kind]])


def draw_mark(painter: QPainter, kind: str, x: float, y: float, side: float = _MARK) -> None:
    """Draw a mark with its upper left corner here."""
    colour = QColor(LIGHT[kind])
    painter.save()
    painter.translate(x, y)
    painter.scale(side / SIDE, side / SIDE)
    if OUTLINES[t.SHAPES[kind]].filled:
        painter.fillPath(outline(kind), colour)
    else:
        painter.strokePath(outline(kind), QPen(colour, STROKE))
    painter.restore()


@dataclass
class StaveOnPaper:
    """One row of the line."""

    stave: Stave
    sides: Sequence[Who]

    def height(self, width: float) -> float:  # noqa: ARG002 - as high at every width
        """Return how high it is."""
        return self._axis + _AXIS

    def draw(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Draw it with its upper left corner here."""
        left, wide = x + _NAMES, width - _NAMES - _MARK / 2
        self._draw_ticks(painter, left, y, wide)
        for who in self.sides:
            self._draw_lane(painter, who, (x, left), y, wide)
        for p in self.stave.rep:
            if p.mark.kind == t.PITCH:
                over = max(0.8, (p.to - p.at) * wide)
                painter.fillRect(
                    QRectF(left + p.at * wide, y + self._rep - 2.2, over, 2.2), QColor(LIGHT[t.PITCH])
                )
        for placed, top, step in (
            (self.stave.coach, self._said - _TIER, -_TIER),
            (self.stave.rep, self._rep - 2.5 - _TIER, -_TIER),
            (self.stave.customer, self._below, _TIER),
        ):
            for p in placed:
                draw_mark(painter, p.mark.kind, left + p.at * wide - _MARK / 2, y + top + step * p.tier)

    @property
    def _said(self) -> float:
        return _TIER * self.stave.tiers(self.stave.coach)

    @property
    def _rep(self) -> float:
        return self._said + _TIER * self.stave.tiers(self.stave.rep) + 2.5

    @property
    def _customer(self) -> float:
        return self._rep + _LANE + _GAP

    @property
    def _below(self) -> float:
        return (self._customer if Who.CUSTOMER in self.sides else self._rep) + _LANE + 2.5

    @property
    def _axis(self) -> float:
        return self._below + _TIER * self.stave.tiers(self.stave.customer) + 1

    def _draw_ticks(self, painter: QPainter, left: float, y: float, wide: float) -> None:
        painter.setPen(QPen(QColor(LIGHT["line"]), 0.6))
        painter.drawLine(QPointF(left, y + self._axis), QPointF(left + wide, y + self._axis))
        for at, ms in self.stave.ticks:
            tick = left + at * wide
            painter.drawLine(QPointF(tick, y + self._rep), QPointF(tick, y + self._axis + 2))
            words = Words([[(clock(ms / 1000), _SMALL)]], right=at > 0)
            # Flush right of a box that ends a little behind the tick is near enough to its middle.
            begin = tick if not at else min(tick + 9, left + wide) - _LABEL
            words.draw(painter, begin, y + self._axis + 3, _LABEL)
            painter.setPen(QPen(QColor(LIGHT["line"]), 0.6))

    def _draw_lane(
        self, painter: QPainter, who: Who, across: tuple[float, float], y: float, wide: float
    ) -> None:
        x, left = across
        top = y + (self._rep if who is Who.REP else self._customer)
        Words([[(self.stave.name(who), _SMALL)]]).draw(painter, x, top + 2, _NAMES)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT[who.value]))
        for start, end, small in self.stave.blocks.get(who, ()):
            high = _SMALL_LANE if small else _LANE
            over = max(0.7, (end - start) * wide)
            block = QRectF(left + start * wide, top + (_LANE - high) / 2, over, high)
            painter.drawRoundedRect(block, min(1.4, over / 2), 1.4)


@dataclass
class Legend:
    """What the marks are called, each with how many there are; four beside each other."""

    kinds: Sequence[tuple[str, int]]

    def height(self, width: float) -> float:  # noqa: ARG002 - as high at every width
        """Return how high it is."""
        return _LEGEND_LINE * -(-len(self.kinds) // 4)

    def draw(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Draw it with its upper left corner here."""
        for place, (kind, many) in enumerate(self.kinds):
            at, line = x + (place % 4) * width / 4, y + (place // 4) * _LEGEND_LINE
            draw_mark(painter, kind, at, line)
            Words([[(f"{t.KINDS[kind]}  {many}", _SMALL)]]).draw(
                painter, at + _MARK + 4, line - 0.8, width / 4
            )


@dataclass
class MarkAndWords:
    """A mark in front of words."""

    kind: str
    words: Piece

    def height(self, width: float) -> float:
        """Return how high it is at this width."""
        return self.words.height(width - _MARK - 5)

    def draw(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Draw it with its upper left corner here."""
        draw_mark(painter, self.kind, x, y + 2)
        self.words.draw(painter, x + _MARK + 5, y, width - _MARK - 5)

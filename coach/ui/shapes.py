"""The shapes of the marks on a time line, as paths.

Owns what each shape looks like. Each can be told from every other without colour, at ten pixels; the names are those
of `coach.report.timeline.SHAPES`.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF

_POLYGONS: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "square": ((-0.86, -0.86), (0.86, -0.86), (0.86, 0.86), (-0.86, 0.86)),
    "triangle": ((0, -1), (1, 0.85), (-1, 0.85)),
    "diamond": ((0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)),
    "flag": ((-0.7, -1), (1, -0.45), (-0.4, 0.1), (-0.4, 1.1), (-0.7, 1.1)),
    "cross": (
        *((-1, -0.65), (-0.65, -1), (0, -0.35), (0.65, -1), (1, -0.65), (0.35, 0)),
        *((1, 0.65), (0.65, 1), (0, 0.35), (-0.65, 1), (-1, 0.65), (-0.35, 0)),
    ),
}
"""Corners, for a shape of radius 1 around (0, 0)."""


@cache
def shape_path(shape: str, size: float) -> QPainterPath:
    """Return a shape around (0, 0), about ``size`` wide and high; a circle for a name nobody knows."""
    r = size / 2
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    if shape in _POLYGONS:
        path.addPolygon(QPolygonF([QPointF(x * r, y * r) for x, y in _POLYGONS[shape]]))
        path.closeSubpath()
        return path
    if shape == "bubble":
        return _bubble(r)
    if shape == "heart":
        path.moveTo(0, 0.95 * r)
        path.cubicTo(-1.9 * r, -0.25 * r, -0.75 * r, -1.5 * r, 0, -0.45 * r)
        path.cubicTo(0.75 * r, -1.5 * r, 1.9 * r, -0.25 * r, 0, 0.95 * r)
        return path
    if shape == "shield":
        path.moveTo(-0.85 * r, -0.9 * r)
        path.lineTo(0.85 * r, -0.9 * r)
        path.lineTo(0.85 * r, 0)
        path.quadTo(0.75 * r, 0.75 * r, 0, 1.1 * r)
        path.quadTo(-0.75 * r, 0.75 * r, -0.85 * r, 0)
        path.closeSubpath()
        return path
    if shape == "page":
        path.addRect(QRectF(-0.75 * r, -r, 1.5 * r, 2 * r))
        for y in (-0.5, 0.0, 0.5):
            path.addRect(QRectF(-0.4 * r, (y - 0.08) * r, 0.8 * r, 0.16 * r))
        return path
    path.addEllipse(QPointF(0, 0), r, r)
    if shape == "ring":
        path.addEllipse(QPointF(0, 0), 0.55 * r, 0.55 * r)
    return path


def _bubble(r: float) -> QPainterPath:
    """Return what a card says: a round box with a tail."""
    box, tail = QPainterPath(), QPainterPath()
    box.addRoundedRect(QRectF(-1.1 * r, -r, 2.2 * r, 1.5 * r), 0.45 * r, 0.45 * r)
    tail.addPolygon(
        QPolygonF([QPointF(-0.45 * r, 0.4 * r), QPointF(0.35 * r, 0.4 * r), QPointF(-0.5 * r, 1.1 * r)])
    )
    tail.closeSubpath()
    return box.united(tail)

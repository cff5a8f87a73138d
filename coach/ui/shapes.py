"""The marks of a time line as painter's paths: the outlines of `coach.report.shapes`, ready to be filled.

Owns the way from an outline to a path. What each shape looks like stands with the page and the paper, so that a mark is
the same everywhere.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QPainterPath, QPainterPathStroker, QTransform

from coach.report.shapes import OUTLINES, SIDE, STROKE, Outline


def path_of(outline: Outline) -> QPainterPath:
    """Return an outline as a path, in its own square of `SIDE`."""
    path = QPainterPath()
    for what, n in outline.steps:
        if what == "M":
            path.moveTo(n[0], n[1])
        elif what == "L":
            path.lineTo(n[0], n[1])
        elif what == "C":
            path.cubicTo(n[0], n[1], n[2], n[3], n[4], n[5])
        else:
            path.closeSubpath()
    return path


@cache
def shape_path(shape: str, size: float) -> QPainterPath:
    """Return a shape to be filled, around (0, 0) and ``size`` wide and high; a circle for a name nobody knows."""
    outline = OUTLINES.get(shape, OUTLINES["circle"])
    path = path_of(outline)
    if not outline.filled:
        line = QPainterPathStroker()
        line.setWidth(STROKE)
        path = line.createStroke(path)
    return QTransform.fromScale(size / SIDE, size / SIDE).translate(-SIDE / 2, -SIDE / 2).map(path)

"""Our own SVG icons, painted at any size and density.

Owns the way from a name and a colour to a picture. Refuses to know what a picture stands for. Drawn by hand
with one colour, ``currentColor``, which SVG readers replace; Qt's does not, so it is done here. The nudges' icons
stand on a grid of 24, those of the tray on grids of 16 and of 22, whose lines are whole pixels where trays are.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from coach.shipped import shipped
from coach.ui.theme import TRAY

TRAY_SIZES = (16, 22, 24, 32, 44, 48, 64)
APP_SIZES = (16, 24, 32, 48, 64, 128, 256)
_ON_22 = {22: 0, 24: 1, 44: 0}
"""Sizes for which the drawing on the grid of 22 is the sharper one, and the air left around it."""


@cache
def _drawing(name: str) -> str:
    return shipped("assets", "icons", f"{name}.svg").read_text(encoding="utf-8")


def renderer(name: str, colour: str) -> QSvgRenderer:
    """Return a renderer of this icon in this colour (``#rrggbb``)."""
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))


def paint(painter: QPainter, name: str, colour: str, into: QRectF) -> None:
    """Paint an icon into a square, as sharp as the device allows."""
    renderer(name, colour).render(painter, into)


def pixmap(name: str, colour: str, size: int, density: float = 1.0) -> QPixmap:
    """Return a picture of ``size`` logical pixels for a screen of this density."""
    picture = QPixmap(QSize(round(size * density), round(size * density)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint(painter, name, colour, QRectF(0, 0, picture.width(), picture.height()))
    painter.end()
    picture.setDevicePixelRatio(density)
    return picture


def tray_pixmap(kind: str, size: int) -> QPixmap:
    """Return the tray's picture of a state, its edges on whole pixels at the sizes that trays have."""
    if size not in _ON_22:
        return pixmap(f"tray_{kind}", TRAY[kind], size)
    air = _ON_22[size]
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint(painter, f"tray_{kind}_22", TRAY[kind], QRectF(air, air, size - 2 * air, size - 2 * air))
    painter.end()
    return picture


@cache
def app_icon() -> QIcon:
    """Return the program's own icon."""
    icon = QIcon()
    for size in APP_SIZES:
        icon.addPixmap(pixmap("coach", "#000000", size))
    return icon


@cache
def tray_icon(kind: str) -> QIcon:
    """Return the tray's icon for idle, listening, paused or problem: four shapes, not only four colours."""
    icon = QIcon()
    for size in TRAY_SIZES:
        icon.addPixmap(tray_pixmap(kind, size))
    return icon

"""Our own SVG icons, painted at any size and density.

Owns the way from a name and a colour to a picture. Refuses to know what a picture stands for. Drawn by hand
on a 24 px grid with one colour, ``currentColor``, which SVG readers replace; Qt's does not, so it is done
here.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from coach.shipped import shipped
from coach.ui.theme import TRAY

TRAY_SIZES = (16, 22, 24, 32, 48, 64)


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


@cache
def tray_icon(kind: str) -> QIcon:
    """Return the tray's icon for idle, listening, paused or problem: four shapes, not only four colours."""
    icon = QIcon()
    for size in TRAY_SIZES:
        icon.addPixmap(pixmap(f"tray_{kind}", TRAY[kind], size))
    return icon

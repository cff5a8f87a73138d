"""Right to left: what is mirrored, and what is not.

Qt mirrors layouts by itself; this is for what a window paints or places by hand. Time runs to the right in every
language, as in any player: lanes, axes, charts, meters and what was said in English keep their side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtWidgets import QStyle

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def keep_left_to_right(widget: QWidget) -> None:
    """Let a widget, and all in it, run to the right whatever the language."""
    widget.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def mirrored(rect: QRect, within: QRect, direction: Qt.LayoutDirection) -> QRect:
    """Return where a rectangle stands that was laid out from left to right."""
    return QStyle.visualRect(direction, within, rect)


def mirrored_f(rect: QRectF, within: QRectF, direction: Qt.LayoutDirection) -> QRectF:
    """Return the same of a rectangle between pixels."""
    if direction is Qt.LayoutDirection.LeftToRight:
        return rect
    return QRectF(within.left() + within.right() - rect.right(), rect.y(), rect.width(), rect.height())

"""A page that scrolls where the screen is too small for it, and only there.

Owns the frame around the page, its headings, and the size of the window about it. Refuses to know what is on the page.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from coach.ui.place import CENTRE, Spot, stand
from coach.ui.sheet import label
from coach.ui.theme import METRICS

_FROM_THE_EDGE: Final = 16
_TITLE_BAR: Final = 32
"""The window's frame is the desktop's, and comes on top."""


def scrolled(page: QWidget) -> QScrollArea:
    """Return a page in a frame that scrolls up and down; the keyboard brings what it reaches into view."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area


def bring_into_view(widget: QWidget) -> None:
    """Scroll to what has just appeared on a page, once it has its place there."""
    QTimer.singleShot(0, widget, lambda: _scroll_to(widget))


def _scroll_to(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(widget, 0, METRICS.pad)


def heading(text: str) -> QLabel:
    """Return the heading of a part of a page, in line with what stands beneath it."""
    made = label(text, "heading")
    made.setIndent(0)
    return made


def fit(window: QWidget, page: QWidget, width: int, beside: int = 0) -> None:
    """Give a window the size at which nothing scrolls, where its screen has so much room, and put it in the middle.

    Args:
        window: not shown yet.
        page: what may scroll in it.
        width: logical pixels.
        beside: height of what stands above and beneath the page.
    """
    window.ensurePolished()
    room = window.screen().availableGeometry()
    size = QSize(width, page_height(page, width) + beside)
    allowed = room.adjusted(0, 0, -2 * _FROM_THE_EDGE, -_TITLE_BAR - 2 * _FROM_THE_EDGE).size()
    window.setGeometry(stand(size.boundedTo(allowed), room, Spot(CENTRE, CENTRE), _FROM_THE_EDGE))


def page_height(page: QWidget, width: int) -> int:
    """Return the height at which all of a page is seen."""
    for widget in (page, *page.findChildren(QWidget)):
        widget.ensurePolished()  # the sheet's fonts come with it
    layout = page.layout()
    if layout is None or not layout.hasHeightForWidth():
        return page.sizeHint().height()
    layout.invalidate()
    return layout.totalHeightForWidth(width)

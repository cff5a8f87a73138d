"""Where the card stands on a screen: plain geometry.

Owns anchors, margins, snapping and clamping. Refuses to know windows. A place is kept as a share of the free room,
never as pixels, so that it survives another screen, another scale, another size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a screen as shares (0 to 1) of the room that the card leaves free, across and down."""

    across: float
    down: float


CENTRE = 0.5
ANCHORS: Final = {
    "top": Spot(CENTRE, 0.0),
    "top-left": Spot(0.0, 0.0),
    "top-right": Spot(1.0, 0.0),
    "left": Spot(0.0, CENTRE),
    "right": Spot(1.0, CENTRE),
    "bottom": Spot(CENTRE, 1.0),
    "bottom-left": Spot(0.0, 1.0),
    "bottom-right": Spot(1.0, 1.0),
}
"""The eight places a card snaps to: corners and the middles of the edges. The middle of the screen is the meeting's."""


def corner_spot(corner: str) -> Spot:
    """Return the spot of an anchor's name, for example ``top`` (centred) or ``bottom-right``."""
    return ANCHORS[corner]


def snapped(spot: Spot) -> Spot:
    """Return the nearest anchor's spot."""
    return min(ANCHORS.values(), key=lambda a: (a.across - spot.across) ** 2 + (a.down - spot.down) ** 2)


def stand(size: QSize, available: QRect, spot: Spot, margin: int) -> QRect:
    """Return the card's rectangle: inside ``available`` less ``margin``, and never outside ``available``."""
    room = available.adjusted(margin, margin, -margin, -margin)
    x = room.x() + round(spot.across * max(0, room.width() - size.width()))
    y = room.y() + round(spot.down * max(0, room.height() - size.height()))
    return clamp(QRect(QPoint(x, y), size), available)


def spot_of(card: QRect, available: QRect, margin: int) -> Spot:
    """Return the spot at which `stand` would put this card, for remembering a drag."""
    room = available.adjusted(margin, margin, -margin, -margin)
    free_x, free_y = room.width() - card.width(), room.height() - card.height()
    return Spot(_share(card.x() - room.x(), free_x), _share(card.y() - room.y(), free_y))


def clamp(card: QRect, available: QRect) -> QRect:
    """Return the rectangle moved just until it lies inside; its top left wins when too large."""
    x = max(available.x(), min(card.x(), available.x() + available.width() - card.width()))
    y = max(available.y(), min(card.y(), available.y() + available.height() - card.height()))
    return QRect(QPoint(x, y), card.size())


def _share(part: int, whole: int) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else CENTRE

"""On which screen the card stands, and where on it: chosen by the settings, changed by a drag, remembered by screen.

Owns that choice and what is remembered of it, as a value, for all windows that stand there. Refuses to know windows and
files: it says when they must stand anew, and what is worth keeping. A screen is known by its name, its model and its
serial number: "HDMI-1" alone is another screen in the next meeting room.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from coach.ui.place import Spot, corner_spot, snapped, spot_of
from coach.ui.theme import METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QScreen


@dataclass(frozen=True, slots=True)
class Stood:
    """What is remembered: the screen the card was dragged to last, and its spot on each screen it was dragged on.

    ``corner`` is the setting under which that was done; another one is a newer wish, and all of this is forgotten.
    """

    corner: str = ""
    screen: str = ""
    spots: Mapping[str, Spot] = field(default_factory=dict)


def identity(screen: QScreen) -> str:
    """Return what a screen is known by from day to day."""
    return f"{screen.name()} | {screen.model()} | {screen.serialNumber()}"


class Standing(QObject):
    """The place of the card.

    Args:
        corner: the anchor of the settings.
        stood: what was remembered.
    """

    changed = Signal()
    """Whoever stands here must stand anew: a screen came, went or changed, or the place did."""
    remembered = Signal(object)
    """There is a new `Stood` to keep."""

    def __init__(self, corner: str, stood: Stood | None = None) -> None:
        super().__init__()
        self._stood = stood if stood is not None and stood.corner == corner else Stood(corner)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self._watch)
            application.screenAdded.connect(self._stand_anew)
            application.screenRemoved.connect(self._stand_anew)
            application.primaryScreenChanged.connect(self._stand_anew)
        for screen in QGuiApplication.screens():
            self._watch(screen)

    @property
    def home(self) -> QScreen | None:
        """The screen the card was dragged to, or the main one; None while there is none at all."""
        known = [s for s in QGuiApplication.screens() if identity(s) == self._stood.screen]
        return known[0] if known else QGuiApplication.primaryScreen()

    @property
    def spot(self) -> Spot:
        """The spot on that screen."""
        usual = corner_spot(self._stood.corner)
        home = self.home
        return usual if home is None else self._stood.spots.get(identity(home), usual)

    def drop(self, card: QRect) -> None:
        """Take a card that was let go: it belongs to the screen under its middle and snaps to the nearest anchor."""
        screen = QGuiApplication.screenAt(card.center()) or self.home
        if screen is not None:
            spot = snapped(spot_of(card, screen.availableGeometry(), METRICS.margin))
            name = identity(screen)
            self._keep(replace(self._stood, screen=name, spots={**self._stood.spots, name: spot}))

    def use(self, corner: str) -> None:
        """Take the anchor of the settings; another one than before forgets every drag."""
        if corner != self._stood.corner:
            self._keep(Stood(corner))

    def forget(self) -> None:
        """Go back to the anchor of the settings, on the main screen."""
        self._keep(Stood(self._stood.corner))

    def _keep(self, stood: Stood) -> None:
        self._stood = stood
        self.changed.emit()
        self.remembered.emit(stood)

    @Slot()
    def _stand_anew(self) -> None:
        self.changed.emit()

    def _watch(self, screen: QScreen) -> None:
        screen.availableGeometryChanged.connect(self._stand_anew)

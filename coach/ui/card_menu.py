"""What can be changed about the card from the tray: its size, clicks through it, its place.

Owns those actions. Refuses to know what keeps a setting: it names one and its new value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from coach.settings import OverlaySettings

SIZES: Final = (("usual", 1.0), ("large", 1.5), ("projector", 2.5))
"""Names in `wording` and scales; any other scale is set in the settings, and none of these is checked then."""
KEY: Final = "coach_key"
"""The property of an action that keeps the key of its words, so that a menu can change its language."""


def speak_again(menu: QMenu) -> None:
    """Give every action of a menu, and of those in it, its words in the language of now."""
    for action in menu.actions():
        if key := action.property(KEY):
            action.setText(say(key))
        if inner := action.menu():
            assert isinstance(inner, QMenu)  # noqa: S101 - tells the type checker what Qt calls an object
            speak_again(inner)


class CardMenu(QMenu):
    """The menu; ``ring`` is an action of its own, for the menu above, where it is one click away."""

    setting_asked = Signal(str, object)
    """A setting of the overlay shall have this value, for example ``scale`` 1.5."""
    place_forgotten = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(say("tray.card"), parent)
        self.menuAction().setProperty(KEY, "tray.card")
        self._sizes = QActionGroup(self)
        for name, scale in SIZES:
            action = self.addAction(say(f"tray.size.{name}"))
            action.setProperty(KEY, f"tray.size.{name}")
            action.setCheckable(True)
            action.setData(scale)
            action.triggered.connect(lambda _checked, scale=scale: self.setting_asked.emit("scale", scale))
            self._sizes.addAction(action)
        self.addSeparator()
        self.through = self._switch("tray.through", "click_through")
        self.addAction(self.through)
        back = self.addAction(say("tray.place"))
        back.setProperty(KEY, "tray.place")
        back.triggered.connect(self.place_forgotten)
        self.ring = self._switch("tray.ring", "ring")

    def show_settings(self, settings: OverlaySettings) -> None:
        """Show which settings hold; says nothing of it."""
        self._sizes.setExclusive(False)  # else the last one could not be unchecked
        for action in self._sizes.actions():
            action.setChecked(action.data() == settings.scale)
        self._sizes.setExclusive(True)
        self.through.setChecked(settings.click_through)
        self.ring.setChecked(settings.ring)

    def _switch(self, key: str, name: str) -> QAction:
        action = QAction(say(key), self)
        action.setProperty(KEY, key)
        action.setCheckable(True)
        action.triggered.connect(lambda checked: self.setting_asked.emit(name, checked))
        return action

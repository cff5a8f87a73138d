"""The keys that were chosen, taken from the desktop and turned into words to the running Coach.

Owns taking them and giving them back as the settings change, and what is said when one cannot be had. Refuses to know
what a word leads to: they are those of `coach.ui.instance.VERBS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from coach.hotkeys.keys import here, read_keys
from coach.trouble import Trouble
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.hotkeys.keys import Keys, Port
    from coach.settings import SystemSettings

VERBS: Final = {"key_toggle": "toggle", "key_hide": "hide", "key_quiet": "not-now"}
"""Which setting holds the keys of which word."""


class KeysDesk(QObject):
    """Keep the desktop's keys in step with the settings.

    Args:
        settings: which keys.
        obey: takes a word.
        tell: is told a sentence when keys cannot be had.
        port: gives the port of this system.
    """

    _pressed = Signal(str)

    def __init__(
        self,
        settings: SystemSettings,
        obey: Callable[[str], object],
        tell: Callable[[str], None],
        port: Callable[[], Port | None] = here,
    ) -> None:
        super().__init__()
        self._obey, self._tell, self._make = obey, tell, port
        self._wanted: tuple[str, ...] = ("",) * len(VERBS)
        self._port: Port | None = None
        self._pressed.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self.use(settings)

    def use(self, settings: SystemSettings) -> None:
        """Go on with these keys."""
        wanted = tuple(str(getattr(settings, name)) for name in VERBS)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self.close()
        chosen = self._read(wanted)
        if chosen:
            self._begin(tuple(chosen), tuple(chosen.values()))

    def close(self) -> None:
        """Give all keys back."""
        if (port := self._port) is not None:
            self._port = None
            port.end()

    def _read(self, wanted: tuple[str, ...]) -> dict[Keys, str]:
        chosen: dict[Keys, str] = {}
        for text, verb in zip(wanted, VERBS.values(), strict=True):
            try:
                keys = read_keys(text)
            except Trouble as trouble:
                self._tell(str(trouble))
                continue
            if keys is not None:
                chosen.setdefault(keys, verb)
        return chosen

    def _begin(self, keys: tuple[Keys, ...], verbs: tuple[str, ...]) -> None:
        try:
            port = self._make()
            taken = None if port is None else port.begin(keys, lambda place: self._pressed.emit(verbs[place]))
        except OSError:
            port, taken = None, None
        self._port = port
        if taken is None:
            self._tell(say("keys.refused"))
            return
        for place in taken:
            self._tell(say("keys.taken", keys=str(keys[place])))

    @Slot(str)
    def _hear(self, verb: str) -> None:
        self._obey(verb)

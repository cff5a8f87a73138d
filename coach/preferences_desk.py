"""The preferences at work: the window, the settings file, and the login entry, put together.

Owns what becomes of a value that was chosen: it is written into the user's file, the system is asked for what only it
can do, and whoever runs Coach is told what changed. Knows when the file was changed by another hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from coach import app, autostart
from coach.hotkeys.keys import read_keys
from coach.language import phrase
from coach.nudges.rules import CATALOGUE
from coach.settings import Settings, unlike, value_at, with_values
from coach.settings_file import forget_values, save_values
from coach.trouble import Trouble
from coach.ui.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from coach.autostart import Autostart
    from coach.settings import Value

AUTOSTART = "system.autostart"
KEYS = "system.key_"
_UNREAD = b"\0"
"""Stands for a file that could not be read: no file that can be holds a zero."""


class PreferencesDesk:
    """Open the window, and write what is chosen in it.

    Args:
        path: the user's settings file; None for the usual one.
        tell: is told, by name, what is otherwise from now on.
        entry: the login entry of this system; None where there is none.
        open_url: opens a file as the desktop does; says whether it could.
        lock: opens the window in which calls are locked.
    """

    def __init__(
        self,
        path: Path | None,
        tell: Callable[[Mapping[str, Value]], None],
        entry: Autostart | None = None,
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
        lock: Callable[[], None] | None = None,
    ) -> None:
        self._path, self._tell, self._entry, self._open_url = path, tell, entry, open_url
        self._file = path or app.settings_file()
        self._seen: bytes | None = None
        self._settings = Settings()
        problem = ""
        try:
            self._settings = self._load()
        except Trouble as trouble:
            problem = str(trouble)
        self.window = Preferences(
            self._settings,
            self.change,
            self.read,
            self.open_file,
            str(self._file),
            problem=problem,
            known={"speech.model": _models()},
            ours={f"wording.{rule.name}": phrase(rule.text) for rule in CATALOGUE},
            lock=lock,
        )

    def change(self, values: Mapping[str, Value | None]) -> Settings:
        """Write values, None for as it comes; return the settings after it.

        Raises:
            Trouble: where the file or the system does not take them; then nothing was written.
        """
        before = self._settings
        wanted = with_values(
            before,
            {n: value_at(Settings(), n) if v is None else v for n, v in values.items()},
            str(self._file),
        )
        for name in values:
            if name.startswith(KEYS):
                read_keys(str(value_at(wanted, name)))
        chosen = {name: value for name, value in values.items() if value is not None}
        if AUTOSTART in values:
            autostart.keep(self._entry, wanted=wanted.system.autostart)
        try:
            if chosen:
                save_values(self._file, chosen)
            if back := [name for name, value in values.items() if value is None]:
                forget_values(self._file, back)
        except Trouble:
            if AUTOSTART in values:
                autostart.keep(self._entry, wanted=before.system.autostart)
            raise
        return self._go_on(self._load())

    def read(self) -> Settings | None:
        """Return the settings of a file that was changed by another hand since it was last looked at, else None.

        Raises:
            Trouble: for a file that Coach would refuse; as often as it is looked at.
        """
        if self._seen != _UNREAD and self._content() == self._seen:
            return None
        before, settings = self._settings, self._go_on(self._load())
        if settings.system != before.system:
            autostart.keep(self._entry, wanted=settings.system.autostart)
        return settings

    def open_file(self) -> None:
        """Open the settings file; one that is not there yet is made, empty.

        Raises:
            Trouble: where the desktop has nothing to open it with.
        """
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file.touch(mode=0o600)
        except OSError as e:
            raise Trouble("{path} cannot be made: {why}.", "Check its folder.", path=self._file, why=e) from e
        if not self._open_url(QUrl.fromLocalFile(str(self._file))):
            raise Trouble("This desktop opens no text files.", "Open {path} by hand.", path=self._file)

    def _go_on(self, settings: Settings) -> Settings:
        otherwise = unlike(settings, self._settings)
        self._settings = settings
        if otherwise:
            self._tell(otherwise)
        return settings

    def _load(self) -> Settings:
        content = self._content()
        self._seen = _UNREAD  # until it is
        settings = app.load_settings(self._file) if content is not None else Settings()
        self._seen = content
        return settings

    def _content(self) -> bytes | None:
        try:
            return self._file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            return _UNREAD


def _models() -> tuple[str, ...]:
    from coach.speech.models import catalogue  # noqa: PLC0415 - only once the window is wanted

    return tuple(entry.name for entry in catalogue())

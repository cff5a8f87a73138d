"""Starting with the login: one small port, and how each system is asked for it.

Owns the entry that a desktop reads at login, and the way back to this program from it. Refuses to know settings: it is
told to turn on or off. Coach that was started so listens to nothing before its user says so, as ever.

On Linux the entry is a file as the XDG Autostart and Desktop Entry specifications of freedesktop.org have it; on
Windows a value of the user's ``Run`` key; on macOS a property list in the user's ``LaunchAgents``. The first was run on
Debian; **the other two were not yet run on their systems**: their tests have a registry and a folder of their own.
"""

from __future__ import annotations

import contextlib
import os
import plistlib
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME: Final = "Coach"
LABEL: Final = "coach.quiet-friend"
"""The name of the agent on macOS, and of its file."""
RUN_KEY: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"
OURS: Final = "X-Coach-Preferences=true"
"""A line by which a file is known to be Coach's own; what a person put there by hand is theirs."""
_RESERVED: Final = frozenset(" \t\n\"'\\><~|&;$*?#()`")
"""Letters for which an argument of Exec is quoted (Desktop Entry Specification 1.5, The Exec key)."""


class Autostart(Protocol):
    """The entry with which this system starts Coach at login."""

    def is_on(self) -> bool:
        """Say whether there is one. It may have been switched off by means of the desktop; then it stays so."""
        ...

    def turn_on(self) -> None:
        """Make the entry. Raises `Trouble` where it cannot be written."""
        ...

    def turn_off(self) -> None:
        """Take the entry away, if there is one. Raises `Trouble` where it cannot be."""
        ...


def program(
    asked: Sequence[str] = tuple(sys.argv), python: str = sys.executable, scripts: str | None = None
) -> tuple[str, ...]:
    """Return how this program is started again, from whatever it was installed into.

    Args:
        asked: how it was started now.
        python: the interpreter.
        scripts: the folder of the interpreter's own scripts; None for where it says.
    """
    name = "coach.exe" if python.lower().endswith(".exe") else "coach"
    places = [Path(asked[0])] if asked and Path(asked[0]).name in {"coach", "coach.exe"} else []
    places += [Path(python).parent / name, Path(scripts or sysconfig.get_path("scripts")) / name]
    for place in places:
        if place.is_file() and os.access(place, os.X_OK):
            return (str(place.absolute()),)
    return python, "-m", "coach"


def here(command: Sequence[str] | None = None) -> Autostart | None:
    """Return the entry of this system; None where Coach knows of none.

    Args:
        command: the program and its arguments; None for this one.
    """
    words = tuple(command or program())
    if sys.platform == "win32":
        return RunKey(words, _windows_registry())
    if sys.platform == "darwin":
        return LaunchAgent(words, Path.home() / "Library" / "LaunchAgents")
    if sys.platform.startswith(("linux", "freebsd")):
        config = os.environ.get("XDG_CONFIG_HOME", "")
        folder = Path(config) if Path(config).is_absolute() else Path.home() / ".config"
        return DesktopEntry(words, folder / "autostart")
    return None


def keep(entry: Autostart | None, *, wanted: bool) -> None:
    """Bring the entry in step with the setting. Raises `Trouble` as the entry does, or where there is none to make."""
    if entry is None:
        if wanted:
            raise Trouble("Coach cannot start itself here.", "Add 'coach' to what this desktop starts.")
    elif wanted and not entry.is_on():
        entry.turn_on()
    elif not wanted:
        entry.turn_off()


class DesktopEntry:
    """Linux: a file in ``~/.config/autostart``."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command, self.path = tuple(command), folder / "coach.desktop"

    def is_on(self) -> bool:
        """Say whether the file is there and starts a program that is there; one that is hidden by its user is."""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return False
        return any(line.startswith("Exec=") for line in lines) and not any(
            line.startswith("TryExec=") and not Path(_plain(line.partition("=")[2])).exists()
            for line in lines
        )

    def turn_on(self) -> None:
        """Write the file."""
        _write(self.path, self.text().encode())

    def turn_off(self) -> None:
        """Delete the file, unless somebody else wrote it."""
        with contextlib.suppress(OSError):
            if OURS not in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
                return
        _delete(self.path)

    def text(self) -> str:
        """Return the file."""
        return "\n".join(
            (
                "[Desktop Entry]",
                "Type=Application",
                f"Name={NAME}",
                "Comment=The quiet friend at the edge of the call",
                f"Exec={' '.join(_argument(word) for word in self._command)}",
                f"TryExec={_escaped(self._command[0])}",
                "Terminal=false",
                "Categories=Office;AudioVideo;",
                "X-GNOME-Autostart-enabled=true",
                OURS,
                "",
            )
        )


class LaunchAgent:
    """macOS: a property list that ``launchd`` reads at login. Not yet run on macOS."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command, self.path = tuple(command), folder / f"{LABEL}.plist"

    def is_on(self) -> bool:
        """Say whether the file is there and starts a program that is there."""
        try:
            words = plistlib.loads(self.path.read_bytes())["ProgramArguments"]
            return bool(words) and Path(words[0]).exists()
        except (OSError, plistlib.InvalidFileException, KeyError, TypeError, ValueError):
            return False

    def turn_on(self) -> None:
        """Write the file; launchd takes it up at the next login."""
        agent = {
            "Label": LABEL,
            "ProgramArguments": list(self._command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        _write(self.path, plistlib.dumps(agent))

    def turn_off(self) -> None:
        """Delete the file."""
        _delete(self.path)


class Registry(Protocol):
    """Values of the user's ``Run`` key."""

    def read(self, name: str) -> str | None:
        """Return a value; None where there is none."""
        ...

    def write(self, name: str, value: str) -> None:
        """Write a value. Raises `OSError`."""
        ...

    def delete(self, name: str) -> None:
        """Delete a value. Raises `FileNotFoundError` where there is none."""
        ...


class RunKey:
    """Windows: a value of the ``Run`` key. Not yet run on Windows."""

    def __init__(self, command: Sequence[str], registry: Registry) -> None:
        self._line, self._registry = subprocess.list2cmdline(command), registry

    def is_on(self) -> bool:
        """Say whether the value is there and starts this program."""
        try:
            return self._registry.read(NAME) == self._line
        except OSError:
            return False

    def turn_on(self) -> None:
        """Write the value."""
        try:
            self._registry.write(NAME, self._line)
        except OSError as e:
            raise Trouble(
                "Windows does not let Coach start at login: {why}.", "Ask who minds it.", why=e
            ) from e

    def turn_off(self) -> None:
        """Delete the value."""
        try:
            self._registry.delete(NAME)
        except FileNotFoundError:
            pass
        except OSError as e:
            raise Trouble("Coach still starts at login: {why}.", "Ask who minds this machine.", why=e) from e


def _windows_registry() -> Registry:
    import winreg  # noqa: PLC0415 - a module of Windows alone

    reg: Any = winreg

    class RunValues:
        def read(self, name: str) -> str | None:
            with reg.OpenKey(reg.HKEY_CURRENT_USER, RUN_KEY) as key:
                try:
                    return str(reg.QueryValueEx(key, name)[0])
                except FileNotFoundError:
                    return None

        def write(self, name: str, value: str) -> None:
            with reg.CreateKey(reg.HKEY_CURRENT_USER, RUN_KEY) as key:
                reg.SetValueEx(key, name, 0, reg.REG_SZ, value)

        def delete(self, name: str) -> None:
            with reg.OpenKey(reg.HKEY_CURRENT_USER, RUN_KEY, 0, reg.KEY_SET_VALUE) as key:
                reg.DeleteValue(key, name)

    return RunValues()


def _argument(word: str) -> str:
    """Write one argument of Exec: quoted where it must be, percent signs doubled, and escaped as any string is."""
    word = word.replace("%", "%%")
    if word and not _RESERVED.intersection(word):
        return word
    inside = "".join(_quoted(word))
    return _escaped(f'"{inside}"')


def _quoted(word: str) -> Iterator[str]:
    for letter in word:
        yield f"\\{letter}" if letter in '"`$\\' else letter


def _escaped(text: str) -> str:
    """Write a string of a desktop entry (Desktop Entry Specification 1.5, Possible value types)."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text)


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.write_bytes(content)
        part.replace(path)
    except OSError as e:
        with contextlib.suppress(OSError):
            part.unlink()
        raise Trouble("{path} cannot be written: {why}.", "Check its folder.", path=path, why=e) from e


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:
        pass
    except OSError as e:
        raise Trouble("{path} cannot be deleted: {why}.", "Delete it by hand.", path=path, why=e) from e

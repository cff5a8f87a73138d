"""Keys as a person writes them, and the small port behind which each system gives them out.

Owns the reading of ``Ctrl+Shift+F9``, the names of keys, and which port belongs to this system. Refuses to know what a
key leads to.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MODIFIERS: Final[dict[str, str]] = {
    "ctrl": "Ctrl",
    "control": "Ctrl",
    "strg": "Ctrl",
    "alt": "Alt",
    "option": "Alt",
    "shift": "Shift",
    "umschalt": "Shift",
    "super": "Super",
    "win": "Super",
    "windows": "Super",
    "meta": "Super",
    "cmd": "Super",
    "command": "Super",
}
"""What people call the keys that are held, and what they are called here. ``Super`` is Command on a Mac."""
_ORDER: Final = ("Ctrl", "Alt", "Shift", "Super")
NAMED: Final = (
    "Space",
    "Insert",
    "Home",
    "End",
    "PageUp",
    "PageDown",
    "Left",
    "Up",
    "Right",
    "Down",
    "Pause",
)
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
KNOWN: Final[dict[str, str]] = {
    name.lower(): name for name in (*NAMED, *_LETTERS, *(f"F{n}" for n in range(1, 25)))
}
_MEND: Final = "Write them as Ctrl+Shift+F9, in the preferences under This computer, or leave them empty."


@dataclass(frozen=True, slots=True)
class Keys:
    """A key, and the keys that are held with it."""

    key: str
    held: frozenset[str]

    def __str__(self) -> str:
        """Return them as a person writes them."""
        return "+".join((*(m for m in _ORDER if m in self.held), self.key))


def read_keys(text: str) -> Keys | None:
    """Return the keys that a text names; None for an empty one.

    Raises:
        Trouble: for what names no keys, and for keys that would take a letter away from every other program.
    """
    words = [word.strip().lower() for word in text.split("+")]
    if words == [""]:
        return None
    *before, last = words
    held = frozenset(filter(None, (MODIFIERS.get(word, "") for word in before)))
    key = KNOWN.get(last)
    if key is None or not all(word in MODIFIERS for word in before):
        raise Trouble("'{text}' names no keys.", _MEND, text=text)
    if not held - {"Shift"}:
        raise Trouble("'{text}' alone would take that key from every other program.", _MEND, text=text)
    return Keys(key, held)


class Port(Protocol):
    """The keys of this system."""

    def begin(self, wanted: Sequence[Keys], pressed: Callable[[int], None]) -> tuple[int, ...]:
        """Take keys from the whole desktop; called once.

        Args:
            wanted: the keys.
            pressed: told the place in ``wanted`` of the keys that were pressed, once for each press, from any thread.

        Returns:
            The places of those that belong to another program already.

        Raises:
            OSError: where the system gives out none at all.
        """
        ...

    def end(self) -> None:
        """Give all keys back."""
        ...


def here(environ: Mapping[str, str] = os.environ) -> Port | None:
    """Return the port of this system; None where there is none, as under Wayland.

    There an X server is at hand too, but it hears the keys of its own windows only: it would look as if all was well.
    """
    if sys.platform == "win32":
        from coach.hotkeys.windows import WindowsKeys  # noqa: PLC0415 - of Windows alone

        return WindowsKeys()
    if sys.platform == "darwin":
        from coach.hotkeys.macos import MacKeys  # noqa: PLC0415 - of macOS alone

        return MacKeys()
    if environ.get("WAYLAND_DISPLAY") or not environ.get("DISPLAY"):
        return None
    from coach.hotkeys.x11 import X11Keys  # noqa: PLC0415 - of X11 alone

    return X11Keys(environ["DISPLAY"])

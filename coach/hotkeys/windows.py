"""Keys on Windows: ``RegisterHotKey``, on a thread that waits for their messages.

Owns that thread and the names that Windows has for keys. Refuses to know what they lead to. Written from Microsoft's
documentation (winuser.h), **not yet run on Windows**: a test gives it a library of its own.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coach.hotkeys.keys import Keys

_HELD: Final = {"Alt": 1, "Ctrl": 2, "Shift": 4, "Super": 8}
MOD_NOREPEAT: Final = 0x4000
"""A key that is held counts once."""
WM_QUIT, WM_HOTKEY = 0x0012, 0x0312
_NAMED: Final = {
    "Pause": 0x13,
    "Space": 0x20,
    "PageUp": 0x21,
    "PageDown": 0x22,
    "End": 0x23,
    "Home": 0x24,
    "Left": 0x25,
    "Up": 0x26,
    "Right": 0x27,
    "Down": 0x28,
    "Insert": 0x2D,
}
_F1: Final = 0x70


class Message(ctypes.Structure):
    """``MSG`` of winuser.h."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint32),
        ("wparam", ctypes.c_size_t),
        ("lparam", ctypes.c_ssize_t),
        ("time", ctypes.c_uint32),
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
    )


class WindowsKeys:
    """The keys of Windows.

    Args:
        user: user32; None for the system's.
        kernel: kernel32; None for the system's.
    """

    def __init__(self, user: Any = None, kernel: Any = None) -> None:
        self._user, self._kernel = user or _library("user32"), kernel or _library("kernel32")
        self._thread: threading.Thread | None = None
        self._number = 0
        self._begun = threading.Event()
        self._taken: tuple[int, ...] = ()

    def begin(self, wanted: Sequence[Keys], pressed: Callable[[int], None]) -> tuple[int, ...]:
        """Take keys; see `coach.hotkeys.keys.Port`."""
        self._thread = threading.Thread(
            target=self._listen, args=(tuple(wanted), pressed), name="coach-keys", daemon=True
        )
        self._thread.start()
        self._begun.wait()
        return self._taken

    def end(self) -> None:
        """Give all keys back: they are the thread's, and it ends."""
        if self._thread is not None:
            self._user.PostThreadMessageW(
                ctypes.c_uint32(self._number),
                ctypes.c_uint32(WM_QUIT),
                ctypes.c_size_t(0),
                ctypes.c_ssize_t(0),
            )
            self._thread.join()

    def _listen(self, wanted: tuple[Keys, ...], pressed: Callable[[int], None]) -> None:
        self._number = self._kernel.GetCurrentThreadId()
        message = Message()
        # The queue that WM_QUIT is posted to is made with the first look into it.
        self._user.PeekMessageW(ctypes.byref(message), None, *(ctypes.c_uint32(0),) * 3)
        self._taken = tuple(place for place, keys in enumerate(wanted) if not self._take(place, keys))
        self._begun.set()
        while self._user.GetMessageW(ctypes.byref(message), None, ctypes.c_uint32(0), ctypes.c_uint32(0)) > 0:
            if message.message == WM_HOTKEY:
                pressed(int(message.wparam))
        for place in range(len(wanted)):
            if place not in self._taken:
                self._user.UnregisterHotKey(None, ctypes.c_int(place))

    def _take(self, place: int, keys: Keys) -> bool:
        held = MOD_NOREPEAT | sum(_HELD[name] for name in keys.held)
        code = virtual_key(keys.key)
        return bool(
            self._user.RegisterHotKey(None, ctypes.c_int(place), ctypes.c_uint32(held), ctypes.c_uint32(code))
        )


def virtual_key(key: str) -> int:
    """Return the number that Windows has for a key."""
    if key in _NAMED:
        return _NAMED[key]
    return _F1 + int(key[1:]) - 1 if len(key) > 1 else ord(key)


def _library(name: str) -> Any:
    if sys.platform == "win32":
        return ctypes.WinDLL(name)
    raise OSError(f"There is no {name} here.")

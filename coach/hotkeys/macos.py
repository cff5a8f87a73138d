"""Keys on macOS: ``RegisterEventHotKey`` of Carbon, which needs no permission to watch the keyboard.

Owns the handler and the names that macOS has for keys. Refuses to know what they lead to. Written from Apple's headers
(CarbonEvents.h, Events.h), **not yet run on macOS**: a test gives it a library of its own. The events come on the
thread of the windows, where `begin` must be called.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coach.hotkeys.keys import Keys

_HELD: Final = {"Super": 0x0100, "Shift": 0x0200, "Alt": 0x0800, "Ctrl": 0x1000}
_CODES: Final[dict[str, int]] = {
    **dict(zip("ASDFHGZXCV", range(10), strict=True)),
    "B": 11,
    "Q": 12,
    "W": 13,
    "E": 14,
    "R": 15,
    "Y": 16,
    "T": 17,
    "1": 18,
    "2": 19,
    "3": 20,
    "4": 21,
    "6": 22,
    "5": 23,
    "9": 25,
    "7": 26,
    "8": 28,
    "0": 29,
    "O": 31,
    "U": 32,
    "I": 34,
    "P": 35,
    "L": 37,
    "J": 38,
    "K": 40,
    "N": 45,
    "M": 46,
    "Space": 49,
    "F5": 96,
    "F6": 97,
    "F7": 98,
    "F3": 99,
    "F8": 100,
    "F9": 101,
    "F11": 103,
    "F13": 105,
    "F16": 106,
    "F14": 107,
    "F10": 109,
    "F12": 111,
    "F15": 113,
    "Home": 115,
    "PageUp": 116,
    "F4": 118,
    "End": 119,
    "F2": 120,
    "PageDown": 121,
    "F1": 122,
    "Left": 123,
    "Right": 124,
    "Down": 125,
    "Up": 126,
    "F17": 64,
    "F18": 79,
    "F19": 80,
    "F20": 90,
    "Insert": 114,
}
"""``kVK_…`` of Events.h, places on the American keyboard."""
OURS: Final = int.from_bytes(b"coch", "big")
KEYBOARD, PRESSED = int.from_bytes(b"keyb", "big"), 5
"""``kEventClassKeyboard`` and ``kEventHotKeyPressed``."""
DIRECT, ID = int.from_bytes(b"----", "big"), int.from_bytes(b"hkid", "big")
"""``kEventParamDirectObject`` and ``typeEventHotKeyID``."""
Handler = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


class HotKeyID(ctypes.Structure):
    """``EventHotKeyID``: whose, and which."""

    _fields_ = (("signature", ctypes.c_uint32), ("id", ctypes.c_uint32))


class EventType(ctypes.Structure):
    """``EventTypeSpec``: class and kind of an event."""

    _fields_ = (("kind_of", ctypes.c_uint32), ("kind", ctypes.c_uint32))


class MacKeys:
    """The keys of macOS.

    Args:
        carbon: the framework; None for the system's.
    """

    def __init__(self, carbon: Any = None) -> None:
        self._carbon = carbon or ctypes.CDLL("/System/Library/Frameworks/Carbon.framework/Carbon")
        self._carbon.GetApplicationEventTarget.restype = ctypes.c_void_p
        self._handler: Any = None
        self._installed = ctypes.c_void_p()
        self._keys: list[ctypes.c_void_p] = []

    def begin(self, wanted: Sequence[Keys], pressed: Callable[[int], None]) -> tuple[int, ...]:
        """Take keys; see `coach.hotkeys.keys.Port`."""
        self._handler = Handler(lambda _next, event, _data: self._heard(event, pressed))
        target = ctypes.c_void_p(self._carbon.GetApplicationEventTarget())
        kinds = (EventType * 1)(EventType(KEYBOARD, PRESSED))
        failed = self._carbon.InstallEventHandler(
            target, self._handler, ctypes.c_ulong(1), kinds, None, ctypes.byref(self._installed)
        )
        if failed:
            raise OSError(failed, "InstallEventHandler")
        return tuple(place for place, keys in enumerate(wanted) if not self._take(target, place, keys))

    def end(self) -> None:
        """Give all keys back."""
        for key in self._keys:
            self._carbon.UnregisterEventHotKey(key)
        self._keys.clear()
        if self._installed.value:
            self._carbon.RemoveEventHandler(self._installed)
            self._installed = ctypes.c_void_p()

    def _take(self, target: ctypes.c_void_p, place: int, keys: Keys) -> bool:
        if keys.key not in _CODES:
            return False
        held, taken = sum(_HELD[name] for name in keys.held), ctypes.c_void_p()
        failed = self._carbon.RegisterEventHotKey(
            ctypes.c_uint32(_CODES[keys.key]),
            ctypes.c_uint32(held),
            HotKeyID(OURS, place),
            target,
            ctypes.c_uint32(0),
            ctypes.byref(taken),
        )
        if failed:
            return False
        self._keys.append(taken)
        return True

    def _heard(self, event: int, pressed: Callable[[int], None]) -> int:
        which = HotKeyID()
        failed = self._carbon.GetEventParameter(
            ctypes.c_void_p(event),
            ctypes.c_uint32(DIRECT),
            ctypes.c_uint32(ID),
            None,
            ctypes.c_ulong(ctypes.sizeof(which)),
            None,
            ctypes.byref(which),
        )
        if not failed and which.signature == OURS:
            pressed(which.id)
        return 0

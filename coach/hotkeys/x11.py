"""Keys under X11: a passive grab on the root window, over a connection of our own.

Owns that connection, its thread, and the names that X has for keys. Refuses to know what they lead to. Through libxcb,
which Qt's own way to X needs anyhow: it answers each grab by itself, where Xlib has one handler for the faults of the
whole process. Sources: the X protocol (``GrabKey``, ``KeyPress``), ``xcb/xproto.h``, ``X11/keysymdef.h``.
"""

from __future__ import annotations

import ctypes
import os
import select
import struct
import threading
from itertools import product
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from coach.hotkeys.keys import Keys

_HELD: Final = {"Shift": 1, "Ctrl": 4, "Alt": 8, "Super": 64}
"""Mod1 is Alt and Mod4 is Super on every desktop of today."""
_LOCKS: Final = (0, 2), (0, 16)
"""Caps Lock, and Num Lock as Mod2: a grab is for exactly the modifiers that it names."""
_ALL: Final = sum(_HELD.values())
_NAMED: Final = {
    "Space": 0x20,
    "Home": 0xFF50,
    "Left": 0xFF51,
    "Up": 0xFF52,
    "Right": 0xFF53,
    "Down": 0xFF54,
    "PageUp": 0xFF55,
    "PageDown": 0xFF56,
    "End": 0xFF57,
    "Pause": 0xFF13,
    "Insert": 0xFF63,
}
_F1: Final = 0xFFBE
_CONSOLES: Final = frozenset(f"F{n}" for n in range(1, 13))
"""With Ctrl and Alt they lead to another console, past every grab (seen: the server grants it and sends nothing)."""
_PRESS, _RELEASE = 2, 3
_ASYNC: Final = 1
_EVENT: Final = struct.Struct("=BBHIIIIhhhhHBx")
"""``xcb_key_press_event_t``: kind, key code, sequence, time in ms, four windows and places, the modifiers."""


class _Screens(ctypes.Structure):
    _fields_ = (("data", ctypes.POINTER(ctypes.c_uint32)), ("rem", ctypes.c_int), ("index", ctypes.c_int))


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class X11Keys:
    """The keys of an X server. Raises `OSError` where it does not answer.

    Args:
        display: as in ``DISPLAY``.
    """

    def __init__(self, display: str) -> None:
        self._xcb, self._symbols, self._libc = _libraries()
        self._connection = self._xcb.xcb_connect(display.encode(), None)
        if self._xcb.xcb_connection_has_error(self._connection):
            self._xcb.xcb_disconnect(self._connection)
            raise OSError(f"The X server {display} does not answer.")
        screens = self._xcb.xcb_setup_roots_iterator(self._xcb.xcb_get_setup(self._connection))
        self._root = screens.data[0]  # a screen begins with its root window
        self._places: dict[tuple[int, int], int] = {}
        self._ended, self._end = os.pipe()
        self._thread: threading.Thread | None = None

    def begin(self, wanted: Sequence[Keys], pressed: Callable[[int], None]) -> tuple[int, ...]:
        """Take keys; see `coach.hotkeys.keys.Port`."""
        taken = tuple(place for place, keys in enumerate(wanted) if not self._take(place, keys))
        self._thread = threading.Thread(target=self._listen, args=(pressed,), name="coach-keys", daemon=True)
        self._thread.start()
        return taken

    def end(self) -> None:
        """Give all keys back, and the connection with them."""
        os.write(self._end, b".")
        if self._thread is not None:
            self._thread.join()
        self._xcb.xcb_disconnect(self._connection)
        os.close(self._end)
        os.close(self._ended)

    def _take(self, place: int, keys: Keys) -> bool:
        held = sum(_HELD[name] for name in keys.held)
        if keys.held >= {"Ctrl", "Alt"} and keys.key in _CONSOLES:
            return False
        codes = list(self._codes(_symbol(keys.key)))
        for code, caps, num in product(codes, *_LOCKS):
            modifiers = held | caps | num
            asked = self._xcb.xcb_grab_key_checked(
                self._connection,
                ctypes.c_uint8(1),
                ctypes.c_uint32(self._root),
                ctypes.c_uint16(modifiers),
                ctypes.c_uint8(code),
                ctypes.c_uint8(_ASYNC),
                ctypes.c_uint8(_ASYNC),
            )
            if fault := self._xcb.xcb_request_check(self._connection, asked):
                self._libc.free(fault)
                self._give_back(code, held)
                return False
            self._places[code, held] = place
        return bool(codes)

    def _give_back(self, code: int, held: int) -> None:
        self._places.pop((code, held), None)
        for caps, num in product(*_LOCKS):
            self._xcb.xcb_ungrab_key(
                self._connection,
                ctypes.c_uint8(code),
                ctypes.c_uint32(self._root),
                ctypes.c_uint16(held | caps | num),
            )
        self._xcb.xcb_flush(self._connection)

    def _codes(self, symbol: int) -> Iterator[int]:
        """Return the keys of this keyboard that bear a sign."""
        table = self._symbols.xcb_key_symbols_alloc(self._connection)
        codes = self._symbols.xcb_key_symbols_get_keycode(table, ctypes.c_uint32(symbol))
        at = 0
        while codes and codes[at]:
            yield codes[at]
            at += 1
        self._libc.free(ctypes.cast(codes, ctypes.c_void_p))
        self._symbols.xcb_key_symbols_free(table)

    def _listen(self, pressed: Callable[[int], None]) -> None:
        server = self._xcb.xcb_get_file_descriptor(self._connection)
        poller = select.poll()
        for file in (server, self._ended):
            poller.register(file, select.POLLIN)
        released = (0, 0)
        while not self._xcb.xcb_connection_has_error(self._connection):
            while event := self._xcb.xcb_poll_for_event(self._connection):
                kind, code, _, at_ms, *_, modifiers = _EVENT.unpack(ctypes.string_at(event, _EVENT.size))[:12]
                self._libc.free(event)
                place = self._places.get((code, modifiers & _ALL))
                if kind & 0x7F == _RELEASE:
                    released = code, at_ms
                elif kind & 0x7F == _PRESS and place is not None and released != (code, at_ms):
                    pressed(place)  # a key that is held comes again, released and pressed in one moment
            if any(file == self._ended for file, _ in poller.poll()):
                return


def _symbol(key: str) -> int:
    if key in _NAMED:
        return _NAMED[key]
    if len(key) > 1:
        return _F1 + int(key[1:]) - 1
    return ord(key.lower())


def _libraries() -> tuple[Any, Any, Any]:
    xcb, symbols, libc = ctypes.CDLL("libxcb.so.1"), ctypes.CDLL("libxcb-keysyms.so.1"), ctypes.CDLL(None)
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_get_setup.restype = ctypes.c_void_p
    xcb.xcb_setup_roots_iterator.restype = _Screens
    xcb.xcb_setup_roots_iterator.argtypes = (ctypes.c_void_p,)
    xcb.xcb_grab_key_checked.restype = _Cookie
    xcb.xcb_request_check.restype = ctypes.c_void_p
    xcb.xcb_request_check.argtypes = (ctypes.c_void_p, _Cookie)
    xcb.xcb_poll_for_event.restype = ctypes.c_void_p
    for name in (
        "xcb_connection_has_error",
        "xcb_disconnect",
        "xcb_get_setup",
        "xcb_poll_for_event",
        "xcb_flush",
        "xcb_get_file_descriptor",
    ):
        getattr(xcb, name).argtypes = (ctypes.c_void_p,)
    numbers = (
        ctypes.c_uint8,
        ctypes.c_uint32,
        ctypes.c_uint16,
        ctypes.c_uint8,
        ctypes.c_uint8,
        ctypes.c_uint8,
    )
    xcb.xcb_grab_key_checked.argtypes = (ctypes.c_void_p, *numbers)
    xcb.xcb_ungrab_key.argtypes = (ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint32, ctypes.c_uint16)
    symbols.xcb_key_symbols_alloc.restype = ctypes.c_void_p
    symbols.xcb_key_symbols_alloc.argtypes = symbols.xcb_key_symbols_free.argtypes = (ctypes.c_void_p,)
    symbols.xcb_key_symbols_get_keycode.restype = ctypes.POINTER(ctypes.c_uint8)
    symbols.xcb_key_symbols_get_keycode.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    libc.free.argtypes = (ctypes.c_void_p,)
    return xcb, symbols, libc

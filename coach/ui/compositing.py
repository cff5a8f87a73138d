"""What the desktop can and wants: blended windows (round corners, fading) and motion, or not.

Owns the questions. Refuses to know what is done with the answer. A compositing manager owns the selection
``_NET_WM_CM_S<screen>`` (freedesktop.org, extended window manager hints); Qt 6 no longer says so itself.
Without one, the transparent corners of a window come out black.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from PySide6.QtGui import QGuiApplication


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Reply(ctypes.Structure):
    """The replies to both questions: eight bytes of header, then one number."""

    _fields_ = (("header", ctypes.c_uint8 * 8), ("value", ctypes.c_uint32))


def blends() -> bool:
    """Say whether this desktop blends windows, now; a manager may come and go."""
    if QGuiApplication.platformName() != "xcb":
        return True
    return x11_blends()


def x11_blends(display: str | None = None) -> bool:
    """Ask the X server whether a compositing manager runs; no answer counts as none.

    Args:
        display: the server's name, such as ``:0``; None for the one in the environment.
    """
    try:
        xcb = _xcb()
    except OSError:
        return False
    screen = ctypes.c_int(0)
    name = None if display is None else display.encode()
    connection = xcb.xcb_connect(name, ctypes.byref(screen))
    try:
        if xcb.xcb_connection_has_error(connection):
            return False
        selection = f"_NET_WM_CM_S{screen.value}".encode()
        asked = xcb.xcb_intern_atom(connection, 0, len(selection), selection)
        atom = _value(xcb.xcb_intern_atom_reply(connection, asked, None))
        owner = _value(
            xcb.xcb_get_selection_owner_reply(connection, xcb.xcb_get_selection_owner(connection, atom), None)
        )
        return owner != 0
    finally:
        xcb.xcb_disconnect(connection)


def _value(reply: Any) -> int:
    if not reply:
        return 0
    value = int(reply.contents.value)
    _libc().free(reply)
    return value


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None)
    libc.free.argtypes = (ctypes.c_void_p,)
    return libc


@cache
def _xcb() -> ctypes.CDLL:
    xcb = ctypes.CDLL("libxcb.so.1")
    connection = ctypes.c_void_p
    xcb.xcb_connect.restype = connection
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.POINTER(ctypes.c_int))
    xcb.xcb_connection_has_error.argtypes = (connection,)
    xcb.xcb_disconnect.argtypes = (connection,)
    xcb.xcb_intern_atom.restype = _Cookie
    xcb.xcb_intern_atom.argtypes = (connection, ctypes.c_uint8, ctypes.c_uint16, ctypes.c_char_p)
    xcb.xcb_intern_atom_reply.restype = ctypes.POINTER(_Reply)
    xcb.xcb_intern_atom_reply.argtypes = (connection, _Cookie, ctypes.c_void_p)
    xcb.xcb_get_selection_owner.restype = _Cookie
    xcb.xcb_get_selection_owner.argtypes = (connection, ctypes.c_uint32)
    xcb.xcb_get_selection_owner_reply.restype = ctypes.POINTER(_Reply)
    xcb.xcb_get_selection_owner_reply.argtypes = (connection, _Cookie, ctypes.c_void_p)
    return xcb


def motion_reduced() -> bool:
    """Say whether this person asked their system for less motion; systems before Qt 6.12 cannot say."""
    accessibility = getattr(QGuiApplication.styleHints(), "accessibility", None)
    preference = getattr(accessibility(), "motionPreference", None) if accessibility else None
    return preference is not None and preference().name.startswith("Reduce")

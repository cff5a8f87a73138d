"""Whether a window is hidden from what is recorded of the screen: asked for where the system can, and told as it is.

Owns one question a system. Windows 10 (2004) and later leave a window out of captures
(`SetWindowDisplayAffinity`, ``WDA_EXCLUDEFROMCAPTURE``) and may refuse it for a translucent one, so the answer is read
back and never assumed. X11 and XWayland have no such thing. macOS has had one that its own ScreenCaptureKit passes over
since version 15, so there nothing is promised. Refuses to know what is shown.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final, Literal

from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    Hidden = Literal["yes", "no", "unknown"]

EXCLUDE: Final = 0x11
"""``WDA_EXCLUDEFROMCAPTURE`` (winuser.h)."""
_VISIBLE: Final = frozenset({"xcb", "wayland", "cocoa"})


def hide_from_capture(window: QWidget, user32: Callable[[], Any] | None = None) -> Hidden:
    """Ask the system to leave a window out of captures; return whether it does.

    Args:
        window: has a native window already, shown or not.
        user32: returns Windows' library; for tests.
    """
    platform = QGuiApplication.platformName()
    if platform == "windows":
        return _on_windows(int(window.winId()), user32 or _user32)
    return "no" if platform in _VISIBLE else "unknown"


def _on_windows(handle: int, user32: Callable[[], Any]) -> Hidden:
    try:
        library = user32()
        asked = library.SetWindowDisplayAffinity(ctypes.c_void_p(handle), EXCLUDE)
        told = ctypes.c_uint32(0)
        known = library.GetWindowDisplayAffinity(ctypes.c_void_p(handle), ctypes.byref(told))
    except (OSError, AttributeError):
        return "unknown"
    if not known:
        return "unknown"
    return "yes" if asked and told.value == EXCLUDE else "no"


def _user32() -> Any:
    return ctypes.CDLL("user32")  # two words of 64 bits each: both ways of calling are one there

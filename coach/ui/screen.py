"""Whether there is a screen, and which way Qt should take to it.

Owns the questions that must be answered *before* Qt starts: without a display Qt ends the whole process. So
this module asks the system itself and never imports Qt.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coach import offline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, MutableMapping

ANSWER_S: Final = 0.5
"""How long an X server on this machine may take to accept a connection."""

_LIBRARIES: Final = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""Libraries that Qt's xcb plugin loads, and the Debian package of each."""


def prepare_platform(environ: MutableMapping[str, str] = os.environ) -> None:
    """Choose X11 for Qt, also inside a Wayland session; call before the QApplication is made.

    A Wayland compositor neither places a window nor keeps it above a full-screen one, and gives it the
    focus; through XWayland all three are right. A choice made by the user stays.
    """
    if sys.platform == "linux" and "QT_QPA_PLATFORM" not in environ and environ.get("DISPLAY"):
        environ["QT_QPA_PLATFORM"] = "xcb"


def screen_available(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Say whether windows can be shown: always on Windows and macOS; on Linux when a display answers."""
    if platform != "linux":
        return True
    display = environ.get("DISPLAY", "")
    if display:
        return _x_answers(display)
    return _wayland_socket_exists(environ)


def missing_libraries(names: Iterable[str] = tuple(_LIBRARIES)) -> list[str]:
    """Return those of Qt's X11 libraries that cannot be loaded here; none on Windows and macOS.

    Qt itself blames ``libxcb-cursor0`` whichever one is missing.
    """
    if sys.platform != "linux":
        return []
    missing = []
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def debian_packages(libraries: Iterable[str]) -> list[str]:
    """Return the packages that bring these libraries on Debian and Ubuntu, for the line a user can copy."""
    return [_LIBRARIES[name] for name in libraries if name in _LIBRARIES]


def _x_answers(display: str) -> bool:
    parts = re.fullmatch(r"(?P<host>[^:/]*|unix|/.*):(?P<number>\d+)(?:\.\d+)?", display)
    if parts is None:
        return False
    host, number = parts["host"], int(parts["number"])
    if host.startswith("/"):
        return _connects(socket.AF_UNIX, f"{host}:{number}")
    if host not in {"", "unix"}:
        with offline.allowed("the screen that DISPLAY names", [host]):  # on another machine, as over SSH
            return _connects(socket.AF_INET, (host, 6000 + number))
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - the place of X's own sockets
    return _connects(socket.AF_UNIX, "\0" + path) or _connects(socket.AF_UNIX, path)


def _connects(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(ANSWER_S)
        probe.connect(address)
        return True
    return False


def _wayland_socket_exists(environ: Mapping[str, str]) -> bool:
    name = environ.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    return _connects(socket.AF_UNIX, str(Path(environ.get("XDG_RUNTIME_DIR", "/"), name)))

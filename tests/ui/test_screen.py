"""The questions asked before Qt starts."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from coach.ui.screen import debian_packages, missing_libraries, prepare_platform, screen_available

if TYPE_CHECKING:
    from pathlib import Path

linux = pytest.mark.skipif(sys.platform != "linux", reason="X11 and Wayland live on Linux")


@linux
@pytest.mark.parametrize(
    ("before", "platform"),
    [
        ({"DISPLAY": ":0"}, "xcb"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "xcb"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "wayland"}, "wayland"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, None),
        ({"DISPLAY": ""}, None),
        ({}, None),
    ],
)
def test_x11_is_chosen_where_there_is_one_and_nobody_chose(
    before: dict[str, str], platform: str | None
) -> None:
    prepare_platform(before)
    assert before.get("QT_QPA_PLATFORM") == platform


@pytest.mark.parametrize("display", ["", ":98765", "nonsense", "/nowhere/launch:0", "unix:98765.0"])
def test_no_screen_answers(display: str) -> None:
    assert not screen_available({"DISPLAY": display}, "linux")


def test_windows_and_macos_always_have_a_screen() -> None:
    assert screen_available({}, "win32")
    assert screen_available({}, "darwin")


@linux
def test_a_wayland_socket_must_answer(tmp_path: Path) -> None:
    env = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert not screen_available(env, "linux")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert screen_available(env, "linux")
    assert not screen_available(env, "linux")


@linux
def test_a_library_that_cannot_be_loaded_is_named_with_its_package() -> None:
    assert missing_libraries(["libc.so.6", "libno-such-thing.so.9"]) == ["libno-such-thing.so.9"]
    assert debian_packages(["libxcb-icccm.so.4", "libno-such-thing.so.9"]) == ["libxcb-icccm4"]


def test_asking_does_not_start_qt() -> None:
    code = "import sys, coach.ui.screen; sys.exit(any(m.startswith('PySide6') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""A screen of our own for tests: X server, window manager and, where wished, a compositing manager.

Owns those three programs and what can be asked of them: a screenshot, the focus, typing, the pointer.
Refuses to know what is tested. Offscreen Qt ignores the flags that keep the focus away, so that only a real
window manager tells the truth. Everything is stopped on leaving, whatever happened.

    with Screen() as screen:
        subprocess.run([...], env=screen.env)
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PACKAGES = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "kwin_x11": "kwin-x11",
    "picom": "picom",
    "xdotool": "xdotool",
    "import": "imagemagick",
    "xprop": "x11-utils",
}
MANAGERS = {
    "openbox": ("openbox",),
    # Its own bus, so that it finds nothing of the desktop it may run beside, and no effects.
    "kwin_x11": ("dbus-run-session", "--", "kwin_x11", "--no-kactivities"),
}
START_S = 60.0
STOP_S = 3.0


class ScreenMissingError(RuntimeError):
    """A program of the rig is not installed; the sentence holds the line that installs it."""


class Screen:
    """An X screen with openbox, used as a context.

    Args:
        width: in pixels.
        height: in pixels.
        composite: start picom, so that windows can be translucent and fade.
        manager: the window manager, ``openbox`` or ``kwin_x11``: they put full-screen windows on other layers.
    """

    def __init__(
        self, width: int = 1280, height: int = 720, *, composite: bool = False, manager: str = "openbox"
    ) -> None:
        self._size = f"{width}x{height}x24"
        self._composite = composite
        self._manager = manager
        self._running: list[subprocess.Popen[bytes]] = []
        self.display = ""

    @property
    def env(self) -> dict[str, str]:
        """The environment for a program that shall appear on this screen."""
        env = {k: v for k, v in os.environ.items() if k not in {"WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}
        # Without an address a library starts a bus for itself, which outlives the screen.
        bus = {"DBUS_SESSION_BUS_ADDRESS": "disabled:"}
        return env | bus | {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}

    def __enter__(self) -> Self:
        unused = {*MANAGERS, "picom"} - {self._manager, "picom" if self._composite else ""}
        wanted = [p for p in PACKAGES if p not in unused]
        missing = [PACKAGES[p] for p in wanted if shutil.which(p) is None]
        if missing:
            raise ScreenMissingError(f"sudo apt-get install -y --no-install-recommends {' '.join(missing)}")
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the programs of this screen, the last one first; harmless when they have ended."""
        while self._running:
            program = self._running.pop()
            program.terminate()
            try:
                program.wait(STOP_S)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()

    def screenshot(self, path: Path) -> Path:
        """Write the whole screen to a PNG."""
        self.ask("import", "-window", "root", str(path))
        return path

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        """Return the colour of one pixel of the screen as red, green, blue (0 to 255)."""
        crop = f"1x1+{x}+{y}"
        raw = subprocess.run(
            ["import", "-silent", "-window", "root", "-crop", crop, "-depth", "8", "rgb:-"],
            env=self.env,
            check=True,
            capture_output=True,
            timeout=START_S,
        ).stdout
        return raw[0], raw[1], raw[2]

    def active_window(self) -> str:
        """Return the id of the window that the window manager calls active; empty when none is."""
        return self.ask("xdotool", "getactivewindow", check=False)

    def focused_window(self) -> str:
        """Return the id of the window that X gives the keys to."""
        return self.ask("xdotool", "getwindowfocus", check=False)

    def type_text(self, text: str) -> None:
        """Type on the keyboard, into whatever has the focus."""
        self.ask("xdotool", "type", "--delay", "5", text)

    def move_pointer(self, x: int, y: int) -> None:
        """Move the pointer to a place on the screen."""
        self.ask("xdotool", "mousemove", str(x), str(y))

    def click(self, x: int, y: int) -> None:
        """Move the pointer there and click the left button."""
        self.ask("xdotool", "mousemove", str(x), str(y), "click", "1")

    def ask(self, *command: str, check: bool = True) -> str:
        """Run an X tool on this screen and return what it printed."""
        done = subprocess.run(
            command, env=self.env, check=check, capture_output=True, text=True, timeout=START_S
        )
        return done.stdout.strip()

    def _start(self) -> None:
        read, write = os.pipe()
        with os.fdopen(read) as answer:
            self._run(
                "Xvfb", "-displayfd", str(write), "-screen", "0", self._size, "-nolisten", "tcp", fds=(write,)
            )
            os.close(write)
            number = answer.readline().strip()
        if not number:
            raise RuntimeError("Xvfb found no free display")
        self.display = f":{number}"
        self._run(*MANAGERS[self._manager])
        until(lambda: "window id" in self.ask("xprop", "-root", "_NET_SUPPORTING_WM_CHECK", check=False))
        if self._composite:
            self._run("picom", "--backend", "xrender", "--config", "/dev/null")
            until(self._blends)

    def _blends(self) -> bool:
        from coach.ui.compositing import x11_blends

        return x11_blends(self.display)

    def _run(self, *command: str, fds: tuple[int, ...] = ()) -> None:
        self._running.append(
            subprocess.Popen(
                command,
                env=self.env | _PLAIN if self.display else None,
                pass_fds=fds,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )


_PLAIN = {"KWIN_COMPOSE": "N", "XDG_CONFIG_HOME": os.devnull}
"""The programs of the rig read no settings of whoever runs the tests."""


def until(condition: Callable[[], bool], seconds: float = START_S, every: float = 0.05) -> None:
    """Wait for a condition, looking often; raise TimeoutError when it does not come."""
    deadline = time.monotonic() + seconds
    rest = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} s")
        rest.wait(every)


def close(program: subprocess.Popen[str]) -> None:
    """End a program that a test started on the screen."""
    program.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        program.wait(STOP_S)
    if program.poll() is None:
        program.kill()
        program.wait()
    for pipe in (program.stdin, program.stdout, program.stderr):
        if pipe is not None:
            pipe.close()

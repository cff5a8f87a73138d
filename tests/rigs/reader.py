"""A screen reader's ears: a session bus of its own, the accessibility bus on it, and what is heard there.

Owns those programs. Refuses to know what is tested. libatspi has no package for our own Python, so the listening is a
small program for the system's (``ears.py``), which tells in JSON.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rigs.screen import close, until

if TYPE_CHECKING:
    from collections.abc import Mapping

PYTHON = "/usr/bin/python3"
PACKAGES = "at-spi2-core dbus-daemon gir1.2-atspi-2.0 python3-gi"
WAIT_S = 40.0


class ReaderMissingError(RuntimeError):
    """A part of the rig is not installed; the sentence holds the line that installs it."""


class Reader:
    """Ears on a bus, used as a context.

    Args:
        env: the environment of the screen that the programs appear on.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = dict(env)
        self.said: list[str] = []
        """What was announced, in order."""
        self.focused: list[tuple[str, str]] = []
        """Name and role of each control that got the keyboard."""
        self._trees: list[list[dict[str, Any]]] = []
        self._open = contextlib.ExitStack()

    @property
    def env(self) -> dict[str, str]:
        """The environment for a program that shall be heard."""
        return self._env | {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}

    def __enter__(self) -> Self:
        importable = [PYTHON, "-c", "import gi; gi.require_version('Atspi', '2.0')"]
        if (
            shutil.which("dbus-daemon") is None
            or not Path(PYTHON).exists()
            or subprocess.run(importable, capture_output=True, check=False).returncode
        ):
            raise ReaderMissingError(f"sudo apt-get install -y --no-install-recommends {PACKAGES}")
        with contextlib.ExitStack() as opening:
            bus = self._start(opening, "dbus-daemon", "--session", "--nofork", "--print-address")
            assert bus.stdout is not None
            self._env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
            self._ears = self._start(opening, PYTHON, str(Path(__file__).with_name("ears.py")))
            thread = threading.Thread(target=self._listen, name="rig-ears")
            thread.start()
            opening.callback(thread.join)
            opening.callback(close, self._ears)
            until(lambda: bool(self._trees), WAIT_S)
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def windows(self) -> list[dict[str, Any]]:
        """Return the windows that are shown, each with all that is shown in it."""
        before = len(self._trees)
        assert self._ears.stdin is not None
        self._ears.stdin.write("tree\n")
        self._ears.stdin.flush()
        until(lambda: len(self._trees) > before, WAIT_S)
        return self._trees[-1]

    def _start(self, opening: contextlib.ExitStack, *command: str) -> subprocess.Popen[str]:
        program = subprocess.Popen(
            command,
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        opening.callback(close, program)
        return program

    def _listen(self) -> None:
        assert self._ears.stdout is not None
        for line in self._ears.stdout:
            heard = json.loads(line)
            if "tree" in heard:
                self._trees.append(heard["tree"])
            elif "said" in heard:
                self.said.append(heard["said"])
            else:
                self.focused.append((heard["focus"], heard["role"]))

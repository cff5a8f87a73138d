"""What a screen reader hears of Coach, through AT-SPI, and what hands on a keyboard alone can do."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rigs.reader import WAIT_S, Reader
from rigs.screen import Screen, close, until

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.desktop

WINDOWS = {
    "facts": "What I sell",
    "preferences": "Preferences",
    "today": "Today's nudges",
    "calls": "My calls",
    "first": "Welcome to Coach",
    "sound": "Sound check",
    "review": "Karen · Coach",
    "bar": "Coach",
}
ROOT = Path(__file__).parents[2]


class Heard:
    """Coach's windows, one at a time, and a reader beside them."""

    def __init__(self, screen: Screen, reader: Reader, folder: Path) -> None:
        self.screen, self.reader = screen, reader
        self.settings = folder / "settings.toml"
        self.settings.touch()
        self._done: list[str] = []
        self._program = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("everywindow.py")), str(self.settings)],
            env=reader.env
            | {
                "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests"))),
                "XDG_DATA_HOME": str(folder / "data"),
                "XDG_CONFIG_HOME": str(folder / "config"),
                "XDG_RUNTIME_DIR": str(folder),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._thread = threading.Thread(target=self._read, name="everywindow")
        self._thread.start()
        until(lambda: "ready" in self._done, WAIT_S)

    def tell(self, word: str) -> None:
        already = self._done.count(word)
        assert self._program.stdin is not None
        self._program.stdin.write(word + "\n")
        self._program.stdin.flush()
        until(lambda: self._done.count(word) > already, WAIT_S)

    def open(self, word: str) -> dict[str, Any]:
        """Open a window alone and return it as it is heard."""
        self.tell(word)
        return self.window(WINDOWS[word])

    def window(self, title: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = []

        def there() -> bool:
            found[:] = [w for w in self.reader.windows() if w["name"] == title and w["children"]]
            return bool(found)

        until(there, WAIT_S, every=0.3)
        return found[0]

    def press(self, *keys: str) -> None:
        self.screen.ask("xdotool", "key", "--clearmodifiers", *keys)

    def focus_on(self, name: str) -> None:
        until(lambda: bool(self.reader.focused) and self.reader.focused[-1][0] == name, WAIT_S)

    def end(self) -> None:
        close(self._program)
        self._thread.join()

    def _read(self) -> None:
        assert self._program.stdout is not None
        for line in self._program.stdout:
            self._done.append(line.strip())


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    with Screen() as screen, Reader(screen.env) as reader:
        started = Heard(screen, reader, tmp_path_factory.mktemp("heard"))
        yield started
        started.end()


def parts(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from parts(child)


def controls(window: dict[str, Any]) -> list[dict[str, Any]]:
    """What takes the keyboard, and every button."""
    return [p for p in parts(window) if "focusable" in p["states"] or p["role"] == "push button"]


def unnamed(control: dict[str, Any]) -> bool:
    if control["role"] == "combo box":  # its name is what is chosen
        return not (control["labels"] or control["about"])
    return not (control["name"] or control["labels"])


@pytest.mark.parametrize("word", WINDOWS)
def test_every_control_says_its_name_and_what_it_is(heard: Heard, word: str) -> None:
    window = heard.open(word)
    found = controls(window)
    assert len(found) >= 2
    assert [c for c in found if unnamed(c)] == []
    assert [c for c in parts(window) if c["role"] in {"unknown", "invalid"} and not c["name"]] == []


def test_a_nudge_is_said_and_the_keyboard_stays_where_it_was(heard: Heard) -> None:
    heard.open("facts")
    heard.focus_on("My company")
    before, window = len(heard.reader.focused), heard.screen.focused_window()
    heard.tell("card")
    until(lambda: "Pause, let them in. 75 s without them" in heard.reader.said, WAIT_S)
    card = heard.window("Coach's nudge: Pause, let them in")
    assert card["about"] == "75 s without them"
    names = {p["name"] for p in parts(card) if p["role"] == "push button"}
    assert names == {"Dismiss", "Why?", "Not helpful", "Not now"}
    assert heard.reader.focused[before:] == []
    assert heard.screen.focused_window() == window


def test_what_i_sell_is_filled_in_and_saved_without_a_pointer(heard: Heard) -> None:
    heard.open("facts")
    heard.focus_on("My company")
    began = len(heard.reader.focused)
    heard.screen.type_text("Acme Lifts")
    order = ["Products and services", "Competitors", "What only we can say", "Our jargon", "Cancel", "Save"]
    for name in order:
        heard.press("Tab")
        heard.focus_on(name)
    assert [name for name, _ in heard.reader.focused[began:]] == order
    heard.press("Return")
    until(lambda: "Acme Lifts" in heard.settings.read_text(), WAIT_S)


def test_the_bar_is_worked_with_the_keyboard(heard: Heard) -> None:
    heard.open("bar")
    window = heard.screen.ask("xdotool", "search", "--name", "^Coach$").splitlines()[-1]
    heard.screen.ask("xdotool", "windowactivate", "--sync", window)
    for _ in range(2):
        heard.press("Tab")
    until(lambda: {"Start listening", "More"} <= {name for name, _ in heard.reader.focused}, WAIT_S)

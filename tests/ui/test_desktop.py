"""On a real X server with a real window manager: the card is seen, and the focus stays with the meeting."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rigs.screen import Screen, close, until

from coach.ui.compositing import x11_blends
from coach.ui.screen import screen_available

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.desktop

CARD = (0x14, 0x18, 0x1F)


class Meeting:
    """The meeting program on a screen, and what it has said."""

    def __init__(self, screen: Screen, size: str, corner: str = "top") -> None:
        self.screen = screen
        self.said: list[str] = []
        root = Path(__file__).parents[2]
        self._program = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("meeting.py")), size, corner],
            env=screen.env | {"PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, name="meeting-reader")
        self._reader.start()
        self.wait("ready")
        until(lambda: "True True" in self.ask("state", "state")[len("state False") :])

    def _read(self) -> None:
        assert self._program.stdout is not None
        for line in self._program.stdout:
            self.said.append(line.strip())

    def wait(self, start: str) -> str:
        until(lambda: any(s.startswith(start) for s in self.said))
        return next(s for s in reversed(self.said) if s.startswith(start))

    def tell(self, word: str) -> None:
        assert self._program.stdin is not None
        self._program.stdin.write(word + "\n")
        self._program.stdin.flush()

    def ask(self, word: str, answer: str) -> str:
        before = len(self.said)
        self.tell(word)
        until(lambda: any(s.startswith(answer) for s in self.said[before:]))
        return next(s for s in self.said[before:] if s.startswith(answer))

    def show(self) -> tuple[int, int, int, int]:
        _, _, *place = self.ask("show", "painted").split()
        x, y, w, h = (int(p) for p in place)
        return x, y, w, h

    def types(self, text: str) -> None:
        already = next((s for s in reversed(self.said) if s.startswith("text")), "text ")
        self.screen.type_text(text)
        self.wait(already + text)

    def end(self) -> None:
        close(self._program)
        self._reader.join()


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    with Screen() as opened:
        yield opened


@pytest.fixture(scope="module")
def blending_screen() -> Iterator[Screen]:
    with Screen(composite=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def kwin_screen() -> Iterator[Screen]:
    if shutil.which("kwin_x11") is None:
        pytest.skip("KWin is not installed: sudo apt-get install -y --no-install-recommends kwin-x11")
    with Screen(manager="kwin_x11") as opened:
        yield opened


@pytest.fixture(params=["window", "full"])
def meeting(screen: Screen, request: pytest.FixtureRequest) -> Iterator[Meeting]:
    screen.move_pointer(5, 700)
    started = Meeting(screen, request.param)
    yield started
    started.end()


def test_typing_goes_on_while_the_card_comes_and_is_clicked(meeting: Meeting) -> None:
    screen = meeting.screen
    before = screen.active_window(), screen.focused_window()
    meeting.types("one")
    x, y, w, h = meeting.show()
    meeting.types("two")
    screen.move_pointer(x + w // 2, y + h // 2)
    screen.click(x + w // 2, y + 14)
    meeting.types("three")
    screen.click(x + w - 20, y + 24)
    meeting.wait("dismissed monologue")
    meeting.types("four")
    assert (screen.active_window(), screen.focused_window()) == before
    assert meeting.wait("text") == "text onetwothreefour"


def test_the_card_is_seen_above_the_focused_meeting(meeting: Meeting) -> None:
    x, y, w, h = meeting.show()
    until(lambda: meeting.screen.pixel(x + 6, y + h // 2) == CARD)
    assert meeting.screen.pixel(x + w + 20, y + h // 2) == (255, 255, 255)


def test_the_card_stays_above_a_meeting_that_is_raised(meeting: Meeting) -> None:
    x, y, _, h = meeting.show()
    meeting.ask("raise", "raised")
    meeting.types("x")
    until(lambda: meeting.screen.pixel(x + 6, y + h // 2) == CARD)


def test_the_quiet_buttons_are_where_the_reason_was(meeting: Meeting) -> None:
    x, y, _, h = meeting.show()
    screen = meeting.screen
    screen.move_pointer(x + 100, y + 20)
    screen.click(x + 80, y + 42)
    assert int(meeting.wait("why monologue").split()[-1]) > h
    screen.click(x + 150, y + 42)
    meeting.wait("unhelpful monologue")
    meeting.show()
    screen.move_pointer(x + 100, y + 20)
    screen.click(x + 230, y + 42)
    meeting.wait("not_now")


def test_the_card_is_dragged_snaps_and_comes_back_there(meeting: Meeting) -> None:
    x, y, _, h = meeting.show()
    ask = meeting.screen.ask
    ask("xdotool", "mousemove", str(x + 30), str(y + h // 2), "mousedown", "1")
    ask("xdotool", "mousemove_relative", "--", "-30", "200")
    ask("xdotool", "mousemove_relative", "--", "-300", "300", "mouseup", "1")
    until(lambda: meeting.ask("where", "where") == f"where 24 {720 - 24 - h}")
    meeting.screen.move_pointer(5, 700)
    meeting.tell("hide")
    until(lambda: meeting.ask("state", "state").startswith("state False"))
    assert meeting.show()[:2] == (24, 720 - 24 - h)


def test_clicks_pass_through_the_card_while_that_is_wished(meeting: Meeting) -> None:
    x, y, w, h = meeting.show()
    screen = meeting.screen
    meeting.tell("through")
    until(lambda: meeting.ask("state", "state").startswith("state True"))
    screen.click(x + 30, y + h // 2)
    meeting.wait("meeting_clicked")
    clicks = meeting.said.count("meeting_clicked")
    meeting.tell("solid")
    until(lambda: meeting.ask("state", "state").startswith("state True"))
    screen.click(x + w - 20, y + 24)
    meeting.wait("dismissed monologue")
    assert meeting.said.count("meeting_clicked") == clicks
    meeting.types("on")


def test_the_ring_is_above_the_meeting_takes_no_focus_and_no_clicks(meeting: Meeting) -> None:
    screen = meeting.screen
    before = screen.active_window(), screen.focused_window()
    meeting.tell("ring")
    meeting.tell("share")
    x, y, side = (int(n) for n in meeting.ask("ringwhere", "ringwhere").split()[1:])
    until(lambda: screen.pixel(x + side // 2, y + 3) == CARD)
    screen.click(x + side // 2, y + side // 2)
    meeting.wait("meeting_clicked")
    meeting.types("still")
    assert (screen.active_window(), screen.focused_window()) == before


def test_the_question_whether_to_listen_is_above_the_meeting_and_takes_no_focus(meeting: Meeting) -> None:
    screen = meeting.screen
    before = screen.active_window(), screen.focused_window()
    x, y, across, down = (int(n) for n in meeting.ask("suggest", "asked").split()[1:])
    until(lambda: screen.pixel(x + 6, y + 6) == CARD)
    meeting.types("hello")
    screen.click(across, down)
    meeting.wait("refused")
    meeting.types("again")
    assert (screen.active_window(), screen.focused_window()) == before
    assert "meeting_clicked" not in meeting.said


def test_a_card_under_a_resting_pointer_leaves_when_told(meeting: Meeting) -> None:
    meeting.screen.move_pointer(640, 50)
    meeting.show()
    meeting.tell("hide")
    until(lambda: meeting.ask("state", "state").startswith("state False"))


def test_a_card_that_is_looked_into_leaves_with_the_pointer(meeting: Meeting) -> None:
    x, y, w, _ = meeting.show()
    meeting.screen.move_pointer(x + w // 2, y + 20)
    meeting.screen.move_pointer(x + w // 2, y + 25)
    meeting.tell("hide")
    assert meeting.ask("state", "state").startswith("state True")
    meeting.screen.move_pointer(5, 700)
    until(lambda: meeting.ask("state", "state").startswith("state False"))


def test_the_card_fades_where_windows_blend_and_has_round_corners(blending_screen: Screen) -> None:
    assert x11_blends(blending_screen.display)
    blending_screen.move_pointer(5, 700)
    meeting = Meeting(blending_screen, "full")
    try:
        x, y, _, h = meeting.show()
        until(lambda: meeting.ask("state", "state").endswith(" 1.0"))
        until(lambda: max(blending_screen.pixel(x + 6, y + h // 2)) < 0x30)
        assert blending_screen.pixel(x, y) == (255, 255, 255)
    finally:
        meeting.end()


def test_without_blending_the_card_is_square_and_solid(screen: Screen) -> None:
    assert not x11_blends(screen.display)
    meeting = Meeting(screen, "full")
    try:
        x, y, _, _ = meeting.show()
        until(lambda: max(screen.pixel(x + 1, y + 1)) < 0x50)
    finally:
        meeting.end()


def test_a_screen_that_answers_is_available(screen: Screen) -> None:
    assert screen_available({"DISPLAY": screen.display}, "linux")
    assert screen_available({"DISPLAY": f"unix{screen.display}.0"}, "linux")


@pytest.mark.parametrize("size", ["window", "full"])
def test_under_kwin_too_it_is_above_keeps_the_focus_and_lets_clicks_through(
    kwin_screen: Screen, size: str
) -> None:
    screen = kwin_screen
    screen.move_pointer(5, 700)
    meeting = Meeting(screen, size)
    try:
        until(lambda: screen.active_window() == screen.focused_window() != "")
        before = screen.active_window(), screen.focused_window()
        x, y, w, h = meeting.show()
        until(lambda: screen.pixel(x + 6, y + h // 2) == CARD)
        meeting.ask("raise", "raised")
        screen.click(x + w // 2, y + 14)
        meeting.types("on")
        until(lambda: screen.pixel(x + 6, y + h // 2) == CARD)
        assert (screen.active_window(), screen.focused_window()) == before
        assert "meeting_clicked" not in meeting.said
        meeting.tell("through")
        meeting.ask("state", "state")
        screen.click(x + 30, y + h // 2)
        meeting.wait("meeting_clicked")
        meeting.types("and on")
        assert (screen.active_window(), screen.focused_window()) == before
    finally:
        meeting.end()


def test_a_screen_that_vanishes_gives_the_card_back_and_gets_it_again() -> None:
    if shutil.which("xrandr") is None:
        pytest.skip("xrandr is not installed: sudo apt-get install -y x11-xserver-utils")
    right = ("xrandr", "--setmonitor", "RIGHT", "640/160x720/190+640+0", "none")
    with Screen() as screen:
        screen.ask("xrandr", "--setmonitor", "LEFT", "640/160x720/190+0+0", "screen")
        screen.ask(*right)
        screen.move_pointer(5, 700)
        meeting = Meeting(screen, "window")
        try:
            x, y, _, h = meeting.show()
            assert (x, y) == (160, 24)
            screen.ask("xdotool", "mousemove", str(x + 30), str(y + h // 2), "mousedown", "1")
            screen.ask("xdotool", "mousemove_relative", "--", "300", "30")
            screen.ask("xdotool", "mousemove_relative", "--", "200", "10", "mouseup", "1")
            until(lambda: meeting.ask("where", "where") == "where 664 24")
            screen.ask("xrandr", "--delmonitor", "RIGHT")
            until(lambda: meeting.ask("where", "where") == "where 160 24")
            screen.ask(*right)
            until(lambda: meeting.ask("where", "where") == "where 664 24")
        finally:
            meeting.end()

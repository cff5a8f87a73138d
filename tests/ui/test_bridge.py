"""The crossing: commands from any thread become paint, clicks become calls, and nothing is decided between."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coach.call.ambient import Ambient
from coach.call.events import BleedMeasured, Leak
from coach.live.restarts import MOST
from coach.nudges.commands import HideNudge, Nudge, ShowNudge, TellOnce
from coach.settings import OverlaySettings
from coach.ui.bridge import Bridge, content_of
from coach.ui.controls import Phase, State
from coach.ui.instance import Answer
from coach.ui.overlay import Overlay
from coach.ui.ring import Ring
from coach.ui.tray import Tray
from coach.ui.wording import leak_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

NUDGE = Nudge("monologue", "Pause, let them in", "75 s", 74_000, 75_000, (("run_s", 75.0),), "Gong")
OTHER = Nudge("pounce", "Stay with that", "", 0, 0, (), "")


class Controls:
    """Controls that write down what they were asked for, and on which thread."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def start(self, call_type: str) -> None:
        self.asked.append(("start", call_type))

    def pause(self) -> None:
        self.asked.append(("pause",))

    def resume(self) -> None:
        self.asked.append(("resume",))

    def stop(self) -> None:
        self.asked.append(("stop",))

    def panic(self) -> str:
        self.asked.append(("panic",))
        return "Nothing listens."

    def reread(self) -> None:
        self.asked.append(("reread",))

    def dismiss(self, rule: str) -> None:
        self.asked.append(("dismiss", rule))

    def unhelpful(self, rule: str) -> None:
        self.asked.append(("unhelpful", rule))

    def not_now(self) -> None:
        self.asked.append(("not_now",))

    def quit(self) -> None:
        self.asked.append(("quit",))


class House:
    """The bridge with everything it joins."""

    def __init__(self, qtbot: QtBot) -> None:
        self.overlay = Overlay(OverlaySettings())
        qtbot.addWidget(self.overlay)
        self.tray = Tray(available=lambda: True)
        self.controls = Controls()
        self.ring = Ring(OverlaySettings(ring=True), self.overlay.standing)
        qtbot.addWidget(self.ring)
        self.bridge = Bridge(self.overlay, self.tray, self.controls, self.ring)


@pytest.fixture
def house(qtbot: QtBot) -> Iterator[House]:
    made = House(qtbot)
    yield made
    made.tray.hide()


def test_a_nudge_posted_from_another_thread_is_painted_here(house: House, qtbot: QtBot) -> None:
    with qtbot.waitSignal(house.overlay.painted) as painted:
        thread = threading.Thread(target=house.bridge.post, args=(ShowNudge(75_000, NUDGE),))
        thread.start()
        thread.join()
        assert house.overlay.rule == ""
    assert painted.args == ["monologue"]
    assert house.tray._last.isEnabled()


def test_commands_and_states_are_taken_in_order(house: House, qtbot: QtBot) -> None:
    house.bridge.post_state(State(Phase.LISTENING, "demo"))
    house.bridge.post(ShowNudge(1, NUDGE))
    house.bridge.post(HideNudge(2, "pounce", "over"))
    house.bridge.post_state(State(Phase.PAUSED, "demo"))
    qtbot.waitUntil(lambda: house.tray.state.phase is Phase.PAUSED)
    assert house.overlay.rule == "monologue"
    house.bridge.post(HideNudge(3, "monologue", "over"))
    qtbot.waitUntil(lambda: house.overlay.rule == "")


def test_a_sentence_about_the_listening_is_told(house: House, qtbot: QtBot) -> None:
    house.bridge.post(TellOnce(1, "no_mic", "No sound from the microphone."))
    qtbot.waitUntil(house.overlay.isVisible)
    assert house.overlay.rule == ""


def test_a_leak_measured_on_another_thread_stands_in_the_menu(house: House, qtbot: QtBot) -> None:
    house.bridge.post_state(State(Phase.LISTENING))
    measured = BleedMeasured(3000, Leak.SOME, 0.7, -17.6, 25)
    thread = threading.Thread(target=house.bridge.post_leak, args=(measured,))
    thread.start()
    thread.join()
    qtbot.waitUntil(house.tray._leak.isVisible)
    assert house.tray._leak.text() == leak_line(Leak.SOME, -17.6)


def test_clicks_reach_the_controls(house: House) -> None:
    house.overlay.dismissed.emit("monologue")
    house.overlay.unhelpful.emit("pounce")
    house.overlay.not_now.emit()
    house.tray.quiet_asked.emit()
    house.tray.start_asked.emit("demo")
    house.tray.pause_asked.emit()
    house.tray.resume_asked.emit()
    house.tray.stop_asked.emit()
    house.tray.quit_asked.emit()
    asked = [
        ("dismiss", "monologue"),
        ("unhelpful", "pounce"),
        ("not_now",),
        ("not_now",),
        ("start", "demo"),
        ("pause",),
        ("resume",),
        ("stop",),
        ("quit",),
    ]
    assert house.controls.asked == asked


def test_the_last_nudge_is_shown_from_the_tray(house: House, qtbot: QtBot) -> None:
    house.bridge.post(ShowNudge(1, NUDGE))
    house.bridge.post(HideNudge(2, "monologue", "over"))
    qtbot.waitUntil(lambda: house.overlay.last is not None and not house.overlay.isVisible())
    house.tray.last_asked.emit()
    assert house.overlay.isVisible()


def test_words_of_a_second_start_are_obeyed(house: House) -> None:
    for verb in ("toggle", "start demo", "quit"):
        assert house.bridge.obey(verb).done
    assert house.controls.asked == [("start", "discovery"), ("start", "demo"), ("quit",)]
    sound: list[bool] = []
    house.tray.sound_asked.connect(lambda: sound.append(True))
    assert house.bridge.obey("sound").done
    assert sound == [True]
    assert house.bridge.obey("raise").done
    assert house.tray.menu.isVisible()
    house.tray.menu.hide()


@pytest.mark.parametrize("verb", ["pause", "stop", "not-now", "unknown"])
def test_without_a_call_there_is_nothing_to_quieten(house: House, verb: str) -> None:
    answer = house.bridge.obey(verb)
    assert (answer.done, answer.line) == (False, "No call is being coached. Start one with 'coach start'.")
    assert house.controls.asked == []


@pytest.mark.parametrize(
    ("phase", "verb", "done", "line", "asked"),
    [
        (Phase.LISTENING, "toggle", True, "Coach pauses.", ("pause",)),
        (Phase.LISTENING, "pause", True, "Coach pauses.", ("pause",)),
        (Phase.LISTENING, "start demo", False, "Coach listens already.", None),
        (Phase.LISTENING, "stop", True, "Coach ends the call.", ("stop",)),
        (Phase.LISTENING, "not-now", True, "Coach keeps quiet until the call ends.", ("not_now",)),
        (Phase.PAUSED, "toggle", True, "Coach listens again.", ("resume",)),
        (Phase.PAUSED, "start", True, "Coach listens again.", ("resume",)),
        (Phase.PAUSED, "pause", True, "Coach pauses.", None),
        (Phase.PAUSED, "stop", True, "Coach ends the call.", ("stop",)),
    ],
)
def test_in_a_call_a_word_does_what_it_says_and_says_what_it_does(
    house: House, phase: Phase, verb: str, *, done: bool, line: str, asked: tuple[str] | None
) -> None:
    house.tray.show_state(State(phase, "demo"))
    answer = house.bridge.obey(verb)
    assert (answer.done, answer.line) == (done, line)
    assert house.controls.asked == ([asked] if asked else [])


def test_the_card_is_hidden_and_shown_again_and_nobody_learns_from_it(house: House, qtbot: QtBot) -> None:
    assert house.bridge.obey("show") == Answer(done=False, line="There was no nudge yet.")
    house.bridge.post(ShowNudge(1, NUDGE))
    qtbot.waitUntil(house.overlay.isVisible, timeout=20_000)
    assert house.bridge.obey("hide").done
    qtbot.waitUntil(lambda: not house.overlay.isVisible(), timeout=20_000)
    assert house.bridge.obey("show").line == "Once more: Pause, let them in"
    assert house.overlay.isVisible()
    assert house.controls.asked == []


def test_the_preferences_are_asked_for_at_the_tray(house: House, qtbot: QtBot) -> None:
    with qtbot.waitSignal(house.tray.preferences_asked):
        assert house.bridge.obey("preferences").done


def test_a_nudge_brings_its_explanation() -> None:
    assert content_of(NUDGE).why == ("A long run without the customer.", "Run\u00a075\u00a0s", "Source: Gong")
    assert content_of(OTHER).reason == ""


def test_only_an_offered_question_reaches_the_card(house: House, qtbot: QtBot) -> None:
    asks = replace(NUDGE, suggestion="What did those nine weeks cost you?")
    assert content_of(asks).offer == ""
    house.bridge.post(ShowNudge(1, asks, asks.suggestion))
    qtbot.waitUntil(lambda: house.overlay.last is not None)
    assert house.overlay.last is not None
    assert house.overlay.last.offer == asks.suggestion


def test_the_ring_is_there_while_somebody_listens_and_shows_what_is_posted(
    house: House, qtbot: QtBot
) -> None:
    house.bridge.post_state(State(Phase.LISTENING, "demo"))
    house.bridge.post_ambient(Ambient(0.5, 90_000))
    qtbot.waitUntil(lambda: house.ring.drawn == (12, 3), timeout=20_000)
    assert house.ring.isVisible()
    house.bridge.post_state(State(Phase.PAUSED, "demo"))
    qtbot.waitUntil(lambda: not house.ring.isVisible(), timeout=20_000)


def test_without_a_ring_what_is_posted_for_it_passes(house: House, qtbot: QtBot) -> None:
    bridge = Bridge(house.overlay, house.tray, house.controls)
    bridge.post_ambient(Ambient(0.5, 0))
    bridge.post_state(State(Phase.PAUSED, "demo"))
    qtbot.waitUntil(lambda: house.tray.state.phase is Phase.PAUSED, timeout=20_000)


@pytest.mark.parametrize("phase", list(Phase))
def test_panic_is_obeyed_in_every_state_and_answered(house: House, phase: Phase) -> None:
    house.tray.show_state(State(phase))
    assert house.bridge.obey("panic") == Answer(done=True, line="Nothing listens.")
    assert house.bridge.obey("reread") == Answer(done=True)
    house.tray.panic_asked.emit()
    assert house.controls.asked == [("panic",), ("reread",), ("panic",)]


def test_what_is_hushed_comes_up_no_more_but_the_state_does(house: House, qtbot: QtBot) -> None:
    house.bridge.hush(hushed=True)
    house.bridge.post(ShowNudge(0, NUDGE))
    house.bridge.post(TellOnce(0, "x", "A sentence."))
    house.bridge.post_state(State(Phase.PAUSED))
    qtbot.waitUntil(lambda: house.tray.state.phase is Phase.PAUSED)
    assert not house.overlay.isVisible()
    house.bridge.hush(hushed=False)
    house.bridge.post(TellOnce(0, "x", "A sentence."))
    qtbot.waitUntil(house.overlay.isVisible)


def test_a_window_that_fails_costs_one_command_and_is_made_anew(
    house: House, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    renewed: list[bool] = []
    with monkeypatch.context() as broken:
        broken.setattr(house.overlay, "show_card", lambda _: 1 / 0)
        broken.setattr(house.overlay, "renew", lambda: renewed.append(True))
        house.bridge.post(ShowNudge(0, NUDGE))
        qtbot.waitUntil(lambda: bool(renewed), timeout=20_000)
    house.bridge.post_state(State(Phase.LISTENING, "demo"))
    house.bridge.post(ShowNudge(0, OTHER))
    qtbot.waitUntil(lambda: house.overlay.rule == "pounce", timeout=20_000)
    assert house.tray.state.phase is Phase.LISTENING
    assert "a window failed" in caplog.text


def test_a_window_that_always_fails_is_let_be(
    house: House, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewed: list[bool] = []

    def renew() -> None:
        renewed.append(True)
        raise RuntimeError

    monkeypatch.setattr(house.overlay, "show_card", lambda _: 1 / 0)
    monkeypatch.setattr(house.overlay, "renew", renew)
    for _ in range(MOST + 5):
        house.bridge.post(ShowNudge(0, NUDGE))
    house.bridge.post_state(State(Phase.PAUSED, "demo"))
    qtbot.waitUntil(lambda: house.tray.state.phase is Phase.PAUSED, timeout=20_000)
    assert len(renewed) == MOST

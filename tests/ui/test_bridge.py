"""The crossing: commands from any thread become paint, clicks become calls, and nothing is decided between."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coach.call.ambient import Ambient
from coach.nudges.commands import HideNudge, Nudge, ShowNudge, TellOnce
from coach.settings import OverlaySettings
from coach.ui.bridge import Bridge, content_of
from coach.ui.controls import Phase, State
from coach.ui.overlay import Overlay
from coach.ui.ring import Ring
from coach.ui.tray import Tray

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
    for verb in ("toggle", "pause", "not-now", "quit", "unknown"):
        house.bridge.obey(verb)
    assert house.controls.asked == [("start", "discovery"), ("pause",), ("not_now",), ("quit",)]
    house.bridge.obey("raise")
    assert house.tray.menu.isVisible()
    house.tray.menu.hide()


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

"""The try-out on a page: what is pressed, what is shown, and that nobody is heard who does not look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from soundroom import TryControls

from coach.ui import tryout
from coach.ui.sound_values import Level
from coach.ui.theme import LOOKS
from coach.ui.tryout import Trying, TryPanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def trying() -> TryControls:
    return TryControls()


@pytest.fixture
def panel(qtbot: QtBot, trying: TryControls) -> TryPanel:
    made = TryPanel(trying, LOOKS["dark"])
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    return made


def go(panel: TryPanel, *states: str) -> None:
    for state in states:
        panel.show_trying(Trying(state))


def said(panel: TryPanel) -> str:
    return panel.line.words.text() if panel.line.isVisible() else ""


def test_at_first_there_is_a_button_and_nothing_moves(panel: TryPanel) -> None:
    assert panel.button.text() == "Try it"
    assert panel.button.accessibleDescription().startswith("Only your microphone")
    assert not any(part.isVisible() for part in (panel.bar, panel.run, panel.line, panel.card))


def test_pressed_it_begins_and_pressed_again_it_ends(
    qtbot: QtBot, panel: TryPanel, trying: TryControls
) -> None:
    panel.button.setFocus()
    qtbot.keyClick(panel.button, Qt.Key.Key_Space)
    go(panel, "opening")
    assert (panel.button.text(), said(panel)) == ("Stop", "Opening the microphone…")
    go(panel, "listening")
    assert said(panel) == "Listening. Talk on."
    assert panel.button.hasFocus(), "the keyboard stays where it was"
    qtbot.keyClick(panel.button, Qt.Key.Key_Space)
    assert trying.asked == ["begin", "end"]
    go(panel, "ready")
    assert (panel.button.text(), said(panel)) == ("Try it", "")


def test_the_level_and_how_far_one_is_are_seen_meanwhile_and_only_then(panel: TryPanel) -> None:
    go(panel, "opening")
    panel.show_level(Level(-20.0, -12.0, "heard"))
    panel.show_trying(Trying("listening", 0.5))
    assert panel.run.value() == 50
    assert panel.bar.isVisible()
    assert panel.bar._levels == (-20.0, -12.0)
    panel.show_trying(Trying("listening", 0.0))
    assert panel.run.value() == 0, "a pause begins anew"
    go(panel, "over")
    panel.show_level(Level(-20.0, -12.0, "heard"))
    assert panel.bar._levels == (-60.0, -60.0)
    assert not panel.bar.isVisible()


@pytest.mark.parametrize(
    ("trying_now", "words"),
    [
        (Trying("over"), "That was a real nudge"),
        (Trying("short", 0.0, 12), "Coach heard you for 12 s, with pauses. The card comes after 8 s"),
        (Trying("silent"), "No voice was heard. Look whether the right microphone"),
        (Trying("silent", sentence="Is it muted?"), "Is it muted?"),
        (Trying("trouble", sentence="There is no microphone. Plug one in."), "There is no microphone."),
    ],
)
def test_what_became_of_it_is_said_and_it_can_be_tried_again(
    panel: TryPanel, trying_now: Trying, words: str
) -> None:
    go(panel, "opening", "listening")
    panel.show_trying(trying_now)
    assert said(panel).startswith(words)
    assert panel.button.text() == "Try again"
    assert panel.card.isVisible() is (trying_now.state == "over")


def test_the_card_can_be_shown_again(panel: TryPanel, trying: TryControls) -> None:
    go(panel, "opening", "shown", "over")
    panel.card.click()
    assert trying.asked == ["show_again"]


def test_in_a_call_it_is_not_offered(panel: TryPanel) -> None:
    go(panel, "busy")
    assert not panel.button.isEnabled()
    assert said(panel) == "A call is running. You can try it when that is over."
    go(panel, "ready")
    assert panel.button.isEnabled()


def test_out_of_sight_it_ends_but_only_what_was_begun_here(panel: TryPanel, trying: TryControls) -> None:
    go(panel, "opening")
    panel.hide()
    assert trying.asked == []
    panel.show()
    go(panel, "ready")
    panel.button.click()
    go(panel, "opening")
    panel.hide()
    assert trying.asked == ["begin", "end"]


def test_changes_are_announced_and_not_every_step_of_the_way(
    panel: TryPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(tryout, "announce", lambda _widget, text: told.append(text))
    go(panel, "opening", "listening")
    for done in (0.1, 0.2, 0.3):
        panel.show_trying(Trying("listening", done))
    go(panel, "shown")
    assert [t[:9] for t in told] == ["Opening t", "Listening", "There it "]


def test_a_limit_that_is_off_is_not_spoken_of(qtbot: QtBot, trying: TryControls) -> None:
    def words() -> str:
        made = TryPanel(trying, LOOKS["dark"])
        qtbot.addWidget(made)
        return " ".join(shown.text() for shown in made.findChildren(QLabel))

    assert "after 75 s, here after 8 s" in words()
    trying.limits_s = (8.0, 0.0)
    assert "here after" not in words()


def test_what_goes_on_already_is_shown_by_a_page_that_opens_later(qtbot: QtBot, trying: TryControls) -> None:
    trying.trying = Trying("busy")
    made = TryPanel(trying, LOOKS["light"])
    qtbot.addWidget(made)
    assert not made.button.isEnabled()
    QApplication.processEvents()

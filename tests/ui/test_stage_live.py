"""A live call before a class: the card is large, and the banner tells the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from classroom import nudge
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from coach.call.events import BleedMeasured, Leak
from coach.nudges.commands import HideNudge, ShowNudge, TellOnce, ToldIsOver
from coach.ui.stage_live import LiveStage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def stage(qtbot: QtBot) -> LiveStage:
    stage = LiveStage()
    qtbot.addWidget(stage)
    stage.resize(1920, 1080)
    stage.show()
    qtbot.waitExposed(stage)
    QApplication.processEvents()
    return stage


def test_the_banner_says_that_it_listens_and_keeps_nothing(stage: LiveStage) -> None:
    assert stage.banner.text() == "Live. The words stay on this machine, and nothing is kept"
    assert stage.state.text() == "Getting ready…"
    stage.begun()
    assert stage.state.text() == "Listening"


def test_what_leaks_is_said_small_and_only_once_it_is_known(stage: LiveStage) -> None:
    assert not stage.leak.isVisible()
    stage.show_leak(BleedMeasured(3000, Leak.STRONG, 0.9, -3.6))
    assert stage.leak.isVisible()
    assert stage.leak.text().endswith("dB): figures are estimates, a headset helps")


def test_a_nudge_comes_large_in_the_middle_and_goes(stage: LiveStage) -> None:
    stage.take(ShowNudge(24_000, nudge(24)))
    card = stage.slot.card
    assert stage.slot.scale > 2.5
    assert abs(card.geometry().center().x() - stage.slot.width() / 2) < 2
    assert stage.slot.rect().contains(card.geometry())
    stage.take(HideNudge(30_000, "pounce", "time is over"))
    assert stage.slot.card is None


def test_why_now_stays_with_the_last_nudge(stage: LiveStage, qtbot: QtBot) -> None:
    qtbot.keyClick(stage, Qt.Key.Key_W)
    assert stage.why.shown.name == "The coach has said nothing yet"
    stage.take(ShowNudge(24_000, nudge(24)))
    stage.take(HideNudge(30_000, "pounce", "done"))
    assert stage.why.isVisible()
    assert stage.why.shown.rule == "pounce"
    assert stage.why.shown.question == ""  # their words are not for the wall
    qtbot.keyClick(stage, Qt.Key.Key_W)
    assert not stage.why.isVisible()


def test_a_wave_takes_the_card_away_and_is_told(stage: LiveStage, qtbot: QtBot) -> None:
    stage.take(ShowNudge(24_000, nudge(24)))
    with qtbot.waitSignal(stage.dismissed) as told:
        stage.slot.card.dismiss_clicked.emit()
    assert told.args == ["pounce"]
    assert stage.slot.nudge is None


def test_what_is_told_is_text(stage: LiveStage) -> None:
    stage.take(TellOnce(0, "no_words", "<b>No words</b>"))
    stage.take(ToldIsOver(5, "no_words"))
    assert stage.told.text() == "<b>No words</b>"
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in stage.findChildren(QLabel))


def test_why_it_cannot_listen_is_said_on_the_wall(stage: LiveStage) -> None:
    stage.failed("There is no microphone.")
    assert (stage.told.text(), stage.state.text()) == ("There is no microphone.", "")


def test_escape_leaves_and_f_fills_the_screen(stage: LiveStage, qtbot: QtBot) -> None:
    qtbot.keyClick(stage, Qt.Key.Key_F)
    assert stage.isFullScreen()
    stage.buttons["full"].click()
    assert not stage.isFullScreen()
    qtbot.keyClick(stage, Qt.Key.Key_X)
    with qtbot.waitSignal(stage.leaving):
        qtbot.keyClick(stage, Qt.Key.Key_Escape)

"""Which of these two voices is yours: heard, chosen, put off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pastcalls import FakeSound
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from coach.ui.theme import LOOKS
from coach.ui.which_voice import Candidate, Choice, WhichVoice

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

TWO = (Candidate(2, 3_000, 8_000, 134_000), Candidate(0, 20_500, 25_000, 61_000))


@pytest.fixture
def chosen() -> list[Choice]:
    return []


@pytest.fixture
def sheet(qtbot: QtBot, chosen) -> WhichVoice:
    sheet = WhichVoice("<b>memo</b>", TWO, chosen.append, LOOKS["dark"], others=1)
    qtbot.addWidget(sheet)
    sheet.show()
    qtbot.waitExposed(sheet)
    return sheet


def words(sheet: WhichVoice) -> str:
    return "\n".join(label.text() for label in sheet.findChildren(QLabel) if label.isVisible())


def test_it_asks_in_plain_words_and_shows_foreign_text_as_text(sheet):
    assert "Which voice is yours?" in words(sheet)
    assert "<b>memo</b>" in words(sheet)
    assert "Heard at 0:03 · 2:14 in all" in words(sheet)
    assert "All but yours count as the customer." in words(sheet)
    assert all(q.textFormat() is Qt.TextFormat.PlainText for q in sheet.findChildren(QLabel) if q.text())


def test_until_the_sound_is_there_nothing_can_be_heard_and_all_can_be_chosen(sheet, chosen):
    assert not any(b.isEnabled() for b in sheet.listen)
    assert "being opened" in sheet.told.text()
    sheet.mine[1].click()
    assert chosen == [Choice(0)]
    assert not sheet.isVisible()


def test_a_sample_is_played_from_its_begin_to_its_end_and_stopped_by_the_same_button(sheet):
    sound = FakeSound()
    sheet.hear_by(sound)
    sheet.listen[0].click()
    assert sound.asked == [("play", 3_000, 8_000)]
    assert [b.text() for b in sheet.listen] == ["Stop", "Listen"]
    sheet.listen[0].click()
    assert sound.asked[-1] == ("pause",)
    assert [b.text() for b in sheet.listen] == ["Listen", "Listen"]


def test_the_other_sample_takes_over(sheet):
    sound = FakeSound()
    sheet.hear_by(sound)
    sheet.listen[0].click()
    sheet.listen[1].click()
    assert sound.asked[-1] == ("play", 20_500, 25_000)
    assert [b.text() for b in sheet.listen] == ["Listen", "Stop"]


def test_the_keys_play_choose_and_leave(qtbot: QtBot, sheet, chosen):
    sound = FakeSound()
    sheet.hear_by(sound)
    qtbot.keyClick(sheet, Qt.Key.Key_2)
    assert sound.asked == [("play", 20_500, 25_000)]
    sheet.mine[0].setFocus()
    qtbot.keyClick(sheet.mine[0], Qt.Key.Key_Return)
    assert chosen == [Choice(2)]
    assert sound.asked[-1] == ("pause",)


def test_neither_is_an_answer_and_not_now_is_none(qtbot: QtBot, sheet, chosen):
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert chosen == []
    sheet.show()
    sheet.neither.click()
    assert chosen == [Choice()]


def test_a_sound_that_cannot_be_played_says_why(qtbot: QtBot, sheet):
    sound = FakeSound()
    sheet.hear_by(sound)
    sound.fail("The loudspeaker has gone.")
    qtbot.waitUntil(lambda: sheet.told.text() == "The loudspeaker has gone.")


def test_every_button_says_to_a_screen_reader_which_voice_it_is(sheet):
    names = [b.accessibleName() for b in (*sheet.listen, *sheet.mine)]
    assert names == [
        "First voice: Listen",
        "Second voice: Listen",
        "First voice: This is me",
        "Second voice: This is me",
    ]
    assert all(b.focusPolicy() & Qt.FocusPolicy.TabFocus for b in sheet.findChildren(QPushButton))


def test_it_may_be_that_all_voices_are_one_persons(sheet, chosen):
    assert sheet.both.text() == "All are me"
    sheet.both.click()
    assert chosen == [Choice(all_mine=True)]


def test_a_voice_is_remembered_only_where_that_was_ticked(sheet, chosen):
    assert not sheet.remember.isChecked()
    assert "biometric data" in words(sheet)
    sheet.remember.click()
    sheet.mine[0].click()
    assert chosen == [Choice(2, remember=True)]

"""The first start: three steps, forward, back and out, by keyboard too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QRadioButton
from soundroom import Controls, TryControls

from coach import app
from coach.settings import Settings
from coach.ui.before_words import to_read_out
from coach.ui.first_start import KEEPS, STEPS, FirstStart
from coach.ui.tryout import Trying

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def kept() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def controls() -> Controls:
    return Controls()


@pytest.fixture
def trying() -> TryControls:
    return TryControls()


@pytest.fixture
def sheet(qtbot: QtBot, controls: Controls, trying: TryControls, kept: list[tuple[str, str]]) -> FirstStart:
    def keep(name: str, word: str) -> Settings:
        kept.append((name, word))
        return app.with_set(Settings(), [f'{name}="{word}"' for name, word in kept])

    made = FirstStart(
        controls,
        trying,
        Settings(),
        keep,
        folder="/home/ana/calls",
        file="/home/ana/settings.toml",
        system="linux",
    )
    qtbot.addWidget(made)
    made.show_centred()
    qtbot.waitExposed(made)
    return made


def seen(sheet: FirstStart) -> str:
    return " ".join(label.text() for label in sheet.findChildren(QLabel) if label.isVisible())


def test_consent_comes_first_and_stays_in_sight(sheet: FirstStart) -> None:
    for _ in STEPS:
        assert "only after you press Start. Please tell the other side" in seen(sheet)
        sheet.next.click()


def test_the_devices_are_heard_in_the_first_step_and_in_no_other(
    sheet: FirstStart, controls: Controls
) -> None:
    assert controls.asked == ["listen"]
    sheet.next.click()
    assert controls.asked == ["listen", "rest"]
    sheet.back.click()
    assert controls.asked == ["listen", "rest", "listen"]


def test_three_steps_lead_through_and_the_last_one_ends_it(qtbot: QtBot, sheet: FirstStart) -> None:
    steps = [sheet.step.text()]
    for _ in range(2):
        qtbot.keyClick(sheet.next, Qt.Key.Key_Return)
        steps.append(sheet.step.text())
    assert steps == [
        "Step 1 of 3: What is heard",
        "Step 2 of 3: Try it",
        "Step 3 of 3: What is kept",
    ]
    assert sheet.next.text() == "Done"
    assert not sheet.skip.isVisible()
    assert "/home/ana/calls" in seen(sheet)
    assert "/home/ana/settings.toml" in seen(sheet)
    with qtbot.waitSignal(sheet.closed):
        qtbot.keyClick(sheet.next, Qt.Key.Key_Return)
    assert not sheet.isVisible()


@pytest.mark.parametrize("steps", [0, 1])
def test_it_can_be_skipped(qtbot: QtBot, sheet: FirstStart, kept: list[tuple[str, str]], steps: int) -> None:
    for _ in range(steps):
        sheet.next.click()
    with qtbot.waitSignal(sheet.closed):
        sheet.skip.click()
    assert kept == []


def test_what_is_kept_is_chosen_at_once_and_a_refusal_is_told(
    qtbot: QtBot, sheet: FirstStart, kept: list[tuple[str, str]]
) -> None:
    for _ in range(2):
        sheet.next.click()
    buttons = sheet.findChildren(QRadioButton)
    assert [b.isChecked() for b in buttons] == [True, False, True, False, False]
    for button in buttons[1:2] + buttons[3:]:
        button.click()
    assert kept == [
        ("storage.other_side", "words"),
        ("storage.keep", "timings"),
        ("storage.keep", "nothing"),
    ]
    assert not sheet.wrong.isVisible()
    sheet.show_trouble("The disk is full.")
    assert "The disk is full." in seen(sheet)


def test_of_the_other_side_timings_alone_are_offered_first_and_never_more_than_of_you(
    sheet: FirstStart,
) -> None:
    theirs, mine = (sheet.keeps[name].buttons() for name in KEEPS)
    assert "none of their words" in theirs[0].text()
    assert theirs[0].isChecked()
    assert theirs[0].accessibleName().startswith("Of the other side: Timings: when they spoke")
    assert all(b.isEnabled() for b in theirs)
    mine[1].click()
    assert not any(b.isEnabled() for b in theirs)
    mine[0].click()
    assert all(b.isEnabled() for b in theirs)


def test_the_keyboard_reaches_everything(qtbot: QtBot, sheet: FirstStart) -> None:
    sheet.activateWindow()
    qtbot.waitUntil(sheet.isActiveWindow)
    assert sheet.focusWidget() is sheet.next
    reached = set()
    for _ in range(12):
        reached.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    panel = sheet.panel
    wanted = {panel.tone, panel.again, sheet.skip, sheet.next, *(r.combo for r in panel.rows.values())}
    assert wanted <= reached
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_the_try_out_is_the_second_step_and_ends_when_one_goes_on(
    sheet: FirstStart, trying: TryControls
) -> None:
    sheet.next.click()
    assert "Only your microphone, nothing is kept" in seen(sheet)
    assert "What to choose in your call program" in seen(sheet)
    sheet.tryout.button.click()
    sheet.tryout.show_trying(Trying("opening"))
    assert trying.asked == ["begin"]
    sheet.next.click()
    assert trying.asked == ["begin", "end"]


def test_the_sentence_to_read_out_is_the_one_of_the_reminder_and_follows_what_is_kept(
    sheet: FirstStart,
) -> None:
    for _ in range(2):
        sheet.next.click()
    assert f"“{to_read_out(Settings())}”" in seen(sheet)
    sheet.keeps["keep"].buttons()[2].click()
    assert "It listens along and keeps nothing." in seen(sheet)

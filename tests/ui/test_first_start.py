"""The first start: three steps, forward, back and out, by keyboard too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QRadioButton
from soundroom import Controls

from coach.settings import StorageSettings
from coach.ui.first_start import KEEPS, STEPS, FirstStart

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def kept() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def controls() -> Controls:
    return Controls()


@pytest.fixture
def sheet(qtbot: QtBot, controls: Controls, kept: list[tuple[str, str]]) -> FirstStart:
    made = FirstStart(
        controls,
        StorageSettings(),
        lambda name, word: kept.append((name, word)),
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
        "Step 2 of 3: Your call program",
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

"""Takes on one time axis: a key, a click and a button ask for a take and a moment."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from pastcalls import a_call
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from coach.report.takes import Take
from coach.ui.takes import TakesView, shown_of
from coach.ui.theme import LOOKS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def a_take(n: int, duration_ms: int = 60_000) -> Take:
    call = a_call()
    timeline = dataclasses.replace(call.timeline, duration_ms=duration_ms)
    return Take(f"<b>take</b> {n}", f"{n} Nov", call.report, timeline)


def opened(qtbot: QtBot, count: int = 2, look: str = "dark") -> TakesView:
    takes = [a_take(n, 60_000 + 10_000 * n) for n in range(count)]
    view = TakesView("pricing", takes, look)
    qtbot.addWidget(view)
    view.resize(1000, 800)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    return view


def press(view: TakesView, name: str) -> None:
    next(b for b in view.findChildren(QPushButton) if b.accessibleName() == name).click()


def test_all_rows_have_one_scale_and_stay_alike(qtbot: QtBot) -> None:
    view = opened(qtbot, 3)
    assert {row.lanes.view.duration_ms for row in view.rows} == {80_000}
    view.rows[1].lanes.show_view(10_000, 30_000)
    assert {(round(r.lanes.view.start_ms), round(r.lanes.view.end_ms)) for r in view.rows} == {
        (10_000, 30_000)
    }


def test_keys_choose_a_take_and_play_it_from_a_moment(qtbot: QtBot) -> None:
    view = opened(qtbot)
    view.rows[0].setFocus()
    qtbot.keyClick(view.rows[0], Qt.Key.Key_2)
    qtbot.keyClick(view.rows[1], Qt.Key.Key_Right)
    qtbot.keyClick(view.rows[1], Qt.Key.Key_Right)
    qtbot.keyClick(view.rows[1], Qt.Key.Key_Left)
    with qtbot.waitSignal(view.asked) as told:
        qtbot.keyClick(view.rows[1], Qt.Key.Key_Space)
    assert told.args == [1, 5000]
    view.show_position(1, 6000)
    with qtbot.waitSignal(view.asked) as told:  # what is heard goes along
        qtbot.keyClick(view.rows[1], Qt.Key.Key_Right)
    assert told.args == [1, 11_000]
    with qtbot.waitSignal(view.stop_asked):
        qtbot.keyClick(view.rows[1], Qt.Key.Key_Space)
    view.show_position(1, -1)
    with qtbot.waitSignal(view.asked) as told:
        qtbot.keyClick(view.rows[1], Qt.Key.Key_N)
    assert told.args == [1, 30_000]


def test_the_button_of_another_take_plays_that_from_its_beginning(qtbot: QtBot) -> None:
    view = opened(qtbot)
    view.show_position(0, 20_000)
    with qtbot.waitSignal(view.asked) as told:
        press(view, "Play take 2")
    assert told.args == [1, 0]


def test_a_click_in_a_row_asks_for_that_moment_but_none_after_its_end(qtbot: QtBot) -> None:
    view = opened(qtbot)
    with qtbot.waitSignal(view.asked) as told:
        view.rows[0].lanes.asked.emit(12_000)
    assert told.args == [0, 12_000]
    with qtbot.waitSignal(view.asked) as told:
        view.rows[0].lanes.asked.emit(69_000)
    assert told.args == [0, 60_000]
    with qtbot.waitSignal(view.asked) as told:
        view.rows[1].lanes.chosen.emit(view._takes[1].timeline.marks[0])
    assert told.args == [1, 1000]


def test_what_cannot_be_heard_is_told(qtbot: QtBot) -> None:
    view = opened(qtbot)
    view.tell("The recording is gone.")
    assert any(
        label.text() == "The recording is gone." and label.isVisible() for label in view.findChildren(QLabel)
    )


def test_too_many_takes_are_the_first_and_the_latest() -> None:
    takes = [a_take(n) for n in range(6)]
    assert [t.began for t in shown_of(takes)] == ["0 Nov", "3 Nov", "4 Nov", "5 Nov"]
    with pytest.raises(ValueError, match="1"):
        shown_of(takes[:1])


@pytest.mark.parametrize("look", LOOKS)
def test_who_does_not_see_it_is_told_the_same(qtbot: QtBot, look: str) -> None:
    view = opened(qtbot, 4, look)
    assert view.rows[2].accessibleName() == "Take 3: <b>take</b> 2 · 2 Nov · 1:20"
    cell = view.table.item(0, 1)
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "Length, Take 2: 1 min 10 s"
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in view.findChildren(QLabel))
    assert not view.grab().isNull()


def test_closing_is_told(qtbot: QtBot) -> None:
    view = opened(qtbot)
    with qtbot.waitSignal(view.closed):
        view.close()

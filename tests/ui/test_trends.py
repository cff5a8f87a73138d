"""The page of trends: small charts that the keyboard walks and words tell, one habit, kind practice."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt

from coach.report.habits import Habit, Practice, progress
from coach.report.trends import SHOWN, trends
from coach.ui.chart import ACCENTS
from coach.ui.sheet import raised
from coach.ui.theme import LOOKS, MIN_SHAPE_CONTRAST, MIN_TEXT_CONTRAST, blend, contrast
from coach.ui.trends import TrendsPage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from coach.report.trends import Trend

TODAY = date(2026, 11, 22)
SHARES = (0.7, 0.6, 0.65, 0.5, 0.4)


def drawn(shares=SHARES, **more) -> tuple[Trend, ...]:
    calls = [
        SimpleNamespace(path=f"/s/{i}", at=i, began=f"2026-11-{10 + i}T10:00:00+01:00", title=f"Call <{i}>")
        for i in range(len(shares))
    ]
    values = {c.path: {"talk_share": v, **more} for c, v in zip(calls, shares, strict=True)}
    return trends(calls, values)


@pytest.fixture
def page(qtbot: QtBot) -> TrendsPage:
    page = TrendsPage("dark", TODAY)
    qtbot.addWidget(page)
    page.resize(1120, 700)
    page.show_types([("discovery", 5), ("demo", 1)])
    page.show_trends("discovery", drawn(next_step=1.0))
    page.show_practice(Practice((0,) * 25 + (1, 0, 2), 2))
    page.show_progress(None)
    page.show()
    qtbot.waitExposed(page)
    return page


def test_every_essential_has_its_chart(page: TrendsPage) -> None:
    assert list(page.charts) == list(SHOWN)
    assert page.charts["talk_share"].told() == "median of the last 5"
    assert page.charts["layers"].told() == "shown from 3 calls on; 0 so far"


def test_another_type_is_asked_for_and_offering_asks_for_nothing(qtbot: QtBot, page: TrendsPage) -> None:
    assert page.types.currentText() == "Discovery (5)"
    with qtbot.waitSignal(page.type_asked) as asked:
        page.types.choose("demo")
    assert asked.args == ["demo"]
    with qtbot.assertNotEmitted(page.type_asked):
        page.show_types([("discovery", 6), ("demo", 2)])
    assert page.types.value == "demo"


def test_the_keyboard_walks_through_the_calls_and_opens_one(qtbot: QtBot, page: TrendsPage) -> None:
    chart = page.charts["talk_share"]
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.told() == "14 Nov: 40 % · Call <4>"
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    assert chart.pointed is not None
    assert chart.pointed.value == 0.7
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.pointed.value == 0.6
    with qtbot.waitSignal(page.opened) as opened:
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert opened.args == ["/s/1"]
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.pointed is None
    with qtbot.assertNotEmitted(page.opened):
        qtbot.keyClick(chart, Qt.Key.Key_Return)


def test_a_chart_with_too_few_calls_lets_the_keys_pass(qtbot: QtBot, page: TrendsPage) -> None:
    chart = page.charts["layers"]
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.pointed is None


def test_the_mouse_points_at_the_nearest_call(qtbot: QtBot, page: TrendsPage) -> None:
    chart = page.charts["talk_share"]
    chart.repaint()
    place = chart._places[2].toPoint()
    qtbot.mouseMove(chart, place + QPoint(3, 0))
    assert chart.pointed is not None
    assert chart.pointed.value == 0.65
    qtbot.mouseMove(chart, QPoint(place.x(), 20))  # at the figure, not at the drawing
    assert chart.pointed is None
    qtbot.mouseMove(chart, place)
    with qtbot.waitSignal(page.opened) as opened:
        qtbot.mouseDClick(chart, Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == ["/s/2"]


def test_who_does_not_see_a_chart_hears_it(qtbot: QtBot, page: TrendsPage) -> None:
    chart = page.charts["talk_share"]
    assert chart.accessibleName() == "Making room: Talk share"
    assert chart.accessibleDescription().startswith(
        "Talk share: 60 %, median of the last 5. The last 5 calls lie"
    )
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.accessibleDescription().startswith("14 Nov: 40 % · Call <4>. Talk share: 60 %")
    assert "no drawing" not in page.charts["layers"].accessibleDescription()
    assert (
        page.charts["layers"].accessibleDescription()
        == "Layers of the onion: shown from 3 calls on; 0 so far."
    )


def test_charts_flow_with_the_window_and_take_no_room_for_nothing(qtbot: QtBot, page: TrendsPage) -> None:
    wide = page.charts["follow_up_rate"].y()
    assert wide == page.charts["questions_per_10_min"].y()
    page.resize(320, 700)
    qtbot.waitUntil(lambda: page.charts["follow_up_rate"].y() > page.charts["questions_per_10_min"].y())
    tall = page.charts["talk_share"].height()
    page.show_trends("demo", drawn(()))
    assert page.charts["talk_share"].height() < tall


@pytest.mark.parametrize("shares", [(0.5,) * 3, (0.0, 1.0, 0.0), tuple(i / 100 for i in range(100))])
@pytest.mark.parametrize("target", [None, 0.9])
def test_whatever_the_calls_were_every_dot_is_inside(page: TrendsPage, shares, target) -> None:
    chart = page.charts["talk_share"]
    chart.show_trend(next(t for t in drawn(shares) if t.name == "talk_share"), target)
    chart.repaint()
    assert len(chart._places) == min(len(shares), 60)
    assert all(chart.rect().contains(place.toPoint()) for place in chart._places)


def test_no_calls_yet_is_said_kindly(page: TrendsPage) -> None:
    page.show_types([])
    assert page._pages.currentIndex() == 1


# The habit.


def test_a_habit_is_one_figure_and_one_target(qtbot: QtBot, page: TrendsPage) -> None:
    page.habit.change.click()
    assert page.habit.figure.hasFocus()
    page.habit.figure.choose("talk_share")
    assert page.habit.target.value() == 50.0  # where it may begin
    assert page.habit.target.suffix() == " %"
    page.habit.target.setValue(45.0)
    with qtbot.waitSignal(page.habit.chosen) as chosen:
        page.habit.save.click()
    assert chosen.args == [Habit("talk_share", 0.45, "discovery")]
    assert not page.habit.form.isVisible()


def test_yes_or_no_needs_no_number(qtbot: QtBot, page: TrendsPage) -> None:
    page.habit.ask()
    page.habit.figure.choose("next_step")
    assert not page.habit.target.isVisible()
    with qtbot.waitSignal(page.habit.chosen) as chosen:
        page.habit.save.click()
    assert chosen.args == [Habit("next_step", 1.0, "discovery")]


def test_leaving_changes_nothing(qtbot: QtBot, page: TrendsPage) -> None:
    with qtbot.assertNotEmitted(page.habit.chosen):
        page.habit.ask()
        page.habit.leave.click()
    assert page.habit.change.isVisible()


def test_progress_is_dots_and_a_kind_sentence_and_the_target_is_in_its_chart(
    qtbot: QtBot, page: TrendsPage
) -> None:
    habit = Habit("talk_share", 0.5, "discovery")
    share = next(t for t in drawn() if t.name == "talk_share")
    page.show_progress(progress(habit, share))
    assert page.habit._what.text() == "Talk share: at most 50 %"
    assert page.habit._told.text() == "There in 2 of the last 5 calls. · Discovery"
    assert page.habit._dots._there == [False, False, False, True, True]
    assert page.habit._dots.accessibleName() == "There in 2 of the last 5 calls."
    assert page.charts["talk_share"]._target == 0.5
    page.show_trends("demo", drawn((0.3, 0.3, 0.3)))
    assert page.charts["talk_share"]._target is None  # like with like
    page.habit.ask()
    assert page.habit.figure.value == "talk_share"
    page.habit.leave.click()
    with qtbot.waitSignal(page.habit.chosen) as chosen:
        page.habit.end.click()
    assert chosen.args == [None]


def test_practice_is_told_in_words_too(page: TrendsPage) -> None:
    assert page.practice._told.text() == "2 days of practice in this run. Days off belong to it."
    assert page.practice._strip.accessibleName().startswith("Practice in the last four weeks. 2 days")


@pytest.mark.parametrize("look", ["dark", "light"])
def test_everything_can_be_read_on_a_tile(look: str) -> None:
    palette = LOOKS[look]
    tile = raised(palette)
    for text in (palette.title, palette.reason, *(palette.accent(name) for name in ACCENTS.values())):
        assert contrast(text, tile) >= MIN_TEXT_CONTRAST
    assert contrast(blend(palette.quiet, tile, 0.75), tile) >= MIN_SHAPE_CONTRAST

"""Trends: like with like, medians with their counts, and nothing said under three calls."""

from __future__ import annotations

import statistics
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.call.figures import UNITS
from coach.report.essentials import GROUPS
from coach.report.plain import NAMES
from coach.report.trends import (
    _TRENDED,
    ESSENTIALS,
    SHOWN,
    SPAN,
    base_written,
    in_words,
    middle_written,
    trends,
    written,
)


def call(at: float | None, name: str = ""):
    return SimpleNamespace(
        path=f"/s/{name or at}.jsonl", at=at, began=f"day {at}", title=f"Call {name or at}"
    )


def trend(name: str, values, ats=None):
    calls = [call(at) for at in (ats or range(len(values)))]
    found = trends(calls, {c.path: {name: v} for c, v in zip(calls, values, strict=True) if v is not None})
    return next(t for t in found if t.name == name)


def test_every_essential_has_a_name_a_unit_and_a_group() -> None:
    assert set(SHOWN) <= set(NAMES) & set(UNITS)
    assert list(ESSENTIALS) == [title for title, *_ in GROUPS]  # the same groups as on the report card
    assert set(SHOWN) == _TRENDED
    assert [t.name for t in trends([], {})] == list(SHOWN)


def test_two_calls_are_no_trend() -> None:
    two = trend("talk_share", [0.4, 0.6])
    assert two.middle is None
    assert two.rolling == (None, None)
    assert middle_written(two) == "not yet"
    assert in_words(two) == "Talk share: shown from 3 calls on; 2 so far."


def test_the_middle_is_of_the_last_ten_and_says_of_how_many() -> None:
    many = trend("talk_share", [0.9] * 20 + [0.4] * 10)
    assert (many.middle, many.n) == (0.4, 10)
    assert (many.middle_of_all, many.n_of_all) == (0.9, 30)
    assert middle_written(many) == "40 %"
    assert base_written(many) == "median of the last 10 · all 30: 90 %"
    assert base_written(trend("talk_share", [0.4] * 4)) == "median of the last 4"


def test_calls_stand_in_the_order_in_which_they_were_those_without_a_day_first() -> None:
    drawn = trend("layers", [1.0, 2.0, 3.0, 4.0], ats=[30.0, None, 10.0, 20.0])
    assert [p.value for p in drawn.points] == [2.0, 3.0, 4.0, 1.0]
    assert drawn.rolling[:2] == (None, None)
    assert drawn.rolling[2:] == (3.0, 2.5)


def test_a_call_without_the_figure_is_left_out_never_nought() -> None:
    drawn = trend("pitch_onset", [60.0, None, 120.0, None, 600.0])
    assert [p.value for p in drawn.points] == [60.0, 120.0, 600.0]
    assert middle_written(drawn) == "2:00 min"


def test_yes_or_no_is_counted() -> None:
    steps = trend("next_step", [0.0, 1.0, 1.0, 1.0])
    assert middle_written(steps) == "3 of 4"
    assert in_words(steps) == "Next step agreed on late: 3 of 4, yes, of the last 4. The last call: yes."
    assert base_written(trend("next_step", [1.0] * 10 + [0.0] * 10)) == "yes, of the last 10 · all 20: 50 %"


def test_the_words_say_what_the_drawing_shows() -> None:
    assert in_words(trend("talk_share", [0.4, 0.6, 0.5])) == (
        "Talk share: 50 %, median of the last 3. The last 3 calls lie between 40 % and 60 %. The last call: 50 %."
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("patience", -0.24, "-0.2 s"),
        ("longest_monologue", 83.4, "83 s"),
        ("longest_monologue", 125.0, "2:05 min"),
        ("layers", 2.5, "2.5"),
        ("layers", 3.0, "3"),
        ("next_step", 0.0, "no"),
        ("questions_per_10_min", 4.26, "4.3"),
    ],
)
def test_values_are_short(name: str, value: float, said: str) -> None:
    assert written(name, value) == said


@given(values=st.lists(st.floats(0, 1e6), min_size=3, max_size=150))
def test_only_the_last_are_drawn_and_each_stands_beside_its_own_ten(values: list[float]) -> None:
    drawn = trend("longest_monologue", values)
    assert [p.value for p in drawn.points] == values[-SPAN:]
    assert len(drawn.rolling) == len(drawn.points)
    assert drawn.rolling[-1] == drawn.middle == statistics.median(values[-10:])
    assert drawn.n_of_all == len(values)

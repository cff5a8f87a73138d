"""A habit is one figure and one target; a streak is of practice, and a missed day ends nothing."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.report.habits import DAYS, WAYS, Habit, is_practice, practice, progress, start
from coach.report.trends import SHOWN, trends

TODAY = date(2026, 11, 22)


def trend(name: str, *values: float):
    calls = [SimpleNamespace(path=str(i), at=i, began="", title="") for i in range(len(values))]
    found = trends(calls, {str(i): {name: v} for i, v in enumerate(values)})
    return next(t for t in found if t.name == name)


def practised(*days_ago: int, is_it: bool = True):
    return [
        SimpleNamespace(began=f"{TODAY - timedelta(days=d)}T10:00:00+01:00", practice=is_it) for d in days_ago
    ]


def test_every_essential_but_patience_can_be_a_habit() -> None:
    assert set(SHOWN) - set(WAYS) == {"patience"}
    assert set(WAYS) < set(SHOWN)


@pytest.mark.parametrize(
    ("habit", "there", "not_yet", "written"),
    [
        (Habit("talk_share", 0.5, "discovery"), 0.5, 0.51, "at most 50 %"),
        (Habit("layers", 3.0, "discovery"), 3.0, 2.0, "at least 3"),
        (Habit("next_step", 1.0, "demo"), 1.0, 0.0, "agreed on in the call"),
    ],
)
def test_a_target_is_reached_its_own_way(habit: Habit, there: float, not_yet: float, written: str) -> None:
    assert habit.reached(there)
    assert not habit.reached(not_yet)
    assert habit.written == written


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((), "No call of this type has it yet. It begins with the next one."),
        ((0.9,), "Not there yet in the last call. One call at a time."),
        ((0.9, 0.8, 0.4), "There in 1 of the last 3 calls."),
        ((0.4,) * 12, "There in all of the last 10 calls. It may be yours now."),
    ],
)
def test_progress_is_told_kindly(values: tuple[float, ...], told: str) -> None:
    assert progress(Habit("talk_share", 0.5, "discovery"), trend("talk_share", *values)).told == told


def test_a_target_begins_at_a_value_with_a_source_else_at_the_reps_own() -> None:
    assert start("talk_share", "discovery", None) == 0.5
    assert start("layers", "demo", None) == 3.0
    assert start("talk_share", "first_contact", trend("talk_share", 0.6, 0.7, 0.8)) == 0.7
    assert start("interruptions", "demo", trend("interruptions", 1.0)) == 0.0


def test_practice_is_a_tag_or_an_exercise_in_listening() -> None:
    assert is_practice("listening", ())
    assert is_practice("demo", ("won", " Practice "))
    assert not is_practice("demo", ("practical",))


def test_days_off_belong_to_a_run() -> None:
    found = practice(practised(1, 1, 5, 6, 8), TODAY)
    assert found.run == 4
    assert found.days[-2] == 2
    assert len(found.days) == DAYS
    assert found.told == "4 days of practice in this run. Days off belong to it."


def test_a_long_pause_ends_a_run_without_a_word() -> None:
    found = practice(practised(6, 7, 8), TODAY)
    assert found.run == 0
    assert found.told == "Practice on 3 days in the last four weeks."
    assert practice([], TODAY).told == "No practice in the last four weeks. It is here whenever you like."


def test_calls_with_customers_and_days_nobody_knows_make_no_streak() -> None:
    others = [
        *practised(0, 1, 2, is_it=False),
        SimpleNamespace(began="", practice=True),
        SimpleNamespace(began="soon", practice=True),
    ]
    assert practice(others, TODAY).run == 0
    assert practice(practised(-1), TODAY).run == 0


@given(days=st.sets(st.integers(0, 60)), more=st.integers(0, 60))
def test_practising_once_more_never_shortens_a_run(days: set[int], more: int) -> None:
    assert practice(practised(*days, more), TODAY).run >= practice(practised(*days), TODAY).run

"""What was prepared: its written form, and which questions count as asked."""

from __future__ import annotations

import pytest

from coach.call.plan import (
    MOST_LETTERS,
    Asked,
    Plan,
    QuestionHeard,
    QuestionTicked,
    answer_from,
    asked,
    dump,
    load,
    tidy,
)

PLAN = Plan("demo", 30.0, "monologue", ("Forty lifts",), ("Who decides?", "Why now?"))


def test_what_was_prepared_comes_back_as_it_was() -> None:
    assert load(dump(PLAN)) == PLAN
    assert load({}) == Plan()
    assert not Plan()
    assert PLAN


def test_a_newer_coach_may_say_more() -> None:
    assert load(dump(PLAN) | {"mood": "good"}) == PLAN


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 481},
        {"minutes": -1},
        {"minutes": "soon"},
        {"call_type": "chat"},
        {"focus": "charm"},
        {"known": "one line"},
        {"questions": [1]},
        {"questions": None},
    ],
)
def test_what_is_no_plan_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        load(dump(PLAN) | wrong)


def test_lines_are_plain_short_and_each_once() -> None:
    assert tidy([" Why\tnow? ", "", "Why now?", "a\u202eb", "x" * 500]) == (
        "Why now?",
        "a b",
        "x" * MOST_LETTERS,
    )


def test_more_than_fits_beside_a_call_is_left_out() -> None:
    plan = load({"known": list("abcd"), "questions": [str(n) for n in range(20)]})
    assert plan.known == ("a", "b", "c")
    assert len(plan.questions) == 12


def test_the_first_time_a_question_is_heard_is_its_proof() -> None:
    heard = [QuestionHeard(9_000, 1, 7_000, 0.8), QuestionHeard(20_000, 1, 18_000, 0.9)]
    assert asked(PLAN, heard) == (Asked("Who decides?"), Asked("Why now?", 7_000, 7_000))


def test_a_tick_by_hand_stands_against_what_was_heard() -> None:
    heard = QuestionHeard(9_000, 0, 7_000, 0.8)
    away, back = QuestionTicked(10_000, 0, asked=False), QuestionTicked(11_000, 0, asked=True)
    assert asked(PLAN, [heard, away])[0] == Asked("Who decides?")
    assert asked(PLAN, [heard, away, back])[0] == Asked("Who decides?", 7_000, 7_000)
    assert asked(PLAN, [QuestionTicked(5_000, 1, asked=True)])[1] == Asked("Why now?", 5_000)


def test_a_line_of_a_log_says_what_was_heard_or_ticked() -> None:
    heard = {"command": "QuestionHeard", "at_ms": 2, "question": 1, "start_ms": 1, "score": 0.8}
    assert answer_from(heard) == QuestionHeard(2, 1, 1, 0.8)
    ticked = {"command": "QuestionTicked", "at_ms": 2, "question": 1, "asked": False}
    assert answer_from(ticked) == QuestionTicked(2, 1, asked=False)
    assert answer_from({"command": "HideNudge"}) is None

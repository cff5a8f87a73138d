"""A doubtful question is likelier from somebody who asks a lot."""

from __future__ import annotations

from playbook import CUSTOMER, REP

from coach.cues.habit import Habit

_SURE = {"question.open": 0.99, "question.closed": 0.1, "pitch": 0.3}
_NONE = {"question.open": 0.01, "question.closed": 0.005, "pitch": 0.3}
_DOUBTFUL = {"question.open": 0.4, "question.closed": 0.1, "pitch": 0.3}


def _after(scores: dict[str, float], times: int = 40) -> dict[str, float]:
    habit = Habit(REP)
    for _ in range(times):
        habit.settle(scores)
    return habit.settle(_DOUBTFUL)


def test_at_first_a_score_is_left_alone():
    assert abs(Habit(REP).settle(_DOUBTFUL)["question.open"] - 0.4) < 1e-9
    assert abs(Habit(CUSTOMER).settle(_DOUBTFUL)["question.open"] - 0.4) < 1e-9


def test_who_never_asks_is_believed_less_and_who_asks_a_lot_more():
    assert _after(_NONE)["question.open"] < 0.3
    assert _after(_SURE)["question.open"] > 0.6


def test_only_the_likeliest_question_moves():
    for scores in (_SURE, _NONE):
        assert {k: v for k, v in _after(scores).items() if k != "question.open"} == {
            "question.closed": 0.1,
            "pitch": 0.3,
        }


def test_a_sure_question_stays_one_in_a_long_lecture():
    habit = Habit(REP)
    for _ in range(1000):
        habit.settle(_NONE)
    assert habit.settle(_SURE)["question.open"] > 0.5


def test_where_nobody_may_ask_nothing_moves():
    assert Habit(REP).settle({"need": 0.4}) == {"need": 0.4}


def test_each_side_has_its_own_habit():
    rep, customer = Habit(REP), Habit(CUSTOMER)
    for _ in range(40):
        rep.settle(_SURE)
    assert customer.settle(_DOUBTFUL)["question.open"] < rep.settle(_DOUBTFUL)["question.open"]

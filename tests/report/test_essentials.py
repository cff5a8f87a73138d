"""The Essentials: every figure has a home, a formula and, where one is known, a good range; nothing is a score."""

from __future__ import annotations

import pytest
from playbook import CUSTOMER, REP
from report.cards import demo, drawn

from coach.report.essentials import (
    BESIDES,
    FORMULAS,
    GROUPS,
    absent,
    besides,
    essentials,
    good_range,
)
from coach.report.plain import NAMES


def test_every_figure_has_one_home_and_a_formula():
    homes = [name for *_, first, more in (*GROUPS, BESIDES) for name in (*first, *more)]
    assert sorted(homes) == sorted(NAMES)
    assert set(FORMULAS) == set(NAMES)


def test_the_six_are_those_of_the_issue():
    names = [name for name, *_ in GROUPS]
    assert names == [
        "Curiosity",
        "Listening",
        "Making room",
        "Their world first",
        "Soft selling",
        "Next step",
    ]
    for _, why, *_ in GROUPS:
        assert why.count(".") == 1


def test_a_figure_explains_itself():
    room = next(g for g in essentials(demo("d02")) if g.name == "Making room")
    share = room.measures[0]
    assert (share.label, share.good, share.how) == ("Talk share", "40 to 50%", "measured")
    assert share.number.endswith("%")
    assert share.source.startswith("Gong")
    assert "divided by" in share.formula
    assert room.measures[1].good == "up to 76 s"
    assert room.first == 3
    assert len(room.measures) == 7


def test_a_unit_stands_beside_the_number_only_where_the_name_does_not_tell_it():
    measures = {m.name: m for g in essentials(demo("d01")) for m in g.measures}
    assert (measures["questions_per_10_min"].unit, measures["listening_moves"].unit) == ("", "per 10 min")
    assert measures["listening_moves"].told.endswith("per 10 min")
    told = drawn([(REP, 1, 3, "So."), (CUSTOMER, 4, 9, "By hand.", "world.today")], 20)
    measures = {m.name: m for g in essentials(told) for m in g.measures}
    assert measures["coverage"].number == "1 of 6"


@pytest.mark.parametrize(
    ("name", "call_type", "low", "high"),
    [
        ("talk_share", "discovery", 0.4, 0.5),
        ("talk_share", "demo", 0.5, 0.7),
        ("talk_share", "listening", 0.2, 0.3),
        ("longest_customer_story", "follow_up", 120, None),
        ("follow_up_rate", "demo", 0.5, None),
        ("layers", "first_contact", 3, None),
    ],
)
def test_a_good_range_is_that_of_the_type_of_call(name, call_type, low, high):
    good = good_range(name, call_type)
    assert (good.low, good.high) == (low, high)


@pytest.mark.parametrize(
    ("name", "call_type"),
    [
        ("talk_share", "first_contact"),
        ("longest_monologue", "demo"),
        ("questions", "discovery"),
        ("pace", "demo"),
    ],
)
def test_where_no_range_is_known_none_is_shown(name, call_type):
    assert good_range(name, call_type) is None


def test_what_is_not_available_is_left_out_and_named():
    alone = drawn([(REP, 1, 3, "How do you do it?", "question.open")], 12, sides=(REP,))
    shown = {m.name for g in essentials(alone) for m in g.measures}
    assert "talk_share" not in shown
    assert "Talk share" in absent(alone)
    assert "Their world first" not in {g.name for g in essentials(alone)}
    room = next(g for g in essentials(alone) if g.name == "Making room")
    assert room.measures[0].name == "longest_monologue"


def test_a_group_whose_first_figures_are_missing_shows_the_others_at_once():
    german = drawn([(REP, 1, 9, "Wie geht das?"), (CUSTOMER, 10, 19, "So.")], 20, language="de")
    listening = next(g for g in essentials(german) if g.name == "Listening")
    assert listening.first >= 1
    assert "Curiosity" not in {g.name for g in essentials(german)}
    assert {m.name for m in besides(german).measures} == {"pace"}

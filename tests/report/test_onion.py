"""The layers of the onion as the questions that were asked."""

from __future__ import annotations

from playbook import CUSTOMER, REP
from report.cards import demo, drawn

from coach.report.onion import layers

OPEN, FOLLOW = ("question.open",), ("question.open", "follow_up")


def asked(*kinds):
    return [
        line
        for i, cues in enumerate(kinds)
        for line in (
            (REP, 10 * i + 1, 10 * i + 3, f"Q{i}?", *cues),
            (CUSTOMER, 10 * i + 4, 10 * i + 9, "So."),
        )
    ]


def chain(*kinds):
    return [s.text for s in layers(drawn(asked(*kinds), 10 * len(kinds) + 5))]


def test_the_longest_chain_begins_with_the_question_that_it_builds_on():
    assert chain(OPEN, FOLLOW, OPEN, FOLLOW, FOLLOW, OPEN) == ["Q2?", "Q3?", "Q4?"]


def test_of_two_the_first():
    assert chain(OPEN, FOLLOW, OPEN, FOLLOW) == ["Q0?", "Q1?"]


def test_one_whose_opening_was_heard_comes_before_one_without():
    assert chain(FOLLOW, OPEN, FOLLOW) == ["Q1?", "Q2?"]


def test_a_question_alone_is_no_chain():
    assert chain(OPEN, OPEN) == []
    assert chain(FOLLOW) == []


def test_there_is_none_where_the_figure_is_not_available():
    assert layers(drawn([(REP, 1, 3, "Q?", *FOLLOW)], 9, sides=(REP,))) == ()


def test_its_depth_is_the_figure():
    report = demo("d01")
    depth = next(f.value for f in report.figures if f.name == "layers")
    assert sum("follow_up" in s.cues for s in layers(report)) == depth

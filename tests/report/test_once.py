"""Each thing once: one question beside one moment, and no more moments than anybody listens to."""

from __future__ import annotations

from dataclasses import replace

from report.cards import demo

from coach.nudges.commands import Noticed
from coach.report.card import make_card
from coach.report.once import asked_once, worth_showing
from coach.report.page import page
from coach.report.plain import moment_lines


def noticed(rule, at_s, question=""):
    return Noticed(rule, rule, "why", 1000 * at_s, (), "source", question)


def test_a_question_stands_with_what_is_to_be_tried():
    report = demo("d02")
    asked = asked_once(report)
    kinds = [f.kind for f in report.findings]
    assert kinds == ["habit", "try"]
    assert [bool(q) for q in asked.findings] == [False, True]
    questions = [q for q in (*asked.findings, *asked.nudges, *asked.moments) if q]
    assert len(questions) == len(set(questions))
    every = {f.suggestion for f in report.findings} | {
        n.suggestion for n in (*report.nudges, *report.moments)
    }
    assert set(questions) == every - {""}


def test_a_few_moments_are_shown_and_of_each_rule_two():
    many = [noticed(rule, 10 * i) for i, rule in enumerate(["a"] * 9 + ["b", "c"] + ["d"] * 4)]
    assert worth_showing(many) == (0, 1, 9, 10, 11)
    assert worth_showing([noticed("a", i) for i in range(9)]) == (0, 1)
    assert worth_showing([]) == ()


def test_the_others_are_there_on_demand():
    report = replace(demo("d01"), moments=tuple(noticed("a", i, f"Why {i}?") for i in range(9)))
    html = page(make_card(report))
    before, _, after = html.partition("7 more like these")
    assert before.count("Why ") == 2
    assert after.count("Why ") == 7
    lines = list(moment_lines(report))
    assert sum("ask: Why" in line for line in lines) == 2
    assert "7 more" in lines[-1]

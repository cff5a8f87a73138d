"""What other limits would have changed: nudges that come, go, move or stay."""

from __future__ import annotations

from coach.nudges.commands import Nudge
from coach.report.whatif import changes


def nudge(rule: str, at_s: float) -> Nudge:
    at = round(1000 * at_s)
    return Nudge(rule, f"{rule}!", "why", at, at, (), "own")


def told(then, now):
    return [(c.kind, c.nudge.rule, c.nudge.at_ms // 1000) for c in changes(then, now)]


def test_nothing_then_and_nothing_now_is_nothing():
    assert changes((), ()) == ()


def test_what_is_where_it_was_stays_even_a_breath_away():
    assert told([nudge("pounce", 30)], [nudge("pounce", 30.9)]) == [("stays", "pounce", 30)]


def test_what_is_near_moves_and_knows_where_it_was():
    (change,) = changes([nudge("monologue", 100)], [nudge("monologue", 80)])
    assert (change.kind, change.before.at_ms, change.after.at_ms) == ("moves", 100_000, 80_000)


def test_what_is_far_is_another_and_so_is_what_another_rule_says():
    assert told([nudge("monologue", 100)], [nudge("monologue", 300)]) == [
        ("goes", "monologue", 100),
        ("comes", "monologue", 300),
    ]
    assert told([nudge("pounce", 30)], [nudge("premature_pitch", 30)]) == [
        ("goes", "pounce", 30),
        ("comes", "premature_pitch", 30),
    ]


def test_each_is_paired_once_the_nearest_first():
    then = [nudge("monologue", 100), nudge("monologue", 170)]
    now = [nudge("monologue", 168), nudge("monologue", 400)]
    assert told(then, now) == [
        ("goes", "monologue", 100),
        ("moves", "monologue", 168),
        ("comes", "monologue", 400),
    ]

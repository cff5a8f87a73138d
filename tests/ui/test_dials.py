"""Which limits may be turned, in what steps, in what words."""

from __future__ import annotations

import dataclasses

import pytest

from coach.settings import CALL_TYPES, Limits, Manners, Settings, TypeLimits
from coach.trouble import Trouble
from coach.ui.dials import dials, turned, unlike, value_of


def by_name(call_type="discovery", mine=None):
    return {d.name: d for d in dials(call_type, mine or Settings())}


@pytest.mark.parametrize("call_type", CALL_TYPES)
def test_every_limit_that_a_rule_obeys_may_be_turned_and_a_dozen_at_once(call_type):
    shown = by_name(call_type)
    limits = {f.name for f in dataclasses.fields(Limits)} - {"share_red"}  # the report's, no rule's
    assert {n.rpartition(".")[2] for n in shown if n.startswith("limits.")} == limits
    manners = {f.name for f in dataclasses.fields(Manners)} - {"suggestions"}
    assert {n.rpartition(".")[2] for n in shown if n.startswith("manners.")} == manners
    assert sum(d.first and not d.switch for d in shown.values()) == 12
    assert all(f".{call_type}." in n for n in shown if n.startswith("limits."))


def test_steps_rise_lie_in_range_and_hold_the_default_and_what_is_mine():
    mine = turned(Settings(), {"limits.discovery.monologue_s": 61.0})
    for dial in dials("discovery", mine):
        assert list(dial.steps) == sorted(set(dial.steps))
        assert value_of(Settings(), dial.name) in dial.steps
        assert value_of(mine, dial.name) in dial.steps
        for value in (dial.steps[0], dial.steps[-1]):
            assert value_of(turned(mine, {dial.name: value}), dial.name) == value
    assert 61.0 in by_name(mine=mine)["limits.discovery.monologue_s"].steps
    assert 61.0 not in by_name()["limits.discovery.monologue_s"].steps


def test_values_are_written_as_a_person_says_them():
    shown = by_name()
    words = {
        ("limits.discovery.monologue_s", 75.0): "75 s",
        ("limits.discovery.monologue_s", 0.0): "off",
        ("limits.discovery.question_gap_s", 180.0): "3 min",
        ("limits.discovery.share_nudge", 0.6): "60 %",
        ("limits.discovery.pitch_needs", 2): "2 needs",
        ("limits.discovery.pitch_needs", 1): "1 need",
        ("manners.warm_up_s", 0.0): "0 s",
        ("manners.breath_s", 0.25): "0.25 s",
        ("rules.pounce", True): "on",
        ("rules.pounce", False): "off",
    }
    assert {key: shown[key[0]].in_words(key[1]) for key in words} == words


def test_what_is_unlike_is_told_and_what_is_out_of_range_refused():
    assert unlike({"manners.most": 5, "manners.hold_s": 1.0}, Settings()) == {"manners.hold_s": 1.0}
    with pytest.raises(Trouble, match="out of range"):
        turned(Settings(), {"manners.most": 99})
    assert turned(Settings(), {"rules.pounce": False}).rules.pounce is False
    assert turned(Settings(), {}).limits == TypeLimits()

"""The catalogue: every rule has words, a source, and examples on both sides of its line."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from coach.call.meters import Moment, OrderTaken, PitchHeard, PressureHeard
from coach.nudges.rules import CATALOGUE
from coach.settings import CALL_TYPES, MAX_NUDGE_WORDS, RULES, Limits, RuleSettings, Settings, WordingSettings

_ids = [r.name for r in CATALOGUE]
DISCOVERY = Limits()


@pytest.mark.parametrize("rule", CATALOGUE, ids=_ids)
def test_it_has_examples_on_both_sides_and_they_are_right(rule):
    assert rule.fires
    assert rule.silent
    for example in rule.fires:
        assert rule.find(example.moment, DISCOVERY), example.why
    for example in rule.silent:
        assert rule.find(example.moment, DISCOVERY) is None, example.why


@pytest.mark.parametrize("rule", CATALOGUE, ids=_ids)
def test_it_speaks_in_four_words_without_blame(rule):
    assert len(rule.text.split()) <= MAX_NUDGE_WORDS
    assert "you" not in rule.text.lower().split()
    assert rule.text[0].isupper()


@pytest.mark.parametrize("rule", CATALOGUE, ids=_ids)
def test_it_names_its_limits_its_source_and_its_numbers(rule):
    assert rule.source
    assert rule.what.endswith(".")
    assert set(rule.limits) <= {f.name for f in dataclasses.fields(Limits)}
    because = dict(rule.find(rule.fires[0].moment, DISCOVERY).because)
    assert "{" not in rule.reason.format(**because)


def test_every_rule_has_a_switch_and_a_wording():
    assert set(_ids) == set(RULES)
    assert set(_ids) == {f.name for f in dataclasses.fields(RuleSettings)}
    assert set(_ids) == {f.name for f in dataclasses.fields(WordingSettings)}


def test_a_limit_of_nought_switches_a_rule_off():
    off = Limits(
        monologue_s=0,
        share_nudge=0,
        question_gap_s=0,
        premature_pitch=False,
        pounce=False,
        order_sentences=0,
        pressure=False,
        interruptions=0,
        next_step_at=0,
    )
    for rule in CATALOGUE:
        for example in rule.fires:
            assert rule.find(example.moment, off) is None


def test_a_long_monologue_is_a_strong_one():
    (monologue,) = [r for r in CATALOGUE if r.name == "monologue"]
    found = dict(monologue.find(Moment(300_000, two_sides=True, monologue_ms=121_000), DISCOVERY).because)
    assert found["strong_limit_s"] == 120


def test_a_microphone_alone_never_judges_the_talk_between_two():
    for rule in CATALOGUE:
        if rule.name not in ("monologue", "talk_share", "pressure", "next_step"):
            for example in rule.fires:
                assert rule.find(dataclasses.replace(example.moment, two_sides=False), DISCOVERY) is None


def test_first_contact_has_no_target_for_the_share():
    limits = Settings().limits_for("first_contact")
    (share,) = [r for r in CATALOGUE if r.name == "talk_share"]
    assert share.find(Moment(300_000, two_sides=True, rolling_share=0.95), limits) is None


def test_three_matters_at_most_may_speak_until_the_user_says_more():
    on = {r.name for r in CATALOGUE if getattr(RuleSettings(), r.name)}
    assert on == {"monologue", "talk_share", "ask_question", "premature_pitch", "pounce"}


def test_in_a_demo_a_request_is_what_they_came_for():
    (order,) = [r for r in CATALOGUE if r.name == "order_taking"]
    assert order.find(order.fires[0].moment, Settings().limits_for("demo")) is None


class Watched:
    """Stand in for a value and remember which of its parts were looked at."""

    def __init__(self, value: object) -> None:
        self._value = value
        self.seen: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.seen.add(name)
        return getattr(self._value, name)


def moments():
    """Draw moments, most of them beyond one limit or another."""
    pitch = st.builds(
        PitchHeard,
        start_ms=st.integers(0, 300_000),
        end_ms=st.integers(0, 300_000),
        invited=st.booleans(),
        needs=st.integers(0, 4),
        questions=st.integers(0, 6),
        pounced=st.booleans(),
        need_end_ms=st.integers(-1, 300_000),
    )
    order = st.builds(
        OrderTaken, *[st.integers(0, 300_000)] * 3, sentences=st.integers(1, 5), over=st.booleans()
    )
    return st.builds(
        Moment,
        now_ms=st.integers(0, 3_600_000),
        two_sides=st.booleans(),
        monologue_ms=st.integers(0, 200_000),
        rolling_share=st.none() | st.floats(0, 1),
        question_gap_ms=st.integers(0, 600_000),
        floor_ms=st.integers(0, 100_000),
        pitch=st.none() | pitch,
        pounce=st.none() | pitch,
        last_question_ms=st.integers(-1, 300_000),
        order=st.none() | order,
        pressure=st.none() | st.builds(PressureHeard, *[st.integers(0, 9)] * 3),
        interrupted_ms=st.lists(st.integers(0, 300_000), max_size=4).map(tuple),
        planned_ms=st.sampled_from((0, 1_800_000)),
        next_step_ms=st.sampled_from((-1, 5000)),
    )


@pytest.mark.parametrize("rule", CATALOGUE, ids=_ids)
@given(moments(), st.sampled_from(CALL_TYPES))
@hypothesis_settings(max_examples=60, deadline=None)
def test_it_looks_at_nothing_but_the_limits_and_the_parts_it_names(rule, moment, call_type):
    limits, parts = Watched(Settings().limits_for(call_type)), Watched(moment)
    finding = rule.find(parts, limits)
    if rule.holds is not None:
        assert rule.holds(parts, limits) is (finding is not None)
        assert finding is None or (finding.since_ms, finding.fresh_until_ms) == (None, None)
    assert limits.seen <= set(rule.limits)
    assert parts.seen <= set(rule.reads)
    assert set(rule.reads) <= {f.name for f in dataclasses.fields(Moment)}

"""A look back with other limits says what a full replay would say: nudge for nudge, moment for moment."""

from __future__ import annotations

import dataclasses
import json

import pytest
from drawn import drawn_call
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from playbook import CUSTOMER, REP, shown, talk, told

from coach.call.events import CallEnded, CallStarted, NudgeDismissed, NudgeUnhelpful, VoiceStarted
from coach.nudges import tape as tapes
from coach.nudges.commands import ShowNudge
from coach.nudges.engine import Engine
from coach.nudges.tape import Tape
from coach.nudges.whatif import Judged, judge
from coach.settings import RULES, Limits, RuleSettings, Settings, knobs, parse
from coach.trouble import Trouble

EVERYTHING = dataclasses.replace(Settings(), rules=RuleSettings(**dict.fromkeys(RULES, True)))
POUNCE = [
    (CUSTOMER, 24, 29, "We lose half of them.", "need"),
    (REP, 29.4, 32, "Our tool fixes that.", "pitch"),
    (REP, 32.6, 36, "It has three parts.", "pitch"),
    (CUSTOMER, 40, 60),
]
LONG = [(CUSTOMER, 1, 100), *talk(REP, 101, 178), (REP, 178.8, 200)]


def replayed(events, settings) -> Judged:
    engine = Engine(settings)
    commands = [c for event in events for c in engine.handle(event)]
    return Judged(tuple(c.nudge for c in commands if isinstance(c, ShowNudge)), engine.moments)


def with_set(settings, **values):
    for name, value in values.items():
        settings = parse(f"{name.replace('__', '.')} = {json.dumps(value)}", base=settings)
    return settings


def rules_of(judged: Judged) -> list[str]:
    return [n.rule for n in judged.nudges]


# What one sees.


def test_a_lower_limit_brings_a_nudge_and_a_higher_one_takes_it_away():
    tape = Tape(told(LONG, 220))
    assert rules_of(judge(tape, Settings())) == ["monologue"]
    longer = judge(tape, with_set(Settings(), limits__discovery__monologue_s=100.0))
    assert rules_of(longer) == ["ask_question"]
    sooner = judge(tape, with_set(Settings(), limits__discovery__monologue_s=60.0)).nudges[0]
    assert sooner.due_ms == 161_000
    assert dict(sooner.because)["limit_s"] == 60


def test_a_rule_switched_off_leaves_its_moment_for_the_report():
    judged = judge(Tape(told(POUNCE, 60)), with_set(Settings(), rules__pounce=False))
    assert rules_of(judged) == ["premature_pitch"]
    quiet = with_set(Settings(), rules__pounce=False, rules__premature_pitch=False)
    judged = judge(Tape(told(POUNCE, 60)), quiet)
    assert judged.nudges == ()
    assert [(n.rule, n.at_ms) for n in judged.moments] == [("pounce", 29_400)]


def test_the_limits_are_those_of_the_type_of_call():
    tape = Tape(told(LONG, 220, call_type="demo"))
    assert tape.call_type == "demo"
    assert judge(tape, Settings()).nudges == ()


def test_in_a_language_whose_cues_are_not_read_only_the_voice_is_judged():
    lines = [*POUNCE, (CUSTOMER, 61, 100, "Wir verlieren zwei Tage.", "need"), *talk(REP, 101, 178)]
    events = told([*lines, (REP, 178.8, 200)], 220, language="de")
    judged = judge(Tape(events), EVERYTHING)
    assert judged == replayed(events, EVERYTHING)
    assert [(n.rule, n.suggestion) for n in judged.nudges] == [("monologue", "")]


def test_before_a_call_has_begun_there_is_nothing_to_judge():
    tape = Tape([CallEnded(5000)])
    assert tape.call_type == ""
    assert judge(tape, EVERYTHING) == replayed([CallEnded(5000)], EVERYTHING) == Judged((), ())
    assert judge(Tape([]), Settings()) == Judged((), ())


def test_an_unknown_type_of_call_is_said_as_by_the_engine():
    with pytest.raises(Trouble, match="no call type 'chat'"):
        judge(Tape([CallStarted(0, "chat", (REP,))]), Settings())


def test_a_log_that_begins_twice_is_replayed_in_full():
    events = [*told(LONG, 220)[:-1], *told([], 400, call_type="demo")[:-1], CallEnded(400_000)]
    events = [
        dataclasses.replace(e, at_ms=max(e.at_ms, 210_000)) if i > 20 else e for i, e in enumerate(events)
    ]
    assert judge(Tape(events), Settings()) == replayed(events, Settings())


def test_a_voice_that_begins_twice_is_heard_as_the_engine_hears_it():
    events = told(LONG, 220)
    events.insert(2, VoiceStarted(2000, CUSTOMER, 1900))
    assert judge(Tape(events), EVERYTHING) == replayed(events, EVERYTHING)


@pytest.mark.parametrize("said", [NudgeDismissed, NudgeUnhelpful])
def test_what_the_rep_said_to_a_nudge_then_is_said_again(said):
    lines = [
        *POUNCE,
        (CUSTOMER, 200, 205, "It hurts.", "need"),
        (REP, 205.4, 209, "Our tool helps.", "pitch"),
        (CUSTOMER, 215, 230),
    ]
    events = told(lines, 240)
    plain = judge(Tape(events), Settings())
    assert len(plain.nudges) == 2
    events.insert(next(i for i, e in enumerate(events) if e.at_ms > 40_000), said(40_000, "pounce"))
    waved = judge(Tape(events), Settings())
    assert waved == replayed(events, Settings())
    assert len(waved.nudges) == 1


def test_only_so_many_answers_are_kept(monkeypatch):
    monkeypatch.setattr(tapes, "MOST_KEPT", 20)
    tape = Tape(told(LONG, 220))
    for limit in range(20, 60):
        judge(tape, with_set(Settings(), limits__discovery__monologue_s=float(limit)))
    assert len(tape._answers) <= 20
    assert judge(tape, Settings()) == replayed(told(LONG, 220), Settings())


# The proof.

CALL_KNOBS = [k for k in knobs() if k.name.startswith(("limits.", "manners.", "rules.", "call.focus"))]


def a_value(draw, knob):
    if knob.choices:
        return draw(st.sampled_from(knob.choices))
    if isinstance(knob.default, bool):
        return draw(st.booleans())
    low, high = knob.low, knob.high
    if isinstance(knob.default, int):
        return draw(st.integers(int(low), min(int(high), knob.default + 4)))
    near = st.floats(low, min(high, 1.5 * knob.default or high))
    return round(draw(st.one_of(st.sampled_from((low, knob.default)), near)), 3)


@st.composite
def other_settings(draw):
    """Draw settings: a few knobs turned, or many, most rules switched on."""
    settings = draw(st.sampled_from((Settings(), EVERYTHING, EVERYTHING)))
    hasty = draw(st.booleans())
    if hasty:
        settings = with_set(
            settings, manners__warm_up_s=10.0, manners__cooldown_s=5.0, manners__same_kind_s=12.0
        )
    for knob in draw(st.lists(st.sampled_from(CALL_KNOBS), max_size=8, unique_by=lambda k: k.name)):
        settings = with_set(settings, **{knob.name.replace(".", "__"): a_value(draw, knob)})
    return settings


@hypothesis_settings(max_examples=30, deadline=None)
@given(st.integers(0, 100_000), st.lists(other_settings(), min_size=1, max_size=3))
def test_a_look_back_is_a_full_replay(seed, turned):
    events = drawn_call(seed, 300)
    tape = Tape(events)
    for settings in turned:
        assert judge(tape, settings) == replayed(events, settings)


@pytest.mark.parametrize("seed", range(10))
def test_a_long_call_full_of_nudges_is_judged_alike(seed):
    hasty = with_set(
        EVERYTHING,
        manners__warm_up_s=0.0,
        manners__cooldown_s=5.0,
        manners__same_kind_s=10.0,
        manners__most=60,
        manners__early_pitch_most=20,
    )
    events = drawn_call(seed, 600, eventful=seed % 2 == 0)
    judged = judge(Tape(events), hasty)
    assert judged == replayed(events, hasty)
    assert judged.nudges or judged.moments


@hypothesis_settings(max_examples=20, deadline=None)
@given(st.integers(0, 100_000), st.integers(0, 600_000))
def test_while_nothing_is_shown_tact_only_turns_from_no_to_yes(seed, later):
    events = drawn_call(seed, 300)
    engine = Engine(EVERYTHING)
    nudges = shown(c for event in events for c in engine.handle(event))
    now = events[-1].at_ms
    for rule in engine._rules:
        if engine._tact.may_be_due(rule, now):
            assert engine._tact.may_be_due(rule, now + later), nudges


def test_moments_of_which_a_rule_says_the_same_are_one_stretch():
    """The end draws near without a next step: true in each moment from then on, and in the same way."""
    tape = Tape(drawn_call(8, 300))
    (rule,) = (r for r in tape.rules if r.name == "next_step")
    answer = tape.answer(rule, Limits())
    assert len(answer.runs) == len(answer.stretches) == 1
    assert (answer.stretches[0].first, answer.stretches[0].last) == answer.runs[0]
    assert answer.runs[0][1] - answer.runs[0][0] > 100

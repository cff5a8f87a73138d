"""Events in, commands out: the manners of the coach, as dialogues."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from playbook import CUSTOMER, REP, coached, hidden, shown, talk, told

from coach.call.events import (
    CallEnded,
    CallStarted,
    ListeningPaused,
    ListeningResumed,
    NotNowAsked,
    NudgeDismissed,
    NudgeUnhelpful,
    SentenceHeard,
    TimePassed,
    TroubleNoticed,
    TroubleOver,
    VoiceStarted,
    VoiceStopped,
)
from coach.nudges.commands import TellOnce, ToldIsOver, WrongAgain
from coach.nudges.engine import Engine
from coach.settings import (
    RULES,
    CallSettings,
    Limits,
    Manners,
    RuleSettings,
    Settings,
    TypeLimits,
    WordingSettings,
)

LONG_PITCH = [
    (CUSTOMER, 24, 29, "We lose half of them.", "need"),
    (REP, 29.4, 32, "Our tool fixes that.", "pitch"),
    (REP, 32.6, 36, "It has three parts.", "pitch"),
]


EVERYTHING = dataclasses.replace(Settings(), rules=RuleSettings(**dict.fromkeys(RULES, True)))
ORDER = [
    (CUSTOMER, 95, 98, "Do you have a portal?", "asks_for_pitch", "request"),
    (REP, 98.3, 100, "We do, it is included.", "pitch", "invited"),
    (REP, 100.3, 102, "I'll put down two users."),
    (REP, 102.3, 104, "Is two enough?", "question.closed"),
    (CUSTOMER, 105, 110, "Two is fine."),
]
PUSH = [(REP, 100, 104, "It closes on Friday.", "pressure"), (CUSTOMER, 105, 110, "Does it?")]
CUT_OFF = [line for at in (50, 80, 110) for line in ((CUSTOMER, at - 8, at + 1), (REP, at, at + 5))]


def with_manners(**changes):
    return dataclasses.replace(Settings(), manners=dataclasses.replace(Manners(), **changes))


# What is nudged, and when.


def test_a_pounce_is_nudged_at_the_next_breath():
    assert shown(coached(LONG_PITCH, 60)) == [("pounce", 32.7, 36.3)]


def test_a_good_call_passes_without_a_word():
    call = []
    for i in range(12):
        at = 20.0 * i + 1
        call += [
            (REP, at, at + 6, "How is that?", "question.open"),
            (CUSTOMER, at + 7, at + 19, "It hurts.", "need"),
        ]
    assert shown(coached(call, 250)) == []


def test_a_monologue_is_due_at_its_limit_and_waits_for_a_breath():
    call = [(CUSTOMER, 1, 100), *talk(REP, 101, 178), (REP, 178.8, 200)]
    assert shown(coached(call, 220)) == [("monologue", 176.0, 178.3)]


def test_only_the_monologue_may_speak_without_a_breath_after_four_seconds():
    call = [(CUSTOMER, 1, 100), *talk(REP, 101, 240)]
    assert shown(coached(call, 242))[0] == ("monologue", 176.0, 180.0)


def test_a_due_nudge_without_a_breath_is_dropped_after_eight_seconds():
    call = [
        (CUSTOMER, 24, 29, "We lose half of them.", "need"),
        (REP, 29.4, 32, "Our tool fixes that.", "pitch"),
        (REP, 32.1, 44),
        (CUSTOMER, 45, 60),
    ]
    assert shown(coached(call, 70)) == []


def test_never_while_the_customer_is_in_the_middle_of_a_sentence():
    call = [
        (CUSTOMER, 24, 29, "We lose half of them.", "need"),
        (REP, 29.4, 32, "Our tool fixes that.", "pitch"),
        (CUSTOMER, 32.3, 37, "Does it?"),
    ]
    assert shown(coached(call, 60)) == [("pounce", 32.7, 37.3)]


def test_a_question_takes_the_pitch_back():
    call = [
        (CUSTOMER, 24, 29, "We lose half of them.", "need"),
        (REP, 29.4, 32, "Our tool fixes that.", "pitch"),
        (REP, 32.1, 34, "But tell me, which half?", "question.open"),
        (CUSTOMER, 34.1, 50),
    ]
    assert shown(coached(call, 60)) == []


def test_the_share_is_nudged_once_it_has_held_for_its_time():
    settings = dataclasses.replace(Settings(), rules=RuleSettings(monologue=False, ask_question=False))
    call = []
    for i in range(10):
        at = 1 + 20.0 * i
        call += [(REP, at, at + 15), (CUSTOMER, at + 15.5, at + 19)]
    (nudge,) = shown(coached(call, 190, settings))
    assert nudge[0] == "talk_share"
    assert nudge[1] == pytest.approx(109, abs=1.5)


def test_a_question_is_asked_for_after_three_minutes_without_one():
    settings = dataclasses.replace(Settings(), rules=RuleSettings(monologue=False, talk_share=False))
    call = [*talk(CUSTOMER, 1, 80), *talk(REP, 81, 200), (REP, 201, 230)]
    assert [n[0] for n in shown(coached(call, 235, settings))] == ["ask_question"]


# The budget.


def test_nothing_in_the_first_ninety_seconds_but_a_pitch():
    assert shown(coached(talk(REP, 1, 89), 90)) == []


def test_a_pitch_in_the_first_twenty_seconds_is_due_only_then():
    call = [(REP, 10, 14, "Our tool is best.", "pitch"), (REP, 15, 30)]
    assert shown(coached(call, 40))[:1] == []
    said = [(REP, 6, 10, "It does it all.", "pitch"), (REP, 10.5, 14, "Our tool is best.", "pitch")]
    call = [*said, (REP, 15, 19.5), (REP, 20.2, 30)]
    assert shown(coached(call, 40)) == [("premature_pitch", 20.0, 20.0)]


def test_one_sentence_in_the_first_twenty_seconds_says_who_rings():
    call = [(REP, 10, 14, "We make the best tool there is.", "pitch"), (REP, 15, 19.5), (REP, 20.2, 30)]
    assert shown(coached(call, 40)) == []
    later = [
        (REP, 10, 14, "We make the best tool there is.", "pitch"),
        (REP, 16, 21, "Yours for ten.", "pitch"),
    ]
    assert shown(coached([*later, (REP, 22, 30)], 40))[0][0] == "premature_pitch"


def pounces(*starts):
    lines = []
    for at in starts:
        lines += [
            (CUSTOMER, at - 5, at - 0.4, "It hurts.", "need"),
            (REP, at, at + 3, "Our tool helps.", "pitch"),
        ]
    return lines


def test_forty_five_seconds_lie_between_any_two_and_a_hundred_and_fifty_between_two_of_a_kind():
    at = [n[2] for n in shown(coached(pounces(30, 60, 100, 150, 200, 260), 300))]
    assert at[0] == pytest.approx(33.8, abs=0.2)
    assert all(b - a >= 45 for a, b in pairwise(at))


def test_a_call_has_at_most_two_nudges_about_a_pitch():
    assert len(shown(coached(pounces(*range(30, 900, 40)), 1000))) == 2


def test_five_in_half_an_hour_are_enough():
    manners = {"early_pitch_most": 20, "same_kind_s": 10.0, "cooldown_s": 5.0}
    call = pounces(*range(30, 900, 30))
    assert len(shown(coached(call, 1000, with_manners(**manners)))) == 5
    assert len(shown(coached(call, 1000, with_manners(**manners, most=2)))) == 2


def test_one_focus_silences_the_rest():
    focused = dataclasses.replace(Settings(), call=CallSettings(focus="monologue"))
    assert shown(coached(LONG_PITCH, 60, focused)) == []
    call = [*LONG_PITCH, (CUSTOMER, 40, 90), *talk(REP, 91, 170), (REP, 171, 175)]
    assert [n[0] for n in shown(coached(call, 180, focused))] == ["monologue"]


def test_a_rule_that_is_switched_off_is_silent():
    off = dataclasses.replace(Settings(), rules=RuleSettings(pounce=False, premature_pitch=False))
    assert shown(coached(LONG_PITCH, 60, off)) == []


def test_the_rep_may_reword():
    settings = dataclasses.replace(Settings(), wording=WordingSettings(pounce="Breathe first"))
    (nudge,) = [c.nudge for c in coached(LONG_PITCH, 60, settings) if hasattr(c, "nudge")]
    assert nudge.text == "Breathe first"
    assert nudge.reason
    assert nudge.source
    assert dict(nudge.because)["seconds_after_need"] == 0.4


# How it goes away.


def test_it_leaves_after_six_seconds():
    assert hidden(coached(LONG_PITCH, 60)) == [("pounce", 42.3, "time is over")]


def test_a_pitch_nudge_leaves_as_soon_as_a_question_is_asked():
    asked = [*LONG_PITCH, (REP, 36.4, 38.4, "But tell me, which half?", "question.open"), (CUSTOMER, 39, 55)]
    (_, _, at), (_, gone, why) = shown(coached(asked, 60))[0], hidden(coached(asked, 60))[0]
    assert (at, why) == (36.3, "done")
    assert at + 3.0 <= gone <= 39.4


def test_it_leaves_early_when_the_rep_did_what_it_asked_for():
    call = [(CUSTOMER, 1, 100), *talk(REP, 101, 177), (CUSTOMER, 179.4, 200)]
    commands = coached(call, 220)
    (_, _, at), (_, gone, why) = shown(commands)[0], hidden(commands)[0]
    assert why == "done"
    assert 3 <= gone - at < 6


def test_the_end_of_the_call_takes_it_away():
    assert hidden(coached(LONG_PITCH, 38)) == [("pounce", 38.0, "call ended")]


# What the rep says to it.


def run(engine, *events):
    return [c for e in events for c in engine.handle(e)]


def pounce_at(at):
    """Return one need and one pounce around a moment in seconds, as events."""
    ms = round(1000 * at)
    return (
        VoiceStarted(ms - 4900, CUSTOMER, ms - 5000),
        VoiceStopped(ms - 300, CUSTOMER, ms - 500),
        VoiceStarted(ms + 100, REP, ms),
        SentenceHeard(ms + 200, CUSTOMER, ms - 5000, ms - 500, "It hurts.", ("need",)),
        VoiceStopped(ms + 3200, REP, ms + 3000),
        SentenceHeard(ms + 3700, REP, ms, ms + 3000, "Our tool helps a lot.", ("pitch",)),
        TimePassed(ms + 5000),
    )


def started(settings=None):
    engine = Engine(settings or with_manners(early_pitch_most=20))
    engine.handle(CallStarted(0, "discovery", (REP, CUSTOMER)))
    return engine


def test_a_dismissal_hides_it_and_stretches_the_intervals():
    engine = started(with_manners(early_pitch_most=20, same_kind_s=50.0))
    assert len(shown(run(engine, *pounce_at(30)))) == 1
    assert hidden(run(engine, NudgeDismissed(35_500, "pounce"))) == [("pounce", 35.5, "dismissed")]
    assert shown(run(engine, *pounce_at(90))) == []  # 50 s would have passed, 75 s have not
    assert len(shown(run(engine, *pounce_at(120)))) == 1


def test_three_dismissals_of_a_kind_end_it_for_the_call():
    engine = started(with_manners(early_pitch_most=20, same_kind_s=10.0, cooldown_s=5.0, stretch=1.0))
    for at in (30, 60, 90):
        assert len(shown(run(engine, *pounce_at(at)))) == 1
        run(engine, NudgeDismissed(round(1000 * at) + 5500, "pounce"))
    assert shown(run(engine, *pounce_at(200), *pounce_at(400))) == []


def test_dismissing_what_is_no_longer_there_is_still_a_lesson():
    engine = started()
    run(engine, *pounce_at(30))
    assert hidden(run(engine, TimePassed(50_000))) == [("pounce", 39.7, "time is over")]
    assert run(engine, NudgeDismissed(51_000, "pounce"), NudgeDismissed(52_000, "no such rule")) == []


def test_what_did_not_help_comes_half_as_often_and_nothing_else_does():
    engine = started(with_manners(early_pitch_most=20, same_kind_s=50.0))
    assert len(shown(run(engine, *pounce_at(30)))) == 1
    assert hidden(run(engine, NudgeUnhelpful(35_500, "pounce"))) == [("pounce", 35.5, "not helpful")]
    assert engine._tact.stretch == 1.0
    assert shown(run(engine, *pounce_at(90))) == []  # 50 s would have passed, 100 s have not
    assert len(shown(run(engine, *pounce_at(140)))) == 1


def test_a_kind_that_did_not_help_three_times_is_over_for_the_call():
    engine = started(with_manners(early_pitch_most=20, same_kind_s=10.0, cooldown_s=5.0))
    for at in (30, 60, 120):
        assert len(shown(run(engine, *pounce_at(at)))) == 1
        run(engine, NudgeUnhelpful(round(1000 * at) + 5500, "pounce"))
    assert shown(run(engine, *pounce_at(400))) == []


def test_not_now_mutes_the_call():
    engine = started()
    run(engine, *pounce_at(30))
    assert hidden(run(engine, NotNowAsked(35_500))) == [("pounce", 35.5, "not now")]
    assert shown(run(engine, *pounce_at(300))) == []


def test_a_pause_hides_it_and_nothing_comes_until_the_coach_listens_again():
    engine = started()
    run(engine, *pounce_at(30))
    assert hidden(run(engine, ListeningPaused(35_500))) == [("pounce", 35.5, "paused")]
    assert run(engine, TimePassed(100_000)) == []
    assert len(shown(run(engine, ListeningResumed(200_000), *pounce_at(230)))) == 1


def test_a_pause_with_nothing_on_the_screen_hides_nothing():
    assert run(started(), ListeningPaused(1000)) == []


def test_trouble_is_told_once():
    engine = started()
    told_once = run(
        engine, TroubleNoticed(1000, "late", "Words come late."), TroubleNoticed(2000, "late", "Again.")
    )
    assert told_once == [TellOnce(1000, "late", "Words come late.")]
    assert run(engine, TroubleOver(3000, "late"), TroubleOver(3000, "never told")) == [
        ToldIsOver(3000, "late")
    ]


def test_trouble_that_comes_again_is_shown_and_not_told_again():
    engine = started()
    run(engine, TroubleNoticed(1000, "late", "Words come late."), TroubleOver(2000, "late"))
    again = [TroubleNoticed(at, "late", "Late again.") for at in (3000, 4000)]
    assert run(engine, *again) == [WrongAgain(3000, "late", "Late again.")]
    assert run(engine, TroubleOver(5000, "late")) == [ToldIsOver(5000, "late")]


def test_before_the_call_and_after_it_nothing_is_looked_at():
    engine = Engine(Settings())
    assert engine.handle(TimePassed(5000)) == []
    run(engine, CallStarted(5000, "discovery", (REP, CUSTOMER)), CallEnded(6000))
    assert engine.handle(TimePassed(9000)) == []


def test_the_limits_are_those_of_the_type_of_call():
    call = [(CUSTOMER, 1, 100), *talk(REP, 101, 178), (REP, 178.8, 200)]
    assert shown(coached(call, 220, call_type="demo")) == []


# Invariants.

_side = st.sampled_from((REP, CUSTOMER))
_cues = st.sampled_from(
    (
        (),
        ("need",),
        ("pitch",),
        ("pitch", "invited"),
        ("question.open",),
        ("backchannel",),
        ("request",),
        ("pressure",),
    )
)


@st.composite
def calls(draw):
    """Draw a dialogue in which each side's lines follow one another."""
    free, lines = {REP: 0.0, CUSTOMER: 0.0}, []
    for _ in range(draw(st.integers(1, 14))):
        who = draw(_side)
        start = max(free[who], max(free.values()) - draw(st.floats(0, 3))) + draw(st.floats(0.35, 4))
        end = start + draw(st.floats(0.4, 40))
        free[who] = end
        lines.append(
            (
                who,
                start,
                end,
                draw(st.sampled_from(("So.", "Mm-hm.", "We do that for you today."))),
                *draw(_cues),
            )
        )
    return lines, max(free.values()) + 5


@hypothesis_settings(max_examples=40, deadline=None)
@given(calls())
def test_never_two_nudges_inside_the_cooldown_and_never_below_zero(call):
    lines, end = call
    engine = Engine(Settings())
    commands = []
    for event in told(lines, end):
        commands += engine.handle(event)
        moment = engine.meters.moment()
        assert (
            min(
                moment.monologue_ms,
                moment.question_gap_ms,
                moment.floor_ms,
                engine.meters.needs,
                engine.meters.asked_units,
            )
            >= 0
        )
        assert moment.rolling_share is None or 0 <= moment.rolling_share <= 1
    at = [n[2] for n in shown(commands)]
    assert all(b - a >= 45 for a, b in pairwise(at))
    assert all(due <= when <= due + 8.1 for _, due, when in shown(commands))


@hypothesis_settings(max_examples=40, deadline=None)
@given(calls(), st.integers(7, 4000))
def test_how_often_time_is_told_changes_nothing(call, step):
    lines, end = call
    plain = told(lines, end)
    ticking, at = [], step
    for event in plain:
        while at < event.at_ms:
            ticking.append(TimePassed(at))
            at += step
        ticking.append(event)
    once, often = Engine(EVERYTHING), Engine(EVERYTHING)
    assert run(once, *plain) == run(often, *ticking)
    assert once.moments == often.moments


def test_a_rule_may_be_made_stricter_for_one_type_alone():
    settings = dataclasses.replace(Settings(), limits=TypeLimits(discovery=Limits(monologue_s=30)))
    call = [(CUSTOMER, 1, 100), *talk(REP, 101, 132), (REP, 133, 140)]
    assert [n[0] for n in shown(coached(call, 145, settings))] == ["monologue"]
    assert shown(coached(call, 145)) == []


def test_a_presentation_that_goes_on_is_one_pitch_and_is_nudged_where_it_begins():
    call = [
        (CUSTOMER, 21, 29, "So, that is us."),
        (REP, 29.4, 32, "Our tool fixes that.", "pitch"),
        *((REP, at, at + 3, "And it has a part for this.", "pitch") for at in range(33, 90, 4)),
        (CUSTOMER, 70, 70.6, "Mama?"),
    ]
    assert [rule for rule, *_ in shown(coached(call, 95))] == ["premature_pitch"]


def test_a_hard_opening_is_nudged_as_soon_as_anything_may_be_said():
    call = [(REP, at, at + 3, "And it has a part for this.", "pitch") for at in range(2, 40, 4)]
    ((rule, due, _),) = shown(coached(call, 45))
    assert rule == "premature_pitch"
    assert due == pytest.approx(20.0)


# The rules that are off until the user switches them on.


def heard(lines, end_s, settings=None, **how):
    """Return the engine after a dialogue, and its nudges."""
    engine = Engine(settings or Settings())
    return engine, shown(run(engine, *told(lines, end_s, **how)))


def moments(lines, end_s, settings=None, **how):
    engine, _ = heard(lines, end_s, settings, **how)
    return [(n.rule, n.at_ms / 1000) for n in engine.moments]


def alone(name):
    return dataclasses.replace(
        Settings(), rules=RuleSettings(**{rule: rule == name for rule in RULES}), call=CallSettings()
    )


@pytest.mark.parametrize(
    ("rule", "lines", "at"),
    [("order_taking", ORDER, 98.3), ("pressure", PUSH, 100.0), ("interruption", CUT_OFF, 110.0)],
)
def test_it_is_silent_until_it_is_switched_on_and_stands_in_the_report(rule, lines, at):
    engine, nudges = heard(lines, 125)
    assert nudges == []
    assert [(n.rule, n.at_ms / 1000) for n in engine.moments] == [(rule, at)]
    (moment,) = engine.moments
    assert moment.text
    assert moment.source
    assert moment.because
    assert "{" not in moment.reason
    engine, nudges = heard(lines, 125, alone(rule))
    assert [name for name, *_ in nudges] == [rule]
    assert engine.moments == ()


def test_the_order_is_taken_where_its_third_sentence_asks_nothing():
    ((_, due, at),) = shown(coached(ORDER, 125, alone("order_taking")))
    assert due == pytest.approx(104.7, abs=0.1)
    assert at == due  # the rep is silent, and so is the customer


def test_two_interruptions_are_a_lively_talk():
    assert moments(CUT_OFF[:4], 125) == []


def test_a_hint_at_the_next_step_comes_once_at_four_fifths_of_the_planned_time():
    settings = dataclasses.replace(alone("next_step"), manners=Manners(same_kind_s=10.0, cooldown_s=5.0))
    engine, nudges = heard(talk(CUSTOMER, 1, 1430) + talk(REP, 1450, 1700, pause_s=0.5), 1750, settings)
    assert [rule for rule, *_ in nudges] == ["next_step"]
    assert nudges[0][1] == pytest.approx(1440, abs=0.2)
    assert engine.moments == ()
    assert moments(talk(CUSTOMER, 1, 1430), 1500) == [("next_step", 1440.0)]


def test_a_hint_that_found_no_breath_may_come_later():
    settings = alone("next_step")
    call = [*talk(REP, 1430, 1460), (REP, 1461, 1480)]
    ((_, due, at),) = shown(coached(call, 1500, settings))
    assert due > 1445
    assert at == pytest.approx(1460.3, abs=0.2)


def test_a_next_step_that_was_named_needs_no_hint_and_takes_one_away():
    agreed = (REP, 700, 704, "Then Thursday at ten.", "next_step")
    assert shown(coached([agreed], 1500, alone("next_step"))) == []
    late = [(REP, 1442, 1443.5, "Then Thursday at ten.", "next_step")]
    commands = coached(late, 1500, alone("next_step"))
    assert hidden(commands) == [("next_step", 1444.2, "done")]


def test_a_next_step_that_is_named_in_the_last_minutes_leaves_no_moment():
    agreed = (REP, 1600, 1604, "Then Thursday at ten.", "next_step")
    assert moments([*talk(CUSTOMER, 1, 1430), agreed], 1700) == []


def test_a_call_that_nobody_planned_has_no_four_fifths():
    first, *rest = told(talk(CUSTOMER, 1, 1430), 1500)
    engine = Engine(alone("next_step"))
    assert run(engine, dataclasses.replace(first, planned_ms=0), *rest) == []
    assert engine.moments == ()


def test_the_rule_in_focus_speaks_without_its_switch():
    focused = dataclasses.replace(Settings(), call=CallSettings(focus="pressure"))
    assert [rule for rule, *_ in shown(coached(PUSH, 125, focused))] == ["pressure"]


# Moments: what was seen and not said.


def test_what_was_nudged_is_no_moment():
    assert moments(LONG_PITCH, 60) == []


def test_what_tact_held_back_is_a_moment():
    assert moments(pounces(30, 60), 100) == [("pounce", 60.0)]
    muted = dataclasses.replace(Settings(), manners=Manners(most=0))
    assert moments(LONG_PITCH, 60, muted) == [("pounce", 29.4)]


def test_one_pitch_is_one_moment_of_the_most_telling_rule():
    off = dataclasses.replace(Settings(), rules=RuleSettings(pounce=False, premature_pitch=False))
    assert moments(LONG_PITCH, 60, off) == [("pounce", 29.4)]


def test_what_is_not_looked_for_is_no_moment():
    settings = dataclasses.replace(Settings(), limits=TypeLimits(discovery=Limits(pressure=False)))
    assert moments(PUSH, 125, settings) == []


def test_how_long_and_how_much_are_figures_and_no_moments():
    off = dataclasses.replace(Settings(), rules=RuleSettings(monologue=False))
    assert moments([(CUSTOMER, 1, 100), *talk(REP, 101, 200)], 220, off) == []


def test_the_last_words_of_a_call_are_a_moment_too():
    assert moments([(REP, 100, 101, "Only today.", "pressure")], 101.8) == [("pressure", 100.0)]


def test_a_moment_has_the_words_that_the_user_chose():
    settings = dataclasses.replace(Settings(), wording=WordingSettings(pressure="Breathe first"))
    engine, _ = heard(PUSH, 125, settings)
    assert [n.text for n in engine.moments] == ["Breathe first"]


def test_in_another_language_it_tells_once_what_still_counts():
    engine = Engine(EVERYTHING)
    told_once = [c for e in told([], 60, language="de") for c in engine.handle(e) if isinstance(c, TellOnce)]
    assert [(c.at_ms, c.code) for c in told_once] == [(0, "language")]
    assert told_once[0].text == (
        "Coach reads cues in English only. Talk time, monologues, interruptions and pace still count."
    )
    assert "pace" not in coached([], 60, language="ja")[0].text
    assert coached([], 60) == []


def test_in_another_language_the_rules_by_voice_speak_and_the_others_cannot():
    said = [(CUSTOMER, 1, 3, "Guten Tag."), *talk(REP, 4, 400), (CUSTOMER, 402, 404, "Ja, gut.")]
    german = {rule for rule, _, _ in shown(coached(said, 1700, EVERYTHING, language="de"))}
    english = {rule for rule, _, _ in shown(coached(said, 1700, EVERYTHING))}
    assert german == {"monologue"}
    assert "next_step" in english, "four fifths of the planned time are gone, and nobody named one"


def test_in_another_language_no_question_is_built_from_words_that_were_not_understood():
    pains = (CUSTOMER, 1, 8, "We struggle with our spreadsheets every week.")
    said = [pains, *talk(REP, 20, 140)]
    (english,) = (c.nudge for c in coached(said, 160) if hasattr(c, "nudge"))
    (other,) = (c.nudge for c in coached(said, 160, language="nl") if hasattr(c, "nudge"))
    assert english.rule == other.rule == "monologue"
    assert other.suggestion == ""


def test_three_interruptions_in_another_language_are_three_interruptions():
    said = [
        part
        for at in (100, 130, 160)
        for part in ((CUSTOMER, at, at + 10, "Also, bei uns ist das so."), (REP, at + 9, at + 14, "Moment."))
    ]
    assert "interruption" in {rule for rule, _, _ in shown(coached(said, 200, EVERYTHING, language="de"))}


def test_a_rule_that_fails_is_left_out_and_the_others_are_looked_at(caplog):
    looked = []

    class Broken:
        name = "monologue"

        def find(self, moment, limits):
            raise ZeroDivisionError

    class Looking:
        name = "pounce"

        def find(self, moment, limits):
            looked.append(moment.now_ms)

    engine = Engine(Settings(), (Broken(), Looking()))
    for event in told([(REP, 0.2, 0.8)], 1.05):
        engine.handle(event)
    assert engine.failed == ["monologue"]
    assert len(looked) >= 10
    assert caplog.text.count("a rule failed") == 1

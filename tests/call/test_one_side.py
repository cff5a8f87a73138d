"""One microphone, nothing else: what is known of such a call, and what never is."""

from __future__ import annotations

import pytest
from playbook import CUSTOMER, REP, measured, talk, told

from coach.call.events import (
    CallEnded,
    CallStarted,
    ChannelBack,
    ChannelLost,
    ListeningPaused,
    ListeningResumed,
)
from coach.call.figures import ESTIMATED, MEASURED, NOT_AVAILABLE, alike, figures
from coach.call.meters import Meters

ALONE = (
    (REP, 0, 20, "Let me tell you who we are.", "pitch"),
    (REP, 22, 52, "How do you do that today?", "question.open"),
    (REP, 52.5, 56, "And who does it?", "question.open", "follow_up"),
    (REP, 60, 64, "What does it cost you?", "question.closed"),
    (REP, 90, 92, "I see."),
)
NEEDS_BOTH = {
    "talk_share",
    "longest_customer_story",
    "questions_stacked",
    "follow_up_rate",
    "layers",
    "listening_moves",
    "patience",
    "interruptions",
    "switch_rate",
    "pitch_onset",
    "premature_pitches",
    "pounces",
    "coverage",
    "first_five_minutes_share",
    "first_five_minutes_switch_rate",
    "bleed",
}


def of(lines, end_s, **how):
    return {f.name: f for f in figures(measured(lines, end_s, **how))}


def test_airtime_is_the_share_of_the_elapsed_time_in_which_the_rep_speaks() -> None:
    airtime = of(ALONE, 100, sides=(REP,))["airtime"]
    assert airtime.value == pytest.approx((20 + 30 + 3.5 + 4 + 2) / 100, abs=0.001)
    assert airtime.how == MEASURED


def test_time_without_a_microphone_is_no_silence() -> None:
    meters = Meters()
    events = told([(REP, 0, 20)], 100, sides=(REP,))
    events[-1:] = [
        ChannelLost(40_000, REP, "gone"),
        ChannelBack(60_000, REP),
        ChannelLost(90_000, REP, "gone"),
    ]
    for event in (*events, CallEnded(100_000)):
        meters.fold(event)
    assert next(f.value for f in figures(meters) if f.name == "airtime") == pytest.approx(20 / 70, abs=0.001)


def test_what_needs_both_is_not_available_and_never_zero() -> None:
    known = of(ALONE, 100, sides=(REP,))
    assert {f.name for f in known.values() if f.value is None} == NEEDS_BOTH
    assert all(f.how == NOT_AVAILABLE for f in known.values() if f.value is None)


def test_a_pause_of_a_second_and_a_half_ends_a_monologue_and_makes_it_an_estimate() -> None:
    known = of(ALONE, 100, sides=(REP,))
    assert known["longest_monologue"].value == pytest.approx(34)  # 22 to 56, the half second is no end
    assert known["longest_monologue"].how == ESTIMATED
    both = of(ALONE, 100)
    assert both["longest_monologue"].value == pytest.approx(56)  # 2 s of silence end nothing there
    assert both["longest_monologue"].how == MEASURED


def test_questions_are_counted_by_stretch_and_are_estimates() -> None:
    known = of(ALONE, 100, sides=(REP,))
    assert (known["questions"].value, known["questions"].how) == (2, ESTIMATED)
    assert known["questions_open"].how == MEASURED
    meters = measured(ALONE, 100, sides=(REP,))
    assert meters.asked_units == 2  # as the figure says, so says the meter


def test_a_run_by_pauses_is_set_against_no_call_with_two_sides() -> None:
    alone, both = measured(ALONE, 100, sides=(REP,)), measured(ALONE, 100)
    assert "longest_monologue" not in {f.name for f in alike(alone, figures(alone))}
    assert len(alike(both, figures(both))) == len(figures(both))


def test_airtime_so_far_leaves_out_what_was_paused() -> None:
    meters = Meters()
    assert meters.airtime() is None
    for event in told([(REP, 0, 30)], 60, sides=(REP,))[:-1]:
        meters.fold(event)
    meters.fold(ListeningPaused(60_000))
    meters.advance(120_000)
    assert meters.airtime() == pytest.approx(0.5)
    meters.fold(ListeningResumed(120_000))
    meters.advance(180_000)
    assert meters.airtime() == pytest.approx(0.25)


def test_pressure_after_a_pause_is_a_new_moment_though_nobody_was_heard_between() -> None:
    pushes = [(REP, 30, 33, "Only today.", "pressure"), (REP, 33.4, 36, "Really only today.", "pressure")]
    meters = measured([*pushes, (REP, 60, 63, "Last chance.", "pressure")], 70, sides=(REP,))
    assert (meters.moment().pressure.start_ms, meters.moment().pressure.heard) == (60_000, 3)
    assert measured(pushes, 40, sides=(REP,)).moment().pressure.start_ms == 30_000


def test_of_voices_that_nobody_can_tell_whose_they_are_nothing_is_known() -> None:
    known = of(ALONE, 100, sides=(REP,), mixed=True)
    assert all(f.value is None for f in known.values())
    assert measured(ALONE, 100, sides=(REP,), mixed=True).mixed
    assert not Meters().mixed


def test_a_customer_who_was_there_and_is_lost_makes_no_call_of_one_side() -> None:
    meters = Meters()
    meters.fold(CallStarted(0, "discovery", (REP, CUSTOMER)))
    meters.fold(ChannelLost(10, CUSTOMER, "gone"))
    assert (meters.alone, meters.two_sides) == (False, False)
    assert meters.airtime() == 0.0


def test_a_monologue_of_somebody_who_takes_breath_is_still_one() -> None:
    assert of(talk(REP, 0, 90), 100, sides=(REP,))["longest_monologue"].value == pytest.approx(90)

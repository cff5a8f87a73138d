"""A class before a call, as a dialogue: it plays to a moment, somebody presses a key, and this holds."""

from __future__ import annotations

import pytest
from classroom import CHAPTERS, LISTENED, lesson, noticed, nudge, take

from coach.nudges.rules import CATALOGUE
from coach.report.guesses import Guess, judged
from coach.report.lesson import CHOICES, LEAD_MS, TOLD_MS, Performance, condition

POUNCE, MONOLOGUE = CHOICES.index("pounce"), CHOICES.index("monologue")


def two() -> Performance:
    sold = take(nudges=[nudge(24)], name="Sells", chapters=CHAPTERS)
    listened = take(LISTENED, 70, nudges=[nudge(40, "monologue")], name="Listens")
    return Performance(lesson(sold, listened))


# As it plays.


def test_it_plays_on_and_a_nudge_comes_and_goes():
    show = Performance(lesson())
    assert show.played(23_900) is None
    assert show.nudge() is None
    assert show.played(24_010) is None
    assert show.nudge() == nudge(24)
    assert show.played(30_100) is None
    assert show.nudge() is None


def test_it_ends_at_its_end():
    show = Performance(lesson())
    assert show.played(60_500) == 60_000
    assert show.at_ms == 60_000


def test_it_stops_at_a_nudge_where_that_is_wished_and_goes_on_from_there():
    show = Performance(lesson())
    show.turn("stops")
    assert show.played(24_070) == 24_000
    assert show.nudge() is not None
    show.going_on()
    assert show.played(24_100) is None
    assert show.played(50_040) == 50_000


def test_the_place_never_goes_back_while_it_plays():
    show = Performance(lesson())
    show.played(10_000)
    show.played(9_950)
    assert show.at_ms == 10_000


# As somebody jumps.


def test_to_the_next_nudge_and_the_one_before():
    show = Performance(lesson())
    assert [show.to_nudge(forward=True) for _ in range(3)] == [24_000, 50_000, None]
    assert show.to_nudge(forward=False) == 24_000
    assert show.to_nudge(forward=False) is None


def test_back_soon_after_a_nudge_is_the_one_before_it():
    show = Performance(lesson())
    show.seek(51_000)
    assert show.to_nudge(forward=False) == 24_000
    show.seek(55_000)
    assert show.to_nudge(forward=False) == 50_000


def test_to_chapters():
    show = Performance(lesson())
    assert [show.to_chapter(forward=True) for _ in range(3)] == [13_000, 56_000, None]
    assert [show.to_chapter(forward=False) for _ in range(3)] == [13_000, 0, None]


def test_steps_stay_inside_the_call():
    show = Performance(lesson())
    assert show.step(-5000) == 0
    show.seek(58_000)
    assert show.step(5000) == 60_000


def test_a_card_that_was_waved_away_is_gone_until_somebody_jumps():
    show = Performance(lesson())
    show.seek(24_000)
    show.wave_away(0)
    show.wave_away(0)
    assert show.nudge() is None
    assert show.played(25_000) is None
    assert show.nudge() is None
    show.seek(24_000)
    assert show.nudge() is not None


# Two takes.


def test_another_take_is_heard_from_its_beginning_and_a_third_is_none():
    show = two()
    show.seek(20_000)
    assert show.hear(1)
    assert (show.take.name, show.at_ms, show.on_stage) == ("Listens", 0, (1,))
    assert not show.hear(2)
    assert not show.hear(-1)


def test_beside_each_other_they_share_one_axis_and_one_place():
    show = two()
    show.seek(30_000)
    show.show_both(both=True)
    assert (show.on_stage, show.end_ms, show.at_ms) == ((0, 1), 70_000, 30_000)
    show.hear(1)
    assert show.at_ms == 30_000
    assert show.to_nudge(forward=True) == 40_000
    assert (show.nudge(0), show.nudge(1).rule) == (None, "monologue")
    assert show.to_nudge(forward=False) == 24_000


def test_stops_at_the_nudges_of_both():
    show = two()
    show.show_both(both=True)
    show.turn("stops")
    assert [show.played(24_010), show.played(40_010)] == [24_000, 40_000]


def test_one_take_has_nothing_beside_it():
    show = Performance(lesson())
    show.show_both(both=True)
    assert not show.both


def test_back_to_one_take_the_place_lies_within_it():
    show = two()
    show.show_both(both=True)
    show.seek(68_000)
    show.show_both(both=False)
    assert show.at_ms == 60_000


# Why, speed.


def test_why_is_about_the_last_nudge_that_came():
    show = Performance(lesson())
    assert show.explained() is None
    show.seek(40_000)
    assert show.explained() == nudge(24)


def test_every_rule_has_its_condition_in_words():
    assert all(condition(rule.name) == rule.what for rule in CATALOGUE)
    assert condition("of a newer coach") == ""


def test_speed_has_an_end_on_both_sides():
    show = Performance(lesson())
    assert [show.faster(1) for _ in range(4)] == [1.25, 1.5, 2.0, 2.0]
    assert [show.faster(-1) for _ in range(5)] == [1.5, 1.25, 1.0, 0.75, 0.75]


# Predict the nudge.


def guessing() -> Performance:
    show = Performance(lesson(), before_ms=4000)
    show.guess_on(on=True)
    return show


def test_the_room_is_asked_before_the_nudge_and_told_after_it():
    show = guessing()
    assert show.played(20_020) == 20_000
    assert show.asked
    assert show.choose(POUNCE)
    assert not show.asked
    assert show.played(23_990) is None
    assert show.outcome is None
    show.played(24_010)
    assert (show.outcome.kind, show.outcome.nudge) == ("hit", nudge(24))
    show.played(24_010 + TOLD_MS + 1)
    assert show.outcome is None


def test_the_right_moment_with_another_rule_is_near():
    show = guessing()
    show.played(20_020)
    show.choose(MONOLOGUE)
    show.played(24_010)
    assert show.outcome.kind == "near"


def test_nothing_that_is_to_be_guessed_shows_on_the_lanes():
    show = guessing()
    assert "nudge" not in {m.kind for m in show.timeline(0).marks}
    show.seek(24_000)
    assert [m.kind for m in show.timeline(0).marks].count("nudge") == 1
    show.guess_on(on=False)
    assert [m.kind for m in show.timeline(0).marks].count("nudge") == 2


def test_whoever_would_speak_asks_the_room_at_once():
    show = guessing()
    show.played(8_000)
    assert show.ask()
    show.choose(POUNCE)
    show.going_on()
    assert show.played(20_010) == 20_000
    show.going_on()
    show.played(24_010)
    assert show.outcome.kind == "early"
    assert show.outcome.ahead_s == 16.0


def test_a_question_that_is_passed_over_is_let_go():
    show = guessing()
    show.played(20_020)
    show.going_on()
    assert not show.choose(POUNCE)
    show.played(24_100)
    assert show.outcome is None


def test_there_is_nothing_to_choose_before_the_room_is_asked_nor_a_tenth_choice():
    show = guessing()
    assert not show.choose(0)
    show.ask()
    assert not show.choose(len(CHOICES))
    assert show.asked


def test_who_does_not_guess_cannot_be_asked():
    assert not Performance(lesson()).ask()


def test_the_next_nudge_to_guess_is_gone_to_from_far_enough_before():
    show = guessing()
    assert show.to_nudge(forward=True) == 24_000 - 4000 - LEAD_MS
    assert show.played(20_010) == 20_000


def test_a_jump_lets_a_guess_go():
    show = guessing()
    show.played(20_020)
    show.choose(POUNCE)
    show.seek(23_000)
    show.played(24_010)
    assert show.outcome is None


def test_nothing_of_a_guess_is_left_when_guessing_ends():
    show = guessing()
    show.played(20_020)
    show.choose(POUNCE)
    show.guess_on(on=False)
    assert (show.guess, show.outcome, show.asked) == (None, None, False)


@pytest.mark.parametrize(
    ("at_s", "rule", "now_s", "kind"),
    [
        (14.5, "pounce", 24, "hit"),
        (13.9, "pounce", 24, "early"),
        (14.5, "monologue", 24, "near"),
        (13.9, "monologue", 24, "near"),
        (20, "pounce", 23.9, None),
        (31, "pressure", 50, None),
        (31, "pressure", 60, "near"),
        (25, "interruption", 40, None),
        (25, "interruption", 55, "quiet"),
        (51, "pounce", 55, None),
        (51, "pounce", 60, "quiet"),
    ],
)
def test_a_guess_is_judged_kindly(at_s: float, rule: str, now_s: float, kind: str | None):
    call = take(nudges=[nudge(24)], moments=[noticed(32)])
    outcome = judged(Guess(round(1000 * at_s), rule), call, round(1000 * now_s))
    assert (outcome.kind if outcome else None) == kind


def test_what_was_noticed_and_not_said_is_told():
    call = take(moments=[noticed(32)])
    assert judged(Guess(30_000, "pressure"), call, 60_000).noticed == noticed(32)

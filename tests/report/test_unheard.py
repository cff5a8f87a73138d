"""What is missing from a call is said, with its place, and nothing is said where nothing is."""

from __future__ import annotations

import pytest
from playbook import CUSTOMER, REP, told

from coach.call.events import NO_SOUND, ChannelBack, ChannelLost, Missed, SentenceHeard, TroubleNoticed
from coach.call.meters import Meters
from coach.report import unheard

TALK = [(REP, 1, 5, "Hello there."), (CUSTOMER, 8, 20, "It hurts."), (REP, 22, 40, "Our tool.")]


def folded(*more):
    meters = Meters()
    for event in sorted([*told(TALK, 60), *more], key=lambda e: e.at_ms):
        meters.fold(event)
    return meters


def test_a_call_that_was_heard_has_nothing_to_tell():
    assert unheard.told(folded()) == ""


def test_a_side_that_was_not_heard_for_a_while_is_told_with_its_place():
    meters = folded(ChannelLost(30_000, CUSTOMER, "Gone.", 25_000), ChannelBack(40_000, CUSTOMER))
    assert unheard.told(meters) == (
        "The customer could not be heard for 15 s (at 0:25); what was said then is not in the figures."
    )


def test_a_side_that_was_never_heard_is_another_kind_of_call():
    meters = folded(ChannelLost(0, CUSTOMER, "Busy.", 0))
    assert unheard.told(meters) == ""


def test_gaps_that_touch_are_one_and_several_are_counted():
    meters = folded()
    meters.lost += [(REP, 10_000, 12_000), (REP, 30_000, 31_000), (REP, 12_000, 13_000)]
    assert unheard.told(meters).startswith("You could not be heard for 4 s (2 times, first at 0:10);")


def test_less_than_a_second_is_not_told():
    assert unheard.told(folded(ChannelLost(10_500, REP, "Deaf.", 10_000), ChannelBack(10_600, REP))) == ""
    assert unheard.told(folded(Missed(10_500, REP, 10_000, 10_400))) == ""


def test_words_that_are_missing_are_told():
    meters = folded(Missed(41_000, REP, 22_000, 40_000), Missed(21_000, CUSTOMER, 8_000, 20_000))
    assert unheard.told(meters) == (
        "The words of 30 s of speech are missing (2 times, first at 0:08); questions and the like are counted in the"
        " rest."
    )


def test_where_no_words_were_written_at_all_the_figures_say_so_already():
    meters = Meters()
    for event in told(TALK, 60):
        if not isinstance(event, SentenceHeard):
            meters.fold(event)
    meters.missed.append(Missed(41_000, REP, 22_000, 40_000))
    assert unheard.told(meters) == ""


@pytest.mark.parametrize(("many", "said"), [(1, "In one sentence"), (3, "In 3 sentences")])
def test_sentences_that_were_not_read_are_told(many, said):
    missed = [Missed(41_000 + n, REP, 22_000, 40_000, "cues") for n in range(many)]
    assert unheard.told(folded(*missed)).startswith(f"{said} questions, needs and the like could not")


def test_sound_that_ended_before_the_call_is_told_by_its_first_fault():
    meters = folded(
        TroubleNoticed(21_000, NO_SOUND, "Full."), TroubleNoticed(30_000, NO_SOUND, "Full again.")
    )
    assert unheard.told(meters) == "The sound of this call is kept only up to 0:21."

"""What was not heard, or heard and not known, is told and not counted as nothing."""

from __future__ import annotations

import pytest
from playbook import CUSTOMER, REP, told

from coach.call import gaps
from coach.call.events import ChannelBack, ChannelLost, Missed
from coach.call.meters import Meters

TALK = [(REP, 1, 5, "Hello there."), (CUSTOMER, 8, 20, "It hurts."), (REP, 22, 40, "Our tool.")]


def folded(*more):
    meters = Meters()
    for event in sorted([*told(TALK, 60), *more], key=lambda e: e.at_ms):
        meters.fold(event)
    return meters


def test_a_side_that_was_not_heard_for_a_while_is_told_with_its_place():
    meters = folded(ChannelLost(30_000, CUSTOMER, "Gone.", 25_000), ChannelBack(40_000, CUSTOMER))
    assert gaps.unheard(meters, CUSTOMER) == ((25_000, 40_000),)
    assert gaps.unheard(meters, REP) == ()


def test_a_side_that_never_came_back_is_missing_up_to_the_end():
    assert gaps.unheard(folded(ChannelLost(30_000, REP, "Gone.")), REP) == ((30_000, 60_000),)


def test_a_call_that_goes_on_is_missing_up_to_now():
    meters = Meters()
    for event in [*told(TALK, 60)[:-1], ChannelLost(50_000, REP, "Gone.", 45_000)]:
        meters.fold(event)
    meters.advance(55_000)
    assert gaps.unheard(meters, REP) == ((45_000, 55_000),)


def test_a_side_that_was_never_heard_is_another_kind_of_call():
    meters = folded(ChannelLost(0, CUSTOMER, "Busy.", 0))
    assert gaps.unheard(meters, CUSTOMER) == ()


def test_gaps_that_touch_are_one_and_several_are_counted():
    meters = folded()
    meters.lost += [(REP, 10_000, 12_000), (REP, 30_000, 31_000), (REP, 12_000, 13_000)]
    assert gaps.unheard(meters, REP) == ((10_000, 13_000), (30_000, 31_000))


def test_words_that_are_missing_are_told():
    meters = folded(Missed(41_000, REP, 22_000, 40_000), Missed(21_000, CUSTOMER, 8_000, 20_000))
    assert gaps.unwritten(meters, REP) == ((22_000, 40_000),)


@pytest.mark.parametrize(("many", "said"), [(1, "In one sentence"), (3, "In 3 sentences")])
def test_sentences_that_were_not_read_are_told(many, said):
    missed = [Missed(41_000 + n, REP, 22_000, 40_000, "cues") for n in range(many)]
    assert gaps.unwritten(folded(*missed), REP) == ()


def test_nobody_says_how_long_ago_a_question_was_that_nobody_could_have_heard():
    calm = folded().moment().question_gap_ms
    assert folded(Missed(41_000, CUSTOMER, 8_000, 20_000)).moment().question_gap_ms == calm > 0
    assert folded(Missed(41_000, REP, 22_000, 40_000)).moment().question_gap_ms == 0


def test_stretches_are_as_long_as_they_are_together():
    assert gaps.total(gaps.merged([(5, 9), (1, 3), (3, 4)])) == 7

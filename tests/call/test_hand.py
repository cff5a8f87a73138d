"""What was put right by hand: the machine's own events stay, figures follow the corrected ones."""

from __future__ import annotations

import pytest

from coach.call.events import (
    CallEnded,
    CallStarted,
    SentenceHeard,
    TimePassed,
    VoiceStarted,
    VoiceStopped,
    Who,
)
from coach.call.figures import figures
from coach.call.hand import Correction, Hand, Note, corrected, turned
from coach.call.meters import Meters

BOTH = (Who.REP, Who.CUSTOMER)
CALL = (
    CallStarted(0, "discovery", BOTH),
    VoiceStarted(1_120, Who.REP, 1_000),
    VoiceStopped(11_100, Who.REP, 11_000),
    SentenceHeard(11_400, Who.REP, 1_000, 6_000, "We sell lifts.", ("pitch",), (("pitch", 0.9),)),
    SentenceHeard(11_400, Who.REP, 6_000, 11_000, "Ours is late again.", ("story",)),
    VoiceStarted(12_120, Who.CUSTOMER, 12_000),
    VoiceStopped(16_100, Who.CUSTOMER, 16_000),
    SentenceHeard(16_400, Who.CUSTOMER, 12_000, 16_000, "Two weeks, every time.", ("need",)),
    TimePassed(20_000),
    CallEnded(20_000),
)


def share(events) -> float | None:
    meters = Meters()
    for event in events:
        meters.fold(event)
    return next(f.value for f in figures(meters) if f.name == "talk_share")


def voice(events, who: Who) -> list[tuple[int, int | None]]:
    spans: list[tuple[int, int | None]] = []
    for e in events:
        if isinstance(e, VoiceStarted) and e.who is who:
            spans.append((e.since_ms, None))
        elif isinstance(e, VoiceStopped) and e.who is who:
            spans[-1] = (spans[-1][0], e.since_ms)
    return spans


def test_a_call_that_nobody_put_right_is_the_machines_own() -> None:
    assert corrected(CALL, {}) == CALL


def test_what_was_said_and_its_cues_can_be_put_right() -> None:
    hand = Hand().put_right(Correction(Who.REP, 1_000, text="We mend lifts.", cues=("story",)))
    said = next(e for e in corrected(CALL, hand.corrections) if isinstance(e, SentenceHeard))
    assert (said.text, said.cues, said.who) == ("We mend lifts.", ("story",), Who.REP)


def test_a_sentence_of_the_other_side_takes_its_voice_along_and_loses_the_cues_read_for_the_wrong_one() -> (
    None
):
    assert share(CALL) == pytest.approx(10 / 14, abs=0.001)
    put = corrected(CALL, Hand().put_right(Correction(Who.REP, 6_000, speaker=Who.CUSTOMER)).corrections)
    assert share(put) == pytest.approx(5 / 15, abs=0.001), "the second between their two sentences is theirs"
    moved = next(e for e in put if isinstance(e, SentenceHeard) and e.start_ms == 6_000)
    assert (moved.who, moved.cues) == (Who.CUSTOMER, ())
    assert [e.at_ms for e in put] == sorted(e.at_ms for e in put)
    assert isinstance(put[0], CallStarted)
    assert isinstance(put[-1], CallEnded)


def test_the_middle_of_a_long_breath_can_be_the_others() -> None:
    long = (
        CALL[0],
        VoiceStarted(1_120, Who.REP, 1_000),
        SentenceHeard(5_400, Who.REP, 3_000, 5_000, "Hm.", ("backchannel",)),
        VoiceStopped(9_100, Who.REP, 9_000),
        CallEnded(10_000),
    )
    put = corrected(long, {(Who.REP, 3_000): Correction(Who.REP, 3_000, speaker=Who.CUSTOMER)})
    assert voice(put, Who.REP) == [(1_000, 3_000), (5_000, 9_000)]
    assert voice(put, Who.CUSTOMER) == [(3_000, 5_000)]
    assert next(e for e in put if isinstance(e, SentenceHeard)).cues == ("backchannel",)


def test_voice_that_has_not_ended_yet_can_be_split_too() -> None:
    cut_short = (
        CALL[0],
        VoiceStopped(90, Who.REP, 80),
        VoiceStarted(220, Who.REP, 100),
        VoiceStopped(500, Who.REP, 400),
        VoiceStarted(1_120, Who.REP, 1_000),
        SentenceHeard(5_400, Who.REP, 1_000, 5_000, "Late again."),
        VoiceStarted(7_000, Who.CUSTOMER, 6_900),
        VoiceStopped(7_500, Who.CUSTOMER, 7_400),
    )
    put = corrected(cut_short, {(Who.REP, 1_000): Correction(Who.REP, 1_000, speaker=Who.CUSTOMER)})
    assert voice(put, Who.REP) == [(100, 400), (5_000, None)]
    assert voice(put, Who.CUSTOMER) == [(1_000, 5_000), (6_900, 7_400)]


def test_a_correction_of_a_sentence_that_is_not_there_does_nothing() -> None:
    nowhere = Correction(Who.REP, 77, speaker=Who.CUSTOMER)
    assert corrected(CALL, {nowhere.key: nowhere}) == CALL


def test_an_empty_note_and_an_empty_correction_take_back_what_stood_there() -> None:
    hand = (
        Hand()
        .noted(Note(5_000, "Here."))
        .noted(Note(1_000, "First."))
        .put_right(Correction(Who.REP, 1, text="a"))
    )
    assert [n.text for n in hand.notes.values()] == ["First.", "Here."]
    hand = hand.noted(Note(5_000, "")).put_right(Correction(Who.REP, 1))
    assert [n.text for n in hand.notes.values()] == ["First."]
    assert not hand.corrections


def test_corrections_stay_what_a_person_meant_when_the_sides_are_turned_round() -> None:
    mine, theirs = Who.REP, Who.CUSTOMER
    hand = Hand()
    for c in (
        Correction(mine, 1, text="words", cues=("pitch",)),
        Correction(mine, 2, speaker=theirs, cues=("need",)),
        Correction(theirs, 3, speaker=mine),
        Correction(mine, 4, speaker=mine, cues=("pitch",)),
        Correction(mine, 5, speaker=theirs),
    ):
        hand = hand.put_right(c)
    for c in turned(tuple(hand.corrections.values())):
        hand = hand.put_right(c)
    assert set(hand.corrections.values()) == {
        Correction(theirs, 1, text="words"),  # its cues were read of the other side
        Correction(theirs, 2, cues=("need",)),  # it is on the side that it was given to
        Correction(theirs, 4, speaker=mine, cues=("pitch",)),
    }

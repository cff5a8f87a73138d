"""Voice into segments, turns and back-channels: who holds the floor."""

from __future__ import annotations

from playbook import CUSTOMER, REP, measured


def turns(lines, end_s, **how):
    meters = measured(lines, end_s, **how)
    return [(t.who.value, t.start_ms / 1000, t.end_ms / 1000) for t in meters.floor.turns]


def test_two_people_take_turns():
    assert turns([(REP, 1, 4), (CUSTOMER, 4.5, 9), (REP, 9.2, 12)], 15) == [
        ("rep", 1, 4),
        ("customer", 4.5, 9),
        ("rep", 9.2, 12),
    ]


def test_a_gap_under_a_third_of_a_second_is_no_gap():
    meters = measured([(REP, 1, 4), (REP, 4.25, 6)], 8)
    assert [(s.start_ms, s.end_ms) for s in meters.floor.segments[REP]] == [(1000, 6000)]


def test_a_pause_is_not_the_end_of_a_turn_but_a_long_silence_is():
    assert turns([(REP, 1, 4), (REP, 5.4, 6), (REP, 8, 9)], 12) == [("rep", 1, 6), ("rep", 8, 9)]


def test_a_pause_inside_a_turn_is_talked_through_and_one_between_turns_is_nobodys():
    floor = measured([(REP, 1, 4), (REP, 5, 6), (CUSTOMER, 6.5, 9), (REP, 10, 12)], 15).floor
    assert floor.spoken_ms(REP, 0, 15_000, 15_000) == 6000
    assert floor.held_ms(REP, 0, 15_000, 15_000) == 7000
    assert floor.held_ms(CUSTOMER, 0, 15_000, 15_000) == 2500


def test_a_moment_may_fall_into_a_pause():
    floor = measured([(REP, 1, 4), (REP, 5, 6), (REP, 7, 8), (CUSTOMER, 8.5, 9)], 12).floor
    assert floor.held_ms(REP, 4400, 12_000, 12_000) == 3600
    assert floor.held_ms(REP, 0, 4400, 12_000) == 3400
    assert floor.held_ms(REP, 4400, 6500, 12_000) == 2100
    assert floor.held_since(REP, 6500, 12_000) == floor.held_ms(REP, 6500, 12_000, 12_000) == 1500


def test_mm_hm_takes_no_floor():
    lines = [(CUSTOMER, 1, 9), (REP, 5, 5.6, "Mm-hm.", "backchannel"), (CUSTOMER, 9.4, 14)]
    assert turns(lines, 20) == [("customer", 1, 14)]


def test_a_murmur_that_was_misheard_takes_no_floor_while_the_other_speaks_on():
    misheard = [(REP, 1, 20), (CUSTOMER, 8, 8.6, "Mama?"), (REP, 20.4, 25)]
    assert turns(misheard, 30) == [("rep", 1, 25)]
    meant = [(REP, 1, 20), (CUSTOMER, 8, 8.9, "No that is wrong."), (REP, 20.4, 25)]
    assert ("customer", 8, 8.9) in turns(meant, 30)
    into_a_gap = [(REP, 1, 8), (CUSTOMER, 8.2, 8.8, "Forty."), (REP, 9.4, 25)]
    assert ("customer", 8.2, 8.8) in turns(into_a_gap, 30)


def test_a_short_answer_is_a_turn_when_its_words_say_so():
    lines = [
        (REP, 1, 3, "How many?"),
        (CUSTOMER, 3.5, 4.2, "Nearly forty."),
        (REP, 5, 8, "I see, and why is that?"),
    ]
    assert turns(lines, 12) == [("rep", 1, 3), ("customer", 3.5, 4.2), ("rep", 5, 8)]


def test_without_words_a_short_sound_is_a_backchannel():
    lines = [(REP, 1, 3), (CUSTOMER, 3.5, 4.2), (REP, 5, 8)]
    assert turns(lines, 12) == [("rep", 1, 3), ("rep", 5, 8)]


def test_a_drawn_out_okay_is_still_a_backchannel_but_a_long_one_is_not():
    okay = [(REP, 1, 9), (CUSTOMER, 4, 5.3, "Okay.", "backchannel"), (REP, 9.2, 12)]
    assert turns(okay, 20) == [("rep", 1, 12)]
    drawl = [(REP, 1, 9), (CUSTOMER, 4, 5.8, "Okay.", "backchannel"), (REP, 9.2, 12)]
    assert ("customer", 4, 5.8) in turns(drawl, 20)


def test_the_first_sound_of_a_call_opens_a_turn_however_short():
    assert turns([(CUSTOMER, 1, 1.5, "Yes.", "backchannel"), (REP, 2, 5)], 8)[0] == ("customer", 1, 1.5)


def test_a_turn_grows_while_its_voice_goes_on():
    from coach.call.events import CallStarted, VoiceStarted
    from coach.call.meters import Meters

    meters = Meters()
    meters.fold(CallStarted(0, "discovery", (REP, CUSTOMER)))
    meters.fold(VoiceStarted(1100, REP, 1000))
    meters.advance(5000)
    assert meters.floor.turns[-1].end_ms == 5000
    assert meters.floor.voice_end_ms(REP, 5000) == 5000
    assert meters.floor.voice_end_ms(CUSTOMER, 5000) is None
    assert meters.floor.quiet_ms(REP, 5000) == 0


def test_a_stop_that_was_never_started_changes_nothing():
    from coach.call.turns import Floor

    floor = Floor((REP,))
    floor.voice_stopped(REP, 500)
    assert floor.last(REP) is None
    assert floor.quiet_ms(REP, 900) == 400


def test_words_settle_only_the_segments_they_lie_on():
    lines = [
        (REP, 1, 3, "Right."),
        (CUSTOMER, 3.5, 4.2),
        (CUSTOMER, 6, 6.6, "Well, no, not at all."),
        (REP, 8, 12),
    ]
    assert turns(lines, 16) == [("rep", 1, 3), ("customer", 6, 6.6), ("rep", 8, 12)]

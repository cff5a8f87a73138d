"""The live meters: monologue, rolling share, questions, needs and pitches as a call goes on."""

from __future__ import annotations

import pytest
from drawn import drawn_call
from playbook import CUSTOMER, REP, measured, talk, told

from coach.call.events import (
    BLEED,
    NO_SOUND,
    CallEnded,
    CallStarted,
    ChannelBack,
    ChannelLost,
    DeviceHeard,
    ListeningPaused,
    ListeningResumed,
    NotNowAsked,
    NudgeDismissed,
    NudgeUnhelpful,
    TimePassed,
    TroubleNoticed,
    TroubleOver,
    VoiceStarted,
    VoiceStopped,
    Who,
)
from coach.call.meters import Meters
from coach.call.turns import interruptions


def runs(lines, end_s, **how):
    return [(r.start_ms / 1000, r.end_ms / 1000) for r in measured(lines, end_s, **how).runs]


def test_a_monologue_runs_through_short_pauses():
    assert runs([(REP, 1, 20), (REP, 22, 40)], 45) == [(1, 40)]


def test_three_seconds_of_silence_end_a_monologue():
    assert runs([(REP, 1, 20), (REP, 23.5, 40)], 45) == [(1, 20), (23.5, 40)]


def test_with_the_microphone_alone_a_pause_of_a_second_and_a_half_ends_it():
    lines = [(REP, 1, 20), (REP, 21, 30), (REP, 32, 40)]
    assert runs(lines, 45, sides=(REP,)) == [(1, 30), (32, 40)]


def test_a_real_turn_of_the_customer_ends_a_monologue():
    assert runs([(REP, 1, 20), (CUSTOMER, 20.5, 23), (REP, 23.5, 40)], 45) == [(1, 20), (23.5, 40)]


def test_mm_hm_does_not_end_a_monologue():
    lines = [(REP, 1, 20), (CUSTOMER, 10, 10.8, "Mm-hm.", "backchannel"), (REP, 20.2, 40)]
    assert runs(lines, 45) == [(1, 40)]


def test_an_okay_that_was_taken_for_a_turn_gives_the_run_back():
    lines = [(REP, 1, 40), (CUSTOMER, 10, 11.3, "Okay.", "backchannel")]
    assert runs(lines, 45) == [(1, 40)]


def test_a_customer_who_speaks_over_the_rep_ends_the_run_and_it_starts_after_them():
    found = runs([(REP, 1, 40), (CUSTOMER, 10, 13, "Sorry, can I ask something?")], 45)
    assert found[-1] == (13, 40)


def test_cutting_in_starts_the_run_at_the_cut():
    assert runs([(CUSTOMER, 1, 10), (REP, 9, 30)], 35)[-1] == (9, 30)


def test_mm_hm_in_a_story_is_no_monologue_of_the_rep():
    found = runs([(CUSTOMER, 1, 30), (REP, 10, 10.6, "Mm-hm.", "backchannel"), (REP, 31, 50)], 55)
    assert found[-1] == (31, 50)


def test_the_rolling_share_needs_a_minute_of_speech():
    assert measured([(REP, 1, 40), (CUSTOMER, 41, 55)], 56).rolling_share() is None
    share = measured([*talk(REP, 1, 50), *talk(CUSTOMER, 51, 70)], 71).rolling_share()
    assert share == pytest.approx(0.72, abs=0.02)


def test_what_was_said_over_three_minutes_ago_leaves_the_rolling_share():
    lines = [*talk(REP, 1, 100), *talk(CUSTOMER, 101, 290)]
    assert measured(lines, 291).rolling_share() == 0.0


def test_a_microphone_alone_has_no_share():
    assert measured(talk(REP, 1, 100), 101, sides=(REP,)).rolling_share() is None


def test_several_questions_in_one_turn_are_one_unit():
    lines = [
        (REP, 1, 3, "How do you do it?", "question.open"),
        (REP, 3.2, 5, "And who does it?", "question.closed"),
        (CUSTOMER, 6, 10, "By hand, all of us.", "need"),
        (REP, 11, 13, "Why by hand?", "question.open"),
    ]
    meters = measured(lines, 15)
    assert meters.asked_units == 2
    assert meters.needs == 1


def test_time_since_the_last_question_runs_only_while_someone_speaks():
    lines = [(REP, 1, 3, "How do you do it?", "question.open"), (CUSTOMER, 10, 30), (REP, 40, 45)]
    assert measured(lines, 60).moment().question_gap_ms == pytest.approx(25_000, abs=800)


def test_a_pitch_knows_what_stood_before_it():
    lines = [
        (REP, 1, 3, "How do you do it?", "question.open"),
        (CUSTOMER, 4, 8, "By hand, and it hurts.", "need"),
        (REP, 8.3, 11, "Our tool does that for you.", "pitch"),
    ]
    (pitch,) = measured(lines, 15).pitches
    assert (pitch.needs, pitch.questions, pitch.pounced, pitch.invited) == (1, 1, True, False)


@pytest.mark.parametrize(
    "between",
    [
        (REP, 8.3, 9.5, "What does that cost you?", "question.open"),
        (REP, 8.3, 9.5, "That sounds hard.", "reflection.label"),
        (REP, 8.3, 9.5, "Thank you for saying so.", "acknowledge"),
        (REP, 8.3, 9.5, "May I show you something?", "question.permission"),
        (
            REP,
            8.3,
            9.5,
            "We had rain here the whole week.",
        ),
    ],
)
def test_anything_between_need_and_pitch_softens_the_pounce(between):
    lines = [(CUSTOMER, 4, 8, "It hurts.", "need"), between, (REP, 9.8, 12, "Our tool does that.", "pitch")]
    assert not measured(lines, 15).pounces


def test_a_lead_in_of_a_few_words_does_not_soften_it():
    lines = [
        (CUSTOMER, 4, 8, "It hurts.", "need"),
        (REP, 8.2, 8.6, "Mm.", "backchannel"),
        (REP, 8.8, 9.4, "Oh, sure."),
        (REP, 9.6, 12, "Our tool does that.", "pitch"),
    ]
    assert len(measured(lines, 15).pounces) == 1


def test_a_need_early_in_their_turn_still_counts_and_mm_hm_of_theirs_changes_nothing():
    lines = [
        (CUSTOMER, 4, 6, "It hurts.", "need"),
        (CUSTOMER, 6.3, 8, "Anyway, it is what it is."),
        (REP, 8.5, 12, "Our tool does that.", "pitch"),
        (CUSTOMER, 9, 9.5, "Mm.", "backchannel"),
    ]
    assert len(measured(lines, 15).pounces) == 1


def test_what_may_be_a_need_is_pounced_on_and_counts_before_a_pitch():
    lines = [
        (CUSTOMER, 1, 4, "The till was down again.", "need.perhaps"),
        (REP, 4.3, 7, "Our till never is.", "pitch"),
    ]
    meters = measured(lines, 12)
    assert [p.need_end_ms for p in meters.pounces] == [4000]
    assert meters.needs == 1


def test_a_need_that_was_passed_by_is_no_longer_pounced_on():
    lines = [
        (CUSTOMER, 4, 6, "It hurts.", "need"),
        (REP, 6.5, 7, "Oh dear me."),
        (CUSTOMER, 8, 11, "And so we bought a bigger lorry."),
        (REP, 11.5, 14, "Our tool does that.", "pitch"),
    ]
    assert not measured(lines, 16).pounces


def test_a_lost_side_takes_the_share_away_until_it_is_back():
    meters = Meters()
    for event in (
        CallStarted(0, "discovery", (REP, CUSTOMER)),
        VoiceStarted(100, CUSTOMER, 0),
        ChannelLost(5000, CUSTOMER, "unplugged"),
    ):
        meters.fold(event)
    assert not meters.two_sides
    meters.fold(ChannelBack(9000, CUSTOMER))
    meters.fold(DeviceHeard(9000, CUSTOMER, "Headset", "usb", gap_ms=4000))
    assert meters.two_sides
    assert meters.lost == [(CUSTOMER, 5000, 9000)]
    assert meters.floor.spoken_ms(CUSTOMER, 0, 9000, 9000) == 5000


def test_a_side_is_lost_since_its_last_sound_and_not_since_somebody_noticed():
    meters = Meters()
    for event in (
        CallStarted(0, "discovery", (REP, CUSTOMER)),
        VoiceStarted(100, CUSTOMER, 0),
        ChannelLost(6500, CUSTOMER, "unplugged", since_ms=5000),
    ):
        meters.fold(event)
    assert meters.lost == [(CUSTOMER, 5000, None)]
    assert meters.floor.spoken_ms(CUSTOMER, 0, 9000, 9000) == 5000


def test_a_pause_is_silence_and_is_left_out_of_the_length():
    meters = Meters()
    for event in (
        CallStarted(0, "discovery", (REP, CUSTOMER)),
        VoiceStarted(1100, REP, 1000),
        ListeningPaused(5000),
    ):
        meters.fold(event)
    assert meters.paused
    for event in (ListeningResumed(65_000), VoiceStarted(66_000, REP, 65_900), CallEnded(70_000)):
        meters.fold(event)
    assert meters.paused_ms == 60_000
    assert meters.floor.spoken_ms(REP, 0, 70_000, 70_000) == 4000 + 4100


def test_a_resume_without_a_pause_changes_nothing():
    meters = Meters()
    meters.fold(CallStarted(0, "discovery", (REP,)))
    meters.fold(ListeningResumed(1000))
    assert meters.paused_ms == 0


def test_what_the_rep_clicks_and_what_is_told_changes_no_figure():
    meters = Meters()
    for event in (
        CallStarted(0, "discovery", (REP,)),
        NudgeDismissed(1000, "monologue"),
        NudgeUnhelpful(1500, "monologue"),
        TimePassed(2000),
        NotNowAsked(3000),
        TroubleNoticed(4000, "late", "Words come late."),
        VoiceStopped(5000, REP, 4900),
    ):
        meters.fold(event)
    assert meters.now_ms == 5000
    assert meters.monologue_ms() == 0


def test_the_rep_holds_the_floor_since_their_turn_began():
    assert measured([(CUSTOMER, 1, 5), (REP, 6, 20)], 26).moment().floor_ms == 20_000
    assert measured([(REP, 1, 5), (CUSTOMER, 6, 20)], 26).moment().floor_ms == 0


# A request, and what the rep makes of it.

ASKED = (CUSTOMER, 4, 8, "Do you have a portal?", "asks_for_pitch", "request")
YES = (REP, 8.3, 11, "We do, and you get a login with it.", "pitch", "invited")


def order(*lines):
    """Return the order of a dialogue that ends ten seconds after its last line."""
    return measured(lines, lines[-1][2] + 10).moment().order


def test_a_yes_at_once_takes_the_order_when_the_turn_is_over():
    taken = order(
        ASKED, YES, (REP, 11.3, 13, "Is two users enough?", "question.closed"), (CUSTOMER, 14, 18, "So.")
    )
    assert (taken.request_end_ms, taken.start_ms, taken.end_ms) == (8000, 8300, 13_000)
    assert (taken.sentences, taken.over) == (2, True)


def test_while_the_rep_speaks_the_order_is_not_over():
    meters = Meters()
    for event in told((ASKED, YES), 20)[:-1]:
        meters.fold(event)
    taken = meters.moment().order
    assert (taken.sentences, taken.over) == (1, False)


def test_a_few_words_on_the_way_into_a_yes_change_nothing():
    assert order(ASKED, (REP, 8.1, 8.9, "Um, sure, yes.", "filler"), (REP, 9.2, 11, *YES[3:]))


def test_an_echo_on_the_way_into_a_yes_asks_nothing_and_alone_it_gives_the_floor_back():
    echo = (REP, 8.1, 9.1, "A portal of your own for the whole team.", "reflection.mirror")
    assert order(ASKED, echo, (REP, 9.2, 11, *YES[3:]))
    assert (
        order(ASKED, echo, (CUSTOMER, 10, 14, "To see who ordered what."), (REP, 14.2, 16, *YES[3:])) is None
    )


def test_a_customer_who_goes_on_is_still_asking():
    assert order(ASKED, (CUSTOMER, 8.1, 8.2, "You know."), YES)


@pytest.mark.parametrize(
    "asks",
    [
        (REP, 11.3, 13, "What would you use it for?", "question.open"),
        (REP, 11.3, 13, "Is that for the orders you lose?", "question.closed", "follow_up"),
        (REP, 11.3, 13, "It sounds like things get lost.", "reflection.label"),
        (REP, 11.3, 13, "May I ask what for?", "question.permission"),
    ],
)
def test_to_ask_what_it_is_for_takes_no_order_before_the_yes_or_after_it(asks):
    before = (REP, 8.1, 8.2, *asks[3:])
    assert order(ASKED, YES, asks, (CUSTOMER, 14, 18, "So.")) is None
    assert order(ASKED, before, YES, (CUSTOMER, 14, 18, "So.")) is None


@pytest.mark.parametrize(
    "lines",
    [
        ((CUSTOMER, 4, 8, "What does it cost?", "asks_for_pitch"), YES),
        (ASKED, (CUSTOMER, 8.1, 8.2, "We lose half of them.", "need"), YES),
        ((CUSTOMER, 1, 3, "We lose half of them.", "need"), ASKED, YES),
        (ASKED, (REP, 8.3, 11, "Let me write that down for a moment.")),
        (ASKED, (REP, 8.3, 11, "Our tool is best.", "pitch")),
        (ASKED, (REP, 8.1, 8.2, "We had rain here all week, you know."), YES),
        (ASKED, (REP, 8.1, 8.2, "Ah."), (CUSTOMER, 8.21, 8.25, "Never mind that."), YES),
    ],
)
def test_no_order_is_taken_without_a_bare_request_and_a_yes_at_once(lines):
    assert order(*lines) is None


def test_the_end_of_the_call_is_the_end_of_the_answer():
    assert order(ASKED, YES).over


# Pressure, next steps, interruptions.


def test_pushing_goes_on_until_the_customer_speaks():
    push = ("It closes on Friday.", "pressure")
    lines = [
        (REP, 1, 3, *push),
        (REP, 4, 6, "Three places are left.", "pressure"),
        (CUSTOMER, 7, 9, "I see what you mean."),
        (REP, 10, 12, *push),
    ]
    heard = [measured(lines[:n], 13).moment().pressure for n in (1, 2, 4)]
    assert [(p.start_ms, p.end_ms, p.heard) for p in heard] == [
        (1000, 3000, 1),
        (1000, 6000, 2),
        (10_000, 12_000, 3),
    ]


@pytest.mark.parametrize("listens", ["question.open", "reflection.paraphrase"])
def test_an_open_question_and_a_reflection_never_push(listens):
    assert measured([(REP, 1, 3, "Only one of you?", listens, "pressure")], 9).moment().pressure is None


def test_a_next_step_is_remembered():
    assert measured([(REP, 1, 3, "Then Thursday at ten.", "next_step")], 9).moment().next_step_ms == 3000


def cut_in(at):
    """Return the rep cutting the customer off at a moment in seconds."""
    return [(CUSTOMER, at - 8, at + 1), (REP, at, at + 5)]


CUTS = [line for at in (10, 40, 70) for line in cut_in(at)]


def test_interruptions_of_the_last_two_minutes_are_counted():
    assert measured(CUTS, 100).interrupted_ms() == (10_000, 40_000, 70_000)
    assert measured(CUTS, 140).interrupted_ms() == (40_000, 70_000)


def test_a_microphone_alone_hears_nobody_interrupted():
    assert measured([*CUTS], 100, sides=(REP,)).interrupted_ms() == ()


def test_where_voices_bleed_over_nobody_is_interrupted():
    meters = Meters()
    for event in told([*CUTS, *cut_in(130)], 150)[:-1]:
        if event.at_ms >= 30_000 and not meters.bled:
            meters.fold(TroubleNoticed(30_000, "microphone_silent", "Nothing."))
            meters.fold(TroubleNoticed(30_000, BLEED, "Your microphone hears them too."))
            assert meters.interrupted_ms() == ()
        if event.at_ms >= 60_000 and meters.now_ms < 60_000:
            assert meters.interrupted_ms() == ()
            meters.fold(TroubleOver(60_000, "microphone_silent"))
            meters.fold(TroubleOver(60_000, BLEED))
        meters.fold(event)
    assert meters.interrupted_ms() == (70_000, 130_000)


def test_in_another_language_the_length_of_a_short_sound_decides_whether_it_took_the_floor():
    said = [
        (REP, 1, 10, "Unser Gerät meldet jeden Fehler."),
        (CUSTOMER, 10.5, 11.3, "Genau."),
        (REP, 11.6, 20, "Und es ruft den Dienst."),
        (CUSTOMER, 20.5, 22, "Das haben wir schon."),
        (REP, 22.5, 30, "Dann ist ja gut."),
    ]
    german, english = (measured(said, 60, language=language) for language in ("de", "en"))
    assert not german.reads_cues
    assert english.reads_cues
    assert [s.start_ms for s in german.floor.backchannels] == [10_500]
    assert english.floor.backchannels == [], "no word of the list, so it was a turn"
    assert [s.text for s in german.sentences] == [said[-1] for said in said]
    assert german.asked_units == german.needs == 0


@pytest.mark.parametrize("seed", range(20))
def test_what_is_kept_from_moment_to_moment_is_what_counting_anew_would_give(seed):
    meters = Meters()
    for event in drawn_call(seed, 500):
        meters.fold(event)
        floor, now = meters.floor, meters.now_ms
        for who in Who:
            for since in (now - 180_000, now - 20_000, now):
                assert floor.spoken_since(who, since, now) == floor.spoken_ms(who, since, now, now)
        if meters.two_sides and not meters._bleeding:
            since = max(now - 120_000, meters._bled_until)
            assert meters.interrupted_ms() == tuple(at for at in interruptions(floor.turns) if at >= since)


def test_a_voice_that_begins_twice_is_counted_as_often():
    meters = Meters()
    for event in (
        CallStarted(0, "discovery", (REP, CUSTOMER)),
        VoiceStarted(1100, REP, 1000),
        VoiceStarted(5100, REP, 5000),
        VoiceStopped(6100, REP, 6000),
    ):
        meters.fold(event)
    assert meters.floor.spoken_since(REP, 0, 7000) == meters.floor.spoken_ms(REP, 0, 7000, 7000) == 7000


def test_sound_that_is_kept_no_further_ends_where_that_was_first_noticed():
    meters = Meters()
    assert meters.sound_until_ms is None
    for at_ms, code in ((1_000, "microphone_silent"), (2_000, NO_SOUND), (3_000, NO_SOUND)):
        meters.fold(TroubleNoticed(at_ms, code, "A sentence."))
    assert meters.sound_until_ms == 2_000

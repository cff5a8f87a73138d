"""The figures of a finished call, against calls short enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playbook import CUSTOMER, REP, measured, told

from coach.call.events import BLEED, BleedMeasured, CallEnded, Leak, SentenceHeard, TroubleNoticed
from coach.call.figures import ESTIMATED, MEASURED, NOT_AVAILABLE, WITHOUT_CUES, figures, spoken_of
from coach.call.meters import Meters
from coach.call.turns import interruptions

CALL = [
    (REP, 1, 3, "How do you sort them?", "question.open"),
    (CUSTOMER, 3.5, 13.5, "By hand, all morning.", "need"),
    (REP, 14, 16, "All morning?", "reflection.mirror"),
    (CUSTOMER, 16.5, 26.5, "Yes, and in the end we still miss some.", "need"),
    (REP, 130, 132, "What does a miss cost you?", "question.open", "follow_up"),
    (CUSTOMER, 133, 143, "About a hundred."),
    (REP, 144, 146, "And who pays it?", "question.closed", "follow_up"),
    (REP, 146.2, 148, "And since when?", "question.closed"),
    (CUSTOMER, 149, 159, "Could you show me what you do?", "asks_for_pitch"),
    (REP, 160, 170, "Our tool sorts them, um, for you.", "pitch", "invited", "filler"),
    (REP, 170.4, 175, "Shall we say Tuesday?", "next_step", "question.closed"),
    (CUSTOMER, 176, 178, "Tuesday it is then."),
]


def of(lines, end_s, *, heard_words=True, **how):
    found = figures(measured(lines, end_s, **how), heard_words=heard_words)
    return {f.name: f.value for f in found}


def test_the_shares():
    f = of(CALL, 180)
    rep, customer = 2 + 2 + 2 + 2 + 1.8 + 10 + 4.6, 10 + 10 + 10 + 10 + 2
    assert f["talk_share"] == pytest.approx((rep + 0.2) / (rep + 0.2 + customer), abs=0.005)
    assert f["airtime"] == pytest.approx((rep + 0.2) / 180, abs=0.005)
    assert f["first_five_minutes_share"] == f["talk_share"]


def test_sides_told_apart_by_voice_give_estimates_and_nothing_of_two_who_speak_at_once():
    meters = measured(CALL, 180)
    meters.started = replace(meters.started, estimated=True)
    found = {f.name: f for f in figures(meters)}
    exact = {f.name: f for f in figures(measured(CALL, 180))}
    assert found["interruptions"].value is None
    assert exact["interruptions"].value == 0
    for name in exact.keys() - {"interruptions"}:
        assert found[name].value == exact[name].value
        assert found[name].how == (ESTIMATED if found[name].value is not None else NOT_AVAILABLE)


def test_the_questions():
    f = of(CALL, 180)
    assert f["questions"] == 4
    assert f["questions_open"] == 2
    assert f["questions_closed"] == 3
    assert f["questions_stacked"] == 1
    assert f["closed_in_a_row"] == 3
    assert f["follow_up_rate"] == 0.5
    assert f["layers"] == 2
    assert f["time_since_last_question"] == 5
    assert f["questions_per_10_min"] == pytest.approx(40 / 3, abs=0.01)
    assert f["first_five_minutes_questions"] == 5


def test_listening_and_turns():
    f = of(CALL, 180)
    assert f["listening_moves"] == pytest.approx(10 * 3 / (42 / 60), abs=0.3)
    assert f["patience"] == pytest.approx(1.0)
    assert f["switch_rate"] == pytest.approx(9 / 3, abs=0.01)
    assert f["longest_monologue"] == 15
    assert f["interruptions"] == 0


def test_pitch_and_words():
    f = of(CALL, 180)
    assert f["pitch_onset"] is None
    assert f["pitch_share"] == pytest.approx(1 / 7, abs=0.001)
    assert f["pitch_share_first_third"] == 0
    assert f["pitch_share_second_third"] is None
    assert f["pitch_share_last_third"] == pytest.approx(0.2)
    assert f["we_per_100_words"] > 0
    assert f["fillers"] > 0
    assert f["pace"] > 0
    assert f["next_step"] == 1


def test_a_short_question_does_not_break_a_story_but_a_remark_does():
    story = [
        (CUSTOMER, 1, 40),
        (REP, 41, 43, "And then?", "question.open"),
        (CUSTOMER, 44, 90),
        (REP, 91, 92.5),
    ]
    assert of(story, 95)["longest_customer_story"] == 89
    remark = [(CUSTOMER, 1, 40), (REP, 41, 43, "Same here."), (CUSTOMER, 44, 90), (REP, 91, 92.5)]
    assert of(remark, 95)["longest_customer_story"] == 46


def test_the_microphone_alone_knows_nothing_of_the_other_side():
    found = {f.name: f for f in figures(measured([(REP, 1, 9, "So how are things?")], 10, sides=(REP,)))}
    for name in (
        "talk_share",
        "longest_customer_story",
        "patience",
        "switch_rate",
        "interruptions",
        "follow_up_rate",
    ):
        assert (found[name].value, found[name].how) == (None, NOT_AVAILABLE)
    assert found["airtime"].how == MEASURED


def test_without_words_what_needs_words_is_not_available():
    f = of([(REP, 1, 9), (CUSTOMER, 10, 20)], 22, heard_words=False)
    assert f["questions"] is None
    assert f["pace"] is None
    assert f["longest_monologue"] == 8


def test_an_empty_call_divides_by_nothing():
    f = of([], 0)
    assert f["talk_share"] is None
    assert f["airtime"] is None
    assert f["pace"] is None
    assert f["questions"] == 0
    assert {x.name for x in figures(Meters())} == set(f)


def test_an_interruption_cuts_in_cuts_off_and_goes_on():
    cut = [(CUSTOMER, 1, 10), (REP, 9, 14)]
    assert interruptions(measured(cut, 20).floor.turns) == [9000]
    assert of(cut, 20)["interruptions"] == 30
    latched = [(CUSTOMER, 1, 10), (REP, 9.8, 14)]
    gave_way = [(CUSTOMER, 1, 10), (REP, 8.5, 10.1)]
    both_went_on = [(CUSTOMER, 1, 14), (REP, 9, 14)]
    for lines in (latched, gave_way, both_went_on):
        assert interruptions(measured(lines, 20).floor.turns) == []


def test_an_interruption_of_someone_still_speaking_is_not_known_yet():
    meters = Meters()
    for event in told([(CUSTOMER, 1, 30), (REP, 9, 14)], 20)[:-1]:
        meters.fold(event)
    assert interruptions(meters.floor.turns) == []


def test_where_voices_bled_over_interruptions_are_not_available():
    first, *rest = told([(CUSTOMER, 1, 10), (REP, 9, 14)], 20)
    meters = Meters()
    for event in (first, TroubleNoticed(0, BLEED, "Your microphone hears them too."), *rest):
        meters.fold(event)
    assert {f.name: f.value for f in figures(meters)}["interruptions"] is None


def test_where_voices_bled_over_whatever_rests_on_who_spoke_is_an_estimate():
    first, *rest = told([(CUSTOMER, 1, 10), (REP, 11, 14)], 20)
    meters = Meters()
    measured_bleed = BleedMeasured(5000, Leak.STRONG, 0.91, -3.0), BleedMeasured(9000, Leak.NONE, 0.5)
    for event in (first, TroubleNoticed(0, BLEED, "Your speakers leak."), *measured_bleed, *rest):
        meters.fold(event)
    f = {f.name: f for f in figures(meters)}
    assert (f["bleed"].value, f["bleed"].how) == (0.91, MEASURED)
    assert f["talk_share"].how == ESTIMATED
    assert meters.leak is Leak.NONE  # the rep has put a headset on
    assert {g.how for g in f.values() if g.value is None} == {NOT_AVAILABLE}


def test_where_the_bleed_was_never_measured_it_is_not_available():
    f = {f.name: f for f in figures(measured([(CUSTOMER, 1, 10), (REP, 11, 14)], 20))}
    assert (f["bleed"].value, f["bleed"].how) == (None, NOT_AVAILABLE)
    assert f["talk_share"].how == MEASURED


def test_pace_is_the_median_over_stretches_of_half_a_minute():
    lines = [(REP, i * 40, i * 40 + 30, " ".join(["word"] * n)) for i, n in enumerate((60, 75, 120))]
    assert of(lines, 130)["pace"] == 150
    assert of([(REP, 1, 4, "· · · ·")], 10)["pace"] is None  # a log of timings


def test_a_pitch_nobody_asked_for_has_an_onset():
    lines = [
        (CUSTOMER, 1, 5, "It hurts.", "need"),
        (REP, 6, 9, "Our tool helps.", "pitch"),
        (REP, 9.3, 11, "It has parts.", "pitch"),
    ]
    f = of(lines, 14)
    assert (f["pitch_onset"], f["premature_pitches"], f["pounces"]) == (6, 1, 1)


def test_words_outside_any_turn_of_theirs_still_count():
    assert of([(CUSTOMER, 1, 5, "Hello there.")], 9)["questions"] == 0
    meters = measured([(REP, 5, 5.4, "Why?", "question.open")], 9, sides=(REP,))
    assert {f.name: f.value for f in figures(meters)}["questions"] == 1


def test_coverage_counts_the_parts_of_their_world():
    lines = [
        (REP, 1, 3, "How do you sort them?", "question.open"),
        (CUSTOMER, 4, 9, "By hand, in a shed.", "world.today"),
        (CUSTOMER, 10, 14, "It takes a day and it's always wrong.", "need", "world.cost", "world.obstacle"),
        (CUSTOMER, 15, 19, "We do it on Mondays.", "world.today"),
    ]
    assert of(lines, 20)["coverage"] == 3
    assert list(spoken_of(measured(lines, 20).sentences)) == ["world.today", "world.obstacle", "world.cost"]
    assert spoken_of(measured(lines, 20).sentences)["world.today"].text == "By hand, in a shed."


def test_coverage_is_nothing_where_they_were_read_and_said_nothing_of_it():
    said = SentenceHeard(9000, CUSTOMER, 1000, 3000, "Hello there.", (), (("world.today", 0.1),))
    meters = Meters()
    for event in [*told([(CUSTOMER, 1, 3)], 20)[:-1], said, CallEnded(20_000)]:
        meters.fold(event)
    assert {f.name: f.value for f in figures(meters)}["coverage"] == 0
    assert of([], 20)["coverage"] == 0


def test_coverage_of_an_older_log_is_not_available():
    assert of([(CUSTOMER, 1, 5, "We sort them by hand.", "need")], 20)["coverage"] is None


def test_coverage_needs_both_sides_and_words():
    assert of([(REP, 1, 5, "So.")], 20, sides=(REP,))["coverage"] is None
    assert of([], 20, heard_words=False)["coverage"] is None


def test_no_pitch_is_premature_where_they_came_to_be_shown():
    lines = [(CUSTOMER, 1, 5, "Good to see you."), (REP, 6, 9, "Our tool helps.", "pitch")]
    assert of(lines, 14)["premature_pitches"] == 1
    assert of(lines, 14, call_type="demo")["premature_pitches"] is None


GERMAN = [
    (REP, 1, 4, "Wie läuft das für Sie heute ab?"),
    (CUSTOMER, 4.5, 14, "Also, wir führen für jedes Haus eine Liste."),
    (REP, 14.5, 15.2, "Ja."),
    (CUSTOMER, 15.6, 25, "Das kostet uns jede Woche einen Tag."),
    (REP, 25.5, 30, "Unser Gerät meldet jeden Fehler über Funk."),
]


def test_in_another_language_only_what_needs_no_cues_is_known():
    f = of(GERMAN, 60, language="de")
    assert {name for name, value in f.items() if value is not None} == WITHOUT_CUES - {"bleed"}
    assert f["questions"] is None, "nobody counted, so there is no nought"
    assert f["pace"] == pytest.approx(60 * (7 + 1 + 7) / (3 + 0.7 + 4.5), abs=0.1)
    assert f["talk_share"] == pytest.approx(7.5 / (7.5 + 9.5 + 9.4), abs=0.02)


def test_words_without_spaces_between_them_are_not_counted():
    said = [(REP, 1, 4, "今日はどのように進めていますか"), (CUSTOMER, 5, 9, "はい")]
    assert of(said, 60, language="ja")["pace"] is None
    assert of(said, 60, language="ja", heard_words=False)["talk_share"] is not None


def test_letters_of_every_alphabet_make_words():
    said = [(REP, 1, 4, "Мы ведём список, déjà vu.")]
    assert of(said, 60, language="ru")["pace"] == pytest.approx(60 * 5 / 3)

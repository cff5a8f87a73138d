"""A call made ready for a class: at any moment it is known who speaks, what is said, and what the meters say."""

from __future__ import annotations

from classroom import LISTENED, SOLD, noticed, nudge, take
from playbook import CUSTOMER, REP, talk, told

from coach.call.meters import Meters
from coach.nudges.commands import HideNudge
from coach.report.onstage import GRID_MS, LINGER_MS, SHOWN_MS, compared, readings
from coach.report.timeline import MOMENT, NUDGE


def words(at_s: float, lines=SOLD, **how) -> list[str]:
    return [s.text for s in take(lines, **how).said(round(1000 * at_s))]


def test_words_stand_while_they_are_said_and_a_little_after():
    assert words(0.5) == []
    assert words(1) == ["How do you do that today?"]
    assert words(3.2) == ["How do you do that today?"]
    assert words(14.6, [(REP, 1, 13, "A tale.")]) == []
    assert words(12.9 + LINGER_MS / 1000, [(REP, 1, 13, "A tale.")]) == ["A tale."]


def test_words_go_when_others_begin():
    assert words(4) == ["By hand, and we lose two days."]


def test_who_talks_over_the_other_stands_beneath():
    over = [(REP, 1, 10, "A long tale."), (CUSTOMER, 4, 6, "Wait, what?")]
    assert words(5, over) == ["A long tale.", "Wait, what?"]
    assert words(8, over) == ["A long tale."]


def test_a_log_that_kept_no_words_has_no_captions():
    assert words(2, [(REP, 1, 3, "· · · ·")]) == []


def test_lamps_follow_the_voices():
    sold = take()
    assert sold.speaking(2000) == {REP}
    assert sold.speaking(3500) == frozenset()
    assert sold.speaking(5000) == {CUSTOMER}


def test_a_nudge_stands_until_the_log_says_it_went():
    stood = take(nudges=[nudge(24)], hidden=[HideNudge(27_000, "pounce", "done")])
    assert stood.nudge_at(23_999) is None
    assert stood.nudge_at(24_000) == stood.nudge_at(26_999) == nudge(24)
    assert stood.nudge_at(27_000) is None


def test_a_nudge_of_which_no_log_says_when_it_went_stood_its_six_seconds_or_until_the_next():
    alone = take(nudges=[nudge(24)]).shown[0]
    assert alone.until_ms == 24_000 + SHOWN_MS
    first, second = take(nudges=[nudge(24), nudge(26, "monologue")]).shown
    assert first.until_ms == second.nudge.at_ms


def test_the_nudge_before_and_the_nudge_after_a_moment():
    two = take(nudges=[nudge(24), nudge(50)])
    assert two.last_nudge(23_999) is None
    assert two.last_nudge(49_999).at_ms == 24_000
    assert two.next_nudge(24_000).at_ms == 50_000
    assert two.next_nudge(50_000) is None


def test_the_meters_on_their_grid_are_those_of_a_call_that_ends_there():
    lines = [*talk(REP, 0, 100, pause_s=0.2), (CUSTOMER, 101, 110, "We lose two days.", "need")]
    events = told(lines, 120)
    found = readings(events)
    assert [r.at_ms for r in found[:3]] == [0, GRID_MS, 2 * GRID_MS]
    for at in (5_000, 60_000, 99_500, 112_000, 118_000):
        meters = Meters()
        for event in events:
            if event.at_ms <= at:
                meters.fold(event)
        meters.advance(at)
        reading = found[at // GRID_MS]
        assert (reading.run_s, reading.share) == (meters.monologue_ms() / 1000, meters.rolling_share())
        assert (reading.questions, reading.needs) == (meters.asked_units, meters.needs)
    assert found[-1].needs == 1
    assert found[-1].at_ms >= 120_000


def test_a_reading_is_the_one_before_its_moment_and_never_outside_the_call():
    sold = take()
    assert sold.reading(13_999).at_ms == 13_500
    assert sold.reading(-5).at_ms == 0
    assert sold.reading(10**9) == sold.readings[-1]
    assert sold.reading(30_000).run_s > sold.reading(20_000).run_s > 0


def test_a_call_that_was_cut_off_has_readings_to_where_it_was_cut():
    events = told(SOLD, 60)[:-1]
    assert readings(events)[-1].at_ms >= events[-1].at_ms


def test_the_veil_hides_what_is_to_be_guessed_and_nothing_else():
    sold = take(nudges=[nudge(24), nudge(50)], moments=[noticed(30)])
    kinds = [m.kind for m in sold.veiled(25_000).marks]
    assert kinds.count(NUDGE) == 1
    assert MOMENT not in kinds
    assert "pitch" in kinds
    assert sold.veiled(60_000) is sold.timeline


def test_figures_stand_side_by_side_with_their_units_where_they_differ():
    rows = {r.name: r.values for r in compared((take(SOLD), take(LISTENED)))}
    assert rows["Talk share"] == ("78%", "11%")
    assert rows["Longest monologue"] == ("42.0 s", "3.0 s")
    assert rows["First uninvited pitch"] == ("13.0 s", "no uninvited pitch")
    assert "Questions asked" in rows
    assert compared((take(SOLD), take(SOLD))) == ()


def test_a_figure_that_is_not_known_for_each_take_is_left_out():
    foreign = take([(REP, 1, 3, "Wie machen Sie das?"), (CUSTOMER, 4, 40, "Von Hand.")], language="de")
    names = {r.name for r in compared((take(SOLD), foreign))}
    assert "First uninvited pitch" not in names
    assert "Questions asked" not in names
    assert "Talk share" in names


def test_chapters_beyond_the_end_are_left_out_and_the_last_begun_is_the_one():
    sold = take(chapters=((0, "One"), (30_000, "Two"), (90_000, "Beyond")))
    assert [t for _, t in sold.chapters] == ["One", "Two"]
    assert (sold.chapter(29_999), sold.chapter(30_000)) == ("One", "Two")
    assert take(chapters=((5_000, "Late"),)).chapter(0) == ""

"""A call of one microphone in every form it is written in: airtime, runs by pauses, and nothing of the other side."""

from __future__ import annotations

import csv
import io
import json

from playbook import CUSTOMER, REP, measured, talk, told

from coach.report.card import make_card
from coach.report.document import document, make_report
from coach.report.essentials import absent, essentials
from coach.report.exports import formats_named
from coach.report.onstage import compared, readings, take_on_stage
from coach.report.takes import Take, what_changed
from coach.report.takes import compared as side_by_side
from coach.report.timeline import timeline
from coach.settings import Settings

LINES = [
    *talk(REP, 1, 90),
    (REP, 95, 100, "How do you do that today?", "question.open"),
    (REP, 104, 108, "Ours does it.", "pitch"),
]


def drawn(lines=LINES, end_s=120, **how):
    meters = measured(lines, end_s, **how)
    return make_report("memo", meters, (), Settings().limits.discovery, {}, moments=())


ALONE = drawn(sides=(REP,))
MIXED = drawn(sides=(REP,), mixed=True)


def measure(report, name):
    return next((m for g in essentials(report) for m in g.measures if m.name == name), None)


def test_the_essentials_have_airtime_and_say_how_a_run_was_counted() -> None:
    assert measure(ALONE, "airtime").how == "measured"
    assert measure(ALONE, "talk_share") is None
    run = measure(ALONE, "longest_monologue")
    assert (run.how, run.good) == ("estimated", "")
    assert "pause of 1.5 s" in run.formula
    both = measure(drawn(), "longest_monologue")
    assert both.good
    assert "3 s of silence" in both.formula


def test_the_card_tells_airtime_and_that_only_one_side_was_heard() -> None:
    card = make_card(ALONE)
    assert "your airtime" in card.summary
    assert "share of the talk" not in card.summary
    assert "Only your side was heard" in " ".join(card.cautions)


def test_a_finding_claims_no_more_than_a_pause() -> None:
    habit = next(f for f in ALONE.findings if f.kind == "habit")
    assert "without a pause" in habit.text


def test_every_written_form_leaves_out_what_cannot_be_known() -> None:
    doc = document(ALONE)
    assert doc["metrics"]["talk_share"] == doc["metrics"]["talk_share"] | {
        "value": None,
        "how": "not available",
    }
    assert "pause of 1.5 s" in doc["metrics"]["longest_monologue"]["formula"]
    card = make_card(ALONE)
    rows = {r["name"]: r for r in csv.DictReader(io.StringIO(text_of(card, "csv").lstrip("\ufeff")))}
    assert (rows["talk_share"]["value"], rows["talk_share"]["how"]) == ("", "not available")
    assert rows["longest_monologue"]["good_to"] == ""
    for form in ("md", "html"):
        body = text_of(card, form)
        assert "Airtime" in body
        assert "without them" not in body
        assert "Them</span>" not in body
    assert "Talk share" in absent(ALONE)


def text_of(card, form: str) -> str:
    (found,) = formats_named([form])
    return found.write(card)


def test_a_run_by_pauses_has_no_usual_from_calls_with_two_sides() -> None:
    past = [{"longest_monologue": 30.0, "airtime": 0.4}] * 3
    assert set(make_card(ALONE, past=past).usual) == {"airtime"}
    assert set(make_card(drawn(), past=past).usual) == {"airtime", "longest_monologue"}


def test_takes_of_one_side_and_of_two_are_not_set_against_each_other_in_it() -> None:
    one, two = (Take("t", "", r, timeline(r)) for r in (ALONE, drawn([(REP, 1, 9), (CUSTOMER, 10, 15)])))
    table = {c.name: c.cells for c in side_by_side([one, two])}
    assert table["Longest monologue"][0] == "\u2013"
    assert "longest run" not in what_changed([one, two])
    assert {c.name: c.cells for c in side_by_side([one, one])}["Longest monologue"] == ("89.0 s", "89.0 s")


def test_on_stage_the_meters_show_airtime() -> None:
    last = readings(told(LINES, 120, sides=(REP,)))[-1]
    assert (last.alone, last.share) == (True, None)
    assert 0.7 < last.airtime < 0.9
    assert readings(told(LINES, 120))[-1].airtime is None


def test_on_stage_nobody_is_said_to_have_been_invited() -> None:
    takes = [
        take_on_stage(r, timeline(r), told(LINES, 120, sides=sides), (), Settings().limits.discovery)
        for r, sides in ((ALONE, (REP,)), (drawn(), (REP, CUSTOMER)))
    ]
    assert "First uninvited pitch" not in {b.name for b in compared(takes)}


def test_voices_that_nobody_can_tell_apart_have_no_names_and_no_figures() -> None:
    card = make_card(MIXED)
    assert MIXED.findings == ()
    assert essentials(MIXED) == ()
    for form in ("md", "html", "vtt", "srt"):
        body = text_of(card, form)
        assert "A voice" in body
    assert ">Voices</span>" in text_of(card, "html")
    assert all(m["value"] is None for m in json.loads(text_of(card, "json"))["metrics"].values())

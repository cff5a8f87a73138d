"""What became of the rep's facts: the ONLY statement said or not, who named whom, whose jargon it was."""

from __future__ import annotations

import json

import pytest
from playbook import CUSTOMER, REP, measured

from coach.report.card import make_card
from coach.report.document import document, make_report
from coach.report.facts import facts_said, is_only
from coach.report.page import page as page_of
from coach.report.plain import figure_lines
from coach.settings import Facts, Settings

ONLY = "We are the only ones who repair lifts without stopping the building"
KNOWN = Facts(("Acme",), ("Ferrolift",), ("Kone", "Liftmaster"), ONLY, ("MRR", "API"))
CALL = [
    (REP, 1, 4, "Do you look at your MRR, and the MRR of the API?"),
    (CUSTOMER, 5, 9, "We have lift master in two shafts, and Kone."),
    (REP, 10, 14, "Liftmaster, I see."),
    (REP, 15, 20, "We're the only company that repairs a lift and never stops your building."),
    (CUSTOMER, 21, 25, "And which APIs <b>do</b> you have?"),
    (REP, 26, 28, "The API is open."),
]


def page(report):
    return page_of(make_card(report))


def report(lines, facts=KNOWN, **how):
    meters = measured(lines, 40)
    limits = Settings().limits_for("discovery")
    return make_report("call", meters, [], limits, {}, moments=[], facts=facts, **how)


@pytest.mark.parametrize(
    "text",
    [
        ONLY,
        "So we're the only people who repair lifts, and the building never stops.",
        "Nobody else can repair a lift without stopping your building.",
        "we are the only ones repairing lifts while nothing stops in the building",
    ],
)
def test_the_statement_is_known_in_other_words(text):
    assert is_only(ONLY, text)


@pytest.mark.parametrize(
    "text",
    [
        "We repair lifts without stopping the building.",
        "We are the only ones who answer at night.",
        "Is the lift the only one in the building?",
        "No one told me about the lift.",
        "",
    ],
)
def test_something_near_it_is_not(text):
    assert not is_only(ONLY, text)


def test_a_statement_without_only_asks_for_none():
    assert is_only("Every van is a dot on a map", "With us every van's a dot on the map.")
    assert not is_only("Every van is a dot on a map", "You have vans.")
    assert is_only("Only we do", "only we do")


def test_the_statement_is_quoted_with_its_moment():
    said = report(CALL).facts
    assert [(m.who, m.at_s) for m in said.only.said] == [(REP, 15.0)]
    assert said.only.said[0].quote.startswith("We're the only company")


def test_said_in_two_breaths_it_is_said_once():
    lines = [(REP, 1, 3, "We are the only ones."), (REP, 3.5, 6, "We repair lifts and the building goes on.")]
    assert [m.at_s for m in report(lines).facts.only.said] == [1.0]
    late = [lines[0], (REP, 9, 12, lines[1][3])]
    assert report(late).facts.only.said == ()
    theirs = [lines[0], (CUSTOMER, 3.2, 3.4, "Only?"), lines[1]]
    assert report(theirs).facts.only.said == ()


def test_what_the_customer_says_of_us_is_not_our_statement():
    said = report([(CUSTOMER, 1, 5, ONLY)])
    assert said.facts.only.said == ()
    assert any("Your ONLY statement, not said" in line for line in figure_lines(said))


def test_competitors_are_told_with_who_named_them_and_when():
    said = report(CALL).facts
    assert [(c.name, [(m.who, m.at_s) for m in c.moments]) for c in said.competitors] == [
        ("Kone", [(CUSTOMER, 5.0)]),
        ("Liftmaster", [(CUSTOMER, 5.0), (REP, 10.0)]),
    ]


def test_jargon_is_ours_until_they_use_it():
    said = report(CALL).facts
    assert [(j.word, [m.at_s for m in j.moments], j.customer_at_s) for j in said.jargon] == [
        ("MRR", [1.0], None),
        ("API", [1.0], 21.0),
    ]
    theirs_first = [(CUSTOMER, 1, 3, "Our MRR is low."), (REP, 4, 6, "How low is the MRR?")]
    assert report(theirs_first).facts.jargon == ()


def test_without_a_statement_nothing_is_said_of_one():
    said = report(CALL, Facts(competitors=("Kone",)))
    assert "ONLY" not in "\n".join(figure_lines(said)) + page(said)
    assert "only" not in document(said)["facts"]


@pytest.mark.parametrize("facts", [None, Facts()])
def test_without_facts_the_report_is_as_it_was(facts):
    plain = make_report("call", measured(CALL, 40), [], Settings().limits_for("discovery"), {}, moments=[])
    assert document(report(CALL, facts)) == document(plain)
    assert page(report(CALL, facts)) == page(plain)
    assert list(figure_lines(report(CALL, facts))) == list(figure_lines(plain))
    assert "facts" not in document(plain)


def test_without_words_nothing_is_claimed():
    assert facts_said(KNOWN, []) is None
    assert report([(REP, 1, 5, "· · ·")]).facts is None
    assert report([(REP, 1, 5)]).facts is None
    assert report([(REP, 1, 5, "· · ·"), (REP, 6, 7, "Mm-hm.")]).facts is None


def test_the_document_holds_it_all():
    doc = json.loads(json.dumps(document(report(CALL))))["facts"]
    assert doc["only"]["statement"] == ONLY
    assert doc["only"]["said"][0]["at_s"] == 15.0
    assert doc["competitors"][0] == {
        "name": "Kone",
        "moments": [
            {"who": "customer", "at_s": 5.0, "quote": "We have lift master in two shafts, and Kone."}
        ],
    }
    assert doc["jargon"][1] == {
        "word": "API",
        "moments": [{"at_s": 1.0, "quote": "Do you look at your MRR, and the MRR of the API?"}],
        "customer_at_s": 21.0,
    }


def test_lines_and_page_show_it_and_hostile_text_stays_text():
    hostile = [*CALL, (CUSTOMER, 30, 33, "Kone <script>\x1b[31m")]
    lines = "\n".join(figure_lines(report(hostile)))
    assert "Your ONLY statement, said: We are the only ones" in lines
    assert "Jargon of yours: API (their first time was 0:21)" in lines
    assert "Jargon of yours: MRR (they never used it)" in lines
    assert "\x1b" not in lines
    html = page(report(hostile))
    assert "Competitor named: Kone" in html
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_facts_of_which_nothing_was_said_have_no_heading():
    assert "in their ears" not in page(report([(REP, 1, 3, "Hello.")], Facts(company=("Acme",))))


def test_in_another_language_names_are_heard_and_the_statement_is_not_judged():
    said = [
        (REP, 1, 4, "Wir reparieren am selben Tag."),
        (CUSTOMER, 5, 8, "Liftmaster braucht eine Woche."),
    ]
    limits = Settings().limits_for("discovery")
    meters = measured(said, 20, language="de")
    heard = make_report("call", meters, [], limits, {}, moments=[], facts=KNOWN).facts
    assert heard.only is None
    assert [c.name for c in heard.competitors] == ["Liftmaster"]

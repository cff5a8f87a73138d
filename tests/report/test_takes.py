"""Takes side by side: figures with units, and what changed without a verdict."""

from __future__ import annotations

from playbook import CUSTOMER, REP, measured

from coach.report.document import make_report
from coach.report.takes import Take, compared, what_changed
from coach.report.timeline import timeline
from coach.settings import Settings

ASKED = "How do you do that today?"


def take(lines, end_s, title="Take", **how) -> Take:
    report = make_report(
        title, measured(lines, end_s, **how), (), Settings().limits.discovery, {}, moments=()
    )
    return Take(title, "", report, timeline(report))


LONG = take([(REP, 1, 51, "Our lift does that.", "pitch"), (CUSTOMER, 52, 58, "I see.")], 60)
SHORT = take(
    [
        (REP, 1, 3, ASKED, "question.open"),
        (CUSTOMER, 4, 24, "By hand.", "need"),
        (REP, 25, 28, "And who does it?", "question.open", "follow_up"),
        (CUSTOMER, 29, 55, "I do."),
    ],
    60,
)


def test_what_changed_is_said_without_a_verdict():
    assert what_changed([LONG, SHORT]) == (
        "You asked 2 more questions; your longest run got 47 s shorter; their longest story got 45 s longer."
    )
    assert what_changed([SHORT, LONG]).startswith(
        "You asked 2 fewer questions; your longest run got 47 s longer"
    )


def test_one_question_is_one():
    one = take([(REP, 1, 3, ASKED, "question.open"), (CUSTOMER, 4, 10, "By hand.")], 60)
    none = take([(REP, 1, 3, "So that is us."), (CUSTOMER, 4, 10, "By hand.")], 60)
    assert what_changed([none, one]) == "You asked 1 more question."


def test_takes_that_are_alike_are_said_to_be():
    assert what_changed([SHORT, LONG, SHORT]) == "The last take went much like the first."


def test_takes_of_other_lengths_say_so():
    longer = take(
        [(REP, 1, 3, ASKED, "question.open"), (CUSTOMER, 4, 10, "By hand."), (CUSTOMER, 60, 66)], 180
    )
    first = take([(REP, 1, 3, ASKED, "question.open"), (CUSTOMER, 4, 10, "By hand.")], 60)
    assert what_changed([first, longer]).endswith("The last take was 2 min longer.")
    assert what_changed([longer, first]).endswith("The last take was 2 min shorter.")


def test_shares_are_told_as_they_were_and_are():
    even = take([(REP, 1, 5, "So."), (CUSTOMER, 6, 10, "So.")], 12)
    less = take([(REP, 1, 3, "So."), (CUSTOMER, 4, 10, "So.")], 12)
    assert what_changed([even, less]) == "You had 25% of the talk instead of 50%."


def test_the_table_has_units_and_leaves_out_what_no_take_has():
    table = {line.name: line.cells for line in compared([LONG, SHORT])}
    assert table["Length"] == ("1 min", "1 min")
    assert table["Questions asked"] == ("0", "2")
    assert table["Longest monologue"] == ("50.0 s", "3.0 s")
    alone = take([(REP, 1, 51, "Our lift does that.", "pitch")], 60, sides=(REP,))
    table = {line.name: line.cells for line in compared([alone, SHORT])}
    assert table["Talk share"] == ("\u2013", "89%") or table["Talk share"][0] == "\u2013"
    assert "Longest customer story" not in {line.name for line in compared([alone, alone])}

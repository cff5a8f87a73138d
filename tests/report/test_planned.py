"""What became of planned questions is told with proof, in every format, as text, and "not heard" accuses nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.call.events import SentenceHeard, Who
from coach.call.meters import Meters
from coach.call.plan import Plan, QuestionHeard, QuestionTicked
from coach.report.card import make_card
from coach.report.document import document, make_report
from coach.report.markdown import markdown
from coach.report.page import page
from coach.report.planned import CAUTION, Prepared, lines, prepared
from coach.settings import Limits

PLAN = Plan(known=("Anna <b>decides</b>",), questions=("Why now?", "Who signs?", "What if not?"))
SAID = SentenceHeard(12_000, Who.REP, 10_000, 11_500, "So *why* is this <i>urgent</i> now?", (), ())
ANSWERS = (QuestionHeard(12_000, 0, 10_000, 0.8), QuestionTicked(65_000, 1, asked=True))


def made(*sentences: SentenceHeard, plan: Plan = PLAN) -> Prepared:
    found = prepared(plan, ANSWERS, sentences)
    assert found is not None
    return found


def report(found: Prepared | None):
    return make_report("A call", Meters(), (), Limits(), {}, moments=(), prepared=found)


def test_a_question_is_proven_by_time_and_the_reps_own_words() -> None:
    heard, ticked, missing = made(SAID).questions
    assert (heard.at_s, heard.quote) == (10.0, SAID.text)
    assert (ticked.told, ticked.quote) == ("ticked by you, 1:05", "")
    assert (missing.at_s, missing.told) == (None, "not heard")


def test_not_heard_is_never_not_asked() -> None:
    lead = made(SAID).lead
    assert lead == f"2 of 3 planned questions heard or ticked. {CAUTION}"
    assert "not asked" not in " ".join([*lines(made(SAID)), page(make_card(report(made(SAID))))]).replace(
        CAUTION, ""
    )


def test_a_sentence_that_was_given_to_the_other_side_proves_nothing() -> None:
    assert made(replace(SAID, who=Who.CUSTOMER)).questions[0].told == "not heard"


def test_words_that_were_not_kept_are_not_quoted_and_the_time_stands() -> None:
    question = made(replace(SAID, text="· · ·")).questions[0]
    assert (question.told, question.quote, question.by_hand) == ("0:10", "", False)


def test_without_a_plan_there_is_nothing_to_tell() -> None:
    assert prepared(None, (), ()) is None
    assert prepared(Plan(minutes=30.0), (), ()) is None
    nothing = report(None)
    assert "prepared" not in document(nothing)
    assert "What you prepared" not in page(make_card(nothing)) + markdown(make_card(nothing))


def test_one_question_that_was_asked_needs_no_caution() -> None:
    assert made(SAID, plan=Plan(questions=("Why now?",))).lead == "1 of 1 planned question heard or ticked."
    assert made(SAID, plan=Plan(known=("Forty lifts",))).lead == ""


@pytest.mark.parametrize("write", [page, markdown])
def test_page_and_markdown_take_every_word_for_text(write) -> None:
    written = write(make_card(report(made(SAID))))
    assert "What you prepared" in written
    assert "0:10" in written
    assert "<b>" not in written.partition("What you prepared")[2].partition("decides")[0]
    assert "<i>urgent" not in written


def test_the_document_has_it_for_programs() -> None:
    told = document(report(made(SAID)))["prepared"]
    assert told["known"] == ["Anna <b>decides</b>"]
    assert told["questions"][0] == {
        "question": "Why now?",
        "heard": True,
        "at_s": 10.0,
        "quote": SAID.text,
        "by_hand": False,
    }
    assert [q["by_hand"] for q in told["questions"]] == [False, True, False]
    assert [q["heard"] for q in told["questions"]] == [True, True, False]


def test_a_terminal_is_told_without_control_characters() -> None:
    evil = replace(SAID, text="Why \x1b[2J now?")
    assert "\x1b" not in "\n".join(lines(made(evil)))

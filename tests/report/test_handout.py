"""The page for a class: which moments stand on it, what was said there, and what to talk about."""

from __future__ import annotations

from classroom import LISTENED, SOLD, lesson, noticed, nudge, take
from playbook import REP

from coach.report.handout import MOST_MOMENTS, QUESTIONS, handout


def test_moments_are_numbered_in_the_order_of_the_takes_and_of_the_call():
    first = take(nudges=[nudge(50, "monologue", monologue_s=30.0)], moments=[noticed(30)], name="Sells")
    second = take(LISTENED, nudges=[nudge(20)], name="Listens")
    page = handout(lesson(first, second))
    assert [(m.number, m.take, m.when, m.shown) for m in page.moments] == [
        (1, 0, "0:30", False),
        (2, 0, "0:50", True),
        (3, 1, "0:20", True),
    ]
    assert page.names == ("Sells", "Listens")
    assert page.end_ms == 60_000


def test_a_moment_has_the_words_it_is_about_and_the_question_that_could_have_been_asked():
    told = handout(lesson(take(nudges=[nudge(24)]))).moments[0]
    assert (told.quote, told.question) == ("Our lift does that.", "What are two days?")


def test_a_moment_without_a_sentence_of_its_own_has_the_last_words_of_the_rep():
    told = handout(lesson(take(nudges=[nudge(58, "monologue", monologue_s=30.0)]))).moments[0]
    assert told.quote == SOLD[4][3]


def test_what_is_not_known_is_left_out():
    early = handout(lesson(take(nudges=[nudge(0.5, "monologue", monologue_s=30.0)]))).moments[0]
    assert early.quote == ""
    elsewhere = handout(lesson(take(nudges=[nudge(24, pitch_at_s=17.0)]))).moments[0]
    assert elsewhere.quote == ""
    dots = handout(lesson(take([(REP, 1, 3, "· · ·")], nudges=[nudge(20, "monologue", monologue_s=1.0)])))
    assert dots.moments[0].quote == ""


def test_where_there_is_no_room_what_was_only_noticed_goes_first():
    many = take(moments=[noticed(i) for i in range(1, 9)], nudges=[nudge(30), nudge(50)])
    page = handout(lesson(many))
    assert len(page.moments) == MOST_MOMENTS
    assert page.left_out == 4
    assert [m.at_ms for m in page.moments if m.shown] == [30_000, 50_000]


def test_the_trainers_questions_come_first_and_ours_make_three():
    assert handout(lesson()).questions == QUESTIONS
    assert handout(lesson(questions=("Mine?",))).questions == ("Mine?", *QUESTIONS[1:])
    assert handout(lesson(questions=tuple("abcd"))).questions == ("a", "b", "c")


def test_figures_stand_on_it_where_there_are_two_takes():
    assert handout(lesson()).figures == ()
    assert handout(lesson(take(SOLD), take(LISTENED))).figures


def test_control_characters_never_reach_the_page():
    page = handout(lesson(take(nudges=[nudge(24, text="Stay\x1b[31m")], name="a\x00b"), licence="x\ny"))
    assert (page.moments[0].text, page.names, page.licence) == ("Stay [31m", ("a b",), "x y")

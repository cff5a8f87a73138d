"""A question built from the customer's own last words: little dialogues, and what comes of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playbook import CUSTOMER, REP, coached, measured, told

from coach.call.wire import dump, load
from coach.nudges.commands import ShowNudge
from coach.nudges.suggestions import FRESH_MS, MOST_LETTERS, suggest
from coach.nudges.templates import FROM, TEMPLATES
from coach.settings import Settings


def asked(*lines: tuple, at_s: float = 60) -> str:
    return suggest(measured(lines, at_s).sentences, int(at_s * 1000))


def after(said: str, *cues: str) -> str:
    return asked((CUSTOMER, 1, 9, said, *(cues or ("need",))), at_s=12)


@pytest.mark.parametrize("template", TEMPLATES, ids=[t.said for t in TEMPLATES])
def test_every_template_has_an_example(template):
    assert after(template.said) == template.asks
    assert len(template.asks) <= MOST_LETTERS
    assert template.kind in FROM


def test_a_need_comes_before_what_was_said_after_it():
    lines = [
        (CUSTOMER, 1, 5, "The printer jams every morning.", "need"),
        (CUSTOMER, 6, 9, "Grace does hers on paper.", "world.today"),
    ]
    assert asked(*lines) == "What happens when the printer jams?"
    assert asked(lines[1]) == "What's the hardest part of doing it on paper?"


def test_what_is_perhaps_a_need_is_taken_up_as_one():
    said = next(s for s in TEMPLATES if s.kind == "problem")
    assert after(said.said, "need.perhaps") == said.asks


def test_the_latest_of_two_needs_is_taken_up():
    assert (
        asked(
            (CUSTOMER, 1, 5, "The printer jams every morning.", "need"),
            (CUSTOMER, 6, 9, "We're always short of drivers.", "need"),
        )
        == "What does being short of drivers cost you?"
    )


def test_their_my_is_our_your():
    assert after("I lost my best agent over it.") == "What happened when you lost your best agent?"
    assert after("We can't see our own stock.") == "What would change if you could see your own stock?"
    assert (
        after("We never know who I was up against.")
        == "What would change if you knew who you were up against?"
    )


def test_what_was_said_two_turns_ago_or_long_ago_is_past():
    need = (CUSTOMER, 1, 5, "The printer jams every morning.", "need")
    one = [need, (REP, 6, 8, "I see what that means."), (CUSTOMER, 9, 12, "Mondays are bad too.")]
    two = [*one, (REP, 13, 15, "Go on then, please."), (CUSTOMER, 16, 19, "Not much more to say.")]
    assert asked(*one)
    assert asked(*two) == ""
    assert asked(need, at_s=5 + FRESH_MS / 1000)
    assert asked(need, at_s=5.1 + FRESH_MS / 1000) == ""


def test_a_murmur_of_the_rep_ends_no_turn_of_theirs():
    need = (CUSTOMER, 1, 5, "The printer jams every morning.", "need")
    murmurs = [
        x
        for i in range(3)
        for x in (
            (REP, 6 + 4 * i, 6.5 + 4 * i, "Mm-hm.", "backchannel"),
            (CUSTOMER, 8 + 4 * i, 9 + 4 * i, "And so on."),
        )
    ]
    assert asked(need, *murmurs)


def test_what_is_not_yet_said_is_not_taken_up():
    assert asked((CUSTOMER, 30, 35, "The printer jams every morning.", "need"), at_s=60)
    heard = measured([(CUSTOMER, 30, 35, "The printer jams every morning.", "need")], 60).sentences
    assert suggest(heard, 34_000) == ""


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("We keep losing track of your invoices.", "they speak of us"),
        ("I lost my bloody keys.", "profanity"),
        ("We lost the stupid foreman.", "name-calling"),
        ("We keep losing track of the...", "it trails off"),
        ("We can't plan the.", "half a thought"),
        ("We lose two.", "nothing but a number"),
        ("I lost it.", "nothing but a pronoun"),
        ("I can't tell you that.", "no wish behind it"),
        ("Our extraordinarily overcomplicated dishwasher jams.", "too long"),
        ("Does the printer jam?", "a question"),
        ("· · · · ·", "a log without words"),
        ("", "nothing at all"),
    ],
)
def test_rather_none_than_a_bad_one(said, why):
    assert after(said) == "", why


@pytest.mark.parametrize(
    "said",
    [
        "I lost my husband in January.",
        "I can't lose another child like that.",
        "I have to fire my brother.",
        "I lost my job.",
        "We lost our best nurse to suicide.",
        "I've been crying for two hours.",
        "I was in hospital for three weeks.",
    ],
)
def test_what_is_too_near_to_them_is_left_alone(said):
    assert after(said, "need", "world.obstacle") == ""


def test_beside_a_grief_nothing_is_taken_up():
    lines = [
        (CUSTOMER, 1, 4, "My partner died.", "need"),
        (CUSTOMER, 4, 9, "We run out of clean sheets by noon.", "need"),
    ]
    assert asked(lines[1], at_s=10)
    assert asked(*lines, at_s=10) == ""


def test_asking_for_the_product_is_no_ground_for_a_question():
    assert after("We want a second kitchen.", "need")
    assert after("We want a second kitchen.", "need", "asks_for_pitch") == ""


def test_a_phrase_is_only_taken_from_a_sentence_that_speaks_of_it():
    said = "My director's already asking."
    assert after(said, "world.people") == "What does your director need to see?"
    assert after(said, "world.today") == ""


def test_a_clause_that_fits_is_found_behind_one_that_does_not():
    assert (
        after("I lost it, and then we lost the whole batch.")
        == "What happened when you lost the whole batch?"
    )


POUNCED = [
    (REP, 1, 3, "How do you do it?", "question.open"),
    (CUSTOMER, 24, 29, "The printer jams every morning.", "need"),
    (REP, 29.4, 32, "Our tool fixes that.", "pitch"),
    (REP, 32.6, 36, "It has three parts.", "pitch"),
    (CUSTOMER, 38, 50, "Well."),
]


def test_a_nudge_carries_its_question_but_the_call_is_spared_it_unless_asked_for():
    (quiet,) = [c for c in coached(POUNCED, 60) if isinstance(c, ShowNudge)]
    assert quiet.nudge.suggestion == "What happens when the printer jams?"
    assert quiet.offer == ""
    on = replace(Settings(), manners=replace(Settings().manners, suggestions=True))
    (offered,) = [c for c in coached(POUNCED, 60, on) if isinstance(c, ShowNudge)]
    assert offered.offer == quiet.nudge.suggestion
    assert offered.nudge == quiet.nudge


def test_the_same_log_gives_the_same_question_and_an_older_one_still_replays():
    events = told(POUNCED, 60)
    again = [load(dump(e)) for e in events]
    assert again == events
    heard = measured(POUNCED, 60).sentences
    assert suggest(heard, 32_000) == suggest(list(reversed(heard)), 32_000) != ""

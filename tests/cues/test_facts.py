"""What the names of the rep's own trade do to a sentence: statements, questions, greetings, running down."""

from __future__ import annotations

import pytest

from coach.call.events import Who
from coach.cues.reader import Reader
from coach.settings import Facts

KNOWN = Facts(company=("Acme",), products=("Ferrolift",), competitors=("Liftmaster", "Kone"))


def cues_of(text: str, facts: Facts | None = KNOWN, who: Who = Who.REP) -> tuple[str, ...]:
    return Reader(facts=facts).read(who, text).cues


def score_of(cue: str, text: str, facts: Facts | None) -> float:
    return dict(Reader(facts=facts).read(Who.REP, text).scores)[cue]


@pytest.mark.parametrize(
    "text",
    [
        "Ferrolift does that by itself.",
        "ferro lift does that by itself",
        "Ferolift does that by itself.",
        "Acme was founded in nineteen ninety.",
        "Ferrolift was built for lifts like these.",
        "Ferrolift never sleeps.",
        "That's exactly what Ferrolift does.",
        "Ferrolift's dashboard shows every lift.",
        "So Acme's been doing this since the war.",
        "With Ferrolift the report writes itself.",
        "Ferrolift does that, right?",
    ],
)
def test_an_own_name_with_something_to_say_for_itself_is_a_pitch(text: str) -> None:
    assert "pitch" in cues_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hi, it's Dana from Acme.",
        "My name is Tom, I'm with Acme.",
        "Acme here, good morning.",
        "I work at Acme.",
        "Do you know Acme?",
        "How does Ferrolift sound to you?",
        "You said Ferrolift was too dear.",
        "Ferrolift doesn't do that.",
        "Sorry, Ferrolift was down last night.",
        "I wrote Ferrolift on your form.",
    ],
)
def test_a_greeting_a_question_and_a_name_in_passing_are_not(text: str) -> None:
    assert "pitch" not in cues_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Liftmaster is a joke.",
        "Honestly, Liftmaster is years behind.",
        "Lift master will let you down.",
        "Liftmaster's engineers never turn up.",
        "Nobody at Kone picks up the phone.",
        "I wouldn't trust Liftmaster.",
    ],
)
def test_running_a_competitor_down_by_name_is_pressure(text: str) -> None:
    assert "pressure" in cues_of(text)
    assert score_of("pressure", text, KNOWN) > score_of("pressure", text, None)


@pytest.mark.parametrize(
    "text",
    [
        "How do you like Liftmaster?",
        "Is Liftmaster slow?",
        "You have Liftmaster in two shafts.",
        "You said Liftmaster is slow.",
        "Liftmaster is a good company.",
        "Liftmaster is never slow.",
        "There's nothing wrong with Liftmaster.",
        "The lift is slow.",
    ],
)
def test_naming_a_competitor_is_not(text: str) -> None:
    assert "pressure" not in cues_of(text)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("What does Ferrolift do?", True),
        ("What does ferro lift cost?", True),
        ("I'd like to hear more about Ferrolift.", True),
        ("Where did we stop?", False),
        ("I read about Ferrolift in the paper.", False),
    ],
)
def test_a_customer_who_asks_about_an_own_name_asks_for_a_pitch(text: str, asks: bool) -> None:  # noqa: FBT001 - a case's outcome
    assert ("asks_for_pitch" in cues_of(text, who=Who.CUSTOMER)) is asks


def test_a_customer_who_names_us_is_not_selling() -> None:
    assert cues_of("Ferrolift does that by itself.", who=Who.CUSTOMER) == cues_of(
        "Ferrolift does that by itself.", None, Who.CUSTOMER
    )


def test_a_pitch_that_was_asked_for_stays_invited() -> None:
    reader = Reader(facts=KNOWN)
    reader.read(Who.CUSTOMER, "What does Ferrolift do?")
    assert {"pitch", "invited"} <= set(reader.read(Who.REP, "Ferrolift was built for lifts like these.").cues)


@pytest.mark.parametrize("facts", [None, Facts(), Facts(only="We are the only ones.", jargon=("MRR",))])
def test_without_names_every_score_is_as_it_was(facts: Facts | None) -> None:
    for text in ("Ferrolift does that by itself.", "Liftmaster is a joke.", "What do you grow?"):
        assert Reader(facts=facts).read(Who.REP, text) == Reader().read(Who.REP, text)

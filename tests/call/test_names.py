"""When a name was said: as written, written apart, a little misheard, and its false friends."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.call.names import Names, words

LIFTS = Names(["Ferrolift", "Acme", "Acme Lifts", "MRR", "B&Q", "Hö\u00dfler", "Dunn's"])


def spotted(text: str, names: Names = LIFTS) -> list[str]:
    return [s.name for s in names.spot(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ferrolift does that.", ["Ferrolift"]),
        ("so FERROLIFT, then", ["Ferrolift"]),
        ("that's ferro lift for you", ["Ferrolift"]),
        ("Ferro-lift's door", ["Ferrolift"]),
        ("Ferolift does that.", ["Ferrolift"]),
        ("We call it Pharolift.", ["Ferrolift"]),
        ("the ferry lift runs", ["Ferrolift"]),
        ("I'm with Acme.", ["Acme"]),
        ("Acme\u2019s people", ["Acme"]),
        ("Acme Lifts and Acme", ["Acme Lifts", "Acme"]),
        ("the M.R.R. of May", ["MRR"]),
        ("at B and Q", ["B&Q"]),
        ("Hossler's crane", ["Hö\u00dfler"]),
        ("from Dunn's, or Dunn", ["Dunn's", "Dunn's"]),
    ],
)
def test_a_name_is_heard_whatever_the_recogniser_makes_of_it(text: str, names: list[str]) -> None:
    assert spotted(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "She has acne.",
        "a cme",
        "The forklift stands there.",
        "It was fairly light.",
        "A federal lift.",
        "for the lift",
        "sheriff lift",
        "ferrofluid",
        "lift",
        "",
        "...",
    ],
)
def test_its_false_friends_are_not(text: str) -> None:
    assert spotted(text) == []


def test_a_short_name_must_be_said_as_it_is() -> None:
    assert spotted("the bolts and the boat", Names(["Bolt"])) == []


def test_a_word_of_the_trade_may_have_a_plural() -> None:
    assert spotted("two APIs and an api", Names(["API"], plural=True)) == ["API", "API"]
    assert spotted("two APIs", Names(["API"])) == []


def test_a_long_name_is_not_misheard_and_written_apart_at_once_by_far() -> None:
    names = Names(["Liftmaster"])
    assert spotted("left master", names) == ["Liftmaster"]
    assert spotted("lost master", names) == []
    assert spotted("Liftmaker", names) == []


def test_where_it_stands_is_told_in_words() -> None:
    (spot,) = LIFTS.spot("Well, the ferro lift does that.")
    assert words("Well, the ferro lift does that.")[spot.first : spot.end] == ["ferro", "lift"]


def test_no_names_are_never_heard() -> None:
    assert Names([]).spot("Acme") == []
    assert Names(["", "-"]).spot("Acme") == []


@given(st.text(max_size=60))
def test_whatever_is_said_no_two_names_overlap(text: str) -> None:
    spots = LIFTS.spot(text)
    assert all(a.end <= b.first for a, b in pairwise(spots))

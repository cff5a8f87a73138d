"""The parts of a customer's world on both sides of their line, and what the rep's question adds."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

import pytest

from coach.call.events import Who
from coach.call.vocabulary import AIM, OBSTACLE, PEOPLE, TODAY, WHY_NOW, WORLD
from coach.cues.reader import Reader

_EXAMPLES: Final = tomllib.loads((Path(__file__).parent / "world.toml").read_text(encoding="utf-8"))


def _cases(side: str) -> list[object]:
    return [(part, text) for part, sides in _EXAMPLES.items() for text in sides[side]]


def _parts(text: str, *, after: str = "") -> set[str]:
    reader = Reader()
    if after:
        reader.read(Who.REP, after)
    return set(WORLD).intersection(reader.read(Who.CUSTOMER, text).cues)


def test_every_part_has_examples() -> None:
    assert set(_EXAMPLES) == set(WORLD)


@pytest.mark.parametrize(("part", "text"), _cases("is"))
def test_the_part_is_spoken_of(part: str, text: str) -> None:
    assert part in _parts(text)


@pytest.mark.parametrize(("part", "text"), _cases("not"))
def test_its_neighbour_is_not(part: str, text: str) -> None:
    assert part not in _parts(text)


def test_a_short_answer_counts_for_what_was_asked_after() -> None:
    answer = "Two terms, at the very most."
    assert WHY_NOW not in _parts("End of lease.")
    assert OBSTACLE not in _parts(answer)
    assert PEOPLE in _parts("The matron, and then the treasurer.", after="Who else has a say in this?")
    assert PEOPLE not in _parts("The matron, and then the treasurer.", after="What do you grow up there?")


def test_what_the_rep_asked_fades_after_two_sentences() -> None:
    reader = Reader()
    reader.read(Who.REP, "Who else has a say in this?")
    reader.read(Who.CUSTOMER, "Let me think.")
    reader.read(Who.CUSTOMER, "That depends.")
    assert PEOPLE not in reader.read(Who.CUSTOMER, "The matron, and then the treasurer.").cues


def test_a_question_of_theirs_tells_nothing_of_their_world() -> None:
    assert TODAY in _parts("We keep everything in a big binder.")
    assert _parts("Would we keep everything in a big binder?") == set()


def test_what_pushes_back_is_no_aim() -> None:
    assert AIM in _parts("We want one list that everybody can read.")
    assert AIM not in _parts("We want nothing of the sort, thank you, we're not interested.")

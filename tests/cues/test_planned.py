"""A planned question is known again in other words, and its near misses are not taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.planned import crossed, examples, figures
from coach.call.events import Who
from coach.cues.planned import Planned
from coach.cues.reader import Reader

PLANNED = ("How do you handle returns today?", "When does your contract end?", "Who signs off on this?")
FOLDER = Path(__file__).parents[2] / "benchmarks" / "planned"


@pytest.fixture(scope="module")
def planned() -> Planned:
    return Planned(PLANNED)


def match(planned: Planned, said: str) -> int | None:
    found = planned.match(said, Reader().read(Who.REP, said, 0, 2000).cues)
    return None if found is None else found.question


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("How do you handle returns today?", 0),
        ("And how are you handling returns at the moment?", 0),
        ("When is your contract up?", 1),
        ("Who has to sign off on it?", 2),
    ],
)
def test_the_same_question_in_other_words_is_known_again(planned: Planned, said: str, question: int) -> None:
    assert match(planned, said) == question


@pytest.mark.parametrize(
    "said",
    [
        "We handle returns for you.",
        "How do you handle invoices today?",
        "Our contracts run for two years.",
        "Can I see the contract?",
        "Mm-hm.",
        "",
    ],
)
def test_a_statement_or_another_question_is_none_of_them(planned: Planned, said: str) -> None:
    assert match(planned, said) is None


def test_nothing_planned_is_never_heard() -> None:
    assert match(Planned(()), "How do you handle returns today?") is None


def test_the_examples_that_chose_the_line_are_read_as_the_line_was_chosen() -> None:
    found = figures(examples(FOLDER / "choose.tsv"))
    assert found["precision"] >= 0.85
    assert found["recall"] >= 0.45


def test_the_examples_that_prove_it_go_to_no_other_question() -> None:
    rows = examples(FOLDER / "prove.tsv")
    assert not {q for q, _, _ in rows} & {q for q, _, _ in examples(FOLDER / "choose.tsv")}
    assert crossed(rows)[0] <= 1

"""The written scenes that the weights are learned from: every label is one that its side can have."""

from __future__ import annotations

import csv
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from coach.call.vocabulary import COUNTED_QUESTIONS, FOLLOW_UP, INVITED, PITCH
from coach.cues.reader import _OF_THE_CUSTOMER, _OF_THE_REP
from coach.shipped import shipped

_FOLDER = shipped("models", "cues")
_FILES = [_FOLDER / "sentences.tsv", *sorted(_FOLDER.glob("scenes/*.tsv"))]
_CUES = {"rep": set(_OF_THE_REP), "customer": set(_OF_THE_CUSTOMER)}


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("path", _FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_each_label_is_one_that_its_side_can_have(path: Path) -> None:
    lines = _lines(path)
    assert len(lines) > 1000
    for line in lines:
        assert set(line["cues"].split()) <= _CUES[line["who"]], line
        assert line["text"].strip(), line


@pytest.mark.parametrize("path", _FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_name_stands_where_its_conversation_begins(path: Path) -> None:
    lines = _lines(path)
    assert lines[0]["scene"]
    names = [line["scene"] for line in lines if line["scene"]]
    assert len(names) > 10
    assert all(before != name for before, name in pairwise(names))


@pytest.mark.parametrize("path", _FILES[1:], ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_mark_stands_only_on_what_it_marks(path: Path) -> None:
    for line in _lines(path):
        cues = set(line["cues"].split())
        assert FOLLOW_UP not in cues or cues & COUNTED_QUESTIONS, line
        assert INVITED not in cues or PITCH in cues, line


@pytest.mark.parametrize("path", _FILES[1:], ids=lambda p: p.stem)
def test_no_two_conversations_have_one_name(path: Path) -> None:
    # What is held out is drawn by the name: two of one name would be one conversation.
    names = [line["scene"] for line in _lines(path) if line["scene"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["consultations", "classrooms"])
def test_each_label_of_borrowed_talk_is_one_that_somebody_can_have(name: str) -> None:
    lines = _lines(_FOLDER / "borrowed" / f"{name}.tsv")
    assert lines[0]["talk"]
    assert len(lines) > 5000
    cues = {cue.removesuffix("?") for line in lines for cue in line["cues"].split()}
    assert cues <= _CUES["rep"] | _CUES["customer"]
    assert "reflection.mirror" in cues


def test_what_a_test_asks_was_not_learned() -> None:
    examples = tomllib.loads((Path(__file__).parent / "examples.toml").read_text(encoding="utf-8"))
    asked = {
        text
        for cues in examples.values()
        for sides in cues.values()
        for side in sides.values()
        for text in side
        if len(text.split()) > 6  # a shorter phrase may be anybody's
    }
    learned = {line["text"] for path in _FILES for line in _lines(path)}
    assert not asked & learned

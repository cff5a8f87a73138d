"""The learned weights: verified to the byte, the same for the same words, and of use where rules are blind."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from fakes import RulesAlone

from coach.call.events import Who
from coach.cues.learned import HEADS, RULES, Encoder, Near, Pieces, cues_of, learned, load, small_features
from coach.cues.reader import Reader
from coach.cues.text import sentence
from coach.shipped import shipped
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER: Final = shipped("models", "cues")
_NEAR: Final = Near(
    takes_over=True,
    run=0,
    sold=False,
    sold_in_run=False,
    told_story=False,
    invited=False,
    need=False,
    objection=False,
    asked=False,
    shared=0.0,
)
_FILES: Final = (
    *("encoder/config.json", "encoder/model.bin", "encoder/tuned.bin", "encoder/vocabulary.json"),
    "weights.json",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the weights that a test may spoil."""
    (tmp_path / "encoder").mkdir()
    for name in (*_FILES, "SHA256SUMS"):
        shutil.copy(_FOLDER / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", _FILES)
def test_one_flipped_bit_is_refused(folder: Path, name: str) -> None:
    raw = bytearray((folder / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / name).write_bytes(raw)
    with pytest.raises(Trouble, match="altered"):
        load(folder)


@pytest.mark.parametrize("name", [*_FILES, "SHA256SUMS"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(Trouble, match=name.rpartition("/")[2]):
        load(folder)


def test_a_file_that_the_list_does_not_name_is_refused(folder: Path) -> None:
    (folder / "SHA256SUMS").write_bytes(b"\xff\n")
    with pytest.raises(Trouble, match="altered"):
        load(folder)


def test_weights_loaded_twice_say_the_same(folder: Path) -> None:
    said = sentence("The lift has stood still since Easter and nobody comes.")
    once, again = load(folder), load(_FOLDER)
    rules = {"need": 0.4}
    heard = "how is the building"
    first = once.weigh(Who.CUSTOMER, said, rules, _NEAR, heard)
    assert first == again.weigh(Who.CUSTOMER, said, rules, _NEAR, heard)
    assert first == once.weigh(Who.CUSTOMER, said, rules, _NEAR, heard)


def test_the_weights_are_loaded_once_for_all_readers() -> None:
    assert learned() is learned()


def test_the_table_fits_the_features() -> None:
    table = json.loads((_FOLDER / "weights.json").read_text(encoding="utf-8"))
    vector = Encoder(_FOLDER / "encoder").vector("a word", "")
    small = {len(small_features(who, sentence("a word"), {}, _NEAR)) for who in Who}
    assert {len(row["weights"]) for row in table.values()} == {small.pop() + len(vector) + 1}
    assert not small
    assert set(table) == set(HEADS)


def test_every_line_is_above_what_a_score_is_brought_down_to_when_another_cue_rules_it_out() -> None:
    assert 0.2 < min(learned().lines.values()) <= max(learned().lines.values()) < 0.8


def test_the_list_of_checksums_is_that_of_the_files() -> None:
    for line in (_FOLDER / "SHA256SUMS").read_text(encoding="ascii").splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((_FOLDER / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("words", ["", "'", "x" * 5000, "so we do " * 2000, "antidisestablishmentarianism 9"])
def test_any_plain_words_have_a_vector(words: str) -> None:
    encoder = Encoder(_FOLDER / "encoder")
    for vector in (encoder.vector(words, ""), encoder.vector("a word", words), encoder.vector(words, words)):
        assert vector.shape == (768,)
        assert np.isfinite(vector).all()


@pytest.fixture
def pieces() -> Pieces:
    return Pieces(json.loads((_FOLDER / "encoder" / "vocabulary.json").read_text(encoding="utf-8")))


def test_an_unknown_piece_is_one_unknown_word(pieces: Pieces) -> None:
    assert pieces.of_word("né") == [1]


def test_of_what_was_heard_the_end_is_kept_and_of_the_sentence_the_beginning(pieces: Pieces) -> None:
    long = " ".join(["first", *["and"] * 200, "last"])
    said, heard = pieces.pair(long, long)
    assert pieces.of_word("first")[0] in said
    assert pieces.of_word("last")[0] not in said
    assert pieces.of_word("first")[0] not in heard
    assert pieces.of_word("last")[0] in heard


def test_with_nothing_heard_the_sentence_stands_alone(pieces: Pieces) -> None:
    said, heard = pieces.pair("how so", "")
    assert len(said) == 4
    assert heard == []


def test_a_rule_that_was_not_asked_counts_as_a_clear_no() -> None:
    small = small_features(Who.REP, sentence("a word"), {"pitch": 1.0}, _NEAR)
    first = 1  # the side itself
    pitch, story = (first + RULES[Who.REP].index(name) for name in ("pitch", "story"))
    assert small[pitch] == -small[story] == 5.0


def _heads(**known: float) -> dict[str, float]:
    return dict.fromkeys(HEADS, -3.0) | {name.replace("__", "."): z for name, z in known.items()}


def test_a_question_of_a_doubtful_kind_is_still_a_question() -> None:
    cues = cues_of(Who.REP, _heads(question=2.0, open=0.1))
    assert cues["question.open"] > 0.8
    assert cues["question.closed"] < 0.5


def test_a_leading_question_is_neither_open_nor_closed() -> None:
    cues = cues_of(Who.REP, _heads(question=2.0, open=0.1, question__leading=1.5))
    assert cues["question.leading"] > 0.8
    assert max(cues["question.open"], cues["question.closed"]) < 0.5


def test_one_reflection_stands_whatever_its_kinds_say() -> None:
    cues = cues_of(Who.REP, _heads(reflection=1.5, reflection__label=0.4, reflection__paraphrase=0.3))
    assert cues["reflection.label"] > 0.8
    assert cues["reflection.paraphrase"] < 0.5


@pytest.mark.parametrize(
    ("who", "cue", "text"),
    [
        (Who.CUSTOMER, "need", "By Thursday the ink has faded to nothing."),
        (Who.CUSTOMER, "objection", "The board would laugh me out of the room."),
    ],
)
def test_what_the_rules_alone_do_not_see(who: Who, cue: str, text: str) -> None:
    assert cue in Reader().read(who, text).cues
    assert cue not in Reader(RulesAlone()).read(who, text).cues

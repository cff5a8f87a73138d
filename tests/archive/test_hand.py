"""What is written by hand lies beside the session: the last line about a thing counts, nothing is lost."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from coach.archive.hand import HandFile, hand_path, read_hand
from coach.call.events import Who
from coach.call.hand import Correction, Hand, Note
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _a_session(tmp_path: Path) -> None:
    (tmp_path / "call.jsonl").write_text("the session")


def test_nothing_was_written_by_hand(tmp_path: Path) -> None:
    assert read_hand(tmp_path / "call.jsonl") == Hand()


def test_notes_corrections_title_and_tags_come_back(tmp_path: Path) -> None:
    file = HandFile(tmp_path / "call.jsonl")
    file.note(Note(9_000, "Here I rushed.\nBreathe."))
    file.note(Note(1_000, "Good."))
    file.correct(Correction(Who.REP, 500, speaker=Who.CUSTOMER, cues=("need",)))
    file.call_it("Karen, first take")
    file.tag(("practice", "sofa"))
    hand = read_hand(tmp_path / "call.jsonl")
    assert list(hand.notes) == [1_000, 9_000]
    assert hand.notes[9_000].text == "Here I rushed.\nBreathe."
    assert hand.corrections[Who.REP, 500].cues == ("need",)
    assert (hand.title, hand.tags) == ("Karen, first take", ("practice", "sofa"))


def test_what_is_taken_back_is_gone_but_stays_in_the_file(tmp_path: Path) -> None:
    file = HandFile(tmp_path / "call.jsonl")
    file.note(Note(1_000, "Good."))
    file.note(Note(1_000, ""))
    assert read_hand(tmp_path / "call.jsonl") == Hand()
    assert "Good." in hand_path(tmp_path / "call.jsonl").read_text()


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    HandFile(tmp_path / "call.jsonl").note(Note(0, "Mine."))
    if os.name == "posix":
        assert hand_path(tmp_path / "call.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_line_torn_by_a_crash_is_passed_by_and_the_next_one_is_whole(tmp_path: Path) -> None:
    file = HandFile(tmp_path / "call.jsonl")
    file.note(Note(1_000, "Good."))
    path = hand_path(tmp_path / "call.jsonl")
    path.write_text(path.read_text() + '{"note": {"at_ms": 2')
    assert list(read_hand(tmp_path / "call.jsonl").notes) == [1_000]
    file.note(Note(3_000, "Later."))
    assert list(read_hand(tmp_path / "call.jsonl").notes) == [1_000, 3_000]


def test_a_line_of_a_newer_coach_is_passed_by(tmp_path: Path) -> None:
    HandFile(tmp_path / "call.jsonl").note(Note(1_000, "Good."))
    path = hand_path(tmp_path / "call.jsonl")
    path.write_text(path.read_text() + '{"colour": "green"}\n')
    assert list(read_hand(tmp_path / "call.jsonl").notes) == [1_000]


@pytest.mark.parametrize("text", ["shopping list\n", '{"format": 9, "what": "coach hand"}\n', "[]\n{}\n"])
def test_a_file_of_someone_else_is_refused(tmp_path: Path, text: str) -> None:
    hand_path(tmp_path / "call.jsonl").write_text(text)
    with pytest.raises(Trouble, match="Line 1 of your notes"):
        read_hand(tmp_path / "call.jsonl")


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    hand_path(tmp_path / "call.jsonl").mkdir()
    with pytest.raises(Trouble, match="could not be written"):
        HandFile(tmp_path / "call.jsonl").note(Note(0, "Lost?"))


def test_nothing_comes_back_beside_a_call_that_was_forgotten(tmp_path: Path) -> None:
    (tmp_path / "call.jsonl").unlink()
    with pytest.raises(Trouble, match="no longer kept"):
        HandFile(tmp_path / "call.jsonl").note(Note(0, "Late."))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("odd", ["a\u2028b", "a\u0085b", "a\x1cb", "a\rb"])
def test_whatever_ends_a_line_elsewhere_does_not_end_one_here(tmp_path: Path, odd: str) -> None:
    file = HandFile(tmp_path / "call.jsonl")
    file.call_it(odd)
    file.note(Note(1_000, odd))
    hand = read_hand(tmp_path / "call.jsonl")
    assert (hand.title, hand.notes[1_000].text) == (odd, odd)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    hand_path(tmp_path / "call.jsonl").mkdir()
    with pytest.raises(Trouble, match="cannot be read"):
        read_hand(tmp_path / "call.jsonl")

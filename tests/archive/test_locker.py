"""The door: what is written where a library is locked, who may read it, and what it says when nobody has the key."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from locked import RIGHT, WORDS, WRONG, cheap, holding  # noqa: F401 - the fixture

from coach.archive import converting, envelope, exports, locker
from coach.archive.envelope import COPY, NAME, WrongSecret
from coach.archive.hand import HandFile, hand_path, read_hand
from coach.archive.locker import Locked
from coach.archive.log import SessionLog, read_head, read_session
from coach.archive.recovery import recover
from coach.archive.running import running_path
from coach.archive.sheet import LiveSheet
from coach.call.events import CallEnded, CallStarted, SentenceHeard, TimePassed, Who
from coach.call.hand import Note
from coach.settings import Facts

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cheap")
MARKER = b"Quixotic"
SAID = SentenceHeard(3000, Who.CUSTOMER, 1000, 2500, "Quixotic is what we call it.", ("need",), ())
CALL = (CallStarted(0, "discovery", (Who.REP, Who.CUSTOMER)), SAID, CallEnded(4000))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A locked library of which this process holds no key."""
    (tmp_path / "sessions").mkdir()
    converting.lock(tmp_path, RIGHT)
    locker.let_go()
    return tmp_path


def kept(home: Path, stem: str = "2026-11-22-100000") -> Path:
    path = home / "sessions" / f"{stem}.jsonl"
    log = SessionLog(path, "words", Facts(products=("Quixotic",)), {"title": "Quixotic Ltd"})
    for event in CALL:
        log.event(event)
    log.moments([])
    log.close()
    return path


def test_a_call_is_kept_without_the_passphrase_and_nothing_of_it_can_be_read(home: Path) -> None:
    path = kept(home)
    assert holding(home, MARKER) == []
    for reads in (read_session, read_head):
        with pytest.raises(Locked, match=r"Your earlier calls are locked\. Open them with your passphrase"):
            reads(path)


def test_with_the_passphrase_it_is_what_was_kept(home: Path) -> None:
    path = kept(home)
    locker.unlock(home, RIGHT)
    stored = read_session(path)
    assert (stored.events, stored.damage) == (CALL, "")
    assert read_head(path)["title"] == "Quixotic Ltd"


def test_another_passphrase_opens_nothing(home: Path) -> None:
    with pytest.raises(WrongSecret):
        locker.unlock(home, WRONG)
    assert locker.held() == {}


def test_a_call_with_a_live_sheet_is_sealed_line_by_line_as_it_happens(home: Path) -> None:
    sheet = LiveSheet(home / "sessions", "live", ".jsonl")
    log = SessionLog(sheet.path, "words", sheet=sheet)
    for event in CALL[:2]:
        log.event(event)
    assert holding(home, MARKER) == []
    locker.unlock(home, RIGHT)
    assert read_session(sheet.path).events == CALL[:2]
    log.close()


def test_a_call_saved_elsewhere_stays_sealed_and_opens_with_the_same_key(
    home: Path, tmp_path_factory
) -> None:
    other = tmp_path_factory.mktemp("elsewhere")
    sheet = LiveSheet(home / "sessions", "live", ".jsonl")
    log = SessionLog(sheet.path, "words", sheet=sheet)
    for event in CALL:
        log.event(event)
    log.close()
    saved = sheet.save_to(other)
    assert holding(other, MARKER) == []
    locker.unlock(home, RIGHT)
    assert read_session(saved).events == CALL


def test_a_crashed_call_waits_for_the_key_and_is_recovered_then(home: Path) -> None:
    path = home / "sessions" / "died.jsonl"
    log = SessionLog(path, "words")
    for event in (*CALL[:2], TimePassed(3500)):
        log.event(event)
    log.close()
    running_path(path).touch()
    before = path.read_bytes()
    assert recover(path.parent, ".jsonl") == []
    assert (path.read_bytes(), running_path(path).exists()) == (before, True)
    locker.unlock(home, RIGHT)
    assert [r.path for r in recover(path.parent, ".jsonl")] == [path]
    stored = read_session(path)
    assert (stored.ended_early, stored.damage, stored.events[-1]) == (True, "", CallEnded(3500))
    assert path.read_bytes().startswith(before)
    assert recover(path.parent, ".jsonl") == []


def test_a_call_torn_in_the_midst_of_a_line_is_recovered(home: Path) -> None:
    path = home / "sessions" / "died.jsonl"
    log = SessionLog(path, "words")
    for event in CALL[:2]:
        log.event(event)
    log.close()
    path.write_bytes(path.read_bytes()[:-30])
    running_path(path).touch()
    locker.unlock(home, RIGHT)
    (found,) = recover(path.parent, ".jsonl")
    assert "torn" in found.damage or "damaged" in found.damage
    assert read_session(path).events == (CALL[0], CallEnded(0))


def test_a_flipped_bit_costs_its_line_and_is_told_of(home: Path) -> None:
    path = kept(home)
    locker.unlock(home, RIGHT)
    data = bytearray(path.read_bytes())
    data[-len(data) // 3] ^= 4
    path.write_bytes(data)
    stored = read_session(path)
    assert "damaged" in stored.damage
    assert locker.damaged(path) == 1
    assert len(stored.events) >= 2


def test_notes_are_written_and_read_and_one_with_damage_costs_itself(home: Path) -> None:
    path = kept(home)
    for number in range(3):
        HandFile(path).note(Note(number, f"Quixotic {number}"))
    assert holding(home, MARKER) == []
    with pytest.raises(Locked):
        read_hand(path)
    locker.unlock(home, RIGHT)
    assert [n.text for n in read_hand(path).notes.values()] == ["Quixotic 0", "Quixotic 1", "Quixotic 2"]
    data = hand_path(path).read_bytes()
    lines = data.splitlines(keepends=True)
    record = next(i for i, line in enumerate(lines) if line.startswith(b"1 "))
    lines[record] = lines[record].swapcase()
    hand_path(path).write_bytes(b"".join(lines))
    assert [n.text for n in read_hand(path).notes.values()] == ["Quixotic 1", "Quixotic 2"]


def test_notes_of_one_call_open_beside_no_other(home: Path) -> None:
    one, other = kept(home, "one"), kept(home, "other")
    HandFile(one).note(Note(0, "Quixotic"))
    hand_path(one).rename(hand_path(other))
    locker.unlock(home, RIGHT)
    assert not read_hand(other).notes
    assert locker.damaged(hand_path(other))


def test_the_names_of_copies_are_sealed_too(home: Path) -> None:
    path = kept(home)
    copy = home.parent / "Quixotic.html"
    exports.note_down(path, [copy])
    assert holding(home, MARKER) == []
    assert exports.copies_of(path, there=False) == []
    locker.unlock(home, RIGHT)
    exports.note_down(path, [copy, home.parent / "second.html"])
    assert [p.name for p in exports.copies_of(path, there=False)] == ["Quixotic.html", "second.html"]


def test_who_is_asked_may_try_three_times_and_is_told_what_was_wrong(home: Path) -> None:
    path, told = kept(home), []

    def ask(_, wrong):
        told.append(wrong)
        return RIGHT if len(told) == 3 else WRONG

    locker.ask_with(ask)
    assert read_session(path).events == CALL
    assert [bool(t) for t in told] == [False, True, True]
    locker.let_go()
    told.clear()
    locker.ask_with(lambda _, wrong: told.append(wrong) or WRONG)
    with pytest.raises(Locked, match="does not open"):
        read_session(path)
    assert len(told) == 3


def test_who_says_not_now_is_not_asked_again(home: Path) -> None:
    path, asked = kept(home), []
    locker.ask_with(lambda *_: asked.append(1))
    for _ in range(3):
        with pytest.raises(Locked):
            read_session(path)
    assert asked == [1]


def test_a_copy_that_was_lost_is_made_again_when_somebody_opens_the_library(home: Path) -> None:
    (home / COPY).write_bytes(b"{")
    locker.unlock(home, RIGHT)
    assert (home / COPY).read_bytes() == (home / NAME).read_bytes()
    (home / NAME).unlink()
    locker.let_go()
    assert locker.is_on(home / "sessions" / "new.jsonl")
    locker.unlock(home, RIGHT)
    assert envelope.is_whole(home)


def test_a_folder_that_is_not_locked_is_written_as_ever_and_loads_no_cryptography(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from coach.archive.log import SessionLog, read_session
from coach.archive.hand import HandFile, read_hand
from coach.call.events import CallStarted, Who
from coach.call.hand import Note
path = Path(sys.argv[1]) / "sessions" / "call.jsonl"
log = SessionLog(path, "words")
log.event(CallStarted(0, "discovery", (Who.REP,)))
log.close()
HandFile(path).note(Note(0, "plain"))
assert read_session(path).events and read_hand(path).notes
assert b'"CallStarted"' in path.read_bytes()
print("cryptography" in sys.modules)
"""
    said = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert said.stdout.strip() == "False"


def test_the_words_of_the_sentences_are_those_of_a_rep(home: Path) -> None:
    assert (
        str(Locked()) == "Your earlier calls are locked. Open them with your passphrase; new calls are kept."
    )
    assert WORDS not in str(Locked())

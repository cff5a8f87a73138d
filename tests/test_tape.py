"""The sound of a call: two sides on one time, in a file that is whole wherever it ends."""

from __future__ import annotations

import os
import stat
import threading
import tracemalloc
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import blocks, sound
from playbook import CUSTOMER, REP

from coach.archive import soundfile
from coach.archive.soundfile import SoundFile, sound_path
from coach.audio.block import RATE, Block
from coach.audio.flac import FlacEncoder
from coach.audio.media import Decoding, find_track
from coach.audio.recording import reopen_recording
from coach.tape import BROKEN, MOST, PIECE, WAITS, Tape, _Mixer
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

SIDES = (REP, CUSTOMER)
FRAME = 1152
"""Samples of a frame at 16 kHz: so many may be missing at the end of a file that was cut."""


def heard(path: Path) -> np.ndarray:
    return np.concatenate(list(Decoding(find_track(path))), axis=1)


def speech(seconds: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-8000, 8000, round(seconds * RATE)).astype(np.int16)


@pytest.fixture
def session(tmp_path: Path) -> Path:
    return tmp_path / "2026-11-23-100000.jsonl"


def taped(session: Path, *given: Block, sides: tuple = SIDES) -> tuple[Tape, list[str]]:
    told: list[str] = []
    tape = Tape(sides, lambda: session, told.append)
    for block in given:
        tape.take(block)
    tape.close()
    return tape, told


def test_what_was_said_comes_back_sample_for_sample(session: Path) -> None:
    left, right = speech(2.5, 1), speech(2.5, 2)
    tape, told = taped(session, *blocks({REP: left, CUSTOMER: right}, 60))
    assert told == []
    assert tape.path == sound_path(session)
    assert np.array_equal(heard(tape.path), np.stack((left, right)))
    assert find_track(tape.path).declared_ms == 2_500


def test_the_microphone_alone_is_one_channel(session: Path) -> None:
    mine = speech(1.2)
    tape, _ = taped(session, *blocks({REP: mine}, 60), sides=(REP,))
    assert np.array_equal(heard(tape.path), mine[None])


def test_gaps_are_silence_and_nothing_is_heard_twice(session: Path) -> None:
    mine, theirs = speech(1, 1), speech(1, 2)[:15_000]
    late = 8_300
    tape, _ = taped(
        session,
        Block(REP, 0, mine),
        Block(CUSTOMER, late, theirs),
        Block(REP, RATE // 2, np.concatenate((mine[RATE // 2 :], mine))),
        Block(CUSTOMER, 3 * RATE, np.zeros(0, np.int16)),
    )
    got = heard(tape.path)
    assert np.array_equal(got[0, : 2 * RATE], np.concatenate((mine, mine)))
    assert not got[1, :late].any()
    assert np.array_equal(got[1, late : late + 15_000], theirs)
    assert got.shape[1] == 3 * RATE
    assert not got[0, 2 * RATE :].any()


def test_a_side_that_gives_nothing_holds_up_half_a_second_at_most(session: Path) -> None:
    tape = Tape(SIDES, lambda: session, lambda _: None)
    tape.take(Block(REP, 0, speech(4)))
    tape._waiting.put(None)
    tape._thread.join(20)  # what follows would have been given had it not been killed
    got = heard(sound_path(session))
    assert got.shape[1] >= 4 * RATE - WAITS - FRAME


@pytest.mark.parametrize("cut", [1, 100, 777, 5_000, 20_000])
def test_a_file_that_ends_anywhere_plays_up_to_there(session: Path, cut: int) -> None:
    said = speech(3)
    tape, _ = taped(session, *blocks({REP: said, CUSTOMER: said}, 60))
    whole = tape.path.read_bytes()
    encoder = FlacEncoder(2)
    killed = session.with_name("killed.flac")
    killed.write_bytes(
        encoder.head + whole[len(encoder.head) : len(whole) - cut]
    )  # no length, as it stands in a call
    recording = reopen_recording(killed, SIDES)
    got = np.concatenate(list(recording.samples()), axis=1)
    assert len(got[0]) >= len(said) * (len(whole) - cut) // len(whole) - 2 * FRAME
    assert np.array_equal(got[0], said[: len(got[0])])
    (first, *_) = recording.samples(RATE)
    assert np.array_equal(first[0], said[RATE : RATE + first.shape[1]])


def test_it_is_readable_by_its_owner_alone(session: Path) -> None:
    before = os.umask(0)
    try:
        tape, _ = taped(session, Block(REP, 0, speech(1)))
    finally:
        os.umask(before)
    assert stat.S_IMODE(tape.path.stat().st_mode) == 0o600


def test_a_call_that_could_not_be_kept_has_no_sound_either(session: Path) -> None:
    told: list[str] = []
    tape = Tape(SIDES, lambda: None, told.append)
    for block in blocks({REP: speech(2), CUSTOMER: speech(2)}, 60):
        tape.take(block)
    tape.close()
    assert told == ["the call itself could not be kept"]
    assert list(session.parent.iterdir()) == []


def test_a_file_that_stands_there_is_not_touched(session: Path) -> None:
    sound_path(session).write_bytes(b"somebody's")
    tape, told = taped(session, *blocks({REP: speech(1), CUSTOMER: speech(1)}, 60))
    assert told == ["File exists"]
    tape.discard()
    assert sound_path(session).read_bytes() == b"somebody's"


def test_a_disk_that_is_full_ends_the_sound_and_is_told_once(
    session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = SoundFile.add

    def refuse(self: SoundFile, data: bytes) -> None:
        if sound_path(session).stat().st_size > 60_000:
            raise OSError(28, "No space left on device")
        whole(self, data)

    monkeypatch.setattr(SoundFile, "add", refuse)
    said = speech(4)
    tape, told = taped(session, *blocks({REP: said, CUSTOMER: said}, 60))
    assert told == ["No space left on device"]
    got = heard(tape.path)
    assert np.array_equal(got[0], said[: got.shape[1]])
    assert got.shape[1] > FRAME


def test_a_disk_that_hangs_is_not_waited_for_and_fills_no_memory(
    session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, told = threading.Event(), []
    monkeypatch.setattr(SoundFile, "add", lambda self, data: hangs.wait(60))
    tape = Tape((REP,), lambda: session, told.append)
    small = np.zeros(FRAME, np.int16)
    for n in range(MOST + 10):
        tape.take(Block(REP, n * FRAME, small))
    assert told == ["the disk does not answer"]
    assert tape._waiting.qsize() <= MOST
    hangs.set()
    tape.close()


def test_it_can_be_taken_away_and_moved(session: Path, tmp_path: Path) -> None:
    tape, _ = taped(session, Block(REP, 0, speech(1)))
    there = tmp_path / "stick"
    there.mkdir()
    tape.move_to(there / "saved.jsonl")
    assert not tape.path.exists()
    assert heard(there / "saved.flac").shape == (2, RATE)
    with pytest.raises(Trouble, match="its sound could not be"):
        tape.move_to(there / "again.jsonl")
    tape, _ = taped(session, Block(REP, 0, speech(1)))
    tape.discard()
    assert not sound_path(session).exists()
    nothing, _ = taped(session)
    nothing.discard()
    nothing.move_to(session)


def test_the_disk_has_it_for_good_once_a_second(session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now, synced = [0.0], []
    monkeypatch.setattr(soundfile.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(soundfile, "_sync", lambda handle: synced.append(now[0]))
    file = SoundFile(session)
    for tenth in range(1, 32):
        now[0] = tenth / 10
        file.add(b"x" * 10)
    assert synced == [1.0, 2.0, 3.0]
    file.put(2, b"ab")
    file.add(b"end")
    file.close()
    file.close()
    assert file.path.read_bytes() == b"xxab" + b"x" * 306 + b"end"


def test_a_loud_and_a_quiet_minute_are_the_same_to_the_reader(session: Path) -> None:
    said = sound(1, (0.2, 0.8))
    tape, _ = taped(session, *blocks({REP: said, CUSTOMER: np.zeros_like(said)}, 60))
    assert np.array_equal(heard(tape.path)[0], said)


@pytest.mark.parametrize("place", ["coach.tape._Mixer.take", "coach.tape.FlacEncoder.encode"])
def test_any_other_fault_ends_the_sound_too_is_told_once_and_what_was_written_stays(
    session: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    said, told = speech(4), []
    tape = Tape((REP,), lambda: session, told.append)
    for block in islice(blocks({REP: said}, 60), 40):
        tape.take(block)
    until(lambda: tape._waiting.empty() and tape._file is not None)

    def broken(*_: object) -> bytes:
        raise MemoryError("what somebody said")

    monkeypatch.setattr(place, broken)
    for block in islice(blocks({REP: said}, 60), 40, None):
        tape.take(block)
    tape.close()
    assert told == [BROKEN]
    assert tape.fault == BROKEN
    assert not tape._thread.is_alive()
    got = heard(tape.path)
    assert np.array_equal(got[0], said[: got.shape[1]])
    assert got.shape[1] > RATE


def test_a_fault_in_the_last_breath_is_told_too_and_whoever_cannot_be_told_stops_nothing(
    session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def tell(why: str) -> None:
        told.append(why)
        raise RuntimeError

    def broken(_: object) -> bytes:
        raise ValueError

    monkeypatch.setattr(FlacEncoder, "end", broken)
    tape = Tape((REP,), lambda: session, tell)
    tape.take(Block(REP, 0, speech(1)))
    tape.close()
    assert told == [BROKEN]
    assert not tape._thread.is_alive()
    assert heard(tape.path).shape[1] > RATE // 2


def test_the_hours_that_a_machine_slept_never_stand_in_memory(session: Path) -> None:
    slept = 6 * 3600 * RATE
    mixer, given, most = _Mixer(SIDES), 0, 0
    said = speech(1)
    tracemalloc.start()
    for block in (Block(REP, 0, said), Block(CUSTOMER, 0, said), Block(REP, slept, said)):
        for piece in mixer.take(block):
            given, most = given + piece.shape[1], max(most, piece.shape[1])
    for piece in mixer.rest():
        given, last = given + piece.shape[1], piece
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert given == slept + RATE
    assert np.array_equal(last[0, -WAITS:], said[-WAITS:])
    assert not last[1].any()
    assert most <= PIECE + RATE
    assert peak < 8 * (PIECE + RATE) * 2 * len(
        SIDES
    )  # a few pieces; all of it would be six hundred times as much


def test_a_gap_of_minutes_is_written_whole(session: Path) -> None:
    said = speech(1)
    tape, told = taped(session, *blocks({REP: said, CUSTOMER: said}, 60), Block(CUSTOMER, 95 * RATE, said))
    got = heard(tape.path)
    assert told == []
    assert got.shape[1] == 96 * RATE
    assert np.array_equal(got[:, :RATE], np.stack((said, said)))
    assert not got[:, RATE : 95 * RATE].any()
    assert np.array_equal(got[1, 95 * RATE :], said)


class Slow:
    """Encodes a piece only when it may: as slow as a test wants a gap of hours to be."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, go_on) -> None:
        self.began, self.pieces, self.encode = threading.Event(), 0, FlacEncoder.encode

        def encode(encoder: FlacEncoder, piece: np.ndarray) -> bytes:
            self.pieces += 1
            if self.pieces > 1:
                self.began.set()
                until(go_on)
            return self.encode(encoder, piece)

        monkeypatch.setattr(FlacEncoder, "encode", encode)


HOURS = 300 * PIECE
"""A gap of 50 minutes: so many pieces."""


def test_what_is_given_up_in_the_midst_of_a_gap_is_encoded_no_further(
    session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    tape = Tape((REP,), lambda: session, told.append)
    slow = Slow(monkeypatch, lambda: tape.fault)
    tape.take(Block(REP, 0, speech(1)))
    tape.take(Block(REP, HOURS, speech(1)))
    assert slow.began.wait(30)
    for n in range(MOST + 1):
        tape.take(Block(REP, HOURS + (n + 1) * FRAME, np.zeros(FRAME, np.int16)))
    tape._waiting.put(None)
    tape._thread.join(60)
    assert told == ["the disk does not answer"]
    assert slow.pieces == 2
    assert heard(tape.path).shape[1] > RATE // 2  # what was written stays


def test_what_is_taken_away_waits_for_no_gap_and_none_of_it_stays(
    session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = Tape((REP,), lambda: session, lambda _: None)
    slow = Slow(monkeypatch, lambda: not tape._waiting.empty())
    tape.take(Block(REP, 0, speech(1)))
    tape.take(Block(REP, HOURS, speech(1)))
    assert slow.began.wait(30)
    assert sound_path(session).exists()
    tape.discard()
    tape._thread.join(60)
    assert slow.pieces == 2
    assert list(session.parent.iterdir()) == []


def test_what_is_dropped_goes_by_itself_and_nothing_is_taken_any_more(session: Path) -> None:
    tape = Tape((REP,), lambda: session, lambda _: None)
    tape.take(Block(REP, 0, speech(1)))
    until(lambda: tape.path is not None)
    tape.drop()
    tape.take(Block(REP, RATE, speech(1)))
    tape._thread.join(60)
    assert not tape._thread.is_alive()
    assert list(session.parent.iterdir()) == []
    tape.close()  # the call still ends
    assert tape.fault == ""


def until(done) -> None:
    """Wait for another thread."""
    for _ in range(3000):
        if done():
            return
        threading.Event().wait(0.01)
    pytest.fail("it did not come to that")

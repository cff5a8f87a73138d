"""One channel as two sides: every moment of voice on one of them, or on none."""

from __future__ import annotations

import numpy as np
import pytest
from rigs.files import write

from coach.audio.apart import Apart, Timetable
from coach.audio.block import RATE
from coach.audio.recording import open_recording
from coach.call.events import Who
from coach.live.ear import Ear

TOLD = ((1000, 2000, Who.REP), (2000, 3000, Who.CUSTOMER), (3500, 4000, None), (4500, 5000, Who.REP))


@pytest.fixture
def recording(tmp_path):
    sound = np.full((1, 6 * RATE), 500, np.int16)
    return open_recording(write(tmp_path / "memo.wav", sound))


def sides(apart: Apart, block_ms: int = 20) -> dict[Who, np.ndarray]:
    parts: dict[Who, list[np.ndarray]] = {Who.REP: [], Who.CUSTOMER: []}
    for block in apart.blocks(block_ms):
        assert block.start == sum(len(p) for p in parts[block.who])
        parts[block.who].append(block.samples)
    return {who: np.concatenate(p) for who, p in parts.items()}


def at(side: np.ndarray, *seconds: float) -> list[bool]:
    return [bool(side[round(s * RATE)]) for s in seconds]


def test_voice_is_on_its_own_side_and_the_quiet_on_both(recording):
    heard = sides(Apart(recording, TOLD))
    moments = (0.5, 1.5, 2.5, 3.2, 3.7, 4.7, 5.5)
    assert at(heard[Who.REP], *moments) == [True, True, False, True, False, True, True]
    assert at(heard[Who.CUSTOMER], *moments) == [True, False, True, True, False, False, True]


def test_no_moment_of_voice_is_heard_twice(recording):
    heard = sides(Apart(recording, TOLD))
    for start, end, _ in TOLD:
        span = slice(start * RATE // 1000, end * RATE // 1000)
        assert not (heard[Who.REP][span].astype(bool) & heard[Who.CUSTOMER][span].astype(bool)).any()


@pytest.mark.parametrize("block_ms", [1, 33, 2500])
def test_the_size_of_the_blocks_changes_nothing(recording, block_ms):
    expected, heard = sides(Apart(recording, TOLD)), sides(Apart(recording, TOLD), block_ms)
    assert all((heard[who] == expected[who]).all() for who in expected)


def test_it_can_be_read_from_any_place(recording):
    apart = Apart(recording, TOLD)
    start = 2 * RATE + 7
    later = np.concatenate(list(apart.samples(start)), axis=1)
    heard = sides(apart)
    assert (later[0] == heard[Who.REP][start:]).all()
    assert (later[1] == heard[Who.CUSTOMER][start:]).all()


def test_unsure_time_is_counted_and_the_file_is_told_of_without_its_one_channel(recording):
    apart = Apart(recording, TOLD)
    list(apart.blocks())
    assert apart.unsure_ms == 500
    assert "One channel" in recording.note
    assert apart.note == "It lasts only 6 seconds; figures need a longer call to mean something."


def test_the_line_hears_who_spoke_as_it_was_told(recording):
    apart = Apart(recording, TOLD)
    detectors = iter(apart.detectors())
    ear = Ear(apart.channels, lambda: next(detectors))
    changes = [c for b in apart.blocks(100) for c in ear.hear(b).changes]
    assert [(c.who, c.speaking, c.since_ms) for c in changes if c.who is Who.CUSTOMER] == [
        (Who.CUSTOMER, True, 2000),
        (Who.CUSTOMER, False, 3000),
    ]
    assert [c.since_ms for c in changes if c.who is Who.REP] == [1000, 2000, 4500, 5000]
    assert all(c.since_ms < c.known_ms for c in changes)


def test_stretches_that_touch_are_one_and_changes_come_in_order():
    timetable = Timetable([(1000, 1500), (1500, 2000), (2010, 2500)])
    changes = timetable.hear(np.zeros(3 * RATE, np.int16))
    assert [(speaking, since // 16) for _, speaking, since in changes] == [
        (True, 1000),
        (False, 2000),
        (True, 2010),
        (False, 2500),
    ]
    known = [k for k, *_ in changes]
    assert known == sorted(known)


def test_a_timetable_tells_nothing_ahead_of_time():
    timetable = Timetable([(1000, 2000)])
    assert timetable.hear(np.zeros(RATE, np.int16)) == []
    assert [speaking for _, speaking, _ in timetable.hear(np.zeros(RATE, np.int16))] == [True]

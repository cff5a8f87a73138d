"""Devices count samples, the call counts from its beginning: where a block belongs."""

from __future__ import annotations

from fakes import LoudnessDetector, sound
from playbook import CUSTOMER, REP

from coach.audio.block import RATE, Block
from coach.live.ear import Ear
from coach.live.listener import Listener
from coach.live.mailbox import Arrival


def listener():
    return Listener(Ear((REP, CUSTOMER), LoudnessDetector), (REP, CUSTOMER), began_s=100.0)


def second(who, number, at_s, *voices):
    """Return the ``number``-th second of a device, as it arrives at ``at_s`` of the clock."""
    return Arrival(Block(who, number * RATE, sound(1, *voices)), at_s)


def test_the_first_block_is_placed_by_when_it_came():
    heard = listener().hear(second(REP, 0, 103.0))
    assert heard.until_ms == 3000


def test_later_blocks_are_placed_by_their_own_count():
    line = listener()
    line.hear(second(REP, 0, 101.0))
    assert line.hear(second(REP, 1, 102.2)).until_ms == 2000
    assert line.hear(second(REP, 2, 102.9)).until_ms == 3000


def test_a_device_that_lost_sound_without_a_word_is_placed_anew():
    line = listener()
    line.hear(second(REP, 0, 101.0))
    assert line.hear(second(REP, 1, 107.0)).until_ms == 7000


def test_a_side_that_gives_nothing_is_silent_and_time_goes_on():
    line = listener()
    line.hear(second(REP, 0, 101.0))
    assert line.fill(100.9) == []
    filled = {h.who: h.until_ms for h in line.fill(103.0)}
    assert filled == {REP: 2500, CUSTOMER: 2500}


def test_after_silence_a_side_comes_back_in_its_place():
    line = listener()
    line.hear(second(CUSTOMER, 0, 101.0, (0, 1)))
    line.fill(105.0)
    heard = line.hear(second(CUSTOMER, 1, 106.0, (0.5, 1)))
    assert heard.until_ms == 6000
    assert [(c.speaking, c.since_ms) for c in heard.changes] == [(True, 5500)]


def test_a_lost_side_is_neither_heard_nor_filled_until_it_is_back():
    line = listener()
    line.lose(CUSTOMER)
    assert line.hear(second(CUSTOMER, 0, 101.0)) is None
    assert [h.who for h in line.fill(103.0)] == [REP]
    line.regain(CUSTOMER)
    assert line.hear(second(CUSTOMER, 0, 104.0)).until_ms == 4000


def test_three_seconds_of_exact_zeros_are_told_once():
    line = listener()
    told = []
    for i in range(6):
        line.hear(second(REP, i, 101.0 + i))
        told.append(line.gives_zeros(REP))
    assert told == [False, False, True, False, False, False]


def test_sound_after_zeros_is_told_once_too():
    line = listener()
    back = []
    for i in range(7):
        line.hear(second(REP, i, 101.0 + i, (0, 1)) if i > 3 else second(REP, i, 101.0 + i))
        line.gives_zeros(REP)
        back.append(line.gives_sound_again(REP))
    assert back == [False, False, False, False, True, False, False]


def test_a_sound_starts_the_count_of_zeros_anew():
    line = listener()
    for i in range(6):
        line.hear(second(REP, i, 101.0 + i, (0, 0.001)) if i % 2 else second(REP, i, 101.0 + i))
        assert not line.gives_zeros(REP)

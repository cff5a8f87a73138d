"""The mailbox never lets a device wait, counts what it could not hold, and is emptied in one go."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from fakes import sound
from playbook import CUSTOMER, REP

from coach.audio.block import RATE, Block
from coach.live import mailbox
from coach.live.mailbox import Arrival, Loss, Mailbox, together


def block(who, start=0):
    return Block(who, start, sound(0.06))


def taken(box):
    return [i.block.who if isinstance(i, Arrival) else i for i in box.take(0)]


def test_what_does_not_fit_is_counted():
    box = Mailbox(lambda: 7.0, room=2 * RATE // 100)
    for start in range(5):
        box.deliver(Block(REP, start, sound(0.01)))
    assert box.dropped == 3
    first, _ = box.take(0)
    assert isinstance(first, Arrival)
    assert (first.block.start, first.at_s) == (0, 7.0)


@pytest.mark.parametrize(
    "size", [160, 171, 960, 1600]
)  # 171: 512 frames at 48 kHz, as CoreAudio hands them out
def test_half_a_minute_of_each_side_waits_however_it_is_cut(size):
    box, samples = Mailbox(lambda: 0.0), np.zeros(size, np.int16)
    most = -(-30 * RATE // size)
    for n in range(most + 5):
        box.deliver(Block(REP, n * size, samples))
    assert box.dropped == 5
    box.deliver(Block(CUSTOMER, 0, samples))  # what waits of one side takes no room of the other
    assert box.dropped == 5
    items = box.take(0)
    assert len(items) == most + 1
    box.deliver(Block(REP, 0, samples))  # and with what was taken there is room again
    assert box.dropped == 5


def test_a_block_longer_than_the_room_is_taken_where_nothing_waits():
    box = Mailbox(lambda: 0.0, room=10)
    box.deliver(Block(REP, 0, sound(0.06)))
    box.deliver(Block(REP, 960, sound(0.06)))
    assert box.dropped == 1
    assert taken(box) == [REP]


def test_losses_and_the_end_come_in_order_and_nothing_after_them():
    box = Mailbox(lambda: 0.0)
    box.lost(CUSTOMER, "unplugged")
    box.close()
    assert box.take(0) == [Loss(CUSTOMER, "unplugged"), None]
    assert box.take(0) == []


def test_both_sides_are_taken_together():
    box = Mailbox(lambda: 0.0)
    box.deliver(block(REP))
    box.deliver(block(CUSTOMER))
    assert taken(box) == [REP, CUSTOMER]


def test_the_side_that_is_still_to_come_is_waited_for():
    box = Mailbox(lambda: 0.0)
    box.deliver(block(CUSTOMER))
    box.deliver(block(REP))
    box.take(0)
    box.deliver(block(REP, 960))
    assert not box._complete()
    box.deliver(block(CUSTOMER, 960))
    assert box._complete()


def test_a_side_that_rests_is_not_waited_for():
    now = [0.0]
    box = Mailbox(lambda: now[0])
    box.deliver(block(CUSTOMER))
    box.take(0)
    now[0] = 3.0
    box.deliver(block(REP))
    assert box._complete()


def test_a_lost_side_is_not_waited_for_and_its_loss_does_not_wait():
    box = Mailbox(lambda: 0.0)
    box.deliver(block(CUSTOMER))
    box.take(0)
    box.deliver(block(REP))
    box.lost(CUSTOMER, "unplugged")
    assert box._complete()
    assert taken(box) == [REP, Loss(CUSTOMER, "unplugged")]
    box.deliver(block(REP, 960))
    assert box._complete()


def test_what_comes_wakes_whoever_waits():
    box, got = Mailbox(lambda: 0.0), []
    waiting = threading.Thread(target=lambda: got.extend(box.take(60)))
    waiting.start()
    box.deliver(block(REP))
    waiting.join(30)
    assert [i.block.who for i in got] == [REP]


def test_in_a_long_quiet_blocks_gather_until_news_cannot_wait(monkeypatch):
    monkeypatch.setattr(mailbox, "UNHURRIED_S", 60.0)
    box, got = Mailbox(lambda: 0.0), []
    waiting = threading.Thread(target=lambda: got.extend(box.take(60, unhurried=True)))
    waiting.start()
    for start in (0, 960, 1920):
        box.deliver(block(REP, start))
        box.deliver(block(CUSTOMER, start))
    assert waiting.is_alive()
    box.lost(CUSTOMER, "unplugged")
    waiting.join(30)
    assert [i.block.who for i in got[:-1]] == [REP, CUSTOMER] * 3
    assert got[-1] == Loss(CUSTOMER, "unplugged")


def test_in_a_long_quiet_blocks_are_taken_when_they_have_gathered(monkeypatch):
    monkeypatch.setattr(mailbox, "UNHURRIED_S", 0.0)
    box = Mailbox(lambda: 0.0)
    box.deliver(block(REP))
    assert [i.block.who for i in box.take(0, unhurried=True)] == [REP]


def peak(who, start, loudest):
    samples = np.zeros(960, np.int16)
    samples[7] = loudest
    return Block(who, start, samples)


@pytest.fixture
def quiet(monkeypatch):
    """A mailbox in a long quiet, whose sides have given noise with a peak of 100 and of nothing by now."""
    monkeypatch.setattr(mailbox, "UNHURRIED_S", 0.0)
    box = Mailbox(lambda: 0.0)
    box.take(0, unhurried=True)
    box.deliver(peak(REP, 0, 100))
    box.deliver(peak(CUSTOMER, 0, 0))
    box.take(0, unhurried=True)
    return box


@pytest.mark.parametrize("loudest", [150, -150, -32768])
def test_in_a_long_quiet_what_may_be_a_voice_is_heard_at_once(quiet, loudest):
    quiet.deliver(peak(REP, 960, 100))
    assert not quiet._urgent
    quiet.deliver(peak(REP, 1920, loudest))
    assert quiet._urgent


def test_in_a_long_quiet_each_side_has_a_noise_of_its_own(quiet):
    quiet.deliver(peak(CUSTOMER, 960, 20))
    assert quiet._urgent


def test_in_a_long_quiet_a_door_hides_a_voice_for_a_minute_and_no_longer(quiet):
    quiet.deliver(peak(REP, 960, 20_000))
    for _ in range(10):
        quiet.take(0, unhurried=True)
    quiet.deliver(peak(REP, 1920, 1_000))
    assert not quiet._urgent
    for _ in range(60):
        quiet.take(0, unhurried=True)
    quiet.deliver(peak(REP, 2880, 1_000))
    assert quiet._urgent


def test_what_was_loud_before_somebody_spoke_is_forgotten(quiet):
    quiet.deliver(peak(REP, 960, 20_000))
    quiet.take(0)
    quiet.take(0, unhurried=True)
    quiet.deliver(peak(REP, 1920, 1_000))
    assert quiet._urgent


def starts(item):
    return [(a.block.who, a.block.start) for a in item] if isinstance(item, list) else item


def test_blocks_of_a_side_go_together_and_news_between_them_keeps_its_place():
    gone = Loss(CUSTOMER, "unplugged")
    items = [Arrival(block(who, start), 0.0) for start in (0, 960) for who in (REP, CUSTOMER)]
    items[3:3] = [gone]
    assert [starts(item) for item in together([*items, None])] == [
        [(REP, 0), (REP, 960)],
        [(CUSTOMER, 0)],
        gone,
        [(CUSTOMER, 960)],
        None,
    ]


def test_no_more_than_a_second_goes_together():
    items = [Arrival(Block(REP, n * 4000, np.zeros(4000, np.int16)), 0.0) for n in range(9)]
    assert [len(item) for item in together(items)] == [4, 4, 1]

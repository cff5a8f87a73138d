"""The mailbox never lets a device wait, and counts what it could not hold."""

import queue

import pytest
from fakes import sound
from playbook import CUSTOMER, REP

from coach.audio.block import Block
from coach.live.mailbox import Arrival, Loss, Mailbox


def test_what_does_not_fit_is_counted():
    box = Mailbox(lambda: 7.0, room=2)
    for start in range(5):
        box.deliver(Block(REP, start, sound(0.01)))
    assert box.dropped == 3
    first = box.take(0)
    assert isinstance(first, Arrival)
    assert (first.block.start, first.at_s) == (0, 7.0)


def test_losses_and_the_end_come_in_order():
    box = Mailbox(lambda: 0.0)
    box.lost(CUSTOMER, "unplugged")
    box.close()
    assert box.take(0) == Loss(CUSTOMER, "unplugged")
    assert box.take(0) is None
    with pytest.raises(queue.Empty):
        box.take(0)

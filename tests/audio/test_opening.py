"""A source keeps its promises: nothing after stop, a loss told once, and a fresh start each time."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from coach.audio.block import Block
from coach.audio.opening import Opening, Source
from coach.call.events import Who

WAIT_S = 20
BLOCK = Block(Who.REP, 0, np.ones(960, np.int16))


class Toy(Source):
    """A device that the test speaks for."""

    look_s = 0.01

    def __init__(self) -> None:
        super().__init__(Who.REP, "Toy")
        self.why, self.closed = "", 0
        self.openings: list[Opening] = []

    def _open(self, opening: Opening) -> None:
        self.openings.append(opening)

    def _close(self) -> None:
        self.closed += 1

    def _look(self) -> str:
        if self.why == "fail":
            raise OSError(self.why)
        return self.why


class Room:
    """Hears what a source says."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.losses: list[str] = []
        self.lost = threading.Event()

    def on_loss(self, _who: Who, why: str) -> None:
        self.losses.append(why)
        self.lost.set()


@pytest.fixture
def toy():
    toy = Toy()
    yield toy
    toy.stop()


@pytest.fixture
def room():
    return Room()


def test_a_look_that_finds_the_device_gone_is_told_once_as_a_sentence(toy, room):
    toy.start(room.blocks.append, room.on_loss)
    toy.why = "it was unplugged"
    assert room.lost.wait(WAIT_S)
    toy.openings[0].gone("and it broke")
    toy.stop()
    assert room.losses == ["'Toy' is no longer heard: it was unplugged."]


def test_a_look_that_fails_vouches_for_nothing(toy, room):
    toy.start(room.blocks.append, room.on_loss)
    toy.why = "fail"
    assert room.lost.wait(WAIT_S)
    assert "does not answer" in room.losses[0]


def test_once_lost_or_stopped_nothing_is_delivered(toy, room):
    toy.start(room.blocks.append, room.on_loss)
    toy.openings[0].hand_on(BLOCK)
    assert toy.blocks == 1
    toy.stop()
    toy.openings[0].hand_on(BLOCK)
    toy.openings[0].gone("too late to be told")
    assert room.blocks == [BLOCK]
    assert room.losses == []
    assert toy.closed == 1
    toy.stop()
    assert toy.closed == 1


def test_a_late_callback_of_one_opening_does_not_speak_in_the_next(toy, room):
    toy.start(room.blocks.append, room.on_loss)
    toy.openings[0].gone("it was unplugged")
    assert room.lost.wait(WAIT_S)
    toy.stop()
    room.lost.clear()
    toy.start(room.blocks.append, room.on_loss)
    toy.openings[0].hand_on(BLOCK)
    toy.openings[0].gone("again")
    assert room.blocks == []
    toy.openings[1].gone("it was switched off")
    assert room.lost.wait(WAIT_S)
    assert len(room.losses) == 2


def test_a_source_is_started_once_at_a_time(toy, room):
    toy.start(room.blocks.append, room.on_loss)
    with pytest.raises(RuntimeError, match="open already"):
        toy.start(room.blocks.append, room.on_loss)


def test_who_hears_of_a_loss_may_stop_the_source_at_once(toy, room):
    stopped = threading.Event()

    def on_loss(_who, _why):
        toy.stop()
        stopped.set()

    toy.start(room.blocks.append, on_loss)
    toy.openings[0].gone("it was unplugged")
    assert stopped.wait(WAIT_S)


def test_its_thread_ends_with_the_opening(toy, room):
    toy.start(room.blocks.append, room.on_loss)
    toy.stop()
    assert "watch Toy" not in {t.name for t in threading.enumerate()}

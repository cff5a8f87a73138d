"""A device hands in its own sound, counts what is lost, and falls silent rather than speak for the other."""

from __future__ import annotations

import os
import queue
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rigs.sound import LOUDSPEAKER, MICROPHONE, SoundRig, sound_rig, tone

from coach.audio.block import RATE, Block
from coach.audio.capture import BLOCK, HELD
from coach.audio.devices import Device, find_loopback, find_microphone
from coach.audio.loopback import Loopback
from coach.audio.microphone import Microphone
from coach.call.events import Who
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from coach.audio.capture import Capture

DEVICE = Device("somewhere", "Some microphone", "microphone")
BLOCK_S = BLOCK / RATE
WAIT_S = 20
"""More than enough on a busy machine; a passing test waits for none of it."""


class Listener:
    """Takes what a source hands in, and waits for it."""

    def __init__(self) -> None:
        self.blocks: queue.Queue[Block] = queue.Queue()
        self.losses: queue.Queue[tuple[Who, str]] = queue.Queue()

    def lost(self, who: Who, why: str) -> None:
        self.losses.put((who, why))

    def start(self, source: Capture) -> None:
        source.start(self.blocks.put, self.lost)

    def hear(self, seconds: float) -> NDArray[np.int16]:
        parts: list[NDArray[np.int16]] = []
        while sum(map(len, parts)) < seconds * RATE:
            parts.append(self.blocks.get(timeout=WAIT_S).samples)
        return np.concatenate(parts)

    def hear_until_sound(self) -> None:
        while not self.blocks.get(timeout=WAIT_S).samples.any():
            pass

    def rest(self) -> list[Block]:
        blocks = []
        while not self.blocks.empty():
            blocks.append(self.blocks.get_nowait())
        return blocks


def strength(samples: NDArray[np.int16], hertz: float) -> float:
    """Return the peak of the sine of this pitch in the samples."""
    t = np.arange(len(samples)) / RATE
    return float(2 * abs(np.mean(samples * np.exp(-2j * np.pi * hertz * t))))


def ready(source: Capture, listener: Listener) -> None:
    """Let a source take blocks that the test hands it, without a device."""
    source._begin()
    source._deliver, source._lost = listener.blocks.put, listener.lost


def block(value: int) -> NDArray[np.int16]:
    return np.full(BLOCK, value, np.int16)


def test_blocks_count_from_the_first_sample_and_are_held_back_a_moment() -> None:
    source, listener = Microphone(DEVICE), Listener()
    ready(source, listener)
    for i in range(HELD + 3):
        source.take(block(i), i * BLOCK_S, i * BLOCK_S, lost_some=False)
    heard = listener.rest()
    assert [(b.who, b.start) for b in heard] == [(Who.REP, i * BLOCK) for i in range(3)]
    assert [int(b.samples[0]) for b in heard] == [0, 1, 2]


def test_lost_samples_are_a_gap_in_the_count_and_not_a_shift() -> None:
    source, listener = Microphone(DEVICE), Listener()
    ready(source, listener)
    for i in range(HELD + 2):
        at_s = i * BLOCK_S + (i > 0) * 0.5
        source.take(block(i), at_s, at_s, lost_some=i == 1)
    assert [b.start for b in listener.rest()] == [0, BLOCK + RATE // 2]
    assert source.overflows == 1


def test_what_was_held_back_when_the_source_is_lost_is_never_handed_on() -> None:
    source, listener = Microphone(DEVICE), Listener()
    ready(source, listener)
    for i in range(HELD):
        source.take(block(i), i * BLOCK_S, i * BLOCK_S, lost_some=False)
    source._moved("the system switched to another device")
    source._moved("it was unplugged")
    source.stop()
    assert listener.rest() == []
    assert listener.losses.get_nowait() == (
        Who.REP,
        "'Some microphone' is no longer heard: the system switched to another device.",
    )
    assert listener.losses.empty()


class Doubting:
    """A watch that vouches when the test says so."""

    def __init__(self) -> None:
        self.sure = False

    def vouches(self) -> bool:
        return self.sure

    def stop(self) -> None:
        """End."""


def test_what_nobody_vouches_for_waits_and_is_thrown_away_with_the_stream() -> None:
    source, listener, watch = Microphone(DEVICE), Listener(), Doubting()
    ready(source, listener)
    source._watch = watch  # type: ignore[assignment]
    for i in range(HELD + 3):
        source.take(block(i), i * BLOCK_S, i * BLOCK_S, lost_some=False)
    assert listener.rest() == []
    watch.sure = True
    source.take(block(9), 4 * BLOCK_S, 4 * BLOCK_S, lost_some=False)
    assert [int(b.samples[0]) for b in listener.rest()] == [0, 1, 2, 3]
    watch.sure = False
    source._stream = type("Stream", (), {"close": lambda _: None})()
    source.stop()
    assert listener.rest() == []


def test_stopping_what_never_started_is_harmless() -> None:
    Microphone(DEVICE).stop()


@pytest.fixture
def rig() -> Iterator[SoundRig]:
    with sound_rig() as rig, rig.here():
        yield rig


@pytest.mark.desktop
def test_microphone_and_loudspeaker_are_heard_at_once_and_apart(rig: SoundRig) -> None:
    microphone, loopback = Microphone(find_microphone()), Loopback(find_loopback())
    rep, customer = Listener(), Listener()
    rep.start(microphone)
    customer.start(loopback)
    rep.hear(0.1)
    customer.hear(0.1)
    rig.play(MICROPHONE, tone(440, 10))
    rig.play(LOUDSPEAKER, tone(880, 10))
    rep.hear_until_sound()
    customer.hear_until_sound()
    low, high = rep.hear(1), customer.hear(1)
    microphone.stop()
    loopback.stop()
    assert strength(low, 440) > 300 * strength(low, 880)
    assert strength(high, 880) > 300 * strength(high, 440)
    assert min(strength(low, 440), strength(high, 880)) > 3000
    assert "PULSE_SOURCE" not in os.environ


@pytest.mark.desktop
def test_an_unplugged_microphone_is_lost_and_never_becomes_the_customer(rig: SoundRig) -> None:
    microphone, loopback = Microphone(find_microphone()), Loopback(find_loopback())
    rep, customer = Listener(), Listener()
    rep.start(microphone)
    customer.start(loopback)
    rig.play(LOUDSPEAKER, tone(880, 30))
    rep.hear(0.5)
    customer.hear_until_sound()
    rig.remove_sink(MICROPHONE)
    who, why = rep.losses.get(timeout=WAIT_S)
    customer.rest()
    customer.hear(1)  # a second in which the moved stream would bring the customer's tone
    microphone.stop()
    loopback.stop()
    assert who is Who.REP
    assert why.startswith("'Monitor of callmic' is no longer heard: ")
    assert not any(b.samples.any() for b in rep.rest())
    assert customer.losses.empty()


@pytest.mark.desktop
def test_a_lost_microphone_can_be_opened_again_when_it_is_back(rig: SoundRig) -> None:
    microphone, rep = Microphone(find_microphone()), Listener()
    rep.start(microphone)
    rep.hear(0.1)
    rig.remove_sink(MICROPHONE)
    rep.losses.get(timeout=WAIT_S)
    microphone.stop()
    with pytest.raises(Trouble, match="cannot be opened"):
        rep.start(microphone)
    rig.add_sink(MICROPHONE)
    rep.rest()
    rep.start(microphone)
    assert rep.blocks.get(timeout=WAIT_S).start == 0
    microphone.stop()


@pytest.mark.desktop
def test_the_death_of_the_server_is_told_once_a_side(rig: SoundRig) -> None:
    microphone, rep = Microphone(find_microphone()), Listener()
    rep.start(microphone)
    rep.hear(0.1)
    rig.die()
    assert rep.losses.get(timeout=WAIT_S)[0] is Who.REP
    microphone.stop()
    assert rep.losses.empty()


@pytest.mark.desktop
def test_nothing_comes_after_stop_and_the_last_moment_is_handed_over(rig: SoundRig) -> None:
    microphone, rep = Microphone(find_microphone()), Listener()
    rep.start(microphone)
    rep.hear(0.2)
    microphone.stop()
    heard = rep.rest()
    assert len(heard) >= HELD
    assert [b.start for b in heard] == [heard[0].start + i * BLOCK for i in range(len(heard))]
    microphone.stop()
    assert rep.blocks.empty()

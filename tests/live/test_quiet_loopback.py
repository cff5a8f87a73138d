"""What Windows does while nothing plays, heard by the real listener: time goes on, and what comes next lies in it.

The loopback sends nothing for ten minutes; the microphone goes on. The source counts the time by the device's clock,
the listener fills it by ours, and the two must agree.
"""

from __future__ import annotations

import numpy as np
import pytest
from fakes import LoudnessDetector
from playbook import CUSTOMER, REP
from rigs.systems import Clock

from coach.audio.block import RATE, Block
from coach.audio.intake import BLOCK_S, Intake
from coach.live.ear import Ear
from coach.live.listener import Listener
from coach.live.mailbox import Arrival

LISTEN_S = 0.25


def in_time(at_s: float) -> float:
    """Give a driver's clock: it heard the sound a little before we did."""
    return at_s - 0.01


def clockless(_at_s: float) -> float:
    """Give what a driver without a clock gives."""
    return 0.0


def below_nought(_at_s: float) -> float:
    """Give the same once PortAudio has subtracted what it still held."""
    return -0.003


class Call:
    """A call on one clock: a microphone that never pauses, and a loopback of a given rate and driver."""

    def __init__(self, rate: int, adc) -> None:
        self.clock, self.adc, self.rate = Clock(1000.0), adc, rate
        self.changes: list[tuple[bool, float]] = []
        self.ear = Ear((REP, CUSTOMER), LoudnessDetector)
        self.listener = Listener(self.ear, (REP, CUSTOMER), began_s=1000.0)
        self.sides = {
            REP: Intake(REP, RATE, self.hear, clock=self.clock),
            CUSTOMER: Intake(CUSTOMER, rate, self.hear, pauses=True, clock=self.clock),
        }
        self.filled_s = 1000.0

    def hear(self, block: Block) -> None:
        heard = self.listener.hear(Arrival(block, self.clock.now_s))
        if heard is not None:
            self.note(heard)

    def note(self, heard) -> None:
        if heard.who is CUSTOMER:
            self.changes += [(c.speaking, c.since_ms / 1000) for c in heard.changes]

    def go_on(self, seconds: float, *, loud: float | None) -> None:
        """Let time pass; the loopback sends a noise of this loudness, or nothing."""
        for _ in range(round(seconds / BLOCK_S)):
            before_s = self.clock.now_s
            self.clock.now_s += BLOCK_S
            self.sides[REP].take(np.zeros((round(RATE * BLOCK_S), 1), np.float32), before_s)
            if loud is not None:
                frames = round(self.rate * BLOCK_S)
                noise = loud * np.sin(2 * np.pi * 440 * np.arange(frames * 2) / self.rate)
                self.sides[CUSTOMER].take(noise.reshape(frames, 2).astype(np.float32), self.adc(before_s))
            if self.clock.now_s - self.filled_s > LISTEN_S:
                self.filled_s = self.clock.now_s
                for heard in self.listener.fill(self.clock.now_s):
                    self.note(heard)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize(
    ("adc", "quiet_s"),
    [
        (in_time, 0.42),
        (in_time, 0.7),
        (clockless, 0.7),
        (in_time, 1.2),
        (in_time, 600.0),
        (clockless, 1.2),  # less is not told from a busy machine, and set right by the listener as it goes
        (clockless, 600.0),
        (below_nought, 600.0),
    ],
)
def test_after_ten_minutes_of_nothing_the_next_word_lies_in_its_place(rate, adc, quiet_s):
    call = Call(rate, adc)
    call.go_on(6, loud=0.0)
    call.go_on(3, loud=0.5)
    call.go_on(quiet_s, loud=None)
    began_s = call.clock.now_s - 1000.0
    call.go_on(3, loud=0.5)
    call.go_on(1, loud=0.0)
    starts = [at_s for speaking, at_s in call.changes if speaking]
    assert starts[0] == pytest.approx(6.0, abs=0.05)
    assert starts[-1] == pytest.approx(began_s, abs=0.05)
    ends = [at_s for speaking, at_s in call.changes if not speaking]
    assert ends[0] == pytest.approx(9.0, abs=0.05)


def test_both_sides_have_come_equally_far_when_nothing_was_played_for_ten_minutes():
    call = Call(48_000, lambda at_s: at_s)
    call.go_on(3, loud=0.5)
    call.go_on(600, loud=None)
    rep, customer = call.ear.until(REP) / RATE, call.ear.until(CUSTOMER) / RATE
    assert rep == pytest.approx(603, abs=0.05)
    assert 601.5 < customer < 603


class Kept:
    """An ear that keeps what it hears where it was placed, and hears no time twice."""

    def __init__(self):
        self.sound, self.taken, self.cut = np.zeros(30 * RATE, np.int16), 0, 0

    def hear(self, block):
        late = min(max(0, self.taken - block.start), len(block.samples))
        self.cut += np.count_nonzero(block.samples[:late])
        self.sound[block.start + late : block.end] = block.samples[late:]
        self.taken = max(self.taken, block.end)

    def silence(self, who, until):
        self.hear(Block(who, until, np.zeros(0, np.int16)))

    def until(self, _who):
        return self.taken


def played(*parts, block_s=BLOCK_S, looks_s=0.0):
    """Let a loopback play and send nothing by turns, in seconds; return what was heard, and what should have been.

    The listener looks every quarter of a second, ``looks_s`` after the call began.
    """
    clock, ear = Clock(1000.0), Kept()
    listener = Listener(ear, (CUSTOMER,), began_s=1000.0)
    intake = Intake(
        CUSTOMER,
        RATE,
        lambda block: listener.hear(Arrival(block, clock.now_s)),
        pauses=True,
        clock=clock,
    )
    at_s, look_s, expected = 1000.0, 1000.0 + looks_s, np.zeros_like(ear.sound)
    for i, part_s in enumerate(parts):
        end_s = at_s + part_s
        while i % 2 == 0 and at_s < end_s - 0.001:
            at_s += block_s
            while look_s < at_s:
                listener.fill(look_s)
                look_s += LISTEN_S
            clock.now_s = at_s
            frames = round(block_s * RATE)
            end = round((at_s - 1000.0) * RATE)
            expected[end - frames : end] = 1
            intake.take(np.full((frames, 1), 0.5, np.float32), at_s - block_s)
        at_s = end_s
    return ear, expected


def shifted_s(heard, expected, since_s):
    """Return by how many seconds the first sound since then is late."""
    since = round(since_s * RATE)
    return (np.flatnonzero(heard[since:])[0] - np.flatnonzero(expected[since:])[0]) / RATE


@pytest.mark.parametrize("block_s", [0.03, 0.06])
@pytest.mark.parametrize("looks_s", [0.01, 0.09, 0.17])
def test_after_a_pause_of_any_length_every_word_is_heard_in_its_place(block_s, looks_s):
    for pause_s in np.arange(0.5, 2.5, 0.04):
        ear, expected = played(3, pause_s, 3, block_s=block_s, looks_s=looks_s)
        wrong = np.count_nonzero((ear.sound != 0) != expected) / RATE
        assert (ear.cut, wrong) == (0, pytest.approx(0, abs=0.002)), pause_s


@pytest.mark.parametrize("looks_s", [0.01, 0.09, 0.17])
@pytest.mark.parametrize("pause_s", [0.6, 0.8, 1.2, 3.0, 9.0])
def test_a_short_sound_between_two_pauses_moves_and_cuts_nothing_of_what_follows(looks_s, pause_s):
    ear, expected = played(3, 0.5, 0.18, pause_s, 3, looks_s=looks_s)
    began_s = 3.68 + pause_s
    assert shifted_s(ear.sound, expected, 3.9) == pytest.approx(0, abs=0.002)
    assert np.count_nonzero(ear.sound[round(began_s * RATE) :]) == pytest.approx(3 * RATE, abs=2)
    assert ear.cut == 0


def test_a_side_that_gives_only_zeros_after_a_silence_is_waited_for_a_moment_and_then_keeps_time():
    ear = Kept()
    listener = Listener(ear, (CUSTOMER,), began_s=0.0)
    listener.hear(Arrival(Block(CUSTOMER, 0, np.ones(RATE, np.int16)), 1.0))
    listener.fill(3.0)
    tenth, until = RATE // 10, []
    for i, at_s in enumerate((3.1, 3.3, 3.4)):
        listener.hear(Arrival(Block(CUSTOMER, RATE + i * tenth, np.zeros(tenth, np.int16)), at_s))
        until.append(ear.taken / RATE)
    assert until == pytest.approx([2.6, 2.8, 3.4])
    listener.hear(Arrival(Block(CUSTOMER, RATE + 3 * tenth, np.zeros(3 * RATE, np.int16)), 6.4))
    assert ear.taken / RATE == pytest.approx(6.4)
    assert listener.gives_zeros(CUSTOMER)

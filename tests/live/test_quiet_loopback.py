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

"""What is kept of the rep's own voice in a live call."""

from __future__ import annotations

import numpy as np
from fakes import LOUD, LoudnessDetector

from coach.audio.block import RATE, Block
from coach.call.events import Who
from coach.live.overheard import BETWEEN, KEPT_S, TAKEN_S, OverheardEar, OwnVoice

SIDES = (Who.REP, Who.CUSTOMER)


def call(own: OwnVoice, seconds: float, *said: tuple[Who, float, float]) -> None:
    """Let an ear hear a call in which the sides speak; the rep is twice as loud."""
    ear = OverheardEar(own.hear, SIDES, LoudnessDetector)
    sound = {who: np.zeros(round(seconds * RATE), np.int16) for who in SIDES}
    for who, start, end in said:
        sound[who][round(start * RATE) : round(end * RATE)] = LOUD * (2 if who is Who.REP else 1)
    for start in range(0, round(seconds * RATE), RATE):
        for who in SIDES:
            ear.hear(Block(who, start, sound[who][start : start + RATE]))


def loud(sound) -> float:
    return float((np.abs(sound) >= LOUD).sum() / RATE)


def test_the_reps_voice_is_kept_and_nobody_elses():
    own = OwnVoice()
    call(own, 14, (Who.REP, 1, 4), (Who.CUSTOMER, 6, 9), (Who.REP, 10, 12))
    assert loud(own.sound()) == 5.0
    assert set(np.unique(own.sound())) == {0, 2 * LOUD}


def test_a_stretch_in_which_the_customer_speaks_too_is_left_out():
    own = OwnVoice()
    call(own, 14, (Who.REP, 1, 4), (Who.REP, 6, 9), (Who.CUSTOMER, 8, 11))
    assert loud(own.sound()) == 3.0


def test_no_more_is_kept_than_is_needed():
    own = OwnVoice()
    call(own, 300, *((Who.REP, k, k + 4) for k in range(1, 296, 5)))
    assert sum(len(s.samples) for s in own._mine) <= (KEPT_S + 10) * RATE
    taken = loud(own.sound())
    assert TAKEN_S - 10 <= taken <= TAKEN_S + 10
    assert not own.sound()[-BETWEEN:].any()


def test_nobody_spoke():
    assert len(OwnVoice().sound()) == 0

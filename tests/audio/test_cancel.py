"""What the loudspeakers play is taken out of the microphone; the rep's own voice stays."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from rigs.rooms import leaking, level_db, voice, whole

from benchmarks.rooms import Room
from coach.audio.block import RATE
from coach.audio.cancel import FRAME, GUARD, Aec3, Floor, Own, best_canceller

DELAY = RATE * 40 // 1000
"""The room's own; the far side is laid `GUARD` before its echo, as the stage does."""


def cancelled(canceller, microphone, loopback):
    far = np.concatenate((np.zeros(DELAY - GUARD, np.int16), loopback))
    frames = range(0, len(microphone) - FRAME + 1, FRAME)
    return np.concatenate([canceller.cancel(microphone[i : i + FRAME], far[i : i + FRAME]) for i in frames])


def part_passed(samples):
    """Return the part of the frames that are not silence."""
    return float(np.mean(np.any(samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME) != 0, axis=1)))


@pytest.mark.parametrize("echo_db", [-3, -20])
def test_what_is_only_the_customer_becomes_silence(echo_db):
    microphone, loopback = leaking(Room(echo_db), np.zeros(10 * RATE), voice(10, 1))
    left = cancelled(Own(), microphone, loopback)[2 * RATE :]
    assert level_db(left) < level_db(microphone[2 * RATE :]) - 25


def test_the_rep_alone_is_heard_as_before():
    rep, customer = voice(12, 2, (6, 12)), voice(12, 1, (0, 5))
    microphone, loopback = leaking(Room(-6), rep, customer)
    left = cancelled(Own(), microphone, loopback)
    alone = slice(7 * RATE, 12 * RATE)
    assert np.abs(left[alone].astype(int) - microphone[alone]).max() <= 1


def test_a_rep_who_speaks_over_the_customer_is_kept():
    rep, customer = voice(12, 2, (6, 12)), voice(12, 1)
    microphone, loopback = leaking(Room(-12), rep, customer)
    left = cancelled(Own(), microphone, loopback)
    both = slice(7 * RATE, 12 * RATE)
    assert level_db(left[both]) > level_db(microphone[both]) - 2


def test_a_microphone_that_turns_itself_down_at_once_lets_no_customer_through():
    microphone, loopback = leaking(Room(-12), np.zeros(10 * RATE), voice(10, 1))
    gain = np.repeat([4.0, 1.0, 0.25], [4 * RATE, 3 * RATE, 3 * RATE])
    left = cancelled(Own(), whole(microphone / 32768 * gain), loopback)
    assert part_passed(left[3 * RATE :]) == 0


def test_a_rep_who_speaks_over_the_customer_in_a_noisy_room_is_kept():
    rep, customer = voice(12, 2, (6, 12)), voice(12, 1)
    microphone, loopback = leaking(Room(-12, noise_dbfs=-45), rep, customer)
    left = cancelled(Own(), microphone, loopback)
    assert part_passed(left[7 * RATE :]) > 0.7
    assert part_passed(left[2 * RATE : 6 * RATE]) < 0.02


def test_the_noise_of_a_room_is_found_beneath_a_voice_and_after_it_has_grown():
    floor, rng = Floor(1), np.random.default_rng(4)
    said = np.tile(np.repeat([100.0, 0.0], [40, 30]), 8)
    for grown in (1, 10):
        noise = grown * rng.chisquare(8, len(said)) / 8
        heard = [float(floor.hear(np.array([power]))[0]) for power in noise + said]
        assert np.median(heard[200:]) == pytest.approx(grown, rel=0.5)


class Module:
    """Remembers what WebRTC was given; halves what it is to clean."""

    def __init__(self, **wanted):
        self.asked = [("wants", wanted)]

    def process_reverse_stream(self, frame):
        self.asked.append(("far", len(frame.data) // 2))

    def set_stream_delay_ms(self, ms):
        self.asked.append(("delay", ms))

    def process_stream(self, frame):
        self.asked.append(("near", len(frame.data) // 2))
        frame.data[:] = (np.frombuffer(frame.data, np.int16) // 2).tobytes()


@pytest.fixture
def wheel(monkeypatch):
    """Install a wheel that is none."""
    livekit = ModuleType("livekit")
    livekit.rtc = SimpleNamespace(
        AudioProcessingModule=Module,
        AudioFrame=lambda data, rate, channels, count: SimpleNamespace(data=data, rate=rate),
    )
    monkeypatch.setitem(sys.modules, "livekit", livekit)


@pytest.mark.usefixtures("wheel")
def test_webrtc_gets_ten_milliseconds_the_far_side_first():
    canceller = Aec3()
    left = canceller.cancel(np.full(FRAME, 100, np.int16), np.zeros(FRAME, np.int16))
    assert left.tolist() == [50] * FRAME
    ten = [("far", 160), ("delay", 10), ("near", 160)]
    assert canceller._module.asked == [("wants", {"echo_cancellation": True}), *ten, *ten]


def test_where_the_wheel_is_not_installed_our_own_stands_in(monkeypatch):
    monkeypatch.setitem(sys.modules, "livekit", None)
    assert isinstance(best_canceller(), Own)

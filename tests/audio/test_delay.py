"""A delay between two clocks is followed as a line, and sound is read between its samples."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.block import RATE
from coach.audio.delay import Delay, between

PPM = 1e-6


def followed(rate, *, seconds=(0, 60), lag=640.0, noise=0.05, steps=(), seed=1):
    """Measure a delay twice a second; return what is believed at the end, and what is true there."""
    rng, delay = np.random.default_rng(seed), Delay()
    true = lag
    for at in np.arange(*seconds, 0.5) * RATE:
        true = lag + rate * at + sum(by for since, by in steps if at >= since * RATE)
        delay.hear(at, true + noise * rng.standard_normal(), clear=True)
    return delay.line, true


@pytest.mark.parametrize("ppm", [0, 5, 300, -300])
def test_where_it_will_be_after_half_a_minute_of_silence_is_known_to_a_sample(ppm):
    line, true = followed(ppm * PPM)
    assert line.lag_at(90 * RATE) == pytest.approx(true + ppm * PPM * 30.5 * RATE, abs=0.5)
    assert line.rate == pytest.approx(ppm * PPM, abs=1.5 * PPM)


def test_where_it_was_before_it_was_measured_is_known_too():
    line, _ = followed(300 * PPM, seconds=(0, 8))
    assert line.lag_at(4 * RATE) == pytest.approx(640 + 300 * PPM * 4 * RATE, abs=0.5)


def test_lost_sound_is_a_step_and_the_clocks_go_on_as_before():
    line, true = followed(300 * PPM, steps=[(55, 80)])
    assert line.lag == pytest.approx(true, abs=0.3)
    assert line.rate == pytest.approx(300 * PPM, abs=2 * PPM)


def test_one_measurement_far_from_the_others_moves_nothing_unless_another_agrees():
    delay = Delay()
    for i in range(20):
        delay.hear(i * RATE, 640.0, clear=False)
    delay.hear(20 * RATE, 700.0, clear=False)
    assert delay.line.lag == pytest.approx(640, abs=0.1)
    delay.hear(21 * RATE, 640.0, clear=False)
    delay.hear(22 * RATE, 700.0, clear=False)
    assert delay.line.lag == pytest.approx(640, abs=0.1)
    delay.hear(23 * RATE, 700.0, clear=False)
    assert delay.line.lag == pytest.approx(700, abs=0.1)


def test_a_delay_that_is_lost_and_found_is_of_the_same_clocks():
    delay = Delay()
    for i in range(60):
        delay.hear(i * RATE, 300 * PPM * i * RATE, clear=True)
    delay.lose()
    assert delay.line is None
    delay.begin(100 * RATE, -50.0)
    assert delay.line.lag_at(110 * RATE) == pytest.approx(-50 + 300 * PPM * 10 * RATE, abs=0.5)


def test_a_tone_read_between_its_samples_is_the_same_tone_a_little_later():
    def tone(at):
        return 10_000 * np.sin(2 * np.pi * 1000 / RATE * np.asarray(at))

    def read(start, stop):
        return np.rint(tone(np.arange(start, stop))).astype(np.int16)

    for position in (100.0, 100.25, 100.5, -3.4):
        away = between(read, position, 320) - tone(position + np.arange(320))
        assert np.abs(away).max() < 12
    for longer in (0.3, -0.3):
        gone = np.arange(320) * (1 + longer / 320)
        assert np.abs(between(read, 100.25, 320, longer) - tone(100.25 + gone)).max() < 30


def test_silence_is_read_as_silence():
    assert not between(lambda start, stop: np.zeros(stop - start, np.int16), 0.5, 320).any()

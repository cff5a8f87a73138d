"""Each ear hears whom it should, as fast as it should, with the pitch as it was."""

from __future__ import annotations

import numpy as np
import pytest
from rigs.sound import tone

from coach.audio.block import RATE
from coach.audio.stretch import ears, stretched


@pytest.mark.parametrize(
    ("chosen", "left", "right"),
    [
        ("both", [30, 32767], [30, 32767]),
        ("apart", [10, 30_000], [20, 31_000]),
        ("rep", [10, 30_000], [10, 30_000]),
        ("customer", [20, 31_000], [20, 31_000]),
    ],
)
def test_each_ear_hears_whom_it_should(chosen, left, right):
    got = ears(np.array([[10, 30_000], [20, 31_000]], np.int16), chosen)
    assert got.dtype == np.int16
    assert got.T.tolist() == [left, right]


@pytest.mark.parametrize("chosen", ["both", "apart", "rep", "customer"])
def test_one_channel_is_heard_whoever_is_chosen(chosen):
    assert ears(np.array([[10, 20]], np.int16), chosen).T.tolist() == [[10, 20], [10, 20]]


def test_a_stretched_click_is_where_it_should_be():
    clicks = np.zeros((4 * RATE, 2), np.int16)
    clicks[2 * RATE] = 20_000
    got = np.concatenate(list(stretched(iter([clicks]), 1.6)))
    assert abs(int(np.abs(got[:, 0]).argmax()) * 1.6 / RATE - 2) < 0.05


def test_at_the_recordings_own_speed_every_sample_is_the_same():
    sound = np.random.default_rng(3).integers(-30_000, 30_000, (5000, 2), np.int16)
    pieces = list(stretched(iter([sound[:3000], sound[3000:]]), 1))
    assert np.array_equal(np.concatenate(pieces), sound)
    assert max(map(len, pieces)) <= RATE // 20


@pytest.mark.parametrize("speed", [0.75, 1.5, 2.0])
def test_what_is_faster_is_shorter_and_no_higher(speed):
    sound = np.column_stack([tone(440, 4)] * 2)
    got = np.concatenate(list(stretched(iter(np.array_split(sound, 50)), speed)))
    assert len(got) == pytest.approx(len(sound) / speed, rel=0.01)
    spectrum = np.abs(np.fft.rfft(got[:, 1] * np.hanning(len(got))))
    assert spectrum.argmax() * RATE / len(got) == pytest.approx(440, abs=2)


def test_of_nothing_nothing_is_made():
    assert list(stretched(iter([]), 1.5)) == []
    assert sum(map(len, stretched(iter([np.zeros((10, 2), np.int16)]), 1.5))) < 20

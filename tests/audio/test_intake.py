"""Whatever form a device's sound comes in, it leaves as counted blocks of one channel, and time is never lost."""

from __future__ import annotations

import numpy as np
import pytest
from rigs.systems import Clock

from coach.audio.block import RATE, Block
from coach.audio.intake import BLOCK_S, LATE_S, Intake, Mixer
from coach.call.events import Who

LENGTH_S = BLOCK_S
HELD_S = 0.04
"""What the change of rate may still hold."""


class Device:
    """Brings a tone in blocks of 60 ms, by a clock of its own and by ours."""

    def __init__(self, rate: int = 48_000, *, pauses: bool = False, adc=lambda at_s: 50.0 + at_s) -> None:
        self.clock, self.adc, self.rate = Clock(), adc, rate
        self.blocks: list[Block] = []
        self.intake = Intake(Who.CUSTOMER, rate, self.blocks.append, pauses=pauses, clock=self.clock)
        self.at_s = 0.0

    def bring(
        self, count: int = 1, *, late_s: float = 0.0, lost_some: bool = False, channels: int = 2
    ) -> None:
        frames = round(self.rate * LENGTH_S)
        for _ in range(count):
            t = self.at_s + np.arange(frames) / self.rate
            sound = np.tile(0.5 * np.sin(2 * np.pi * 440 * t).astype(np.float32), (channels, 1)).T
            adc_s = self.adc(self.at_s)
            self.at_s += LENGTH_S
            self.clock.now_s = 1000.0 + self.at_s + late_s
            self.intake.take(sound, adc_s, lost_some=lost_some)
            lost_some = False

    def wait(self, seconds: float) -> None:
        self.at_s += seconds

    def sound(self) -> np.ndarray:
        """Return what was heard, every block where its count puts it."""
        whole = np.zeros(self.blocks[-1].end, np.int16)
        for b in self.blocks:
            assert b.start >= 0
            whole[b.start : b.end] = b.samples
        return whole


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 96_000, 192_000])
def test_every_rate_becomes_sixteen_thousand_without_a_seam(rate):
    device = Device(rate)
    device.bring(50)
    heard = device.sound()
    t = np.arange(len(heard)) / RATE
    expected = 0.5 * 32767 * np.sin(2 * np.pi * 440 * t)
    middle = slice(RATE // 10, len(heard) - RATE // 10)
    assert np.abs(heard - expected)[middle].max() < 20
    assert len(heard) / RATE == pytest.approx(50 * LENGTH_S, abs=HELD_S)
    assert [b.start for b in device.blocks[1:]] == [b.end for b in device.blocks[:-1]]


def test_ten_minutes_in_which_nothing_was_sent_are_ten_minutes():
    device = Device(pauses=True)
    device.bring(20)
    device.wait(600)
    device.bring(20)
    after = next(b for b in device.blocks if b.start > 10 * RATE)
    assert after.start / RATE == pytest.approx(20 * LENGTH_S + 600, abs=0.001)
    assert device.intake.overflows == 0


@pytest.mark.parametrize(
    ("adc", "who"),
    [
        (lambda _at_s: 0.0, "MME and DirectSound know no time"),
        (lambda _at_s: -0.02, "PortAudio subtracts what it still held from nothing"),
        (lambda _at_s: 77.0, "a clock that stands still"),
    ],
)
def test_a_device_without_a_clock_is_timed_by_ours(adc, who):
    device = Device(pauses=True, adc=adc)
    device.bring(20)
    device.wait(600)
    device.bring(20)
    after = next(b for b in device.blocks if b.start > 10 * RATE)
    assert after.start / RATE == pytest.approx(20 * LENGTH_S + 600, abs=0.1), who


def test_a_device_that_counts_its_samples_for_a_clock_is_not_believed_over_a_pause():
    brought = iter(range(1000))
    device = Device(pauses=True, adc=lambda _at_s: 5 + next(brought) * LENGTH_S)
    device.bring(20)
    device.wait(600)
    device.bring(2)
    assert device.blocks[-1].end / RATE == pytest.approx(22 * LENGTH_S + 600, abs=HELD_S)


def test_without_a_device_s_clock_a_busy_moment_is_no_pause():
    device = Device(pauses=True, adc=lambda _at_s: 0.0)
    device.bring(20)
    device.bring(1, late_s=LATE_S - 0.1)
    device.bring(20)
    assert device.blocks[-1].end / RATE == pytest.approx(41 * LENGTH_S, abs=HELD_S)


def test_a_microphone_s_lost_blocks_are_a_gap_and_are_counted():
    device = Device()
    device.bring(60)
    device.wait(2 * LENGTH_S)
    device.bring(1, lost_some=True)
    device.wait(3 * LENGTH_S)  # nobody says so, and it shows in the device's clock
    device.bring(5)
    assert device.blocks[-1].end / RATE == pytest.approx(71 * LENGTH_S, abs=HELD_S)
    assert device.intake.overflows == 2


def test_a_clock_that_is_late_once_and_early_the_next_time_has_lost_nothing():
    late = iter([0.0] * 60 + [0.07] + [0.0] * 10 + [0.06, 0.0] * 5)
    device = Device(adc=lambda at_s: 50 + at_s + next(late))
    device.bring(81)
    assert device.intake.overflows == 0
    assert device.blocks[-1].end / RATE == pytest.approx(81 * LENGTH_S, abs=HELD_S)


def test_an_overflow_too_short_to_tell_is_counted_and_moves_nothing():
    device = Device()
    device.bring(60, lost_some=True)
    assert device.intake.overflows == 1
    assert device.blocks[-1].end / RATE == pytest.approx(60 * LENGTH_S, abs=HELD_S)


def test_while_a_microphone_s_clock_settles_its_jumps_are_no_losses():
    device = Device(adc=lambda at_s: 50 + at_s + (0.18 if at_s > 0.3 else 0.0))
    device.bring(20)
    assert device.intake.overflows == 0


def test_sound_before_a_short_gap_is_all_there_and_a_stale_end_is_not_handed_over_after_a_long_one():
    short, long = Device(pauses=True), Device(pauses=True)
    for device, pause_s in ((short, 0.3), (long, 60.0)):
        device.bring(10)
        before = len(device.blocks)
        device.wait(pause_s)
        device.bring(1)
        tail = [b for b in device.blocks[before:] if b.start < 10 * LENGTH_S * RATE]
        assert len(tail) == (pause_s < 1)


def test_a_rate_that_changes_under_way_keeps_the_count():
    device = Device()
    device.bring(10)
    device.rate = 24_000
    device.intake.change_rate(24_000)
    device.bring(10)
    assert device.blocks[-1].end / RATE == pytest.approx(20 * LENGTH_S, abs=HELD_S)


def test_full_scale_in_eight_channels_is_full_scale_and_never_wraps_round():
    for sound in (np.full((100, 8), -1.0, np.float32), np.full((100, 8), -32768, np.int16)):
        blocks: list[Block] = []
        Intake(Who.CUSTOMER, RATE, blocks.append).take(sound, 1.0)
        assert blocks[0].samples.max() < -32000
    square = np.sign(np.sin(np.arange(48_000) / 20)).astype(np.float32)[:, np.newaxis]
    blocks = []
    Intake(Who.CUSTOMER, 48_000, blocks.append).take(square, 1.0)  # changing the rate overshoots an edge
    samples = blocks[0].samples.astype(int)
    assert np.abs(np.diff(samples)).max() < 65_000
    assert samples.max() == 32767


def test_a_call_in_two_of_eight_channels_is_as_loud_as_in_two():
    surround = np.zeros((100, 8), np.float32)
    surround[:, :2] = 0.5
    assert Mixer().mix(surround).max() == pytest.approx(0.5)


def test_a_channel_that_comes_alive_counts_from_then_on():
    mixer = Mixer()
    left = np.array([[0.5, 0.0]], np.float32)
    assert mixer.mix(left)[0] == pytest.approx(0.5)
    assert mixer.mix(np.array([[0.5, 0.1]], np.float32))[0] == pytest.approx(0.3)
    assert mixer.mix(left)[0] == pytest.approx(0.25)


def test_exact_zeros_stay_exact_zeros_for_they_mean_a_missing_permission():
    blocks: list[Block] = []
    intake = Intake(Who.REP, 48_000, blocks.append)
    for _ in range(5):
        intake.take(np.zeros((2880, 1), np.float32), 1.0)
    assert blocks
    assert not any(b.samples.any() for b in blocks)


def test_what_is_no_number_is_silence():
    sound = np.array([[np.nan], [np.inf], [-np.inf], [0.5]], np.float32)
    assert Mixer().mix(sound).tolist() == pytest.approx([0.0, 1.0, -1.0, 0.5])

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


@pytest.mark.parametrize(
    ("adc", "who", "pauses_s"),
    [
        (lambda at_s: 50.0 + at_s, "a clock of its own", (0.3, 0.7, 0.95)),
        (lambda _at_s: 0.0, "MME and DirectSound know no time", (0.3, 0.7, 0.95)),
        (lambda _at_s: -0.02, "PortAudio subtracts what it still held from nothing", (0.3, 0.7, 0.95)),
        (lambda _at_s: 77.0, "a clock that stands still", (0.7, 0.95)),
    ],
)
def test_a_short_time_in_which_nothing_was_sent_is_counted(adc, who, pauses_s):
    for pause_s in pauses_s:
        device = Device(pauses=True, adc=adc)
        device.bring(20)
        device.wait(pause_s)
        device.bring(20)
        assert device.blocks[-1].end / RATE == pytest.approx(40 * LENGTH_S + pause_s, abs=HELD_S), who
        assert device.intake.overflows == 0


def test_ten_minutes_in_which_nothing_was_sent_are_the_listener_s_and_nothing_is_held():
    device = Device(pauses=True)
    device.bring(20)
    device.wait(600)
    device.bring(20)
    assert device.blocks[-1].end / RATE == pytest.approx(40 * LENGTH_S, abs=HELD_S)


@pytest.mark.parametrize("pauses", [True, False])
@pytest.mark.parametrize("stood_s", [0.3, 0.48, 0.7, 0.95, 1.0, 1.5])
@pytest.mark.parametrize("drains", [0.0, 0.5])
@pytest.mark.parametrize("clock", ["of its own", "of the callback", "none"])
def test_a_machine_that_stood_still_loses_and_invents_nothing(pauses, stood_s, drains, clock):
    """What was heard meanwhile comes afterwards, at once or twice as fast as it was heard."""
    device = Device(pauses=pauses)
    came = {
        "of its own": lambda at_s: 50.0 + at_s,
        "of the callback": lambda _at_s: device.clock.now_s - LENGTH_S,
        "none": lambda _at_s: 0.0,
    }
    frames = round(device.rate * LENGTH_S)
    for i in range(120):
        ready_s = 1000.0 + (i + 1) * LENGTH_S
        late_s = stood_s - max(0, i - 60) * LENGTH_S * (1 - drains)
        device.clock.now_s = ready_s + (max(0.0, late_s) if i >= 60 else 0.0)
        device.intake.take(np.full((frames, 2), 0.5, np.float32), came[clock](i * LENGTH_S))
    assert device.blocks[-1].end / RATE == pytest.approx(120 * LENGTH_S, abs=HELD_S)
    assert sum(len(b.samples) for b in device.blocks) / RATE == pytest.approx(120 * LENGTH_S, abs=HELD_S)


def test_what_is_held_after_a_pause_comes_when_the_next_pause_begins():
    device = Device(pauses=True)
    device.bring(20)
    for _ in range(2):
        device.wait(0.3)
        device.bring(2)
    device.bring(5)
    assert device.blocks[-1].end / RATE == pytest.approx(29 * LENGTH_S + 0.6, abs=HELD_S)


def test_a_sound_that_was_held_too_long_to_be_placed_is_silence():
    device = Device(rate=RATE, pauses=True)
    device.bring(20)
    device.wait(0.3)
    device.bring(2)
    device.wait(60)
    device.bring(5)
    held = device.blocks[20:22]
    assert not any(b.samples.any() for b in held)
    assert all(b.samples.any() for b in device.blocks[22:])


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
    for device, pause_s in ((short, 0.3), (long, 0.8)):
        device.bring(10)
        before = len(device.blocks)
        device.wait(pause_s)
        device.bring(6)
        tail = [b for b in device.blocks[before:] if b.start < 10 * LENGTH_S * RATE]
        assert len(tail) == (pause_s < LATE_S)


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

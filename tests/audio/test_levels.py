"""Meters by numbers: what a level means, and a tone that is heard only where it is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach.audio.block import RATE
from coach.audio.levels import (
    FLOOR_DB,
    NOTES_HZ,
    TONE_DB,
    Level,
    LevelMeter,
    ToneEar,
    strength_db,
    two_notes,
)

RNG = np.random.default_rng(6)


def noise(seconds: float, rms_db: float) -> np.ndarray:
    return np.rint(RNG.normal(0, 32768 * 10 ** (rms_db / 20), round(seconds * RATE))).astype(np.int16)


def sine(seconds: float, peak_db: float, hertz: float = 200.0) -> np.ndarray:
    t = np.arange(round(seconds * RATE)) / RATE
    return np.rint(32767 * 10 ** (peak_db / 20) * np.sin(2 * np.pi * hertz * t)).astype(np.int16)


def speech(seconds: float, peak_db: float) -> np.ndarray:
    """Return syllables: a sine that comes and goes four times a second, over a quiet room."""
    t = np.arange(round(seconds * RATE)) / RATE
    syllables = sine(seconds, peak_db) * (np.sin(2 * np.pi * 2 * t) > 0)
    return syllables.astype(np.int16) + noise(seconds, -62)


def after(meter: LevelMeter, sound: np.ndarray) -> Level:
    level = meter.hear(sound)
    assert level is not None
    return level


def test_a_level_comes_every_tenth_of_a_second_whatever_the_size_of_a_block() -> None:
    sound = speech(3, -12)
    whole = after(LevelMeter(), sound)
    for size in (1, 160, 961, 5000):
        meter = LevelMeter()
        levels = [meter.hear(sound[i : i + size]) for i in range(0, len(sound), size)]
        told = [level for level in levels if level is not None]
        assert told[-1] == whole
        assert len(told) <= 30


def test_a_sine_stands_at_its_peak_and_falls_by_twenty_decibels_a_second() -> None:
    meter = LevelMeter()
    assert after(meter, sine(1, -12)).peak_db == pytest.approx(-12, abs=0.1)
    later = after(meter, np.zeros(RATE, np.int16))
    assert later.peak_db == pytest.approx(-32, abs=0.2)
    assert later.held_db == pytest.approx(-12, abs=0.1)
    at_rest = after(meter, np.zeros(2 * RATE, np.int16))
    assert (at_rest.peak_db, at_rest.held_db) == (FLOOR_DB, FLOOR_DB)


@pytest.mark.parametrize(
    ("sound", "state"),
    [
        (speech(3, -15), "heard"),
        (noise(3, -62), "silent"),
        (noise(3, -35), "steady"),
        (np.zeros(RATE, np.int16), "silent"),
        (np.zeros(3 * RATE, np.int16), "zeros"),
        (sine(1, 0.0), "loud"),
    ],
)
def test_what_a_microphone_gives_has_a_meaning(sound: np.ndarray, state: str) -> None:
    assert after(LevelMeter(), sound).state == state


def test_one_sample_is_enough_to_be_alive_again() -> None:
    meter = LevelMeter()
    assert after(meter, np.zeros(4 * RATE, np.int16)).state == "zeros"
    assert after(meter, noise(0.1, -70)).state == "silent"


@pytest.mark.parametrize(
    ("sound", "state"),
    [(np.zeros(9 * RATE, np.int16), "silent"), (sine(1, 0.0), "heard"), (noise(1, -50), "heard")],
)
def test_what_loudspeakers_play_is_heard_or_silent_and_never_a_fault(sound: np.ndarray, state: str) -> None:
    assert after(LevelMeter(plays=True), sound).state == state


def test_the_strength_of_a_pitch_is_that_of_its_sine() -> None:
    window = sine(0.1, -30, NOTES_HZ[0]) / 32768
    assert strength_db(window, NOTES_HZ[0]) == pytest.approx(-30, abs=0.1)
    assert strength_db(window, NOTES_HZ[1]) < -80


def test_the_tone_is_soft_and_begins_and_ends_at_rest() -> None:
    tone = two_notes()
    assert len(tone) == RATE
    assert 20 * math.log10(np.abs(tone).max() / 32768) == pytest.approx(TONE_DB, abs=0.1)
    assert tone[0] == 0
    assert abs(int(tone[-1])) < 50


def heard(sound: np.ndarray, size: int = 960) -> float | None:
    ear = ToneEar()
    for i in range(0, len(sound), size):
        ear.hear(sound[i : i + size])
    return ear.found_db


def quieter(sound: np.ndarray, by_db: float) -> np.ndarray:
    return np.rint(sound * 10 ** (by_db / 20)).astype(np.int16)


@pytest.mark.parametrize("late", [0, 1, 799, 5000])
@pytest.mark.parametrize("by_db", [0, -6, -20, -40])
def test_the_tone_is_heard_at_its_level_wherever_it_begins(late: int, by_db: float) -> None:
    sound = np.concatenate((np.zeros(RATE + late, np.int16), quieter(two_notes(), by_db), noise(1, -80)))
    for size in (480, 960, 4000):
        assert heard(sound, size) == pytest.approx(TONE_DB + by_db, abs=1.5)


def test_the_level_of_the_tone_outlives_what_a_busy_sound_server_drops() -> None:
    sound = np.concatenate((np.zeros(RATE, np.int16), two_notes(), noise(1, -80)))
    for at in (0.15, 0.3, 0.62, 0.8):
        sound[RATE + round(at * RATE) : RATE + round((at + 0.03) * RATE)] = 0
    assert heard(sound) == pytest.approx(TONE_DB, abs=1.5)


def test_a_leak_of_twenty_decibels_is_heard_in_a_room_with_a_fan() -> None:
    room = noise(3, -50)
    room[RATE : 2 * RATE] += quieter(two_notes(), -20)
    assert heard(room) == pytest.approx(TONE_DB - 20, abs=2)


def test_one_note_both_at_once_or_the_other_way_round_is_no_tone() -> None:
    first, second = two_notes()[: RATE // 2], two_notes()[RATE // 2 :]
    quiet = np.zeros(RATE, np.int16)
    for sound in (
        [quiet, first, first, quiet],
        [quiet, second, second, quiet],
        [quiet, second, first, quiet],
        [quiet, first + second, first + second, quiet],
    ):
        assert heard(np.concatenate(sound)) is None


def test_noise_and_speech_like_sound_are_no_tone() -> None:
    assert heard(noise(60, -25)) is None
    t = np.arange(20 * RATE) / RATE
    pitch = 2 * np.pi * np.cumsum(160 + 60 * np.sin(2 * np.pi * 0.7 * t)) / RATE
    voice = sum(np.sin(k * pitch) / k for k in range(1, 12))
    assert heard(np.rint(4000 * voice).astype(np.int16)) is None

"""The picture of a recording: every bin has its smallest and largest sample, at every level, kept or made anew."""

from __future__ import annotations

import os
import stat

import numpy as np
import pytest
from rigs.files import write

from coach.audio import peaks
from coach.audio.block import RATE
from coach.audio.peaks import (
    BIN_MS,
    FACTOR,
    LEVELS,
    growing_peaks,
    load_peaks,
    make_peaks,
    peaks_of,
    save_peaks,
)
from coach.audio.recording import open_recording
from coach.call.events import Who

BIN = RATE * BIN_MS // 1000


def noise(seconds: float, sides: int = 2) -> np.ndarray:
    return np.random.default_rng(5).integers(-20_000, 20_000, (sides, round(seconds * RATE)), np.int16)


@pytest.fixture
def sound():
    return noise(3.0042)  # its last bin is not full


@pytest.fixture
def recording(tmp_path, sound):
    return open_recording(write(tmp_path / "call.wav", sound))


def test_each_bin_holds_the_smallest_and_the_largest_sample_of_each_side(recording, sound):
    bin_ms, finest = make_peaks(recording).level_for(1)
    assert bin_ms == BIN_MS
    assert finest.shape == (2, 301, 2)
    for side in range(2):
        for k in (0, 17, 299, 300):
            inside = sound[side, k * BIN : (k + 1) * BIN]
            assert finest[side, k].tolist() == [inside.min(), inside.max()]


@pytest.mark.parametrize(
    ("ms_per_px", "bin_ms"), [(0.1, 10), (39.9, 10), (40, 40), (700, 640), (1e9, 40_960)]
)
def test_the_level_is_the_coarsest_that_leaves_no_pixel_without_a_bin(recording, sound, ms_per_px, bin_ms):
    got_ms, level = make_peaks(recording).level_for(ms_per_px)
    assert got_ms == bin_ms
    assert level[0, :, 0].min() == sound[0].min()
    assert level[1, :, 1].max() == sound[1].max()
    first = sound[0, : bin_ms * RATE // 1000]
    assert level[0, 0].tolist() == [first.min(), first.max()]


def test_there_are_as_many_levels_as_said(recording):
    made = make_peaks(recording)
    widths = {made.level_for(ms)[0] for ms in range(1, 100_000, 7)}
    assert widths == {BIN_MS * FACTOR**level for level in range(LEVELS)}


def test_a_level_cannot_be_written_to(recording):
    for ms_per_px in (1, 100):
        with pytest.raises(ValueError, match="read-only"):
            make_peaks(recording).level_for(ms_per_px)[1][0, 0, 0] = 1


def test_what_is_there_can_be_seen_while_the_rest_is_read(recording, sound, monkeypatch):
    monkeypatch.setattr(peaks, "STEP_S", 1)
    told = []
    whole = make_peaks(recording, told.append)
    assert [p.duration_ms for p in told] == [1000, 2000, 3000]
    assert not any(p.whole for p in told)
    assert whole.whole
    assert whole.duration_ms == 3004
    for part in told:
        level = part.level_for(1)[1]
        assert np.array_equal(level, whole.level_for(1)[1][:, : level.shape[1]])


def test_whoever_stops_asking_ends_the_reading(recording, monkeypatch):
    monkeypatch.setattr(peaks, "STEP_S", 1)
    reading = growing_peaks(recording)
    assert next(reading).duration_ms == 1000
    reading.close()


def test_a_file_that_does_not_tell_its_length_is_drawn_whole(recording, sound):
    made = make_peaks(open_longer(recording))
    assert made.duration_ms == 3004
    assert made.level_for(1)[1].shape == (2, 301, 2)


def open_longer(recording):
    """Return the recording as if its header told a tenth of its length."""
    object.__setattr__(recording, "duration_ms", 300)
    return recording


def test_a_turned_recording_is_drawn_with_the_rep_first(tmp_path, sound):
    turned = make_peaks(open_recording(write(tmp_path / "call.wav", sound), swap=True))
    assert turned.swapped
    assert turned.sides == (Who.REP, Who.CUSTOMER)
    assert turned.level_for(1)[1][0, 0].tolist() == [sound[1, :BIN].min(), sound[1, :BIN].max()]


def test_one_channel_is_one_row(tmp_path):
    made = make_peaks(open_recording(write(tmp_path / "memo.wav", noise(1.5, 1))))
    assert made.sides == (Who.REP,)
    assert made.level_for(1)[1].shape == (1, 150, 2)


def test_a_kept_picture_is_the_same_and_nobody_else_may_read_it(recording, tmp_path):
    made, cache = make_peaks(recording), tmp_path / "kept" / "peaks.npz"
    save_peaks(made, cache, recording.path)
    kept = load_peaks(cache, recording.path)
    assert np.array_equal(kept.level_for(1)[1], made.level_for(1)[1])
    assert (kept.sides, kept.samples, kept.whole, kept.swapped) == (made.sides, made.samples, True, False)
    assert [p.name for p in cache.parent.iterdir()] == ["peaks.npz"]
    if os.name == "posix":
        assert stat.S_IMODE(cache.stat().st_mode) == 0o600


def test_a_picture_of_another_file_in_its_place_is_not_used(recording, tmp_path, sound):
    cache = tmp_path / "peaks.npz"
    save_peaks(make_peaks(recording), cache, recording.path)
    assert load_peaks(cache, recording.path, swapped=True) is None
    assert load_peaks(cache, tmp_path / "gone.wav") is None
    write(recording.path, sound[:, :RATE])
    assert load_peaks(cache, recording.path) is None


def test_a_picture_of_another_version_is_not_used(recording, tmp_path, monkeypatch):
    cache = tmp_path / "peaks.npz"
    save_peaks(make_peaks(recording), cache, recording.path)
    monkeypatch.setattr(peaks, "VERSION", 2)
    assert load_peaks(cache, recording.path) is None


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "foreign", "pickle", "missing"])
def test_a_damaged_picture_is_made_anew_without_a_word(recording, tmp_path, damage):
    cache = tmp_path / "peaks.npz"
    save_peaks(make_peaks(recording), cache, recording.path)
    whole = cache.read_bytes()
    middle = len(whole) // 2
    if damage == "pickle":
        np.savez(cache, head=np.array([None]), sides=np.array([None]), finest=np.array([None]))
    elif damage == "missing":
        np.savez(cache, head=np.zeros(6, np.int64))
    else:
        cache.write_bytes(
            {
                "empty": b"",
                "cut": whole[:middle],
                "flipped": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
                "foreign": b"no picture at all",
            }[damage]
        )
    assert load_peaks(cache, recording.path) is None
    anew = peaks_of(recording, cache)
    assert anew.duration_ms == 3004
    assert load_peaks(cache, recording.path) is not None


def test_a_kept_picture_is_not_made_again(recording, tmp_path, monkeypatch):
    cache = tmp_path / "peaks.npz"
    peaks_of(recording, cache)
    monkeypatch.setattr(peaks, "make_peaks", lambda *_: pytest.fail("it was read again"))
    assert peaks_of(recording, cache).duration_ms == 3004


def test_a_part_is_not_kept_and_a_full_disk_harms_nothing(recording, tmp_path, monkeypatch):
    monkeypatch.setattr(peaks, "STEP_S", 1)
    cache = tmp_path / "peaks.npz"
    save_peaks(next(growing_peaks(recording)), cache, recording.path)
    assert not cache.exists()
    monkeypatch.setattr(peaks.np, "savez", full)
    save_peaks(make_peaks(recording), cache, recording.path)
    assert not [p for p in tmp_path.iterdir() if p.name.startswith("peaks")]


def full(*_, **__):
    raise OSError(28, "No space left on device")

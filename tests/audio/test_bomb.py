"""A day of silence in a fifth of a megabyte: what promises too much is refused, what does not say so is cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rigs.bomb import write_silence

from coach.audio import media
from coach.audio.block import RATE
from coach.audio.media import Decoding, find_track
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path


def test_a_day_of_silence_that_says_so_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    bomb = write_silence(tmp_path / "day.flac", 24, declared=True)
    assert bomb.stat().st_size < 300_000
    with pytest.raises(Trouble, match=r"lasts 24\.0 hours"):
        find_track(bomb)


def test_a_day_of_silence_that_says_nothing_is_read_up_to_the_cap_and_left_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = write_silence(tmp_path / "day.flac", 24, declared=False)
    monkeypatch.setattr(media, "LONGEST_S", 1800)  # all twelve hours: benchmarks/hostile.py --bomb
    track = find_track(bomb)
    assert track.declared_ms is None or track.declared_ms <= 1800 * 1000
    decoding = Decoding(track)
    heard = most = 0
    for samples in decoding:
        heard += samples.shape[1]
        most = max(most, samples.shape[1])
        assert not samples.any()
    assert heard == 1800 * RATE
    assert decoding.capped
    assert not decoding.damaged
    assert most <= RATE


def test_a_quarter_of_an_hour_of_it_is_sound_like_any_other(tmp_path: Path) -> None:
    decoding = Decoding(find_track(write_silence(tmp_path / "quarter.flac", 0.25, declared=True)))
    heard = sum(samples.shape[1] for samples in decoding)
    assert heard / RATE == pytest.approx(900, abs=9)
    assert not decoding.damaged

"""A call that runs without being heard keeps time like one that is."""

from __future__ import annotations

import pytest

from coach.ui.silent import SilentClock


@pytest.fixture
def now() -> list[int]:
    return [1000]


@pytest.fixture
def sound(now: list[int]) -> SilentClock:
    return SilentClock(60_000, lambda: now[0])


def test_it_stands_until_it_is_played_and_stands_again_when_paused(
    sound: SilentClock, now: list[int]
) -> None:
    now[0] += 500
    assert (sound.position_ms, sound.playing) == (0, False)
    sound.play()
    now[0] += 700
    assert (sound.position_ms, sound.playing) == (700, True)
    sound.pause()
    now[0] += 900
    assert (sound.position_ms, sound.playing) == (700, False)
    sound.play()
    now[0] += 100
    assert sound.position_ms == 800


def test_another_speed_counts_from_where_it_is(sound: SilentClock, now: list[int]) -> None:
    sound.play()
    now[0] += 1000
    sound.set_speed(2.0)
    now[0] += 1000
    assert sound.position_ms == 3000
    sound.set_speed(0.75)
    now[0] += 1000
    assert sound.position_ms == 3750


def test_it_goes_on_from_where_it_was_sent(sound: SilentClock, now: list[int]) -> None:
    sound.seek(30_000)
    assert sound.position_ms == 30_000
    sound.play()
    now[0] += 10
    sound.seek(5000)
    now[0] += 10
    assert sound.position_ms == 5010
    sound.seek(-5)
    assert sound.position_ms == 0
    sound.seek(10**9)
    assert sound.position_ms == 60_000


def test_it_ends_at_its_end(sound: SilentClock, now: list[int]) -> None:
    sound.seek(59_000)
    sound.play()
    now[0] += 5000
    assert (sound.position_ms, sound.playing) == (60_000, False)


def test_it_plays_from_one_place_to_another(sound: SilentClock, now: list[int]) -> None:
    sound.play(10_000, 12_000)
    now[0] += 3000
    assert (sound.position_ms, sound.playing) == (12_000, False)
    sound.play()
    now[0] += 1000
    assert (sound.position_ms, sound.playing) == (13_000, True)


def test_it_tells_when_it_begins_and_stops(sound: SilentClock) -> None:
    told: list[str] = []
    sound.listen(lambda: told.append("changed"), told.append)
    sound.play()
    sound.pause()
    sound.pause()
    sound.set_sides("rep")
    sound.close()
    assert told == ["changed", "changed"]


def test_the_machines_own_clock_does_as_well() -> None:
    sound = SilentClock(60_000)
    sound.play()
    assert 0 <= sound.position_ms < 60_000

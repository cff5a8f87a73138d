"""What Windows plays: heard in any form, silent while nothing is sent, followed to the next loudspeaker."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from rigs.systems import OVERFLOW, Room, System, bring, tone

from coach.audio.block import RATE
from coach.audio.devices import find_loopback, list_devices
from coach.audio.sources import loopback
from coach.call.events import Who
from coach.trouble import Trouble


@pytest.fixture
def windows(monkeypatch):
    windows = System("windows_headset", "win32")
    windows.here(monkeypatch)
    return windows


@pytest.fixture
def heard():
    rooms = []

    def hear(source):
        rooms.append(Room(source))
        return rooms[-1].start()

    yield hear
    for room in rooms:
        room.source.stop()


def test_the_default_output_is_heard_as_the_customer(windows, heard):
    room = heard(loopback(find_loopback(), follow=True))
    stream = windows.streams[-1]
    assert (stream.wanted.rate, stream.wanted.channels, stream.wanted.input) == (44_100, 2, True)
    bring(windows, room, 3)
    assert {b.who for b in room.blocks} == {Who.CUSTOMER}
    assert sum(len(b.samples) for b in room.blocks) / RATE == pytest.approx(3, abs=0.05)
    assert set(stream.answers) == {(None, 0)}  # paContinue, whatever came
    assert room.look() == ""
    assert room.source.rests


@pytest.mark.parametrize(("name", "rate", "channels"), [("realtek", 48_000, 8), ("cable input", 192_000, 2)])
def test_surround_and_high_rates_are_heard_alike(windows, heard, name, rate, channels):
    room = heard(loopback(find_loopback(name)))
    assert (windows.streams[-1].wanted.rate, windows.streams[-1].wanted.channels) == (rate, channels)
    bring(windows, room, 1)
    assert max(b.samples.max() for b in room.blocks) == pytest.approx(16_384, rel=0.05)


def test_an_output_that_gives_no_float_gives_whole_numbers(windows, heard):
    windows.refuses = lambda w: OSError(-9994, "Sample format not supported") if w["format"] == 1 else None
    room = heard(loopback(find_loopback()))
    stream = windows.streams[-1]
    for i in range(10):
        stream.bring(tone(0.06, 44_100, 2) * 32767, 5 + 0.06 * i)
    assert max(b.samples.max() for b in room.blocks) == pytest.approx(16_384, rel=0.05)


def test_a_moment_of_nothing_is_a_gap_and_no_loss(windows, heard):
    room = heard(loopback(find_loopback()))
    bring(windows, room, 1.2)
    room.clock.now_s += 0.8
    assert room.look() == ""
    bring(windows, room, 0.6)
    assert room.blocks[-1].end / RATE == pytest.approx(2.6, abs=0.05)
    assert room.source.overflows == 0


def test_ten_minutes_of_nothing_are_no_loss_and_what_comes_then_is_heard_at_once(windows, heard):
    room = heard(loopback(find_loopback()))
    bring(windows, room, 1.2)
    room.clock.now_s += 600
    assert room.look() == ""
    before = len(room.blocks)
    bring(windows, room, 0.06)
    assert len(room.blocks) == before + 1
    assert room.source.overflows == 0


def test_an_overflow_is_counted_and_its_time_kept(windows, heard):
    room = heard(loopback(find_loopback()))
    bring(windows, room, 1.2)
    room.clock.now_s += 0.1
    windows.streams[-1].bring(tone(0.06, 44_100, 2), room.clock.now_s - 0.06, OVERFLOW)
    assert room.source.overflows == 1


def test_another_default_output_is_a_loss_and_then_the_next_one(windows, heard):
    room = heard(loopback(find_loopback(), follow=True))
    bring(windows, room, 1)
    windows.now["default_output"] = "Speakers (Realtek(R) Audio)"
    room.look()
    assert room.lost() == (
        "'Headset Earphone (Razer Kraken TE - Chat)' is no longer heard: "
        "the system plays through another device now."
    )
    room.source.stop()
    room.start()
    assert room.source.name == "Speakers (Realtek(R) Audio)"
    assert room.losses.empty()


def test_one_chosen_by_name_stays(windows, heard):
    room = heard(loopback(find_loopback("razer")))
    windows.now["default_output"] = "Speakers (Realtek(R) Audio)"
    assert room.look() == ""


def test_unplugged_it_is_lost_once_and_comes_back_by_its_name(windows, heard):
    room = heard(loopback(find_loopback("razer")))
    bring(windows, room, 1)
    windows.unplug("Razer")
    windows.streams[-1].active = False  # callbacks end, and nobody says so
    room.look()
    assert room.lost().endswith("it was unplugged or switched off.")
    room.source.stop()
    assert windows.streams[-1].closed
    with pytest.raises(Trouble, match="is not there any more"):
        room.start()
    windows.plug_all_in()
    room.start()
    assert room.source.name == "Headset Earphone (Razer Kraken TE - Chat)"


def test_every_library_that_was_begun_is_ended(windows, heard):
    room = heard(loopback(find_loopback()))
    room.source.stop()
    windows.refuses = lambda _w: OSError(-9996, "Invalid device")
    with pytest.raises(Trouble, match="cannot be heard"):
        loopback(find_loopback()).start(lambda _b: None, lambda _w, _y: None)
    assert sys.modules["pyaudiowpatch"].users == 0


def test_without_the_library_the_way_to_it_is_told(windows, monkeypatch):
    device = find_loopback()
    monkeypatch.setitem(sys.modules, "pyaudiowpatch", None)
    assert "[Loopback]" not in str(list_devices())
    with pytest.raises(Trouble, match="pip install pyaudiowpatch"):
        loopback(device).start(lambda _b: None, lambda _w, _y: None)


def test_what_cannot_be_understood_ends_in_a_loss_and_not_in_a_dead_stream(windows, heard):
    room = heard(loopback(find_loopback()))
    stream = windows.streams[-1]
    assert stream.wanted.stream_callback(b"odd", 1, {"input_buffer_adc_time": 1.0}, 0) == (None, 0)
    assert "cannot be understood" in room.lost()


def test_the_last_of_its_sound_is_not_held_back_until_something_plays_again(windows, heard):
    room = heard(loopback(find_loopback()))
    bring(windows, room, 1.2)
    assert room.blocks[-1].end / RATE > 1.2 - 0.05
    assert isinstance(room.blocks[-1].samples, np.ndarray)

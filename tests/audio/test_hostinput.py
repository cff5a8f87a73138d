"""A microphone of Windows or macOS: opened as the system likes it, lost with a reason, found again by its name."""

from __future__ import annotations

import pytest
from rigs.systems import Room, System, bring, tone

from coach.audio.block import RATE
from coach.audio.devices import find_loopback, find_microphone
from coach.audio.hostinput import FIRST_S, STALL_S
from coach.audio.sources import loopback, microphone
from coach.call.events import Who
from coach.trouble import Trouble


@pytest.fixture
def windows(monkeypatch):
    windows = System("windows_headset", "win32")
    windows.here(monkeypatch)
    return windows


@pytest.fixture
def mac(monkeypatch):
    mac = System("mac_airpods_call", "darwin")
    mac.here(monkeypatch)
    return mac


@pytest.fixture
def heard():
    """Return what begins to hear a source; it is stopped at the end."""
    rooms = []

    def hear(source):
        rooms.append(Room(source))
        return rooms[-1].start()

    yield hear
    for room in rooms:
        room.source.stop()


def test_windows_default_headset_is_opened_at_its_own_rate_and_heard(windows, heard):
    room = heard(microphone(find_microphone(), follow=True))
    wanted = windows.streams[-1].wanted
    assert (wanted.samplerate, wanted.channels, wanted.dtype) == (48_000, 1, "float32")
    assert windows.streams[-1].device["hostapi"] == 2
    bring(windows, room, 3)
    assert {b.who for b in room.blocks} == {Who.REP}
    assert sum(len(b.samples) for b in room.blocks) / RATE == pytest.approx(3, abs=0.05)
    assert room.source.blocks == len(room.blocks)
    assert room.look() == ""


def test_a_driver_without_a_clock_is_heard_as_well(windows, heard):
    room = heard(microphone(find_microphone()))
    bring(windows, room, 3, adc=False)
    assert room.blocks[-1].end / RATE == pytest.approx(3, abs=0.05)


def test_lost_frames_are_counted(windows, heard):
    room = heard(microphone(find_microphone()))
    bring(windows, room, 1)
    windows.streams[-1].bring(tone(0.06, 48_000, 1), room.clock.now_s + 1, overflow=True)
    assert room.source.overflows == 1


def test_a_device_that_takes_no_float_is_asked_for_whole_numbers(windows, heard):
    error = windows_error(windows)
    windows.refuses = lambda wanted: error("Sample format", -9994) if wanted["dtype"] == "float32" else None
    room = heard(microphone(find_microphone("realtek")))
    wanted = windows.streams[-1].wanted
    assert (wanted.dtype, wanted.channels) == ("int16", 2)
    stream = windows.streams[-1]
    for i in range(10):
        stream.bring(tone(0.06, 48_000, 2) * 32767, 5 + 0.06 * i)
    assert max(b.samples.max() for b in room.blocks) == pytest.approx(16_384, rel=0.05)


def test_where_nothing_else_goes_windows_itself_changes_rate_and_channels(windows, heard):
    error = windows_error(windows)
    windows.refuses = lambda w: None if "extra_settings" in w else error("Invalid device", -9996)
    heard(microphone(find_microphone()))
    assert windows.streams[-1].wanted.extra_settings.auto_convert


def windows_error(system):
    import sounddevice

    return sounddevice.PortAudioError


def test_windows_refusal_says_where_the_permission_is(windows):
    error = windows_error(windows)
    denied = (2, -2147024891, "Access is denied.")
    tried = []
    windows.refuses = lambda w: tried.append(w) or error("Unanticipated host error", -9999, denied)
    source = microphone(find_microphone())
    with pytest.raises(
        Trouble, match=r"Windows does not let this program hear.*Privacy & security, Microphone"
    ):
        source.start(lambda _b: None, lambda _w, _y: None)
    assert len(tried) == 1
    source.stop()


def test_a_device_in_use_says_so(windows):
    error = windows_error(windows)
    windows.refuses = lambda _w: error("Device unavailable", -9985)
    with pytest.raises(Trouble, match="Close other programs"):
        microphone(find_microphone()).start(lambda _b: None, lambda _w, _y: None)


def test_unplugged_it_is_lost_once_and_found_again_by_name_where_all_indexes_moved(windows, heard):
    room = heard(microphone(find_microphone("Razer")))
    bring(windows, room, 1)
    windows.unplug("Razer")
    windows.streams[-1].die()
    assert room.lost() == (
        "'Headset Microphone (Razer Kraken TE - Game)' is no longer heard: it was unplugged or switched off."
    )
    room.source.stop()
    with pytest.raises(Trouble, match="is not there any more"):
        room.start()
    windows.plug_all_in()
    room.blocks.clear()
    room.start()
    bring(windows, room, 1)
    assert room.blocks[0].start == 0
    assert windows.streams[-1].device["name"] == "Headset Microphone (Razer Kraken TE - Game)"
    assert room.losses.empty()


def test_another_default_is_a_loss_and_then_the_next_choice(windows, heard):
    room = heard(microphone(find_microphone(), follow=True))
    bring(windows, room, 1)
    windows.choose_input("Microphone (Realtek(R) Audio)", "Windows WASAPI")
    assert room.look()
    assert room.lost().endswith("the system switched to another device.")
    room.source.stop()
    room.start()
    assert room.source.name == "Microphone (Realtek(R) Audio)"


def test_one_chosen_by_name_stays_whatever_the_default_is(windows, heard):
    room = heard(microphone(find_microphone("Razer")))
    bring(windows, room, 1)
    windows.choose_input("Microphone (Realtek(R) Audio)", "Windows WASAPI")
    assert room.look() == ""


def test_a_stream_that_stops_without_a_word_is_lost(windows, heard):
    room = heard(microphone(find_microphone()))
    room.clock.now_s += FIRST_S - 1
    assert room.look() == ""
    room.clock.now_s += 2
    assert room.look() == "no sound arrives from it"
    assert "no sound arrives" in room.lost()


def test_a_stream_that_falls_silent_under_way_is_lost(windows, heard):
    room = heard(microphone(find_microphone()))
    bring(windows, room, 1)
    room.clock.now_s += STALL_S + 1
    assert room.look() == "no sound arrives from it"


@pytest.mark.parametrize(
    ("pace", "why"), [(0.5, "its sample rate changed"), (0.92, "its sample rate changed"), (1.01, "")]
)
def test_a_headset_that_changes_its_rate_under_an_open_stream_is_opened_again(mac, heard, pace, why):
    room = heard(microphone(find_microphone(), follow=True))
    bring(mac, room, 4)
    said = []
    for _ in range(20):
        bring(mac, room, pace, pace=pace)
        said.append(room.look())
    assert set(said) - {""} == ({why} if why else set())
    if pace < 0.6:
        assert why in said[:4]


def test_a_machine_that_is_busy_for_a_moment_has_not_changed_its_rate(mac, heard):
    room = heard(microphone(find_microphone(), follow=True))
    said = []
    for pace in (1, 1, 0.6, 1.7, 1, 0.6, 1.7, 1):
        bring(mac, room, pace, pace=pace)
        said.append(room.look())
    assert set(said) == {""}


def test_a_mac_s_blackhole_is_the_other_side(mac, heard):
    room = heard(loopback(find_loopback()))
    bring(mac, room, 1)
    assert {b.who for b in room.blocks} == {Who.CUSTOMER}
    assert mac.streams[-1].device["name"] == "BlackHole 2ch"


def test_what_cannot_be_understood_ends_in_a_loss_and_not_in_a_dead_stream(windows, heard):
    room = heard(microphone(find_microphone()))
    windows.streams[-1].wanted.callback(None, 0, None, None)
    assert "cannot be understood" in room.lost()

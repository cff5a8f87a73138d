"""Of everything Windows and macOS list, what a person would call a microphone, once, under a lasting name."""

from __future__ import annotations

import platform

import pytest
from click.testing import CliRunner
from rigs.systems import System

from coach import doctor
from coach.audio import tap
from coach.audio.devices import find_loopback, find_microphone, list_devices
from coach.audio.hostapi import inputs
from coach.cli import cli
from coach.trouble import Trouble


def on(monkeypatch, name, system="win32"):
    recorded = System(name, system)
    recorded.here(monkeypatch)
    monkeypatch.setattr(tap, "find_program", lambda: None)
    return recorded


def shown():
    return [(d.kind, d.label, d.default) for d in list_devices()]


def test_windows_shows_each_device_once_by_its_whole_name(monkeypatch):
    on(monkeypatch, "windows_headset")
    assert shown() == [
        ("microphone", "Microphone (Realtek(R) Audio)", False),
        ("microphone", "Headset Microphone (Razer Kraken TE - Game)", True),
        ("loopback", "CABLE Output (VB-Audio Virtual Cable)", False),
        ("loopback", "Speakers (Realtek(R) Audio)", False),
        ("loopback", "Headset Earphone (Razer Kraken TE - Chat)", True),
        ("loopback", "CABLE Input (VB-Audio Virtual Cable)", False),
    ]
    assert find_microphone().identity == "Headset Microphone (Razer Kraken TE - Game), Windows WASAPI"
    assert find_loopback("realtek").identity == "Speakers (Realtek(R) Audio) [Loopback]"


def test_a_device_keeps_its_identity_when_every_index_has_moved(monkeypatch):
    windows = on(monkeypatch, "windows_headset")
    before = {i.identity: i.index for i in inputs()}
    windows.plug_all_in()
    after = {i.identity: i.index for i in inputs()}
    assert after == {identity: index + 1 for identity, index in before.items()}


def test_without_wasapi_the_next_best_list_is_taken_without_its_stand_ins(monkeypatch):
    on(monkeypatch, "windows_no_wasapi")
    assert [i.identity for i in inputs()] == [
        "Microphone (High Definition Audio Device), Windows DirectSound"
    ]
    with pytest.raises(Trouble, match="PyAudioWPatch"):
        find_loopback()


def test_a_default_of_minus_one_is_none(monkeypatch):
    on(monkeypatch, "windows_no_microphone")
    with pytest.raises(Trouble, match="There is no microphone"):
        find_microphone()


def test_the_default_output_s_loopback_is_not_that_of_one_whose_name_contains_its(monkeypatch):
    windows = on(monkeypatch, "windows_no_microphone")
    windows.now["outputs"].reverse()  # "Speakers 2" first
    assert find_loopback().identity == "Speakers [Loopback]"


def test_a_mac_shows_airpods_once_and_hides_what_call_programs_keep_for_themselves(monkeypatch):
    on(monkeypatch, "mac_airpods_call", "darwin")
    assert shown() == [
        ("microphone", "Jane\u2019s AirPods Pro", True),
        ("microphone", "MacBook Pro Microphone", False),
        ("loopback", "BlackHole 2ch", False),
    ]
    assert {i.label: i.rate for i in inputs()}["Jane\u2019s AirPods Pro"] == 24_000


def test_airpods_that_play_music_have_no_microphone(monkeypatch):
    on(monkeypatch, "mac_airpods_music", "darwin")
    assert find_microphone().label == "MacBook Pro Microphone"
    with pytest.raises(Trouble, match="no microphone called 'AirPods'"):
        find_microphone("AirPods")


def test_a_virtual_device_is_never_the_rep_not_even_as_the_system_s_choice(monkeypatch):
    on(monkeypatch, "mac_no_microphone", "darwin")
    with pytest.raises(Trouble, match="There is no microphone"):
        find_microphone()
    assert find_loopback().label == "BlackHole 2ch"


def test_two_of_the_same_name_are_told_apart(monkeypatch):
    mac = on(monkeypatch, "mac_plain", "darwin")
    mac.now["devices"].append(dict(mac.now["devices"][0]))
    assert [i.identity for i in inputs()] == ["MacBook Air Microphone", "MacBook Air Microphone (2)"]


def test_a_plain_mac_is_told_every_step(monkeypatch):
    on(monkeypatch, "mac_plain", "darwin")
    monkeypatch.setattr(platform, "mac_ver", lambda: ("13.6.1", ("", "", ""), "arm64"))
    with pytest.raises(Trouble) as trouble:
        find_loopback()
    for step in ("BlackHole 2ch", "Audio MIDI Setup", "Multi-Output Device", "your call program"):
        assert step in trouble.value.mend
    assert "build.sh" not in trouble.value.mend


def test_a_mac_with_taps_is_given_the_one_command_that_builds_the_program(monkeypatch):
    on(monkeypatch, "mac_plain", "darwin")
    monkeypatch.setattr(platform, "mac_ver", lambda: ("14.2", ("", "", ""), "arm64"))
    with pytest.raises(Trouble, match=r"Paste this into Terminal.*build\.sh"):
        find_loopback()


def test_once_built_the_tap_is_the_mac_s_other_side(monkeypatch, tmp_path):
    on(monkeypatch, "mac_airpods_call", "darwin")
    monkeypatch.setattr(platform, "mac_ver", lambda: ("26.0", ("", "", ""), "arm64"))
    monkeypatch.setattr(tap, "find_program", lambda: tmp_path / "coach-tap")
    assert find_loopback().identity == tap.IDENTITY
    assert find_loopback("blackhole").label == "BlackHole 2ch"


def test_the_command_line_shows_what_settings_take(monkeypatch):
    on(monkeypatch, "windows_headset")
    shown = CliRunner().invoke(cli, ["devices"]).output
    assert "* Headset Microphone (Razer Kraken TE - Game)\n" in shown
    assert "Headset Microphone (Razer Kraken TE - Game), Windows WASAPI\n" in shown
    assert "* Headset Earphone (Razer Kraken TE - Chat)\n" in shown
    assert "MME" not in shown


def test_the_doctor_tells_a_mac_how_the_other_side_is_heard(monkeypatch):
    on(monkeypatch, "mac_plain", "darwin")
    monkeypatch.setattr(platform, "mac_ver", lambda: ("14.4", ("", "", ""), "arm64"))
    (_, check) = list(doctor._sound())
    assert check.what == "No loopback was found."
    assert "build.sh" in check.mend
    assert "Multi-Output Device" in check.mend

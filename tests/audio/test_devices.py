"""Devices are plain values; a machine without sound is no error."""

from __future__ import annotations

import builtins
import sys
from typing import Any

import pytest
from rigs.sound import sound_rig

from coach.audio import devices, portaudio
from coach.audio.devices import Device, find_loopback, find_microphone, from_pulse, list_devices
from coach.audio.pulse import PulseSource
from coach.trouble import Trouble

HEADSET = PulseSource("alsa_input.usb", "USB Headset", "", default_input=True, default_output=False)
WEBCAM = PulseSource("alsa_input.cam", "Webcam", "", default_input=False, default_output=False)
SPEAKERS = PulseSource("alsa_output.hd.monitor", "Monitor of Speakers", "alsa_output.hd", False, True)
FALLEN_BACK = PulseSource("alsa_output.hd.monitor", "Monitor of Speakers", "alsa_output.hd", True, True)


def on_server(monkeypatch: pytest.MonkeyPatch, *sources: PulseSource) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(devices, "_pulse_sources", lambda: sources)


def test_microphones_come_first_and_the_defaults_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    on_server(monkeypatch, SPEAKERS, WEBCAM, HEADSET)
    assert list_devices() == (
        Device("alsa_input.cam", "Webcam", "microphone", default=False),
        Device("alsa_input.usb", "USB Headset", "microphone", default=True),
        Device("alsa_output.hd.monitor", "Monitor of Speakers", "loopback", default=True),
    )


def test_a_name_a_label_or_a_part_of_one_finds_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    on_server(monkeypatch, SPEAKERS, WEBCAM, HEADSET)
    assert find_microphone().label == "USB Headset"
    assert find_microphone("webcam").identity == "alsa_input.cam"
    assert find_microphone("alsa_input.cam").label == "Webcam"
    assert find_microphone("head").label == "USB Headset"
    assert find_loopback("speakers").identity == "alsa_output.hd.monitor"


def test_an_unknown_or_unclear_name_is_answered_with_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    on_server(monkeypatch, WEBCAM, HEADSET)
    with pytest.raises(Trouble, match=r"no microphone called 'Snowball'.*'Webcam', 'USB Headset'"):
        find_microphone("Snowball")
    with pytest.raises(Trouble, match="could be more than one"):
        find_microphone("alsa")


def test_the_loudspeakers_are_never_taken_for_a_microphone(monkeypatch: pytest.MonkeyPatch) -> None:
    # With the last microphone gone, the server makes the output's monitor its default source.
    on_server(monkeypatch, FALLEN_BACK)
    with pytest.raises(Trouble, match="There is no microphone"):
        find_microphone()
    assert find_loopback().default


def test_a_monitor_chosen_as_microphone_is_one() -> None:
    filtered = PulseSource(
        "filter.monitor", "Noise filter", "filter", default_input=True, default_output=False
    )
    assert [d.kind for d in from_pulse((filtered,))] == ["loopback", "microphone"]


@pytest.mark.parametrize(
    ("system", "mend"), [("linux", "loudspeaker"), ("darwin", "BlackHole"), ("win32", "PyAudioWPatch")]
)
def test_without_a_loopback_each_system_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, system: str, mend: str
) -> None:
    on_server(monkeypatch)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(portaudio, "devices", list)
    with pytest.raises(Trouble, match=mend):
        find_loopback()


def test_a_missing_portaudio_is_explained_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Trouble, match="sudo apt install libportaudio2"):
        portaudio.portaudio()


def test_without_a_sound_server_the_list_is_empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    monkeypatch.setattr(portaudio, "devices", list)
    assert list_devices() == ()


@pytest.mark.desktop
def test_a_real_server_shows_its_microphone_and_its_loudspeaker() -> None:
    with sound_rig() as rig, rig.here():
        assert find_microphone().identity == "callmic.monitor"
        assert find_loopback().identity == "callspk.monitor"
        rig.add_sink("hdmi")
        assert find_loopback("hdmi").default is False

"""Each system has its own way of hearing, and nobody who starts a call need know it."""

from __future__ import annotations

import sys

import pytest

from coach.audio.devices import Device
from coach.audio.hostinput import HostInput
from coach.audio.loopback import Loopback
from coach.audio.microphone import Microphone
from coach.audio.sources import loopback, microphone
from coach.audio.tap import TapSource
from coach.audio.wasapi import WasapiLoopback
from coach.call.events import Who

HEADSET = Device("Headset", "Headset", "microphone")


@pytest.mark.parametrize(
    ("system", "way"), [("linux", Microphone), ("win32", HostInput), ("darwin", HostInput)]
)
def test_a_microphone_is_the_rep_everywhere(monkeypatch, system, way):
    monkeypatch.setattr(sys, "platform", system)
    source = microphone(HEADSET, follow=True)
    assert type(source) is way
    assert (source.who, source.name) == (Who.REP, "Headset")


@pytest.mark.parametrize(
    ("system", "identity", "way"),
    [
        ("linux", "alsa_output.hd.monitor", Loopback),
        ("win32", "Speakers (Realtek(R) Audio) [Loopback]", WasapiLoopback),
        ("win32", "Stereo Mix (Realtek(R) Audio), Windows WASAPI", HostInput),
        ("darwin", "tap", TapSource),
        ("darwin", "BlackHole 2ch", HostInput),
    ],
)
def test_the_other_side_is_heard_as_each_system_can(monkeypatch, system, identity, way):
    monkeypatch.setattr(sys, "platform", system)
    source = loopback(Device(identity, "Speakers", "loopback"), follow=True)
    assert type(source) is way
    assert source.who is Who.CUSTOMER
    source.stop()

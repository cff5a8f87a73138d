"""Which device a side is to hear: the system's own choice, or one that was named and its kin while it is away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rigs.sound import sound_rig

from coach.audio import pulse, wish
from coach.audio.devices import Device, from_pulse
from coach.audio.pulse import PulseSource
from coach.audio.wish import Found, Wish, has_server, kin, look_elsewhere, look_on_server


def source(name: str, label: str = "", **known: str) -> PulseSource:
    return PulseSource(name, label or name, "", default_input=False, default_output=False, **known)


def output(name: str, *, default: bool = False) -> PulseSource:
    return PulseSource(f"{name}.monitor", f"Monitor of {name}", name, False, default)


def default(of: PulseSource) -> PulseSource:
    return replace(of, default_input=True)


def found(*sources: PulseSource) -> Found:
    return Found(tuple(from_pulse(sources)), {s.name: s for s in sources})


def heard(device: Device | None) -> str:
    return device.identity if device is not None else ""


WEBCAM = source("webcam")
HEADSET = source("bluez_source.AA.a2dp", "Headset", card="bluez_card.AA", address="AA:BB")
HANDSFREE = source("bluez_source.AA.handsfree", "Headset", card="bluez_card.AA", address="AA:BB")
SPEAKERS = output("speakers", default=True)


def microphone(*, follow: bool, name: str = "webcam", label: str = "") -> Wish:
    return Wish(Device(name, label or name, "microphone"), follow=follow)


def test_a_side_without_a_name_goes_where_the_default_goes() -> None:
    rep = microphone(follow=True)
    assert heard(rep.among(found(default(WEBCAM), HEADSET), current="webcam")) == "webcam"
    assert heard(rep.among(found(WEBCAM, default(HEADSET)), current="webcam")) == HEADSET.name


def test_where_no_microphone_is_the_default_a_side_stays_or_takes_the_first() -> None:
    rep = microphone(follow=True)
    fallen_back = default(SPEAKERS)
    assert heard(rep.among(found(WEBCAM, HEADSET, fallen_back), current=HEADSET.name)) == HEADSET.name
    assert heard(rep.among(found(WEBCAM, HEADSET, fallen_back))) == "webcam"


def test_the_default_output_is_never_followed_by_the_microphone() -> None:
    assert microphone(follow=True).among(found(default(SPEAKERS))) is None


def test_a_monitor_that_the_user_chose_is_followed() -> None:
    filtered = default(output("filter"))
    assert heard(microphone(follow=True).among(found(WEBCAM, filtered, SPEAKERS))) == "filter.monitor"


def test_the_other_side_follows_the_default_output() -> None:
    customer = Wish(Device("speakers.monitor", "Monitor of speakers", "loopback"), follow=True)
    assert heard(customer.among(found(output("speakers"), output("hdmi", default=True)))) == "hdmi.monitor"


def test_what_one_side_hears_the_other_never_does() -> None:
    customer = Wish(Device("speakers.monitor", "Monitor of speakers", "loopback"), follow=True)
    there = found(output("hdmi"), SPEAKERS)
    assert customer.among(there, taken="speakers.monitor") is None
    named = Wish(Device("speakers.monitor", "Monitor of speakers", "loopback"), follow=False)
    assert named.among(there, taken="speakers.monitor") is None


def test_a_named_device_is_waited_for() -> None:
    rep = microphone(follow=False)
    assert heard(rep.among(found(WEBCAM, default(HEADSET)))) == "webcam"
    assert rep.among(found(default(HEADSET))) is None
    assert heard(rep.among(found(WEBCAM, default(HEADSET)))) == "webcam"


def test_a_headset_in_another_profile_stands_in_for_itself_until_it_is_back() -> None:
    rep = microphone(follow=False, name=HEADSET.name, label="Headset")
    rep.among(found(WEBCAM, HEADSET))
    assert heard(rep.among(found(default(WEBCAM), HANDSFREE))) == HANDSFREE.name
    assert heard(rep.among(found(WEBCAM, HANDSFREE, HEADSET), current=HANDSFREE.name)) == HEADSET.name


def test_a_neighbour_on_the_same_card_is_another_device() -> None:
    jack = source("alsa.jack", "Headset", card="alsa_card.0")
    inside = source("alsa.inside", "Built in", card="alsa_card.0")
    rep = microphone(follow=False, name="alsa.jack")
    rep.among(found(jack, inside))
    assert rep.among(found(inside)) is None


def test_without_a_sound_server_a_label_that_only_one_device_has_is_kin_enough() -> None:
    rep = microphone(follow=False, name="USB (1)", label="USB")
    alike = Device("USB (2)", "USB", "microphone")
    assert rep.among(Found((alike,))) == alike
    assert rep.among(Found((alike, replace(alike, identity="USB (3)")))) is None


@pytest.mark.parametrize(
    ("wanted", "other", "same"),
    [
        (HEADSET, HANDSFREE, True),
        (source("a", card="alsa_card.0"), source("b", card="alsa_card.0"), True),
        (source("a", card="alsa_card.0"), source("b", card="alsa_card.1"), False),
        (source("a", product="046d 0a45 7"), source("b", product="046d 0a45 7"), True),
        (source("a", "USB", bus_path="usb-1"), source("b", "USB", bus_path="usb-1"), True),
        (source("a", "USB", bus_path="usb-1"), source("b", "Webcam", bus_path="usb-1"), False),
        (source("a", "USB"), source("b", "USB"), False),
        (source("a"), source("b"), False),
        (source("a", card="c"), replace(source("b", card="c"), monitor_of="sink"), False),
    ],
)
def test_kin_is_the_same_thing_under_another_name(
    wanted: PulseSource, other: PulseSource, *, same: bool
) -> None:
    assert kin(wanted, [other]) == (other if same else None)
    assert kin(wanted, [wanted]) is None


def test_of_several_kin_the_same_label_counts_then_the_name() -> None:
    wanted = source("a", "Headset", card="c")
    first, second, alike = (
        source("b", "x", card="c"),
        source("d", "x", card="c"),
        source("e", "Headset", card="c"),
    )
    assert kin(wanted, [second, first]) == first
    assert kin(wanted, [second, alike, first]) == alike


def test_without_a_server_nothing_is_found_and_nothing_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    assert look_on_server() is None
    assert not has_server()
    monkeypatch.setattr(wish, "list_devices", lambda: (Device("a", "a", "microphone"),))
    assert look_elsewhere() == Found((Device("a", "a", "microphone"),))


def test_other_systems_have_no_such_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert not has_server()


def test_a_machine_without_the_server_s_library_has_no_such_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise OSError("libpulse.so.0")

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(pulse, "sources", missing)
    assert not has_server()


@pytest.mark.desktop
def test_a_real_server_tells_what_it_has() -> None:
    with sound_rig() as rig, rig.here():
        there = look_on_server()
        assert has_server()
        assert there is not None
        assert set(there.sources) == {"callmic.monitor", "callspk.monitor"}
        rig.add_microphone("headset", 440)
        rig.control("set-default-source", "headset")
        there = look_on_server()
        assert there is not None
        assert heard(microphone(follow=True).among(there)) == "headset"

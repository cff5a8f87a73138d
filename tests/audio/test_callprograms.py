"""Who records: named as people do, told once it has settled, on each system."""

from __future__ import annotations

import ctypes
import queue
import shutil
import subprocess
import threading

import pytest
from rigs.screen import until
from rigs.sound import MICROPHONE, sound_rig

from coach.audio.callprograms import (
    BUNDLE,
    PROCESSES,
    RUNNING_INPUT,
    CallWatch,
    MacRecorders,
    PulseRecorders,
    WindowsRecorders,
    call_program,
)
from coach.audio.consentstore import Store

WAIT_S = 30.0


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("zoom ZOOM VoiceEngine", "Zoom"),
        ("teams-for-linux WEBRTC VoiceEngine", "Teams"),
        ("ms-teams.exe", "Teams"),
        ("MSTeams_8wekyb3d8bbwe", "Teams"),
        ("us.zoom.xos", "Zoom"),
        ("com.microsoft.teams2", "Teams"),
        ("com.google.Chrome.helper", "Chrome"),
        ("chromium Chromium input", "Chromium"),
        ("firefox Firefox", "Firefox"),
        ("Discord WEBRTC VoiceEngine", "Discord"),
        ("CiscoCollabHost", "Webex"),
        ("audacity ALSA plug-in", ""),
        ("parec", ""),
        ("", ""),
    ],
)
def test_a_program_is_called_as_people_call_it(raw: str, name: str) -> None:
    assert call_program(raw) == name


class Port:
    """A system in the hands of a test: each look is handed in, and each wait ends when the next one is there."""

    def __init__(self, *first: str) -> None:
        self.looks: queue.Queue[tuple[str, ...]] = queue.Queue()
        self.waits: list[float | None] = []
        self._now = first
        self._closed = False

    def now(self):
        return self._now

    def wait(self, seconds):
        self.waits.append(seconds)
        if seconds is None or self._closed:
            self._now = self.looks.get(timeout=WAIT_S)

    def wake(self):
        self._closed = True
        self.looks.put(())

    def close(self):
        self.given_back = True


@pytest.fixture
def watched():
    open_watches = []

    def watch(port, settled_s=0.0):
        said: queue.Queue[str] = queue.Queue()
        made = CallWatch(lambda: port, said.put, settled_s)
        open_watches.append(made)
        return said

    yield watch
    for made in open_watches:
        made.stop()
        assert not made._thread.is_alive()


def test_a_call_that_begins_is_told_once_and_one_that_went_on_before_is_not(watched) -> None:
    port = Port("zoom")
    said = watched(port)
    port.looks.put(("zoom", "audacity"))
    port.looks.put(("zoom", "audacity", "firefox Firefox"))
    assert said.get(timeout=WAIT_S) == "Firefox"
    port.looks.put(("firefox Firefox",))
    port.looks.put(())
    port.looks.put(("firefox Firefox",))  # a headset was changed: not worth a second word
    port.looks.put(("slack",))
    assert said.get(timeout=WAIT_S) == "Slack"
    assert said.empty()


def test_it_waits_for_the_system_and_not_by_the_clock(watched) -> None:
    port = Port()
    watched(port)
    until(lambda: port.waits == [None], WAIT_S)


def test_a_short_look_at_the_microphone_is_no_call(watched) -> None:
    port = Port()
    said = watched(port, settled_s=3600.0)
    port.looks.put(("teams",))
    until(lambda: len(port.waits) > 1, WAIT_S)
    assert 3599 < port.waits[1] <= 3600
    assert said.empty()


def test_a_system_that_cannot_be_asked_is_let_be() -> None:
    tried = threading.Event()

    def broken():
        tried.set()
        raise OSError("no server")

    watch = CallWatch(broken, lambda _: None)
    assert tried.wait(WAIT_S)
    watch.stop()
    watch._thread.join(WAIT_S)
    assert not watch._thread.is_alive()


@pytest.mark.desktop
@pytest.mark.skipif(shutil.which("parec") is None, reason="pulseaudio-utils is not installed")
def test_the_sound_server_tells_who_records_from_a_microphone() -> None:
    with sound_rig() as rig, rig.here():
        rig.add_microphone("headset", 300.0)
        said: queue.Queue[str] = queue.Queue()
        watch = CallWatch(PulseRecorders, said.put, 0.2)
        until(lambda: "coach callwatch" in rig.control("list", "clients"), WAIT_S)
        other = PulseRecorders()
        recorders = []

        def records(device, name):
            command = ["parec", f"--device={device}", f"--property=application.name={name}"]
            recorders.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))

        try:
            records(f"{MICROPHONE}.monitor", "Slack of the screen recorder")
            records("headset", "ZOOM VoiceEngine")
            assert said.get(timeout=WAIT_S) == "Zoom"
            assert [call_program(raw) for raw in other.now()] == ["Zoom"], "a monitor is no microphone"
            recorders[1].kill()
            until(lambda: other.now() == (), WAIT_S)
        finally:
            for recorder in recorders:
                recorder.kill()
                recorder.wait()
            watch.stop()
            other.close()
        assert said.empty()


class Kept:
    """A consent store in memory, with names as Windows 11 has them."""

    def __init__(self) -> None:
        self.all = {
            "MSTeams_8wekyb3d8bbwe": 133_000_000_000_000_000,
            "C:#Program Files#Zoom#bin#Zoom.exe": 0,
            "C:#Python#python.exe": 133_000_000_000_000_000,
        }

    def stops(self):
        return self.all.items()


def test_windows_names_who_has_not_ended() -> None:
    assert WindowsRecorders(Kept()).now() == ("Zoom.exe",)


class Key(dict):
    """A registry key in memory: keys and values by name."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def __int__(self):
        return 77

    closed = False

    def Close(self):  # noqa: N802 - the system's name
        self.closed = True


class Winreg:
    HKEY_CURRENT_USER, KEY_READ = object(), 0x20019

    def __init__(self, top: Key) -> None:
        self._top = top

    def OpenKey(self, key, name, reserved, access):  # noqa: N802 - the system's name
        if key is self.HKEY_CURRENT_USER:
            return self._top
        if not isinstance(key.get(name), Key):
            raise FileNotFoundError(2, name)
        return key[name]

    def QueryInfoKey(self, key):  # noqa: N802 - the system's name
        return len(self._keys(key)), 0, 0

    def EnumKey(self, key, place):  # noqa: N802 - the system's name
        return self._keys(key)[place]

    def QueryValueEx(self, key, name):  # noqa: N802 - the system's name
        if name not in key:
            raise FileNotFoundError(2, name)
        return key[name], 11

    def _keys(self, key):
        return [name for name, value in key.items() if isinstance(value, Key)]


class Call:
    def __init__(self, answer):
        self._answer, self.asked = answer, []

    def __call__(self, *given):
        self.asked.append(given)
        return self._answer


class Libraries:
    """advapi32 and kernel32 as their documentation has them."""

    def __init__(self) -> None:
        self.RegNotifyChangeKeyValue, self.CreateEventW = Call(0), Call(99)
        self.WaitForSingleObject, self.SetEvent, self.CloseHandle = Call(0), Call(1), Call(1)

    def __call__(self, name):
        assert name in {"advapi32", "kernel32"}
        return self


def test_the_consent_store_is_read_and_waited_for_without_asking() -> None:
    top = Key(
        {
            "Value": "Allow",
            "MSTeams_8wekyb3d8bbwe": Key(LastUsedTimeStart=5, LastUsedTimeStop=0),
            "Never_used": Key(Value="Allow"),
            "NonPackaged": Key({"C:#Zoom.exe": Key(LastUsedTimeStop=133)}),
        }
    )
    system = Libraries()
    store = Store(Winreg(top), system)
    assert list(store.stops()) == [("MSTeams_8wekyb3d8bbwe", 0), ("C:#Zoom.exe", 133)]
    store.wait(None)
    assert system.WaitForSingleObject.asked[0][1].value == 0xFFFF_FFFF
    assert len(system.RegNotifyChangeKeyValue.asked) == 1
    store.wait(2.5)
    assert system.WaitForSingleObject.asked[1][1].value == 2500
    assert len(system.RegNotifyChangeKeyValue.asked) == 2, "it tells of one change only"
    store.wake()
    assert system.SetEvent.asked[0][0].value == 99
    system.RegNotifyChangeKeyValue = Call(6)
    system.WaitForSingleObject = Call(0)
    with pytest.raises(OSError, match="RegNotify"):
        store.wait(None)
    store.close()
    assert top.closed
    assert system.CloseHandle.asked[0][0].value == 99


class CoreAudio:
    """CoreAudio with three programs: one records, one plays only, one has no bundle."""

    FOUR = staticmethod(lambda letters: int.from_bytes(letters, "big"))

    def __init__(self, *, old: bool = False) -> None:
        self._old = old
        self.names = {41: b"us.zoom.xos", 42: b"com.spotify.client", 43: b""}
        self.running = {41: 1, 42: 0, 43: 1}

    def AudioObjectGetPropertyDataSize(self, thing, address, _n, _q, size):  # noqa: N802 - the system's name
        if self._old:
            return 0x77686F3F  # 'who?'
        size._obj.value = 12
        return 0

    def AudioObjectGetPropertyData(self, thing, address, _n, _q, size, into):  # noqa: N802 - the system's name
        selector = address._obj.selector
        if selector == self.FOUR(PROCESSES):
            into._obj[:] = [41, 42, 43]
        elif selector == self.FOUR(RUNNING_INPUT):
            into._obj.value = self.running[thing.value]
        elif selector == self.FOUR(BUNDLE):
            into._obj.value = thing.value if self.names[thing.value] else None
        return 0

    def CFStringGetCString(self, text, letters, size, encoding):  # noqa: N802 - the system's name
        letters.value = self.names[text.value]
        return 1

    def CFRelease(self, text):  # noqa: N802 - the system's name
        assert isinstance(text, ctypes.c_void_p)


def test_macos_lists_the_programs_with_an_open_input() -> None:
    system = CoreAudio()
    port = MacRecorders(system, system)
    assert port.now() == ("us.zoom.xos",)
    port.wake()
    port.wait(None)  # at once


def test_an_older_macos_lists_none() -> None:
    assert MacRecorders(CoreAudio(old=True), CoreAudio()).now() == ()

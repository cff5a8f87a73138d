"""The system is asked for its own choice in its own tongue: tables of methods, and four letters in a number."""

from __future__ import annotations

import ctypes
import sys
import uuid

import pytest

from coach.audio import endpoint
from coach.audio.endpoint import Address, default_device, of_macos, of_windows

HEADSET = "{0.0.0.00000000}.{5a9e8b3e-2f0c-4d62-9d33-4f1f0f7f8a10}"
NOT_FOUND, CHANGED_MODE = -2147023728, -2147417850

POINTER = ctypes.c_void_p


class Com:
    """A COM of our own: real tables of real functions, as mmdeviceapi.h lays them out."""

    def __init__(self, identity=HEADSET, *, there=True, mode=0) -> None:
        self.identity, self.there, self.mode = identity, there, mode
        self.asked, self.released, self.freed, self.ended = [], [], 0, 0
        self._text = ctypes.create_unicode_buffer(identity)
        one = ctypes.CFUNCTYPE(ctypes.c_int, POINTER)
        ask = ctypes.CFUNCTYPE(ctypes.c_int, POINTER, ctypes.c_int, ctypes.c_int, POINTER)
        give = ctypes.CFUNCTYPE(ctypes.c_int, POINTER, POINTER)
        self._functions = [
            one(lambda _this: self.released.append("device") or 0),
            give(self._get_id),
            one(lambda _this: self.released.append("enumerator") or 0),
            ask(self._get_default),
        ]
        release_device, get_id, release_enumerator, get_default = self._functions
        self._device = self._object({2: release_device, 5: get_id})
        self._enumerator = self._object({2: release_enumerator, 4: get_default})

    def _object(self, methods):
        table = (POINTER * 8)(*[ctypes.cast(methods[i], POINTER) if i in methods else None for i in range(8)])
        thing = ctypes.pointer(table)
        self._functions += [table, thing]  # kept alive
        return ctypes.pointer(ctypes.cast(thing, POINTER))

    def _get_default(self, _this, flow, role, device):
        self.asked.append((flow, role))
        if not self.there:
            return NOT_FOUND
        POINTER.from_address(device).value = ctypes.addressof(self._device.contents)
        return 0

    def _get_id(self, _this, text):
        POINTER.from_address(text).value = ctypes.addressof(self._text)
        return 0

    def CoInitializeEx(self, _reserved, how):  # noqa: N802 - as Windows calls it
        assert how.value == 0
        return self.mode

    def CoUninitialize(self):  # noqa: N802 - the same
        self.ended += 1

    def CoCreateInstance(self, clsid, _outer, where, iid, out):  # noqa: N802 - the same
        assert where.value == 1
        given = uuid.UUID(bytes_le=bytes(clsid._obj)), uuid.UUID(bytes_le=bytes(iid._obj))
        assert given == (uuid.UUID(endpoint.CLSID_ENUMERATOR), uuid.UUID(endpoint.IID_ENUMERATOR))
        out._obj.value = ctypes.addressof(self._enumerator.contents)
        return 0

    def CoTaskMemFree(self, text):  # noqa: N802 - the same
        assert text.value == ctypes.addressof(self._text)
        self.freed += 1


@pytest.mark.parametrize(("flow", "number"), [("output", 0), ("input", 1)])
def test_windows_gives_the_id_of_its_default_and_gets_everything_back(flow, number):
    com = Com()
    assert of_windows(com, flow) == HEADSET
    assert com.asked == [(number, 0)]
    assert com.released == ["device", "enumerator"]
    assert (com.freed, com.ended) == (1, 1)


def test_windows_without_such_a_device_gives_nothing():
    com = Com(there=False)
    assert of_windows(com, "output") == ""
    assert com.released == ["enumerator"]


def test_a_thread_that_has_com_in_its_other_form_keeps_it():
    com = Com(mode=CHANGED_MODE)
    assert of_windows(com, "output") == HEADSET
    assert com.ended == 0


class CoreAudio:
    """A framework that knows two devices."""

    def __init__(self, devices) -> None:
        self.devices = devices

    def AudioObjectGetPropertyData(self, thing, address, _q, _none, size, data):  # noqa: N802 - as Apple calls it
        asked = Address.from_buffer_copy(address._obj)
        assert (thing.value, asked.scope, asked.element, size._obj.value) == (1, 0x676C6F62, 0, 4)
        letters = asked.selector.to_bytes(4, "big").decode()
        if letters not in self.devices:
            return 2003332927  # kAudioHardwareUnknownPropertyError
        data._obj.value = self.devices[letters]
        return 0


def test_macos_gives_the_number_of_its_default():
    mac = CoreAudio({"dOut": 73, "dIn ": 58})
    assert of_macos(mac, "output") == "73"
    assert of_macos(mac, "input") == "58"


def test_macos_without_such_a_device_gives_nothing():
    assert of_macos(CoreAudio({"dOut": 0}), "output") == ""
    assert of_macos(CoreAudio({}), "input") == ""


@pytest.mark.parametrize("system", ["win32", "darwin", "linux"])
def test_a_system_that_cannot_be_asked_gives_nothing(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(endpoint, "find_library", lambda _name: "/nowhere/CoreAudio")
    assert default_device("output") == ""

"""Ask Windows and macOS which device is their own choice now.

PortAudio makes its list once and tells nobody of a change, so whoever follows the system's choice must ask the
system. Owns the few calls for that, through `ctypes`, without a dependency: `IMMDeviceEnumerator` of the Windows
core audio API, `AudioObjectGetPropertyData` of CoreAudio. What comes back is good for nothing but being compared.
Written from their documentation; the calls are tested against libraries of our own, not yet on those systems.
"""

from __future__ import annotations

import ctypes
import sys
import uuid
from ctypes.util import find_library
from typing import Any, Literal

Flow = Literal["output", "input"]


def default_device(flow: Flow) -> str:
    """Return a name for the system's own choice; empty where it has none or cannot be asked."""
    try:
        if sys.platform == "win32":
            return of_windows(ctypes.WinDLL("ole32"), flow)
        if sys.platform == "darwin":
            path = find_library("CoreAudio") or "/System/Library/Frameworks/CoreAudio.framework/CoreAudio"
            return of_macos(ctypes.CDLL(path), flow)
    except (OSError, AttributeError):
        return ""
    return ""


# Windows. mmdeviceapi.h: GUIDs and the order of methods in each interface's table.

CLSID_ENUMERATOR = "{BCDE0395-E52F-467C-8E3D-C4579291692E}"
IID_ENUMERATOR = "{A95664D2-9614-4F35-A746-DE8DB63617E6}"
CLSCTX_INPROC_SERVER = 1
COINIT_MULTITHREADED = 0
E_RENDER, E_CAPTURE = 0, 1
E_CONSOLE = 0
"""The role that PortAudio itself takes for the default; calls may have another, which the call program follows."""
RELEASE, GET_DEFAULT_ENDPOINT, GET_ID = 2, 4, 5
"""Places in the tables: IUnknown has three methods; IMMDeviceEnumerator goes on with EnumAudioEndpoints and
GetDefaultAudioEndpoint, IMMDevice with Activate, OpenPropertyStore and GetId."""


def of_windows(ole32: Any, flow: Flow) -> str:
    """Return the id of the default endpoint, for example ``{0.0.0.00000000}.{...}``.

    Args:
        ole32: the library that opens COM objects.
        flow: what is asked for.
    """
    ours = ole32.CoInitializeEx(None, ctypes.c_uint32(COINIT_MULTITHREADED))
    try:
        enumerator = ctypes.c_void_p()
        clsid, iid = _guid(CLSID_ENUMERATOR), _guid(IID_ENUMERATOR)
        wanted = ctypes.c_uint32(CLSCTX_INPROC_SERVER)
        made = ole32.CoCreateInstance(
            ctypes.byref(clsid), None, wanted, ctypes.byref(iid), ctypes.byref(enumerator)
        )
        if made < 0 or not enumerator:
            return ""
        try:
            return _default_id(ole32, enumerator, E_RENDER if flow == "output" else E_CAPTURE)
        finally:
            _method(enumerator, RELEASE)(enumerator)
    finally:
        if ours >= 0:  # below: this thread has COM in its other form already, which does as well
            ole32.CoUninitialize()


def _default_id(ole32: Any, enumerator: ctypes.c_void_p, flow: int) -> str:
    device, text = ctypes.c_void_p(), ctypes.c_void_p()
    ask = _method(enumerator, GET_DEFAULT_ENDPOINT, ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
    if ask(enumerator, flow, E_CONSOLE, ctypes.addressof(device)) < 0 or not device:
        return ""  # E_NOTFOUND: no such device at all
    try:
        if _method(device, GET_ID, ctypes.c_void_p)(device, ctypes.addressof(text)) < 0 or not text:
            return ""
        try:
            return ctypes.wstring_at(text.value or 0)
        finally:
            ole32.CoTaskMemFree(text)
    finally:
        _method(device, RELEASE)(device)


def _guid(text: str) -> ctypes.Array[ctypes.c_ubyte]:
    return (ctypes.c_ubyte * 16)(*uuid.UUID(text).bytes_le)


def _method(thing: ctypes.c_void_p, place: int, *takes: Any) -> Any:
    """Return a method of a COM object: the object begins with the address of its table of methods."""
    kind = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)  # one and the same on 64 bits
    table = ctypes.cast(thing, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p)))[0]
    return kind(ctypes.c_int, ctypes.c_void_p, *takes)(table[place] or 0)


# macOS. AudioHardware.h: selectors are four letters in one number.

SYSTEM_OBJECT = 1
SELECTORS = {"output": b"dOut", "input": b"dIn "}
GLOBAL, MAIN = b"glob", 0


class Address(ctypes.Structure):
    """``AudioObjectPropertyAddress``: what is asked of an audio object."""

    _fields_ = (("selector", ctypes.c_uint32), ("scope", ctypes.c_uint32), ("element", ctypes.c_uint32))


def of_macos(core_audio: Any, flow: Flow) -> str:
    """Return the number of the default device.

    Args:
        core_audio: the framework.
        flow: what is asked for.
    """
    address = Address(int.from_bytes(SELECTORS[flow], "big"), int.from_bytes(GLOBAL, "big"), MAIN)
    device, size = ctypes.c_uint32(0), ctypes.c_uint32(ctypes.sizeof(ctypes.c_uint32))
    failed = core_audio.AudioObjectGetPropertyData(
        ctypes.c_uint32(SYSTEM_OBJECT),
        ctypes.byref(address),
        ctypes.c_uint32(0),
        None,
        ctypes.byref(size),
        ctypes.byref(device),
    )
    return "" if failed or not device.value else str(device.value)

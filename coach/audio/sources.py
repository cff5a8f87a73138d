"""Choose what hears a device on this system.

Owns nothing but the choice, so that whoever starts a call need not know it: on Linux the sound server
(`microphone`, `loopback`), on Windows and macOS PortAudio's inputs (`hostinput`), WASAPI's loopbacks (`wasapi`) and
the tap of a Mac (`tap`).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from coach.audio import tap, wasapi
from coach.audio.hostinput import HostInput
from coach.audio.loopback import Loopback
from coach.audio.microphone import Microphone
from coach.call.events import Who

if TYPE_CHECKING:
    from coach.audio.devices import Device
    from coach.audio.side import Opened


def microphone(device: Device, *, follow: bool = False) -> Opened:
    """Return what hears the rep.

    Args:
        device: from `coach.audio.devices.find_microphone`.
        follow: nobody chose it by name, so hear the system's own choice whenever it is opened, and be lost when that
            changes (Windows and macOS; on Linux the device stays).
    """
    if sys.platform in {"win32", "darwin"}:
        return HostInput(Who.REP, device, follow=follow)
    return Microphone(device)


def loopback(device: Device, *, follow: bool = False) -> Opened:
    """Return what hears the customer.

    Args:
        device: from `coach.audio.devices.find_loopback`.
        follow: nobody chose it by name, so hear what the default output plays whenever it is opened, and be lost when
            that changes (Windows; a Mac's tap hears every output, a virtual device is one of its own).
    """
    if sys.platform == "win32" and device.identity.endswith(wasapi.MARK):
        return wasapi.WasapiLoopback(device, follow=follow)
    if sys.platform == "darwin" and device.identity == tap.IDENTITY:
        return tap.TapSource()
    if sys.platform in {"win32", "darwin"}:
        return HostInput(Who.CUSTOMER, device)
    return Loopback(device)

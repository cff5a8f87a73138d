"""Hear the rep: one microphone as an `AudioSource`.

Owns nothing but the side; how a device is heard is in `capture`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.audio.capture import Capture
from coach.call.events import Who

if TYPE_CHECKING:
    from coach.audio.devices import Device


class Microphone(Capture):
    """The rep's microphone.

    Args:
        device: from `coach.audio.devices.find_microphone`.
    """

    def __init__(self, device: Device) -> None:
        super().__init__(Who.REP, device)

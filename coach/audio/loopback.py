"""Hear the customer on Linux: what the loudspeakers play, from a monitor of the sound server.

Owns nothing but the side; how a device is heard is in `capture`, and which other ways there are on other systems in
`sources`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.audio.capture import Capture
from coach.call.events import Who

if TYPE_CHECKING:
    from coach.audio.devices import Device


class Loopback(Capture):
    """What the loudspeakers play.

    Args:
        device: from `coach.audio.devices.find_loopback`.
    """

    def __init__(self, device: Device) -> None:
        super().__init__(Who.CUSTOMER, device)

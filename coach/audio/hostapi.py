"""Which of PortAudio's inputs are worth listing on Windows and macOS, and under what lasting name.

Owns the peculiarities of those lists. Windows shows every device once for each of its four sound systems, in MME
with the name cut at 31 letters; WASAPI's is the list that is whole, named in full and rate-true, so only that one is
used, and others only where it has no input. Some programs leave inputs of their own behind that no voice ever comes
out of. Written from documentation and from lists that users posted; not yet run on those systems.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coach.audio import portaudio

if TYPE_CHECKING:
    from collections.abc import Iterable

WINDOWS = ("Windows WASAPI", "Windows DirectSound", "MME")
"""Host APIs in the order in which they are taken; WDM-KS opens devices for itself alone and is not among them."""

VIRTUAL = (
    "blackhole",
    "soundflower",
    "loopback audio",
    "vb-cable",
    "cable output",
    "stereo mix",
    "stereomix",
)
"""Inputs that carry what is played: virtual devices of either system, and what some Windows drivers offer.

They are never a microphone, not even when the system's own choice is one: the customer would be heard as the rep.
"""

PRIVATE = ("microsoft teams audio", "zoomaudiodevice", "zoom audio device", "cadefaultdeviceaggregate")
"""Inputs that call programs keep for themselves (shared sound), and a passing one of CoreAudio's."""

PSEUDO = ("microsoft sound mapper", "primary sound capture driver")
"""Stand for whatever the default is, and change it under us."""


@dataclass(frozen=True, slots=True)
class Input:
    """One of PortAudio's inputs.

    Args:
        index: PortAudio's, which lasts no longer than its list.
        identity: name and host API; what settings store.
        label: the name.
        rate: samples a second, its own.
        channels: how many it has.
        virtual: carries what is played.
        default: the system's own choice.
    """

    index: int
    identity: str
    label: str
    rate: int
    channels: int
    virtual: bool
    default: bool


def inputs() -> tuple[Input, ...]:
    """Return PortAudio's inputs of this system, from a fresh list where that harms no open stream."""
    with portaudio.opening:
        known = portaudio.devices()
        if not known:
            return ()
        hosts: list[dict[str, Any]] = list(portaudio.portaudio().query_hostapis())
    apis: list[Iterable[int]] = [range(len(hosts))]
    if sys.platform == "win32":
        apis = [[i for i, h in enumerate(hosts) if h["name"] == name] for name in WINDOWS]
    return next((found for wanted in apis if (found := _named(known, hosts, wanted))), ())


def _named(
    known: list[dict[str, Any]], hosts: list[dict[str, Any]], wanted: Iterable[int]
) -> tuple[Input, ...]:
    wanted = set(wanted)
    defaults = {int(hosts[i]["default_input_device"]) for i in wanted}  # -1 where there is none
    seen: Counter[str] = Counter()
    found = []
    for index, device in enumerate(known):
        label = str(device["name"]).strip()
        plain = label.casefold()
        if int(device["max_input_channels"]) < 1 or int(device["hostapi"]) not in wanted:
            continue
        if plain.startswith((*PRIVATE, *PSEUDO)) or plain.endswith("[loopback]"):
            continue
        identity = f"{label}, {hosts[int(device['hostapi'])]['name']}" if sys.platform == "win32" else label
        seen[identity] += 1
        twin = f" ({seen[identity]})" if seen[identity] > 1 else ""
        found.append(
            Input(
                index,
                identity + twin,
                label + twin,
                round(float(device["default_samplerate"])),
                int(device["max_input_channels"]),
                plain.startswith(VIRTUAL),
                index in defaults,
            )
        )
    return tuple(found)

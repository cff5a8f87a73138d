"""Which device a side is to hear now: the system's own choice, or one that was named and may come back.

Owns that decision and nothing else. Refuses to open, to wait and to know threads: what is there goes in, a device or
none comes out. A device that was named is remembered by its identity; while it is away its kin stands in for it: the
same thing under another name, as a headset gets one with every Bluetooth profile.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coach.audio.devices import Device, from_pulse, list_devices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coach.audio.devices import Kind
    from coach.audio.pulse import PulseSource


@dataclass(frozen=True, slots=True)
class Found:
    """What can be heard now.

    Args:
        devices: as `coach.audio.devices` lists them.
        sources: what the sound server knows of each, by identity; empty without such a server.
    """

    devices: tuple[Device, ...]
    sources: Mapping[str, PulseSource] = field(default_factory=dict)


def look_on_server() -> Found | None:
    """Return what the sound server has; None when no server answers."""
    from coach.audio import pulse  # noqa: PLC0415 - needs libpulse, and a machine may do without

    sources = pulse.sources()
    return None if sources is None else Found(tuple(from_pulse(sources)), {s.name: s for s in sources})


def look_elsewhere() -> Found | None:
    """Return what PortAudio knows, which while a stream is open is what it knew before."""
    return Found(list_devices())


def has_server() -> bool:
    """Say whether a sound server gives the devices here."""
    if sys.platform != "linux":
        return False
    try:
        return look_on_server() is not None
    except OSError:
        return False


class Wish:
    """What one side wishes to hear.

    Args:
        device: the device that was found for it.
        follow: go where the system's own choice goes; else wait for this one.
    """

    def __init__(self, device: Device, *, follow: bool) -> None:
        self._kind: Kind = device.kind
        self._named = "" if follow else device.identity
        self._label = device.label
        self._known: PulseSource | None = None
        """What the server said of the named device when it was last there..."""
        self._beside: frozenset[str] = frozenset()
        """...and what was there beside it, and so is none of its other names."""

    @property
    def follows(self) -> bool:
        """Whether it goes where the system's own choice goes."""
        return not self._named

    def among(self, found: Found, taken: str = "", current: str = "") -> Device | None:
        """Return the device to hear, or None where there is none.

        Args:
            found: what is there.
            taken: identity of what the other side hears; never returned.
            current: identity of what this side hears.
        """
        mine = [d for d in found.devices if d.kind == self._kind]
        if not self._named:
            return _followed(mine, taken, current)
        there = {d.identity: d for d in mine if d.identity != taken}
        if self._named in there:
            self._known = found.sources.get(self._named)
            self._beside = frozenset(found.sources)
            return there[self._named]
        if self._known is None:
            alike = [d for d in there.values() if d.label == self._label]
            return alike[0] if len(alike) == 1 else None
        fresh = [found.sources[name] for name in there if name in found.sources and name not in self._beside]
        stands_in = kin(self._known, fresh)
        return there[stands_in.name] if stands_in is not None else None


def _followed(mine: Iterable[Device], taken: str, current: str) -> Device | None:
    """Return the system's own choice of a kind; without one, stay, and from nowhere take the first."""
    chosen = next((d for d in mine if d.default), None)
    if chosen is not None:
        return None if chosen.identity == taken else chosen
    free = [d for d in mine if d.identity != taken]
    return next((d for d in free if d.identity == current), free[0] if free else None)


def kin(wanted: PulseSource, among: Iterable[PulseSource]) -> PulseSource | None:
    """Return the source that is the same device under another name, or None.

    The same Bluetooth address; or the same card, as in another of its profiles; or the same maker, product and serial
    number, as in another socket; or the same socket and label. Of several sources of one device, that of the same
    label, else the one of the first name. A microphone has no kin among monitors, nor the other way round.
    """
    fitting = [s for s in among if s.name != wanted.name and bool(s.monitor_of) == bool(wanted.monitor_of)]

    def same(*names: str) -> list[PulseSource]:
        mine = [getattr(wanted, name) for name in names]
        return [s for s in fitting if all(mine) and [getattr(s, name) for name in names] == mine]

    ways = (("address",), ("card",), ("product",), ("bus_path", "label"))
    alike = next((found for names in ways if (found := same(*names))), [])
    return min(alike, key=lambda s: (s.label != wanted.label, s.name), default=None)

"""List what can be heard: microphones, and loopbacks that carry what the loudspeakers play.

Owns names and choices. Refuses to open anything. Devices are plain values, so that a list of them can be
shown anywhere; a machine without sound gives an empty list and no error.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from coach.audio import hostapi, tap, wasapi
from coach.language import Sentence
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coach.audio.pulse import PulseSource

Kind = Literal["microphone", "loopback"]

_PLUG_IN = "Plug one in, or allow this program to use it in the system's privacy settings."


@dataclass(frozen=True, slots=True)
class Device:
    """Something that can be heard.

    Args:
        identity: the system's own stable name for it; what settings store.
        label: what a person calls it.
        kind: ``microphone`` or ``loopback``.
        default: the system's own choice of its kind.
    """

    identity: str
    label: str
    kind: Kind
    default: bool = False


def list_devices() -> tuple[Device, ...]:
    """Return all microphones, then all loopbacks; empty on a machine without sound.

    Raises:
        Trouble: when the library that records sound is not installed.
    """
    found = tuple(_found())
    return tuple(d for d in found if d.kind == "microphone") + tuple(d for d in found if d.kind == "loopback")


def find_microphone(name: str = "") -> Device:
    """Find a microphone by its identity or label; without a name, the system's own choice.

    Raises:
        Trouble: when there is none, or none of that name.
    """
    return _chosen("microphone", name, Sentence("There is no microphone."), Sentence(_PLUG_IN))


def find_loopback(name: str = "") -> Device:
    """Find what carries the other side by its identity or label; without a name, the default output's.

    Raises:
        Trouble: when there is none, or none of that name.
    """
    nothing = Sentence("The other side cannot be heard on this system.")
    return _chosen("loopback", name, nothing, how_to_hear_them())


def how_to_hear_them() -> Sentence:
    """Say what to do on this system when nothing carries the other side."""
    if sys.platform == "darwin":
        return _on_a_mac()
    if sys.platform == "win32":
        return Sentence(
            "{install} (and check that a loudspeaker is connected).", install=Sentence(wasapi.INSTALL)
        )
    return Sentence("Check that a loudspeaker or a headset is connected.")


def _chosen(kind: Kind, name: str, nothing: Sentence, mend: Sentence) -> Device:
    devices = [d for d in list_devices() if d.kind == kind]
    if not devices:
        raise Trouble(nothing, mend)
    if not name:
        return next((d for d in devices if d.default), devices[0])
    wanted = name.casefold()
    exact = [d for d in devices if wanted in (d.identity.casefold(), d.label.casefold())]
    near = exact or [d for d in devices if wanted in d.label.casefold() or wanted in d.identity.casefold()]
    if len(near) == 1 or exact:
        return near[0]
    names = ", ".join(f"'{d.label}'" for d in near or devices)
    if near:
        raise Trouble(
            "'{name}' could be more than one {kind}.",
            "Choose one of: {names}.",
            name=name,
            kind=Sentence(kind),
            names=names,
        )
    raise Trouble(
        "There is no {kind} called '{name}'.",
        "Choose one of: {names}.",
        kind=Sentence(kind),
        name=name,
        names=names,
    )


def _found() -> Iterator[Device]:
    if sys.platform == "linux":
        sources = _pulse_sources()
        if sources is not None:
            yield from from_pulse(sources)
            return
    if sys.platform == "darwin":
        yield from _mac_tap()
    yield from _from_portaudio()
    if sys.platform == "win32":
        yield from _windows_loopbacks()


def _pulse_sources() -> tuple[PulseSource, ...] | None:
    try:
        from coach.audio import pulse  # noqa: PLC0415 - needs libpulse, and a machine may do without
    except OSError:
        return None
    return pulse.sources()


def from_pulse(sources: tuple[PulseSource, ...]) -> Iterator[Device]:
    """Tell microphones from loopbacks among a server's sources.

    A monitor is a loopback. One that the user made the default source is his microphone too (a noise filter
    is often built that way); but the monitor of the default output is what the server falls back to when the
    last microphone is gone, and never counts as one.
    """
    for s in sources:
        if s.monitor_of:
            yield Device(s.name, s.label, "loopback", s.default_output)
        if not s.monitor_of or (s.default_input and not s.default_output):
            yield Device(s.name, s.label, "microphone", s.default_input)


def _from_portaudio() -> Iterator[Device]:
    for i in hostapi.inputs():
        if i.virtual:
            yield Device(i.identity, i.label, "loopback")
        else:
            yield Device(i.identity, i.label, "microphone", i.default)


def _windows_loopbacks() -> Iterator[Device]:
    """Yield the loopbacks of WASAPI. Not yet run on that system."""
    for found in wasapi.loopbacks():
        yield Device(found.identity, found.label, "loopback", found.default)


def _mac_tap() -> Iterator[Device]:
    """Yield what this Mac plays, where it can be tapped and the program for it was built. Not yet run there."""
    if tap.can_tap() and tap.find_program() is not None:
        yield Device(tap.IDENTITY, tap.LABEL, "loopback", default=True)


def _on_a_mac() -> Sentence:
    """Say how a Mac lets the other side be heard, step by step."""
    virtual = Sentence(
        "Install BlackHole 2ch (existential.audio/blackhole); in Audio MIDI Setup press +, choose 'Create "
        "Multi-Output Device', tick your loudspeaker or headset first and BlackHole second; choose that "
        "Multi-Output Device as the loudspeaker of your call program; then choose BlackHole here."
    )
    if not tap.can_tap():
        return virtual
    return Sentence(
        "Paste this into Terminal, once: {command} - or, without it: {virtual}",
        command=tap.how_to_build(),
        virtual=virtual,
    )

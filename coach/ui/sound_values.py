"""What the sound check shows, and what it may ask for: plain values and one protocol.

Refuses to know windows and devices: whoever owns the devices makes the values, the panel shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from coach.call.events import Who

SYSTEMS: Final = ""
"""The choice that leaves it to the system."""
ALONE: Final = "none"
"""The choice of no other side."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A device to choose.

    Args:
        value: what the settings keep: the system's own stable name.
        name: what a person calls it; foreign text.
        here: False for one that is chosen and not connected.
    """

    value: str
    name: str
    here: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to choose for one side.

    Args:
        choices: the devices.
        chosen: the value of the one that is chosen, or `SYSTEMS`, or `ALONE`.
        systems: name of the system's own choice; empty where it has none.
    """

    choices: tuple[Choice, ...] = ()
    chosen: str = SYSTEMS
    systems: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """What one side gives.

    Args:
        peak_db: in dBFS.
        held_db: the highest of late.
        state: ``waiting``, ``silent``, ``steady``, ``heard``, ``loud``, ``zeros``, ``off`` or ``trouble``.
        sentence: what the trouble is.
    """

    peak_db: float = -60.0
    held_db: float = -60.0
    state: str = "waiting"
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class ToneHeard:
    """What became of a test tone.

    Args:
        other: ``heard``, ``silent``, ``elsewhere``, ``room`` or ``off``; empty where there was no tone.
        leak: ``none``, ``some``, ``strong``, ``heard`` or ``unknown``.
        gap_db: how loud the leak is against what was played.
        sentence: why there was no tone.
    """

    other: str = ""
    leak: str = ""
    gap_db: int = 0
    sentence: str = ""


class SoundControls(Protocol):
    """Whoever owns the devices. Every method is called on the window's thread and returns at once."""

    def look(self) -> None:
        """Look for devices again."""
        ...

    def listen(self) -> None:
        """Hear both sides: they are on the screen."""
        ...

    def rest(self) -> None:
        """Let both devices go: nobody looks."""
        ...

    def choose(self, who: Who, value: str) -> None:
        """Take another device for a side, from now on."""
        ...

    def play_tone(self) -> None:
        """Play the test tone, and tell where it was heard."""
        ...

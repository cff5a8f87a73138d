"""What the windows may ask for, and what they are told about the listening.

Owns the words between the windows and whoever runs the call. Refuses to know either.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Phase(StrEnum):
    """What the listening does."""

    IDLE = "idle"
    LISTENING = "listening"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class State:
    """The state of the listening; ``problem`` is a sentence for the rep while something is wrong.

    ``note``: what became of the last call, while nothing listens.
    """

    phase: Phase = Phase.IDLE
    call_type: str = "discovery"
    problem: str = ""
    note: str = ""

    @property
    def kind(self) -> str:
        """Return what the tray shows: a phase, or ``problem``."""
        return "problem" if self.problem else self.phase.value


class CallControls(Protocol):
    """Whoever runs the call. Every method is called on the window's thread and returns at once."""

    def start(self, call_type: str) -> None:
        """Begin to listen to a call of this type."""
        ...

    def pause(self) -> None:
        """Stop listening for a while."""
        ...

    def resume(self) -> None:
        """Listen again."""
        ...

    def stop(self) -> None:
        """End the call."""
        ...

    def panic(self) -> str:
        """Stop listening and hide everything, at once and without a question; return what is said to whoever asked."""
        ...

    def reread(self) -> None:
        """Take over what the settings file says now of what is kept."""
        ...

    def dismiss(self, rule: str) -> None:
        """Take note that the rep waved this nudge away."""
        ...

    def unhelpful(self, rule: str) -> None:
        """Take note that this nudge did not help."""
        ...

    def not_now(self) -> None:
        """Keep quiet until the call ends."""
        ...

    def quit(self) -> None:
        """End the program."""
        ...

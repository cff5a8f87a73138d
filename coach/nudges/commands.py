"""What the engine asks for, as values. It performs none of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Nudge:
    """One nudge, with everything that explains it.

    ``due_ms`` is when its condition had held, ``at_ms`` when it may be seen (the rep's next breath).
    ``because`` holds the numbers that set it off, each name ending in its unit. ``suggestion`` is a question built
    from the customer's own last words, empty where none was good enough.
    """

    rule: str
    text: str
    reason: str
    due_ms: int
    at_ms: int
    because: tuple[tuple[str, float], ...]
    source: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A moment that a rule saw and that was not nudged: for the report, never for the screen.

    ``at_ms`` is the moment to listen to, in ms since the call began; the rest is as in a nudge.
    """

    rule: str
    text: str
    reason: str
    at_ms: int
    because: tuple[tuple[str, float], ...]
    source: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class ShowNudge:
    """Show this nudge now, with ``offer`` beneath it: its suggestion where the settings allow one in a call."""

    at_ms: int
    nudge: Nudge
    offer: str = ""


@dataclass(frozen=True, slots=True)
class HideNudge:
    """Take the nudge of this rule away: its time is over, or the rep did what it asked for."""

    at_ms: int
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class TellOnce:
    """Tell the rep one plain sentence about the listening itself."""

    at_ms: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ToldIsOver:
    """What was told with this code is well again."""

    at_ms: int
    code: str


@dataclass(frozen=True, slots=True)
class WrongAgain:
    """What was told once with this code, and was well again, is wrong again: a state to show, nothing to say."""

    at_ms: int
    code: str
    text: str


Command = ShowNudge | HideNudge | TellOnce | ToldIsOver | WrongAgain

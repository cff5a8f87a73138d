"""Predict the nudge: what the room thought, beside what the coach then did.

Owns how a guess is judged, kindly: there is no wrong, there is a hit, something near, something seen early, and a
moment at which the coach kept quiet. Keeps nothing: a guess lives until the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from coach.nudges.commands import Noticed, Nudge
    from coach.report.onstage import TakeOnStage

AT_ONCE_MS: Final = 10_000
"""A guess this long before the nudge names the same moment: a nudge may wait 8 s for a breath (``manners.md``)."""
AHEAD_MS: Final = 30_000
"""A guess this long before it saw it coming; before that it was about something else."""
HIT, NEAR, EARLY, QUIET = "hit", "near", "early", "quiet"


@dataclass(frozen=True, slots=True)
class Guess:
    """What the room would have said, and when, in ms since the call began."""

    at_ms: int
    rule: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a guess: ``hit``, ``near``, ``early`` or ``quiet``.

    ``nudge`` is what the coach said then; ``noticed`` what a rule saw there without saying it.
    """

    kind: str
    guess: Guess
    nudge: Nudge | None = None
    noticed: Noticed | None = None

    @property
    def ahead_s(self) -> float:
        """How many seconds before the nudge the guess came."""
        return (self.nudge.at_ms - self.guess.at_ms) / 1000 if self.nudge is not None else 0.0


def judged(guess: Guess, take: TakeOnStage, now_ms: int) -> Outcome | None:
    """Return what became of a guess by now; None while it is still open."""
    nudge = take.next_nudge(guess.at_ms)
    if nudge is not None and nudge.at_ms <= now_ms and nudge.at_ms - guess.at_ms <= AHEAD_MS:
        same = nudge.rule == guess.rule
        if nudge.at_ms - guess.at_ms <= AT_ONCE_MS:
            return Outcome(HIT if same else NEAR, guess, nudge)
        return Outcome(EARLY if same else NEAR, guess, nudge)
    if now_ms - guess.at_ms < AHEAD_MS and now_ms < take.duration_ms:
        return None
    close = (m for m in take.moments if m.rule == guess.rule and abs(m.at_ms - guess.at_ms) <= AT_ONCE_MS)
    noticed = next(close, None)
    return Outcome(NEAR if noticed is not None else QUIET, guess, noticed=noticed)

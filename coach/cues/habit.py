"""How often one side of a call asks, and what that makes of a doubtful question.

Owns one idea: a score is calibrated for talk in which people ask as often as in the written scenes; who has asked
seldom so far is less likely to ask now, and who asks a lot likelier (Saerens, Latinne and Decaestecker 2002, "Adjusting
the outputs of a classifier to new a priori probabilities"). Refuses to know what a question looks like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.call.events import Who
from coach.call.vocabulary import COUNTED_QUESTIONS
from coach.cues.weighing import likelihood, log_odds

if TYPE_CHECKING:
    from collections.abc import Mapping

_USUAL: Final = {Who.REP: 0.239, Who.CUSTOMER: 0.067}  # share of questions in ``models/cues/scenes``
_AS_MANY: Final = 50  # sentences of the call weigh as much as the scenes do


class Habit:
    """How often one side has asked in this call."""

    def __init__(self, who: Who) -> None:
        self._usual = _USUAL[who]
        self._asked, self._said = self._usual * _AS_MANY, float(_AS_MANY)

    def settle(self, weighed: Mapping[str, float]) -> dict[str, float]:
        """Return scores from 0 to 1 by cue, that of the likeliest counted question moved by the habit so far."""
        best = max(COUNTED_QUESTIONS & weighed.keys(), key=lambda k: (weighed[k], k), default=None)
        if best is None:
            return dict(weighed)
        moved = log_odds(self._asked / self._said) - log_odds(self._usual)
        self._asked += weighed[best]
        self._said += 1
        return {**weighed, best: likelihood(log_odds(weighed[best]) + moved)}

"""Which parts of their world a customer's sentence speaks of (``cues.md``: coverage).

Owns the reading of the six parts: how they work today, what they want, what is in the way, what it costs them,
who is involved, why now. A sentence may speak of several, mostly of none. Refuses to judge: it marks, it never
scores the customer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.call.vocabulary import (
    AIM,
    ASKS_FOR_PITCH,
    COST,
    NEED,
    OBJECTION,
    OBSTACLE,
    QUESTION_CLOSED,
    QUESTION_OPEN,
    WORLD,
)
from coach.cues.weighing import evidence, likelihood
from coach.cues.world_forms import ASKED, ASKS, BIAS, FORMS, PRIVATE, SETTLED, SUPPLIER

if TYPE_CHECKING:
    from coach.cues.text import Sentence

_LEAST_WORDS: Final = 2
_SHORT_WORDS: Final = 4
_SHORT: Final = -0.8  # fewer words than that seldom say much, unless they answer
_ANSWERS: Final = 2  # so many sentences after a question answer it
_ASKING: Final = -3.0
_NEEDS: Final = frozenset({AIM, OBSTACLE, COST})
_HURTS: Final = frozenset({OBSTACLE, COST})
_NEEDED: Final = 0.9  # the sentence is a need: what hurts and what is wanted are needs
_PUSHING: Final = -1.8  # the sentence pushes back: what it wants or fears is then rather the offer's fault


class World:
    """Mark the customer's sentences of one call; remembers what the rep last asked after."""

    def __init__(self) -> None:
        self._asked: frozenset[str] = frozenset()
        self._answers = 0

    def rep_spoke(self, said: Sentence, *, asked: bool) -> None:
        """Remember which parts a question of the rep asks after."""
        if asked:
            self._asked = frozenset(part for part in WORLD if evidence(ASKS[part], said.plain) > 0)
            self._answers = 0

    def read(self, said: Sentence, found: frozenset[str]) -> dict[str, float]:
        """Return how much a sentence of the customer speaks of each part, 0 to 1.

        Args:
            said: the sentence.
            found: the customer's other cues in it.
        """
        words = said.plain
        answers, self._answers = self._answers < _ANSWERS, self._answers + 1
        if len(said.tokens) < _LEAST_WORDS:
            return dict.fromkeys(WORLD, 0.0)
        aside = evidence((SUPPLIER, PRIVATE), words) + self._asking(said, found)
        settled = evidence((SETTLED,), words)
        pushing = _PUSHING if OBJECTION in found and NEED not in found else 0.0  # harm told is harm
        scores = {}
        for part in WORLD:
            seen = evidence(FORMS[part], words)
            if seen <= 0:
                scores[part] = 0.0
                continue
            asked = answers and part in self._asked
            log_odds = BIAS + seen + aside + (ASKED if asked else 0.0)
            log_odds += settled if part in _HURTS else 0.0
            log_odds += _NEEDED if part in _NEEDS and NEED in found else 0.0
            log_odds += pushing if part in {AIM, OBSTACLE} else 0.0
            log_odds += _SHORT if len(said.tokens) < _SHORT_WORDS and not asked else 0.0
            scores[part] = likelihood(log_odds)
        return scores

    @staticmethod
    def _asking(said: Sentence, found: frozenset[str]) -> float:
        asks = found & {ASKS_FOR_PITCH, QUESTION_OPEN, QUESTION_CLOSED}
        return _ASKING if said.asks or asks else 0.0

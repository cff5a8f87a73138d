"""Is the rep selling: pitch, pressure, another customer's story, a next step.

Owns the forms in which English speakers put their own product, company or terms in a good light, push, tell
of other customers and fix what happens next. Refuses to know any industry: no product's noun stands here.
Whether a pitch was asked for is the business of `context`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from coach.cues.pitch_forms import ASIDE, OUTCOME, PITCH
from coach.cues.weighing import LINE, evidence, likelihood

if TYPE_CHECKING:
    from coach.cues.text import Sentence


_PITCH_BIAS: Final = -1.1
_PITCH_ASKED: Final = 2.0  # the customer asked for it, or said yes to hearing it
_PITCH_GOES_ON: Final = 1.2  # the sentence before was a pitch and nobody else has the floor
_PITCH_EARLIER_IN_RUN: Final = 0.9
_GOOD_END: Final = 4.6  # outweighs the past tense, which elsewhere speaks against a pitch
_QUESTION: Final = -7.0
_REFLECTS: Final = -3.0
_LIMIT: Final = re.compile(
    r"\b(?:doesn't|don't|can't|won't|do not|does not|cannot) (?:do|have|cover|offer|handle|sell|make|fix)"
    r" (?:that|it|this|those|them)(?: yet| today| at all| ourselves| i'm afraid)?$"
)
_OF_OTHERS: Final = re.compile(r"\b(?:they|theirs?|others?|competitors?|nobody|no one|yours?|else)\b")


def pitch(
    said: Sentence,
    *,
    asked_for: bool,
    goes_on: bool,
    earlier_in_run: bool,
    asks: float,
    reflects: float,
    tells: float,
    pushes: bool,
) -> float:
    """Return how much a sentence sells, 0 to 1.

    Args:
        said: the sentence.
        asked_for: the customer asked, or agreed to hear it.
        goes_on: the rep's sentence before was a pitch and the customer has not taken the floor since.
        earlier_in_run: the same, a few sentences back.
        asks: how likely the sentence is a question, 0 to 1.
        reflects: how likely it gives the customer's words back or thanks for them, 0 to 1.
        tells: how much it tells of another customer, 0 to 1; a good end to that tale speaks for us.
        pushes: it is pressure; then only what it says itself makes it a pitch.
    """
    log_odds = (
        _PITCH_BIAS
        + evidence(PITCH, said.plain)
        + (_QUESTION if asks >= LINE else 0.0)
        + (_REFLECTS if reflects >= LINE else 0.0)
    )
    if not ASIDE.search(said.plain) and not pushes:
        log_odds += _PITCH_ASKED if asked_for else 0.0
        log_odds += _PITCH_GOES_ON if goes_on else _PITCH_EARLIER_IN_RUN if earlier_in_run else 0.0
    if tells >= LINE and OUTCOME.search(said.plain):
        log_odds += _GOOD_END
    return likelihood(log_odds)


def limits(said: Sentence) -> bool:
    """Say whether a sentence only tells what the offer does not do, an honest limit (``cues.md``): no pitch."""
    return _LIMIT.search(said.plain) is not None and _OF_OTHERS.search(said.plain) is None

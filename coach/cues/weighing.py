"""Clues and their weights: how a rule's strength becomes a score.

Owns one idea: a clue is a pattern in plain words that speaks for or against a cue, in log-odds; what was
seen is added up and becomes a score between 0 and 1, with 0.5 as the line. Knows no cue by name.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

LINE: Final = 0.5
"""A score at or over this is a cue."""
_LEAST: Final = 1e-3


class Clue(NamedTuple):
    """A pattern over plain words, and what finding it adds to the log-odds of a cue."""

    weight: float
    catches: str
    pattern: re.Pattern[str]


def clue(weight: float, catches: str, *patterns: str) -> Clue:
    """Return a clue that is found where any of the patterns is; each is bounded by whole words.

    A pattern that begins with ``^`` or ends with ``$`` is held to the sentence's ends.
    """
    return Clue(weight, catches, any_of(*patterns))


def any_of(*patterns: str) -> re.Pattern[str]:
    """Return one pattern for whole words out of several."""
    anchored = [f"(?:{p})" for p in patterns if p.startswith("^")]
    free = "|".join(f"(?:{p})" for p in patterns if not p.startswith("^"))
    # One look behind for all of them: this is the hottest place of the house.
    return re.compile(
        "(?:" + "|".join([*anchored, *([rf"(?<![\w'])(?:{free})"] if free else [])]) + r")(?![\w'])"
    )


def evidence(clues: Iterable[Clue], words: str) -> float:
    """Return the added weights of the clues found, in log-odds."""
    return sum(c.weight for c in clues if c.pattern.search(words))


def log_odds(score: float) -> float:
    """Return the log-odds of a score between 0 and 1; no surer than one in a thousand."""
    kept = min(max(score, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))


def likelihood(log_odds: float) -> float:
    """Return a score between 0 and 1 for log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))

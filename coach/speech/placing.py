"""Give words their times, from the voice they were spoken with.

Owns the spreading of a text over voiced time. Refuses to know models: Whisper's own word times can be
seconds off after a silence, the voice detector's cannot. Words get voiced time in proportion to their length;
the ends of clauses, where people pause, are pulled to the pauses between voices.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from coach.speech.words import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

CLAUSE_ENDS: Final = ".?!,;:"
"""A word ending in one of these may be followed by a pause."""

REACH_MS: Final = 600
"""A clause end is pulled to a pause no farther away than this, a comma half as far.

Source: the twelve calls; sentence ends inside a span are then off by 32 ms (nine in ten: 80), without by 208.
"""


def place(texts: Sequence[str], voiced: Sequence[tuple[int, int]]) -> list[Word]:
    """Spread words over voices.

    Args:
        texts: the words as written, in order.
        voiced: the voices in milliseconds, in order, apart; not empty unless there are no words.

    Returns:
        One `Word` a text, in order, each inside the voices' outer bounds, none before the one in front of it.
    """
    if not texts:
        return []
    lengths = [end - start for start, end in voiced]
    marks = [0, *accumulate(lengths)]
    ends = list(accumulate(_weight(t) for t in texts))
    natural = [marks[-1] * e / ends[-1] for e in ends]
    anchors = _anchors(texts, natural, marks[1:-1])
    placed = _between(natural, anchors, marks[-1])
    begins = [0.0, *placed[:-1]]
    return [
        Word(_at(b, voiced, marks, opening=True), _at(e, voiced, marks, opening=False), t, behind)
        for t, b, e, behind in zip(texts, begins, placed, [*texts[1:], ""], strict=True)
    ]


def _weight(text: str) -> int:
    """Weigh a word by its characters; digits are read out and weigh more."""
    return 1 + sum(4 if c.isdigit() else 1 for c in text if c.isalnum())


def _anchors(texts: Sequence[str], natural: Sequence[float], pauses: Sequence[int]) -> dict[int, int]:
    """Return which word ends at which pause (in voiced time): nearest pairs first, none crossing another."""
    pairs = sorted(
        (abs(natural[k] - pause), k, pause)
        for k, text in enumerate(texts[:-1])
        if text[-1:] in CLAUSE_ENDS
        for pause in pauses
        if abs(natural[k] - pause) <= (REACH_MS if text[-1] in ".?!" else REACH_MS // 2)
    )
    chosen: dict[int, int] = {}
    for _, k, pause in pairs:
        if all(
            (k < other and pause < mark) or (k > other and pause > mark) for other, mark in chosen.items()
        ):
            chosen[k] = pause
    return chosen


def _between(natural: Sequence[float], anchors: dict[int, int], total: int) -> list[float]:
    """Stretch the stretches between anchored words so that each anchored word ends at its pause."""
    fixed = [
        (0.0, 0.0),
        *((natural[k], float(anchors[k])) for k in sorted(anchors)),
        (natural[-1], float(total)),
    ]
    placed = []
    for at in natural:
        right = min(max(1, bisect_left([n for n, _ in fixed], at)), len(fixed) - 1)
        (n0, m0), (n1, m1) = fixed[right - 1], fixed[right]
        placed.append(m0 + (at - n0) * (m1 - m0) / (n1 - n0) if n1 > n0 else m1)
    return placed


def _at(voiced_ms: float, voiced: Sequence[tuple[int, int]], marks: Sequence[int], *, opening: bool) -> int:
    """Turn voiced time into the call's time; at a pause, an opening lies behind and a closing before it."""
    exact = round(voiced_ms)
    part = (bisect_right(marks, exact) if opening else bisect_left(marks, exact)) - 1
    part = min(max(part, 0), len(voiced) - 1)
    return voiced[part][0] + min(exact - marks[part], voiced[part][1] - voiced[part][0])

"""Which of the questions a rep planned a sentence asks, by the meaning of its words.

Owns what counts as asked, and the line. Refuses to know the call, threads and what is made of an answer.

A sentence asks a planned question where it is a question itself, by its cues or its mark, so that "we handle returns"
never answers for "how do you handle returns?", and where two readings of both agree: the encoder as it was published,
which knows what a sentence is about, and the same encoder as it was tuned for cues, which knows what kind of question
it is. The score is the mean of the two cosines. Words in common add nothing: another question about the same thing
shares them. English only, as cues are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from coach.call.vocabulary import (
    COUNTED_QUESTIONS,
    QUESTION_COURTESY,
    QUESTION_PERMISSION,
    QUESTION_TAG,
)
from coach.cues.learned import Encoder, learned
from coach.cues.text import sentence
from coach.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

LINE: Final = 0.74
"""From this score on a question counts as asked: the lowest from which on all are right that it takes of 80 written
examples, 17; of 32 it finds 17 (``benchmarks/planned.py``, ``choose.tsv``). Rather missed than made up."""
ASKING: Final = COUNTED_QUESTIONS | {QUESTION_COURTESY, QUESTION_PERMISSION, QUESTION_TAG}


@dataclass(frozen=True, slots=True)
class Match:
    """A planned question, by its place in the list, and how alike the sentence is, up to 1."""

    question: int
    score: float


class Planned:
    """Know the planned questions again.

    Args:
        questions: as the rep wrote them.

    Raises:
        Trouble: where the encoder is missing or altered.
    """

    def __init__(self, questions: Sequence[str]) -> None:
        tuned = learned().encoder  # which checks every file
        self._encoders = (Encoder(shipped("models", "cues", "encoder"), tuned=False), tuned)
        self._wanted = [np.array([self._read(e, q) for q in questions]) for e in self._encoders]

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return how alike a sentence is to each question, whether it asks or not."""
        parts = [wanted @ self._read(e, text) for e, wanted in zip(self._encoders, self._wanted, strict=True)]
        mean: NDArray[np.float32] = np.mean(parts, axis=0)
        return mean

    def match(self, text: str, cues: Collection[str]) -> Match | None:
        """Return the question that a sentence of the rep asks; None where it asks none of them.

        Args:
            text: what was heard.
            cues: what the sentence was read as.
        """
        asks = bool(ASKING & set(cues)) or sentence(text).asks
        if not asks or not self._wanted[0].size:
            return None
        scores = self.scores(text)
        best = int(scores.argmax())
        return Match(best, round(float(scores[best]), 3)) if scores[best] >= LINE else None

    @staticmethod
    def _read(encoder: Encoder, text: str) -> NDArray[np.float32]:
        return encoder.meaning(sentence(text).plain)

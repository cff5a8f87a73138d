"""What a reader makes of a sentence, as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """The cues of one sentence, and a score from 0 to 1 for every cue that its side can have."""

    cues: tuple[str, ...]
    scores: tuple[tuple[str, float], ...]

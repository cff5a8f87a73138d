"""What a reader makes of a sentence, as a value; and the reader that makes nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.call.events import Who


@dataclass(frozen=True, slots=True)
class Reading:
    """The cues of one sentence, and a score from 0 to 1 for every cue that its side can have."""

    cues: tuple[str, ...]
    scores: tuple[tuple[str, float], ...]


class Unread:
    """Reads no cues: the reader of every language but English."""

    def read(self, who: Who, text: str, start_ms: int | None = None, end_ms: int | None = None) -> Reading:
        """Return that nothing is known of the sentence."""
        del who, text, start_ms, end_ms
        return Reading((), ())

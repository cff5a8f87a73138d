"""What may be known of a call at a glance, without a nudge: for the ring.

Owns the two figures and how seldom they are looked at. Refuses to know who shows them. It may be looked at after every
event; the audio is its clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.call.meters import Meters

EVERY_MS: Final = 5000
"""A glance at most so often, in ms of audio: an ambient mark that moves is a distraction (Shen, Vande Moere, Hong, CEUR
Vol-254: motion disturbs most)."""


@dataclass(frozen=True, slots=True)
class Ambient:
    """The two figures; None for what is not known.

    ``share`` is the rolling talk share, 0 to 1. ``question_gap_ms`` is talk time since the rep's last question.
    """

    share: float | None = None
    question_gap_ms: int | None = None


class Glances:
    """Hand on a glance at the meters of one call, every five seconds of it.

    Args:
        post: takes each; returns at once.
    """

    def __init__(self, post: Callable[[Ambient], object]) -> None:
        self._post = post
        self._next_ms = EVERY_MS

    def look(self, meters: Meters) -> None:
        """Look at the meters, if it is time to."""
        if meters.now_ms < self._next_ms:
            return
        self._next_ms = meters.now_ms + EVERY_MS
        words = (
            meters.two_sides and meters.reads_cues and meters.sentences
        )  # without words no question is heard
        self._post(Ambient(meters.rolling_share(), meters.moment().question_gap_ms if words else None))

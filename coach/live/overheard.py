"""Keep a little of the rep's own voice from a live call, so that it can be known again.

Owns which stretches are kept: the rep's, while the customer was silent, and no more than two minutes of them. Refuses
to know what is made of them, and whether anybody agreed: whoever makes one has asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coach.audio.block import RATE
from coach.call.events import Who
from coach.live.ear import Ear

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from coach.audio.block import Block
    from coach.live.ear import Heard, SpanToWrite

KEPT_S: Final = 120
"""More sound than this is not kept: 4 MB, and a print gets no better."""
TAKEN_S: Final = 60
"""So much of it is handed out."""
CLEAR_MS: Final = 300
"""The customer must have been silent so long before and after."""
BETWEEN: Final = RATE // 2
"""Samples of quiet between stretches that are handed out."""


class OwnVoice:
    """The rep's own voice in one call; told by the ear's thread, asked once the call is over."""

    def __init__(self) -> None:
        self._mine: list[SpanToWrite] = []
        self._theirs: list[tuple[int, int]] = []
        self._kept = 0

    def hear(self, heard: Heard) -> None:
        """Take what was heard of one side."""
        for span in heard.spans:
            if span.who is not Who.REP:
                self._theirs += span.span.voiced
            elif self._kept < KEPT_S * RATE:
                self._mine.append(span)
                self._kept += len(span.samples)

    def sound(self) -> NDArray[np.int16]:
        """Return the rep's voice, up to a minute of it, in which nobody else speaks; empty where there is none."""
        parts: list[NDArray[np.int16]] = []
        taken = 0
        for span in self._mine:
            start, end = span.span.from_ms - CLEAR_MS, span.span.to_ms + CLEAR_MS
            if taken < TAKEN_S * RATE and not any(a < end and b > start for a, b in self._theirs):
                parts += [span.samples, np.zeros(BETWEEN, np.int16)]
                taken += len(span.samples)
        return np.concatenate(parts) if parts else np.zeros(0, np.int16)


class OverheardEar(Ear):
    """An ear that tells what it heard to one more.

    Args:
        tell: is told, on the ear's thread; None for nobody.
        parts: what every ear is made of.
        sound: is handed every block as it comes, on the ear's thread; None for nobody.
    """

    def __init__(
        self, tell: Callable[[Heard], None] | None, *parts: Any, sound: Callable[[Block], None] | None = None
    ) -> None:
        super().__init__(*parts)
        self._tell, self._sound = tell, sound

    def hear(self, block: Block) -> Heard:
        """Take the next block, as every ear does."""
        if self._sound is not None:
            self._sound(block)
        heard = super().hear(block)
        if self._tell is not None:
            self._tell(heard)
        return heard

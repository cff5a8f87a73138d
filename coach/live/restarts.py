"""A worker that dies is begun anew: when, how often, and when no more.

Owns the counting and the waiting of one worker. Refuses to know what the worker does and what time it is: whoever asks
says so, in seconds of any clock that never goes back, which may be the audio itself. No thread, no sleep.

Theory of operation. After a death a worker rests for half a second, after the next in a row for twice as long, up to
eight seconds. A worker that has lived for a quiet minute begins a new row. After eight deaths in a row it is left alone
for the rest of the call: by then half a minute has passed, and what does not live that long will not.
"""

from __future__ import annotations

import math
from typing import Final

FIRST_S: Final = 0.5
LONGEST_S: Final = 8.0
CALM_S: Final = 60.0
MOST: Final = 8


class Restarts:
    """The lives of one worker.

    Args:
        most: deaths in a row that are survived.
        first_s: rest after the first death in a row.
        longest_s: rest at most.
        calm_s: so long a life ends a row.

    ``deaths`` counts all of them, ``over`` says that it is not begun again.
    """

    def __init__(
        self,
        most: int = MOST,
        *,
        first_s: float = FIRST_S,
        longest_s: float = LONGEST_S,
        calm_s: float = CALM_S,
    ) -> None:
        self.deaths = 0
        self.over = False
        self._most, self._first_s, self._longest_s, self._calm_s = most, first_s, longest_s, calm_s
        self._row = 0
        self._began_s: float | None = None
        self._due_s: float | None = None

    @property
    def dead(self) -> bool:
        """Say whether it died and was not begun since."""
        return self.over or self._due_s is not None

    def died(self, now_s: float) -> float | None:
        """Take note of a death; return for how long it is to rest, None where it is over."""
        if self._began_s is not None and now_s - self._began_s >= self._calm_s:
            self._row = 0
        self._row += 1
        self.deaths += 1
        if self._row > self._most:
            self.over = True
            return None
        rest_s = min(self._longest_s, self._first_s * 2.0 ** (self._row - 1))
        self._due_s = now_s + rest_s
        return rest_s

    def due(self, now_s: float) -> bool:
        """Say whether one that died is to be begun now."""
        return not self.over and self._due_s is not None and now_s >= self._due_s

    def begun(self, now_s: float) -> None:
        """Take note that it lives again."""
        self._due_s, self._began_s = None, now_s

    def give_up(self) -> None:
        """Take note that what killed it will not mend itself."""
        self.deaths += 1
        self.over = True


class Watchdog:
    """See that a piece of work never ends.

    Looked at every now and then; between two looks at most `STEP_S` counts, so that neither a machine that slept nor
    one that stood still looks like work that hangs.

    Args:
        patience_s: work that takes longer hangs.
        most_s: it never gets more patient than this.
    """

    STEP_S: Final = 1.0

    def __init__(self, patience_s: float, most_s: float = math.inf) -> None:
        self.patience_s = patience_s
        self._most_s = most_s
        self._work: object | None = None
        self._seen_s = 0.0
        self._looked_s = 0.0

    def look(self, now_s: float, work: object | None) -> bool:
        """Look at what is being done now (None: nothing); say whether it hangs."""
        if work is not self._work or work is None:
            self._work, self._seen_s = work, 0.0
        else:
            self._seen_s += min(self.STEP_S, max(0.0, now_s - self._looked_s))
        self._looked_s = now_s
        return work is not None and self._seen_s > self.patience_s

    def widen(self) -> None:
        """Be twice as patient, within its limit: what was taken for hanging came back after all, and was only slow."""
        self.patience_s = min(2 * self.patience_s, self._most_s)

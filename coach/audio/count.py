"""Count a device's samples, and notice those that never came.

Owns the arithmetic of three witnesses: how many samples came, when the device says that it heard them, and when they
reached us. Refuses to know devices and threads.

Theory of operation. Lost sound sets the count back against both clocks, for good. Neither clock alone is to be
believed: PortAudio's for ALSA is the wall clock, which may be set by hand or over the network, and on a busy machine it
stands 46 ms early for one block and right for the next; and what comes late has only waited. So a loss is what both
show: a jump beyond where the device's clock has stood of late, and an arrival at least as late.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from coach.audio.block import RATE

LOST_S: Final = 0.02
"""An overflow shorter than a block cannot be told from jitter, and leaves the count as it is."""

JUMP_S: Final = 0.045
"""A jump by most of a block of 60 ms is a lost block, even where nobody says so."""

SETTLING: Final = 3 * RATE
"""A device's clock settles first: PulseAudio's jumped by 165 to 200 ms within the first second, then stayed within
0.1 ms over 40 s."""

LATELY: Final = 32
"""Blocks, two seconds: within that at least one comes on time (`coach.live.listener`), and a clock that was set is
believed again."""


class Count:
    """The samples of one opening: ``next`` is where the next one stands, ``losses`` how often some were lost."""

    def __init__(self) -> None:
        self.next = self.losses = 0
        self._heard: deque[float] = deque(maxlen=LATELY)
        """By how many seconds the device's clock stood before the count of late; only differences mean anything."""
        self._came: deque[float] = deque(maxlen=LATELY)
        """By how many seconds blocks came after their count."""

    def take(self, samples: int, heard_s: float, came_s: float, *, lost_some: bool) -> int:
        """Count a block in, and return the sample at which it begins.

        Args:
            samples: how many it brings, at 16 kHz.
            heard_s: when the first of them was heard, by the device's clock.
            came_s: when they reached us, by a clock that nobody sets.
            lost_some: the system says that samples before these were lost.
        """
        lost_s = self._lost_s(heard_s, came_s)
        if lost_s > LOST_S and (lost_some or (lost_s > JUMP_S and self.next > SETTLING)):
            self.next += round(lost_s * RATE)
            self.losses += 1
        elif lost_some:
            self.losses += 1
        begins = self.next
        self._heard.append(heard_s - begins / RATE)
        self._came.append(came_s - begins / RATE)
        self.next += samples
        return begins

    def _lost_s(self, heard_s: float, came_s: float) -> float:
        """Return how much both clocks say is missing before this block."""
        if not self._heard:
            return 0.0
        jump_s = heard_s - self.next / RATE - max(self._heard)
        late_s = came_s - self.next / RATE - min(self._came)
        return jump_s if jump_s <= late_s + LOST_S else 0.0

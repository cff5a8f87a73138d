"""Where the sound's own thread drops its blocks: it never waits, and what does not fit is counted.

Owns the one queue between a device and us. The callback copies a block in and returns; if the listener has
fallen ten seconds behind, the block is dropped and its place in the call becomes silence, because a block
knows where it begins.
"""

from __future__ import annotations

import queue
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.audio.block import Block
    from coach.call.events import Who

ROOM = 1000
"""Blocks: ten seconds of two channels in blocks of 20 ms."""


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """A block and the moment it came, in seconds of the monotonic clock."""

    block: Block
    at_s: float


@dataclass(frozen=True, slots=True)
class Loss:
    """A side's device is gone; ``why`` is a sentence for the rep."""

    who: Who
    why: str


class Mailbox:
    """Hold what devices deliver until the listener takes it."""

    def __init__(self, clock: Callable[[], float], room: int = ROOM) -> None:
        self.dropped = 0
        self._clock = clock
        self._queue: queue.Queue[Arrival | Loss | None] = queue.Queue(room)

    def deliver(self, block: Block) -> None:
        """Take a block from a device's thread; return at once."""
        try:
            self._queue.put_nowait(Arrival(block, self._clock()))
        except queue.Full:
            self.dropped += 1

    def lost(self, who: Who, why: str) -> None:
        """Take the news that a device is gone."""
        self._queue.put(Loss(who, why))

    def close(self) -> None:
        """Let the listener know that nothing more comes."""
        self._queue.put(None)

    def take(self, wait_s: float) -> Arrival | Loss | None:
        """Return the next item, None for the end. Raises ``queue.Empty`` after ``wait_s`` seconds."""
        return self._queue.get(timeout=wait_s)

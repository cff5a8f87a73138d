"""Play a recording as if it were two devices, in real time.

Owns a thread that hands blocks out when their time has come. The live line cannot tell it from devices: that
is what makes the demo, and every measurement of the live line, real.
"""

from __future__ import annotations

import threading
import time
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from coach.audio.block import RATE, Block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from coach.call.events import Who

ROOM_TONE = 32768 * 10 ** (-60 / 20)
"""What a microphone hears in an empty room: noise at -60 dBFS."""


class Player:
    """Hand the blocks of a recording to the sides that ask for them.

    Args:
        blocks: the blocks, the sides in turn, in order of time.
        sides: the sides in them; the playing begins once each has been started.
        aloud: is handed every block as it is played, for a room to hear.
        speed: 1 plays in real time.
    """

    def __init__(
        self,
        blocks: Iterable[Block],
        sides: Iterable[Who],
        aloud: Callable[[Block], None] | None = None,
        *,
        speed: float = 1.0,
    ) -> None:
        self.finished = threading.Event()
        self.sources = tuple(PlayedSide(who, self) for who in sides)
        self._blocks = blocks
        self._aloud = aloud
        self._speed = speed
        self._stop = threading.Event()
        self._deliver: dict[Who, Callable[[Block], None]] = {}
        self._thread = threading.Thread(target=self._play, name="coach-player", daemon=True)

    def stop(self) -> None:
        """Stop handing blocks out."""
        self._stop.set()

    def attach(self, who: Who, deliver: Callable[[Block], None] | None) -> None:
        """Send a side's blocks here; None sends them nowhere."""
        if deliver is None:
            self._deliver.pop(who, None)
        else:
            self._deliver[who] = deliver
            if len(self._deliver) == len(self.sources) and self._thread.ident is None:
                self._thread.start()

    def _play(self) -> None:
        began = time.monotonic()
        for block in self._blocks:
            wait = block.end / RATE / self._speed - (time.monotonic() - began)
            if self._stop.wait(max(0.0, wait)):
                break
            if deliver := self._deliver.get(block.who):
                deliver(block)
            if self._aloud is not None:
                self._aloud(block)
        self.finished.set()


class PlayedSide:
    """One side of a played recording; an `AudioSource`."""

    def __init__(self, who: Who, player: Player) -> None:
        self.who = who
        self.name = "recording"
        self._player = player

    def start(self, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]) -> None:  # noqa: ARG002 - a recording is never lost
        """Begin to take blocks."""
        self._player.attach(self.who, deliver)

    def stop(self) -> None:
        """Take no more."""
        self._player.attach(self.who, None)


def room_tone(sides: Iterable[Who], block: int = RATE * 60 // 1000) -> Iterator[Block]:
    """Yield an empty room without end: faint noise, for digital silence would let the voice network sleep."""
    noise = np.rint(np.random.default_rng(0).standard_normal(block) * ROOM_TONE).astype(np.int16)
    sides = tuple(sides)
    for number in count():
        for who in sides:
            yield Block(who, number * block, noise)

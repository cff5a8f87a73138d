"""Where the sound's own thread drops its blocks: it never waits, and what does not fit is counted.

Owns the one queue between a device and us. The callback copies a block in and returns; if the listener has
fallen half a minute behind on a side, however its device cuts its blocks, the block is dropped and its place in
the call becomes silence, because a block knows where it begins. The listener empties it in one go, once every
side that speaks up at all has done so: each time a thread wakes costs more than the block it wakes for. In a long
quiet it wakes seldom, unless a block is louder than those before.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.audio.block import RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coach.audio.block import Block
    from coach.call.events import Who

ROOM_S = 30
"""So much sound of each side waits for the listener, 1 MB; longer than what hangs is waited for
(`coach.live.aside.HEAR_MOST_S`)."""
GATHER_S = 0.03
"""What came first waits so long for the other side: half a block, so that two devices are soon heard together."""
UNHURRIED_S = 0.75
"""In a long quiet the listener lets blocks gather for so long: a look after a rest costs five times what it computes
(docs/performance.md). A voice would be heard that much later, but for..."""
LOUDER = 10 ** (1 / 20)
"""...a block that is louder by 1 dB, at its peak, than what its side gave since the quiet is long: it is heard at once.
Steady hiss is so now and then (a block's peak scatters by 0.8 dB), which costs one look more."""
FADE = 10 ** (-0.5 / 20)
"""What was loudest is forgotten by half a decibel with each look: a door must not hide a voice for ever."""
TOGETHER = RATE
"""So many samples of a side, in a row, are heard in one go at most."""
RECENT_S = 0.5
"""A side that has given nothing for so long is not waited for: a loopback rests while nothing plays."""


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


@dataclass(frozen=True, slots=True)
class Opened:
    """A side's device was opened: its next block counts from nought. ``device`` is its label."""

    who: Who
    device: str
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The rep lets us listen again: what was not heard before this was not meant to be. ``at_s`` as in `Arrival`."""

    at_s: float


Item = Arrival | Loss | Opened | Resumed | None


def together(items: Iterable[Item]) -> list[list[Arrival] | Loss | Opened | Resumed | None]:
    """Return items in their order, but each side's arrivals, where nothing else comes between, in one list.

    A list holds `TOGETHER` samples and one block more at most.
    """
    out: list[list[Arrival] | Loss | Opened | Resumed | None] = []
    open_lists: dict[Who, list[Arrival]] = {}
    samples: dict[Who, int] = {}
    for item in items:
        if not isinstance(item, Arrival):
            open_lists.clear()
            out.append(item)
            continue
        who = item.block.who
        if who not in open_lists or samples[who] >= TOGETHER:
            open_lists[who], samples[who] = [], 0
            out.append(open_lists[who])
        open_lists[who].append(item)
        samples[who] += len(item.block.samples)
    return out


def _is_louder(block: Block, loudest: dict[Who, float]) -> bool:
    """Say whether a block stands out from what its side gave before, and remember its peak."""
    peak = float(max(block.samples.max(), -int(block.samples.min()))) if len(block.samples) else 0.0
    before = loudest.get(block.who, 0.0)
    loudest[block.who] = max(before, peak)
    return peak > LOUDER * before


class Mailbox:
    """Hold what devices deliver until the listener takes it.

    Args:
        clock: monotonic seconds.
        room: samples of each side; a side that has as many waiting has no room for another block.
    """

    def __init__(self, clock: Callable[[], float], room: int = ROOM_S * RATE) -> None:
        self.dropped = 0
        """Blocks that did not fit."""
        self._clock = clock
        self._room = room
        self._shut = False
        self._items: deque[Item] = deque()
        self._came = threading.Condition()
        self._urgent = False
        """Something other than a block is among the items, or a block that may be a voice."""
        self._loudest: dict[Who, float] | None = None
        """While blocks gather in a long quiet: the peak of each side since it is long, fading."""
        self._given: dict[Who, float] = {}
        """When each side last gave a block."""
        self._waiting: dict[Who, int] = {}
        """Samples among the items, of each side with a block among them."""

    def deliver(self, block: Block) -> None:
        """Take a block from a device's thread; return at once."""
        with self._came:
            if self._shut:
                return
            waiting = self._waiting.get(block.who, 0)
            if waiting >= self._room:
                self.dropped += 1
                return
            now_s = self._clock()
            self._items.append(Arrival(block, now_s))
            self._given[block.who] = now_s
            self._waiting[block.who] = waiting + len(block.samples)
            if self._loudest is None:
                ready = len(self._items) == 1 or self._complete()
            else:
                self._urgent |= _is_louder(block, self._loudest)
                ready = self._urgent
            if ready:
                self._came.notify()

    def shut(self) -> None:
        """Take no more sound, whoever still gives some; what has come is heard."""
        with self._came:
            self._shut = True

    def lost(self, who: Who, why: str) -> None:
        """Take the news that a device is gone."""
        self._put(Loss(who, why))

    def opened(self, who: Who, device: str, identity: str = "") -> None:
        """Take the news that a side is heard through this device from its next block on."""
        self._put(Opened(who, device, identity))

    def resumed(self) -> None:
        """Take the news that the rep lets us listen again."""
        self._put(Resumed(self._clock()))

    def close(self) -> None:
        """Let the listener know that nothing more comes."""
        self._put(None)

    def take(self, wait_s: float, *, unhurried: bool = False) -> list[Item]:
        """Return everything that waits, in the order in which it came; None stands for the end.

        Args:
            wait_s: seconds to wait while nothing does; then nothing is returned.
            unhurried: let blocks gather for `UNHURRIED_S` whatever comes, but a louder one: nobody has spoken for long.
        """
        with self._came:
            if unhurried:
                self._loudest = {who: FADE * peak for who, peak in (self._loudest or {}).items()}
                # Devices that give nothing are looked after as often as ever.
                first_s = min(wait_s, UNHURRIED_S)
                if self._came.wait_for(lambda: self._urgent, first_s) or self._items:
                    self._came.wait_for(lambda: self._urgent, UNHURRIED_S - first_s)
            else:
                self._loudest = None
                if self._came.wait_for(lambda: bool(self._items), wait_s):
                    self._came.wait_for(self._complete, GATHER_S)
            items = list(self._items)
            self._items.clear()
            self._waiting.clear()
            self._urgent = False
            return items

    def _put(self, item: Loss | Opened | Resumed | None) -> None:
        with self._came:
            if isinstance(item, Loss):
                self._given.pop(item.who, None)
            self._items.append(item)
            self._urgent = True
            self._came.notify()

    def _complete(self) -> bool:
        """Say whether there is nothing to wait for: every side of late is here, or something cannot wait."""
        now_s = self._clock()
        return self._urgent or all(
            who in self._waiting or now_s - given_s > RECENT_S for who, given_s in self._given.items()
        )

"""One side of a call that outlives its devices: what it hears now, since when it hears nothing, when it is tried next.

Owns the order of what is told about a side: a device, then its blocks; or that it is lost, once a gap. Refuses to know
which device is the right one and on which thread it is minded: that is `coach.audio.kept`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from coach.language import Sentence, in_a_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.audio.block import Block
    from coach.audio.devices import Device
    from coach.audio.wish import Wish
    from coach.call.events import Who

GRACE_S: Final = 1.5
"""A gap longer than this is told as a loss: with the step that notices it, two seconds after the device went."""
OPENING_S: Final = 0.3
"""A device that has just been opened again gets so long for its first block before the gap is told."""
FIRST_S: Final = 0.5
MOST_S: Final = 8.0
"""A try that failed is repeated after half a second, then after twice as long each time, up to eight seconds."""
STEADY_S: Final = 2.0
"""A device that was heard for so long was no failure."""

RECONNECTING: Final = Sentence("Reconnecting.")


class Opened(Protocol):
    """A device that is heard: `coach.audio.capture.Capture`, or what a test has in its place."""

    @property
    def came_s(self) -> float | None:
        """When its last block came, in awake seconds; None before the first."""
        ...

    @property
    def rests(self) -> bool:
        """Say whether it may rightly give nothing for long."""
        ...

    def start(self, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]) -> None:
        """Open the device and begin. Raises `Trouble` when it cannot be opened."""
        ...

    def stop(self) -> None:
        """Close the device."""
        ...


@dataclass(eq=False)
class Stretch:
    """One device from its opening to its closing."""

    device: Device
    capture: Opened
    opened_s: float
    first: bool = True
    """Nothing was heard of it yet."""
    over: bool = False
    """What it still holds back is not handed on."""


@dataclass(eq=False)
class Side:
    """One side.

    Args:
        who: the side.
        wish: decides what it should hear.
        name: label of what it hears, or heard last.
    """

    who: Who
    wish: Wish
    name: str
    stretch: Stretch | None = None
    opened: Callable[[Who, str, str], None] | None = None
    """Is told of each device before its first block."""
    ever: bool = False
    """It was started before."""
    tried_s: float = float("-inf")
    due_s: float | None = None
    """When the next try is due."""
    _deliver: Callable[[Block], None] | None = None
    _lost: Callable[[Who, str], None] | None = None
    _why: str = ""
    _gap_since_s: float | None = None
    _told: bool = False
    """The call knows of this gap as a loss."""
    _tries: int = 0
    _telling: threading.Lock = field(default_factory=threading.Lock)
    """Held for a moment, so that a loss and a first block are told in the order in which they came."""

    @property
    def wanted(self) -> bool:
        """Say whether the call listens to it."""
        return self._deliver is not None

    def begin(self, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]) -> None:
        """Let the call listen; nothing is open yet."""
        if self.wanted:
            raise RuntimeError(f"{self.name} is open already")
        self._deliver, self._lost = deliver, lost
        self._told, self._tries, self.due_s, self._gap_since_s, self._why = False, 0, None, None, ""

    def end(self) -> None:
        """Close the device; the call listens no more."""
        self.close()
        self._deliver = self._lost = None

    def open(
        self, device: Device, capture: Opened, now_s: float, note: Callable[[Stretch, str], None]
    ) -> None:
        """Open a device; ``note`` is told, from any thread, when it is lost. Raises `Trouble` when refused."""
        deliver = self._deliver
        if deliver is None:
            return
        stretch = Stretch(device, capture, now_s)

        def take(block: Block) -> None:
            if stretch.over:
                return
            if stretch.first:
                self._heard(stretch)
            deliver(block)

        self.stretch = stretch
        try:
            capture.start(take, lambda _who, why: note(stretch, why))
        except BaseException:
            self.stretch = None
            capture.stop()
            raise
        self.name, self.due_s = device.label, None

    def close(self) -> None:
        """Close the device; what it held back and is its own still comes."""
        if self.stretch is not None:
            self.stretch.capture.stop()
            self.stretch = None

    def refused(self, now_s: float, why: str) -> None:
        """Take note that a try has failed."""
        self.due_s = now_s + self._wait_s()
        self._tries += 1
        self._why = self._why or why
        if self._gap_since_s is None:
            self._gap_since_s = now_s

    def sooner(self, at_s: float) -> None:
        """Let the next try, where one is due, be no later than this."""
        if self.due_s is not None:
            self.due_s = min(self.due_s, at_s)

    def gap(self, why: str, since_s: float, now_s: float) -> None:
        """Close the device for a reason; from now on one is sought."""
        stretch = self.stretch
        if stretch is None:
            return
        stretch.over = True  # what it holds is from before the gap and would be placed behind it
        self.close()
        self._why = why
        if self._gap_since_s is None:
            self._gap_since_s = since_s
        if stretch.first or now_s - stretch.opened_s < STEADY_S:
            self.due_s = max(now_s, stretch.opened_s + self._wait_s())
            self._tries += 1
        else:
            self.due_s, self._tries = now_s, 0

    def tell_at_s(self) -> float | None:
        """Return when a gap is to be told as a loss; None where there is none, or it is told."""
        if self._gap_since_s is None or self._told or not self._unheard():
            return None
        opened_s = self.stretch.opened_s if self.stretch is not None else float("-inf")
        return max(self._gap_since_s + GRACE_S, opened_s + OPENING_S)

    def tell_lost(self) -> None:
        """Tell that this side is lost, unless it was told or has just come back."""
        with self._telling:
            if not self._told and self._unheard() and self._lost is not None:
                self._told = True
                self._lost(self.who, in_a_row(self._why, RECONNECTING))

    def _heard(self, stretch: Stretch) -> None:
        """Tell of the first block of a device, on that device's thread."""
        with self._telling:
            stretch.first = False
            self._told, self._gap_since_s, self._why = False, None, ""
            if self.opened is not None:
                self.opened(self.who, stretch.device.label, stretch.device.identity)

    def _unheard(self) -> bool:
        return self.stretch is None or self.stretch.first

    def _wait_s(self) -> float:
        return float(min(MOST_S, FIRST_S * 2**self._tries))

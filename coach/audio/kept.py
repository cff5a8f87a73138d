"""Keep the sides of a call alive while devices come, go and change.

Owns when a device is opened, closed and tried again, for all sides together: which devices are there is only renewed
while none is open, and no two sides may hear the same. Refuses to know how a device is heard (`capture`), which one is
wished for (`wish`), and what the call makes of it.

Theory of operation. One thread, `coach-devices`, takes steps: it closes what was lost, what the machine slept through
and what has fallen silent; looks, when the bell of the sound server rang or a try is due, which device each side should
hear; opens it. The first block that its watch vouches for is what ends a gap, and is told before it is handed on. A
gap that lasts is told as a loss, once. Callbacks and the watch only leave a note and ring. Whoever starts or stops a
side does so between two steps.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import TYPE_CHECKING, Final, Protocol

from coach.audio.clocks import always_s, awake_s
from coach.audio.side import Side, Stretch
from coach.call.events import Who
from coach.language import Sentence
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coach.audio.block import Block
    from coach.audio.devices import Device
    from coach.audio.side import Opened
    from coach.audio.wish import Found, Wish

AGAIN_S: Final = 0.5
"""News from the system bring a try forward, but never closer to the one before than this: a try makes news itself."""
STALL_S: Final = 1.5
"""No block for so long while the other side brings some, and a device has stopped without a word (PortAudio 944, 930).
Before its first block a null sink takes up to 2 s: there the next holds."""
ALONE_S: Final = 5.0
"""The same where no other side can be compared with."""
SLEPT_S: Final = 5.0
"""The machine slept so long between two steps: no stream is trusted to have outlived that."""
LIVELY_S: Final = 0.5
"""A side that brought a block so lately brings some."""
LOOK_S: Final = 0.25
"""Whether blocks still come is looked at when they may have stopped for too long, but not more often than this."""

AWAY: Final = Sentence("it was unplugged or switched off")
REFUSED: Final = Sentence("it cannot be opened")
STOPPED: Final = Sentence("it stopped giving sound")
SLEPT: Final = Sentence("the computer slept")
ANOTHER: Final = Sentence("another device was chosen")

_log = logging.getLogger(__name__)


class Ringing(Protocol):
    """What rings when the system's devices change."""

    def stop(self) -> None:
        """Ring no more."""
        ...


class Keeper:
    """Keep every side of a call on the device it wishes for.

    Args:
        wishes: what each side wishes, and what it hears at first.
        look: returns what can be heard; None where nothing answers.
        make: makes what hears a device, not yet opened.
        bell: is given what to ring when devices change; None where nothing tells of it.
        awake: seconds; stands still while the machine sleeps.
        always: seconds; goes on while it sleeps.
    """

    def __init__(  # noqa: PLR0917 - what the keeper asks of the world outside, a thing each
        self,
        wishes: Mapping[Who, tuple[Wish, Device]],
        look: Callable[[], Found | None],
        make: Callable[[Who, Device], Opened],
        bell: Callable[[Callable[[], None]], Ringing] | None = None,
        awake: Callable[[], float] = awake_s,
        always: Callable[[], float] = always_s,
    ) -> None:
        # The rep's first: without the microphone there is no call, so it has the first choice.
        self._sides = {w: Side(w, *_named(wishes[w])) for w in sorted(wishes, key=lambda w: w is not Who.REP)}
        self.sources = tuple(KeptSide(who, self) for who in self._sides)
        self._look, self._make, self._make_bell = look, make, bell
        self._awake, self._always = awake, always
        self._work = threading.Lock()
        """Held for a step, a start and a stop; never by a callback."""
        self._notes: deque[tuple[Stretch, str]] = deque()
        """Devices that were lost, and why."""
        self._wake = threading.Event()
        self._rung = False
        self._thread: threading.Thread | None = None
        self._bell: Ringing | None = None
        self._slept_s = 0.0

    def name(self, who: Who) -> str:
        """Return the label of the device that a side hears, or heard last."""
        return self._sides[who].name

    def tell(self, who: Who, opened: Callable[[Who, str, str], None]) -> None:
        """Have a side's devices told. See `coach.audio.block.KeptSource`."""
        self._sides[who].opened = opened

    def start(self, who: Who, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]) -> None:
        """Open a side's device and keep it open from now on.

        Raises:
            Trouble: when the rep's first device cannot be opened; any other is told as lost, and sought.
        """
        side = self._sides[who]
        with self._work:
            side.begin(deliver, lost)
            try:
                self._settle({who}, raising=who is Who.REP and not side.ever)
            except BaseException:
                side.end()
                raise
            side.ever = True
            if side.stretch is None:
                side.tell_lost()
            self._employ()
        self._wake.set()

    def stop(self, who: Who) -> None:
        """Close a side's device and seek none; harmless when stopped already."""
        thread, bell = None, None
        with self._work:
            self._sides[who].end()
            if not any(s.wanted for s in self._sides.values()):
                thread, self._thread = self._thread, None
                bell, self._bell = self._bell, None
                self._wake.set()
        if bell is not None:
            bell.stop()
        if thread is not None:
            thread.join()

    def ring(self) -> None:
        """Take note that something has changed; from any thread, returns at once."""
        self._rung = True
        self._wake.set()

    def step(self) -> float | None:
        """Do what is due; return for how many seconds nothing will be, None for ever."""
        now_s = self._awake()
        rung, self._rung = self._rung, False
        wanted = [s for s in self._sides.values() if s.wanted]
        self._close_what_failed(wanted, now_s)
        for side in wanted if rung else ():
            side.sooner(max(now_s, side.tried_s + AGAIN_S))
        due = {s.who for s in wanted if s.due_s is not None and s.due_s <= now_s}
        if rung or due:
            self._settle(due)
        now_s = self._awake()
        for side in wanted:
            if (at_s := side.tell_at_s()) is not None and at_s <= now_s:
                side.tell_lost()
        waits = [max(LOOK_S, since_s + limit_s - now_s) for _, since_s, limit_s in self._quiet(wanted, now_s)]
        waits += [at_s - now_s for s in wanted for at_s in (s.due_s, s.tell_at_s()) if at_s is not None]
        return max(0.0, min(waits)) if waits else None

    # What follows runs with the work in hand.

    def _employ(self) -> None:
        """Have the thread and the bell run."""
        if self._thread is not None:
            return
        self._slept_s = self._always() - self._awake()
        self._bell = self._make_bell(self.ring) if self._make_bell is not None else None
        self._thread = threading.Thread(target=self._run, name="coach-devices", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        me, rest_s = threading.current_thread(), None
        while True:
            self._wake.wait(rest_s)
            self._wake.clear()
            with self._work:
                if self._thread is not me:
                    return
                try:
                    rest_s = self.step()
                except Exception:  # noqa: BLE001 - the call comes first: the next step may do better
                    _log.exception("the devices could not be minded")
                    rest_s = LOOK_S

    def _close_what_failed(self, wanted: list[Side], now_s: float) -> None:
        """Close what was lost, what the machine slept through and what has fallen silent."""
        while self._notes:
            stretch, why = self._notes.popleft()
            for side in wanted:
                if side.stretch is stretch:
                    side.gap(why, now_s, now_s)
        slept_s = self._always() - now_s
        slept, self._slept_s = slept_s - self._slept_s > SLEPT_S, slept_s
        for side in wanted if slept else ():
            side.gap(_sentence(side, SLEPT), now_s, now_s)
        for side, since_s, limit_s in self._quiet(wanted, now_s):
            if now_s - since_s >= limit_s:
                side.gap(_sentence(side, STOPPED), since_s, now_s)

    def _settle(self, due: set[Who], *, raising: bool = False) -> None:
        """Put every side on the device it should hear, those in ``due`` also where they hear none."""
        now_s, found = self._awake(), self._look()
        targets: dict[Who, Device | None] = {}
        taken = ""
        for side in self._sides.values():
            if found is None or not side.wanted:
                continue
            current = side.stretch.device.identity if side.stretch is not None else ""
            target = targets[side.who] = side.wish.among(found, taken, current)
            taken = target.identity if target is not None else ""
            if side.stretch is not None and (target is None or target.identity != current):
                side.gap(_sentence(side, AWAY if target is None else ANOTHER), now_s, now_s)
                due = due | {side.who}
        for side in self._sides.values():  # only now: what one side should hear, the other has let go
            if side.who in due and side.stretch is None:
                self._try(side, targets.get(side.who), now_s, raising=raising)

    def _try(self, side: Side, target: Device | None, now_s: float, *, raising: bool) -> None:
        """Open a side's device, or note when it is to be tried again."""
        side.tried_s = now_s
        if target is None:
            if raising:
                raise Trouble("'{name}' is not there.", "Plug it in, or choose another one.", name=side.name)
            side.refused(now_s, _sentence(side, AWAY))
            return
        try:
            side.open(target, self._make(side.who, target), now_s, self._note)
        except Trouble:
            if raising:
                raise
            side.refused(self._awake(), _sentence(side, REFUSED))

    def _note(self, stretch: Stretch, why: str) -> None:
        self._notes.append((stretch, why))
        self._wake.set()

    @staticmethod
    def _quiet(wanted: list[Side], now_s: float) -> list[tuple[Side, float, float]]:
        """Return for each open device since when it has brought no block, and how long it may."""
        live = [(s, s.stretch) for s in wanted if s.stretch is not None and not s.stretch.capture.rests]
        came = [(s, t.opened_s, t.capture.came_s) for s, t in live]
        lively = any(came_s is not None and now_s - came_s < LIVELY_S for _, _, came_s in came)
        return [
            (side, opened_s, ALONE_S) if came_s is None else (side, came_s, STALL_S if lively else ALONE_S)
            for side, opened_s, came_s in came
        ]


def _named(wish: tuple[Wish, Device]) -> tuple[Wish, str]:
    return wish[0], wish[1].label


def _sentence(side: Side, reason: str) -> str:
    return Sentence("'{name}' is no longer heard: {why}.", name=side.name, why=reason)


class KeptSide:
    """One side of a call that outlives its devices: a `coach.audio.block.KeptSource`.

    Args:
        who: the side.
        keeper: who keeps it.
    """

    def __init__(self, who: Who, keeper: Keeper) -> None:
        self.who = who
        self._keeper = keeper

    @property
    def name(self) -> str:
        """The device that is heard, or was heard last."""
        return self._keeper.name(self.who)

    def tell(self, opened: Callable[[Who, str, str], None]) -> None:
        """Have ``opened(who, label, identity)`` called before the first block of each device."""
        self._keeper.tell(self.who, opened)

    def start(self, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]) -> None:
        """Open the device and keep it open. Raises `Trouble` when the rep's first one cannot be opened."""
        self._keeper.start(self.who, deliver, lost)

    def stop(self) -> None:
        """Close the device and seek none; harmless when stopped already."""
        self._keeper.stop(self.who)

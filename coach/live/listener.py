"""Place what devices deliver in the time of the call, and hear it.

Owns the meeting of two clocks: blocks count samples of their device, the call counts from its beginning. A
device's first block is placed by when it came (how long nothing was heard before it is known then); after that its
own count places the next. A block may come late
but never early, so the least delay of late says how far count and clock have drifted apart: a few milliseconds
are put in or left out where it is quiet, a lost block's worth at once, and half a second is placed anew. A side
whose device gives nothing (as a loopback does while nothing plays) is heard as silence, so that time goes on.

Refuses to know threads: `coach.live.call` runs it on one. What it heard goes to the session in steps: at once
where anything happened or somebody speaks; of a long quiet, only now and then that time has passed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from coach.audio.block import RATE, Block
from coach.marks import mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coach.call.events import Who
    from coach.live.ear import Ear, Heard
    from coach.live.mailbox import Arrival, Opened

STEP = RATE // 200
"""5 ms of drift are set right in the next quiet block: 300 ppm take 17 s for that, and no ear hears it."""
MOST = RATE * 30 // 1000
"""30 ms are set right even while somebody speaks: half a block of 60 ms was lost, or nobody ever pauses."""
DRIFT_S, JUMP_S = 4.0, 0.6
"""The least delay is taken over so long for a small and for a large correction. The server looks at its buffers at a
pace of its own: PulseAudio, at 62.5 ms beside our 60, lets a block come on time every 1.3 s, and each one after it
2.5 ms later, up to 60 (seen on a null sink; the device's own clock stood within 0.1 ms all the while)."""
USUAL = 0.9
"""So a delay is a jump only where each one of late is beyond what nine in ten of those before were."""
FEWEST = 6
"""Fewer blocks than this say nothing; of long blocks as many as this are waited for."""
DRAINS = RATE * 30 // 1000
"""A delay that falls by so much is being caught up: a machine that stood still hands on what it held, perhaps slowly;
nothing is missing then. One early block moves nothing either: at the end a device hands over what it held back."""
QUIET_BLOCK = 32768 * 10 ** (-50 / 20)
"""RMS of a block in which nobody speaks: -50 dBFS."""
APART = RATE // 2
"""The count this far behind the clock: the device lost sound without saying so; place it anew, but for...
A count before the clock means that the block it was placed by came late: that is drift, and the ear hears no time
twice."""
STALL_S = 0.25
"""...so long: what follows at once was only held up, on a machine that stood still (0.95 s were seen with six programs
at work), and is in its place..."""
STOOD_S = 0.5
"""A machine on which nothing comes for so long, and nothing is looked after, stood still itself: it looks every quarter
of a second where no block comes."""
FAR_APART = 2 * RATE
"""...unless it is this far behind: nobody holds back so much."""
QUIET_AFTER = RATE
"""A device that has given nothing for this long is silent..."""
QUIET_UNTIL = RATE // 2
"""...up to this long ago: what is on its way keeps its place."""
ZEROS = 3 * RATE
"""Exact zeros for 3 s are no microphone: muted, or without permission (``speech-facts.md``, section 5)."""
RESTING_MS = 250
"""In a long quiet the session hears this often that time has passed, in time for anything that ends by itself."""
LONG_QUIET_MS = 5_000
"""A quiet is long once what was said before it is settled: written, acted upon, and any breath in it used."""


@dataclass(slots=True)
class _Placing:
    offset: int | None = None
    before: int | None = None
    """The offset until it was let be silent: the pause may be one that the count knows of, and what follows held."""
    zeros_since_s: float | None = None
    """When it gave zeros again after that."""
    delays: deque[tuple[float, int]] = field(default_factory=deque)
    """When blocks came of late, and by how many samples after their place."""
    zeros: int = 0
    silent: bool = False
    """It has given nothing but zeros for so long that it was told."""
    lost: bool = False
    heard_until: int = 0
    """The sample of the call up to which a device gave sound; what comes before the call listens is not missed."""
    opened: Opened | None = None
    """A device that was opened and has given nothing yet."""
    apart: tuple[float, int] | None = None
    """Since when its count has stood far behind the clock, and how far."""

    def is_gone(self, offset: int, at_s: float) -> bool:
        """Say whether sound is missing before a block that came at ``at_s``, with this offset by the clock."""
        behind = 0 if self.offset is None else offset - self.offset
        if behind <= APART:
            self.apart = None
            return False
        if self.apart is None or behind < self.apart[1] - DRAINS:
            self.apart = (at_s, behind)
        return behind > FAR_APART or at_s - self.apart[0] >= STALL_S

    def goes_on(self, offset: int) -> bool:
        """Say whether the count of a side that was let be silent still fits, with this offset by the clock."""
        return self.offset is None and self.before is not None and abs(offset - self.before) <= APART

    def is_stale(self, arrival: Arrival) -> bool:
        """Say whether these zeros may be all that is left of a sound that was held too long, and place nothing.

        Zeros that go on are placed like anything else, and a device's first ones too.
        """
        if self.offset is not None or self.before is None or arrival.block.samples.any():
            return False
        if self.zeros_since_s is None:
            self.zeros_since_s = arrival.at_s
        return arrival.at_s - self.zeros_since_s < STALL_S


@dataclass(frozen=True, slots=True)
class Back:
    """A device is heard from here on.

    Args:
        device: what was opened.
        at: sample of the call at which its first block begins.
        gap: samples before it of which no device gave anything.
    """

    device: Opened
    at: int
    gap: int


@dataclass(slots=True)
class Listener:
    """Hear every side of a live call.

    Args:
        ear: hears placed blocks.
        sides: the sides of the call.
        began_s: the monotonic second at which the call began.
    """

    ear: Ear
    sides: Iterable[Who]
    began_s: float
    _places: dict[Who, _Placing] = field(default_factory=dict)
    _listening: bool = False
    _back: Back | None = None
    _awake_s: float | None = None
    """When it was last asked who is silent, or a block came soon after that or after another."""
    _held_up_until_s: float = float("-inf")

    def __post_init__(self) -> None:
        self._places = {who: _Placing() for who in self.sides}

    def hear(self, arrival: Arrival) -> Heard | None:
        """Hear a block; None for a side that was declared lost."""
        placed = self._placed(arrival, self.ear.until(arrival.block.who))
        return None if placed is None else self.ear.hear(placed)

    def hear_together(self, arrivals: Iterable[Arrival]) -> list[Heard]:
        """Hear blocks of one side, each in its place, and those that follow each other in one go.

        What the ear makes of them is the same; the way there costs as much for one block as for ten.
        """
        heard: list[Heard] = []
        run: list[Block] = []
        for arrival in arrivals:
            until = self.ear.until(arrival.block.who)
            placed = self._placed(arrival, max(until, run[-1].end) if run else until)
            if placed is None:
                continue
            if run and run[-1].end != placed.start:
                heard += self._heard(run)
            run.append(placed)
        return heard + self._heard(run)

    def _heard(self, run: list[Block]) -> list[Heard]:
        """Hear blocks that follow each other, and begin a new run."""
        if not run:
            return []
        sound = run[0].samples if len(run) == 1 else np.concatenate([block.samples for block in run])
        block = Block(run[0].who, run[0].start, sound)
        run.clear()
        return [self.ear.hear(block)]

    def _placed(self, arrival: Arrival, heard_until: int) -> Block | None:
        """Return a block in its place in the call; None for a side that was declared lost.

        ``heard_until`` is the sample up to which its side was heard, or is about to be.
        """
        block = arrival.block
        place = self._places[block.who]
        if self._awake_s is not None and arrival.at_s - self._awake_s <= STOOD_S:
            self._awake_s = arrival.at_s
        if place.lost:
            return None
        clock_end = round((arrival.at_s - self.began_s) * RATE)
        if place.is_gone(clock_end - block.end, arrival.at_s):
            place.offset = None
        if place.goes_on(clock_end - block.end):
            place.offset = place.before
        if place.is_stale(arrival):
            place.zeros += len(block.samples)
            until = max(heard_until, clock_end - QUIET_UNTIL)
            return Block(block.who, until, np.zeros(0, np.int16))
        if place.offset is None:
            start = max(heard_until, clock_end - len(block.samples))
            place.offset, place.apart = start - block.start, None
            place.delays.clear()
            if place.opened is not None:
                self._back = Back(place.opened, start, max(0, start - place.heard_until))
                place.opened = None
            self._note_listening()
        place.before = place.zeros_since_s = None
        place.offset += self._drift(place, arrival, clock_end - (place.offset + block.end))
        place.zeros = 0 if block.samples.any() else place.zeros + len(block.samples)
        placed = Block(block.who, place.offset + block.start, block.samples)
        place.heard_until = max(place.heard_until, placed.end)
        return placed

    def back(self) -> Back | None:
        """Return, once, the device whose first block was heard last."""
        back, self._back = self._back, None
        return back

    @staticmethod
    def _drift(place: _Placing, arrival: Arrival, delay: int) -> int:
        """Return by how many samples count and clock are to be brought together with this block."""
        delays, now_s = place.delays, arrival.at_s
        delays.append((now_s, delay))
        while now_s - delays[0][0] > DRIFT_S and len(delays) > FEWEST:
            delays.popleft()
        wrong, over_s = _least(delays, now_s, JUMP_S), JUMP_S
        if abs(wrong) < MOST or 0 < wrong < _usual(delays, now_s) or (wrong > 0 and _drains(delays, now_s)):
            wrong, over_s = _least(delays, now_s, DRIFT_S), DRIFT_S
            if wrong > MOST and _drains(delays, now_s):
                return 0
            if abs(wrong) < (STEP if _is_quiet(arrival.block) else MOST):
                return 0
        place.delays = deque((at_s, d - wrong) for at_s, d in delays if now_s - at_s <= over_s)
        return wrong

    def _note_listening(self) -> None:
        if not self._listening and all(p.offset is not None for p in self._places.values()):
            self._listening = True
            mark("listening")

    def fill(self, now_s: float) -> list[Heard]:
        """Let sides that give nothing be silent up to half a second ago; those that are lost, too.

        Something comes, or this is asked, several times a second. Where it was not so, the machine stood still: what
        devices gave meanwhile is on its way, and waited for.
        """
        if self._awake_s is not None and now_s - self._awake_s > STOOD_S:
            self._held_up_until_s = now_s + STALL_S
        self._awake_s = now_s
        if now_s < self._held_up_until_s:
            return []
        now = round((now_s - self.began_s) * RATE)
        quiet = [who for who in self._places if now - self.ear.until(who) > QUIET_AFTER]
        for who in quiet:
            place = self._places[who]
            if place.offset is not None:
                place.before, place.offset = place.offset, None
        return [self.ear.silence(who, now - QUIET_UNTIL) for who in quiet]

    def gives_zeros(self, who: Who) -> bool:
        """Say, once, that a side has given exact zeros for three seconds."""
        place = self._places[who]
        if place.zeros < ZEROS or place.silent:
            return False
        place.silent = True
        return True

    def gives_sound_again(self, who: Who) -> bool:
        """Say, once, that a side that gave only zeros gives sound again."""
        place = self._places[who]
        if place.zeros or not place.silent:
            return False
        place.silent = False
        return True

    def lose(self, who: Who) -> int:
        """Hear nothing more of a side until it is back; return the sample up to which its device gave sound."""
        self._places[who].lost = True
        return self._places[who].heard_until

    def open(self, opened: Opened) -> None:
        """Hear a side through another device, which counts from nought; whether it was silent is still known."""
        before = self._places[opened.who]
        self._places[opened.who] = _Placing(
            silent=before.silent, heard_until=before.heard_until, opened=opened
        )

    def resume(self, now_s: float) -> None:
        """Miss nothing of what came before: the rep had us listen to none of it."""
        for place in self._places.values():
            place.heard_until = max(place.heard_until, round((now_s - self.began_s) * RATE))


def _least(delays: deque[tuple[float, int]], now_s: float, within_s: float) -> int:
    """Return the least delay of so many seconds, the second where one block alone came before its place.

    0 while they have not passed, or too few blocks came, or at once.
    """
    if now_s - delays[0][0] < within_s * 0.9:
        return 0
    recent = [(at_s, d) for at_s, d in delays if within_s >= DRIFT_S or now_s - at_s <= within_s]
    if len(recent) < FEWEST or now_s - recent[0][0] < within_s / 2:
        return 0
    least, second = sorted(d for _, d in recent)[:2]
    return least if least >= 0 or second - least < STEP else min(0, second)


def _drains(delays: deque[tuple[float, int]], now_s: float) -> bool:
    """Say whether blocks come ever less late: what is held up somewhere is being caught up."""
    recent = sorted(d for at_s, d in delays if now_s - at_s <= JUMP_S)
    return delays[-1][1] < recent[len(recent) // 2] - DRAINS


def _usual(delays: deque[tuple[float, int]], now_s: float) -> int:
    """Return the delay that nine in ten blocks kept to before the last moment; without end while too few came."""
    before = sorted(d for at_s, d in delays if now_s - at_s > JUMP_S)
    return before[round(USUAL * (len(before) - 1))] if len(before) >= FEWEST else RATE * 3600


def _is_quiet(block: Block) -> bool:
    power = float(np.mean(block.samples.astype(np.float32) ** 2)) if len(block.samples) else 0.0
    return power < QUIET_BLOCK**2


class Steps:
    """Decide what the session is told now, and what can wait."""

    def __init__(self) -> None:
        self.long_quiet = False
        """Nobody has spoken for long."""
        self._waiting: dict[Who, Heard] = {}
        self._speaking: set[Who] = set()
        self._quiet_since_ms = 0
        self._told_ms = 0

    def take(self, heard: Iterable[Heard]) -> list[Heard]:
        """Take what was heard, in order; return what the session must know now, often nothing."""
        now: list[Heard] = []
        for h in heard:
            for change in h.changes:
                (self._speaking.add if change.speaking else self._speaking.discard)(h.who)
                self._quiet_since_ms = max(self._quiet_since_ms, change.known_ms)
            if h.changes or h.spans or h.routes:
                now += self.rest()
                now.append(h)
                self._told_ms = h.until_ms
            else:
                self._waiting[h.who] = h
        until_ms = max((h.until_ms for h in self._waiting.values()), default=0)
        self.long_quiet = not self._speaking and until_ms - self._quiet_since_ms > LONG_QUIET_MS
        if not self.long_quiet or until_ms - self._told_ms >= RESTING_MS:
            self._told_ms = max(self._told_ms, until_ms)
            now += self.rest()
        return now

    def rest(self) -> list[Heard]:
        """Return what still waits to be told."""
        waiting, self._waiting = list(self._waiting.values()), {}
        return waiting

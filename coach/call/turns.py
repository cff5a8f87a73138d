"""Voice into segments, turns and back-channels.

Owns who holds the floor. Refuses to know what is said beyond the few words that make a back-channel.

How it works. Voice changes of each side are joined into *segments* (gaps under 0.3 s do not count). A segment
of at most 1.0 s while the other holds the floor may be a back-channel; its words decide, and if no words come
within 2.5 s its length does. So short segments wait in a queue, in the order in which they began, and
everything behind them waits too; longer ones pass at once. What leaves the queue is a back-channel, or it
opens or continues a *turn*.

Formulas: ``metrics.md``, Notation.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from coach.call.events import Who

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SEGMENT_GAP_MS = 300
"""Voice of one side less than this apart is one segment (``metrics.md``)."""
TURN_GAP_MS = 1500
"""Segments of one side less than this apart, the other's floor not between, are one turn (``metrics.md``)."""
BACKCHANNEL_MS = 1000
"""A back-channel is at most this long (``metrics.md``)."""
WORDED_BACKCHANNEL_MS = 1500
"""With back-channel words a segment up to this long still is one: voice activity adds edges to a drawn-out
"okay" that the formula's 1.0 s does not mean."""
WORDS_LATE_MS = 2500
"""Words that are not there after this long are not waited for: twice what a busy machine needs."""
CUT_IN_MS = 300
"""An interruption starts at least this long before the customer ends (``metrics.md``)."""
CUT_OFF_MS = 2000
"""...the customer stops within this (``metrics.md``)."""
WENT_ON_MS = 3000
"""...and the rep goes on for at least this (``metrics.md``)."""


@dataclass(slots=True)
class Segment:
    """One run of voice. ``end_ms`` is None while it goes on."""

    who: Who
    start_ms: int
    end_ms: int | None = None
    words: bool | None = None
    """True: the words are a back-channel's; False: they are others; None: no words yet."""
    many: bool = False
    """They are more words than a back-channel has."""

    def length_ms(self, now_ms: int) -> int:
        """Return its length so far."""
        return (self.end_ms if self.end_ms is not None else now_ms) - self.start_ms


@dataclass(slots=True)
class Turn:
    """One side holding the floor, from its first segment to its last."""

    who: Who
    start_ms: int
    end_ms: int
    segments: list[Segment] = field(default_factory=list, repr=False)


class Floor:
    """Fold voice changes into segments, turns and back-channels.

    Args:
        sides: the sides that can be heard apart.
    """

    def __init__(self, sides: Iterable[Who]) -> None:
        self.sides = tuple(sides)
        self.segments: dict[Who, list[Segment]] = {who: [] for who in Who}
        self.speaking: dict[Who, bool] = dict.fromkeys(Who, False)
        self.turns: list[Turn] = []
        self.backchannels: list[Segment] = []
        self.changes = 0
        """Grows whenever a voice or a turn changes: until then only what goes on grows."""
        # Of every segment but the last, which alone can change: where it ends, and how much was said before it.
        self._ends: dict[Who, list[int]] = {who: [] for who in Who}
        self._before: dict[Who, list[int]] = {who: [0] for who in Who}
        # Every pause inside a turn: where it ends, how long it is, and how long all before it were.
        self._pauses: dict[Who, list[tuple[int, int, int]]] = {who: [] for who in Who}
        self._queue: list[Segment] = []
        self._quiet_since: dict[Who, int] = dict.fromkeys(Who, 0)

    def voice_started(self, who: Who, since_ms: int) -> None:
        """One side speaks, since ``since_ms``."""
        self.changes += 1
        self.speaking[who] = True
        last = self.last(who)
        if last is not None and last.end_ms is not None and since_ms - last.end_ms < SEGMENT_GAP_MS:
            last.end_ms = None
            return
        if last is not None and last.end_ms is not None:
            self._ends[who].append(last.end_ms)
            self._before[who].append(self._before[who][-1] + last.end_ms - last.start_ms)
        segment = Segment(who, since_ms)
        self.segments[who].append(segment)
        self._queue.append(segment)

    def voice_stopped(self, who: Who, since_ms: int) -> None:
        """One side is silent, since ``since_ms``."""
        self.changes += 1
        self.speaking[who] = False
        self._quiet_since[who] = since_ms
        last = self.last(who)
        if last is not None and last.end_ms is None:
            last.end_ms = max(since_ms, last.start_ms)

    def sentence(self, who: Who, start_ms: int, end_ms: int, *, small: bool, many: bool) -> None:
        """Let a sentence settle what its short segments are.

        Args:
            who: its side.
            start_ms: its begin.
            end_ms: its end.
            small: its words are a back-channel's.
            many: they are more than a back-channel has.
        """
        for segment in reversed(self.segments[who]):
            if segment.end_ms is not None and segment.end_ms <= start_ms:
                break
            if segment.start_ms < end_ms:
                segment.words = small and segment.words is not False
                segment.many = segment.many or many

    def advance(self, now_ms: int) -> list[Turn | Segment]:
        """Settle what can be settled by now; return new turns, grown turns and back-channels in order."""
        settled: list[Turn | Segment] = []
        if len(self._queue) > 1:
            self._queue.sort(key=lambda s: s.start_ms)
        while self._queue:
            segment = self._queue[0]
            verdict = self._is_backchannel(segment, now_ms)
            if verdict is None:
                break
            self._queue.pop(0)
            self.changes += 1
            if verdict:
                self.backchannels.append(segment)
                settled.append(segment)
            else:
                settled.append(self._take_floor(segment))
        for turn in self.turns[-2:]:
            last = turn.segments[-1]
            turn.end_ms = last.end_ms if last.end_ms is not None else now_ms
        return settled

    def last(self, who: Who) -> Segment | None:
        """Return the latest segment of a side, open or closed."""
        return self.segments[who][-1] if self.segments[who] else None

    def holder(self) -> Who | None:
        """Return who holds the floor: whoever took the last turn."""
        return self.turns[-1].who if self.turns else None

    def voice_end_ms(self, who: Who, now_ms: int) -> int | None:
        """Return when a side was last heard, ``now_ms`` while it speaks, None if never."""
        last = self.last(who)
        if last is None:
            return None
        return now_ms if last.end_ms is None else last.end_ms

    def quiet_ms(self, who: Who, now_ms: int) -> int:
        """Return how long a side has been silent, 0 while it speaks."""
        return 0 if self.speaking[who] else now_ms - self._quiet_since[who]

    def spoken_ms(self, who: Who, start_ms: int, end_ms: int, now_ms: int) -> int:
        """Return how long a side spoke between two moments, in segments."""
        total = 0
        for segment in reversed(self.segments[who]):
            stop = segment.end_ms if segment.end_ms is not None else now_ms
            if stop <= start_ms:
                break
            total += max(0, min(stop, end_ms) - max(segment.start_ms, start_ms))
        return total

    def spoken_since(self, who: Who, start_ms: int, now_ms: int) -> int:
        """Return how long a side spoke from a moment on: `spoken_ms` up to now, without counting anew."""
        segments, ends, before = self.segments[who], self._ends[who], self._before[who]
        if len(ends) != len(segments) - 1:
            # Nothing was said, or a voice began twice without an end between: what is open is not only the last.
            return self.spoken_ms(who, start_ms, now_ms, now_ms)
        last = segments[-1]
        stop = last.end_ms if last.end_ms is not None else now_ms
        total = max(0, min(stop, now_ms) - max(last.start_ms, start_ms))
        first = bisect_right(ends, start_ms)
        if first < len(ends):
            total += before[-1] - before[first] - max(0, start_ms - segments[first].start_ms)
        return total

    def held_ms(self, who: Who, start_ms: int, end_ms: int, now_ms: int) -> int:
        """Return how long a side talked between two moments: it spoke, or paused inside a turn of its own.

        What a stopwatch would say. Voice alone favours whoever breathes less: two synthetic voices with the same
        words differ by a fifth in it.
        """
        spoken = self.spoken_ms(who, start_ms, end_ms, now_ms)
        return spoken + self._paused_since(who, start_ms) - self._paused_since(who, end_ms)

    def held_since(self, who: Who, start_ms: int, now_ms: int) -> int:
        """Return how long a side talked from a moment on: `held_ms` up to now, without counting anew."""
        return self.spoken_since(who, start_ms, now_ms) + self._paused_since(who, start_ms)

    def _paused_since(self, who: Who, start_ms: int) -> int:
        pauses = self._pauses[who]
        first = bisect_right(pauses, start_ms, key=lambda p: p[0])
        if first == len(pauses):
            return 0
        _, last, before_last = pauses[-1]
        end, length, before = pauses[first]
        return before_last + last - before - max(0, start_ms - (end - length))

    def _is_backchannel(self, segment: Segment, now_ms: int) -> bool | None:
        """Return the verdict, or None while it cannot be known."""
        holder = self.holder()
        if holder is None or holder is segment.who:
            # Nobody to give way to: it opens or continues this side's turn. A lone "mm" at the start of a
            # call does too, which harms nothing.
            return False
        length = segment.length_ms(now_ms)
        if length > WORDED_BACKCHANNEL_MS:
            return False
        closed = segment.end_ms is not None and now_ms - segment.end_ms >= SEGMENT_GAP_MS
        if not closed or segment.end_ms is None:
            return None
        if segment.words is not None:
            # Said while the other went on speaking it took no floor, whatever a weak recogniser made of a murmur.
            murmured = length <= BACKCHANNEL_MS and not segment.many and self._spoken_over(segment)
            return segment.words or murmured
        if now_ms - segment.end_ms < WORDS_LATE_MS:
            return None
        return length <= BACKCHANNEL_MS

    def _spoken_over(self, segment: Segment) -> bool:
        """Say whether the other spoke from before it to after it."""
        end = segment.end_ms if segment.end_ms is not None else segment.start_ms
        others = (s for who in self.sides if who is not segment.who for s in self.segments[who])
        return any(s.start_ms <= segment.start_ms and (s.end_ms is None or s.end_ms >= end) for s in others)

    def _take_floor(self, segment: Segment) -> Turn:
        end_ms = segment.end_ms if segment.end_ms is not None else segment.start_ms
        turn = self.turns[-1] if self.turns else None
        if turn is not None and turn.who is segment.who:
            last = turn.segments[-1]
            gap = segment.start_ms - (last.end_ms if last.end_ms is not None else segment.start_ms)
            if gap < TURN_GAP_MS:
                self._pause(segment.who, segment.start_ms, gap)
                turn.segments.append(segment)
                turn.end_ms = max(turn.end_ms, end_ms)
                return turn
        turn = Turn(segment.who, segment.start_ms, end_ms, [segment])
        self.turns.append(turn)
        return turn

    def _pause(self, who: Who, end_ms: int, length_ms: int) -> None:
        pauses = self._pauses[who]
        before = pauses[-1][2] + pauses[-1][1] if pauses else 0
        pauses.append((end_ms, max(0, length_ms), before))


def interruptions(turns: Sequence[Turn]) -> list[int]:
    """Return when the rep cut the customer off, in ms (``metrics.md``: interruptions).

    One definition for a call that goes on and for one that is over: while the customer still speaks, or the rep
    has not gone on for long enough yet, there is none to be known of.
    """
    return [b.start_ms for b in cut_ins(turns) if b.end_ms - b.start_ms >= WENT_ON_MS]


def cut_ins(turns: Sequence[Turn]) -> Iterator[Turn]:
    """Yield the turns in which the rep cut in on the customer, who gave way; however long the rep went on."""
    for a, b in pairwise(turns):
        if b.who is not Who.REP or a.who is not Who.CUSTOMER:
            continue
        into = [s for s in a.segments if s.start_ms < b.start_ms]
        end = into[-1].end_ms if into else None
        if end is not None and CUT_IN_MS <= end - b.start_ms <= CUT_OFF_MS:
            yield b

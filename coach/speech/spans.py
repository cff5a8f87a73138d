"""Cut one channel's voice into closed spans, each to be decoded exactly once.

Owns the decision where a span ends. Refuses to know samples, words, threads and the time of day: everything
is decided from changes of voice and from audio time, so block sizes, tick rates and the speed of the machine
change nothing about what comes out.

Theory of operation. A span opens with a voice and closes with a pause. How long that pause must be depends
on how long the span has been open (`PAUSES`): a short span waits for a clear pause, because Whisper writes
better with more to go by; a long one takes any pause it can get, because whoever waits for a sentence inside
it has waited long enough. A speaker who gives no such pause is cut backwards, at the best pause already
behind (`LONGEST_MS`), and one who has not even that is cut where they are (`BREATHLESS_MS`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

PAUSES: Final = ((0, 350), (3_000, 250), (6_000, 150))
"""``(open for ms, pause ms)``: the pause that closes a span open at least so long.

Source: benchmarks/words.py on the twelve calls, where sentences of one turn are 120 to 450 ms apart. 50 ms less
keeps 2.6 points fewer sentences whole and knows 2.5 points more within a second; 50 ms more, 3.3 against 5.1.
"""

LONGEST_MS: Final = 8_000
"""A span open this long is cut at the best pause behind it (bounded delay)."""

BREATHLESS_MS: Final = 12_000
"""A span open this long without any pause is cut where it is; the longest sentence of the calls is 11.6 s."""

LEAST_MS: Final = 1_000
"""A backward cut leaves at least this much in front of it: less is too short to be decoded well."""

MARGIN_MS: Final = 200
"""Quiet decoded with the voice on either side; a detector hears soft onsets late."""


@dataclass(frozen=True, slots=True)
class Span:
    """A closed stretch of one channel, times in milliseconds since the call began.

    Args:
        start_ms: begin of the first voice.
        end_ms: end of the last voice.
        voiced: the voices inside, in order, apart.
        closed_at_ms: the audio time at which it was known to be over.
        from_ms: begin of the samples worth decoding: some quiet before, never another span's voice.
        to_ms: end of those samples, never later than ``closed_at_ms``.
        goes_on: the speaker was still speaking when the span was cut off.
    """

    start_ms: int
    end_ms: int
    voiced: tuple[tuple[int, int], ...]
    closed_at_ms: int
    from_ms: int
    to_ms: int
    goes_on: bool = False


class SpanCutter:
    """Take the voice changes of one channel in order, give closed spans in order.

    Args:
        pauses: ``(open for ms, pause ms)`` in rising order, the first from 0.
        longest_ms: cut backwards at the best pause once a span is open this long.
        breathless_ms: cut on the spot once a span without a pause is open this long.
    """

    def __init__(
        self,
        *,
        pauses: tuple[tuple[int, int], ...] = PAUSES,
        longest_ms: int = LONGEST_MS,
        breathless_ms: int = BREATHLESS_MS,
    ) -> None:
        self._pauses = pauses
        self._longest_ms = longest_ms
        self._breathless_ms = breathless_ms
        self._parts: list[tuple[int, int]] = []
        self._speaking_since: int | None = None
        self._known_ms = 0
        self._taken_ms = 0

    def voice(self, known_ms: int, speaking: bool, since_ms: int) -> list[Span]:  # noqa: FBT001 - the detector's triple
        """Take a change of voice that became known at ``known_ms`` and holds since ``since_ms``.

        Changes come with ``known_ms`` never falling. Returns the spans that closed before it was known.
        """
        closed = self._decide(known_ms - 1)
        self._known_ms = known_ms
        since_ms = max(since_ms, self._taken_ms)
        if speaking:
            if self._speaking_since is None:
                self._speaking_since = max(since_ms, self._parts[-1][1] if self._parts else 0)
        elif self._speaking_since is not None:
            if since_ms > self._speaking_since:
                self._parts.append((self._speaking_since, since_ms))
            self._speaking_since = None
        return closed

    def passed(self, now_ms: int) -> list[Span]:
        """Return the spans closed by time alone; every change known up to ``now_ms`` has been handed in."""
        return self._decide(now_ms)

    def so_far(self, now_ms: int) -> Span | None:
        """Return the open span as it would be if it closed now; None without one."""
        parts = list(self._parts)
        if self._speaking_since is not None and now_ms > self._speaking_since:
            parts.append((self._speaking_since, now_ms))
        if not parts:
            return None
        start, end = parts[0][0], parts[-1][1]
        return Span(
            start_ms=start,
            end_ms=end,
            voiced=tuple(parts),
            closed_at_ms=now_ms,
            from_ms=max(start - MARGIN_MS, min(start, self._taken_ms)),
            to_ms=min(end + MARGIN_MS, now_ms),
            goes_on=self._speaking_since is not None,
        )

    def end(self, now_ms: int) -> list[Span]:
        """Close what is open: the audio is over at ``now_ms``."""
        closed = self._decide(now_ms)
        if self._speaking_since is not None and now_ms > self._speaking_since:
            self._parts.append((self._speaking_since, now_ms))
        self._speaking_since = None
        if self._parts:
            closed.append(self._close(len(self._parts), now_ms))
        return closed

    def _decide(self, now_ms: int) -> list[Span]:
        closed = []
        while (cut := self._next_cut()) is not None and cut[0] <= now_ms:
            closed.append(self._close(cut[1], cut[0], goes_on=self._speaking_since is not None))
        return closed

    def _next_cut(self) -> tuple[int, int] | None:
        """Return when the open span closes unless something changes, and how many of its parts it takes.

        One part more than there are stands for the voice that is still going on.
        """
        if self._speaking_since is None:
            if not self._parts:
                return None
            end = self._parts[-1][1]
            return max(self._known_ms, end + self._pause_after(end - self._parts[0][0])), len(self._parts)
        start = self._parts[0][0] if self._parts else self._speaking_since
        if best := self._best_pause(start):
            return max(self._known_ms, start + self._longest_ms), best
        return max(self._known_ms, start + self._breathless_ms), len(self._parts) + 1

    def _pause_after(self, open_ms: int) -> int:
        return next(pause for from_ms, pause in reversed(self._pauses) if open_ms >= from_ms)

    def _best_pause(self, start: int) -> int:
        """Return how many parts stand before the longest pause far enough from the start; 0 without one."""
        begins = [*(begin for begin, _ in self._parts), self._speaking_since or 0]
        pauses = [
            (after - self._parts[k][1], k + 1)
            for k, (_, after) in enumerate(pairwise(begins))
            if self._parts[k][1] - start >= LEAST_MS
        ]
        return max(pauses)[1] if pauses else 0

    def _close(self, count: int, at_ms: int, *, goes_on: bool = False) -> Span:
        if count > len(self._parts) and self._speaking_since is not None:
            self._parts.append((self._speaking_since, at_ms))
            self._speaking_since = at_ms
        voiced, self._parts = tuple(self._parts[:count]), self._parts[count:]
        start, end = voiced[0][0], voiced[-1][1]
        nearest = self._parts[0][0] if self._parts else self._speaking_since
        room = at_ms if nearest is None else min(at_ms, max(end, (end + nearest) // 2))
        span = Span(
            start_ms=start,
            end_ms=end,
            voiced=voiced,
            closed_at_ms=at_ms,
            from_ms=max(start - MARGIN_MS, min(start, self._taken_ms)),
            to_ms=min(end + MARGIN_MS, room),
            goes_on=goes_on,
        )
        self._taken_ms = end
        return span

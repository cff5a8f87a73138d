"""Tell the voices of one channel apart: who speaks, when, and where nobody can be sure.

Owns who speaks when. Refuses to know which voice is the rep's, names and files. What a window is, `voiced` says; how
many voices there are, `grouping`.

Theory of operation. Time is walked over in steps of 100 ms of voice, with the windows around a step as evidence and
with a reluctance to change the speaker, small where there is a pause and large where there is none (a hidden Markov
model, forward and backward). What comes out is a likelihood for each voice and step. Where no voice is likely enough
the stretch is nobody's: "unsure" is an answer. A change within a stretch of voice is moved to the quietest moment
near it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, islice, pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from coach.audio.grouping import centres_of, unit
from coach.audio.voiced import TELLING_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from coach.audio.voiced import Voiced

STEP_MS: Final = 100
SURE: Final = 0.8
"""Below this likelihood a step is nobody's."""
STRENGTH: Final = 10.0
"""Evidence of one second of clear voice, in nats: twenty overlapping windows are no twenty witnesses."""
CLEAR: Final = 6.0
"""Evidence of one clear window, in nats; none counts for more."""
CHANGE_WITHIN, CHANGE_AT_BREATH, CHANGE_AT_PAUSE = 5.0, 2.0, 1.0
"""Reluctance to change the speaker, in nats: within voice, across a gap, across a gap of 0.25 s and more."""
PAUSE_MS: Final = 250
BETWEEN_STEPS: Final = 8
"""Doubt of at most so many steps between two voices within one stretch is where they change."""
REACH_MS: Final = 300
"""A change within voice is moved to the quietest moment no farther away than this."""
SHOWN_MS: Final = 5_000
"""Length of the sample by which a voice is known to its owner."""
OTHERS_WEIGH: Final = 3
"""A second of another voice in a sample is worse than a second of silence by so much."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of voice in ms and whose it is: the number of a voice, None for unsure."""

    start_ms: int
    end_ms: int
    voice: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Voices:
    """The voices of a recording, numbered in the order in which they first speak.

    Args:
        voiced: what was heard.
        centres: shape ``(voices, 256)``, each of length 1; one row where only one voice was found.
        steps: begin of each step of voice, in ms, in order.
        likely: shape ``(steps, voices)``, how likely each voice speaks in each step.
    """

    voiced: Voiced
    centres: NDArray[np.float32]
    steps: NDArray[np.int64]
    likely: NDArray[np.float64]

    @property
    def count(self) -> int:
        """Voices found; 0 where nobody spoke."""
        return len(self.centres)

    def spoken_ms(self, voice: int) -> int:
        """Return for how long a voice speaks."""
        return sum(s.end_ms - s.start_ms for s in self.stretches() if s.voice == voice)

    def stretches(self, groups: Sequence[int] | None = None) -> list[Stretch]:
        """Return who speaks when, in order.

        Args:
            groups: for each voice the number to give out, so that several become one; None leaves them as they are.
        """
        groups = tuple(groups) if groups is not None else tuple(range(self.count))
        if not groups:
            return []
        kinds = sorted(set(groups))
        sums = np.stack([self.likely[:, [g == k for g in groups]].sum(axis=1) for k in kinds], axis=1)
        best = sums.argmax(axis=1)
        whose = [kinds[b] if s[b] >= SURE else None for b, s in zip(best, sums, strict=True)]
        return list(_joined(self.voiced, self.steps, whose))

    def windows_of(self, voice: int) -> NDArray[np.float32]:
        """Return the vectors of the windows that hold a voice and no other, shape ``(any, 256)``."""
        return self.voiced.vectors[_pure(self.voiced, self.steps, self.likely)[:, voice]]

    def sample(self, voice: int) -> tuple[int, int]:
        """Return the five seconds, in ms, in which a voice speaks most and anybody else least."""
        spans = self.stretches()
        best, found = 0, (0, 0)
        for k, first in enumerate(spans):
            if first.voice != voice:
                continue
            until, worth, last = first.start_ms + SHOWN_MS, 0, first.start_ms
            for s in islice(spans, k, None):
                if s.start_ms >= until:
                    break
                length = min(s.end_ms, until) - s.start_ms
                worth += length if s.voice == voice else -OTHERS_WEIGH * length
                last = min(s.end_ms, until) if s.voice == voice else last
            if worth > best:
                best, found = worth, (first.start_ms, last)
        return found


def tell_apart(voiced: Voiced) -> Voices:
    """Find the voices in what was heard, and who speaks when."""
    centres = centres_of(voiced)
    steps, likely = _followed(voiced, centres)
    if len(centres) < 2:  # noqa: PLR2004 - two are needed to be told apart
        return Voices(voiced, centres, steps, likely)
    # Once more, with centres made of the windows that hold one voice throughout.
    centres = _purer(voiced, centres, steps, likely)
    steps, likely = _followed(voiced, centres)
    order = np.argsort([_first(likely[:, k]) for k in range(len(centres))], kind="stable")
    return Voices(voiced, centres[order], steps, likely[:, order])


def _first(likely: NDArray[np.float64]) -> int:
    sure = np.flatnonzero(likely >= SURE)
    return int(sure[0]) if len(sure) else len(likely)


def _pure(voiced: Voiced, steps: NDArray[np.int64], likely: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say of each window and voice whether it is that voice from begin to end, shape ``(windows, voices)``."""
    firsts = np.searchsorted(steps, voiced.windows[:, 0])
    lasts = np.searchsorted(steps, voiced.windows[:, 1])
    long = voiced.windows[:, 1] - voiced.windows[:, 0] >= TELLING_MS
    found = np.zeros((len(voiced.windows), likely.shape[1]), np.bool_)
    for k in np.flatnonzero(long & (lasts > firsts)):
        found[k] = likely[firsts[k] : lasts[k]].min(axis=0) >= SURE
    return found


def _purer(
    voiced: Voiced, centres: NDArray[np.float32], steps: NDArray[np.int64], likely: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return centres of the windows in which one voice is likely from begin to end."""
    pure = _pure(voiced, steps, likely).T
    own = [voiced.vectors[p] for p in pure]
    return unit(np.stack([v.mean(axis=0) if len(v) > 1 else c for v, c in zip(own, centres, strict=True)]))


def _followed(voiced: Voiced, centres: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Walk over the steps of voice; return them, and how likely each voice is in each."""
    steps, firm = _steps(voiced.spans)
    if len(centres) < 2 or not len(steps):  # noqa: PLR2004 - one voice needs no evidence
        return steps, np.ones((len(steps), len(centres)))
    evidence = _evidence(voiced, centres, steps)
    ways = len(centres)
    stay = 1 / (1 + (ways - 1) * np.exp(-firm))
    change = (1 - stay) / (ways - 1)
    seen = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    forward = np.empty_like(seen)
    now = np.full(ways, 1 / ways)
    for k in range(len(seen)):
        now = (change[k] + (stay[k] - change[k]) * now) * seen[k]
        now = now / now.sum()
        forward[k] = now
    backward = np.ones(ways)
    likely = np.empty_like(seen)
    for k in range(len(seen) - 1, -1, -1):
        joint = forward[k] * backward
        likely[k] = joint / joint.sum()
        ahead = backward * seen[k]
        backward = change[k] * ahead.sum() + (stay[k] - change[k]) * ahead
        backward = backward / backward.sum()
    return steps, likely


def _steps(spans: Iterable[tuple[int, int]]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the begin of each step, and the reluctance to change the speaker just before it."""
    steps: list[int] = []
    firm: list[float] = []
    last = -PAUSE_MS
    for start, end in spans:
        mine = range(start, max(end - STEP_MS // 2, start + 1), STEP_MS)
        gap = start - last
        at_start = CHANGE_AT_PAUSE if gap >= PAUSE_MS else CHANGE_AT_BREATH if gap > 0 else CHANGE_WITHIN
        steps += mine
        firm += [at_start, *(CHANGE_WITHIN,) * (len(mine) - 1)]
        last = end
    return np.array(steps, np.int64), np.array(firm)


def _evidence(voiced: Voiced, centres: NDArray[np.float32], steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the evidence for each voice in each step, in nats: the windows around it, the nearer the weightier."""
    alike = (voiced.vectors @ centres.T).astype(np.float64)
    alike *= _sharpness(alike)
    alike = np.maximum(alike - alike.max(axis=1, keepdims=True), -CLEAR)
    total = np.zeros((len(steps), len(centres)))
    weights = np.full(len(steps), 1e-9)
    middles = steps + STEP_MS / 2
    for (start, end), given in zip(voiced.windows, alike, strict=True):
        a, b = np.searchsorted(middles, (start, end))
        near = 1.05 - np.abs(2 * (middles[a:b] - start) / max(1, end - start) - 1)
        total[a:b] += near[:, None] * given
        weights[a:b] += near
    mean: NDArray[np.float64] = total / weights[:, None]
    return mean * (STRENGTH / CLEAR * STEP_MS / 1000)


def _sharpness(alike: NDArray[np.float64]) -> float:
    """Return by what to multiply likeness so that a typical window is clear, and a hardly telling one is not.

    Two voices whose scores lie d apart with spread s have a likelihood ratio of d / s^2 for each unit (equal normal
    distributions); no window is believed more than `CLEAR`, and two hardly different voices less.
    """
    ranked = np.sort(alike, axis=1)
    lead = ranked[:, -1] - ranked[:, -2]
    apart = float(np.median(lead))
    spread = float(np.percentile(lead, 75) - np.percentile(lead, 25)) / 1.35 + 1e-3
    return min(CLEAR / max(apart, 1e-3), 2 * apart / spread**2)


def _joined(voiced: Voiced, steps: NDArray[np.int64], whose: Sequence[int | None]) -> Iterator[Stretch]:
    """Join the steps of each span into stretches, and move changes within it to the quietest moment near them."""
    at = 0
    for start, end in voiced.spans:
        until = int(np.searchsorted(steps, end)) if at < len(steps) else at
        runs = _settled_runs([(who, len(list(run))) for who, run in groupby(whose[at:until])])
        edges = [start]
        taken = at
        for (_, count), _next in pairwise(runs):
            taken += count
            edges.append(max(edges[-1], _quietest(voiced.powers, int(steps[taken]), edges[-1], end)))
        edges.append(end)
        for (who, _), (a, b) in zip(runs, pairwise(edges), strict=True):
            if b > a:
                yield Stretch(a, b, who)
        at = until


def _settled_runs(runs: list[tuple[int | None, int]]) -> list[tuple[int | None, int]]:
    """Take short doubt out from between two who are sure: it is about the moment of the change, not about whom."""
    out: list[tuple[int | None, int]] = []
    for k, (who, count) in enumerate(runs):
        inside = 0 < k < len(runs) - 1
        if who is None and inside and count <= BETWEEN_STEPS:
            before, held = out[-1]
            out[-1] = before, held + count // 2
            runs[k + 1] = runs[k + 1][0], runs[k + 1][1] + count - count // 2
        elif out and out[-1][0] == who:
            out[-1] = who, out[-1][1] + count
        else:
            out.append((who, count))
    return out


def _quietest(powers: NDArray[np.float32], near_ms: int, after_ms: int, before_ms: int) -> int:
    """Return the quietest moment near another, taken over 50 ms."""
    low, high = max(after_ms, near_ms - REACH_MS) // 10, min(before_ms, near_ms + REACH_MS) // 10
    part = powers[max(0, low - 2) : high + 3]
    if high - low < 2 or len(part) < 5:  # noqa: PLR2004 - less than 50 ms of room
        return near_ms
    smooth = np.convolve(part, np.ones(5), "valid")
    return (low + int(smooth.argmin())) * 10

"""What the meters saw of a call, all through it: what a look back with other limits begins with.

Owns the moments of one call and each rule's answers about them: where it is true, and where in the same way. The
moments depend on no setting, so they are drawn once; a rule is asked only where a part of the moment that it reads
(`Rule.reads`) changes, and asked again only when a limit that it obeys (`Rule.limits`) does. Refuses to know manners:
when a nudge may be seen is for `coach.nudges.whatif`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from coach.call.events import (
    CallEnded,
    CallStarted,
    ListeningPaused,
    NotNowAsked,
    NudgeDismissed,
    NudgeUnhelpful,
    SentenceHeard,
    TimePassed,
)
from coach.nudges.grid import Grid
from coach.nudges.judging import place_of
from coach.nudges.rules import CATALOGUE
from coach.nudges.suggestions import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from coach.call.events import Event
    from coach.call.meters import Moment
    from coach.nudges.judging import Place
    from coach.nudges.rules import Rule
    from coach.settings import Limits

MOST_KEPT: Final = 256
"""So many answers of rules are kept for a slider that goes back and forth; own default, some megabytes at most."""


@dataclass(frozen=True, slots=True)
class Act:
    """An event that changes what the coach may do: it comes before the moment of this index."""

    index: int
    event: NudgeDismissed | NudgeUnhelpful | NotNowAsked | ListeningPaused | CallEnded
    moment: Moment


@dataclass(frozen=True, slots=True)
class Stretch:
    """Moments, first to last, at which a rule is true in the same way."""

    first: int
    last: int
    since_ms: int
    fresh_until_ms: int | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Answer:
    """All that one rule says of a call under one set of limits: where it is true, and where in the same way."""

    runs: tuple[tuple[int, int], ...]
    stretches: tuple[Stretch, ...]

    def run_at(self, index: int) -> tuple[int, int] | None:
        """Return the moments, first to last, through which the rule is true around this one; None where it is not."""
        found = bisect_right(self.runs, index, key=itemgetter(0)) - 1
        return self.runs[found] if found >= 0 and self.runs[found][1] >= index else None


class Tape:
    """What the meters saw, all through one call.

    About 0.4 KB a moment, 15 MB an hour of call: to be kept while somebody looks at the call, not longer.

    Args:
        events: the call, in order; corrected ones give what the coach would have said had it heard right.
        rules: the catalogue; all of ours unless a test says otherwise.
    """

    def __init__(self, events: Iterable[Event], rules: Sequence[Rule] = CATALOGUE) -> None:
        grid = Grid()
        meters = grid.meters
        self.events = tuple(events)
        self.rules = tuple(rules)
        self.moments: list[Moment] = []
        self.acts: list[Act] = []
        self._heard_at: list[int] = []
        for event in self.events:
            self.moments.extend(grid.until(event.at_ms))
            if isinstance(event, TimePassed):
                continue
            meters.fold(event)
            if isinstance(event, SentenceHeard):
                self._heard_at.append(len(self.moments))
            elif isinstance(
                event, NudgeDismissed | NudgeUnhelpful | NotNowAsked | ListeningPaused | CallEnded
            ):
                self.acts.append(Act(len(self.moments), event, meters.moment()))
        self.nows = [m.now_ms for m in self.moments]
        self.starts = [e for e in self.events if isinstance(e, CallStarted)]
        self.reads_cues = meters.reads_cues
        self.mixed = meters.mixed
        self._sentences = meters.sentences
        self.next_step_named = meters.moment().next_step_ms >= 0
        self._same: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        self._answers: dict[tuple[object, ...], Answer] = {}
        self._asked: dict[tuple[int, int], str] = {}

    @property
    def call_type(self) -> str:
        """The type of the call; empty where it never began."""
        return self.starts[0].call_type if self.starts else ""

    def answer(self, rule: Rule, limits: Limits) -> Answer:
        """Return where a rule is true under these limits."""
        key = (rule.name, *(getattr(limits, name) for name in rule.limits))
        known = self._answers.get(key)
        if known is None:
            if len(self._answers) >= MOST_KEPT:
                self._answers.clear()
            known = self._answers[key] = self._ask(rule, limits)
        return known

    def heard(self, index: int) -> int:
        """Return how many sentences were known at the moment of this index."""
        return bisect_right(self._heard_at, index)

    def suggested(self, heard: int, at_ms: int) -> str:
        """Return the question that the first ``heard`` sentences give at a moment; empty where none is good enough."""
        if not self.reads_cues:
            return ""
        key = (heard, at_ms)
        if key not in self._asked:
            self._asked[key] = suggest(self._sentences[:heard], at_ms)
        return self._asked[key]

    def _ask(self, rule: Rule, limits: Limits) -> Answer:
        if rule.holds is not None:
            return self._ask_whether(rule.reads, rule.holds, limits)
        runs: list[tuple[int, int]] = []
        stretches: list[Stretch] = []
        run = -1
        for first, last in self._unchanged(rule.reads):
            finding = rule.find(self.moments[first], limits)
            if finding is None:
                run = -1
                continue
            if run < 0:
                run = first
                runs.append((first, last))
            else:
                runs[-1] = (run, last)
            since = self.nows[run] if finding.since_ms is None else finding.since_ms
            stretch = Stretch(first, last, since, finding.fresh_until_ms, place_of(rule, finding))
            if run < first and _alike(stretches[-1], stretch):
                stretch = Stretch(stretches[-1].first, last, since, stretch.fresh_until_ms, stretch.place)
                stretches.pop()
            stretches.append(stretch)
        return Answer(tuple(runs), tuple(stretches))

    def _ask_whether(
        self, reads: tuple[str, ...], holds: Callable[[Moment, Limits], bool], limits: Limits
    ) -> Answer:
        """Ask a rule whose findings have no place: all that counts is where there is one."""
        runs: list[tuple[int, int]] = []
        run = -1
        for first, _ in self._unchanged(reads):
            if not holds(self.moments[first], limits):
                if run >= 0:
                    runs.append((run, first - 1))
                run = -1
            elif run < 0:
                run = first
        if run >= 0:
            runs.append((run, len(self.moments) - 1))
        stretches = (Stretch(first, last, self.nows[first], None, None) for first, last in runs)
        return Answer(tuple(runs), tuple(stretches))

    def _unchanged(self, reads: tuple[str, ...]) -> list[tuple[int, int]]:
        """Return the moments, first to last, between which nothing changes in these parts."""
        if reads not in self._same:
            columns = ([getattr(m, name) for m in self.moments] for name in reads)
            spans, at = [], 0
            for _, alike in groupby(zip(*columns, strict=True)):
                length = sum(1 for _ in alike)
                spans.append((at, at + length - 1))
                at += length
            self._same[reads] = spans
        return self._same[reads]


def _alike(one: Stretch, other: Stretch) -> bool:
    return (one.since_ms, one.fresh_until_ms, one.place) == (
        other.since_ms,
        other.fresh_until_ms,
        other.place,
    )

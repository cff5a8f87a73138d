"""What the coach would have said with other limits: the same moments, judged again.

Owns the engine's order of things without the engine's walk: what the meters saw is on a tape (`coach.nudges.tape`), and
between the moments at which something can happen lie jumps. The result is, nudge for nudge and moment for moment, what
a full replay by `coach.nudges.engine` gives: a promise that the tests keep with calls drawn at random.

What tact allows for a kind of nudge only ever turns from no to yes while nothing is shown, and so does whether a
condition has held; each turn is found by bisection, by asking what the engine asks.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.call.events import CallEnded, NotNowAsked, NudgeDismissed, NudgeUnhelpful
from coach.nudges.commands import Noticed, Nudge, ShowNudge
from coach.nudges.engine import LEAST_SHOWN_MS, Engine
from coach.nudges.judging import held, live_rules, place_of, readable, words_of
from coach.nudges.tact import Tact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coach.call.events import Event
    from coach.call.meters import Moment
    from coach.nudges.judging import Place
    from coach.nudges.rules import Finding, Rule
    from coach.nudges.tape import Act, Stretch, Tape
    from coach.settings import Settings


@dataclass(frozen=True, slots=True)
class Judged:
    """What the coach would have done with a call: nudges shown, and moments that nobody was nudged about."""

    nudges: tuple[Nudge, ...]
    moments: tuple[Noticed, ...]


def judge(tape: Tape, settings: Settings) -> Judged:
    """Return what the coach would have said with these settings. Raises `Trouble` for an unknown type of call."""
    if len(tape.starts) > 1:
        # No line writes such a log; what is said of it is right all the same.
        return _replayed(tape.events, settings, tape.rules)
    return _LookBack(tape, settings).judged()


def _replayed(events: Iterable[Event], settings: Settings, rules: Sequence[Rule]) -> Judged:
    engine = Engine(settings, rules)
    commands = [c for event in events for c in engine.handle(event)]
    return Judged(tuple(c.nudge for c in commands if isinstance(c, ShowNudge)), engine.moments)


@dataclass(frozen=True, slots=True)
class _Window:
    """Moments, first to last, at which a rule may become due as far as it is concerned; ``order``: its rank."""

    first: int
    last: int
    order: int
    place: Place | None


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A nudge that is due and waits for a breath; its rule stays true up to the moment of index ``last``."""

    rule: Rule
    finding: Finding
    due_ms: int
    last: int


class _LookBack:
    """One look back at a call: the engine's order of things, from change to change."""

    def __init__(self, tape: Tape, settings: Settings) -> None:
        self._tape = tape
        self._settings = settings
        self._moments, self._nows = tape.moments, tape.nows
        self._limits = settings.limits_for(tape.call_type or settings.call.type)
        self._rules = readable(tape.rules, reads_cues=tape.reads_cues, mixed=tape.mixed)
        self._answers = {r.name: tape.answer(r, self._limits) for r in self._rules}
        self._tact = Tact(settings.manners, settings.call)
        self._windows = self._all_windows()
        self._passed = 0
        self._at = 0
        self._waiting: _Waiting | None = None
        self._showing: tuple[Rule, int] | None = None
        self._nudged: set[Place] = set()
        self._nudges: list[Nudge] = []

    def judged(self) -> Judged:
        """Walk the call and return what came of it."""
        for act in self._tape.acts:
            self._walk(act.index)
            self._obey(act)
        self._walk(len(self._moments))
        return Judged(tuple(self._nudges), tuple(self._left_over()))

    def _walk(self, end: int) -> None:
        while self._at < end:
            if self._showing is not None:
                self._wait_until_hidden(end)
            elif self._waiting is not None:
                self._wait_for_a_breath(self._waiting, end)
            else:
                self._wait_until_due(end)

    def _obey(self, act: Act) -> None:
        showing = self._showing[0].name if self._showing is not None else None
        if isinstance(act.event, NudgeDismissed | NudgeUnhelpful):
            learn = (
                self._tact.was_dismissed
                if isinstance(act.event, NudgeDismissed)
                else self._tact.was_unhelpful
            )
            for rule in self._tape.rules:
                if rule.name == act.event.rule:
                    learn(rule)
            if act.event.rule != showing:
                return
        elif isinstance(act.event, NotNowAsked):
            self._tact.muted = True
        self._waiting = self._showing = None

    def _wait_until_due(self, end: int) -> None:
        """Go to the moment at which the next rule becomes due, the most telling one where there are two."""
        best: tuple[int, int] | None = None
        while self._passed < len(self._windows) and self._windows[self._passed].last < self._at:
            self._passed += 1
        for window in self._windows[self._passed :]:
            latest = end - 1 if best is None else best[0]
            first, last = max(window.first, self._at), min(window.last, latest)
            if window.first > latest:
                break
            if first > last or window.place in self._nudged:
                continue
            allowed = self._first_allowed(self._rules[window.order], first, last)
            if allowed is not None and (best is None or (allowed, window.order) < best):
                best = (allowed, window.order)
        if best is None:
            self._at = end
            return
        self._at, order = best
        rule = self._rules[order]
        finding = rule.find(self._moments[self._at], self._limits)
        run = self._answers[rule.name].run_at(self._at)
        assert finding is not None  # noqa: S101 - its window says so
        assert run is not None  # noqa: S101 - the same
        self._waiting = _Waiting(rule, finding, self._nows[self._at], run[1])

    def _first_allowed(self, rule: Rule, first: int, last: int) -> int | None:
        """Return the first moment of these at which tact lets a rule be due; None where it does at none."""
        if self._tact.may_be_due(rule, self._nows[first]):
            return first
        if not self._tact.may_be_due(rule, self._nows[last]):
            return None
        return bisect_left(self._nows, True, first, last, key=lambda now: self._tact.may_be_due(rule, now))

    def _wait_for_a_breath(self, waiting: _Waiting, end: int) -> None:
        rule, due = waiting.rule, waiting.due_ms
        for index in range(self._at, end):
            self._at = index + 1
            if index > waiting.last or self._tact.is_stale(due, self._nows[index]):
                self._waiting = None
                return
            if self._tact.may_be_seen(rule, due, self._moments[index]):
                self._show(waiting, index)
                return

    def _show(self, waiting: _Waiting, index: int) -> None:
        rule, finding, now = waiting.rule, waiting.finding, self._nows[index]
        self._waiting = None
        if (place := place_of(rule, finding)) is not None:
            self._nudged.add(place)
        self._showing = (rule, now)
        self._tact.was_shown(rule, now)
        text, reason = words_of(rule, finding, self._settings)
        asked = self._tape.suggested(self._tape.heard(index), now)
        self._nudges.append(
            Nudge(rule.name, text, reason, waiting.due_ms, now, finding.because, rule.source, asked)
        )

    def _wait_until_hidden(self, end: int) -> None:
        """Go to the moment at which the nudge is gone: another may become due at the same one."""
        assert self._showing is not None  # noqa: S101 - for the type checker
        rule, since = self._showing
        shown_ms = 1000 * self._settings.manners.show_s
        over = bisect_left(self._nows, True, self._at, key=lambda now: now - since >= shown_ms)
        done = bisect_left(self._nows, since + LEAST_SHOWN_MS, self._at)
        run = self._answers[rule.name].run_at(done)
        over = min(over, done if run is None else run[1] + 1)
        self._at = min(over, end)
        if over < end:
            self._showing = None

    def _all_windows(self) -> list[_Window]:
        """Return when which live rule may become due, by time; of two at one moment the most telling first."""
        live = live_rules(self._rules, self._settings)
        windows = []
        for order, rule in enumerate(self._rules):
            if rule.name not in live:
                continue
            for s in self._answers[rule.name].stretches:
                first, last = self._held_from(rule, s), s.last
                if s.fresh_until_ms is not None:
                    last = min(last, bisect_right(self._nows, s.fresh_until_ms) - 1)
                if first <= last:
                    windows.append(_Window(first, last, order, s.place))
        return sorted(windows, key=lambda w: (w.first, w.order))

    def _held_from(self, rule: Rule, s: Stretch) -> int:
        """Return the first moment of a stretch at which its condition has held long enough; one behind it if none."""

        def has_held(now: int) -> bool:
            return held(rule, s.since_ms, now, self._settings, self._limits)

        return bisect_left(self._nows, True, s.first, s.last + 1, key=has_held)

    def _left_over(self) -> list[Noticed]:
        """Return what the rules saw and nobody was nudged about, in the order of the call."""
        first: dict[Place, tuple[int, int, int, Rule, Moment]] = {}

        def see(index: int, tick: int, order: int, place: Place | None, moment: Moment) -> None:
            if place is not None and (place not in first or (index, tick, order) < first[place][:3]):
                first[place] = (index, tick, order, self._rules[order], moment)

        for order, rule in enumerate(self._rules):
            for s in self._answers[rule.name].stretches:
                if s.place is not None and (index := self._held_from(rule, s)) <= s.last:
                    see(index, 1, order, s.place, self._moments[index])
            for act in self._tape.acts:
                if isinstance(act.event, CallEnded):
                    # What was said last has no time left to hold.
                    finding = rule.find(act.moment, self._limits)
                    if finding is not None:
                        see(act.index, 0, order, place_of(rule, finding), act.moment)
        mended = {"next_step"} if self._tape.next_step_named else set()
        seen = sorted(
            ((seen, place) for place, seen in first.items() if place not in self._nudged),
            key=lambda item: item[0][:3],
        )
        left = [
            self._noticed(rule, moment, place[1], self._tape.heard(index))
            for (index, _, _, rule, moment), place in seen
            if rule.name not in mended
        ]
        return sorted(left, key=lambda n: n.at_ms)

    def _noticed(self, rule: Rule, moment: Moment, at_ms: int, heard: int) -> Noticed:
        finding = rule.find(moment, self._limits)
        assert finding is not None  # noqa: S101 - it was seen there
        text, reason = words_of(rule, finding, self._settings)
        asked = self._tape.suggested(heard, at_ms)
        return Noticed(rule.name, text, reason, at_ms, finding.because, rule.source, asked)

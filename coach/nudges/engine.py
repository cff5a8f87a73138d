"""Events in, commands out.

Owns the order of things: meters fold, rules judge, tact allows, a command goes out. What a rule saw without a nudge,
because it is off or because tact forbade it, is kept for the report. Performs nothing, asks no clock. Rules are
looked at on a fixed grid of audio time, every 100 ms; a moment of the grid is looked at once an event beyond it has
come, so neither the size of blocks nor the pace of events changes what comes out.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.call.events import (
    CallEnded,
    CallStarted,
    Event,
    ListeningPaused,
    NotNowAsked,
    NudgeDismissed,
    NudgeUnhelpful,
    TimePassed,
    TroubleNoticed,
    TroubleOver,
)
from coach.nudges.commands import (
    Command,
    HideNudge,
    Noticed,
    Nudge,
    ShowNudge,
    TellOnce,
    ToldIsOver,
    WrongAgain,
)
from coach.nudges.grid import Grid
from coach.nudges.judging import Place, held, live_rules, place_of, readable, words_of
from coach.nudges.rules import CATALOGUE, Finding, Rule, unread
from coach.nudges.suggestions import suggest
from coach.nudges.tact import Tact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.call.meters import Moment
    from coach.settings import Limits, Settings

_log = logging.getLogger(__name__)

LEAST_SHOWN_MS = 3000
"""A nudge is readable for this long even when the rep acts at once."""


@dataclass(slots=True)
class _Pending:
    """A nudge that is due and waits for a breath."""

    rule: Rule
    finding: Finding
    due_ms: int


class Engine:
    """Turn the events of one call into commands.

    Args:
        settings: every knob.
        rules: the catalogue; all of ours unless a test says otherwise.
    """

    def __init__(self, settings: Settings, rules: Sequence[Rule] = CATALOGUE) -> None:
        self._grid = Grid()
        self.meters = self._grid.meters
        self._settings = settings
        self._rules = tuple(rules)
        self._live = live_rules(rules, settings)
        self._by_name = {r.name: r for r in rules}
        self._tact = Tact(settings.manners, settings.call)
        self._limits: Limits = settings.limits_for(settings.call.type)
        self._since: dict[str, int] = {}
        self._pending: _Pending | None = None
        self._showing: tuple[Rule, int] | None = None
        self._told: set[str] = set()
        self._well_again: set[str] = set()
        """What was told and is over."""
        self._noticed: dict[Place, Noticed] = {}
        self._nudged: set[Place] = set()
        self.failed: list[str] = []
        """Rules that failed and are left out."""

    @property
    def moments(self) -> tuple[Noticed, ...]:
        """What the rules saw and nobody was nudged about, in the order of the call.

        Only findings with a place in the call: how long, how much and how long ago are figures of the report. A
        next step that was missed at four fifths of the time and named later was not missed.
        """
        mended = {"next_step"} if self.meters.moment().next_step_ms >= 0 else set()
        left = [n for p, n in self._noticed.items() if p not in self._nudged and n.rule not in mended]
        return tuple(sorted(left, key=lambda n: n.at_ms))

    def handle(self, event: Event) -> list[Command]:
        """Take one event; return what is to be done, in order. Times of events never fall."""
        return self.look(event.at_ms) + self.take(event)

    def look(self, at_ms: int) -> list[Command]:
        """Look at every moment before this one: the first half of `handle`."""
        return [c for moment in self._grid.until(at_ms) for c in self._look(moment)]

    def take(self, event: Event) -> list[Command]:
        """Take what happened now: the second half of `handle`."""
        commands: list[Command] = []
        if isinstance(event, TimePassed):
            return commands
        self.meters.fold(event)
        match event:
            case CallStarted(at_ms=at, call_type=call_type, language=language):
                self._limits = self._settings.limits_for(call_type)
                if not self.meters.reads_cues:
                    commands.append(TellOnce(at, "language", unread(language)))
                self._rules = readable(
                    self._rules, reads_cues=self.meters.reads_cues, mixed=self.meters.mixed
                )
            case NudgeDismissed() | NudgeUnhelpful():
                commands += self._answered(event)
            case NotNowAsked(at_ms=at):
                self._tact.muted = True
                commands += self._hide(at, "not now")
            case ListeningPaused(at_ms=at):
                commands += self._hide(at, "paused")
            case CallEnded(at_ms=at):
                commands += self._hide(at, "call ended")
                # What was said last has no time left to hold.
                self._notice(self._find(self.meters.moment()))
            case TroubleNoticed() | TroubleOver():
                commands += self._about_listening(event)
            case _:
                pass
        return commands

    def _about_listening(self, event: TroubleNoticed | TroubleOver) -> list[Command]:
        at, code = event.at_ms, event.code
        if isinstance(event, TroubleOver):
            if code not in self._told:
                return []
            self._well_again.add(code)
            return [ToldIsOver(at, code)]
        if code not in self._told:
            self._told.add(code)
            return [TellOnce(at, code, event.text)]
        if code not in self._well_again:
            return []
        self._well_again.remove(code)
        return [WrongAgain(at, code, event.text)]

    def _look(self, moment: Moment) -> list[Command]:
        now = moment.now_ms
        found = self._find(moment)
        self._since = {name: self._since.get(name, now) for name in found}
        self._notice({n: f for n, f in found.items() if self._held(self._by_name[n], f, now)})
        commands = self._hide_when_over(now, found)
        self._make_due(now, found)
        return commands + self._show_when_fit(moment, found)

    def _find(self, moment: Moment) -> dict[str, Finding]:
        found: dict[str, Finding] = {}
        for rule in self._rules:
            try:
                finding = rule.find(moment, self._limits)
            except Exception:  # noqa: BLE001 - the call comes first: one rule may be lost, the others may not
                # The others go on; a rule that fails once fails at the next moment too.
                _log.exception("a rule failed and is left out of this call")
                self._rules = tuple(r for r in self._rules if r is not rule)
                self.failed.append(rule.name)
                continue
            if finding is not None:
                found[rule.name] = finding
        return found

    def _notice(self, found: dict[str, Finding]) -> None:
        """Keep what has a place in the call; of one place the most telling rule's word is kept."""
        for name, finding in found.items():
            rule = self._by_name[name]
            if (place := place_of(rule, finding)) is not None and place not in self._noticed:
                text, reason = words_of(rule, finding, self._settings)
                at, because = place[1], finding.because
                asked = self._suggested(at)
                self._noticed[place] = Noticed(name, text, reason, at, because, rule.source, asked)

    def _held(self, rule: Rule, finding: Finding, now: int) -> bool:
        since = finding.since_ms if finding.since_ms is not None else self._since[rule.name]
        return held(rule, since, now, self._settings, self._limits)

    def _make_due(self, now: int, found: dict[str, Finding]) -> None:
        if self._pending is not None or self._showing is not None:
            return
        for rule in self._rules:
            finding = found.get(rule.name) if rule.name in self._live else None
            if finding is None or not self._held(rule, finding, now):
                continue
            if finding.fresh_until_ms is not None and now > finding.fresh_until_ms:
                continue
            if place_of(rule, finding) in self._nudged:
                continue
            if self._tact.may_be_due(rule, now):
                self._pending = _Pending(rule, finding, now)
                return

    def _show_when_fit(self, moment: Moment, found: dict[str, Finding]) -> list[Command]:
        waiting = self._pending
        if waiting is None:
            return []
        now = moment.now_ms
        if waiting.rule.name not in found or self._tact.is_stale(waiting.due_ms, now):
            self._pending = None
            return []
        if not self._tact.may_be_seen(waiting.rule, waiting.due_ms, moment):
            return []
        self._pending = None
        if (place := place_of(waiting.rule, waiting.finding)) is not None:
            self._nudged.add(place)
        self._showing = (waiting.rule, now)
        self._tact.was_shown(waiting.rule, now)
        nudge = self._nudge(waiting, now)
        return [ShowNudge(now, nudge, nudge.suggestion if self._settings.manners.suggestions else "")]

    def _nudge(self, waiting: _Pending, now: int) -> Nudge:
        rule, finding = waiting.rule, waiting.finding
        text, reason = words_of(rule, finding, self._settings)
        asked = self._suggested(now)
        return Nudge(rule.name, text, reason, waiting.due_ms, now, finding.because, rule.source, asked)

    def _suggested(self, at: int) -> str:
        return suggest(self.meters.sentences, at) if self.meters.reads_cues else ""

    def _hide_when_over(self, now: int, found: dict[str, Finding]) -> list[Command]:
        if self._showing is None:
            return []
        rule, since = self._showing
        if now - since >= 1000 * self._settings.manners.show_s:
            return self._hide(now, "time is over")
        if rule.name not in found and now - since >= LEAST_SHOWN_MS:
            return self._hide(now, "done")
        return []

    def _hide(self, at: int, why: str) -> list[Command]:
        self._pending = None
        if self._showing is None:
            return []
        rule, _ = self._showing
        self._showing = None
        return [HideNudge(at, rule.name, why)]

    def _answered(self, answer: NudgeDismissed | NudgeUnhelpful) -> list[Command]:
        """Learn from what the rep said to a nudge, and take it away where it is still shown."""
        rule = self._by_name.get(answer.rule)
        if rule is None:
            return []
        dismissed = isinstance(answer, NudgeDismissed)
        (self._tact.was_dismissed if dismissed else self._tact.was_unhelpful)(rule)
        if self._showing is not None and self._showing[0].name == answer.rule:
            return self._hide(answer.at_ms, "dismissed" if dismissed else "not helpful")
        return []

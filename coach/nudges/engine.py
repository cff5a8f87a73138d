"""Events in, commands out.

Owns the order of things: meters fold, rules judge, tact allows, a command goes out. Performs nothing, asks no
clock. Rules are looked at on a fixed grid of audio time, every 100 ms; a moment of the grid is looked at once
an event beyond it has come, so neither the size of blocks nor the pace of events changes what comes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.call.events import (
    CallEnded,
    CallStarted,
    Event,
    ListeningPaused,
    NotNowAsked,
    NudgeDismissed,
    TimePassed,
    TroubleNoticed,
    TroubleOver,
)
from coach.call.meters import Meters
from coach.nudges.commands import Command, HideNudge, Nudge, ShowNudge, TellOnce, ToldIsOver
from coach.nudges.rules import CATALOGUE, Finding, Rule
from coach.nudges.suggestions import suggest
from coach.nudges.tact import Tact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.call.meters import Moment
    from coach.settings import Limits, Settings

TICK_MS = 100
"""The grid on which rules are looked at (latency budget of the house: one decision tick)."""
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
        self.meters = Meters()
        self._settings = settings
        self._rules = tuple(r for r in rules if getattr(settings.rules, r.name))
        self._by_name = {r.name: r for r in rules}
        self._tact = Tact(settings.manners, settings.call)
        self._limits: Limits = settings.limits_for(settings.call.type)
        self._ticked = 0
        self._since: dict[str, int] = {}
        self._pending: _Pending | None = None
        self._showing: tuple[Rule, int] | None = None
        self._told: set[str] = set()
        self._used_pitch_ms = -1

    def handle(self, event: Event) -> list[Command]:  # noqa: C901 - one case a kind of event
        """Take one event; return what is to be done, in order. Times of events never fall."""
        commands = self._tick_until(event.at_ms)
        if isinstance(event, TimePassed):
            return commands
        self.meters.fold(event)
        match event:
            case CallStarted(call_type=call_type):
                self._limits = self._settings.limits_for(call_type)
            case NudgeDismissed(at_ms=at, rule=name):
                commands += self._dismissed(at, name)
            case NotNowAsked(at_ms=at):
                self._tact.muted = True
                commands += self._hide(at, "not now")
            case ListeningPaused(at_ms=at):
                commands += self._hide(at, "paused")
            case CallEnded(at_ms=at):
                commands += self._hide(at, "call ended")
            case TroubleNoticed(at_ms=at, code=code, text=text):
                if code not in self._told:
                    self._told.add(code)
                    commands.append(TellOnce(at, code, text))
            case TroubleOver(at_ms=at, code=code):
                if code in self._told:
                    commands.append(ToldIsOver(at, code))
            case _:
                pass
        return commands

    def _tick_until(self, at_ms: int) -> list[Command]:
        commands: list[Command] = []
        while self._ticked + TICK_MS < at_ms:
            self._ticked += TICK_MS
            commands += self._tick(self._ticked)
        return commands

    def _tick(self, now: int) -> list[Command]:
        if self.meters.started is None or self.meters.paused or self.meters.ended_ms is not None:
            return []
        self.meters.advance(now)
        moment = self.meters.moment()
        found = {r.name: f for r in self._rules if (f := r.find(moment, self._limits)) is not None}
        self._since = {name: self._since.get(name, now) for name in found}
        commands = self._hide_when_over(now, found)
        self._make_due(now, found)
        return commands + self._show_when_fit(moment, found)

    def _held(self, rule: Rule, finding: Finding, now: int) -> bool:
        """Say whether the condition has held long enough (``manners.md``, clause 4)."""
        since = finding.since_ms if finding.since_ms is not None else self._since[rule.name]
        if rule.name == "talk_share":
            return now - since >= 1000 * self._limits.share_held_s
        return rule.lasting or now - since >= 1000 * self._settings.manners.hold_s

    def _make_due(self, now: int, found: dict[str, Finding]) -> None:
        if self._pending is not None or self._showing is not None:
            return
        for rule in self._rules:
            finding = found.get(rule.name)
            if finding is None or not self._held(rule, finding, now):
                continue
            if finding.fresh_until_ms is not None and now > finding.fresh_until_ms:
                continue
            if rule.early and finding.since_ms == self._used_pitch_ms:
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
            self._spend(waiting)
            return []
        if not self._tact.may_be_seen(waiting.rule, waiting.due_ms, moment):
            return []
        self._spend(waiting)
        self._showing = (waiting.rule, now)
        self._tact.was_shown(waiting.rule, now)
        nudge = self._nudge(waiting, now)
        return [ShowNudge(now, nudge, nudge.suggestion if self._settings.manners.suggestions else "")]

    def _spend(self, waiting: _Pending) -> None:
        """Let go of a due nudge; one pitch sentence is nudged once, seen or not."""
        if waiting.rule.early and waiting.finding.since_ms is not None:
            self._used_pitch_ms = waiting.finding.since_ms
        self._pending = None

    def _nudge(self, waiting: _Pending, now: int) -> Nudge:
        rule, because = waiting.rule, waiting.finding.because
        return Nudge(
            rule=rule.name,
            text=getattr(self._settings.wording, rule.name) or rule.text,
            reason=rule.reason.format(**dict(because)),
            due_ms=waiting.due_ms,
            at_ms=now,
            because=because,
            source=rule.source,
            suggestion=suggest(self.meters.sentences, now),
        )

    def _hide_when_over(self, now: int, found: dict[str, Finding]) -> list[Command]:
        if self._showing is None:
            return []
        rule, since = self._showing
        if now - since >= 1000 * self._settings.manners.show_s:
            return self._hide(now, "time is over")
        if rule.name not in found and not rule.early and now - since >= LEAST_SHOWN_MS:
            return self._hide(now, "done")
        return []

    def _hide(self, at: int, why: str) -> list[Command]:
        self._pending = None
        if self._showing is None:
            return []
        rule, _ = self._showing
        self._showing = None
        return [HideNudge(at, rule.name, why)]

    def _dismissed(self, at: int, name: str) -> list[Command]:
        rule = self._by_name.get(name)
        if rule is None:
            return []
        self._tact.was_dismissed(rule)
        if self._showing is not None and self._showing[0].name == name:
            return self._hide(at, "dismissed")
        return []

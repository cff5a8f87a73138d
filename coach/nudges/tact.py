"""Manners: whether a nudge may be due, and whether it may be seen now (``manners.md``).

Owns the budget, the breath, the cooldown and the learning. Refuses to know what any rule means.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.call.meters import Moment
    from coach.nudges.rules import Rule
    from coach.settings import CallSettings, Manners

EARLY_KINDS = frozenset({"premature_pitch", "pounce"})
"""Kinds that share the cap of two nudges a call (``metrics.md``: pitch onset)."""


@dataclass(slots=True)
class Tact:
    """Remember what was shown and waved away, and say what good manners allow."""

    manners: Manners
    call: CallSettings
    shown: list[tuple[int, str]] = field(default_factory=list)
    stretch: float = 1.0
    muted: bool = False
    dismissed: dict[str, int] = field(default_factory=dict)
    rest: dict[str, int] = field(default_factory=dict)
    """How many times longer a kind rests than the others, where it did not help."""

    def may_be_due(self, rule: Rule, now_ms: int) -> bool:
        """Say whether the budget has room for this rule at this moment."""
        m = self.manners
        if self.muted or self.dismissed.get(rule.kind, 0) >= m.dismissals:
            return False
        if self.call.focus and rule.name != self.call.focus:
            return False
        if now_ms < 1000 * (m.early_pitch_from_s if rule.early else m.warm_up_s):
            return False
        if rule.kind in EARLY_KINDS and sum(k in EARLY_KINDS for _, k in self.shown) >= m.early_pitch_most:
            return False
        return self._rested(rule.kind, now_ms)

    def _rested(self, kind: str, now_ms: int) -> bool:
        m = self.manners
        recent = [at for at, _ in self.shown if now_ms - at < 60_000 * m.window_min]
        if len(recent) >= m.most:
            return False
        if any(now_ms - at < 1000 * m.cooldown_s * self.stretch for at, _ in self.shown):
            return False
        return not any(
            k == kind and now_ms - at < 1000 * m.same_kind_s * self.stretch * self.rest.get(kind, 1)
            for at, k in self.shown
        )

    def may_be_seen(self, rule: Rule, due_ms: int, moment: Moment) -> bool:
        """Say whether this is the rep's next breath, or the one case that need not wait for it."""
        breath = 1000 * self.manners.breath_s
        if moment.two_sides and moment.customer_quiet_ms < breath:
            # The customer is in the middle of a sentence: the rep's eyes are theirs.
            return False
        if moment.rep_quiet_ms >= breath:
            return True
        waited = moment.now_ms - due_ms
        return rule.name == "monologue" and waited >= 1000 * self.manners.monologue_wait_s

    def is_stale(self, due_ms: int, now_ms: int) -> bool:
        """Say whether a due nudge has waited too long for a breath."""
        return now_ms - due_ms > 1000 * self.manners.wait_s

    def was_shown(self, rule: Rule, now_ms: int) -> None:
        """Remember that a nudge was shown."""
        self.shown.append((now_ms, rule.kind))

    def was_dismissed(self, rule: Rule) -> None:
        """Learn to be quieter."""
        self.stretch *= self.manners.stretch
        self.dismissed[rule.kind] = self.dismissed.get(rule.kind, 0) + 1

    def was_unhelpful(self, rule: Rule) -> None:
        """Let this kind come half as often, and leave the others alone; it counts as one of its dismissals."""
        self.rest[rule.kind] = 2 * self.rest.get(rule.kind, 1)
        self.dismissed[rule.kind] = self.dismissed.get(rule.kind, 0) + 1

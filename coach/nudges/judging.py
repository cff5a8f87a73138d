"""What is said of a finding: its place in the call, whether it has held, its words.

Owns these few sentences of the house's law, once, for the engine in a call and for a look back at one
(`coach.nudges.whatif`). Refuses to know when a nudge may be seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.nudges.rules import BY_VOICE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coach.nudges.rules import Finding, Rule
    from coach.settings import Limits, Settings

Place = tuple[str, int]
"""Where in the call a finding belongs: what it is about, and since when, in ms."""


def place_of(rule: Rule, finding: Finding) -> Place | None:
    """Return the place of a finding, None where it has none; one pitch sentence is one, whichever rule minds it."""
    if finding.since_ms is None:
        return None
    return ("pitch" if rule.early else rule.name, finding.since_ms)


def held(rule: Rule, since_ms: int, now_ms: int, settings: Settings, limits: Limits) -> bool:
    """Say whether a condition has held long enough (``manners.md``, clause 4).

    Args:
        rule: whose condition.
        since_ms: since when it is true: by its finding's own word, else since it was first seen on end.
        now_ms: the moment.
        settings: with the manners.
        limits: of the type of call.
    """
    if rule.name == "talk_share":
        return now_ms - since_ms >= 1000 * limits.share_held_s
    return rule.lasting or now_ms - since_ms >= 1000 * settings.manners.hold_s


def words_of(rule: Rule, finding: Finding, settings: Settings) -> tuple[str, str]:
    """Return the words of a rule, the user's own where they gave some, and its reason with the numbers."""
    text = getattr(settings.wording, rule.name) or rule.text
    return text, (finding.reason or rule.reason).format(**dict(finding.because))


def live_rules(rules: Iterable[Rule], settings: Settings) -> frozenset[str]:
    """Return the names of the rules that may speak in a call."""
    focus = settings.call.focus
    return frozenset(r.name for r in rules if getattr(settings.rules, r.name) or r.name == focus)


def readable(rules: Iterable[Rule], *, reads_cues: bool, mixed: bool) -> tuple[Rule, ...]:
    """Return the rules that can judge a call: where cues are not read, those that look at no words.

    Where several voices are mixed and nobody knows which is the rep's, none can.
    """
    return tuple(r for r in rules if not mixed and (reads_cues or r.name in BY_VOICE))

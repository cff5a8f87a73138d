"""What the coach says with a microphone alone: what it can know, in words that claim no more."""

from __future__ import annotations

from playbook import REP, coached, shown, talk, told

from coach.nudges.commands import ShowNudge
from coach.nudges.engine import Engine
from coach.settings import Settings

LONG = talk(REP, 20, 140)
WORDY = [
    (REP, 30, 33, "We do that.", "pitch"),
    (REP, 34, 37, "Our lift does it all.", "pitch"),
    (REP, 60, 63, "Only today.", "pressure"),
]


def test_a_long_run_is_told_of_by_its_pauses() -> None:
    nudge = next(c.nudge for c in coached(LONG, 200, sides=(REP,)) if isinstance(c, ShowNudge))
    assert nudge.rule == "monologue"
    assert "without a pause" in nudge.reason
    assert "without them" not in nudge.reason
    both = next(c.nudge for c in coached(LONG, 200) if isinstance(c, ShowNudge))
    assert "without them" in both.reason


def test_a_pause_ends_a_run_that_silence_of_two_seconds_would_not_end_with_two_sides() -> None:
    broken = [*talk(REP, 20, 80), *talk(REP, 82, 130)]
    assert shown(coached(broken, 200, sides=(REP,))) == []
    assert shown(coached(broken, 200))


def test_no_rule_about_the_two_of_them_speaks() -> None:
    engine = Engine(Settings())
    nudged = shown(c for event in told(WORDY, 100, sides=(REP,)) for c in engine.handle(event))
    assert {rule for rule, *_ in nudged} | {m.rule for m in engine.moments} == {"pressure"}


def test_where_nobody_knows_whose_voice_it_is_nobody_is_nudged() -> None:
    assert coached([*WORDY, *talk(REP, 70, 300)], 400, sides=(REP,), mixed=True) == []

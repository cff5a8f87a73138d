"""Calls to write out: the bundled demo from its own truth, and one whose every word is hostile."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from playbook import CUSTOMER, REP, told

from coach.call.events import SentenceHeard, Who
from coach.call.hand import Note
from coach.nudges.commands import ShowNudge
from coach.nudges.engine import Engine
from coach.report.card import Card, make_card
from coach.report.document import CallReport, make_report
from coach.report.timeline import timeline
from coach.settings import Facts, Settings
from coach.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable

BAIT = (
    '<script>document.title="owned"</script><img src=x onerror=alert(1)> --> &amp; | `rm` **b** [x](http://x.test) '
    "\x1b[31m\x00\u202egnp.exe {\\an8} </style></title> www.x.test me@x.test " + "W" * 120
)
FORMULA = '=cmd|" /C calc"!A0'


def drawn(
    lines: Iterable[tuple], end_s: float, *, title: str = "call", facts: Facts | None = None, **how
) -> CallReport:
    """Return the report of a dialogue, as a replay would."""
    engine = Engine(Settings())
    commands = [c for e in told(lines, end_s, **how) for c in engine.handle(e)]
    nudges = [c.nudge for c in commands if isinstance(c, ShowNudge)]
    call_type = how.get("call_type", "discovery")
    limits = Settings().limits_for(call_type)
    audio = {"duration_s": end_s}
    return make_report(title, engine.meters, nudges, limits, audio, moments=engine.moments, facts=facts)


def demo(name: str) -> CallReport:
    """Return the report of a bundled call, from what its own truth says was said; no model is needed."""
    truth = json.loads(shipped("assets", "demo", f"{name}.json").read_text(encoding="utf-8"))
    lines = [(Who(s["who"]), s["start_s"], s["end_s"], s["text"], *s["cues"]) for s in truth["sentences"]]
    return drawn(lines, truth["duration_s"], title=truth["title"])


def hostile() -> Card:
    """Return a card in which everything that can be foreign is bait."""
    lines = [
        (REP, 1, 3, f"How do you do it? {BAIT}", "question.open"),
        (CUSTOMER, 20, 24, f"By hand. {BAIT}", "world.today"),
        (CUSTOMER, 24.2, 29, f"It jams every morning. {BAIT}", "need", "world.obstacle"),
        (REP, 29.4, 32, f"Our tool fixes that. {BAIT}", "pitch"),
        (REP, 32.6, 36, FORMULA, "pitch"),
        (CUSTOMER, 38, 50, f"Well. {BAIT}"),
        (REP, 51, 53, f"Why? {BAIT}", "question.open", "follow_up"),
        (REP, 55, 58, f"It ends on Friday. {BAIT}", "pressure"),
    ]
    facts = Facts("", (), (f"Acme {BAIT}"[:40],), f"We are the only ones {BAIT}"[:200], ())
    facts = replace(facts, competitors=("tool",))
    report = drawn(lines, 60, title=f"a {BAIT}", facts=facts)
    report = replace(
        report,
        audio={**report.audio, "note": BAIT},
        nudges=tuple(
            replace(n, text=BAIT, reason=BAIT, source=BAIT, suggestion=f"1 {BAIT}") for n in report.nudges
        ),
        moments=tuple(
            replace(n, text=BAIT, reason=BAIT, source=BAIT, suggestion=f"2 {BAIT}") for n in report.moments
        ),
        findings=tuple(replace(f, text=BAIT, suggestion=f"3 {BAIT}") for f in report.findings),
    )
    heard = next(s for s in report.meters.sentences if s.who is REP)
    machine = SentenceHeard(heard.at_ms, CUSTOMER, heard.start_ms, heard.end_ms, f"machine {BAIT}")
    line = timeline(report, [Note(12_000, BAIT)])
    return make_card(
        report, line=line, put_right=[(machine, heard)], began="2026-11-20T10:00:00", tags=[BAIT]
    )

"""Lessons in a few lines, for the tests of the stage: a dialogue (`playbook`) and the nudges that came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbook import CUSTOMER, REP, told

from coach.archive.log import SessionLog
from coach.call.events import SentenceHeard
from coach.call.meters import Meters
from coach.nudges.commands import HideNudge, Noticed, Nudge, ShowNudge
from coach.report.document import make_report
from coach.report.lesson import Lesson
from coach.report.onstage import TakeOnStage, take_on_stage
from coach.report.timeline import timeline
from coach.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SOLD = [
    (REP, 1, 3, "How do you do that today?", "question.open"),
    (CUSTOMER, 4, 12, "By hand, and we lose two days.", "need"),
    (REP, 13, 22, "Our lift does that.", "pitch"),
    (CUSTOMER, 22.5, 23, "Okay.", "backchannel"),
    (REP, 24, 55, "And it has a phone line, and a chat side, and a report.", "pitch"),
    (CUSTOMER, 56, 59, "Send me an email."),
]
LISTENED = [
    (REP, 1, 3, "How do you do that today?", "question.open"),
    (CUSTOMER, 4, 12, "By hand, and we lose two days.", "need"),
    (REP, 13, 16, "Two days?", "question.open", "follow_up"),
    (CUSTOMER, 17, 50, "Every week, and my best man left.", "need"),
]
CHAPTERS = ((0, "The beginning"), (13_000, "The answer"), (56_000, "The end"))


def nudge(at_s: float, rule: str = "pounce", text: str = "Stay with that", **because: float) -> Nudge:
    """Return a nudge that came at this second."""
    at = round(1000 * at_s)
    numbers = tuple(because.items()) or (("seconds_after_need", 1.0), ("pitch_at_s", 13.0))
    return Nudge(rule, text, f"{text} at {at_s}", at - 1500, at, numbers, "own default", "What are two days?")


def noticed(at_s: float, rule: str = "pressure") -> Noticed:
    """Return what a rule saw at this second without saying it."""
    return Noticed(
        rule, "Ease off a little", "1 so far", round(1000 * at_s), (("push_at_s", at_s),), "own", ""
    )


def take(
    lines: Sequence[tuple] = SOLD,
    end_s: float = 60,
    nudges: Sequence[Nudge] = (),
    moments: Sequence[Noticed] = (),
    hidden: Sequence[HideNudge] = (),
    **how: object,
) -> TakeOnStage:
    """Return a take of a dialogue."""
    language = str(how.pop("language", "en"))
    events = told(lines, end_s, language=language)
    meters = Meters()
    for event in events:
        meters.fold(event)
    words = any(isinstance(e, SentenceHeard) for e in events)
    report = make_report("call", meters, nudges, Limits(), {}, moments=moments, heard_words=words)
    return take_on_stage(report, timeline(report), events, hidden, Limits(), **how)


def lesson(*takes: TakeOnStage, **how: object) -> Lesson:
    """Return a lesson of these takes; of one with two nudges where none is given."""
    sold = take(
        nudges=(nudge(24), nudge(50, "monologue", "Pause, let them in", monologue_s=26.0, limit_s=25.0)),
        name="Sells",
        title="The rep sells.",
        chapters=CHAPTERS,
        watch=("Who asks",),
    )
    return Lesson("Two days", takes or (sold,), **how)


def kept(
    folder: Path,
    name: str = "call",
    lines: Sequence[tuple] = SOLD,
    end_s: float = 60,
    nudges: Sequence[Nudge] = (),
    moments: Sequence[Noticed] | None = (),
    keep: str = "words",
    **about: object,
) -> Path:
    """Keep a dialogue as a session, as Coach would; return its log."""
    log = SessionLog(folder / f"{name}.jsonl", keep, None, about)
    for event in told(lines, end_s):
        for n in nudges:
            if n.at_ms <= event.at_ms and n not in log.__dict__.setdefault("told", []):
                log.__dict__["told"].append(n)
                log.command(ShowNudge(n.at_ms, n))
                log.command(HideNudge(n.at_ms + 4000, n.rule, "done"))
        log.event(event)
    if moments is not None:
        log.moments(moments)
    log.close()
    return log.path

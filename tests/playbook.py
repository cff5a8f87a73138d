"""Speak a call in a few lines: who speaks from when to when, and what is said.

A dialogue is a list of lines ``(who, start_s, end_s, text, *cues)``; `told` turns it into events as the line
would hear them: a voice is known 100 ms after it began, silence 200 ms after it fell, a sentence 700 ms after
its end. A line without text is voice alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.call.events import CallEnded, CallStarted, Event, SentenceHeard, VoiceStarted, VoiceStopped, Who
from coach.call.meters import Meters
from coach.nudges.commands import HideNudge, ShowNudge
from coach.nudges.engine import Engine
from coach.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

REP, CUSTOMER = Who.REP, Who.CUSTOMER
ONSET_MS, QUIET_MS, WORDS_MS = 100, 200, 700


def told(
    lines: Iterable[tuple],
    end_s: float,
    *,
    call_type: str = "discovery",
    sides: Sequence[Who] = tuple(Who),
    language: str = "en",
    estimated: bool = False,
    mixed: bool = False,
) -> list[Event]:
    """Return the events of a dialogue, in the order in which they become known."""
    events: list[tuple[int, int, Event]] = []
    for who, start_s, end_line_s, *said in lines:
        start, end = round(1000 * start_s), round(1000 * end_line_s)
        events += [
            (start + ONSET_MS, 1, VoiceStarted(start + ONSET_MS, who, start)),
            (end + QUIET_MS, 0, VoiceStopped(end + QUIET_MS, who, end)),
        ]
        if said:
            text, *cues = said
            at = end + WORDS_MS
            events.append((at, 2, SentenceHeard(at, who, start, end, text, tuple(cues))))
    events.sort(key=lambda e: (e[0], e[1]))
    last = round(1000 * end_s)
    return [
        CallStarted(0, call_type, tuple(sides), 1_800_000, language, estimated, mixed),
        *(e for *_, e in events if e.at_ms <= last),
        CallEnded(last),
    ]


def measured(lines: Iterable[tuple], end_s: float, **how: object) -> Meters:
    """Return the meters after a dialogue."""
    meters = Meters()
    for event in told(lines, end_s, **how):
        meters.fold(event)
    return meters


def coached(lines: Iterable[tuple], end_s: float, settings: Settings | None = None, **how: object) -> list:
    """Return the commands of a dialogue."""
    engine = Engine(settings or Settings())
    return [c for event in told(lines, end_s, **how) for c in engine.handle(event)]


def shown(commands: Iterable) -> list[tuple[str, float, float]]:
    """Return the nudges among commands as ``(rule, due_s, at_s)``."""
    return [
        (c.nudge.rule, c.nudge.due_ms / 1000, c.nudge.at_ms / 1000)
        for c in commands
        if isinstance(c, ShowNudge)
    ]


def hidden(commands: Iterable) -> list[tuple[str, float, str]]:
    """Return the nudges taken away as ``(rule, at_s, why)``."""
    return [(c.rule, c.at_ms / 1000, c.why) for c in commands if isinstance(c, HideNudge)]


def talk(who: Who, start_s: float, end_s: float, every_s: float = 10.0, pause_s: float = 0.15) -> list[tuple]:
    """Return one side talking on, with short pauses that are no breath."""
    lines, at = [], start_s
    while at < end_s:
        stop = min(at + every_s, end_s)
        lines.append((who, at, stop - (pause_s if stop < end_s else 0.0)))
        at = stop
    return lines

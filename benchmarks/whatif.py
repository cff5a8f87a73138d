"""Measure a slider step of "what would the coach have said" against a full replay, per hour of call.

    python benchmarks/whatif.py [SESSION.jsonl ...]

Without a session an hour is drawn at random, the same each time. Each limit of the call's type, and each of the
manners, is set to a third of its default and to once and a half of it; every answer is compared with a full replay's.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from drawn import drawn_call

from coach import app
from coach.archive.log import read_session
from coach.nudges.commands import ShowNudge
from coach.nudges.engine import Engine
from coach.nudges.tape import Tape
from coach.nudges.whatif import Judged, judge
from coach.settings import Settings, knobs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coach.call.events import Event

HOUR_MS = 3_600_000


def main() -> int:
    """Measure each session; return 1 where a look back is not what a full replay gives."""
    calls = [(p.stem, read_session(p).events) for p in map(Path, sys.argv[1:])]
    same = [measured(name, events) for name, events in calls or [("drawn", drawn_hour())]]
    return 0 if all(same) else 1


def drawn_hour() -> tuple[Event, ...]:
    """Return an hour of talk, drawn at random with a fixed seed."""
    return tuple(drawn_call(1, 3600.0, eventful=False))


def measured(name: str, events: Sequence[Event]) -> bool:
    """Print the table of one call; say whether every answer was right."""
    hours = events[-1].at_ms / HOUR_MS
    began = time.perf_counter()
    tape = Tape(events)
    drawn = time.perf_counter() - began
    settings = app.for_call(Settings(), tape.call_type)
    began = time.perf_counter()
    judge(tape, settings)
    first = time.perf_counter() - began
    steps, replays, wrong = [], [], []
    for knob, other in turned(settings, tape.call_type):
        began = time.perf_counter()
        judged = judge(tape, other)
        steps.append((time.perf_counter() - began, knob))
        began = time.perf_counter()
        engine = Engine(other)
        commands = [c for event in events for c in engine.handle(event)]
        replays.append(time.perf_counter() - began)
        nudges = tuple(c.nudge for c in commands if isinstance(c, ShowNudge))
        if judged != Judged(nudges, engine.moments):
            wrong.append(knob)
    worst, knob = max(steps)
    print(f"\n{name}: {60 * hours:.1f} min, {len(events)} events, {len(steps)} steps")
    print(f"{'':56}{'s':>9}{'s per hour':>12}")
    rows = {
        "full replay, median": statistics.median(replays),
        "once: what the meters saw": drawn,
        "once: the first judgement": first,
        "a slider step, median": statistics.median(s for s, _ in steps),
        f"a slider step, slowest ({knob.split('.')[-1]})": worst,
    }
    for what, took in rows.items():
        print(f"{what:56}{took:>9.3f}{took / hours:>12.3f}")
    print(f"answers unlike a full replay: {len(wrong)} {wrong or ''}")
    return not wrong


def turned(settings: Settings, call_type: str) -> Iterator[tuple[str, Settings]]:
    """Yield the settings with one knob turned, for each knob and each of its two other values."""
    for knob in knobs():
        if not knob.name.startswith((f"limits.{call_type}.", "manners.")) or knob.low is None:
            continue
        section = settings.manners if knob.name.startswith("manners.") else settings.limits_for(call_type)
        now = getattr(section, knob.name.split(".")[-1])
        for part in (1 / 3, 1.5):
            value = max(knob.low, min(knob.high or 0, now * part))
            written = json.dumps(round(value) if isinstance(now, int) else round(value, 3))
            yield knob.name, app.with_set(settings, [f"{knob.name}={written}"])


if __name__ == "__main__":
    sys.exit(main())

"""How fast the review window opens a long call, and what a frame of scrolling and of playing costs.

A call of one hour is made of the two bundled ones, their words as the script has them: one after the other until the
hour is full. Opening is from reading the log to the window painted. A frame is one step of the view and its paint, on
the thread that also has to answer the mouse: 16.7 ms are sixty a second.

    python benchmarks/windows.py [--minutes 60] [--screen]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coach import library
from coach.archive.log import SessionLog
from coach.call.events import (
    CallEnded,
    CallStarted,
    Event,
    SentenceHeard,
    VoiceStarted,
    VoiceStopped,
    Who,
)
from coach.cues.reader import Reader
from coach.demo.scenes import scenes
from coach.nudges.commands import ShowNudge
from coach.nudges.engine import Engine
from coach.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5


def spoken(script: dict, start_ms: int, reader: Reader) -> list[Event]:
    """Return one scripted call as it would be heard, from a moment on."""
    events: list[Event] = []
    for s in script["sentences"]:
        begin, end = (start_ms + round(1000 * s[key]) for key in ("start_s", "end_s"))
        who = Who(s["who"])
        cues = reader.read(who, s["text"], begin, end)
        events += [
            VoiceStarted(begin + 100, who, begin),
            VoiceStopped(end + 200, who, end),
            SentenceHeard(end + 500, who, begin, end, s["text"], cues.cues, cues.scores),
        ]
    return events


def make_session(path: Path, minutes: float) -> None:
    """Keep a call of so many minutes, with the nudges and moments that the rules find in it."""
    import json  # noqa: PLC0415 - needed here alone

    scripts = [json.loads(scene.truth.read_text(encoding="utf-8")) for scene in scenes()]
    reader, events, at = Reader(), [], 0
    while at < 60_000 * minutes:
        for script in scripts:
            events += spoken(script, at, reader)
            at += round(1000 * script["duration_s"])
    whole = [
        CallStarted(0, "discovery", tuple(Who)),
        *sorted(events, key=lambda e: e.at_ms),
        CallEnded(at + 1000),
    ]
    engine, log = Engine(Settings()), SessionLog(path, "words", None, {"title": "One hour"})
    for event in whole:
        for command in engine.handle(event):
            if isinstance(command, ShowNudge):
                log.command(command)
        log.event(event)
    log.moments(engine.moments)
    log.close()
    print(f"{path.name}: {at / 60_000:.0f} min, {len(events) // 3} sentences")


def measure(path: Path) -> None:
    """Open the call some times, then scroll and play it; print a table."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - the platform is chosen first

    from coach.afterwards import reviewed  # noqa: PLC0415
    from coach.ui.review import ReviewActions, ReviewWindow  # noqa: PLC0415

    application = QApplication.instance() or QApplication(sys.argv[:1])
    rows: list[tuple[str, list[float]]] = []
    read, shown = [], []
    for _ in range(RUNS):
        began = time.perf_counter()
        opened = library.open_session(path, Settings())
        read.append(time.perf_counter() - began)
        call = reviewed(opened)
        same = partial(_same, call)
        window = ReviewWindow(call, ReviewActions(same, same))
        window.show()
        window.grab()
        application.processEvents()
        shown.append(time.perf_counter() - began)
        last = window
    rows += [("read and drawn up", read), ("window painted, all in all", shown)]
    window, end = last, opened.timeline.duration_ms
    rows.append(("a frame: lanes, whole call", frames(lambda k: window.lanes.zoom(1.0 + 0.0001 * (k % 2)))))
    window.lanes.show_view(0, 120_000)
    rows.append(
        (
            "a frame: lanes move, two minutes seen",
            frames(lambda k: window.lanes.show_view(500 * k, 500 * k + 120_000)),
        )
    )
    bar = window.transcript.verticalScrollBar()
    rows.append(("a frame: words scroll", frames(lambda k: bar.setValue(30 * k))))
    rows.append(("a frame: playing", frames(lambda k: window._go(1000 * k % end))))  # noqa: SLF001 - what its timer does
    print(f"{'':<40} {'median':>10} {'worst':>10}")
    for name, seconds in rows:
        print(f"{name:<40} {1000 * statistics.median(seconds):>8.1f}ms {1000 * max(seconds):>8.1f}ms")


def _same(call: object, _: object) -> object:
    return call


def frames(step: Callable[[int], object], count: int = 200) -> list[float]:
    """Return how long each of so many steps takes, painted."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - the platform is chosen first

    taken = []
    for k in range(count):
        began = time.perf_counter()
        step(k)
        QApplication.processEvents()
        taken.append(time.perf_counter() - began)
    return taken


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--screen", action="store_true", help="On the screen of this machine, not offscreen.")
    options = parser.parse_args()
    if not options.screen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hour.jsonl"
        make_session(path, options.minutes)
        measure(path)


if __name__ == "__main__":
    main()

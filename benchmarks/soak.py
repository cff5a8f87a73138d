"""Keep a call going for hours: does anything grow that should not?

    python benchmarks/soak.py [--minutes 60] [--json FILE]             in real time, as a live call with its log
    python benchmarks/soak.py --hours 8 --fast [--json FILE]           as fast as the machine can, as one long recording

The bundled demo calls are played over and over, five seconds of quiet between. Now and then it notes what the process
holds: memory, threads, open files, and what waits in the queues. Growth is the slope of a straight line through the
second half, when everything is loaded. In fast mode the talk time of every repetition is set beside that of the same
call alone.

resident     MB of the process
threads      of the process, Python's and the libraries'
files        open descriptors
waiting      blocks and jobs in the queues (live)
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from coach import app
from coach.audio.block import RATE, Block
from coach.call.events import Who
from coach.demo.scenes import scenes
from coach.live.line import Line
from coach.live.player import Player

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coach.call.turns import Floor

BETWEEN_S = 5
BLOCK_MS = 60
MINUTE_MS = 60_000
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@dataclass(frozen=True)
class Held:
    """What the process holds at one minute of audio."""

    minute: int
    resident_mb: float
    threads: int
    files: int
    waiting: int


def held(minute: int, waiting: int = 0) -> Held:
    """Look at this process (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    threads = len(list(Path("/proc/self/task").iterdir()))
    return Held(minute, pages * PAGE / 1e6, threads, len(list(Path("/proc/self/fd").iterdir())), waiting)


def call_sound(number: int) -> dict[Who, np.ndarray]:
    """Return both sides of a bundled call, with quiet behind them, cut to whole blocks."""
    recording = app.open_call(scenes()[number].sound, app.Settings())
    parts: dict[Who, list[np.ndarray]] = {who: [] for who in Who}
    for block in recording.blocks(100):
        parts[block.who].append(block.samples)
    block = RATE * BLOCK_MS // 1000
    sides = {who: np.concatenate([*p, np.zeros(BETWEEN_S * RATE, np.int16)]) for who, p in parts.items()}
    length = min(map(len, sides.values())) // block * block
    noise = np.rint(np.random.default_rng(0).standard_normal(length) * 3).astype(np.int16)
    return {who: side[:length] + noise for who, side in sides.items()}


def endless(calls: list[dict[Who, np.ndarray]], until_s: float) -> Iterator[Block]:
    """Yield the calls over and over, both sides in turn, until so much audio has passed and the call is over."""
    block = RATE * BLOCK_MS // 1000
    start = 0
    for number in count():
        if start >= until_s * RATE:
            return
        sides = calls[number % len(calls)]
        length = len(sides[Who.REP])
        for at in range(0, length, block):
            for who in Who:
                yield Block(who, start + at, sides[who][at : at + block])
        start += length


def live(minutes: float, folder: Path) -> tuple[list[Held], dict[str, object]]:
    """Play in real time through a live call with its log."""
    calls = [call_sound(n) for n in range(2)]
    os.environ["XDG_DATA_HOME"] = str(folder)
    whisper = app.load_words(app.Settings(), 1)
    player = Player(endless(calls, 60 * minutes), tuple(Who))
    nudges: list[object] = []
    run = app.LiveRun(app.Settings(), player.sources, nudges.extend, words=lambda: whisper)
    run.start()
    seen = []
    for minute in count(1):
        over = player.finished.wait(60)
        seen.append(held(minute, round(run.call.scribe.waiting_s)))
        print(row(seen[-1]), flush=True)
        if over:
            break
    report = run.stop()
    after = held(len(seen) + 1)
    print(f"after the end: {row(after)}")
    about = {
        "sentences": len(report.meters.sentences),
        "dropped": run.call.mailbox.dropped,
        "given up": run.call.scribe.given_up,
        "late": run.session.late,
        "threads of Coach left": [t.name for t in threading.enumerate() if t.name.startswith("coach")],
        "log bytes": run.log.path.stat().st_size,
    }
    return seen, about


def fast(hours: float) -> tuple[list[Held], dict[str, object]]:
    """Send hours of calls down the line as one recording; compare each call in it with itself alone."""
    calls = [call_sound(n) for n in range(2)]
    alone = [talk(through(endless([c], 1))[0], 0, len(c[Who.REP])) for c in calls]
    floor, seen = through(endless(calls, 3600 * hours), show=True)
    start, worst = 0, 0
    for number in count():
        if start >= 3600 * hours * RATE:
            break
        length = len(calls[number % 2][Who.REP])
        here = talk(floor, start, start + length)
        worst = max(worst, *(abs(a - b) for a, b in zip(here, alone[number % 2], strict=True)))
        start += length
    return seen, {"calls": number, "talk time of a call off by, at most, ms": worst}


def through(blocks: Iterator[Block], *, show: bool = False) -> tuple[Floor, list[Held]]:
    """Hear and write blocks as a recording is; return the floor, and what was held by the way."""
    from coach.archive.log import NoLog  # noqa: PLC0415 - the parts of a line, as the program puts them together

    settings = app.Settings()
    session = app.make_session(settings, tuple(Who), NoLog(), app.make_reader(settings))
    line = Line(app.make_ear(settings, tuple(Who)), session, app.load_words_for_recordings(settings))
    session.start("discovery", 0)
    seen: list[Held] = []
    for at_ms, _ in line.run(blocks):
        if show and at_ms >= (len(seen) + 1) * 10 * MINUTE_MS:
            seen.append(held(at_ms // MINUTE_MS))
            print(row(seen[-1]), flush=True)
    return session.engine.meters.floor, seen


def talk(floor: Floor, start: int, end: int) -> tuple[int, int]:
    """Return for how long each side spoke between two samples, in ms."""
    ms = (start * 1000 // RATE, end * 1000 // RATE)
    return tuple(floor.spoken_ms(who, *ms, ms[1]) for who in Who)  # type: ignore[return-value] - two sides


def row(h: Held) -> str:
    """Return one line of the table."""
    return f"{h.minute:5} min  {h.resident_mb:7.1f} MB  {h.threads:3} threads  {h.files:3} files  {h.waiting:3} waiting"


def growth(seen: list[Held]) -> dict[str, float]:
    """Return growth an hour over the second half."""
    later = seen[len(seen) // 2 :]
    if len(later) < 2:  # noqa: PLR2004 - a line needs two points
        return {}
    minutes = [h.minute for h in later]
    slope = {
        name: float(60 * np.polyfit(minutes, [getattr(h, name) for h in later], 1)[0])
        for name in ("resident_mb", "threads", "files", "waiting")
    }
    return {name: round(value, 2) for name, value in slope.items()}


def main() -> int:
    """Run it and print what grew."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--hours", type=float, default=8)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen, about = fast(wanted.hours) if wanted.fast else live(wanted.minutes, Path(folder))
    result = {"growth an hour, second half": growth(seen), **about}
    for name, value in result.items():
        print(f"{name}: {value}")
    if wanted.json:
        wanted.json.write_text(json.dumps(result | {"seen": [vars(h) for h in seen]}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

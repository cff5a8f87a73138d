"""Keep calls going for hours: does anything grow that should not?

    python benchmarks/soak.py [--minutes 60] [--json FILE]    in real time, as a live call with its log
    python benchmarks/soak.py --hours 2 --quick               the same line, as fast as it can, on a clock of its own
    python benchmarks/soak.py --hours 8 --fast                as fast as the machine can, as one long recording
    python benchmarks/soak.py --calls 8                       calls of 12 s one after another, each with its own model

The bundled demo calls are played over and over, five seconds of quiet between. Now and then it notes what the process
holds: memory, threads, open files, and what waits in the queues. Growth is the slope of a straight line through the
second half, when everything is loaded; which kinds of Python objects grew there stands below it. In fast mode the talk
time of every repetition is set beside that of the same call alone. In quick mode what was written once is remembered,
so that hours take minutes: that finds what Python holds, and less of what the libraries do (``--anew`` writes all
anew). Its clock does not wait for a draft under way, so many sentences are late there.

resident     MB of the process
used, free   MB that the C library has handed out, and that it holds for later (glibc; whether resident or not)
objects      thousands of pieces of memory that Python has handed out
threads      of the process, Python's and the libraries'
files        open descriptors
waiting      seconds of sound in spans that wait (live)
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import os
import sys
import tempfile
import threading
from collections import Counter
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
from coach.live.player import PlayedSide, Player
from coach.live.slack import few_heaps, let_go

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from coach.call.turns import Floor
    from coach.speech.whisper import Whisper

BETWEEN_S = 5
LOOKS = 5
"""What one draft needs comes and goes within a second: of so many looks the least tells what stays."""
BLOCK_MS = 60
ON_ITS_WAY_S = 1.5
"""So much the line holds of its own accord: of a long quiet, and in the stage before the ear."""
MINUTE_MS = 60_000
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


class _InUse(ctypes.Structure):
    """What mallinfo2 tells (mallinfo(3))."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()  # noqa: SIM905 - the manual's line
    )


@dataclass(frozen=True)
class Held:
    """What the process holds at one minute of audio."""

    minute: int
    resident_mb: float
    used_mb: float
    free_mb: float
    objects: float
    threads: int
    files: int
    waiting: int


def held(minute: int, waiting: int = 0) -> Held:
    """Look at this process (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    threads = len(list(Path("/proc/self/task").iterdir()))
    files = len(list(Path("/proc/self/fd").iterdir()))
    libc = ctypes.CDLL(None)
    used = free = 0.0
    if hasattr(libc, "mallinfo2"):
        libc.mallinfo2.restype = _InUse
        now = libc.mallinfo2()
        used, free = (now.uordblks + now.hblkhd) / 1e6, now.fordblks / 1e6
    return Held(
        minute, pages * PAGE / 1e6, used, free, sys.getallocatedblocks() / 1000, threads, files, waiting
    )


def kinds() -> Counter[str]:
    """Count the Python objects there are by their kind; those that can hold others."""
    return Counter(f"{type(o).__module__}.{type(o).__qualname__}" for o in gc.get_objects())


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
    half: Counter[str] = Counter()
    for minute in count(1):
        over = player.finished.wait(60)
        seen.append(held(minute, round(run.call.scribe.waiting_s)))
        print(row(seen[-1]), flush=True)
        if minute == round(minutes / 2):
            half = kinds()
        if over:
            break
    return seen, ended(run, half, len(seen))


def ended(run: app.LiveRun, half: Counter[str], minute: int) -> dict[str, object]:
    """End a call; return what is to be told of it, and which kinds of objects grew since its first half."""
    grew = (kinds() - half).most_common(12) if half else []
    report = run.stop()
    print(f"after the end: {row(held(minute))}")
    return {
        "objects that grew": dict(grew),
        "sentences": len(report.meters.sentences),
        "dropped": run.call.mailbox.dropped,
        "given up": run.call.scribe.given_up,
        "late": run.session.late,
        "threads of Coach left": [t.name for t in threading.enumerate() if t.name.startswith("coach")],
        "log bytes": run.log.path.stat().st_size,
    }


class Remembering:
    """A drafter that writes each sound once and remembers what it wrote."""

    def __init__(self, whisper: Whisper) -> None:
        self._whisper = whisper
        self._known: dict[int, list[str] | None] = {}

    def draft(
        self,
        samples: np.ndarray,
        said: Sequence[str],
        voiced: Sequence[tuple[int, int]],
        *,
        careful: bool = False,
    ) -> list[str] | None:
        """Write a span; see `coach.speech.streaming.Drafter`."""
        key = hash((samples.tobytes(), *said, careful))
        if key not in self._known:
            self._known[key] = self._whisper.draft(samples, said, voiced, careful=careful)
        known = self._known[key]
        return None if known is None else list(known)


class Hasty:
    """Plays as fast as the call can take it, on a clock that goes by what was played."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self.finished = threading.Event()
        self.sources = tuple(PlayedSide(who, self) for who in Who)  # type: ignore[arg-type] - it plays like a `Player`
        self.settled: Callable[[], bool] = lambda: True
        self.now_s = 0.0
        self._blocks = blocks
        self._deliver: dict[Who, Callable[[Block], None]] = {}
        self._pause = threading.Event()
        self._thread = threading.Thread(target=self._play, name="hasty", daemon=True)

    def attach(self, who: Who, deliver: Callable[[Block], None] | None) -> None:
        """Send a side's blocks here; None sends them nowhere."""
        if deliver is None:
            self._deliver.pop(who, None)
            return
        self._deliver[who] = deliver
        if len(self._deliver) == len(Who):
            self._thread.start()

    def _play(self) -> None:
        for block in self._blocks:
            self.now_s = block.end / RATE
            if (deliver := self._deliver.get(block.who)) is not None:
                deliver(block)
            while block.who is Who.CUSTOMER and not self.settled():
                self._pause.wait(0.0005)
        self.finished.set()


def quick(hours: float, folder: Path, *, anew: bool) -> tuple[list[Held], dict[str, object]]:
    """Send hours through a live call with its log as fast as it takes them."""
    calls = [call_sound(n) for n in range(2)]
    os.environ["XDG_DATA_HOME"] = str(folder)
    whisper = app.load_words(app.Settings(), 1)
    words = whisper if anew else Remembering(whisper)
    player = Hasty(endless(calls, 3600 * hours))
    nudges: list[object] = []
    run = app.LiveRun(
        app.Settings(), player.sources, nudges.extend, words=lambda: words, clock=lambda: player.now_s
    )
    scribe, session = run.call.scribe, run.session
    player.settled = lambda: (
        scribe.idle and not round(scribe.waiting_s, 3) and player.now_s - session.now_ms / 1000 < ON_ITS_WAY_S
    )
    run.start()
    seen = []
    half: Counter[str] = Counter()
    step = max(1, round(hours * 60 / 24))
    while not player.finished.wait(0.2):
        if player.now_s / 60 >= (len(seen) + 1) * step:
            seen.append(held((len(seen) + 1) * step, round(scribe.waiting_s)))
            print(row(seen[-1]), flush=True)
            if len(seen) == 12:  # noqa: PLR2004 - half of them
                half = kinds()
    return seen, ended(run, half, round(60 * hours))


def one_after_another(number: int, folder: Path) -> tuple[list[Held], dict[str, object]]:
    """Hold calls of 12 s in real time, each with a model of its own; after each look at what is left of it."""
    os.environ["XDG_DATA_HOME"] = str(folder)
    sound = {who: side[: 12 * RATE] for who, side in call_sound(0).items()}
    seen = []
    for n in range(1, number + 1):
        player = Player(endless([sound], 1), tuple(Who))
        run = app.LiveRun(app.Settings(), player.sources, lambda _: None)
        run.start()
        player.finished.wait()
        run.stop()
        print(f"after call    {row(held(n))}")
        del run, player
        let_go()
        seen.append(held(n))
        print(f"what is left  {row(seen[-1])}", flush=True)
    return seen, {"growth a call, after the first": each_call(seen)}


def each_call(seen: list[Held]) -> dict[str, float]:
    """Return what each call after the first left behind."""
    first, last = seen[0], seen[-1]
    calls = max(1, len(seen) - 1)
    return {
        name: round((getattr(last, name) - getattr(first, name)) / calls, 2)
        for name in ("resident_mb", "used_mb", "objects", "threads", "files")
    }


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
    memory = f"{h.resident_mb:7.1f} MB  {h.used_mb:6.1f} used {h.free_mb:6.1f} free  {h.objects:6.1f} objects"
    return f"{h.minute:5} min  {memory}  {h.threads:3} threads  {h.files:3} files  {h.waiting:3} waiting"


def growth(seen: list[Held]) -> dict[str, float]:
    """Return growth an hour over the second half; of the memory, the least of each few looks."""
    later = seen[len(seen) // 2 :]
    if len(later) < 2:  # noqa: PLR2004 - a line needs two points
        return {}
    few = LOOKS if len(later) >= 2 * LOOKS else 1
    groups = [later[n : n + few] for n in range(0, len(later) - few + 1, few)]
    slope = {
        name: _slope([[h.minute for h in g] for g in groups], [[getattr(h, name) for h in g] for g in groups])
        for name in ("resident_mb", "used_mb")
    }
    slope |= {
        name: _slope([[h.minute] for h in later], [[getattr(h, name)] for h in later])
        for name in ("objects", "threads", "files", "waiting")
    }
    return slope


def _slope(minutes: list[list[int]], values: list[list[float]]) -> float:
    """Return the slope an hour through the least of each group, in the middle of its minutes."""
    middles = [sum(m) / len(m) for m in minutes]
    return round(float(60 * np.polyfit(middles, [min(v) for v in values], 1)[0]), 2)


def main() -> int:
    """Run it and print what grew."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--hours", type=float, default=8)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--calls", type=int)
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    few_heaps()  # as the desktop program does
    with tempfile.TemporaryDirectory() as folder:
        if wanted.calls:
            seen, about = one_after_another(wanted.calls, Path(folder))
        elif wanted.quick:
            seen, about = quick(wanted.hours, Path(folder), anew=wanted.anew)
        elif wanted.fast:
            seen, about = fast(wanted.hours)
        else:
            seen, about = live(wanted.minutes, Path(folder))
    slope = {} if wanted.calls else {"growth an hour, second half": growth(seen)}
    result = {**slope, **about}
    for name, value in result.items():
        print(f"{name}: {value}")
    if wanted.json:
        wanted.json.write_text(json.dumps(result | {"seen": [vars(h) for h in seen]}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

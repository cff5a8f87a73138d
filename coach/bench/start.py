"""From the start of the process to the first thing heard, and what silence costs after that.

Owns the starting, the waiting and the ending of the program, as a process like any user's. What it reads are
the program's own marks (`coach.marks`) on the clock that both share. The cost of silence is read from the
system, thread by thread, where the system tells it (Linux).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coach import app, consent
from coach.bench.table import Row
from coach.marks import VARIABLE, Mark, read_marks
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

MARKS: Final = {"tray": "tray icon", "listening": "listening to both sides", "words": "speech model ready"}
"""The moments of a start, in the order of the table."""
AIMS: Final = {"tray": "<= 1.0", "listening": "<= 3.0", "words": ""}
IDLE_AIM: Final = "<= 0.02"

PATIENCE_S: Final = 60.0
"""A start that takes longer than this has failed."""
ENDING_S: Final = 30.0
LOOK_S: Final = 0.02
"""How often the marks are looked for; it has no part in the figures, which carry their own time."""
SETTLE_S: Final = 7.0
"""A call settles before its silence is measured: the hello is gone by then, and the quiet counts as long."""
_TASKS: Final = "/proc/{pid}/task"


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds from the start of the process to each mark, processor seconds spent until then."""

    reached_s: dict[str, float]
    cpu_s: dict[str, float]
    idle: dict[str, float]
    """Cores that each thread took in silence; empty where that was not measured."""


def measured(runs: int, idle_s: float, *, empty_room: bool, offscreen: bool) -> list[Row]:
    """Start Coach so many times and return the figures.

    Args:
        runs: how often.
        idle_s: measure so many seconds of silence, in the last run; 0 for none.
        empty_room: hear a played room instead of devices.
        offscreen: let Qt draw where nobody sees it.

    Raises:
        Trouble: when the program ends, or is not there after a minute.
    """
    starts = []
    with tempfile.TemporaryDirectory(prefix="coach-bench-") as folder:
        for run in range(runs):
            last = run == runs - 1
            starts.append(
                one_start(
                    Path(folder, str(run)),
                    idle_s if last else 0.0,
                    empty_room=empty_room,
                    offscreen=offscreen,
                )
            )
    return rows(starts)


def rows(starts: Sequence[Start]) -> list[Row]:
    """Return the table of some starts: medians, and the slowest."""
    table = []
    for mark, what in MARKS.items():
        times = [s.reached_s[mark] for s in starts]
        table += [
            Row(f"{what}, median", round(statistics.median(times), 3), "s", AIMS[mark]),
            Row(f"{what}, fastest", round(min(times), 3), "s"),
            Row(f"{what}, slowest", round(max(times), 3), "s"),
            Row(f"{what}, processor time", round(statistics.median(s.cpu_s[mark] for s in starts), 3), "s"),
        ]
    for idle in (s.idle for s in starts if s.idle):
        table.append(Row("nobody speaks, whole process", round(sum(idle.values()), 4), "core", IDLE_AIM))
        dearest = sorted(idle.items(), key=lambda i: -i[1])
        table += [
            Row(f"  thread {name}", round(cores, 4), "core") for name, cores in dearest if cores >= _SEEN
        ]
    return table


_SEEN: Final = 0.00005
"""A thread below this rounds to nothing in the table."""


def may_listen() -> bool:
    """Say whether it was answered who may listen: else nothing but an empty room is heard."""
    return consent.answer(app.data_folder()) is not None


def one_start(folder: Path, idle_s: float, *, empty_room: bool, offscreen: bool) -> Start:
    """Start Coach once in a folder of its own, wait until it is there, measure its silence, end it."""
    folder.mkdir()
    settings = folder / "settings.toml"
    settings.write_text('[storage]\nkeep = "nothing"\n', encoding="utf-8")
    marks_file = folder / "marks"
    if not empty_room and (given := consent.answer(app.data_folder())) is not None:
        consent.agree(folder / "coach", datetime.fromisoformat(given.day))  # the answer, for this start
    env = os.environ | {
        VARIABLE: str(marks_file),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    if offscreen:
        env["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "coach", "--settings", str(settings), "live"]
    said = folder / "said"
    with said.open("w", encoding="utf-8") as out:
        began_s = time.monotonic()
        program = subprocess.Popen(  # noqa: S603 - our own program
            command + ["--empty-room"] * empty_room, env=env, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            marks = _awaited(program, marks_file, said)
            idle = _idle(program.pid, marks, idle_s) if idle_s else {}
        finally:
            _end(program)
    return Start(
        {name: m.at_s - began_s for name, m in marks.items()},
        {name: m.cpu_s for name, m in marks.items()},
        idle,
    )


def _awaited(program: subprocess.Popen[bytes], path: Path, said: Path) -> dict[str, Mark]:
    deadline = time.monotonic() + PATIENCE_S
    while program.poll() is None and time.monotonic() < deadline:
        marks = read_marks(path)
        if marks.keys() >= MARKS.keys():
            return marks
        time.sleep(LOOK_S)
    last = said.read_text(encoding="utf-8").strip().splitlines()[-1:]
    raise Trouble("Coach did not start.", *last)


def _idle(pid: int, marks: dict[str, Mark], seconds: float) -> dict[str, float]:
    """Return the cores that each thread takes for some seconds; nothing where the system does not tell."""
    time.sleep(SETTLE_S)
    before, began_s = _spent_ns(pid), time.monotonic()
    time.sleep(seconds)
    after, passed_s = _spent_ns(pid), time.monotonic() - began_s
    ours = {thread: name for m in marks.values() for thread, name in m.threads.items()}
    cores: dict[str, float] = {}
    for (thread, known), spent in after.items():
        name = ours.get(thread, f"of a library: {known}")
        cores[name] = cores.get(name, 0.0) + (spent - before.get((thread, known), 0)) / 1e9 / passed_s
    return cores


def _spent_ns(pid: int) -> dict[tuple[str, str], int]:
    """Return what each thread of a process has spent, in nanoseconds, by its number and the system's name."""
    tasks = Path(_TASKS.format(pid=pid))
    if not tasks.is_dir():
        return {}
    return {
        (task.name, (task / "comm").read_text().strip()): int((task / "schedstat").read_text().split()[0])
        for task in tasks.iterdir()
    }


def _end(program: subprocess.Popen[bytes]) -> None:
    program.terminate()
    try:
        program.wait(ENDING_S)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()

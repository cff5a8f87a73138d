"""What ten thousand kept calls cost: the window to its first paint, a key in the search field, trends, a sync.

    python benchmarks/sessions.py [--calls 10000] [--logs 200] [--json OUT]

The catalogue is filled with made-up rows, the folder with made-up empty logs whose stamps are known (for the sync that
finds nothing new), and, beside that, with copies of a written session (for what one session costs to take in). Times
are of this process, windows and libraries loaded, without a wish for a screen: QT_QPA_PLATFORM=offscreen where none
is set.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import threading
import time
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from coach.archive.catalogue import Entry, Row
from coach.archive.log import SessionLog
from coach.bench.table import Row as Line
from coach.bench.table import show, write
from coach.call.events import CallEnded, CallStarted, SentenceHeard, VoiceStarted, VoiceStopped, Who
from coach.calls_desk import CallsDesk
from coach.report.habits import is_practice
from coach.report.trends import SHOWN
from coach.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

TYPES = ("discovery", "discovery", "discovery", "first_contact", "demo", "follow_up", "listening")
NAMES = (
    "Corinne",
    "Bakery Lund",
    "Hotel Adler",
    "Moreau & Fils",
    "Ola",
    "Studio 9",
    "Dr. Weiss",
    "Finch Ltd",
)
TAGS = ("won", "lost", "lifts", "practice", "north", "key account")
SPREAD = {
    "questions_per_10_min": (4, 1.5),
    "follow_up_rate": (0.4, 0.15),
    "layers": (2, 1),
    "listening_moves": (5, 2),
    "patience": (0.5, 0.3),
    "talk_share": (0.55, 0.1),
    "longest_monologue": (95, 35),
    "longest_customer_story": (80, 30),
    "interruptions": (0.8, 0.8),
    "coverage": (3.5, 1.2),
    "pitch_onset": (400, 250),
    "pitch_share": (0.3, 0.12),
    "premature_pitches": (0.7, 0.8),
    "pounces": (0.8, 0.9),
}
WHOLE = frozenset({"layers", "coverage", "premature_pitches", "pounces"})


def made_up(folder: Path, count: int, until: datetime, seed: int = 1) -> list[Entry]:
    """Return made-up calls that get a little better, the earliest first."""
    dice = random.Random(seed)  # noqa: S311 - made-up calls, the same in each run
    entries = []
    for i in range(count):
        at = until - timedelta(hours=(count - i) * 7.3 + dice.random() * 5)
        kind = dice.choice(TYPES)
        tags = tuple(sorted(set(dice.choices(TAGS, k=dice.choice((0, 0, 1, 1, 2))))))
        name = f"{at:%Y-%m-%d-%H%M%S}-{i}"
        title = (
            f"{dice.choice(NAMES)}, {dice.choice(('first talk', 'needs', 'second floor', 'offer', 'review'))}"
        )
        row = Row(
            str(folder / f"{name}.jsonl"),
            name,
            at.isoformat(timespec="seconds"),
            at.timestamp(),
            kind,
            title,
            tags,
            dice.uniform(300, 3900),
            dice.choice(("live", "recording")),
            max(0, round(dice.gauss(1.5, 1.5))),
            max(0, round(dice.gauss(0, 1.4))),
            is_practice(kind, tags),
        )
        better = 1 + 0.25 * i / max(1, count)
        figures = {}
        for name_of, (middle, spread) in SPREAD.items():
            value = max(
                0.0, dice.gauss(middle * (better if name_of in {"layers", "coverage"} else 1), spread)
            )
            figures[name_of] = float(round(value)) if name_of in WHOLE else round(value, 3)
        figures["coverage"] = min(6.0, figures["coverage"])
        if dice.random() < 0.3:  # noqa: PLR2004 - in some calls nothing was pitched
            del figures["pitch_onset"]
        figures["next_step"] = float(dice.random() < 0.6)  # noqa: PLR2004 - in most of them
        entries.append(Entry(row, figures))
    return entries


def written_log(path: Path, minutes: int = 10) -> None:
    """Write a session of this many minutes: a turn every ten seconds, a sentence each."""
    log = SessionLog(path, "words", None, {"began": "2026-11-22T10:00:00+01:00"})
    log.event(CallStarted(0, "discovery", tuple(Who), 0))
    for turn in range(minutes * 6):
        who, start = list(Who)[turn % 2], 10_000 * turn
        log.event(VoiceStarted(start + 100, who, start))
        log.event(VoiceStopped(start + 9_200, who, start + 9_000))
        text = "How do you do that today?" if who is Who.REP else "By hand, and we lose two days."
        log.event(SentenceHeard(start + 9_700, who, start, start + 9_000, text, ("question.open",)))
    log.event(CallEnded(60_000 * minutes))
    log.moments(())
    log.close()


def spent_ms(what: Callable[[], object], times: int = 1) -> float:
    """Return how long something takes, in ms; the median of so many times."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        what()
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)


class _FirstPaint(QObject):
    """Notices when a window has painted."""

    painted = False

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.painted = self.painted or event.type() == QEvent.Type.Paint
        return False


def opened(folder: Path) -> tuple[CallsDesk, float]:
    """Open catalogue and window; return the desk and the ms until the list was painted."""
    began = time.perf_counter()
    desk = CallsDesk("dark", Shelf(folder))
    notice = _FirstPaint()
    desk.window.sessions.table.viewport().installEventFilter(notice)
    desk.window.show_centred()
    while not notice.painted:
        QApplication.processEvents()
    QApplication.processEvents()
    return desk, 1000 * (time.perf_counter() - began)


def of_catalogue(folder: Path, count: int) -> list[Line]:
    """Fill the catalogue with made-up calls, and measure what a sync costs that finds nothing new."""
    until = datetime(2026, 11, 22, tzinfo=timezone(timedelta(hours=1)))
    entries = {e.row.path: e for e in made_up(folder, count, until)}
    for path in entries:
        Path(path).touch()
    with closing(Shelf(folder)) as shelf:
        took = spent_ms(lambda: shelf.catalogue.sync(shelf.stamps(), entries.__getitem__))
        size = sum(f.stat().st_size for f in folder.parent.glob("catalogue*"))
        return [
            Line(f"{count:,} rows into the catalogue", took / 1000, "s"),
            Line("sync of unchanged", spent_ms(shelf.sync, 5), "ms"),
            Line("  of that, the look at the folder", spent_ms(shelf.stamps, 5), "ms"),
            Line("catalogue on disk", size / 1e6, "MB"),
        ]


def of_window(folder: Path, count: int) -> list[Line]:
    """Measure what the window costs until it is seen, and while it is used."""
    opens = []
    for _ in range(6):
        desk, took = opened(folder)
        opens.append(took)
        closed(desk)
    began = time.perf_counter()
    desk, _ = opened(folder)
    sessions, trends = desk.window.sessions, desk.window.trends
    while sessions.model.count < count:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    whole = 1000 * (time.perf_counter() - began)
    keys = []
    for letter in "corinne":
        began = time.perf_counter()
        QTest.keyClick(sessions.filter.text, letter)
        sessions.table.viewport().repaint()
        keys.append(1000 * (time.perf_counter() - began))
    sessions.filter.clear()
    calls = sessions.model.calls()
    began = time.perf_counter()
    desk.window.tabs.setCurrentIndex(1)
    while not trends.charts[SHOWN[0]].name:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    desk.window.repaint()
    drawn = 1000 * (time.perf_counter() - began)
    painted = spent_ms(desk.window.repaint, 5)
    closed(desk)
    return [
        Line("open to first paint, first", opens[0], "ms", "<= 300"),
        Line("open to first paint, median of 5 more", statistics.median(opens[1:]), "ms", "<= 300"),
        Line("open to first paint, slowest", max(opens), "ms", "<= 300"),
        Line("open to every call in the list", whole, "ms"),
        Line("a key in the search field, slowest of 7", max(keys), "ms"),
        Line("sort by title", spent_ms(lambda: sessions.model.sort(1), 3), "ms"),
        Line("all rows shown anew", spent_ms(lambda: sessions.show_calls(calls), 3), "ms"),
        Line("trends tab until drawn", drawn, "ms"),
        Line("trends painted again", painted, "ms"),
    ]


def of_reading(folder: Path, count: int) -> list[Line]:
    """Measure what one written session costs to take in."""
    for i in range(count):
        written_log(folder / f"c{i}.jsonl")
    with closing(Shelf(folder)) as shelf:
        return [Line("taking in a session of 10 minutes", spent_ms(shelf.sync) / count, "ms")]


def closed(desk: CallsDesk) -> None:
    """Close a window, and wait for its threads: the next is not to be measured beside them."""
    desk.window.close()
    for thread in threading.enumerate():
        if thread.name.startswith("coach-shelf"):
            thread.join()


def main() -> None:
    """Measure, and print the table."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--calls", type=int, default=10_000)
    asked.add_argument("--logs", type=int, default=200)
    asked.add_argument("--json", type=Path)
    wanted = asked.parse_args()
    application = QApplication([])
    with tempfile.TemporaryDirectory(prefix="coach-bench-") as place:
        folder = Path(place, "sessions")
        folder.mkdir()
        lines = of_catalogue(folder, wanted.calls)
        lines += of_window(folder, wanted.calls)
        lines += of_reading(Path(place, "real", "sessions"), wanted.logs)
        application.processEvents()
    title = f"{wanted.calls:,} sessions"
    show(title, lines)
    if wanted.json:
        write(wanted.json, title, lines)


if __name__ == "__main__":
    main()

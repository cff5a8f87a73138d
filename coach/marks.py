"""Moments of a start, written down for whoever measures it.

Owns one environment variable and the form of a line. Without the variable nothing is written, and a mark
costs one look into a dictionary. The clock is the system's monotonic one, so that the process that measures
can read its own beside it.
"""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

VARIABLE: Final = "COACH_MARKS"
"""Names the file that marks are added to."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One moment: what came about, when (monotonic seconds), what the process had spent by then (seconds).

    ``threads`` names the threads of that moment by the system's own number for them.
    """

    what: str
    at_s: float
    cpu_s: float
    threads: dict[str, str] = field(default_factory=dict)


def mark(what: str) -> None:
    """Note that something has come about, where somebody wants to know."""
    path = os.environ.get(VARIABLE)
    if not path:
        return
    threads = {str(t.native_id): t.name for t in threading.enumerate()}
    line = json.dumps(asdict(Mark(what, time.monotonic(), time.process_time(), threads)))
    with Path(path).open("a", encoding="utf-8") as marks:
        marks.write(line + "\n")


def wanted() -> bool:
    """Say whether somebody measures."""
    return bool(os.environ.get(VARIABLE))


def read_marks(path: Path) -> dict[str, Mark]:
    """Return the marks in a file so far, the first of each kind; a line that is still being written is left out."""
    if not path.exists():
        return {}
    marks: dict[str, Mark] = {}
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            found = Mark(**json.loads(line))
            marks.setdefault(found.what, found)
    return marks

"""The answer about who listens, given for tests: the one place where those that start a call get it from.

``tests/conftest.py`` gives it to every test in this process; what starts Coach as a process of its own, in a folder of
its own, gives it to that folder. Tests of the question itself ask for the fixture ``unanswered``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from coach import consent

DAY = "2026-11-23"
ASKED = consent.answer
"""What looks for the answer on the disk, as it is without any test."""


def agreed(data_home: str | Path) -> str:
    """Answer the sheet in a folder for ``XDG_DATA_HOME``; return that folder as text."""
    consent.agree(Path(data_home) / "coach", datetime(2026, 11, 23, tzinfo=UTC))
    return str(data_home)

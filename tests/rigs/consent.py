"""The answer about who listens, given for a test: the one place where tests that start a call get it from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from coach import consent


def agreed(data_home: str | Path) -> str:
    """Answer the sheet in a folder for ``XDG_DATA_HOME``; return that folder as text."""
    consent.agree(Path(data_home) / "coach", datetime(2026, 11, 23, tzinfo=UTC))
    return str(data_home)

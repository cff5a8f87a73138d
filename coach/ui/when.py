"""Days and lengths as a person says them: "Today, 14:05", "64 min"."""

from __future__ import annotations

from typing import Final

from coach.writing import day, moment, number

__all__ = ["day", "length", "moment"]
_MINUTE_S: Final = 60


def length(seconds: float) -> str:
    """Return how long a call was, in whole minutes; in seconds under one."""
    if seconds < _MINUTE_S:
        return f"{number(seconds)} s"
    return f"{number(seconds / _MINUTE_S)} min"

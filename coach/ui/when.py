"""Days and lengths as a person says them: "Today, 14:05", "64 min"."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

_WEEK: Final = timedelta(days=7)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTE_S: Final = 60


def day(began: str, today: date) -> str:
    """Return the day of an ISO 8601 moment, as short as it is clear; nothing for what is no moment."""
    try:
        on = date.fromisoformat(began[:10])
    except ValueError:
        return ""
    if on == today:
        return "Today"
    if on == today - timedelta(days=1):
        return "Yesterday"
    plain = f"{on.day} {_MONTHS[on.month - 1]}"
    if timedelta() < today - on < _WEEK:
        return f"{_DAYS[on.weekday()]} {plain}"
    return plain if on.year == today.year else f"{plain} {on.year}"


def moment(began: str, today: date) -> str:
    """Return day and time of an ISO 8601 moment, on the clock where it was; nothing for what is no moment."""
    try:
        at = datetime.fromisoformat(began)
    except ValueError:
        return ""
    return f"{day(began, today)}, {at.hour}:{at.minute:02}"


def length(seconds: float) -> str:
    """Return how long a call was, in whole minutes; in seconds under one."""
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE_S:.0f} min"

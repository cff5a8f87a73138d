"""Numbers, shares, days and times as people write them, in the form of the language of now.

Owns every rule of that kind, for windows, reports and the terminal. Refuses to know where they stand. A moment of a
call (``12:31``) is a length, not a time of day: it is the same everywhere.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from coach.language import phrase, written_in

_WEEK: Final = timedelta(days=7)
_NOON: Final = 12
HARD: Final = "\u00a0"
"""A space at which no line ends."""


def number(value: float, digits: int = 0) -> str:
    """Write a number with so many digits behind its point, such as ``1.6``."""
    return localised(f"{value:.{digits}f}")


def short(value: float, digits: int = 1) -> str:
    """Write a number without noughts that say nothing, such as ``1.6`` and ``2``."""
    told = f"{value:.{digits}f}"
    return localised(told.rstrip("0").rstrip(".") if "." in told else told)


def count(value: int) -> str:
    """Write a whole number with marks between thousands, such as ``1,234``."""
    return localised(f"{value:,}")


def localised(plain: str) -> str:
    """Return a number that was written in the program's own form (``1,234.5``) in the form of now."""
    form = written_in().form
    return plain.translate({ord(","): form.group, ord("."): form.decimal})


def share(value: float, digits: int = 0) -> str:
    """Write a share of 1 in percent, such as ``72%``."""
    return written_in().form.share.format(number(100 * value, digits))


def day(began: str, today: date) -> str:
    """Return the day of an ISO 8601 moment, as short as it is clear; nothing for what is no moment."""
    form = written_in().form
    try:
        on = date.fromisoformat(began[:10])
    except ValueError:
        return ""
    if on == today:
        return phrase("Today")
    if on == today - timedelta(days=1):
        return phrase("Yesterday")
    month = form.short_months[on.month - 1]
    plain = form.day.format(d=on.day, m=month)
    if timedelta() < today - on < _WEEK:
        return form.on_weekday.format(w=form.weekdays[on.weekday()], day=plain)
    return plain if on.year == today.year else form.day_of_year.format(d=on.day, m=month, y=on.year)


def whole_day(began: str) -> str:
    """Return the day of an ISO 8601 moment with its month in words, such as ``23 November 2026``."""
    form = written_in().form
    try:
        on = date.fromisoformat(began[:10])
    except ValueError:
        return ""
    return form.whole_day.format(d=on.day, month=form.months[on.month - 1], y=on.year)


def moment(began: str, today: date) -> str:
    """Return day and time of an ISO 8601 moment, on the clock where it was; nothing for what is no moment."""
    try:
        at = datetime.fromisoformat(began)
    except ValueError:
        return ""
    return f"{day(began, today)}, {time_of_day(at.hour, at.minute)}"


def time_of_day(hour: int, minute: int) -> str:
    """Write a time of day, such as ``14:05``, or ``2:05 PM`` where the clock has twice twelve hours."""
    if not written_in().form.noon:
        return f"{hour}:{minute:02}"
    return f"{(hour - 1) % _NOON + 1}:{minute:02}{HARD}{'PM' if hour >= _NOON else 'AM'}"


def plural(one: str, many: str, n: int) -> str:
    """Return the sentence for a count, with ``{n}`` filled in: the first for exactly one, the second for all others.

    English and German have these two forms; a language with more gets its rule here.
    """
    return phrase(one if n == 1 else many, n=count(n))

"""One habit at a time, and the days of practice.

Owns which figures can be a habit and which way, where a target may begin, and how the last calls stand against it.
Streaks are of practice alone: it is in the rep's own hands, a customer's call is not, and a figure that must not
fall makes people choose easy calls. A missed day ends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from coach.language import phrase
from coach.report.trends import WINDOW, written
from coach.writing import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coach.report.listing import Listed
    from coach.report.trends import Point, Trend

MORE, LESS = "more", "less"
WAYS: Final[Mapping[str, str]] = {
    "questions_per_10_min": MORE,
    "follow_up_rate": MORE,
    "layers": MORE,
    "listening_moves": MORE,
    "talk_share": LESS,
    "longest_monologue": LESS,
    "longest_customer_story": MORE,
    "interruptions": LESS,
    "coverage": MORE,
    "pitch_onset": MORE,
    "pitch_share": LESS,
    "premature_pitches": LESS,
    "pounces": LESS,
    "next_step": MORE,
}
"""Which way a habit goes. Patience is no habit: longer is not better (``metrics.md``)."""
PRACTICE_TAG: Final = "practice"
PRACTICE_TYPE: Final = "listening"
DAYS: Final = 28
"""Practice is looked at over four weeks."""
DAYS_OFF: Final = 3
"""So many days without practice in a row end no run: a long weekend is no lapse. Own default."""

_STARTS: Final[Mapping[tuple[str, str], float]] = {
    ("talk_share", "discovery"): 0.5,
    ("talk_share", "demo"): 0.7,
    ("talk_share", "listening"): 0.3,
    ("longest_monologue", "discovery"): 76.0,
}
_STARTS_ANYWHERE: Final[Mapping[str, float]] = {
    "follow_up_rate": 0.5,
    "layers": 3.0,
    "longest_customer_story": 120.0,
    "premature_pitches": 0.0,
    "pounces": 0.0,
    "next_step": 1.0,
}
"""Where a target may begin: the good values of ``metrics.md``."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What a rep works at.

    Args:
        figure: its name.
        target: in the figure's unit.
        call_type: the calls in which it counts.
    """

    figure: str
    target: float
    call_type: str

    def reached(self, value: float) -> bool:
        """Say whether a call was there."""
        return value >= self.target if WAYS[self.figure] == MORE else value <= self.target

    @property
    def written(self) -> str:
        """The target in words."""
        if self.figure == "next_step":
            return phrase("agreed on in the call")
        way = "at least {target}" if WAYS[self.figure] == MORE else "at most {target}"
        return phrase(way, target=written(self.figure, self.target))


@dataclass(frozen=True, slots=True)
class Progress:
    """The last calls against a target, the earliest first: each with whether it was there."""

    habit: Habit
    last: tuple[tuple[Point, bool], ...]

    @property
    def told(self) -> str:
        """How it goes, in one kind sentence."""
        n, there = len(self.last), sum(reached for _, reached in self.last)
        if not n:
            return phrase("No call of this type has it yet. It begins with the next one.")
        if not there:
            return plural(
                "Not there yet in the last call. One call at a time.",
                "Not there yet in the last {n} calls. One call at a time.",
                n,
            )
        if there == n:
            return plural(
                "There in all of the last call. It may be yours now.",
                "There in all of the last {n} calls. It may be yours now.",
                n,
            )
        return phrase("There in {there} of the last {n} calls.", there=there, n=n)


def progress(habit: Habit, of_figure: Trend) -> Progress:
    """Hold the last calls against a target.

    Args:
        habit: with the target.
        of_figure: the trend of its figure, over calls of its type.
    """
    return Progress(habit, tuple((p, habit.reached(p.value)) for p in of_figure.points[-WINDOW:]))


def start(figure: str, call_type: str, of_figure: Trend | None) -> float:
    """Return where a target may begin: a value with a source, else the rep's own middle, else 0."""
    known = _STARTS.get((figure, call_type), _STARTS_ANYWHERE.get(figure))
    if known is not None:
        return known
    return of_figure.middle if of_figure is not None and of_figure.middle is not None else 0.0


def is_practice(call_type: str, tags: Iterable[str]) -> bool:
    """Say whether a session was practice: tagged so, or an exercise in listening."""
    return call_type == PRACTICE_TYPE or PRACTICE_TAG in (t.strip().casefold() for t in tags)


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice of the last four weeks.

    Args:
        days: count of sessions of each day, the earliest first; the last is today.
        run: days of practice in the present run, which some days off do not end; 0 where there is none.
    """

    days: tuple[int, ...]
    run: int

    @property
    def told(self) -> str:
        """The same in one kind sentence."""
        practised = sum(count > 0 for count in self.days)
        if self.run > 1:
            return phrase("{n} days of practice in this run. Days off belong to it.", n=self.run)
        if practised:
            return plural(
                "Practice on {n} day in the last four weeks.",
                "Practice on {n} days in the last four weeks.",
                practised,
            )
        return phrase("No practice in the last four weeks. It is here whenever you like.")


def practice(calls: Iterable[Listed], today: date) -> Practice:
    """Return the practice of the last four weeks.

    Args:
        calls: all that are kept; those that were practice are counted.
        today: the last of the days.
    """
    counts: dict[date, int] = {}
    for call in calls:
        if call.practice and (day := _day(call.began)) is not None and day <= today:
            counts[day] = counts.get(day, 0) + 1
    days = tuple(counts.get(today - timedelta(days=back), 0) for back in reversed(range(DAYS)))
    run, later = 0, today
    for day in sorted(counts, reverse=True):
        if (later - day).days > DAYS_OFF + 1:
            break
        run, later = run + 1, day
    return Practice(days, run)


def _day(began: str) -> date | None:
    try:
        return date.fromisoformat(began[:10])
    except ValueError:
        return None

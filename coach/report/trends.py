"""What becomes of a rep's figures over many calls: medians, never a score.

Owns which figures have a trend (the Essentials, by group), and the medians with their counts. Like is set against
like: a trend is of one type of call. Refuses to know where the calls are kept and how a trend is drawn. Under three
calls there is no trend: two are an accident.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach.call.figures import UNITS
from coach.language import phrase
from coach.report.essentials import GROUPS
from coach.report.plain import NAMES, clock
from coach.writing import count, number, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coach.report.listing import Listed

LEAST: Final = 3
"""So many calls make a trend."""
WINDOW: Final = 10
"""The median is over so many calls, the last ones (``manners.md``, clause 8)."""
SPAN: Final = 60
"""So many calls are drawn: a quarter of a year at one a working day, and each can still be pointed at."""
_TRENDED: Final = frozenset(
    {
        "questions_per_10_min",
        "follow_up_rate",
        "layers",
        "listening_moves",
        "patience",
        "interruptions",
        "talk_share",
        "longest_monologue",
        "longest_customer_story",
        "coverage",
        "pitch_onset",
        "premature_pitches",
        "pitch_share",
        "pounces",
        "next_step",
    }
)
"""The figures that a trend is drawn of: one number a call that means the same in a short one and a long one."""
ESSENTIALS: Final[Mapping[str, tuple[str, ...]]] = {
    title: tuple(name for name in (*first, *more) if name in _TRENDED) for title, _, first, more in GROUPS
}
"""The figures of each group of the Essentials, in the order in which they are shown."""
SHOWN: Final = tuple(name for names in ESSENTIALS.values() for name in names)
YES_OR_NO: Final = "yes or no"
_MINUTE_S: Final = 60
_LONG_S: Final = 120
_SHORT_S: Final = 10


@dataclass(frozen=True, slots=True)
class Point:
    """One call's value of a figure.

    Args:
        path: the call's log.
        began: when it was, as ISO 8601.
        title: what it is called. Untrusted.
        value: in the unit of the figure.
    """

    path: str
    began: str
    title: str
    value: float


@dataclass(frozen=True, slots=True)
class Trend:
    """One figure over the calls of one type.

    Args:
        name: the figure's.
        group: which of the Essentials it belongs to.
        points: the last calls that have it, at most ``SPAN``, the earliest first.
        rolling: beside each point the middle of up to ``WINDOW`` calls that end there; None before the third.
        middle: of the last ``WINDOW`` calls: their median, for yes or no the share of yes; None under ``LEAST`` calls.
        n: how many calls that is.
        middle_of_all: the same over all calls that have the figure.
        n_of_all: how many these are.
    """

    name: str
    group: str
    points: tuple[Point, ...]
    rolling: tuple[float | None, ...]
    middle: float | None
    n: int
    middle_of_all: float | None
    n_of_all: int

    @property
    def label(self) -> str:
        """What the figure is called by people."""
        return NAMES[self.name]


def trends(calls: Sequence[Listed], values: Mapping[str, Mapping[str, float]]) -> tuple[Trend, ...]:
    """Return the trend of each of the Essentials.

    Args:
        calls: of one type, in any order; those of an unknown day count as the earliest.
        values: the figures of each call by its path; a figure that was not available is left out.
    """
    ordered = sorted(calls, key=lambda c: (c.at is not None, c.at or 0.0))
    having = [(c, has) for c in ordered if (has := values.get(c.path)) is not None]
    return tuple(
        _trend(name, group, [(c, has[name]) for c, has in having if name in has])
        for group, names in ESSENTIALS.items()
        for name in names
    )


def _trend(name: str, group: str, points: list[tuple[Listed, float]]) -> Trend:
    all_values = [value for _, value in points]
    first = max(0, len(points) - SPAN)
    rolling = tuple(_middle(name, all_values[:at][-WINDOW:]) for at in range(first + 1, len(points) + 1))
    last = all_values[-WINDOW:]
    return Trend(
        name,
        group,
        tuple(Point(c.path, c.began, c.title, value) for c, value in points[first:]),
        rolling,
        _middle(name, last),
        len(last),
        _middle(name, all_values),
        len(all_values),
    )


def _middle(name: str, values: Sequence[float]) -> float | None:
    """Return the median, of yes or no the share of yes; None where there are too few."""
    if len(values) < LEAST:
        return None
    return statistics.fmean(values) if UNITS[name] == YES_OR_NO else statistics.median(values)


def written(name: str, value: float) -> str:
    """Write one call's value of a figure with its unit, as short as it can be read."""
    unit = UNITS[name]
    if unit == YES_OR_NO:
        return phrase("yes") if value else phrase("no")
    if unit == "ratio":
        return f"{number(100 * value)} %"
    if unit == "s":
        if abs(value) < _SHORT_S:
            return f"{number(value, 1)} s"
        return f"{number(value)} s" if abs(value) < _LONG_S else f"{clock(value)} min"
    return short(value)


def middle_written(trend: Trend) -> str:
    """Write the middle of the last calls; of yes or no how many said yes."""
    if trend.middle is None:
        return phrase("not yet")
    if UNITS[trend.name] == YES_OR_NO:
        return phrase("{n} of {all}", n=round(trend.middle * trend.n), all=trend.n)
    return written(trend.name, trend.middle)


def base_written(trend: Trend) -> str:
    """Write what the middle is of, and what it is over all calls."""
    if trend.middle is None or trend.middle_of_all is None:
        return phrase("shown from {least} calls on; {n} so far", least=LEAST, n=trend.n_of_all)
    yes_or_no = UNITS[trend.name] == YES_OR_NO
    last = phrase("yes, of the last {n}" if yes_or_no else "median of the last {n}", n=trend.n)
    if trend.n_of_all == trend.n:
        return last
    whole = (
        f"{number(100 * trend.middle_of_all)} %" if yes_or_no else written(trend.name, trend.middle_of_all)
    )
    return phrase("{last} · all {n}: {whole}", last=last, n=count(trend.n_of_all), whole=whole)


def in_words(trend: Trend) -> str:
    """Return a trend as sentences, for who does not see the drawing."""
    if trend.middle is None:
        return f"{trend.label}: {base_written(trend)}."
    values = [p.value for p in trend.points]
    said = [f"{trend.label}: {middle_written(trend)}, {base_written(trend)}."]
    if UNITS[trend.name] != YES_OR_NO:
        least, most = written(trend.name, min(values)), written(trend.name, max(values))
        said.append(
            phrase(
                "The last {n} calls lie between {least} and {most}.", n=len(values), least=least, most=most
            )
        )
    said.append(phrase("The last call: {value}.", value=written(trend.name, values[-1])))
    return " ".join(said)

"""A call beside the rep's own earlier calls of its type: above, below, or like usual.

Owns the rule and the words. Refuses to judge, and to compare with anybody else: there is nobody else here.

The rule. The last ten calls of the type are taken, and of those the ones in which the figure is available. From three
on there is a usual: the median, and the middle half of them (quartiles, Hyndman and Fan 1996, type 7). A call outside
that half is above or below usual; inside it, or when it is written the same as its edge, it is like usual.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach.language import phrase
from coach.report.plain import number, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coach.call.figures import Figure

FROM_CALLS: Final = 3
"""With fewer earlier calls there is no usual (the issue's own figure)."""
LAST_CALLS: Final = 10
"""So many earlier calls are looked back on (``manners.md``, 8)."""
ABOVE: Final = "above usual"
BELOW: Final = "below usual"
LIKE: Final = "like usual"


@dataclass(frozen=True, slots=True)
class Usual:
    """What a figure usually is, and where this call stands.

    Args:
        median: of the earlier calls, in the figure's unit.
        calls: how many of them had the figure.
        low: the lower quartile.
        high: the upper quartile.
        stands: ``ABOVE``, ``BELOW`` or ``LIKE``; empty for a yes or no.
        told: the median as people read it, with its unit.
        number: the same without it.
    """

    median: float
    calls: int
    low: float
    high: float
    stands: str
    told: str
    number: str


def compared(figures: Sequence[Figure], past: Sequence[Mapping[str, float]]) -> dict[str, Usual]:
    """Return what is usual for each figure of a call, by name; without one where too little is known.

    Args:
        figures: of this call; one that is not available is not compared.
        past: the figures by name of earlier calls of the same type, the newest first; names that were not available in
            a call are not in its mapping.
    """
    last = past[:LAST_CALLS]
    found: dict[str, Usual] = {}
    for figure in figures:
        values = [call[figure.name] for call in last if figure.name in call]
        if figure.value is not None and len(values) >= FROM_CALLS:
            found[figure.name] = _usual(figure.value, figure.unit, values)
    return found


def _usual(value: float, unit: str, values: Sequence[float]) -> Usual:
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    here = written(value, unit)
    stands = LIKE
    if value > high and here != written(high, unit):
        stands = ABOVE
    elif value < low and here != written(low, unit):
        stands = BELOW
    if unit == "yes or no":
        told = phrase("yes in {n}", n=sum(map(bool, values)))
        return Usual(median, len(values), low, high, "", told, told)
    alone, needed = number(median, unit)
    return Usual(median, len(values), low, high, stands, f"{alone} {needed}".rstrip(), alone)

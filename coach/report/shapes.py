"""The shapes of the marks, as outlines in a square of 12 by 12, y downwards.

Owns the outline of each shape of ``coach.report.timeline.SHAPES`` and whether it is filled. Refuses to know what draws
it: the page writes it as SVG, the paper as a painter's path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SIDE: Final = 12.0

Step = tuple[str, tuple[float, ...]]
"""``M`` x y, ``L`` x y, ``C`` two handles and an end, ``Z`` back to the beginning: as in SVG, absolute."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One shape: its steps, and whether it is filled or only drawn round."""

    steps: tuple[Step, ...]
    filled: bool = True

    @property
    def path(self) -> str:
        """The outline as the ``d`` of an SVG path."""
        return " ".join(f"{what}{' '.join(f'{n:g}' for n in numbers)}" for what, numbers in self.steps)


def _polygon(*points: tuple[float, float]) -> tuple[Step, ...]:
    first, *others = points
    return (("M", first), *(("L", p) for p in others), ("Z", ()))


def _round(centre: float, radius: float) -> tuple[Step, ...]:
    c, r, k = centre, radius, 0.5523 * radius  # a quarter of a circle as a Bezier curve
    return (
        ("M", (c + r, c)),
        ("C", (c + r, c + k, c + k, c + r, c, c + r)),
        ("C", (c - k, c + r, c - r, c + k, c - r, c)),
        ("C", (c - r, c - k, c - k, c - r, c, c - r)),
        ("C", (c + k, c - r, c + r, c - k, c + r, c)),
        ("Z", ()),
    )


OUTLINES: Final[Mapping[str, Outline]] = {
    "bubble": Outline(
        (
            ("M", (2.5, 1)),
            ("L", (9.5, 1)),
            ("C", (10.6, 1, 11.5, 1.9, 11.5, 3)),
            ("L", (11.5, 6.5)),
            ("C", (11.5, 7.6, 10.6, 8.5, 9.5, 8.5)),
            ("L", (6.5, 8.5)),
            ("L", (3.5, 11.5)),
            ("L", (3.5, 8.5)),
            ("L", (2.5, 8.5)),
            ("C", (1.4, 8.5, 0.5, 7.6, 0.5, 6.5)),
            ("L", (0.5, 3)),
            ("C", (0.5, 1.9, 1.4, 1, 2.5, 1)),
            ("Z", ()),
        )
    ),
    "ring": Outline(_round(6, 4.4), filled=False),
    "circle": Outline(_round(6, 4.6)),
    "square": Outline(_polygon((1.9, 1.9), (10.1, 1.9), (10.1, 10.1), (1.9, 10.1))),
    "triangle": Outline(_polygon((6, 1), (11.2, 10.4), (0.8, 10.4))),
    "diamond": Outline(_polygon((6, 0.6), (11.4, 6), (6, 11.4), (0.6, 6))),
    "cross": Outline(
        (("M", (2, 2)), ("L", (10, 10)), ("M", (10, 2)), ("L", (2, 10))),
        filled=False,
    ),
    "heart": Outline(
        (
            ("M", (6, 11)),
            ("L", (1.6, 6.4)),
            ("C", (-0.2, 4.4, 0.6, 1.4, 3.2, 1.2)),
            ("C", (4.6, 1.1, 5.6, 2, 6, 2.9)),
            ("C", (6.4, 2, 7.4, 1.1, 8.8, 1.2)),
            ("C", (11.4, 1.4, 12.2, 4.4, 10.4, 6.4)),
            ("Z", ()),
        )
    ),
    "shield": Outline(
        (
            ("M", (6, 0.6)),
            ("L", (11, 2.2)),
            ("L", (11, 5.6)),
            ("C", (11, 8.4, 8.8, 10.4, 6, 11.5)),
            ("C", (3.2, 10.4, 1, 8.4, 1, 5.6)),
            ("L", (1, 2.2)),
            ("Z", ()),
        )
    ),
    "flag": Outline(_polygon((2, 0.6), (11, 3.4), (3.6, 6.4), (3.6, 11.6), (2, 11.6))),
    "page": Outline(_polygon((2, 0.8), (7, 0.8), (10, 3.8), (10, 11.2), (2, 11.2))),
}
STROKE: Final = 1.9
"""Width of the line of a shape that is drawn round, in the same square."""

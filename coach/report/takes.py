"""Takes of one exercise side by side: which figures, and what changed in one line.

Owns that choice and that line. Refuses to judge: more is not better, and there is no mark. Takes are of different
lengths, so where the lengths differ the line says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach.call.figures import UNLIKE
from coach.language import phrase
from coach.report.plain import NAMES, amount
from coach.writing import plural, share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coach.call.figures import Figure
    from coach.report.document import CallReport
    from coach.report.timeline import Timeline

LEAST: Final = 2
MOST: Final = 4
"""So many takes are read side by side; more are a trend."""
FIGURES: Final = (
    "talk_share",
    "questions",
    "follow_up_rate",
    "layers",
    "listening_moves",
    "longest_monologue",
    "longest_customer_story",
    "patience",
    "interruptions",
    "pitch_onset",
    "coverage",
)
"""What is compared, in the order in which a call is listened for."""
UNKNOWN: Final = "\u2013"
_MOST_PARTS: Final = 3
_NOTED_S: Final = 5.0
"""Runs and stories that differ by less are alike (own default: two breaths)."""
_NOTED_SHARE: Final = 0.05
_NOTED_LENGTH: Final = 1.25
"""From a quarter more on, a longer take has room for more of everything."""


@dataclass(frozen=True, slots=True)
class Take:
    """One take.

    Args:
        title: what it is called; untrusted.
        began: when it was, as people write it; empty where nobody knows.
        report: its report.
        timeline: the same on one time axis.
    """

    title: str
    began: str
    report: CallReport
    timeline: Timeline

    @property
    def alone(self) -> bool:
        """Say whether only the microphone was heard."""
        return self.report.meters.alone

    def figure(self, name: str) -> Figure | None:
        """Return a figure of this name."""
        return next((f for f in self.report.figures if f.name == name), None)

    def value(self, name: str) -> float | None:
        """Return the value of a figure; None where it is not available."""
        return figure.value if (figure := self.figure(name)) is not None else None


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the table: what is compared, and a cell for each take, with its unit."""

    name: str
    cells: tuple[str, ...]


def compared(takes: Sequence[Take]) -> tuple[Compared, ...]:
    """Return the table: a figure that no take has is left out, one that some take lacks has a dash there."""
    lines = [
        Compared(phrase("Length"), tuple(_minutes(t.timeline.duration_ms / 1000) for t in takes)),
        Compared(phrase("Nudges"), tuple(str(len(t.report.nudges)) for t in takes)),
    ]
    for name in FIGURES:
        found = [t.figure(name) if alike(name, takes) or not t.alone else None for t in takes]
        if any(f is not None and f.value is not None for f in found):
            cells = (UNKNOWN if f is None or f.value is None else amount(f) for f in found)
            lines.append(Compared(NAMES[name], tuple(cells)))
    return tuple(lines)


def alike(name: str, takes: Sequence[Take]) -> bool:
    """Say whether a figure means the same in all takes: with a microphone alone some mean another thing."""
    return name not in UNLIKE or len({t.alone for t in takes}) == 1


def what_changed(takes: Sequence[Take]) -> str:
    """Return what changed from the first take to the last, in one line, without a verdict."""
    first, last = takes[0], takes[-1]
    parts = list(_parts(first, last))[:_MOST_PARTS]
    line = "; ".join(parts) if parts else phrase("The last take went much like the first")
    return f"{line[:1].upper()}{line[1:]}.{_about_length(first, last)}"


def _parts(first: Take, last: Take) -> Iterator[str]:
    def change(name: str, least: float) -> float:
        before, after = first.value(name), last.value(name)
        if not alike(name, (first, last)):
            return 0.0
        by = 0.0 if before is None or after is None else after - before
        return by if abs(by) >= least else 0.0

    if by := change("questions", 1):
        one, many = (
            ("you asked {n} more question", "you asked {n} more questions")
            if by > 0
            else ("you asked {n} fewer question", "you asked {n} fewer questions")
        )
        yield plural(one, many, round(abs(by)))
    if by := change("longest_monologue", _NOTED_S):
        told = "your longest run got {length} longer" if by > 0 else "your longest run got {length} shorter"
        yield phrase(told, length=_seconds(abs(by)))
    if by := change("longest_customer_story", _NOTED_S):
        told = (
            "their longest story got {length} longer"
            if by > 0
            else "their longest story got {length} shorter"
        )
        yield phrase(told, length=_seconds(abs(by)))
    shares = (
        ("talk_share", "you had {now} of the talk instead of {then}"),
        ("follow_up_rate", "{now} of your questions followed up instead of {then}"),
    )
    for name, words in shares:
        before, after = first.value(name), last.value(name)
        if before is not None and after is not None and change(name, _NOTED_SHARE):
            yield phrase(words, then=share(before), now=share(after))


def _about_length(first: Take, last: Take) -> str:
    before, after = first.timeline.duration_ms / 1000, last.timeline.duration_ms / 1000
    if not min(before, after) or max(before, after) / min(before, after) < _NOTED_LENGTH:
        return ""
    told = "The last take was {length} longer." if after > before else "The last take was {length} shorter."
    return " " + phrase(told, length=_seconds(abs(after - before)))


def _seconds(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else _minutes(whole)  # noqa: PLR2004 - a minute


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"

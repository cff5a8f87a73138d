"""Each thing once: the few moments worth showing, and every question beside one moment only.

Owns what a reader is spared. A long call has dozens of moments, and the same words of the customer lead to the same
question beside a nudge, a finding and a moment. The document for programs (``coach.report.document``) holds all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.nudges.commands import Noticed
    from coach.report.document import CallReport

MOST_MOMENTS: Final = 5
"""So many moments are shown; a list that is longer is not listened to (own default)."""
MOST_OF_A_RULE: Final = 2
"""So many of them of one rule: the third teaches nothing that the first two did not (own default)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question beside each finding, nudge and moment, in the report's order; empty where it stands elsewhere."""

    findings: tuple[str, ...]
    nudges: tuple[str, ...]
    moments: tuple[str, ...]


def asked_once(report: CallReport) -> Asked:
    """Return the questions that could have been asked, each beside one moment.

    It stands with what is to be tried where it is offered there, else with the habit, the nudge, the moment.
    """
    told: set[str] = set()

    def first(question: str) -> str:
        if question in told:
            return ""
        told.add(question)
        return question

    rank = {"try": 0, "habit": 1, "strength": 2}
    order = sorted(range(len(report.findings)), key=lambda i: rank[report.findings[i].kind])
    findings = {i: first(report.findings[i].suggestion) for i in order}
    return Asked(
        tuple(findings[i] for i in range(len(report.findings))),
        tuple(first(n.suggestion) for n in report.nudges),
        tuple(first(n.suggestion) for n in report.moments),
    )


def worth_showing(moments: Sequence[Noticed]) -> tuple[int, ...]:
    """Return the places of the moments to show, in order: the first of each rule, then the second, up to the most."""
    seen: dict[str, int] = {}
    ranked: list[tuple[int, int]] = []
    for place, moment in enumerate(moments):
        ranked.append((seen.get(moment.rule, 0), place))
        seen[moment.rule] = seen.get(moment.rule, 0) + 1
    fit = sorted(pair for pair in ranked if pair[0] < MOST_OF_A_RULE)
    return tuple(sorted(place for _, place in fit[:MOST_MOMENTS]))

"""The report card: a finished call with all that is written out of it, once, for every format.

Owns what a card holds beside the report: the time line, what is usual for this rep, and what was put right by hand.
Refuses to know how it is written; ``coach.report.exports`` lists the formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from coach.call.events import Who
from coach.call.figures import alike
from coach.language import Phrases, phrase, recalled, written_in
from coach.report import timeline as t
from coach.report.compare import compared
from coach.report.plain import amount, clock
from coach.report.staves import kinds_in
from coach.report.timeline import timeline
from coach.writing import plural, whole_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coach.call.events import SentenceHeard
    from coach.report.compare import Usual
    from coach.report.document import CallReport
    from coach.report.timeline import Mark, Timeline

CALLS: Final = Phrases(
    {
        "discovery": "Discovery call",
        "first_contact": "First contact call",
        "demo": "Demo call",
        "follow_up": "Follow up call",
        "listening": "Listening call",
    }
)
"""What a call of each type is called."""
LABELS: Final = Phrases(
    {
        "talk_share": "your share of the talk",
        "airtime": "your airtime",
        "longest_monologue": "your longest stretch",
        "longest_customer_story": "their longest story",
    }
)
"""What the figures are called in the summary."""
Pair = tuple["SentenceHeard", "SentenceHeard"]
"""A sentence as the machine heard it, and as it was put right by hand."""


@dataclass(frozen=True, slots=True)
class Card:
    """A call, ready to be written in any format.

    Args:
        report: drawn with what was put right.
        line: the same on a time axis, with the notes.
        usual: what is usual for each figure, by name; empty while too few earlier calls are known.
        put_right: what was corrected by hand, in order of time.
        began: when the call was, as ISO 8601; empty where nobody knows.
        tags: given by hand.
    """

    report: CallReport
    line: Timeline
    usual: Mapping[str, Usual] = field(default_factory=dict)
    put_right: tuple[Pair, ...] = ()
    began: str = ""
    tags: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[Mark, ...]:
        """The notes that were written at moments of the call."""
        return tuple(m for m in self.line.marks if m.kind == t.NOTE)

    @property
    def subtitle(self) -> str:
        """What kind of call it was, when, and how long."""
        kind = CALLS.get(self.report.call_type) or phrase("Call")
        length = f"{clock(self.line.duration_ms / 1000)} min"
        return ", ".join(filter(None, (kind, whole_day(self.began), length)))

    @property
    def summary(self) -> str:
        """The time line in words, for those who do not see it; only what is known."""
        known = {f.name: f for f in self.report.shown if f.value is not None}
        told = [
            f"{LABELS[name]} {amount(known[name])}"
            for name in LABELS
            if name in known and name != ("talk_share" if self.report.meters.alone else "airtime")
        ]
        kinds = [f"{_within(t.KINDS[kind])} {n}" for kind, n in kinds_in(self.line)]
        parts = [phrase("A call of {length} min", length=clock(self.line.duration_ms / 1000)), *told]
        marks = f" {phrase('Marks: {kinds}.', kinds=', '.join(kinds))}" if kinds else ""
        return f"{'; '.join(parts)}.{marks}"

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to know before reading."""
        only_you = (
            ""
            if Who.CUSTOMER in self.report.sides or self.report.meters.mixed
            else phrase("Only your side was heard; what needs both is left out.")
        )
        many = len(self.put_right)
        by_hand = (
            plural(
                "{n} sentence was put right by hand; the figures follow.",
                "{n} sentences were put right by hand; the figures follow.",
                many,
            )
            if many
            else ""
        )
        note = recalled(self.report.audio.get("note") or "")
        return tuple(filter(None, (note or only_you, self.report.caution, by_hand)))


def _within(word: str) -> str:
    """Return a word as it stands within a sentence; German keeps the capitals of its nouns."""
    return word if written_in().code == "de" else word.lower()


def make_card(
    report: CallReport,
    *,
    line: Timeline | None = None,
    past: Sequence[Mapping[str, float]] = (),
    put_right: Sequence[Pair] = (),
    began: str = "",
    tags: Sequence[str] = (),
) -> Card:
    """Return the card of a call.

    Args:
        report: of the call.
        line: its time line with notes; drawn from the report where there is none.
        past: the figures by name of earlier calls of the same type, the newest first (``coach.report.compare``).
        put_right: what was corrected by hand.
        began: when the call was, as ISO 8601.
        tags: given by hand.
    """
    return Card(
        report,
        line if line is not None else timeline(report),
        compared(alike(report.meters, report.shown), past),
        tuple(put_right),
        began,
        tuple(tags),
    )

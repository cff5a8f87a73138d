"""What became of the questions a rep planned: which were heard, in the rep's own words, and which were not.

Owns how that is told. Says "not heard" and never "not asked": a speech model misses words, and a question may be asked
in words that nobody thought of. Refuses to know how a question is recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coach.call.events import Who
from coach.call.plan import asked
from coach.language import phrase
from coach.report.plain import clock, quoted
from coach.report.unquoted import is_wordless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coach.call.events import SentenceHeard
    from coach.call.plan import Answer, Plan

TITLE: Final = "What you prepared"
NOT_HEARD: Final = "not heard"
BY_HAND: Final = "ticked by you"
CAUTION: Final = "Not heard is not the same as not asked: words are missed, and other words may ask the same."


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """A planned question and its proof.

    Args:
        question: as it was written.
        at_s: when it was asked; None where it was not heard.
        quote: the rep's own words for it; empty where it was ticked by hand, or the words were not kept.
        by_hand: it was ticked.
    """

    question: str
    at_s: float | None = None
    quote: str = ""
    by_hand: bool = False

    @property
    def told(self) -> str:
        """How it is told in a word or two, with its time."""
        if self.at_s is None:
            return phrase(NOT_HEARD)
        return f"{phrase(BY_HAND)}, {clock(self.at_s)}" if self.by_hand else clock(self.at_s)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was prepared for a call, and what became of it."""

    known: tuple[str, ...]
    questions: tuple[PlannedQuestion, ...]

    @property
    def lead(self) -> str:
        """How many were heard or ticked, in a sentence, with what to know of it; empty without questions."""
        if not self.questions:
            return ""
        found = sum(q.at_s is not None for q in self.questions)
        many = len(self.questions)
        if many == 1:
            lead = phrase("{found} of 1 planned question heard or ticked.", found=found)
        else:
            lead = phrase("{found} of {many} planned questions heard or ticked.", found=found, many=many)
        return f"{lead} {phrase(CAUTION)}" if found < many else lead


def prepared(
    plan: Plan | None, answers: Iterable[Answer], sentences: Sequence[SentenceHeard]
) -> Prepared | None:
    """Return what became of a plan; None where there is nothing to tell.

    Args:
        plan: what was prepared.
        answers: what was heard and ticked.
        sentences: of the call, as they stand now: one that was given to the other side proves nothing any more.
    """
    if plan is None or not (plan.known or plan.questions):
        return None
    mine = {s.start_ms: s for s in sentences if s.who is Who.REP}
    questions = []
    for found in asked(plan, answers):
        by_hand = found.start_ms is None
        said = None if found.start_ms is None else mine.get(found.start_ms)
        words = quoted(said.text) if said is not None and not is_wordless(said) else ""
        stands = found.at_ms is not None and (by_hand or said is not None)
        at_s = (found.at_ms or 0) / 1000 if stands else None
        questions.append(PlannedQuestion(found.question, at_s, words, by_hand and stands))
    return Prepared(plan.known, tuple(questions))


def document(made: Prepared) -> dict[str, Any]:
    """Return it as plain values, times in seconds."""
    return {
        "known": list(made.known),
        "questions": [
            {
                "question": q.question,
                "heard": q.at_s is not None,
                "at_s": q.at_s,
                "quote": q.quote,
                "by_hand": q.by_hand,
            }
            for q in made.questions
        ],
    }


def lines(made: Prepared) -> Iterator[str]:
    """Yield it for a terminal."""
    yield f"  {phrase(TITLE)}"
    if made.lead:
        yield f"    {made.lead}"
    for q in made.questions:
        yield f"    {'x' if q.at_s is not None else '-'} {quoted(q.question) or q.question}: {q.told}"
        if q.quote:
            yield f"      You: “{q.quote}”"

"""What became of the questions a rep planned: which were heard, in the rep's own words, and which were not.

Owns how that is told. Says "not heard" and never "not asked": a speech model misses words, and a question may be asked
in words that nobody thought of. Refuses to know how a question is recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coach.call.events import Who
from coach.call.plan import asked
from coach.report.plain import clock, quoted

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
        quote: the rep's own words for it; empty where it was ticked by hand.
    """

    question: str
    at_s: float | None = None
    quote: str = ""

    @property
    def told(self) -> str:
        """How it is told in a word or two, with its time."""
        if self.at_s is None:
            return NOT_HEARD
        return clock(self.at_s) if self.quote else f"{BY_HAND}, {clock(self.at_s)}"


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
        lead = f"{found} of {many} planned question{'s' if many > 1 else ''} heard or ticked."
        return f"{lead} {CAUTION}" if found < many else lead


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
    mine = {s.start_ms: s.text for s in sentences if s.who is Who.REP}
    questions = []
    for found in asked(plan, answers):
        by_hand = found.start_ms is None
        words = "" if found.start_ms is None else quoted(mine.get(found.start_ms, ""))
        stands = found.at_ms is not None and (by_hand or bool(words))
        questions.append(
            PlannedQuestion(found.question, (found.at_ms or 0) / 1000 if stands else None, words)
        )
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
                "by_hand": q.at_s is not None and not q.quote,
            }
            for q in made.questions
        ],
    }


def lines(made: Prepared) -> Iterator[str]:
    """Yield it for a terminal."""
    yield f"  {TITLE}"
    if made.lead:
        yield f"    {made.lead}"
    for q in made.questions:
        yield f"    {'x' if q.at_s is not None else '-'} {quoted(q.question) or q.question}: {q.told}"
        if q.quote:
            yield f"      You: “{q.quote}”"

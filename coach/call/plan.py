"""What a rep prepared for one call, and which of the questions were heard.

Owns the value, its written form and what counts as asked: what was ticked by hand stands, else what was heard. Refuses
to know files, windows and how a question is recognised. All of it is private text, as words are.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coach.settings import CALL_TYPES, RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_KNOWN: Final = 3
"""Lines on what is known of their business: more are not read beside a call."""
MOST_QUESTIONS: Final = 12
MOST_LETTERS: Final = 200
MOST_MINUTES: Final = 480.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What was prepared.

    Args:
        call_type: kind of call; empty for the one that is chosen anyway.
        minutes: how long it is meant to last; 0 where nobody has planned it.
        focus: one rule that alone may speak; empty for all that are on.
        known: lines on their business. Untrusted.
        questions: to be asked. Untrusted.
    """

    call_type: str = ""
    minutes: float = 0.0
    focus: str = ""
    known: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything was prepared."""
        return self != Plan()


@dataclass(frozen=True, slots=True)
class QuestionHeard:
    """A planned question was heard.

    Args:
        at_ms: when that was known.
        question: its place in the list.
        start_ms: where the rep's sentence begins.
        score: how alike they are, up to 1.
    """

    at_ms: int
    question: int
    start_ms: int
    score: float


@dataclass(frozen=True, slots=True)
class QuestionTicked:
    """The rep ticked a planned question, or took the tick away."""

    at_ms: int
    question: int
    asked: bool


Answer = QuestionHeard | QuestionTicked


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a planned question.

    Args:
        question: as it was written.
        at_ms: when it was asked; None where it was not heard.
        start_ms: where the rep's own words for it begin; None where it was ticked by hand.
    """

    question: str
    at_ms: int | None = None
    start_ms: int | None = None


def asked(plan: Plan, answers: Iterable[Answer]) -> tuple[Asked, ...]:
    """Return what became of each question: the last tick counts; without one, the first time it was heard."""
    heard: dict[int, QuestionHeard] = {}
    ticked: dict[int, QuestionTicked] = {}
    for answer in answers:
        if isinstance(answer, QuestionTicked):
            ticked[answer.question] = answer
        else:
            heard.setdefault(answer.question, answer)
    return tuple(_became(q, heard.get(n), ticked.get(n)) for n, q in enumerate(plan.questions))


def _became(question: str, heard: QuestionHeard | None, tick: QuestionTicked | None) -> Asked:
    if tick is not None and not tick.asked:
        return Asked(question)
    if heard is not None:
        return Asked(question, heard.start_ms, heard.start_ms)
    return Asked(question, tick.at_ms if tick is not None else None)


def dump(plan: Plan) -> dict[str, Any]:
    """Return a plan as plain values."""
    return dataclasses.asdict(plan) | {"known": list(plan.known), "questions": list(plan.questions)}


def load(values: Mapping[str, Any]) -> Plan:
    """Return a plan from plain values; a part that we do not know is a newer Coach's and is left out.

    Raises:
        ValueError, TypeError: for values that are none of a plan.
    """
    minutes = float(values.get("minutes", 0.0))
    call_type, focus = str(values.get("call_type", "")), str(values.get("focus", ""))
    if not 0 <= minutes <= MOST_MINUTES or call_type not in {"", *CALL_TYPES} or focus not in {"", *RULES}:
        raise ValueError(call_type, minutes, focus)
    known, questions = (tidy(values.get(name, ())) for name in ("known", "questions"))
    return Plan(call_type, minutes, focus, known[:MOST_KNOWN], questions[:MOST_QUESTIONS])


def tidy(lines: Sequence[str]) -> tuple[str, ...]:
    """Return lines as they are kept: plain, trimmed, not too long, none empty, each once.

    Raises:
        TypeError: for what is no list of text.
    """
    if isinstance(lines, str) or not all(isinstance(line, str) for line in lines):
        raise TypeError(lines)
    plain = ("".join(c if c.isprintable() else " " for c in line) for line in lines)
    return tuple(dict.fromkeys(filter(None, (" ".join(line.split())[:MOST_LETTERS] for line in plain))))


def answer_from(line: Mapping[str, Any]) -> Answer | None:
    """Return what a line of a log says of a planned question; None for a line about something else.

    Raises:
        ValueError, TypeError, KeyError: for a line of these kinds that is damaged.
    """
    match line.get("command"):
        case "QuestionHeard":
            at_ms, question, start_ms = (int(line[n]) for n in ("at_ms", "question", "start_ms"))
            return QuestionHeard(at_ms, question, start_ms, float(line["score"]))
        case "QuestionTicked":
            return QuestionTicked(int(line["at_ms"]), int(line["question"]), bool(line["asked"]))
    return None

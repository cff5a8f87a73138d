"""What a class takes home: one page about the takes, as values.

Owns which moments stand on it, their numbers, and the questions where the trainer wrote none. Refuses to know paper:
whoever draws it fits it to a page.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach.call.events import Who
from coach.language import phrase
from coach.report.nudged import text_of
from coach.report.onstage import compared
from coach.report.plain import clean, clock, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coach.nudges.commands import Noticed, Nudge
    from coach.report.lesson import Lesson
    from coach.report.onstage import Beside, TakeOnStage
    from coach.report.timeline import Timeline

MOST_MOMENTS: Final = 6
"""So many moments leave room for the figures, the questions and a hand's breadth of notes."""
MOST_QUESTIONS: Final = 3
QUESTIONS: Final = (
    "Where would you have asked instead of told, and in which of their words?",
    "What did the customer say that nobody came back to?",
    "What will you try in your own next call?",
)
"""For a scene without questions of its own."""
_SAID_AT: Final = ("pitch_at_s", "answer_at_s", "push_at_s")


@dataclass(frozen=True, slots=True)
class Told:
    """A moment on the page.

    Args:
        number: as on the time line.
        take: which take it is of, from 0.
        at_ms: where it stands.
        shown: False for what was noticed and not nudged.
        text: the nudge's words.
        quote: what was said; empty where no words were kept.
        question: the question that could have been asked; empty where none was good enough.
    """

    number: int
    take: int
    at_ms: int
    shown: bool
    text: str
    quote: str
    question: str

    @property
    def when(self) -> str:
        """The moment as people write it."""
        return clock(self.at_ms / 1000)


@dataclass(frozen=True, slots=True)
class Handout:
    """The page. ``left_out`` counts the moments for which it has no room."""

    title: str
    subtitle: str
    names: tuple[str, ...]
    titles: tuple[str, ...]
    timelines: tuple[Timeline, ...]
    moments: tuple[Told, ...]
    left_out: int
    figures: tuple[Beside, ...]
    questions: tuple[str, ...]
    licence: str

    @property
    def end_ms(self) -> int:
        """The end of the axis that the takes share."""
        return max(t.duration_ms for t in self.timelines)


def handout(lesson: Lesson) -> Handout:
    """Return what stands on the page: nudges before what was only noticed, in the order of the call."""
    found: list[tuple[int, Nudge | Noticed]] = []
    for i, take in enumerate(lesson.takes):
        found += [(i, shown.nudge) for shown in take.shown]
        found += [(i, moment) for moment in take.moments]
    nudged = {id(s.nudge) for take in lesson.takes for s in take.shown}
    by_weight = sorted(found, key=lambda f: (id(f[1]) not in nudged, f[1].at_ms))
    kept = sorted(by_weight[:MOST_MOMENTS], key=lambda f: (f[0], f[1].at_ms))
    moments = tuple(
        Told(
            number,
            i,
            n.at_ms,
            id(n) in nudged,
            clean(text_of(n)),
            _quote(lesson.takes[i], n),
            clean(n.suggestion),
        )
        for number, (i, n) in enumerate(kept, 1)
    )
    return Handout(
        clean(lesson.title),
        clean(lesson.subtitle),
        tuple(clean(t.name) for t in lesson.takes),
        tuple(clean(t.title) for t in lesson.takes),
        tuple(t.timeline for t in lesson.takes),
        moments,
        len(found) - len(kept),
        compared(lesson.takes) if len(lesson.takes) > 1 else (),
        tuple(_questions(lesson)),
        clean(lesson.licence),
    )


def _questions(lesson: Lesson) -> Iterator[str]:
    own = [clean(q) for q in lesson.questions[:MOST_QUESTIONS]]
    yield from (*own, *(phrase(q) for q in QUESTIONS[len(own) :]))


def _quote(take: TakeOnStage, moment: Nudge | Noticed) -> str:
    """Return what the moment is about: the sentence its numbers name, else the rep's last one before it."""
    said = dict(moment.because)
    starts = [round(1000 * said[name]) for name in _SAID_AT if name in said]
    rep = [s for s in take.timeline.sentences if s.who is Who.REP]
    if starts:
        near = [s for s in rep if abs(s.start_ms - starts[0]) <= 50]  # noqa: PLR2004 - numbers are rounded to 0.1 s
        return quoted(near[0].text) if near else ""
    before = bisect_left(rep, moment.at_ms, key=lambda s: s.start_ms)
    return quoted(rep[before - 1].text) if before else ""

"""A class before a call: what is shown, where it stops, and what a key means, with no window and no clock.

Owns the state of a lesson: which take is heard, how far, what is open, what was guessed. Moments are handed in as the
sound plays (`Lesson.played`) or as somebody jumps (`Lesson.seek`); the window asks what holds now and paints it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from coach.language import phrase
from coach.nudges.rules import CATALOGUE
from coach.report.guesses import Guess, Outcome, judged
from coach.report.onstage import compared

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coach.nudges.commands import Nudge
    from coach.report.onstage import Beside, TakeOnStage
    from coach.report.timeline import Timeline

BEFORE_MS: Final = 4000
"""The room is asked this long before a nudge (own default: time to read nine choices comes from the pause)."""
BACK_MS: Final = 1500
"""Going back within this of a place goes to the one before it."""
LEAD_MS: Final = 12_000
"""The next nudge to be guessed is gone to this long before: a room cannot guess without having heard."""
STEP_MS: Final = 5000
TOLD_MS: Final = 10_000
"""What became of a guess is told for this long."""
SPEEDS: Final = (0.75, 1.0, 1.25, 1.5, 2.0)
CHOICES: Final = tuple(rule.name for rule in CATALOGUE)
"""What the room may guess, the most telling first."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A scene, ready for a class: its words and its takes."""

    title: str
    takes: tuple[TakeOnStage, ...]
    subtitle: str = ""
    questions: tuple[str, ...] = ()
    licence: str = ""
    language: str = "en"

    @property
    def figures(self) -> tuple[Beside, ...]:
        """The few figures in which the takes differ."""
        return compared(self.takes)


class Performance:
    """One showing of a lesson.

    Args:
        lesson: what is shown.
        before_ms: how long before a nudge the room is asked.
    """

    def __init__(self, lesson: Lesson, before_ms: int = BEFORE_MS) -> None:
        self.lesson = lesson
        self.at_ms = 0
        self.heard = 0
        self.both = False
        self.captions = True
        self.stops = False
        self.guessing = False
        self.why = False
        self.speed = 1.0
        self.asked = False
        self.guess: Guess | None = None
        self.outcome: Outcome | None = None
        self._before_ms = before_ms
        self._told_ms = 0
        self._waved: set[tuple[int, int]] = set()

    @property
    def take(self) -> TakeOnStage:
        """The take that is heard."""
        return self.lesson.takes[self.heard]

    @property
    def on_stage(self) -> tuple[int, ...]:
        """The numbers of the takes that are seen, from 0."""
        return tuple(range(len(self.lesson.takes))) if self.both else (self.heard,)

    @property
    def end_ms(self) -> int:
        """The end of the axis: of the longest take that is seen."""
        return max(self.lesson.takes[i].duration_ms for i in self.on_stage)

    # As the sound plays.

    def played(self, to_ms: int) -> int | None:
        """Take note that it played up to a moment.

        Returns:
            the moment at which it must stop instead, None to go on.
        """
        stop = min(self._stops_within(self.at_ms, to_ms), default=None)
        self.at_ms = max(self.at_ms, min(to_ms, self.end_ms)) if stop is None else stop[0]
        self._judge()
        if stop is None:
            return self.end_ms if to_ms >= self.end_ms else None
        self.asked = stop[1]
        if self.asked:
            self.outcome = None
        return stop[0]

    def going_on(self) -> None:
        """Take note that it plays again: a question that was not answered is let go."""
        self.asked = False

    def _stops_within(self, after_ms: int, to_ms: int) -> Iterable[tuple[int, bool]]:
        """Yield the moments to stop at, after one and up to another; True where the room is asked."""
        for i in self.on_stage:
            for shown in self.lesson.takes[i].shown:
                at = shown.nudge.at_ms
                if self.stops and after_ms < at <= to_ms:
                    yield at, False
                ask = max(1, at - self._before_ms)
                if self.guessing and i == self.heard and after_ms < ask <= to_ms:
                    yield ask, True

    # As somebody jumps.

    def seek(self, ms: int) -> int:
        """Go to a moment; return where that is. What was asked and guessed is let go."""
        self.at_ms = min(max(0, ms), self.end_ms)
        self.asked, self.guess, self.outcome = False, None, None
        self._waved.clear()
        return self.at_ms

    def step(self, by_ms: int) -> int:
        """Go on or back by so much."""
        return self.seek(self.at_ms + by_ms)

    def to_nudge(self, *, forward: bool) -> int | None:
        """Go to the next nudge, or the one before; None where there is none.

        Where the room guesses, to some seconds before it is asked.
        """
        lead = self._before_ms + LEAD_MS if self.guessing else 0
        nudges = [s.nudge.at_ms for i in self.on_stage for s in self.lesson.takes[i].shown]
        return self._to((max(0, at - lead) for at in nudges), forward=forward)

    def to_chapter(self, *, forward: bool) -> int | None:
        """Go to the next chapter, or the one before; None where there is none."""
        return self._to((at for at, _ in self.take.chapters), forward=forward)

    def _to(self, places: Iterable[int], *, forward: bool) -> int | None:
        known = sorted(places)
        if forward:
            found = next((at for at in known if at > self.at_ms), None)
        else:
            found = next((at for at in reversed(known) if at < self.at_ms - BACK_MS), None)
            if found is None and known and self.at_ms > known[0]:
                found = known[0]
        return None if found is None else self.seek(found)

    def hear(self, number: int) -> bool:
        """Hear another take, from 0; False where there is none. Beside the other it goes on where it is."""
        if not 0 <= number < len(self.lesson.takes):
            return False
        if number != self.heard:
            self.heard, self.why = number, False
            self.seek(self.at_ms if self.both else 0)
        return True

    def show_both(self, *, both: bool) -> None:
        """Show the takes one above the other, or one alone."""
        self.both = both and len(self.lesson.takes) > 1
        self.seek(self.at_ms)

    def faster(self, by: int) -> float:
        """Play a step faster or slower; return the speed."""
        at = min(max(0, SPEEDS.index(self.speed) + by), len(SPEEDS) - 1)
        self.speed = SPEEDS[at]
        return self.speed

    def turn(self, what: Literal["why", "stops", "captions"]) -> None:
        """Turn one thing on, or off."""
        setattr(self, what, not getattr(self, what))

    # Guessing.

    def guess_on(self, *, on: bool) -> None:
        """Let the room guess, or let it be told."""
        self.guessing = on
        self.asked, self.guess, self.outcome = False, None, None

    def ask(self) -> bool:
        """Ask the room now, because somebody would speak; False where nobody guesses."""
        if not self.guessing:
            return False
        self.asked, self.guess, self.outcome = True, None, None
        return True

    def choose(self, number: int) -> bool:
        """Take the room's guess, from 0; False where nothing was asked or there is no such choice."""
        if not self.asked or not 0 <= number < len(CHOICES):
            return False
        self.asked, self.guess, self.outcome = False, Guess(self.at_ms, CHOICES[number]), None
        return True

    def _judge(self) -> None:
        if self.guess is not None and (outcome := judged(self.guess, self.take, self.at_ms)) is not None:
            self.guess, self.outcome, self._told_ms = None, outcome, self.at_ms
        elif self.outcome is not None and self.at_ms > self._told_ms + TOLD_MS:
            self.outcome = None

    # What holds now.

    def nudge(self, number: int | None = None) -> Nudge | None:
        """Return the nudge that stands now in a take, unless it was waved away."""
        i = self.heard if number is None else number
        found = self.lesson.takes[i].nudge_at(self.at_ms)
        return None if found is None or (i, found.at_ms) in self._waved else found

    def wave_away(self, number: int) -> None:
        """Take the nudge of a take away until somebody jumps."""
        if (nudge := self.nudge(number)) is not None:
            self._waved.add((number, nudge.at_ms))

    def explained(self) -> Nudge | None:
        """Return the nudge that "why now?" is about: the one that stands, or the last before it."""
        return self.take.last_nudge(self.at_ms)

    def timeline(self, number: int) -> Timeline:
        """Return the time line of a take; while the room guesses, without what it is to guess."""
        take = self.lesson.takes[number]
        return take.veiled(self.at_ms) if self.guessing else take.timeline


def condition(rule: str) -> str:
    """Return the condition of a rule in words; nothing for a rule that is not ours."""
    return next((phrase(r.what) for r in CATALOGUE if r.name == rule), "")

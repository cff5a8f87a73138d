"""A past call for the windows of the tests, and a sound that only says what it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbook import CUSTOMER, REP, measured

from coach.call.hand import Correction, Hand, Note
from coach.nudges.commands import Noticed, Nudge
from coach.report.document import make_report
from coach.report.timeline import timeline
from coach.settings import Settings
from coach.ui.review import Reviewed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LINES = [
    (REP, 1, 3, "How do you do that today?", "question.open"),
    (CUSTOMER, 4, 12, "By hand, and we lose two days.", "need"),
    (REP, 13, 15, "What do the two days cost you?", "question.open", "follow_up"),
    (CUSTOMER, 16, 22, "A lot, <b>honestly</b>.", "objection"),
    (REP, 24, 36, "Our lift does that.", "pitch"),
    (CUSTOMER, 38, 39, "Mm-hm.", "backchannel"),
    (REP, 41, 45, "Shall we speak on Monday about the two days?", "question.closed", "next_step"),
]
NUDGES = (
    Nudge(
        "pounce", "Stay with that", "A need at 0:12.", 24_000, 30_000, (("need_ended_s", 12.0),), "Own essay"
    ),
    Nudge("monologue", "Pause, let them in", "A long run.", 40_000, 42_000, (("monologue_s", 75.0),), "Gong"),
)
MOMENTS = (Noticed("pressure", "Ease off a little", "Words that push.", 24_000, (), "Own"),)


def a_call(
    hand: Hand | None = None, lines: Sequence[tuple] = LINES, end_s: float = 60, nudges=NUDGES
) -> Reviewed:
    """Return a call as the review window shows it."""
    hand = hand or Hand()
    meters = measured(lines, end_s)
    report = make_report("Karen", meters, nudges, Settings().limits.discovery, {}, moments=MOMENTS)
    return Reviewed("Karen", "Discovery · 1:00", report, timeline(report, hand.notes.values()), hand)


class Desk:
    """Keep what a window wants to be kept, as `coach.afterwards` does."""

    def __init__(self) -> None:
        self.hand = Hand()

    def note(self, note: Note) -> Reviewed:
        self.hand = self.hand.noted(note)
        return a_call(self.hand)

    def correct(self, correction: Correction) -> Reviewed:
        self.hand = self.hand.put_right(correction)
        return a_call(self.hand)


class FakeSound:
    """A `Sound` without a device."""

    def __init__(self) -> None:
        self.position_ms = 0
        self.playing = False
        self.asked: list[tuple] = []
        self._changed: Callable[[], None] = lambda: None
        self.fail: Callable[[str], None] = lambda _: None

    def listen(self, changed: Callable[[], None], trouble: Callable[[str], None]) -> None:
        self._changed, self.fail = changed, trouble

    def play(self, from_ms: int | None = None, to_ms: int | None = None) -> None:
        self.asked.append(("play", from_ms, to_ms))
        self.position_ms = self.position_ms if from_ms is None else from_ms
        self.playing = True
        self._changed()

    def pause(self) -> None:
        self.asked.append(("pause",))
        self.playing = False
        self._changed()

    def seek(self, ms: int) -> None:
        self.asked.append(("seek", ms))
        self.position_ms = ms

    def set_speed(self, times: float) -> None:
        self.asked.append(("speed", times))

    def set_sides(self, sides: str) -> None:
        self.asked.append(("sides", sides))

    def close(self) -> None:
        self.asked.append(("close",))

"""One call made ready for a class: what is said, who speaks, which nudge stands and what the meters say, at any moment.

Owns the values and the looking up. Refuses to know windows and clocks: a moment is handed in, what holds at it comes
back, and going back is as cheap as going on. The meters are folded once, on a grid; a moment between two points of
it is read at the one before.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from coach.call.events import CallEnded, SentenceHeard, Who
from coach.call.meters import Meters
from coach.language import phrase
from coach.report.plain import NAMES, amount, quoted
from coach.report.timeline import MOMENT, NUDGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coach.call.events import Event
    from coach.call.figures import Figure
    from coach.nudges.commands import HideNudge, Noticed, Nudge
    from coach.report.document import CallReport
    from coach.report.timeline import Timeline
    from coach.settings import Limits

GRID_MS: Final = 500
"""The meters move this often on a wall: fast enough to be followed, slow enough to be read."""
SHOWN_MS: Final = 6000
"""How long a nudge stays where no log says it (``manners.md``, clause 4)."""
LINGER_MS: Final = 1500
"""Words stay so long after they were said, unless others follow."""
COMPARED: Final = ("talk_share", "questions", "longest_monologue", "pitch_onset")
"""The few figures that are set beside each other."""
_UNASKED: Final = "no uninvited pitch"


@dataclass(frozen=True, slots=True)
class Shown:
    """A nudge and until when it stood, in ms since the call began."""

    nudge: Nudge
    until_ms: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the meters said at a moment: seconds of the rep's run, share of the last 3 minutes, counts so far.

    ``alone``: only the microphone was heard, so there is ``airtime`` of the whole call so far, and no share.
    """

    at_ms: int
    run_s: float
    share: float | None
    questions: int
    needs: int
    alone: bool = False
    airtime: float | None = None


@dataclass(frozen=True, slots=True)
class TakeOnStage:
    """One call, ready for a class.

    Args:
        title: a sentence that says what happens in it.
        name: one or two words for it.
        timeline: the whole call on one axis.
        shown: its nudges, in order.
        moments: what the rules saw and nobody was nudged about.
        readings: the meters on a grid of `GRID_MS`.
        limits: those of its type of call.
        figures: of the finished call, by name.
        chapters: ``(ms, title)``.
        watch: what to watch for.
        reads_cues: False in a language whose cues are not read: questions and needs are then not known.
    """

    title: str
    name: str
    timeline: Timeline
    shown: tuple[Shown, ...]
    moments: tuple[Noticed, ...]
    readings: tuple[Reading, ...]
    limits: Limits
    figures: dict[str, Figure]
    chapters: tuple[tuple[int, str], ...] = ()
    watch: tuple[str, ...] = ()
    reads_cues: bool = True

    @property
    def duration_ms(self) -> int:
        """Length of the call in ms."""
        return self.timeline.duration_ms

    def nudge_at(self, at_ms: int) -> Nudge | None:
        """Return the nudge that stands at a moment."""
        return next((s.nudge for s in self.shown if s.nudge.at_ms <= at_ms < s.until_ms), None)

    def last_nudge(self, at_ms: int) -> Nudge | None:
        """Return the last nudge that had come by then."""
        return next((s.nudge for s in reversed(self.shown) if s.nudge.at_ms <= at_ms), None)

    def next_nudge(self, at_ms: int) -> Nudge | None:
        """Return the first nudge after a moment."""
        return next((s.nudge for s in self.shown if s.nudge.at_ms > at_ms), None)

    def speaking(self, at_ms: int) -> frozenset[Who]:
        """Return who speaks at a moment."""
        return frozenset(w for w, spans in self.timeline.voice.items() if _within(spans, at_ms))

    def said(self, at_ms: int) -> tuple[SentenceHeard, ...]:
        """Return the words of a moment: the last sentence of each side, in the order in which they began.

        A sentence stays a little after its end, unless another has begun since.
        """
        sentences = self.timeline.sentences
        begun = bisect_right(sentences, at_ms, key=lambda s: s.start_ms)
        last: dict[Who, SentenceHeard] = {}
        for s in reversed(sentences[max(0, begun - 12) : begun]):
            last.setdefault(s.who, s)
        newest = max((s.start_ms for s in last.values()), default=0)
        still = [
            s for s in last.values() if at_ms < s.end_ms or (s.start_ms == newest and _lingers(s, at_ms))
        ]
        return tuple(sorted((s for s in still if quoted(s.text)), key=lambda s: (s.start_ms, s.who)))

    def reading(self, at_ms: int) -> Reading:
        """Return what the meters said at a moment."""
        at = min(max(0, at_ms) // GRID_MS, len(self.readings) - 1)
        return self.readings[at]

    def chapter(self, at_ms: int) -> str:
        """Return the title of the chapter that a moment lies in."""
        return next((title for at, title in reversed(self.chapters) if at <= at_ms), "")

    def veiled(self, from_ms: int) -> Timeline:
        """Return the time line without the nudges, and what was noticed, after a moment: the room is to guess."""
        marks = tuple(
            m for m in self.timeline.marks if m.kind not in {NUDGE, MOMENT} or m.start_ms <= from_ms
        )
        return (
            self.timeline if len(marks) == len(self.timeline.marks) else replace(self.timeline, marks=marks)
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """One figure of each take, written with its unit."""

    name: str
    values: tuple[str, ...]


def take_on_stage(
    report: CallReport,
    timeline: Timeline,
    events: Sequence[Event],
    hidden: Iterable[HideNudge],
    limits: Limits,
    *,
    title: str = "",
    name: str = "",
    chapters: tuple[tuple[int, str], ...] = (),
    watch: tuple[str, ...] = (),
) -> TakeOnStage:
    """Make a call ready.

    Args:
        report: of the call.
        timeline: drawn from it.
        events: of its log, put right by hand where that was done.
        hidden: when its nudges were taken away.
        limits: those of its type.
        title: a sentence that says what happens in it.
        name: one or two words for it.
        chapters: ``(ms, title)``, in order.
        watch: what to watch for.
    """
    return TakeOnStage(
        title or report.title,
        name or report.title,
        timeline,
        _shown(report.nudges, tuple(hidden)),
        report.moments,
        readings(events),
        limits,
        {f.name: f for f in report.figures},
        tuple(c for c in chapters if c[0] < timeline.duration_ms),
        watch,
        report.meters.reads_cues,
    )


def readings(events: Iterable[Event], grid_ms: int = GRID_MS) -> tuple[Reading, ...]:
    """Fold events through the meters and return what they say every ``grid_ms``, from 0 to the end of the call."""
    meters, at = Meters(), 0
    found: list[Reading] = []
    for event in events:
        while at < event.at_ms:
            meters.advance(at)
            found.append(_read(meters, at))
            at += grid_ms
        if isinstance(event, CallEnded):
            break  # what only its end tells is no reading of a moment
        meters.fold(event)
    else:
        meters.advance(max(at, meters.now_ms))
    return (*found, _read(meters, at))


def compared(takes: Sequence[TakeOnStage]) -> tuple[Beside, ...]:
    """Return the few figures in which the takes differ, each with its unit and without a verdict."""
    rows = (Beside(NAMES[name], tuple(_written(t, name) for t in takes)) for name in COMPARED)
    return tuple(r for r in rows if all(r.values) and len(set(r.values)) > 1)


def _written(take: TakeOnStage, name: str) -> str:
    figure = take.figures[name]
    if figure.value is not None:
        return amount(figure)
    heard_words = take.reads_cues and take.figures["questions"].value is not None
    both = Who.CUSTOMER in take.timeline.sides
    return phrase(_UNASKED) if name == "pitch_onset" and heard_words and both else ""


def _shown(nudges: Sequence[Nudge], hidden: Sequence[HideNudge]) -> tuple[Shown, ...]:
    found = []
    followers: tuple[Nudge | None, ...] = (*nudges[1:], None)
    for n, following in zip(nudges, followers[: len(nudges)], strict=True):
        ends = [h.at_ms for h in hidden if h.rule == n.rule and h.at_ms > n.at_ms]
        until = min(ends, default=n.at_ms + SHOWN_MS)
        found.append(Shown(n, min(until, following.at_ms) if following is not None else until))
    return tuple(found)


def _read(meters: Meters, at_ms: int) -> Reading:
    airtime = meters.airtime() if meters.alone else None
    run_s, share = meters.monologue_ms() / 1000, meters.rolling_share()
    return Reading(at_ms, run_s, share, meters.asked_units, meters.needs, meters.alone, airtime)


def _lingers(s: SentenceHeard, at_ms: int) -> bool:
    return at_ms < s.end_ms + LINGER_MS


def _within(spans: Sequence[tuple[int, int]], at_ms: int) -> bool:
    begun = bisect_right(spans, at_ms, key=lambda s: s[0])
    return bool(begun) and at_ms < spans[begun - 1][1]

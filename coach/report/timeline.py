"""A call on one time axis: who spoke when, and the moments worth a mark.

Owns which moments get a mark, what kind each is and the words beside it. Refuses to know how it is drawn: the review
window, the trainer's stage and the page all draw from these values, each kind in the same shape everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach.call import vocabulary as cue
from coach.call.events import SentenceHeard, Who
from coach.call.turns import interruptions
from coach.language import Phrases
from coach.report.nudged import reason_of, text_of
from coach.report.plain import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coach.call.hand import Note
    from coach.report.document import CallReport

NUDGE: Final = "nudge"
MOMENT: Final = "moment"
QUESTION_OPEN: Final = "question_open"
QUESTION_CLOSED: Final = "question_closed"
PITCH: Final = "pitch"
REFLECTION: Final = "reflection"
INTERRUPTION: Final = "interruption"
NEED: Final = "need"
OBJECTION: Final = "objection"
NEXT_STEP: Final = "next_step"
NOTE: Final = "note"

SHAPES: Final[Mapping[str, str]] = {
    NUDGE: "bubble",
    MOMENT: "ring",
    QUESTION_OPEN: "circle",
    QUESTION_CLOSED: "square",
    PITCH: "triangle",
    REFLECTION: "diamond",
    INTERRUPTION: "cross",
    NEED: "heart",
    OBJECTION: "shield",
    NEXT_STEP: "flag",
    NOTE: "page",
}
"""The shape of each kind of mark: colour never tells alone."""

KINDS: Final = Phrases(
    {
        NUDGE: "Nudge",
        MOMENT: "Noticed, not nudged",
        QUESTION_OPEN: "Open question",
        QUESTION_CLOSED: "Closed question",
        PITCH: "Pitch",
        REFLECTION: "Listening move",
        INTERRUPTION: "Interruption",
        NEED: "Need",
        OBJECTION: "Objection",
        NEXT_STEP: "Next step",
        NOTE: "Your note",
    }
)
"""What each kind is called by people."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One moment on the axis, in ms since the call began.

    Args:
        kind: one of ``KINDS``.
        who: whose lane it belongs to; None for both.
        start_ms: where it stands.
        end_ms: the end of what it is about; ``start_ms`` for a point.
        text: the words beside it: a quote, a nudge's text, a note. Untrusted.
        rule: of a nudge or a moment.
        builds_on_ms: for a follow-up the start of the question before it in the chain, else None.
        detail: the reason of a nudge, in one line.
    """

    kind: str
    who: Who | None
    start_ms: int
    end_ms: int
    text: str = ""
    rule: str = ""
    builds_on_ms: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One turn, or one back-channel, of a side; ms since the call began."""

    who: Who
    start_ms: int
    end_ms: int
    small: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole call, ready to be drawn; everything in order of time.

    ``mixed``: several voices are on the one lane, and nobody knows whose is whose.
    """

    duration_ms: int
    sides: tuple[Who, ...]
    blocks: tuple[Block, ...]
    voice: Mapping[Who, tuple[tuple[int, int], ...]]
    marks: tuple[Mark, ...]
    sentences: tuple[SentenceHeard, ...]
    mixed: bool = False


def timeline(report: CallReport, notes: Iterable[Note] = ()) -> Timeline:
    """Draw up the time line of a finished call."""
    meters = report.meters
    end = meters.ended_ms if meters.ended_ms is not None else meters.now_ms
    floor = meters.floor
    turns = [Block(t.who, t.start_ms, min(t.end_ms, end)) for t in floor.turns]
    small = [
        Block(s.who, s.start_ms, s.end_ms, small=True) for s in floor.backchannels if s.end_ms is not None
    ]
    voice = {
        who: tuple((s.start_ms, s.end_ms if s.end_ms is not None else end) for s in floor.segments[who])
        for who in Who
    }
    heard = tuple(sorted(meters.sentences, key=lambda s: (s.start_ms, s.who)))
    marks = sorted([*_marks(report, heard), *_notes(notes)], key=lambda m: m.start_ms)
    blocks = tuple(sorted([*turns, *small], key=lambda b: b.start_ms))
    return Timeline(end, report.sides, blocks, voice, tuple(marks), heard, meters.mixed)


def _notes(notes: Iterable[Note]) -> Iterator[Mark]:
    for n in notes:
        yield Mark(NOTE, None, n.at_ms, n.at_ms, n.text)


def _marks(report: CallReport, heard: tuple[SentenceHeard, ...]) -> Iterator[Mark]:
    for n in report.nudges:
        yield Mark(NUDGE, Who.REP, n.at_ms, n.at_ms, text_of(n), n.rule, detail=reason_of(n))
    for m in report.moments:
        yield Mark(MOMENT, Who.REP, m.at_ms, m.at_ms, text_of(m), m.rule, detail=reason_of(m))
    if not report.meters.bled:
        for at in interruptions(report.meters.floor.turns):
            yield Mark(INTERRUPTION, Who.REP, at, at, "")
    before: SentenceHeard | None = None
    for s in heard:
        if cue.BACKCHANNEL in s.cues:
            continue
        if s.who is Who.REP:
            yield from _rep(s, before)
            if cue.COUNTED_QUESTIONS & set(s.cues):
                before = s
        else:
            yield from _customer(s)


def _rep(s: SentenceHeard, before: SentenceHeard | None) -> Iterator[Mark]:
    """Yield the marks of one sentence of the rep; a follow-up is chained to the question before it."""
    words = quoted(s.text)
    cues = set(s.cues)
    if cue.COUNTED_QUESTIONS & cues:
        kind = QUESTION_OPEN if cue.QUESTION_OPEN in cues else QUESTION_CLOSED
        chained = before.start_ms if before is not None and cue.FOLLOW_UP in cues else None
        yield Mark(kind, Who.REP, s.start_ms, s.end_ms, words, builds_on_ms=chained)
    if cue.PITCH in cues:
        yield Mark(PITCH, Who.REP, s.start_ms, s.end_ms, words)
    if cue.REFLECTIONS & cues:
        yield Mark(REFLECTION, Who.REP, s.start_ms, s.end_ms, words)
    if cue.NEXT_STEP in cues:
        yield Mark(NEXT_STEP, Who.REP, s.start_ms, s.end_ms, words)


def _customer(s: SentenceHeard) -> Iterator[Mark]:
    words = quoted(s.text)
    if cue.NEED in s.cues:
        yield Mark(NEED, Who.CUSTOMER, s.start_ms, s.end_ms, words)
    if cue.OBJECTION in s.cues:
        yield Mark(OBJECTION, Who.CUSTOMER, s.start_ms, s.end_ms, words)

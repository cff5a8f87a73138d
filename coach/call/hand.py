"""What a person wrote beside a call by hand: notes, corrections, a title, tags.

Owns the values and how corrections change a call. The machine's own events are never written over: a corrected call
is made of both, each time anew, and figures are drawn from it as from any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from coach.call.events import SentenceHeard, VoiceStarted, VoiceStopped, Who
from coach.call.vocabulary import BACKCHANNEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coach.call.events import Event

SentenceKey = tuple[Who, int]
"""A sentence as the machine heard it: its side, and when it began (ms since the call began)."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something written at a moment of the call, in ms since it began."""

    at_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What was put right about the sentence that the machine heard of ``who`` at ``start_ms``.

    Args:
        who: the side as the machine had it.
        start_ms: when the sentence began.
        speaker: who really spoke; None for the machine's.
        text: what was really said; None for the machine's.
        cues: the cues it really has; None for the machine's.
    """

    who: Who
    start_ms: int
    speaker: Who | None = None
    text: str | None = None
    cues: tuple[str, ...] | None = None

    @property
    def key(self) -> SentenceKey:
        """The sentence it is about."""
        return self.who, self.start_ms

    def __bool__(self) -> bool:
        """Say whether anything is put right."""
        return not (self.speaker is None and self.text is None and self.cues is None)


@dataclass(frozen=True, slots=True)
class Hand:
    """All that was written by hand beside one call."""

    notes: Mapping[int, Note] = field(default_factory=dict)
    corrections: Mapping[SentenceKey, Correction] = field(default_factory=dict)
    title: str = ""
    tags: tuple[str, ...] = ()
    rep: str = ""
    """Which voice of the only channel is the rep's, as they said; empty where nobody was asked."""

    def noted(self, note: Note) -> Hand:
        """Return it with a note; an empty one takes away what stood at that moment."""
        notes = {at: n for at, n in self.notes.items() if at != note.at_ms}
        if note.text:
            notes[note.at_ms] = note
        return replace(self, notes=dict(sorted(notes.items())))

    def put_right(self, correction: Correction) -> Hand:
        """Return it with a correction; an empty one gives the sentence back to the machine."""
        corrections = {key: c for key, c in self.corrections.items() if key != correction.key}
        if correction:
            corrections[correction.key] = correction
        return replace(self, corrections=corrections)


def corrected(events: Iterable[Event], corrections: Mapping[SentenceKey, Correction]) -> tuple[Event, ...]:
    """Return a call as a person says it went.

    A sentence that was really the other side's takes its voice along, for talk time follows who speaks. Its cues
    were read for the wrong side, so only those given by hand count.

    Args:
        events: as the machine heard them, in order.
        corrections: what was put right; those about sentences that are not there do nothing.
    """
    heard = tuple(events)
    moved = [
        s
        for s in heard
        if isinstance(s, SentenceHeard)
        and (c := corrections.get((s.who, s.start_ms))) is not None
        and c.speaker not in (None, s.who)
    ]
    put = [_put_right(e, corrections) if isinstance(e, SentenceHeard) else e for e in heard]
    if not moved:
        return tuple(put)
    others = [e for e in put if not isinstance(e, VoiceStarted | VoiceStopped)]
    voice = [e for who in Who for e in _voiced(who, _moved(_spans(heard, who), who, moved))]
    # Sorting is stable: what was known at the same moment keeps its order, a sentence behind the voice it is about.
    whole = sorted([*voice, *others], key=lambda e: e.at_ms)
    return tuple(sorted(whole, key=_place))


def turned(corrections: Iterable[Correction]) -> Iterator[Correction]:
    """Yield what keeps corrections true when the machine's sides are turned round.

    First each takes back what it said of the sentence of the old side, then the sentence of the new side gets it. Whom
    a person gave a sentence to, theirs it stays; cues that were given for another side than it has now are gone.
    """
    for c in corrections:
        yield Correction(c.who, c.start_ms)
        now = Who.CUSTOMER if c.who is Who.REP else Who.REP
        cues = c.cues if (c.speaker or c.who) is (c.speaker or now) else None
        moved = Correction(now, c.start_ms, None if c.speaker is now else c.speaker, c.text, cues)
        if moved:
            yield moved


def _place(event: Event) -> tuple[int, int]:
    """Return where an event stands: the call begins before all else and ends behind it."""
    name = type(event).__name__
    return (0 if name == "CallStarted" else 2 if name == "CallEnded" else 1, event.at_ms)


def _put_right(s: SentenceHeard, corrections: Mapping[SentenceKey, Correction]) -> SentenceHeard:
    c = corrections.get((s.who, s.start_ms))
    if c is None:
        return s
    cues, scores = s.cues, s.scores
    if c.speaker not in (None, s.who):
        cues, scores = tuple(n for n in s.cues if n == BACKCHANNEL), ()
    if c.cues is not None:
        cues = c.cues
    return replace(
        s, who=c.speaker or s.who, text=s.text if c.text is None else c.text, cues=cues, scores=scores
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """One run of voice: when it began and ended, and when each became known; no end while it goes on."""

    start_ms: int
    known_ms: int
    end_ms: int | None
    end_known_ms: int


def _spans(events: Sequence[Event], who: Who) -> list[_Span]:
    spans: list[_Span] = []
    for e in events:
        if isinstance(e, VoiceStarted) and e.who is who:
            spans.append(_Span(e.since_ms, e.at_ms, None, 0))
        elif isinstance(e, VoiceStopped) and e.who is who and spans and spans[-1].end_ms is None:
            spans[-1] = replace(spans[-1], end_ms=e.since_ms, end_known_ms=e.at_ms)
    return spans


def _moved(spans: list[_Span], who: Who, moved: Iterable[SentenceHeard]) -> list[_Span]:
    """Return the voice of one side without what was taken from it, and with what it was given."""
    for s in moved:
        if s.who is who:
            spans = [part for span in spans for part in _without(span, s.start_ms, s.end_ms)]
        else:
            rest = [part for span in spans for part in _without(span, s.start_ms, s.end_ms)]
            given = _Span(s.start_ms, s.start_ms, s.end_ms, s.end_ms)
            spans = sorted([*rest, given], key=lambda p: p.start_ms)
    return spans


def _without(span: _Span, start: int, end: int) -> Iterator[_Span]:
    if span.start_ms < start:
        if span.end_ms is not None and span.end_ms <= start:
            yield span
            return
        yield replace(span, end_ms=start, end_known_ms=max(start, span.known_ms))
    if span.end_ms is None or span.end_ms > end:
        later = max(span.start_ms, end)
        yield replace(span, start_ms=later, known_ms=max(later, span.known_ms))


def _voiced(who: Who, spans: Iterable[_Span]) -> Iterator[VoiceStarted | VoiceStopped]:
    at = 0
    for span in spans:
        at = max(at, span.known_ms)
        yield VoiceStarted(at, who, span.start_ms)
        if span.end_ms is not None:
            at = max(at, span.end_known_ms)
            yield VoiceStopped(at, who, span.end_ms)

"""Write many closed spans of a recording at once: fewer windows, and several of them in one go.

Owns which spans share a window, which word belongs to which of them, and which span is written again alone.
Refuses to know models and threads: it asks a `Writer` for texts.

Theory of operation. A span is 3 s long and its window 15 s, so most of the encoder's work is spent on silence;
and whoever may wait for minutes need not write a span before the next is known. So the spans of one side that
follow each other are laid into one window, a little quiet between them (a pack), and several packs are written
together. The decoder then has more to go by, which takes a quarter of the wrong words away. What it pays
attention to while it writes a word says when that word was said; the words are cut where one span ends and the
next begins, with a leaning to the ends of sentences.

A pack hides what the guards look at: the doubt that anybody spoke is one number for all of it. So a pack that
the model doubts, that is unsure or repeats itself is taken apart, and a span that came out with no words, with
known phantoms, with names alone, with more or fewer letters than its voice has room for, or with voice that no word
stands for is written again alone, as in a live call.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import numpy as np

from coach.speech.guards import (
    DOUBT_LIMIT,
    SURENESS_LIMIT,
    Hypothesis,
    is_loop,
    is_made_of,
    is_phantom_text,
)
from coach.speech.placing import CLAUSE_ENDS, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from coach.call.events import Who
    from coach.speech.spans import Span
    from coach.speech.words import Word

RATE: Final = 16_000

WINDOW_S: Final = 15.0
"""The window of a pack: twice as long costs the encoder four times as much (`speech-facts.md`, section 1.1)."""

ROOM_S: Final = 14.0
"""Sound a pack holds at most; the rest of the window stays quiet, as for a span alone."""

BETWEEN_S: Final = 0.2
"""Quiet between two spans of a pack, on top of the margin each brings.

Source: calls d01, d03, d05 and d08; 0.2 s has 4.5 % wrong words, 0.5 s 4.8 %, 1.0 s 6.8 %.
"""

LONGEST_S: Final = 1.3
"""No word but a number is spoken for longer: where there is so much voice behind the beginning of one and none
follows, the decoder left something out.

Source: calls d01 to d06. The longest word took 1.05 s, "140,000" 1.19 s, and one question was left out, behind a word
that seemed to take 1.57 s.
"""

FEWEST, MOST = 4.0, 30.0
"""Letters a second of voice below or above which words went to the wrong span or were left out."""

CLAUSE_S, SENTENCE_S = 0.4, 0.8
"""How much nearer a cut elsewhere must be to be taken before a cut after a comma, or after a sentence.

Source: the same calls; of 1,228 words one then goes to the wrong span, without any leaning 7 to 22.
"""

LATE_S: Final = 0.1
"""The decoder attends to a word a little after it began."""


class Spoken(Protocol):
    """A closed span with its sound, int16 at 16 kHz."""

    @property
    def who(self) -> Who:
        """Whose channel it is from."""
        ...

    @property
    def span(self) -> Span:
        """When it was."""
        ...

    @property
    def samples(self) -> NDArray[np.int16]:
        """The sound, from ``span.from_ms``."""
        ...


_Span = TypeVar("_Span", bound=Spoken)


@dataclass(frozen=True, slots=True)
class Written:
    """One window as written.

    Args:
        hypothesis: the text and what the model thinks of it.
        texts: its words.
        onsets_s: when each word began, in seconds of the window; never falling.
    """

    hypothesis: Hypothesis
    texts: tuple[str, ...]
    onsets_s: tuple[float, ...]


class Writer(Protocol):
    """What writes the windows."""

    @property
    def names(self) -> Sequence[str]:
        """Names it was told to expect."""
        ...

    def write(self, sounds: Sequence[NDArray[np.int16]], window_s: float) -> list[Written]:
        """Write windows together; each sound is shorter than the window."""
        ...

    def alone(self, spans: Sequence[Spoken]) -> list[list[Word]]:
        """Write each span as a live call does."""
        ...


@dataclass(frozen=True, slots=True)
class Pack:
    """Spans that share a window, by their place in the list they came in, and where each lies in it."""

    members: tuple[int, ...]
    places: tuple[tuple[int, int], ...]


def write_many(spans: Sequence[Spoken], writer: Writer) -> list[list[Word]]:
    """Return the words of every span, in order; see the module.

    Args:
        spans: closed spans of any sides, those of one side in order of time.
        writer: writes the windows.
    """
    found: list[list[Word]] = [[] for _ in spans]
    packs = pack(spans)
    shared = [p for p in packs if len(p.members) > 1]
    again = [p.members[0] for p in packs if len(p.members) == 1]
    written = writer.write([_laid(p, spans) for p in shared], WINDOW_S) if shared else []
    for p, window in zip(shared, written, strict=True):
        if _is_doubtful(window.hypothesis):
            again += p.members
            continue
        for k, (a, b), (begin, _) in zip(p.members, cuts(window, p.places), p.places, strict=True):
            texts, onsets_s = window.texts[a:b], [at - begin / RATE for at in window.onsets_s[a:b]]
            if is_odd(texts, spans[k].span.voiced, writer.names) or skips(texts, onsets_s, spans[k].span):
                again.append(k)
            else:
                found[k] = place(texts, spans[k].span.voiced)
    again = sorted(k for k in again if len(spans[k].samples) and spans[k].span.voiced)
    for k, words in zip(again, writer.alone([spans[k] for k in again]), strict=True):
        found[k] = words
    return found


def pack(spans: Sequence[Spoken]) -> list[Pack]:
    """Lay spans of one side that follow each other into windows, in order, as many as there is room for."""
    sides: dict[Who, list[int]] = {}
    for k, s in enumerate(spans):
        sides.setdefault(s.who, []).append(k)
    return [p for members in sides.values() for p in _packed(members, spans)]


def filled(spans: Sequence[_Span]) -> list[list[_Span]]:
    """Return the spans of each window that is full: another of the same side follows it.

    Args:
        spans: closed spans of any sides, those of one side in order of time.
    """
    packs = pack(spans)
    last = {spans[p.members[0]].who: p for p in packs}
    return [[spans[k] for k in p.members] for p in packs if p is not last[spans[p.members[0]].who]]


def _packed(members: Sequence[int], spans: Sequence[Spoken]) -> Iterator[Pack]:
    held: list[int] = []
    places: list[tuple[int, int]] = []
    for k in members:
        begin = places[-1][1] + round(BETWEEN_S * RATE) if places else 0
        end = begin + len(spans[k].samples)
        if held and end > ROOM_S * RATE:
            yield Pack(tuple(held), tuple(places))
            held, places, end = [], [], end - begin
            begin = 0
        held.append(k)
        places.append((begin, end))
    if held:
        yield Pack(tuple(held), tuple(places))


def cuts(window: Written, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give each span of a pack its words, from one to before another: cut nearest to the quiet between.

    By preference it is cut after a sentence.
    """
    found = [0]
    for (_, before), (after, _) in pairwise(places):
        found.append(_cut(window, (before + after) / 2 / RATE + LATE_S, places[-1][1] / RATE, found[-1]))
    return list(pairwise([*found, len(window.texts)]))


def skips(texts: Sequence[str], onsets_s: Sequence[float], span: Span) -> bool:
    """Say whether there is more voice in a span than its words stand for.

    Args:
        texts: its words.
        onsets_s: when each began, in seconds since ``span.from_ms``.
        span: when it was, and when there was voice in it.
    """
    voiced = [((start - span.from_ms) / 1000, (end - span.from_ms) / 1000) for start, end in span.voiced]
    after = pairwise([*onsets_s, voiced[-1][1]]) if voiced else ()
    return any(
        sum(max(0.0, min(end, until) - max(start, since)) for start, end in voiced) > LONGEST_S
        for text, (since, until) in zip(texts, after, strict=False)
        if not any(c.isdigit() for c in text)
    )


def is_odd(texts: Sequence[str], voiced: Sequence[tuple[int, int]], names: Sequence[str]) -> bool:
    """Say whether the words that a pack gave a span need a second look: see the module."""
    if not texts or is_phantom_text(texts) or is_made_of(texts, names):
        return True
    seconds = sum(end - start for start, end in voiced) / 1000
    letters = sum(c.isalnum() for t in texts for c in t)
    return not FEWEST * seconds <= letters <= MOST * seconds


def _is_doubtful(hypothesis: Hypothesis) -> bool:
    return hypothesis.no_speech > DOUBT_LIMIT or hypothesis.sureness < SURENESS_LIMIT or is_loop(hypothesis)


def _laid(p: Pack, spans: Sequence[Spoken]) -> NDArray[np.int16]:
    sound = np.zeros(p.places[-1][1], np.int16)
    for k, (begin, end) in zip(p.members, p.places, strict=True):
        sound[begin:end] = spans[k].samples
    return sound


def _cut(window: Written, at_s: float, end_s: float, first: int) -> int:
    """Return how many words stand before a moment, at least ``first``."""
    onsets, texts = (*window.onsets_s, end_s), window.texts

    def cost(k: int) -> float:
        return abs(onsets[k] - at_s) + (_reluctance(texts[k - 1]) if 0 < k < len(texts) else 0.0)

    return min(range(first, len(texts) + 1), key=cost)


def _reluctance(text: str) -> float:
    if text[-1:] in ".?!":
        return 0.0
    return CLAUSE_S if text[-1:] in CLAUSE_ENDS else SENTENCE_S

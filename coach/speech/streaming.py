"""Write words while they are being said: what two drafts in a row agree on stands.

Owns the words of one channel's open span. Refuses to know models, threads and clocks: whoever has time hands in
the span so far, and in the end the span that closed.

Theory of operation. A draft of speech that still goes on is wrong at its end, where the sound was cut. A word
stands (is *committed*) when two drafts in a row, the second with more sound, write the same word in its place; and
every word stands once the voice has stopped. (That words stand on which all hypotheses of one draft agree was tried:
they stand sooner by a tenth of a second, and 1.7 words in a hundred more were wrong on d03.) The decoder goes on from
words that stand, so they can never change; only the mark behind the last of them stays open, because a full stop
before more speech is the decoder's guess that the sound ended there. A word is *handed out*, with its mark and its
times, as soon as the word behind it stands, or its mark does.

Whisper writes better with more to go by, and the window of a careful draft has room: the span before and its words
are laid in front. Only where a draft of the span alone was believed: in company the guards would not see a phantom.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from coach.speech.placing import place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from coach.speech.spans import Span
    from coach.speech.words import Word

RATE: Final = 16_000

COMPANY_S: Final = 13.5
"""A span and the one before it share the window of a careful draft (15 s) where both are no longer than this.

Source: d02 and d03, drafts on a clock that takes 6.8 words in a hundred wrong for 7.6 without company.
"""

DIFFER_IN: Final = 2
AGREED_BEHIND: Final = 4
"""Two drafts may differ in so many words where they agree on so many behind them: then the newer stands.

Source: d01 to d06 and a phone call (`benchmarks/scribe.py`). One word that each draft hears otherwise held back all
behind it: nineteen words in twenty of the phone call stood within 1.68 s, now within 1.44; wrong words of the six
calls 167, now 168 of 3,227. Where three agreed words are enough: 1.30 s, and 175.
"""

_WAYS: Final = sorted(product(range(DIFFER_IN + 1), repeat=2), key=lambda way: (sum(way), max(way)))
"""How many words of each draft may lie between, the shortest way first."""

SURE_OF_MARK: Final = 3
MARKS: Final = (".", "?", "!")
"""So many drafts in a row that end a sentence behind the same word: it ends there, though none stands behind it.

A speaker who says "um" goes on with the voice and not with words.
"""

BETWEEN: Final = RATE // 5
"""Quiet between the two, in samples; as in `coach.speech.batches`."""

_NOTHING: Final = np.zeros(0, np.int16)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a draft came to, for whoever measures: all words of the span as they are believed now.

    The first ``standing`` of them will not change. ``closed`` says that the span is over.
    """

    words: tuple[str, ...]
    standing: int
    span: Span
    closed: bool


class Drafter(Protocol):
    """Writes a span that may still be going on; slow, so it runs on the scribe's thread."""

    def draft(
        self,
        samples: NDArray[np.int16],
        said: Sequence[str],
        voiced: Sequence[tuple[int, int]],
        *,
        careful: bool = False,
    ) -> list[str] | None:
        """Return all words of the span so far.

        Args:
            samples: the span so far, shape ``(n,)``, int16, 16 kHz.
            said: words that stand, as written, the last without its mark; the text goes on from them.
            voiced: the voices inside, in milliseconds since the call began.
            careful: the voice has stopped, so this is the last word on it.

        Returns:
            The words, those already ``said`` first; none where nobody spoke; None for a draft not to be believed.
        """
        ...


class NoDrafter:
    """Writes nothing: what a stream is kept with until there is a drafter again."""

    def draft(self, *_: object, **__: object) -> list[str] | None:
        """Return a draft not to be believed."""
        return None


class Stream:
    """The words of one channel, span after span.

    Args:
        drafter: writes.
        watch: is told of every draft; for measuring.
    """

    def __init__(self, drafter: Drafter, watch: Callable[[Draft], None] | None = None) -> None:
        self._drafter = drafter
        self._watch = watch
        self._before: tuple[NDArray[np.int16], list[str]] = (_NOTHING, [])
        """The span before, and its words: both empty where it has none."""
        self._standing: list[str] = []
        self._believed: list[str] = []
        self._times: list[Word] = []
        self._runs: list[int] = []
        """For each word believed, how many drafts in a row wrote it so, with this very mark."""
        self._handed = 0
        self._settled_ms = self._until_ms = 0

    def draft(self, samples: NDArray[np.int16], span: Span) -> list[Word]:
        """Take the open span so far; return the words to hand out, in order, each once."""
        believed = self._write(samples, span, careful=not span.goes_on)
        if believed is None:
            return []
        if span.goes_on:
            count = len(self._standing)
            count += _agreed(self._believed[count:], believed[count:])
        else:
            count = len(believed)
        self._runs = _runs(self._runs, self._believed, believed)
        self._believed, self._standing = believed, believed[:count]
        self._settled_ms = 0 if span.goes_on else span.end_ms
        self._tell(span, closed=False)
        self._times = place(believed, span.voiced)
        if count and self._runs[count - 1] >= SURE_OF_MARK and believed[count - 1].endswith(MARKS):
            self._times[count - 1] = replace(self._times[count - 1], behind=None)
            return self._hand_out(count)
        return self._hand_out(max(0, count - 1))

    def finish(self, samples: NDArray[np.int16], span: Span) -> list[Word]:
        """Take the closed span; return the words not handed out yet. The next span begins afresh."""
        inside = self._standing_in(span)
        carried = self._standing[inside:]
        if inside < self._handed:
            # Cut off behind its speaker, before words that were handed out already: the next span holds their sound.
            handed, until_ms = self._handed - inside, self._until_ms
            self._standing = self._believed = self._standing[:inside]
            self._tell(span, closed=True)
            self._begin(carried)
            self._handed, self._until_ms = handed, until_ms
            return []
        if inside < len(self._standing) or span.end_ms != self._settled_ms:
            self._standing = self._standing[:inside]
            believed = self._write(samples, span, careful=True)
            self._believed = self._standing if believed is None else believed
        self._standing = self._believed
        self._tell(span, closed=True)
        self._times = place(self._believed, span.voiced) if span.voiced else []
        words = self._hand_out(len(self._believed))
        before = (samples, list(self._believed))
        self._begin(carried)
        if before[1] and not carried:
            self._before = before
        return words

    def through(self, drafter: Drafter) -> Stream:
        """Return this stream as it is, to go on through another drafter: what was handed out is not again."""
        other = Stream(drafter, self._watch)
        other._standing, other._believed = list(self._standing), list(self._believed)
        other._times, other._runs, other._handed = list(self._times), list(self._runs), self._handed
        other._settled_ms, other._until_ms = self._settled_ms, self._until_ms
        return other

    def drop(self) -> None:
        """Forget the open span: its sound was given up."""
        self._begin([])

    def _begin(self, carried: list[str]) -> None:
        self._before = (_NOTHING, [])
        self._standing, self._believed, self._times, self._runs = carried, list(carried), [], []
        self._handed = self._settled_ms = self._until_ms = 0

    def _write(self, samples: NDArray[np.int16], span: Span, *, careful: bool) -> list[str] | None:
        said = list(self._standing)
        if said:
            said[-1] = _unmarked(said[-1])
        believed = self._in_company(samples, said, span) if careful else None
        if believed is None:
            believed = self._drafter.draft(samples, said, span.voiced, careful=careful)
        if believed is None:
            return None
        if len(believed) < len(said):
            return list(self._standing)
        # Words handed out keep the marks they were handed out with.
        return self._standing[: self._handed] + believed[self._handed :]

    def _in_company(self, samples: NDArray[np.int16], said: Sequence[str], span: Span) -> list[str] | None:
        """Write a span behind the one before it; None where that cannot be done, or brought nothing."""
        sound, words = self._before
        if not (words and self._believed) or len(sound) + len(samples) > COMPANY_S * RATE:
            return None
        both = np.concatenate((sound, np.zeros(BETWEEN, np.int16), samples))
        written = self._drafter.draft(both, [*words, *said], span.voiced, careful=True)
        if written is None or len(written) < len(words) + max(1, len(said)):
            return None  # a repeat across both may be none in either
        return written[len(words) :]

    def _standing_in(self, span: Span) -> int:
        """Count the words that stand inside a span: one cut off behind its speaker ends before the last of them."""
        if not span.goes_on or not self._times:
            # All are inside where the speaker stopped, though a draft, which hears of a stop late, placed the last of
            # them behind the end; and those carried over are not placed in this span yet.
            return len(self._standing)
        return sum(w.start_ms + w.end_ms < 2 * span.end_ms for w in self._times[: len(self._standing)])

    def _hand_out(self, until: int) -> list[Word]:
        out = []
        for word in self._times[self._handed : until]:
            # Placed again among more voice, a word may have moved to where the one before it already was.
            start_ms = max(word.start_ms, self._until_ms)
            self._until_ms = max(word.end_ms, start_ms)
            out.append(replace(word, start_ms=start_ms, end_ms=self._until_ms))
        self._handed = max(self._handed, until)
        return out

    def _tell(self, span: Span, *, closed: bool) -> None:
        if self._watch is not None:
            self._watch(Draft(tuple(self._believed), len(self._standing), span, closed))


def _runs(runs: Sequence[int], before: Sequence[str], now: Sequence[str]) -> list[int]:
    """Return for each word of a draft how many in a row have written it so."""
    kept = [run + 1 if a == b else 1 for run, a, b in zip(runs, before, now, strict=False)]
    return kept + [1] * (len(now) - len(kept))


def _agreed(before: Sequence[str], now: Sequence[str]) -> int:
    """Return how many words of the newer draft stand: those both agree on, and what little they differ in between."""
    first, second = ([_bare(word) for word in words] for words in (before, now))
    at, count = 0, 0
    while True:
        while at < len(first) and count < len(second) and first[at] == second[count]:
            at, count = at + 1, count + 1
        over = _detour(first[at:], second[count:])
        if over is None:
            return count
        at, count = at + over[0], count + over[1]


def _detour(first: Sequence[str], second: Sequence[str]) -> tuple[int, int] | None:
    """Return how many words of each draft lie before the next `AGREED_BEHIND` on which they agree; the shortest way."""
    for a, b in _WAYS:
        behind = first[a : a + AGREED_BEHIND]
        if len(behind) == AGREED_BEHIND and behind == second[b : b + AGREED_BEHIND]:
            return a, b
    return None


def _bare(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _unmarked(text: str) -> str:
    return text.rstrip(".,;:?!…-") or text

"""Join the words of one channel's spans into sentences.

Owns where a sentence begins and ends. Refuses to know models, cues and clocks: it sees words with times, and
the audio time up to which everything has been heard.

Theory of operation. Whisper's punctuation is a hint: it ends a sentence inside a span, unless it belongs to
a number or an abbreviation, and so does a pause that no sentence survives (`PAUSE_MS`). At the end of a span
the hint is weaker, because Whisper closes nearly every text with a full stop, cut off or not. A text that is
plainly unfinished waits for the next span, but never long: at ``due_ms`` it is given out as it stands. Times
are those of the audio, so the machine's speed changes nothing.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from coach.speech.words import Utterance, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.speech.spans import Span

PAUSE_MS: Final = 700
"""A pause this long between two words ends a sentence, whatever the punctuation says."""

JOIN_MS: Final = 1_000
"""A sentence cut off by a span's end goes on only if the same voice is back within this time."""

WAIT_MS: Final = 800
"""An unfinished sentence waits this long after its span closed for the rest of it."""

SCRAP_WORDS: Final = 2
"""So few unfinished words carry no cue of their own and may wait longer."""

SCRAP_WAIT_MS: Final = 6_000

_FINAL: Final = re.compile(r"[.?!][\"')\]]*$")
_TRAILING: Final = re.compile(r"(\.\.\.|…|-|\u2013|\u2014|,|;|:)[\"')\]]*$")
_INITIAL: Final = re.compile(r"^([A-Za-z]\.)+$")
_NUMBERED: Final = re.compile(r"^\d+\.$")
_ABBREVIATION: Final = re.compile(r"mr|mrs|ms|dr|prof|st|vs|e\.g|i\.e|inc|ltd|co|jr|sr|approx|dept|est|fig")
_DANGLING: Final = re.compile(
    r"a|an|the|and|or|but|so|because|if|when|while|which|who|whose|of|to|for|with|from|by|in|on|at|as|than|into"
    r"|about|my|your|our|their|his|its|is|are|was|were|be|i|we|they|(you|we|they)'re|i'm|it's|very|really|um|uh"
)
"""Last words that leave a sentence open, even where Whisper closed it."""


class SentenceBuilder:
    """Take the words of one channel's spans in order, give sentences in order.

    ``now_ms`` is the audio time up to which every closed span has been handed in (`Span.closed_at_ms`): a
    line that allows the decoder some time hands in the audio time less that allowance.
    """

    def __init__(self, *, wait_ms: int = WAIT_MS) -> None:
        self._wait_ms = wait_ms
        self._held: list[Word] = []
        self._due_ms: int | None = None

    @property
    def due_ms(self) -> int | None:
        """When `passed` would give out what is held; None when nothing is."""
        return self._due_ms

    def hear(self, words: Sequence[Word], span: Span) -> list[Utterance]:
        """Take the words of the next span; an empty list is a span without speech.

        Returns the sentences that are whole now, the held one first where the span came too late for it.
        """
        given = self.passed(span.closed_at_ms - 1)
        if not words:
            return given
        if self._held and not _goes_on(self._held[-1], words[0]):
            given += self.end()
        *whole, last = _split([*self._held, *words])
        given += [_utterance(w) for w in whole]
        self._held, self._due_ms = last, None
        wait_ms = self._waits(last, goes_on=span.goes_on)
        if wait_ms:
            self._due_ms = span.closed_at_ms + wait_ms
        else:
            given += self.end()
        return given

    def passed(self, now_ms: int) -> list[Utterance]:
        """Give out what has waited long enough."""
        return self.end() if self._due_ms is not None and now_ms >= self._due_ms else []

    def end(self) -> list[Utterance]:
        """Give out what is held: nothing more will come."""
        held, self._held, self._due_ms = self._held, [], None
        return [_utterance(held)] if held else []

    def _waits(self, words: Sequence[Word], *, goes_on: bool) -> int:
        """Return how long the words at the end of a span wait for more; 0 when they are a sentence."""
        if not (goes_on or is_unfinished([w.text for w in words])):
            return 0
        return SCRAP_WAIT_MS if len(words) <= SCRAP_WORDS else self._wait_ms


def is_unfinished(texts: Sequence[str]) -> bool:
    """Say whether a text plainly lacks its end: no final mark, or a last word that never ends a sentence."""
    last = texts[-1]
    if _TRAILING.search(last) or not _FINAL.search(last):
        return True
    return last.endswith(".") and _DANGLING.fullmatch(_bare(last)) is not None


def ends_sentence(text: str, following: str) -> bool:
    """Say whether a sentence ends between these two words as written."""
    if not _FINAL.search(text) or text.endswith(("...", "…")):
        return False
    if text[-1] in "?!":
        return True
    if (
        _ABBREVIATION.fullmatch(_bare(text))
        or _INITIAL.match(text)
        or (_NUMBERED.match(text) and following[:1].isdigit())
    ):
        return False
    return not following[:1].islower()


def _goes_on(before: Word, after: Word) -> bool:
    return after.start_ms - before.end_ms <= JOIN_MS


def _split(words: Sequence[Word]) -> list[list[Word]]:
    sentences: list[list[Word]] = [[words[0]]]
    for before, after in pairwise(words):
        if ends_sentence(before.text, after.text) or after.start_ms - before.end_ms >= PAUSE_MS:
            sentences.append([])
        sentences[-1].append(after)
    return sentences


def _utterance(words: Sequence[Word]) -> Utterance:
    return Utterance(words[0].start_ms, words[-1].end_ms, " ".join(w.text for w in words))


def _bare(text: str) -> str:
    return text.lower().strip("\"'()[].,;:?!…-")

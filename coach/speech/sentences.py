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
from dataclasses import replace
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

WAIT_MS: Final = 600
"""An unfinished sentence waits this long after its span closed for the voice, or for the rest of it."""

BACK_WAIT_MS: Final = 4_000
"""With the voice back in time it waits for the next span, at most so long: nineteen spans in twenty are shorter."""

_FINAL: Final = re.compile(r"[.?!][\"')\]]*$")
_TRAILING: Final = re.compile(r"(\.\.\.|…|-|\u2013|\u2014|,|;|:)[\"')\]]*$")
_INITIAL: Final = re.compile(r"^([A-Za-z]\.)+$")
_NUMBERED: Final = re.compile(r"^\d+\.$")
_ABBREVIATION: Final = re.compile(r"mr|mrs|ms|dr|prof|st|vs|e\.g|i\.e|inc|ltd|co|jr|sr|approx|dept|est|fig")
_DANGLING: Final = re.compile(
    r"a|an|the|and|or|but|because|if|while|whose|of|to|for|with|from|as|than|into|my|your|our|their|his|its"
    r"|i|(you|we|they)'re|i'm|it's|very|like|um|uh|er"
)
"""Last words that leave a sentence open, even where Whisper closed it."""
_LEAD_IN: Final = re.compile(
    r"((and|but|so|um|uh|yeah|well|now|because),? )*(if|when|whenever|before|after|although|unless|while|once|until)\b"
)
"""First words that promise a main clause; without a comma inside it has not come yet."""


class SentenceBuilder:
    """Take the words of one channel's spans in order, give sentences in order.

    ``now_ms`` is the audio time up to which every closed span has been handed in (`Span.closed_at_ms`): a
    line that allows the decoder some time hands in the audio time less that allowance. Changes of voice may be
    handed in ahead of that time, never behind it; without any, an unfinished sentence waits `WAIT_MS` only.
    """

    def __init__(self) -> None:
        self._held: list[Word] = []
        self._closed_at_ms = self._end_ms = 0
        self._voices: list[tuple[int, int]] = []
        self._inside = False
        """What is held ends inside a span: more words of it are to come."""

    @property
    def due_ms(self) -> int | None:
        """When `passed` would give out what is held; None when nothing is."""
        if not self._held or self._inside:
            return None
        due = self._closed_at_ms + WAIT_MS
        # Words handed out early may lie behind the end of a span that was cut off behind its speaker.
        ended = min(self._held[-1].end_ms, self._end_ms)
        back = any(known <= due and ended <= since <= ended + JOIN_MS for known, since in self._voices)
        return self._closed_at_ms + BACK_WAIT_MS if back else due

    def voice(self, known_ms: int, speaking: bool, since_ms: int) -> None:  # noqa: FBT001 - the detector's triple
        """Take a change of this channel's voice: a speaker who is back may be finishing the sentence."""
        if speaking:
            self._voices.append((known_ms, since_ms))

    def hear(self, words: Sequence[Word], span: Span) -> list[Utterance]:
        """Take the words of the next span; an empty list is a span without speech.

        Returns the sentences that are whole now, the held one first where the span came too late for it.
        """
        given = self._take(words, span.closed_at_ms)
        self._voices = [v for v in self._voices if v[1] >= span.end_ms]
        if words or self._inside:
            self._inside, self._closed_at_ms, self._end_ms = False, span.closed_at_ms, span.end_ms
            if self._held and not (span.goes_on or is_unfinished([w.text for w in self._held])):
                given += self.end()
        return given

    def hear_early(self, words: Sequence[Word], known_ms: int) -> list[Utterance]:
        """Take the first or the next words of a span that is still open at ``known_ms``.

        Returns the sentences that are whole now: those behind which a word stands.
        """
        given = self._take(words, known_ms)
        self._inside = self._inside or bool(words)
        return given

    def _take(self, words: Sequence[Word], known_ms: int) -> list[Utterance]:
        given = self.passed(known_ms - 1)
        if not words:
            return given
        if self._held and words[0].start_ms - self._held[-1].end_ms > JOIN_MS:
            given += self.end()
        before = self._held if self._inside else _opened(self._held)
        *whole, self._held = _split([*before, *words])
        if _is_over(self._held):
            whole, self._held = [*whole, self._held], []
        return given + [_utterance(w) for w in whole]

    def passed(self, now_ms: int) -> list[Utterance]:
        """Give out what has waited long enough."""
        due = self.due_ms
        return self.end() if due is not None and now_ms >= due else []

    def end(self) -> list[Utterance]:
        """Give out what is held: nothing more will come."""
        held, self._held, self._inside = self._held, [], False
        return [_utterance(held)] if held else []


def is_unfinished(texts: Sequence[str]) -> bool:
    """Say whether a text plainly lacks its end.

    No final mark, a last word that never ends a sentence, or a lead-in ("Before I say a word about us.") whose
    main clause has not come. A question mark is always believed.
    """
    last = texts[-1]
    if _TRAILING.search(last) or not _FINAL.search(last):
        return True
    return last.endswith(".") and (_dangles(last) or _leads_in(texts))


def _is_over(words: Sequence[Word]) -> bool:
    """Say whether a sentence ends with these words, by what is known behind the last of them."""
    last = words[-1]
    if last.behind is None:
        return ends_sentence(last.text, "") and not is_unfinished([w.text for w in words])
    return last.behind != "" and ends_sentence(last.text, last.behind)


def _dangles(text: str) -> bool:
    return _DANGLING.fullmatch(_bare(text)) is not None


def _leads_in(texts: Sequence[str]) -> bool:
    text = " ".join(texts).lower()
    lead_in = _LEAD_IN.match(text)
    return lead_in is not None and "," not in text[lead_in.end() :]


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


def _opened(words: list[Word]) -> list[Word]:
    """Take the full stop off an unfinished text: it was the end of the span, not of the sentence."""
    texts = [w.text for w in words]
    if not words or not is_unfinished(texts):
        return words
    plain = words[-1].text.rstrip(".…") or words[-1].text
    comma = "," if texts[-1].endswith(".") and _leads_in(texts) else ""
    return [*words[:-1], replace(words[-1], text=plain + comma)]


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

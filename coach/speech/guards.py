"""Know a text that Whisper made up, and one that it repeats.

Owns every limit of the faults that sound like success: the phantom ("Thank you." where nobody spoke), the loop
(a phrase for ever) and the echo (a name it was told to expect, where nobody said it). Refuses to know models: it
sees a hypothesis as a value, so every limit is a test.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_SPEECH_LIMIT: Final = 0.6
"""Above this doubt the text is a phantom: real phone speech stays below 0.58, most noise is above 0.7."""

DOUBT_LIMIT: Final = 0.4
"""Above this doubt an unsure text or a known phantom is one too: tones and ringing lie from 0.44 upwards."""

SURENESS_LIMIT: Final = -1.5
"""Mean log probability a token below which a doubted text is dropped; doubted real speech is above -1."""

PHANTOM_VOICE_MS: Final = 150
"""A known phantom on less voice than this is dropped: nobody says a word in it."""

COMPRESSION_LIMIT: Final = 2.4
"""A text that zlib shrinks by more than this repeats itself (the limit of Whisper's authors)."""

WORD_REPEATS: Final = 5
"""A single word so often in a row is a loop ("no, no, no, no" is not)."""

PHRASE_REPEATS: Final = 3
"""Two to eight words so often in a row are a loop."""

ECHO_DOUBT: Final = 0.3
"""Above this doubt a text that was written with names to expect is checked by one written without."""

ECHO_ALIKE: Final = 0.5
"""A name alone is believed when what is written without the hint shares so much of its letters (0 to 1)."""

PHANTOMS: Final = frozenset(
    {
        "you",
        "the",
        "i",
        "beep",
        "bye",
        "im sorry",
        "thank you",
        "thank you very much",
        "thank you for watching",
        "thanks for watching",
        "the end",
    }
)
"""What tiny.en and base write where nobody speaks, without punctuation and repeats."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What the decoder wrote, and how much it believes it.

    Args:
        text: as written, punctuation included.
        tokens: how many it took.
        most_tokens: how many it was allowed.
        no_speech: the model's doubt that anybody spoke, 0 to 1.
        sureness: mean log probability a token, 0 is certain.
    """

    text: str
    tokens: int
    most_tokens: int
    no_speech: float
    sureness: float


def is_phantom(hypothesis: Hypothesis, voiced_ms: int) -> bool:
    """Say whether this text was made up.

    The model doubts that there was speech; or it doubts a little, and is unsure of the words or known to make
    them up; or words known to be made up have hardly any voice or hardly any likelihood.
    """
    words = hypothesis.text.split()
    if not _bare(words) or hypothesis.no_speech > NO_SPEECH_LIMIT:
        return True
    known = is_phantom_text(words)
    doubted, unsure = hypothesis.no_speech > DOUBT_LIMIT, hypothesis.sureness < SURENESS_LIMIT
    return (doubted and (unsure or known)) or (known and (unsure or voiced_ms < PHANTOM_VOICE_MS))


def is_phantom_text(texts: Sequence[str]) -> bool:
    """Say whether these words are known to be made up where nobody speaks, said once or again and again."""
    return " ".join(word for word, _ in groupby(_bare(texts))) in PHANTOMS


def is_made_of(texts: Sequence[str], names: Sequence[str]) -> bool:
    """Say whether a text is nothing but these names."""
    return set(_bare(" ".join(names).split())).issuperset(_bare(texts))


def is_loop(hypothesis: Hypothesis) -> bool:
    """Say whether the decoder repeats itself: by compression, by count, or by ear."""
    text = hypothesis.text.encode()
    if not text:
        return False
    squeezed = len(text) / len(zlib.compress(text))
    words = hypothesis.text.split()
    return (
        hypothesis.tokens >= hypothesis.most_tokens
        or squeezed > COMPRESSION_LIMIT
        or len(before_repeat(words)) < len(words)
    )


def is_shouted(texts: Sequence[str]) -> bool:
    """Say whether these words are all in capitals: a decoder that keeps one hypothesis writes so, and bends them."""
    words = [text for text in texts if sum(c.isalpha() for c in text) > 1]
    return len(words) > 1 and all(word.isupper() for word in words)


def may_be_echo(hypothesis: Hypothesis, names: Sequence[str]) -> bool:
    """Say whether a text written with names to expect needs a second look.

    It is nothing but those names, or the model doubts a little that anybody spoke, or is unsure, or repeats itself.
    """
    unsure = hypothesis.no_speech > ECHO_DOUBT or hypothesis.sureness < SURENESS_LIMIT
    return unsure or is_made_of(hypothesis.text.split(), names) or is_loop(hypothesis)


def without_echo(hinted: Hypothesis, plain: Hypothesis, names: Sequence[str], voiced_ms: int) -> Hypothesis:
    """Return the one to believe: written with names to expect, or without.

    The second is what every other guard was measured on. Where it is no speech, there was none; where the first
    is nothing but names, the second must sound like them.
    """
    if is_phantom(plain, voiced_ms) or is_loop(hinted):
        return plain
    if not is_made_of(hinted.text.split(), names):
        return hinted
    words, others = (_bare(h.text.split()) for h in (hinted, plain))
    alike = SequenceMatcher(None, "".join(words), "".join(others), autojunk=False).ratio()
    return hinted if alike >= ECHO_ALIKE else plain


def before_repeat(texts: Sequence[str]) -> list[str]:
    """Return the words up to and including the first round of a repeat; all of them without one."""
    bare = _bare(texts, keep_empty=True)
    for at in range(len(bare)):
        for length in range(1, 9):
            times = WORD_REPEATS if length == 1 else PHRASE_REPEATS
            phrase = bare[at : at + length]
            if len(bare) >= at + length * times and bare[at : at + length * times] == phrase * times:
                return list(texts[: at + length])
    return list(texts)


def _bare(texts: Sequence[str], *, keep_empty: bool = False) -> list[str]:
    plain = ["".join(c for c in t.lower() if c.isalnum()) for t in texts]
    return plain if keep_empty else [p for p in plain if p]

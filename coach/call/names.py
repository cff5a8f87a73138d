"""Names in words as a recogniser writes them.

Owns when a name was said: whatever its case and its marks, written apart ("ferro lift") or a little misheard
("Ferolift"). Refuses to know whose name it is, and what saying it means.

Theory of operation. A name of fewer than `LONG` letters counts only as it is written: "acne" is not Acme. A
longer one may be written apart, because a recogniser does that with words it has never seen; and it may be
misheard within `NEAR`, measured on spellings of the same sound ("ph" is "f", a doubled letter is one), where a
vowel is half as much as a consonant, and the first sound must be the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONG: Final = 8
"""Letters from which a name may be misheard: shorter ones have too many neighbours among ordinary words."""
JOINED: Final = 6
"""Letters from which a name may be written apart; letter by letter ("M R R") it always may."""
NEAR: Final = 1.0
"""How far a long name may be misheard: one consonant, or two vowels."""
NEAR_APART: Final = 0.5
"""The same where it is written apart as well: one vowel."""
_APART: Final = 2  # so many words more than it has a name may be written in

_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_VOWELS: Final = frozenset("aeiou")
_SOUNDS: Final = (
    (re.compile("ph"), "f"),
    (re.compile("ck|q|c(?![eiyh])"), "k"),
    (re.compile("c(?=[eiy])|z"), "s"),
    (re.compile("x"), "ks"),
    (re.compile("y"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A name in a text: from word ``first`` up to, and without, word ``end``."""

    name: str
    first: int
    end: int


def words(text: str) -> list[str]:
    """Return the words of a text without case, marks and accents; an apostrophe inside a word stays."""
    folded = unicodedata.normalize("NFKD", text.replace("\u2019", "'").replace("&", " and ").casefold())
    return _WORD.findall("".join(c for c in folded if not unicodedata.combining(c)))


class Names:
    """Names to listen for.

    Args:
        names: as people say them.
        plural: an "s" more is the same word; for words of a trade ("API"), never for names: "bolts" is not Bolt.
    """

    def __init__(self, names: Iterable[str], *, plural: bool = False) -> None:
        parted = ((name, words(name)) for name in names)
        # The longest first: "Acme Lifts" is more than Acme.
        self._names = sorted(
            ((name, _joined(parts), len(parts)) for name, parts in parted if parts), key=lambda n: -len(n[1])
        )
        self._plural = plural

    def spot(self, text: str) -> list[Spot]:
        """Return the names in a text, in order; none overlaps another."""
        said = words(text)
        found: list[Spot] = []
        for name, letters, count in self._names:
            for first in range(len(said)):
                end = self._end(letters, count, said, first)
                if end and not any(s.first < end and first < s.end for s in found):
                    found.append(Spot(name, first, end))
        return sorted(found, key=lambda s: s.first)

    def _end(self, letters: str, count: int, said: Sequence[str], first: int) -> int:
        """Return where a name of so many words that begins at ``first`` ends, 0 where none begins there."""
        ends = range(first + 1, min(len(said), first + count + _APART) + 1)
        for end in ends:
            heard = _joined(said[first:end])
            whole = heard == letters or (self._plural and heard == f"{letters}s")
            spelt = all(len(w) == 1 for w in said[first:end])
            if whole and (end - first == count or len(letters) >= JOINED or spelt):
                return end
        if len(letters) < LONG:
            return 0
        near = ((_distance(_sound(letters), _sound(_joined(said[first:end]))), end) for end in ends)
        fits = ((far, end) for far, end in near if far <= (NEAR if end - first <= count else NEAR_APART))
        return min(fits, default=(0.0, 0))[1]


def _joined(said: Sequence[str]) -> str:
    """Return words as one, without the "'s" at their end."""
    return "".join(said).removesuffix("'s").replace("'", "")


@lru_cache(maxsize=4096)
def _sound(letters: str) -> str:
    """Return a spelling that words of the same sound share."""
    for pattern, sound in _SOUNDS:
        letters = pattern.sub(sound, letters)
    return letters


@lru_cache(maxsize=4096)
def _distance(one: str, other: str) -> float:
    """Return how far apart two sounds are: 1 a consonant, 0.5 a vowel; infinite where they begin otherwise."""
    if one[:1] != other[:1] or abs(len(one) - len(other)) > 2 * NEAR:
        return float("inf")
    row = [0.0]
    for b in other:
        row.append(row[-1] + _cost(b))
    for a in one:
        above, row = row, [row[0] + _cost(a)]
        for at, b in enumerate(other, 1):
            changed = 0.0 if a == b else max(_cost(a), _cost(b))
            row.append(min(above[at - 1] + changed, above[at] + _cost(a), row[-1] + _cost(b)))
    return row[-1]


def _cost(letter: str) -> float:
    return 0.5 if letter in _VOWELS else 1.0

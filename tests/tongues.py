"""Languages that only tests speak: one that is longer than any other, one that is read from right to left."""

from __future__ import annotations

from typing import Final

from english import PARTS, sentences

from coach.language import Language

_ACCENTS: Final = str.maketrans("aceinouyACEINOUY", "áçéíñöüýÁÇÉÍÑÖÜÝ")
LONGER: Final = 0.4
"""German, Finnish and Greek are longer than English by about so much (W3C, text size in translation)."""


def stretched(english: str) -> str:
    """Return a sentence with accents and 40 % longer; what is filled in, and the letters that keys press, stay."""
    told, end = "", 0
    for part in PARTS.finditer(english):
        told += english[end : part.start()].translate(_ACCENTS) + part.group()
        end = part.end()
    told += english[end:].translate(_ACCENTS)
    if not any(c.isalpha() for c in PARTS.sub("", english)):
        return english
    more = round(LONGER * len(PARTS.sub("", english)))
    return told + (" áßáß" * more)[:more].rstrip()


def pseudo(*, right_to_left: bool = False) -> Language:
    """Return the longer language; read from right to left, each of its sentences begins with a mark that says so."""
    first = "\u200f" if right_to_left else ""
    words = {english: first + stretched(english) for english in sentences()}
    return Language("xx", right_to_left, words)

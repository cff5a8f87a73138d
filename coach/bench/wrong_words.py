"""Count wrong words the way every benchmark here does.

Owns which words count and how they are spelt before they are compared.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNSCORED = re.compile(r"um|uh|er|mm|hmm|mhm|hm|uhhuh|mmhm|and|a|the")
_ONES = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
)
_TENS = re.findall(r"\w+", "zero ten twenty thirty forty fifty sixty seventy eighty ninety")


def scored_words(text: str) -> list[str]:
    """Return the words that count: digits spelt out, fillers and the smallest words left out."""
    text = (
        text.lower()
        .replace("%", " percent ")
        .replace("$", " ")
        .replace("e-mail", "email")
        .replace("okay", "ok")
    )
    text = re.sub(r"(\d),(\d{3})", r"\1\2", text)
    text = re.sub(r"\d+", lambda m: f" {_spelt(int(m.group()))} ", text)
    text = re.sub(r"[^a-z' ]", " ", text).replace("'", "")
    return [w for w in text.split() if not _UNSCORED.fullmatch(w)]


def _spelt(n: int) -> str:
    for unit, name in ((1_000_000, ""), (1_000, "thousand"), (100, "hundred")):
        if n >= unit:
            rest = f" {_spelt(n % unit)}" if n % unit else ""
            return f"{_spelt(n // unit)} {name}{rest}" if name else str(n)
    return _ONES[n] if n < len(_ONES) else f"{_TENS[n // 10]}{f' {_ONES[n % 10]}' if n % 10 else ''}"


def edit_distance(a: Sequence[str], b: Sequence[str]) -> int:
    """Return the fewest substitutions, insertions and deletions between two runs of words."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        corner, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (x != y))
    return row[-1]

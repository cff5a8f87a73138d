"""Files that were cut, flipped and stitched: eight formats, made from a seed, so that any one can be made again.

Owns the making of them. Refuses to know who reads them.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rigs.files import write

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {
    "wav": ("pcm_s16le", 16_000),
    "flac": ("flac", 16_000),
    "mp3": ("libmp3lame", 16_000),
    "ogg": ("vorbis", 16_000),
    "opus": ("libopus", 48_000),
    "m4a": ("aac", 16_000),
    "webm": ("libopus", 48_000),
    "aiff": ("pcm_s16be", 16_000),
}
HEADER = 256
"""So many bytes at the beginning are hit more often than their share: there a file says what it is."""
SECONDS = 2.5


@dataclass(frozen=True, slots=True)
class Mutant:
    """One damaged file: its number and kind tell how to make it again."""

    number: int
    kind: str
    how: str
    data: bytes


def wholes() -> dict[str, bytes]:
    """Return a short whole file of each kind: two voices' worth of noise."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="coach-hostile-") as folder:
        for kind, (codec, rate) in KINDS.items():
            noise = np.random.default_rng(3).normal(0, 3000, (2, round(SECONDS * rate))).astype(np.int16)
            noise[1, : len(noise[1]) // 2] = 0
            found[kind] = write(Path(folder, f"whole.{kind}"), noise, rate, codec=codec).read_bytes()
    return found


def mutants(count: int, seed: int = 8, first: int = 0) -> Iterator[Mutant]:
    """Yield damaged files, the kinds in turn.

    Args:
        count: how many.
        seed: of all of them.
        first: number of the first: any part of a run can be made alone.
    """
    made = wholes()
    kinds = tuple(KINDS)
    for number in range(first, first + count):
        kind = kinds[number % len(kinds)]
        dice = np.random.default_rng([seed, number])
        how = ("cut", "flip", "flip", "header", "block", "swap", "number", "grow")[number // len(kinds) % 8]
        other = made[kinds[int(dice.integers(len(kinds)))]]
        yield Mutant(number, kind, how, damaged(made[kind], other, how, dice))


def damaged(whole: bytes, other: bytes, how: str, dice: np.random.Generator) -> bytes:
    """Return a file damaged in one of eight ways."""
    data = bytearray(whole)
    size = len(data)
    if how == "cut":
        return bytes(data[: int(dice.integers(1, size))])
    if how == "block":  # a piece of another file, or of nothing, in the middle
        at, length = int(dice.integers(size)), int(dice.integers(1, 4096))
        data[at : at + length] = (
            dice.bytes(length) if dice.random() < 0.5 else other[at % len(other) :][:length]
        )
    elif how == "swap":  # two pieces change places
        a, b, n = (int(x) for x in dice.integers(1, max(2, size // 3), 3))
        data[a : a + n], data[b : b + n] = data[b : b + n], data[a : a + n]
    elif how == "number":  # a size or a count at the beginning becomes an extreme
        at = int(dice.integers(min(size, 2 * HEADER)))
        extreme = (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4), b"\xff\xff\xff\x7f", b"\0\0\0\1")
        data[at : at + 4] = extreme[int(dice.integers(len(extreme)))]
    elif how == "grow":  # the beginning of one kind, the rest of another
        data[int(dice.integers(1, size)) :] = other[int(dice.integers(len(other))) :]
    else:
        most = min(size, HEADER) if how == "header" else size
        for _ in range(int(2 ** dice.uniform(0, 8))):
            data[int(dice.integers(most))] ^= 1 << int(dice.integers(8))
    return bytes(data)

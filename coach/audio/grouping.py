"""Find how many voices there are among vectors, and the centre of each.

Owns the gathering and the line between one voice and two. Refuses to know time. Vectors of one voice lie together:
they are gathered from the bottom up until only groups are left that hold enough speech, and two groups are two voices
only if their centres are less alike than a window is to its own centre. That line is drawn by the recording itself,
for vectors of a telephone lie elsewhere than those of a headset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from coach.audio.encoder import SIZE
from coach.audio.voiced import TELLING_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coach.audio.voiced import Voiced

MOST_VOICES: Final = 4
"""More are not told apart: the rest of a meeting is one "other side" anyway."""
GATHERED: Final = 600
"""So many windows, evenly chosen, are gathered into voices: more would take minutes and say the same."""
LEAST_SHARE, LEAST_S, ENOUGH_S = 0.05, 3.0, 20.0
"""A voice speaks for this part of the time, at least 3 s; 20 s are enough however long the recording."""
APART, MORE_APART = 0.005, 0.06
"""Two centres are this much less alike (cosine) than a window is to its own centre; a third voice and a fourth must
stand out more, because the manners of one person differ too.

Source: calls d01 to d06 clean and through a telephone, where two voices lie 0.018 to 0.44 apart, and the halves of
one voice at most 0.002, once 0.016 (benchmarks/speakers.py).
"""
FEW: Final = 0.3
FEWER: Final = 1.3
"""Two centres must lie farther apart by ``min(FEW / n, FEWER / n²)``, n the windows of the smaller group: a centre of a
few windows is mostly chance, and of one voice that is heard briefly the oddest few would make a second.

Source: stretches of 30 to 150 s of d01 to d03, each side alone, clean and through a telephone: one voice lay up to
0.082 apart at n = 2, 0.065 at 4, 0.056 at 5, 0.039 at 6, 0.017 at 10; two voices 0.155 to 0.437. People are more alike:
``pyannote_sample`` 0.009 at n = 22, ``ami_trn08`` 0.125 at 3, ``ami_dev00`` 0.176 at 2; they are to stay two.
"""


def centres_of(voiced: Voiced) -> NDArray[np.float32]:
    """Return the centre of each voice, shape ``(voices, 256)``."""
    telling = np.flatnonzero(voiced.windows[:, 1] - voiced.windows[:, 0] >= TELLING_MS)
    if not len(telling):
        telling = np.arange(len(voiced.windows))
    if not len(telling):
        return np.zeros((0, SIZE), np.float32)
    chosen = telling[np.linspace(0, len(telling) - 1, min(GATHERED, len(telling))).astype(int)]
    vectors = voiced.vectors[chosen]
    worth_s = voiced.seconds / len(vectors)
    least = min(max(LEAST_S, LEAST_SHARE * voiced.seconds), ENOUGH_S) / worth_s
    found = unit(vectors.mean(axis=0, keepdims=True))
    pairs = _gathered(vectors)
    for wanted in range(2, MOST_VOICES + 1):
        centres = _groups(vectors, pairs, wanted, least)
        if centres is None:
            break
        own = float((vectors @ centres.T).max(axis=1).mean())
        apart = own - max(_explained(centres, k) for k in range(wanted))
        fewest = int(np.bincount((vectors @ centres.T).argmax(axis=1), minlength=wanted).min())
        # A conversation has two; where each must stand out that much, chance is in it already.
        if apart < (APART + _chance(max(1, fewest)) if wanted == 2 else MORE_APART):  # noqa: PLR2004 - see above
            break
        found = centres
    return found


def _chance(windows: int) -> float:
    """Return how far apart chance alone puts two centres, the smaller group of so many windows."""
    return min(FEW / windows, FEWER / windows**2)


def _explained(centres: NDArray[np.float32], voice: int) -> float:
    """Return how alike a centre is to the nearest mixture of the others: where two speak at once is no third voice."""
    others = np.delete(centres, voice, axis=0)
    weights, *_ = np.linalg.lstsq(others.T, centres[voice], rcond=None)
    mixture = others.T @ np.maximum(weights, 0)
    return float(centres[voice] @ mixture / max(float(np.linalg.norm(mixture)), 1e-9))


def _gathered(vectors: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Join the two groups most alike, again and again (average linkage); return who was joined to whom."""
    alike = (vectors @ vectors.T).astype(np.float64)
    count, sizes = len(alike), np.ones(len(alike))
    np.fill_diagonal(alike, -np.inf)
    best = alike.max(axis=1)
    pairs = []
    for _ in range(count - 1):
        i = int(best.argmax())
        j = int(alike[i].argmax())
        pairs.append((i, j))
        joint = (sizes[i] * alike[i] + sizes[j] * alike[j]) / (sizes[i] + sizes[j])
        joint[[i, j]] = -np.inf
        alike[i], alike[:, i] = joint, joint
        alike[j], alike[:, j] = -np.inf, -np.inf
        sizes[i] += sizes[j]
        best = alike.max(axis=1)
    return pairs


def _groups(
    vectors: NDArray[np.float32], pairs: Sequence[tuple[int, int]], wanted: int, least: float
) -> NDArray[np.float32] | None:
    """Undo joins from the last on until so many groups are large enough; return their centres, None where none are."""
    count = len(vectors)
    for kept in range(wanted, min(count, 8 * wanted) + 1):
        names = np.arange(count)
        for i, j in pairs[: count - kept]:
            names[names == j] = i
        groups, sizes = np.unique(names, return_counts=True)
        large = groups[sizes >= least]
        if len(large) >= wanted:
            largest = sorted(large, key=lambda g: -int(sizes[groups == g][0]))[:wanted]
            centres = unit(np.stack([vectors[names == g].mean(axis=0) for g in largest]))
            return _settled(vectors, centres, least)
    return None


def _settled(
    vectors: NDArray[np.float32], centres: NDArray[np.float32], least: float
) -> NDArray[np.float32] | None:
    """Let every window choose its nearest centre, and centres follow, until nothing changes (k-means)."""
    own = np.full(len(vectors), -1)
    for _ in range(20):
        chosen = (vectors @ centres.T).argmax(axis=1)
        if (chosen == own).all():
            break
        own = chosen
        if np.bincount(own, minlength=len(centres)).min() < least:
            return None
        centres = unit(np.stack([vectors[own == k].mean(axis=0) for k in range(len(centres))]))
    return centres


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors of length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)

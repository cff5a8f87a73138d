"""Made-up voices for tests: three people whose vectors are far apart, and recordings in which they speak."""

from __future__ import annotations

import numpy as np

from coach.audio.speakers import Voices
from coach.audio.voiced import Voiced
from coach.audio.voiceprint import Voiceprint, take_print

_DICE = np.random.default_rng(5)
ANA, BEN, CARL = (v / np.linalg.norm(v) for v in _DICE.random((3, 256)))


def voices(*owns, seconds: float = 12.0, high: float = 0.01, noise: float = 0.02) -> Voices:
    """Return voices that each speak once, as if they had been told apart."""
    dice = np.random.default_rng(7)
    spans, windows, vectors, steps, likely = [], [], [], [], []
    for k, own in enumerate(owns):
        start = round(1000 * (1 + k * (seconds + 1)))
        spans.append((start, start + round(1000 * seconds)))
        for at in range(start, spans[-1][1] - 1600 + 1, 400):
            windows.append((at, at + 1600))
            v = own + noise * dice.standard_normal(256)
            vectors.append(v / np.linalg.norm(v))
        mine = range(start, spans[-1][1], 100)
        steps += mine
        likely += [np.eye(len(owns))[k]] * len(mine)
    heard = Voiced(
        tuple(spans), np.array(windows), np.array(vectors, np.float32), np.full(9000, 0.01, np.float32), high
    )
    return Voices(heard, np.array(owns, np.float32), np.array(steps), np.array(likely))


def print_of(own, name: str = "me", **changes: float) -> Voiceprint:
    """Return a print of one of them."""
    return take_print(voices(own, **changes), name, "recording", "2026-11-22")

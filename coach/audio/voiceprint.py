"""Know one voice among others.

Owns what a voiceprint is, how one is taken, and when a voice is known by it. Refuses to know where prints are kept.

A print made through one microphone fits badly to the same voice through another (`models/voice/README.md`), and no
line on a score holds for both. So each print remembers the kind of line it was made through and how alike its
own windows were to it; a voice is known only where it is more alike than those, and than any other voice of the
recording by several times their spread. Everything else is for a person to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coach.audio.speakers import Voices

LEAST_S: Final = 10.0
"""Less voice than this makes no print: 5 s have three times the errors of 20 s (measured on 10 voices)."""
GOOD_S: Final = 20.0
"""From here on a print gets little better."""
OTHERS: Final = 0.15
"""Where others speak for a greater part than this, it is no recording of one voice."""
CLEARLY: Final = 3.0
"""A voice is known when it leads by so many times the spread of the print's own windows..."""
NEARER: Final = 0.25
"""...and its centre lies nearer to the print than the print's own windows do, by this part of their way to it.

A centre is the mean of many windows, so of the same voice it lies nearer than each of them. Source: the twelve calls,
clean and through a telephone: 0.85 and more for the same voice (122 pairs; 0.76 for halves of a real call), at most
-0.03 for another (142 pairs).
"""
NAMED: Final = 1.0
"""Who says whose print it is needs less of a lead."""


@dataclass(frozen=True, slots=True, eq=False)
class Voiceprint:
    """One voice through one kind of line.

    Args:
        name: whose it is.
        route: through what it was taken: a microphone's identity, or ``recording``.
        band: ``full`` or ``telephone``.
        vector: shape ``(256,)``, of length 1.
        own: mean likeness (cosine) of a window of this voice to the print.
        spread: standard deviation of the same.
        seconds: voice it was made of.
        made: the day, as ISO 8601.
    """

    name: str
    route: str
    band: str
    vector: NDArray[np.float32]
    own: float
    spread: float
    seconds: float
    made: str


@dataclass(frozen=True, slots=True)
class Known:
    """A voice of a recording that is known: its number, and by whose print."""

    voice: int
    name: str


def take_print(voices: Voices, name: str, route: str, made: str, voice: int | None = None) -> Voiceprint:
    """Make a print of the voice in a recording.

    Args:
        voices: what was heard.
        name: whose voice it is.
        route: through what it was heard.
        made: the day, as ISO 8601.
        voice: which of several; None where there should be one alone.

    Raises:
        Trouble: when there is too little voice, or more than one.
    """
    spoken = [voices.spoken_ms(k) / 1000 for k in range(voices.count)]
    if voice is None and spoken:
        voice = int(np.argmax(spoken))
        if sum(spoken) - spoken[voice] > OTHERS * sum(spoken):
            raise Trouble(
                "{count} voices speak in this recording.",
                "Choose your own channel of a call (--channel left), or one of the voices (--voice first).",
                count=voices.count,
            )
    if voice is None or voice >= len(spoken) or spoken[voice] < LEAST_S:
        heard = spoken[voice] if voice is not None and voice < len(spoken) else 0
        raise Trouble(
            "Only {heard} seconds of this voice were heard; {least} are needed.",
            "Choose a recording with more of it; {good} seconds and more are good.",
            heard=round(heard),
            least=round(LEAST_S),
            good=round(GOOD_S),
        )
    own = voices.windows_of(voice)
    vector = _unit(own.mean(axis=0))
    # Each window against the print without it, or a window would be alike to itself.
    total = own.sum(axis=0)
    scores = np.array([w @ _unit(total - w) for w in own])
    seconds = round(spoken[voice], 1)
    band = voices.voiced.band
    return Voiceprint(name, route, band, vector, float(scores.mean()), float(scores.std()), seconds, made)


def know(voices: Voices, prints: Sequence[Voiceprint], name: str = "") -> Known | None:
    """Return the voice that is surely one of these prints'; None where nobody can be sure.

    Args:
        voices: two or more voices.
        prints: all that are kept; those of another kind of line play no part unless they are asked for by name.
        name: whose voice it must be, as a person said; empty for anybody's.
    """
    fitting = [p for p in prints if p.band == voices.voiced.band]
    if name:
        named = [p for p in prints if p.name == name]
        fitting = [p for p in named if p in fitting] or named
    best: tuple[float, Known] | None = None
    for p in fitting:
        scores = voices.centres @ p.vector
        order = np.argsort(scores)[::-1]
        top = float(scores[order[0]])
        lead = top - float(scores[order[1]]) if len(order) > 1 else top
        surely = (
            lead >= NAMED * p.spread
            if name
            else lead >= CLEARLY * p.spread and top >= p.own + NEARER * (1 - p.own)
        )
        if surely and (best is None or top > best[0]):
            best = top, Known(int(order[0]), p.name)
    return None if best is None else best[1]


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)

"""Make ten minutes in which nobody speaks, and count the words that Coach hears in them.

    python benchmarks/phantoms.py [--minutes 2] [--keep FILE.wav]

Silence, mains hum, music, a keyboard and a ringing telephone, so many minutes of each, on both channels (the rep's
louder), go down the line of a live call (`benchmarks/scribe.py`) and through a review. Every word is one too many. The
sounds are computed, the same each time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.scribe import Clock, Played
from coach import app
from coach.audio.block import RATE
from coach.bench.live import Remembered

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from coach.call.events import SentenceHeard

    Sound = NDArray[np.float64]

LOUD, SOFT = 0.1, 0.02
"""Of full scale, the rep's channel and the customer's: a loud room, and one that a meeting program made quiet."""


def silence(t: Sound, dice: np.random.Generator) -> Sound:
    """Return the hiss of a good microphone: 66 dB below the loudest of the others."""
    return dice.standard_normal(t.size) * 5e-4


def hum(t: Sound, _: np.random.Generator) -> Sound:
    """Return a mains hum with its harmonics."""
    return sum(np.sin(2 * np.pi * 50 * n * t) / n for n in (1, 2, 3, 5, 7)) / 2  # type: ignore[return-value]


def music(t: Sound, dice: np.random.Generator) -> Sound:
    """Return chords, a tune and a drum, 100 beats a minute."""
    beat = (t / 0.6).astype(int)
    roots = np.array([220.0, 174.6, 261.6, 196.0])[beat // 4 % 4]
    tune = roots * np.array([2, 2.25, 2.5, 3, 3.375, 4])[dice.integers(0, 6, beat[-1] + 1)][beat]
    fade = np.exp(-3 * (t / 0.6 - beat))
    chord = sum(np.sin(2 * np.pi * np.cumsum(roots * ratio) / RATE) for ratio in (1, 1.25, 1.5))
    drum = dice.standard_normal(t.size) * np.exp(-40 * (t / 0.6 - beat))
    return 0.2 * chord + 0.4 * fade * np.sin(2 * np.pi * np.cumsum(tune) / RATE) + 0.4 * drum


def keyboard(t: Sound, dice: np.random.Generator) -> Sound:
    """Return a fast typist: clicks of 8 to 25 ms, six a second."""
    out = np.zeros(t.size)
    for at in np.cumsum(dice.exponential(RATE / 6, t.size * 6 // RATE)).astype(int):
        length = int(dice.integers(RATE // 125, RATE // 40))
        if at + length < t.size:
            out[at : at + length] += dice.standard_normal(length) * np.exp(-np.arange(length) * 6 / length)
    return out


def ringing(t: Sound, _: np.random.Generator) -> Sound:
    """Return a telephone that rings: 440 and 480 Hz, two seconds in six (ITU-T E.180)."""
    return (t % 6 < 2) * (np.sin(2 * np.pi * 440 * t) + np.sin(2 * np.pi * 480 * t)) / 2  # noqa: PLR2004 - the cadence


KINDS: tuple[Callable[[Sound, np.random.Generator], Sound], ...] = (silence, hum, music, keyboard, ringing)


def made(path: Path, minutes: float) -> None:
    """Write the recording."""
    dice, t = np.random.default_rng(4), np.arange(round(minutes * 60 * RATE)) / RATE
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for kind in KINDS:
            sides = [kind(t, dice) * loud for loud in (LOUD, SOFT)]
            file.writeframes(np.rint(np.clip(np.stack(sides, 1), -1, 1) * 32_767).astype("<i2").tobytes())


def main() -> int:
    """Make it, hear it both ways, print what was written."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=2.0, help="of each sound")
    parser.add_argument("--keep", type=Path, help="where to keep the recording")
    args = parser.parse_args()
    settings = app.Settings()
    with tempfile.TemporaryDirectory() as folder:
        path = args.keep or Path(folder) / "nobody.wav"
        made(path, args.minutes)
        clock, whisper = Clock(), app.load_words(settings, 1)
        clock.count(whisper)
        live = Played(path, whisper, clock)
        print(
            f"live: {clock.decodes} decodes, {whisper.tally.phantoms} phantoms dropped; {_words(live.kept, args)}"
        )
        kept = Remembered()
        words = app.load_words_for_recordings(settings)
        app.coach_recording(app.open_call(path, settings), settings, words, lambda *_: None, ledger=kept)
        print(f"review: {_words(kept, args)}")
    return 0


def _words(kept: Remembered, args: argparse.Namespace) -> str:
    """Return how many words were written, and in what."""
    lines = [_told(sentence, args.minutes) for sentence in kept.sentences]
    count = sum(len(sentence.text.split()) for sentence in kept.sentences)
    return "\n  ".join([f"{count} words that nobody said", *lines])


def _told(sentence: SentenceHeard, minutes: float) -> str:
    kind = KINDS[min(len(KINDS) - 1, int(sentence.start_ms / 60_000 / minutes))].__name__
    return f"{sentence.who} at {sentence.start_ms / 1000:.1f} s, {kind}: {sentence.text}"


if __name__ == "__main__":
    sys.exit(main())

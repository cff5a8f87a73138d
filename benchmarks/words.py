"""Measure words, sentences and delays on calls whose script is known.

    python benchmarks/words.py [--data ../shared/data] [--json OUT] [--window 15] [--beam 1] [--voice truth]

Runs each channel of each call through the voice detector, `SpanCutter`, `Whisper` and `SentenceBuilder`, as a
live call does but with nothing in between, and compares what comes out with the script. With ``--noise`` it
decodes hum, clicks, tones and noise instead and counts the words that nobody said.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.script import Figures, Heard, compare
from coach.bench.wrong_words import edit_distance, scored_words
from coach.speech.models import find_model
from coach.speech.sentences import SentenceBuilder
from coach.speech.spans import PAUSES, SpanCutter
from coach.speech.whisper import RATE, Decoding, Whisper

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from coach.speech.words import Utterance

SIDES = ("rep", "customer")
CLOSED_GAP_MS = 300
"""Truth as voice: gaps between sentences up to this long are voice too, as in the scoring of the calls."""
_NARROW = 10.0
"""Figures below this are printed with three decimals."""


def read_audio(path: Path) -> NDArray[np.int16]:
    """Return samples at 16 kHz, shape ``(channels, n)``."""
    with av.open(str(path)) as container:
        layout = "stereo" if container.streams.audio[0].channels > 1 else "mono"
        resampler = av.AudioResampler("s16p", layout, RATE)
        frames = [f for frame in container.decode(audio=0) for f in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([f.to_ndarray() for f in frames], axis=1)


def true_changes(sentences: Iterable[dict[str, Any]]) -> list[tuple[int, bool, int]]:
    """Return the script's voice as a perfect detector would tell it."""
    spans: list[list[int]] = []
    for s in sorted(sentences, key=lambda s: s["start_s"]):
        start, end = round(s["start_s"] * 1000), round(s["end_s"] * 1000)
        if spans and start - spans[-1][1] <= CLOSED_GAP_MS:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([start, end])
    return [change for start, end in spans for change in ((start, True, start), (end, False, end))]


def detected_changes(samples: NDArray[np.int16]) -> list[tuple[int, bool, int]]:
    """Return the voice that the program itself hears, in milliseconds."""
    from coach.audio.voice import make_detector  # noqa: PLC0415 - only where it is asked for

    changes = make_detector("both").hear(samples)
    return [(known * 1000 // RATE, speaking, since * 1000 // RATE) for known, speaking, since in changes]


def hear(
    samples: NDArray[np.int16], changes: Sequence[tuple[int, bool, int]], whisper: Whisper, cutter: SpanCutter
) -> Heard:
    """Run one channel down the line."""
    spans = [s for change in changes for s in cutter.voice(*change)] + cutter.end(len(samples) * 1000 // RATE)
    builder = SentenceBuilder()
    for change in changes:
        builder.voice(*change)
    found: list[tuple[int, Utterance]] = []
    spent = 0.0
    for span in spans:
        began = time.perf_counter()
        heard = samples[max(0, span.from_ms) * RATE // 1000 : span.to_ms * RATE // 1000]
        words = whisper.transcribe(heard, max(0, span.from_ms), span.voiced)
        spent += time.perf_counter() - began
        if builder.due_ms is not None and builder.due_ms < span.closed_at_ms:
            due = builder.due_ms
            found += [(due, u) for u in builder.passed(due)]
        found += [(span.closed_at_ms, u) for u in builder.hear(words, span)]
    found += [(builder.due_ms or 0, u) for u in builder.end()]
    return Heard(spans, found, spent)


def noises() -> dict[str, NDArray[np.int16]]:
    """Return sounds without a word in them, five seconds each, int16 at 16 kHz."""
    dice = np.random.default_rng(7)
    t = np.arange(5 * RATE) / RATE
    clicks = np.zeros(len(t))
    for at in dice.integers(0, len(t) - 400, 30):
        clicks[at : at + 400] += np.exp(-np.arange(400) / 60) * dice.normal(0, 0.4, 400)
    chord = sum(np.sin(2 * np.pi * f * t) for f in (220.0, 277.2, 329.6, 440.0)) * (
        0.6 + 0.4 * np.sin(2 * np.pi * 2 * t)
    )
    tune = np.sin(
        2 * np.pi * np.cumsum(np.repeat(dice.choice([262, 294, 330, 349, 392, 440], 20), RATE // 4)) / RATE
    )
    ring = (np.sin(2 * np.pi * 440 * t) + np.sin(2 * np.pi * 480 * t)) * (np.sin(2 * np.pi * t / 3) > 0)
    sounds = {
        "silence": np.zeros(len(t)),
        "hum": 0.05 * np.sin(2 * np.pi * 50 * t) + 0.02 * np.sin(2 * np.pi * 150 * t),
        "white": dice.normal(0, 0.05, len(t)),
        "faint": dice.normal(0, 0.002, len(t)),
        "clicks": clicks,
        "chord": 0.1 * chord,
        "tune": 0.2 * tune,
        "ring": 0.2 * ring,
    }
    return {name: (np.clip(s, -1, 1) * 32_767).astype(np.int16) for name, s in sounds.items()}


def count_phantoms(whisper: Whisper) -> dict[str, int]:
    """Return how many words each noise gave, decoded as spans of 1 to 5 s."""
    return {
        name: sum(len(whisper.transcribe(s[: k * RATE], 0, [(0, k * 1000)])) for k in range(1, 6))
        for name, s in noises().items()
    }


def measure_calls(arguments: argparse.Namespace, whisper: Whisper) -> dict[str, dict[str, float]]:
    """Return one row of figures a call, and one over all."""
    rows: dict[str, dict[str, float]] = {}
    total = Figures()
    for path in sorted((arguments.data / "calls").glob("*.ogg")):
        if arguments.only and path.stem not in arguments.only:
            continue
        truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        call = Figures()
        for side, samples in zip(SIDES, read_audio(path), strict=True):
            script = [s for s in truth["sentences"] if s["who"] == side]
            changes = true_changes(script) if arguments.voice == "truth" else detected_changes(samples)
            cutter = SpanCutter(pauses=arguments.pauses)
            call.add(compare(script, hear(samples, changes, whisper, cutter), len(samples) / RATE / 2))
        total.add(call)
        rows[path.stem] = call.row()
    rows["all"] = total.row()
    return rows


def measure_readings(data: Path, whisper: Whisper) -> dict[str, float]:
    """Return the share of wrong words a file of short readings, whole, with a transcript from its source."""
    shares = {}
    for line in (data / "speech" / "wer_reference.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        samples = read_audio(data / "speech" / entry["file"])[0]
        cutter = SpanCutter()
        heard = hear(samples, detected_changes(samples), whisper, cutter)
        reference = scored_words(entry["text"])
        found = scored_words(" ".join(u.text for _, u in heard.sentences))
        shares[entry["file"]] = edit_distance(reference, found) / len(reference)
    return shares


def _pauses(text: str) -> tuple[tuple[int, int], ...]:
    return tuple((int(a), int(b)) for a, b in (pair.split(":") for pair in text.split(",")))


def main() -> None:
    """Print a table; write JSON where asked."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with calls/ and speech/")
    p.add_argument("--model", default="tiny.en")
    p.add_argument("--voice", choices=("detector", "truth"), default="detector")
    p.add_argument("--window", type=float, default=Decoding().window_s, help="shortest window, seconds")
    p.add_argument("--beam", type=int, default=Decoding().beam)
    p.add_argument("--fill", choices=("silence", "zeros"), default="silence")
    p.add_argument("--pauses", type=_pauses, default=PAUSES, help="open:pause,open:pause in milliseconds")
    p.add_argument("--only", nargs="*", default=[], help="names of calls")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--hotwords", nargs="*", default=[], help="names to expect")
    p.add_argument("--noise", action="store_true", help="count phantom words instead")
    p.add_argument("--json", type=Path)
    arguments = p.parse_args()
    decoding = Decoding(window_s=arguments.window, beam=arguments.beam, silence=arguments.fill == "silence")
    whisper = Whisper(
        find_model(arguments.model).folder,
        threads=arguments.threads,
        hotwords=arguments.hotwords,
        decoding=decoding,
    )
    whisper.warm_up()
    if arguments.noise:
        result: dict[str, Any] = {"phantom_words": count_phantoms(whisper)}
        print("\n".join(f"{name:10s} {count}" for name, count in result["phantom_words"].items()))
    else:
        result = {"calls": measure_calls(arguments, whisper), "readings": {}}
        if arguments.voice == "detector" and not arguments.only:
            result["readings"] = measure_readings(arguments.data, whisper)
        _print_table(result["calls"])
        print("\n".join(f"{name:28s} wer {share:.3f}" for name, share in result["readings"].items()))
        t = whisper.tally
        print(f"spans {t.spans}  loops {t.loops}  cut {t.loops_cut}  phantoms {t.phantoms}")
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1), encoding="utf-8")


def _print_table(rows: dict[str, dict[str, float]]) -> None:
    for figure in next(iter(rows.values())):
        print(
            f"{figure:22s}",
            *(
                f"{row[figure]:8.3f}" if row[figure] < _NARROW else f"{row[figure]:8.0f}"
                for row in rows.values()
            ),
        )


if __name__ == "__main__":
    main()

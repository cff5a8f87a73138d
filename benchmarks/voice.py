"""Measure the three voice engines on calls and on people, clean, quiet and in noise.

    python benchmarks/voice.py [--data FOLDER] [--json FILE] [--engine both ...]

FOLDER holds ``calls/*.ogg`` with exact truth beside them (``*.json``), and ``speech/*.flac`` with speaker turns
(``*.rttm`` or ``*_turns.json``) and ``speech/noise/*.wav``.

speech F1       10 ms frames in which a channel speaks; gaps up to 0.3 s closed in truth and in what was found
audible F1      the same on the calls with the truth cut back to what sounds above -55 dBFS: the scripted spans
                of one voice have 0.3 s of silence in front and 0.45 s behind, which no ear can find
share error     points of 100 between the talk share found and true, mean over calls with two channels
missed pauses   gaps of the truth with no frame of silence found in them
starts, ends    found minus true in ms, median: of the spans that overlap
stop known      ms from the end of a voice to the moment it is known, largest
CPU             ms of processor time for a second of one channel, fed in blocks of 20 ms
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from coach.audio.block import RATE
from coach.audio.recording import open_recording
from coach.audio.voice import make_detector
from coach.settings import VOICE_ENGINES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Span = tuple[float, float]
CONDITIONS = ("clean", "30 dB quieter", "noise at 10 dB")
GAP_S = 0.3
AUDIBLE_DBFS = -55.0
BLOCK = 320
FRAMES = 100
"""Frames a second."""


@dataclass(frozen=True)
class Channel:
    """One channel with its truth."""

    sound: NDArray[np.int16]
    truth: list[Span]


@dataclass
class Tally:
    """What was counted over channels and calls."""

    hit: int = 0
    false: int = 0
    missed: int = 0
    pauses: int = 0
    missed_pauses: int = 0
    starts_ms: list[float] = field(default_factory=list)
    ends_ms: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)

    def row(self) -> dict[str, float]:
        """Return the figures."""
        return {
            "speech_f1": round(2 * self.hit / max(1, 2 * self.hit + self.false + self.missed), 3),
            "share_error": round(statistics.mean(self.shares), 2) if self.shares else math.nan,
            "share_error_max": round(max(self.shares), 2) if self.shares else math.nan,
            "missed_pauses": round(self.missed_pauses / max(1, self.pauses), 3),
            "start_ms": round(statistics.median(self.starts_ms or [math.nan])),
            "end_ms": round(statistics.median(self.ends_ms or [math.nan])),
        }


def closed(spans: list[Span]) -> list[Span]:
    """Close gaps up to 0.3 s."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start - out[-1][1] <= GAP_S:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def framed(spans: list[Span], count: int) -> NDArray[np.bool_]:
    """Return which of so many 10 ms frames lie in a span."""
    frames = np.zeros(count, np.bool_)
    for start, end in spans:
        frames[max(0, int(start * FRAMES)) : max(0, int(end * FRAMES))] = True
    return frames


def calls(data: Path) -> Iterator[list[Channel]]:
    """Yield the scripted calls."""
    for path in sorted(data.glob("calls/*.json")):
        truth = json.loads(path.read_text())
        sides = [
            [(s["start_s"], s["end_s"]) for s in truth["sentences"] if s["who"] == w]
            for w in truth["channels"]
        ]
        yield [Channel(x, closed(s)) for x, s in zip(channels(path.with_suffix(".ogg")), sides, strict=True)]


def people(data: Path) -> Iterator[list[Channel]]:
    """Yield recordings of people with known turns."""
    for path in sorted(data.glob("speech/*_turns.json")):
        turns = json.loads(path.read_text())["turns"]
        sides = [[(t["start"], t["end"]) for t in turns if t["who"] == w] for w in ("agent", "caller")]
        sounds = channels(path.with_name(path.name.replace("_turns.json", "_stereo.flac")))
        yield [Channel(x, closed(s)) for x, s in zip(sounds, sides, strict=True)]
    for path in sorted(data.glob("speech/*.rttm")):
        words = [line.split() for line in path.read_text().splitlines() if line.startswith("SPEAKER")]
        spans = closed([(float(w[3]), float(w[3]) + float(w[4])) for w in words])
        yield [Channel(channels(path.with_suffix(".flac"))[0], spans)]


def channels(path: Path) -> list[NDArray[np.int16]]:
    """Return the channels of a file."""
    recording = open_recording(path)
    parts: dict[str, list[NDArray[np.int16]]] = {who: [] for who in recording.channels}
    for block in recording.blocks(1000):
        parts[block.who].append(block.samples)
    return [np.concatenate(p) for p in parts.values()]


def degraded(channel: Channel, condition: str, noise: NDArray[np.float64]) -> NDArray[np.int16]:
    """Return the channel 30 dB quieter, or with noise 10 dB beneath the mean power of its speech."""
    sound = channel.sound.astype(np.float64)
    if condition == CONDITIONS[1]:
        sound = sound * 10 ** (-30 / 20)
    if condition == CONDITIONS[2]:
        spoken = np.repeat(framed(channel.truth, len(sound) // 160), 160)
        power = np.mean(sound[: len(spoken)][spoken] ** 2)
        sound = sound + np.resize(noise, len(sound)) * math.sqrt(power / 10 / np.mean(noise**2))
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)


def listened(engine: str, sound: NDArray[np.int16]) -> tuple[list[Span], float, float]:
    """Return spans of voice in seconds, processor seconds, and the longest wait for a stop in ms."""
    detector = make_detector(engine)
    began = time.process_time()
    changes = [c for i in range(0, len(sound), BLOCK) for c in detector.hear(sound[i : i + BLOCK])]
    spent = time.process_time() - began
    spans: list[Span] = []
    for _, speaking, since in changes:
        if speaking:
            spans.append((since / RATE, len(sound) / RATE))
        else:
            spans[-1] = (spans[-1][0], since / RATE)
    waits = [(known - since) * 1000 / RATE for known, speaking, since in changes if not speaking]
    return closed(spans), spent, max(waits, default=0.0)


def audible(channel: Channel) -> list[Span]:
    """Cut the truth back to the frames that can be heard."""
    count = len(channel.sound) // 160
    power = np.mean(channel.sound[: count * 160].reshape(count, 160).astype(np.float64) ** 2, axis=1)
    sounds = power > 32768**2 * 10 ** (AUDIBLE_DBFS / 10)
    frames = np.flatnonzero(sounds & framed(channel.truth, count))
    return closed([(f / FRAMES, (f + 1) / FRAMES) for f in frames.tolist()])


def score(tally: Tally, truths: list[list[Span]], founds: list[list[Span]], count: int) -> None:
    """Add one call to the tally."""
    for truth, found in zip(truths, founds, strict=True):
        true, got = framed(truth, count), framed(found, count)
        tally.hit += int((true & got).sum())
        tally.false += int((got & ~true).sum())
        tally.missed += int((true & ~got).sum())
        for (_, end), (start, _) in pairwise(truth):
            tally.pauses += 1
            tally.missed_pauses += bool(got[int(end * FRAMES) : int(start * FRAMES)].all())
        for start, end in truth:
            over = [s for s in found if s[0] < end and s[1] > start]
            if over:
                tally.starts_ms.append(1000 * (over[0][0] - start))
                tally.ends_ms.append(1000 * (over[-1][1] - end))
    if len(truths) > 1:
        true_s, found_s = ([sum(e - s for s, e in spans) for spans in both] for both in (truths, founds))
        tally.shares.append(100 * abs(true_s[0] / sum(true_s) - found_s[0] / max(1e-9, sum(found_s))))


def measured(data: Path, engines: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield a row for each engine, corpus and condition."""
    noise = np.concatenate([channels(p)[0] for p in sorted(data.glob("speech/noise/noise*.wav"))]).astype(
        np.float64
    )
    corpora = {"calls": list(calls(data)), "people": list(people(data))}
    for engine in engines:
        for corpus, conversations in corpora.items():
            for condition in CONDITIONS:
                tally, heard = Tally(), Tally()
                spent = seconds = wait = 0.0
                for conversation in conversations:
                    found = []
                    for channel in conversation:
                        spans, cpu, longest = listened(engine, degraded(channel, condition, noise))
                        found.append(spans)
                        spent, wait = spent + cpu, max(wait, longest)
                        seconds += len(channel.sound) / RATE
                    count = len(conversation[0].sound) // 160 + 1
                    score(tally, [c.truth for c in conversation], found, count)
                    score(heard, [audible(c) for c in conversation], found, count)
                row = {"engine": engine, "corpus": corpus, "condition": condition, **tally.row()}
                if corpus == "calls":
                    row["audible_f1"] = heard.row()["speech_f1"]
                    row["audible_share_error"] = heard.row()["share_error"]
                yield row | {"stop_known_ms": round(wait), "cpu_ms_per_s": round(1000 * spent / seconds, 2)}


def main() -> None:
    """Print the table."""
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=root.parent / "shared" / "data")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--engine", nargs="+", choices=VOICE_ENGINES, default=VOICE_ENGINES)
    wanted = parser.parse_args()
    if not (wanted.data / "calls").is_dir() or not (wanted.data / "speech" / "noise").is_dir():
        sys.exit(f"No calls and speech to measure in {wanted.data}; say --data FOLDER.")
    print(
        f"{'engine':7} {'corpus':6} {'condition':15} {'F1':>6} {'aud.F1':>6} {'share err':>11} {'missed':>7}"
        f" {'start':>6} {'end':>6} {'stop':>5} {'CPU':>6}"
    )
    rows = []
    for r in measured(wanted.data, tuple(wanted.engine)):
        rows.append(r)
        share = f"{r['share_error']:.2f}/{r['share_error_max']:.2f}"
        print(
            f"{r['engine']:7} {r['corpus']:6} {r['condition']:15} {r['speech_f1']:6.3f}"
            f" {r.get('audible_f1', math.nan):6.3f} {share:>11} {r['missed_pauses']:7.1%} {r['start_ms']:6}"
            f" {r['end_ms']:6} {r['stop_known_ms']:5} {r['cpu_ms_per_s']:6.2f}",
            flush=True,
        )
    if wanted.json:
        wanted.json.write_text(json.dumps(rows, indent=1).replace("NaN", "null"))


if __name__ == "__main__":
    main()

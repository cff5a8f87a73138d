"""Measure how well the voices of one channel are told apart, and the rep among them found.

    python benchmarks/speakers.py [--data FOLDER] [--json FILE] [--only clean phone people cost]

FOLDER holds ``calls/*.ogg`` with exact truth beside them (``*.json``, ``*.yaml`` with the voices' names), and
``speech/*.flac`` with speaker turns (``*.rttm``, ``*_turns.json``). Both channels of a call are mixed into one; nothing
of the two is used but the truth. Voice activity is the program's own; no words are written. d01 to d06 were looked at
while the numbers of `coach.audio.speakers` were chosen, d07 to d12 were not.

enrolled        the rep is found by a print of the same synthetic voice, taken from the rep's channel of another call
                in the same condition; where nobody is found for sure, the row says "asked", and the rep's voice is
                taken as if the user had clicked it
right           part of the time in which exactly one side speaks (truth, cut back to what sounds above -55 dBFS) and
                voice was found, that is given to this side; unsure time is not right
unsure          part of that time which is given to nobody
share           talk share found minus true, in points of 100
DER             diarisation error of rep against rest, collar 0.25 s: missed, false and confused time over the truth's
                speech; what overlaps counts for both, so a mono channel cannot reach 0. Unsure counts as missed
"""

from __future__ import annotations

import argparse
import json
import math
import re
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soxr

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from coach.audio.block import RATE
from coach.audio.encoder import WINDOW_FRAMES, mel_frames, voice_encoder
from coach.audio.recording import open_recording
from coach.audio.speakers import Voices, tell_apart
from coach.audio.voiceprint import Voiceprint, know, take_print
from coach.call.events import Who
from coach.trouble import Trouble
from coach.voices import hear, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

Span = tuple[float, float]
TUNED_ON = 6
"""Calls up to this number were looked at while numbers were chosen."""
FRAMES = 100
AUDIBLE_DBFS = -55.0
COLLAR_S = 0.25
GAP_S = 0.3


@dataclass(frozen=True)
class Truth:
    """Who speaks when: 10 ms frames of the rep and of everybody else, and when anybody begins or ends."""

    rep: NDArray[np.bool_]
    rest: NDArray[np.bool_]
    edges: tuple[float, ...]


@dataclass(frozen=True)
class Row:
    """One recording's figures."""

    name: str
    voices: int
    how: str
    right: float
    unsure: float
    share: float
    der: float


def channels(path: Path) -> list[NDArray[np.int16]]:
    """Return the channels of a file."""
    recording = open_recording(path)
    parts: dict[str, list[NDArray[np.int16]]] = {who: [] for who in recording.channels}
    for block in recording.blocks(1000):
        parts[block.who].append(block.samples)
    return [np.concatenate(p) for p in parts.values()]


def mixed(sides: Sequence[NDArray[np.int16]]) -> NDArray[np.int16]:
    """Return one channel with both sides in it."""
    count = min(len(s) for s in sides)
    return (sum(s[:count].astype(np.int32) for s in sides) // len(sides)).astype(np.int16)


def telephone(sound: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return sound as a telephone gives it: 300 to 3400 Hz, 8 kHz, mu-law with 8 bits."""
    spectrum = np.fft.rfft(sound.astype(np.float64))
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum *= 1 / np.sqrt(1 + (300 / np.maximum(hertz, 1)) ** 8) / np.sqrt(1 + (hertz / 3400) ** 16)
    spectrum[hertz > 3990] = 0  # noqa: PLR2004 - nothing may fold back at 8 kHz
    narrow = np.clip(np.fft.irfft(spectrum, len(sound))[::2] / 32_768, -1, 1)
    law = np.round(np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / math.log(256) * 127) / 127
    back = soxr.resample(np.sign(law) * (256 ** np.abs(law) - 1) / 255, RATE // 2, RATE)
    return np.clip(np.rint(np.resize(back, len(sound)) * 32_768), -32_768, 32_767).astype(np.int16)


def framed(spans: Iterable[Span], count: int) -> NDArray[np.bool_]:
    """Return which of so many 10 ms frames lie in a span."""
    frames = np.zeros(count, np.bool_)
    for start, end in spans:
        frames[max(0, round(start * FRAMES)) : max(0, round(end * FRAMES))] = True
    return frames


def audible(frames: NDArray[np.bool_], sound: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Return those frames between the first and the last that sounds, of each stretch: the scripts have quiet ends."""
    loud = np.zeros(len(frames), np.bool_)
    cut = sound[: len(frames) * 160].astype(np.float64).reshape(-1, 160)
    loud[: len(cut)] = np.sqrt((cut**2).mean(axis=1)) > 32_768 * 10 ** (AUDIBLE_DBFS / 20)
    out = np.zeros(len(frames), np.bool_)
    for start, end in spans_of(frames):
        sounding = np.flatnonzero(loud[start:end])
        if len(sounding):
            out[start + sounding[0] : start + sounding[-1] + 1] = True
    return out


def spans_of(frames: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the stretches of frames that are set."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], frames.astype(np.int8), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def scored(name: str, voices: Voices, truth: Truth, place: int, how: str) -> Row:
    """Return the figures of a recording in which this voice is taken for the rep's."""
    count = len(truth.rep)
    found = {
        side: framed(((a / 1000, b / 1000) for a, b, who in told(voices, place) if who is side), count)
        for side in (Who.REP, Who.CUSTOMER, None)
    }
    one = truth.rep ^ truth.rest
    voiced = one & (found[Who.REP] | found[Who.CUSTOMER] | found[None])
    right = (found[Who.REP] & truth.rep | found[Who.CUSTOMER] & truth.rest) & voiced
    for side in (Who.REP, Who.CUSTOMER):
        found[side] = joined(found[side], found[Who.CUSTOMER if side is Who.REP else Who.REP])
    rep, rest = found[Who.REP].sum(), found[Who.CUSTOMER].sum()
    share = rep / max(1, rep + rest) - truth.rep.sum() / max(1, truth.rep.sum() + truth.rest.sum())
    kept = np.ones(count, np.bool_)
    for edge in truth.edges:
        kept[max(0, round((edge - COLLAR_S) * FRAMES)) : round((edge + COLLAR_S) * FRAMES)] = False
    speakers = truth.rep.astype(int) + truth.rest
    heard = found[Who.REP].astype(int) + found[Who.CUSTOMER]
    correct = (truth.rep & found[Who.REP]).astype(int) + (truth.rest & found[Who.CUSTOMER])
    error = (np.maximum(speakers, heard) - correct)[kept].sum() / max(1, speakers[kept].sum())
    return Row(
        name,
        voices.count,
        how,
        100 * right.sum() / max(1, voiced.sum()),
        100 * (found[None] & voiced).sum() / max(1, voiced.sum()),
        100 * share,
        100 * error,
    )


def joined(frames: NDArray[np.bool_], others: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return frames with gaps up to 0.3 s closed where the other side is silent: a segment of ``metrics.md``."""
    out = frames.copy()
    for start, end in spans_of(~frames):
        if start > 0 and end < len(frames) and end - start <= GAP_S * FRAMES and not others[start:end].any():
            out[start:end] = True
    return out


def best_place(voices: Voices, truth: Truth) -> int:
    """Return the voice that the user would click: the one that speaks most while the rep does."""
    rows = [scored("", voices, truth, k, "") for k in range(voices.count)]
    return max(range(voices.count), key=lambda k: rows[k].right)


def call_rows(data: Path, condition: str) -> list[Row]:
    """Return the rows of the scripted calls, all mixed into one channel, in one condition."""
    change = telephone if condition == "phone" else (lambda sound: sound)
    prints: dict[str, Voiceprint] = {}
    heard: dict[str, tuple[Voices, Truth, str]] = {}
    for path in sorted(data.glob("calls/*.json")):
        script = path.with_suffix(".yaml").read_text(encoding="utf-8")
        voice = re.search(r"^rep_voice: (\w+)", script, re.MULTILINE)
        assert voice is not None  # noqa: S101 - each script names its voices
        sides = channels(path.with_suffix(".ogg"))
        sound = change(mixed(sides))
        count = len(sound) // 160
        sentences = json.loads(path.read_text(encoding="utf-8"))["sentences"]
        rep, customer = (
            audible(framed(((s["start_s"], s["end_s"]) for s in sentences if s["who"] == who), count), side)
            for who, side in zip(("rep", "customer"), sides, strict=True)
        )
        edges = tuple(k / FRAMES for frames in (rep, customer) for span in spans_of(frames) for k in span)
        heard[path.stem] = hear([sound], "both"), Truth(rep, customer, edges), voice[1]
        alone = hear([change(sides[0])], "both")
        prints[path.stem] = take_print(alone, voice[1], "benchmark", "", largest(alone))
    rows = []
    for name, (voices, truth, voice) in heard.items():
        others = [p for call, p in prints.items() if call != name and p.name == voice][:1]
        known = know(voices, others) if voices.count > 1 else None
        place = known.voice if known is not None else best_place(voices, truth)
        rows.append(scored(name, voices, truth, place, "enrolled" if known is not None else "asked"))
    return rows


def largest(voices: Voices) -> int:
    """Return the voice that speaks most."""
    return max(range(voices.count), key=voices.spoken_ms)


def false_rows(data: Path) -> list[str]:
    """Return the calls in which a print of somebody who is not there was found all the same, both conditions."""
    wrong = []
    for change, condition in ((lambda sound: sound, "clean"), (telephone, "phone")):
        prints, heard = {}, {}
        for path in sorted(data.glob("calls/*.json")):
            script = path.with_suffix(".yaml").read_text(encoding="utf-8")
            names = re.findall(r"^(?:rep|customer)_voice: (\w+)", script, re.MULTILINE)
            sides = channels(path.with_suffix(".ogg"))
            heard[path.stem] = hear([change(mixed(sides))], "both"), names
            alone = hear([change(sides[0])], "both")
            prints[path.stem] = take_print(alone, names[0], "benchmark", "", largest(alone))
        for name, (voices, names) in heard.items():
            strangers = [p for p in prints.values() if p.name not in names]
            wrong += [f"{name} {condition}: {p.name}" for p in strangers if know(voices, [p]) is not None]
    return wrong


def people_rows(data: Path) -> list[Row]:
    """Return the rows of recordings of people: each speaker in turn is the rep."""
    rows = []
    for path in sorted(data.glob("speech/*_turns.json")):
        turns = json.loads(path.read_text(encoding="utf-8"))["turns"]
        sides = channels(path.with_name(path.name.replace("_turns.json", "_stereo.flac")))
        spans = [(t["who"], t["start"], t["end"]) for t in turns]
        rows += asked_rows(path.stem.removesuffix("_turns"), mixed(sides), spans, ["agent"])
        rows.append(halves_row(path.stem.removesuffix("_turns"), sides, spans))
    for path in sorted(data.glob("speech/*.rttm")):
        words = [line.split() for line in path.read_text().splitlines() if line.startswith("SPEAKER")]
        spans = [(w[7], float(w[3]), float(w[3]) + float(w[4])) for w in words]
        rows += asked_rows(
            path.stem, channels(path.with_suffix(".flac"))[0], spans, sorted({s[0] for s in spans})
        )
    return rows


def truth_of(spans: Sequence[tuple[str, float, float]], rep: str, count: int) -> Truth:
    """Return the truth of a recording in which one of the speakers is the rep."""
    mine = framed(((a, b) for who, a, b in spans if who == rep), count)
    rest = framed(((a, b) for who, a, b in spans if who != rep), count)
    return Truth(mine, rest, tuple(t for _, a, b in spans for t in (a, b)))


def asked_rows(
    name: str, sound: NDArray[np.int16], spans: Sequence[tuple[str, float, float]], reps: Sequence[str]
) -> list[Row]:
    """Return a row for each speaker who is the rep, as the user would click them."""
    voices = hear([sound], "both")
    rows = []
    for rep in reps:
        truth = truth_of(spans, rep, len(sound) // 160)
        rows.append(scored(f"{name} {rep}", voices, truth, best_place(voices, truth), "asked"))
    return rows


def halves_row(
    name: str, sides: Sequence[NDArray[np.int16]], spans: Sequence[tuple[str, float, float]]
) -> Row:
    """Return a row for the second half of a call, the agent enrolled from their channel of the first."""
    half = len(sides[0]) // 2
    alone = hear([sides[0][:half]], "both")
    known_by = take_print(alone, "agent", "benchmark", "", largest(alone))
    sound = mixed([s[half:] for s in sides])
    voices = hear([sound], "both")
    later = [(who, a - half / RATE, b - half / RATE) for who, a, b in spans if b > half / RATE]
    truth = truth_of(later, "agent", len(sound) // 160)
    known = know(voices, [known_by]) if voices.count > 1 else None
    place = known.voice if known is not None else best_place(voices, truth)
    return scored(f"{name} 2nd half", voices, truth, place, "enrolled" if known is not None else "asked")


def costs(data: Path) -> dict[str, float]:
    """Return what a window and a minute cost, in ms of one core."""
    sound = mixed(channels(next(iter(sorted(data.glob("calls/*.ogg"))))))
    mels = mel_frames(sound[: 64 * RATE])
    found = {}
    for count in (1, 64):
        windows = np.stack([mels[60 * k : 60 * k + WINDOW_FRAMES] for k in range(count)])
        voice_encoder().vectors(windows)
        began = time.process_time()
        for _ in range(64 // count):
            voice_encoder().vectors(windows)
        found[f"window, {count} together, ms"] = 1000 * (time.process_time() - began) / 64
    began = time.process_time()
    voices = hear([sound], "both")
    found["a minute of call, all told, ms"] = 1000 * (time.process_time() - began) * 60 * RATE / len(sound)
    began = time.process_time()
    tell_apart(voices.voiced)
    found["... of which who speaks when, ms"] = 1000 * (time.process_time() - began) * 60 * RATE / len(sound)
    return found


def show(title: str, rows: Sequence[Row]) -> None:
    """Print a table and its means."""
    print(f"\n{title:<34} voices  how        right  unsure  share    DER")
    for r in rows:
        print(
            f"  {r.name:<32} {r.voices:>6}  {r.how:<9} {r.right:5.1f}  {r.unsure:6.1f}  {r.share:+5.1f}  {r.der:5.1f}"
        )


def means(rows: Sequence[Row]) -> dict[str, float]:
    """Return the means of some rows."""
    return {
        "right": round(statistics.mean(float(r.right) for r in rows), 2),
        "right, least": round(min(float(r.right) for r in rows), 2),
        "unsure": round(statistics.mean(float(r.unsure) for r in rows), 2),
        "share error": round(statistics.mean(abs(float(r.share)) for r in rows), 2),
        "DER": round(statistics.mean(float(r.der) for r in rows), 2),
        "asked": sum(r.how == "asked" for r in rows),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", nargs="+", default=["clean", "phone", "people", "false", "cost"])
    args = parser.parse_args()
    out: dict[str, Any] = {}
    for condition in ("clean", "phone"):
        if condition in args.only:
            rows = call_rows(args.data, condition)
            show(f"one channel of two, {condition}", rows)
            for part, some in (("d01-d06", rows[:TUNED_ON]), ("d07-d12", rows[TUNED_ON:])):
                out[f"{condition} {part}"] = means(some)
                print(f"  {part}: {out[f'{condition} {part}']}")
    if "people" in args.only:
        rows = people_rows(args.data)
        show("people", rows)
        out["people"] = {
            r.name: {"right": round(r.right, 1), "DER": round(r.der, 1), "how": r.how} for r in rows
        }
    if "false" in args.only:
        try:
            out["strangers found"] = false_rows(args.data)
        except Trouble as trouble:
            out["strangers found"] = [str(trouble)]
        print(
            "\nprints of people who are not in the recording, found all the same:",
            out["strangers found"] or "none",
        )
    if "cost" in args.only:
        out["cost"] = {k: round(v, 1) for k, v in costs(args.data).items()}
        print("\n", out["cost"])
    if args.json:
        args.json.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Measure the cue reader: one command, a table, and JSON for machines.

    python benchmarks/cues.py --data DIR [--scorer FILE] [--only calls,swda] [--json] [--errors CUE] [--heard FILE]

``DIR`` holds ``calls/dNN.json`` and ``text/*.jsonl``. The labelled conversations and the scorer are not
part of the repository (several may not be redistributed); where they lie is an option. Floors are what
naive rules reach; the human column is how well one careful listener agrees with the labels, where that is known.
Nothing is learned from these files but what ``models/cues/README.md`` names. ``--heard`` adds the calls as
Whisper's tiny.en hears each sentence; what it heard is kept in FILE, so that it is decoded once.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from coach.cues.lines import label_lines

if TYPE_CHECKING:
    from types import ModuleType


class Goal(NamedTuple):
    """One figure: where it stands in a score, and what is to be reached."""

    set: str
    what: str
    to_reach: float


_GOALS = (
    Goal("calls", "question", 0.93),
    Goal("calls", "question.open", 0.85),
    Goal("calls", "question.closed", 0.85),
    Goal("calls", "follow_up", 0.70),
    Goal("calls", "reflection", 0.80),
    Goal("calls", "acknowledge", 0.80),
    Goal("calls", "pitch", 0.85),
    Goal("calls", "invited", 0.80),
    Goal("calls", "pressure", 0.70),
    Goal("calls", "story", 0.70),
    Goal("calls", "next_step", 0.80),
    Goal("calls", "need", 0.75),
    Goal("calls", "objection", 0.70),
    Goal("calls", "asks_for_pitch", 0.70),
    Goal("calls", "backchannel", 0.80),
    Goal("swda", "question", 0.88),
    Goal("swda", "open of questions", 0.95),
    Goal("swda --asr", "question", 0.80),
    Goal("annomi", "question", 0.85),
    Goal("annomi", "reflection", 0.70),
    Goal("persuasion", "asking", 0.80),
    Goal("uptake", "spearman", 0.55),
    Goal("followup", "hit@1 of 5", 0.75),
    Goal("annomi", "good-vs-bad AUC by reflection share", 0.88),
    Goal("calls heard", "question", 0.88),
    Goal("calls heard", "pitch", 0.80),
)
_HUMAN: dict[tuple[str, str], float] = {
    ("annomi", "good-vs-bad AUC by reflection share"): 0.90,  # with the annotators' own labels
}


def _scorer(path: Path) -> ModuleType:
    """Load the scoring file, so that there is one definition of every figure."""
    spec = importlib.util.spec_from_file_location("score_cues", path)
    if spec is None or spec.loader is None:
        sys.exit(f"No scorer at {path}.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _sets(data: Path, split: int) -> dict[str, tuple[str, list[Path], bool]]:
    """Return name -> (kind, files, stripped of case and marks)."""
    calls = sorted((data / "calls").glob("*.json"))
    text = data / "text"
    return {
        "calls": ("calls", calls, False),
        f"calls 1-{split}": ("calls", calls[:split], False),
        f"calls {split + 1}-": ("calls", calls[split:], False),
        "calls --asr": ("calls", calls, True),
        "calls heard": ("calls", calls, False),
        "swda": ("swda", [text / "swda.jsonl"], False),
        "swda --asr": ("swda", [text / "swda.jsonl"], True),
        "annomi": ("annomi", [text / "annomi.jsonl"], False),
        "annomi --asr": ("annomi", [text / "annomi.jsonl"], True),
        "persuasion": ("persuasion", [text / "persuasion.jsonl"], False),
        "uptake": ("uptake", [text / "uptake.jsonl"], False),
        "followup": ("followup", [text / "followup.jsonl"], False),
    }


_NAIVE = (
    ("pitch", r"\b(?:we|our|us)\b"),
    ("need", r"\b(?:need|want|problem|issue|can't|lost|lose)\b"),
    ("objection", r"\b(?:expensive|already|not sure|don't need|budget)\b"),
    ("asks_for_pitch", r"\b(?:cost|price|show me|could you|do you have)\b"),
    ("reflection.label", r"\b(?:sounds like|seems|so you)\b"),
    ("acknowledge", r"\b(?:thank|thanks|appreciate|makes sense)\b"),
    ("next_step", r"\b\w+day\b"),
    ("pressure", r"\b(?:today|only|last chance|sign)\b"),
    ("story", r"\b(?:customer|client)s?\b"),
    ("backchannel", r"^(?:mm|mm-hm|okay|right|yeah)\W*$"),
)
_ASKS = re.compile(
    r"^(?:what|how|why|who|when|where|which|do|does|did|is|are|can|could|would|will|have|has)\b"
)


def _naive(units: list[Any]) -> list[dict[str, Any]]:
    """Return what a few keywords would read: the floor that any reader must clear."""
    out, before = [], ""
    for unit, _ in units:
        text = unit["text"].lower()
        cues = [cue for cue, pattern in _NAIVE if re.search(pattern, text)]
        if "?" in text or _ASKS.search(text):
            cues.append("question.open" if re.match(r"(?:what|how|why)\b", text) else "question.closed")
        shared = len(set(text.split()) & set(before.split()))
        if shared:
            cues.append("follow_up")
        if unit["who"] == "customer":
            before = text
        out.append({**unit, "cues": cues, "scores": {"follow_up": float(shared)}})
    return out


def _heard(units: list[Any], calls: Path, kept: Path) -> list[Any]:
    """Return the calls' sentences in the words that tiny.en makes of each sentence's own stretch of sound."""
    if not kept.exists():
        from benchmarks.words import RATE, SIDES, read_audio  # noqa: PLC0415 - sound only where it is asked for
        from coach.speech.models import find_model  # noqa: PLC0415
        from coach.speech.whisper import Whisper  # noqa: PLC0415

        whisper, sound, out = Whisper(find_model("tiny.en").folder, threads=1), {}, []
        for unit, _ in units:
            name = unit["call"]
            if name not in sound:
                sound = {name: read_audio(calls / f"{name}.ogg")}
            begin, end = (round(unit[at] * RATE) for at in ("start_s", "end_s"))
            samples = sound[name][SIDES.index(unit["who"])][max(0, begin - RATE // 10) : end + RATE // 10]
            words = whisper.transcribe(samples[: 30 * RATE], 0, [(0, len(samples) * 1000 // RATE)])
            out.append(" ".join(w.text for w in words))
        kept.write_text(json.dumps(out), encoding="utf-8")
    texts = json.loads(kept.read_text(encoding="utf-8"))
    return [({**unit, "text": text}, truth) for (unit, truth), text in zip(units, texts, strict=True)]


def _value(figure: object) -> float:
    """Return the one number of a figure: F1 where there are several."""
    return float(figure["f1"]) if isinstance(figure, dict) else float(figure)  # type: ignore[arg-type]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--scorer", type=Path, default=Path("../shared/tools/score_cues.py"))
    parser.add_argument(
        "--split", type=int, default=6, help="calls up to here are developed on, the rest only measured"
    )
    parser.add_argument("--only", default="", help="names of sets, with commas")
    parser.add_argument("--errors", default="", help="print what went wrong with this cue")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--heard", type=Path, help="where to keep what Whisper heard of the calls")
    args = parser.parse_args()
    scorer = _scorer(args.scorer)
    results: dict[str, Any] = {}
    floors: dict[str, Any] = {}
    for name, (kind, files, stripped) in _sets(args.data, args.split).items():
        if args.only and name not in args.only.split(","):
            continue
        if name == "calls heard" and args.heard is None:
            continue
        units = scorer.units(kind, files, stripped)
        if name == "calls heard":
            units = _heard(units, args.data / "calls", args.heard)
        lines = [json.dumps(unit) for unit, _ in units]
        began = time.perf_counter()
        out = [json.loads(line) for line in label_lines(lines)]
        took = time.perf_counter() - began
        results[name] = {
            **scorer.score(kind, units, out),
            "ms a sentence": round(1000 * took / len(lines), 3),
        }
        floors[name] = scorer.score(kind, units, _naive(units))
        if args.errors and kind == "calls":
            _print_errors(scorer, units, out, args.errors)
    if args.json:
        print(json.dumps({"ours": results, "floor": floors}))
        return
    print(f"{'set':14s} {'what':36s} {'floor':>6s} {'human':>6s} {'to reach':>8s} {'ours':>6s}")
    goals = {(g.set, g.what): g for g in _GOALS}
    for name, figures in results.items():
        for what, figure in figures.items():
            if figure is None:
                continue
            goal = goals.get((name, what))
            reach = f"{goal.to_reach:.2f}" if goal else ""
            detail = (
                f"  P {figure['precision']:.3f} R {figure['recall']:.3f} n {figure['n']}"
                if isinstance(figure, dict)
                else ""
            )
            floor = floors[name].get(what)
            low = "" if floor is None else f"{_value(floor):.3f}"
            human = f"{_HUMAN[name, what]:.2f}" if (name, what) in _HUMAN else ""
            print(f"{name:14s} {what:36s} {low:>6s} {human:>6s} {reach:>8s} {_value(figure):6.3f}{detail}")


def _print_errors(scorer: ModuleType, units: list[Any], out: list[dict[str, Any]], cue: str) -> None:
    """Print each sentence where this cue was missed or wrongly seen."""
    for (unit, truth), got in zip(units, out, strict=True):
        right, ours = cue in scorer.family(truth["cues"]), cue in scorer.family(got["cues"])
        if right != ours:
            verdict = "MISSED" if right else "WRONG"
            print(
                f"{verdict:6s} {unit['call']} {unit['who']:8s} {unit['text']}  {truth['cues']} {got['cues']}"
            )


if __name__ == "__main__":
    main()

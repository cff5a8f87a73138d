"""Coach the calls with exact truth and score turns, words and nudges: the whole line at once.

    python benchmarks/calls.py [--shared ../shared] [--out FOLDER] [--json FILE]

Runs the straight line on every call of ``data/calls`` and hands the results to the scorers in ``tools``; prints
their tables. The calls are for development: what is kept back elsewhere decides.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coach import app
from coach.report.document import document


def main() -> int:
    """Coach every call, then score."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="where data and tools are")
    parser.add_argument("--out", type=Path, help="keep the results here")
    parser.add_argument("--json", type=Path, help="write the totals here")
    args = parser.parse_args()
    truths = args.shared / "data" / "calls"
    if not truths.is_dir():
        print(f"There are no calls in {truths}. Say where they are with --shared.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        out = args.out or Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        coach_all(truths, out)
        scored = score(args.shared / "tools" / "score_calls.py", str(truths), str(out))
    if args.json:
        args.json.write_text(scored.splitlines()[-1] + "\n", encoding="utf-8")
    return 0


def coach_all(truths: Path, out: Path) -> None:
    """Send every call down the line; write one result each."""
    words = app.load_words_for_recordings(app.Settings())
    for truth in sorted(truths.glob("*.json")):
        settings = app.for_call(app.Settings(), json.loads(truth.read_text(encoding="utf-8"))["call_type"])
        began = time.perf_counter()
        recording = app.open_call(truth.with_suffix(".ogg"), settings)
        report = app.coach_recording(recording, settings, words, lambda *_: None)
        took = time.perf_counter() - began
        (out / truth.name).write_text(json.dumps(document(report)), encoding="utf-8")
        said = ", ".join(f"{n.rule} {n.due_ms / 1000:.1f}/{n.at_ms / 1000:.1f}" for n in report.nudges)
        print(
            f"{truth.stem}  {took:5.1f} s for {report.audio['duration_s']:5.1f} s  {said or 'not one nudge'}",
            flush=True,
        )


def score(scorer: Path, *arguments: str) -> str:
    """Run a scorer, show what it prints and return it."""
    done = subprocess.run([sys.executable, scorer, *arguments], check=True, capture_output=True, text=True)
    print(done.stdout)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())

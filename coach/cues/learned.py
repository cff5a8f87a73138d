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
from coach.call.vocabulary import (
    ACKNOWLEDGE,
    ASKS_FOR_PITCH,
    COUNTED_QUESTIONS,
    FOLLOW_UP,
    LABEL,
    MIRROR,
    NEED,
    NEXT_STEP,
    OBJECTION,
    PARAPHRASE,
    PITCH,
    PRESSURE,
    QUESTION_CLOSED,
    QUESTION_COURTESY,
    QUESTION_LEADING,
    QUESTION_OPEN,
    QUESTION_PERMISSION,
    QUESTION_RHETORICAL,
    QUESTION_TAG,
    REFLECTIONS,
    STORY,
)
from coach.cues.weighing import likelihood, log_odds
from coach.shipped import shipped
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coach.cues.text import Sentence

_FOLDER: Final = ("models", "cues")
_FILES: Final = (
    *("encoder/config.json", "encoder/model.bin", "encoder/tuned.bin", "encoder/vocabulary.json"),
    "weights.json",
)
_MEND: Final = "Install Coach again."
_SAID_MOST: Final = 72  # pieces of the sentence; the encoder was cut to 128 positions
_HEARD_MOST: Final = 32  # pieces of what stands before it
_LOG_ODDS_MOST: Final = 5.0
_SHORT: Final = 4  # fewer words than this seldom say much
_OTHER_MOST: Final = 0.2  # under every line: of kinds that exclude each other only the likeliest may stand
OF_REP: Final = (
    *(QUESTION_COURTESY, QUESTION_TAG, QUESTION_RHETORICAL, QUESTION_PERMISSION, ACKNOWLEDGE, PITCH),
    *(PRESSURE, STORY, NEXT_STEP),
)
OF_CUSTOMER: Final = (NEED, OBJECTION, ASKS_FOR_PITCH)
HEADS: Final = (
    *("question", "open", QUESTION_LEADING, FOLLOW_UP, "reflection", MIRROR, LABEL, PARAPHRASE),
    *(*OF_REP, *OF_CUSTOMER),
)
"""What the weights tell of a sentence; "question" is any counted one, "open" and "leading" are of those."""
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
_FAMILIES: Final = (sorted(COUNTED_QUESTIONS), sorted(REFLECTIONS))
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
    ``shared`` is the share of its topic words that the other side used, 0 to 1.
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
    shared: float


class Weigher(Protocol):
    """Whatever makes scores of a sentence, of the rules' scores and of what stands near.

    ``lines`` says from which score on a cue stands, for those cues whose line is not `coach.cues.weighing.LINE`.
    """

    @property
    def lines(self) -> Mapping[str, float]:
        """Return the lines by cue."""
        ...

    def weigh(
        self, who: Who, said: Sentence, rules: Mapping[str, float], near: Near, heard: str
    ) -> dict[str, float]:
        """Return the scores that replace the rules' own, by cue; ``heard``: what stands before the sentence.

        For the rep, what the customer said last; for the customer, `coach.cues.context.Memory.answering`.
        """
        ...


class Encoder:
    """Turns plain words into a vector: MiniLM, int8, on the speech model's own runtime.

    Args:
        folder: its files.
        tuned: as it was tuned for cues; False for what was published, which knows what a sentence is about.
    """

    def __init__(self, folder: Path, *, tuned: bool = True) -> None:
        import ctranslate2  # noqa: PLC0415 - loaded with the weights, never by `coach --help`

        self.pieces = Pieces(json.loads(_read(folder / "vocabulary.json")))
        # What was tuned are the upper layers, and they are the end of the file: the rest is as published.
        upper, model = _read(folder / "tuned.bin"), _read(folder / "model.bin")
        if tuned:
            model = model[: len(model) - len(upper)] + upper
        files = {name: _read(folder / name) for name in ("config.json", "vocabulary.json")}
        self._model: Any = ctranslate2.Encoder(
            str(folder),
            device="cpu",
            compute_type="int8",
            inter_threads=1,
            intra_threads=1,
            files=files | {"model.bin": model},
        )

    def vector(self, said: str, heard: str) -> np.ndarray:
        """Return the vector of the pair's beginning, and after it the mean over the sentence's pieces."""
        first, second = self.pieces.pair(said, heard)
        out = self._model.forward_batch(
            [first + second], token_type_ids=[[0] * len(first) + [1] * len(second)]
        )
        pieces = np.array(out.last_hidden_state, dtype=np.float32)[0]
        return np.concatenate([pieces[0], pieces[: len(first)].mean(axis=0)])

    def meaning(self, said: str) -> np.ndarray:
        """Return the mean over a sentence's pieces, of length 1: two of them multiplied are the cosine."""
        mean = self.vector(said, "")
        half = mean[len(mean) // 2 :]
        return np.asarray(half / np.linalg.norm(half), dtype=np.float32)


class Pieces:
    """Cuts plain words into the encoder's word pieces."""

    def __init__(self, names: list[str]) -> None:
        self._ids = {name: number for number, name in enumerate(names)}

    def pair(self, said: str, heard: str) -> tuple[list[int], list[int]]:
        """Return the numbers of a sentence and of what was heard before it (its end, where it is long)."""
        first = self._numbers(_WORD.findall(said[: 20 * _SAID_MOST]))[:_SAID_MOST]
        second = self._numbers(_WORD.findall(heard[-20 * _HEARD_MOST :]))[-_HEARD_MOST:]
        end = self._ids["[SEP]"]
        return [self._ids["[CLS]"], *first, end], [*second, end] if second else []

    def _numbers(self, words: list[str]) -> list[int]:
        return [number for word in words for number in self.of_word(word)]

    def of_word(self, word: str) -> list[int]:
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
    """The learned weights: a row of numbers for each head, its last number the bias, and each head's line.

    Scores are calibrated: of ten sentences with a score of 0.7, about seven have the cue. A line is where F1 is
    best, and that is seldom at one half (Lipton et al. 2014).
    """

    def __init__(self, encoder: Encoder, table: Mapping[str, Mapping[str, Any]]) -> None:
        self.encoder = encoder
        self._weights = np.array([table[head]["weights"] for head in HEADS])
        lines = {head: float(table[head]["line"]) for head in HEADS}
        self.lines: Mapping[str, float] = (
            {name: lines[name] for name in (*OF_REP, *OF_CUSTOMER, FOLLOW_UP)}
            | dict.fromkeys(COUNTED_QUESTIONS, lines["question"])
            | dict.fromkeys(REFLECTIONS, lines["reflection"])
        )

    def weigh(
        self, who: Who, said: Sentence, rules: Mapping[str, float], near: Near, heard: str
    ) -> dict[str, float]:
        """Return a score from 0 to 1 for each learned cue of that side."""
        vector = self.encoder.vector(said.plain, heard)
        features = np.array([*small_features(who, said, rules, near), *vector, 1.0])
        heads = dict(zip(HEADS, (self._weights @ features).tolist(), strict=True))
        # Open or closed: the form of the question has half the say, since the scenes hold few kinds of small talk.
        form = _log_odds(rules.get(QUESTION_OPEN, 0.0)) - _log_odds(rules.get(QUESTION_CLOSED, 0.0))
        heads["open"] = (heads["open"] + form) / 2
        return cues_of(who, heads)


def cues_of(who: Who, heads: Mapping[str, float]) -> dict[str, float]:
    """Return the scores of one side's cues out of the heads' log-odds.

    Whether it asks at all is one head; which kind of question is shared among the kinds, and the likeliest
    keeps the whole score: a doubtful kind is still a question. Reflections likewise.
    """
    asks, opens = likelihood(heads["question"]), likelihood(heads["open"])
    if who is Who.CUSTOMER:
        kinds = _shared(asks, {QUESTION_OPEN: opens, QUESTION_CLOSED: 1 - opens})
        return kinds | {cue: likelihood(heads[cue]) for cue in OF_CUSTOMER}
    leads = likelihood(heads[QUESTION_LEADING])
    kinds = _shared(
        asks,
        {
            QUESTION_LEADING: leads,
            QUESTION_OPEN: (1 - leads) * opens,
            QUESTION_CLOSED: (1 - leads) * (1 - opens),
        },
    )
    shapes = {name: likelihood(heads[name]) for name in (MIRROR, LABEL, PARAPHRASE)}
    return {
        **kinds,
        **_shared(likelihood(heads["reflection"]), shapes),
        **{cue: likelihood(heads[cue]) for cue in OF_REP},
        FOLLOW_UP: likelihood(heads[FOLLOW_UP]),
    }


def _shared(score: float, shares: Mapping[str, float]) -> dict[str, float]:
    """Return a score shared among kinds: the likeliest keeps it whole, no other reaches the line."""
    best = max(shares, key=lambda k: shares[k])
    return {
        k: score if k == best else min(_OTHER_MOST, score * share / (shares[best] or 1.0))
        for k, share in shares.items()
    }


def small_features(who: Who, said: Sentence, rules: Mapping[str, float], near: Near) -> list[float]:
    """Return the few features that need no encoder: rules in log-odds, what is near, counts of small words."""
    count = len(said.tokens)
    rep = who is Who.REP
    return [
        float(rep),
        *(_log_odds(rules.get(name, 0.0)) if rep else 0.0 for name in RULES[Who.REP]),
        *(0.0 if rep else _log_odds(rules.get(name, 0.0)) for name in RULES[Who.CUSTOMER]),
        *(_log_odds(max(rules.get(name, 0.0) for name in family)) for family in _FAMILIES),
        *(float(min(3, mark)) for mark in near),
        float(said.asks),
        float(said.states),
        math.log1p(min(60, count)),
        float(count < _SHORT),
        *(float(min(3, len(p.findall(said.plain)))) for p in _COUNTED),
    ]


def _log_odds(score: float) -> float:
    return max(-_LOG_ODDS_MOST, min(_LOG_ODDS_MOST, log_odds(score)))


def load(folder: Path) -> Weights:
    """Return the weights of a folder, every file verified to the byte.

    Raises:
        Trouble: a file is missing, or is not the one that was shipped.
    """
    lines = _read(folder / "SHA256SUMS").decode("ascii", "replace").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in _FILES:
        if hashlib.sha256(_read(folder / name)).hexdigest() != sums.get(name):
            raise Trouble("The weights for reading cues were altered: {path}.", _MEND, path=folder / name)
    return Weights(Encoder(folder / "encoder"), json.loads(_read(folder / "weights.json")))


def _read(path: Path) -> bytes:
    """Return a file's bytes."""
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Trouble("The weights for reading cues are missing: {path}.", _MEND, path=path) from wrong


@cache
def learned() -> Weights:
    """Return the weights that ship with the program, loaded once."""
    return load(shipped(*_FOLDER))

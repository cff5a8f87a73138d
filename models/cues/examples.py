"""What the weights of `coach.cues.learned` are learned from: written scenes and borrowed talk, as examples.

Owns the sources, which cues each of them tells of, and the four ways in which a line is read (as written, with
the context that the rules see, without marks and case, misheard). Refuses to know how anything is learned from
it, and any labelled call: those only measure.
"""

from __future__ import annotations

import csv
import json
import random
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from coach.call.events import Who
from coach.call.vocabulary import (
    ACKNOWLEDGE,
    ASKS_FOR_PITCH,
    COUNTED_QUESTIONS,
    FOLLOW_UP,
    NEED,
    NEXT_STEP,
    OBJECTION,
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
from coach.cues.learned import HEADS, Pieces, small_features
from coach.cues.reader import Reader
from coach.cues.text import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from coach.cues.learned import Near
    from coach.cues.text import Sentence

VARIANTS: Final = ("written", "by rules", "unmarked", "misheard")
"""``by rules``: as written, but only the rules fill the reader's memory, as before anything was learned."""

_ALONE: Final = "single-"
_ALONE_GROUP: Final = 12  # lone lines that are held out together: neighbours may be each other's near miss

_ASKING: Final = (
    *(QUESTION_OPEN, QUESTION_CLOSED, QUESTION_LEADING, QUESTION_COURTESY, QUESTION_TAG),
    *(QUESTION_RHETORICAL, QUESTION_PERMISSION, FOLLOW_UP),
)
_LISTENING: Final = (*sorted(REFLECTIONS), ACKNOWLEDGE)
_SELLING: Final = (PITCH, PRESSURE, STORY, NEXT_STEP)
_BOTH_ASK: Final = (QUESTION_OPEN, QUESTION_CLOSED)
# What each file tells of, by side; of anything else it says neither yes nor no.
_TELLS: Final[Mapping[str, Mapping[Who, tuple[str, ...]]]] = {
    "sentences": {Who.REP: (*_SELLING, ACKNOWLEDGE), Who.CUSTOMER: (NEED, OBJECTION, ASKS_FOR_PITCH)},
    "sales": {
        Who.REP: (*_ASKING, *_LISTENING, *_SELLING),
        Who.CUSTOMER: (NEED, OBJECTION, ASKS_FOR_PITCH, *_BOTH_ASK),
    },
    "chat": {Who.REP: (*_ASKING, *_LISTENING, PITCH, PRESSURE), Who.CUSTOMER: _BOTH_ASK},
    "helping": {Who.REP: (*_ASKING, *_LISTENING, NEXT_STEP), Who.CUSTOMER: _BOTH_ASK},
    # A doctor's plan and a teacher's next exercise are no steps of a sale.
    "consultations": {Who.REP: (*_ASKING, *_LISTENING), Who.CUSTOMER: _BOTH_ASK},
    # How far a teacher takes up a pupil's words, three raters said.
    "classrooms": {Who.REP: (*(c for c in _ASKING if c != FOLLOW_UP), *_LISTENING)},
}
_READ_AGAIN: Final = (NEED, OBJECTION, ASKS_FOR_PITCH, PITCH, PRESSURE)
"""What a second reader labelled, who did not see the first labels; a doubt of theirs counts half."""

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

LABELLED: Final = 1_000_000
"""From here on the sentences of borrowed talk are counted that a reader labelled."""
_TOLD_BY_MARK: Final = 3  # words; a shorter "question" is a tag, an echo or a greeting


class Example(NamedTuple):
    """One sentence as the network will see it; lines of one ``group`` are held out together.

    ``line`` is the same for the variants of one line. ``said`` and ``heard`` are numbers of word pieces, ``small``
    the features that need no encoder, ``true`` the targets in the order of `HEADS`, and ``known`` how much each of
    them counts, 0 where nothing is known.
    """

    source: str
    group: str
    line: int
    variant: str
    said: list[int]
    heard: list[int]
    small: np.ndarray
    true: np.ndarray
    known: np.ndarray


class _Recorder:
    """Stands where the weights will stand: keeps what they would see, answers with the truth or with nothing."""

    def __init__(self, pieces: Pieces) -> None:
        self.lines: Mapping[str, float] = {}
        self._pieces = pieces
        self.truth: Mapping[str, float] = {}
        self.seen: list[tuple[list[int], list[int], np.ndarray]] = []

    def weigh(
        self, who: Who, said: Sentence, rules: Mapping[str, float], near: Near, heard: str
    ) -> dict[str, float]:
        small = np.array(small_features(who, said, rules, near), dtype=np.float32)
        self.seen.append((*self._pieces.pair(said.plain, heard), small))
        return dict(self.truth)


class Sources:
    """Reads every source into examples."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces

    def written(self, path: Path, kind: str) -> Iterator[Example]:
        """Yield the lines of written scenes, in each variant.

        Args:
            path: the scenes.
            kind: says what their labels tell of.
        """
        lines = _lines(path)
        recorder = _Recorder(self._pieces)
        for variant in VARIANTS:
            scene, reader, dice, number = "", Reader(recorder), random.Random(variant), 0  # noqa: S311 - no secret
            for at, line in enumerate(lines):
                if line["scene"] != scene or scene.startswith(_ALONE):
                    number = number + 1 if line["scene"] == scene else 0
                    scene, reader = line["scene"], Reader(recorder)
                cues, who = frozenset(line["cues"].split()), Who(line["who"])
                tells = _TELLS[kind][who]
                recorder.truth = (
                    {} if variant == "by rules" else {c: 0.95 if c in cues else 0.05 for c in tells}
                )
                recorder.seen.clear()
                reader.read(who, _as_heard(line["text"], variant, dice))
                if len(recorder.seen) == 1:  # several sentences in a line: nobody knows which one has the cue
                    group = f"{scene}/{number // _ALONE_GROUP}"
                    yield Example(
                        path.stem,
                        group,
                        at,
                        variant,
                        *recorder.seen[0],
                        *_targets(cues, tells, line.get("again")),
                    )

    def consultations(self, path: Path) -> Iterator[Example]:
        """Yield the sentences of doctors and patients: whoever wrote a question mark heard a question.

        Half of the marks are taken away again, since a recogniser loses them.
        """
        rows = _rows(path)
        recorder = _Recorder(self._pieces)
        for variant in (v for v in VARIANTS if v != "by rules"):
            reader, dialog, at, dice = Reader(recorder), "", 0, random.Random(variant)  # noqa: S311 - no secret
            for row in rows:
                if row["dialog_id"] != dialog:
                    dialog, reader = row["dialog_id"], Reader(recorder)
                who = Who.REP if row["speaker"] == "doctor" else Who.CUSTOMER
                for part in split(row["text"]):
                    asks = part.rstrip(" \"')").endswith("?")
                    heard = _as_heard(part, variant, dice)
                    if variant == "written" and asks and dice.random() < _HALF:
                        heard = part.rstrip(" \"')?") + ("." if dice.random() < _HALF else "")
                    at += 1
                    recorder.seen.clear()
                    scores = dict(reader.read(who, heard).scores)
                    small_talk = any(
                        scores.get(k, 0.0) >= _HALF
                        for k in (QUESTION_COURTESY, QUESTION_TAG, QUESTION_PERMISSION)
                    )
                    few = len(part.split()) < (_TOLD_BY_MARK if asks else 2)
                    if len(recorder.seen) == 1 and not few and not (asks and small_talk):
                        yield Example(
                            "consultations", dialog, at, variant, *recorder.seen[0], *_one("question", asks)
                        )

    def labelled(self, path: Path, labels: Path) -> Iterator[Example]:
        """Yield each sentence of consultations or classrooms with what a reader labelled, in each variant.

        Half of the question marks are taken away, as in `consultations`.

        Args:
            path: the borrowed talk.
            labels: a row for each of its sentences, in order: the talk it is from, and its cues. Its name says which.

        Raises:
            SystemExit: the labels are not of this talk.
        """
        kind = labels.stem
        parts = list(_consulting(_rows(path)) if kind == "consultations" else _teaching(_rows(path)))
        read = _lines(labels)
        if [part.talk for part in parts] != [line["talk"] for line in read]:
            raise SystemExit(f"{labels} does not belong to {path}.")
        recorder = _Recorder(self._pieces)
        for variant in (v for v in VARIANTS if v != "by rules"):
            reader, talk, dice = Reader(recorder), "", random.Random(variant)  # noqa: S311 - no secret
            for at, (part, line) in enumerate(zip(parts, read, strict=True)):
                if part.talk != talk:
                    talk, reader = part.talk, Reader(recorder)
                heard = _as_heard(part.text, variant, dice)
                if variant == "written" and part.text.endswith("?") and dice.random() < _HALF:
                    heard = part.text.rstrip(" ?") + ("." if dice.random() < _HALF else "")
                cues = line["cues"].split()
                found = frozenset(c.rstrip("?") for c in cues)
                recorder.seen.clear()
                tells = _TELLS[kind].get(part.who, ())
                recorder.truth = {c: 0.95 if c in found else 0.05 for c in tells}
                reader.read(part.who, heard)
                if tells and len(recorder.seen) == 1:
                    doubts = frozenset(c.rstrip("?") for c in cues if c.endswith("?"))
                    targets = _targets(found, tells, doubts=doubts)
                    yield Example(kind, part.group, LABELLED + at, variant, *recorder.seen[0], *targets)

    def interviews(self, path: Path) -> Iterator[Example]:
        """Yield the question that followed an answer, and four that others asked elsewhere."""
        for at, row in enumerate(_rows(path)):
            before = [(Who.REP, row["question"]), (Who.CUSTOMER, row["answer"])]
            for number, text in enumerate([row["follow_up"], *row["distractors"]]):
                for one in self._after(before, text)[-1:]:
                    targets = _one(FOLLOW_UP, number == 0, 0.5 if number else 1.0)
                    yield Example("interviews", row["id"], 1000 * at + number, "written", *one, *targets)

    def classrooms(self, path: Path) -> Iterator[Example]:
        """Yield what teachers said to a pupil's words, and how far three raters saw these taken up (0 to 2)."""
        for at, row in enumerate(_rows(path)):
            if row["uptake"] is None:
                continue
            lesson = row["id"].partition("_")[0]
            parts = self._after([(Who.CUSTOMER, row["student"])], row["teacher"])
            for one in parts:  # nobody rated the sentences of a line
                targets = _one(FOLLOW_UP, row["uptake"] / 2, 0.5 / len(parts))
                yield Example("classrooms", f"{lesson}/{row['id']}", at, "written", *one, *targets)

    def _after(
        self, before: list[tuple[Who, str]], text: str
    ) -> list[tuple[list[int], list[int], np.ndarray]]:
        recorder = _Recorder(self._pieces)
        reader = Reader(recorder)
        for who, said in before:
            reader.read(who, said)
        recorder.seen = []
        reader.read(Who.REP, text)
        return recorder.seen


class _Part(NamedTuple):
    talk: str
    group: str
    who: Who
    text: str


def _consulting(rows: list[dict[str, Any]]) -> Iterator[_Part]:
    for row in rows:
        who = Who.REP if row["speaker"] == "doctor" else Who.CUSTOMER
        for part in split(row["text"]):
            yield _Part(row["dialog_id"], row["dialog_id"], who, part)


def _teaching(rows: list[dict[str, Any]]) -> Iterator[_Part]:
    for row in rows:
        for who, text in ((Who.CUSTOMER, row["student"]), (Who.REP, row["teacher"])):
            for part in split(text):
                yield _Part(row["id"], f"{row['id'].partition('_')[0]}/{row['id']}", who, part)


def _lines(path: Path) -> list[dict[str, str]]:
    """Return a table's rows; what stands in the first column holds until something else stands there."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for before, row in pairwise(rows):
        first = next(iter(row))
        row[first] = row[first] or before[first]
    return rows


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _one(head: str, value: float, weight: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    true, known = np.zeros((2, len(HEADS)), dtype=np.float32)
    true[HEADS.index(head)], known[HEADS.index(head)] = value, weight
    return true, known


def _targets(
    cues: frozenset[str],
    tells: Iterable[str],
    again: str | None = None,
    doubts: frozenset[str] = frozenset(),
) -> tuple[np.ndarray, np.ndarray]:
    """Return what a labelled line says of each head: the marks on a question only where it is one.

    ``again`` is what a second reader labelled, None where there was none: the target is the mean of both.
    ``doubts`` are the cues of which the reader was not sure: these are halves.
    """
    told = set(tells)
    heads: dict[str, float] = {c: float(c in cues) for c in told if c in HEADS}
    if again is not None:
        seen = again.split()
        for name in told.intersection(_READ_AGAIN):
            heads[name] = (heads[name] + (1.0 if name in seen else 0.5 * (f"{name}?" in seen))) / 2
    asks = bool(cues & COUNTED_QUESTIONS)
    reflects = bool(cues & REFLECTIONS)
    if QUESTION_OPEN in told:
        heads["question"] = asks
        if asks:
            heads["open"] = QUESTION_OPEN in cues
    if ACKNOWLEDGE in told and told >= REFLECTIONS:
        heads["reflection"] = reflects
    for name in (*REFLECTIONS, QUESTION_LEADING, FOLLOW_UP):
        if not (reflects if name in REFLECTIONS else asks):
            heads.pop(name, None)
    halves = set(doubts)
    if asks and not (cues - doubts) & COUNTED_QUESTIONS:
        halves.add("question")
        heads.pop("open", None)
    if reflects and not (cues - doubts) & REFLECTIONS:
        halves.add("reflection")
    heads |= dict.fromkeys(halves & heads.keys(), 0.5)
    true = np.array([heads.get(h, 0.0) for h in HEADS], dtype=np.float32)
    known = np.array([h in heads for h in HEADS], dtype=np.float32)
    return true, known


def _as_heard(text: str, variant: str, dice: random.Random) -> str:
    if variant == "unmarked":
        return _unmarked(text)
    return _misheard(text, dice) if variant == "misheard" else text


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

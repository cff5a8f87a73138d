"""What holds for any text."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from coach.call.events import Who
from coach.call.vocabulary import COUNTED_QUESTIONS, FOLLOW_UP, PITCH
from coach.cues import text
from coach.cues.reader import Reader

_EXAMPLES: Final = tomllib.loads((Path(__file__).parent / "examples.toml").read_text(encoding="utf-8"))
_WORDS: Final = sorted(
    {w for cues in _EXAMPLES.values() for s in cues.values() for t in s["is"] for w in t.split()}
)
_LINES: Final = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(_WORDS), max_size=30).map(" ".join))
_TALK: Final = st.lists(st.tuples(st.sampled_from(list(Who)), _LINES), max_size=12)


@settings(deadline=None)
@given(_TALK)
def test_any_talk_is_read_and_scores_are_sound(talk: list[tuple[Who, str]]) -> None:
    reader = Reader()
    for who, line in talk:
        reading = reader.read(who, line, None, None)
        scores = dict(reading.scores)
        assert set(reading.cues) <= set(scores)
        assert all(0 <= v <= 1 for v in scores.values())
        assert (FOLLOW_UP in scores) is (who is Who.REP)
        assert (PITCH in scores) is (who is Who.REP)
        assert "invited" not in reading.cues or PITCH in reading.cues
        assert FOLLOW_UP not in reading.cues or COUNTED_QUESTIONS & set(reading.cues)


@settings(deadline=None)
@given(_TALK)
def test_the_same_talk_is_read_the_same(talk: list[tuple[Who, str]]) -> None:
    first, second = Reader(), Reader()
    assert [first.read(w, t) for w, t in talk] == [second.read(w, t) for w, t in talk]


@given(_LINES)
def test_plain_words_are_a_fixed_point(line: str) -> None:
    once = text.plain(line)
    assert re.fullmatch(r"[a-z0-9' ]*", once)
    assert "  " not in once


def test_most_questions_are_heard_without_marks_and_case() -> None:
    asked = [t for cue in ("question.open", "question.closed") for t in _EXAMPLES["rep"][cue]["is"]]
    heard = sum(
        bool(COUNTED_QUESTIONS & set(Reader().read(Who.REP, re.sub(r"[^\w' ]", " ", t.lower())).cues))
        for t in asked
    )
    assert heard >= 0.9 * len(asked)


def test_a_very_long_line_is_read() -> None:
    assert Reader().read(Who.REP, "so we do and you know " * 3000) is not None

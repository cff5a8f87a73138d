"""Words get their times from the voice they were spoken with."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from coach.speech.placing import place


def test_no_words_need_no_voice() -> None:
    assert place([], []) == []


def test_longer_words_take_longer() -> None:
    short, long = place(["a", "considerable"], [(0, 1_500)])
    assert short.start_ms == 0
    assert long.end_ms == 1_500
    assert short.end_ms == long.start_ms < 400


def test_a_sentence_ends_at_the_pause_near_it() -> None:
    words = place(
        "That is all I know . Tell me more then".replace(" .", ".").split(), [(0, 1_000), (1_300, 2_600)]
    )
    assert words[4].end_ms == 1_000
    assert words[5].start_ms == 1_300


def test_a_comma_far_from_a_pause_stays_where_it_is() -> None:
    words = place(["well,", *["word"] * 20], [(0, 4_000), (4_400, 5_000)])
    assert words[0].end_ms < 600


@given(
    st.lists(st.sampled_from(["yes.", "no,", "and", "1984", "what?", "-"]), min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(1, 900), st.integers(30, 4_000)), min_size=1, max_size=6),
)
def test_words_stay_in_order_and_inside(texts: list[str], gaps: list[tuple[int, int]]) -> None:
    voiced, at = [], 0
    for gap, length in gaps:
        voiced.append((at + gap, at + gap + length))
        at += gap + length
    words = place(texts, voiced)
    assert [w.text for w in words] == texts
    assert words[0].start_ms == voiced[0][0]
    assert words[-1].end_ms == voiced[-1][1]
    assert all(w.start_ms <= w.end_ms for w in words)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(words))

"""Spans that share a window: who lies where, which word is whose, and what is written again alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from coach.call.events import Who
from coach.speech.batches import ROOM_S, WINDOW_S, Written, cuts, filled, is_odd, pack, skips, write_many
from coach.speech.guards import Hypothesis
from coach.speech.spans import Span
from coach.speech.words import Word

RATE = 16_000
REP, CUSTOMER = Who.REP, Who.CUSTOMER


@dataclass
class Said:
    """A span that carries its own words, for a writer who cannot hear."""

    who: Who
    span: Span
    samples: Any
    text: str


def said(who: Who, start_s: float, length_s: float, text: str) -> Said:
    start, end = round(1000 * start_s), round(1000 * (start_s + length_s))
    span = Span(start, end, ((start, end),), end + 350, start, end)
    return Said(who, span, np.full(round(length_s * RATE), 7, np.int16), text)


class Reads:
    """A writer who is told what is in each window, and remembers what it was asked."""

    names = ("Ferrolift",)

    def __init__(self, *windows: Written) -> None:
        self.windows = list(windows)
        self.lengths_s: list[float] = []
        self.again: list[str] = []

    def write(self, sounds, window_s):
        assert window_s == WINDOW_S
        self.lengths_s += [len(s) / RATE for s in sounds]
        return [self.windows.pop(0) for _ in sounds]

    def alone(self, spans):
        self.again += [s.text for s in spans]
        return [[Word(s.span.start_ms, s.span.end_ms, "Alone.")] for s in spans]


def window(*words: tuple[float, str], no_speech: float = 0.0, sureness: float = -0.3) -> Written:
    texts = tuple(text for _, text in words)
    hypothesis = Hypothesis(" ".join(texts), len(texts), 100, no_speech, sureness)
    return Written(hypothesis, texts, tuple(at for at, _ in words))


HOW = said(REP, 10, 1.0, "How is it going?")
FINE = said(REP, 20, 1.0, "Fine, I hope.")
OK = said(CUSTOMER, 12, 0.5, "Okay then.")
BOTH = (
    (0.0, "How"),
    (0.2, "is"),
    (0.4, "it"),
    (0.6, "going?"),
    (1.1, "Fine,"),
    (1.6, "I"),
    (1.8, "hope."),
)


def texts(words: list[Word]) -> str:
    return " ".join(w.text for w in words)


def test_each_span_of_a_window_gets_its_words_inside_its_own_voice():
    reads = Reads(window(*BOTH))
    how, fine = write_many([HOW, FINE], reads)
    assert (texts(how), texts(fine)) == ("How is it going?", "Fine, I hope.")
    assert (how[0].start_ms, how[-1].end_ms) == (10_000, 11_000)
    assert (fine[0].start_ms, fine[-1].end_ms) == (20_000, 21_000)
    assert reads.lengths_s == [pytest.approx(2.2)]
    assert reads.again == []


def test_sides_do_not_share_a_window_and_a_span_without_company_is_written_alone():
    reads = Reads(window(*BOTH))
    how, okay, fine = write_many([HOW, OK, FINE], reads)
    assert (texts(how), texts(okay), texts(fine)) == ("How is it going?", "Alone.", "Fine, I hope.")


@pytest.mark.parametrize(
    "doubtful",
    [
        window(*BOTH, no_speech=0.5),
        window(*BOTH, sureness=-2.0),
        window(*((k / 10, "no") for k in range(20))),
    ],
    ids=["no speech", "unsure", "loop"],
)
def test_a_window_that_is_doubted_is_taken_apart(doubtful):
    reads = Reads(doubtful)
    assert [texts(w) for w in write_many([HOW, FINE], reads)] == ["Alone.", "Alone."]


@pytest.mark.parametrize(
    ("words", "odd"),
    [
        ("How are you today?", False),
        ("", True),
        ("Thank you.", True),
        ("Ferrolift. Ferrolift.", True),
        ("Ferrolift is here.", False),
        ("I", True),
        ("so", True),
        ("This is far more than anybody says within a single second of voice", True),
    ],
)
def test_words_that_need_a_second_look(words, odd):
    assert is_odd(words.split(), ((0, 1_000),), ("Ferrolift",)) is odd


def test_a_span_that_was_left_out_is_written_again_alone():
    reads = Reads(window(*BOTH[:4]))
    assert [texts(w) for w in write_many([HOW, FINE], reads)] == ["How is it going?", "Alone."]
    assert reads.again == ["Fine, I hope."]


def test_a_cut_leans_to_the_end_of_a_sentence():
    late = window((0.0, "One"), (0.5, "two."), (0.9, "Three"), (1.4, "four."))
    assert cuts(late, [(0, RATE), (round(1.2 * RATE), 2 * RATE)]) == [(0, 2), (2, 4)]


@pytest.mark.parametrize(
    ("texts", "onsets_s", "left_out"),
    [
        ("Every thirty seconds.", (0.1, 0.5, 0.9), True),  # and then: "What else?"
        ("Every thirty seconds. What else?", (0.1, 0.5, 0.9, 2.0, 2.3), False),
        ("About 140,000,", (0.1, 0.5), False),  # a number is a long word
        ("It refreshes.", (0.1, 2.1), True),
    ],
)
def test_voice_that_no_word_stands_for_needs_a_second_look(texts, onsets_s, left_out):
    span = Span(10_000, 12_800, ((10_000, 12_800),), 13_150, 9_800, 13_000)
    assert skips(texts.split(), [0.2 + at for at in onsets_s], span) is left_out


def test_a_pause_within_a_span_is_no_voice():
    span = Span(10_000, 15_000, ((10_000, 11_000), (14_000, 15_000)), 15_350, 10_000, 15_000)
    assert not skips(["Well,", "yes."], [0.3, 4.2], span)


def test_a_span_whose_end_was_left_out_is_written_again_alone():
    long = said(REP, 10.0, 3.0, "How is it going? What else?")
    words = (
        (0.1, "How"),
        (0.4, "is"),
        (0.6, "it"),
        (0.8, "going?"),
        (3.4, "Fine,"),
        (3.9, "I"),
        (4.1, "hope."),
    )
    reads = Reads(window(*words))
    assert [texts(w) for w in write_many([long, said(REP, 14.0, 1.5, "Fine, I hope.")], reads)] == [
        "Alone.",
        "Fine, I hope.",
    ]


def test_windows_hold_what_fits_in_order_and_nothing_twice():
    spans = [said(REP if k % 3 else CUSTOMER, 10 * k, 1 + k % 5, "") for k in range(40)]
    packs = pack(spans)
    assert sorted(k for p in packs for k in p.members) == list(range(40))
    for p in packs:
        assert list(p.members) == sorted(p.members)
        assert len({spans[k].who for k in p.members}) == 1
        assert p.places[-1][1] <= ROOM_S * RATE
        assert [e - b for b, e in p.places] == [len(spans[k].samples) for k in p.members]


def test_a_window_is_full_when_another_of_its_side_follows_it():
    rep = [said(REP, 10 * k, 5, str(k)) for k in range(5)]
    other = said(CUSTOMER, 12, 5, "alone")
    assert filled([*rep[:2], other]) == [], "there is room for more"
    assert filled([*rep[:3], other]) == [rep[:2]]
    assert filled([*rep, other]) == [rep[:2], rep[2:4]]


def test_nothing_is_asked_of_the_model_where_there_is_no_sound():
    silent = said(REP, 1, 0, "")
    reads = Reads()
    assert write_many([], reads) == []
    assert write_many([silent], reads) == [[]]
    assert reads.again == []


def test_no_window_begins_too_long_for_its_room():
    (only,) = pack([said(REP, 0, 20, "")])
    assert only.places == ((0, 20 * RATE),)

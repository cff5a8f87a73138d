"""Words of spans go in, sentences come out; time is data."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.speech.sentences import BACK_WAIT_MS, JOIN_MS, PAUSE_MS, WAIT_MS, SentenceBuilder
from coach.speech.spans import Span
from coach.speech.words import Utterance, Word


def span(start: int, end: int, *, goes_on: bool = False) -> Span:
    return Span(start, end, ((start, end),), end + 300, start, end, goes_on)


def said(text: str, start: int = 0, step: int = 300) -> list[Word]:
    return [Word(start + k * step, start + (k + 1) * step, t) for k, t in enumerate(text.split())]


def heard(text: str) -> list[str]:
    """Return the sentences of one span, the last included."""
    builder, words = SentenceBuilder(), said(text)
    given = builder.hear(words, span(0, words[-1].end_ms))
    return [u.text for u in given + builder.end()]


def test_a_whole_sentence_is_given_at_once() -> None:
    builder = SentenceBuilder()
    assert builder.hear(said("Where does it hurt?"), span(0, 1_200)) == [
        Utterance(0, 1_200, "Where does it hurt?")
    ]
    assert builder.due_ms is None
    assert builder.end() == []


def test_two_sentences_in_a_span_are_two() -> None:
    assert heard("Good. Tell me more. Why now?") == ["Good.", "Tell me more.", "Why now?"]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Graham called.",
        "It is 9.30 in Leeds.",
        "We sort it, e.g. by colour.",
        "J. Smith and Dr. Patel agreed.",
        "Well... I think so.",
        "It costs 3. 50 a month.",
        "He runs the team at Acme Inc. in Leeds.",
    ],
)
def test_a_full_stop_inside_a_sentence_ends_nothing(text: str) -> None:
    assert heard(text) == [text]


def test_a_long_pause_ends_a_sentence_without_a_mark() -> None:
    builder = SentenceBuilder()
    words = said("so that is that") + said("anyway we moved on.", 1_200 + PAUSE_MS)
    given = builder.hear(words, span(0, words[-1].end_ms))
    assert [u.text for u in given] == ["so that is that", "anyway we moved on."]


def test_a_cut_sentence_is_joined_when_the_rest_comes_in_time() -> None:
    builder = SentenceBuilder()
    assert builder.hear(said("What would it mean for"), span(0, 1_500)) == []
    assert builder.due_ms == 1_800 + WAIT_MS
    (whole,) = builder.hear(said("your team?", 1_700, 150), span(1_700, 2_000))
    assert whole == Utterance(0, 2_000, "What would it mean for your team?")


def test_a_sentence_that_ends_on_a_dangling_word_waits_in_spite_of_its_full_stop() -> None:
    builder = SentenceBuilder()
    assert builder.hear(said("I have about two minutes to."), span(0, 1_800)) == []


def test_a_lead_in_waits_for_its_main_clause() -> None:
    builder = SentenceBuilder()
    assert builder.hear(said("Um, before I say a word about us."), span(0, 2_100)) == []
    (whole,) = builder.hear(said("Walk me through it.", 2_400, 10), span(2_400, 2_440))
    assert whole.text == "Um, before I say a word about us, Walk me through it."


def test_a_lead_in_with_its_main_clause_is_whole() -> None:
    assert heard("If it breaks, we mend it. When would you start?") == [
        "If it breaks, we mend it.",
        "When would you start?",
    ]


def test_a_comma_waits() -> None:
    builder = SentenceBuilder()
    assert builder.hear(said("If nobody answers the phone,"), span(0, 1_500)) == []


def test_a_span_cut_off_waits_in_spite_of_its_full_stop() -> None:
    builder = SentenceBuilder()
    assert builder.hear(said("We looked at all of it."), span(0, 1_800, goes_on=True)) == []


def test_nobody_waits_for_ever() -> None:
    builder = SentenceBuilder()
    builder.hear(said("and then we went to"), span(0, 1_500))
    due = builder.due_ms
    assert due is not None
    assert builder.passed(due - 1) == []
    assert [u.text for u in builder.passed(due)] == ["and then we went to"]
    assert builder.due_ms is None


def test_a_voice_that_is_back_keeps_it_waiting() -> None:
    builder = SentenceBuilder()
    builder.hear(said("What would it mean for"), span(0, 1_500))
    builder.voice(1_700, True, 1_600)
    assert builder.due_ms == 1_800 + BACK_WAIT_MS
    (whole,) = builder.hear(said("your team, all in all?", 1_600), span(1_600, 4_500))
    assert whole.text == "What would it mean for your team, all in all?"


def test_a_voice_known_ahead_of_time_may_be_handed_in_ahead_of_time() -> None:
    builder = SentenceBuilder()
    builder.voice(100, True, 0)
    builder.voice(1_600, False, 1_500)
    builder.voice(1_700, True, 1_600)
    builder.hear(said("What would it mean for"), span(0, 1_500))
    assert builder.due_ms == 1_800 + BACK_WAIT_MS


def test_a_voice_that_is_back_too_late_changes_nothing() -> None:
    builder = SentenceBuilder()
    builder.hear(said("What would it mean for"), span(0, 1_500))
    builder.voice(1_801 + WAIT_MS, True, 2_350)
    assert builder.due_ms == 1_800 + WAIT_MS


def test_what_comes_too_late_is_not_joined() -> None:
    builder = SentenceBuilder()
    builder.hear(said("and then we went to"), span(0, 1_500))
    given = builder.hear(said("Anyway. That was it.", 4_000), span(4_000, 5_200))
    assert [u.text for u in given] == ["and then we went to", "Anyway.", "That was it."]


def test_a_voice_that_was_away_too_long_is_not_joined() -> None:
    builder = SentenceBuilder()
    builder.voice(340, True, 310)  # a knock, and then nothing for a second
    builder.hear(said("Um,"), span(0, 300))
    given = builder.hear(said("Right then.", 301 + JOIN_MS), span(301 + JOIN_MS, 1_901))
    assert [u.text for u in given] == ["Um,", "Right then."]


def test_a_span_without_words_releases_nothing_before_it_is_due() -> None:
    builder = SentenceBuilder()
    builder.hear(said("and then we went to"), span(0, 1_500))
    assert builder.hear([], span(1_600, 1_700)) == []
    assert builder.hear([], span(9_000, 9_100)) != []


TEXTS = st.sampled_from(
    [
        "Yes.",
        "Um,",
        "and then we",
        "What do you think?",
        "so it is",
        "It was 9.30. Then we left.",
        "the",
        "Mr.",
        "",
    ]
)


@given(st.lists(st.tuples(TEXTS, st.integers(50, 3_000), st.booleans()), max_size=12), st.integers(1, 3_000))
def test_ticks_change_nothing_and_no_word_is_lost(spoken: list[tuple[str, int, bool]], tick: int) -> None:
    ticked, plain, words = SentenceBuilder(), SentenceBuilder(), []
    from_ticked, from_plain, now, at = [], [], 0, 0
    for text, gap, goes_on in spoken:
        new = said(text, at + gap)
        ticked.voice(at + gap + 60, True, at + gap)
        plain.voice(at + gap + 60, True, at + gap)
        at = new[-1].end_ms if new else at + gap + 100
        part = Span(at - 100, at, ((at - 100, at),), at + 300, at - 100, at, goes_on)
        while now + tick < part.closed_at_ms:
            now += tick
            from_ticked += ticked.passed(now)
        from_ticked += ticked.hear(new, part)
        from_plain += plain.hear(new, part)
        words += new
        at += 300
    from_ticked += ticked.end()
    from_plain += plain.end()
    assert from_ticked == from_plain
    assert " ".join(u.text for u in from_plain).replace(".", "") == " ".join(w.text for w in words).replace(
        ".", ""
    )
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(from_plain))


def test_a_sentence_is_whole_as_soon_as_a_word_behind_it_stands() -> None:
    builder = SentenceBuilder()
    assert builder.hear_early(said("It hurts every week."), 1_900) == []
    (whole,) = builder.hear_early(said("And then", 1_300), 2_400)
    assert whole.text == "It hurts every week."
    (rest,) = builder.hear(said("it stops.", 1_900), span(0, 2_500))
    assert rest.text == "And then it stops."


def told(text: str, behind: str | None) -> list[Word]:
    """Return words, of which the last knows what stands behind it."""
    *words, last = said(text)
    return [*words, Word(last.start_ms, last.end_ms, last.text, behind)]


@pytest.mark.parametrize("behind", ["And", None])
def test_a_sentence_is_whole_as_soon_as_it_is_known_what_stands_behind_it(behind: str | None) -> None:
    builder = SentenceBuilder()
    (whole,) = builder.hear_early(told("It hurts every week.", behind), 1_900)
    assert whole.text == "It hurts every week."
    assert builder.due_ms is None
    (rest,) = builder.hear(said("And then it stops.", 1_500), span(0, 2_700))
    assert rest.text == "And then it stops."


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("It costs 3.", "5"),
        ("It is for Dr.", "Brown"),
        ("It hurts because of the.", None),
        ("It hurts", "And"),
    ],
)
def test_what_is_behind_ends_no_sentence_that_goes_on(text: str, behind: str | None) -> None:
    assert SentenceBuilder().hear_early(told(text, behind), 1_900) == []


def test_an_open_span_keeps_what_it_has_begun_however_long_it_goes_on() -> None:
    builder = SentenceBuilder()
    builder.hear_early(said("and then we"), 1_500)
    assert builder.due_ms is None
    assert builder.passed(60_000) == []
    assert [u.text for u in builder.end()] == ["and then we"]


def test_a_span_that_was_given_up_gives_out_what_it_had_begun() -> None:
    builder = SentenceBuilder()
    builder.hear_early(said("and then we"), 1_500)
    assert builder.hear([], span(0, 2_500)) == []
    due = builder.due_ms
    assert due == 2_800 + WAIT_MS
    assert [u.text for u in builder.passed(due)] == ["and then we"]


def test_an_open_span_goes_on_from_the_unfinished_one_before_it() -> None:
    builder = SentenceBuilder()
    builder.hear(said("What would it mean for."), span(0, 1_500))
    builder.voice(1_850, True, 1_800)
    (whole,) = builder.hear_early(said("your team? Well", 1_800), 2_700)
    assert whole.text == "What would it mean for your team?"

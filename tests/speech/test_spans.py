"""Dialogues with the cutter: changes of voice go in, closed spans come out."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from coach.speech.spans import BREATHLESS_MS, LONGEST_MS, PAUSES, Span, SpanCutter

PAUSE = PAUSES[0][1]


def voices(cutter: SpanCutter, *spoken: tuple[int, int], lag: int = 0) -> list[Span]:
    """Speak from, to; each change is known ``lag`` later."""
    closed = []
    for start, end in spoken:
        closed += cutter.voice(start + lag, True, start)
        closed += cutter.voice(end + lag, False, end)
    return closed


def test_nothing_said_is_no_span() -> None:
    cutter = SpanCutter()
    assert cutter.passed(60_000) == []
    assert cutter.end(60_000) == []


def test_a_pause_closes_a_span() -> None:
    cutter = SpanCutter()
    assert voices(cutter, (1_000, 2_000)) == []
    assert cutter.passed(2_000 + PAUSE - 1) == []
    (span,) = cutter.passed(2_000 + PAUSE)
    assert (span.start_ms, span.end_ms, span.closed_at_ms) == (1_000, 2_000, 2_000 + PAUSE)
    assert span.voiced == ((1_000, 2_000),)
    assert not span.goes_on


def test_a_short_pause_stays_inside() -> None:
    cutter = SpanCutter()
    voices(cutter, (1_000, 2_000), (2_100, 2_900))
    (span,) = cutter.passed(9_000)
    assert span.voiced == ((1_000, 2_000), (2_100, 2_900))


def test_a_span_open_for_long_takes_a_shorter_pause() -> None:
    cutter = SpanCutter()
    length, pause = PAUSES[-1]
    closed = voices(cutter, (0, length), (length + pause + 50, length + 2_000), lag=10)
    assert [s.end_ms for s in closed] == [length]
    assert closed[0].closed_at_ms == length + pause


def test_a_late_detector_closes_when_it_speaks() -> None:
    cutter = SpanCutter()
    cutter.voice(1_100, True, 1_000)
    cutter.voice(3_000, False, 2_000)
    (span,) = cutter.passed(3_000)
    assert (span.end_ms, span.closed_at_ms) == (2_000, 3_000)


def test_one_who_hardly_pauses_is_cut_backwards_at_the_longest_pause() -> None:
    cutter = SpanCutter()
    voices(cutter, (0, 2_000), (2_110, 4_000), (4_050, 5_000))
    cutter.voice(5_040, True, 5_040)
    assert cutter.passed(LONGEST_MS - 1) == []
    (span,) = cutter.passed(LONGEST_MS)
    assert span.voiced == ((0, 2_000),)
    assert span.goes_on
    assert span.to_ms <= 2_110
    cutter.voice(8_500, False, 8_500)
    (rest,) = cutter.passed(10_000)
    assert rest.voiced == ((2_110, 4_000), (4_050, 5_000), (5_040, 8_500))
    assert rest.from_ms >= 2_000


def test_one_who_never_breathes_is_cut_on_the_spot() -> None:
    cutter = SpanCutter()
    cutter.voice(0, True, 0)
    first, second = cutter.passed(2 * BREATHLESS_MS)
    assert first.end_ms == second.start_ms == second.from_ms == first.to_ms == BREATHLESS_MS
    assert second.closed_at_ms == 2 * BREATHLESS_MS


def test_a_stop_before_a_cut_on_the_spot_leaves_nothing() -> None:
    cutter = SpanCutter()
    cutter.voice(0, True, 0)
    assert len(cutter.passed(BREATHLESS_MS)) == 1
    cutter.voice(BREATHLESS_MS + 50, False, BREATHLESS_MS - 80)
    assert cutter.end(20_000) == []


def test_the_end_closes_what_is_open() -> None:
    cutter = SpanCutter()
    cutter.voice(1_000, True, 1_000)
    (span,) = cutter.end(1_800)
    assert (span.start_ms, span.end_ms, span.closed_at_ms, span.to_ms) == (1_000, 1_800, 1_800, 1_800)


def test_the_samples_hold_some_quiet_but_no_other_voice() -> None:
    cutter = SpanCutter()
    closed = voices(cutter, (1_000, 2_000), (2_000 + PAUSE, 3_000), lag=20)
    closed += cutter.end(9_000)
    first, second = closed
    assert first.from_ms < 1_000
    assert second.from_ms >= first.end_ms
    assert first.to_ms <= second.start_ms


@st.composite
def calls(draw: st.DrawFn) -> tuple[list[tuple[int, bool, int]], int]:
    """Draw changes as a detector tells them: alternating, each known a little after it was so."""
    now, changes, speaking = 0, [], False
    for gap in draw(st.lists(st.integers(20, 15_000) | st.integers(20, 500), max_size=30)):
        now += gap
        speaking = not speaking
        known = now + draw(st.integers(0, 20))
        changes.append((known, speaking, now))
    return changes, now + draw(st.integers(30, 3_000))


def cut(changes: list[tuple[int, bool, int]], end: int, tick: int | None) -> list[Span]:
    cutter, spans, ticked = SpanCutter(), [], 0
    for change in changes:
        while tick and ticked + tick < change[0]:
            ticked += tick
            spans += cutter.passed(ticked)
        spans += cutter.voice(*change)
    while tick and ticked + tick < end:
        ticked += tick
        spans += cutter.passed(ticked)
    return spans + cutter.end(end)


@given(calls(), st.integers(1, 4_000))
def test_ticks_change_nothing(call: tuple[list[tuple[int, bool, int]], int], tick: int) -> None:
    assert cut(*call, tick) == cut(*call, None)


@given(calls())
def test_spans_cover_the_voice_once_and_in_order(call: tuple[list[tuple[int, bool, int]], int]) -> None:
    changes, end = call
    spans = cut(changes, end, None)
    parts = [part for span in spans for part in span.voiced]
    assert all(start < stop for start, stop in parts)
    assert all(a[1] <= b[0] for a, b in pairwise(parts))
    begins = [since for _, speaking, since in changes if speaking]
    stops = [since for _, speaking, since in changes if not speaking]
    stops += [end] * (len(begins) - len(stops))
    spoken = sum(stop - start for start, stop in zip(begins, stops, strict=True))
    assert sum(stop - start for start, stop in parts) == spoken
    for span in spans:
        assert (span.start_ms, span.end_ms) == (span.voiced[0][0], span.voiced[-1][1])
        assert span.from_ms <= span.start_ms < span.end_ms <= span.to_ms <= span.closed_at_ms
        assert span.end_ms - span.start_ms <= BREATHLESS_MS
    assert [s.closed_at_ms for s in spans] == sorted(s.closed_at_ms for s in spans)
    assert all(a.end_ms <= b.from_ms for a, b in pairwise(spans))


@given(calls())
def test_no_span_waits_longer_than_its_bound(call: tuple[list[tuple[int, bool, int]], int]) -> None:
    for span in cut(*call, None):
        assert span.closed_at_ms - span.start_ms <= BREATHLESS_MS + max(pause for _, pause in PAUSES)


def test_a_span_can_be_seen_while_it_is_open() -> None:
    cutter = SpanCutter()
    assert cutter.so_far(500) is None
    cutter.voice(1_050, True, 1_000)
    open_span = cutter.so_far(1_800)
    assert open_span is not None
    assert (open_span.voiced, open_span.goes_on, open_span.from_ms, open_span.to_ms) == (
        ((1_000, 1_800),),
        True,
        800,
        1_800,
    )
    cutter.voice(2_130, False, 2_000)
    stopped = cutter.so_far(2_150)
    assert stopped is not None
    assert (stopped.voiced, stopped.goes_on, stopped.to_ms) == (((1_000, 2_000),), False, 2_150)
    (closed,) = cutter.passed(2_350)
    assert closed.voiced == stopped.voiced
    assert cutter.so_far(2_400) is None

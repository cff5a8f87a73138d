"""The axis: what zooming, moving and turning the page do to the view."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.ui.axis import LEAST_MS, Axis, axis, clock

HOUR = 3_600_000


def an_hour() -> Axis:
    return axis(HOUR).laid(100, 1000)


def test_the_whole_call_is_seen_at_first() -> None:
    view = an_hour()
    assert view.whole
    assert (view.x(0), view.x(HOUR)) == (100, 1100)
    assert (view.ms(100), view.ms(600), view.ms(5000)) == (0, HOUR / 2, HOUR)


@given(
    at=st.integers(0, HOUR), start=st.floats(0, HOUR), span=st.floats(0, HOUR), factor=st.floats(0.01, 100)
)
def test_zooming_leaves_the_moment_where_it_stands_and_never_leaves_the_call(at, start, span, factor) -> None:
    view = an_hour().viewed(start, start + span)
    closer = view.zoomed(factor, at)
    assert closer.span_ms + 1e-6 >= LEAST_MS
    assert closer.start_ms >= -1e-6
    assert closer.end_ms <= HOUR + 1e-6
    if view.sees(at) and closer.start_ms > 0 and closer.end_ms < HOUR and closer.span_ms > LEAST_MS:
        assert closer.x(at) == pytest.approx(view.x(at), abs=0.5)


def test_moving_stops_at_both_ends() -> None:
    view = an_hour().viewed(60_000, 120_000)
    assert view.panned(-HOUR).start_ms == 0
    assert view.panned(HOUR).end_ms == HOUR


def test_the_page_turns_only_where_it_must() -> None:
    view = an_hour().viewed(60_000, 120_000)
    assert view.showing(90_000) is view
    assert view.showing(125_000).start_ms == 119_000


@pytest.mark.parametrize(("span", "first"), [(3_000, "0:00.0"), (60_000, "0:00"), (HOUR, "0:00")])
def test_the_ruler_tells_round_moments_that_have_room(span: int, first: str) -> None:
    ticks = an_hour().viewed(0, span).ticks(64)
    assert ticks[0][1] == first
    places = [an_hour().viewed(0, span).x(ms) for ms, _ in ticks]
    assert all(b - a >= 64 for a, b in pairwise(places))
    assert len(ticks) > 3


def test_a_call_of_a_moment_can_be_seen_too() -> None:
    assert axis(10).laid(0, 100).span_ms == LEAST_MS


def test_a_moment_in_words() -> None:
    assert [clock(ms) for ms in (0, 65_000, 3_725_000)] == ["0:00", "1:05", "1:02:05"]
    assert clock(1_540, fine=True) == "0:01.5"

"""A glance every five seconds of audio, and never more than is known."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playbook import CUSTOMER, REP, told

from coach.call.ambient import Ambient, Glances
from coach.call.events import TimePassed
from coach.call.meters import Meters

LINES = [
    (REP, 1, 40, "How do you do that?", "question.open"),
    (CUSTOMER, 41, 61, "By hand."),
    (REP, 62, 82, "I see."),
]


def glances(events):
    """Every glance at a call, with when it was taken."""
    meters, seen = Meters(), []
    glance = Glances(lambda ambient: seen.append((meters.now_ms, ambient)))
    ticks = [TimePassed(at) for at in range(1000, events[-1].at_ms, 1000)]
    for event in sorted([*events, *ticks], key=lambda e: e.at_ms):
        meters.fold(event)
        glance.look(meters)
        glance.look(meters)
    return seen


def test_it_looks_at_most_every_five_seconds_of_audio():
    times = [at for at, _ in glances(told(LINES, 100))]
    assert times[0] >= 5000
    assert all(b - a >= 5000 for a, b in pairwise(times))
    assert len(times) > 5


def test_the_share_is_left_out_until_it_is_valid_and_the_gap_grows_while_they_talk():
    seen = [ambient for _, ambient in glances(told(LINES, 100))]
    assert seen[0].share is None
    assert seen[0].question_gap_ms is None
    assert seen[-1].share == pytest.approx(59 / 79, abs=0.03)
    assert seen[-1].question_gap_ms == pytest.approx(40_000, abs=2500)


def test_of_one_side_alone_nothing_is_known():
    seen = [ambient for _, ambient in glances(told(LINES[:1], 60, sides=(REP,)))]
    assert set(seen) == {Ambient()}

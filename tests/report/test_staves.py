"""The time line in rows: nothing is lost between them, marks do not cover each other."""

from __future__ import annotations

import pytest
from playbook import CUSTOMER, REP

from coach.call.events import Who
from coach.report import timeline as t
from coach.report.staves import CLOSE, MOST_TIERS, Stave, kinds_in, staves
from coach.report.timeline import Block, Mark, Timeline

MINUTE = 60_000


def line(duration_ms, blocks=(), marks=(), sides=tuple(Who)):
    return Timeline(duration_ms, sides, tuple(blocks), dict.fromkeys(Who, ()), tuple(marks), ())


def mark(kind, at_ms, end_ms=None, who=REP, **more):
    return Mark(kind, who, at_ms, at_ms if end_ms is None else end_ms, **more)


@pytest.mark.parametrize(
    ("minutes", "rows", "row_minutes"),
    [
        (0, 1, 1 / 60),
        (3, 1, 3),
        (10, 1, 10),
        (11, 2, 10),
        (65, 7, 10),
        (90, 9, 10),
        (91, 9, 11),
        (240, 9, 27),
    ],
)
def test_a_long_call_is_cut_into_rows_of_one_length(minutes, rows, row_minutes):
    cut = staves(line(minutes * MINUTE))
    assert len(cut) == rows
    assert {s.end_ms - s.start_ms for s in cut} == {row_minutes * MINUTE}
    assert cut[-1].end_ms >= minutes * MINUTE


def test_a_turn_over_the_end_of_a_row_goes_on_in_the_next():
    one, two = staves(line(20 * MINUTE, [Block(REP, 9 * MINUTE, 12 * MINUTE)]))
    assert one.blocks[REP] == ((0.9, 1.0, False),)
    assert two.blocks[REP] == ((0.0, 0.2, False),)
    assert one.blocks[CUSTOMER] == ()


def test_every_mark_stands_in_one_row_the_last_moment_too():
    marks = [mark(t.NUDGE, at) for at in (0, 10 * MINUTE - 1, 10 * MINUTE, 20 * MINUTE)]
    rows = staves(line(20 * MINUTE, marks=marks))
    assert [len(s.coach) for s in rows] == [2, 2]
    assert rows[1].coach[-1].at == 1.0


def test_the_coach_stands_above_what_was_said_and_the_customer_beneath():
    marks = [
        mark(t.NUDGE, 1000),
        mark(t.NOTE, 5000, who=None),
        mark(t.PITCH, 2000, 3000),
        mark(t.NEED, 4000, who=CUSTOMER),
    ]
    (row,) = staves(line(10_000, marks=marks))
    kinds = [[p.mark.kind for p in placed] for placed in (row.coach, row.rep, row.customer)]
    assert kinds == [[t.NUDGE, t.NOTE], [t.PITCH], [t.NEED]]


def test_near_marks_stand_above_each_other():
    marks = [mark(t.QUESTION_OPEN, at) for at in (0, 500, 1000, 1500, 50_000)]
    (row,) = staves(line(100_000, marks=marks))
    assert [p.tier for p in row.rep] == [0, 1, 2, 0, 0]
    assert Stave.tiers(row.rep) == MOST_TIERS
    assert Stave.tiers(row.coach) == 0
    by_tier = [[p.at for p in row.rep[:3] if p.tier == i] for i in range(MOST_TIERS)]
    assert all(len(ats) == 1 for ats in by_tier)
    assert CLOSE > 500 / 100_000


def test_pitch_in_one_breath_is_one_mark_as_long_as_it_lasted():
    marks = [mark(t.PITCH, 1000, 3000, text="a"), mark(t.PITCH, 4000, 8000), mark(t.PITCH, 20_000, 21_000)]
    line_ = line(100_000, marks=[*marks, mark(t.NUDGE, 5000)])
    (row,) = staves(line_)
    assert [(p.at, p.to, p.mark.text) for p in row.rep] == [(0.01, 0.08, "a"), (0.2, 0.21, "")]
    assert kinds_in(line_) == ((t.NUDGE, 1), (t.PITCH, 2))


def test_there_are_a_few_ticks_at_round_moments():
    for minutes in (0.3, 1, 3, 10, 47, 300):
        for row in staves(line(round(minutes * MINUTE))):
            assert 2 <= len(row.ticks) <= 9
            assert all(ms % 5000 == 0 and 0 <= at <= 1 for at, ms in row.ticks)
    (row,) = staves(line(3 * MINUTE))
    assert [ms for _, ms in row.ticks] == [0, 30_000, 60_000, 90_000, 120_000, 150_000, 180_000]

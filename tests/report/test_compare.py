"""A call beside one's own last ten: from three on, above, below or like usual."""

from __future__ import annotations

import pytest

from coach.call.figures import Figure
from coach.report.compare import ABOVE, BELOW, LIKE, compared


def figure(value, name="talk_share", unit="ratio"):
    return Figure(name, value, unit, "measured" if value is not None else "not available", "source")


def past(*values, name="talk_share"):
    return [{name: v} for v in values]


def test_two_calls_are_no_usual_and_three_are():
    assert compared([figure(0.5)], past(0.4, 0.6)) == {}
    usual = compared([figure(0.5)], past(0.4, 0.6, 0.5))["talk_share"]
    assert (usual.median, usual.calls, usual.told, usual.stands) == (0.5, 3, "50%", LIKE)


@pytest.mark.parametrize(
    ("value", "stands"), [(0.44, BELOW), (0.45, LIKE), (0.5, LIKE), (0.55, LIKE), (0.56, ABOVE)]
)
def test_outside_the_middle_half_is_above_or_below(value, stands):
    usual = compared([figure(value)], past(0.4, 0.45, 0.5, 0.55, 0.6))["talk_share"]
    assert (usual.low, usual.high) == (0.45, 0.55)
    assert usual.stands == stands


def test_a_difference_that_nobody_can_read_is_none():
    assert compared([figure(0.5004)], past(0.5, 0.5, 0.5))["talk_share"].stands == LIKE
    assert compared([figure(0.4996)], past(0.5, 0.5, 0.5))["talk_share"].stands == LIKE


def test_only_the_last_ten_count():
    usual = compared([figure(0.5)], past(*[0.5] * 10, *[0.9] * 30))["talk_share"]
    assert (usual.calls, usual.high) == (10, 0.5)


def test_calls_without_the_figure_do_not_count_for_it():
    assert compared([figure(0.5)], [{"talk_share": 0.4}, {"pace": 1.0}, {"talk_share": 0.6}, {}]) == {}


def test_what_is_not_available_is_not_compared():
    assert compared([figure(None)], past(0.4, 0.5, 0.6)) == {}


def test_a_yes_or_no_is_counted_and_never_above_or_below():
    usual = compared([figure(1.0, "next_step", "yes or no")], past(0.0, 1.0, 0.0, 1.0, name="next_step"))
    assert (usual["next_step"].told, usual["next_step"].calls, usual["next_step"].stands) == (
        "yes in 2",
        4,
        "",
    )


def test_the_unit_stands_with_the_median_and_can_be_left():
    usual = compared([figure(9.0, "pace", "words per min")], past(8.0, 8.0, 8.0, name="pace"))["pace"]
    assert (usual.told, usual.number) == ("8.0 words per min", "8.0")

"""What a device lost is told from what only came late, and from a clock that was set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coach.audio.block import RATE
from coach.audio.count import LATELY, Count

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = 960
BLOCK_S = BLOCK / RATE
ONE_LOST = 100


def counted(
    blocks: int,
    *,
    lost: int | None = None,
    told: bool = False,
    device: Callable[[int], float] = lambda _: 0.0,
    server: Callable[[int], float] = lambda i: 0.0025 * (i % 24),
) -> tuple[list[int], int]:
    """Return by how many samples each block stands after what came, and how often some were lost.

    ``device`` and ``server`` give how far off the device's clock is, and how late a block comes, in seconds.
    """
    count, away = Count(), []
    for i in range(blocks):
        true_s = (i + (lost is not None and i >= lost)) * BLOCK_S
        begins = count.take(
            BLOCK, 1e9 + true_s + device(i), 50.0 + true_s + BLOCK_S + server(i), lost_some=told and i == lost
        )
        away.append(begins - i * BLOCK)
    return away, count.losses


@pytest.mark.parametrize("told", [True, False])
def test_a_lost_block_is_a_gap_of_its_length(*, told: bool) -> None:
    away, losses = counted(2 * ONE_LOST, lost=ONE_LOST, told=told)
    assert away == [0] * ONE_LOST + [pytest.approx(BLOCK, abs=2)] * ONE_LOST
    assert losses == 1


def test_a_clock_that_stands_early_for_one_block_is_no_loss() -> None:
    """Seen on PulseAudio beside busy programs: 46 ms early, and right again a block later, which came last of three."""
    away, losses = counted(
        400, device=lambda i: -0.046 if i % 5 == 4 else 0.0, server=lambda i: 0.08 if i % 5 == 0 else 0.0
    )
    assert (set(away), losses) == ({0}, 0)


@pytest.mark.parametrize("step_s", [0.3, 3600.0, -3600.0])
def test_a_wall_clock_that_is_set_is_no_loss(step_s: float) -> None:
    away, losses = counted(300, device=lambda i: step_s * (i >= ONE_LOST))
    assert (set(away), losses) == ({0}, 0)


def test_after_the_clock_was_set_a_loss_is_seen_again() -> None:
    away, losses = counted(300, lost=200, device=lambda i: -3600.0 * (i >= 200 - LATELY))
    assert (away[199], away[200], losses) == (0, pytest.approx(BLOCK, abs=2), 1)


def test_what_comes_late_has_only_waited() -> None:
    away, losses = counted(
        300, server=lambda i: 0.3 - (i - ONE_LOST) * BLOCK_S if 0 <= i - ONE_LOST < 5 else 0.0
    )
    assert (set(away), losses) == ({0}, 0)


def test_while_a_device_settles_only_what_is_told_is_a_loss() -> None:
    assert counted(5, lost=2) == ([0] * 5, 0)
    assert counted(5, lost=2, told=True) == ([0, 0, BLOCK, BLOCK, BLOCK], 1)


def test_an_overflow_too_short_to_measure_is_noted_and_leaves_the_count() -> None:
    count = Count()
    for i in range(3):
        count.take(BLOCK, i * BLOCK_S, i * BLOCK_S, lost_some=i == 1)
    assert (count.next, count.losses) == (3 * BLOCK, 1)

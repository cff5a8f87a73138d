"""A live call whose process is killed, at a handful of seeded moments; two hundred of them: `benchmarks/kills.py`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.kills import kill_one

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_kill_at_any_moment_loses_a_second_at_most_and_nothing_of_the_past(
    tmp_path: Path, seed: int
) -> None:
    kill = kill_one(seed, tmp_path, longest_s=2.0)
    assert kill.events > 0
    assert (kill.past, kill.recovered) == (True, True)
    assert kill.loss_ms <= 1000
    assert kill.behind_ms <= 1000


def test_a_kill_of_a_locked_call_loses_no_more_and_leaves_no_plain_text(tmp_path: Path) -> None:
    kill = kill_one(5, tmp_path, longest_s=2.0, locked=True)
    assert kill.events > 0
    assert (kill.past, kill.recovered) == (True, True)
    assert kill.loss_ms <= 1000
    assert kill.behind_ms <= 1000


def test_the_sound_of_a_killed_call_plays_up_to_a_second_before_it_at_most(tmp_path: Path) -> None:
    kill = kill_one(5, tmp_path, longest_s=4.0, sound=True)
    assert kill.survived
    assert (kill.past, kill.recovered) == (True, True)
    assert kill.silent_ms <= 1000

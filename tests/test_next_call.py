"""What was prepared outlives a crash, counts for one call, and reaches no other customer's."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from coach.call.plan import Plan
from coach.next_call import AGAIN, NAME, NextCall
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PLAN = Plan("demo", 30.0, "", ("Anna decides \u201cmostly\u201d",), ("Why now?",))


def test_what_is_prepared_during_a_call_outlives_it(tmp_path: Path) -> None:
    following = NextCall(tmp_path)
    following.begin(PLAN, NOW)
    following.write(Plan(questions=("And then?",)))  # for the one after
    following.end(NOW)
    assert following.read(NOW).questions == ("And then?",)
    following.begin(PLAN, NOW)
    following.end(NOW + timedelta(minutes=5))  # another call's
    assert following.read(NOW) == PLAN
    following.end(NOW)
    assert following.read(NOW) == Plan()


def test_what_was_prepared_is_there_at_the_next_start(tmp_path: Path) -> None:
    NextCall(tmp_path / "deep").write(PLAN)
    assert NextCall(tmp_path / "deep").read(NOW + timedelta(days=3)) == PLAN
    assert stat.S_IMODE((tmp_path / "deep" / NAME).stat().st_mode) == 0o600


def test_nothing_prepared_leaves_no_file(tmp_path: Path) -> None:
    kept = NextCall(tmp_path)
    assert kept.read(NOW) == Plan()
    kept.write(PLAN)
    kept.write(Plan())
    kept.begin(Plan(), NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_call_that_died_is_taken_up_again_soon_and_never_later(tmp_path: Path) -> None:
    kept = NextCall(tmp_path)
    kept.write(PLAN)
    kept.begin(PLAN, NOW)
    assert kept.read(NOW + AGAIN) == PLAN
    assert kept.read(NOW + AGAIN + timedelta(seconds=1)) == Plan()
    assert not (tmp_path / NAME).exists()


def test_a_clock_that_was_put_back_gives_it_to_nobody_else(tmp_path: Path) -> None:
    kept = NextCall(tmp_path)
    kept.begin(PLAN, NOW)
    assert kept.read(NOW - timedelta(days=1)) == Plan()


@pytest.mark.parametrize(
    "damage", ["", "[]", '{"plan": 3}', '{"plan": {"minutes": "x"}}', "[" * 70_000, "\0"]
)
def test_damage_is_told_and_nothing_is_made_up(tmp_path: Path, damage: str) -> None:
    (tmp_path / NAME).write_text(damage, encoding="utf-8")
    with pytest.raises(Trouble, match="cannot be read"):
        NextCall(tmp_path).read(NOW)


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="cannot be kept"):
        NextCall(tmp_path / "file").write(PLAN)
    NextCall(tmp_path / "file").begin(PLAN, NOW)

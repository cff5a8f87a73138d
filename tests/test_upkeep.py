"""What is looked after at a start: calls that nobody ended, those kept long enough, and who may read them."""

from __future__ import annotations

import os
import stat
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playbook import REP

from coach import app, upkeep
from coach.archive.exports import note_down
from coach.archive.hand import HandFile, hand_path
from coach.archive.log import SessionLog
from coach.archive.running import hold, running_path
from coach.call.events import CallEnded, CallStarted, TimePassed
from coach.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "coach" / "sessions"


def kept(folder: Path, name: str, days_ago: int = 0, *last: object) -> Path:
    log = SessionLog(folder / f"{name}.jsonl", "words", None, {"began": "2026-11-22T12:05:00+01:00"})
    for event in (CallStarted(0, "discovery", (REP,)), *(last or (CallEnded(60_000),))):
        log.event(event)
    log.close()
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12).astimezone() - timedelta(days=days_ago)
    os.utime(log.path, (noon.timestamp(), noon.timestamp()))
    return log.path


def names(folder: Path) -> list[str]:
    return sorted(p.stem for p in folder.glob("*.jsonl"))


def start(folder: Path, today: date = TODAY, days: int = 30) -> str:
    settings = app.with_set(Settings(), [f"storage.keep_days={days}"])
    return " ".join(upkeep.at_start(settings, today, folder))


def test_a_first_start_has_nothing_to_look_after_and_makes_nothing(folder: Path) -> None:
    assert start(folder) == ""
    assert not folder.parent.exists()


def test_calls_that_nobody_ended_are_told_of_at_one_start(folder: Path) -> None:
    running_path(kept(folder, "one", 0, TimePassed(60_000))).touch()
    assert start(folder) == "The call of 2026-11-22 12:05 ended early at 12:06; recovered."
    assert start(folder) == ""
    for name in ("two", "three"):
        running_path(kept(folder, name, 0, TimePassed(60_000))).touch()
    assert start(folder) == "2 calls ended early and were recovered, the last that of two."


def test_calls_kept_long_enough_are_announced_first_and_go_from_the_next_day_on(folder: Path) -> None:
    kept(folder, "old", 31)
    kept(folder, "just", 30)
    assert start(folder) == (
        "1 call older than 30 days will be forgotten from tomorrow on. "
        "storage.keep_days changes that; 0 keeps calls for ever."
    )
    assert start(folder) == ""  # the same day: told once, and nothing goes
    assert names(folder) == ["just", "old"]
    assert start(folder, TODAY + DAY) == "2 calls older than 30 days: forgotten."
    assert names(folder) == []
    kept(folder, "later", 31)
    assert (
        start(folder, TODAY + 2 * DAY) == "1 call older than 30 days: forgotten."
    )  # announced once is enough


def test_with_nought_days_calls_are_kept_for_ever(folder: Path) -> None:
    kept(folder, "old", 3000)
    assert start(folder, days=0) == start(folder, TODAY + DAY, days=0) == ""
    assert names(folder) == ["old"]


def test_another_number_of_days_is_announced_anew(folder: Path) -> None:
    kept(folder, "old", 31)
    start(folder)
    assert start(folder, TODAY + DAY, days=20).startswith("1 call older than 20 days will be")
    assert names(folder) == ["old"]
    assert "forgotten" in start(folder, TODAY + 2 * DAY, days=20)


@pytest.mark.parametrize("leap", [timedelta(days=4000), -timedelta(days=4000)])
def test_a_clock_that_leaps_costs_no_call(folder: Path, leap: timedelta) -> None:
    kept(folder, "old", 40)
    start(folder)
    kept(folder, "new", 0)
    start(folder, TODAY + leap)
    assert names(folder) == ["new", "old"]
    start(folder, TODAY + DAY)  # put right again: announced again
    assert names(folder) == ["new", "old"]
    start(folder, TODAY + 2 * DAY)
    assert names(folder) == ["new"]


def test_a_call_that_is_running_never_goes(folder: Path) -> None:
    path = kept(folder, "old", 40)
    held = hold(path, make=True)
    assert held is not None
    start(folder)
    start(folder, TODAY + DAY)
    assert names(folder) == ["old"]
    held.release(ended=True)


def test_all_of_a_call_goes_and_its_copies_are_named(folder: Path, tmp_path: Path) -> None:
    path = kept(folder, "old", 40)
    HandFile(path).call_it("Corinne")
    copy = tmp_path / "card.html"
    copy.write_text("<p>")
    note_down(path, [copy])
    start(folder)
    assert start(folder, TODAY + DAY) == (
        f"1 call older than 30 days: forgotten. Copies that you exported remain: {copy}."
    )
    assert list(folder.iterdir()) == []
    assert copy.exists()


def test_what_cannot_go_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(folder, "old", 40)
    start(folder)

    def refuse(_: Path) -> list[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("coach.shelf.files_of", refuse)
    assert "could not be deleted: Permission denied" in start(folder, TODAY + DAY)


@pytest.mark.parametrize("said", ["", "[]", '{"days": 30}', '{"days": 30, "since": 4, "looked": "x"}', "\0"])
def test_whatever_its_file_says_nothing_goes_unannounced(folder: Path, said: str) -> None:
    kept(folder, "old", 40)
    (folder.parent / upkeep.NAME).write_text(said)
    assert "from tomorrow on" in start(folder)
    assert names(folder) == ["old"]


def test_what_others_could_read_is_taken_from_them(folder: Path) -> None:
    path = kept(folder, "one")
    HandFile(path).call_it("x")
    for file, mode in ((path, 0o644), (hand_path(path), 0o666), (folder, 0o755), (folder.parent, 0o777)):
        file.chmod(mode)
    outside = folder.parent.parent / "outside"
    outside.touch(mode=0o644)
    outside.chmod(0o644)
    (folder / "link").symlink_to(outside)
    start(folder)
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644
    assert {stat.S_IMODE(p.stat().st_mode) for p in (folder.parent, folder)} == {0o700}
    assert {stat.S_IMODE(p.stat().st_mode) for p in (path, hand_path(path))} == {0o600}

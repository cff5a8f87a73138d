"""What the terminal says of the kept calls."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from test_shelf import kept

from coach import library
from coach.archive.exports import note_down
from coach.archive.hand import HandFile
from coach.archive.running import running_path
from coach.cli import cli
from coach.report.habits import Habit
from coach.sessions_desk import days_of
from coach.shelf import Shelf
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return library.sessions_folder()


def coach(*args: str, **how) -> str:
    done = CliRunner().invoke(cli, list(args), **how)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_nothing_kept_is_said_kindly(folder: Path) -> None:
    assert "No calls are kept yet" in coach("sessions")
    assert "No calls are kept yet" in coach("trends")


def test_calls_are_listed_with_what_people_know_them_by(folder: Path) -> None:
    path = kept(folder, "2026-11-22-100000", began="2026-11-22T10:00:00+01:00")
    HandFile(path).call_it("Corinne\x1b[31m of the bakery")
    HandFile(path).tag(("won",))
    (folder / "odd.jsonl").write_text("damaged")
    said = coach("sessions")
    assert "\x1b" not in said
    assert (
        "2026-11-22-100000  2026-11-22 10:00  discovery        0:30    1 nudge  Corinne [31m of the bakery #won"
        in said
    )
    assert "odd                cannot be read: This is no session of Coach." in said
    assert said.endswith("2 in all\n")


def test_type_tag_and_day_choose(folder: Path) -> None:
    kept(folder, "old", began="2026-10-01T10:00:00+01:00")
    HandFile(kept(folder, "new", "demo", began="2026-11-22T10:00:00+01:00")).tag(("won",))
    for asked in (("--type", "demo"), ("--tag", "won"), ("--since", "2026-11-01")):
        rows = json.loads(coach("sessions", *asked, "--json"))["sessions"]
        assert [r["name"] for r in rows] == ["new"]
    assert coach("sessions", "--tag", "won").endswith("1 of 2\n")
    assert "No call fits" in coach("sessions", "--tag", "lost")
    with pytest.raises(Trouble, match="no call type 'x'"):
        coach("sessions", "--type", "x")


def test_trends_are_plain_lines(folder: Path) -> None:
    for day in (20, 21, 22):
        kept(folder, f"d{day}", began=f"2026-11-{day}T10:00:00+01:00")
    shelf = Shelf()
    shelf.keep_habit(Habit("talk_share", 0.3, "discovery"))
    shelf.close()
    said = coach("trends")
    assert said.startswith("discovery: 3 calls\n  Curiosity\n")
    assert "Talk share                     58 %  median of the last 3" in said
    assert "Your habit (discovery): Talk share, at most 30 %" in said
    assert "Not there yet in the last 3 calls. One call at a time." in said
    assert "No practice in the last four weeks." in said
    assert "shown from 3 calls on; 0 so far" in coach("trends", "--type", "demo")


def test_a_damaged_habit_costs_a_sentence_not_the_trends(folder: Path) -> None:
    kept(folder)
    (folder.parent / "habit.json").write_text("{")
    said = coach("trends")
    assert "Practice" in said
    assert "cannot be read. Choose one again." in said


def test_forgetting_asks_first(folder: Path) -> None:
    path = kept(folder)
    assert "Aborted" in coach("forget", "call", input="n\n") or path.exists()
    assert path.exists()
    said = coach("forget", "call", input="y\n")
    assert "Forget this call, with your notes" in said
    assert not path.exists()


def test_forgetting_several_all_or_none_by_name(folder: Path) -> None:
    one, two = kept(folder, "one"), kept(folder, "two")
    with pytest.raises(Trouble, match="no session 'three'"):
        coach("forget", "--yes", "one", "three")
    assert one.exists()
    assert coach("forget", "--yes", "one", "two", "one") == "2 forgotten.\n"
    assert not one.exists()
    assert not two.exists()


def test_the_list_tells_once_of_a_call_that_ended_early_and_goes_on_saying_so(folder: Path) -> None:
    path = kept(folder, "x", began="2026-11-22T10:00:00+01:00")
    whole = path.read_bytes().split(b"\n")
    path.write_bytes(
        b"\n".join(line for line in whole if b"CallEnded" not in line and b"Moments" not in line)
    )
    running_path(path).touch()
    told = "The call of 2026-11-22 10:00 ended early at 10:00; recovered."
    assert coach("sessions").count(told) == 2  # once as news, once with the call
    assert coach("sessions").count(told) == 1


@pytest.mark.parametrize(("age", "days"), [("30d", 30), ("30", 30), (" 8W ", 56), ("0d", 0)])
def test_an_age_is_days_or_weeks(age: str, days: int) -> None:
    assert days_of(age) == days


@pytest.mark.parametrize("age", ["", "d", "-3d", "1y", "3 d", "999999d"])
def test_another_age_is_refused(age: str) -> None:
    with pytest.raises(Trouble, match="is no age"):
        days_of(age)


def test_what_was_kept_for_long_is_listed_asked_about_and_forgotten(folder: Path, tmp_path: Path) -> None:
    old, new = kept(folder, "old"), kept(folder, "new")
    at = old.stat().st_mtime - 40 * 86400
    os.utime(old, (at, at))
    copy = tmp_path / "old.md"
    copy.touch()
    note_down(old, [copy])
    assert "No call is that old." in coach("forget", "--older-than", "50d")
    said = coach("forget", "--older-than", "30d", input="n\n")
    assert "old.jsonl" in said
    assert "new.jsonl" not in said
    assert old.exists()
    said = coach("forget", "--older-than", "5w", "--yes")
    assert "1 forgotten." in said
    assert f"Copies that you exported remain: {copy}." in said
    assert not old.exists()
    assert new.exists()
    assert copy.exists()


def test_forgetting_nothing_by_name_says_what_to_name(folder: Path) -> None:
    with pytest.raises(Trouble, match="Nothing was named to forget"):
        coach("forget")

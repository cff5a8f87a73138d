"""The words of ``coach stage``: what is not a command is a scene or a session, and faults end with code 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from classroom import kept, nudge
from click.testing import CliRunner

from coach import app, cli, library, stage_desk
from coach.demo.scenes import bundled
from coach.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    seen: list[tuple] = []
    monkeypatch.setattr("coach.ui.screen.screen_available", lambda: True)
    monkeypatch.setattr("coach.ui.screen.prepare_platform", lambda: None)
    monkeypatch.setattr(stage_desk, "run_stage", lambda what, _, **how: seen.append((what, how)) or 0)
    return seen


def coach(*words: str):
    return CliRunner().invoke(cli.cli, ["stage", *words], standalone_mode=False)


def test_without_a_name_the_first_lesson_is_played(played: list[tuple]) -> None:
    assert coach().exit_code == 0
    assert played == [((), {"look": "", "before_ms": 4000, "with_sound": True, "window": False})]


def test_a_name_is_a_scene_or_a_session_and_options_may_stand_before_it(played: list[tuple]) -> None:
    coach("my-lesson")
    coach("--look", "light", "--guess-before", "2.5", "last", "first", "--silent", "--window")
    assert [what for what, _ in played] == [("my-lesson",), ("last", "first")]
    assert played[1][1] == {"look": "light", "before_ms": 2500, "with_sound": False, "window": True}


def test_help_names_the_commands(played: list[tuple]) -> None:
    told = CliRunner().invoke(cli.cli, ["stage", "--help"]).output
    assert all(f"  {word}" in told for word in ("check", "handout", "new"))
    assert "  play" not in told.split("Commands:")[1]
    assert played == []


def test_without_a_screen_it_says_what_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.ui.screen.screen_available", lambda: False)
    assert "There is no screen here" in str(coach().exception)


def test_live_runs_a_live_call(played: list[tuple], monkeypatch: pytest.MonkeyPatch) -> None:
    lives: list[tuple] = []
    monkeypatch.setattr(app, "check_speech", lambda _: None)
    monkeypatch.setattr(stage_desk, "run_live", lambda _, devices, **how: lives.append((devices, how)))
    assert coach("--live").exit_code == 0
    assert lives == [(app.devices, {"look": "", "window": False})]
    assert "needs no scene" in str(coach("--live", "scene").exception)
    assert played == []


def test_the_checker_ends_with_2_where_something_is_wrong(tmp_path: Path) -> None:
    good = coach("check", str(bundled()))
    assert good.exit_code == 0
    assert "note   Take 2: the coach said nothing in this call." in good.output
    assert "can be shown" in good.output
    bad = coach("check", str(tmp_path))
    assert bad.exit_code == 2
    assert bad.output == f"  wrong  There is no scene.toml in '{tmp_path}'.\n"


def test_the_checker_prints_no_control_characters(tmp_path: Path) -> None:
    (tmp_path / "scene.toml").write_text('format = 1\n"\\u001b[31m" = 1\n')
    assert "\x1b" not in coach("check", str(tmp_path)).output


def test_a_scene_is_made_of_kept_sessions(tmp_path: Path) -> None:
    kept(library.sessions_folder(), "monday", nudges=[nudge(24)])
    made = coach("new", "monday", str(tmp_path / "lesson"))
    assert made.exit_code == 0, made.exception
    assert str(tmp_path / "lesson" / "scene.toml") in made.output
    assert coach("check", str(tmp_path / "lesson")).exit_code == 0
    assert "is already there" in str(coach("new", "monday", str(tmp_path / "lesson")).exception)
    (library.sessions_folder() / "monday.jsonl").unlink()


def test_the_page_is_written_for_the_paper_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[tuple] = []
    monkeypatch.setattr(stage_desk, "write_page", lambda *parts: written.append(parts))
    assert coach("handout", "scene", str(tmp_path / "o.pdf"), "--paper", "Letter").exit_code == 0
    assert written == [(("scene",), tmp_path / "o.pdf", "Letter", Settings())]

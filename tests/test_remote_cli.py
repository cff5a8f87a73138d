"""Words to the Coach that runs: one line back, and an exit code a script can use."""

from __future__ import annotations

import pytest

from coach import cli, remote_cli
from coach.ui.instance import Answer


@pytest.fixture
def told(monkeypatch):
    """Let a Coach answer without running; None where none runs."""
    heard = []

    def answered(answer):
        def sent(verb):
            heard.append(verb)
            return answer

        monkeypatch.setattr(remote_cli, "_sent", sent)
        return heard

    return answered


def run(monkeypatch, *words):
    monkeypatch.setattr("sys.argv", ["coach", *words])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return left.value.code


@pytest.mark.parametrize(
    "verb", ["toggle", "pause", "stop", "hide", "show", "not-now", "start", "start demo"]
)
def test_a_word_is_handed_over_and_the_answer_printed(monkeypatch, capsys, told, verb):
    heard = told(Answer(True, "Coach pauses."))
    assert run(monkeypatch, *verb.split()) == 0
    assert heard == [verb]
    assert capsys.readouterr().out == "Coach pauses.\n"


def test_what_cannot_be_now_is_said_with_code_2(monkeypatch, capsys, told):
    told(Answer(False, "No call is being coached."))
    assert run(monkeypatch, "pause") == 2
    assert capsys.readouterr().err == "No call is being coached.\n"


def test_without_a_running_coach_it_says_how_to_start_one(monkeypatch, capsys, told):
    told(None)
    assert run(monkeypatch, "toggle") == 2
    assert capsys.readouterr().err == "Coach is not running. Start it with 'coach'.\n"


def test_a_type_that_does_not_exist_is_refused_before_anything_is_sent(monkeypatch, capsys, told):
    heard = told(Answer(True))
    assert run(monkeypatch, "start", "chat") == 2
    assert heard == []


def test_the_preferences_open_in_the_coach_that_runs_and_else_by_themselves(monkeypatch, told, tmp_path):
    heard = told(Answer(True))
    assert run(monkeypatch, "preferences") == 0
    assert heard == ["preferences"]
    told(None)
    opened = []
    monkeypatch.setattr("coach.ui.screen.screen_available", lambda: True)
    monkeypatch.setattr("coach.desktop.run_preferences", lambda path: opened.append(path) or 0)
    assert run(monkeypatch, "--settings", str(tmp_path / "x.toml"), "preferences") == 0
    assert opened == [tmp_path / "x.toml"]


def test_without_a_screen_the_list_of_settings_is_pointed_at(monkeypatch, capsys, told):
    told(None)
    monkeypatch.setattr("coach.ui.screen.screen_available", lambda: False)
    assert run(monkeypatch, "preferences") == 2
    assert "coach doctor --settings" in capsys.readouterr().err

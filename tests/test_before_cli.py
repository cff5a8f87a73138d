"""`coach prepare` and `coach consent`, as a rep types them."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from coach import app, consent
from coach.cli import cli
from coach.trouble import Trouble
from coach.ui import instance, screen


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path)


def coach(*words: str):
    return CliRunner().invoke(cli, [str(w) for w in words])


def test_questions_are_prepared_one_by_one_and_forgotten_together():
    coach("prepare", "-q", "Why now?", "-k", "Forty lifts", "--minutes", "30")
    said = coach("prepare", "-q", "Who signs?", "--focus", "monologue", "--type", "demo").output
    for line in (
        "ask      Why now?",
        "ask      Who signs?",
        "know     Forty lifts",
        "minutes  30",
        "focus    monologue",
    ):
        assert line in said
    assert "Nothing is prepared." in coach("prepare", "--clear").output
    assert "Nothing is prepared." in coach("prepare", "--show").output


def test_more_lines_than_fit_beside_a_call_are_refused_in_a_sentence():
    done = coach("prepare", *(word for n in range(4) for word in ("-k", f"line {n}")))
    assert isinstance(done.exception, Trouble)
    assert "Keep 3" in str(done.exception)


def test_without_a_screen_it_says_how(monkeypatch):
    monkeypatch.setattr(instance, "send", lambda _: None)
    monkeypatch.setattr(screen, "screen_available", lambda: False)
    assert "no screen" in str(coach("prepare").exception)


@pytest.mark.parametrize("done", [True, False])
def test_a_coach_that_runs_shows_it(monkeypatch, done):
    monkeypatch.setattr(instance, "send", lambda verb: instance.Answer(done, f"{verb} was asked"))
    said = coach("prepare")
    assert "prepare was asked" in (said.output if done else str(said.exception))


def test_the_sheet_is_read_answered_and_taken_back(tmp_path, unanswered):
    read = coach("consent").output
    assert "What is heard" in read
    assert "no legal advice" in read
    assert "Not answered." in read
    assert consent.answer(tmp_path) is None
    assert "Answered on" in coach("consent", "--agree").output
    assert consent.answer(tmp_path) is not None
    assert "You answered this on" in coach("consent").output
    assert "Taken back." in coach("consent", "--take-back").output
    assert consent.answer(tmp_path) is None
    assert isinstance(coach("consent", "--agree", "--take-back").exception, Trouble)


def test_a_call_without_an_answer_is_refused_in_one_sentence(unanswered):
    done = coach("live", "--headless")
    assert isinstance(done.exception, Trouble)
    assert "coach consent --agree" in str(done.exception)

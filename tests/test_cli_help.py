"""The help of the command line: English as it stands, German once it is shown in German."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner

from coach import cli_help
from coach.cli import _settings_named, cli
from coach.language import language, write_in


def told(*words: str, code: str = "de") -> str:
    write_in(language(code))
    return CliRunner().invoke(cli, words, env={"LANGUAGE": code}).output


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_first_help_is_german() -> None:
    said = told("--help")
    assert said.startswith("Aufruf: ")
    assert "Der stille Freund am Rand des Gesprächs." in said
    assert "Befehle:" in said
    assert re.search(r"\n  review +Aufnahmen auswerten", said)
    assert "Diese Hilfe zeigen und enden." in said
    assert "Usage" not in said


def test_examples_keep_their_lines_and_get_german_words_beside() -> None:
    said = told("stage", "--help")
    assert "  coach stage last                        dein letztes Gespräch\n" in said
    assert "    coach stage my-lesson/ --look light\n" in said


def test_what_click_adds_to_an_option_is_told_too() -> None:
    said = flat(told("voice", "enrol", "--help"))
    assert "Wessen Stimme es ist. [üblich: me]" in said
    assert "Deine Seite einer Aufnahme mit zwei Kanälen. [üblich: left]" in said


def test_english_stays_as_it_was() -> None:
    said = told("review", "--help", code="en")
    assert said.startswith("Usage: ")
    assert "Coach recordings, faster than real time." in said
    assert "    coach review call.mp4 --to card.pdf\n" in said
    assert "[default: 1; x>=1]" in said


@pytest.mark.parametrize(
    ("words", "german"),
    [
        (
            ("keep", "--mine", "all"),
            "'--mine' passt nicht: 'all' ist nicht darunter: 'words', 'timings', 'nothing'.",
        ),
        (("review",), "Es fehlt 'FILE...|FOLDER...'."),
        (("nothing-of-ours",), "Es gibt keinen Befehl 'nothing-of-ours'."),
        (("keep", "--nothing"), "Es gibt keine Option '--nothing'."),
        (("bench", "start", "--runs", "x"), "'--runs' passt nicht: 'x' ist keine ganze Zahl."),
    ],
)
def test_a_line_that_cannot_be_read_is_answered_in_german(words, german, capsys, monkeypatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    write_in(language("de"))
    with pytest.raises(click.ClickException) as refused:
        cli.main(words, standalone_mode=False)
    cli_help.show(refused.value)
    said = capsys.readouterr().err
    assert f"So geht es nicht: {german}\n" in said
    assert said.startswith("Aufruf: ")


def test_what_click_says_and_nobody_knows_stays_english(capsys) -> None:
    write_in(language("de"))
    cli_help.show(click.ClickException("The moon is {full}."))
    assert capsys.readouterr().err == "So geht es nicht: The moon is {full}.\n"


def test_english_refusals_are_clicks_own(capsys) -> None:
    cli_help.show(click.ClickException("The moon is full."))
    assert capsys.readouterr().err == "Error: The moon is full.\n"


def test_every_help_is_told_in_german_whole() -> None:
    english = set(filter(None, cli_help.sentences(cli)))
    german = language("de").words
    assert len(english) > 180
    assert not [
        sentence for sentence in english if any(map(str.isalpha, sentence)) and sentence not in german
    ]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--settings", "a.toml", "--help"], "a.toml"),
        (["--settings=b.toml"], "b.toml"),
        (["review", "--help"], None),
        (["--settings"], None),
    ],
)
def test_the_settings_of_a_line_are_known_before_it_is_read(words, named) -> None:
    found = _settings_named(words)
    assert (None if found is None else found.name) == named

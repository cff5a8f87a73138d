"""A yes or no at a terminal, in the letters of the language."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from coach.language import language, write_in
from coach.sure import confirm


def asked(typed: str, *, default: bool = False, abort: bool = False, code: str = "de"):
    """Return what is printed and answered to what is typed."""

    @click.command()
    def question() -> None:
        click.echo(f"-> {confirm('Delete it?', default=default, abort=abort)}")

    write_in(language(code))
    return CliRunner().invoke(question, input=typed)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("j\n", True), ("Ja\n", True), ("y\n", True), ("n\n", False), ("nein\n", False), ("no\n", False)],
)
def test_german_letters_and_english_ones_are_answers(typed: str, answer: bool) -> None:  # noqa: FBT001 - a table
    assert asked(typed).output.endswith(f"-> {answer}\n")


@pytest.mark.parametrize(("default", "offered"), [(True, "[J/n]"), (False, "[j/N]")])
def test_nothing_typed_is_the_default_that_is_shown(default: bool, offered: str) -> None:  # noqa: FBT001 - a table
    told = asked("\n", default=default).output
    assert offered in told
    assert told.endswith(f"-> {default}\n")


def test_anything_else_is_asked_again() -> None:
    told = asked("vielleicht\nj\n").output
    assert "Bitte antworte mit ja oder nein." in told
    assert told.endswith("-> True\n")


def test_a_no_may_end_the_command() -> None:
    assert asked("n\n", abort=True).exit_code == 1
    assert asked("j\n", abort=True).exit_code == 0


def test_english_is_asked_as_click_asks() -> None:
    told = asked("y\n", code="en").output
    assert "Delete it? [y/N]" in told
    assert told.endswith("-> True\n")

"""A question for yes or no at a terminal, in the language of now.

Owns which letters are a yes: those of the language, and the English ones besides. Refuses to know what is asked.
"""

from __future__ import annotations

import click

from coach.language import ENGLISH, phrase, written_in


def confirm(question: str, *, default: bool = False, abort: bool = False) -> bool:
    """Ask until there is a yes or a no; nothing typed is the default.

    Raises:
        click.Abort: at Ctrl-C, and for a no where ``abort`` says so.
    """
    if written_in().code == ENGLISH.code:
        return click.confirm(question, default=default, abort=abort)
    answer = _answer(question, default=default)
    if abort and not answer:
        raise click.Abort
    return answer


def _answer(question: str, *, default: bool) -> bool:
    yes, no = phrase("yes"), phrase("no")
    offered = f"{yes[0].upper()}/{no[0]}" if default else f"{yes[0]}/{no[0].upper()}"
    while True:
        typed = click.prompt(f"{question} [{offered}]", default="", show_default=False).strip().lower()
        if not typed:
            return default
        for word, answer in ((yes, True), ("yes", True), (no, False), ("no", False)):
            if typed in {word, word[0]}:
                return answer
        click.echo(phrase("Please answer {yes} or {no}.", yes=yes, no=no))

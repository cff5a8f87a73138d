"""The help of the command line, and what click says of a line that it cannot read, in the language of now.

Owns how a docstring falls into sentences that a table can know, the headings between them, and click's own words.
Refuses to know the commands: their help is English where they stand, and looked up when it is shown.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, Final

import click

from coach.language import ENGLISH, phrase, written_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CLICKS: Final = (
    *("Usage:", "Options", "Commands", "Show this message and exit.", "Show the version and exit."),
    *("Error: {why}", "'{command} --help' tells more.", "default: {value}", "required"),
)
"""What stands in a help that nobody of us wrote."""
REFUSALS: Final = (
    *(
        "No such command {name}. Did you mean {near}?",
        "No such option {name}. Did you mean {near}?",
        "No such option {name}. (Did you mean one of: {names})",
        "Option {name} does not take a value.",
    ),
    *(
        "Missing argument {name}.",
        "Missing option {name}.",
        "No such command {name}.",
        "No such option {name}.",
    ),
    *("Invalid value for {name}: {why}", "Option {name} requires an argument."),
    *("Got unexpected extra argument {names}", "Got unexpected extra arguments {names}"),
    *(
        "{value} is not one of {names}.",
        "{value} is not a valid integer.",
        "{value} is not a valid float.",
        "{value} is not a valid integer range.",
        "{value} is not a valid float range.",
    ),
    *("{value} is not in the range {range}.", "{value} does not match the format {format}."),
)
"""What click says of a line that it cannot read, as far as it is known; else it stays English."""
_WHOLE: Final = 1_000
_LITERAL: Final = "\b"
"""How click is told to leave the lines of a paragraph as they are."""
_BESIDE: Final = re.compile(r"(\s*\S.*?\s{2,})(\S.*)")
"""A line of an example, and what it is said to do."""
_COMMANDS: Final = ("coach ", "echo ")
_EXTRA: Final = re.compile(r"(.*?)  \[([^]]*)\]", re.DOTALL)


class _Formatter(click.HelpFormatter):
    """Write a help in the language of now."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, f"{phrase('Usage:')} " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(phrase(heading))

    def write_text(self, text: str) -> None:
        super().write_text("\n\n".join(_told_paragraph(p) for p in _paragraphs(text)))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(term, _told_row(text)) for term, text in rows], col_max, col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


def speak(command: click.Command) -> None:
    """Let a command and all beneath it tell their help in the language of now."""
    for one in _all(command):
        one.context_class = _Context
        one.short_help = one.short_help or one.get_short_help_str(_WHOLE)


def sentences(command: click.Command) -> Iterator[str]:
    """Yield the English of a command's help and of all beneath it, as `coach.language.phrase` is asked for it."""
    for one in _all(command):
        yield one.short_help or ""
        for paragraph in _paragraphs(one.help or ""):
            if not paragraph.startswith(_LITERAL):
                yield _one_line(paragraph)
                continue
            for line in paragraph.splitlines()[1:]:
                if beside := _BESIDE.fullmatch(line):
                    yield beside[2]
                elif not line.strip().startswith(_COMMANDS):
                    yield line.strip()
        for param in one.params:
            yield getattr(param, "help", None) or ""


def show(refused: click.ClickException) -> None:
    """Say what is wrong with a line, as click does it, in the language of now."""
    if written_in().code == ENGLISH.code or isinstance(refused, click.exceptions.NoArgsIsHelpError):
        refused.show()
        return
    if isinstance(refused, click.UsageError) and refused.ctx is not None:
        click.echo(refused.ctx.get_usage(), err=True)
        click.echo(
            phrase("'{command} --help' tells more.", command=refused.ctx.command_path) + "\n", err=True
        )
    click.echo(phrase("Error: {why}", why=_refusal(refused.format_message())), err=True)


def _all(command: click.Command) -> Iterator[click.Command]:
    yield command
    for beneath in getattr(command, "commands", {}).values():
        yield from _all(beneath)


def _paragraphs(text: str) -> list[str]:
    return re.split(r"\n{2,}", inspect.cleandoc(text))


def _one_line(paragraph: str) -> str:
    return " ".join(paragraph.split())


def _told_paragraph(paragraph: str) -> str:
    if not paragraph.startswith(_LITERAL):
        return phrase(_one_line(paragraph))
    return "\n".join([_LITERAL, *(_told_line(line) for line in paragraph.splitlines()[1:])])


def _told_line(line: str) -> str:
    if beside := _BESIDE.fullmatch(line):
        return beside[1] + phrase(beside[2])
    bare = line.strip()
    return line.replace(bare, phrase(bare)) if bare else line


def _told_row(text: str) -> str:
    """Tell the help of an option; what click puts behind it in brackets is told by itself."""
    extra = _EXTRA.fullmatch(text)
    if extra is None or (told := phrase(text)) != text:
        return phrase(text)
    told = "; ".join(_told_extra(one) for one in extra[2].split("; "))
    return f"{phrase(extra[1])}  [{told}]"


def _told_extra(extra: str) -> str:
    name, colon, value = extra.partition(": ")
    return phrase("default: {value}", value=value) if colon and name == "default" else phrase(extra)


def _refusal(message: str) -> str:
    for template in REFUSALS:
        shape = "".join(
            f"(?P<{piece}>.+?)" if i % 2 else re.escape(piece)
            for i, piece in enumerate(re.split(r"\{(\w+)\}", template))
        )
        if found := re.fullmatch(shape.replace(r"\.", r"\.?"), message, re.DOTALL):
            parts: dict[str, Any] = found.groupdict()
            return phrase(template, **parts | ({"why": _refusal(parts["why"])} if "why" in parts else {}))
    return message

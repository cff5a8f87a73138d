"""Every English sentence that a person may read and that a language has to know, collected from the code.

Words of windows stand in tables; what else is told goes through `coach.language` by its English, and is found here in
the syntax of the program. A sentence that neither finds is named by the module it stands in.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import troubles

import coach
from coach import cli, cli_help, settings
from coach.call import figures
from coach.live import call as live
from coach.live import session, writing
from coach.nudges import rules
from coach.report import (
    card,
    compare,
    document,
    essentials,
    exports,
    handout,
    onstage,
    page,
    planned,
    timeline,
    unquoted,
)
from coach.ui import before_words, lock_words, preference_words, stage_bar, try_words, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = Path(coach.__file__).parent
PARTS = re.compile(r"\{[^}]*\}")
"""What is filled in."""
_ROOMS = ("report", "ui", "call", "speech")
_DOORS = frozenset({"phrase", "plural", "section", "_heading", "Phrases", "_filled", "Finding"})
_WHERE = {"plural": (0, 2), "section": (0, 3), "_filled": (1, 2), "Finding": (1, 2)}
"""Which of their arguments are sentences; the first where nothing is said."""
_NAMED = (
    *("microphone", "loopback", "first", "second", "third", "fourth"),
    *("The list of your calls", "format"),
)
"""What is named in another sentence, by a variable."""
_REASONS = (
    *("No such file or directory", "Permission denied", "No space left on device", "Is a directory"),
    *("Not a directory", "File exists", "Read-only file system", "Input/output error", "File name too long"),
    *("Operation not permitted", "Device or resource busy", "Disk quota exceeded", "Too many open files"),
    *("Cannot allocate memory", "No such device", "Invalid argument", "Directory not empty"),
    *("Resource temporarily unavailable", "Connection refused"),
)
"""What a system says of a file, as the commonest ones do; any other reason stays as it is."""
_UNSEEN = frozenset({"ratio", "count", "turns", "parts", "facts.", "", "×"})  # noqa: RUF001 - the sign for times
"""Units that stand in no window: what is counted is told by its name; and a part of a key."""


@cache
def sentences() -> dict[str, tuple[str, ...]]:
    """Return each English sentence with the keys under which it is asked for; none for one known by itself alone."""
    found: dict[str, tuple[str, ...]] = {}
    made = (f.english for f in troubles.found()[0])
    for english, key in (
        *_keyed(),
        *((e, "") for e in (*_told(), *made, *_in_the_code(), *_NAMED, *_REASONS)),
    ):
        if english not in _UNSEEN and any(c.isalpha() for c in PARTS.sub("", english)):
            found[english] = tuple(filter(None, (*found.get(english, ()), key)))
    return found


def _keyed() -> Iterator[tuple[str, str]]:
    yield from ((english, key) for key, english in wording._ENGLISH.items())
    yield "English", "spoken.en"
    yield from ((english, f"before.{key}") for key, english in before_words._ENGLISH.items())
    yield from ((english, f"try.{key}") for key, english in try_words._ENGLISH.items())
    yield from ((english, f"lock.{key}") for key, english in lock_words._ENGLISH.items())
    yield from ((english, f"cue.{cue}") for cue, english in wording._CUES.items())
    yield from ((english, f"label.{name}") for name, english in preference_words._LABELS.items())
    yield from ((english, f"choice.{name}") for name, english in preference_words._CHOICES.items())


def _told() -> Iterator[str]:
    """Yield what is told through a variable, each from where it stands."""
    yield from wording._NUMBERS.values()
    yield from preference_words.SECTIONS.values()
    yield from preference_words._MORE.values()
    for knob in settings.knobs():
        yield knob.what
        unit = preference_words._UNITS.get(knob.unit, knob.unit)
        yield from (unit, unit.removesuffix("s"), knob.unit, knob.unit.removesuffix("s"))
    for rule in rules.CATALOGUE:
        yield from (rule.text, rule.what, rule.reason, rule.source)
        for example in rule.fires:
            found = rule.find(example.moment, settings.Limits())
            assert found is not None
            yield from (_number_name(name) for name, _ in found.because)
    yield from (rules.BY_PAUSE, rules.unread("de"), rules.unread("ja"))
    yield from (*essentials.FORMULAS.values(), *essentials.FORMULAS_ALONE.values())
    yield from (told for name, why, *_ in (*essentials.GROUPS, essentials.BESIDES) for told in (name, why))
    yield from (told for _, unit, source, _ in figures._TABLE for told in (unit, source))
    yield from (figures.MEASURED, figures.ESTIMATED, figures.NOT_AVAILABLE)
    yield from (planned.TITLE, planned.NOT_HEARD, planned.BY_HAND, planned.CAUTION)
    yield from (unquoted.NOTHING, unquoted.THEIRS, unquoted.SOME_OF_YOURS)
    yield from (compare.ABOVE, compare.BELOW, compare.LIKE, document.MIXED, document.LEAKED)
    yield from (*handout.QUESTIONS, page.FOOT, onstage._UNASKED, *(f.what for f in exports.FORMATS))
    yield from (*card.LABELS.values(), *timeline.KINDS.english.values())
    yield from (act.key for row in stage_bar.ROWS for act in row if len(act.key) > 1)
    yield from (
        live.LOADING,
        live.MUTED,
        live.LATE,
        live.SOUND_FAULT,
        session.LEAKS,
        session.FAULT,
        session.NO_CUES,
    )
    yield from (*cli_help.sentences(cli.cli), *cli_help.CLICKS, *cli_help.REFUSALS)
    yield from (*live.DEAF.values(), *live.DEAF_OVER.values(), writing.NO_WORDS, writing.WORDS_OVER)


def _number_name(name: str) -> str:
    bare, _ = wording._with_unit(name, 1.0)
    return wording._NUMBERS.get(name, f"{bare.replace('_', ' ')} {{}}")


def _in_the_code() -> Iterator[str]:
    for path in (
        *sorted(path for room in _ROOMS for path in (CODE / room).rglob("*.py")),
        CODE / "writing.py",
    ):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in _DOORS:
                first, last = _WHERE.get(_name(node.func), (0, 1))
                values = node.args[first:last]
                yield from (text for value in values for text in _texts(value))
        for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
            yield from _by_a_name(function)


def _by_a_name(function: ast.FunctionDef) -> Iterator[str]:
    """Yield what is given a name in a function and told by that name."""
    told = {
        value.id
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and _name(call.func) in _DOORS
        for value in call.args
        if isinstance(value, ast.Name)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            names = {n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)}
            if names & told:
                yield from _texts(node.value)


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the constants of an expression, but not those handed to another call."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.Tuple):
        yield from (text for part in node.elts for text in _texts(part))
    elif isinstance(node, ast.Dict):
        yield from (text for part in node.values for text in _texts(part))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""

"""No window says a word that stands anywhere but in the tables of words, or that no language could know."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coach.ui import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

UI = Path(wording.__file__).parent
TABLES = frozenset({"wording.py", "preference_words.py", "before_words.py", "lock_words.py", "try_words.py"})
"""The modules of words; `tests/test_language.py` looks at what stands in them."""
DOORS = frozenset(
    {"say", "phrase", "exception", "warning", "plural", "_heading", "_action", "Trouble", "ImportError"}
)
"""Who is handed a key, or a sentence to look up. What `Trouble` says is English for now (docs/translating.md), and
what is written into the log of faults is for who mends them."""
_SHEET = re.compile(r"[{};]|\dpx|px\b|^(border|color|background)\b|solid|QSS")
_WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}|^[A-Z][a-z]{2,}[.…]?$")
NO_WORDS = {
    "Bridge": "names of a module",
    "Phase": "names of a module",
    "State": "names of a module",
    "Curiosity": "a key: the group of a trend, told through `phrase`",
    "Listening": "the same",
    "Making room": "the same",
    "Their world first": "the same",
    "Soft selling": "the same",
    "Next step": "the same",
    "Reduce": "a value of the system's own settings",
    "Letter": "a size of paper",
    "Coach": "the name of the program, in a file's properties",
    "Noto Sans": "a font",
    "Segoe UI": "a font",
    "Helvetica Neue": "a font",
    "Roboto": "a font",
    "DejaVu Sans": "a font",
    "Esc": "the name of a key, for Qt",
    "Space": "the name of a key, for Qt",
    "Enter": "the name of a key, for Qt",
    "Return": "the name of a key, for Qt",
    "Del": "the name of a key, for Qt",
    "Left": "the name of a key, for Qt",
    "Right": "the name of a key, for Qt",
    "the screen that DISPLAY names": "part of a Trouble",
    "is none of": "part of an answer between two programs",
}
"""Strings that look like words and are none that a language must know, each with why."""


@pytest.mark.parametrize(
    "path", sorted(p for p in UI.glob("*.py") if p.name not in TABLES), ids=lambda p: p.stem
)
def test_no_word_stands_in_the_code_of_a_window(path: Path) -> None:
    found = [
        f"{path.name}:{line}: {text!r}"
        for line, text in said(ast.parse(path.read_text("utf-8")))
        if seen(text)
    ]
    assert not found, "say it with say() and a key in coach/ui/wording.py, or name why nobody reads it"


def test_a_word_in_the_code_would_be_found() -> None:
    tree = ast.parse(
        '"""Doc string."""\nlabel("Hello there")\nsay("a.key")\nx = f"Wait {n} more"\ny = "Stop"'
    )
    assert [text for _, text in said(tree) if seen(text)] == ["Hello there", "Stop"]


def seen(text: str) -> bool:
    """Say whether a string looks like words for people."""
    return bool(_WORDS.search(text)) and not _SHEET.search(text) and text.strip() not in NO_WORDS


def said(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module with their lines, without docstrings and what is handed to a door."""
    if isinstance(tree, ast.Call) and _name(tree.func) in DOORS:
        return
    if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant):
        return
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.lineno, tree.value
    for child in ast.iter_child_nodes(tree):
        yield from said(child)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""

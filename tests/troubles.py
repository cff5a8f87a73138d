"""What the program tells in sentences that are made on the way: troubles, notes, lines of the command line.

Owns the search through the syntax of every module for what goes through `coach.trouble` and `coach.language`: the
English of each, with the names of what is filled in. A sentence that cannot be found is named with its place, so that
nobody writes a value into one, where no language could take it out again.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import coach

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = Path(coach.__file__).parent
DOORS = {"Trouble": 2, "Locked": 2, "WrongSecret": 2, "Sentence": 1, "phrase": 1, "plural": 2}
"""Where sentences go through, and how many of the arguments are some."""
PARTS = re.compile(r"\{(\w+)\}")
_ITSELF = frozenset({"coach.language", "coach.trouble"})
"""Where every sentence passes, and none is written."""
HANDED_ON = frozenset(
    {
        # `Trouble`s of what was said by others, and told already or a `Sentence` of its own.
        *(
            "answer.line",
            "said",
            "wrong",
            "wrong[0]",
            "first",
            "again",
            "nothing",
            "mend",
            "log.fault",
            "*last",
        ),
        *("_nearest(name)", "in_a_row(*faults, remain(copies))", "say('sound.same', name=device.label)"),
        *("say('play.silent')", "say('play.gone', where=str(path))", "say('play.replaced', where=str(path))"),
        *("first", "wrong[0]"),
    }
)
"""What is no sentence of the place where it stands: it is one where it was made."""


@dataclass(frozen=True, slots=True)
class Found:
    """One sentence: its English, the place, the door, and what is filled in there (None where that is not told)."""

    english: str
    where: str
    door: str
    filled: frozenset[str] | None


@cache
def found() -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """Return all sentences, and the places of those that nobody can find."""
    modules = {_module(path): ast.parse(path.read_text("utf-8")) for path in sorted(CODE.rglob("*.py"))}
    told: list[Found] = []
    lost: list[str] = []
    for name, tree in modules.items():
        if name not in _ITSELF:
            _search(name, tree, modules, told, lost)
    return tuple(told), tuple(lost)


def _search(
    name: str, tree: ast.Module, modules: dict[str, ast.Module], told: list[Found], lost: list[str]
) -> None:
    homes: dict[ast.AST, ast.AST] = {}
    for home in ast.walk(tree):
        if isinstance(home, ast.FunctionDef):
            homes |= dict.fromkeys(ast.walk(home), home)  # the innermost comes last
    for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        door = _name(call.func)
        if door not in DOORS:
            continue
        filled = frozenset(k.arg for k in call.keywords if k.arg is not None)
        if door == "plural":
            filled |= {"n"}
        for value in call.args[: DOORS[door]]:
            where = f"{name}:{value.lineno}"
            texts = list(_texts(value, homes.get(call), tree, modules))
            if not texts and not _stands_elsewhere(value, door):
                lost.append(f"{where}: {ast.unparse(value)}")
            told += (Found(text, where, door, filled) for text in texts)


def _stands_elsewhere(value: ast.expr, door: str) -> bool:
    if isinstance(value, ast.JoinedStr):
        return False
    if door in {"Trouble", "Locked", "WrongSecret"}:
        return ast.unparse(value) in HANDED_ON or (isinstance(value, ast.Call) and _name(value.func) in DOORS)
    return True  # a sentence that was made before, by one of the same doors, or by a table of windows


def _texts(
    value: ast.AST, home: ast.AST | None, tree: ast.Module, modules: dict[str, ast.Module]
) -> Iterator[str]:
    """Yield the constants that an expression may stand for."""
    match value:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_texts(body, home, tree, modules), *_texts(orelse, home, tree, modules))
        case ast.BoolOp(values=values) | ast.Tuple(elts=values) | ast.Dict(values=values):
            yield from (text for v in values for text in _texts(v, home, tree, modules))
        case ast.Call(func=ast.Attribute(value=inner, attr="get"), args=[_, *other]):
            yield from (text for v in (inner, *other) for text in _texts(v, home, tree, modules))
        case ast.Starred(value=inner) | ast.Subscript(value=inner):
            yield from _texts(inner, home, tree, modules)
        case ast.Name(id=name):
            yield from _of_a_name(name, home, tree, modules)
        case ast.Attribute(value=ast.Name(id=name), attr=attr):
            there = next(
                (m for m in (f"{_imported(name, tree)}.{name}", f"coach.{name}") if m in modules), ""
            )
            yield from _of_a_name(attr, None, modules[there], modules) if there else ()


def _of_a_name(
    name: str, home: ast.AST | None, tree: ast.Module, modules: dict[str, ast.Module]
) -> Iterator[str]:
    """Yield what a name stands for: in its function, else in its module, else where it is imported from."""
    known = list(_named(name, home)) if home is not None else []
    for value in known or _named(name, tree):
        yield from _texts(value, None, tree, modules)
    if not known and (there := _imported(name, tree)) in modules:
        yield from _of_a_name(name, None, modules[there], modules)


def _named(name: str, home: ast.AST) -> Iterator[ast.AST]:
    """Yield what is given a name in a function, or at the top of a module."""
    body = ast.walk(home) if isinstance(home, ast.FunctionDef) else ast.iter_child_nodes(home)
    for node in body:
        match node:
            case ast.Assign(targets=targets, value=value) if _holds(name, *targets):
                yield value
            case ast.AnnAssign(target=target, value=ast.expr() as value) if _holds(name, target):
                yield value
            case ast.For(target=target, iter=several) if _holds(name, target):
                yield several


def _holds(name: str, *targets: ast.AST) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name for target in targets for n in ast.walk(target))


def _imported(name: str, tree: ast.Module) -> str:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(a.name == name for a in node.names):
            return node.module or ""
    return ""


def _module(path: Path) -> str:
    return ".".join(("coach", *path.relative_to(CODE).with_suffix("").parts)).removesuffix(".__init__")


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""

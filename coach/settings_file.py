"""Write facts, limits and choices into the user's settings file.

Owns the writing of a file that a person edits by hand as well: whatever else stands there, tables, comments,
order and blank lines, stays as it is. A file is whole or as it was before, and never one that Coach would
refuse to read.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import Array

from coach.language import Sentence
from coach.settings import Facts, Settings, facts_from, parse, value_at
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence

    from tomlkit import TOMLDocument

    from coach.settings import Value

LINE_LETTERS = 100
"""A list longer than this is written a name a line."""


def with_facts(text: str, facts: Facts, source: str = "settings") -> str:
    """Return a settings file's text with these facts, everything else as it was.

    A list keeps its comments where its names stay; a fact that is empty loses its line.

    Raises:
        Trouble: for text that is no TOML, or that Coach would refuse.
    """
    document = _parsed(text, source)
    if "facts" not in document:
        if not facts:
            return text
        if document.body:
            document.add(tomlkit.nl())
        document["facts"] = tomlkit.table()
    table: MutableMapping[str, Any] = document["facts"]
    for f in dataclasses.fields(Facts):
        _set(table, f.name, getattr(facts, f.name))
    new = tomlkit.dumps(document)
    if parse(new, source).facts != facts:
        raise Trouble(
            "{source} is written in a way that Coach cannot change.", "Change [facts] by hand.", source=source
        )
    return new


def save_facts(path: Path, facts: Facts) -> None:
    """Write facts to a settings file; makes it where there is none.

    Raises:
        Trouble: as `with_facts`; also for a file that cannot be read or written.
    """
    checked = facts_from(dataclasses.asdict(facts), Sentence("What you wrote"))
    _rewrite(path, lambda text: with_facts(text, checked, str(path)))


def with_values(text: str, values: Mapping[str, Value], source: str = "settings") -> str:
    """Return a settings file's text with these values, everything else, comments too, as it was.

    Args:
        text: the file.
        values: by full name, such as ``limits.demo.monologue_s``.
        source: what the file is called in sentences.

    Raises:
        Trouble: for text that is no TOML, or that Coach would refuse; also for an unknown name.
    """
    document = _parsed(text, source)
    for name, value in values.items():
        table: Any = document
        *sections, key = name.split(".")
        for depth, section in enumerate(sections, 1):
            if section not in table:
                if depth == 1 and document.body:
                    document.add(tomlkit.nl())
                table[section] = tomlkit.table(is_super_table=depth < len(sections))
            table = table[section]
        _put(table, key, value)
    return _checked(document, values, source)


def without_values(text: str, names: Iterable[str], source: str = "settings") -> str:
    """Return a settings file's text in which these settings are as they are without a file.

    Their lines go; a line beside which somebody wrote a comment stays, with the default in it.

    Args:
        text: the file.
        names: full names, such as ``limits.demo.monologue_s``.
        source: what the file is called in sentences.

    Raises:
        Trouble: as `with_values`.
    """
    document = _parsed(text, source)
    ours = {name: value_at(Settings(), name) for name in names}
    for name, value in ours.items():
        table: Any = document
        *sections, key = name.split(".")
        for section in sections:
            table = table.get(section, {})
        if key not in table:
            continue
        if getattr(table[key], "trivia", None) is not None and table[key].trivia.comment:
            _put(table, key, value)
        else:
            del table[key]
    return _checked(document, ours, source)


def save_values(path: Path, values: Mapping[str, Value]) -> None:
    """Write values to a settings file; makes it where there is none.

    Raises:
        Trouble: as `with_values`; also for a file that cannot be read or written.
    """
    _rewrite(path, lambda text: with_values(text, values, str(path)))


def forget_values(path: Path, names: Iterable[str]) -> None:
    """Set settings back in a settings file to what they are without one.

    Raises:
        Trouble: as `save_values`.
    """
    wanted = tuple(names)
    _rewrite(path, lambda text: without_values(text, wanted, str(path)))


def _checked(document: TOMLDocument, values: Mapping[str, Value], source: str) -> str:
    """Return the text of a document. Raises `Trouble` where it would not read as these values."""
    new = tomlkit.dumps(document)
    settings = parse(new, source)
    if any(value_at(settings, name) != value for name, value in values.items()):
        raise Trouble(
            "{source} is written in a way that Coach cannot change.", "Change it by hand.", source=source
        )
    return new


def _put(table: Any, key: str, value: Value) -> None:
    """Put a value in its place; one that stands there already keeps its writing."""
    old = table.get(key)
    if isinstance(value, tuple):
        if not (isinstance(old, Array) and _changed(old, value)):
            table[key] = _array(value)
    elif old is None or old != value or isinstance(value, bool) is not isinstance(old, bool):
        table[key] = value


def _parsed(text: str, source: str) -> TOMLDocument:
    try:
        document = tomlkit.parse(text)
    except ParseError as e:
        raise Trouble(
            "{source} is not valid TOML: {why}.",
            "Mend that line, or move the file away.",
            source=source,
            why=e,
        ) from e
    parse(text, source)
    return document


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    try:
        target = path.resolve()  # a link stays a link
        before = target.read_bytes().decode() if target.exists() else ""
        after = change(before)
        if after != before:
            _replace(target, after.encode())
    except OSError as e:
        raise Trouble(
            "The settings file {path} cannot be written: {why}.", "Check its folder.", path=path, why=e
        ) from e
    except UnicodeDecodeError as e:
        raise Trouble(
            "The settings file {path} is no text.", "Write it anew, or move it away.", path=path
        ) from e


def _set(table: MutableMapping[str, Any], key: str, value: str | Sequence[str]) -> None:
    old = table.get(key)
    if not value:
        if old:
            del table[key]
    elif isinstance(value, str):
        if old != value:
            table[key] = value
    elif not (isinstance(old, Array) and _changed(old, value)):
        table[key] = _array(value)


def _changed(array: Array, names: Sequence[str]) -> bool:
    """Take names out of a list and put new ones at its end; say whether that gives the wanted one."""
    for at in reversed(range(len(array))):
        if array[at] not in names:
            del array[at]
    for name in names:
        if name not in array:
            array.append(name)
    return list(array) == list(names)


def _array(names: Sequence[str]) -> Array:
    array = tomlkit.array()
    array.extend(names)
    return array.multiline(len(array.as_string()) > LINE_LETTERS)


def _replace(target: Path, content: bytes) -> None:
    """Put a file in the place of another in one step; its owner's rights stay, a new one is for its owner."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if target.exists():
            partial.chmod(stat.S_IMODE(target.stat().st_mode))
        partial.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise

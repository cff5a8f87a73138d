"""Scenes for a class: a folder with ``scene.toml``, the session logs of its takes and, where wished, their sound.

Owns the format (``docs/scenes.md``), its limits, and the sentences that say what is wrong with a folder. Refuses to
know how a call is played or shown, and what is in a log: whoever puts the rooms together reads it. A folder may come
from a stranger, so no name in it leads outside, and nothing is read that is larger than a call can be.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, TypeVar

from coach.language import Sentence
from coach.shipped import shipped
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")

FORMAT: Final = 1
"""Version of the format; it grows when an older Coach would misread the new one."""
SCENE: Final = "scene.toml"
MOST_BYTES: Final = 64 * 1024
"""A longer scene.toml was not written by hand."""
MOST_LOG_BYTES: Final = 32 * 1024 * 1024
"""A day of talk: an hour of the bundled calls would be 0.9 MB."""
MOST_SOUND_BYTES: Final = 2 * 1024 * 1024 * 1024
MOST_TAKES: Final = 2
"""As many as fit one above the other on a wall."""
MOST_CHAPTERS: Final = 40
MOST_LINES: Final = 8
"""So many things to watch for, or questions for the class: more are not read from the back row."""
MOST_LETTERS: Final = 200
MOST_NAME_LETTERS: Final = 24
"""A take's short name stands beside its lanes."""

_TIME: Final = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?:\.(\d{1,3}))?", re.ASCII)
_WHOLE: Final = Sentence("The scene")
_KEYS: Final = frozenset({"format", "title", "subtitle", "language", "licence", "questions", "takes"})
_TAKE_KEYS: Final = frozenset({"title", "name", "log", "sound", "swap", "watch", "chapters"})
_CHAPTER_KEYS: Final = frozenset({"at", "title"})


@dataclass(frozen=True, slots=True)
class Take:
    """One call of a scene.

    Args:
        title: a sentence that says what happens in it.
        name: one or two words for it.
        log: its session log.
        sound: its recording; None for a take that is read and not heard.
        watch: what to watch for.
        chapters: moments with a title, as ``(ms since the call began, title)``.
        swap: in its recording the rep is on the right.
    """

    title: str
    name: str
    log: Path
    sound: Path | None = None
    watch: tuple[str, ...] = ()
    chapters: tuple[tuple[int, str], ...] = ()
    swap: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """One lesson: the takes stand in the order in which they teach."""

    folder: Path
    title: str
    takes: tuple[Take, ...]
    subtitle: str = ""
    language: str = "en"
    licence: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One bundled call: ``sound`` is stereo, left the rep; ``truth`` says exactly what happens when."""

    title: str
    sound: Path
    truth: Path


def bundled() -> Path:
    """Return the folder of the first lesson, "The three-legged sofa": one customer, sold to and listened to."""
    return shipped("assets", "demo")


def scenes() -> tuple[Call, ...]:
    """Return the bundled calls, in the order in which they teach."""
    takes = read_scene(bundled()).takes
    return tuple(Call(t.title, t.sound, t.sound.with_suffix(".json")) for t in takes if t.sound is not None)


def read_scene(folder: Path) -> Scene:
    """Read a scene.

    Raises:
        Trouble: with the first thing that is wrong.
    """
    scene, wrong = inspect(folder)
    if scene is None or wrong:
        first = wrong[0] if wrong else Sentence("'{folder}' is no scene.", folder=folder)
        raise Trouble(first, "'coach stage check {folder}' says all that is wrong.", folder=folder)
    return scene


def inspect(folder: Path) -> tuple[Scene | None, tuple[str, ...]]:
    """Read a scene as far as it can be read, and say in plain sentences what is wrong with it."""
    path = folder / SCENE
    if not path.is_file():
        return None, (Sentence("There is no {scene} in '{folder}'.", scene=SCENE, folder=folder),)
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            return None, (
                Sentence(
                    "{scene} has more than {most} kB; a scene is a page of text.",
                    scene=SCENE,
                    most=MOST_BYTES // 1024,
                ),
            )
        data = tomllib.loads(raw.decode("utf-8"))
    except OSError as e:
        return None, (Sentence("{scene} cannot be read: {why}.", scene=SCENE, why=e),)
    except UnicodeDecodeError:
        return None, (Sentence("{scene} is no text.", scene=SCENE),)
    except (tomllib.TOMLDecodeError, RecursionError) as e:
        return None, (
            Sentence("{scene} is not valid TOML: {why}.", scene=SCENE, why=str(e) or "nested too deep"),
        )
    reader = _Reader(folder)
    return reader.scene(data), tuple(reader.wrong)


def clock_ms(text: str) -> int | None:
    """Return a written time such as ``1:05``, ``1:05.5`` or ``1:02:03`` in milliseconds; None for what is none."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds, part = found.groups()
    whole = 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds)
    return 1000 * whole + int((part or "").ljust(3, "0"))


@dataclass(slots=True)
class _Reader:
    """Read the parts of a scene, and write down what is wrong instead of stopping at it."""

    folder: Path
    wrong: list[str] = field(default_factory=list)

    def scene(self, data: dict[str, Any]) -> Scene | None:
        version = data.get("format")
        if version != FORMAT:
            told = (
                "{scene} does not say its format; this Coach reads format = {reads}."
                if version is None
                else "{scene} has format {version}; this Coach reads format = {reads}."
            )
            self.wrong.append(Sentence(told, scene=SCENE, version=repr(version), reads=FORMAT))
            return None
        self._keys(data, _KEYS, _WHOLE)
        takes = self._list(data, "takes", _WHOLE, MOST_TAKES, self._take, least=1)
        return Scene(
            self.folder,
            self._text(data, "title", _WHOLE),
            tuple(t for t in takes if t is not None),
            self._text(data, "subtitle", _WHOLE, needed=False),
            self._text(data, "language", _WHOLE, needed=False) or "en",
            self._text(data, "licence", _WHOLE, needed=False),
            self._lines(data, "questions", _WHOLE),
        )

    def _take(self, data: Any, number: int) -> Take | None:
        where = Sentence("Take {number}", number=number)
        if not isinstance(data, dict):
            self.wrong.append(Sentence("{where} is no [[takes]] table.", where=where))
            return None
        self._keys(data, _TAKE_KEYS, where)
        title = self._text(data, "title", where)
        log = self._file(data, "log", where, MOST_LOG_BYTES)
        sound = self._file(data, "sound", where, MOST_SOUND_BYTES, needed=False)
        swap = self._swap(data, where)

        def chapter(value: Any, at: int) -> tuple[int, str] | None:
            return self._chapter(value, Sentence("{where}, chapter {at}", where=where, at=at))

        chapters = self._list(data, "chapters", where, MOST_CHAPTERS, chapter)
        marks = tuple(c for c in chapters if c is not None)
        if list(marks) != sorted(marks, key=lambda c: c[0]):
            self.wrong.append(
                Sentence("{where}: the chapters are not in the order of their times.", where=where)
            )
        name = self._text(data, "name", where, needed=False, most=MOST_NAME_LETTERS) or where
        if log is None:
            return None
        return Take(title, name, log, sound, self._lines(data, "watch", where), marks, swap)

    def _swap(self, data: dict[str, Any], where: str) -> bool:
        swap: object = data.get("swap", False)
        if not isinstance(swap, bool):
            self.wrong.append(
                Sentence("{where}: swap = {swap} is neither true nor false.", where=where, swap=_short(swap))
            )
            return False
        if swap and "sound" not in data:
            self.wrong.append(
                Sentence("{where}: swap tells the sides of a sound, and there is no sound.", where=where)
            )
        return swap

    def _chapter(self, data: Any, where: str) -> tuple[int, str] | None:
        if not isinstance(data, dict):
            self.wrong.append(
                Sentence('{where} is not written as { at = "1:05", title = "…" }.', where=where)
            )
            return None
        self._keys(data, _CHAPTER_KEYS, where)
        title, at = self._text(data, "title", where), data.get("at")
        ms = clock_ms(at) if isinstance(at, str) else None
        if ms is None:
            self.wrong.append(
                Sentence('{where}: at = {at} is no time; write it as "1:05".', where=where, at=_short(at))
            )
            return None
        return ms, title

    def _keys(self, data: dict[str, Any], known: frozenset[str], where: str) -> None:
        for key in data:
            if key not in known:
                self.wrong.append(
                    Sentence(
                        "{where} has an entry {key} that means nothing; known are {names}.",
                        where=where,
                        key=_short(key),
                        names=", ".join(sorted(known)),
                    )
                )

    def _text(
        self, data: dict[str, Any], key: str, where: str, *, needed: bool = True, most: int = MOST_LETTERS
    ) -> str:
        value = data.get(key, "")
        if not isinstance(value, str):
            self.wrong.append(Sentence("{where}: {key} is no text.", where=where, key=key))
            return ""
        if needed and not value.strip():
            self.wrong.append(Sentence("{where} has no {key}.", where=where, key=key))
        return self._plain(value, Sentence("{where}: {key}", where=where, key=key), most)

    def _plain(self, value: str, what: str, most: int) -> str:
        if len(value) > most:
            self.wrong.append(
                Sentence(
                    "{what} has {n} letters; {most} are read from the back row.",
                    what=what,
                    n=len(value),
                    most=most,
                )
            )
        if not value.isprintable():
            self.wrong.append(
                Sentence("{what} holds characters that cannot be shown, such as a line break.", what=what)
            )
        return "".join(c if c.isprintable() else " " for c in value[:most]).strip()

    def _lines(self, data: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
        def line(value: Any, number: int) -> str | None:
            if isinstance(value, str) and value.strip():
                return self._plain(
                    value,
                    Sentence("{where}: {key}, line {number}", where=where, key=key, number=number),
                    MOST_LETTERS,
                )
            self.wrong.append(
                Sentence("{where}: line {number} of {key} is no text.", where=where, number=number, key=key)
            )
            return None

        return tuple(v for v in self._list(data, key, where, MOST_LINES, line) if v is not None)

    def _list(
        self,
        data: dict[str, Any],
        key: str,
        where: str,
        most: int,
        each: Callable[[Any, int], _T],
        *,
        least: int = 0,
    ) -> list[_T]:
        values = data.get(key, [])
        if not isinstance(values, list):
            self.wrong.append(Sentence("{where}: {key} is no list.", where=where, key=key))
            return []
        if not least <= len(values) <= most:
            self.wrong.append(
                Sentence(
                    "{where} has {count} {key}; it may have {least} to {most}.",
                    where=where,
                    count=len(values),
                    key=key,
                    least=least or Sentence("none"),
                    most=most,
                )
            )
        return [each(value, number) for number, value in enumerate(values[:most], 1)]

    def _file(
        self, data: dict[str, Any], key: str, where: str, most: int, *, needed: bool = True
    ) -> Path | None:
        name = self._text(data, key, where, needed=needed)
        if not name:
            return None
        try:
            return self._found(
                self.folder / name,
                Sentence("{where}: the {key} {name}", where=where, key=key, name=_short(name)),
                most,
                name,
            )
        except (OSError, RuntimeError):  # a name longer than the disk takes, links in a circle
            self.wrong.append(
                Sentence(
                    "{where}: the {key} {name} cannot be opened.", where=where, key=key, name=_short(name)
                )
            )
            return None

    def _found(self, path: Path, what: str, most: int, name: str) -> Path | None:
        if not _stays_inside(name) or not path.resolve().is_relative_to(self.folder.resolve()):
            self.wrong.append(Sentence("{what} lies outside the scene's folder.", what=what))
        elif not path.is_file():
            self.wrong.append(Sentence("{what} is not there.", what=what))
        elif path.stat().st_size > most:
            self.wrong.append(Sentence("{what} is larger than {most} MB.", what=what, most=most // 1024**2))
        else:
            return path
        return None


def _stays_inside(name: str) -> bool:
    parts = PurePosixPath(name)
    return not (parts.is_absolute() or ".." in parts.parts or "\\" in name or ":" in name)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 - a sentence, not a page

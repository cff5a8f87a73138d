"""The language that Coach writes in: every sentence by its English, and the form of numbers and dates beside it.

Owns the tables (``coach/languages/*.toml``), the choice of one, and which one this process writes in now. English is
the source and stands in the code; a table knows a sentence by its English, or by a key where one English word has two
meanings. What a table does not know is shown in English. Refuses to know windows, and what is spoken in a call: the
cues read English whatever is written here.

A sentence with names or numbers in it that is made before anybody knows whether it will be shown, or to whom, is a
`Sentence`: English to every log and file, told in the language of then once it is shown.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Final, Generic, Self, TypeVar

AUTO: Final = "auto"
"""The setting that leaves it to the system."""
_TABLES: Final = Path(__file__).resolve().parent / "languages"
_SENTENCE: Final = 12
"""So many letters beside its parts make a sentence that can be known again."""
_PART: Final = re.compile(r"\{(\w+)\}")
_VARIABLES: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system without windows says which language it speaks, the first that is set (POSIX, and GNU gettext)."""


@dataclass(frozen=True, slots=True)
class Form:
    """How numbers, days and times are written.

    Args:
        decimal: between a whole number and its parts.
        group: between thousands.
        share: a share in percent; ``{}`` is the number.
        months: their names, January first.
        short_months: the same, short.
        weekdays: short, Monday first.
        day: day and month; ``{d}``, ``{m}``.
        day_of_year: the same with its year, ``{y}``.
        whole_day: the same with the month's whole name, ``{month}``.
        on_weekday: a day of this week; ``{w}``, and ``{day}`` for day and month.
        noon: True where the clock has twice twelve hours.
    """

    decimal: str = "."
    group: str = ","
    share: str = "{}%"
    months: tuple[str, ...] = (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    )
    short_months: tuple[str, ...] = (
        *("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    )
    weekdays: tuple[str, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    day: str = "{d} {m}"
    day_of_year: str = "{d} {m} {y}"
    whole_day: str = "{d} {month} {y}"
    on_weekday: str = "{w} {day}"
    noon: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language; each is itself alone.

    Args:
        code: two letters, as in ``de``.
        right_to_left: whether windows are mirrored.
        words: its sentences, by key or by the English sentence.
        form: how it writes numbers.
    """

    code: str
    right_to_left: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    form: Form = field(default_factory=Form)

    def phrase(self, english: str, key: str = "") -> str:
        """Return a sentence in this language, in English where it is not known.

        Args:
            english: the sentence of the source.
            key: where it is used; an entry of this name is taken before that of the sentence.
        """
        return self.words.get(key) or self.words.get(english) or english


ENGLISH: Final = Language("en")
_now: Language = ENGLISH


def write_in(language: Language) -> None:
    """Write in this language from now on, in the whole process."""
    global _now  # noqa: PLW0603 - a process writes in one language, and everybody who writes must know which
    _now = language


def written_in() -> Language:
    """Return the language that is written in now."""
    return _now


class Sentence(str):  # noqa: SLOT000 - Python has no slots beside text
    """An English sentence that knows how it was made, so that it can be told in another language later.

    It is its English text wherever text is kept, compared or sent; `phrase` tells it in the language of now.

    Args:
        template: the sentence of the source; ``{name}`` stands where a part goes.
        parts: what is filled in, as text: nothing in a part is ever read as a template, or looked up in a table. A
            `Sentence` is told in its language, a float gets its decimal sign, an OSError is the system's reason.
    """

    template: str
    parts: Mapping[str, str | float]

    def __new__(cls, template: str, /, **parts: object) -> Self:
        """Fill in the parts."""
        kept = {name: _part(value) for name, value in parts.items()}
        made = super().__new__(cls, _filled(template, {name: _written(v) for name, v in kept.items()}))
        made.template, made.parts = template, kept
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, str | float]]:
        """Travel between processes as it was made."""
        return (self.template,), dict(self.parts)

    def told(self) -> str:
        """Return it in the language of now."""
        parts = {
            name: str(value).replace(".", _now.form.decimal) if isinstance(value, float) else _told(value)
            for name, value in self.parts.items()
        }
        return _filled(_now.phrase(self.template), parts)


def in_a_row(*sentences: str) -> Sentence:
    """Return sentences as one, those that are empty left out; each is told in its language later."""
    said = {f"s{i}": s for i, s in enumerate(filter(None, sentences))}
    return Sentence(" ".join(f"{{{name}}}" for name in said), **said)


def phrase(english: str, /, **parts: object) -> str:
    """Return a sentence in the language of now, with its parts filled in; without any it is left as it is."""
    if isinstance(english, Sentence):
        return english.told()
    told = _now.phrase(english)
    return told.format(**{n: _told(v) for n, v in parts.items()}) if parts else told


def recalled(kept: str) -> str:
    """Tell sentences that were kept as English text, each by the template it was made by; others as they are."""
    if isinstance(kept, Sentence) or kept in _now.words or not _now.words:
        return phrase(kept)
    told, rest = [], kept
    while rest:
        known = next(((match, to) for made, to in _made_by(_now) if (match := made.match(rest))), None)
        if known is None:
            end = rest.find(". ") + 1 or len(rest)
            told.append(rest[:end])
        else:
            match, to = known
            told.append(_filled(to, {name: _recalled_part(v) for name, v in match.groupdict().items()}))
            end = match.end()
        rest = rest[end:].lstrip(" ")
    return " ".join(told)


@cache
def _made_by(language: Language) -> list[tuple[re.Pattern[str], str]]:
    """Return how each sentence of a table may read once it is filled in, the longest first."""
    sentences = [e for e in language.words if len(_PART.sub("", e)) >= _SENTENCE and e[-1] in ".:"]
    found = []
    for english in sorted(sentences, key=lambda e: -len(_PART.sub("", e))):
        text, seen = "", set()
        for i, piece in enumerate(_PART.split(english)):
            again = f"(?P={piece})" if piece in seen else f"(?P<{piece}>.+?)"
            text += again if i % 2 else re.escape(piece)
            seen |= {piece} if i % 2 else set()
        found.append((re.compile(text + r"(?= |$)"), language.words[english]))
    return found


def _recalled_part(value: str) -> str:
    """Tell a part that is a clause of ours; the name of a thing is left as it is."""
    return _now.phrase(value) if value.count(" ") > 1 else value


def _part(value: object) -> str | float:
    if isinstance(value, OSError):
        return Sentence(value.strerror or str(value))
    return value if isinstance(value, Sentence | float) else str(value)


def _written(value: str | float) -> str:
    return str(value)


def _told(value: object) -> Any:
    return value.told() if isinstance(value, Sentence) else value


def _filled(template: str, parts: Mapping[str, str]) -> str:
    """Fill in the parts that there are; whatever else stands between braces is text."""
    return _PART.sub(lambda found: parts.get(found[1], found[0]), template)


def languages() -> tuple[str, ...]:
    """Return the codes of the languages there are, English first."""
    return (ENGLISH.code, *sorted(path.stem for path in _TABLES.glob("*.toml")))


@cache
def language(code: str) -> Language:
    """Return a language by its code; English for one that is not known."""
    path = _TABLES / f"{code}.toml"
    if code not in languages() or code == ENGLISH.code:
        return ENGLISH
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    form = {f.name: _as_kept(table["form"][f.name]) for f in fields(Form) if f.name in table.get("form", {})}
    return Language(code, bool(table.get("right_to_left", False)), table["words"], Form(**form))


def chosen(setting: str, system: str = "") -> Language:
    """Return the language of a setting.

    Args:
        setting: ``auto`` or a code.
        system: the name of the system's locale, such as ``de_AT``; asked of the environment where it is empty.
    """
    code = (system or system_locale()) if setting == AUTO else setting
    return language(code.replace("-", "_").partition("_")[0].lower())


def system_locale() -> str:
    """Return what the environment names as the user's locale, such as ``de_DE``; empty where it names none."""
    named = next((value for name in _VARIABLES if (value := os.environ.get(name))), "")
    return named.partition(":")[0].partition(".")[0].partition("@")[0]


def _as_kept(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_K = TypeVar("_K")


class Phrases(Mapping[_K, str], Generic[_K]):
    """A table of English words that is read in the language of now.

    Args:
        english: the words of the source.
        scope: with it a table may know a word by ``scope.key``, before it knows it by its English.
    """

    def __init__(self, english: Mapping[_K, str], scope: str = "") -> None:
        self.english = dict(english)
        self._scope = scope

    def __getitem__(self, key: _K) -> str:
        """Return a word in the language of now."""
        return _now.phrase(self.english[key], f"{self._scope}.{key}" if self._scope else "")

    def __iter__(self) -> Iterator[_K]:
        return iter(self.english)

    def __len__(self) -> int:
        return len(self.english)

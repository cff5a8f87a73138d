"""German is whole, and whoever adds an English sentence is told which German one is missing."""

from __future__ import annotations

import json
import re

import pytest
from english import PARTS, sentences

from coach import language, settings
from coach.language import AUTO, ENGLISH, Language, Phrases, chosen, phrase, system_locale, write_in
from coach.nudges.rules import CATALOGUE
from coach.settings import MAX_NUDGE_WORDS

ENGLISH_SENTENCES = sentences()
KEYS = {key for keys in ENGLISH_SENTENCES.values() for key in keys}
TRANSLATED = [code for code in language.languages() if code != ENGLISH.code]


def table(code: str) -> dict[str, str]:
    return dict(language.language(code).words)


def english_of(entry: str) -> str:
    """Return the English sentence of an entry, which may be named by its key."""
    return next((e for e, keys in ENGLISH_SENTENCES.items() if entry in keys), entry)


def test_german_is_one_of_the_languages() -> None:
    assert TRANSLATED == ["de"]
    setting = next(k for k in settings.knobs() if k.name == "app.language")
    assert set(setting.choices) == {AUTO, *language.languages()}


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_english_sentence_is_translated(code: str) -> None:
    known = table(code)
    missing = [
        english
        for english, keys in ENGLISH_SENTENCES.items()
        if english not in known and not (keys and all(key in known for key in keys))
    ]
    lines = "\n".join(f'{json.dumps(english, ensure_ascii=False)} = ""' for english in missing)
    assert not missing, f"add these to coach/languages/{code}.toml, beneath [words]:\n{lines}"


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_entry_stands_for_a_sentence_that_is_gone(code: str) -> None:
    left = [entry for entry in table(code) if entry not in ENGLISH_SENTENCES and entry not in KEYS]
    assert not left, f"take these out of coach/languages/{code}.toml, or translate what they became: {left}"


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_is_filled_in_and_what_a_key_presses_is_the_same(code: str) -> None:
    for entry, told in table(code).items():
        english = english_of(entry)
        assert sorted(PARTS.findall(told)) == sorted(PARTS.findall(english)), entry
        assert told.count("\t") == english.count("\t"), entry
        assert len(re.findall(r"&\w", told)) == len(re.findall(r"&\w", english)) or "Curhan" in entry, entry
        assert told == told.strip()
        assert told


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_nudge_is_read_in_one_glance(code: str) -> None:
    for rule in CATALOGUE:
        told = table(code)[rule.text]
        assert len(told.split()) <= MAX_NUDGE_WORDS, told
        assert len(told) <= 32, f"{told!r} would not fit the card's one line"


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_two_fields_of_a_window_have_one_key(code: str) -> None:
    known = language.language(code)
    for window in ("facts.", "sound.", "first.keep.", "queue."):
        said = [
            known.phrase(e)
            for e, keys in ENGLISH_SENTENCES.items()
            if any(k.startswith(window) for k in keys)
        ]
        letters = [letter.lower() for told in said for letter in re.findall(r"&(\w)", told)]
        assert len(letters) == len(set(letters)), (window, letters)


@pytest.mark.parametrize("word", ["musst", "falsch", "schlecht", "versagt", "!", "punktzahl"])
def test_nothing_blames(word: str) -> None:
    assert not [told for told in table("de").values() if word in told.lower()]


@pytest.mark.parametrize("polite", [r"\bIhnen\b", r"\bIhre?\b(?! (Welt|längste))"])
def test_german_says_du(polite: str) -> None:
    begins = re.compile(rf"(?<=[^.:?!„>] ){polite}")
    assert not [told for told in table("de").values() if begins.search(told)]


def test_an_unknown_sentence_stays_english() -> None:
    write_in(language.language("de"))
    assert phrase("Nobody has said this yet.") == "Nobody has said this yet."


def test_a_key_comes_before_the_sentence() -> None:
    write_in(Language("xx", words={"Stop": "halt", "queue.stop": "anhalten"}))
    assert phrase("Stop") == "halt"
    assert language.written_in().phrase("Stop", "queue.stop") == "anhalten"
    assert language.written_in().phrase("Stop", "tray.stop") == "halt"


def test_parts_are_filled_in_where_there_are_any() -> None:
    write_in(Language("xx", words={"{n} of {all}": "{all} gesamt, {n} davon"}))
    assert phrase("{n} of {all}", n=2, all=7) == "7 gesamt, 2 davon"
    assert phrase("{so be it}") == "{so be it}"


def test_a_table_of_words_follows_the_language() -> None:
    names = Phrases({"a": "Stop", "b": "Go"}, "lights")
    assert dict(names) == {"a": "Stop", "b": "Go"}
    write_in(Language("xx", words={"Stop": "halt", "lights.b": "los"}))
    assert dict(names) == {"a": "halt", "b": "los"}
    assert len(names) == 2
    assert names.english["a"] == "Stop"


@pytest.mark.parametrize(
    ("setting", "system", "code"),
    [
        (AUTO, "de_AT", "de"),
        (AUTO, "de-CH", "de"),
        (AUTO, "en_GB", "en"),
        (AUTO, "fr_FR", "en"),
        (AUTO, "C", "en"),
        ("de", "en_US", "de"),
        ("en", "de_DE", "en"),
        ("xx", "de_DE", "en"),
    ],
)
def test_the_setting_chooses_and_auto_follows_the_system(setting: str, system: str, code: str) -> None:
    assert chosen(setting, system).code == code


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de_DE"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "de_AT@euro"}, "de_AT"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "de:en"}, "de"),
        ({}, ""),
    ],
)
def test_without_windows_the_environment_names_the_language(monkeypatch, variables, named) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert system_locale() == named

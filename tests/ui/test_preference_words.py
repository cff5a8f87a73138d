"""The settings in words: each has a name, a place and a way to be read, and a search finds it by any of them."""

from __future__ import annotations

import pytest

from coach.settings import Settings, knobs, value_at
from coach.ui.preference_words import (
    SECTIONS,
    Setting,
    choice_name,
    named,
    section_hint,
    sections,
    settings_in_words,
)
from coach.ui.wording import rule_name

BY_NAME = {s.name: s for s in settings_in_words()}


def found(query: str, call_type: str = "discovery") -> set[str]:
    return {s.name for s in settings_in_words() if s.fits(query, s.default, call_type)}


def test_every_setting_has_a_name_of_its_own_and_a_section_with_one() -> None:
    assert {k.name for k in knobs()} == set(BY_NAME)
    unnamed = [s.name for s in BY_NAME.values() if not named(s.section, s.name.rpartition(".")[2])]
    assert unnamed == [], "give them a name in coach/ui/preference_words.py"
    assert set(sections()) <= set(SECTIONS)
    labels = [(s.section, s.whole_label) for s in BY_NAME.values()]
    assert len(set(labels)) == len(labels)
    assert all(section_hint(section).endswith(".") for section in sections())


def test_every_choice_has_a_name_of_its_own() -> None:
    for setting in BY_NAME.values():
        names = [choice_name(setting.name, choice) for choice in setting.knob.choices]
        assert len(set(names)) == len(names)
        assert all(names)
    assert choice_name("call.focus", "pounce") == rule_name("pounce")
    assert choice_name("call.type", "first_contact") == "First contact"
    assert choice_name("new.setting", "some-thing") == "Some thing"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("manners.cooldown_s", 45.0, "45 s"),
        ("limits.demo.share_nudge", 0.605, "60.5 %"),
        ("limits.demo.pitch_needs", 1, "1 need"),
        ("limits.demo.pitch_needs", 2, "2 needs"),
        ("manners.dismissals", 3, "3 times"),
        ("manners.stretch", 1.5, "1.5 ×"),  # noqa: RUF001 - the sign for times
        ("limits.demo.monologue_s", 1800.0, "1800 s"),
        ("rules.pounce", True, "On"),
        ("rules.pounce", False, "Off"),
        ("overlay.corner", "top-left", "Top left"),
        ("facts.company", ("Acme", "Bolt"), "Acme, Bolt"),
        ("facts.company", (), "empty"),
        ("wording.pounce", "", "empty"),
        ("wording.pounce", "Stay with that", "Stay with that"),
    ],
)
def test_a_value_is_read_with_its_unit(name: str, value: object, words: str) -> None:
    assert BY_NAME[name].in_words(value) == words  # type: ignore[arg-type]


def test_default_and_range_stand_in_one_line() -> None:
    assert BY_NAME["manners.cooldown_s"].about() == "default 45 s · 5 to 600 s"
    assert BY_NAME["limits.demo.share_nudge"].about() == "default 75 % · 0 to 100 %"
    assert BY_NAME["wording.pounce"].about("Stay with that") == "default Stay with that"
    assert BY_NAME["rules.pounce"].default == value_at(Settings(), "rules.pounce")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("cooldown", "manners.cooldown_s"),  # the name
        ("BETWEEN any TWO", "manners.cooldown_s"),  # the label
        ("at least this long", "manners.cooldown_s"),  # the sentence
        ("45 s", "manners.cooldown_s"),  # the value
        ("when a nudge may speak between", "manners.cooldown_s"),  # the section
        ("projector", "overlay.scale"),
        ("top, in the middle", "overlay.corner"),
        ("demo 150 s", "limits.demo.monologue_s"),
    ],
)
def test_a_search_finds_by_name_label_sentence_section_and_value(query: str, name: str) -> None:
    assert name in found(query)


def test_a_search_narrows_with_each_word_and_stays_with_one_type_of_call() -> None:
    assert found("share nudge limits") > found("share nudge limits rolling")
    assert {n.split(".")[1] for n in found("rolling share")} == {"discovery"}
    assert {n.split(".")[1] for n in found("rolling share", "demo")} == {"demo"}
    assert {n.split(".")[1] for n in found("rolling follow")} == {"follow_up"}
    assert found("zebra") == set()
    assert found("log in") == {"system.autostart"}, "not the log in monologue"
    assert found("karte") == set() != found("ologue")


def test_a_setting_that_nobody_has_named_goes_by_its_key() -> None:
    from coach.settings import Knob
    from coach.ui.preference_words import _setting

    made = _setting(
        Knob("brandnew.night_mode", default=False, unit="", low=None, high=None, choices=(), what="X.")
    )
    assert isinstance(made, Setting)
    assert (made.section, made.label) == ("brandnew", "Night mode")
    assert not named("brandnew", "night_mode")

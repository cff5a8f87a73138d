"""The windows change their language while they are there, and mirror where it is read from right to left."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from tongues import pseudo

from coach import language
from coach.language import AUTO, ENGLISH, write_in, written_in
from coach.settings import OverlaySettings
from coach.ui import tongue
from coach.ui.card import CardContent
from coach.ui.overlay import Overlay
from coach.ui.preference_words import section_name, settings_in_words
from coach.ui.tongue import speak
from coach.ui.tray import Tray
from coach.writing import number, time_of_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def as_before(qapp: QApplication) -> Iterator[None]:
    locale, before = QLocale(), qapp.layoutDirection()
    yield
    tongue._turn(ENGLISH)
    qapp.setLayoutDirection(before)
    QLocale.setDefault(locale)


def test_auto_follows_the_system() -> None:
    speak(AUTO, QLocale("de_AT"))
    assert written_in().code == "de"
    assert QLocale().name() == "de_AT"
    speak(AUTO, QLocale("fr_FR"))
    assert written_in().code == "en"
    assert number(1.6, 1) == "1,6"  # their numbers, though not yet their words


def test_a_chosen_language_brings_its_numbers_where_the_system_has_another() -> None:
    speak("de", QLocale("en_US"))
    assert number(1.6, 1) == "1,6"
    assert QLocale().decimalPoint() == ","
    speak("en", QLocale("de_DE"))
    assert number(1.6, 1) == "1.6"


def test_a_clock_of_twice_twelve_hours_is_kept() -> None:
    speak("en", QLocale("en_US"))
    assert time_of_day(14, 5).startswith("2:05")
    speak("en", QLocale("en_GB"))
    assert time_of_day(14, 5) == "14:05"
    speak("de", QLocale("de_DE"))
    assert time_of_day(14, 5) == "14:05"


def test_what_qt_says_itself_follows() -> None:
    speak("de", QLocale("de_DE"))
    assert QCoreApplication.translate("QWidgetTextControl", "&Copy") == "&Kopieren"
    speak("en", QLocale("de_DE"))
    assert QCoreApplication.translate("QWidgetTextControl", "&Copy") == "&Copy"


def test_the_tray_says_its_words_again(qapp) -> None:
    tray = Tray("demo", available=lambda: True)
    tray.show_leak("strong", -12.0)
    speak("de", QLocale("de_DE"))
    tray.speak()
    said = [a.text() for a in tray.menu.actions() if a.text()]
    assert said[0] == "Hört nicht zu"
    assert "Zuhören" in said
    assert "Ring zeigen" in said
    types = next(a.menu() for a in tray.menu.actions() if a.text() == "Art des Gesprächs")
    assert [a.text() for a in types.actions()][2] == "Vorführung"
    speak("en", QLocale("de_DE"))
    tray.speak()
    english = [a.text() for a in tray.menu.actions() if a.text()]
    assert "Start listening" in english
    assert not set(said) & set(english) - {"Pause"}


def test_the_card_says_its_words_again(qtbot: QtBot) -> None:
    overlay = Overlay(OverlaySettings())
    qtbot.addWidget(overlay)
    overlay.show_card(CardContent("monologue", "Pause, let them in", "75 s without them"))
    speak("de", QLocale("de_DE"))
    overlay.speak()
    assert overlay._card._not_now.text() == "Nicht jetzt"
    assert overlay.rule == "monologue"


def test_settings_are_found_in_the_language_of_now() -> None:
    english = {s.name: s.label for s in settings_in_words()}
    speak("de", QLocale("de_DE"))
    german = {s.name: s for s in settings_in_words()}
    assert english["overlay.corner"] == "Place"
    assert german["overlay.corner"].label == "Platz"
    assert german["overlay.corner"].in_words("top-left") == "Oben links"
    assert german["manners.hold_s"].in_words(2.5) == "2,5 s"
    assert german["manners.dismissals"].in_words(1) == "1 Mal"
    assert german["overlay.corner"].fits("platz", "top", "discovery")
    assert section_name("storage") == "Was aufgehoben wird"


def test_a_language_read_from_right_to_left_mirrors_the_windows(qapp: QApplication) -> None:
    write_in(pseudo(right_to_left=True))
    tongue._turn(written_in())
    assert qapp.layoutDirection() is Qt.LayoutDirection.RightToLeft
    write_in(dataclasses.replace(language.language("de")))
    tongue._turn(written_in())
    assert qapp.layoutDirection() is Qt.LayoutDirection.LeftToRight

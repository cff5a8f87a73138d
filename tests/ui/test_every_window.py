"""Every window in German and in a longer language: nothing is cut, nothing stays English, and all of it mirrors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cut import cut
from house import card, windows
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from tongues import pseudo

from coach import language
from coach.language import ENGLISH, write_in, written_in
from coach.ui import tongue
from coach.ui.lanes import Lanes
from coach.ui.stage_meters import Chapters, MeterStrip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

WINDOWS = windows()
ACCENTS = set("áçéíñöüýÁÇÉÍÑÖÜÝß")
FOREIGN = {
    *("Yeti", "Monitor of Speakers", "Karen", "Discovery · 1:00", "pricing", "Two days", "memo"),
    *(
        "Ana a",
        "Ana b",
        "Ana c",
        "won",
        "Acme",
        "one.wav",
        "two.wav",
        "memo.m4a",
        "three.wav",
        "The rep sells.",
    ),
    *("One · 1 Nov · 1:00", "Deutsch", "English", "Silero", "WebRTC", "The beginning"),
    "Words that push.",
}
"""What the tests themselves put in, and names: of devices, people, files, programs, languages. Quoted words are what
was said in a call."""


@pytest.fixture(autouse=True)
def as_before(qapp: QApplication) -> Iterator[None]:
    locale, before = QLocale(), qapp.layoutDirection()
    yield
    tongue._turn(ENGLISH)
    qapp.setLayoutDirection(before)
    QLocale.setDefault(locale)


def opened(qtbot: QtBot, name: str) -> QWidget:
    window = WINDOWS[name]()
    qtbot.addWidget(window)
    getattr(window, "show_centred", window.show)()
    qtbot.waitExposed(window)
    for _ in range(3):
        QApplication.processEvents()
    return window


@pytest.mark.parametrize("name", WINDOWS)
def test_nothing_is_cut_in_german(qtbot: QtBot, name: str) -> None:
    tongue.speak("de", QLocale("de_DE"))
    assert cut(opened(qtbot, name)) == []


@pytest.mark.parametrize("name", WINDOWS)
def test_nothing_is_cut_in_a_longer_language_and_nothing_stays_english(qtbot: QtBot, name: str) -> None:
    write_in(pseudo())
    window = opened(qtbot, name)
    # A hint in an empty field may end in dots: it is told in whole to who does not see it.
    assert [line for line in cut(window) if not line.startswith("placeholder")] == []
    assert [told for told in shown(window) if is_english(told)] == []


def shown(window: QWidget) -> list[str]:
    """Return what is read in a window: labels, buttons, hints."""
    told = [w.text() for kind in (QLabel, QAbstractButton) for w in window.findChildren(kind)]
    return told + [w.placeholderText() for w in window.findChildren(QLineEdit)]


def is_english(told: str) -> bool:
    """Say whether words were never looked up: letters, no accent, and no name of somebody else's."""
    words = told.strip()
    if (
        words in FOREIGN
        or words.startswith("“")
        or not any(len(w) > 3 and w.isalpha() and w.isascii() for w in words.split())
    ):
        return False
    return not ACCENTS & set(words)


def test_english_that_was_never_looked_up_would_be_found() -> None:
    write_in(pseudo())
    assert is_english("Nobody looked this up")
    assert not is_english(written_in().phrase("Preferences"))
    assert not is_english("0:24 / 1:00")


def mirrored() -> None:
    write_in(pseudo(right_to_left=True))
    tongue._turn(written_in())


@pytest.mark.parametrize(
    "name",
    [
        "card",
        "bar",
        "facts",
        "sound",
        "trying",
        "first_kept",
        "preferences_5",
        "review",
        "calls",
        "queue",
        "which",
    ],
)
def test_read_from_right_to_left_nothing_is_cut_either(qtbot: QtBot, name: str) -> None:
    mirrored()
    window = opened(qtbot, name)
    assert window.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert [line for line in cut(window) if not line.startswith("placeholder")] == []


def test_the_card_is_its_own_mirror_image(qtbot: QtBot) -> None:
    write_in(pseudo())
    plain = card(unfolded=True)
    mirrored()
    other = card(unfolded=True)
    for made in (plain, other):
        qtbot.addWidget(made)
    assert plain.size() == other.size()
    width = plain.width()
    for name in ("_title", "_cross", "_why", "_not_now", "_unhelpful"):
        here, there = getattr(plain, name).geometry(), getattr(other, name).geometry()
        assert (there.left(), there.top()) == (width - 1 - here.right(), here.top()), name


def test_a_list_of_settings_stands_at_the_other_side(qtbot: QtBot) -> None:
    mirrored()
    window = opened(qtbot, "preferences_2")
    assert window.list.mapTo(window, QPoint(0, 0)).x() > window.width() / 2


@pytest.mark.parametrize(("name", "kinds"), [("review", (Lanes,)), ("stage", (Lanes, MeterStrip, Chapters))])
def test_time_runs_to_the_right_in_every_language(qtbot: QtBot, name: str, kinds: tuple[type, ...]) -> None:
    mirrored()
    window = opened(qtbot, name)
    for kind in kinds:
        assert window.findChild(kind).layoutDirection() is Qt.LayoutDirection.LeftToRight


def test_german_stands_in_every_window(qtbot: QtBot) -> None:
    tongue.speak("de", QLocale("de_DE"))
    known = set(language.language("de").words.values())
    for name in ("facts", "sound", "first_kept", "which"):
        assert known & set(shown(opened(qtbot, name))), name

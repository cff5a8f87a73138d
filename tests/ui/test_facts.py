"""The page "What I sell": what was typed is handed over, what cannot be kept is said, and the keys do it all."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from coach.language import language, write_in
from coach.settings import Facts
from coach.trouble import Trouble
from coach.ui.facts import FIELDS, FactsPage
from coach.ui.theme import LOOKS, MIN_SHAPE_CONTRAST, MIN_TEXT_CONTRAST, contrast

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

KNOWN = Facts(("Acme", "Acme Lifts"), ("Ferrolift",), ("Kone",), "We are the only ones.", ("MRR",))


def opened(qtbot: QtBot, facts: Facts, save: Callable[[Facts], None], **how: str) -> FactsPage:
    page = FactsPage(facts, save, **how)
    qtbot.addWidget(page)
    page.show_centred()
    qtbot.waitExposed(page)
    return page


def clear_and_type(qtbot: QtBot, page: FactsPage, name: str, text: str) -> None:
    page.fields[name].setFocus()
    page.fields[name].selectAll()
    qtbot.keyClicks(page.fields[name], text)


def wrong(page: FactsPage) -> str:
    label = page.findChild(QLabel, "wrong")
    return label.text() if label.isVisible() else ""


def test_what_is_known_stands_in_the_fields_and_comes_back_unchanged(qtbot: QtBot) -> None:
    kept: list[Facts] = []
    page = opened(qtbot, KNOWN, kept.append)
    assert page.fields["company"].text() == "Acme, Acme Lifts"
    qtbot.keyClick(page.fields["company"], Qt.Key.Key_Return)
    assert kept == [KNOWN]
    assert not page.isVisible()


def test_names_are_typed_with_commas_between_and_the_statement_is_one_line(qtbot: QtBot) -> None:
    kept: list[Facts] = []
    page = opened(qtbot, Facts(), kept.append)
    clear_and_type(qtbot, page, "products", " Ferrolift ,, Doorman,Ferrolift ")
    page.fields["only"].setPlainText("We are\nthe only ones.")
    next(b for b in page.findChildren(QPushButton) if b.text() == "Save").click()
    assert kept == [Facts(products=("Ferrolift", "Doorman"), only="We are the only ones.")]


def test_what_is_too_long_is_said_in_its_place_and_the_window_stays(qtbot: QtBot) -> None:
    kept: list[Facts] = []
    page = opened(qtbot, KNOWN, kept.append)
    clear_and_type(qtbot, page, "jargon", "x" * 41)
    page.save()
    assert "has 41 letters. Shorten it to 40 or fewer." in wrong(page)
    assert wrong(page).startswith("Our jargon: ")
    assert page.focusWidget() is page.fields["jargon"]
    assert page.fields["jargon"].accessibleDescription() == wrong(page)
    assert page.isVisible()
    assert kept == []


def test_a_file_that_cannot_be_written_keeps_what_was_typed(qtbot: QtBot) -> None:
    def full(_: Facts) -> None:
        raise Trouble("The disk is full.", "Free some space.")

    page = opened(qtbot, KNOWN, full)
    height = page.height()
    page.save()
    assert wrong(page) == "The disk is full. Free some space."
    assert page.fields["company"].text() == "Acme, Acme Lifts"
    assert page.height() > height


def test_escape_leaves_all_as_it_was(qtbot: QtBot) -> None:
    kept: list[Facts] = []
    page = opened(qtbot, KNOWN, kept.append)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert kept == []


def test_a_problem_is_shown_from_the_start(qtbot: QtBot) -> None:
    assert wrong(opened(qtbot, KNOWN, lambda _: None, problem="Line 3 is wrong.")) == "Line 3 is wrong."


def test_tab_walks_through_every_field_and_to_the_buttons(qtbot: QtBot) -> None:
    page = opened(qtbot, KNOWN, lambda _: None)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    walked = []
    for _ in range(len(FIELDS) + 2):
        walked.append(page.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert walked[: len(FIELDS)] == [page.fields[name] for name in FIELDS]
    assert [b.text() for b in walked[len(FIELDS) :]] == ["Cancel", "Save"]


def test_a_screen_reader_is_told_the_name_of_each_field_and_a_letter_leads_to_it(qtbot: QtBot) -> None:
    page = opened(qtbot, Facts(), lambda _: None)
    labels = {label.buddy(): label.text() for label in page.findChildren(QLabel) if label.buddy()}
    assert set(labels) == set(page.fields.values())
    letters = [text[text.index("&") + 1].lower() for text in labels.values()]
    assert len(set(letters)) == len(FIELDS)
    for field, text in labels.items():
        assert field.accessibleName() == text.replace("&", "")
        assert field.accessibleDescription() == field.placeholderText() != ""


def test_markup_is_shown_as_it_is_typed(qtbot: QtBot) -> None:
    page = opened(qtbot, KNOWN, lambda _: None, problem="<b>bold</b> &amp;")
    assert page.findChild(QLabel, "wrong").textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize("look", list(LOOKS))
def test_everything_can_be_read_in_either_look(qtbot: QtBot, look: str) -> None:
    page = opened(qtbot, KNOWN, lambda _: None, look=look)
    colours = LOOKS[look]
    assert page.grab().toImage().pixelColor(2, 2).name().upper() == colours.card
    assert contrast(colours.title, colours.pressed) >= MIN_TEXT_CONTRAST
    assert contrast(colours.reason, colours.pressed) >= MIN_TEXT_CONTRAST  # a hint inside its field
    assert contrast(colours.title, colours.tile("monologue")) >= MIN_TEXT_CONTRAST
    assert contrast(colours.card, colours.accent("ask_question")) >= MIN_TEXT_CONTRAST  # "Save"
    assert contrast(colours.quiet, colours.card) >= MIN_SHAPE_CONTRAST  # a field's edge


def test_nothing_scrolls_where_there_is_room(qtbot: QtBot) -> None:
    page = opened(qtbot, KNOWN, lambda _: None)
    assert not page._area.verticalScrollBar().isVisible()
    assert all(isinstance(f, QLineEdit) or name == "only" for name, f in page.fields.items())


def test_on_a_small_screen_the_field_that_is_wrong_comes_into_view(qtbot: QtBot) -> None:
    page = opened(qtbot, dataclasses.replace(KNOWN, jargon=("x" * 41,)), lambda _: None)
    page.setFixedHeight(260)
    page.save()
    jargon = page.fields["jargon"]
    assert page._area.viewport().rect().contains(jargon.mapTo(page._area.viewport(), jargon.rect().center()))


def test_in_german_what_cannot_be_kept_is_said_in_german_and_a_name_stays_text(qtbot: QtBot) -> None:
    def full(_: Facts) -> None:
        name = "<b>{why}</b>.toml"
        why = OSError(28, "No space left on device")
        raise Trouble(
            "{path} cannot be written: {why}.", "Free some space, and try again.", path=name, why=why
        )

    write_in(language("de"))
    page = opened(qtbot, KNOWN, full)
    qtbot.keyClick(page.fields["company"], Qt.Key.Key_Return)
    assert wrong(page) == (
        "<b>{why}</b>.toml lässt sich nicht schreiben: kein Platz mehr auf der Platte. "
        "Mach etwas Platz, und versuch es noch einmal."
    )
    label = page.findChild(QLabel, "wrong")
    assert label is not None
    assert label.textFormat() == Qt.TextFormat.PlainText

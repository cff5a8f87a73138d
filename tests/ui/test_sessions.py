"""The page of calls: found by words, opened, named, tagged, set side by side, forgotten after a clear question."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDate, QItemSelectionModel, QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu

from coach.archive.catalogue import Row, instant
from coach.ui.calls import CallsWindow
from coach.ui.sessions_model import NOTES, TAGS, TITLE, WHEN
from coach.ui.when import day, length, moment

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from coach.ui.sessions import SessionsPage

TODAY = date(2026, 11, 22)


def call(name: str, when: str = "", call_type: str = "discovery", title: str = "", **more) -> Row:
    began = f"{when}:00+01:00" if when else ""
    return Row(f"/s/{name}.jsonl", name, began, instant(began), call_type, title or name, **more)


CALLS = [
    call("a", "2026-11-22T09:05", title="Corinne, Bakery", tags=("won", "lifts"), duration_s=1830.0, notes=2),
    call("b", "2026-11-21T10:00", "demo", "Hotel Adler", tags=("lifts",), duration_s=42.0, nudges=3),
    call("c", "2026-11-01T10:00", title="<b>Studio 9</b>"),
    call("d", fault="This is no session of Coach."),
]


@pytest.fixture
def window(qtbot: QtBot) -> CallsWindow:
    window = CallsWindow(TODAY)
    qtbot.addWidget(window)
    window.sessions.show_calls(CALLS)
    window.show_centred()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def page(window: CallsWindow) -> SessionsPage:
    return window.sessions


def names(page: SessionsPage) -> str:
    return "".join(page.model.call(row).name for row in range(page.model.rowCount()))


def choose(page: SessionsPage, *wanted: str) -> None:
    page.table.clearSelection()
    for name in wanted:
        row = page.model.row_of(f"/s/{name}.jsonl")
        assert row is not None
        how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        page.table.selectionModel().setCurrentIndex(page.model.index(row, TITLE), how)
    page.table.setFocus()


def can(page: SessionsPage) -> set[str]:
    return {name for name, button in page.buttons.items() if button.isEnabled() and button.isVisible()}


# What is said.


def test_a_row_is_told_in_plain_words(page: SessionsPage) -> None:
    said = [page.model.index(0, column).data() for column in range(page.model.columnCount())]
    assert said == ["Today, 9:05", "Corinne, Bakery", "Discovery", "30 min", "0", "2", "won, lifts"]
    assert page.model.index(1, WHEN).data() == "Yesterday, 10:00"
    assert page.model.index(3, TITLE).data() == "Cannot be read: This is no session of Coach."
    assert page.model.index(3, NOTES).data() == ""
    assert page.count.text() == "4 calls"


def test_what_was_said_is_text_and_never_markup(page: SessionsPage) -> None:
    assert page.model.index(2, TITLE).data() == "<b>Studio 9</b>"
    assert (
        page.model.index(2, TITLE).data(Qt.ItemDataRole.ToolTipRole) is None
    )  # a tip would read it as markup
    page.update_calls([call("c", title="a\nb\x1b")])
    row = page.model.row_of("/s/c.jsonl")
    assert page.model.index(row, TITLE).data() == "a b "
    choose(page, "c")
    page.ask_forget()
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in page.findChildren(QLabel))


@pytest.mark.parametrize(
    ("began", "said"),
    [
        ("2026-11-22T09:05:00+01:00", "Today"),
        ("2026-11-16T09:05:00", "Mon 16 Nov"),
        ("2026-11-15T09:05:00", "15 Nov"),
        ("2025-11-22T09:05:00", "22 Nov 2025"),
        ("2026-11-23T09:05:00", "23 Nov"),
        ("", ""),
        ("soon", ""),
    ],
)
def test_days_are_as_short_as_they_are_clear(began: str, said: str) -> None:
    assert day(began, TODAY) == said
    assert moment(began, TODAY) == (f"{said}, 9:05" if said else "")


def test_lengths() -> None:
    assert (length(42), length(90), length(3870)) == ("42 s", "2 min", "64 min")


def test_an_empty_list_is_kind_and_offers_nothing(page: SessionsPage) -> None:
    page.show_calls([])
    assert "No calls yet" in [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert can(page) == set()
    assert not page.filter.isVisible()


# Finding.


def test_words_find_calls_as_they_are_typed(qtbot: QtBot, page: SessionsPage) -> None:
    qtbot.keyClicks(page.filter.text, "LIFT bak")
    assert names(page) == "a"
    assert page.count.text() == "1 of 4 calls"
    qtbot.keyClick(page.filter.text, Qt.Key.Key_Escape)
    assert names(page) == "abcd"
    qtbot.keyClicks(page.filter.text, "zzz")
    assert "No call fits" in [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    page.filter.clear_all.click()
    assert names(page) == "abcd"
    assert page.filter.text.hasFocus()


def test_types_tags_and_days(page: SessionsPage) -> None:
    page.filter.types.choose("demo")
    assert names(page) == "b"
    page.filter.types.choose("")
    page.filter.tags.choose("won")
    assert names(page) == "a"
    page.filter.tags.choose("")
    page.filter.days.choose("7")
    assert names(page) == "ab"
    page.filter.days.choose("between")
    assert page.filter.since.isVisible()
    page.filter.since.setDate(QDate(2026, 11, 21))
    page.filter.until.setDate(QDate(2026, 10, 30))  # the wrong way round is understood
    assert names(page) == "bc"


def test_only_what_there_is_is_offered_and_a_choice_stays_while_it_can(page: SessionsPage) -> None:
    tags = [page.filter.tags.itemText(i) for i in range(page.filter.tags.count())]
    assert tags == ["All tags", "lifts", "won"]
    page.filter.tags.choose("won")
    page.update_calls([call("e", "2026-11-02T10:00", tags=("won", "new"))])
    assert page.filter.tags.value == "won"
    assert names(page) == "ae"
    page.drop_calls(["/s/a.jsonl", "/s/e.jsonl"])
    assert page.filter.tags.value == ""
    assert names(page) == "bcd"


def test_a_click_on_a_head_sorts_and_a_second_turns_it_round(qtbot: QtBot, page: SessionsPage) -> None:
    head = page.table.horizontalHeader()
    head.sectionClicked.emit(TITLE)
    assert names(page) == "cadb"
    head.sectionClicked.emit(TITLE)
    assert names(page) == "bdac"
    head.sectionClicked.emit(NOTES)
    assert names(page)[0] == "a"
    assert page.model.headerData(NOTES, Qt.Orientation.Horizontal) == "Notes ↓"
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert names(page) == "abcd"


def test_the_keyboard_leads_from_the_words_to_the_list_and_back(qtbot: QtBot, page: SessionsPage) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_Slash)
    assert page.filter.text.hasFocus()
    qtbot.keyClicks(page.filter.text, "adler")
    assert page.chosen() == []
    qtbot.keyClick(page.filter.text, Qt.Key.Key_Down)
    assert page.table.hasFocus()
    with qtbot.waitSignal(page.opened) as opened:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert opened.args == ["/s/b.jsonl"]


def test_a_call_of_an_unknown_day_stays_where_it_stood(page: SessionsPage) -> None:
    page.show_calls([call("x"), call("y"), call("z")])
    page.update_calls([call("x", title="another title")])
    assert names(page) == "xyz"


def test_what_is_chosen_stays_chosen_when_rows_come_and_go(page: SessionsPage) -> None:
    choose(page, "b", "c")
    page.update_calls([call("e", "2026-11-21T12:00")])
    assert [c.name for c in page.chosen()] == ["b", "c"]
    page.drop_calls(["/s/b.jsonl"])
    assert [c.name for c in page.chosen()] == ["c"]


# Doing.


def test_what_can_be_done_depends_on_what_is_chosen(page: SessionsPage) -> None:
    assert [c.name for c in page.chosen()] == ["a"]  # the latest call is at hand
    page.table.clearSelection()
    assert can(page) == set()
    choose(page, "a")
    assert can(page) == {"open", "rename", "tag", "folder", "forget"}
    choose(page, "a", "b")
    assert can(page) == {"beside", "tag", "forget"}
    assert page.count.text() == "2 chosen · 4 calls"
    choose(page, "a", "b", "c")
    assert can(page) == {"tag", "forget"}
    choose(page, "d")
    assert can(page) == {"folder", "forget"}
    page.offer_side_by_side(can=False)
    choose(page, "a", "b")
    assert can(page) == {"tag", "forget"}


def test_a_double_click_opens(qtbot: QtBot, page: SessionsPage) -> None:
    with qtbot.waitSignal(page.opened) as opened:
        choose(page, "c")
        page.table.doubleClicked.emit(page.model.index(2, TITLE))
    assert opened.args == ["/s/c.jsonl"]


def test_two_calls_are_set_side_by_side_the_earlier_first(qtbot: QtBot, page: SessionsPage) -> None:
    choose(page, "a", "c")
    with qtbot.waitSignal(page.compared) as compared:
        page.buttons["beside"].click()
    assert compared.args == ["/s/c.jsonl", "/s/a.jsonl"]


def test_a_title_is_typed_over_in_its_place(qtbot: QtBot, page: SessionsPage) -> None:
    choose(page, "b")
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    field = next(f for f in page.table.findChildren(QLineEdit) if f.isVisible())
    assert field.text() == "Hotel Adler"
    field.selectAll()
    qtbot.keyClicks(field, "Adler again")
    with qtbot.waitSignal(page.renamed) as renamed:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert renamed.args == ["/s/b.jsonl", "Adler again"]
    assert page.model.index(1, TITLE).data() == "Hotel Adler"  # until it is kept
    page.update_calls([CALLS[1]._replace(title="Adler again")])
    assert page.model.index(1, TITLE).data() == "Adler again"


def test_escape_leaves_a_title_as_it_was_and_opens_nothing(qtbot: QtBot, page: SessionsPage) -> None:
    choose(page, "b")
    page.rename()
    field = next(f for f in page.table.findChildren(QLineEdit) if f.isVisible())
    qtbot.keyClicks(field, "x")
    with qtbot.assertNotEmitted(page.renamed), qtbot.assertNotEmitted(page.opened):
        qtbot.keyClick(field, Qt.Key.Key_Escape)


def test_tags_of_one_call(qtbot: QtBot, page: SessionsPage) -> None:
    choose(page, "a")
    qtbot.keyClick(page.table, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    field = page.question.typed
    assert field.text() == "won, lifts"
    assert field.hasFocus()
    field.clear()
    qtbot.keyClicks(field, "lost, big one")
    with qtbot.waitSignal(page.tagged) as tagged:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert tagged.args == [{"/s/a.jsonl": ("lost", "big one")}]
    assert not page.question.isVisible()
    assert page.table.hasFocus()


def test_tags_of_several_change_what_they_share_and_leave_each_its_own(
    qtbot: QtBot, page: SessionsPage
) -> None:
    choose(page, "a", "b")
    page.ask_tags()
    assert page.question.typed.text() == "lifts"
    page.question.typed.setText("north")
    with qtbot.waitSignal(page.tagged) as tagged:
        page.question.yes.click()
    assert tagged.args == [{"/s/a.jsonl": ("north", "won"), "/s/b.jsonl": ("north",)}]


def test_forgetting_asks_clearly_and_the_answer_at_hand_is_no(qtbot: QtBot, page: SessionsPage) -> None:
    choose(page, "a")
    with qtbot.assertNotEmitted(page.forgotten):
        qtbot.keyClick(page.table, Qt.Key.Key_Delete)
        assert page.question.said.text().startswith("Forget “Corinne, Bakery”? Its log, your notes")
        assert page.question.no.hasFocus()
        qtbot.keyClick(page.question.no, Qt.Key.Key_Escape)
        assert not page.question.isVisible()
        page.ask_forget()
        page.question.no.click()
    choose(page, "b", "d")
    page.ask_forget()
    assert page.question.said.text().startswith("Forget 2 calls?")
    qtbot.keyClick(page.question.no, Qt.Key.Key_Tab)
    assert page.question.yes.hasFocus()
    with qtbot.waitSignal(page.forgotten) as forgotten:
        qtbot.keyClick(page.question.yes, Qt.Key.Key_Return)
    assert forgotten.args == [["/s/b.jsonl", "/s/d.jsonl"]]


def test_a_question_is_about_the_calls_it_was_asked_of(qtbot: QtBot, page: SessionsPage) -> None:
    choose(page, "a")
    page.ask_forget()
    choose(page, "b")
    with qtbot.waitSignal(page.forgotten) as forgotten:
        page.question.yes.click()
    assert forgotten.args == [["/s/a.jsonl"]]


def test_a_right_click_offers_the_same(qtbot: QtBot, page: SessionsPage) -> None:
    choose(page, "d")
    page.table.customContextMenuRequested.emit(QPoint(20, 20))
    (menu,) = page.findChildren(QMenu)
    assert [a.text() for a in menu.actions() if a.isEnabled()] == ["Show in folder", "Forget…"]
    menu.close()


def test_a_file_is_shown(qtbot: QtBot, page: SessionsPage) -> None:
    choose(page, "d")
    with qtbot.waitSignal(page.located) as located:
        page.buttons["folder"].click()
    assert located.args == ["/s/d.jsonl"]


def test_many_tags_are_painted_within_their_cell(page: SessionsPage) -> None:
    page.update_calls([CALLS[0]._replace(tags=tuple(f"a rather long tag {i}" for i in range(9)))])
    page.table.viewport().repaint()
    assert page.model.index(0, TAGS).data().startswith("a rather long tag 0, ")


def test_in_a_narrow_window_the_title_stays_and_columns_leave(qtbot: QtBot, window: CallsWindow) -> None:
    table = window.sessions.table
    window.resize(1120, 720)
    qtbot.waitUntil(lambda: not any(table.isColumnHidden(c) for c in range(7)))
    window.resize(640, 420)
    qtbot.waitUntil(lambda: table.isColumnHidden(NOTES))
    assert table.columnWidth(TITLE) >= 200
    assert not table.isColumnHidden(WHEN)
    window.resize(1120, 720)
    qtbot.waitUntil(lambda: not table.isColumnHidden(NOTES))


def test_who_does_not_see_the_list_hears_what_it_is(page: SessionsPage) -> None:
    assert page.table.accessibleName() == "Your calls"
    for field in (page.filter.text, page.filter.types, page.filter.tags, page.filter.days, page.filter.since):
        assert field.accessibleName()
    choose(page, "a")
    page.ask_forget()
    assert page.question.no.accessibleDescription().startswith("Forget “Corinne")


# The window.


def test_another_page_has_its_place(qtbot: QtBot, window: CallsWindow) -> None:
    label = QLabel("takes")
    window.add_tab(label, "Practice")
    assert [window.tabs.tabText(i) for i in range(3)] == ["Calls", "Trends", "Practice"]
    with qtbot.assertNotEmitted(window.trends_shown):
        window.tabs.setCurrentWidget(label)
    with qtbot.waitSignal(window.trends_shown):
        window.tabs.setCurrentIndex(1)


def test_a_sentence_stands_beneath_everything(window: CallsWindow) -> None:
    window.tell("The disk is <b>full</b>.")
    note = window.findChild(QLabel, "note")
    assert (note.text(), note.isVisible(), note.textFormat()) == (
        "The disk is <b>full</b>.",
        True,
        Qt.TextFormat.PlainText,
    )
    window.tell("")
    assert not note.isVisible()


def test_the_window_says_when_it_is_closed(qtbot: QtBot, window: CallsWindow) -> None:
    with qtbot.waitSignal(window.closed):
        window.close()

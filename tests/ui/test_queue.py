"""The page "Practice": files come in by drop, paste and choice; each row says how far it is and what can be done."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QProgressBar, QPushButton

from coach.ui.queue import QueuePage
from coach.ui.queue_row import Row, state_line, time_left
from coach.ui.theme import LOOKS, MIN_TEXT_CONTRAST, contrast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

RUNNING = Row("2", "two.wav", "demo", "pricing", "running", 0.42, 95.0)
DONE = Row("1", "one.wav", "discovery", "", "done", 1.0, opens=True)
FAILED = Row("3", "<b>bad</b>.wav", "discovery", "", "failed", told="It is empty. Record it again.")


ASKING = Row("4", "memo.m4a", "discovery", "", "asking")


def opened(qtbot: QtBot, **how: str) -> QueuePage:
    page = QueuePage("demo", **how)
    qtbot.addWidget(page)
    page.resize(800, 600)
    page.show()
    qtbot.waitExposed(page)
    return page


def dragged(*paths: str) -> QMimeData:
    what = QMimeData()
    what.setUrls([QUrl(p) if "://" in p else QUrl.fromLocalFile(p) for p in paths])
    return what


def drop(page: QueuePage, what: QMimeData) -> bool:
    """Drop something as the window system would; say whether it was welcome."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, what, left, none)
    enter.ignore()
    page.dragEnterEvent(enter)
    if not enter.isAccepted():
        return False
    page.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, what, left, none))
    return True


def buttons(page: QueuePage) -> list[str]:
    return [b.accessibleName() or b.text() for b in page.findChildren(QPushButton) if b.isVisibleTo(page)]


def press(page: QueuePage, name: str) -> None:
    next(b for b in page.findChildren(QPushButton) if name in (b.accessibleName(), b.text())).click()


def seen(page: QueuePage, kind: str) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel, kind) if label.isVisibleTo(page)]


def test_files_and_folders_are_dropped_with_their_type_and_exercise(qtbot: QtBot) -> None:
    page = opened(qtbot)
    page.findChild(QLineEdit).setText("  pricing  talk ")
    with qtbot.waitSignal(page.dropped) as told:
        assert drop(page, dragged("/calls/a.wav", "/calls/folder", "https://example.org/c.wav"))
    assert told.args == [[Path("/calls/a.wav"), Path("/calls/folder")], "demo", "pricing talk"]


def test_what_is_no_file_is_not_welcome(qtbot: QtBot) -> None:
    page = opened(qtbot)
    text = QMimeData()
    text.setText("a.wav")
    with qtbot.assertNotEmitted(page.dropped):
        assert not drop(page, text)
        assert not drop(page, dragged("https://example.org/c.wav"))


def test_copied_files_are_pasted_and_text_goes_where_it_is_typed(qtbot: QtBot) -> None:
    page = opened(qtbot)
    QGuiApplication.clipboard().setMimeData(dragged("/calls/a.wav"))
    with qtbot.waitSignal(page.dropped) as told:
        page.paste()
    assert told.args[0] == [Path("/calls/a.wav")]
    QGuiApplication.clipboard().setText("pricing")
    with qtbot.assertNotEmitted(page.dropped):
        page.paste()


def test_files_or_a_folder_are_chosen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(qtbot)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (["/calls/a.wav", "/calls/b.wav"], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/calls")
    with qtbot.waitSignal(page.dropped) as told:
        press(page, "Choose files…")
    assert told.args[0] == [Path("/calls/a.wav"), Path("/calls/b.wav")]
    with qtbot.waitSignal(page.dropped) as told:
        press(page, "Choose a folder…")
    assert told.args[0] == [Path("/calls")]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    with qtbot.assertNotEmitted(page.dropped):
        press(page, "Choose a folder…")


def test_each_row_says_how_far_it_is_and_offers_what_can_be_done(qtbot: QtBot) -> None:
    page = opened(qtbot)
    page.show_queue((DONE, RUNNING, FAILED), (), "")
    assert seen(page, "state") == [
        "Discovery · done",
        "Demo · pricing · 42 % · about 2 min left",
        "Discovery · not done · It is empty. Record it again.",
    ]
    assert seen(page, "heading") == ["1 being coached · 1 done · 1 not done"]
    assert {b for b in buttons(page) if ":" in b} == {
        *("Open: one.wav", "Coach again: one.wav", "Remove: one.wav", "Stop: two.wav"),
        *("Coach again: <b>bad</b>.wav", "Remove: <b>bad</b>.wav"),
    }
    assert [b.value() for b in page.findChildren(QProgressBar) if b.isVisibleTo(page)] == [420]


@pytest.mark.parametrize(
    ("button", "signal", "key"),
    [
        ("Open: one.wav", "open_asked", "1"),
        ("Coach again: one.wav", "retry_asked", "1"),
        ("Stop: two.wav", "stop_asked", "2"),
        ("Remove: <b>bad</b>.wav", "remove_asked", "3"),
    ],
)
def test_a_button_asks_for_its_row(qtbot: QtBot, button: str, signal: str, key: str) -> None:
    page = opened(qtbot)
    page.show_queue((DONE, RUNNING, FAILED), (), "")
    with qtbot.waitSignal(getattr(page, signal)) as told:
        press(page, button)
    assert told.args == [key]


def test_rows_come_go_and_change_in_their_places(qtbot: QtBot) -> None:
    page = opened(qtbot)
    page.show_queue((DONE, RUNNING), (), "")
    kept = page._rows["2"]
    page.show_queue((dataclasses.replace(RUNNING, share=0.5, left_s=20.0), FAILED), (), "")
    assert list(page._rows) == ["2", "3"]
    assert page._rows["2"] is kept
    assert seen(page, "state")[0] == "Demo · pricing · 50 % · about 20 s left"
    page.show_queue((), (), "")
    assert seen(page, "state") == []
    assert any("Nothing in the queue" in t for t in seen(page, "hint"))


def test_what_did_not_change_is_not_drawn_anew(qtbot: QtBot) -> None:
    page = opened(qtbot)
    page.show_queue((RUNNING,), (), "")
    row = page._rows["2"]
    row._state.setText("untouched")
    page.show_queue((dataclasses.replace(RUNNING),), (), "")
    assert row._state.text() == "untouched"


def test_what_was_refused_is_named_and_of_many_the_number(qtbot: QtBot) -> None:
    page = opened(qtbot)
    page.show_queue((), [f"'{n}.txt' is not a recording that can be read." for n in range(9)], "")
    (told,) = seen(page, "refused")
    assert told.splitlines()[0] == "'0.txt' is not a recording that can be read."
    assert told.splitlines()[-1] == "…and 5 more."
    page.show_queue((), (), "")
    assert seen(page, "refused") == []


def test_a_problem_is_told_with_a_way_on(qtbot: QtBot) -> None:
    page = opened(qtbot)
    page.show_queue((), (), "There is no speech model 'x'.")
    assert seen(page, "problem") == ["There is no speech model 'x'."]
    with qtbot.waitSignal(page.go_on_asked):
        press(page, "Try again")


def test_takes_of_an_exercise_can_be_set_side_by_side(qtbot: QtBot) -> None:
    page = opened(qtbot)
    page.show_queue((DONE,), (), "", "pricing")
    with qtbot.waitSignal(page.compare_asked) as told:
        press(page, "Takes of “pricing” side by side")
    assert told.args == ["pricing"]
    with qtbot.waitSignal(page.clear_asked):
        press(page, "Clear what is done")


def test_delete_takes_a_row_away(qtbot: QtBot) -> None:
    page = opened(qtbot)
    page.show_queue((DONE,), (), "")
    with qtbot.waitSignal(page.remove_asked):
        qtbot.keyClick(page._rows["1"], Qt.Key.Key_Delete)


def test_while_the_model_loads_it_says_so(qtbot: QtBot) -> None:
    page = opened(qtbot)
    page.show_queue((dataclasses.replace(RUNNING, stage="loading", share=0.0, left_s=None),), (), "")
    (bar,) = [b for b in page.findChildren(QProgressBar) if b.isVisibleTo(page)]
    assert (bar.value(), bar.maximum()) == (0, 1000)  # it stands still: nothing here moves of its own accord
    assert seen(page, "state") == ["Demo · pricing · loading the speech model…"]


def test_time_left_is_written_as_nobody_would_doubt_it() -> None:
    assert [time_left(s) for s in (1, 14, 52, 58, 100, 3600)] == [
        "about 10 s left",
        "about 10 s left",
        "about 50 s left",
        "about 1 min left",
        "about 2 min left",
        "about 60 min left",
    ]
    assert state_line(dataclasses.replace(RUNNING, left_s=None)) == "Demo · pricing · 42 %"


@pytest.mark.parametrize("look", LOOKS)
def test_names_are_text_and_what_failed_can_be_read(qtbot: QtBot, look: str) -> None:
    page = opened(qtbot, look=look)
    page.show_queue((FAILED,), ("<i>x</i>",), "")
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in page.findChildren(QLabel))
    assert contrast(LOOKS[look].accent("monologue"), LOOKS[look].pressed) >= MIN_TEXT_CONTRAST


def test_a_question_stands_in_the_row_and_a_click_goes_to_it(qtbot: QtBot) -> None:
    page = opened(qtbot)
    page.show_queue([ASKING, DONE], (), "")
    assert state_line(ASKING) == "Discovery · Which voice is you?"
    assert "1 with a question" in seen(page, "heading")[0]
    with qtbot.waitSignal(page.choose_asked) as asked:
        press(page, "Listen and choose…: memo.m4a")
    assert asked.args == ["4"]
    assert "Coach again: memo.m4a" not in buttons(page)

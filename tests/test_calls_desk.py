"""The desk of past calls: the window stands with what is known, and what is new, written or forgotten comes in."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel
from shiboken6 import isValid
from test_shelf import kept

from coach.archive.catalogue import Synced
from coach.archive.hand import read_hand
from coach.calls_desk import CallsDesk, open_calls
from coach.report.habits import Habit
from coach.settings import OverlaySettings, Settings
from coach.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from coach.ui.calls import CallsWindow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sessions"


class Opener:
    """Opens windows, and sees to it that every thread has ended before the test has."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.opened: list[Path] = []
        self.compared: list[tuple[Path, Path]] = []
        self.windows: list[CallsWindow] = []

    def __call__(self, **how) -> CallsWindow:
        window = open_calls(
            Settings(overlay=OverlaySettings(look="light")),
            self.opened.append,
            lambda one, other: self.compared.append((one, other)),
            folder=self.folder,
            **how,
        )
        self.windows.append(window)
        return window

    def end(self) -> None:
        for window in self.windows:
            if isValid(window):
                window.close()
        self.qtbot.waitUntil(lambda: not any(isValid(w) for w in self.windows), timeout=10_000)
        assert not shelf_threads()


def shelf_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("coach-shelf")]


@pytest.fixture
def opener(qtbot: QtBot, folder: Path) -> Iterator[Opener]:
    made = Opener(qtbot, folder)
    yield made
    made.end()


def names(window: CallsWindow) -> set[str]:
    return {c.name for c in window.sessions.model.calls()}


def note(window: CallsWindow) -> str:
    label = window.findChild(QLabel, "note")
    return label.text() if label.isVisible() else ""


def choose(window: CallsWindow, *which: str) -> None:
    table = window.sessions.table
    table.clearSelection()
    mode = table.selectionMode()
    table.setSelectionMode(table.SelectionMode.MultiSelection)
    for name in which:
        table.selectRow(next(r for r in range(99) if window.sessions.model.call(r).name == name))
    table.setSelectionMode(mode)
    table.setFocus()


def test_what_is_known_stands_at_once_and_what_is_new_comes_in(
    qtbot: QtBot, opener: Opener, folder: Path
) -> None:
    kept(folder, "one")
    with closing(Shelf(folder)) as shelf:
        shelf.sync()
    kept(folder, "two")
    window = opener()
    assert names(window) == {"one"}
    qtbot.waitUntil(lambda: names(window) == {"one", "two"})


def test_what_no_window_has_room_for_comes_a_moment_later(
    qtbot: QtBot, opener: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.calls_desk._AT_ONCE", 2)
    for day in range(1, 6):
        kept(folder, f"d{day}", began=f"2026-11-0{day}T10:00:00+01:00")
    with closing(Shelf(folder)) as shelf:
        shelf.sync()
    window = opener()
    assert names(window) == {"d4", "d5"}
    assert window.sessions.count.text() == ""  # nobody has counted yet
    qtbot.waitUntil(lambda: len(names(window)) == 5)
    assert window.sessions.count.text() == "5 calls"
    assert [c.name for c in window.sessions.chosen()] == ["d5"]


def test_the_first_calls_that_come_in_have_the_keys(qtbot: QtBot, opener: Opener, folder: Path) -> None:
    path = kept(folder, "one")
    window = opener()
    qtbot.waitUntil(lambda: names(window) == {"one"})
    assert window.sessions.table.hasFocus()
    qtbot.keyClick(window.sessions.table, Qt.Key.Key_Return)
    assert opener.opened == [path]


def test_a_call_that_ended_meanwhile_is_there_when_the_window_is_looked_at(
    qtbot: QtBot, opener: Opener, folder: Path
) -> None:
    kept(folder, "one")
    window = opener()
    qtbot.waitUntil(lambda: names(window) == {"one"})
    kept(folder, "two")

    def seen() -> bool:
        window.looked_at.emit()
        return names(window) == {"one", "two"}

    qtbot.waitUntil(seen)


def test_nothing_is_read_while_a_call_is_under_way(qtbot: QtBot, opener: Opener, folder: Path) -> None:
    kept(folder, "one")
    under_way = threading.Event()
    under_way.set()
    window = opener(busy=under_way.is_set)
    qtbot.waitUntil(lambda: note(window) == "A call is under way; the rest of the list is read after it.")
    assert names(window) == set()
    under_way.clear()
    window.looked_at.emit()
    qtbot.waitUntil(lambda: names(window) == {"one"})
    qtbot.waitUntil(lambda: note(window) == "")


def test_opening_and_comparing_lead_on(qtbot: QtBot, opener: Opener, folder: Path) -> None:
    one = kept(folder, "one", began="2026-11-20T10:00:00+01:00")
    two = kept(folder, "two", began="2026-11-21T10:00:00+01:00")
    window = opener()
    qtbot.waitUntil(lambda: len(names(window)) == 2)
    choose(window, "one")
    qtbot.keyClick(window.sessions.table, Qt.Key.Key_Return)
    assert opener.opened == [one]
    choose(window, "two", "one")
    window.sessions.compare()
    assert opener.compared == [(one, two)]


def test_a_title_and_tags_are_kept_beside_the_call(qtbot: QtBot, opener: Opener, folder: Path) -> None:
    path = kept(folder, "one")
    window = opener()
    qtbot.waitUntil(lambda: names(window) == {"one"})
    window.sessions.renamed.emit(str(path), "Corinne")
    window.sessions.tagged.emit({str(path): ("won",)})
    qtbot.waitUntil(lambda: window.sessions.model.call(0).tags == ("won",))
    assert window.sessions.model.call(0).title == "Corinne"
    assert (read_hand(path).title, read_hand(path).tags) == ("Corinne", ("won",))


def test_what_cannot_be_kept_is_said(qtbot: QtBot, opener: Opener, folder: Path) -> None:
    path = kept(folder, "one")
    window = opener()
    qtbot.waitUntil(lambda: names(window) == {"one"})
    path.unlink()
    window.sessions.renamed.emit(str(path), "Corinne")
    qtbot.waitUntil(lambda: "not there any more" in note(window))


def test_forgetting_takes_the_files_and_the_row(qtbot: QtBot, opener: Opener, folder: Path) -> None:
    one = kept(folder, "one")
    kept(folder, "two")
    window = opener()
    qtbot.waitUntil(lambda: len(names(window)) == 2)
    choose(window, "one")
    window.sessions.ask_forget()
    window.sessions.question.yes.click()
    qtbot.waitUntil(lambda: names(window) == {"two"})
    assert not one.exists()


def test_what_cannot_be_forgotten_is_said_and_stays(
    qtbot: QtBot, opener: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(folder, "one")
    window = opener()
    qtbot.waitUntil(lambda: names(window) == {"one"})

    def refused(path: Path) -> list[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("coach.shelf.files_of", refused)
    window.sessions.ask_forget()
    window.sessions.question.yes.click()
    qtbot.waitUntil(lambda: "could not be deleted: Permission denied" in note(window))
    assert names(window) == {"one"}


def test_a_habit_that_cannot_be_kept_is_said(qtbot: QtBot, opener: Opener, folder: Path) -> None:
    kept(folder, "one")
    window = opener()
    (folder.parent / "habit.json").mkdir()
    window.trends.habit.chosen.emit(Habit("talk_share", 0.9, "discovery"))
    qtbot.waitUntil(lambda: "Your habit could not be written" in note(window))
    assert sorted(f.name for f in folder.parent.iterdir() if f.name.startswith("habit")) == ["habit.json"]


def test_a_fault_of_ours_is_not_kept_to_a_thread(
    qtbot: QtBot, opener: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[type[BaseException]] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, *_: faults.append(kind))
    path = kept(folder, "one")
    window = opener()
    qtbot.waitUntil(lambda: names(window) == {"one"})

    def burst(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("coach.shelf.read_hand", burst)
    window.sessions.renamed.emit(str(path), "Corinne")
    qtbot.waitUntil(lambda: bool(faults))
    assert faults == [ZeroDivisionError]


def test_trends_come_when_they_are_looked_at_with_a_habit_that_stays(
    qtbot: QtBot, opener: Opener, folder: Path
) -> None:
    for day in (20, 21, 22):
        kept(folder, f"d{day}", began=f"2026-11-{day}T10:00:00+01:00")
    kept(folder, "demo", "demo")
    window = opener()
    qtbot.waitUntil(lambda: len(names(window)) == 4)
    page = window.trends
    assert page.types.currentText() == "Discovery (3)"
    window.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: page.charts["talk_share"].told() == "median of the last 3")
    page.habit.chosen.emit(Habit("talk_share", 0.9, "discovery"))
    qtbot.waitUntil(page.habit._what.isVisible)
    assert page.habit._told.text().startswith("There in all of the last 3 calls.")
    page.types.choose("demo")
    qtbot.waitUntil(lambda: page.charts["talk_share"].told() == "shown from 3 calls on; 1 so far")
    assert page.habit._told.text().startswith("There in all of the last 3 calls.")
    with closing(Shelf(folder)) as again:
        assert again.habit() == Habit("talk_share", 0.9, "discovery")
    page.habit.chosen.emit(None)
    qtbot.waitUntil(lambda: not page.habit._what.isVisible())


def test_a_call_is_opened_from_a_chart(qtbot: QtBot, opener: Opener, folder: Path) -> None:
    path = kept(folder, "one")
    window = opener()
    window.trends.opened.emit(str(path))
    assert opener.opened == [path]


def test_a_damaged_habit_is_said_and_costs_nothing_else(qtbot: QtBot, opener: Opener, folder: Path) -> None:
    kept(folder, "one")
    (folder.parent / "habit.json").write_text("{")
    window = opener()
    assert "Choose one again" in note(window)


def test_a_damaged_catalogue_is_made_again_in_sight(qtbot: QtBot, opener: Opener, folder: Path) -> None:
    kept(folder, "one")
    (folder.parent / "catalogue.sqlite").write_text("not a catalogue, whatever its name says " * 9)
    window = opener()
    qtbot.waitUntil(lambda: names(window) == {"one"})
    assert "made again" in note(window)


def test_a_folder_that_cannot_be_read_is_said(qtbot: QtBot, opener: Opener, folder: Path) -> None:
    folder.write_text("a file, no folder")
    window = opener()
    qtbot.waitUntil(lambda: "cannot be read" in note(window))


def test_the_place_of_a_call_is_shown(
    qtbot: QtBot, opener: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url.toLocalFile()))
    path = kept(folder, "one")
    opener().sessions.located.emit(str(path))
    assert asked == [str(folder)]


def test_closing_ends_everything_even_in_the_middle_of_reading(
    qtbot: QtBot, opener: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(5):
        kept(folder, f"c{i}")
    reading, go_on = threading.Event(), threading.Event()
    from coach import shelf as shelves

    really = shelves.entry

    def slow(path: Path):
        reading.set()
        assert go_on.wait(10)
        return really(path)

    monkeypatch.setattr(shelves, "entry", slow)
    window = opener()
    qtbot.waitUntil(reading.is_set)
    window.close()
    go_on.set()
    opener.end()
    with closing(Shelf(folder)) as shelf:
        assert len(shelf.rows()) == 1  # what was being read is kept, the rest is for another time
        assert shelf.note == ""


def test_a_long_reading_is_seen_as_it_goes(
    qtbot: QtBot, opener: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.calls_desk.TELL_S", 0.0)
    for i in range(3):
        kept(folder, f"c{i}")
    said: list[str] = []
    monkeypatch.setattr("coach.ui.calls.CallsWindow.tell", lambda _, sentence: said.append(sentence))
    window = opener()
    qtbot.waitUntil(lambda: len(names(window)) == 3)
    qtbot.waitUntil(lambda: said[-1:] == [""])
    assert "Reading your calls: 2 so far." in said


def test_where_nothing_can_compare_nothing_offers_to(qtbot: QtBot, opener: Opener, folder: Path) -> None:
    kept(folder, "one")
    with closing(Shelf(folder)) as shelf:
        shelf.sync()
    window = open_calls(Settings(), opener.opened.append, folder=folder)
    opener.windows.append(window)
    assert not window.sessions.buttons["beside"].isVisible()


def test_a_desk_is_gone_with_the_window(qtbot: QtBot, folder: Path) -> None:
    kept(folder, "one")
    desk = CallsDesk("dark", Shelf(folder))
    desk.window.show()
    qtbot.waitUntil(lambda: names(desk.window) == {"one"})
    said: list[str] = []
    desk.window.closed.connect(lambda: said.append("closed"))
    desk.window.destroyed.connect(lambda: said.append("gone"))
    desk.window.close()
    desk.close()
    desk.look()
    qtbot.waitUntil(lambda: said == ["closed", "gone"])
    assert not isValid(desk)
    assert not shelf_threads()


def test_a_window_closed_while_it_reads_goes_when_that_is_done(
    qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, go_on = threading.Event(), threading.Event()

    def slowly(*_: object) -> object:
        reads.set()
        go_on.wait(10)
        return Synced()

    monkeypatch.setattr(Shelf, "sync", slowly)
    desk = CallsDesk("dark", Shelf(folder))
    desk.window.show()
    qtbot.waitUntil(reads.is_set)
    desk.window.close()
    QApplication.processEvents()
    assert isValid(desk.window)
    go_on.set()
    qtbot.waitUntil(lambda: not isValid(desk.window))
    assert not shelf_threads()

"""The desk of practice: pages, windows and threads between the queue, the takes and the look back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playbook import CUSTOMER, REP, talk, told
from PySide6.QtWidgets import QLabel, QTabWidget

from coach import app, library
from coach.archive.hand import HandFile
from coach.archive.log import SessionLog
from coach.practice_desk import PracticeDesk, TakesDesk, WhatIfDesk
from coach.practice_queue import Item, Queue, Stage, tags_of
from coach.settings import Settings
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

SAID = [(CUSTOMER, 1, 100, "By hand.", "need"), *talk(REP, 101, 178), (REP, 178.8, 185)]


def kept(folder: Path, name: str, exercise: str = "", **about: object) -> Path:
    log = SessionLog(folder / f"{name}.jsonl", "words", None, {"title": name, **about})
    for event in told(SAID, 220):
        log.event(event)
    log.moments(())
    log.close()
    if exercise:
        HandFile(log.path).tag(tags_of(exercise))
    return log.path


class Minded:
    """Stand in for the queue: remember what was wished for."""

    def __init__(self, settings: Settings, changed: Callable[[Queue], None]) -> None:
        self.settings, self.changed = settings, changed
        self.wishes: list[tuple] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args, **how: self.wishes.append((name, *args, *how.values()))


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[PracticeDesk]:
    opened: list[Path] = []
    made = PracticeDesk(Settings(), opened.append, Minded)
    made.opened = opened
    yield made
    made.close()


def test_what_is_asked_of_the_page_is_wished_of_the_queue(desk: PracticeDesk, tmp_path: Path) -> None:
    desk.hold(held=True)
    page = desk.page()
    assert desk.page() is page
    desk.take([tmp_path / "a.wav"])
    for signal in (page.stop_asked, page.retry_asked, page.remove_asked):
        signal.emit("1")
    page.clear_asked.emit()
    page.go_on_asked.emit()
    assert desk._practice.wishes == [
        ("start",),
        ("hold", True),
        ("add", [tmp_path / "a.wav"], "discovery", ""),
        ("stop", "1"),
        ("retry", "1"),
        ("remove", "1"),
        ("clear",),
        ("use", Settings()),
    ]


def test_news_come_to_the_page_and_a_done_one_opens(desk: PracticeDesk, tmp_path: Path, qtbot: QtBot) -> None:
    page = desk.page()
    qtbot.addWidget(page)
    session = tmp_path / "a.jsonl"
    items = (
        Item("1", tmp_path / "a.wav", "demo", "pricing", Stage.DONE, 1.0, session=session),
        Item("2", tmp_path / "b.wav", "demo", "pricing", Stage.DONE, 1.0, session=session),
    )
    desk._practice.changed(Queue(items))
    qtbot.waitUntil(lambda: len(page._rows) == 2)
    assert page._comparable == "pricing"
    page.open_asked.emit("1")
    assert desk.opened == [session]
    desk._practice.changed(Queue(items[:1], held=True))
    qtbot.waitUntil(lambda: len(page._rows) == 1)
    assert page.findChild(QLabel, "problem").text().startswith("A call is under way.")


def test_what_cannot_be_opened_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    def gone(_: Path) -> None:
        raise Trouble("The session is gone.")

    desk = PracticeDesk(Settings(), gone, Minded)
    page = desk.page()
    qtbot.addWidget(page)
    desk._show(Queue((Item("1", tmp_path, "demo", stage=Stage.DONE, session=tmp_path),)))
    with qtbot.waitSignal(desk.failed) as told_why:
        page.open_asked.emit("1")
    assert told_why.args == ["The session is gone."]
    desk.close()


def test_the_page_goes_from_a_window_that_is_closed_into_the_next(desk: PracticeDesk, qtbot: QtBot) -> None:
    page = desk.page()
    for _ in range(2):
        tabs = QTabWidget()
        qtbot.addWidget(tabs)
        tabs.addTab(page, "Practice")
        tabs.show()
        assert page.isVisible()
        desk.take_back_page()
        assert (page.parent(), page.isVisible(), desk.page()) == (None, False, page)


def test_takes_of_an_exercise_open_side_by_side(desk: PracticeDesk, qtbot: QtBot) -> None:
    folder = library.sessions_folder()
    for n, began in ((2, "2026-11-21T10:00:00+01:00"), (1, "2026-11-20T10:00:00+01:00")):
        kept(folder, f"take {n}", "pricing", began=began)
    kept(folder, "other", "opening")
    desk.compare("pricing")
    qtbot.waitUntil(lambda: bool(desk._windows), timeout=10_000)
    view = desk._windows[0].view
    assert ["take 1" in row.accessibleName() for row in view.rows] == [True, False]
    view.close()
    assert desk._windows == []
    with qtbot.waitSignal(desk.failed, timeout=10_000) as told_why:
        desk.compare("opening")
    assert told_why.args == ["There is only one take of “opening” yet."]
    with qtbot.waitSignal(desk.failed, timeout=10_000):
        desk.compare_sessions([folder / "gone.jsonl"])


class Heard:
    """A sound that only says what it was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.playing, self.position_ms = False, 0

    def listen(self, changed: Callable[[], None], trouble: Callable[[str], None]) -> None:
        self.changed, self.trouble = changed, trouble

    def play(self, from_ms: int) -> None:
        self.asked.append(from_ms)
        self.playing, self.position_ms = True, from_ms

    def pause(self) -> None:
        self.playing = False

    def close(self) -> None:
        self.asked.append("closed")


def test_one_take_is_heard_at_a_time(qtbot: QtBot, tmp_path: Path) -> None:
    from datetime import date

    from coach.practice_desk import _take

    opened = [library.open_session(kept(tmp_path, f"take {n}"), Settings()) for n in (1, 2)]
    sounds = {id(o): Heard() for o in opened}
    desk = TakesDesk(
        "pricing",
        [(o, _take(o, date(2026, 11, 22))) for o in opened],
        Settings(),
        lambda o: sounds[id(o)],
    )
    qtbot.addWidget(desk.view)
    one, two = sounds.values()
    desk.view.asked.emit(0, 5000)
    desk.view.asked.emit(1, 7000)
    assert (one.asked, one.playing) == ([5000], False)
    assert (two.asked, two.playing) == ([7000], True)
    two.position_ms = 7300
    qtbot.waitUntil(lambda: desk.view._at_ms == 7300)
    desk.view.stop_asked.emit()
    assert not two.playing
    two.trouble("There is no loudspeaker.")
    qtbot.waitUntil(lambda: desk.view._note.text() == "There is no loudspeaker.")
    desk.view.close()
    assert one.asked[-1] == two.asked[-1] == "closed"
    assert not desk._timer.isActive()


def test_a_take_without_sound_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    from datetime import date

    from coach.practice_desk import _take

    gone = {"recording": {"file": str(tmp_path / "gone.wav"), "swap": False}}
    opened = [
        library.open_session(kept(tmp_path, "silent"), Settings()),
        library.open_session(kept(tmp_path, "gone", **gone), Settings()),
    ]
    desk = TakesDesk("", [(o, _take(o, date(2026, 11, 22))) for o in opened], Settings())
    qtbot.addWidget(desk.view)
    desk.view.asked.emit(0, 0)
    assert desk.view._note.text()
    desk.view.asked.emit(1, 0)
    assert "gone.wav" in desk.view._note.text()


def test_a_look_back_follows_on_a_thread_and_what_is_kept_lands_in_the_file(
    qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("# mine\n", encoding="utf-8")
    heard: list[object] = []
    opened = library.open_session(kept(tmp_path, "call"), Settings())
    desk = WhatIfDesk(opened, Settings(), path, heard.append)
    qtbot.addWidget(desk.panel)
    desk.panel.show()
    line = desk.panel.findChild(QLabel, "told")
    qtbot.waitUntil(lambda: line.text().startswith("Nudges: 0 then, 1 with these limits"), timeout=10_000)
    desk.panel.set_values({"limits.discovery.monologue_s": 60.0})
    desk.panel._keep_now()
    assert path.read_text(encoding="utf-8").startswith("# mine\n")
    assert app.load_settings(path).limits.discovery.monologue_s == 60
    assert heard == [{"limits.discovery.monologue_s": 60.0}]

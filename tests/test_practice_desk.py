"""The desk of practice: pages, windows and threads between the queue, the takes and the look back."""

from __future__ import annotations

import gc
import inspect
import threading
import weakref
from typing import TYPE_CHECKING

import pytest
from pastcalls import FakeSound
from playbook import CUSTOMER, REP, talk, told
from PySide6.QtWidgets import QLabel, QTabWidget
from shiboken6 import isValid

from coach import app, library
from coach.archive.hand import HandFile
from coach.archive.log import SessionLog
from coach.nudges.tape import Tape
from coach.practice_desk import PracticeDesk, TakesDesk, VoiceDesk, WhatIfDesk
from coach.practice_queue import Item, Queue, Stage, Voice, tags_of
from coach.settings import Settings
from coach.trouble import Trouble
from coach.voices import Answer

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
    qtbot.waitUntil(lambda: not isValid(desk.view))
    assert not isValid(desk)


def test_a_take_without_sound_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    from datetime import date

    from coach.practice_desk import _take

    gone = {"recording": {"file": str(tmp_path / "gone.wav"), "swap": False}}
    (tmp_path / "other.wav").write_bytes(b"another call")
    other = {"recording": {"file": str(tmp_path / "other.wav"), "bytes": 1, "swap": False}}
    opened = [
        library.open_session(kept(tmp_path, "silent"), Settings()),
        library.open_session(kept(tmp_path, "gone", **gone), Settings()),
        library.open_session(kept(tmp_path, "other", **other), Settings()),
    ]
    desk = TakesDesk("", [(o, _take(o, date(2026, 11, 22))) for o in opened], Settings())
    qtbot.addWidget(desk.view)
    desk.view.asked.emit(0, 0)
    assert desk.view._note.text()
    desk.view.asked.emit(1, 0)
    assert "gone.wav" in desk.view._note.text()
    desk.view.asked.emit(2, 0)
    assert "other.wav" in desk.view._note.text()


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


def test_a_look_back_that_is_closed_is_gone_and_lets_the_call_go(qtbot: QtBot, tmp_path: Path) -> None:
    opened = library.open_session(kept(tmp_path, "call"), Settings())
    panel = WhatIfDesk(opened, Settings(), tmp_path / "settings.toml").panel
    panel.show()
    qtbot.waitUntil(lambda: panel._judge is not None, timeout=10_000)
    tape = weakref.ref(inspect.getclosurevars(panel._judge).nonlocals["tape"])
    gc.disable()  # nothing is left to a collector that runs on any thread
    try:
        panel.close()
        qtbot.waitUntil(lambda: not isValid(panel))
        assert tape() is None
    finally:
        gc.enable()
    assert panel.close()  # again, by whoever still has it


def test_a_look_back_closed_before_the_call_was_heard_is_told_nothing_more(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    class Slow(Tape):
        def __init__(self, events) -> None:
            go_on.wait(10)
            super().__init__(events)

    monkeypatch.setattr("coach.practice_desk.Tape", Slow)
    opened = library.open_session(kept(tmp_path, "call"), Settings())
    panel = WhatIfDesk(opened, Settings(), tmp_path / "settings.toml").panel
    panel.show()
    panel.close()
    qtbot.waitUntil(lambda: not isValid(panel))
    go_on.set()
    qtbot.waitUntil(lambda: "coach-whatif" not in {t.name for t in threading.enumerate()}, timeout=10_000)


def memo(tmp_path: Path) -> Item:
    voices = (Voice(0, 1_000, 6_000, 40_000), Voice(1, 20_000, 25_000, 30_000))
    return Item("1", tmp_path / "memo.wav", "discovery", stage=Stage.ASKING, voices=voices)


def test_the_question_in_the_queue_opens_a_sheet_and_its_answer_goes_to_the_queue(
    desk: PracticeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    qtbot.addWidget(desk.page())
    desk._show(Queue((memo(tmp_path),)))
    sheet = desk.ask_voice("1")
    assert sheet is not None
    qtbot.waitUntil(
        lambda: "cannot be" in sheet.told.text() or "There is no" in sheet.told.text(), timeout=20_000
    )
    sheet.remember.click()
    sheet.mine[1].click()
    assert desk._practice.wishes[-1] == ("answer", "1", Answer("second", remember=True))
    assert desk.ask_voice("2") is None


def test_neither_and_both_are_answers_too(desk: PracticeDesk, tmp_path: Path, qtbot: QtBot) -> None:
    qtbot.addWidget(desk.page())
    desk._show(Queue((memo(tmp_path),)))
    desk.ask_voice("1").neither.click()
    desk.ask_voice("1").both.click()
    assert desk._practice.wishes[-2:] == [
        ("answer", "1", Answer("nobody")),
        ("answer", "1", Answer("only")),
    ]


def test_the_samples_are_heard_and_the_sound_goes_with_the_sheet(tmp_path: Path, qtbot: QtBot) -> None:
    sound = FakeSound()
    desk = VoiceDesk(memo(tmp_path), Settings(), lambda _: None, hear=lambda _: sound)
    qtbot.addWidget(desk.sheet)
    qtbot.waitUntil(desk.sheet.listen[0].isEnabled, timeout=20_000)
    desk.sheet.listen[1].click()
    assert sound.asked == [("play", 20_000, 25_000)]
    desk.sheet.reject()
    assert sound.asked[-1] == ("close",)


def test_a_sound_that_opens_after_the_sheet_has_gone_is_let_go(tmp_path: Path, qtbot: QtBot) -> None:
    sound, go = FakeSound(), threading.Event()

    def late(_: Path) -> FakeSound:
        go.wait(30)
        return sound

    desk = VoiceDesk(memo(tmp_path), Settings(), lambda _: None, hear=late)
    qtbot.addWidget(desk.sheet)
    desk.sheet.reject()
    go.set()
    qtbot.waitUntil(lambda: sound.asked == [("close",)], timeout=20_000)

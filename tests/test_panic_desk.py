"""The panic key: the microphone first, whatever hangs; then the call is kept or deleted, and a word says which."""

from __future__ import annotations

import dataclasses
import gc
import threading
from typing import TYPE_CHECKING

import pytest
from fakes import FakeSource, LoudnessDetector, Same, blocks, sound
from playbook import CUSTOMER, REP
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox

from coach import app, before, desktop, library, panic_desk
from coach.archive.log import read_session
from coach.archive.running import is_running
from coach.audio import voice
from coach.call.events import CallEnded, SentenceHeard
from coach.call.plan import Plan
from coach.next_call import NextCall
from coach.nudges.commands import TellOnce
from coach.settings import Settings, StorageSettings
from coach.trouble import Trouble
from coach.ui.controls import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT_MS = 30_000
WAIT_S = 30


class Device(FakeSource):
    """A device that says when it was let go, and may hang in that."""

    def __init__(self, who) -> None:
        super().__init__(who)
        self.free = threading.Event()
        self.hang: threading.Event | None = None

    def stop(self) -> None:
        if self.hang is not None:
            self.hang.wait(WAIT_S)
        super().stop()
        self.free.set()


class Stuck(Same):
    """A speech model that never comes back with its words, until the test lets it."""

    def __init__(self) -> None:
        self.writes, self.go_on = threading.Event(), threading.Event()

    def transcribe(self, samples, start_ms, voiced):
        self.writes.set()
        self.go_on.wait(WAIT_S)
        return super().transcribe(samples, start_ms, voiced)


@pytest.fixture
def devices() -> list[Device]:
    return [Device(REP), Device(CUSTOMER)]


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    model = Stuck()
    yield model
    model.go_on.set()


@pytest.fixture
def desk(qtbot, monkeypatch, devices, tmp_path: Path):
    monkeypatch.setattr(app, "load_words", lambda *_: Same())
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path)
    monkeypatch.setattr(voice, "make_detector", lambda _: LoudnessDetector())
    monkeypatch.setattr(panic_desk, "LAST_WORDS_S", 0.5)
    made = desktop.Desk(Settings(), lambda _: (devices, ""), path=tmp_path / "settings.toml")
    yield made
    for device in devices:
        if device.hang is not None:
            device.hang.set()
    if made._run is not None:
        with qtbot.waitSignal(made.ended, timeout=WAIT_MS):
            made.stop()
    at_work = made._work
    qtbot.waitUntil(lambda: not at_work.locked(), timeout=WAIT_MS)
    made.close_windows()
    QApplication.processEvents()
    del made
    gc.collect()


def begun(qtbot, desk, storage: StorageSettings | None = None) -> app.LiveRun:
    desk._settings = dataclasses.replace(Settings(), storage=storage or StorageSettings())
    desk.start("discovery")
    qtbot.waitUntil(lambda: desk.tray.state.phase is Phase.LISTENING, timeout=WAIT_MS)
    return desk._run


def spoken(devices) -> None:
    for block in blocks({REP: sound(4, (0.5, 3.0)), CUSTOMER: sound(4)}, 200):
        devices[0 if block.who is REP else 1].deliver(block)


FORGET = StorageSettings(panic="forget")


def test_the_call_so_far_is_kept_and_a_word_says_so(qtbot, desk, devices) -> None:
    run = begun(qtbot, desk)
    spoken(devices)
    qtbot.waitUntil(lambda: run.session.now_ms > 3_000, timeout=WAIT_MS)
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS) as ended:
        said = desk.bridge.obey("panic")
    assert said.done
    assert said.line == f"{panic_desk.FREE} {panic_desk.WILL_KEEP}"
    assert all(d.free.is_set() and d.deliver is None for d in devices)
    assert isinstance(ended.args[0], Trouble)
    qtbot.waitUntil(lambda: desk.tray.state.note == panic_desk.KEPT, timeout=WAIT_MS)
    assert desk.tray.state.phase is Phase.IDLE
    kept = read_session(run.log.path)
    assert isinstance(kept.events[-1], CallEnded)
    assert any(isinstance(e, SentenceHeard) for e in kept.events)
    assert not is_running(run.log.path)
    assert desk._run is None


def test_what_was_prepared_goes_with_the_call(qtbot, desk, tmp_path) -> None:
    NextCall(tmp_path).write(Plan("discovery", known=("Anna decides",)))
    begun(qtbot, desk, FORGET)
    qtbot.waitUntil(lambda: desk.before.beside is not None, timeout=WAIT_MS)
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS):
        desk.panic()
    qtbot.waitUntil(lambda: desk.before.beside is None, timeout=WAIT_MS)
    assert not NextCall(tmp_path).read(before.now())


def test_or_the_call_is_deleted_for_good(qtbot, desk, devices, tmp_path) -> None:
    desk.tray._sound_too.trigger()
    run = begun(qtbot, desk, FORGET)
    spoken(devices)
    qtbot.waitUntil(lambda: run.tape.path is not None, timeout=WAIT_MS)
    assert run.log.path.exists()
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS):
        said = desk.bridge.obey("panic")
    assert said.line.endswith(panic_desk.WILL_FORGET)
    qtbot.waitUntil(lambda: desk.tray.state.note == panic_desk.FORGOTTEN, timeout=WAIT_MS)
    assert list((tmp_path / "sessions").iterdir()) == []
    assert library.sessions() == []
    assert not desk.tray._look_back.isEnabled()
    assert not desk.tray.sound_wanted


def test_a_call_of_which_nothing_is_kept_says_that(qtbot, desk, devices, tmp_path) -> None:
    begun(qtbot, desk, StorageSettings("nothing", panic="forget"))
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS):
        assert desk.panic() == panic_desk.FREE
    qtbot.waitUntil(lambda: desk.tray.state.note == panic_desk.NOT_KEPT, timeout=WAIT_MS)
    assert not (tmp_path / "sessions").exists()


@pytest.mark.parametrize(("storage", "note"), [(None, panic_desk.KEPT), (FORGET, panic_desk.FORGOTTEN)])
def test_the_microphone_is_let_go_while_words_hang(
    qtbot, desk, devices, stuck, monkeypatch, storage, note
) -> None:
    monkeypatch.setattr(app, "load_words", lambda *_: stuck)
    run = begun(qtbot, desk, storage)
    spoken(devices)
    qtbot.waitUntil(stuck.writes.is_set, timeout=WAIT_MS)
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS):
        assert desk.panic().startswith(panic_desk.FREE)
        assert all(d.free.is_set() for d in devices)  # before anything else, and the model still hangs
        assert not stuck.go_on.is_set()
    qtbot.waitUntil(lambda: desk.tray.state.note == note, timeout=WAIT_MS)
    assert not stuck.go_on.is_set()
    assert run.log.path.exists() is (storage is None)
    if storage is None:
        assert isinstance(read_session(run.log.path).events[-1], CallEnded)


def test_it_works_while_the_end_of_the_call_already_hangs(qtbot, desk, devices, stuck, monkeypatch) -> None:
    monkeypatch.setattr(app, "load_words", lambda *_: stuck)
    begun(qtbot, desk, FORGET)
    spoken(devices)
    qtbot.waitUntil(stuck.writes.is_set, timeout=WAIT_MS)
    for device in devices:
        device.free.clear()
    desk.stop()
    qtbot.waitUntil(desk._work.locked, timeout=WAIT_MS)
    desk.panic()
    assert all(d.free.is_set() for d in devices)
    qtbot.waitUntil(lambda: desk.tray.state.note == panic_desk.FORGOTTEN, timeout=WAIT_MS)
    assert library.sessions() == []
    assert desk._run is None


def test_a_device_that_hangs_does_not_keep_the_other_and_is_not_waited_for(qtbot, desk, devices) -> None:
    devices[1].hang = threading.Event()
    run = begun(qtbot, desk)
    said = desk.panic()
    assert said.startswith(panic_desk.CLOSING)
    assert devices[0].free.is_set()
    assert not devices[1].free.is_set()
    before = run.call.mailbox.dropped, len(run.call.mailbox._items)
    devices[1].deliver(
        next(blocks({CUSTOMER: sound(1, (0, 1))}, 200))
    )  # it still gives sound: nobody takes it
    assert (run.call.mailbox.dropped, len(run.call.mailbox._items)) == before
    qtbot.waitUntil(lambda: desk.tray.state.note == panic_desk.KEPT, timeout=WAIT_MS)


def test_pressed_while_a_call_begins_it_ends_before_it_is_heard(qtbot, desk, devices, monkeypatch) -> None:
    opening, go_on = threading.Event(), threading.Event()
    first = devices[0].start

    def slow(deliver, lost):
        opening.set()
        go_on.wait(WAIT_S)
        first(deliver, lost)

    monkeypatch.setattr(devices[0], "start", slow)
    desk.start("discovery")
    qtbot.waitUntil(opening.is_set, timeout=WAIT_MS)
    assert desk.panic() == panic_desk.IDLE
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS):
        go_on.set()
    assert devices[0].free.is_set()
    qtbot.waitUntil(lambda: desk.tray.state.phase is Phase.IDLE and desk._run is None, timeout=WAIT_MS)


def test_everything_is_hidden_and_nothing_comes_up_until_the_next_call(qtbot, desk, devices) -> None:
    window, question = QLabel("My calls"), QMessageBox()
    qtbot.addWidget(window)
    qtbot.addWidget(question)
    window.show()
    question.open()
    begun(qtbot, desk)
    desk.bridge.post(TellOnce(0, "x", "A sentence."))
    qtbot.waitUntil(desk.overlay.isVisible, timeout=WAIT_MS)
    desk.bridge.post(TellOnce(0, "x", "On its way."))
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS):
        desk.panic()
        assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == []
    QApplication.processEvents()
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == []
    begun(qtbot, desk)
    desk.bridge.post(TellOnce(0, "x", "Again."))
    qtbot.waitUntil(desk.overlay.isVisible, timeout=WAIT_MS)


def test_without_a_call_everything_is_hidden_all_the_same(qtbot, desk) -> None:
    desk.open_today()
    assert desk._today_window.isVisible()
    assert desk.panic() == panic_desk.IDLE
    assert not desk._today_window.isVisible()
    desk.open_today()
    assert desk._today_window.isVisible()


def test_a_call_that_cannot_be_deleted_is_told_of(qtbot, desk, devices, monkeypatch) -> None:
    def refuse(_: object) -> None:
        raise Trouble("'x' could not be deleted: Read-only file system.", "Look at the folder.")

    monkeypatch.setattr(panic_desk, "delete", refuse)
    begun(qtbot, desk, FORGET)
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS):
        desk.panic()
    qtbot.waitUntil(lambda: "could not be deleted" in desk.tray.state.problem, timeout=WAIT_MS)
    assert desk.tray.state.problem.endswith("Read-only file system.")


def test_two_presses_are_one(qtbot, desk, devices) -> None:
    run = begun(qtbot, desk)
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS):
        desk.panic()
        desk.panic()
    qtbot.waitUntil(lambda: desk.tray.state.note == panic_desk.KEPT and desk._run is None, timeout=WAIT_MS)
    ends = [e for e in read_session(run.log.path).events if isinstance(e, CallEnded)]
    assert len(ends) == 1


def test_what_is_chosen_while_coach_runs_holds_from_now_on(qtbot, desk, devices, tmp_path) -> None:
    run = begun(qtbot, desk)
    (tmp_path / "settings.toml").write_text('[storage]\nkeep = "timings"\npanic = "forget"\n')
    desk.bridge.obey("reread")
    assert run.settings.storage.keep == "words"  # a call that runs keeps what it began with
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS):
        desk.panic()
    qtbot.waitUntil(lambda: desk.tray.state.note == panic_desk.FORGOTTEN, timeout=WAIT_MS)
    assert not run.log.path.exists()
    (tmp_path / "settings.toml").write_text("[x\n")
    desk.bridge.obey("reread")
    assert desk._settings.storage.keep == "timings"
    desk.follows_file = False
    (tmp_path / "settings.toml").write_text("")
    desk.bridge.obey("reread")
    assert desk._settings.storage.keep == "timings"

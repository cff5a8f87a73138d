"""The panic key: the microphone first, whatever hangs; then the call is kept or deleted, and a word says which."""

from __future__ import annotations

import dataclasses
import gc
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import FakeSource, LoudnessDetector, Same, blocks, sound
from playbook import CUSTOMER, REP
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox

from coach import app, before, desktop, library, panic_desk, voices
from coach.archive.log import read_session
from coach.archive.running import is_running
from coach.audio import voice
from coach.audio.encoder import SIZE
from coach.audio.voiceprint import Voiceprint
from coach.call.events import CallEnded, SentenceHeard
from coach.call.plan import Plan
from coach.live.overheard import OwnVoice
from coach.next_call import NextCall
from coach.nudges.commands import TellOnce
from coach.report import document
from coach.settings import Settings, StorageSettings, VoiceSettings
from coach.trouble import Trouble
from coach.ui.controls import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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


# Pressed while the call is just ending.


class Held:
    """Something that comes to nobody before the test lets it."""

    def __init__(self, of) -> None:
        self.of, self.at, self.go_on = of, threading.Event(), threading.Event()

    def __call__(self, *args, **kwargs):
        self.at.set()
        self.go_on.wait(WAIT_S)
        return self.of(*args, **kwargs)


def a_print(seconds: float) -> Voiceprint:
    vector = np.full(SIZE, SIZE**-0.5, np.float32)
    return Voiceprint("me", f"fake {REP}", "wide", vector, 0.5, 0.1, seconds, "2026-11-23")


@pytest.fixture
def learning(desk, monkeypatch) -> None:
    """Let each call leave a print of the rep's voice behind."""
    monkeypatch.setattr(voices, "hear", lambda *_: None)
    monkeypatch.setattr(voices, "take_print", lambda *_: a_print(30.0))
    monkeypatch.setattr(OwnVoice, "sound", lambda _: np.ones(10, np.int16))


def ending(qtbot, desk, held: Held) -> app.LiveRun:
    """Have a call that is to be forgotten end, as far as to where it is held."""
    run = begun(qtbot, desk, FORGET)
    desk.stop()
    qtbot.waitUntil(held.at.is_set, timeout=WAIT_MS)
    return run


def wishing(monkeypatch, desk) -> None:
    """Wish for a print of one's voice, as `begun` does not."""
    for_call = app.for_call
    monkeypatch.setattr(
        app,
        "for_call",
        lambda *of: dataclasses.replace(for_call(*of), voice=VoiceSettings(learn=True)),
    )


def test_no_print_is_made_of_a_call_that_was_forgotten_while_it_ended(
    qtbot, desk, devices, learning, monkeypatch
) -> None:
    wishing(monkeypatch, desk)
    held = Held(voices.take_print)
    monkeypatch.setattr(voices, "take_print", held)
    ending(qtbot, desk, held)
    desk.panic()
    held.go_on.set()
    qtbot.waitUntil(lambda: desk.tray.state.note == panic_desk.FORGOTTEN, timeout=WAIT_MS)
    assert not app.voiceprints_file().exists()
    assert library.sessions() == []


@pytest.mark.parametrize("earlier", [None, a_print(12.0)], ids=["the first", "a better one"])
def test_a_print_that_was_just_made_is_taken_back(
    qtbot, desk, devices, learning, monkeypatch, earlier
) -> None:
    wishing(monkeypatch, desk)
    path = app.voiceprints_file()
    other = dataclasses.replace(a_print(20.0), route="another")
    if earlier is not None:
        voices.keep_print(path, other)
        voices.keep_print(path, earlier)
    held = Held(document.make_report)
    monkeypatch.setattr(document, "make_report", held)
    ending(qtbot, desk, held)
    assert voices.load_prints(path)[-1].seconds == 30.0
    desk.panic()
    held.go_on.set()
    qtbot.waitUntil(lambda: desk.tray.state.note == panic_desk.FORGOTTEN, timeout=WAIT_MS)
    left = [(p.route, p.seconds) for p in voices.load_prints(path)]
    assert left == ([] if earlier is None else [("another", 20.0), (f"fake {REP}", 12.0)])
    assert path.exists() is (earlier is not None)


def test_a_print_that_another_made_since_stays(desk) -> None:
    path = app.voiceprints_file()
    voices.keep_print(path, a_print(40.0))
    voices.take_back(path, a_print(30.0), [a_print(12.0)])
    assert [p.seconds for p in voices.load_prints(path)] == [40.0]


def test_a_print_that_cannot_be_taken_back_is_told_of(qtbot, desk, devices, learning, monkeypatch) -> None:
    wishing(monkeypatch, desk)
    held = Held(document.make_report)
    monkeypatch.setattr(document, "make_report", held)
    run = ending(qtbot, desk, held)
    app.voiceprints_file().write_text("damaged")
    desk.panic()
    held.go_on.set()
    qtbot.waitUntil(lambda: "holds no voiceprints" in desk.tray.state.problem, timeout=WAIT_MS)
    assert not run.log.path.exists()  # the call is gone all the same


def test_a_print_whose_file_another_program_holds_is_told_of_and_the_call_is_gone(
    qtbot, desk, devices, learning, monkeypatch
) -> None:
    wishing(monkeypatch, desk)
    held = Held(document.make_report)
    monkeypatch.setattr(document, "make_report", held)
    run = ending(qtbot, desk, held)

    def refused(path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as holding:
        holding.setattr(type(app.voiceprints_file()), "unlink", only(app.voiceprints_file(), refused))
        desk.panic()
        held.go_on.set()
        qtbot.waitUntil(lambda: "cannot be deleted" in desk.tray.state.problem, timeout=WAIT_MS)
    assert not run.log.path.exists()
    assert desk.idle, "another call can begin"


def only(held: Path, refuse: Callable[..., None]) -> Callable[..., None]:
    """Let one file refuse to be deleted, and every other go."""
    delete = type(held).unlink

    def unlink(path: Path, *, missing_ok: bool = False) -> None:
        (refuse if path == held else delete)(path, missing_ok=missing_ok)

    return unlink


def test_whatever_goes_wrong_in_the_end_another_call_can_begin(qtbot, desk, devices, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(panic_desk, "_finished", broken)
    begun(qtbot, desk, FORGET)
    desk.panic()
    qtbot.waitUntil(lambda: "may still be kept" in desk.tray.state.problem, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: desk.idle, timeout=WAIT_MS)


def test_a_call_that_could_not_be_kept_is_not_offered_once_it_is_to_be_forgotten(
    qtbot, desk, devices, monkeypatch, tmp_path
) -> None:
    (tmp_path / "sessions").write_text("a file in the way")
    held = Held(document.make_report)
    monkeypatch.setattr(document, "make_report", held)
    run = ending(qtbot, desk, held)
    offered = run.unkept
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS) as ended:
        desk.panic()
        held.go_on.set()
    assert isinstance(ended.args[0], Trouble)  # no report of it either
    qtbot.waitUntil(lambda: desk.tray.state.phase is Phase.IDLE, timeout=WAIT_MS)
    assert desk.unkept == []
    assert not desk.tray._rescue.isVisible()
    with pytest.raises(Trouble, match="was deleted"):
        offered.save_to(tmp_path / "stick")
    assert not (tmp_path / "stick").exists()


def test_pressed_behind_the_end_of_a_call_that_nobody_was_told_of_it_deletes_that_call(
    qtbot, desk, devices, tmp_path
) -> None:
    (tmp_path / "sessions").mkdir()
    run = begun(qtbot, desk, FORGET)
    ends = threading.Thread(target=desk._stop)
    ends.start()
    ends.join(WAIT_S)
    assert desk._run is None
    assert run.log.path.exists()
    assert desk.panic().endswith(panic_desk.WILL_FORGET)
    qtbot.waitUntil(lambda: desk.tray.state.note == panic_desk.FORGOTTEN, timeout=WAIT_MS)
    assert not run.log.path.exists()
    assert not desk.tray._look_back.isEnabled()
    assert desk.panic() == panic_desk.IDLE  # now it was told


def test_a_call_not_kept_is_asked_about_no_more_though_the_question_is_on_its_way(
    qtbot, desk, devices, tmp_path
) -> None:
    (tmp_path / "sessions").write_text("a file in the way")
    begun(qtbot, desk, FORGET)
    ends = threading.Thread(target=desk._stop)
    ends.start()
    ends.join(WAIT_S)
    assert len(desk.unkept) == 1
    desk.panic()
    desk.ask_folder = lambda _: pytest.fail("nobody is to be asked")
    desk.rescue()
    qtbot.waitUntil(lambda: desk.tray.state.note == panic_desk.FORGOTTEN, timeout=WAIT_MS)
    assert not desk.tray._rescue.isVisible()
    assert desk.unkept == []


# The window of one call.


class NoOther:
    """The program's own place on this machine, without asking the machine."""

    def obey_with(self, obey) -> None:
        pass

    def release(self) -> None:
        pass


@pytest.fixture
def one_call(monkeypatch, devices, tmp_path):
    """Run `coach live` with a window, press the panic key in it; return what it returns."""
    monkeypatch.setattr(app, "load_words", lambda *_: Same())
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path)
    monkeypatch.setattr(voice, "make_detector", lambda _: LoudnessDetector())
    monkeypatch.setattr(panic_desk, "LAST_WORDS_S", 0.5)
    (tmp_path / "sessions").write_text("a file in the way")
    monkeypatch.setattr(desktop, "_claimed", NoOther)
    monkeypatch.setattr(
        desktop, "ask_folder", lambda _: None
    )  # by the bar that closes; the terminal asks again
    shown, watches = desktop._show_tray, []

    def pressed(desk) -> None:
        shown(desk)
        watch = QTimer(interval=20)
        watch.timeout.connect(lambda: desk._run is not None and (watch.stop(), desk.panic()))
        watch.start()
        watches.append(watch)

    monkeypatch.setattr(desktop, "_show_tray", pressed)

    def call(storage: StorageSettings):
        settings = dataclasses.replace(Settings(), storage=storage)
        return desktop.run_call(settings, lambda _: (devices, ""), tmp_path / "settings.toml")

    yield call
    watches.clear()
    QApplication.processEvents()
    gc.collect()


def test_the_window_of_one_call_offers_what_the_disk_refused(qtbot, one_call, tmp_path) -> None:
    report, unkept = one_call(StorageSettings())
    assert report is None
    assert unkept.why.startswith("This call could not be kept")
    assert isinstance(read_session(unkept.save_to(tmp_path / "stick")).events[-1], CallEnded)


def test_but_not_where_it_is_to_be_forgotten(qtbot, one_call) -> None:
    with pytest.raises(Trouble, match="deleted for good"):
        one_call(FORGET)

"""The desk between windows and calls: what a click leads to, without a device or a model."""

from __future__ import annotations

import dataclasses
import gc

import pytest
from fakes import FakeSource, Script, blocks, sound
from playbook import CUSTOMER, REP, told
from PySide6.QtWidgets import QApplication

from coach import app, desktop
from coach.archive.log import SessionLog
from coach.live.player import Player
from coach.nudges.commands import TellOnce, ToldIsOver, WrongAgain
from coach.settings import Settings, StorageSettings
from coach.trouble import Trouble
from coach.ui.controls import Phase

pytestmark = pytest.mark.qt_log_ignore(r"This plugin does not support", r"systemTrayWindowChanged")
QUIET = dataclasses.replace(Settings(), storage=StorageSettings("nothing"))


@pytest.fixture
def sources():
    return [FakeSource(REP), FakeSource(CUSTOMER)]


@pytest.fixture
def desk(qtbot, monkeypatch, sources, tmp_path):
    monkeypatch.setattr(app, "load_words", lambda *_: Script())
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path)
    made = desktop.Desk(QUIET, lambda _: (sources, ""), path=tmp_path / "settings.toml")
    yield made
    if made._run is not None:
        with qtbot.waitSignal(made.ended):
            made.stop()
    made.close_windows()
    if made.tray.bar is not None:
        made.tray.bar.blockSignals(True)
        made.tray.bar.close()
    QApplication.processEvents()  # what it still had to say, it says here
    del made
    gc.collect()  # timers must die on the thread they live on


def phase(desk):
    return desk.tray.state.phase


def test_start_opens_the_devices_and_the_tray_says_so(qtbot, desk, sources):
    desk.start("demo")
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING)
    assert desk.tray.state.call_type == "demo"
    assert all(s.deliver for s in sources)
    desk.start("demo")  # a second start changes nothing
    qtbot.waitUntil(lambda: not desk._work.locked())
    assert sources[0].starts == 1


def test_a_call_ends_with_its_report(qtbot, desk, sources):
    desk.start("discovery")
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING)
    sources[0].give(blocks({REP: sound(2, (0.5, 1.5))}, 200))
    with qtbot.waitSignal(desk.ended) as ended:
        desk.stop()
    assert ended.args[0].call_type == "discovery"
    qtbot.waitUntil(lambda: phase(desk) is Phase.IDLE)
    assert sources[0].deliver is None


def test_pause_closes_the_devices_and_resume_opens_them(qtbot, desk, sources):
    desk.start("discovery")
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING)
    desk.pause()
    qtbot.waitUntil(lambda: phase(desk) is Phase.PAUSED)
    assert sources[0].deliver is None
    desk.resume()
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING)
    assert sources[0].starts == 2


def test_a_microphone_that_cannot_be_opened_is_told_and_nothing_listens(qtbot, desk, sources):
    sources[0].fails = Trouble("The microphone is busy.", "Close the other program.")
    with qtbot.waitSignal(desk.ended) as ended:
        desk.start("discovery")
    assert isinstance(ended.args[0], Trouble)
    qtbot.waitUntil(lambda: desk.tray.state.problem.startswith("The microphone is busy."))
    assert phase(desk) is Phase.IDLE
    desk.dismiss("pounce")
    desk.not_now()
    desk.stop()
    desk.pause()
    desk.resume()
    qtbot.waitUntil(lambda: not desk._work.locked())
    assert phase(desk) is Phase.IDLE


def test_what_is_wrong_shows_in_the_tray_until_it_is_over(qtbot, desk):
    desk.start("discovery")
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING)
    desk._show([TellOnce(0, "microphone_silent", "The microphone gives silence.")])
    qtbot.waitUntil(lambda: desk.tray.state.problem == "The microphone gives silence.")
    desk._show([TellOnce(0, "lost_customer", "The other side was unplugged.")])
    desk._show([ToldIsOver(0, "microphone_silent"), ToldIsOver(0, "model_loading")])
    qtbot.waitUntil(lambda: desk.tray.state.problem == "The other side was unplugged.")
    desk.pause()
    qtbot.waitUntil(lambda: phase(desk) is Phase.PAUSED)
    assert desk.tray.state.problem == "The other side was unplugged."
    desk.resume()
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING)
    desk._show([ToldIsOver(0, "lost_customer")])
    qtbot.waitUntil(lambda: not desk.tray.state.problem)
    desk._show([WrongAgain(0, "lost_customer", "The other side was unplugged.")])
    qtbot.waitUntil(lambda: desk.tray.state.problem == "The other side was unplugged.")
    desk._show([ToldIsOver(0, "lost_customer")])
    qtbot.waitUntil(lambda: not desk.tray.state.problem)
    desk._show([TellOnce(0, "words_late", "Words come late.")])
    desk.dismiss("pounce")
    desk.not_now()
    assert not desk.tray.state.problem


def test_what_the_rep_sells_is_written_to_their_file_and_used_from_the_next_call_on(qtbot, desk, tmp_path):
    (tmp_path / "settings.toml").write_text('[call]\ntype = "demo"  # mine\n[facts]\ncompany = ["Acme"]\n')
    desk.tray.facts_asked.emit()
    assert desk._page.fields["company"].text() == "Acme"
    desk.tray.facts_asked.emit()  # a second wish shows the same page
    desk._page.fields["products"].setText("Ferrolift")
    desk._page.save()
    assert not desk._page.isVisible()
    text = (tmp_path / "settings.toml").read_text()
    assert 'type = "demo"  # mine' in text
    assert 'products = ["Ferrolift"]' in text
    desk.start("discovery")
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING)
    assert desk._run.settings.facts.own == ("Acme", "Ferrolift")


def test_a_file_with_a_fault_is_told_on_the_page_and_left_alone(qtbot, desk, tmp_path):
    (tmp_path / "settings.toml").write_text("[facts\n")
    desk.open_facts()
    desk._page.fields["company"].setText("Acme")
    desk._page.save()
    assert desk._page.isVisible()
    assert (tmp_path / "settings.toml").read_text() == "[facts\n"
    assert desk._settings.facts == QUIET.facts


def test_a_missing_other_side_is_told_and_the_call_goes_on(qtbot, desk):
    desk._devices = lambda _: ([FakeSource(REP)], "Going on with the microphone alone.")
    desk.start("discovery")
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING)
    assert not desk.tray.state.problem


def test_a_played_recording_is_a_call_like_any_other(qtbot, desk):
    player = Player(blocks({REP: sound(1), CUSTOMER: sound(1)}), (REP, CUSTOMER), speed=20)
    desk._devices = desktop._always(player.sources)
    with qtbot.waitSignal(desk.ended):
        desktop._playing(player)(desk)
    assert player.finished.is_set()


def a_past_call(folder):
    log = SessionLog(folder / "sessions" / "2026-11-22-100000.jsonl", "words", None, {"title": "Karen"})
    for event in told(
        [(REP, 1, 3, "How do you do that?", "question.open"), (CUSTOMER, 4, 9, "By hand.")], 20
    ):
        log.event(event)
    log.moments(())
    log.close()


def test_the_last_call_is_looked_at_from_the_tray(qtbot, desk, tmp_path):
    a_past_call(tmp_path)
    desk.tray.look_asked.emit()
    (window,) = desk._afterwards._windows.values()
    assert window.windowTitle() == "Karen · Coach"


def test_where_there_is_no_call_yet_that_is_told(qtbot, desk, monkeypatch):
    said = []
    monkeypatch.setattr(desk.overlay, "tell", said.append)
    desk.tray.look_asked.emit()
    assert "There is no session" in said[0]


def test_my_calls_open_once_and_a_call_opens_from_them(qtbot, desk, tmp_path):
    a_past_call(tmp_path)
    desk.tray.calls_asked.emit()
    window = desk._calls
    desk.tray.calls_asked.emit()
    assert desk._calls is window
    qtbot.waitUntil(lambda: window.sessions.model.count == 1)
    window.sessions.opened.emit(str(tmp_path / "sessions" / "2026-11-22-100000.jsonl"))
    assert len(desk._afterwards._windows) == 1
    window.close()
    assert desk._calls is None


def test_recordings_dropped_on_the_bar_lead_to_the_queue_which_steps_aside_for_a_call(qtbot, desk, tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("buy milk", encoding="utf-8")
    desk.tray.dropped.emit([text])
    window, page = desk._calls, desk._practice.page()
    assert window.tabs.currentWidget() is page
    qtbot.waitUntil(lambda: "'notes.txt' is not a recording" in page._refused.text())
    desk.start("demo")
    qtbot.waitUntil(lambda: page._problem.text().startswith("A call is under way."))
    with qtbot.waitSignal(desk.ended):
        desk.stop()
    qtbot.waitUntil(lambda: not page._problem.text())
    window.close()
    desk.tray.practice_asked.emit()
    assert desk._calls is not window
    assert desk._calls.tabs.currentWidget() is page


def test_limits_that_are_kept_count_from_the_next_call_on(qtbot, desk):
    desk._keep_limits({"limits.discovery.monologue_s": 60.0, "limits.discovery.pounce": False})
    assert desk._settings.limits.discovery.monologue_s == 60.0
    assert not desk._settings.limits.discovery.pounce

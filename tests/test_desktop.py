"""The desk between windows and calls: what a click leads to, without a device or a model."""

from __future__ import annotations

import dataclasses
import gc
import weakref
from itertools import islice

import numpy as np
import pytest
from fakes import FakeSource, Script, blocks, sound
from playbook import CUSTOMER, REP, told
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication
from rigs.sound import LOUDSPEAKER, MICROPHONE, sound_rig
from soundroom import FakeHearing

from coach import app, desktop, panic_desk, sound_desk
from coach.archive.log import SessionLog, read_log
from coach.audio.devices import Device
from coach.audio.recording import open_recording
from coach.call.ambient import Ambient
from coach.call.events import BleedMeasured, Leak
from coach.demo.scenes import scenes
from coach.live.player import Player
from coach.nudges.commands import TellOnce, ToldIsOver, WrongAgain
from coach.settings import Settings, StorageSettings, SystemSettings
from coach.trouble import Trouble
from coach.ui.card import CardContent
from coach.ui.controls import Phase
from coach.ui.place import ANCHORS

pytestmark = pytest.mark.qt_log_ignore(r"This plugin does not support", r"systemTrayWindowChanged")
WAIT_MS = 30_000
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


def test_nothing_of_a_call_is_left_once_it_is_over(qtbot, desk):
    desk._calm.setInterval(0)
    desk.start("discovery")
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING)
    call = weakref.ref(desk._run)
    gc.disable()  # the desk is to see to it, not chance
    try:
        with qtbot.waitSignal(desk.ended):
            desk.stop()
        qtbot.waitUntil(lambda: call() is None, timeout=WAIT_MS)
    finally:
        gc.enable()


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
    desk.unhelpful("pounce")
    desk.not_now()
    desk.stop()
    desk.pause()
    desk.resume()
    qtbot.waitUntil(lambda: not desk._work.locked())
    assert phase(desk) is Phase.IDLE


def test_a_part_of_coach_that_fails_before_the_call_is_told_like_a_device_that_is_busy(
    qtbot, desk, monkeypatch
):
    def broken(*_, **__):
        raise MemoryError

    monkeypatch.setattr(app, "LiveRun", broken)
    with qtbot.waitSignal(desk.ended) as ended:
        desk.start("discovery")
    assert ended.args[0] is desktop.FAILED
    qtbot.waitUntil(lambda: desk.tray.state.problem.startswith("The call could not begin"))
    assert desk._run is None


@pytest.fixture
def refused(desk, tmp_path):
    """A desk whose calls cannot be kept."""
    desk._settings = dataclasses.replace(Settings(), storage=StorageSettings("words"))
    (tmp_path / "sessions").write_text("a file in the way")
    return desk


def test_a_call_that_cannot_be_kept_goes_on_and_is_saved_elsewhere_from_the_menu(qtbot, refused, tmp_path):
    refused.start("discovery")
    qtbot.waitUntil(lambda: "cannot be kept for now" in refused.tray.state.problem, timeout=WAIT_MS)
    assert phase(refused) is Phase.LISTENING
    assert not refused.tray._rescue.isVisible()
    with qtbot.waitSignal(refused.ended) as ended:
        refused.stop()
    assert ended.args[0].call_type == "discovery"
    qtbot.waitUntil(refused.tray._rescue.isVisible)
    qtbot.waitUntil(lambda: refused.tray.state.problem.startswith("This call could not be kept: "))
    refused.ask_folder = lambda _: None
    refused.tray._rescue.trigger()
    assert refused.tray._rescue.isVisible()  # whoever thinks better of it is asked again
    refused.ask_folder = lambda _: tmp_path / "sessions"
    refused.tray._rescue.trigger()
    assert refused.tray._rescue.isVisible()
    refused.ask_folder = lambda _: tmp_path / "stick"
    refused.tray._rescue.trigger()
    (saved,) = (tmp_path / "stick").iterdir()
    assert next(iter(read_log(saved))).call_type == "discovery"
    assert not refused.tray._rescue.isVisible()
    assert refused.tray.state.problem == ""
    refused.rescue()  # there is nothing left to save


def test_whoever_quits_is_asked_where_to_save_what_could_not_be_kept(qtbot, refused, tmp_path, monkeypatch):
    quits = []
    monkeypatch.setattr(QApplication, "quit", lambda: quits.append(1))
    refused.ask_folder = lambda _: tmp_path / "stick"
    refused.start("discovery")
    qtbot.waitUntil(lambda: phase(refused) is Phase.LISTENING)
    refused.quit()
    qtbot.waitUntil(lambda: bool(quits), timeout=WAIT_MS)
    assert len(list((tmp_path / "stick").iterdir())) == 1


def test_a_start_tells_of_a_call_that_nobody_ended(qtbot, desk, tmp_path):
    log = SessionLog(tmp_path / "sessions" / "x.jsonl", "words", None, {"began": "2026-11-22T12:05:00+01:00"})
    log.event(told([], 5)[0])
    log.close()
    (tmp_path / "sessions" / "x.live").touch()
    said = []
    desk.overlay.tell = said.append
    for _ in range(2):
        desktop.look_after(desk, QUIET).join()
        QApplication.processEvents()
    assert said == ["The call of 2026-11-22 12:05 ended early at 12:05; recovered."]


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
    desk.unhelpful("pounce")
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


def test_what_the_tray_changes_about_the_card_holds_at_once_and_is_written_down(qtbot, desk, tmp_path):
    desk.start("discovery")
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING)
    assert not desk.ring.isVisible()
    desk.tray.card.ring.trigger()
    assert desk.ring.isVisible()
    desk.tray.card.setting_asked.emit("scale", 2.5)
    assert "ring = true" in (tmp_path / "settings.toml").read_text()
    assert "scale = 2.5" in (tmp_path / "settings.toml").read_text()
    assert desk._settings.overlay.scale == 2.5
    desk.pause()
    qtbot.waitUntil(lambda: phase(desk) is Phase.PAUSED)
    assert not desk.ring.isVisible()


def test_a_setting_that_cannot_be_written_holds_all_the_same_and_is_told(desk, tmp_path, monkeypatch):
    (tmp_path / "settings.toml").write_text("[overlay\n")
    said = []
    monkeypatch.setattr(desk.overlay, "tell", said.append)
    desk.tray.card.through.trigger()
    assert desk._settings.overlay.click_through
    assert "not valid TOML" in said[0]


def test_the_ring_is_shown_the_meters_of_the_call(qtbot, desk, sources, monkeypatch):
    seen = []
    monkeypatch.setattr(desk.bridge, "post_ambient", seen.append)
    desk.start("discovery")
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING)
    quiet = blocks({REP: sound(12), CUSTOMER: sound(12)}, 200)
    for source in sources:
        source.give([b for b in quiet if b.who is source.who])
    qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    assert seen[0] == Ambient()


def test_where_the_card_was_dragged_to_is_known_at_the_next_start(desk, tmp_path):
    desk.overlay.standing.drop(QRect(0, 0, 10, 10))
    again = desktop.Desk(QUIET, lambda _: ([], ""), path=tmp_path / "settings.toml")
    assert again.overlay.standing.spot == desk.overlay.standing.spot == ANCHORS["top-left"]
    desk.tray.card.place_forgotten.emit()
    assert desk.overlay.standing.spot == ANCHORS["top"]
    again.close_windows()


def test_todays_nudges_are_listed_from_the_tray(desk):
    desk.overlay.show_card(CardContent("monologue", "Pause, let them in", "75 s"))
    desk.tray.today_asked.emit()
    window = desk._today_window
    assert window.list.count() == 1
    desk.tray.today_asked.emit()
    assert desk._today_window is window
    window.close()
    desk.tray.today_asked.emit()
    assert desk._today_window is not window
    assert desk._today_window.isVisible()


def test_the_nudge_of_a_try_out_is_none_of_todays_and_panic_stops_it(qtbot, desk, monkeypatch):
    microphone = FakeSource(REP)
    real = sound_desk.SoundDesk
    monkeypatch.setattr(
        sound_desk,
        "SoundDesk",
        lambda *parts, **more: real(
            *parts, **more, hearing=FakeHearing, devices=lambda _: ([microphone], "")
        ),
    )
    monkeypatch.setattr("coach.audio.devices._found", lambda: iter(()))
    desk.open_first()
    desk._sound.first.next.click()
    desk._sound.first.tryout.button.click()
    qtbot.waitUntil(lambda: microphone.deliver is not None, timeout=20_000)
    desk.overlay.show_card(CardContent("monologue", "Pause, let them in", "8 s"))
    assert desk.panic() == panic_desk.FREE
    assert microphone.deliver is None
    assert not desk._sound.first.isVisible()
    assert not desk.overlay.isVisible()
    assert desk.today.past == ()
    assert desk.panic() == panic_desk.IDLE


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


def test_the_sound_check_opens_from_the_tray_and_steps_aside_for_a_call(qtbot, desk, monkeypatch, tmp_path):
    here = (
        Device("usb-yeti", "Yeti", "microphone", default=True),
        Device("pci.monitor", "Speakers", "loopback", default=True),
    )
    monkeypatch.setattr("coach.audio.devices._found", lambda: iter(here))
    made = []
    real = sound_desk.SoundDesk
    monkeypatch.setattr(
        sound_desk,
        "SoundDesk",
        lambda *parts, **more: real(
            *parts, **more, hearing=lambda *t: made.append(FakeHearing(*t)) or made[0]
        ),
    )
    desk.tray.sound_asked.emit()
    qtbot.waitUntil(lambda: len(made[0].open_now) == 2, timeout=20_000)
    desk.start("discovery")
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING, timeout=20_000)
    assert not made[0].open_now
    panel = desk._sound.window.panel
    qtbot.waitUntil(panel.busy.isVisible, timeout=20_000)
    combo = panel.rows[CUSTOMER].combo
    combo.setCurrentIndex(combo.findData("none"))
    combo.activated.emit(0)
    assert desk._settings.audio.other_side == "none"
    assert desk._run.settings.audio.other_side == ""  # a call keeps what it began with
    with qtbot.waitSignal(desk.ended):
        desk.stop()
    qtbot.waitUntil(lambda: list(made[0].open_now) == [REP], timeout=20_000)


def test_a_call_that_cannot_begin_gives_the_devices_back_to_the_sound_check(
    qtbot, desk, monkeypatch, sources
):
    holds = []

    class Sound:
        def hold(self, *, held: bool) -> None:
            holds.append(held)

        def close(self) -> None:
            pass

    desk._sound = Sound()
    sources[0].fails = Trouble("The microphone is busy.")
    with qtbot.waitSignal(desk.ended):
        desk.start("discovery")
    assert holds == [True, False]


def test_what_leaks_in_a_call_stands_in_the_tray_until_it_ends(qtbot, desk):
    desk.start("discovery")
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING)
    desk._run.session._ledger.event(BleedMeasured(100, Leak.HEADPHONES, 0.1))
    qtbot.waitUntil(desk.tray._leak.isVisible)
    assert desk.tray._leak.text() == "Headphones: nothing leaks"
    with qtbot.waitSignal(desk.ended):
        desk.stop()
    qtbot.waitUntil(lambda: phase(desk) is Phase.IDLE)
    assert not desk.tray._leak.isVisible()


@pytest.mark.desktop
def test_loudspeakers_that_leak_are_said_so_in_the_tray_of_a_real_call(qtbot, desk):
    desk._devices = app.devices
    customer = np.concatenate(
        [
            b.samples
            for b in islice(open_recording(scenes()[0].sound).blocks(1000), 2 * 60)
            if b.who is CUSTOMER
        ]
    )
    with sound_rig() as rig, rig.here():
        rig.control(
            "load-module",
            "module-loopback",
            f"source={LOUDSPEAKER}.monitor",
            f"sink={MICROPHONE}",
            "latency_msec=50",
        )
        rig.control("set-sink-volume", MICROPHONE, "63%")  # cubic: a quarter, which is -12 dB
        desk.start("discovery")
        qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING, timeout=30_000)
        rig.play(LOUDSPEAKER, customer)
        qtbot.waitUntil(
            lambda: desk.tray._leak.text().startswith("Speakers: a little leaks ("), timeout=60_000
        )
        assert desk.tray._leak.isVisible()
        with qtbot.waitSignal(desk.ended, timeout=60_000):
            desk.stop()


def test_limits_that_are_kept_count_from_the_next_call_on(qtbot, desk):
    desk._keep_limits({"limits.discovery.monologue_s": 60.0, "limits.discovery.pounce": False})
    assert desk._settings.limits.discovery.monologue_s == 60.0
    assert not desk._settings.limits.discovery.pounce


def test_a_preference_counts_for_the_card_at_once_and_for_calls_from_the_next_on(qtbot, desk, tmp_path):
    desk.start("discovery")
    qtbot.waitUntil(lambda: phase(desk) is Phase.LISTENING, timeout=20_000)
    desk.tray.preferences_asked.emit()
    window = desk._preferences.window
    desk.tray.preferences_asked.emit()  # a second wish shows the same window
    assert desk._preferences.window is window
    window.search.setText("projector")
    window.page.rows["overlay.scale"].control.setValue(2)
    window.search.setText("name of the microphone")
    window.page.rows["audio.microphone"].control.chosen.emit("Jabra")
    assert desk.overlay._card._scale == 2
    assert desk._run.settings.audio.microphone == ""
    assert desk._settings.audio.microphone == "Jabra"
    assert 'microphone = "Jabra"' in (tmp_path / "settings.toml").read_text()
    window.search.setText("kind of call")
    window.page.rows["call.type"].control.chosen.emit("demo")
    assert desk.tray.state.call_type == "discovery", "the call that runs is what it was"
    with qtbot.waitSignal(desk.ended, timeout=20_000):
        desk.stop()
    window.search.setText("call.type")
    window.page.rows["call.type"].control.chosen.emit("listening")
    qtbot.waitUntil(lambda: desk.tray.call_type == "listening", timeout=20_000)
    desk.close_windows()
    assert not window.isVisible()


def test_the_login_entry_is_brought_in_step_at_the_start(desk, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    entry = tmp_path / "config" / "autostart" / "coach.desktop"
    on = dataclasses.replace(QUIET, system=SystemSettings(autostart=True))
    desktop._keep_autostart(desk, on)
    assert entry.exists()
    desktop._keep_autostart(desk, QUIET)
    assert not entry.exists()
    (tmp_path / "config" / "autostart").rmdir()
    (tmp_path / "config" / "autostart").write_text("no folder")
    desktop._keep_autostart(desk, on)
    assert "cannot be written" in desk.overlay._content.title


def test_where_calls_are_locked_it_is_asked_for_what_opens_them_and_a_call_needs_nothing(
    desk, qtbot, monkeypatch
):
    from locked import RIGHT, WORDS

    from coach.archive import converting, envelope, locker

    monkeypatch.setattr(envelope, "COST", (2, 8, 1))
    folder = app.data_folder()
    (folder / "sessions").mkdir()
    converting.lock(folder, RIGHT)
    locker.let_go()
    desk.ask_once()
    window = desk.locks().asking
    assert window is not None
    desk.open_calls()
    assert desk._calls is None, "not before they are open"
    with qtbot.waitSignal(desk.ended, timeout=20_000):
        desk.start("discovery")
        desk.stop()
    window.field.setText(WORDS)
    window.yes.click()
    qtbot.waitUntil(lambda: desk._calls is not None, timeout=20_000)
    locker.let_go()

"""The desk of the sound check: what is chosen is written and heard, a call goes first, and nothing waits."""

from __future__ import annotations

import pytest
from fakes import FakeSource, blocks, sound
from PySide6.QtWidgets import QApplication
from rigs.sound import LOUDSPEAKER, MICROPHONE, sound_rig
from soundroom import FakeHearing

from coach import app, desktop, sound_desk
from coach.audio import hearing as trial
from coach.audio import levels
from coach.audio.devices import Device
from coach.audio.hearing import Tone
from coach.call.events import Who
from coach.settings import Settings
from coach.sound_desk import SoundDesk
from coach.trouble import Trouble

pytestmark = pytest.mark.qt_log_ignore(r"This plugin does not support", r"systemTrayWindowChanged")
REP, CUSTOMER = Who.REP, Who.CUSTOMER
WAIT_MS = 30_000
YETI = Device("usb-yeti", "Yeti", "microphone", default=True)
JABRA = Device("bluez.0A", "Jabra", "microphone")
SPEAKERS = Device("pci.monitor", "Monitor of Speakers", "loopback", default=True)
HDMI = Device("hdmi.monitor", "Monitor of HDMI", "loopback")


@pytest.fixture
def here(monkeypatch, tmp_path):
    """Devices of a machine that a test can plug and unplug."""
    devices = [YETI, JABRA, SPEAKERS, HDMI]
    monkeypatch.setattr("coach.audio.devices._found", lambda: iter(tuple(devices)))
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path / "data")
    return devices


class HandBell:
    """Rings when the test does."""

    def __init__(self, ring) -> None:
        self.ring = ring
        self.hangs = True

    def stop(self) -> None:
        self.hangs = False


def made_desk(tmp_path, settings=None, changed=None, bell=lambda _ring: None, **more):
    kept = []
    desk = SoundDesk(
        settings or Settings(),
        tmp_path / "settings.toml",
        changed,
        hearing=lambda *told: kept.append(FakeHearing(*told)) or kept[0],
        bell=bell,
        **more,
    )
    return desk, kept[0]


@pytest.fixture
def desk_and_hearing(qtbot, here, tmp_path):
    desk, hearing = made_desk(tmp_path)
    yield desk, hearing
    desk.close()
    QApplication.processEvents()


def combo(desk, who):
    return desk.window.panel.rows[who].combo


def pick(desk, who, value):
    combo(desk, who).setCurrentIndex(combo(desk, who).findData(value))
    combo(desk, who).activated.emit(0)


def words(desk, who):
    return desk.window.panel.rows[who].line.words.text()


def opened(qtbot, desk, hearing):
    desk.open()
    qtbot.waitUntil(lambda: set(hearing.open_now) == {REP, CUSTOMER}, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: combo(desk, CUSTOMER).count() > 0, timeout=WAIT_MS)


def test_opened_it_offers_what_is_here_and_hears_the_system_s_choice(qtbot, desk_and_hearing):
    desk, hearing = desk_and_hearing
    opened(qtbot, desk, hearing)
    assert hearing.open_now == {REP: "usb-yeti", CUSTOMER: "pci.monitor"}
    assert combo(desk, REP).itemText(0) == "System's choice (Yeti)"
    hearing.tell(REP, levels.Level(-12.0, -9.0, "heard"))
    qtbot.waitUntil(lambda: words(desk, REP) == "Hears you.", timeout=WAIT_MS)


def test_closed_it_lets_the_devices_go_and_opened_again_it_hears(qtbot, desk_and_hearing):
    desk, hearing = desk_and_hearing
    opened(qtbot, desk, hearing)
    with qtbot.waitSignal(desk.closed):
        desk.window.close()
    qtbot.waitUntil(lambda: not hearing.open_now, timeout=WAIT_MS)
    desk.open()
    qtbot.waitUntil(lambda: set(hearing.open_now) == {REP, CUSTOMER}, timeout=WAIT_MS)


def test_a_choice_is_written_by_identity_comments_stay_and_it_is_heard_at_once(qtbot, here, tmp_path):
    path, told = tmp_path / "settings.toml", []
    path.write_text('# mine\n[audio]\nvoice_engine = "silero"  # quick\n', encoding="utf-8")
    desk, hearing = made_desk(tmp_path, app.load_settings(path), told.append)
    opened(qtbot, desk, hearing)
    pick(desk, REP, "bluez.0A")
    pick(desk, CUSTOMER, "none")
    qtbot.waitUntil(lambda: hearing.open_now == {REP: "bluez.0A"}, timeout=WAIT_MS)
    text = path.read_text(encoding="utf-8")
    assert '# mine\n[audio]\nvoice_engine = "silero"  # quick\n' in text
    read = app.load_settings(path)
    assert (read.audio.microphone, read.audio.other_side) == ("bluez.0A", "none")
    assert told[-1] == read
    assert hearing.opened.count((REP, "usb-yeti")) == 1
    qtbot.waitUntil(lambda: words(desk, CUSTOMER).startswith("Off."), timeout=WAIT_MS)
    pick(desk, REP, "")
    qtbot.waitUntil(lambda: hearing.open_now == {REP: "usb-yeti"}, timeout=WAIT_MS)
    assert app.load_settings(path).audio.microphone == ""
    desk.close()


def test_a_file_that_cannot_be_changed_is_said_where_the_choice_was_made(qtbot, here, tmp_path):
    desk, hearing = made_desk(tmp_path)
    opened(qtbot, desk, hearing)
    (tmp_path / "settings.toml").write_text("[audio\n", encoding="utf-8")
    pick(desk, REP, "bluez.0A")
    assert "is not valid TOML" in desk.window.panel.refusal.words.text()
    assert desk.window.panel.refusal.isVisible()
    qtbot.waitUntil(lambda: combo(desk, REP).currentData() == "", timeout=WAIT_MS)  # as it was
    assert hearing.open_now[REP] == "usb-yeti"
    assert (tmp_path / "settings.toml").read_text(encoding="utf-8") == "[audio\n"
    desk.close()


def test_what_is_not_connected_is_named_as_it_was_known_and_comes_back(qtbot, here, tmp_path):
    settings = app.with_devices(Settings(), "bluez.0A", None)
    desk, hearing = made_desk(tmp_path, settings)
    opened(qtbot, desk, hearing)
    assert hearing.open_now[REP] == "bluez.0A"
    here.remove(JABRA)
    hearing.lost(REP, "'Jabra' is no longer heard: it was unplugged.")
    qtbot.waitUntil(lambda: combo(desk, REP).currentText() == "Jabra (not connected)", timeout=WAIT_MS)
    assert words(desk, REP) == "'Jabra' is no longer heard: it was unplugged."
    desk.window.panel.again.click()
    qtbot.waitUntil(lambda: words(desk, REP).startswith("Jabra is not connected."), timeout=WAIT_MS)
    here.append(JABRA)
    desk.window.panel.again.click()
    qtbot.waitUntil(lambda: hearing.open_now.get(REP) == "bluez.0A", timeout=WAIT_MS)
    desk.close()


def test_a_new_choice_of_the_system_s_is_followed_when_looked_for(qtbot, desk_and_hearing, here):
    desk, hearing = desk_and_hearing
    opened(qtbot, desk, hearing)
    here[here.index(YETI)] = Device("usb-yeti", "Yeti", "microphone")
    here[here.index(JABRA)] = Device("bluez.0A", "Jabra", "microphone", default=True)
    desk.look()
    qtbot.waitUntil(lambda: hearing.open_now.get(REP) == "bluez.0A", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: combo(desk, REP).itemText(0) == "System's choice (Jabra)", timeout=WAIT_MS)
    assert hearing.opened.count((CUSTOMER, "pci.monitor")) == 1


def test_where_the_list_cannot_be_renewed_beside_streams_they_are_closed_first(
    qtbot, desk_and_hearing, monkeypatch
):
    desk, hearing = desk_and_hearing
    opened(qtbot, desk, hearing)
    monkeypatch.setattr(sound_desk, "LISTS_BESIDE_STREAMS", False)
    open_while_listing = []
    real = sound_desk.list_devices
    monkeypatch.setattr(
        sound_desk, "list_devices", lambda: open_while_listing.append(dict(hearing.open_now)) or real()
    )
    desk.look()
    qtbot.waitUntil(lambda: hearing.opened.count((CUSTOMER, "pci.monitor")) == 2, timeout=WAIT_MS)
    assert open_while_listing == [{}]


def test_one_device_is_never_both_sides(qtbot, desk_and_hearing, here):
    desk, hearing = desk_and_hearing
    here[:] = [Device("pci.monitor", "Monitor of Speakers", "microphone", default=True), SPEAKERS]
    desk.open()
    qtbot.waitUntil(lambda: "is your microphone already" in words(desk, CUSTOMER), timeout=WAIT_MS)
    assert hearing.open_now == {REP: "pci.monitor"}


def test_a_device_that_cannot_be_opened_is_told_and_the_other_is_heard(qtbot, desk_and_hearing, here):
    desk, hearing = desk_and_hearing
    here[:] = [SPEAKERS]
    desk.open()
    qtbot.waitUntil(lambda: words(desk, REP).startswith("There is no microphone."), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: CUSTOMER in hearing.open_now, timeout=WAIT_MS)


@pytest.mark.parametrize(
    ("tone", "chosen", "heard", "leak"),
    [
        (Tone(-20.0, -38.0), "", "was heard on the other side", "(−18 dB)"),  # noqa: RUF001 - a minus
        (Tone(-20.0, None), "", "was heard on the other side", "No leak heard"),
        (Tone(None, None), "", "not muted or at volume zero", None),
        (Tone(None, None), "hdmi.monitor", "you chose another", None),
        (Trouble("There is no loudspeaker to play on.", "Plug one in."), "", "no loudspeaker", None),
    ],
)
def test_the_tone_is_played_and_told(qtbot, here, tmp_path, tone, chosen, heard, leak):
    desk, hearing = made_desk(tmp_path, app.with_devices(Settings(), None, chosen))
    hearing.tone = tone
    opened(qtbot, desk, hearing)
    with qtbot.waitSignal(desk.toned, timeout=WAIT_MS):
        desk.window.panel.tone.click()
    panel = desk.window.panel
    qtbot.waitUntil(lambda: heard in panel.heard.words.text(), timeout=WAIT_MS)
    assert panel.leak.isVisible() is (leak is not None)
    if leak is not None:
        assert leak in panel.leak.words.text()
    desk.close()


def test_a_call_goes_first_and_gives_the_devices_back(qtbot, desk_and_hearing):
    desk, hearing = desk_and_hearing
    opened(qtbot, desk, hearing)
    hearing.wait_for_hush = True
    desk.window.panel.tone.click()
    desk.hold(held=True)
    assert not hearing.open_now  # before the call opens its own
    assert hearing.hushed
    qtbot.waitUntil(desk.window.panel.busy.isVisible, timeout=WAIT_MS)
    desk.look()
    pick(desk, REP, "bluez.0A")
    desk.play_tone()
    assert app.load_settings(desk._path).audio.microphone == "bluez.0A"
    desk.hold(held=False)
    qtbot.waitUntil(lambda: hearing.open_now.get(REP) == "bluez.0A", timeout=WAIT_MS)
    assert (REP, "bluez.0A") in hearing.opened
    qtbot.waitUntil(lambda: not desk.window.panel.busy.isVisible(), timeout=WAIT_MS)


def test_what_a_device_says_at_the_very_end_starts_nothing(qtbot, desk_and_hearing):
    desk, hearing = desk_and_hearing
    opened(qtbot, desk, hearing)
    desk.close()
    hearing.lost(REP, "It was unplugged.")
    assert not desk._worker.is_alive()
    assert not hearing.open_now


def test_a_call_without_a_sound_check_starts_no_thread(here, tmp_path):
    desk, _ = made_desk(tmp_path)
    desk.hold(held=True)
    desk.hold(held=False)
    assert desk._worker is None
    desk.close()


def test_the_first_start_hears_chooses_and_keeps(qtbot, desk_and_hearing, tmp_path):
    desk, hearing = desk_and_hearing
    desk.open_first()
    qtbot.waitUntil(lambda: set(hearing.open_now) == {REP, CUSTOMER}, timeout=WAIT_MS)
    desk.first.next.click()
    qtbot.waitUntil(lambda: not hearing.open_now, timeout=WAIT_MS)
    desk.first.next.click()
    desk.first.keeps["keep"].buttons()[1].click()
    assert app.load_settings(tmp_path / "settings.toml").storage.keep == "timings"
    assert desk._settings.storage.keep == "timings"
    (tmp_path / "settings.toml").write_text("[x\n", encoding="utf-8")
    desk.first.keeps["keep"].buttons()[2].click()
    assert "is not valid TOML" in desk.first.wrong.text()
    with qtbot.waitSignal(desk.closed):
        desk.first.next.click()


def test_the_try_out_hears_the_microphone_alone_and_gives_both_sides_back(qtbot, here, tmp_path):
    microphone = FakeSource(REP)
    asked = []

    def devices(settings):
        asked.append((settings.audio.other_side, dict(hearing.open_now)))
        return [microphone], ""

    desk, hearing = made_desk(tmp_path, devices=devices)
    opened(qtbot, desk, hearing)
    panel = desk.window.tryout
    panel.button.click()
    assert panel.button.text() == "Stop"
    qtbot.waitUntil(lambda: microphone.deliver is not None, timeout=WAIT_MS)
    assert asked == [("none", {})], "nothing else is open meanwhile"
    assert words(desk, CUSTOMER) == "Not heard during the try-out."
    microphone.give(blocks({REP: sound(1, (0, 1))}, block_ms=100))
    qtbot.waitUntil(lambda: words(desk, REP) != "Opening the microphone…", timeout=WAIT_MS)
    assert desk.window.panel.rows[REP].bar._levels[0] > -20, "its level is seen in both places"
    assert panel.bar._levels[0] > -20
    desk.look()
    desk.window.panel.tone.click()
    assert desk.window.panel.heard.words.text().startswith("The try-out has the microphone now.")
    panel.button.click()
    assert panel.button.text() == "Try it"
    qtbot.waitUntil(lambda: microphone.deliver is None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: set(hearing.open_now) == {REP, CUSTOMER}, timeout=WAIT_MS)
    desk.close()


def test_closing_the_window_or_a_call_ends_the_try_out(qtbot, here, tmp_path):
    microphone = FakeSource(REP)
    desk, _ = made_desk(tmp_path, devices=lambda _: ([microphone], ""))
    for end in ("close", "call"):
        desk.open_first()
        desk.first.next.click()
        desk.first.tryout.button.click()
        qtbot.waitUntil(lambda: microphone.deliver is not None, timeout=WAIT_MS)
        if end == "close":
            desk.first.close()
        else:
            desk.hold(held=True)
        qtbot.waitUntil(lambda: microphone.deliver is None, timeout=WAIT_MS)
    assert not desk.first.tryout.button.isEnabled()
    assert desk.first.tryout.line.words.text().startswith("A call is running.")
    desk.hold(held=False)
    qtbot.waitUntil(desk.first.tryout.button.isEnabled, timeout=WAIT_MS)
    assert microphone.starts == 2
    desk.close()
    QApplication.processEvents()


def test_without_portaudio_it_says_what_to_install(qtbot, desk_and_hearing, monkeypatch):
    desk, _ = desk_and_hearing

    def missing():
        raise Trouble("PortAudio is not installed.", "Install it.")

    monkeypatch.setattr(sound_desk, "list_devices", missing)
    desk.open()
    qtbot.waitUntil(lambda: words(desk, REP) != "Opening the microphone…", timeout=WAIT_MS)
    assert words(desk, REP)


@pytest.mark.desktop
def test_real_devices_are_heard_and_the_tone_comes_back(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path / "data")
    monkeypatch.setattr(trial, "PATIENCE_S", 25.0)  # a busy machine is no fault
    with sound_rig() as rig, rig.here():
        desk = SoundDesk(Settings(), tmp_path / "settings.toml")
        desk.open()
        panel = desk.window.panel
        qtbot.waitUntil(lambda: "nothing plays there now" in words(desk, CUSTOMER), timeout=WAIT_MS)
        assert combo(desk, REP).itemText(0).startswith("System's choice (")
        with qtbot.waitSignal(desk.toned, timeout=WAIT_MS):
            panel.tone.click()
        qtbot.waitUntil(lambda: "was heard" in panel.heard.words.text(), timeout=WAIT_MS)
        assert panel.leak.words.text().startswith("The microphone gave nothing")
        monkeypatch.setattr(trial, "ROOM_S", 20.0)
        levels_db = []
        desk.level.connect(lambda who, level: levels_db.append((who, level.peak_db)))
        leak = ["module-loopback", f"source={LOUDSPEAKER}.monitor", f"sink={MICROPHONE}", "latency_msec=50"]
        rig.control("load-module", *leak)
        rig.control("set-sink-volume", MICROPHONE, "50%")  # cubic: 1/8, which is -18 dB
        with qtbot.waitSignal(desk.toned, timeout=WAIT_MS) as heard:
            panel.tone.click()
        assert heard.args[0].leak == "some"
        assert heard.args[0].gap_db == pytest.approx(-18, abs=2)
        assert max(db for who, db in levels_db if who is CUSTOMER) == pytest.approx(-20, abs=1)
        assert max(db for who, db in levels_db if who is REP) == pytest.approx(-38, abs=2)
        desk.close()


@pytest.mark.desktop
def test_in_a_terminal_both_sides_and_the_leak_are_told(monkeypatch, capsys):
    from coach import terminal

    monkeypatch.setattr(terminal, "_SPEAK_S", 0.5)
    monkeypatch.setattr(trial, "PATIENCE_S", 25.0)
    with sound_rig() as rig, rig.here():
        terminal.check_sound(Settings())
        out = capsys.readouterr().out
        assert "The tone was heard on the other side." in out
        assert "The microphone gave nothing" in out
        monkeypatch.setattr(trial, "PATIENCE_S", 1.0)  # nobody can hear it now
        terminal.check_sound(app.with_devices(Settings(), None, "none"))
        assert "There is no other side to hear it with." in capsys.readouterr().out


def test_the_sound_check_of_a_running_coach_comes_forward(monkeypatch, qapp):
    sent = []
    monkeypatch.setattr(desktop, "send", lambda verb: sent.append(verb) or True)
    assert desktop.run_sound(Settings()) == 0
    assert sent == ["sound"]


def test_what_is_plugged_in_stands_in_the_list_by_itself_and_nothing_rings_once_the_window_is_closed(
    qtbot, here, tmp_path
):
    bells = []
    desk, hearing = made_desk(tmp_path, bell=lambda ring: bells.append(HandBell(ring)) or bells[-1])
    opened(qtbot, desk, hearing)
    qtbot.waitUntil(lambda: bool(bells), timeout=WAIT_MS)
    here.append(Device("usb-rode", "Rode", "microphone"))
    bells[0].ring()
    qtbot.waitUntil(lambda: combo(desk, REP).findData("usb-rode") >= 0, timeout=WAIT_MS)
    hearing.opened.clear()
    here.remove(YETI)
    here.append(Device("usb-yeti-2", "Yeti 2", "microphone", default=True))
    bells[0].ring()
    qtbot.waitUntil(lambda: hearing.opened == [(REP, "usb-yeti-2")], timeout=WAIT_MS)
    desk.close()
    assert not bells[0].hangs
    QApplication.processEvents()


def test_a_second_panel_is_offered_the_devices_too(qtbot, here, tmp_path):
    bells = []
    desk, hearing = made_desk(tmp_path, bell=lambda ring: bells.append(HandBell(ring)) or bells[-1])
    desk.open_first()
    qtbot.waitUntil(lambda: bool(bells), timeout=WAIT_MS)
    opened(qtbot, desk, hearing)
    qtbot.waitUntil(lambda: combo(desk, REP).count() > 0, timeout=WAIT_MS)
    desk.close()
    QApplication.processEvents()

"""The stage put together: with no microphone, no network, no model; with a recording; with a call that happens now."""

from __future__ import annotations

import socket
import sys
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest
from classroom import kept, nudge
from fakes import Same
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from coach import app, library, panic_desk, scenery, stage_desk
from coach.call.events import Who
from coach.live.player import Player, room_tone
from coach.settings import Settings, StorageSettings
from coach.trouble import Trouble
from coach.ui.stage_live import LiveStage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from coach.report.lesson import Performance
    from coach.ui.instance import Answer
    from coach.ui.stage import Stage


class NoSound:
    """PortAudio is not installed: which only shows on import."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")


@pytest.fixture
def nothing_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take network, sound devices and the speech model away: whoever asks for one fails."""

    def no(*_: object, **__: object) -> None:
        raise AssertionError("the stage reached outside")

    monkeypatch.setattr(socket.socket, "connect", no)
    monkeypatch.setattr(socket, "getaddrinfo", no)
    monkeypatch.setattr("coach.app.load_words", no)
    monkeypatch.setattr("coach.speech.models.find_model", no)
    monkeypatch.setattr("coach.app.devices", no)
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoSound(), *sys.meta_path])


def run(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, then: Callable[[Stage], None], **how: object) -> int:
    """Run the whole stage, as `coach stage` does, with ``then`` in place of the people before it."""
    stages: list[Stage] = []

    def show(stage: Stage, *, window: bool) -> None:
        stages.append(stage)
        stage.resize(1280, 720)
        stage.show()

    def executed(_: QApplication) -> int:
        then(stages[0])
        stages[0].close()
        return 0

    monkeypatch.setattr(stage_desk, "_show", show)
    monkeypatch.setattr(QApplication, "exec", executed)
    return stage_desk.run_stage(how.pop("what", ()), Settings(), **how)


@pytest.mark.usefixtures("nothing_outside")
def test_the_first_lesson_runs_with_no_microphone_no_network_and_no_model(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def watch(stage: Stage) -> None:
        stage.go(33_900)
        qtbot.keyClick(stage, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: stage.slots[0].nudge is not None)
        assert stage.slots[0].nudge.text == "Stay with that"
        qtbot.waitUntil(lambda: bool(stage.captions.lines))
        qtbot.waitUntil(lambda: stage.note.text() != "")  # the device that is not there was asked for
        assert stage.playing
        qtbot.keyClick(stage, "b")
        assert stage.beside.isVisible()

    assert run(qtbot, monkeypatch, watch) == 0


def test_its_waveform_comes_after_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def watch(stage: Stage) -> None:
        assert stage.note.text() == ""
        qtbot.waitUntil(lambda: set(stage._waveforms) == {0, 1}, timeout=20_000)

    assert run(qtbot, monkeypatch, watch) == 0


def test_without_sound_it_says_so(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def watch(stage: Stage) -> None:
        assert stage.note.text() == "No sound here: it runs on its own clock"
        assert stage._waveforms == {}

    assert run(qtbot, monkeypatch, watch, with_sound=False, look="light") == 0


def test_a_recording_that_cannot_be_read_is_told_and_the_class_goes_on(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "call.wav").write_bytes(b"no sound at all")
    log = kept(tmp_path, recording={"file": str(tmp_path / "call.wav"), "sha256": "x", "swap": False})

    def watch(stage: Stage) -> None:
        qtbot.waitUntil(lambda: stage.note.text() != "")
        assert "call.wav" in stage.note.toolTip()
        qtbot.keyClick(stage, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: stage.show_now() or stage._show.at_ms > 0)

    assert run(qtbot, monkeypatch, watch, what=(str(log),)) == 0


@pytest.mark.parametrize("swapped", [False, True])
def test_waveforms_stand_in_the_lanes_of_the_session_whatever_is_set_today(
    qtbot: QtBot, tmp_path: Path, *, swapped: bool
) -> None:
    noise = np.random.default_rng(1).integers(-9_000, 9_000, (61 * 16_000, 2), np.int16)
    with wave.open(str(tmp_path / "call.wav"), "wb") as file:  # only the left channel is loud
        file.setparams((2, 2, 16_000, 0, "NONE", ""))
        file.writeframes((noise // np.array([1, 100], np.int16)).tobytes())
    log = kept(tmp_path, recording={"file": str(tmp_path / "call.wav"), "sha256": "x", "swap": swapped})
    settings = app.with_set(Settings(), [f"audio.swap_channels={str(not swapped).lower()}"])
    scenery.new_scene([log], tmp_path / "lesson", settings, with_sound=True)
    for what in (log, tmp_path / "lesson"):
        stage = stage_desk.open_stage(*stage_desk.find_lesson((str(what),), settings), settings)
        drawn = stage._waveforms
        qtbot.waitUntil(lambda drawn=drawn: 0 in drawn, timeout=20_000)
        qtbot.waitUntil(lambda drawn=drawn: drawn[0].whole, timeout=20_000)
        rep = drawn[0].level_for(50)[1][0].max()
        stage.close()
        qtbot.waitUntil(lambda stage=stage: not isValid(stage))
        assert (rep > 1_000) is not swapped


def test_a_folder_a_session_or_nothing(tmp_path: Path) -> None:
    folder = library.sessions_folder()
    kept(folder, "monday", nudges=[nudge(24)], title="Monday's call")
    assert stage_desk.find_lesson((), Settings())[0].title == "The three-legged sofa"
    assert stage_desk.find_lesson(("monday",), Settings())[0].title == "Monday's call"
    assert len(stage_desk.find_lesson(("monday", "last"), Settings())[0].takes) == 2
    with pytest.raises(Trouble, match="one or two takes, not 3"):
        stage_desk.find_lesson(("monday",) * 3, Settings())
    with pytest.raises(Trouble, match="There is no session 'nobody'"):
        stage_desk.find_lesson(("nobody",), Settings())
    with pytest.raises(Trouble, match=r"There is no scene\.toml"):
        stage_desk.find_lesson((str(tmp_path),), Settings())
    (folder / "monday.jsonl").unlink()


def test_the_handout_of_a_lesson(qtbot: QtBot, tmp_path: Path) -> None:
    stage_desk.write_page((), tmp_path / "page.pdf", "A4", Settings())
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


# Live.


def test_a_live_call_is_shown_and_nothing_of_it_is_kept(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sides = (Who.REP, Who.CUSTOMER)
    asked: list[Settings] = []
    monkeypatch.setattr(app, "load_words", lambda *_: Same(""))

    def devices(settings: Settings):
        asked.append(settings)
        return Player(room_tone(sides), sides).sources, ""

    def executed(_: QApplication) -> int:
        (stage,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, LiveStage) and w.isVisible()]
        qtbot.waitUntil(lambda: stage.state.text() == "Listening", timeout=20_000)
        with qtbot.waitSignal(desks[0].ended, timeout=20_000):
            stage.close()
        return 0

    desks: list[stage_desk.LiveDesk] = []
    made = stage_desk.LiveDesk.__init__

    def remember(self: stage_desk.LiveDesk, *parts: object) -> None:
        made(self, *parts)
        desks.append(self)

    monkeypatch.setattr(stage_desk.LiveDesk, "__init__", remember)
    monkeypatch.setattr(QApplication, "exec", executed)
    before = set(library.sessions())
    report = stage_desk.run_live(Settings(), devices, window=True)
    assert report is not None
    assert asked[0].storage == StorageSettings("nothing")
    assert set(library.sessions()) == before


def test_the_panic_key_ends_a_live_stage_and_nothing_else_is_obeyed(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sides, answers = (Who.REP, Who.CUSTOMER), []
    obeyed: list[Callable[[str], Answer]] = []

    def executed(_: QApplication) -> int:
        (stage,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, LiveStage) and w.isVisible()]
        qtbot.waitUntil(lambda: stage.state.text() == "Listening", timeout=20_000)
        answers.extend([obeyed[0]("toggle"), obeyed[0]("panic")])
        assert not stage.isVisible()
        return 0

    monkeypatch.setattr(stage_desk.Instance, "obey_with", lambda _, obey: obeyed.append(obey))
    monkeypatch.setattr(QApplication, "exec", executed)
    stage_desk.run_live(Settings(), lambda _: (Player(room_tone(sides), sides).sources, ""), window=True)
    assert [(a.done, a.line) for a in answers] == [
        (False, "Coach is on the stage. Leave that first."),
        (True, panic_desk.FREE),
    ]


def test_a_microphone_that_is_missing_is_said_on_the_wall_and_afterwards(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_: Settings):
        raise Trouble("There is no microphone.", "Plug one in.")

    def executed(_: QApplication) -> int:
        (stage,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, LiveStage) and w.isVisible()]
        qtbot.waitUntil(lambda: stage.told.text() == "There is no microphone. Plug one in.")
        stage.close()
        return 0

    monkeypatch.setattr(QApplication, "exec", executed)
    with pytest.raises(Trouble, match="no microphone"):
        stage_desk.run_live(Settings(), none, window=True)


def test_a_live_stage_beside_another_coach_is_refused(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage_desk.Instance, "claim", lambda: None)
    with pytest.raises(Trouble, match="already running"):
        stage_desk.run_live(Settings(), app.devices)


def test_a_call_that_is_left_before_it_began_ends_quietly(qtbot: QtBot) -> None:
    desk = stage_desk.LiveDesk(Settings(), lambda _: pytest.fail("nobody listens any more"))
    desk._stop()
    desk._start()
    desk.dismiss("pounce")
    assert (desk.report, desk.trouble) == (None, None)


def test_performance_is_told_how_long_before(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def watch(stage: Stage) -> None:
        show: Performance = stage._show
        show.guess_on(on=True)
        assert show.played(32_400) == 32_300

    assert run(qtbot, monkeypatch, watch, before_ms=2000, with_sound=False) == 0

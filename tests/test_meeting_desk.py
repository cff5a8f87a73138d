"""A call that seems to begin is asked about, once, and nothing listens before the rep has said yes."""

from __future__ import annotations

import dataclasses
import gc
import queue

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from coach import app, desktop
from coach.audio import callprograms
from coach.meeting_desk import MeetingDesk
from coach.settings import OverlaySettings, Settings, StorageSettings, SystemSettings
from coach.trouble import Trouble
from coach.ui.standing import Standing
from coach.ui.suggestion import Suggestion

WAIT_MS = 30_000
ON = dataclasses.replace(
    Settings(), system=SystemSettings(suggest_calls=True), storage=StorageSettings("nothing")
)


class Sound:
    """A system on which a program begins to record when the test says so."""

    def __init__(self) -> None:
        self.looks: queue.Queue[tuple[str, ...]] = queue.Queue()
        self._now: tuple[str, ...] = ()
        self.closed = False

    def now(self):
        return self._now

    def wait(self, seconds):
        if seconds is None:
            self._now = self.looks.get(timeout=30)

    def wake(self):
        self.looks.put(())

    def close(self):
        self.closed = True


@pytest.fixture
def sound(monkeypatch):
    made = Sound()
    monkeypatch.setattr(callprograms, "SETTLED_S", 0.0)
    monkeypatch.setattr(callprograms.CallWatch.__init__, "__defaults__", (0.0,))
    monkeypatch.setattr(callprograms, "here", lambda: lambda: made)
    return made


@pytest.fixture
def desk(qtbot, monkeypatch, tmp_path, sound):
    monkeypatch.setattr(app, "data_folder", lambda: tmp_path)

    def no_devices(_):
        asked.append("devices")
        raise Trouble("No microphone was found.", "Plug one in.")

    asked: list[str] = []
    made = desktop.Desk(ON, no_devices, path=tmp_path / "settings.toml")
    made.asked = asked
    yield made
    made.close_windows()
    QApplication.processEvents()
    del made
    gc.collect()


def asked_about(qtbot, desk, program) -> Suggestion:
    qtbot.waitUntil(
        lambda: desk.meetings.question is not None and desk.meetings.question.isVisible(), timeout=WAIT_MS
    )
    assert desk.meetings.question.accessibleName() == f"Looks like a call has begun in {program}. Listen?"
    return desk.meetings.question


def test_a_call_is_asked_about_and_nothing_listens_by_itself(qtbot, desk, sound) -> None:
    sound.looks.put(("zoom ZOOM VoiceEngine",))
    question = asked_about(qtbot, desk, "Zoom")
    assert desk.asked == []
    with qtbot.waitSignal(desk.ended, timeout=WAIT_MS):
        qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    assert desk.asked == ["devices"]
    assert not question.isVisible()


def test_not_this_one_asks_again_at_another(qtbot, desk, sound) -> None:
    sound.looks.put(("zoom",))
    qtbot.mouseClick(asked_about(qtbot, desk, "Zoom").no, Qt.MouseButton.LeftButton)
    sound.looks.put(("zoom", "slack"))
    asked_about(qtbot, desk, "Slack")
    assert desk.asked == []


def test_never_switches_it_off_for_good_and_says_so(qtbot, desk, sound, tmp_path) -> None:
    sound.looks.put(("zoom",))
    qtbot.mouseClick(asked_about(qtbot, desk, "Zoom").never, Qt.MouseButton.LeftButton)
    assert app.load_settings(tmp_path / "settings.toml").system.suggest_calls is False
    assert sound.closed
    assert desk.overlay.isVisible()


def test_a_rep_who_listens_already_is_not_asked(qtbot, sound) -> None:
    seen = queue.Queue()

    def busy():
        seen.put("looked")
        return False

    desk = MeetingDesk(ON, Standing("top"), busy)
    sound.looks.put(("zoom",))
    qtbot.waitUntil(lambda: not seen.empty(), timeout=WAIT_MS)
    assert desk.question is None
    desk.close()


def test_as_it_comes_nothing_is_watched(qtbot, monkeypatch) -> None:
    monkeypatch.setattr(callprograms, "here", lambda: pytest.fail("it looked"))
    MeetingDesk(Settings(), Standing("top"), lambda: True).use(Settings())


def test_the_question_takes_no_focus_and_leaves_by_itself(qtbot) -> None:
    question = Suggestion(OverlaySettings(look="light"), Standing("top"), stays_ms=1)
    qtbot.addWidget(question)
    question.ask("Zoom")
    assert question.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert all(b.focusPolicy() is Qt.FocusPolicy.NoFocus for b in (question.yes, question.no, question.never))
    qtbot.waitUntil(lambda: not question.isVisible(), timeout=WAIT_MS)

"""The trainer's stage put together: a scene or a call, its sound where there is one, and the window.

A composition root of Qt beside `coach.desktop`. Owns the threads that read a recording and run a live call for the
stage. The window opens at once and can play at once, on a clock of its own; sound and waveform follow when read.
"""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from coach import app, before, library, scenery
from coach.demo.scenes import bundled
from coach.panic_desk import CLOSING, FREE, FREE_S
from coach.report.handout import handout
from coach.report.lesson import BEFORE_MS, Performance
from coach.settings import StorageSettings
from coach.trouble import Trouble
from coach.ui import tongue
from coach.ui.handout import write_handout
from coach.ui.instance import Answer, Instance
from coach.ui.stage import Stage
from coach.ui.stage_live import LiveStage
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coach.audio.block import AudioSource
    from coach.nudges.commands import Command
    from coach.report.document import CallReport
    from coach.report.lesson import Lesson
    from coach.scenery import Sound
    from coach.settings import Settings

    Devices = Callable[[Settings], tuple[Sequence[AudioSource], str]]

ALREADY = Trouble("Coach is already running.", "End it from its icon in the tray, then start the live stage.")


def find_lesson(what: Sequence[str], settings: Settings) -> tuple[Lesson, tuple[Sound | None, ...]]:
    """Return the lesson of a scene's folder, of one or two kept sessions, or the bundled one where nothing is named.

    Raises:
        Trouble: when there is no such thing, or it cannot be read.
    """
    if not what:
        return scenery.load_lesson(bundled(), settings)
    if len(what) == 1 and (folder := Path(what[0])).is_dir():
        return scenery.load_lesson(folder, settings)
    return scenery.lesson_of([library.find_session(name) for name in what], settings)


def open_stage(
    lesson: Lesson,
    sounds: Sequence[Sound | None],
    settings: Settings,
    *,
    look: str = "",
    before_ms: int = BEFORE_MS,
) -> Stage:
    """Return the window over a lesson, not shown yet; sound and waveform come to it, and go with it.

    Args:
        lesson: what is shown.
        sounds: the recording of each take, None for one without.
        settings: for the look.
        look: ``dark`` or ``light``; empty for that of the settings.
        before_ms: how long before a nudge the room is asked.
    """
    stage = Stage(Performance(lesson, before_ms), look or settings.overlay.look)
    stage.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    listening = Listening(sounds, stage)
    listening.found.connect(stage.show_sound)
    listening.read.connect(stage.show_waveform)
    listening.silent.connect(stage.show_silent)
    stage.left.connect(listening.stop)
    if any(sounds):
        listening.start()
    else:
        stage.show_silent("")
    return stage


def run_stage(
    what: Sequence[str],
    settings: Settings,
    *,
    look: str = "",
    before_ms: int = BEFORE_MS,
    with_sound: bool = True,
    window: bool = False,
) -> int:
    """Show a lesson until it is left; return the exit code.

    Args:
        what: a scene's folder, or one or two sessions; empty for the bundled lesson.
        settings: for limits and look.
        look: ``dark`` or ``light``; empty for that of the settings.
        before_ms: how long before a nudge the room is asked.
        with_sound: False to run on a clock of its own.
        window: True for an ordinary window instead of the full screen.

    Raises:
        Trouble: when the lesson cannot be read.
    """
    lesson, sounds = find_lesson(what, settings)
    application = _application(settings.app.language)
    stage = open_stage(lesson, sounds if with_sound else (), settings, look=look, before_ms=before_ms)
    stage.left.connect(application.quit)
    _show(stage, window=window)
    return application.exec()


def write_page(what: Sequence[str], out: Path, paper: str, settings: Settings) -> None:
    """Write the handout of a lesson as PDF. Raises `Trouble` when it cannot be read or written."""
    lesson, _ = find_lesson(what, settings)
    if QGuiApplication.instance() is None:
        if sys.platform == "linux":
            os.environ["QT_QPA_PLATFORM"] = "offscreen"  # paper needs no screen
        _kept.append(QGuiApplication(sys.argv[:1]))
    write_handout(handout(lesson), out, paper)


_kept: list[QGuiApplication] = []
"""Qt ends with its application, and fonts with Qt."""


class Listening(QObject):
    """Open the recordings of a lesson, and read their pictures, on a thread of its own."""

    found = Signal(int, object)
    read = Signal(int, object)
    silent = Signal(str)

    def __init__(self, sounds: Sequence[Sound | None], stage: Stage) -> None:
        super().__init__(stage)  # its thread ends before the stage does, so that it never goes on that thread
        self._sounds = sounds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="coach-stage-sound", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Read no further."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        from coach.audio.peaks import growing_peaks  # noqa: PLC0415 - a scene without sound needs no decoder
        from coach.audio.playback import Playback  # noqa: PLC0415 - the same
        from coach.audio.recording import open_recording, reopen_recording  # noqa: PLC0415 - the same

        opened = []
        for number, sound in enumerate(self._sounds):
            if sound is None or self._stop.is_set():
                continue
            try:
                recording = (
                    reopen_recording(sound.path, sound.sides, swap=sound.swap)
                    if sound.sides
                    else open_recording(sound.path, swap=sound.swap)
                )
            except Trouble as trouble:
                self.silent.emit(str(trouble))
                continue
            self.found.emit(number, Playback(recording))  # it opens no device until it is asked to play
            opened.append((number, recording))
        for number, recording in opened:
            try:
                for part in growing_peaks(recording):
                    if self._stop.is_set():
                        return
                    self.read.emit(number, part)
            except Trouble:
                continue  # it is heard all the same; only its picture is missing


def run_live(
    settings: Settings, devices: Devices, *, look: str = "", window: bool = False
) -> CallReport | None:
    """Coach one live call on the stage until it is left; nothing of it is kept. Return its report.

    Raises:
        Trouble: when Coach runs already, the microphone cannot be opened, or nobody answered who may listen.
    """
    before.check_consent()
    quiet = dataclasses.replace(settings, storage=StorageSettings("nothing"))
    application = _application(settings.app.language)
    instance = Instance.claim()
    if instance is None:
        raise ALREADY
    try:
        stage = LiveStage(look or settings.overlay.look)
        desk = LiveDesk(quiet, devices)
        desk.hand_to(stage)
        desk.ended.connect(application.quit)
        instance.obey_with(lambda verb: _obey(verb, stage, desk))
        _show(stage, window=window)
        desk.start()
        application.exec()
        stage.hide()
    finally:
        instance.release()
    if desk.trouble is not None:
        raise desk.trouble
    return desk.report


def _obey(verb: str, stage: LiveStage, desk: LiveDesk) -> Answer:
    """Do what another start of the program asked for: a stage knows the panic key alone."""
    if verb != "panic":
        return Answer(done=False, line=say("stage.busy"))
    stage.hide()
    return Answer(done=True, line=desk.panic())


class LiveDesk(QObject):
    """Run one live call for a stage, on threads of its own."""

    began = Signal()
    posted = Signal(object)
    leaked = Signal(object)
    failed = Signal(str)
    ended = Signal()

    def __init__(self, settings: Settings, devices: Devices) -> None:
        super().__init__()
        self._settings, self._devices = settings, devices
        self._work = threading.Lock()
        self._run: app.LiveRun | None = None
        self._over = False
        self.report: CallReport | None = None
        self.trouble: Trouble | None = None

    def hand_to(self, stage: LiveStage) -> None:
        """Let a stage show what the coach does, and end the call."""
        self.began.connect(stage.begun)
        self.posted.connect(stage.take)
        self.leaked.connect(stage.show_leak)
        self.failed.connect(stage.failed)
        stage.leaving.connect(self.stop)
        stage.dismissed.connect(self.dismiss)

    def start(self) -> None:
        """Begin to listen."""
        threading.Thread(target=self._start, name="coach-stage-live", daemon=True).start()

    def stop(self) -> None:
        """End the call, then say so."""
        threading.Thread(target=self._stop, name="coach-stage-end", daemon=True).start()

    def panic(self) -> str:
        """Let the devices go at once, then end the call; return what is said to that."""
        run = self._run
        free = run is None or run.call.release().wait(FREE_S)
        self.stop()
        return FREE if free else CLOSING

    def dismiss(self, rule: str) -> None:
        """Take note that a nudge was waved away."""
        if (run := self._run) is not None:
            run.call.dismiss(rule)

    def _start(self) -> None:
        with self._work:
            if self._over:
                return
            try:
                sources, _ = self._devices(self._settings)
                run = app.LiveRun(self._settings, tuple(sources), self._post, leaks=self.leaked.emit)
                run.start()
            except Trouble as trouble:
                self.trouble = trouble
                self.failed.emit(str(trouble))
                return
            self._run = run
        self.began.emit()

    def _stop(self) -> None:
        with self._work:
            self._over = True
            if self._run is not None:
                self.report, self._run = self._run.stop(), None
        self.ended.emit()

    def _post(self, commands: Sequence[Command]) -> None:
        for command in commands:
            self.posted.emit(command)


def _show(stage: Stage | LiveStage, *, window: bool) -> None:
    if window:
        stage.resize(1280, 720)
        stage.show()
    else:
        stage.showFullScreen()
    stage.raise_()
    stage.activateWindow()


def _application(language: str) -> QApplication:
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)  # noqa: S101 - tells the type checker which one it is
    application.setApplicationName("Coach")
    application.setQuitOnLastWindowClosed(False)
    tongue.speak(language)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing is kept, so there is nothing to lose
    return application

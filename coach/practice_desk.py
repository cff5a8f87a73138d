"""The desk of practice: the queue's page, takes side by side, a look back with other limits.

With `coach.desktop` a composition root of Qt. Owns the wiring and the threads; a window opens at once, and what takes
time to read follows. What is kept, is kept by `coach.practice`, `coach.library` and `coach.settings_file`.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from coach import app, library
from coach.archive.hand import read_hand
from coach.audio.playback import Playback
from coach.audio.recording import reopen_recording
from coach.call.events import Who
from coach.call.hand import corrected
from coach.language import phrase, recalled
from coach.nudges.tape import Tape
from coach.nudges.whatif import judge
from coach.practice import Practice
from coach.practice_queue import Stage, exercise_of
from coach.report.takes import LEAST, MOST, Take
from coach.settings_file import save_values
from coach.trouble import Trouble
from coach.ui.icons import tray_icon
from coach.ui.queue import QueuePage
from coach.ui.queue_row import Row
from coach.ui.takes import TakesView
from coach.ui.theme import LOOKS
from coach.ui.whatif import PastCall, WhatIf
from coach.ui.when import moment
from coach.ui.which_voice import Candidate, WhichVoice
from coach.ui.wording import say
from coach.voices import NOBODY, ONLY, ORDINALS, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from coach.call.events import Event
    from coach.library import Opened
    from coach.practice_queue import Item, Queue
    from coach.settings import Settings
    from coach.ui.dials import Value
    from coach.ui.sound import Sound
    from coach.ui.which_voice import Choice

PLAYHEAD_MS: Final = 100
"""How often the playhead moves while something is heard, and only then."""


class PracticeDesk(QObject):
    """Mind the queue for the windows, and open what it brings.

    Args:
        settings: every knob.
        open_session: opens the review of a session.
        practice: makes what minds the queue; ours unless a test says otherwise.
    """

    failed = Signal(str)
    """Something that was asked for could not be done; carries the sentence."""
    _news = Signal(object)
    _read = Signal(str, object)

    def __init__(
        self,
        settings: Settings,
        open_session: Callable[[Path], object],
        practice: Callable[[Settings, Callable[[Queue], None]], Practice] = Practice,
    ) -> None:
        super().__init__()
        self._settings, self._open_session, self._make = settings, open_session, practice
        self._practice: Practice | None = None
        self._queue: Queue | None = None
        self._page: QueuePage | None = None
        self._windows: list[TakesDesk] = []
        self._held = False
        self._news.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._read.connect(self._show_takes, Qt.ConnectionType.QueuedConnection)

    def page(self) -> QueuePage:
        """Return the page of the queue for a window to hold; what was left the last time goes on."""
        if self._page is None:
            page = QueuePage(self._settings.call.type, self._settings.overlay.look)
            practice = self._minded()
            practice.hold(held=self._held)
            page.dropped.connect(practice.add)
            page.stop_asked.connect(practice.stop)
            page.retry_asked.connect(practice.retry)
            page.remove_asked.connect(practice.remove)
            page.clear_asked.connect(practice.clear)
            page.go_on_asked.connect(lambda: practice.use(self._settings))
            page.open_asked.connect(self._open)
            page.choose_asked.connect(self.ask_voice)
            page.compare_asked.connect(self.compare)
            page.destroyed.connect(self._forget_page)
            self._page = page
            if self._queue is not None:
                self._show(self._queue)
        return self._page

    def take_back_page(self) -> None:
        """Take the page out of a window that is closed: it goes into the next one as it is."""
        if self._page is not None:
            self._page.hide()
            self._page.setParent(None)

    def take(self, paths: Sequence[Path]) -> None:
        """Take recordings that were dropped elsewhere, such as on the control bar."""
        self.page().take(paths)

    def coach(self, recording: Path, call_type: str) -> None:
        """Take one recording as a type of call."""
        self._minded().add([recording], call_type, "")

    def use(self, settings: Settings) -> None:
        """Coach with these settings from now on."""
        self._settings = settings
        if self._practice is not None:
            self._practice.use(settings)

    def hold(self, *, held: bool) -> None:
        """Let practice step aside while a call is under way. May be called from any thread."""
        self._held = held
        if self._practice is not None:
            self._practice.hold(held=held)

    def ask_voice(self, key: str) -> WhichVoice | None:
        """Ask which voice of a recording is the rep's: the sheet opens at once, and what is heard in it follows."""
        item = self._queue.item(key) if self._queue is not None else None
        if item is None or item.stage is not Stage.ASKING:
            return None
        desk = VoiceDesk(item, self._settings, lambda answer: self._minded().answer(key, answer), self._page)
        return desk.sheet

    def compare(self, exercise: str) -> None:
        """Show the takes of an exercise side by side: the first one and the latest."""
        self._reading(exercise, lambda: _takes_of(exercise))

    def compare_sessions(self, sessions: Sequence[Path]) -> None:
        """Show these sessions side by side, as takes of whatever they have in common."""
        self._reading("", lambda: tuple(sessions))

    def close(self) -> None:
        """End all; the queue is there again the next time."""
        for window in list(self._windows):
            window.view.close()
        if self._page is not None and self._page.parent() is None:
            self._page.deleteLater()  # no window holds it
        if self._practice is not None:
            self._practice.close()
            self._practice = None

    def _minded(self) -> Practice:
        if self._practice is None:
            self._practice = self._make(self._settings, self._news.emit)
            self._practice.start()
        return self._practice

    def _forget_page(self) -> None:
        self._page = None

    def _show(self, queue: Queue) -> None:
        self._queue = queue
        if self._page is None:
            return
        problem = queue.problem or (say("queue.held") if queue.held else "")
        self._page.show_queue(
            [_row(i) for i in queue.items],
            [phrase(r) for r in queue.refused],
            phrase(problem),
            _comparable(queue.items),
            held=queue.held,
        )
        self._page.offer_exercises(sorted({i.exercise for i in queue.items if i.exercise}))

    def _open(self, key: str) -> None:
        item = self._queue.item(key) if self._queue is not None else None
        if item is not None and item.session is not None:
            try:
                self._open_session(item.session)
            except Trouble as trouble:
                self.failed.emit(str(trouble))

    def _reading(self, exercise: str, which: Callable[[], Sequence[Path]]) -> None:
        """Open sessions on a thread of their own: an hour takes a second."""
        today = datetime.now().astimezone().date()  # noqa: TID251 - the day it is

        def read() -> None:
            try:
                opened = [library.open_session(p, self._settings) for p in which()]
                opened.sort(key=lambda o: o.began)
                self._read.emit(exercise, [(o, _take(o, today)) for o in opened])
            except Trouble as trouble:
                self.failed.emit(str(trouble))

        threading.Thread(target=read, name="coach-takes", daemon=True).start()

    def _show_takes(self, exercise: str, found: list[tuple[Opened, Take]]) -> None:
        if len(found) < LEAST:
            self.failed.emit(say("takes.too_few", exercise=exercise))
            return
        tags = {exercise_of(o.hand.tags) for o, _ in found}
        name = exercise or (tags.pop() if len(tags) == 1 else "")
        if len(found) > MOST:
            found = [found[0], *found[-(MOST - 1) :]]
        desk = TakesDesk(name, found, self._settings)
        self._windows.append(desk)
        desk.view.closed.connect(lambda: self._windows.remove(desk))


class VoiceDesk(QObject):
    """One question which voice is the rep's, and the sound behind it.

    Args:
        item: the recording, with the voices to choose from.
        settings: every knob.
        answered: takes the answer; not called where the question is put off.
        parent: the window that it is asked over.
        hear: opens a recording to be heard; ours unless a test says otherwise.
    """

    _found = Signal(object)
    _silent = Signal(str)

    def __init__(
        self,
        item: Item,
        settings: Settings,
        answered: Callable[[Answer], None],
        parent: QWidget | None = None,
        hear: Callable[[Path], Sound] | None = None,
    ) -> None:
        self.sheet = WhichVoice(
            item.path.name,
            [Candidate(v.number, v.start_ms, v.end_ms, v.spoken_ms) for v in item.voices],
            lambda choice: answered(_answer(choice)),
            LOOKS[settings.overlay.look],
            others=item.others,
            parent=parent,
        )
        super().__init__(self.sheet)  # goes with the sheet
        self._sound: Sound | None = None
        self.sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.sheet.setWindowIcon(tray_icon("idle"))
        self.sheet.finished.connect(self._close)
        self._found.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._silent.connect(self.sheet.show_silent, Qt.ConnectionType.QueuedConnection)
        self._line = _Line(self._found.emit)
        self._told = _Line(self._silent.emit)
        work = (item.path, hear or _alone, self._line, self._told)
        threading.Thread(target=_open_sound, args=work, name="coach-voices", daemon=True).start()
        self.sheet.open()

    def _take(self, sound: Sound) -> None:
        if not self._line.is_open:  # the question is over
            sound.close()
            return
        self._sound = sound
        self.sheet.hear_by(sound)

    def _close(self) -> None:
        self._line.cut()
        self._told.cut()
        if self._sound is not None:
            self._sound.close()
            self._sound = None


def _open_sound(path: Path, hear: Callable[[Path], Sound], found: _Line, silent: _Line) -> None:
    try:
        sound = hear(path)
    except Trouble as trouble:
        silent.send(str(trouble))
        return
    if not found.send(sound):
        sound.close()


def _alone(path: Path) -> Sound:
    return Playback(reopen_recording(path, (Who.REP,), swap=False))


def _answer(choice: Choice) -> Answer:
    if choice.all_mine:
        return Answer(ONLY)
    return Answer(NOBODY if choice.voice is None else ORDINALS[choice.voice], choice.remember)


class TakesDesk(QObject):
    """One window of takes, and the sound behind it: one take is heard at a time.

    Args:
        exercise: what was practised.
        found: the sessions, and the takes they make.
        settings: every knob.
        hear: opens a recording to be heard; ours unless a test says otherwise.
    """

    _changed = Signal()
    _troubled = Signal(str)

    def __init__(
        self,
        exercise: str,
        found: Sequence[tuple[Opened, Take]],
        settings: Settings,
        hear: Callable[[Opened], Sound] | None = None,
    ) -> None:
        view = TakesView(exercise, [t for _, t in found], settings.overlay.look)
        super().__init__(view)  # goes with the window
        self._opened = [o for o, _ in found]
        self._hear = hear or _sound
        self._sounds: dict[int, Sound] = {}
        self._place = 0
        self.view = view
        self.view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.view.setWindowIcon(tray_icon("idle"))
        self.view.asked.connect(self.play)
        self.view.stop_asked.connect(self.pause)
        self.view.closed.connect(self._close)
        self._changed.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._troubled.connect(self.view.tell, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(PLAYHEAD_MS)
        self._timer.timeout.connect(self._show)
        self.view.resize(1120, 800)
        self.view.show()
        self.view.raise_()
        self.view.activateWindow()

    def play(self, place: int, ms: int) -> None:
        """Let a take be heard from a moment on, and no other."""
        self.pause()
        self._place = place
        try:
            sound = self._sounds.get(place) or self._hear(self._opened[place])
        except Trouble as trouble:
            self.view.tell(str(trouble))
            return
        if place not in self._sounds:
            self._sounds[place] = sound
            sound.listen(self._changed.emit, self._troubled.emit)
        sound.play(ms)
        self._timer.start()

    def pause(self) -> None:
        """Be silent."""
        if (sound := self._sounds.get(self._place)) is not None:
            sound.pause()
            self._show()

    def _show(self) -> None:
        sound = self._sounds.get(self._place)
        if sound is not None and sound.playing:
            self.view.show_position(self._place, sound.position_ms)
        else:
            self._timer.stop()
            self.view.show_position(self._place, -1)

    def _close(self) -> None:
        self._timer.stop()
        for sound in self._sounds.values():
            sound.close()
        self._sounds.clear()  # each holds a way back to here


class WhatIfDesk(QObject):
    """One look back with other limits: the panel, and the thread that hears the call again.

    Args:
        opened: the past call.
        settings: the user's.
        path: the user's settings file; None for the usual one.
        kept: is told of the limits that were kept, for whoever holds the settings.
    """

    _drawn = Signal(object)

    def __init__(
        self,
        opened: Opened,
        settings: Settings,
        path: Path | None = None,
        kept: Callable[[Mapping[str, Value]], None] = lambda _: None,
    ) -> None:
        report = opened.report
        call = PastCall(
            report.title,
            report.call_type,
            opened.timeline.duration_ms,
            opened.timeline.blocks,
            report.nudges,
        )

        def keep(values: Mapping[str, Value]) -> None:
            save_values(path or app.settings_file(), values)
            kept(values)

        panel = WhatIf(call, app.for_call(settings, report.call_type), keep, settings.overlay.look)
        super().__init__(panel)  # lives as long as the panel does
        self.panel = panel
        self.panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._drawn.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._line = _Line(self._drawn.emit)
        self.panel.closed.connect(self._line.cut)
        events = corrected(opened.stored.events, opened.hand.corrections)
        threading.Thread(
            target=_draw, args=(events, settings, self._line), name="coach-whatif", daemon=True
        ).start()

    def _show(self, tape: Tape) -> None:
        if self._line.is_open:
            self.panel.show_judge(lambda settings: judge(tape, settings))


class _Line:
    """The way from a thread to a window that may be closed meanwhile: the thread never holds the window itself."""

    def __init__(self, hand_over: Callable[[Any], object]) -> None:
        self._lock = threading.Lock()
        self._hand_over: Callable[[Any], object] | None = hand_over

    @property
    def is_open(self) -> bool:
        return self._hand_over is not None

    def send(self, what: object) -> bool:
        """Hand something over; say whether somebody took it."""
        with self._lock:
            if self._hand_over is not None:
                self._hand_over(what)
            return self._hand_over is not None

    def cut(self) -> None:
        with self._lock:
            self._hand_over = None


def _draw(events: Sequence[Event], settings: Settings, line: _Line) -> None:
    tape = Tape(events)
    if line.is_open:
        judge(tape, settings)  # each rule's first answers take as long as a hundred later ones
    line.send(tape)


def _row(item: Item) -> Row:
    return Row(
        item.key,
        item.path.name,
        item.call_type,
        item.exercise,
        item.stage.value,
        item.share,
        item.left_s,
        recalled(item.told),
        item.session is not None,
    )


def _comparable(items: Iterable[Item]) -> str:
    """Return the latest exercise of which two takes are done; empty for none."""
    done = [i.exercise for i in items if i.stage is Stage.DONE and i.session is not None and i.exercise]
    return next((e for e in reversed(done) if done.count(e) >= LEAST), "")


def _takes_of(exercise: str) -> list[Path]:
    """Return every kept session of an exercise."""
    found = []
    for written in library.sessions_folder().glob("*.hand"):
        session = written.with_suffix(library.ENDING)
        with suppress(Trouble):
            if session.exists() and exercise_of(read_hand(session).tags) == exercise:
                found.append(session)
    return found


def _take(opened: Opened, today: date) -> Take:
    return Take(opened.report.title, moment(opened.began, today), opened.report, opened.timeline)


def _sound(opened: Opened) -> Sound:
    path = library.recording_of(opened)
    return Playback(reopen_recording(path, opened.recorded_sides, swap=opened.swapped))

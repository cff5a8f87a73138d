"""The windows that come after a call: what they show is fetched here, what they ask for is done here.

With `coach.desktop` a composition root of Qt. Owns the open windows and the threads that read a recording for them. A
window opens at once, with words and marks; sound and waveform follow when they have been read.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QObject, Qt, Signal

from coach import app, library
from coach.audio.apart import Apart
from coach.audio.peaks import growing_peaks, load_peaks, save_peaks
from coach.audio.playback import Playback
from coach.call.events import SentenceHeard
from coach.trouble import Trouble
from coach.ui.axis import clock
from coach.ui.icons import tray_icon
from coach.ui.review import ReviewActions, Reviewed, ReviewWindow
from coach.ui.wording import call_type_name, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coach.audio.recording import Recording
    from coach.library import Opened
    from coach.settings import Settings

PEAKS = ".peaks"
"""Ending of the file beside a session in which the picture of its recording is kept."""


class Afterwards(QObject):
    """Open and keep the windows over past calls.

    Args:
        settings: every knob.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self._windows: dict[Path, ReviewWindow] = {}
        self._listeners: dict[Path, _Listening] = {}

    def open(self, session: Path) -> ReviewWindow:
        """Show a past call, or bring its window forward.

        Raises:
            Trouble: when it cannot be read.
        """
        session = session.resolve()
        if (window := self._windows.get(session)) is None:
            desk = _Desk(library.open_session(session, self.settings), self.settings)
            window = ReviewWindow(
                desk.reviewed, ReviewActions(desk.note, desk.correct), self.settings.overlay.look
            )
            window.setWindowIcon(tray_icon("idle"))
            window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._windows[session] = window
            window.closed.connect(lambda: self._forget(session))
            self._listen(session, desk.opened, window)
        window.show()
        window.raise_()
        window.activateWindow()
        return window

    def open_at(self, session: Path, at_ms: int) -> None:
        """Show a past call at a moment. Raises `Trouble` when it cannot be read."""
        self.open(session).hear(at_ms)

    @property
    def busy(self) -> bool:
        """Say whether a window is open."""
        return bool(self._windows)

    def close(self) -> None:
        """Close every window."""
        for window in list(self._windows.values()):
            window.close()

    def _listen(self, session: Path, opened: Opened, window: ReviewWindow) -> None:
        if opened.recording is None:
            return
        listening = _Listening(opened, session.with_suffix(PEAKS), self.settings)
        listening.found.connect(window.show_sound)
        listening.silent.connect(window.show_silent)
        listening.read.connect(window.show_waveform)
        self._listeners[session] = listening
        window.show_silent("")
        listening.start()

    def _forget(self, session: Path) -> None:
        self._windows.pop(session, None)
        if (listening := self._listeners.pop(session, None)) is not None:
            listening.stop()


class _Desk:
    """What one window asks for: every wish ends in the call as it stands then."""

    def __init__(self, opened: Opened, settings: Settings) -> None:
        self.opened = opened
        self._settings = settings

    @property
    def reviewed(self) -> Reviewed:
        """The call as the window shows it."""
        return reviewed(self.opened)

    def note(self, note: object) -> Reviewed:
        """Keep a note. Raises `Trouble` when it cannot be kept."""
        self.opened = self.opened.noted(note, self._settings)  # type: ignore[arg-type]
        return self.reviewed

    def correct(self, correction: object) -> Reviewed:
        """Keep a correction. Raises `Trouble` when it cannot be kept."""
        self.opened = self.opened.put_right(correction, self._settings)  # type: ignore[arg-type]
        return self.reviewed


def reviewed(opened: Opened) -> Reviewed:
    """Return a past call as a window shows it."""
    corrections = opened.hand.corrections
    machine = {
        (c.speaker or c.who, c.start_ms): e
        for e in opened.stored.events
        if isinstance(e, SentenceHeard) and (c := corrections.get((e.who, e.start_ms))) is not None
    }
    parts = (call_type_name(opened.report.call_type), _day(opened.began), clock(opened.timeline.duration_ms))
    return Reviewed(
        opened.report.title,
        " · ".join(filter(None, parts)),
        opened.report,
        opened.timeline,
        opened.hand,
        machine,
    )


def _day(began: str) -> str:
    """Return a moment in the words of the user's country; nothing where nobody knows when the call was."""
    moment = QDateTime.fromString(began, Qt.DateFormat.ISODate)
    return (
        QLocale().toString(moment.toLocalTime(), QLocale.FormatType.ShortFormat) if moment.isValid() else ""
    )


class _Listening(QObject):
    """Find a call's recording and read its picture, on a thread of its own."""

    found = Signal(object)
    silent = Signal(str)
    read = Signal(object)

    def __init__(self, opened: Opened, cache: Path, settings: Settings) -> None:
        super().__init__()
        self._path, self._swapped, self._cache = opened.recording, opened.swapped, cache
        self._told = opened.told_apart
        self._settings = settings
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="coach-waveform", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Read no further, and tell nothing more."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        assert self._path is not None  # noqa: S101 - there is something to listen to
        if not self._path.exists():
            self._tell(self.silent.emit, say("play.gone", where=str(self._path)))
            return
        try:
            recording = app.open_call(self._path, app.with_swapped(self._settings, swapped=self._swapped))
            if self._stop.is_set():
                return
            self.found.emit(Playback(recording))  # it opens no device until it is asked to play
            self._read(recording)
        except Trouble as trouble:
            self._tell(self.silent.emit, str(trouble))

    def _read(self, recording: Recording) -> None:
        assert self._path is not None  # noqa: S101 - as above
        if self._told and len(recording.channels) == 1:
            # Not kept: told apart anew, with another voice for the rep's, the same file has another picture.
            for part in growing_peaks(Apart(recording, self._told)):
                if self._stop.is_set():
                    return
                self._tell(self.read.emit, part)
            return
        peaks = load_peaks(self._cache, self._path, swapped=self._swapped)
        if peaks is None:
            for part in growing_peaks(recording):
                if self._stop.is_set():
                    return
                self._tell(self.read.emit, part)
                peaks = part
            if peaks is not None and peaks.whole:
                save_peaks(peaks, self._cache, self._path)
        else:
            self._tell(self.read.emit, peaks)

    def _tell(self, emit: Callable[[object], None], what: object) -> None:
        if not self._stop.is_set():
            emit(what)

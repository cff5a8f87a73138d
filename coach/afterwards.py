"""The windows that come after a call: what they show is fetched here, what they ask for is done here.

With `coach.desktop` a composition root of Qt. Owns the open windows and the threads that read a recording for them. A
window opens at once, with words and marks; sound and waveform follow when they have been read.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QObject, QStandardPaths, Qt, Signal

from coach import exporting, library
from coach.archive import locker
from coach.audio.apart import Apart
from coach.audio.peaks import growing_peaks, load_peaks, save_peaks
from coach.audio.playback import Playback
from coach.audio.recording import reopen_recording
from coach.call.events import SentenceHeard
from coach.language import phrase
from coach.locking import PLAIN_COPY
from coach.swapping import can_swap, swap_sides
from coach.trouble import Trouble
from coach.ui.axis import clock
from coach.ui.icons import tray_icon
from coach.ui.review import ReviewActions, Reviewed, ReviewWindow
from coach.ui.saving import ask_where
from coach.ui.wording import call_type_name, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coach.audio.recording import Recording
    from coach.call.hand import Correction, Note
    from coach.library import Opened
    from coach.settings import Settings
    from coach.ui.whatif import WhatIf

PEAKS = ".peaks"
"""Ending of the file beside a session in which the picture of its recording is kept."""


class Afterwards(QObject):
    """Open and keep the windows over past calls.

    Args:
        settings: every knob.
        what_if: makes the panel that judges a call with other limits; None where nothing can.
        choose_voice: takes a recording with several voices, and its type of call, to where the rep's can be chosen;
            None where nothing can.
    """

    def __init__(
        self,
        settings: Settings,
        what_if: Callable[[Opened], WhatIf] | None = None,
        choose_voice: Callable[[Path, str], None] | None = None,
    ) -> None:
        super().__init__()
        self._choose_voice = choose_voice
        self.settings = settings
        self._what_if = what_if
        self._panels: dict[Path, WhatIf] = {}
        self.ask_where = ask_where
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
            actions = ReviewActions(
                desk.note,
                desk.correct,
                export=lambda: self._save(session, desk),
                whatif=(lambda: self._try_limits(session, desk)) if self._what_if is not None else None,
                swap=desk.swap if can_swap(desk.opened) else None,
                choose=(lambda: self._choose(session, desk)) if self._choose_voice is not None else None,
            )
            window = ReviewWindow(desk.reviewed, actions, self.settings.overlay.look)
            window.setWindowIcon(tray_icon("idle"))
            window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._windows[session] = window
            window.closed.connect(lambda: self._forget(session))
            window.swapped.connect(lambda: self._listen_again(session, desk))
            self._listen(session, desk.opened, window)
        window.show()
        window.raise_()
        window.activateWindow()
        return window

    def use(self, settings: Settings) -> None:
        """Show calls with these settings from the next window on."""
        self.settings = settings

    def close_these(self, sessions: Iterable[str]) -> None:
        """Close the windows of calls that are about to be forgotten: nothing may be written beside them again."""
        for session in sessions:
            if (window := self._windows.get(Path(session).resolve())) is not None:
                window.close()

    @property
    def busy(self) -> bool:
        """Say whether a window is open."""
        return bool(self._windows)

    def close(self) -> None:
        """Close every window."""
        for window in list(self._windows.values()):
            window.close()

    def _try_limits(self, session: Path, desk: _Desk) -> None:
        """Show what the coach would have said with other limits; what is clicked there is heard here."""
        if self._what_if is None:
            return
        if (old := self._panels.pop(session, None)) is not None:
            old.close()
        self._panels[session] = panel = self._what_if(desk.opened)
        panel.asked.connect(self._windows[session].hear)
        panel.destroyed.connect(lambda _=None, panel=panel: self._panel_gone(session, panel))
        panel.setWindowIcon(tray_icon("idle"))
        panel.resize(980, 720)
        panel.show()
        panel.raise_()
        panel.activateWindow()

    def _panel_gone(self, session: Path, panel: WhatIf) -> None:
        if self._panels.get(session) is panel:
            del self._panels[session]

    def _save(self, session: Path, desk: _Desk) -> None:
        """Ask where the call is to be saved, and save it."""
        window, opened = self._windows[session], desk.opened
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        where = self.ask_where(window, exporting.file_name(opened.report.title), folder)
        if where is None:
            return
        path, form = where
        try:
            card = exporting.card_of(opened, exporting.past_of(opened))
            wanted = exporting.wishes([str(path)], [form])
            written = exporting.export(card, wanted, session=session)
        except Trouble as trouble:
            window.warn(str(trouble))
        else:
            told = say("review.saved", where=", ".join(map(str, written)))
            window.tell(f"{told} {phrase(PLAIN_COPY)}" if locker.is_on(session) else told)

    def _listen(self, session: Path, opened: Opened, window: ReviewWindow) -> None:
        if opened.recording is None:
            return
        listening = _Listening(opened, session.with_suffix(PEAKS))
        listening.found.connect(window.show_sound)
        listening.silent.connect(window.show_silent)
        listening.read.connect(window.show_waveform)
        self._listeners[session] = listening
        window.show_silent("")
        listening.start()

    def _choose(self, session: Path, desk: _Desk) -> None:
        """Let the recording be coached again, to ask; this window would show what it was."""
        try:
            recording = library.recording_of(desk.opened)
        except Trouble as trouble:
            self._windows[session].warn(str(trouble))
            return
        self._windows[session].close()
        if self._choose_voice is not None:
            self._choose_voice(recording, desk.opened.report.call_type)

    def _listen_again(self, session: Path, desk: _Desk) -> None:
        """Draw the sound of each side anew, and close what looked back on the call as it was."""
        if (panel := self._panels.pop(session, None)) is not None:
            panel.close()
        if (listening := self._listeners.pop(session, None)) is not None:
            listening.stop()
        self._listen(session, desk.opened, self._windows[session])

    def _forget(self, session: Path) -> None:
        self._windows.pop(session, None)
        if (panel := self._panels.pop(session, None)) is not None:
            panel.close()
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

    def note(self, note: Note) -> Reviewed:
        """Keep a note. Raises `Trouble` when it cannot be kept."""
        self.opened = self.opened.noted(note, self._settings)
        return self.reviewed

    def correct(self, correction: Correction) -> Reviewed:
        """Keep a correction. Raises `Trouble` when it cannot be kept."""
        self.opened = self.opened.put_right(correction, self._settings)
        return self.reviewed

    def swap(self) -> Reviewed:
        """Turn the sides round. Raises `Trouble` when that cannot be kept."""
        self.opened = swap_sides(self.opened, self._settings)
        return self.reviewed


def _voices(opened: Opened) -> str:
    """Return how the sides of a call are known, as the window names it."""
    meters = opened.report.meters
    if opened.told_apart:
        return "told_apart"
    if meters.mixed:
        return "mixed"
    return "alone" if meters.alone else ""


def reviewed(opened: Opened) -> Reviewed:
    """Return a past call as a window shows it."""
    corrections = opened.hand.corrections
    machine = {
        (c.speaker or c.who, c.start_ms): e
        for e in opened.stored.events
        if isinstance(e, SentenceHeard) and (c := corrections.get((e.who, e.start_ms))) is not None
    }
    kind = call_type_name(opened.report.call_type)
    named = opened.hand.title or opened.stored.head.get("title")
    title = opened.report.title if named else say("review.untitled", type=kind)
    parts = (kind, _day(opened.began), clock(opened.timeline.duration_ms))
    return Reviewed(
        title,
        " · ".join(filter(None, parts)),
        opened.report,
        opened.timeline,
        opened.hand,
        machine,
        _voices(opened),
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

    def __init__(self, opened: Opened, cache: Path) -> None:
        super().__init__()
        self._path, self._swapped, self._cache = opened.recording, opened.swapped, cache
        self._opened, self._told, self._session = opened, opened.told_apart, opened.path
        self._sides = opened.recorded_sides
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
        try:
            library.recording_of(self._opened)  # another file in its place is not this call
            recording = reopen_recording(self._path, self._sides, swap=self._swapped)
            if self._stop.is_set():
                return
            self.found.emit(Playback(recording))  # it opens no device until it is asked to play
            self._read(recording)
        except Trouble as trouble:
            self._tell(self.silent.emit, str(trouble))

    def _read(self, recording: Recording) -> None:
        assert self._path is not None  # noqa: S101 - as above
        if self._told:
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
            # Where calls are locked no picture is kept: it shows who was loud when, and can be made again.
            if peaks is not None and peaks.whole and self._session.exists() and not locker.is_on(self._cache):
                save_peaks(peaks, self._cache, self._path)
        else:
            self._tell(self.read.emit, peaks)

    def _tell(self, emit: Callable[[object], None], what: object) -> None:
        if not self._stop.is_set():
            emit(what)

"""The review window: a past call seen, read and heard.

Owns how lanes, words, sound and what stands beside them move together, and the keys. Refuses to know files, devices and
models: it is handed a value and a `Sound`, and asks through callables. Whatever is clicked is heard; where there is no
sound, the place is shown all the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from coach.call.hand import Correction, Hand, Note, SentenceKey
from coach.report.timeline import NUDGE, Mark
from coach.trouble import Trouble
from coach.ui.beside import Beside
from coach.ui.correct import CorrectSheet, NoteSheet
from coach.ui.lanes import Lanes
from coach.ui.overview import Overview
from coach.ui.sheet import dress
from coach.ui.sheet import label as text
from coach.ui.theme import LOOKS
from coach.ui.transcript import Transcript, lines
from coach.ui.transport import Transport
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coach.call.events import SentenceHeard
    from coach.report.document import CallReport
    from coach.report.timeline import Timeline
    from coach.ui.sound import Sound, Waveform

FRAME_MS = 33
"""The playhead moves thirty times a second, and only while something plays."""
STEP_MS = 5_000
"""An arrow key goes so far (``desktop-facts.md``, 4)."""
BACK_MS = 700
"""Behind the start of a turn by less than this, `[` goes to the turn before it."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A past call as the window shows it.

    Args:
        title: its name.
        subtitle: type, day and length, in words.
        report: its report, corrections in.
        timeline: the same on one axis, notes in.
        hand: what was written by hand.
        machine: the machine's own sentence behind each that was put right, by its present side and start.
        voices: ``told_apart`` where the sides share one channel, ``mixed`` where nobody knows which voice is the rep's,
            ``alone`` where only the microphone was heard; empty for two channels.
    """

    title: str
    subtitle: str
    report: CallReport
    timeline: Timeline
    hand: Hand = field(default_factory=Hand)
    machine: Mapping[SentenceKey, SentenceHeard] = field(default_factory=dict)
    voices: str = ""


@dataclass(frozen=True, slots=True)
class ReviewActions:
    """What the window may ask for.

    ``note``, ``correct`` and ``swap`` keep something and return the call with it, or raise `Trouble`; without ``swap``
    the sides of a call cannot be turned round. ``choose`` goes where the rep's voice can be chosen.
    """

    note: Callable[[Note], Reviewed]
    correct: Callable[[Correction], Reviewed]
    export: Callable[[], None] | None = None
    whatif: Callable[[], None] | None = None
    swap: Callable[[], Reviewed] | None = None
    choose: Callable[[], None] | None = None


class ReviewWindow(QWidget):
    """The window.

    Args:
        call: what to show.
        actions: what it may ask for.
        look: ``dark`` or ``light``.
    """

    closed = Signal()
    swapped = Signal()
    """The sides were turned round: the picture of the sound is another."""
    _sound_changed = Signal()
    _sound_failed = Signal(str)

    def __init__(self, call: Reviewed, actions: ReviewActions, look: str = "dark") -> None:
        super().__init__()
        self._call, self._actions = call, actions
        self._sound: Sound | None = None
        self._place_ms = 0
        palette = LOOKS[look]
        self._look = palette
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        dress(self, palette)
        self.lanes = Lanes(call.timeline, palette)
        self.overview = Overview(call.timeline, palette)
        self.transport = Transport(palette, call.timeline.duration_ms, {m.kind for m in call.timeline.marks})
        self.transcript = Transcript(palette)
        self.beside = Beside()
        self._title, self._subtitle = text("", "title"), text("", "hint")
        self.search = QLineEdit()
        self._found = QLabel()
        self._found.setObjectName("quiet")
        self._lay_out()
        self._connect()
        self._show(call)
        self.transport.show_silent(say("play.silent"))
        self._frames = QTimer(self, interval=FRAME_MS)
        self._frames.timeout.connect(self._follow)
        self._sound_changed.connect(self._on_sound)
        self._sound_failed.connect(self._on_failed)
        self.resize(1180, 780)
        self.transcript.setFocus()

    @property
    def call(self) -> Reviewed:
        """What is shown."""
        return self._call

    @property
    def place_ms(self) -> int:
        """Where one is in the call."""
        return self._place_ms

    def show_sound(self, sound: Sound) -> None:
        """Let the call be heard from now on."""
        self._sound = sound
        sound.listen(self._sound_changed.emit, self._sound_failed.emit)
        self.transport.show_silent("")

    def show_silent(self, why: str) -> None:
        """Say why the call cannot be heard, in a sentence."""
        self.transport.show_silent(why)

    def show_waveform(self, waveform: Waveform | None) -> None:
        """Show how loud the recording is, as far as it is known."""
        self.lanes.show_waveform(waveform)

    def hear(self, from_ms: int, to_ms: int | None = None) -> None:
        """Go to a moment and let it be heard."""
        self._go(from_ms)
        if self._sound is not None:
            self._sound.play(from_ms, to_ms)

    # --- layout -------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 10, 14, 2)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self._subtitle)
        head.addLayout(names, 1)
        self.search.setPlaceholderText(say("review.search"))
        self.search.setAccessibleName(say("review.search"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(250)
        self._found.setMinimumWidth(self._found.fontMetrics().horizontalAdvance(say("review.found_none")) + 8)
        head.addWidget(self._found)
        head.addWidget(self.search)
        for words, then in (
            (say("review.whatif"), self._actions.whatif),
            (say("review.export"), self._actions.export),
        ):
            if then is not None:
                button = QToolButton()
                button.setText(words)
                button.clicked.connect(lambda _checked, then=then: then())
                head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(self._voices())
        column.addWidget(self.lanes)
        column.addWidget(self.overview)
        column.addWidget(self.transport)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.transcript)
        split.addWidget(self.beside)
        split.setStretchFactor(0, 5)
        split.setStretchFactor(1, 3)
        split.setSizes([720, 440])
        split.setChildrenCollapsible(False)
        split.handle(1).setAccessibleName(say("review.split"))
        self.beside.setMinimumWidth(260)
        self.transcript.setMinimumWidth(320)
        column.addWidget(split, 1)
        self._told = text("", "quiet")
        self._told.setContentsMargins(14, 0, 14, 6)
        self._told.hide()
        column.addWidget(self._told)

    def _voices(self) -> QHBoxLayout:
        """Lay out the line that says how the sides of one channel were told apart, and turns them round."""
        self.voices = text("", "hint")
        self.swap = QToolButton()
        self.swap.setText(say("review.swap"))
        self.swap.setToolTip(say("review.swap_why"))
        self.swap.setAccessibleDescription(say("review.swap_why"))
        self.swap.clicked.connect(self.swap_sides)
        row = QHBoxLayout()
        row.setContentsMargins(14, 0, 14, 2)
        row.setSpacing(10)
        self.voices.setWordWrap(False)
        row.addWidget(self.voices)
        self.choose = QToolButton()
        self.choose.setText(say("queue.stage.asking"))
        self.choose.clicked.connect(
            lambda: self._actions.choose() if self._actions.choose is not None else None
        )
        row.addWidget(self.swap)
        row.addWidget(self.choose)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self.lanes.asked.connect(self.hear)
        self.lanes.chosen.connect(self._hear_mark)
        self.lanes.view_changed.connect(self.overview.show_view)
        self.overview.wished.connect(self.lanes.show_view)
        self.beside.asked.connect(self.hear)
        self.beside.note_asked.connect(self.write_note)
        self.transcript.chosen.connect(lambda s: self.hear(s.start_ms))
        self.transcript.correct_asked.connect(self.put_right)
        self.transport.play_asked.connect(self.play_or_pause)
        self.transport.zoom_asked.connect(self.lanes.zoom)
        self.transport.whole_asked.connect(self.lanes.zoom_out)
        self.transport.kinds_changed.connect(self.lanes.show_kinds)
        self.transport.cues_asked.connect(self.transcript.show_cues)
        self.transport.speed_asked.connect(
            lambda x: self._sound.set_speed(x) if self._sound is not None else None
        )
        self.search.textChanged.connect(self._seek_words)
        self.search.returnPressed.connect(lambda: self._next_found(1))
        keys: list[tuple[str | QKeySequence.StandardKey | Qt.Key, Callable[[], object]]] = [
            (Qt.Key.Key_Space, self.play_or_pause),
            (Qt.Key.Key_Left, lambda: self._jump(self._place_ms - STEP_MS)),
            (Qt.Key.Key_Right, lambda: self._jump(self._place_ms + STEP_MS)),
            ("[", lambda: self._turn(-1)),
            ("]", lambda: self._turn(1)),
            ("N", lambda: self._nudge(1)),
            ("Shift+N", lambda: self._nudge(-1)),
            ("/", self._start_search),
            ("F3", lambda: self._next_found(1)),
            ("Shift+F3", lambda: self._next_found(-1)),
            ("+", lambda: self.lanes.zoom(0.5)),
            ("=", lambda: self.lanes.zoom(0.5)),
            ("-", lambda: self.lanes.zoom(2.0)),
            ("0", self.lanes.zoom_out),
            ("<", lambda: self.transport.faster(-1)),
            (">", lambda: self.transport.faster(1)),
            ("C", self.transport.cues.click),
            ("M", lambda: self.write_note(self._place_ms)),
            ("E", self._correct_current),
            ("?", self.tell_keys),
            *((str(k), lambda k=k: self._nth_nudge(k)) for k in range(1, 10)),
        ]
        for key, then in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(then)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._escape)

    # --- what is shown ------------------------------------------------------------------------------------------

    def _show(self, call: Reviewed) -> None:
        self._call = call
        self.setWindowTitle(say("review.title", title=call.title))
        self._title.setText(call.title)
        voices = say(f"review.voices.{call.voices}") if call.voices else ""
        self.voices.setText(voices)
        self.voices.setVisible(bool(voices))
        self.choose.setVisible(call.voices == "mixed" and self._actions.choose is not None)
        self.swap.setVisible(call.voices == "told_apart" and self._actions.swap is not None)
        self._subtitle.setText(call.subtitle)
        self.lanes.show_timeline(call.timeline)
        self.overview.show_timeline(call.timeline)
        self.transcript.show_lines(
            lines(call.timeline.sentences, call.hand.corrections, mixed=call.timeline.mixed)
        )
        self.beside.show_report(call.report, call.hand.notes.values())
        self._turns = [b.start_ms for b in call.timeline.blocks if not b.small]
        self._nudges = [m.start_ms for m in call.timeline.marks if m.kind == NUDGE]

    def _go(self, ms: int) -> None:
        self._place_ms = min(max(0, ms), self._call.timeline.duration_ms)
        self.lanes.show_position(self._place_ms)
        self.lanes.bring(self._place_ms)
        self.overview.show_position(self._place_ms)
        self.transport.show_position(self._place_ms)
        self.transcript.show_heard(self._place_ms)

    def _jump(self, ms: int) -> None:
        """Go somewhere: heard if it plays, else only shown."""
        self._go(ms)
        if self._sound is not None:
            self._sound.seek(self._place_ms)

    @Slot()
    def play_or_pause(self) -> None:
        """Play from here, or be silent."""
        if self._sound is None:
            return
        if self._sound.playing:
            self._sound.pause()
        else:
            self._sound.play(self._place_ms)

    @Slot()
    def _on_sound(self) -> None:
        playing = self._sound is not None and self._sound.playing
        self.transport.show_playing(playing=playing)
        if playing:
            self._frames.start()
        else:
            self._frames.stop()
        self._follow()

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self.transport.show_silent(why)
        self.transport.play.setEnabled(True)  # a device may come back

    @Slot()
    def _follow(self) -> None:
        if self._sound is not None:
            self._go(self._sound.position_ms)

    def _hear_mark(self, mark: Mark) -> None:
        self.transcript.select_at(mark.start_ms)
        self.hear(mark.start_ms)

    def _turn(self, step: int) -> None:
        if step > 0:
            after = bisect_right(self._turns, self._place_ms)
            place = self._turns[after] if after < len(self._turns) else None
        else:
            before = bisect_left(self._turns, self._place_ms - BACK_MS) - 1
            place = self._turns[max(0, before)] if self._turns else None
        if place is not None:
            self._jump(place)

    def _nudge(self, step: int) -> None:
        if step > 0:
            after = bisect_right(self._nudges, self._place_ms)
            place = self._nudges[after] if after < len(self._nudges) else None
        else:
            before = bisect_left(self._nudges, self._place_ms) - 1
            place = self._nudges[before] if before >= 0 else None
        if place is not None:
            self._jump(place)

    def _nth_nudge(self, number: int) -> None:
        if number <= len(self._nudges):
            self._jump(self._nudges[number - 1])

    # --- search -------------------------------------------------------------------------------------------------

    def _start_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _seek_words(self, words: str) -> None:
        count = self.transcript.seek_words(words)
        self._tell_found(self.transcript.next_found(0), count)

    def _next_found(self, step: int) -> None:
        count = self.transcript.seek_words(self.search.text())
        self._tell_found(self.transcript.next_found(step), count)

    def _tell_found(self, place: int, count: int) -> None:
        if not self.search.text().strip():
            self._found.clear()
        elif not count:
            self._found.setText(say("review.found_none"))
        else:
            self._found.setText(say("review.found", place=str(place), count=str(count)))

    def _escape(self) -> None:
        if self.search.hasFocus() or self.search.text():
            self.search.clear()
            self.transcript.setFocus()
        else:
            self.close()

    # --- by hand ------------------------------------------------------------------------------------------------

    @Slot(int)
    def write_note(self, at_ms: int) -> None:
        """Open the sheet for a note at a moment."""
        note = self._call.hand.notes.get(at_ms) or Note(at_ms, "")
        sheet = NoteSheet(note, lambda n: self._keep(lambda: self._actions.note(n)), self._look, self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    @Slot(object)
    def put_right(self, now: SentenceHeard) -> None:
        """Open the sheet for putting a sentence right."""
        heard = self._call.machine.get((now.who, now.start_ms), now)
        sheet = CorrectSheet(
            heard,
            now,
            self._call.timeline.sides,
            lambda c: self._keep(lambda: self._actions.correct(c)),
            look=self._look,
            parent=self,
        )
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    @Slot()
    def swap_sides(self) -> None:
        """Turn the sides round: what was yours is theirs, and the other way about."""
        if (swap := self._actions.swap) is None:
            return
        if self._sound is not None:
            self._sound.pause()
        self.tell("")
        if self._keep(swap):
            self.show_waveform(None)
            self.swapped.emit()
            self.tell(say("review.swapped"))

    def _correct_current(self) -> None:
        if (said := self.transcript.current()) is not None:
            self.put_right(said)

    def _keep(self, work: Callable[[], Reviewed]) -> bool:
        try:
            self._show(work())
        except Trouble as trouble:
            self.warn(str(trouble))
            return False
        return True

    def warn(self, problem: str) -> None:
        """Say what could not be done."""
        box = QMessageBox(QMessageBox.Icon.Warning, say("app"), problem, parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def tell(self, sentence: str) -> None:
        """Say what was done, quietly."""
        self._told.setText(sentence)
        self._told.setVisible(bool(sentence))

    def tell_keys(self) -> None:
        """Show the keys."""
        box = QMessageBox(QMessageBox.Icon.NoIcon, say("review.keys"), say("review.all_keys"), parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Let the sound go."""
        self._frames.stop()
        if self._sound is not None:
            self._sound.close()
        self.closed.emit()
        super().closeEvent(event)

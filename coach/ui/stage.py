"""The trainer's stage: a call before a class, large enough for the back row.

Owns the window and its keys: a thin skin over `coach.report.lesson.Performance`, which knows what holds at which moment,
and over a sound, which knows how far it is. Refuses to know files and devices; nothing is recorded here, and the banner
says so. While nothing moves nothing is painted; while it plays, the playhead's two strips and what changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLayout, QStackedLayout, QVBoxLayout, QWidget

from coach.call.events import Who
from coach.report.lesson import CHOICES, STEP_MS, Performance, condition
from coach.report.plain import clean
from coach.ui.axis import clock
from coach.ui.icons import tray_icon
from coach.ui.lanes import Lanes, plain_palette
from coach.ui.silent import SilentClock
from coach.ui.stage_bar import StageBar
from coach.ui.stage_cards import CardSlot
from coach.ui.stage_help import HelpSheet
from coach.ui.stage_meters import Chapters, FiguresBeside, MeterStrip
from coach.ui.stage_panels import GuessPanel, Why, WhyPanel
from coach.ui.stage_words import Captions, Opening, Speaking, fonted, side_name, text_label
from coach.ui.theme import LOOKS
from coach.ui.wording import numbers, rule_name, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent

    from coach.report.guesses import Outcome
    from coach.ui.silent import Heard

FRAME_MS, SLOWEST_FRAME_MS = 33, 100
"""The playhead moves 30 times a second at most, and no oftener than it moves by a pixel; words ten times a second."""
_LANES: Final = {False: 9.4, True: 13.0}
_KEYS: Final = {
    Qt.Key.Key_Space: "play",
    Qt.Key.Key_Left: "back",
    Qt.Key.Key_Right: "on",
    Qt.Key.Key_Return: "speak",
    Qt.Key.Key_Enter: "speak",
    Qt.Key.Key_Escape: "leave",
}
_LETTERS: Final = {
    "n": "nudge_on",
    "N": "nudge_back",
    "c": "chapter_on",
    "C": "chapter_back",
    "p": "stops",
    "w": "why",
    "g": "guess",
    "t": "captions",
    "f": "full",
    "b": "both",
    "1": "take_1",
    "2": "take_2",
    "?": "help",
    "+": "faster",
    "=": "faster",
    "-": "slower",
}


class Stage(QWidget):
    """The window.

    Args:
        performance: the state of the lesson.
        open_sound: gives the sound of a take by its number, from 0; it may be silent.
        look: ``dark`` or ``light``.
        note: a sentence about the sound, such as that there is none.
    """

    left = Signal()
    _changed = Signal()
    _troubled = Signal(str)

    def __init__(
        self,
        performance: Performance,
        open_sound: Callable[[int], Heard],
        look: str = "dark",
        note: str = "",
    ) -> None:
        super().__init__()
        self._show, self._open_sound = performance, open_sound
        self._look = LOOKS[look]
        self._unit = 0.0
        self._sounds: dict[int, Heard] = {}
        self._lanes: dict[int, Lanes] = {}
        self._laid: tuple[float, tuple[int, ...]] = (0.0, ())
        self._tick = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._play_on)
        self._changed.connect(self._sound_changed)
        self._troubled.connect(self._go_silent)
        self.setWindowTitle(say("stage.name"))
        self.setWindowIcon(tray_icon("idle"))
        self.setAutoFillBackground(True)
        plain_palette(self, self._look)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(640, 360)
        self._make(note)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]  # the mouse is over children

    # --- what stands where --------------------------------------------------------------------------------------

    def _make(self, note: str) -> None:
        look, lesson = self._look, self._show.lesson
        self.title = text_label(look.title, self, wrap=False)
        self.banner = text_label(look.title, self, wrap=False)
        self.banner.setText(say("stage.banner"))
        self.clock = text_label(look.title, self, wrap=False)
        self.note = text_label(look.quiet, self, wrap=False)
        self.note.setText(note)
        self.told = text_label(look.reason, self)
        self.speaking = Speaking(look, tuple(Who), self)
        self.captions, self.opening = Captions(look, self), Opening(look, self)
        self.why = WhyPanel(look, self)
        self.guess = GuessPanel(look, tuple((rule, rule_name(rule)) for rule in CHOICES), self)
        self.meters, self.beside = MeterStrip(look, self), FiguresBeside(look, self)
        self.chapters = Chapters(look, self)
        self._names = tuple(f"{i} · {clean(t.name)}" for i, t in enumerate(lesson.takes, 1))
        self.slots = [CardSlot(look, name, self) for name in self._names]
        self.bar = StageBar(look, len(lesson.takes), self)
        self.help = HelpSheet(look, self)
        for i, slot in enumerate(self.slots):
            slot.waved.connect(lambda n=i: self._wave_away(n))
            slot.why.connect(lambda: self.act("why"))
        self.chapters.asked.connect(self._go)
        self.guess.chosen.connect(self._choose)
        self.bar.pressed.connect(self.act)
        self.beside.show_figures(self._names, lesson.figures)
        self._column = QVBoxLayout(self)
        # The parts follow the window, never the window its parts: a projector has the size it has.
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._column.addLayout(self._head())
        self._column.addLayout(self._upper())
        self._pages = QStackedLayout()
        for page in (self.captions, self.opening, self.why, self.guess):
            self._pages.addWidget(page)
        self._column.addLayout(self._pages, 1)
        for part in (self.meters, self.beside, self.chapters):
            self._column.addWidget(part)
        self._rows = QVBoxLayout()
        self._column.addLayout(self._rows)
        self._column.addWidget(self.bar)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        row.addWidget(self.note)
        row.addWidget(self.banner)
        row.addWidget(self.clock)
        return row

    def _upper(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._info = QWidget(self)
        column = QVBoxLayout(self._info)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.speaking)
        column.addWidget(self.told, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._info, 1)
        for slot in self.slots:
            row.addWidget(slot, 1)
        return row

    def _lay(self) -> None:
        """Fit everything to the window's size and to the takes that are seen."""
        height = self.height() / 100
        unit = min(height, self.width() / 150)
        shown = self._show.on_stage
        if (unit, shown) == self._laid:
            return
        self._laid, self._unit = (unit, shown), unit
        both, look = self._show.both, self._look
        self._column.setContentsMargins(*(round(2.6 * unit),) * 4)
        self._column.setSpacing(round(1.2 * unit))
        self.title.setFont(fonted(self.title, 3.0 * unit, bold=True))
        self.note.setFont(fonted(self.note, 1.8 * unit))
        self.clock.setFont(fonted(self.clock, 4.2 * unit, bold=True))
        self.told.setFont(fonted(self.told, 2.9 * unit))
        self.banner.setFont(fonted(self.banner, 2.1 * unit, bold=True))
        self.banner.setStyleSheet(
            f"QLabel {{ background: {look.tile('pounce')}; border: {max(1, round(0.15 * unit))}px solid"
            f" {look.accent('pounce')}; border-radius: {round(1.9 * unit)}px; padding: {round(0.5 * unit)}px"
            f" {round(1.6 * unit)}px; margin-right: {round(1.5 * unit)}px; }}"
        )
        self.captions.set_unit(height)
        for part in (self.speaking, self.opening, self.why, self.guess, self.meters, self.beside, self.chapters):
            part.set_unit(unit)
        self.bar.set_unit(unit)
        self.help.set_unit(unit)
        self._info.setVisible(not both)
        for i, slot in enumerate(self.slots):
            slot.setVisible(i in shown)
            slot.set_unit(unit, beside=both)
        self.meters.setVisible(not both)
        self.beside.setVisible(both)
        self._make_lanes(unit, shown)

    def _make_lanes(self, unit: float, shown: tuple[int, ...]) -> None:
        for lanes in self._lanes.values():
            self._rows.removeWidget(lanes)
            lanes.hide()
            lanes.deleteLater()
        self._lanes = {}
        names = {who: side_name(who) for who in Who}
        for i in shown:
            lanes = Lanes(self._drawn(i), self._look, unit / _LANES[self._show.both], self, names=names)
            lanes.asked.connect(self._go)
            lanes.chosen.connect(lambda mark: self._go(mark.start_ms))
            lanes.view_changed.connect(self._view_moved)
            self._rows.addWidget(lanes)
            self._lanes[i] = lanes
            if self._show.both:
                number = text_label(self._look.title, lanes, wrap=False)
                number.setFont(fonted(number, 2.4 * unit, bold=True))
                number.setText(str(i + 1))
                number.move(round(0.9 * unit), 0)

    def _drawn(self, number: int) -> object:
        """Return the time line of a take on the axis of all that are seen."""
        return replace(self._show.timeline(number), duration_ms=self._show.end_ms)

    @Slot(int, int)
    def _view_moved(self, start_ms: int, end_ms: int) -> None:
        for lanes in self._lanes.values():
            lanes.show_view(start_ms, end_ms)
        self._refresh()

    # --- what is shown ------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Hand every part what holds now; each paints only where that is new."""
        show, take = self._show, self._show.take
        at = show.at_ms
        self._set_text(self.clock, f"{clock(at)} / {clock(show.end_ms)}")
        room = self.width() - self.note.sizeHint().width() - self.banner.sizeHint().width() - 30 * self._unit
        title = clean(show.lesson.title if show.both or len(show.lesson.takes) == 1 else take.name)
        title = f"{clean(show.lesson.title)} · {title}" if title != clean(show.lesson.title) else title
        letters = QFontMetrics(self.title.font())
        self._set_text(self.title, letters.elidedText(title, Qt.TextElideMode.ElideRight, max(40, int(room))))
        self.speaking.show_now(take.speaking(at))
        said = take.said(at) if show.captions else ()
        self.captions.show_lines(tuple((s.who, clean(s.text)) for s in said))
        self.opening.show_points(say("stage.watch") if take.watch else "", tuple(map(clean, take.watch)))
        self.why.show_why(self._why())
        self._turn_page()
        self._set_text(self.told, self._told())
        self.meters.show_reading(take.reading(at), take.limits, words=take.reads_cues)
        for i in show.on_stage:
            self.slots[i].show_nudge(show.nudge(i))
            self.slots[i].show_heard(heard=i == show.heard)
            self._show_lanes(i)
        if (lanes := self._lanes.get(show.heard)) is not None:
            self.chapters.show_chapters(take.chapters if not show.both else (), lanes.view, at)
        self.bar.show_states(self._on(), self._texts(), self._can())

    def _show_lanes(self, number: int) -> None:
        lanes = self._lanes.get(number)
        if lanes is None:
            return
        drawn = self._show.timeline(number)
        if lanes.property("marks") != len(drawn.marks):
            lanes.setProperty("marks", len(drawn.marks))
            lanes.show_timeline(self._drawn(number))  # type: ignore[arg-type]
        lanes.show_position(self._show.at_ms)

    def _told(self) -> str:
        """Return the line beneath the lamps: what became of a guess, else where the call is."""
        show, take = self._show, self._show.take
        if show.outcome is not None:
            return _kindly(show.outcome)
        if show.guess is not None:
            return say("stage.guess.open", rule=rule_name(show.guess.rule))
        if show.at_ms >= show.end_ms:
            return say("stage.ended")
        if show.guessing:
            return say("stage.guessing")
        if self._pages.currentWidget() is self.opening:
            return clean(take.title)
        return clean(take.chapter(show.at_ms))

    def _why(self) -> Why:
        nudge = self._show.explained()
        if nudge is None:
            none = "stage.no_nudge.why" if self._show.take.shown else "stage.no_nudge.none"
            return Why("", say("stage.no_nudge"), say(none))
        return Why(
            nudge.rule,
            f"{clock(nudge.at_ms)}   {rule_name(nudge.rule)}",
            condition(nudge.rule),
            tuple(n[:1].upper() + n[1:] for n in numbers(nudge)),
            say("why.source", source=clean(nudge.source)) if nudge.source else "",
            say("stage.asked", question=clean(nudge.suggestion)) if nudge.suggestion else "",
        )

    def _turn_page(self) -> None:
        show = self._show
        if show.asked:
            page: QWidget = self.guess
        elif show.why:
            page = self.why
        elif show.at_ms == 0 and not self.playing:
            page = self.opening
        else:
            page = self.captions
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)

    def _on(self) -> dict[str, bool]:
        show = self._show
        return {
            "take_1": not show.both and show.heard == 0,
            "take_2": not show.both and show.heard == 1,
            "both": show.both,
            "why": show.why,
            "guess": show.guessing,
            "stops": show.stops,
            "captions": show.captions,
            "full": self.isFullScreen(),
            "help": self.help.isVisible(),
        }

    def _texts(self) -> dict[str, str]:
        faster = say("stage.do.faster")
        if self._show.speed != 1.0:
            faster = f"{faster} · {self._show.speed:g}×"
        return {"play": say("stage.do.pause" if self.playing else "stage.do.play"), "faster": faster}

    def _can(self) -> dict[str, bool]:
        return {"speak": self._show.guessing}

    @staticmethod
    def _set_text(label: QObject, text: str) -> None:
        if label.text() != text:  # type: ignore[attr-defined]
            label.setText(text)  # type: ignore[attr-defined]

    # --- sound and time -----------------------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        """Say whether it plays."""
        return self._tick.isActive()

    @property
    def _sound(self) -> Heard:
        number = self._show.heard
        if number not in self._sounds:
            sound = self._open_sound(number)
            sound.listen(self._changed.emit, self._troubled.emit)
            self._sounds[number] = sound
        return self._sounds[number]

    def play(self) -> None:
        """Play from where it is; from the beginning once it has ended."""
        show = self._show
        if show.at_ms >= min(show.end_ms, show.take.duration_ms):
            show.seek(0)
        show.going_on()
        sound = self._sound
        sound.set_speed(show.speed)
        sound.seek(show.at_ms)
        sound.play()
        self._tick.start(self._frame_ms())
        self._refresh()

    def pause(self) -> None:
        """Stay where it is."""
        self._tick.stop()
        self._sound.pause()
        self._refresh()

    def _frame_ms(self) -> int:
        lanes = self._lanes.get(self._show.heard)
        if lanes is None:
            return SLOWEST_FRAME_MS
        a_pixel = lanes.view.ms_per_px / lanes.devicePixelRatioF() / self._show.speed
        return max(FRAME_MS, min(SLOWEST_FRAME_MS, round(a_pixel)))

    @Slot()
    def _play_on(self) -> None:
        stop = self._show.played(self._sound.position_ms)
        if stop is not None:
            self._tick.stop()
            self._sound.pause()
            self._sound.seek(stop)
        elif not self._sound.playing:
            self._tick.stop()
        self._refresh()

    @Slot()
    def _sound_changed(self) -> None:
        if self._tick.isActive() and not self._sound.playing:
            self._play_on()

    @Slot(str)
    def _go_silent(self, sentence: str) -> None:
        """Go on without the sound that cannot be played: the class is in the room."""
        played, number = self._tick.isActive(), self._show.heard
        if (sound := self._sounds.pop(number, None)) is not None:
            sound.close()
        self._sounds[number] = SilentClock(self._show.take.duration_ms)
        self._sounds[number].seek(self._show.at_ms)
        self.note.setText(say("stage.silent"))
        self.note.setToolTip(sentence)
        if played:
            self.play()
        else:
            self._refresh()

    # --- what can be done ---------------------------------------------------------------------------------------

    @Slot(str)
    def act(self, name: str) -> None:
        """Do what a key or a button says."""
        show = self._show
        match name:
            case "play":
                self.pause() if self.playing else self.play()
            case "back":
                self._go(show.at_ms - STEP_MS)
            case "on":
                self._go(show.at_ms + STEP_MS)
            case "nudge_on" | "nudge_back":
                self._gone(show.to_nudge(forward=name == "nudge_on"))
            case "chapter_on" | "chapter_back":
                self._gone(show.to_chapter(forward=name == "chapter_on"))
            case "take_1" | "take_2":
                self._hear(int(name[-1]) - 1)
            case "both":
                self._switch(lambda: show.show_both(both=not show.both))
            case "faster" | "slower":
                self._sound.set_speed(show.faster(1 if name == "faster" else -1))
                if self.playing:
                    self._tick.start(self._frame_ms())
            case "speak":
                if show.ask():
                    self.pause()
            case "why":
                show.why = not show.why
            case "guess":
                show.guess_on(on=not show.guessing)
            case "stops":
                show.stops = not show.stops
            case "captions":
                show.captions = not show.captions
            case "full":
                self.showNormal() if self.isFullScreen() else self.showFullScreen()
            case "help":
                self.help.setVisible(not self.help.isVisible())
            case "leave":
                self.help.hide() if self.help.isVisible() else self.close()
                return
        self._refresh()

    def _hear(self, number: int) -> None:
        """Hear another take: alone where one is shown, beside the other where both are."""
        if number < len(self._show.lesson.takes):
            self._switch(lambda: self._show.hear(number))

    def _switch(self, change: Callable[[], object]) -> None:
        playing = self.playing
        self._tick.stop()
        self._sound.pause()
        change()
        self._sound.seek(self._show.at_ms)
        self._lay()
        if playing:
            self.play()
        else:
            self._refresh()

    def _choose(self, number: int) -> None:
        if self._show.choose(number):
            self.play()

    def _wave_away(self, number: int) -> None:
        self._show.wave_away(number)
        self._refresh()

    @Slot(int)
    def _go(self, ms: int) -> None:
        self._gone(self._show.seek(ms))

    def _gone(self, ms: int | None) -> None:
        if ms is not None:
            self._sound.seek(ms)
            for lanes in self._lanes.values():
                lanes.bring(ms)
        self._refresh()

    # --- keys, mouse, window ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Do what the key means; digits answer while the room is asked."""
        if self._show.asked and event.text().isdecimal() and self._choice(int(event.text())):
            return
        name = _KEYS.get(Qt.Key(event.key())) or _LETTERS.get(event.text())
        if name is None:
            super().keyPressEvent(event)
        else:
            self.act(name)

    def _choice(self, number: int) -> bool:
        if not 1 <= number <= len(CHOICES):
            return False
        self._choose(number - 1)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Wake the buttons when the mouse moves anywhere over the window; chapters follow their lanes."""
        if event.type() is QEvent.Type.Resize and watched in self._lanes.values():
            QTimer.singleShot(0, self, self._refresh)  # once the lanes know their new axis
        if event.type() is QEvent.Type.MouseMove and isinstance(watched, QWidget) and watched.window() is self:
            self.bar.wake()
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Take the keys: no button has them until Tab is pressed."""
        super().showEvent(event)
        self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit everything anew."""
        super().resizeEvent(event)
        self.help.setGeometry(self.rect())
        self._lay()
        self._refresh()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Let the sound go and say that the class is over."""
        self._tick.stop()
        for sound in self._sounds.values():
            sound.close()
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        super().closeEvent(event)
        self.left.emit()


def _kindly(outcome: Outcome) -> str:
    """Return what became of a guess, in a sentence without blame."""
    if outcome.noticed is not None:
        return say("stage.guess.noticed")
    if outcome.nudge is None:
        return say("stage.guess.quiet")
    rule, seconds = rule_name(outcome.nudge.rule), f"{outcome.ahead_s:.0f}"
    if outcome.kind == "near" and outcome.ahead_s > 10:  # noqa: PLR2004 - `guesses.AT_ONCE_MS`
        return say("stage.guess.near_later", rule=rule, seconds=seconds)
    return say(f"stage.guess.{outcome.kind}", rule=rule, seconds=seconds)

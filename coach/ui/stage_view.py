"""What stands on the trainer's stage, and where: large enough for the back row, whatever the window's size.

Owns the parts and their places. Refuses to know keys, sound and time: it is told to show what holds now, and each part
paints only where that is new.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QStackedLayout, QVBoxLayout, QWidget

from coach.call.events import Who
from coach.report.guesses import AT_ONCE_MS, NEAR
from coach.report.lesson import CHOICES, Performance, condition
from coach.report.nudged import source_of
from coach.report.plain import clean
from coach.ui.axis import clock
from coach.ui.icons import tray_icon
from coach.ui.lanes import Lanes
from coach.ui.stage_bar import StageBar
from coach.ui.stage_cards import CardSlot
from coach.ui.stage_help import HelpSheet
from coach.ui.stage_meters import Chapters, FiguresBeside, MeterStrip
from coach.ui.stage_panels import GuessPanel, Why, WhyPanel
from coach.ui.stage_words import Captions, Opening, Speaking, fonted, grounded, side_name, text_label
from coach.ui.theme import LOOKS
from coach.ui.wording import numbers, rule_name, say
from coach.writing import localised

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from coach.nudges.commands import Nudge
    from coach.report.guesses import Outcome
    from coach.report.timeline import Timeline
    from coach.ui.sound import Waveform
    from coach.ui.theme import Palette

_LANES: Final = {False: 9.4, True: 13.0}
"""Hundredths of the window's height at which the lanes have scale 1; smaller where two stand one above the other."""
_MARGIN, _APART = 2.6, 1.2
_WIDEST = 150
"""A window narrower than so many hundredths of its height has smaller letters, captions excepted."""


class StageView(QWidget):
    """The parts, with no life of their own.

    Args:
        performance: the state of the lesson.
        look: ``dark`` or ``light``.
    """

    acted = Signal(str)
    """A button was pressed: the name of its action."""
    asked = Signal(int)
    """A click asks for this moment, in ms."""
    guessed = Signal(int)
    """The room chose, from 0."""

    def __init__(self, performance: Performance, look: str = "dark") -> None:
        super().__init__()
        self._show = performance
        self._look = LOOKS[look]
        self._lanes: dict[int, Lanes] = {}
        self._waveforms: dict[int, Waveform] = {}
        self._laid: tuple[float, tuple[int, ...]] = (0.0, ())
        self._unit = 0.0
        self.setWindowTitle(say("stage.name"))
        self.setWindowIcon(tray_icon("idle"))
        grounded(self, self._look)
        self.setMinimumSize(640, 360)
        self._make()

    # --- what stands where --------------------------------------------------------------------------------------

    def _make(self) -> None:
        look, lesson = self._look, self._show.lesson
        self.title = text_label(look.title, self, wrap=False)
        self.banner = text_label(look.title, self, wrap=False)
        self.banner.setText(say("stage.banner"))
        self.clock = text_label(look.title, self, wrap=False)
        self.note = text_label(look.quiet, self, wrap=False)
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
            slot.why.connect(lambda: self.acted.emit("why"))
        self.chapters.asked.connect(self.asked)
        self.guess.chosen.connect(self.guessed)
        self.bar.pressed.connect(self.acted)
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

    def lay(self) -> None:
        """Fit everything to the window's size and to the takes that are seen."""
        height = self.height() / 100
        unit = min(height, self.width() / _WIDEST)
        shown = self._show.on_stage
        if (unit, shown) == self._laid:
            return
        self._laid, self._unit = (unit, shown), unit
        both, look = self._show.both, self._look
        self._column.setContentsMargins(*(round(_MARGIN * unit),) * 4)
        self._column.setSpacing(round(_APART * unit))
        self.title.setFont(fonted(self.title, 3.0 * unit, bold=True))
        self.note.setFont(fonted(self.note, 1.8 * unit))
        self.clock.setFont(fonted(self.clock, 4.2 * unit, bold=True))
        self.told.setFont(fonted(self.told, 2.9 * unit))
        self.banner.setFont(fonted(self.banner, 2.1 * unit, bold=True))
        self.banner.setStyleSheet(banner_sheet(look, unit))
        self.captions.set_unit(height)
        for part in (
            self.speaking,
            self.opening,
            self.why,
            self.guess,
            self.meters,
            self.beside,
            self.chapters,
        ):
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
            lanes.asked.connect(self.asked)
            lanes.chosen.connect(lambda mark: self.asked.emit(mark.start_ms))
            lanes.view_changed.connect(self._view_moved)
            lanes.show_waveform(self._waveforms.get(i))
            lanes.installEventFilter(self)
            self._rows.addWidget(lanes)
            self._lanes[i] = lanes
            if self._show.both:
                number = text_label(self._look.title, lanes, wrap=False)
                number.setFont(fonted(number, 2.4 * unit, bold=True))
                number.setText(str(i + 1))
                number.move(round(0.9 * unit), 0)

    def _drawn(self, number: int) -> Timeline:
        """Return the time line of a take on the axis of all that are seen."""
        return replace(self._show.timeline(number), duration_ms=self._show.end_ms)

    def show_waveform(self, number: int, waveform: Waveform) -> None:
        """Show how loud a take was, by its number from 0."""
        self._waveforms[number] = waveform
        if number in self._lanes:
            self._lanes[number].show_waveform(waveform)

    @Slot(int, int)
    def _view_moved(self, start_ms: int, end_ms: int) -> None:
        for lanes in self._lanes.values():
            lanes.show_view(start_ms, end_ms)
        self.show_now()

    # --- what is shown ------------------------------------------------------------------------------------------

    def show_now(self) -> None:
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
        self.meters.setVisible(
            not show.both and not take.timeline.mixed
        )  # of mixed voices they would be anybody's
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
            lanes.show_timeline(self._drawn(number))
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
        return why_lines(self._show.explained(), any_left=bool(self._show.take.shown))

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
            "take_1": show.heard == 0,
            "take_2": show.heard == 1,
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
            faster = f"{faster} · {localised(f'{self._show.speed:g}')}\u00d7"
        return {"play": say("stage.do.pause" if self.playing else "stage.do.play"), "faster": faster}

    def _can(self) -> dict[str, bool]:
        return {"speak": self._show.guessing}

    @staticmethod
    def _set_text(label: QLabel, text: str) -> None:
        if label.text() != text:
            label.setText(text)

    @property
    def playing(self) -> bool:
        """Say whether it plays; a view by itself never does."""
        return False

    def _wave_away(self, number: int) -> None:
        self._show.wave_away(number)
        self.show_now()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the chapters follow their lanes, once these know their new axis."""
        if event.type() is QEvent.Type.Resize and watched in self._lanes.values():
            QTimer.singleShot(0, self, self.show_now)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit everything anew."""
        super().resizeEvent(event)
        self.help.setGeometry(self.rect())
        self.lay()
        self.show_now()


def _kindly(outcome: Outcome) -> str:
    """Return what became of a guess, in a sentence without blame."""
    if outcome.noticed is not None:
        return say("stage.guess.noticed")
    if outcome.nudge is None:
        return say("stage.guess.quiet")
    rule, seconds = rule_name(outcome.nudge.rule), f"{outcome.ahead_s:.0f}"
    if outcome.kind == NEAR and 1000 * outcome.ahead_s > AT_ONCE_MS:
        return say("stage.guess.near_later", rule=rule, seconds=seconds)
    return say(f"stage.guess.{outcome.kind}", rule=rule, seconds=seconds)


def why_lines(nudge: Nudge | None, *, any_left: bool = True) -> Why:
    """Return why a nudge came; what to say where none has, and whether one will."""
    if nudge is None:
        return Why(
            "", say("stage.no_nudge"), say("stage.no_nudge.why" if any_left else "stage.no_nudge.none")
        )
    return Why(
        nudge.rule,
        f"{clock(nudge.at_ms)}   {rule_name(nudge.rule)}",
        condition(nudge.rule),
        tuple(n[:1].upper() + n[1:] for n in numbers(nudge)),
        say("why.source", source=clean(source_of(nudge))) if nudge.source else "",
        say("stage.asked", question=clean(nudge.suggestion)) if nudge.suggestion else "",
    )


def banner_sheet(look: Palette, unit: float) -> str:
    """Return the style of the banner that says what becomes of the words."""
    return (
        f"QLabel {{ background: {look.tile('pounce')}; border: {max(1, round(0.15 * unit))}px solid"
        f" {look.accent('pounce')}; border-radius: {round(1.9 * unit)}px; padding: {round(0.5 * unit)}px"
        f" {round(1.6 * unit)}px; margin-right: {round(1.5 * unit)}px; }}"
    )

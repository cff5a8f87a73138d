"""Takes of one exercise side by side: rows on one time axis, their figures beneath, what changed in one line.

Owns the window's inside. Refuses to know where takes are kept and how sound is played: it asks for a take and a moment.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from coach.report.takes import LEAST, MOST, UNKNOWN, compared, what_changed
from coach.report.timeline import NUDGE
from coach.ui.axis import clock
from coach.ui.lanes import Lanes
from coach.ui.sheet import label as _label
from coach.ui.sheet import window_sheet
from coach.ui.theme import LOOKS, METRICS, Palette, blend
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QCloseEvent

    from coach.report.takes import Take

STEP_MS: Final = 5_000
_TABLE_ROW: Final = 28
_SMALL: Final = 0.85
"""Three and four takes are drawn smaller, so that they are seen together."""


class TakesView(QWidget):
    """The takes.

    Args:
        exercise: what was practised; untrusted.
        takes: two to four, the first one first; more are cut to the first and the latest.
        look: ``dark`` or ``light``.
    """

    asked = Signal(int, int)
    """A take (its place, from 0) and a moment of it in ms: to be heard from there."""
    stop_asked = Signal()
    closed = Signal()

    def __init__(self, exercise: str, takes: Sequence[Take], look: str = "dark") -> None:
        super().__init__()
        self._takes = takes = shown_of(takes)
        self._look = LOOKS[look]
        self._chosen, self._at_ms, self._playing = 0, 0, -1
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(window_sheet(self._look) + _sheet(self._look))
        self.setWindowTitle(say("takes.title"))
        scale = 1.0 if len(takes) == LEAST else _SMALL
        self.rows = [
            _Row(place, take, _longest(takes), self._look, scale) for place, take in enumerate(takes)
        ]
        for place, row in enumerate(self.rows):
            row.asked.connect(partial(self._ask, place))
            row.played.connect(partial(self._toggle, place))
            row.lanes.view_changed.connect(self._same_view)
        told = what_changed(takes)
        changed = _label(told, "told")
        changed.setAccessibleName(told)
        self.table = _table(takes)
        self._note = _label("", "hint")
        self._note.hide()
        inside = QWidget()
        inside.setObjectName("page")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 4, 0)
        rows.setSpacing(METRICS.pad)
        for row in self.rows:
            rows.addWidget(row)
        rows.addWidget(self.table)
        rows.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(METRICS.pad)
        column.addWidget(_label(exercise or say("takes.title"), "title"))
        column.addWidget(changed)
        column.addWidget(_label(say("takes.keys"), "quiet"))
        column.addWidget(area, 1)
        column.addWidget(self._note)
        self._shortcuts()
        self._show_chosen()

    def show_position(self, place: int, ms: int) -> None:
        """Show where a take is played; -1 for one that is no longer played."""
        self._playing = place if ms >= 0 else -1
        if ms >= 0:
            self._chosen, self._at_ms = place, ms
        for p, row in enumerate(self.rows):
            row.show_position(self._at_ms if p == self._chosen else -1, playing=p == self._playing)
        self._show_chosen()

    def tell(self, sentence: str) -> None:
        """Say why something cannot be heard."""
        self._note.setText(sentence)
        self._note.setAccessibleName(sentence)
        self._note.setVisible(bool(sentence))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the window is closed."""
        super().closeEvent(event)
        self.closed.emit()

    def _ask(self, place: int, ms: int) -> None:
        self._chosen, self._at_ms = place, min(ms, self._takes[place].timeline.duration_ms)
        self._show_chosen()
        self.asked.emit(place, self._at_ms)

    def _toggle(self, place: int) -> None:
        if place == self._playing:
            self.stop_asked.emit()
        else:
            self._ask(place, self._at_ms if place == self._chosen else 0)

    def _choose(self, place: int) -> None:
        if place < len(self.rows):
            self._chosen = place
            self._move(0)
            self.rows[place].setFocus()

    def _move(self, by_ms: int) -> None:
        end = self._takes[self._chosen].timeline.duration_ms
        self._at_ms = min(end, max(0, self._at_ms + by_ms))
        if self._playing >= 0:
            self.asked.emit(self._chosen, self._at_ms)
        self._show_chosen()

    def _next_nudge(self) -> None:
        marks = self._takes[self._chosen].timeline.marks
        later = [m.start_ms for m in marks if m.kind == NUDGE and m.start_ms > self._at_ms]
        if later:
            self._ask(self._chosen, later[0])

    def _same_view(self, start_ms: int, end_ms: int) -> None:
        """Let all rows show the same part: they are scaled alike."""
        for row in self.rows:
            row.lanes.show_view(start_ms, end_ms)

    def _show_chosen(self) -> None:
        for p, row in enumerate(self.rows):
            row.show_chosen(chosen=p == self._chosen)
            row.show_position(self._at_ms if p == self._chosen else -1, playing=p == self._playing)

    def _shortcuts(self) -> None:
        keys: dict[str, Callable[[], None]] = {
            "Space": lambda: self._toggle(self._chosen),
            "Left": lambda: self._move(-STEP_MS),
            "Right": lambda: self._move(STEP_MS),
            "N": self._next_nudge,
            **{str(p + 1): partial(self._choose, p) for p in range(len(self.rows))},
        }
        for key, then in keys.items():
            shortcut = QShortcut(QKeySequence(key), self, then)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)


class _Row(QFrame):
    """One take: its name, a button, its time line on the axis of the longest."""

    asked = Signal(int)
    played = Signal()

    def __init__(self, place: int, take: Take, longest_ms: int, look: Palette, scale: float) -> None:
        super().__init__()
        self.setObjectName("take")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._take = take
        told = " · ".join(filter(None, (take.title, take.began, clock(take.timeline.duration_ms))))
        self._told = say("takes.row", n=str(place + 1), told=told)
        self.setAccessibleName(self._told)
        self.lanes = Lanes(replace(take.timeline, duration_ms=longest_ms), look, scale)
        self.lanes.setAccessibleName(self._told)
        self.lanes.asked.connect(self.asked)
        self.lanes.chosen.connect(lambda mark: self.asked.emit(mark.start_ms))
        self._play = QPushButton(say("takes.play"))
        self._play.setAccessibleName(say("takes.play_row", n=str(place + 1)))
        words = (say("takes.play"), say("takes.pause"))
        self._play.setFixedWidth(
            max(84, 44 + max(self._play.fontMetrics().horizontalAdvance(word) for word in words))
        )
        self._play.clicked.connect(self.played)
        self._clock = _label("", "quiet")
        head = QHBoxLayout()
        head.addWidget(_label(str(place + 1), "number"))
        name = _label(told, "name")
        name.setWordWrap(False)
        head.addWidget(name, 1)
        head.addWidget(self._clock)
        head.addWidget(self._play)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.lanes)

    def show_chosen(self, *, chosen: bool) -> None:
        """Show whether keys go to this take."""
        if self.property("chosen") is not chosen:
            self.setProperty("chosen", chosen)
            self.style().polish(self)

    def show_position(self, ms: int, *, playing: bool) -> None:
        """Show the playhead; -1 for none."""
        self.lanes.show_position(ms)
        told = clock(ms) if ms >= 0 else ""
        if told != self._clock.text():
            self._clock.setText(told)
            self.setAccessibleDescription(told)
        words = say("takes.pause" if playing else "takes.play")
        if words != self._play.text():
            self._play.setText(words)


def shown_of(takes: Sequence[Take]) -> tuple[Take, ...]:
    """Return the takes that are shown: all, or where there are too many the first and the latest.

    Raises:
        ValueError: for fewer than two.
    """
    if len(takes) < LEAST:
        raise ValueError(len(takes))
    return tuple(takes) if len(takes) <= MOST else (takes[0], *takes[-(MOST - 1) :])


def _longest(takes: Sequence[Take]) -> int:
    return max(t.timeline.duration_ms for t in takes)


def _table(takes: Sequence[Take]) -> QTableWidget:
    lines = compared(takes)
    table = QTableWidget(len(lines), len(takes))
    table.setObjectName("figures")
    table.setAccessibleName(say("takes.table"))
    table.setHorizontalHeaderLabels([say("takes.column", n=str(p + 1)) for p in range(len(takes))])
    table.setVerticalHeaderLabels([line.name for line in lines])
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setCornerButtonEnabled(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().setDefaultSectionSize(_TABLE_ROW)
    for row, line in enumerate(lines):
        for column, cell in enumerate(line.cells):
            item = QTableWidgetItem(cell)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            told = say("takes.unknown") if cell == UNKNOWN else cell
            of = say("takes.column", n=str(column + 1))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{line.name}, {of}: {told}")
            table.setItem(row, column, item)
    table.setFixedHeight(_TABLE_ROW * (len(lines) + 1) + METRICS.pad)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return table


def _sheet(look: Palette) -> str:
    accent = look.accent("ask_question")
    return f"""
QLabel#told {{ font-size: {METRICS.title_px}px; }}
QLabel#name {{ font-weight: 600; }}
QLabel#number {{ font-weight: 600; color: {look.card}; background: {look.quiet}; border-radius: 9px;
  min-width: 18px; max-width: 18px; min-height: 18px; max-height: 18px; qproperty-alignment: AlignCenter; }}
QFrame#take {{ border: 1px solid {look.border}; border-radius: 10px; background: {look.card}; }}
QFrame#take[chosen="true"] {{ border: 2px solid {accent}; }}
QFrame#take[chosen="true"] QLabel#number {{ background: {accent}; }}
QTableWidget#figures {{ border: none; background: {look.card}; alternate-background-color: {look.card};
  selection-background-color: {blend(accent, look.card, 0.22)}; selection-color: {look.title}; }}
QTableWidget#figures::item {{ border-bottom: 1px solid {look.border}; }}
QTableWidget#figures QTableCornerButton::section {{ background: {look.card}; border: none; }}
QTableWidget#figures QHeaderView::section {{ border-bottom: 1px solid {look.border}; }}
QTableWidget#figures QHeaderView {{ background: {look.card}; }}
"""

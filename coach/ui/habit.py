"""The tile of the one habit, and the tile of practice.

Owns how a habit is chosen and how the last calls stand against it, and the four weeks of practice. Kind words only:
they come from `coach.report.habits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from coach.call.figures import UNITS
from coach.report.habits import MORE, WAYS, Habit, start
from coach.report.plain import NAMES
from coach.report.trends import YES_OR_NO
from coach.ui.calls_sheet import Choice, button, roomy
from coach.ui.sheet import label as words
from coach.ui.sheet import raised
from coach.ui.theme import METRICS, Palette, blend
from coach.ui.wording import call_type_name, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from coach.report.habits import Practice, Progress
    from coach.report.trends import Trend

_STEPS: Final = {"ratio": (5.0, 100.0, " %"), "s": (5.0, 7200.0, " s")}
_STEP: Final = (0.5, 100.0, "")
_WEEK = 7


class HabitTile(QFrame):
    """The habit, or the way to one.

    Args:
        look: its colours.
    """

    chosen = Signal(object)
    """Another `Habit`, or None for none."""

    def __init__(self, look: Palette) -> None:
        super().__init__()
        self.setObjectName("tile")
        self._type = ""
        self._trends: Sequence[Trend] = ()
        self._habit: Habit | None = None
        self._what, self._told = words("", "strong"), words("", "hint")
        self._dots = Dots(look)
        self.change = button(say("habit.choose"))
        self.end = button(say("habit.end"))
        self.figure = Choice(look, say("habit.figure"))
        self.figure.offer([(name, NAMES[name]) for name in WAYS])
        self._way = words("")
        self._way.setWordWrap(False)
        self.target = QDoubleSpinBox()
        roomy(self.target)
        self.target.setAccessibleName(say("habit.target"))
        self.save, self.leave = button(say("habit.save"), "main"), button(say("habit.leave"))
        self.form = self._form()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 11, 14, 12)
        column.setSpacing(5)
        head = QHBoxLayout()
        head.addWidget(words(say("habit.title"), "head"), 1)
        head.addWidget(self.end)
        head.addWidget(self.change)
        column.addLayout(head)
        for widget in (self._what, self._dots, self._told, self.form):
            column.addWidget(widget)
        column.addStretch(1)
        self.change.clicked.connect(self.ask)
        self.end.clicked.connect(lambda: self.chosen.emit(None))
        self.figure.currentIndexChanged.connect(self._begin)
        self.leave.clicked.connect(self._shut)
        self.save.clicked.connect(self._keep)
        self.show_progress(None)

    def show_type(self, call_type: str, trends: Sequence[Trend]) -> None:
        """Take note of the calls that are looked at: a habit is chosen for their type."""
        self._type, self._trends = call_type, trends

    def show_progress(self, progress: Progress | None) -> None:
        """Show how the last calls stand; None for no habit."""
        self._habit = habit = progress.habit if progress is not None else None
        self._what.setVisible(habit is not None)
        self._dots.setVisible(progress is not None and bool(progress.last))
        self.end.setVisible(habit is not None)
        self.change.setText(say("habit.choose" if habit is None else "habit.change"))
        if habit is None or progress is None:
            self._told.setText(say("habit.none"))
        else:
            self._what.setText(say("habit.is", figure=NAMES[habit.figure], target=habit.written))
            kind = say("habit.in", type=call_type_name(habit.call_type))
            self._told.setText(f"{progress.told} · {kind}")
            self._dots.show_calls([there for _, there in progress.last], progress.told)
        self._shut()

    def ask(self) -> None:
        """Let a figure and a target be chosen."""
        if self._habit is not None:
            self.figure.choose(self._habit.figure)
        self._begin()
        if self._habit is not None and self._habit.call_type == self._type:
            self.target.setValue(self._habit.target * self._times)
        self.form.show()
        self._told.hide()
        self.change.hide()
        self.end.hide()
        self.figure.setFocus()

    @property
    def _times(self) -> float:
        return 100.0 if UNITS[self.figure.value] == "ratio" else 1.0

    def _begin(self) -> None:
        """Begin with the target that has a source, else with the rep's own middle."""
        name = self.figure.value
        step, most, unit = _STEPS.get(UNITS[name], _STEP)
        asked = UNITS[name] != YES_OR_NO
        self.target.setVisible(asked)
        self._way.setVisible(asked)
        self._way.setText(say("habit.more" if WAYS[name] == MORE else "habit.less"))
        self.target.setDecimals(0 if unit else 1)
        self.target.setRange(0.0, most)
        self.target.setSingleStep(step)
        self.target.setSuffix(unit)
        found = next((t for t in self._trends if t.name == name), None)
        self.target.setValue(start(name, self._type, found) * self._times)

    def _keep(self) -> None:
        self.target.interpretText()
        self.chosen.emit(Habit(self.figure.value, self.target.value() / self._times, self._type))
        self._shut()

    def _shut(self) -> None:
        self.form.hide()
        self._told.show()
        self.change.show()
        self.end.setVisible(self._habit is not None)

    def _form(self) -> QWidget:
        form = QWidget()
        row = QHBoxLayout(form)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(METRICS.edge)
        for widget in (self.figure, self._way, self.target, self.leave, self.save):
            row.addWidget(widget)
        row.addStretch(1)
        return form


class Dots(QWidget):
    """The last calls as dots: full where the target was reached, a ring where not yet."""

    def __init__(self, look: Palette) -> None:
        super().__init__()
        self._look = look
        self._there: list[bool] = []
        self.setFixedHeight(22)

    def show_calls(self, there: list[bool], told: str) -> None:
        """Show these calls, the earliest first."""
        self._there = there
        self.setAccessibleName(told)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(self._look.accent("pounce"))
        for i, there in enumerate(self._there):
            painter.setPen(QPen(colour if there else QColor(self._look.quiet), 1.6))
            painter.setBrush(colour if there else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(8.0 + 20.0 * i, 11.0), 6.0, 6.0)
        painter.end()


class PracticeTile(QFrame):
    """Four weeks of practice, a square a day."""

    def __init__(self, look: Palette) -> None:
        super().__init__()
        self.setObjectName("tile")
        self._strip = _Strip(look)
        self._told = words("", "hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 18, 14, 12)
        column.setSpacing(8)
        column.addWidget(words(say("practice.title"), "head"))
        column.addWidget(self._strip)
        column.addWidget(self._told)
        column.addStretch(1)

    def show_practice(self, practice: Practice) -> None:
        """Show the practice of these weeks."""
        self._told.setText(practice.told)
        self._strip.show_days(practice.days, f"{say('practice.strip')}. {practice.told}")


class _Strip(QWidget):
    def __init__(self, look: Palette) -> None:
        super().__init__()
        self._look = look
        self._days: tuple[int, ...] = ()
        self.setFixedHeight(16)
        self.setMinimumWidth(self.sizeHint().width())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(28 * 9 + 3 * 5, 16)

    def show_days(self, days: tuple[int, ...], told: str) -> None:
        self._days = days
        self.setAccessibleName(told)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        look = self._look
        for i, count in enumerate(self._days):
            colour = look.accent("pounce") if count else blend(look.quiet, raised(look), 0.28)
            painter.setBrush(QColor(colour))
            square = QRectF(i * 9.0 + (i // _WEEK) * 5.0, 1.0, 7.0, 14.0 if count else 7.0)
            if not count:
                square.moveTop(8.0)
            painter.drawRoundedRect(square, 2.0, 2.0)
        painter.end()

"""The page of trends: one small chart a figure, the one habit, the days of practice.

Owns what stands where. Refuses to know where the values come from: it is given them, and asks by signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from coach.report.trends import SHOWN
from coach.ui.calls_sheet import Choice, Empty
from coach.ui.chart import SIZE, Chart
from coach.ui.habit import HabitTile, PracticeTile
from coach.ui.sheet import label as words
from coach.ui.theme import LOOKS, METRICS
from coach.ui.wording import call_type_name, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from coach.report.habits import Practice, Progress
    from coach.report.trends import Trend

_GAP = 10


class TrendsPage(QWidget):
    """The page.

    Args:
        look: ``dark`` or ``light``.
        today: how days are told.
    """

    type_asked = Signal(str)
    """The trends of another type of call are wanted."""
    opened = Signal(str)
    """A call is to be opened: its path."""

    def __init__(self, look: str, today: date) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        palette = LOOKS[look]
        self.types = Choice(palette, say("trends.type"))
        self.types.currentIndexChanged.connect(lambda: self.type_asked.emit(self.types.value))
        self.habit = HabitTile(palette)
        self.practice = PracticeTile(palette)
        self.charts = {name: Chart(palette, today) for name in SHOWN}
        for chart in self.charts.values():
            chart.opened.connect(self.opened)
        self._columns = 0
        self._progress: Progress | None = None
        self._trends: Sequence[Trend] = ()
        self._type = ""
        self._build()

    def show_types(self, types: Sequence[tuple[str, int]]) -> None:
        """Offer these types of call, as ``(type, count)``, with the one that is looked at still chosen."""
        self.types.offer(
            [(t, say("trends.of_type", type=call_type_name(t), count=f"{count:,}")) for t, count in types]
        )
        self._pages.setCurrentIndex(0 if types else 1)

    def show_trends(self, call_type: str, trends: Sequence[Trend]) -> None:
        """Show the trends of a type of call."""
        self._type, self._trends = call_type, trends
        small = all(t.middle is None for t in trends)
        for chart in self.charts.values():
            chart.set_small(small=small)
        self.habit.show_type(call_type, trends)
        self._draw()

    def show_progress(self, progress: Progress | None) -> None:
        """Show how the last calls stand against the habit; None for no habit."""
        self._progress = progress
        self.habit.show_progress(progress)
        self._draw()

    def show_practice(self, practice: Practice) -> None:
        """Show the days of practice."""
        self.practice.show_practice(practice)

    def _draw(self) -> None:
        habit = self._progress.habit if self._progress is not None else None
        for trend in self._trends:
            mine = habit is not None and (habit.figure, habit.call_type) == (trend.name, self._type)
            self.charts[trend.name].show_trend(trend, habit.target if mine and habit is not None else None)

    def _build(self) -> None:
        inside = QWidget()
        inside.setObjectName("inside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(METRICS.pad)
        head = QHBoxLayout()
        head.setSpacing(METRICS.pad)
        head.addWidget(self.types)
        head.addWidget(words(say("trends.why"), "hint"), 1)
        tiles = QHBoxLayout()
        tiles.setSpacing(_GAP)
        tiles.addWidget(self.habit, 1)
        tiles.addWidget(self.practice)
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        column.addLayout(head)
        column.addLayout(tiles)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._area.setWidget(inside)
        self._area.viewport().installEventFilter(self)
        empty = Empty()
        empty.tell("trends.none")
        self._pages = QStackedWidget()
        self._pages.addWidget(self._area)
        self._pages.addWidget(empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        for chart in self.charts.values():
            chart.installEventFilter(self)
        self._flow(4)
        self._pages.setCurrentIndex(1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Set as many charts beside each other as fit, and keep the one with the keys in sight."""
        if watched is self._area.viewport() and event.type() == QEvent.Type.Resize:
            room = self._area.viewport().width() - 28 + _GAP
            self._flow(max(1, min(5, room // (SIZE.width() + _GAP))))
        elif isinstance(watched, Chart) and event.type() == QEvent.Type.FocusIn:
            self._area.ensureWidgetVisible(watched)
        return super().eventFilter(watched, event)

    def _flow(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for i, chart in enumerate(self.charts.values()):
            self._grid.addWidget(chart, i // columns, i % columns)
        for i in range(6):
            self._grid.setColumnStretch(i, 1 if i < columns else 0)

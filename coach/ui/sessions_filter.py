"""The wish above the list of calls: text, type, tag, days.

Owns the fields and the wish they make. Refuses to know the calls.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QLineEdit, QWidget

from coach.report.listing import Wanted
from coach.report.plain import clean
from coach.ui.calls_sheet import Choice, button, roomy
from coach.ui.sheet import label as words
from coach.ui.theme import METRICS
from coach.ui.wording import call_type_name, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coach.report.listing import Listed
    from coach.ui.theme import Palette

_LAST: Final = ("7", "30", "365")
_BETWEEN: Final = "between"
_DAY = "yyyy-MM-dd"
_LETTERS = 200


class SessionsFilter(QWidget):
    """The row of fields.

    Args:
        look: its colours.
        today: from which the last days are counted.
    """

    changed = Signal()
    """The wish is another."""
    left = Signal()
    """The keyboard wants to go on to the list."""

    def __init__(self, look: Palette, today: date) -> None:
        super().__init__()
        self._today = today
        self.text = QLineEdit()
        self.text.setPlaceholderText(say("sessions.search"))
        self.text.setAccessibleName(say("sessions.search"))
        self.text.setClearButtonEnabled(False)
        self.text.setMaxLength(_LETTERS)
        self.text.installEventFilter(self)
        self.types = Choice(look, say("sessions.type"))
        self.tags = Choice(look, say("sessions.tags"))
        self.days = Choice(look, say("sessions.when"))
        self.types.offer([("", say("sessions.all_types"))])
        self.tags.offer([("", say("sessions.all_tags"))])
        last = [(days, say(f"sessions.days_{days}")) for days in _LAST]
        self.days.offer([("", say("sessions.any_time")), *last, (_BETWEEN, say("sessions.between"))])
        self.since = self._day(today - timedelta(days=30), say("sessions.since"))
        self.until = self._day(today, say("sessions.until"))
        self._to = words("–", "hint")  # noqa: RUF001 - from one day to another
        self.clear_all = button(say("sessions.clear"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(METRICS.edge)
        row.addWidget(self.text, 1)
        for field in (self.types, self.tags, self.days, self.since, self._to, self.until, self.clear_all):
            row.addWidget(field)
        self.clear_all.clicked.connect(self.clear)
        self.text.textChanged.connect(self._change)
        for choice in (self.types, self.tags, self.days):
            choice.currentIndexChanged.connect(self._change)
        for day in (self.since, self.until):
            day.dateChanged.connect(self._change)
        self._change()

    @property
    def wanted(self) -> Wanted:
        """The wish that the fields make."""
        days = self.days.value
        since = until = None
        if days == _BETWEEN:
            since, until = sorted((_date(self.since), _date(self.until)))
        elif days:
            since = self._today - timedelta(days=int(days) - 1)
        return Wanted(self.text.text(), self.types.value, self.tags.value, since, until)

    def offer(self, calls: Iterable[Listed]) -> None:
        """Offer the types and tags that these calls have; what was chosen stays so while it is there."""
        types: set[str] = set()
        tags: set[str] = set()
        for call in calls:
            if not call.fault:
                types.add(call.call_type)
                tags.update(call.tags)
        named = sorted((call_type_name(t), t) for t in types)
        before = self.wanted
        self.types.offer([("", say("sessions.all_types")), *((t, name) for name, t in named)])
        self.tags.offer(
            [("", say("sessions.all_tags")), *((t, clean(t)) for t in sorted(tags, key=str.casefold))]
        )
        self.tags.setVisible(bool(tags))
        if self.wanted != before:
            self._change()

    def clear(self) -> None:
        """Wish for everything."""
        for choice in (self.types, self.tags, self.days):
            choice.setCurrentIndex(0)
        self.text.clear()
        self.text.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the arrow and Enter lead from the words to the list, and Escape take the words away."""
        if watched is self.text and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.left.emit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                if self.text.text():
                    self.text.clear()
                else:
                    self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _change(self) -> None:
        between = self.days.value == _BETWEEN
        for field in (self.since, self._to, self.until):
            field.setVisible(between)
        self.clear_all.setVisible(bool(self.wanted))
        self.changed.emit()

    def _day(self, on: date, name: str) -> QDateEdit:
        field = QDateEdit(QDate(on.year, on.month, on.day))
        field.setDisplayFormat(_DAY)
        roomy(field)
        field.setAccessibleName(name)
        return field


def _date(field: QDateEdit) -> date:
    return date(field.date().year(), field.date().month(), field.date().day())

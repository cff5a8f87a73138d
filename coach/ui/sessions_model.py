"""The list of calls as a table: what each cell says, the order, and which rows a wish leaves.

Owns the rows and nothing else: a change by hand is asked for by a signal, and seen when the row comes back changed.
Thousands of rows cost nothing until they are looked at: a cell's text is made when it is painted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from coach.language import recalled
from coach.report.listing import Wanted, searched
from coach.report.plain import clean
from coach.ui.when import length, moment
from coach.ui.wording import call_type_name, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from coach.report.listing import Listed

    Index = QModelIndex | QPersistentModelIndex

COLUMNS: Final = ("when", "name", "type", "length", "nudges", "notes", "tags")
WHEN, TITLE, TYPE, LENGTH, NUDGES, NOTES, TAGS = range(len(COLUMNS))
NUMBERS: Final = frozenset({LENGTH, NUDGES, NOTES})
CALL: Final = Qt.ItemDataRole.UserRole
"""Under this role every cell gives its call."""

_ROOT: Final = QModelIndex()
_KEYS: Final[dict[int, Callable[[Listed], Any]]] = {
    WHEN: lambda c: c.at if c.at is not None else float("-inf"),
    TITLE: lambda c: c.title.casefold(),
    TYPE: lambda c: call_type_name(c.call_type),
    LENGTH: lambda c: c.duration_s,
    NUDGES: lambda c: c.nudges,
    NOTES: lambda c: c.notes,
    TAGS: lambda c: (not c.tags, c.tags),
}


class SessionsModel(QAbstractTableModel):
    """The calls that fit the wish, in the wanted order.

    Args:
        today: how days are told.
    """

    renamed = Signal(str, str)
    """A title was typed: the call's path, the title."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self.wanted = Wanted()
        self._today = today
        self._calls: list[tuple[str, Listed]] = []
        self._shown: list[int] = []
        self._sorted = (WHEN, Qt.SortOrder.DescendingOrder)

    @property
    def count(self) -> int:
        """How many calls there are, whatever is wished for."""
        return len(self._calls)

    def calls(self) -> list[Listed]:
        """Return every call, whatever is wished for."""
        return [call for _, call in self._calls]

    def show(self, calls: Iterable[Listed]) -> None:
        """Show these calls and no others."""
        self._arrange([(searched(c), c) for c in calls])

    def update(self, calls: Iterable[Listed]) -> None:
        """Show these calls as they are now; new ones are added."""
        new = {c.path: (searched(c), c) for c in calls}
        kept = [
            new.pop(pair[1].path, pair) for pair in self._calls
        ]  # each in its place, those equal in rank too
        self._arrange(kept + list(new.values()))

    def drop(self, paths: Iterable[str]) -> None:
        """Show these calls no longer."""
        gone = set(paths)
        self._arrange([(text, c) for text, c in self._calls if c.path not in gone])

    def want(self, wanted: Wanted) -> None:
        """Show the calls that fit."""
        if wanted != self.wanted:
            self.wanted = wanted
            self.beginResetModel()
            self._shown = wanted.fitting(self._calls)
            self.endResetModel()

    def call(self, row: int) -> Listed:
        """Return the call of a row."""
        return self._calls[self._shown[row]][1]

    def row_of(self, path: str) -> int | None:
        """Return the row of a call; None where it is not shown."""
        return next((row for row in range(len(self._shown)) if self.call(row).path == path), None)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the calls in the order of a column; calls that are equal in it keep theirs."""
        self._sorted = (column, order)
        self._arrange(list(self._calls))

    def sort_by(self, column: int) -> None:
        """Put the calls in the order of a column as a click asks for it; a second click turns it round."""
        chosen, order = self._sorted
        ups = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)
        first = ups[column == WHEN or column in NUMBERS]  # the latest, the longest and the most come first
        turned = ups[order == ups[0]]
        self.sort(column, turned if chosen == column else first)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def _arrange(self, calls: list[tuple[str, Listed]]) -> None:
        """Show these calls in order; whoever remembers what was chosen is asked before any of them moves."""
        column, order = self._sorted
        down = order == Qt.SortOrder.DescendingOrder
        calls.sort(key=lambda c: _KEYS[WHEN](c[1]), reverse=True)
        if (column, down) != (WHEN, True):
            calls.sort(key=lambda c: _KEYS[column](c[1]), reverse=down)
        self.beginResetModel()
        self._calls = calls
        self._shown = self.wanted.fitting(calls)
        self.endResetModel()

    # What Qt asks of a model.

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many calls are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return what a column is called."""
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            name = say(f"sessions.{COLUMNS[section]}")
            chosen, order = self._sorted
            arrow = "↑" if order == Qt.SortOrder.AscendingOrder else "↓"
            return f"{name} {arrow}" if section == chosen else name
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell says. Titles and tags are untrusted: plain text."""
        call = self.call(index.row())
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return self._text(call, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        return call if role == CALL else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say that a title can be typed over."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        renamable = index.column() == TITLE and not self.call(index.row()).fault
        return flags | Qt.ItemFlag.ItemIsEditable if renamable else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802 - Qt's name
        """Ask for another title; the cell shows it once it is kept."""
        call = self.call(index.row())
        title = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or index.column() != TITLE or title == call.title:
            return False
        self.renamed.emit(call.path, title)
        return True

    def _text(self, call: Listed, column: int) -> str:
        if call.fault and column not in {WHEN, TITLE}:
            return ""
        if column == TITLE:
            return clean(say("sessions.unread", why=recalled(call.fault)) if call.fault else call.title)
        if column == TAGS:
            return ", ".join(map(clean, call.tags))
        if column == WHEN:
            return moment(call.began, self._today)
        if column == TYPE:
            return call_type_name(call.call_type)
        return (
            length(call.duration_s) if column == LENGTH else str((call.nudges, call.notes)[column - NUDGES])
        )


def _alignment(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter

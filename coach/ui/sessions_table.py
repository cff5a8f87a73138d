"""The table of calls: its columns, its cells, and the choice that outlives a change of rows.

Owns how a row looks and what is chosen. Refuses to know what can be done with a call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from coach.report.plain import clean
from coach.settings import CALL_TYPES
from coach.ui.calls_sheet import ROW
from coach.ui.mirror import mirrored_f
from coach.ui.sessions_model import (
    CALL,
    COLUMNS,
    LENGTH,
    NOTES,
    NUDGES,
    TAGS,
    TITLE,
    TYPE,
    WHEN,
    SessionsModel,
)
from coach.ui.theme import METRICS, Palette
from coach.ui.wording import call_type_name, say

if TYPE_CHECKING:
    from coach.report.listing import Listed
    from coach.ui.sessions_model import Index

_WIDTHS: Final = {WHEN: 158, TYPE: 112, LENGTH: 76, NUDGES: 74, NOTES: 66, TAGS: 190}
_AROUND_NAME: Final = 28
_LEAVE_FIRST: Final = (NOTES, NUDGES, TAGS, LENGTH, TYPE)
_TITLE_WIDTH: Final = 220  # columns leave in that order, until a title has as much room
_REMEMBERED: Final = 500  # so many chosen calls are chosen again after a change; more were chosen by accident


class SessionsTable(QTableView):
    """The table.

    Args:
        model: the calls.
        look: its colours.
    """

    def __init__(self, model: SessionsModel, look: Palette) -> None:
        super().__init__()
        self._calls = model
        self._kept: tuple[list[str], str, int] = ([], "", 0)
        model.modelAboutToBeReset.connect(self._remember)
        self.setAccessibleName(say("sessions.list"))
        self.setModel(model)
        self.setItemDelegate(_Cells(look, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.NoEditTriggers
        )  # F2 is ours, wherever the row is touched
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSortingEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(model.sort_by)
        header.setMinimumSectionSize(50)
        self._widths = self._wide_enough()
        for column, width in self._widths.items():
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        model.modelReset.connect(self._restore)

    def chosen(self) -> list[Listed]:
        """Return the calls that are chosen, from the top."""
        rows = sorted(i.row() for i in self.selectionModel().selectedRows())
        return [self._calls.call(row) for row in rows]

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Let columns leave where there is little room: a call is known by its title."""
        room = self.viewport().width() - _TITLE_WIDTH - sum(self._widths.values())
        for column in _LEAVE_FIRST:
            self.setColumnHidden(column, room < 0)
            room += self._widths[column] if room < 0 else 0
        super().resizeEvent(event)

    def _wide_enough(self) -> dict[int, int]:
        """Return the columns' widths, none less than its name or the names of types need in the language of now."""
        letters = self.fontMetrics()
        named = {column: say(f"sessions.{COLUMNS[column]}") for column in _WIDTHS}
        wide = {
            column: max(width, letters.horizontalAdvance(named[column]) + _AROUND_NAME)
            for column, width in _WIDTHS.items()
        }
        types = max(letters.horizontalAdvance(call_type_name(name)) for name in CALL_TYPES)
        return wide | {TYPE: max(wide[TYPE], types + _AROUND_NAME)}

    def _remember(self) -> None:
        rows = self.selectionModel().selectedRows()
        chosen = [self._calls.call(i.row()).path for i in rows] if len(rows) <= _REMEMBERED else []
        current = self.currentIndex()
        path = self._calls.call(current.row()).path if current.isValid() else ""
        self._kept = (chosen, path, self.verticalScrollBar().value())

    def _restore(self) -> None:
        chosen, current, scrolled = self._kept
        wanted = {*chosen, current} - {""}
        if not wanted:
            return
        shown = ((row, self._calls.call(row).path) for row in range(self._calls.rowCount()))
        rows = {path: row for row, path in shown if path in wanted}
        selection = self.selectionModel()
        if current in rows:
            at = self._calls.index(rows[current], TITLE)
            selection.setCurrentIndex(at, QItemSelectionModel.SelectionFlag.NoUpdate)
        picked = QItemSelection()
        for row in (rows[p] for p in chosen if p in rows):
            picked.select(self._calls.index(row, 0), self._calls.index(row, TAGS))
        selection.select(picked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.verticalScrollBar().setValue(scrolled)


class _Cells(QStyledItemDelegate):
    """Cells of plain text: the title stands out, tags are pills, a nought steps back."""

    def __init__(self, look: Palette, parent: QTableView) -> None:
        super().__init__(parent)
        self._look = look

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802 - Qt's name
        """Choose colour and weight of a cell."""
        super().initStyleOption(option, index)
        call: Listed = index.data(CALL)
        option.state &= ~QStyle.StateFlag.State_HasFocus  # a row has the focus, not a cell
        colour = self._look.reason
        if index.column() == TITLE:
            colour = self._look.reason if call.fault else self._look.title
            option.font.setPixelSize(METRICS.told_px)
        elif index.column() in {NUDGES, NOTES} and option.text == "0":
            colour = self._look.quiet
        elif index.column() == TAGS:
            option.text = ""
        for role in (option.palette.ColorRole.Text, option.palette.ColorRole.HighlightedText):
            option.palette.setColor(role, QColor(colour))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell, and tags as pills as far as they fit."""
        super().paint(painter, option, index)
        if index.column() != TAGS:
            return
        call: Listed = index.data(CALL)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(METRICS.why_px)
        painter.setFont(font)
        x, right = option.rect.x() + 6.0, option.rect.right() - 4.0
        for tag in call.tags:
            text = painter.fontMetrics().elidedText(clean(tag), Qt.TextElideMode.ElideRight, 120)
            width = painter.fontMetrics().horizontalAdvance(text) + 16.0
            if x + width > right and x > option.rect.x() + 6.0:
                painter.setPen(QColor(self._look.reason))
                more = QRectF(x, option.rect.y(), 20, option.rect.height())
                painter.drawText(
                    mirrored_f(more, QRectF(option.rect), option.direction),
                    Qt.AlignmentFlag.AlignVCenter,
                    "…",
                )
                break
            pill = QRectF(x, option.rect.center().y() - 10.0, min(width, right - x), 21.0)
            pill = mirrored_f(pill, QRectF(option.rect), option.direction)
            painter.setPen(Qt.PenStyle.NoPen)
            pale = QColor(self._look.quiet)
            pale.setAlphaF(0.22)
            painter.setBrush(pale)
            painter.drawRoundedRect(pill, 10, 10)
            painter.setPen(QColor(self._look.title))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
            x += width + 5.0
        painter.restore()

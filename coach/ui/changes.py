"""The list of nudges that come, go, move or stay, and the style of the panel around it.

Owns how one row is painted. Refuses to know where the changes came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from coach.report.nudged import reason_of, text_of
from coach.report.whatif import MOVES, STAYS
from coach.ui.axis import clock
from coach.ui.mirror import mirrored_f
from coach.ui.theme import METRICS, Palette, blend
from coach.ui.thenandnow import told_in_words
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.report.whatif import Change

CHANGE: Final = Qt.ItemDataRole.UserRole
_ROW_HEIGHT: Final = 46
_TIME_WIDTH: Final = 84
_KIND_WIDTH: Final = 64


class ChangesList(QListWidget):
    """The list.

    Args:
        look: the colours.
    """

    def __init__(self, look: Palette) -> None:
        super().__init__()
        self.setItemDelegate(_Row(look))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(say("whatif.list"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)

    def show_changes(self, changes: Sequence[Change]) -> None:
        """Show these, with the same row chosen where there is one."""
        at = self.currentRow()
        self.blockSignals(True)
        self.clear()
        for change in changes:
            item = QListWidgetItem()
            item.setData(CHANGE, change)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{told_in_words([change])}. {reason_of(change.nudge)}"
            )
            self.addItem(item)
        self.setCurrentRow(min(at, len(changes) - 1))
        self.blockSignals(False)


class _Row(QStyledItemDelegate):
    """Paint one nudge: when, what, and what becomes of it."""

    def __init__(self, look: Palette) -> None:
        super().__init__()
        self._look = look

    def sizeHint(  # noqa: N802 - Qt's name
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return room for two lines."""
        return QSize(200, _ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        change: Change = index.data(CHANGE)
        look, state = self._look, option.state
        box = QRectF(option.rect).adjusted(0, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.pressed))
            painter.drawRoundedRect(box, 6, 6)
        colour = QColor(look.accent(change.nudge.rule))
        painter.setPen(colour)
        painter.setFont(_font(painter, METRICS.told_px, bold=True))
        first = mirrored_f(box.adjusted(10, 4, 0, -22), box, option.direction)
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter, clock(change.nudge.at_ms))
        painter.setPen(QColor(look.title))
        rest = mirrored_f(box.adjusted(_TIME_WIDTH, 4, -8, -22), box, option.direction)
        painter.drawText(
            rest,
            Qt.AlignmentFlag.AlignVCenter,
            _elided(painter, text_of(change.nudge), rest.width() - _KIND_WIDTH),
        )
        painter.setFont(_font(painter, METRICS.why_px, bold=change.kind != STAYS))
        painter.setPen(QColor(look.reason if change.kind == STAYS else look.title))
        kind = say(f"whatif.kind.{change.kind}")
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, kind)
        painter.setFont(_font(painter, METRICS.why_px, bold=False))
        painter.setPen(QColor(look.reason))
        under = mirrored_f(box.adjusted(_TIME_WIDTH, 22, -8, -3), box, option.direction)
        painter.drawText(
            under, Qt.AlignmentFlag.AlignVCenter, _elided(painter, reason_of(change.nudge), under.width())
        )
        if change.kind == MOVES and change.before is not None:
            was = say("whatif.was", at=clock(change.before.at_ms))
            second = mirrored_f(box.adjusted(10, 22, 0, -3), box, option.direction)
            painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, was)
        painter.restore()


def _font(painter: QPainter, px: int, *, bold: bool) -> QFont:
    font = QFont(painter.font())
    font.setPixelSize(px)
    font.setBold(bold)
    return font


def _elided(painter: QPainter, text: str, width: float) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(width))


def panel_sheet(look: Palette) -> str:
    """Return what the panel adds to the style of the windows."""
    accent = look.accent("ask_question")
    return f"""
QLabel#told {{ font-size: {METRICS.told_px}px; font-weight: 600; }}
QLabel#value {{ color: {look.reason}; }}
QLabel#value[turned="true"] {{ color: {accent}; font-weight: 600; }}
QListWidget {{ background: {look.card}; border: none; outline: none; }}
QListWidget:focus {{ border: none; }}
QCheckBox {{ font-weight: 600; padding: 2px; }}
QCheckBox:focus {{ color: {accent}; }}
QCheckBox::indicator {{ width: 15px; height: 15px; border: 1px solid {look.quiet}; border-radius: 4px;
  background: {look.card}; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent}; }}
QSlider {{ min-height: 22px; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {blend(look.quiet, look.card, 0.45)}; }}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {blend(accent, look.card, 0.8)}; }}
QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -6px 0; border-radius: 8px;
  background: {look.card}; border: 2px solid {accent}; }}
QSlider::handle:horizontal:hover {{ background: {blend(accent, look.card, 0.35)}; }}
QSlider::handle:horizontal:focus {{ background: {accent}; border: 2px solid {look.title}; }}
QToolButton#back {{ border: none; background: transparent; padding: 2px 6px; color: {accent};
  font-size: {METRICS.told_px + 1}px; }}
QToolButton#back:focus {{ border: 2px solid {accent}; padding: 0 4px; }}
"""

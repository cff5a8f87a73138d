"""Today's nudges, to be read again: when, what, why, and the icon of each.

Owns the list since the program started and the small window that shows it. Refuses to know why a nudge came. Nothing
is written down here: the logs of the calls are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QDateTime, QObject, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from coach.ui import icons
from coach.ui.mirror import mirrored, mirrored_f
from coach.ui.sheet import dress, label, selected
from coach.ui.theme import LOOKS, METRICS, Palette, icon_name
from coach.ui.wording import say
from coach.writing import time_of_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from coach.ui.card import CardContent

MOST: Final = 200
"""So many are kept: more than a day of calls can bring (five in half an hour, ``manners.md``)."""
_WIDTH, _HEIGHT = 420, 360
_WHAT: Final = int(Qt.ItemDataRole.UserRole)
_TILE, _ICON = 32, 18
_TEXT_X = METRICS.edge + _TILE + METRICS.pad


@dataclass(frozen=True, slots=True)
class Past:
    """A nudge that was shown, and when."""

    at: QDateTime
    content: CardContent


class Today(QObject):
    """The nudges of today, the newest first."""

    changed = Signal()

    def __init__(self, now: Callable[[], QDateTime] = QDateTime.currentDateTime) -> None:
        super().__init__()
        self._now = now
        self._kept: list[Past] = []

    @property
    def past(self) -> tuple[Past, ...]:
        """Those of today; the days before are forgotten."""
        day = self._now().date()
        self._kept = [p for p in self._kept if p.at.date() == day][-MOST:]
        return tuple(reversed(self._kept))

    @Slot(object)
    def note(self, content: CardContent) -> None:
        """Take note of a nudge that is shown now."""
        self._kept.append(Past(self._now(), content))
        self.changed.emit()


class TodayWindow(QWidget):
    """A small window with today's nudges; follows them while it is open."""

    def __init__(self, today: Today, look: str) -> None:
        super().__init__()
        self._today, self._look = today, LOOKS[look]
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(say("today.title"))
        self.resize(_WIDTH, _HEIGHT)
        self._none = label(say("today.none"), "hint")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.list = QListWidget()
        self.list.setAccessibleName(say("today.title"))
        self.list.setItemDelegate(_Row(self._look, self.list))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        column = QVBoxLayout(self)
        column.setContentsMargins(METRICS.pad, METRICS.pad, METRICS.pad, METRICS.pad)
        column.addWidget(self.list, 1)
        column.addWidget(self._none, 1)
        dress(self, self._look)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        today.changed.connect(self._fill)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        past = self._today.past
        self.list.clear()
        for p in past:
            at = time_of_day(p.at.time().hour(), p.at.time().minute())
            under = "\n".join(filter(None, (p.content.reason, p.content.offer)))
            item = QListWidgetItem("\n".join(filter(None, (f"{at} · {p.content.title}", under))))
            item.setData(_WHAT, _Shown(p.content.rule, at, p.content.title, under))
            self.list.addItem(item)
        self.list.setVisible(bool(past))
        self._none.setVisible(not past)


class _Shown(NamedTuple):
    """What a row paints."""

    rule: str
    at: str
    title: str
    under: str


class _Row(QStyledItemDelegate):
    """A nudge as the card showed it, smaller, with its time at the end of the line."""

    def __init__(self, look: Palette, view: QListWidget) -> None:
        super().__init__(view)
        self._look, self._view = look, view
        self._title, self._under = view.font(), view.font()
        self._title.setPixelSize(METRICS.told_px)
        self._title.setWeight(QFont.Weight.DemiBold)
        self._under.setPixelSize(METRICS.reason_px)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002, N802 - Qt's name and shape
        """Return the width of the list, and the height of all lines of the row."""
        width = self._view.viewport().width()
        shown: _Shown = index.data(_WHAT)
        under = self._under_rect(shown.under, width - _TEXT_X - METRICS.pad)
        height = QFontMetrics(self._title).height() + under.height() + 2 * METRICS.edge
        return QSize(width, max(height, METRICS.tile + METRICS.edge))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the ground of a chosen row, the icon on its tile, the words, the time."""
        shown: _Shown = index.data(_WHAT)
        look, room = self._look, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(selected(look)))
            painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), METRICS.tile_radius, METRICS.tile_radius)
        tile = QRectF(room.x() + METRICS.edge, 0, _TILE, _TILE)
        tile.moveTop(room.y() + (room.height() - _TILE) / 2)
        tile = mirrored_f(tile, QRectF(room), option.direction)
        painter.setBrush(QColor(look.tile(shown.rule)))
        painter.drawRoundedRect(tile, METRICS.tile_radius, METRICS.tile_radius)
        icon = QRectF(0, 0, _ICON, _ICON)
        icon.moveCenter(tile.center())
        icons.paint(painter, icon_name(shown.rule), look.accent(shown.rule), icon)
        words = mirrored(room.adjusted(_TEXT_X, 0, -METRICS.pad, 0), room, option.direction)
        self._paint_words(painter, shown, words)
        painter.restore()

    def _paint_words(self, painter: QPainter, shown: _Shown, room: QRect) -> None:
        title_height = QFontMetrics(self._title).height()
        under = self._under_rect(shown.under, room.width())
        top = room.y() + (room.height() - title_height - under.height()) // 2
        line = QRect(room.x(), top, room.width(), title_height)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._under)
        painter.setPen(QColor(self._look.reason))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, shown.at)
        wrapped = Qt.TextFlag.TextWordWrap.value
        painter.drawText(
            QRect(room.x(), top + title_height, room.width(), under.height()), wrapped, shown.under
        )
        painter.setFont(self._title)
        painter.setPen(QColor(self._look.title))
        beside = line.adjusted(0, 0, -QFontMetrics(self._under).horizontalAdvance(shown.at) - METRICS.pad, 0)
        title = QFontMetrics(self._title).elidedText(shown.title, Qt.TextElideMode.ElideRight, beside.width())
        painter.drawText(mirrored(beside, line, painter.layoutDirection()), middle, title)

    def _under_rect(self, under: str, width: int) -> QRect:
        if not under:
            return QRect()
        return QFontMetrics(self._under).boundingRect(
            QRect(0, 0, width, 10_000), Qt.TextFlag.TextWordWrap.value, under
        )

"""The look of the window of calls: one sheet for its tabs, lists, fields and buttons, and a box to choose from.

Owns how these controls look. Refuses to know what they are for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from coach.ui.announce import name_choice
from coach.ui.sheet import label, raised, selected
from coach.ui.theme import METRICS, Palette
from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

CONTROL = 32
"""Height of fields and buttons."""
ROW = 40
"""Height of a row of a list."""
_RADIUS = 7
_CHEVRON = 4


def sheet(look: Palette) -> str:
    """Return what the window of the calls adds to the style of the windows: roomier, with a table."""
    accent = look.accent("ask_question")
    return f"""
CallsWindow, QWidget#page, QWidget#inside, QStackedWidget {{ background: {look.card}; border: none; }}
QLabel#hint, QLabel#count, QLabel#note {{ color: {look.reason}; font-size: {METRICS.why_px}px; }}
QLabel#empty {{ font-size: {METRICS.title_px + 3}px; font-weight: 600; }}
QLabel#empty_why {{ color: {look.reason}; font-size: {METRICS.told_px}px; }}
QLabel#head {{ font-size: {METRICS.told_px}px; font-weight: 600; }}
QTabWidget::pane {{ border-top: 1px solid {look.border}; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{ border: 2px solid transparent; margin: 4px 2px 0 6px; padding: 7px 12px 6px;
  font-size: {METRICS.told_px}px; border-radius: {_RADIUS}px; }}
QTabBar::tab:selected {{ border-bottom: 3px solid {accent}; border-bottom-left-radius: 0;
  border-bottom-right-radius: 0; font-weight: 600; }}
QTabBar::tab:hover {{ color: {look.title}; }}
QTabBar::tab:focus {{ color: {look.title}; border-color: {look.title}; }}
QLineEdit, QDateEdit, QDoubleSpinBox {{ border: 1px solid {look.quiet}; border-radius: {_RADIUS}px;
  background: {raised(look)}; padding: 0 9px; min-height: {CONTROL - 4}px;
  selection-color: {look.card}; selection-background-color: {accent}; }}
QLineEdit:focus, QDateEdit:focus, QDoubleSpinBox:focus {{ border: 2px solid {accent}; padding: 0 8px; }}
QDateEdit QLineEdit, QDoubleSpinBox QLineEdit {{ border: none; padding: 0; min-height: 0; background: transparent; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; height: 0; border: none; }}
QTableView QLineEdit {{ border-radius: 0; background: {look.card}; font-size: {METRICS.told_px}px; }}
QPushButton {{ background: {look.pressed}; border-color: transparent; border-radius: {_RADIUS}px;
  padding: 0 13px; min-height: {CONTROL - 2}px; }}
QPushButton:disabled {{ background: {raised(look)}; }}
QPushButton:hover:enabled {{ border-color: {look.quiet}; }}
QPushButton:focus {{ border: 2px solid {look.title}; padding: 0 12px; }}
QPushButton#main {{ padding: 0 13px; }}
QPushButton#main:focus {{ padding: 0 12px; }}
QFrame#panel, QFrame#tile {{ background: {raised(look)}; border: 1px solid {look.border}; border-radius: 10px; }}
QTableView {{ color: {look.reason}; border: none; outline: none; border-radius: 0;
  selection-color: {look.title}; selection-background-color: {selected(look)}; }}
QTableView:focus {{ border: none; }}
QTableView::item {{ border-bottom: 1px solid {look.pressed}; padding: 0 8px; }}
QHeaderView {{ background: {look.card}; border: none; }}
QHeaderView::section {{ padding: 7px 10px; border-bottom: 1px solid {look.border};
  font-size: {METRICS.why_px}px; font-weight: 400; }}
QHeaderView::section:hover {{ color: {look.title}; }}
QComboBox QAbstractItemView {{ border-color: {look.quiet}; outline: none;
  selection-color: {look.title}; selection-background-color: {selected(look)}; }}
"""


def colours(look: Palette) -> QPalette:
    """Return the colours for whatever no sheet reaches."""
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, look.card),
        (QPalette.ColorRole.Base, look.card),
        (QPalette.ColorRole.Text, look.title),
        (QPalette.ColorRole.WindowText, look.title),
        (QPalette.ColorRole.ButtonText, look.title),
        (QPalette.ColorRole.Button, look.pressed),
        (QPalette.ColorRole.Highlight, selected(look)),
        (QPalette.ColorRole.HighlightedText, look.title),
    ):
        palette.setColor(role, QColor(colour))
    return palette


def button(text: str, kind: str = "") -> QPushButton:
    """Return a button; ``main`` is the one that is meant."""
    made = QPushButton(text)
    made.setObjectName(kind)
    made.setAutoDefault(True)  # Enter presses it, as Space does
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    # The sheet names a least width, which would let a layout cut longer words.
    made.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    return made


class Empty(QWidget):
    """What stands where nothing else does: a line, and a kind one beneath."""

    def __init__(self) -> None:
        super().__init__()
        self._what, self._why = label("", "empty"), label("", "empty_why")
        column = QVBoxLayout(self)
        column.addStretch(2)
        for line in (self._what, self._why):
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(line)
        column.addStretch(3)

    def tell(self, key: str) -> None:
        """Say what the words under this key say, and under it with ``_why``."""
        self._what.setText(say(key))
        self._why.setText(say(f"{key}_why"))


def roomy(field: QAbstractSpinBox) -> None:
    """Leave room before the words of a field with steps, which the sheet does not reach."""
    if (line := field.lineEdit()) is not None:
        line.setTextMargins(8, 0, 4, 0)


class Choice(QComboBox):
    """A box to choose one of several from, painted in the look of the window.

    Args:
        look: its colours.
        name: what it is for, for who does not see it.
    """

    def __init__(self, look: Palette, name: str) -> None:
        super().__init__()
        self._look = look
        name_choice(self, name)
        self.setItemDelegate(_Roomy(self))  # else the sheet does not reach the rows
        self.setFixedHeight(CONTROL)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaxVisibleItems(16)

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """Offer these, as ``(value, words)``, with the same one chosen where it is still there; says nothing of it."""
        now = self.value
        self.blockSignals(True)
        self.clear()
        for value, text in choices:
            self.addItem(text, value)
        self.setCurrentIndex(max(0, self.findData(now)))
        self.blockSignals(False)
        self.updateGeometry()

    @property
    def value(self) -> str:
        """The value that is chosen."""
        return str(self.currentData() or "")

    def choose(self, value: str) -> None:
        """Choose a value; one that is not offered changes nothing."""
        if (at := self.findData(value)) >= 0:
            self.setCurrentIndex(at)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the box, its words and a chevron."""
        look, focused = self._look, self.hasFocus()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2.0 if focused else 1.0
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setPen(QPen(QColor(look.accent("ask_question") if focused else look.quiet), width))
        painter.setBrush(QColor(raised(look)))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        font = self.font()
        font.setPixelSize(METRICS.reason_px)
        painter.setFont(font)
        painter.setPen(QColor(look.title))
        room = self.rect().adjusted(11, 0, -24, 0)
        text = painter.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        x, y = self.width() - 16.0, self.height() / 2
        painter.setPen(QPen(QColor(look.reason), 1.6))
        painter.drawPolyline(
            [
                QPointF(x - _CHEVRON, y - _CHEVRON / 2),
                QPointF(x, y + _CHEVRON / 2),
                QPointF(x + _CHEVRON, y - _CHEVRON / 2),
            ]
        )
        painter.end()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size in which the longest choice can be read."""
        font = self.font()
        font.setPixelSize(METRICS.reason_px)

        widest = max(
            (QFontMetrics(font).horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0
        )
        hint = super().sizeHint()
        hint.setWidth(min(260, widest + 44))
        return hint


class _Roomy(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def sizeHint(self, option: object, index: object) -> QSize:  # noqa: N802 - Qt's name
        hint = super().sizeHint(option, index)  # type: ignore[arg-type]
        hint.setHeight(30)
        return hint

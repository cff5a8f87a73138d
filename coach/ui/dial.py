"""One limit as a slider, or a switch: its sentence, its value in words, and the way back to one's own value.

Owns one row. Refuses to know what turning it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QWidget,
)

from coach.language import phrase
from coach.ui.sheet import folded
from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QWheelEvent

    from coach.ui.dials import Dial, Value
    from coach.ui.theme import Palette

_VALUE_WIDTH = 112
_CHECK_WIDTH = 360
_SLIDER_WIDTH = 150
_PAGE = 8


class DialRow(QWidget):
    """One row.

    Args:
        dial: the limit.
        mine: the user's own value.
        look: the colours.
    """

    turned = Signal(str, object)
    """The name of the limit and its new value."""

    def __init__(self, dial: Dial, mine: Value, look: Palette) -> None:
        super().__init__()
        self.dial = dial
        self._mine = self.value = mine
        what = phrase(dial.what).removesuffix(".")
        self._words = _label("", "value")
        self._back = QToolButton()
        self._back.setObjectName("back")
        self._back.setText("↺")
        self._back.setAccessibleName(say("whatif.back", what=what))
        self._back.clicked.connect(lambda: self.turn(self._mine))
        keep = self._back.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._back.setSizePolicy(keep)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(0, 1)
        self._check: QCheckBox | None = None
        self._slider: QSlider | None = None
        if dial.switch:
            self._check = Check(what, look)
            self._check.setText(folded(what, self._check, _CHECK_WIDTH))
            self._check.setAccessibleName(what)
            self._check.toggled.connect(self._take)
            grid.addWidget(self._check, 0, 0, 1, 3)
        else:
            sentence = _label(what, "reason")
            sentence.setWordWrap(True)
            sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._slider = _Slider(Qt.Orientation.Horizontal)
            self._slider.setRange(0, len(dial.steps) - 1)
            self._slider.setPageStep(max(2, len(dial.steps) // _PAGE))
            self._slider.setMinimumWidth(_SLIDER_WIDTH)
            self._slider.setAccessibleName(what)
            self._slider.valueChanged.connect(lambda step: self._take(dial.steps[step]))
            self._words.setFixedWidth(_VALUE_WIDTH)
            self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(sentence, 0, 0)
            grid.addWidget(self._slider, 0, 1)
            grid.addWidget(self._words, 0, 2)
        grid.addWidget(self._back, 0, 3)
        self._show()

    def turn(self, value: Value) -> None:
        """Turn to a value, as a hand would; one that is no step is the nearest one."""
        if self._check is not None:
            self._check.setChecked(bool(value))
        elif self._slider is not None:
            self._slider.setValue(self.dial.nearest(value))

    def own(self, mine: Value) -> None:
        """Take another value for the user's own."""
        self._mine = mine
        self._show()

    def focus(self) -> None:
        """Give the keyboard to it."""
        (self._check or self._slider or self).setFocus()

    def _take(self, value: Value) -> None:
        if value == self.value:
            return
        self.value = value
        self._show()
        self.turned.emit(self.dial.name, value)

    def _show(self) -> None:
        told = self.dial.in_words(self.value)
        self._words.setText(told)
        described = told
        if self.value != self._mine:
            described = say("whatif.described", value=told, mine=self.dial.in_words(self._mine))
        for control in filter(None, (self._check, self._slider)):
            control.setAccessibleDescription(described)
        if self._check is not None:
            with QSignalBlocker(self._check):
                self._check.setChecked(bool(self.value))
        if self._slider is not None:
            with QSignalBlocker(self._slider):
                self._slider.setValue(self.dial.nearest(self.value))
        self._back.setVisible(self.value != self._mine)
        self._words.setProperty("turned", self.value != self._mine)
        self._words.style().polish(self._words)


class Check(QCheckBox):
    """A switch with a tick in it: colour alone tells nothing.

    Args:
        text: what it switches.
        look: the colours.
    """

    def __init__(self, text: str, look: Palette) -> None:
        super().__init__(text)
        self._tick = QColor(look.card)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the tick into the box of the sheet."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = QRectF(self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._tick, 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        corners = ((0.27, 0.53), (0.43, 0.69), (0.74, 0.32))
        painter.drawPolyline(
            [QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in corners]
        )
        painter.end()


class _Slider(QSlider):
    """A slider that leaves the wheel to the list it stands in, but for the one that has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Turn only where the focus is: who scrolls past turns nothing."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def _label(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(kind)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label

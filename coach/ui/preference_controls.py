"""The controls of the preferences: a switch, a number with its unit, a choice, a line of text or of names.

Owns how each is painted, reached and turned. A control takes a value (``put``) and gives one (``chosen``); what becomes
of it is not its business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QDoubleSpinBox,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionSpinBox,
    QWidget,
)

from coach.settings import split_names
from coach.ui.preference_words import choice_name, plain_locale, written
from coach.ui.theme import METRICS, Palette
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from coach.settings import Value
    from coach.ui.preference_words import Setting

_TRACK: Final = QSize(36, 20)
_GAP: Final = 8
_STEPS: Final = ((2.0, 0.05), (5.0, 0.1), (60.0, 0.5), (600.0, 5.0), (float("inf"), 15.0))
"""Up to which greatest value an arrow moves by how much."""
_LINE_LETTERS: Final = 28
_MARK: Final = 3.5


class Switch(QCheckBox):
    """On or off: a pill whose knob stands left or right, with the word beside it."""

    chosen = Signal(object)

    def __init__(self, look: Palette) -> None:
        super().__init__()
        self.look = look
        self.toggled.connect(self._say)
        self.clicked.connect(lambda checked: self.chosen.emit(bool(checked)))
        self._say()

    def put(self, value: Value) -> None:
        """Show a value."""
        self.setChecked(bool(value))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of pill and word; the same whichever word it is."""
        words = max(self.fontMetrics().horizontalAdvance(say(f"prefs.{w}")) for w in ("on", "off"))
        height = max(METRICS.target, self.fontMetrics().height() + 4)
        return QSize(_TRACK.width() + _GAP + words + 8, height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least size: all of it."""
        return self.sizeHint()

    def hitButton(self, _at: object) -> bool:  # noqa: N802 - Qt's name
        """Take a click anywhere in it."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the pill, its knob, and the word."""
        look, on = self.look, self.isChecked()
        accent = look.accent("ask_question")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            left = self.layoutDirection() is Qt.LayoutDirection.LeftToRight
            x = 4.0 if left else self.width() - _TRACK.width() - 4.0
            track = QRectF(x, (self.height() - _TRACK.height()) / 2, _TRACK.width(), _TRACK.height())
            painter.setPen(QPen(QColor(accent if on else look.quiet), 1.5))
            painter.setBrush(QColor(accent if on else look.card))
            painter.drawRoundedRect(track.adjusted(1, 1, -1, -1), 9, 9)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(look.title), 1.5))
                painter.drawRoundedRect(track.adjusted(-1.5, -1.5, 1.5, 1.5), 11, 11)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.card if on else look.quiet))
            at_right = on is left
            knob_x = track.right() - 16 if at_right else track.left() + 4
            painter.drawEllipse(QRectF(knob_x, track.center().y() - 6, 12, 12))
            painter.setPen(QColor(look.title))
            words = self.rect().adjusted(
                *((_TRACK.width() + 4 + _GAP, 0, 0, 0) if left else (0, 0, -_TRACK.width() - 4 - _GAP, 0))
            )
            side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
            painter.drawText(words, side | Qt.AlignmentFlag.AlignVCenter, self.text())

    @Slot()
    def _say(self) -> None:
        self.setText(say("prefs.on") if self.isChecked() else say("prefs.off"))


class Number(QDoubleSpinBox):
    """A number within its range, with its unit; the wheel turns it only once it was chosen."""

    chosen = Signal(object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        knob = setting.knob
        assert knob.low is not None  # noqa: S101 - what has a spin box is a number
        assert knob.high is not None  # noqa: S101 - the same
        self._whole, self._factor = isinstance(knob.default, int), setting.factor
        self.setLocale(plain_locale())
        self.setDecimals(0 if self._whole else 1 if self._factor > 1 else 2)
        self.setRange(knob.low * self._factor, knob.high * self._factor)
        self.setSingleStep(1 if self._whole or self._factor > 1 else _step(knob.high))
        self.setSuffix(f" {setting.unit}")
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.valueChanged.connect(self._tell)

    def put(self, value: Value) -> None:
        """Show a value."""
        assert isinstance(value, int | float)  # noqa: S101 - what has a spin box is a number
        blocked = self.blockSignals(True)
        self.setValue(value * self._factor)
        self.blockSignals(blocked)

    def textFromValue(self, value: float) -> str:  # noqa: N802 - Qt's name
        """Write a number without zeros that say nothing."""
        return written(value)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint it, and the marks of its two buttons, which a sheet leaves out."""
        super().paintEvent(event)
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        for down, part in ((False, QStyle.SubControl.SC_SpinBoxUp), (True, QStyle.SubControl.SC_SpinBoxDown)):
            at = self.style().subControlRect(QStyle.ComplexControl.CC_SpinBox, option, part, self)
            _chevron(self, at, down=down)

    @Slot(float)
    def _tell(self, shown: float) -> None:
        self.chosen.emit(round(shown) if self._whole else round(shown / self._factor, 6))


class Drop(QComboBox):
    """A choice that shows by a mark that it opens."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint it, and its mark."""
        super().paintEvent(event)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxArrow
        at = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        _chevron(self, at, down=True)


class Choice(Drop):
    """One of a few."""

    chosen = Signal(object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        for choice in setting.knob.choices:
            self.addItem(choice_name(setting.name, choice), choice)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(lambda at: self.chosen.emit(self.itemData(at)))

    def put(self, value: Value) -> None:
        """Show a value."""
        self.setCurrentIndex(self.findData(value))


class Line(QLineEdit):
    """Text, or names with commas between; told once it is done, with Enter or by going on."""

    chosen = Signal(object)

    def __init__(self, *, names: bool, known: Sequence[str] = (), ours: str = "") -> None:
        super().__init__()
        self._names, self._shown = names, ""
        self.setPlaceholderText(ours or (say("prefs.names") if names else say("prefs.empty")))
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * _LINE_LETTERS)
        if known:
            completer = QCompleter(list(known), self)
            completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            self.setCompleter(completer)
        self.editingFinished.connect(self._tell)

    def put(self, value: Value) -> None:
        """Show a value; what is being typed stays."""
        self._shown = ", ".join(value) if isinstance(value, tuple) else str(value)
        if not (self.hasFocus() and self.isModified()):
            self.setText(self._shown)

    @Slot()
    def _tell(self) -> None:
        self.setModified(False)
        if self.text() != self._shown:
            self._shown = self.text()
            self.chosen.emit(tuple(split_names(self.text())) if self._names else self.text().strip())


Control = Switch | Number | Choice | Line


class Still(QObject):
    """Keep the wheel from turning what the page is only scrolled past."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Pass the wheel on to the page unless the control was chosen."""
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def _chevron(widget: QWidget, where: QRect, *, down: bool) -> None:
    """Paint a small mark in the middle of a place."""
    middle, way = QRectF(where).center(), 1 if down else -1
    with QPainter(widget) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(widget.palette().color(QPalette.ColorRole.Text), 1.4))
        painter.drawPolyline(
            [
                middle + QPointF(x, y * way)
                for x, y in ((-_MARK, -_MARK / 2), (0.0, _MARK / 2), (_MARK, -_MARK / 2))
            ]
        )


def control_for(setting: Setting, look: Palette, known: Sequence[str], ours: str) -> Control:
    """Return the control that fits a setting."""
    default = setting.knob.default
    if isinstance(default, bool):
        return Switch(look)
    if isinstance(default, int | float):
        return Number(setting)
    if setting.knob.choices:
        return Choice(setting)
    return Line(names=isinstance(default, tuple), known=known, ours=ours)


def _step(high: float) -> float:
    return next(step for top, step in _STEPS if high <= top)

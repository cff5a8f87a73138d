"""Which texts of a window are cut: wider or higher than the room they were given.

Looks at what Qt's own widgets show. What a window paints itself chooses what to leave out, and is looked at by eye.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QTabBar,
    QWidget,
)

from coach.ui.quiet import Cross

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIELD_PAD = 4
SLACK = 1
"""In pixels: what rounding may cost."""


def cut(window: QWidget) -> list[str]:
    """Return a line for each text of a window that is shown and has not the room it needs."""
    return [told for widget in (window, *window.findChildren(QWidget)) for told in _cut(widget, window)]


def _cut(widget: QWidget, window: QWidget) -> Iterator[str]:
    if not widget.isVisibleTo(window) or not widget.width():
        return
    if widget is not window and isinstance(widget, QLabel | QAbstractButton | QComboBox | QLineEdit):
        yield from _outside(widget)
    for kind, looks in _LOOKS.items():
        if isinstance(widget, kind):
            yield from looks(widget)


def _in_label(label: QLabel) -> Iterator[str]:
    needed = _of_label(label) if label.text() else QSize()
    if label.width() + SLACK < needed.width() or label.height() + SLACK < needed.height():
        yield f"label {label.size().toTuple()} < {needed.toTuple()}: {label.text()}"


def _in_button(button: QAbstractButton) -> Iterator[str]:
    if button.text() and not isinstance(button, Cross) and (room := _room_in(button)) < _of_button(button):
        yield f"button {room} < {_of_button(button)}: {button.text()}"


def _in_field(field: QLineEdit) -> Iterator[str]:
    if not field.text() and _advance(field, field.placeholderText()) > field.width() - 2 * _FIELD_PAD:
        yield f"placeholder: {field.placeholderText()}"


def _in_tabs(tabs: QTabBar) -> Iterator[str]:
    for tab in range(tabs.count()):
        if _advance(tabs, tabs.tabText(tab)) > tabs.tabRect(tab).width() + SLACK:
            yield f"tab: {tabs.tabText(tab)}"


def _outside(widget: QWidget) -> Iterator[str]:
    """Yield a widget that stands partly outside of what holds it, across: there, nothing scrolls."""
    above = widget.parentWidget()
    while above is not None:
        left = widget.mapTo(above, QPoint(0, 0)).x()
        if left < -SLACK or left + widget.width() > above.width() + SLACK:
            yield f"outside of {type(above).__name__}: {type(widget).__name__} {getattr(widget, 'text', str)()}"
            return
        above = above.parentWidget()


def _of_label(label: QLabel) -> QSize:
    if label.wordWrap():
        widest = max(_advance(label, word) for word in label.text().split() or [""])
        return QSize(widest, label.heightForWidth(label.width()))
    return QSize(max(_advance(label, line) for line in label.text().splitlines()), 0)


def _of_button(button: QAbstractButton) -> int:
    """Return how wide the widest line of a button is."""
    font = QFont(button.font())
    if isinstance(button, QPushButton) and button.isDefault():
        font.setWeight(QFont.Weight.DemiBold)
    letters = QFontMetrics(font)
    return max(letters.horizontalAdvance(line) for line in button.text().replace("&", "").splitlines())


def _room_in(button: QAbstractButton) -> int:
    """Return how wide the words of a button may be, less what its style puts around them."""
    if not isinstance(button, QPushButton):
        return button.width() + SLACK
    option = QStyleOptionButton()
    button.initStyleOption(option)
    inside = QStyle.SubElement.SE_PushButtonContents
    return button.style().subElementRect(inside, option, button).width() + SLACK


def _in_choice(combo: QComboBox) -> Iterator[str]:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = combo.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, combo).width()
    if combo.currentText() and _advance(combo, combo.currentText()) > room + SLACK:
        yield f"choice {room}: {combo.currentText()}"


def _in_header(header: QHeaderView) -> Iterator[str]:
    if header.orientation() is not Qt.Orientation.Horizontal:
        return
    model = header.model()
    for section in range(header.count()):
        told = str(model.headerData(section, Qt.Orientation.Horizontal) or "") if model is not None else ""
        if not header.isSectionHidden(section) and _advance(header, told) > header.sectionSize(section):
            yield f"column {header.sectionSize(section)}: {told}"


def _advance(widget: QWidget, text: str) -> int:
    return QFontMetrics(widget.font()).horizontalAdvance(text.replace("&", ""))


_LOOKS = {
    QLabel: _in_label,
    QAbstractButton: _in_button,
    QComboBox: _in_choice,
    QLineEdit: _in_field,
    QTabBar: _in_tabs,
    QHeaderView: _in_header,
}

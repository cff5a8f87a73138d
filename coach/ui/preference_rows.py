"""One setting as a row: its label, its sentence, the control that fits it, and the way back to the default.

Owns what stands in the row and how it is laid out. What a value leads to is not its business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from coach.ui.preference_controls import Line, Still, Switch, control_for
from coach.ui.sheet import label
from coach.ui.theme import METRICS, Palette, blend
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.settings import Value
    from coach.ui.preference_words import Setting

_BESIDE: Final = 220
"""A control that is wider stands beneath the sentence, not beside it."""


class PreferenceRow(QFrame):
    """One setting.

    Args:
        setting: which.
        look: the colours.
        known: names that are offered while one types.
        ours: what stands in an empty line.
    """

    chosen = Signal(str, object)
    """A value was chosen for the setting of this name."""
    back = Signal(str)
    """The setting of this name is to be as it comes."""

    def __init__(self, setting: Setting, look: Palette, known: Sequence[str] = (), ours: str = "") -> None:
        super().__init__()
        self.setObjectName("tile")
        self.setting = setting
        self.control = control_for(setting, look, known, ours)
        self._heading = label(setting.label, "name")
        self._heading.setBuddy(self.control)
        sentence = label(setting.what, "hint")
        about = label(f"{setting.about(ours)} · {setting.name}", "quiet")
        about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.mark = label(f"● {say('prefs.changed')}", "mark")
        self.mark.setWordWrap(False)
        self.reset = QPushButton(say("prefs.reset"))
        self.reset.setObjectName("reset")
        self.reset.clicked.connect(lambda: self.back.emit(setting.name))
        self._wrong = label("", "wrong")
        self._wrong.hide()
        self.control.setAccessibleName(setting.whole_label)
        self._described = f"{setting.what} {setting.about(ours)}"
        default = ours or setting.in_words(setting.default)
        self.reset.setToolTip(say("prefs.reset_what", label=setting.whole_label, default=default))
        self.reset.setAccessibleName(say("prefs.reset_what", label=setting.whole_label, default=default))
        still = Still(self)
        self.control.installEventFilter(still)
        self.control.chosen.connect(lambda value: self.chosen.emit(setting.name, value))
        self._lay_out(sentence, about)

    def put(self, value: Value) -> None:
        """Show what the setting is now, and whether that is as it comes."""
        self.control.put(value)
        changed = value != self.setting.knob.default
        self.mark.setVisible(changed)
        self.reset.setVisible(changed)
        state = f" ({say('prefs.changed')})" if changed else ""
        self.control.setAccessibleDescription(f"{self._described}{state}")
        self.say_wrong("")

    def name_whole(self, *, whole: bool) -> None:
        """Head it with its type of call too, or without: where others of that type stand beside it."""
        self._heading.setText(self.setting.whole_label if whole else self.setting.label)

    def say_wrong(self, problem: str) -> None:
        """Tell beneath the control why a value cannot be; empty once that is over."""
        self._wrong.setText(problem)
        self._wrong.setVisible(bool(problem))
        if problem:
            self.control.setAccessibleDescription(problem)

    @property
    def wrong(self) -> str:
        """What is told to be wrong."""
        return self._wrong.text()

    def wear(self, look: Palette) -> None:
        """Go on in another look."""
        if isinstance(self.control, Switch):
            self.control.look = look
            self.control.update()

    def _lay_out(self, sentence: QWidget, about: QWidget) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(METRICS.pad, 8, METRICS.pad, 8)
        grid.setHorizontalSpacing(METRICS.pad)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        foot = QHBoxLayout()
        foot.setSpacing(METRICS.edge)
        foot.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(about, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignVCenter)
        if isinstance(self.control, Line) or self.control.sizeHint().width() > _BESIDE:
            grid.addWidget(self._heading, 0, 0)
            grid.addWidget(sentence, 1, 0)
            grid.addWidget(self.control, 2, 0)
        else:
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            grid.addWidget(self._heading, 0, 0)
            grid.addWidget(sentence, 1, 0)
            grid.addWidget(self.control, 0, 1, 2, 1, side)
        columns = grid.columnCount()
        grid.addLayout(foot, 3, 0, 1, columns)
        grid.addWidget(self._wrong, 4, 0, 1, columns)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)


def row_sheet(look: Palette) -> str:
    """Return what the rows add to the style of a window."""
    accent = look.accent("ask_question")
    return f"""
QLabel#mark {{ color: {look.accent("monologue")}; font-size: {METRICS.why_px}px; font-weight: 600; }}
QPushButton#reset {{ padding: 2px 10px; font-size: {METRICS.why_px}px; }}
QPushButton#reset:focus {{ padding: 1px 9px; }}
QListWidget#sections {{ border: 1px solid transparent; background: transparent; }}
QListWidget#sections:focus {{ border: 1px solid {accent}; }}
QListWidget#sections::item {{ padding: 6px 8px; border-radius: 6px; color: {look.title}; }}
QListWidget#sections::item:hover {{ background: {look.pressed}; }}
QListWidget#sections::item:selected {{ background: {blend(accent, look.card, 0.22)}; }}
QDoubleSpinBox {{ background: {look.card}; border: 1px solid {look.quiet}; border-radius: 6px;
  padding: 4px 4px 4px 8px; selection-color: {look.card}; selection-background-color: {accent}; }}
QDoubleSpinBox:focus {{ border: 2px solid {accent}; padding: 3px 3px 3px 7px; }}
QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{ border: none; background: transparent; width: 22px; }}
QDoubleSpinBox::up-button:hover, QDoubleSpinBox::down-button:hover {{ background: {look.pressed}; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QFrame#tile QLineEdit, QFrame#tile QComboBox {{ background: {look.card}; border-color: {look.quiet}; }}
QFrame#tile QLineEdit:focus, QFrame#tile QComboBox:focus {{ border: 2px solid {accent}; padding: 3px 7px; }}
"""

"""The page "What I sell": names, competitors, the ONLY statement and jargon, as five fields.

Owns the fields and what is said of a name that cannot be kept. Refuses to know files: what was typed is handed
to ``save``. An ordinary window: the keyboard walks through it, Enter saves, Escape leaves all as it was.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from coach.settings import Facts, facts_from, split_names
from coach.trouble import Trouble
from coach.ui.icons import tray_icon
from coach.ui.place import CENTRE, Spot, stand
from coach.ui.sheet import label as _label
from coach.ui.sheet import window_sheet
from coach.ui.theme import LOOKS, METRICS, Palette
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

FIELDS: Final = tuple(f.name for f in dataclasses.fields(Facts))
_WIDTH = 480
_ONLY_LINES = 2
_FROM_THE_EDGE = 16
_TITLE_BAR = 32  # the window's frame is the desktop's, and comes on top


def _sheet(look: Palette) -> str:
    return f"""
FactsPage, QWidget#fields {{ background: {look.card}; border: none; }}
QLabel#hint {{ font-size: {METRICS.why_px}px; }}
QLineEdit, QPlainTextEdit {{ font-size: {METRICS.told_px}px; }}
QPushButton {{ min-width: 56px; }}
"""


class FactsPage(QWidget):
    """The window.

    Args:
        facts: what the fields begin with.
        save: takes what was typed; raises `Trouble` when it cannot be kept.
        look: ``dark`` or ``light``.
        problem: a sentence to begin with, such as a settings file that cannot be read.
    """

    def __init__(
        self, facts: Facts, save: Callable[[Facts], None], look: str = "dark", problem: str = ""
    ) -> None:
        super().__init__()
        self._save = save
        self.setWindowTitle(say("facts.title"))
        self.setWindowIcon(tray_icon("idle"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(window_sheet(LOOKS[look]) + _sheet(LOOKS[look]))
        self.fields: dict[str, QLineEdit | QPlainTextEdit] = {}
        self._wrong = _label("", "wrong")
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(METRICS.pad)
        column.addWidget(_label(say("facts.why"), "hint"))
        self._area = self._scrolled(facts)
        column.addWidget(self._area, 1)
        column.addWidget(self._wrong)
        column.addLayout(self._buttons())
        self._say_wrong(problem)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence.StandardKey.Save, self, self.save)

    def show_centred(self) -> None:
        """Show the window in the middle of its screen, as large as the fields need and the screen allows."""
        self._fit()
        self.show()
        self.raise_()
        self.activateWindow()
        self.fields[FIELDS[0]].setFocus()

    def typed(self) -> Facts:
        """Return what stands in the fields.

        Raises:
            Trouble: for what no settings file could hold; the field it stands in has the focus.
        """
        values: dict[str, object] = {}
        for name, field in self.fields.items():
            values[name] = split_names(field.text()) if isinstance(field, QLineEdit) else _line(field)
            try:
                facts_from({name: values[name]}, say(f"facts.{name}").replace("&", ""))
            except Trouble:
                field.setFocus()
                raise
        return facts_from(values, say("facts.title"))

    def save(self) -> None:
        """Hand over what was typed and close; say what is wrong where it cannot be kept."""
        try:
            self._save(self.typed())
        except Trouble as trouble:
            self._say_wrong(str(trouble))
        else:
            self.close()

    def _say_wrong(self, problem: str) -> None:
        self._wrong.setText(problem)
        self._wrong.setAccessibleName(problem)
        self._wrong.setVisible(bool(problem))
        focused = self.focusWidget()
        if not problem or not self.isVisible() or focused is None:
            return
        self._fit()
        self._column.activate()
        focused.setAccessibleDescription(problem)
        self._area.ensureWidgetVisible(focused)

    def _fit(self) -> None:
        room = self.screen().availableGeometry()
        now = self.size() if self.isVisible() else QSize(_WIDTH, 0)
        wanted = QSize(now.width(), max(now.height(), self._wanted_height(now.width())))
        size = wanted.boundedTo(
            room.adjusted(0, 0, -2 * _FROM_THE_EDGE, -_TITLE_BAR - 2 * _FROM_THE_EDGE).size()
        )
        self.setGeometry(stand(size, room, Spot(CENTRE, CENTRE), _FROM_THE_EDGE))

    def _wanted_height(self, width: int) -> int:
        """Return the height at which nothing scrolls."""
        self._column.activate()
        hidden = self._inside.sizeHint().height() - self._area.sizeHint().height()
        return self._column.totalHeightForWidth(width) + max(0, hidden)

    def _scrolled(self, facts: Facts) -> QScrollArea:
        self._inside = inside = QWidget()
        inside.setObjectName("fields")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 4, 0)
        rows.setSpacing(4)
        for name in FIELDS:
            value = getattr(facts, name)
            field = self._only(value) if name == "only" else self._names(value)
            field.setPlaceholderText(say(f"facts.{name}.hint"))
            label = _label(say(f"facts.{name}"), "")
            label.setBuddy(field)
            field.setAccessibleName(label.text().replace("&", ""))
            field.setAccessibleDescription(say(f"facts.{name}.hint"))
            rows.addWidget(label)
            rows.addWidget(field)
            rows.addSpacing(METRICS.edge)
            self.fields[name] = field
        rows.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def _names(self, names: tuple[str, ...]) -> QLineEdit:
        field = QLineEdit(", ".join(names))
        field.returnPressed.connect(self.save)
        return field

    def _only(self, statement: str) -> QPlainTextEdit:
        field = QPlainTextEdit(statement)
        field.setTabChangesFocus(True)
        field.setFixedHeight(_ONLY_LINES * round(1.4 * METRICS.told_px) + 2 * METRICS.edge + 4)
        return field

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(METRICS.edge)
        row.addWidget(_label(say("facts.when"), "hint"), 1)
        leave, keep = QPushButton(say("facts.cancel")), QPushButton(say("facts.save"))
        leave.clicked.connect(self.close)
        keep.clicked.connect(self.save)
        keep.setObjectName("main")
        keep.setDefault(True)
        keep.setAutoDefault(True)
        row.addWidget(leave)
        row.addWidget(keep)
        return row


def _line(field: QPlainTextEdit) -> str:
    return " ".join(field.toPlainText().split())

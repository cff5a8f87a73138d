"""The page of the preferences: the sections with their rows, made when they are first shown.

Owns which row stands where, the order in which the tabulator walks, and the choice of the type of call whose limits are
shown. Refuses to know what is searched for and what becomes of a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from coach.settings import CALL_TYPES, value_at
from coach.ui.preference_controls import Drop
from coach.ui.preference_rows import PreferenceRow
from coach.ui.preference_words import section_hint, section_name, sections, settings_in_words
from coach.ui.sheet import label
from coach.ui.theme import METRICS, Palette
from coach.ui.wording import call_type_name, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coach.settings import Settings
    from coach.ui.preference_words import Setting


class PreferencePage(QScrollArea):
    """Rows in sections; as many of them as were ever asked for.

    Args:
        call_type: whose limits are shown first.
        known: names offered for a setting, by its name.
        ours: what stands in an empty field of a setting, by its name.
    """

    chosen = Signal(str, object)
    back = Signal(str)

    def __init__(
        self, call_type: str, known: Mapping[str, Sequence[str]] | None, ours: Mapping[str, str] | None
    ) -> None:
        super().__init__()
        self._known, self._ours = known or {}, ours or {}
        self.rows: dict[str, PreferenceRow] = {}
        self._boxes: dict[str, QWidget] = {}
        self._lists: dict[str, QVBoxLayout] = {}
        self.types = _type_choice(call_type)
        self.none = label("", "hint")
        self.inside = QWidget()
        self.inside.setObjectName("page")
        column = QVBoxLayout(self.inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(METRICS.pad)
        column.addWidget(self.none)
        for section in sections():
            self._boxes[section] = box = self._box(section)
            column.addWidget(box)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self.inside)

    @property
    def call_type(self) -> str:
        """The type of call whose limits are shown."""
        return str(self.types.currentData())

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the settings that are shown, in their order."""
        made = (s.name for s in settings_in_words() if s.name in self.rows)
        return tuple(name for name in made if not self.rows[name].isHidden())

    def show_found(self, found: Sequence[Setting], settings: Settings, look: Palette, *, mixed: bool) -> None:
        """Show these settings and no others, from the top.

        Args:
            found: in their order.
            settings: their values.
            look: the colours of rows that are made now.
            mixed: whether limits of several types of call stand beside each other.
        """
        names = {s.name for s in found}
        self.inside.setUpdatesEnabled(False)
        for name, row in self.rows.items():
            if name not in names:
                row.hide()
        for setting in found:
            row = self._row(setting, settings, look)
            row.name_whole(whole=mixed or setting.call_type != self.call_type)
            row.show()
        shown = {s.section for s in found}
        for section, box in self._boxes.items():
            box.setVisible(section in shown)
        self.none.setVisible(not found)
        self.inside.setUpdatesEnabled(True)
        self._keep_whole()
        self.verticalScrollBar().setValue(0)

    def chain(self, after: QWidget) -> None:
        """Let the tabulator walk as the eye does, whenever the rows were made, and then go on to ``after``."""
        last: QWidget = self.types
        for row in (self.rows[name] for name in self.shown):
            QWidget.setTabOrder(last, row.control)
            QWidget.setTabOrder(row.control, row.reset)
            last = row.reset
        QWidget.setTabOrder(last, after)

    def _keep_whole(self) -> None:
        """Let the window not be made so narrow that a row is cut off."""
        bar = self.verticalScrollBar().sizeHint().width()
        most = self.screen().availableGeometry().width() // 2
        self.setMinimumWidth(min(self.inside.minimumSizeHint().width() + bar, most))

    def _row(self, setting: Setting, settings: Settings, look: Palette) -> PreferenceRow:
        if (made := self.rows.get(setting.name)) is not None:
            return made
        row = PreferenceRow(
            setting, look, self._known.get(setting.name, ()), self._ours.get(setting.name, "")
        )
        row.put(value_at(settings, setting.name))
        row.chosen.connect(self.chosen)
        row.back.connect(self.back)
        before = [s.name for s in settings_in_words() if s.section == setting.section]
        at = sum(name in self.rows for name in before[: before.index(setting.name)])
        self._lists[setting.section].insertWidget(at, row)
        self.rows[setting.name] = row
        return row

    def _box(self, section: str) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(METRICS.edge)
        heading = label(section_name(section), "heading")
        heading.setIndent(0)
        column.addWidget(heading)
        column.addWidget(label(section_hint(section), "hint"))
        if section == "limits":
            column.addWidget(self.types)
        self._lists[section] = rows = QVBoxLayout()
        rows.setSpacing(METRICS.edge)
        column.addLayout(rows)
        box.hide()
        return box


def _type_choice(call_type: str) -> Drop:
    made = Drop()
    made.setAccessibleName(say("prefs.limits_of"))
    for kind in CALL_TYPES:
        made.addItem(call_type_name(kind), kind)
    made.setCurrentIndex(made.findData(call_type))
    return made

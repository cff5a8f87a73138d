"""The list of sections in the preferences, each with how much of it is not as it comes.

Owns the list, its words and its width. Refuses to know what a section shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem

from coach.settings import value_at
from coach.ui.preference_words import section_name, sections, settings_in_words
from coach.ui.theme import METRICS
from coach.ui.wording import say

if TYPE_CHECKING:
    from coach.settings import Settings

_AROUND_WORDS: Final = 16 + 2 * METRICS.pad
"""What an item has around its words, and the scroll bar beside it."""
_LIST_SHARE: Final = 0.36
"""The list of sections takes at most this part of the window."""
_LEAST: Final = 120


class SectionList(QListWidget):
    """The sections, one chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(say("prefs.sections"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("sections")
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for section in sections():
            item = QListWidgetItem(section_name(section))
            item.setData(Qt.ItemDataRole.UserRole, section)
            self.addItem(item)

    @property
    def section(self) -> str:
        """The section that is chosen."""
        item = self.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else sections()[0]

    def mark(self, *, marked: bool) -> None:
        """Show the chosen section as what is seen, or not: a search shows something else."""
        if (item := self.currentItem()) is not None:
            item.setSelected(marked)

    def count_changed(self, settings: Settings) -> None:
        """Say of each section how much of it is not as it comes."""
        for at, section in enumerate(sections()):
            mine = (s for s in settings_in_words() if s.section == section)
            count = sum(value_at(settings, s.name) != s.default for s in mine)
            name = section_name(section)
            text = f"{name}  ● {count}" if count else name
            if (item := self.item(at)).text() != text:
                item.setText(text)
                told = say("prefs.changed_count", section=name, count=str(count)) if count else name
                item.setData(Qt.ItemDataRole.AccessibleTextRole, told)
        self.fit(self.window().width())

    def fit(self, window: int) -> None:
        """Be as wide as the longest name takes, within a part of the window this wide; what is longer wraps."""
        letters = self.fontMetrics()
        words = max(letters.horizontalAdvance(self.item(at).text()) for at in range(self.count()))
        self.setFixedWidth(min(words + _AROUND_WORDS, max(_LEAST, round(_LIST_SHARE * window))))

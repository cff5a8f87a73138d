"""Today's nudges, to be read again: when, what, why, and the icon of each.

Owns the list since the program started and the small window that shows it. Refuses to know why a nudge came. Nothing
is written down here: the logs of the calls are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDateTime, QLocale, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from coach.ui.icons import pixmap
from coach.ui.sheet import dress, label
from coach.ui.theme import LOOKS, METRICS, icon_name
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.ui.card import CardContent

MOST: Final = 200
"""So many are kept: more than a day of calls can bring (five in half an hour, ``manners.md``)."""
_WIDTH, _HEIGHT = 420, 360


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
        self.list.setIconSize(QSize(METRICS.icon, METRICS.icon))
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
        past, locale = self._today.past, QLocale()
        self.list.clear()
        for p in past:
            at = locale.toString(p.at.time(), QLocale.FormatType.ShortFormat)
            lines = [f"{at} · {p.content.title}", p.content.reason, p.content.offer]
            rule = p.content.rule
            icon = QIcon(
                pixmap(icon_name(rule), self._look.accent(rule), METRICS.icon, self.devicePixelRatioF())
            )
            self.list.addItem(QListWidgetItem(icon, "\n".join(filter(None, lines))))
        self.list.setVisible(bool(past))
        self._none.setVisible(not past)

"""The consent sheet: what is heard, where it stays, who should know. It is answered before the first call.

Owns what is asked and the answer as a signal. Refuses to know files: what was answered before is handed in. The person
decides; nothing is ticked beforehand, and closing the sheet answers nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from coach.settings import knobs
from coach.ui.before_words import kept_of, say, to_read_out
from coach.ui.icons import tray_icon
from coach.ui.picker import Picker
from coach.ui.preference_words import choice_name, settings_in_words
from coach.ui.scrolled import fit, heading, scrolled
from coach.ui.sheet import dress, label
from coach.ui.theme import LOOKS, METRICS
from coach.writing import whole_day

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from coach.settings import Settings

REGION: Final = "consent.region"
_WIDTH: Final = 520
_AROUND: Final = 140
_CHOICES: Final = next(k.choices for k in knobs() if k.name == REGION)


class ConsentSheet(QWidget):
    """The window.

    Args:
        settings: what is kept of a call, and where one calls.
        day: when it was answered; empty where it was not.
    """

    agreed = Signal()
    taken_back = Signal()
    region_chosen = Signal(str)
    closed = Signal()

    def __init__(self, settings: Settings, day: str = "") -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(say("consent.title"))
        self.setWindowIcon(tray_icon("idle"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        dress(self, LOOKS[settings.overlay.look])
        self.sentence = label("", "")
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.region = Picker(LOOKS[settings.overlay.look].reason, _region_label())
        self.region.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToContents)
        self.region.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for choice in _CHOICES:
            self.region.addItem(choice_name(REGION, choice), choice)
        self.status = label("", "hint")
        self.agree, self.later = QPushButton(say("consent.agree")), QPushButton(say("consent.later"))
        self.back = QPushButton(say("consent.back"))
        self._page = self._made_page(settings)
        self._lay_out()
        self.show_settings(settings)
        self.show_answer(day)
        self.region.activated.connect(lambda at: self.region_chosen.emit(_CHOICES[at]))
        self.agree.clicked.connect(lambda _checked: self.agreed.emit())
        self.back.clicked.connect(lambda _checked: self.taken_back.emit())
        self.later.clicked.connect(self.close)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def show_centred(self) -> None:
        """Show the sheet in the middle of its screen."""
        fit(self, self._page, _WIDTH, _AROUND)
        self.show()
        self.raise_()
        self.activateWindow()
        self.region.setFocus()

    def show_settings(self, settings: Settings) -> None:
        """Show the sentence for these settings."""
        self.region.setCurrentIndex(_CHOICES.index(settings.consent.region))
        self.sentence.setText(f"“{to_read_out(settings)}”")

    def show_answer(self, day: str) -> None:
        """Show that it is answered since this day; empty for not."""
        self.agree.setVisible(not day)
        self.back.setVisible(bool(day))
        self.later.setText(say("consent.close" if day else "consent.later"))
        self.say_status(say("consent.given", day=whole_day(day) or day) if day else say("consent.refused"))

    def say_status(self, sentence: str) -> None:
        """Say a sentence beneath the sheet."""
        self.status.setText(sentence)
        self.status.setAccessibleName(sentence)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Say that nobody looks any more."""
        super().closeEvent(event)
        self.closed.emit()

    def _made_page(self, settings: Settings) -> QWidget:
        page = QWidget()
        page.setObjectName("page")
        rows = QVBoxLayout(page)
        rows.setContentsMargins(18, 6, 18, 12)
        rows.setSpacing(METRICS.edge)
        keep = say(f"keep.{kept_of(settings.storage)}")
        for part, words in (
            ("hears", say("consent.hears")),
            ("stays", say("consent.stays", keep=keep)),
            ("others", say("consent.others")),
        ):
            rows.addWidget(heading(say(f"consent.{part}.title")))
            rows.addWidget(label(words))
        tile = QFrame()
        tile.setObjectName("tile")
        inside = QVBoxLayout(tile)
        inside.setContentsMargins(12, 10, 12, 10)
        inside.addWidget(self.sentence)
        rows.addWidget(tile)
        line = QHBoxLayout()
        name = label(_region_label(), "hint")
        name.setWordWrap(False)
        line.addWidget(name)
        line.addWidget(self.region)
        line.addStretch(1)
        rows.addLayout(line)
        rows.addStretch(1)
        return page

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 14)
        column.setSpacing(METRICS.edge)
        title = label(say("consent.title"), "title")
        title.setContentsMargins(18, 0, 18, 0)
        column.addWidget(title)
        column.addWidget(scrolled(self._page), 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(18, 0, 18, 0)
        foot.setSpacing(METRICS.edge)
        foot.addWidget(self.status)
        buttons = QHBoxLayout()
        buttons.setSpacing(METRICS.edge)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        buttons.addWidget(self.later)
        buttons.addWidget(self.agree)
        foot.addLayout(buttons)
        column.addLayout(foot)
        self.agree.setObjectName("main")
        for button in (self.back, self.later, self.agree):
            button.setAutoDefault(False)  # Enter on a list of regions answers nothing


def _region_label() -> str:
    return next(s.label for s in settings_in_words() if s.name == REGION)

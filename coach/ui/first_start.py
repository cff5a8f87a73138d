"""The first start: three steps, each of which may be skipped.

Owns the steps and the way through them. Refuses to know devices and files: the first step is the sound check's own
panel, the second the try-out, and what is kept is handed out as a word of the settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from coach.ui.before_words import to_read_out
from coach.ui.call_guide import CallGuide
from coach.ui.icons import tray_icon
from coach.ui.scrolled import fit, heading, page_height, scrolled
from coach.ui.sheet import dress, folded, label
from coach.ui.sound_check import FOR_THE_TONE, WIDTH, SoundPanel
from coach.ui.theme import LOOKS, METRICS
from coach.ui.try_words import say as try_words
from coach.ui.tryout import TryControls, TryPanel
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent

    from coach.settings import Settings, StorageSettings
    from coach.ui.sound_values import SoundControls

STEPS: Final = ("sound", "try", "kept")
KEEPS: Final[dict[str, tuple[str, ...]]] = {
    "other_side": ("timings", "words"),
    "keep": ("words", "timings", "nothing"),
}
"""Settings of what is kept, each with its choices in the order in which they are offered: the other side's first."""
_BESIDE_WORDS: Final = 112
_AROUND: Final = 164
"""Height of what stands above and beneath the steps."""


class FirstStart(QWidget):
    """The sheet of the first start.

    Args:
        controls: whoever owns the devices.
        trying: whoever runs the try-out.
        settings: with the look, what is kept now, and what is read out to the other side.
        kept: takes another choice, the name of a setting and its value; returns the settings by then, raises nothing.
        folder: where logs lie.
        file: where the settings stand.
        system: ``linux``, ``win32`` or ``darwin``.
    """

    closed = Signal()
    """It was finished, skipped or closed."""

    def __init__(
        self,
        controls: SoundControls,
        trying: TryControls,
        settings: Settings,
        kept: Callable[[str, str], Settings],
        *,
        folder: str,
        file: str,
        system: str = "linux",
    ) -> None:
        super().__init__()
        self._kept, look = kept, settings.overlay.look
        self.setObjectName("window")
        self.setWindowTitle(say("first.title"))
        self.setWindowIcon(tray_icon("idle"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        dress(self, LOOKS[look])
        self.panel = SoundPanel(controls, LOOKS[look])
        self.tryout = TryPanel(trying, LOOKS[look])
        self.guide = CallGuide(system, LOOKS[look])
        self.keeps = {name: QButtonGroup(self) for name in KEEPS}
        self.wrong = label("", "hint")
        self.wrong.hide()
        self.sentence = label("")
        self._show_sentence(settings)
        self.step = label("", "hint")
        self.steps = QStackedWidget()
        self._pages = (
            _page(self.panel),
            _page(
                heading(try_words("title")),
                self.tryout,
                label(try_words("later"), "quiet"),
                heading(say("guide.title")),
                self.guide,
            ),
            self._keep_page(settings.storage, folder, file),
        )
        for page in self._pages:
            self.steps.addWidget(scrolled(page))
        self.skip, self.back, self.next = (QPushButton(say(f"first.{w}")) for w in ("skip", "back", "next"))
        self._lay_out()
        self._show_step()
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def show_centred(self) -> None:
        """Show the sheet in the middle of its screen, as large as its longest step needs and the screen allows."""
        longest = max(self._pages, key=lambda page: page_height(page, WIDTH))
        beside = _AROUND + (0 if longest is self._pages[-1] else FOR_THE_TONE)
        fit(self, longest, WIDTH, beside)
        self.show()
        self.raise_()
        self.activateWindow()
        self.next.setFocus()

    def show_trouble(self, sentence: str) -> None:
        """Say that a choice could not be kept."""
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Say that it is over, however it ended."""
        super().closeEvent(event)
        self.closed.emit()

    def _go(self, by: int) -> None:
        at = self.steps.currentIndex() + by
        if at >= self.steps.count():
            self.close()
            return
        self.steps.setCurrentIndex(max(0, at))
        self._show_step()

    def _show_step(self) -> None:
        at = self.steps.currentIndex()
        name = say(f"first.{STEPS[at]}")
        self.step.setText(say("first.step", n=str(at + 1), all=str(len(STEPS)), name=name))
        last = at == len(STEPS) - 1
        if (self.skip.hasFocus() and last) or (self.back.hasFocus() and at == 0):
            self.next.setFocus()
        self.back.setEnabled(at > 0)
        self.skip.setVisible(not last)
        self.next.setText(say("first.done" if last else "first.next"))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 14)
        column.setSpacing(METRICS.edge)
        head = QVBoxLayout()
        head.setContentsMargins(18, 0, 18, 0)
        head.setSpacing(2)
        head.addWidget(label(say("first.title"), "title"))
        head.addWidget(label(say("first.consent")))
        head.addWidget(self.step)
        column.addLayout(head)
        column.addWidget(self.steps, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 0, 18, 0)
        foot.setSpacing(METRICS.edge)
        foot.addWidget(self.skip)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        column.addLayout(foot)
        self.next.setObjectName("main")
        self.skip.clicked.connect(self.close)
        self.back.clicked.connect(lambda _checked: self._go(-1))
        self.next.clicked.connect(lambda _checked: self._go(1))
        for button in (self.skip, self.back, self.next):
            button.setAutoDefault(True)

    def _keep_page(self, storage: StorageSettings, folder: str, file: str) -> QWidget:
        page = _page(
            heading(say("first.kept")),
            label(say("first.keep.where", folder=folder)),
        )
        rows = page.layout()
        assert isinstance(rows, QVBoxLayout)  # noqa: S101 - tells the type checker what `_page` made
        rows.takeAt(rows.count() - 1)
        for name, words in KEEPS.items():
            rows.addWidget(label(say(f"first.{name}")))
            for word in words:
                text = say(f"first.{name}.{word}")
                button = QRadioButton()
                button.setText(folded(text, button, WIDTH - _BESIDE_WORDS))
                button.setAccessibleName(f"{say(f'first.{name}')} {text.replace('&', '')}")
                button.setChecked(word == getattr(storage, name))
                button.toggled.connect(
                    lambda on, name=name, word=word: self._choose(name, word) if on else None
                )
                self.keeps[name].addButton(button)
                rows.addWidget(button)
        self._offer_theirs(storage.keep)
        rows.addWidget(self.wrong)
        rows.addWidget(label(say("first.sound.later"), "hint"))
        rows.addWidget(label(say("first.keep.later", file=file), "hint"))
        rows.addSpacing(METRICS.pad)
        rows.addWidget(heading(say("first.ask")))
        rows.addWidget(label(say("first.read_out")))
        rows.addWidget(self.sentence)
        rows.addStretch(1)
        return page

    def _choose(self, name: str, word: str) -> None:
        self._show_sentence(self._kept(f"storage.{name}", word))
        if name == "keep":
            self._offer_theirs(word)

    def _show_sentence(self, settings: Settings) -> None:
        """Show what is read out at the start of a call, as things are chosen now."""
        self.sentence.setText(f"“{to_read_out(settings)}”")

    def _offer_theirs(self, mine: str) -> None:
        """Offer the other side's words only where yours are kept: of them never more is."""
        for button in self.keeps["other_side"].buttons():
            button.setEnabled(mine == "words")


def _page(*widgets: QWidget) -> QWidget:
    page = QWidget()
    page.setObjectName("page")
    rows = QVBoxLayout(page)
    rows.setContentsMargins(18, 6, 18, 12)
    rows.setSpacing(METRICS.pad)
    for widget in widgets:
        rows.addWidget(widget)
    rows.addStretch(1)
    return page

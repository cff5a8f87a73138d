"""The stage over a call that happens now: the coach's card, as large as the wall allows, and the truth about listening.

Owns the window. Refuses to know devices: commands and states are handed in on the window's thread, what is wished for
goes out as signals. Nothing of the call is shown but the card; its words stay with the machine that heard them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from coach.language import phrase
from coach.nudges.commands import HideNudge, ShowNudge, TellOnce
from coach.ui.axis import clock
from coach.ui.icons import tray_icon
from coach.ui.stage_cards import CardSlot
from coach.ui.stage_panels import WhyPanel
from coach.ui.stage_view import banner_sheet, why_lines
from coach.ui.stage_words import fonted, grounded, text_label
from coach.ui.theme import LOOKS
from coach.ui.wording import leak_line, say

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent

    from coach.call.events import BleedMeasured
    from coach.nudges.commands import Command, Nudge

_SECOND_MS = 1000
_CARD = 1.5
"""The card stands alone, so it is larger than beside captions."""


class LiveStage(QWidget):
    """One live call before a class."""

    leaving = Signal()
    """The window was closed: the call must end."""
    dismissed = Signal(str)

    def __init__(self, look: str = "dark") -> None:
        super().__init__()
        self._look = LOOKS[look]
        self._since = QElapsedTimer()
        self._last: Nudge | None = None
        self._why_open = False
        self.setWindowTitle(say("stage.name"))
        self.setWindowIcon(tray_icon("listening"))
        self.setMinimumSize(640, 360)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        grounded(self, self._look)
        self.state = text_label(self._look.reason, self, wrap=False)
        self.state.setText(say("stage.starting"))
        self.leak = text_label(self._look.reason, self, wrap=False)
        self.leak.hide()
        self.banner = text_label(self._look.title, self, wrap=False)
        self.banner.setText(say("stage.banner.live"))
        self.clock = text_label(self._look.title, self, wrap=False)
        self.clock.setText(clock(0))
        self.slot = CardSlot(self._look, "", self, larger=_CARD)
        self.slot.waved.connect(self._wave)
        self.slot.why.connect(self.turn_why)
        self.why = WhyPanel(self._look, self)
        self.told = text_label(self._look.reason, self)
        self.buttons = {name: QPushButton(say(f"stage.do.{name}"), self) for name in ("why", "full", "leave")}
        for name, button in self.buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect({"why": self.turn_why, "full": self.turn_full, "leave": self.close}[name])
        self._column = QVBoxLayout(self)
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        head = QHBoxLayout()
        head.addWidget(self.state, 1)
        head.addWidget(self.leak)
        head.addWidget(self.banner)
        head.addWidget(self.clock)
        foot = QHBoxLayout()
        foot.addStretch(1)
        for button in self.buttons.values():
            foot.addWidget(button)
        foot.addStretch(1)
        self._column.addLayout(head)
        self._column.addStretch(1)
        self._column.addWidget(self.slot)
        self._column.addWidget(self.told)
        self._column.addWidget(self.why, 2)
        self._column.addStretch(1)
        self._column.addLayout(foot)
        self.why.hide()
        self._tick = QTimer(self, interval=_SECOND_MS)
        self._tick.timeout.connect(self._show_clock)

    @Slot(object)
    def take(self, command: Command) -> None:
        """Show what the coach does."""
        match command:
            case ShowNudge(nudge=nudge):
                nudge = replace(
                    nudge, suggestion=""
                )  # made of the customer's words, which are not for the wall
                self._last = nudge
                self.slot.show_nudge(nudge)
                self.told.setText("")
                self.why.show_why(why_lines(nudge))
            case HideNudge():
                self.slot.show_nudge(None)
            case TellOnce(text=text):
                self.told.setText(phrase(text))
            case _:
                pass

    @Slot(object)
    def show_leak(self, measured: BleedMeasured) -> None:
        """Show how much the speakers leak; a change of a decibel is a new line, anything less is none."""
        line = leak_line(measured.leak, measured.gap_db)
        if line != self.leak.text():
            self.leak.setText(line)
            self.leak.show()

    @Slot()
    def begun(self) -> None:
        """Take note that it listens."""
        self.state.setText(say("stage.listening"))
        self._since.start()
        self._tick.start()

    @Slot(str)
    def failed(self, sentence: str) -> None:
        """Say why it cannot listen."""
        self._tick.stop()
        self.state.setText("")
        self.told.setText(sentence)

    @Slot()
    def turn_why(self) -> None:
        """Open or close why the last nudge came."""
        self._why_open = not self._why_open
        self.why.show_why(why_lines(self._last))
        self.why.setVisible(self._why_open)

    @Slot()
    def turn_full(self) -> None:
        """Fill the screen, or a window."""
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def _wave(self) -> None:
        if (nudge := self.slot.nudge) is not None:
            self.slot.show_nudge(None)
            self.dismissed.emit(nudge.rule)

    def _show_clock(self) -> None:
        self.clock.setText(clock(self._since.elapsed()))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Take the keys: no button has them until Tab is pressed."""
        super().showEvent(event)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """W says why, F fills the screen, Escape leaves."""
        acts = {Qt.Key.Key_W: self.turn_why, Qt.Key.Key_F: self.turn_full, Qt.Key.Key_Escape: self.close}
        if (act := acts.get(Qt.Key(event.key()))) is not None:
            act()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit everything anew."""
        super().resizeEvent(event)
        unit, look = min(self.height() / 100, self.width() / 150), self._look
        self._column.setContentsMargins(*(round(2.6 * unit),) * 4)
        self._column.setSpacing(round(2 * unit))
        self.state.setFont(fonted(self.state, 3.2 * unit, bold=True))
        self.leak.setFont(fonted(self.leak, 2.1 * unit))
        self.clock.setFont(fonted(self.clock, 4.2 * unit, bold=True))
        self.told.setFont(fonted(self.told, 3.4 * unit))
        self.banner.setFont(fonted(self.banner, 2.1 * unit, bold=True))
        self.banner.setStyleSheet(banner_sheet(look, unit))
        self.slot.set_unit(unit, beside=False)
        self.why.set_unit(unit)
        for button in self.buttons.values():
            button.setStyleSheet(
                f"QPushButton {{ color: {look.title}; background: {look.pressed}; border: 1px solid {look.border};"
                f" border-radius: {round(0.7 * unit)}px; padding: {round(0.5 * unit)}px {round(1.4 * unit)}px;"
                f" font-size: {round(2 * unit)}px; }}"
                f" QPushButton:hover, QPushButton:focus {{ border-color: {look.title}; }}"
            )

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the end of the call."""
        self._tick.stop()
        super().closeEvent(event)
        self.leaving.emit()

"""The reminder at the start of a call: a sentence to read out, what is heard, whether others see this.

Owns a small window at the edge that takes no focus and is gone by itself, by its cross, or by the word ``hide``.
Refuses to know devices: levels are handed in for as long as it is shown, and then no more. A pointer on it holds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from coach.call.events import Who
from coach.ui.before_words import say
from coach.ui.capture import hide_from_capture
from coach.ui.compositing import blends
from coach.ui.edge import EdgeWindow
from coach.ui.level_bar import LevelBar
from coach.ui.prepared import edge_label, paint_ground
from coach.ui.quiet import Cross, Words
from coach.ui.theme import LOOKS, METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from coach.settings import OverlaySettings
    from coach.ui.standing import Standing

SHOWN_MS: Final = 12_000
LETTER_MS: Final = 60
"""It stays for this, and so much more for each letter to read out: 900 letters a minute are read aloud at ease."""
_WIDTH: Final = 400


class Reminder(EdgeWindow):
    """The window.

    Args:
        sentence: to read out. The rep's own text, or ours.
        sides: that are heard.
        settings: size and look of what stands at the edge.
        standing: where it stands.
    """

    over = Signal()
    """It is gone."""
    switched_off = Signal()
    """It is not wanted at the start of calls any more."""

    def __init__(
        self, sentence: str, sides: Sequence[Who], settings: OverlaySettings, standing: Standing
    ) -> None:
        super().__init__(standing)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._settings, self._look = settings, LOOKS[settings.look]
        self._blends, self._held = True, False
        self.sentence = edge_label(f"“{sentence}”", self._look, settings.scale)
        self.shared = edge_label("", self._look, settings.scale, small=True)
        self.bars = {
            who: LevelBar(
                self._look.rep if who is Who.REP else self._look.customer,
                self._look,
                say(f"reminder.{who.value}"),
            )
            for who in sides
        }
        self._time = QTimer(self, singleShot=True, interval=SHOWN_MS + LETTER_MS * len(sentence))
        self._time.timeout.connect(self._leave_unless_held)
        self.setWindowTitle(say("reminder.title"))
        self.setAccessibleName(f"{say('reminder.title')}. {say('reminder.read')}: {sentence}")
        self._lay_out()

    def appear(self) -> None:
        """Show the window for a while."""
        self._blends = blends()
        self.winId()  # there is a window from here on: it can be asked for before it is seen
        answer = say(f"shared.{hide_from_capture(self)}")
        self.shared.setText(say("reminder.shared", answer=answer))
        width = min(METRICS.px(_WIDTH, self._settings.scale), self.most_width())
        self.ensurePolished()
        self._column.activate()
        self.stand_at(QSize(width, self._column.totalHeightForWidth(width)))
        self.setMask(QRegion())
        self.show()
        self.raise_()
        self._time.start()

    def leave(self) -> None:
        """Be gone, now."""
        self._time.stop()
        if self.isVisible():
            self.hide()
            self.over.emit()

    @Slot(object, float, float)
    def show_level(self, who: Who, peak_db: float, held_db: float) -> None:
        """Show the level of a side, in dBFS."""
        if (bar := self.bars.get(who)) is not None and self.isVisible():
            bar.show_level(peak_db, held_db)

    def event(self, event: QEvent) -> bool:
        """Stay while a pointer is on it."""
        kind = event.type()
        if kind is QEvent.Type.HoverEnter:
            self._held = True
            self.off.reveal(revealed=True)
        elif kind is QEvent.Type.HoverLeave:
            self._held = False
            if self.isVisible() and not self._time.isActive():
                self._time.start(SHOWN_MS // 3)
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint the ground."""
        paint_ground(self, self._look, self._settings.scale, blends=self._blends)

    @Slot()
    def _leave_unless_held(self) -> None:
        if not self._held:
            self.leave()

    @Slot()
    def _switch_off(self) -> None:
        self.leave()
        self.switched_off.emit()

    def _lay_out(self) -> None:
        scale, look = self._settings.scale, self._look
        pad, edge, target = (METRICS.px(m, scale) for m in (METRICS.pad, METRICS.edge, METRICS.target))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(pad, edge, pad, pad)
        self._column.setSpacing(edge)
        head = QHBoxLayout()
        head.addWidget(edge_label(say("reminder.title"), look, scale, bold=True), 1)
        self.cross = Cross(say("reminder.close"), look, target, self)
        self.cross.clicked.connect(self.leave)
        head.addWidget(self.cross)
        self._column.addLayout(head)
        read = f"{say('reminder.read')} · {say('reminder.law')}"
        self._column.addWidget(edge_label(read, look, scale, small=True))
        self._column.addWidget(self.sentence)
        self._column.addLayout(self._levels())
        foot = QHBoxLayout()
        foot.addWidget(self.shared, 1)
        small = self.shared.font()
        small.setPixelSize(METRICS.px(METRICS.action_px, scale))
        self.off = Words(say("reminder.off"), look, small, target, self)
        self.off.setAccessibleDescription(say("reminder.off.about"))
        self.off.reveal(revealed=True)
        self.off.clicked.connect(self._switch_off)
        foot.addWidget(self.off, 0, Qt.AlignmentFlag.AlignBottom)
        self._column.addLayout(foot)

    def _levels(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(METRICS.px(METRICS.pad, self._settings.scale))
        grid.setColumnStretch(1, 1)
        for row, (who, bar) in enumerate(self.bars.items()):
            name = edge_label(say(f"reminder.{who.value}"), self._look, self._settings.scale, small=True)
            name.setWordWrap(False)
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(bar, row, 1)
        if Who.CUSTOMER not in self.bars:
            alone = edge_label(say("reminder.alone"), self._look, self._settings.scale, small=True)
            grid.addWidget(alone, len(self.bars), 0, 1, 2)
        return grid

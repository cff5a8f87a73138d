"""The sound check: which microphone, which other side, what each of them hears, and a tone to make sure.

Owns the rows, their words and when anything may be heard: only while they are on the screen. Refuses to know devices:
choices and levels are handed in as plain values, wishes go out through `SoundControls`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from coach.call.events import Who
from coach.ui.call_guide import CallGuide
from coach.ui.icons import tray_icon
from coach.ui.level_bar import LevelBar, StateLine
from coach.ui.picker import Picker
from coach.ui.scrolled import bring_into_view, fit, heading, scrolled
from coach.ui.sheet import dress, label
from coach.ui.sound_values import ALONE, SYSTEMS, Choice, Level, Offer, SoundControls, ToneHeard
from coach.ui.theme import LOOKS, METRICS, Palette
from coach.ui.try_words import say as try_words
from coach.ui.tryout import TryControls, TryPanel
from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent

WIDTH: Final = 520
FOR_THE_TONE: Final = 96
"""Height that is kept free for what the tone, or a try-out, will tell."""

_SIGNS: Final = {
    "waiting": "wait",
    "silent": "wait",
    "steady": "wait",
    "off": "wait",
    "resting": "wait",
    "heard": "well",
    "loud": "loud",
    "zeros": "ask",
    "trouble": "ask",
}


@dataclass(slots=True)
class _Row:
    """The widgets of one side."""

    combo: Picker
    bar: LevelBar
    line: StateLine
    offer: Offer = field(default_factory=Offer)


class SoundPanel(QWidget):
    """Both sides with their devices and levels, and the test tone.

    Args:
        controls: whoever owns the devices.
        look: the colours.
    """

    def __init__(self, controls: SoundControls, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controls, self._look = controls, look
        self._listening = False
        self._away = False
        self._busy = False
        self.rows: dict[Who, _Row] = {}
        self.again = QPushButton(say("sound.again"))
        self.again.setAccessibleDescription(say("sound.again.why"))
        self.again.clicked.connect(controls.look)
        self.busy = label(say("sound.busy"), "hint")
        self.busy.hide()
        self.refusal = StateLine(look)
        self.refusal.hide()
        self.tone = QPushButton(say("sound.tone"))
        self.tone.setAccessibleDescription(say("sound.tone.why"))
        self.tone.clicked.connect(self._play)
        self.heard, self.leak = StateLine(look), StateLine(look)
        self.simple = label(say("sound.leak.simple"), "quiet")
        self._lay_out()
        self._clear_tone()

    @property
    def listening(self) -> bool:
        """Whether both sides are asked to be heard."""
        return self._listening

    @Slot(object)
    def show_offers(self, offers: dict[Who, Offer]) -> None:
        """Show what there is to choose."""
        for who, offer in offers.items():
            self._show_offer(who, offer)

    @Slot(object, object)
    def show_level(self, who: Who, level: Level) -> None:
        """Show what a side gives."""
        row = self.rows[who]
        row.bar.show_level(level.peak_db, level.held_db)
        key = f"sound.{who.value}.{level.state}"
        row.line.show_state(_SIGNS[level.state], level.sentence or say(key))

    @Slot(object)
    def show_tone(self, tone: ToneHeard) -> None:
        """Show what became of the tone."""
        self.tone.setEnabled(not self._busy)
        if tone.sentence:
            self._clear_tone()
            self.heard.show_state("ask", tone.sentence)
            self.heard.show()
            return
        signs = {"heard": "well", "off": "wait"}
        self.heard.show_state(signs.get(tone.other, "ask"), say(f"sound.tone.{tone.other}"))
        self.heard.show()
        if tone.leak:
            gap = f"{tone.gap_db}".replace("-", "\u2212")
            sign = {"none": "well", "unknown": "ask", "some": "wait"}.get(tone.leak, "loud")
            self.leak.show_state(sign, say(f"sound.leak.{tone.leak}", gap=gap))
        self.leak.setVisible(bool(tone.leak))
        self.simple.setVisible(tone.leak in {"none", "some", "strong"})
        shown = [part for part in (self.heard, self.leak, self.simple) if part.isVisible()]
        bring_into_view(shown[-1] if shown else self.heard)

    @Slot(str)
    def show_refusal(self, sentence: str) -> None:
        """Say why a choice could not be kept; empty once one could."""
        self.refusal.show_state("ask", sentence)
        self.refusal.setVisible(bool(sentence))

    @Slot(bool)
    def show_busy(self, busy: bool) -> None:  # noqa: FBT001 - a slot of Qt's takes what its signal carries
        """Say that a call has the devices, or that it has let them go."""
        self._busy = busy
        self.busy.setVisible(busy)
        self._clear_tone()
        for row in self.rows.values():
            row.bar.setVisible(not busy)
            row.line.setVisible(not busy)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ask to hear both sides."""
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._mind()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Ask to let the devices go."""
        super().hideEvent(event)
        self._mind()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Rest while the window is put away; look for devices when it comes forward."""
        if event.type() is QEvent.Type.WindowStateChange:
            self._mind()
        elif event.type() is QEvent.Type.WindowDeactivate:
            self._away = True
        elif event.type() is QEvent.Type.WindowActivate and self._away and self._listening:
            self._away = False
            self._controls.look()
        return super().eventFilter(watched, event)

    def _mind(self) -> None:
        """Listen exactly while somebody can see what is heard."""
        seen = self.isVisible() and not self.window().isMinimized()
        if seen is not self._listening:
            self._listening = seen
            if seen:
                self._controls.listen()
            else:
                self._controls.rest()
                self._clear_tone()

    def _play(self) -> None:
        self._clear_tone()
        self.tone.setEnabled(False)
        self.heard.show_state("wait", say("sound.tone.playing"))
        self.heard.show()
        self._controls.play_tone()

    def _clear_tone(self) -> None:
        self.tone.setEnabled(not self._busy)
        for part in (self.heard, self.leak, self.simple):
            part.hide()

    def _show_offer(self, who: Who, offer: Offer) -> None:
        row = self.rows[who]
        combo = row.combo
        combo.blockSignals(True)
        if row.offer != offer or not combo.count():
            row.offer = offer
            self._fill(combo, who, offer)
        combo.setCurrentIndex(max(0, combo.findData(offer.chosen)))
        combo.blockSignals(False)

    def _fill(self, combo: Picker, who: Who, offer: Offer) -> None:
        combo.clear()
        systems = say("sound.system.named", name=offer.systems) if offer.systems else say("sound.system")
        combo.addItem(systems, SYSTEMS)
        for choice, name in zip(offer.choices, _told_apart(offer.choices), strict=True):
            combo.addItem(name if choice.here else say("sound.gone", name=name), choice.value)
            combo.setItemData(combo.count() - 1, choice.value, Qt.ItemDataRole.ToolTipRole)
        if who is Who.CUSTOMER:
            combo.addItem(say("sound.alone"), ALONE)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(METRICS.pad)
        head = QHBoxLayout()
        head.setSpacing(METRICS.pad)
        head.addWidget(label(say("sound.why"), "hint"), 1)
        column.addLayout(head)
        column.addWidget(self.busy)
        column.addWidget(self.refusal)
        for who in Who:
            column.addWidget(self._tile(who))
        head.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        QWidget.setTabOrder(self.rows[Who.REP].combo, self.rows[Who.CUSTOMER].combo)
        QWidget.setTabOrder(self.rows[Who.CUSTOMER].combo, self.tone)
        QWidget.setTabOrder(self.tone, self.again)

    def _tile(self, who: Who) -> QFrame:
        tile = QFrame()
        tile.setObjectName("tile")
        inside = QVBoxLayout(tile)
        inside.setContentsMargins(14, 10, 14, 12)
        inside.setSpacing(METRICS.edge)
        combo = Picker(self._look.reason, say(f"sound.{who.value}.device"))
        combo.activated.connect(lambda _index: self._choose(who))
        name = label(say(f"sound.{who.value}"), "heading")
        name.setWordWrap(False)
        name.setIndent(0)
        name.setBuddy(combo)
        colour = self._look.rep if who is Who.REP else self._look.customer
        row = _Row(
            combo, LevelBar(colour, self._look, say(f"sound.{who.value}.level")), StateLine(self._look)
        )
        self.rows[who] = row
        for widget in (name, combo, row.bar, row.line):
            inside.addWidget(widget)
        row.line.show_state("wait", say(f"sound.{who.value}.waiting"))
        if who is Who.CUSTOMER:
            self.tone.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            inside.addWidget(self.tone)
            for part in (self.heard, self.leak, self.simple):
                inside.addWidget(part)
        return tile

    def _choose(self, who: Who) -> None:
        row = self.rows[who]
        value = str(row.combo.currentData())
        if value != row.offer.chosen:
            self._clear_tone()
            self._controls.choose(who, value)


class SoundCheck(QWidget):
    """The window: the panel, beneath it the try-out, and what to choose in the call program.

    Args:
        controls: whoever owns the devices.
        trying: whoever runs the try-out.
        look: ``dark`` or ``light``.
        system: ``linux``, ``win32`` or ``darwin``.
    """

    closed = Signal()

    def __init__(
        self, controls: SoundControls, trying: TryControls, look: str = "dark", system: str = "linux"
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(say("sound.title"))
        self.setWindowIcon(tray_icon("idle"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        dress(self, LOOKS[look])
        self.panel = SoundPanel(controls, LOOKS[look])
        self.tryout = TryPanel(trying, LOOKS[look])
        self.guide = CallGuide(system, LOOKS[look])
        page = QWidget()
        page.setObjectName("page")
        rows = QVBoxLayout(page)
        rows.setContentsMargins(18, 14, 18, 18)
        rows.setSpacing(METRICS.pad)
        rows.addWidget(self.panel)
        rows.addWidget(heading(try_words("title")))
        rows.addWidget(self.tryout)
        rows.addWidget(heading(say("guide.title")))
        rows.addWidget(self.guide)
        rows.addStretch(1)
        self._page = page
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(page))
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence.StandardKey.Refresh, self, controls.look)

    def show_centred(self) -> None:
        """Show the window in the middle of its screen, as large as it needs and the screen allows."""
        fit(self, self._page, WIDTH, FOR_THE_TONE)
        self.show()
        self.raise_()
        self.activateWindow()
        self.panel.rows[Who.REP].combo.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Say that it is closed."""
        super().closeEvent(event)
        self.closed.emit()


def _told_apart(choices: tuple[Choice, ...]) -> list[str]:
    """Return the names, with a number behind the second of two that are called the same."""
    names: list[str] = []
    for choice in choices:
        same = sum(n.name == choice.name for n in choices[: len(names)])
        names.append(f"{choice.name} ({same + 1})" if same else choice.name)
    return names

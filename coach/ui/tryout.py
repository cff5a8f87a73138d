"""The try-out on a page: a text to read, a button, the level and how far one has come, and what became of it.

Owns these widgets and their words. Refuses to know devices and rules: states are handed in as plain values, wishes go
out through `TryControls`. The card is not here: it comes up where it comes up in a call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from coach.ui.announce import announce
from coach.ui.level_bar import FLOOR_DB, LevelBar, StateLine
from coach.ui.mirror import keep_left_to_right
from coach.ui.scrolled import bring_into_view
from coach.ui.sheet import label
from coach.ui.theme import METRICS, Palette
from coach.ui.try_words import say

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from coach.ui.sound_values import Level

_WHOLE: Final = 100
_UNDER_WAY: Final = frozenset({"opening", "listening", "shown"})
_SIGNS: Final = {"shown": "well", "over": "well", "short": "ask", "silent": "ask", "trouble": "ask"}


@dataclass(frozen=True, slots=True)
class Trying:
    """What a try-out does.

    Args:
        state: ``ready``, ``opening``, ``listening``, ``shown``, ``over``, ``short``, ``silent``, ``trouble``, ``busy``.
        done: how far a talk has come to the limit, 0 to 1.
        seconds: how much voice was heard.
        sentence: what is wrong, where that is known better than by the state.
    """

    state: str = "ready"
    done: float = 0.0
    seconds: int = 0
    sentence: str = ""


class TryControls(Protocol):
    """Whoever runs try-outs. Every method is called on the window's thread and returns at once."""

    @property
    def trying(self) -> Trying:
        """What is shown now."""
        ...

    @property
    def limits_s(self) -> tuple[float, float]:
        """After how many seconds the card comes here, and in a call; 0 where never."""
        ...

    def begin(self) -> None:
        """Listen to the microphone, until it is over by itself."""
        ...

    def end(self) -> None:
        """Listen no more."""
        ...

    def show_again(self) -> None:
        """Show the card once more."""
        ...


class TryPanel(QWidget):
    """The try-out.

    Args:
        controls: whoever runs it.
        look: the colours.
    """

    def __init__(self, controls: TryControls, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controls = controls
        self._mine = False
        """It was begun here, and ends where this is no longer seen."""
        self._state = ""
        self.button, self.card = QPushButton(say("start")), QPushButton(say("card"))
        self.button.setAccessibleDescription(say("private"))
        self.bar = LevelBar(look.rep, look, say("level"))
        self.run = QProgressBar()
        self.run.setRange(0, _WHOLE)
        self.run.setTextVisible(False)
        self.run.setAccessibleName(say("run"))
        self.run.setStyleSheet(
            f"QProgressBar {{ background: {look.border}; }}"
            f"QProgressBar::chunk {{ background: {look.accent('monologue')}; }}"
        )
        keep_left_to_right(self.run)  # it is a length of time
        self.so_far = label(say("run"), "quiet")
        self.line = StateLine(look)
        self._lay_out()
        self.button.clicked.connect(self._press)
        self.card.clicked.connect(lambda _checked: controls.show_again())
        self.show_trying(controls.trying)

    @Slot(object)
    def show_trying(self, trying: Trying) -> None:
        """Show what the try-out does."""
        before, self._state = self._state, trying.state
        under_way = trying.state in _UNDER_WAY
        self.run.setValue(round(_WHOLE * trying.done) if under_way else 0)
        if trying.state == before:
            return
        self.bar.setVisible(under_way)
        for part in (self.so_far, self.run):
            part.setVisible(under_way and trying.state != "shown")
        if not under_way:
            self.bar.show_level(FLOOR_DB, FLOOR_DB)
            self._mine = False
        ready = trying.state in {"ready", "busy"}
        self.button.setText(say("stop" if under_way else "start" if ready else "again"))
        self.button.setEnabled(trying.state != "busy")
        self.card.setVisible(trying.state == "over")
        words = self._words(trying)
        self.line.show_state(_SIGNS.get(trying.state, "wait"), words)
        self.line.setVisible(bool(words))
        if words and self.isVisible():
            announce(self, words)
        if words and self._mine:
            bring_into_view(self.run if self.run.isVisible() else self.bar if under_way else self.line)

    @Slot(object)
    def show_level(self, level: Level) -> None:
        """Show how loud the microphone is."""
        if self._state in _UNDER_WAY:
            self.bar.show_level(level.peak_db, level.held_db)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Listen no more where nobody sees it."""
        super().hideEvent(event)
        if self._mine:
            self._controls.end()

    def _words(self, trying: Trying) -> str:
        if trying.state == "ready":
            return ""
        if trying.sentence:
            return trying.sentence
        if trying.state == "short":
            return say("short", seconds=str(trying.seconds), here=f"{self._controls.limits_s[0]:.0f}")
        return say(trying.state)

    def _press(self) -> None:
        if self._state in _UNDER_WAY:
            self._controls.end()
        else:
            self._mine = True
            self._controls.begin()

    def _lay_out(self) -> None:
        here, usual = self._controls.limits_s
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(METRICS.pad)
        told = f" {say('usual', here=f'{here:.0f}', usual=f'{usual:.0f}')}" if usual else ""
        column.addWidget(label(f"{say('how')}{told}"))
        tile = QFrame()
        tile.setObjectName("tile")
        inside = QVBoxLayout(tile)
        inside.setContentsMargins(14, 10, 14, 12)
        inside.setSpacing(METRICS.edge)
        inside.addWidget(label(say("read"), "hint"))
        inside.addWidget(label(say("text")))
        row = QHBoxLayout()
        row.setSpacing(METRICS.edge)
        row.addWidget(self.button)
        row.addWidget(self.card)
        row.addStretch(1)
        inside.addLayout(row)
        for part in (self.line, self.bar, self.so_far, self.run):
            inside.addWidget(part)
        column.addWidget(tile)
        column.addWidget(label(say("private"), "hint"))

"""The large buttons of a stage: all that a key does, for a hand with a mouse; they fade when it rests.

Owns the buttons and their fading. Refuses to know what they do: each says its action's name. Their room stays theirs,
so that nothing jumps; while one has the keyboard they stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPropertyAnimation, Qt, QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QGraphicsOpacityEffect, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coach.ui.compositing import motion_reduced
from coach.ui.theme import FADE_MS, Palette
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping

REST_MS: Final = 3000
"""A mouse that has not moved for this long rests."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done: its name, the key written on the button's tip, and whether it is on or off."""

    name: str
    key: str
    toggles: bool = False


ROWS: Final = (
    (
        Act("back", "←"),
        Act("play", "Space"),
        Act("on", "→"),
        Act("nudge_back", "N"),
        Act("nudge_on", "n"),
        Act("chapter_back", "C"),
        Act("chapter_on", "c"),
        Act("slower", "-"),
        Act("faster", "+"),
        Act("take_1", "1", toggles=True),
        Act("take_2", "2", toggles=True),
        Act("both", "b", toggles=True),
    ),
    (
        Act("why", "w", toggles=True),
        Act("guess", "g", toggles=True),
        Act("speak", "Enter"),
        Act("stops", "p", toggles=True),
        Act("captions", "t", toggles=True),
        Act("full", "f", toggles=True),
        Act("help", "?", toggles=True),
        Act("leave", "Esc"),
    ),
)
"""Every action, as the buttons stand."""


class StageBar(QWidget):
    """Two rows of buttons."""

    pressed = Signal(str)
    """The name of an action."""

    def __init__(self, look: Palette, takes: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.buttons: dict[str, QPushButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._rows = [QHBoxLayout() for _ in ROWS]
        for acts, row in zip(ROWS, self._rows, strict=True):
            row.addStretch(1)
            for act in acts:
                if takes < 2 and act.name in {"take_1", "take_2", "both"}:  # noqa: PLR2004 - two are side by side
                    continue
                button = QPushButton(say(f"stage.do.{act.name}"), self)
                button.setCheckable(act.toggles)
                button.setAccessibleName(say(f"stage.do.{act.name}"))
                button.setToolTip(act.key)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click must not take Space away from "play"
                button.clicked.connect(lambda _=False, name=act.name: self.pressed.emit(name))
                button.installEventFilter(self)
                row.addWidget(button)
                self.buttons[act.name] = button
            row.addStretch(1)
            self._column.addLayout(row)
        self._effect = QGraphicsOpacityEffect(self)
        self._effect.setOpacity(1.0)
        self._effect.setEnabled(False)  # an effect costs a picture with every paint; only a fade needs it
        self.setGraphicsEffect(self._effect)
        self._fade = QPropertyAnimation(self._effect, b"opacity", self)
        self._fade.setDuration(0 if motion_reduced() else FADE_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._fade.finished.connect(self._faded)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.rest)
        self._awake = True
        self._rest.start()

    @property
    def awake(self) -> bool:
        """Say whether the buttons are seen."""
        return self._awake

    def set_unit(self, unit: float) -> None:
        """Take the hundredth of the window's height, in pixels."""
        look, line = self._look, max(1, round(0.12 * unit))
        self.setStyleSheet(
            f"QPushButton {{ color: {look.title}; background: {look.pressed}; border: {line}px solid {look.border};"
            f" border-radius: {round(0.7 * unit)}px; padding: {round(0.35 * unit)}px {round(0.95 * unit)}px;"
            f" font-size: {round(1.75 * unit)}px; }}"
            f" QPushButton:checked {{ color: {look.card}; background: {look.accent('ask_question')}; }}"
            f" QPushButton:hover, QPushButton:focus {{ border-color: {look.title}; }}"
            f" QPushButton:disabled {{ color: {look.quiet}; background: {look.card}; }}"
        )
        self._column.setSpacing(round(0.6 * unit))
        for row in self._rows:
            row.setSpacing(round(0.7 * unit))
        self.setFixedHeight(round(8.0 * unit))

    def show_states(self, on: Mapping[str, bool], texts: Mapping[str, str], can: Mapping[str, bool]) -> None:
        """Show what is on, what a button says now, and what can be done."""
        for name, button in self.buttons.items():
            if button.isCheckable() and button.isChecked() != on.get(name, False):
                button.setChecked(on.get(name, False))
            text = texts.get(name, "")
            if text and text != button.text():
                button.setText(text)
                button.setAccessibleName(text)
            if button.isEnabled() != can.get(name, True):
                button.setEnabled(can.get(name, True))

    def wake(self) -> None:
        """Show the buttons, because the mouse moved or the keyboard came to one."""
        self._rest.start()
        if not self._awake:
            self._awake = True
            self._fade_to(1.0)

    def rest(self) -> None:
        """Fade, unless the pointer or the keyboard is on a button."""
        here = self.rect().contains(self.mapFromGlobal(QCursor.pos())) and self.isActiveWindow()
        if here or any(b.hasFocus() for b in self.buttons.values()):
            self._rest.start()
        elif self._awake:
            self._awake = False
            self._fade_to(0.0)

    def _fade_to(self, opacity: float) -> None:
        self._fade.stop()
        self._effect.setEnabled(True)
        self._fade.setStartValue(self._effect.opacity())
        self._fade.setEndValue(opacity)
        self._fade.start()

    def _faded(self) -> None:
        self._effect.setEnabled(not self._awake)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Wake when the keyboard comes to a button."""
        if event.type() is QEvent.Type.FocusIn:
            self.wake()
        return super().eventFilter(watched, event)


def help_lines() -> tuple[tuple[str, str], ...]:
    """Return every key with what it does."""
    return tuple((act.key, say(f"stage.help.{act.name}")) for acts in ROWS for act in acts)

"""What opens over the words: why a nudge came, and what the room thinks will come.

Owns the two panels. Refuses to know rules: lines are handed in, a choice is a number handed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from coach.ui.stage_words import fonted, text_label
from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from coach.ui.theme import Palette

_COLUMNS = 3
_WRAP = int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True)
class Why:
    """Why a nudge came: the rule's name, its condition in words, its numbers, its source, a question to ask."""

    rule: str
    name: str
    condition: str = ""
    numbers: tuple[str, ...] = ()
    source: str = ""
    question: str = ""


class WhyPanel(QWidget):
    """The rule, its condition in words, the numbers of that moment beside their limits, and where they come from."""

    def __init__(self, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._unit = 10.0
        self._why = Why("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def shown(self) -> Why:
        """What is shown."""
        return self._why

    def set_unit(self, unit: float) -> None:
        """Take the hundredth of the window's height, in pixels."""
        self._unit = unit
        self.update()

    def show_why(self, why: Why) -> None:
        """Show why."""
        if why == self._why:
            return
        self._why = why
        self.setAccessibleName(why.name)
        told = (why.condition, " · ".join(why.numbers), why.source, why.question)
        self.setAccessibleDescription("\n".join(filter(None, told)))
        self.update()

    def _rows(self, size: float) -> list[tuple[str, float, str, bool]]:
        w, look = self._why, self._look
        rows = [
            (w.name, 1.12 * size, look.accent(w.rule), True),
            (w.condition, 0.86 * size, look.title, False),
            ("   ·   ".join(n.replace(" ", "\u00a0") for n in w.numbers), size, look.title, True),
            (w.question, 0.86 * size, look.title, False),
            (w.source, 0.62 * size, look.quiet, False),
        ]
        return [row for row in rows if row[0]]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint the lines in the largest letters in which all fit, with a bar of the rule's colour beside them."""
        with QPainter(self) as painter:
            u = self._unit
            left = round(2.4 * u)
            size = next((s for s in (4.2, 3.8, 3.4, 3.0, 2.6) if self._height(s, left) <= self.height()), 2.2)
            painter.setPen(QPen(QColor(self._look.accent(self._why.rule)), 0.6 * u))
            painter.drawLine(
                round(0.5 * u), 0, round(0.5 * u), min(self.height(), round(self._height(size, left)))
            )
            y = 0.0
            for text, px, colour, bold in self._rows(size):
                painter.setFont(fonted(self, px * u, bold=bold))
                painter.setPen(QColor(colour))
                height = self._text_height(text, px, left, bold=bold)
                painter.drawText(QRectF(left, y, self.width() - left, height), _WRAP, text)
                y += height + 0.9 * u

    def _height(self, size: float, left: int) -> float:
        rows = self._rows(size)
        return sum(self._text_height(t, px, left, bold=b) + 0.9 * self._unit for t, px, _, b in rows)

    def _text_height(self, text: str, px: float, left: int, *, bold: bool) -> float:
        letters = QFontMetrics(fonted(self, px * self._unit, bold=bold))
        room = QRect(0, 0, max(1, self.width() - left), 100_000)
        return float(letters.boundingRect(room, _WRAP, text).height())


class GuessPanel(QWidget):
    """What the room thinks the coach will say: a large button a choice, with the key that presses it."""

    chosen = Signal(int)

    def __init__(
        self, look: Palette, choices: tuple[tuple[str, str], ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._prompt = text_label(look.title, self)
        self._prompt.setText(say("stage.guess.ask"))
        column.addWidget(self._prompt)
        self._grid = QGridLayout()
        column.addLayout(self._grid, 1)
        self._choices = choices
        self.buttons: list[QPushButton] = []
        for i, (_, name) in enumerate(choices):
            button = QPushButton(f"{i + 1}   {name}", self)
            button.setAccessibleName(name)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            button.clicked.connect(lambda _=False, n=i: self.chosen.emit(n))
            self._grid.addWidget(button, i // _COLUMNS, i % _COLUMNS)
            self.buttons.append(button)

    def set_unit(self, unit: float) -> None:
        """Take the hundredth of the window's height, in pixels."""
        self._prompt.setFont(fonted(self._prompt, 3.6 * unit, bold=True))
        self._grid.setSpacing(round(unit))
        look = self._look
        for (rule, _), button in zip(self._choices, self.buttons, strict=True):
            button.setStyleSheet(
                f"QPushButton {{ text-align: left; color: {look.title}; background: {look.tile(rule)};"
                f" border: {max(1, round(0.15 * unit))}px solid {look.border};"
                f" border-left: {round(0.9 * unit)}px solid {look.accent(rule)};"
                f" border-top-right-radius: {round(0.8 * unit)}px; border-bottom-right-radius: {round(0.8 * unit)}px;"
                f" font-size: {round(2.7 * unit)}px;"
                f" padding: {round(0.4 * unit)}px {round(1.2 * unit)}px; }}"
                f" QPushButton:hover, QPushButton:focus {{ border-color: {look.title}; }}"
            )

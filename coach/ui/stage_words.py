"""The words of a stage: what is said now, who says it, and what to watch for before it begins.

Owns how words are fitted so that the back row can read them. Refuses to know the call: lines are handed in. What was
said is painted as text and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from coach.call.events import Who
from coach.ui.mirror import keep_left_to_right
from coach.ui.theme import Palette, blend
from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

LEAST: Final = 4.0
"""Height of the smallest letters of a caption, in hundredths of the window: a twenty-fifth."""
_SIZES: Final = (5.6, 5.0, 4.5, LEAST)
_WRAP: Final = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)


def fonted(widget: QWidget, px: float, *, bold: bool = False) -> QFont:
    """Return the widget's font at a height in pixels."""
    font = QFont(widget.font())
    font.setPixelSize(max(1, round(px)))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def grounded(widget: QWidget, look: Palette) -> None:
    """Let a window fill its ground itself, in the colour of a look."""
    colours = widget.palette()
    colours.setColor(QPalette.ColorRole.Window, QColor(look.card))
    widget.setPalette(colours)
    widget.setAutoFillBackground(True)


def text_label(colour: str, parent: QWidget | None = None, *, wrap: bool = True) -> QLabel:
    """Return a label that shows text as it is."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    colours = label.palette()
    colours.setColor(QPalette.ColorRole.WindowText, QColor(colour))
    label.setPalette(colours)
    return label


def side_name(who: Who) -> str:
    """Return what a side is called before a class."""
    return say(f"stage.{who.value}")


def side_colour(look: Palette, who: Who) -> str:
    """Return the colour of a side, as in its lane."""
    return look.rep if who is Who.REP else look.customer


class Captions(QWidget):
    """What is said now, a line a side; as large as fits, never smaller than a twenty-fifth of the window."""

    def __init__(self, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_left_to_right(self)
        self._look = look
        self._unit = 10.0
        self._lines: tuple[tuple[Who, str], ...] = ()
        self.setAccessibleName(say("stage.captions"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def lines(self) -> tuple[tuple[Who, str], ...]:
        """What is shown."""
        return self._lines

    def set_unit(self, unit: float) -> None:
        """Take the hundredth of the window's height, in pixels."""
        self._unit = unit
        self.update()

    def show_lines(self, lines: tuple[tuple[Who, str], ...]) -> None:
        """Show these words; paint only where they are others."""
        if lines == self._lines:
            return
        self._lines = lines
        self.setAccessibleDescription("\n".join(f"{side_name(w)}: {text}" for w, text in lines))
        self.update()

    def letters_px(self) -> int:
        """Return the height of the letters for what is shown now."""
        return self._fitted()[0].pixelSize()

    def _fitted(self) -> tuple[QFont, list[tuple[Who, str, QRect]]]:
        """Return the largest letters in which all fits, and where each line stands; the last is cut where none do."""
        for size in _SIZES:
            font = fonted(self, size * self._unit)
            placed, bottom = self._placed(font, [text for _, text in self._lines])
            if bottom <= self.height():
                break
        else:
            texts = self._cut(font, [text for _, text in self._lines])
            placed, _ = self._placed(font, texts)
        return font, placed

    def _placed(self, font: QFont, texts: list[str]) -> tuple[list[tuple[Who, str, QRect]], int]:
        letters = QFontMetrics(font)
        left = self._name_width(font)
        y, placed = 0, []
        for (who, _), text in zip(self._lines, texts, strict=True):
            room = QRect(left, y, max(1, self.width() - left), 100_000)
            rect = letters.boundingRect(room, _WRAP, text)
            rect = QRect(left, y, self.width() - left, max(letters.lineSpacing(), rect.height()))
            placed.append((who, text, rect))
            y = rect.bottom() + 1 + round(self._unit)
        return placed, y - round(self._unit)

    def _cut(self, font: QFont, texts: list[str]) -> list[str]:
        """Return the lines with the beginning of the longest left out until all fits: what is said now stays."""
        cut = list(texts)
        while self._placed(font, cut)[1] > self.height():
            longest = max(range(len(cut)), key=lambda i: len(cut[i]))
            words = cut[longest].removeprefix("… ").split()
            if len(words) <= 1:
                break
            cut[longest] = "… " + " ".join(words[max(1, len(words) // 8) :])
        return cut

    def _name_width(self, font: QFont) -> int:
        letters = QFontMetrics(fonted(self, 0.62 * font.pixelSize(), bold=True))
        return max(letters.horizontalAdvance(side_name(w)) for w in Who) + round(2.2 * self._unit)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint who speaks beside the words."""
        with QPainter(self) as painter:
            painter.setLayoutDirection(self.layoutDirection())
            font, placed = self._fitted()
            line = QFontMetrics(font).lineSpacing()
            for who, text, rect in placed:
                painter.setFont(fonted(self, 0.62 * font.pixelSize(), bold=True))
                painter.setPen(QColor(side_colour(self._look, who)))
                painter.drawText(
                    QRect(0, rect.y(), rect.x(), line), Qt.AlignmentFlag.AlignVCenter, side_name(who)
                )
                painter.setFont(font)
                painter.setPen(QColor(self._look.title))
                painter.drawText(rect, _WRAP, text)


class Speaking(QWidget):
    """Who speaks now: a lamp a side."""

    def __init__(self, look: Palette, sides: tuple[Who, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._sides = look, sides
        self._unit = 10.0
        self._now: frozenset[Who] = frozenset()
        self.setAccessibleName(say("stage.speaking"))

    def set_unit(self, unit: float) -> None:
        """Take the hundredth of the window's height, in pixels."""
        self._unit = unit
        self.setFixedHeight(round(4.6 * unit))
        self.update()

    def show_now(self, speaking: frozenset[Who]) -> None:
        """Light the lamps of these sides."""
        if speaking == self._now:
            return
        self._now = speaking
        self.setAccessibleDescription(", ".join(side_name(w) for w in self._sides if w in speaking))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint a lit lamp full and a dark one as an outline: shape tells it as well as colour."""
        with QPainter(self) as painter:
            painter.setLayoutDirection(self.layoutDirection())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            font = fonted(self, 2.6 * self._unit, bold=True)
            painter.setFont(font)
            x, height = 0.5, self.height() - 1.0
            for who in self._sides:
                lit, colour = who in self._now, side_colour(self._look, who)
                wide = QFontMetrics(font).horizontalAdvance(side_name(who)) + 5.2 * self._unit
                box = QRectF(x, 0.5, wide, height)
                painter.setPen(
                    QPen(QColor(colour if lit else self._look.border), max(1.0, 0.12 * self._unit))
                )
                painter.setBrush(QColor(blend(colour, self._look.card, 0.28) if lit else self._look.card))
                painter.drawRoundedRect(box, height / 2, height / 2)
                dot = QRectF(
                    x + 1.5 * self._unit, height / 2 - 0.7 * self._unit, 1.4 * self._unit, 1.4 * self._unit
                )
                painter.setBrush(QColor(colour) if lit else Qt.BrushStyle.NoBrush)
                painter.setPen(QColor(colour))
                painter.drawEllipse(dot)
                painter.setPen(QColor(self._look.title if lit else self._look.quiet))
                painter.drawText(
                    box.adjusted(3.6 * self._unit, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, side_name(who)
                )
                x += wide + 1.5 * self._unit


class Opening(QWidget):
    """Before it begins: what to watch for."""

    def __init__(self, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._unit = 10.0
        self._head, self._points = "", ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    _points: tuple[str, ...]

    def set_unit(self, unit: float) -> None:
        """Take the hundredth of the window's height, in pixels."""
        self._unit = unit
        self.update()

    def show_points(self, head: str, points: tuple[str, ...]) -> None:
        """Show a heading, and beneath it the points."""
        if (head, points) == (self._head, self._points):
            return
        self._head, self._points = head, points
        self.setAccessibleName(head)
        self.setAccessibleDescription("\n".join(points))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint as many points as there is room for, in letters that can be read."""
        with QPainter(self) as painter:
            painter.setLayoutDirection(self.layoutDirection())
            size = next(
                (s for s in (4.2, 4.0, 3.8, 3.6, 3.4, 3.2, 3.0) if self._bottom(s) <= self.height()), 2.6
            )
            y = (
                self._line(painter, self._head, 0, 0.8 * size, self._look.quiet, bold=True)
                if self._head
                else 0.0
            )
            for point in self._points:
                if y + size * self._unit > self.height():
                    break
                y = self._line(painter, f"•  {point}", y, size, self._look.title)

    def _bottom(self, size: float) -> float:
        rows = [(self._head, 0.8 * size), *((f"•  {p}", size) for p in self._points)]
        return sum(self._height_of(text, px) for text, px in rows)

    def _height_of(self, text: str, size: float, *, bold: bool = False) -> float:
        letters = QFontMetrics(fonted(self, size * self._unit, bold=bold))
        return (
            letters.boundingRect(QRect(0, 0, max(1, self.width()), 100_000), _WRAP, text).height()
            + 0.8 * self._unit
        )

    def _line(
        self, painter: QPainter, text: str, y: float, size: float, colour: str, *, bold: bool = False
    ) -> float:
        painter.setFont(fonted(self, size * self._unit, bold=bold))
        painter.setPen(QColor(colour))
        height = self._height_of(text, size, bold=bold)
        painter.drawText(QRect(0, round(y), self.width(), round(height)), _WRAP, text)
        return y + height

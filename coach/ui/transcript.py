"""What was said, sentence by sentence: read, searched, clicked to be heard.

Owns the list, how a sentence is painted, and the search in it. Refuses to know the sound and the lanes: it says which
sentence was chosen and is told which one is heard. Every word is text, never markup.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from coach.call.events import SentenceHeard, Who
from coach.call.vocabulary import BACKCHANNEL, FILLER
from coach.report.plain import quoted
from coach.ui.axis import clock
from coach.ui.mirror import keep_left_to_right
from coach.ui.theme import METRICS, Palette, blend
from coach.ui.wording import cue_name, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from coach.call.hand import Correction, SentenceKey

_Index = QModelIndex | QPersistentModelIndex
_QUIET_CUES: Final = frozenset({BACKCHANNEL, FILLER})
_TIME_PX, _INDENT_PX, _GAP_PX, _TURN_GAP_PX = 58, 12, 3, 14
_BAR_PX = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence in the list; ``first`` where its side takes the floor, ``by_hand`` where a person put it right.

    ``speaker`` is what its side is called.
    """

    said: SentenceHeard
    text: str
    first: bool
    by_hand: bool
    speaker: str


def lines(
    sentences: Sequence[SentenceHeard], corrections: Mapping[SentenceKey, Correction], *, mixed: bool = False
) -> tuple[Line, ...]:
    """Return the sentences as lines; those of which no words were kept are left out.

    Args:
        sentences: of both sides, in order of time, as they stand now.
        corrections: what was put right, by the machine's own side and time.
        mixed: several voices share one side, and nobody knows whose is whose.
    """
    made: list[Line] = []
    moved = {(c.speaker or c.who, c.start_ms) for c in corrections.values()}
    for s in sentences:
        text = quoted(s.text)
        if text:
            first = not made or made[-1].said.who is not s.who
            speaker = say("who.mixed" if mixed else f"who.{s.who.value}")
            made.append(Line(s, text, first, (s.who, s.start_ms) in moved, speaker))
    return tuple(made)


class _Lines(QAbstractListModel):
    """The lines, for the list and for a screen reader."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[Line, ...] = ()

    def show(self, made: tuple[Line, ...]) -> None:
        self.beginResetModel()
        self.lines = made
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cues = ", ".join(cue_name(c) for c in line.said.cues)
            return f"{clock(line.said.start_ms)} {line.speaker}: {line.text}" + (f" ({cues})" if cues else "")
        return None


class _Paint(QStyledItemDelegate):
    """Paint one line: time and speaker where a turn begins, the words, and on demand the cues beneath."""

    def __init__(self, look: Palette) -> None:
        super().__init__()
        self.look = look
        self.cues = False
        self.sought = ""
        self.heard = -1
        self.width = 400
        self._heights: dict[int, int] = {}

    def forget(self) -> None:
        """Measure every line again."""
        self._heights = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802 - Qt's name
        row = index.row()
        if row not in self._heights:
            line: Line = index.model().lines[row]  # type: ignore[attr-defined]
            self._heights[row] = round(self._laid(line, option.font)[1]) + self._above(line) + _GAP_PX
        return QSize(self.width, self._heights[row])

    def _above(self, line: Line) -> int:
        return _TURN_GAP_PX if line.first else _GAP_PX

    def _room(self) -> float:
        return max(80.0, self.width - _TIME_PX - 2 * _INDENT_PX)

    def _laid(self, line: Line, font: QFont) -> tuple[QTextLayout, float]:
        """Return the words laid out in lines, and their height with speaker and cues."""
        words = QFont(font)
        words.setPixelSize(METRICS.told_px)
        layout = QTextLayout(line.text, words)
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(wrap)
        layout.beginLayout()
        height = 0.0
        while (part := layout.createLine()).isValid():
            part.setLineWidth(self._room())
            part.setPosition(QPointF(0, height))
            height += part.height() * 1.12
        layout.endLayout()
        extra = self._small(font).height() if line.first else 0
        if self.cues and shown_cues(line.said):
            extra += self._small(font).height() + 4
        return layout, height + extra

    @staticmethod
    def _small(font: QFont) -> QFontMetrics:
        small = QFont(font)
        small.setPixelSize(METRICS.why_px)
        return QFontMetrics(small)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line: Line = index.model().lines[index.row()]  # type: ignore[attr-defined]
        rect: QRect = option.rect
        colour = self.look.rep if line.said.who is Who.REP else self.look.customer
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = rect.top() + self._above(line)
        self._paint_ground(painter, option, rect.adjusted(0, self._above(line) - 2, 0, 0), index.row())
        left = rect.left() + _TIME_PX + _INDENT_PX
        painter.fillRect(QRectF(left - _INDENT_PX, top, _BAR_PX, rect.bottom() - top), QColor(colour))
        small = QFont(option.font)
        small.setPixelSize(METRICS.why_px)
        painter.setFont(small)
        metrics = QFontMetrics(small)
        painter.setPen(QColor(self.look.quiet))
        painter.drawText(
            QRectF(rect.left(), top, _TIME_PX - 6, metrics.height() + 4),
            Qt.AlignmentFlag.AlignRight,
            clock(line.said.start_ms),
        )
        if line.first:
            small.setWeight(QFont.Weight.DemiBold)
            painter.setFont(small)
            painter.setPen(QColor(colour))
            painter.drawText(QPointF(left, top + metrics.ascent()), line.speaker)
            top += metrics.height()
        layout, _ = self._laid(line, option.font)
        painter.setPen(QColor(self.look.reason if BACKCHANNEL in line.said.cues else self.look.title))
        layout.draw(painter, QPointF(left, top), self._formats(line.text))
        if self.cues:
            self._paint_cues(painter, line, QPointF(left, rect.bottom() - 5), small)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: int) -> None:
        state = option.state
        ground = None
        if row == self.heard:
            ground = blend(self.look.accent("ask_question"), self.look.card, 0.16)
        elif state & QStyle.StateFlag.State_Selected:
            ground = self.look.pressed
        elif state & QStyle.StateFlag.State_MouseOver:
            ground = blend(self.look.pressed, self.look.card, 0.5)
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(rect).adjusted(4, 0, -4, 0), 5, 5)

    def _paint_cues(self, painter: QPainter, line: Line, at: QPointF, font: QFont) -> None:
        told = " · ".join(cue_name(c) for c in shown_cues(line.said))
        if line.by_hand:
            told = " · ".join(filter(None, (told, say("review.put_right"))))
        if told:
            font.setWeight(QFont.Weight.Normal)
            painter.setFont(font)
            painter.setPen(QColor(self.look.accent("pounce")))
            painter.drawText(at, told)

    def _formats(self, text: str) -> list[QTextLayout.FormatRange]:
        if not self.sought:
            return []
        found = []
        for start, length in places(self.sought, text):
            part = QTextLayout.FormatRange()
            part.start, part.length = start, length
            marked = QTextCharFormat()
            marked.setBackground(QColor(self.look.accent("talk_share")))
            marked.setForeground(QColor(self.look.card))
            part.format = marked
            found.append(part)
        return found


def places(sought: str, text: str) -> list[tuple[int, int]]:
    """Return where words stand in a text, as Qt counts: start and length in UTF-16 units.

    Folding case may make a letter two ("\u00df"), and a picture is two units, so places are counted letter by letter.
    """
    folded = ""
    units: list[tuple[int, int]] = []
    for letter in text:
        start = units[-1][1] if units else 0
        end = start + len(letter.encode("utf-16-le", "replace")) // 2
        units += [(start, end)] * len(letter.casefold())
        folded += letter.casefold()
    found, at = [], -1
    while sought and (at := folded.find(sought, at + 1)) >= 0:
        start = units[at][0]
        found.append((start, units[at + len(sought) - 1][1] - start))
    return found


def shown_cues(said: SentenceHeard) -> tuple[str, ...]:
    """Return the cues worth showing: not what every second sentence has."""
    return tuple(c for c in said.cues if c not in _QUIET_CUES)


class Transcript(QListView):
    """The list of what was said."""

    chosen = Signal(object)
    """A click, or Enter, on a sentence: a `SentenceHeard`."""
    correct_asked = Signal(object)
    """The wish to put a sentence right."""

    def __init__(self, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_left_to_right(self)
        self._model, self._paint = _Lines(), _Paint(look)
        self._starts: list[int] = []
        self._found: list[int] = []
        self._place = -1
        self.setModel(self._model)
        self.setItemDelegate(self._paint)
        self.setAccessibleName(say("transcript.name"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda at: self._ask_to_correct(self.indexAt(at)))
        self.clicked.connect(self._chose)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._model.lines

    def show_lines(self, made: tuple[Line, ...]) -> None:
        """Show a call; where one is in it stays."""
        row, top = self.currentIndex().row(), self.verticalScrollBar().value()
        self._paint.forget()
        self._model.show(made)
        self._starts = [line.said.start_ms for line in made]
        if 0 <= row < len(made):
            self.setCurrentIndex(self._model.index(row))
        self.verticalScrollBar().setValue(top)
        self.seek_words(self._paint.sought)

    def show_cues(self, shown: bool) -> None:  # noqa: FBT001 - a switch
        """Show or hide the cues beneath each sentence."""
        self._paint.cues = shown
        self._remeasure()

    def show_heard(self, ms: int) -> None:
        """Mark the sentence that is heard at this moment, and bring it into view."""
        row = bisect_right(self._starts, ms) - 1
        row = row if row >= 0 and ms <= self._model.lines[row].said.end_ms + _LINGERS_MS else -1
        if row != self._paint.heard:
            before, self._paint.heard = self._paint.heard, row
            for changed in (before, row):
                if 0 <= changed < len(self._starts):
                    self.update(self._model.index(changed))
            if row >= 0:
                self._bring(row)

    def _bring(self, row: int) -> None:
        """Bring a sentence into view with some room around it: what comes next is read along."""
        rect, room = self.visualRect(self._model.index(row)), self.viewport().height()
        if not (0.08 * room <= rect.top() and rect.bottom() <= 0.8 * room):
            self.scrollTo(self._model.index(row), QAbstractItemView.ScrollHint.PositionAtCenter)

    def seek_words(self, words: str) -> int:
        """Mark every place where these words were said; return in how many sentences they were."""
        sought = words.strip().casefold()
        if sought != self._paint.sought:
            self._place = -1
        self._paint.sought = sought
        self._found = [
            row for row, line in enumerate(self._model.lines) if sought and sought in line.text.casefold()
        ]
        self.viewport().update()
        return len(self._found)

    def next_found(self, step: int = 1) -> int:
        """Go to the next place, with -1 to the one before, with 0 to the nearest; return which, from 1; 0 for none."""
        if not self._found:
            return 0
        if self._place < 0:
            here = max(0, self.currentIndex().row())
            after = next((k for k, row in enumerate(self._found) if row >= here), 0)
            self._place = after if step >= 0 else (after - 1) % len(self._found)
        else:
            self._place = (self._place + step) % len(self._found)
        index = self._model.index(self._found[self._place])
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        return self._place + 1

    def select_at(self, ms: int) -> None:
        """Select the sentence at this moment."""
        if self._starts:
            index = self._model.index(max(0, bisect_right(self._starts, ms) - 1))
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def current(self) -> SentenceHeard | None:
        """Return the sentence that is selected."""
        row = self.currentIndex().row()
        return self._model.lines[row].said if 0 <= row < len(self._model.lines) else None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Wrap anew."""
        super().resizeEvent(event)
        if self.viewport().width() != self._paint.width:
            self._paint.width = self.viewport().width()
            self._remeasure()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Enter hear a sentence; what is no key of a list belongs to the window."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._chose(self.currentIndex())
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _remeasure(self) -> None:
        self._paint.forget()
        self.scheduleDelayedItemsLayout()

    def _chose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self._model.lines[index.row()].said)

    def _ask_to_correct(self, index: QModelIndex) -> None:
        if index.isValid():
            self.setCurrentIndex(index)
            self.correct_asked.emit(self._model.lines[index.row()].said)


_LINGERS_MS = 1_500
"""A sentence stays marked this long after its end, or the mark would flicker at every breath."""

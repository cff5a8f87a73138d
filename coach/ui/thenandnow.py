"""Two rows of nudges over one time axis: what was said then, and what would be said with other limits.

Owns the paint and the pointer. Beneath the rows a thin line of who spoke, to find one's way. What stays is quiet, what
comes is full, what goes is hollow, what moves is tied to where it was: shape tells, colour only helps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from coach.call.events import Who
from coach.report.nudged import text_of
from coach.report.whatif import COMES, GOES, MOVES
from coach.ui.axis import axis, clock
from coach.ui.mirror import keep_left_to_right
from coach.ui.shapes import shape_path
from coach.ui.theme import METRICS, Palette, blend
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from coach.report.timeline import Block
    from coach.report.whatif import Change

_LEAST_LEFT: Final = 128
_RIGHT: Final = 14
_ROW: Final = 34
_TALK: Final = 16
_RULER: Final = 22
_MARK: Final = 16.0
_NEAR: Final = 12.0
_STEP_PX: Final = 90


class ThenAndNow(QWidget):
    """The strip.

    Args:
        duration_ms: of the call.
        blocks: who spoke when.
        look: the colours.
    """

    asked = Signal(int)
    """A click asks for this moment, in ms."""

    def __init__(self, duration_ms: int, blocks: Sequence[Block], look: Palette) -> None:
        super().__init__()
        keep_left_to_right(self)
        self._axis = axis(duration_ms)
        self._blocks = blocks
        self._look = look
        self._changes: tuple[Change, ...] = ()
        self._chosen: Change | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(say("whatif.strip"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def _left(self) -> int:
        """How wide the names before the rows are."""
        names = (say("whatif.then"), say("whatif.now"))
        return max(_LEAST_LEFT, 24 + max(self.fontMetrics().horizontalAdvance(name) for name in names))

    def show_changes(self, changes: tuple[Change, ...], told: str) -> None:
        """Show what becomes of the nudges; ``told``: the same in words, for who does not see it."""
        if changes != self._changes:
            self._changes, self._chosen = changes, None
            self.update()
        self.setAccessibleDescription(told)

    def choose(self, change: Change | None) -> None:
        """Ring the nudge that is chosen in the list."""
        if change != self._chosen:
            self._chosen = change
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a height for two rows."""
        return QSize(640, 2 * _ROW + _TALK + _RULER)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the nudge under the pointer, or for the moment."""
        x, y = event.position().x(), event.position().y()
        here = self._axis.laid(self._left, self.width() - self._left - _RIGHT)
        if event.button() != Qt.MouseButton.LeftButton or x < self._left - _NEAR:
            return
        spots = [
            (abs(here.x(n.at_ms) - x), n.at_ms)
            for c in self._changes
            for row, n in ((0, c.before), (1, c.after))
            if n is not None and (row == int(y // _ROW) or y >= 2 * _ROW)
        ]
        away, at = min(spots, default=(_NEAR, 0))
        self.asked.emit(at if away < _NEAR else here.ms(x))

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the rows."""
        look = self._look
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        here = self._axis.laid(self._left, self.width() - self._left - _RIGHT)
        font = QFont(self.font())
        font.setPixelSize(METRICS.why_px)
        painter.setFont(font)
        for row, key in enumerate(("whatif.then", "whatif.now")):
            middle = _ROW * (row + 0.5)
            painter.setPen(QColor(look.reason))
            painter.drawText(
                QRectF(0, row * _ROW, self._left - 16, _ROW),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                say(key),
            )
            painter.setPen(QPen(QColor(look.border), 1))
            painter.drawLine(QPointF(here.left, middle), QPointF(here.left + here.width, middle))
        self._paint_talk(painter)
        painter.setPen(QColor(look.reason))
        for ms, told in here.ticks(_STEP_PX):
            box = QRectF(here.x(ms) - _STEP_PX / 2, 2 * _ROW + _TALK, _STEP_PX, _RULER)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, told)
        for change in self._changes:
            self._paint_change(painter, change)
        painter.end()

    def _paint_talk(self, painter: QPainter) -> None:
        here = self._axis.laid(self._left, self.width() - self._left - _RIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        top = 2 * _ROW + 2
        for block in self._blocks:
            rep = block.who is Who.REP
            shade = blend(
                self._look.reason if rep else self._look.quiet, self._look.card, 0.7 if rep else 0.4
            )
            painter.setBrush(QColor(shade))
            x = here.x(block.start_ms)
            width = max(1.0, here.x(block.end_ms) - x)
            painter.drawRect(QRectF(x, top if rep else top + 6, width, 4))

    def _paint_change(self, painter: QPainter, change: Change) -> None:
        here = self._axis.laid(self._left, self.width() - self._left - _RIGHT)
        before, after = change.before, change.after
        colour = QColor(self._look.accent(change.nudge.rule))
        if before is not None and after is not None:
            painter.setPen(
                QPen(colour, 1.4, Qt.PenStyle.SolidLine if change.kind == MOVES else Qt.PenStyle.DotLine)
            )
            reach = _MARK * 0.6
            painter.drawLine(
                QPointF(here.x(before.at_ms), 0.5 * _ROW + reach),
                QPointF(here.x(after.at_ms), 1.5 * _ROW - reach),
            )
        for row, nudge in ((0, before), (1, after)):
            if nudge is None:
                continue
            spot = QPointF(here.x(nudge.at_ms), _ROW * (row + 0.5))
            hollow = change.kind == GOES
            painter.setPen(QPen(colour, 1.6))
            painter.setBrush(QColor(self._look.card) if hollow else colour)
            painter.drawPath(shape_path("bubble", _MARK).translated(spot))
            if change.kind == COMES:
                painter.setPen(QPen(QColor(self._look.card), 1.8))
                painter.drawLine(spot + QPointF(-3.2, -1.5), spot + QPointF(3.2, -1.5))
                painter.drawLine(spot + QPointF(0, -4.7), spot + QPointF(0, 1.7))
            if change == self._chosen:
                painter.setPen(QPen(QColor(self._look.title), 1.6))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(spot, _MARK * 0.85, _MARK * 0.85)


def told_in_words(changes: Sequence[Change]) -> str:
    """Return what becomes of the nudges as sentences, one each."""
    lines = []
    for c in changes:
        parts = {
            "text": text_of(c.nudge),
            "at": clock(c.nudge.at_ms),
            "then": clock(c.before.at_ms) if c.before is not None else "",
        }
        lines.append(say(f"whatif.{c.kind}", **parts))
    return ". ".join(lines)

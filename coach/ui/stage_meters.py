"""What the meters say at the moment that is heard, where the chapters are, and the figures of two takes side by side.

Owns three drawings. Refuses to judge: a limit is a line on a scale, and a figure stands beside another with its unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from coach.ui.mirror import keep_left_to_right
from coach.ui.stage_words import fonted
from coach.ui.theme import Palette, blend
from coach.ui.wording import say
from coach.writing import number
from coach.writing import share as share_of

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from coach.report.onstage import Beside, Reading
    from coach.settings import Limits
    from coach.ui.axis import Axis

_LEFT_ALIGNED = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class MeterStrip(QWidget):
    """Four meters in a row: the rep's run, the share of the last minutes, questions and needs so far."""

    def __init__(self, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_left_to_right(self)
        self._look = look
        self._unit = 10.0
        self._reading: Reading | None = None
        self._limits: Limits | None = None
        self._words = True
        self.setAccessibleName(say("stage.meters"))

    def set_unit(self, unit: float) -> None:
        """Take the hundredth of the window's height, in pixels."""
        self._unit = unit
        self.setFixedHeight(round(10.5 * unit))
        self.update()

    def show_reading(self, reading: Reading, limits: Limits, *, words: bool) -> None:
        """Show what the meters said; questions and needs are left out where no words are read."""
        if (reading, limits, words) == (self._reading, self._limits, self._words):
            return
        self._reading, self._limits, self._words = reading, limits, words
        self.setAccessibleDescription(" · ".join(f"{name}: {value}" for name, value, *_ in self._rows()))
        self.update()

    def _rows(self) -> list[tuple[str, str, float | None, float | None, str]]:
        """Return each meter: name, value, how full its scale is, where the limit stands on it, and its colour."""
        r, limits = self._reading, self._limits
        if r is None or limits is None:
            return []
        most = max(limits.monologue_strong_s, 1.5 * limits.monologue_s, 60.0)
        limit = limits.monologue_s / most if limits.monologue_s else None
        # Where the customer cannot be heard there is airtime, which no limit belongs to, and nothing of their needs.
        part, named = (r.airtime, "stage.airtime") if r.alone else (r.share, "stage.share")
        share = say("stage.not_yet") if part is None else share_of(part)
        rows: list[tuple[str, str, float | None, float | None, str]] = [
            (
                say("stage.run_alone" if r.alone else "stage.run"),
                f"{number(r.run_s)} s",
                min(1.0, r.run_s / most),
                limit,
                self._look.accent("monologue"),
            ),
            (
                say(named),
                share,
                part or 0.0,
                None if r.alone else limits.share_nudge or None,
                self._look.quiet if part is None else self._look.accent("talk_share"),
            ),
        ]
        if self._words:
            rows += [
                (say("stage.questions"), str(r.questions), None, None, self._look.accent("ask_question")),
            ]
        if self._words and not r.alone:
            rows.append((say("stage.needs"), str(r.needs), None, None, self._look.accent("pounce")))
        return rows

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint name and value; a scale with its limit beneath what has one."""
        with QPainter(self) as painter:
            painter.setLayoutDirection(self.layoutDirection())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            u, rows = self._unit, self._rows()
            weights = [1.6 if full is not None else 1.0 for _, _, full, _, _ in rows]
            gap = 2 * u
            room = self.width() - gap * (len(rows) - 1)
            x = 0.0
            for (name, value, full, limit, colour), weight in zip(rows, weights, strict=True):
                wide = room * weight / sum(weights)
                self._paint_meter(painter, QRectF(x, 0, wide, self.height()), name, value, colour)
                if full is not None:
                    self._paint_scale(painter, QRectF(x, 8.2 * u, wide, 1.2 * u), full, limit, colour)
                x += wide + gap

    def _paint_meter(self, painter: QPainter, box: QRectF, name: str, value: str, colour: str) -> None:
        u = self._unit
        painter.setFont(fonted(self, 2.3 * u))
        painter.setPen(QColor(self._look.reason))
        painter.drawText(QRectF(box.x(), 0, box.width(), 3 * u), _LEFT_ALIGNED, name)
        painter.setFont(fonted(self, 4.4 * u, bold=True))
        painter.setPen(QColor(colour))
        painter.drawText(QRectF(box.x(), 3 * u, box.width(), 5 * u), _LEFT_ALIGNED, value)

    def _paint_scale(
        self, painter: QPainter, box: QRectF, full: float, limit: float | None, colour: str
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(blend(self._look.border, self._look.card, 0.7)))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        if full > 0:
            painter.setBrush(QColor(colour))
            filled = QRectF(box.x(), box.y(), max(box.height(), box.width() * full), box.height())
            painter.drawRoundedRect(filled, box.height() / 2, box.height() / 2)
        if limit is not None:
            x = box.x() + box.width() * limit
            painter.setPen(QPen(QColor(self._look.title), max(1.5, 0.25 * self._unit)))
            painter.drawLine(
                QPointF(x, box.y() - 0.8 * self._unit), QPointF(x, box.bottom() + 0.8 * self._unit)
            )


class Chapters(QWidget):
    """The chapters of a take, each above its place on the lanes; a click goes there."""

    asked = Signal(int)

    def __init__(self, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_left_to_right(self)
        self._look = look
        self._unit = 10.0
        self._axis: Axis | None = None
        self._chapters: tuple[tuple[int, str], ...] = ()
        self._now = -1
        self.setAccessibleName(say("stage.chapters"))

    def set_unit(self, unit: float) -> None:
        """Take the hundredth of the window's height, in pixels."""
        self._unit = unit
        self.setFixedHeight(round(3.4 * unit))
        self.update()

    def show_chapters(self, chapters: tuple[tuple[int, str], ...], axis: Axis, at_ms: int) -> None:
        """Show chapters over an axis, the one that is heard now in bold."""
        now = max((i for i, (at, _) in enumerate(chapters) if at <= at_ms), default=-1)
        if (chapters, axis, now) == (self._chapters, self._axis, self._now):
            return
        self._chapters, self._axis, self._now = chapters, axis, now
        self.setAccessibleDescription(chapters[now][1] if now >= 0 else "")
        self.setVisible(bool(chapters))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint a tick and a title for each, cut short where the next one begins."""
        axis = self._axis
        if axis is None:
            return
        with QPainter(self) as painter:
            painter.setLayoutDirection(self.layoutDirection())
            ends = [at for at, _ in self._chapters[1:]]
            for i, (at, title) in enumerate(self._chapters):
                if not axis.sees(at):
                    continue
                x = axis.x(at)
                room = (axis.x(ends[i]) if i < len(ends) else self.width()) - x - 1.6 * self._unit
                font = fonted(self, 2.0 * self._unit, bold=i == self._now)
                painter.setFont(font)
                painter.setPen(QPen(QColor(self._look.title if i == self._now else self._look.quiet), 1.5))
                painter.drawLine(QPointF(x, 0.4 * self._unit), QPointF(x, self.height()))
                told = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, max(0, int(room)))
                painter.drawText(
                    QRectF(x + 0.6 * self._unit, 0, max(0.0, room), self.height()), _LEFT_ALIGNED, told
                )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the chapter that was clicked."""
        if self._axis is None:
            return
        ms = self._axis.ms(event.position().x())
        if (at := max((at for at, _ in self._chapters if at <= ms), default=None)) is not None:
            self.asked.emit(at)


class FiguresBeside(QWidget):
    """The figures in which the takes differ, side by side; a unit with each, a verdict with none."""

    def __init__(self, look: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._unit = 10.0
        self._rows: tuple[Beside, ...] = ()
        self._names: tuple[str, ...] = ()
        self.setAccessibleName(say("stage.figures"))

    def set_unit(self, unit: float) -> None:
        """Take the hundredth of the window's height, in pixels."""
        self._unit = unit
        self.setFixedHeight(round(10.5 * unit))
        self.update()

    def show_figures(self, names: tuple[str, ...], rows: tuple[Beside, ...]) -> None:
        """Show the figures of the takes with these names."""
        self._names, self._rows = names, rows
        told = (
            f"{r.name}: " + ", ".join(f"{n} {v}" for n, v in zip(names, r.values, strict=True)) for r in rows
        )
        self.setAccessibleDescription(". ".join(told))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint a column a figure: its name, then a line a take."""
        with QPainter(self) as painter:
            painter.setLayoutDirection(self.layoutDirection())
            u = self._unit
            names = fonted(self, 2.1 * u)
            left = max((QFontMetrics(names).horizontalAdvance(n) for n in self._names), default=0) + 2.5 * u
            wide = (self.width() - left) / max(1, len(self._rows))
            painter.setFont(names)
            painter.setPen(QColor(self._look.reason))
            for i, name in enumerate(self._names):
                painter.drawText(QRectF(0, (3.2 + 3.6 * i) * u, left, 3.6 * u), _LEFT_ALIGNED, name)
            for column, row in enumerate(self._rows):
                x = left + column * wide
                painter.setFont(fonted(self, 2.1 * u))
                painter.setPen(QColor(self._look.reason))
                painter.drawText(QRectF(x, 0, wide, 3 * u), _LEFT_ALIGNED, row.name)
                painter.setPen(QColor(self._look.title))
                for i, value in enumerate(row.values):
                    size = next((s for s in (3.2, 2.8, 2.4, 2.0) if self._fits(value, s, wide)), 1.8)
                    painter.setFont(fonted(self, size * u, bold=True))
                    painter.drawText(QRectF(x, (3.2 + 3.6 * i) * u, wide, 3.6 * u), _LEFT_ALIGNED, value)

    def _fits(self, value: str, size: float, wide: float) -> bool:
        letters = QFontMetrics(fonted(self, size * self._unit, bold=True))
        return letters.horizontalAdvance(value) <= wide - self._unit

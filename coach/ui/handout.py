"""The handout as one page of paper: A4 or Letter, drawn and written as PDF.

Owns where things stand on the page and that all of them fit: letters grow smaller before anything is left out.
Refuses to know what is worth saying; `coach.report.handout` decided that. Everything is painted as text, so nothing
that was said can be markup; a page holds no script and no link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from coach.call.events import Who
from coach.report.timeline import KINDS, MOMENT, NUDGE, SHAPES
from coach.trouble import Trouble
from coach.ui.axis import axis
from coach.ui.shapes import shape_path
from coach.ui.stage_words import side_name
from coach.ui.theme import LIGHT, blend
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coach.report.handout import Handout, Told
    from coach.report.onstage import Beside
    from coach.report.timeline import Timeline

PAGES: Final = {"A4": QPageSize.PageSizeId.A4, "Letter": QPageSize.PageSizeId.Letter}
DPI: Final = 288
"""Four dots a point: fine enough for hair lines, and a half point is a whole number for Qt's fonts."""
_POINT: Final = DPI / 72
_MARGIN: Final = 42 * _POINT
_SIZES: Final = tuple(points * _POINT for points in (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0))
"""Letters of the body, the largest that fits."""
_NOTES: Final = 90 * _POINT
"""So much of the page stays free for notes; what is left over comes on top."""
_LANE: Final = 13 * _POINT
_MARKS: Final = 14 * _POINT
_RULE: Final = 18 * _POINT
"""From one line for notes to the next: a hand's writing."""
_HAIR: Final = 0.5 * _POINT
_WRAP: Final = Qt.TextFlag.TextWordWrap


def write_handout(page: Handout, out: Path, paper: str = "A4") -> None:
    """Write the page as PDF: whole, or not at all.

    Args:
        page: what stands on it.
        out: the file to make; one that is there is written over.
        paper: ``A4`` or ``Letter``.

    Raises:
        Trouble: when it cannot be written.
    """
    part = out.with_name(f"{out.name}.part")
    try:
        part.write_bytes(_drawn(page, paper))
        part.replace(out)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise Trouble(
            "The handout cannot be written to '{out}': {why}.", "Choose another place.", out=out, why=e
        ) from e


def _drawn(page: Handout, paper: str) -> bytes:
    """Return the page as the bytes of a PDF."""
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(held)
    writer.setResolution(DPI)
    writer.setPageLayout(
        QPageLayout(QPageSize(PAGES[paper]), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    writer.setTitle(page.title)
    writer.setCreator("Coach")
    with QPainter(writer) as painter:
        size = writer.pageLayout().fullRectPixels(DPI)
        paint(painter, page, QRectF(0, 0, size.width(), size.height()))
    return bytes(held.data().data())


def paint(painter: QPainter, page: Handout, paper: QRectF) -> float:
    """Paint the page into a rectangle of dots at `DPI`; return the size of its letters in points."""
    inside = paper.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    for size in _SIZES:
        sheet = _Sheet(painter, page, inside, size, dry=True)
        if sheet.drawn() + _NOTES <= inside.height():
            break
    _Sheet(painter, page, inside, size, dry=False).drawn()
    return size / _POINT


class _Sheet:
    """One pass over the page; a dry one only measures."""

    def __init__(self, painter: QPainter, page: Handout, inside: QRectF, size: float, *, dry: bool) -> None:
        self._p, self._page, self._in, self._size, self._dry = painter, page, inside, size, dry
        self._y = inside.top()

    def drawn(self) -> float:
        """Draw it all; return how high it is without the notes."""
        page, size = self._page, self._size
        self._text(page.title, 2.0 * size, bold=True, gap=0.2 * size)
        if page.subtitle:
            self._text(page.subtitle, 1.1 * size, colour=LIGHT.reason, gap=0.4 * size)
        for number, line in enumerate(page.timelines):
            self._time_line(number, line)
        self._legend()
        self._moments()
        if page.figures:
            self._heading(say("handout.figures"))
            self._figures(page.figures)
        self._heading(say("handout.questions"))
        for i, question in enumerate(page.questions, 1):
            self._text(f"{i}   {question}", size, gap=0.3 * size)
        used = self._y - self._in.top() + 3 * size
        if not self._dry:
            self._notes()
        return used

    def _heading(self, text: str) -> None:
        self._y += 0.8 * self._size
        self._text(
            text, 1.15 * self._size, bold=True, colour=LIGHT.accent("ask_question"), gap=0.3 * self._size
        )

    def _moments(self) -> None:
        page = self._page
        self._heading(say("handout.moments"))
        if not page.moments:
            self._text(say("handout.no_moments"), self._size, colour=LIGHT.reason, gap=0.2 * self._size)
        for told in page.moments:
            self._moment(told)
        if page.left_out:
            self._text(
                say("handout.more", count=str(page.left_out)),
                0.9 * self._size,
                colour=LIGHT.reason,
                gap=0.2 * self._size,
            )

    def _moment(self, told: Told) -> None:
        size, left = self._size, 2.4 * self._size
        if not self._dry:
            self._number(told, QPointF(self._in.left() + 0.75 * size, self._y + 0.75 * size))
        name = self._page.names[told.take] if len(self._page.names) > 1 else ""
        seen = "" if told.shown else say("handout.noticed")
        head = " · ".join(filter(None, (f"{told.when}  {told.text}", name, seen)))
        self._text(head, size, bold=True, indent=left, gap=0.1 * size)
        if told.quote:
            self._text(f"“{told.quote}”", size, colour=LIGHT.reason, indent=left, gap=0.1 * size)
        if told.question:
            self._text(say("handout.ask", question=told.question), size, indent=left, gap=0.1 * size)
        self._y += 0.35 * size

    def _figures(self, rows: tuple[Beside, ...]) -> None:
        names = self._page.names
        first = 0.34 * self._in.width()
        wide = (self._in.width() - first) / len(names)
        height = 1.65 * self._size
        table = [("", *names), *((r.name, *r.values) for r in rows)]
        for i, cells in enumerate(table):
            for column, cell in enumerate(cells):
                x = self._in.left() + (first + (column - 1) * wide if column else 0)
                box = QRectF(x, self._y, first if not column else wide, height)
                self._cell(
                    cell, box, bold=not i or bool(column), colour=LIGHT.reason if not i else LIGHT.title
                )
            self._y += height
            if not self._dry:
                self._p.setPen(QPen(QColor(LIGHT.border), _HAIR))
                self._p.drawLine(QPointF(self._in.left(), self._y), QPointF(self._in.right(), self._y))

    def _cell(self, text: str, box: QRectF, *, bold: bool, colour: str) -> None:
        if self._dry:
            return
        font = self._font(self._size, bold=bold)
        told = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() - self._size)
        self._p.setFont(font)
        self._p.setPen(QColor(colour))
        self._p.drawText(box, Qt.AlignmentFlag.AlignVCenter, told)

    # --- time lines ---------------------------------------------------------------------------------------------

    def _time_line(self, number: int, line: Timeline) -> None:
        page, size = self._page, self._size
        self._y += 0.5 * size
        alone = len(page.names) == 1
        self._text(
            page.titles[number] if alone else f"{page.names[number]}: {page.titles[number]}",
            size,
            bold=True,
            gap=0.1 * size,
        )
        left = 5.2 * size
        height = _MARKS + len(line.sides) * (_LANE + _POINT) + 1.3 * size
        if not self._dry:
            self._lanes(
                number, line, QRectF(self._in.left() + left, self._y, self._in.width() - left, height)
            )
        self._y += height

    def _lanes(self, number: int, line: Timeline, box: QRectF) -> None:
        view = axis(self._page.end_ms).laid(box.left(), box.width())
        p, size = self._p, self._size
        bottom = box.top() + _MARKS + len(line.sides) * (_LANE + _POINT)
        p.setFont(self._font(0.75 * size))
        for ms, told in view.ticks(44 * _POINT):
            x = view.x(ms)
            if x > box.right() - 10 * _POINT:
                break  # its words would stand in the margin
            p.setPen(QPen(QColor(LIGHT.border), _HAIR))
            p.drawLine(QPointF(x, box.top() + _MARKS), QPointF(x, bottom))
            p.setPen(QColor(LIGHT.quiet))
            p.drawText(
                QRectF(x + _HAIR, bottom, 40 * _POINT, 1.2 * size), Qt.AlignmentFlag.AlignVCenter, told
            )
        for row, who in enumerate(line.sides):
            top = box.top() + _MARKS + row * (_LANE + _POINT)
            colour = LIGHT.rep if who is Who.REP else LIGHT.customer
            p.setFont(self._font(0.85 * size, bold=True))
            p.setPen(QColor(colour))
            p.drawText(
                QRectF(self._in.left(), top, 5 * size, _LANE), Qt.AlignmentFlag.AlignVCenter, side_name(who)
            )
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(blend(LIGHT.pressed, LIGHT.card, 0.6)))
            p.drawRect(QRectF(box.left(), top, view.x(line.duration_ms) - box.left(), _LANE))
            p.setBrush(QColor(blend(colour, LIGHT.card, 0.55)))
            for block in line.blocks:
                if block.who is who:
                    inset = _LANE * 0.3 if block.small else 0.0
                    x = view.x(block.start_ms)
                    wide = max(_POINT, view.x(block.end_ms) - x)
                    p.drawRect(QRectF(x, top + inset, wide, _LANE - 2 * inset))
        self._lane_marks(line, view.x, box.top() + _MARKS)
        for moment in self._page.moments:
            if moment.take == number:
                self._number(moment, QPointF(view.x(moment.at_ms), box.top() + _MARKS / 2), down_to=bottom)

    def _legend(self) -> None:
        """Say what the shapes in the lanes are, those that stand there."""
        p, size = self._p, 0.8 * self._size
        kinds = {m.kind for line in self._page.timelines for m in line.marks if m.who in line.sides}
        x, y = self._in.left(), self._y + 0.9 * size
        font = self._font(size)
        for kind in (k for k in KINDS if k in kinds - {NUDGE, MOMENT}):
            wide = QFontMetricsF(font).horizontalAdvance(KINDS[kind]) + 2.6 * size
            if not self._dry:
                self._shape(kind, QPointF(x + 0.6 * size, y))
                p.setFont(font)
                p.setPen(QColor(LIGHT.reason))
                p.drawText(
                    QRectF(x + 1.4 * size, y - size, wide, 2 * size),
                    Qt.AlignmentFlag.AlignVCenter,
                    KINDS[kind],
                )
            x += wide
        self._y += 2.0 * size if kinds else 0.0

    def _shape(self, kind: str, at: QPointF) -> None:
        p = self._p
        p.save()
        p.translate(at)
        p.setPen(QPen(QColor(LIGHT.card), _HAIR))
        p.setBrush(QColor(LIGHT.marks[kind]))
        p.drawPath(shape_path(SHAPES[kind], 6 * _POINT))
        p.restore()

    def _lane_marks(self, line: Timeline, place: Callable[[float], float], top: float) -> None:
        """Paint each mark but the numbered ones in its lane, in its own shape."""
        for mark in line.marks:
            if mark.who in line.sides and mark.kind not in {NUDGE, MOMENT}:
                row = line.sides.index(mark.who)
                self._shape(
                    mark.kind, QPointF(place(mark.start_ms), top + row * (_LANE + _POINT) + _LANE / 2)
                )

    def _number(self, told: Told, at: QPointF, down_to: float = 0.0) -> None:
        """Paint a moment's number: full where it was nudged, a ring where it was noticed."""
        p, radius = self._p, 0.62 * self._size
        colour = QColor(LIGHT.marks[NUDGE])
        if down_to:
            p.setPen(QPen(colour, _HAIR, Qt.PenStyle.DotLine))
            p.drawLine(QPointF(at.x(), at.y()), QPointF(at.x(), down_to))
        p.setPen(QPen(colour, 2 * _HAIR))
        p.setBrush(colour if told.shown else QColor(LIGHT.card))
        p.drawEllipse(at, radius, radius)
        p.setFont(self._font(0.8 * self._size, bold=True))
        p.setPen(QColor(LIGHT.card) if told.shown else colour)
        box = QRectF(at.x() - 2 * radius, at.y() - 2 * radius, 4 * radius, 4 * radius)
        p.drawText(box, Qt.AlignmentFlag.AlignCenter, str(told.number))

    # --- words --------------------------------------------------------------------------------------------------

    def _notes(self) -> None:
        """Rule the rest of the page for notes, and say beneath what it is and under which terms."""
        p, foot = self._p, 1.4 * self._size
        self._heading(say("handout.notes"))
        y, bottom = self._y + 0.8 * _RULE, self._in.bottom() - foot - _POINT
        p.setPen(QPen(QColor(LIGHT.border), _HAIR))
        while y <= bottom:
            p.drawLine(QPointF(self._in.left(), y), QPointF(self._in.right(), y))
            y += _RULE
        told = " · ".join(filter(None, (say("handout.foot"), self._page.licence)))
        box = QRectF(self._in.left(), self._in.bottom() - foot, self._in.width(), foot)
        small = self._font(0.75 * self._size)
        p.setFont(small)
        p.setPen(QColor(LIGHT.quiet))
        p.drawText(
            box,
            Qt.AlignmentFlag.AlignVCenter,
            QFontMetricsF(small).elidedText(told, Qt.TextElideMode.ElideRight, box.width()),
        )

    def _text(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = LIGHT.title,
        indent: float = 0.0,
        gap: float = 0.0,
    ) -> None:
        """Write a paragraph of at most two lines; what is longer is cut with an ellipsis."""
        font = self._font(size, bold=bold)
        letters = QFontMetricsF(font)
        wide = self._in.width() - indent
        told = letters.elidedText(text, Qt.TextElideMode.ElideRight, 1.85 * wide)
        height = letters.boundingRect(QRectF(0, 0, wide, 100_000), int(_WRAP), told).height()
        if not self._dry:
            self._p.setFont(font)
            self._p.setPen(QColor(colour))
            self._p.drawText(
                QRectF(self._in.left() + indent, self._y, wide, height + _POINT), int(_WRAP), told
            )
        self._y += height + gap

    @staticmethod
    def _font(dots: float, *, bold: bool = False) -> QFont:
        font = QFont()
        font.setPixelSize(round(dots))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

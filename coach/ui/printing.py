"""Sheets of paper: pieces of text and drawing set one beneath the other, with page breaks, into a PDF.

Owns the paper, its margins and page numbers, and the few pieces that a report is made of. Lengths are points (1/72
inch). Text is set as text with formats, never as markup, and a document of ours loads nothing from anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, Self

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QPen,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)

from coach.report.plain import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

WIDTH, HEIGHT = 595.0, 842.0
"""A4."""
LEFT, TOP, BOTTOM = 46.0, 48.0, 56.0
INSIDE: Final = WIDTH - 2 * LEFT
_GUTTER: Final = 10.0
_DPI: Final = 600
_POINTS: Final = 72.0
_FINE: Final = 8.0  # text is set in eighths of a point, since Qt knows whole pixels only
_FAMILIES: Final = ["Noto Sans", "Segoe UI", "Helvetica Neue", "Roboto", "DejaVu Sans", "sans-serif"]


class Piece(Protocol):
    """Something that stands on paper."""

    def height(self, width: float) -> float:
        """Return how high it is at this width."""
        ...

    def draw(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Draw it with its upper left corner here."""
        ...


@dataclass(frozen=True, slots=True)
class Face:
    """How text looks: size in points, weight as in CSS, colour."""

    size: float
    weight: int
    colour: str


class _Document(QTextDocument):
    """A document that loads nothing: whatever a text might name stays a name."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802, ARG002 - Qt's name for it
        return None


@dataclass
class Words:
    """Paragraphs of text, each a row of runs ``(text, face)``; untrusted text is safe here.

    Args:
        paragraphs: the runs.
        right: set flush right, as figures in a table are.
        leading: height of a line, in per cent of the font's own.
        indent: of every line, in points.
    """

    paragraphs: Sequence[Sequence[tuple[str, Face]]]
    right: bool = False
    leading: float = 118.0
    indent: float = 0.0
    _set: dict[float, QTextDocument] = field(default_factory=dict, repr=False)

    def height(self, width: float) -> float:
        """Return how high it is at this width."""
        return float(self._document(width).size().height()) / _FINE

    def draw(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Draw it with its upper left corner here."""
        painter.save()
        painter.translate(x + self.indent, y)
        painter.scale(1 / _FINE, 1 / _FINE)
        # With a palette of its own: the system's may be a dark one, and paper is white.
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, QColor("black"))
        self._document(width).documentLayout().draw(painter, context)
        painter.restore()

    def _document(self, width: float) -> QTextDocument:
        if width not in self._set:
            self._set[width] = self._made(width - self.indent)
        return self._set[width]

    def _made(self, width: float) -> QTextDocument:
        document = _Document()
        document.setUndoRedoEnabled(False)
        document.setUseDesignMetrics(True)
        document.setDocumentMargin(0)
        option = QTextOption(Qt.AlignmentFlag.AlignRight if self.right else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        block = QTextBlockFormat()
        block.setLineHeight(self.leading, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor = QTextCursor(document)
        for number, runs in enumerate(self.paragraphs):
            if number:
                cursor.insertBlock()
            cursor.setBlockFormat(block)
            for text, face in runs:
                cursor.insertText(clean(text), _format(face))
        document.setTextWidth(width * _FINE)
        return document


@dataclass
class Space:
    """Nothing, so high."""

    points: float

    def height(self, width: float) -> float:  # noqa: ARG002 - as high at every width
        """Return how high it is."""
        return self.points

    def draw(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Draw nothing."""


@dataclass
class Row:
    """Cells beside each other, in parts of the width, beneath a hair line."""

    cells: Sequence[tuple[float, Piece]]
    line: str = ""
    pad: float = 3.6

    def height(self, width: float) -> float:
        """Return how high it is at this width."""
        return max(cell.height(part * width) for part, cell in self.cells) + 2 * self.pad

    def draw(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Draw it with its upper left corner here."""
        if self.line:
            painter.setPen(QPen(QColor(self.line), 0.6))
            painter.drawLine(QPointF(x, y), QPointF(x + width, y))
        at = x
        for part, cell in self.cells:
            cell.draw(painter, at, y + self.pad, part * width)
            at += part * width


@dataclass
class Stack:
    """Pieces one beneath the other, in a box where a colour is given; a bar at its left where one is given for that."""

    pieces: Sequence[Piece]
    fill: str = ""
    bar: str = ""
    pad: float = 0.0
    least: float = 0.0

    def height(self, width: float) -> float:
        """Return how high it is at this width."""
        inner = width - 2 * self.pad
        return max(self.least, sum(p.height(inner) for p in self.pieces) + 2 * self.pad)

    def draw(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Draw it with its upper left corner here."""
        whole = self.height(width)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.fill:
            painter.setBrush(QColor(self.fill))
            painter.drawRoundedRect(QRectF(x, y, width, whole), 6, 6)
        if self.bar:
            painter.setBrush(QColor(self.bar))
            painter.drawRect(QRectF(x, y, 1.4, whole))
        at = y + self.pad
        for piece in self.pieces:
            piece.draw(painter, x + self.pad, at, width - 2 * self.pad)
            at += piece.height(width - 2 * self.pad)


@dataclass
class Beside:
    """Boxes beside each other, all as high as the highest."""

    boxes: Sequence[Stack]
    gap: float = _GUTTER

    def height(self, width: float) -> float:
        """Return how high it is at this width."""
        return max(b.height(self._each(width)) for b in self.boxes)

    def draw(self, painter: QPainter, x: float, y: float, width: float) -> None:
        """Draw it with its upper left corner here."""
        each, whole = self._each(width), self.height(width)
        for number, box in enumerate(self.boxes):
            even = Stack(box.pieces, box.fill, box.bar, box.pad, whole)
            even.draw(painter, x + number * (each + self.gap), y, each)

    def _each(self, width: float) -> float:
        return (width - self.gap * (len(self.boxes) - 1)) / len(self.boxes)


class Sheets:
    """Paper that is written on from above; a piece that does not fit begins the next sheet. Used as a context.

    A painter must end before what it paints on, or Qt ends the process: so it does on leaving, whatever happened.

    Args:
        title: of the PDF; also at the foot of each sheet.
        colours: ``soft`` for the foot.
    """

    def __init__(self, title: str, colours: Mapping[str, str]) -> None:
        self._buffer = QBuffer()
        self._buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._writer = QPdfWriter(self._buffer)
        self._writer.setResolution(_DPI)
        self._writer.setTitle(clean(title))
        self._writer.setCreator("Coach")
        size = QPageSize(QPageSize.PageSizeId.A4)
        self._writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
        self._painter = QPainter(self._writer)
        self._painter.scale(_DPI / _POINTS, _DPI / _POINTS)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._title = title
        self._foot = Face(7.5, 400, colours["soft"])
        self.number = 1
        self.y = TOP
        self._write_foot()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._painter.isActive():
            self._painter.end()

    @property
    def left(self) -> float:
        """How much of this sheet is left, in points."""
        return HEIGHT - BOTTOM - self.y

    def put(self, piece: Piece, *, before: float = 0.0, with_next: float = 0.0) -> None:
        """Set a piece beneath the last one.

        Args:
            piece: what to set; higher than a sheet it runs over its end.
            before: space above it, but at the top of a sheet.
            with_next: so much more must fit beneath it, or it begins the next sheet.
        """
        fresh = self.y <= TOP
        needed = piece.height(INSIDE) + with_next + (0.0 if fresh else before)
        if not fresh and needed > self.left:
            self.turn()
        elif not fresh:
            self.y += before
        piece.draw(self._painter, LEFT, self.y, INSIDE)
        self.y += piece.height(INSIDE)

    def height_in_columns(self, boxes: Sequence[Stack], *, gap: float = _GUTTER) -> float:
        """Return how high boxes are in two columns, if one sheet holds them."""
        ends = [0.0, 0.0]
        for box in boxes:
            ends[ends[0] > ends[1]] += box.height((INSIDE - gap) / 2) + gap
        return max(ends) - gap

    def put_in_columns(self, boxes: Sequence[Stack], *, gap: float = _GUTTER) -> None:
        """Set boxes in two columns, each in the one that is shorter so far."""
        width = (INSIDE - gap) / 2
        ends = [self.y, self.y]
        for box in boxes:
            whole, column = box.height(width), int(ends[0] > ends[1])
            if ends[column] + whole > HEIGHT - BOTTOM and ends != [TOP, TOP]:
                self.turn()
                ends, column = [TOP, TOP], 0
            box.draw(self._painter, LEFT + column * (width + gap), ends[column], width)
            ends[column] += whole + gap
        self.y = max(ends) - gap

    def turn(self) -> None:
        """Begin the next sheet."""
        self._writer.newPage()
        self.number += 1
        self.y = TOP
        self._write_foot()

    def done(self) -> bytes:
        """Return the PDF; nothing can be written after that."""
        self._painter.end()
        self._buffer.close()
        data: QByteArray = self._buffer.data()
        return bytes(data.data())

    def _write_foot(self) -> None:
        y = HEIGHT - BOTTOM + 20
        name = self._title if len(self._title) <= 80 else self._title[:79] + "…"  # noqa: PLR2004 - one line of the foot
        Words([[(name, self._foot)]]).draw(self._painter, LEFT, y, 0.8 * INSIDE)
        Words([[(str(self.number), self._foot)]], right=True).draw(self._painter, LEFT, y, INSIDE)


def _format(face: Face) -> QTextCharFormat:
    font = QFont()
    font.setFamilies(_FAMILIES)
    font.setPixelSize(max(1, round(face.size * _FINE)))
    font.setWeight(QFont.Weight(face.weight))
    form = QTextCharFormat()
    form.setFont(font)
    form.setForeground(QColor(face.colour))
    return form

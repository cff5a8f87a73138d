"""A call on one time axis: two lanes with turns and waveform, the marks of what happened, and where one is.

Owns the paint and the pointer. Refuses to know where sound comes from and what a click leads to. All that does not
move is painted once into a picture; when the playhead moves, only the two strips it leaves and enters are painted, and
when nothing changes nothing is.
"""

from __future__ import annotations

from bisect import bisect_left
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from coach.call.events import Who
from coach.report.timeline import INTERRUPTION, KINDS, MOMENT, NOTE, NUDGE, SHAPES, Mark
from coach.ui.axis import Axis, axis, clock
from coach.ui.mirror import keep_left_to_right
from coach.ui.shapes import shape_path
from coach.ui.theme import METRICS, Palette, blend
from coach.ui.wording import say

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from coach.report.timeline import Timeline
    from coach.ui.sound import Waveform

ABOVE: Final = (NUDGE, MOMENT, NOTE)
"""Marks that belong to the call, in the row above the lanes; the others stand beside the lane they belong to."""
_RULER, _ROW, _LANE, _PAD = 22, 24, 58, 6
_MARK, _NUDGE_MARK = 13.0, 17.0
_LEAST_APART = 0.8
"""Marks nearer than this share of their width would hide one another: the later one waits for a closer look."""
_CLICK_PX = 4
_WHEEL_STEP = 120.0
_ZOOM = 0.8
_HAIR = 1.0
_QUIET = 1_000
"""A side whose loudest sample lies below this is drawn as quiet as it is; others fill their lane."""


class Lanes(QWidget):
    """Draw a time line.

    Args:
        timeline: the call.
        look: the colours.
        px_scale: 1 for a window, more for a projector.
        names: what the lanes are called; None for what the rep calls them.
    """

    asked = Signal(int)
    """A click asks for this moment, in ms."""
    chosen = Signal(object)
    """A click on a `Mark`."""
    view_changed = Signal(int, int)

    def __init__(
        self,
        timeline: Timeline,
        look: Palette,
        px_scale: float = 1.0,
        parent: QWidget | None = None,
        *,
        names: dict[Who, str] | None = None,
    ) -> None:
        super().__init__(parent)
        keep_left_to_right(self)
        known = {who: say("who.voices" if timeline.mixed else f"who.{who.value}") for who in Who}
        self._names = names or known
        self._look, self._scale = look, px_scale
        self._timeline = timeline
        self._axis: Axis = axis(timeline.duration_ms)
        self._hidden: frozenset[str] = frozenset()
        self._waveform: Waveform | None = None
        self._position_ms = -1
        self._picture: QPixmap | None = None
        self._spots: list[tuple[QRectF, Mark]] = []
        self._pressed: QPointF | None = None
        self._dragged_ms = 0.0
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(say("lanes.name"))
        self.show_timeline(timeline)

    @property
    def view(self) -> Axis:
        """What is seen now."""
        return self._axis

    def show_timeline(self, timeline: Timeline) -> None:
        """Show another call, or the same one with what was written by hand; the view stays where it can."""
        self._timeline = timeline
        if timeline.duration_ms != self._axis.duration_ms:
            self._axis = axis(timeline.duration_ms).laid(self._axis.left, self._axis.width)
        self._starts = [b.start_ms for b in timeline.blocks]
        self._longest = max((b.end_ms - b.start_ms for b in timeline.blocks), default=0)
        self.setAccessibleDescription(_in_words(timeline))
        self.updateGeometry()
        self._repaint()

    def show_waveform(self, waveform: Waveform | None) -> None:
        """Show how loud it was; None for no sound."""
        self._waveform = waveform
        self._repaint()

    def show_kinds(self, hidden: frozenset[str]) -> None:
        """Leave out the marks of these kinds."""
        if hidden != self._hidden:
            self._hidden = hidden
            self._repaint()

    def show_view(self, start_ms: float, end_ms: float) -> None:
        """Show this part of the call, as near as it allows."""
        self._move(self._axis.viewed(start_ms, end_ms))

    def show_position(self, ms: int) -> None:
        """Move the playhead; -1 for none."""
        if ms == self._position_ms:
            return
        before, self._position_ms = self._head_rect(), ms
        for rect in (before, self._head_rect()):
            if rect is not None:
                self.update(rect)

    def zoom(self, factor: float) -> None:
        """See ``factor`` times as much, around the playhead where it is seen, else around the middle."""
        axis_now = self._axis
        middle = (axis_now.start_ms + axis_now.end_ms) / 2
        around = self._position_ms if axis_now.sees(self._position_ms) else middle
        self._move(axis_now.zoomed(factor, around))

    def zoom_out(self) -> None:
        """See the whole call."""
        self._move(self._axis.viewed(0, self._timeline.duration_ms))

    def bring(self, ms: int) -> None:
        """Turn the page where this moment is not seen."""
        self._move(self._axis.showing(ms))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the height that the lanes need."""
        return QSize(self._px(600), self._height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least that can be read."""
        return QSize(self._px(240), self._height())

    # --- geometry -----------------------------------------------------------------------------------------------

    def _px(self, length: float) -> int:
        return METRICS.px(length, self._scale)

    def _label_px(self) -> int:
        """Return how wide the lanes' names are, in whatever language."""
        letters = QFontMetrics(self._font(METRICS.reason_px, bold=True))
        return self._px(24) + max(map(letters.horizontalAdvance, self._names.values()))

    def _sides(self) -> tuple[Who, ...]:
        return self._timeline.sides

    def _height(self) -> int:
        lanes = len(self._sides())
        return self._px(_RULER + _ROW) + lanes * self._px(_LANE + _ROW) + self._px(_PAD)

    def _lane_top(self, who: Who) -> int:
        """Return where a lane begins: the rep's marks stand above it, the customer's beneath."""
        top = self._px(_RULER + _ROW)
        if who is Who.CUSTOMER and len(self._sides()) > 1:
            return top + self._px(_ROW + _LANE)
        return top + self._px(_ROW)

    def _row_middle(self, mark: Mark) -> float:
        half = self._px(_ROW) / 2
        if mark.kind in ABOVE or mark.who is None:
            return self._px(_RULER) + half
        top = self._lane_top(mark.who)
        return top - half if mark.who is Who.REP else top + self._px(_LANE) + half

    def _head_rect(self) -> QRect | None:
        if self._position_ms < 0 or not self._axis.sees(self._position_ms):
            return None
        x = self._axis.x(self._position_ms)
        half = self._px(6)
        return QRect(int(x) - half, 0, 2 * half + 1, self.height())

    def _move(self, view: Axis) -> None:
        if view != self._axis:
            self._axis = view
            self._repaint()
            self.view_changed.emit(round(view.start_ms), round(view.end_ms))

    def _repaint(self) -> None:
        self._picture = None
        self.update()

    # --- paint --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the picture, and the playhead over it."""
        density = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != density:
            self._picture = self._drawn(density)
        part = event.rect()
        with QPainter(self) as painter:  # which ends whatever happens: one that is left open takes Qt down
            painter.setLayoutDirection(self.layoutDirection())
            painter.drawPixmap(QRectF(part), self._picture, _scaled(part, density))
            if self._position_ms >= 0 and self._axis.sees(self._position_ms):
                self._paint_head(painter)

    def _drawn(self, density: float) -> QPixmap:
        picture = QPixmap(round(self.width() * density), round(self.height() * density))
        picture.setDevicePixelRatio(density)
        picture.fill(QColor(self._look.card))
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ruler(painter)
            painter.setClipRect(QRectF(self._axis.left, 0, self.width() - self._axis.left, self.height()))
            for who in self._sides():
                self._paint_lane(painter, who)
            self._paint_marks(painter)
            painter.setClipping(False)
            self._paint_labels(painter)
        return picture

    def _paint_ruler(self, painter: QPainter) -> None:
        painter.setFont(self._font(METRICS.why_px - 1))
        bottom = self._px(_RULER)
        for ms, told in self._axis.ticks(self._px(64)):
            x = self._axis.x(ms)
            painter.setPen(QPen(QColor(blend(self._look.border, self._look.card, 0.6)), _HAIR))
            painter.drawLine(QPointF(x, bottom), QPointF(x, self.height() - self._px(_PAD)))
            painter.setPen(QColor(self._look.quiet))
            if x + self._px(40) > self.width():
                continue  # half a number is worse than none
            painter.drawText(QRectF(x + 3, 0, self._px(64), bottom), Qt.AlignmentFlag.AlignVCenter, told)

    def _paint_labels(self, painter: QPainter) -> None:
        painter.setFont(self._font(METRICS.reason_px, bold=True))
        for who in self._sides():
            painter.setPen(QColor(self._look.rep if who is Who.REP else self._look.customer))
            rect = QRectF(self._px(10), self._lane_top(who), self._label_px(), self._px(_LANE))
            painter.drawText(
                rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._names[who]
            )

    def _paint_lane(self, painter: QPainter, who: Who) -> None:
        top, height = self._lane_top(who), self._px(_LANE)
        colour = self._look.rep if who is Who.REP else self._look.customer
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(blend(self._look.pressed, self._look.card, 0.5)))
        painter.drawRect(QRectF(self._axis.left, top, self.width() - self._axis.left, height))
        seen = self._axis
        first = bisect_left(self._starts, seen.start_ms - self._longest)
        for block in self._timeline.blocks[first:]:
            if block.start_ms > seen.end_ms:
                break
            if block.who is not who or block.end_ms < seen.start_ms:
                continue
            left, right = seen.x(block.start_ms), seen.x(block.end_ms)
            inset = height * (0.32 if block.small else 0.0)
            rect = QRectF(left, top + inset, max(1.5, right - left - 0.5), height - 2 * inset)
            painter.setBrush(QColor(blend(colour, self._look.card, 0.16 if block.small else 0.30)))
            radius = min(self._px(4), rect.width() / 2)
            painter.drawRoundedRect(rect, radius, radius)
        self._paint_waveform(painter, who, QRectF(seen.left, top + 3, seen.width, height - 6), colour)

    def _paint_waveform(self, painter: QPainter, who: Who, into: QRectF, colour: str) -> None:
        if self._waveform is None:
            return
        bin_ms, loud = self._waveform.level_for(self._axis.ms_per_px)
        row = self._sides().index(who)
        if row >= len(loud):
            return
        low, high = columns(loud[row], bin_ms, self._axis)
        middle, half = into.center().y(), into.height() / 2
        full = max(_QUIET, int(np.abs(loud[row]).max(initial=0)))
        up, down = half * high / full, half * low / full
        painter.setPen(QPen(QColor(blend(colour, self._look.card, 0.85)), _HAIR))
        painter.drawLines(
            [
                QLineF(into.left() + k, middle - u, into.left() + k, middle - d)
                for k, (u, d) in enumerate(zip(up.tolist(), down.tolist(), strict=True))
                if u - d > _HAIR
            ]
        )

    def _paint_marks(self, painter: QPainter) -> None:
        self._spots = []
        taken: dict[float, list[float]] = {}
        seen = [m for m in self._timeline.marks if m.kind not in self._hidden and self._axis.sees(m.start_ms)]
        # What the coach said comes first, then what is rare; a question that hides behind another waits for zoom.
        for mark in sorted(seen, key=lambda m: (m.kind != NUDGE, m.kind != NOTE, m.kind != INTERRUPTION)):
            x, y = self._axis.x(mark.start_ms), self._row_middle(mark)
            size = self._px(_NUDGE_MARK if mark.kind == NUDGE else _MARK)
            row = taken.setdefault(y, [])
            if mark.kind != NUDGE and any(abs(x - other) < _LEAST_APART * size for other in row):
                continue
            row.append(x)
            colour = QColor(self._look.marks[mark.kind])
            if mark.kind == NUDGE:
                painter.setPen(QPen(colour, _HAIR, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(x, y), QPointF(x, self.height() - self._px(_PAD)))
            if mark.builds_on_ms is not None:
                self._paint_chain(painter, mark, x, y, colour)
            painter.save()
            painter.translate(x, y)
            painter.setPen(QPen(QColor(self._look.card), _HAIR))
            painter.setBrush(colour)
            painter.drawPath(shape_path(SHAPES[mark.kind], size))
            painter.restore()
            half = max(size, self._px(METRICS.target)) / 2
            self._spots.append((QRectF(x - half, y - half, 2 * half, 2 * half), mark))

    def _paint_chain(self, painter: QPainter, mark: Mark, x: float, y: float, colour: QColor) -> None:
        before = self._axis.x(float(mark.builds_on_ms or 0))
        painter.setPen(QPen(colour, 1.5))
        painter.drawLine(QPointF(before, y), QPointF(x, y))

    def _paint_head(self, painter: QPainter) -> None:
        x = self._axis.x(self._position_ms)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.title), 1.5))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setBrush(QColor(self._look.title))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QPointF(x, self._px(5)), self._px(4), self._px(4))

    def _font(self, px: float, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._px(px))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    # --- pointer ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the view; it now has other pixels."""
        left = self._label_px()
        self._axis = self._axis.laid(left, self.width() - left - self._px(8))
        self._repaint()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember where a click or a drag began."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._dragged_ms = event.position(), self._axis.start_ms

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Scrub along the ruler, pan on the lanes, show a hand over a mark."""
        at = event.position()
        if self._pressed is None:
            over = self.mark_at(at)
            self.setCursor(Qt.CursorShape.ArrowCursor if over is None else Qt.CursorShape.PointingHandCursor)
            # What was said is text: a tip that might look like markup is made markup, escaped.
            self.setToolTip("" if over is None else f"<p>{escape(mark_line(over))}</p>")
        elif self._pressed.y() < self._px(_RULER):
            self.asked.emit(self._axis.ms(at.x()))
        elif abs(at.x() - self._pressed.x()) > _CLICK_PX or self._axis.start_ms != self._dragged_ms:
            start = self._dragged_ms - (at.x() - self._pressed.x()) * self._axis.ms_per_px
            self._move(self._axis.viewed(start, start + self._axis.span_ms))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the moment of a click, or for a mark; the end of a drag asks for nothing."""
        began, self._pressed = self._pressed, None
        if began is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if (
            event.position() - began
        ).manhattanLength() > _CLICK_PX or event.position().x() < self._axis.left - 4:
            return
        mark = self.mark_at(event.position())
        if mark is not None:
            self.chosen.emit(mark)
        else:
            self.asked.emit(self._axis.ms(event.position().x()))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom with Ctrl around the pointer; else move along the call."""
        steps = (event.angleDelta().y() or event.angleDelta().x()) / _WHEEL_STEP
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._move(self._axis.zoomed(_ZOOM**steps, self._axis.ms(event.position().x())))
        else:
            self._move(self._axis.panned(-0.15 * steps * self._axis.span_ms))
        event.accept()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Paint anew in another font."""
        if event.type() is QEvent.Type.FontChange:
            self._repaint()
        super().changeEvent(event)

    def mark_at(self, at: QPointF) -> Mark | None:
        """Return the mark under a point, the nearest of several; None where there is none."""
        near = [(abs(rect.center().x() - at.x()), mark) for rect, mark in self._spots if rect.contains(at)]
        return min(near, key=lambda n: n[0])[1] if near else None


def mark_line(mark: Mark) -> str:
    """Return a mark as one line: when, what, and the words."""
    told = f"{clock(mark.start_ms)} · {KINDS[mark.kind]}"
    if mark.builds_on_ms is not None:
        told += f" · {say('lanes.follow_up')}"
    words = " · ".join(filter(None, (mark.text, mark.detail)))
    return f"{told}: {words}" if words else told


def columns(
    loud: NDArray[np.int16], bin_ms: float, view: Axis
) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Return the least and the most of each pixel column of a view.

    Args:
        loud: shape ``(bins, 2)``, least and most of each bin.
        bin_ms: length of a bin.
        view: what is seen; columns beyond the end of the sound are silent.
    """
    edges = view.start_ms + np.arange(round(view.width) + 1) * view.ms_per_px
    bins = np.minimum((edges / bin_ms).astype(np.int64), len(loud))
    starts = bins[:-1][bins[:-1] < len(loud)]
    low, high = (np.zeros(len(bins) - 1, np.int16) for _ in range(2))
    if len(starts):
        heard = loud[: max(int(bins[-1]), int(starts[-1]) + 1)]
        low[: len(starts)] = np.minimum.reduceat(heard[:, 0], starts)
        high[: len(starts)] = np.maximum.reduceat(heard[:, 1], starts)
    return low, high


def _scaled(rect: QRect, density: float) -> QRectF:
    return QRectF(rect.x() * density, rect.y() * density, rect.width() * density, rect.height() * density)


def _in_words(timeline: Timeline) -> str:
    """Return what the lanes show, for whoever cannot see them."""
    counts = {kind: sum(m.kind == kind for m in timeline.marks) for kind in KINDS}
    told = ", ".join(f"{KINDS[kind]}: {count}" for kind, count in counts.items() if count)
    return f"{clock(timeline.duration_ms)}. {told}" if told else clock(timeline.duration_ms)

"""What was prepared, beside the call: a small window at the edge that never takes the focus.

Owns its paint, the ticks and a quiet word on the time left. Refuses to know how a question is heard: it is told. A tick
by hand stands against what is heard. The time is told in steps of five minutes and never asks for anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QElapsedTimer, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QRegion
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from coach.ui.before_words import say
from coach.ui.compositing import blends
from coach.ui.edge import EdgeWindow
from coach.ui.quiet import Cross
from coach.ui.sheet import label
from coach.ui.theme import LOOKS, METRICS

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from coach.call.plan import Plan
    from coach.settings import OverlaySettings
    from coach.ui.standing import Standing
    from coach.ui.theme import Palette

LOOK_EVERY_MS: Final = 60_000
STEP_MIN: Final = 5
_WIDTH: Final = 300
_SIGN: Final = 15
_WRAP: Final = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)


class PreparedWindow(EdgeWindow):
    """The window.

    Args:
        plan: what was prepared.
        settings: size and look of what stands at the edge.
        standing: where it stands.
    """

    ticked = Signal(int, bool)
    """A question, by its place, was ticked by hand, or the tick was taken away."""

    def __init__(self, plan: Plan, settings: OverlaySettings, standing: Standing, note: str = "") -> None:
        super().__init__(standing)
        self._plan, self._settings = plan, settings
        self._look = LOOKS[settings.look]
        self._blends = True
        self._since = QElapsedTimer()
        self._minute = QTimer(self, interval=LOOK_EVERY_MS, timerType=Qt.TimerType.VeryCoarseTimer)
        self._minute.timeout.connect(self._tell_time)
        self.setWindowTitle(say("prepared.title"))
        self.setAccessibleName(say("prepared.title"))
        self.left = self._label("", small=True)
        self.questions = [
            Question(words, self._look, settings.scale, number) for number, words in enumerate(plan.questions)
        ]
        self._lay_out(note)
        for question in self.questions:
            question.clicked.connect(lambda _checked, q=question: self.ticked.emit(q.number, q.isChecked()))
        self._tell_time()

    def begin(self) -> None:
        """The call begins now: planned time runs from here."""
        self._since.start()
        self._tell_time()

    def show_asked(self, number: int, *, asked: bool) -> None:
        """Show that a question was asked, or that it was not after all."""
        if 0 <= number < len(self.questions):
            self.questions[number].setChecked(asked)

    def show_or_hide(self) -> bool:
        """Show the window, or take it away; return whether it is shown now."""
        if self.isVisible():
            self.hide()
            return False
        self._blends = blends()
        self._fit()
        self.show()
        self.raise_()
        self._tell_time()
        if self._plan.minutes:
            self._minute.start()
        return True

    def hideEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Count no minutes that nobody reads."""
        super().hideEvent(event)  # type: ignore[arg-type]
        self._minute.stop()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint the ground."""
        paint_ground(self, self._look, self._settings.scale, blends=self._blends)

    @Slot()
    def _tell_time(self) -> None:
        words = left_in_words(self._plan.minutes, self._since.elapsed() if self._since.isValid() else 0)
        if words != self.left.text():
            self.left.setText(words)
            self.left.setVisible(bool(words))
            if self.isVisible():
                self._fit()

    def _fit(self) -> None:
        scale, home = self._settings.scale, self.standing.home
        width = min(METRICS.px(_WIDTH, scale), self.most_width())
        self._inside.ensurePolished()
        inner = width - 2 * METRICS.px(METRICS.pad, scale)
        layout = self._inside.layout()
        assert layout is not None  # noqa: S101 - made in `_lay_out`
        layout.activate()
        around = self._column.contentsMargins()
        height = layout.totalHeightForWidth(inner) + self._head.sizeHint().height()
        height += around.top() + around.bottom() + self._column.spacing()
        most = home.availableGeometry().height() - 2 * METRICS.margin if home is not None else height
        self.stand_at(QSize(width, min(height, most)))
        self.setMask(QRegion())

    def _lay_out(self, note: str) -> None:
        scale = self._settings.scale
        pad, edge = METRICS.px(METRICS.pad, scale), METRICS.px(METRICS.edge, scale)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(pad, edge, pad, pad)
        self._column.setSpacing(edge)
        self._head = QHBoxLayout()
        title = self._label(say("prepared.title"), bold=True)
        self.cross = Cross(say("prepared.hide"), self._look, METRICS.px(METRICS.target, scale), self)
        self.cross.clicked.connect(self.hide)
        self._head.addWidget(title, 1)
        self._head.addWidget(self.cross)
        self._column.addLayout(self._head)
        self._inside = QWidget()
        self._inside.setObjectName("inside")
        rows = QVBoxLayout(self._inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(edge)
        rows.addWidget(self.left)
        for line in self._plan.known:
            rows.addWidget(self._label(line, small=True))
        for question in self.questions:
            rows.addWidget(question)
        if note:
            rows.addWidget(self._label(note, small=True))
        rows.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setStyleSheet("QScrollArea, QWidget#inside { background: transparent; }")
        area.setWidget(self._inside)
        self._column.addWidget(area, 1)

    def _label(self, words: str, *, small: bool = False, bold: bool = False) -> QLabel:
        return edge_label(words, self._look, self._settings.scale, small=small, bold=bold)


class Question(QAbstractButton):
    """A planned question with its tick; a click changes it, and takes no focus."""

    def __init__(self, words: str, look: Palette, scale: float, number: int) -> None:
        super().__init__()
        self.number = number
        self._look, self._scale = look, scale
        self.setText(words)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(words)
        self._font = QFont(self.font())
        self._font.setPixelSize(METRICS.px(METRICS.reason_px + 1, scale))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.toggled.connect(self._say_state)
        self._say_state(asked=False)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Say that a narrower one is higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return the height of all its lines."""
        return max(self._text_rect(width).height(), METRICS.px(METRICS.target, self._scale))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size at the usual width."""
        width = METRICS.px(_WIDTH - 2 * METRICS.pad, self._scale)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size in which the tick is seen."""
        return QSize(METRICS.px(4 * _SIGN, self._scale), METRICS.px(METRICS.target, self._scale))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint the box, the tick and the words: asked ones step back."""
        look, side = self._look, METRICS.px(_SIGN, self._scale)
        words = self._text_rect(self.width())
        top = (self.height() - words.height()) / 2 if words.height() < self.height() else 0
        first = QFontMetrics(self._font).height()
        box = QRectF(1, top + (first - side) / 2 + 1, side - 2, side - 2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            asked = self.isChecked()
            ink = QColor(look.accent("pounce") if asked else look.reason)
            painter.setPen(QPen(ink, 1.4 * self._scale))
            painter.setBrush(ink if asked else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 3 * self._scale, 3 * self._scale)
            if asked:
                pen = QPen(QColor(look.card), 1.8 * self._scale)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                x, y, w = box.x(), box.y(), box.width()
                painter.drawLine(
                    QRectF(x + 0.22 * w, y + 0.52 * w, 0, 0).topLeft(),
                    QRectF(x + 0.42 * w, y + 0.72 * w, 0, 0).topLeft(),
                )
                painter.drawLine(
                    QRectF(x + 0.42 * w, y + 0.72 * w, 0, 0).topLeft(),
                    QRectF(x + 0.78 * w, y + 0.3 * w, 0, 0).topLeft(),
                )
            painter.setFont(self._font)
            painter.setPen(QColor(look.reason if asked else look.title))
            painter.drawText(words.translated(0, round(top)), _WRAP, self.text())

    def _text_rect(self, width: int) -> QRect:
        x = METRICS.px(_SIGN + METRICS.edge, self._scale)
        room = QRect(x, 0, max(1, width - x), 10_000)
        return QFontMetrics(self._font).boundingRect(room, _WRAP, self.text())

    @Slot(bool)
    def _say_state(self, asked: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.setAccessibleDescription(say("prepared.asked" if asked else "prepared.open"))
        self.update()


def left_in_words(minutes: float, elapsed_ms: int) -> str:
    """Return the planned time that is left, in steps of five minutes; empty where none was planned."""
    if not minutes:
        return ""
    left = minutes - elapsed_ms / 60_000
    if left <= 0:
        return say("prepared.over")
    step = round(left / STEP_MIN) * STEP_MIN
    return say("prepared.left", minutes=str(step)) if step else say("prepared.soon")


def edge_label(words: str, look: Palette, scale: float, *, small: bool = False, bold: bool = False) -> QLabel:
    """Return a label for a window at the edge, which has no style sheet of its own."""
    made = label(words)
    px = METRICS.px(METRICS.reason_px if small else METRICS.told_px, scale)
    made.setStyleSheet(
        f"color: {look.reason if small else look.title}; font-size: {px}px; background: transparent;"
        + ("font-weight: 600;" if bold else "")
    )
    return made


def paint_ground(window: QWidget, look: Palette, scale: float, *, blends: bool) -> None:
    """Paint the ground of a window at the edge: round and a little clear where the desktop blends windows."""
    with QPainter(window) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(look.card)
        ground.setAlphaF(max(look.alpha, 0.97) if blends else 1.0)
        painter.setPen(QPen(QColor(look.border), 1.0))
        painter.setBrush(ground)
        box = QRectF(window.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if blends:
            painter.drawRoundedRect(box, METRICS.radius * scale, METRICS.radius * scale)
        else:
            painter.drawRect(box)

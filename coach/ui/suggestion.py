"""A question at the edge of the screen: a call seems to have begun; shall Coach listen?

Owns that small window, its three answers, and its leaving by itself. Refuses to know how a call is noticed and what an
answer leads to. It takes no focus, asks without a sound, and no answer is an answer too: then nothing happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from coach.ui.announce import announce
from coach.ui.compositing import blends
from coach.ui.edge import EdgeWindow
from coach.ui.scrolled import heading
from coach.ui.sheet import dress
from coach.ui.theme import LOOKS, METRICS
from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from coach.settings import OverlaySettings
    from coach.ui.standing import Standing

STAYS_MS: Final = 20_000
"""Longer than a nudge: a call begins with greetings, and the rep looks at faces."""
_WIDE: Final = 340


class Suggestion(EdgeWindow):
    """The question; one at a time."""

    wanted = Signal()
    """Listen to this call."""
    refused = Signal()
    """Not to this one."""
    unwanted = Signal()
    """Never ask again."""

    def __init__(self, settings: OverlaySettings, standing: Standing, stays_ms: int = STAYS_MS) -> None:
        super().__init__(standing)
        self._look = LOOKS[settings.look]
        self._round = True
        self.setWindowTitle(say("app"))
        dress(self, self._look)
        self._words = heading("")
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.yes, self.no, self.never = (self._button(k) for k in ("yes", "no", "never"))
        for button, signal in ((self.yes, self.wanted), (self.no, self.refused), (self.never, self.unwanted)):
            button.clicked.connect(self.hide)
            button.clicked.connect(lambda _checked, signal=signal: signal.emit())
        row = QHBoxLayout()
        row.setSpacing(METRICS.edge)
        for button in (self.yes, self.no, self.never):
            row.addWidget(button)
        row.addStretch(1)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(METRICS.pad + 2, METRICS.pad, METRICS.pad + 2, METRICS.pad + 2)
        column.setSpacing(METRICS.pad)
        column.addWidget(self._words)
        column.addLayout(row)
        self._time = QTimer(self, singleShot=True, interval=stays_ms)
        self._time.timeout.connect(self._leave)

    def ask(self, program: str) -> None:
        """Ask about a call in this program."""
        text = say("suggest.ask", program=program)
        self._words.setText(text)
        self.setAccessibleName(text)
        self._round = blends()
        self.ensurePolished()
        wide = min(max(_WIDE, self._column.minimumSize().width()), self.most_width())
        self.stand_at(QSize(wide, self._column.totalHeightForWidth(wide)))
        self.show()
        self.raise_()
        self._time.start()
        announce(self, text)

    def _button(self, key: str) -> QPushButton:
        made = QPushButton(say(f"suggest.{key}"))
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the focus is the meeting's
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        return made

    @Slot()
    def _leave(self) -> None:
        if self.underMouse():
            self._time.start()
        else:
            self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the card's surface."""
        surface = QColor(self._look.card)
        if self._round:
            surface.setAlphaF(self._look.alpha)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._look.border), 1.0))
            painter.setBrush(surface)
            radius = METRICS.radius if self._round else 0.0
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

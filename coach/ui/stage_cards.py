"""The card of a take on the stage, large, with the take's name where there are two.

Owns when the card is made anew: for another size or another nudge. Refuses to know when a nudge stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from coach.report.nudged import reason_of, text_of
from coach.ui.bridge import content_of
from coach.ui.card import Card
from coach.ui.stage_words import fonted
from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from coach.nudges.commands import Nudge
    from coach.ui.theme import Palette

_UNITS: dict[bool, float] = {False: 10.8, True: 14.0}
"""Hundredths of the height at which the card has scale 2.5 (1080 lines); smaller beside another."""
_PROJECTOR = 2.5
_NAME = 3.4


class CardSlot(QWidget):
    """Room for one card; a faint line says that the coach is quiet while there is none.

    Args:
        look: the colours.
        name: of the take, shown where another stands beside it.
        larger: how much larger the card is; one that stands alone stands in the middle.
    """

    waved = Signal()
    why = Signal()

    def __init__(
        self, look: Palette, name: str, parent: QWidget | None = None, *, larger: float = 1.0
    ) -> None:
        super().__init__(parent)
        self._look, self._name, self._larger = look, name, larger
        self._unit, self._beside = 10.0, False
        self._heard = False
        self._nudge: Nudge | None = None
        self.card: Card | None = None
        self.setAccessibleName(say("stage.card"))

    @property
    def nudge(self) -> Nudge | None:
        """The nudge that is shown."""
        return self._nudge

    @property
    def scale(self) -> float:
        """The card's scale: 2.5 on a screen of 1080 lines."""
        return self._larger * _PROJECTOR * self._unit / _UNITS[self._beside]

    def set_unit(self, unit: float, *, beside: bool) -> None:
        """Take the hundredth of the window's height, in pixels, and whether another slot stands beside."""
        self._unit, self._beside = unit, beside
        self.setFixedHeight(round(self._top() + 70 * self.scale))
        self._make()

    def show_nudge(self, nudge: Nudge | None) -> None:
        """Show a nudge, or none."""
        if nudge == self._nudge:
            return
        self._nudge = nudge
        self.setAccessibleDescription("" if nudge is None else f"{text_of(nudge)}. {reason_of(nudge)}")
        self._make()

    def show_heard(self, *, heard: bool) -> None:
        """Say beside the name whether this take is the one that is heard."""
        if heard != self._heard:
            self._heard = heard
            self.update()

    def _top(self) -> float:
        return _NAME * self._unit if self._beside else 0.0

    def _make(self) -> None:
        if self.card is not None:
            self.card.hide()
            self.card.deleteLater()
            self.card = None
        if self._nudge is not None:
            self.card = Card(self._look, self.scale, show_reason=True, parent=self)
            self.card.round = True
            self.card.dismiss_clicked.connect(self.waved)
            self.card.why_clicked.connect(self.why)
            self.card.show_content(content_of(self._nudge))
            self._place()
            self.card.show()
        self.update()

    def _place(self) -> None:
        if self.card is not None:
            size = self.card.fit(self.width())
            self.card.setGeometry(self._left(size.width()), round(self._top()), size.width(), size.height())

    def _left(self, wide: int) -> int:
        if self._larger > 1:
            return (self.width() - wide) // 2
        return 1 if self._beside else self.width() - wide - 1

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the card in its corner."""
        self._place()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint the take's name, and where the card would be."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            u = self._unit
            if self._beside:
                painter.setFont(fonted(self, 2.4 * u, bold=True))
                painter.setPen(self._look.title if self._heard else self._look.reason)
                name = f"{self._name} · {say('stage.heard')}" if self._heard else self._name
                painter.drawText(0, 0, self.width(), round(3 * u), Qt.AlignmentFlag.AlignVCenter, name)
            if self._nudge is None:
                pen = QPen(self._look.border)
                pen.setWidthF(max(1.0, 0.15 * u))
                pen.setStyle(Qt.PenStyle.DashLine)
                painter.setPen(pen)
                wide = min(self.width() - 2, round(320 * self.scale))
                box = (self._left(wide), round(self._top()) + 1, wide, round(64 * self.scale))
                painter.drawRoundedRect(*box, 1.2 * u, 1.2 * u)
                painter.setFont(fonted(self, 2.2 * u))
                painter.setPen(self._look.quiet)
                painter.drawText(*box, Qt.AlignmentFlag.AlignCenter, say("stage.live.quiet"))

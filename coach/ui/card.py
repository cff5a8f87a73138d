"""The card's face: a plain value in, paint out.

Owns the layout and the paint of icon, title, reason, the four quiet buttons and the unfolding "why".
Refuses to know when it is shown, where, and what a click leads to. At rest only the icon, the words and a
quiet cross are seen; the other three buttons take the reason's place while the pointer is on the card, so
nothing changes its size.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QLabel, QWidget

from coach.ui import icons
from coach.ui.mirror import mirrored, mirrored_f
from coach.ui.quiet import Cross, Words
from coach.ui.theme import METRICS, Palette, icon_name
from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_HAIR = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CardContent:
    """What a card says. ``why`` holds the lines that unfold: the rule, the numbers, the source.

    ``offer`` is a question to ask, in the reason's place.
    """

    rule: str
    title: str
    reason: str = ""
    why: tuple[str, ...] = ()
    offer: str = ""


class Card(QWidget):
    """The face of the card, for one look and one scale."""

    dismiss_clicked = Signal()
    not_now_clicked = Signal()
    unhelpful_clicked = Signal()
    why_clicked = Signal()
    painted = Signal()
    """The first paint of a new content has gone to the window."""
    broke = Signal()
    """A paint failed; told once, and this card is not painted again."""

    def __init__(
        self, look: Palette, scale: float, *, show_reason: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self._scale, self._show_reason = look, scale, show_reason
        self._content = CardContent("", "")
        self._fresh = False
        self._head = QRect()
        self._after_paint = QTimer(self, singleShot=True, interval=0)
        self._after_paint.timeout.connect(self.painted)
        self._broken = False
        self.round = True
        self.unfolded = False
        self.panel_above = False
        self._revealed = False
        self._title = self._label(look.title)
        self._reason = self._label(look.reason)
        self._panel = [self._label(colour) for colour in (look.title, look.reason, look.quiet)]
        action = self._font(METRICS.action_px)
        self._cross = Cross(say("card.dismiss"), look, self.px(METRICS.target), self)
        self._why = Words(say("card.why"), look, action, self.px(METRICS.target), self)
        self._not_now = Words(say("card.not_now"), look, action, self.px(METRICS.target), self)
        self._unhelpful = Words(say("card.unhelpful"), look, action, self.px(METRICS.target), self)
        self._row = (self._why, self._unhelpful, self._not_now)
        self._cross.clicked.connect(self.dismiss_clicked)
        self._not_now.clicked.connect(self.not_now_clicked)
        self._unhelpful.clicked.connect(self.unhelpful_clicked)
        self._why.clicked.connect(self.why_clicked)

    def px(self, length: float) -> int:
        """Return a length of the theme at this card's scale."""
        return METRICS.px(length, self._scale)

    def show_content(self, content: CardContent) -> None:
        """Take a new content, folded; one without a rule is a sentence about the listening itself."""
        self._content, self._fresh = content, True
        told = not content.rule
        self._title.setFont(
            self._font(METRICS.told_px) if told else self._font(METRICS.title_px, QFont.Weight.DemiBold)
        )
        self._reason.setFont(self._font(METRICS.reason_px))
        self._title.setText(content.title)
        self._reason.setText(content.offer or (content.reason if self._show_reason else ""))
        rule, numbers, *source = (*content.why, "", "")
        for label, line in zip(self._panel, (rule, numbers, "\n".join(filter(None, source))), strict=True):
            label.setFont(self._font(METRICS.why_px))
            label.setText(line)
        for button in self._row:
            button.setVisible(not told)
        self.unfolded = False
        self.reveal(revealed=False)
        self.update()

    def reveal(self, *, revealed: bool) -> None:
        """Let the buttons take the reason's place, or give it back; without a reason they stay, quietly."""
        self._revealed = revealed or self.unfolded
        told = not self._content.rule
        row_is_free = not self._reason.text()
        for button in self._row:
            button.reveal(revealed=not told and (self._revealed or row_is_free))
        self._cross.awake = self._revealed
        self._cross.update()
        self._reason.setVisible(told or not self._revealed)

    def unfold(self, *, unfolded: bool) -> None:
        """Open or close the lines that explain the nudge; `fit` must follow."""
        self.unfolded = unfolded and bool(self._content.why)
        self._why.setText(say("card.less") if self.unfolded else say("card.why"))
        self.reveal(revealed=self._revealed)

    def fit(self, most_width: int) -> QSize:
        """Lay everything out and return the size, in logical pixels; at most ``most_width`` wide."""
        width = max(self.px(METRICS.least_width), min(self._natural_width(), most_width))
        pad, text_x = self.px(METRICS.pad), self._text_x()
        title_width = width - text_x - self._beside_cross()
        row_width = width - text_x - pad
        title_height = self._title.heightForWidth(title_width)
        row_height = self._row_height(row_width)
        gap = self.px(2) if row_height else 0
        block = title_height + gap + row_height
        head_height = max(self.px(METRICS.least_height), block + 2 * pad)
        panel_height = self._panel_height(row_width) if self.unfolded else 0
        top = panel_height if self.panel_above else 0
        self._head = QRect(0, top, width, head_height)
        y = top + (head_height - block) // 2
        self._put(self._title, QRect(text_x, y, title_width, title_height))
        self._put(self._reason, QRect(text_x, y + title_height + gap, row_width, row_height))
        self._set_buttons(y, title_height + gap, row_height)
        self._set_panel(0 if self.panel_above else head_height, row_width)
        return QSize(width, head_height + panel_height)

    def _put(self, widget: QWidget, place: QRect) -> None:
        """Place a widget that was laid out from left to right."""
        across = QRect(0, place.y(), self._head.width(), place.height())
        widget.setGeometry(mirrored(place, across, self.layoutDirection()))

    def _set_buttons(self, text_y: int, row_offset: int, row_height: int) -> None:
        target, edge = self.px(METRICS.target), self.px(METRICS.edge)
        line = QFontMetrics(self._title.font()).height()
        cross_y = text_y + (line - target) // 2
        self._put(self._cross, QRect(self._head.width() - edge - target, cross_y, target, target))
        x = self._text_x() - self._why.inset
        y = text_y + row_offset + (row_height - target) // 2
        for button in self._row:
            self._put(button, QRect(x, y, button.sizeHint().width(), target))
            x += button.width() + self.px(4)

    def _set_panel(self, y: int, width: int) -> None:
        y += self.px(METRICS.pad)
        for label in self._panel:
            shown = self.unfolded and bool(label.text())
            label.setVisible(shown)
            if shown:
                self._put(label, QRect(self._text_x(), y, width, label.heightForWidth(width)))
                y += label.height() + self.px(METRICS.why_gap)

    def _panel_height(self, width: int) -> int:
        heights = [label.heightForWidth(width) for label in self._panel if label.text()]
        return sum(heights) + self.px(METRICS.why_gap) * (len(heights) - 1) + 2 * self.px(METRICS.pad)

    def _row_height(self, width: int) -> int:
        if not self._content.rule:
            return 0
        if self._reason.text():
            return self._reason.heightForWidth(width)
        return QFontMetrics(self._font(METRICS.reason_px)).height()

    def _natural_width(self) -> int:
        title = QFontMetrics(self._title.font()).horizontalAdvance(self._title.text()) + self._beside_cross()
        reason = QFontMetrics(self._reason.font()).horizontalAdvance(self._reason.text()) + self.px(
            METRICS.pad
        )
        wished = self._text_x() + max(title, reason, self._row_width()) + 1
        return min(self.px(METRICS.most_width), max(self.px(METRICS.usual_width), wished))

    def _row_width(self) -> int:
        """Return the width of the buttons side by side, with the longer of the two words of the first."""
        more, less = (
            QFontMetrics(self._why.font()).horizontalAdvance(say(k)) for k in ("card.why", "card.less")
        )
        widths = [b.sizeHint().width() for b in self._row]
        return sum(widths) + abs(more - less) + len(widths) * self.px(4) + self.px(METRICS.pad)

    def _text_x(self) -> int:
        return 2 * self.px(METRICS.pad) + self.px(METRICS.tile)

    def _beside_cross(self) -> int:
        return 2 * self.px(METRICS.edge) + self.px(METRICS.target)

    def _font(self, px: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self.px(px))
        font.setWeight(weight)
        return font

    def _label(self, colour: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        palette = label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        label.setPalette(palette)
        return label

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint the surface, its hairline border and the icon on its tile."""
        if self._broken:
            return
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_surface(painter)
            self._paint_icon(painter)
        except Exception:  # noqa: BLE001 - the call comes first: a card may be lost, the program may not
            _log.exception("a card could not be painted")
            self._broken = True
            # Not from within a paint: whoever hears of it makes another card.
            QTimer.singleShot(0, self, self.broke.emit)
        finally:
            painter.end()  # a painter that is left open takes the window with it
        if self._fresh and not self._broken:
            self._fresh = False
            self._after_paint.start()

    def _paint_surface(self, painter: QPainter) -> None:
        surface, border = QColor(self._look.card), QColor(self._look.border)
        if self.round:
            surface.setAlphaF(self._look.alpha)
        pen = QPen(border, _HAIR)
        painter.setPen(pen)
        painter.setBrush(surface)
        inside = QRectF(self.rect()).adjusted(_HAIR / 2, _HAIR / 2, -_HAIR / 2, -_HAIR / 2)
        radius = METRICS.radius * self._scale if self.round else 0.0
        painter.drawRoundedRect(inside, radius, radius)
        if self.unfolded:
            y = (self._head.top() if self.panel_above else self._head.bottom()) + _HAIR / 2
            painter.drawLine(
                QRectF(0, y, self.width(), 0).topLeft(), QRectF(0, y, self.width(), 0).topRight()
            )

    def _paint_icon(self, painter: QPainter) -> None:
        rule = self._content.rule
        tile, icon = self.px(METRICS.tile), self.px(METRICS.icon)
        box = QRectF(self.px(METRICS.pad), self._head.y() + (self._head.height() - tile) / 2, tile, tile)
        box = mirrored_f(box, QRectF(self._head), self.layoutDirection())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.tile(rule)))
        radius = METRICS.tile_radius * self._scale
        painter.drawRoundedRect(box, radius, radius)
        inner = QRectF(0, 0, icon, icon)
        inner.moveCenter(box.center())
        icons.paint(painter, icon_name(rule), self._look.accent(rule), inner)

"""The ring: a quiet mark of talk share and of how long ago the last question was, where the card would stand.

Owns its paint and how seldom it changes: by visible steps only, never sooner than five seconds after the last. Refuses
to know how the figures are measured and when there is a call. No digits, no colour that judges, no clicks: it lets them
through, and the card, when one comes, covers it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPen, QRegion

from coach.call.ambient import EVERY_MS, Ambient
from coach.ui.compositing import blends
from coach.ui.edge import EdgeWindow
from coach.ui.shapes import shape_path
from coach.ui.theme import LOOKS, METRICS
from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from coach.settings import OverlaySettings
    from coach.ui.standing import Standing

_log = logging.getLogger(__name__)

SHARE_STEPS: Final = 24
"""The arc grows by 15 degrees: less is not seen at this size."""
FADE_STEPS: Final = 6
FADED_MS: Final = 180_000
"""The bubble is empty after so much talk without a question (``limits.question_gap_s``, its default)."""
_TURN = 16 * 360
_TOP = 16 * 90


class Ring(EdgeWindow):
    """An arc for the rolling talk share, around a bubble that empties since the last question."""

    def __init__(self, settings: OverlaySettings, standing: Standing) -> None:
        super().__init__(standing)
        self._settings = settings
        self._in_call = False
        self._blends = True
        self._drawn: tuple[int | None, int | None] = (None, None)
        self._waiting: Ambient | None = None
        self._since = QElapsedTimer()
        # A coarse timer may be a twentieth early.
        self._later = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._later.timeout.connect(self._take_waiting)
        self.setWindowTitle(say("ring.about"))
        self.setAccessibleName(say("ring.about"))
        self.use(settings)

    @property
    def drawn(self) -> tuple[int | None, int | None]:
        """What is drawn: steps of the arc, and of the bubble's fill; None where nothing is known."""
        return self._drawn

    def use(self, settings: OverlaySettings) -> None:
        """Take other settings, at once."""
        self._settings = settings
        side = METRICS.px(METRICS.ring, settings.scale)
        self.stand_at(QSize(side, side))
        self._show_or_hide()
        self.update()

    def in_call(self, *, listening: bool) -> None:
        """Appear while somebody listens, if the settings want it; a new call begins with nothing known."""
        if listening is not self._in_call:
            self._in_call = listening
            self._later.stop()
            self._since.invalidate()
            self._drawn, self._waiting = (None, None), None
            self._show_or_hide()

    def take(self, ambient: Ambient) -> None:
        """Show these figures, now or when five seconds have passed since the last change."""
        if steps_of(ambient) == self._drawn:
            self._waiting = None
            return
        self._waiting = ambient
        left = EVERY_MS - self._since.elapsed() if self._since.isValid() else 0
        if left > 0:
            if not self._later.isActive():
                self._later.start(left)
        else:
            self._take_waiting()

    @Slot()
    def _take_waiting(self) -> None:
        if self._waiting is not None:
            self._drawn, self._waiting = steps_of(self._waiting), None
            self._since.start()
            self.update()

    def _show_or_hide(self) -> None:
        wanted = self._in_call and self._settings.ring
        if wanted and not self.isVisible():
            self.let_through(through=True)
            self._blends = blends()
            # Without blending the corners of the window would come out black.
            round_only = QRegion(self.rect(), QRegion.RegionType.Ellipse)
            self.setMask(QRegion() if self._blends else round_only)
            self.stand_again()
        self.setVisible(wanted)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and shape
        """Paint the ring; one that cannot be painted is not shown for the rest of the call."""
        painter = QPainter(self)
        try:
            self._paint(painter)
        except Exception:  # noqa: BLE001 - the call comes first: the ring may be lost, the program may not
            _log.exception("the ring could not be painted")
            QTimer.singleShot(0, self, self.hide)
        finally:
            painter.end()  # a painter that is left open takes the window with it

    def _paint(self, painter: QPainter) -> None:
        """Paint the disc, the track, the arc and the bubble."""
        look, scale = LOOKS[self._settings.look], self._settings.scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        disc, border = QColor(look.card), QColor(look.border)
        if self._blends:
            disc.setAlphaF(look.alpha)
        painter.setPen(QPen(border, 1.0))
        painter.setBrush(disc)
        painter.drawEllipse(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        width = METRICS.ring_line * scale
        inset = width / 2 + METRICS.ring_air * scale
        round_ = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(border, width))
        painter.drawEllipse(round_)
        share, fresh = self._drawn
        if share:
            pen = QPen(QColor(look.rep), width)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawArc(round_, _TOP, -_TURN * share // SHARE_STEPS)
        if fresh is not None:
            self._paint_bubble(painter, fresh, QRectF(self.rect()).center(), QColor(look.title))

    def _paint_bubble(self, painter: QPainter, fresh: int, centre: QPointF, ink: QColor) -> None:
        scale = self._settings.scale
        painter.translate(centre + QPointF(0, METRICS.ring_bubble * scale / 12))
        painter.setPen(QPen(ink, 1.25 * scale))
        fill = QColor(ink)
        fill.setAlphaF(fresh / FADE_STEPS)
        painter.setBrush(fill)
        painter.drawPath(shape_path("bubble", METRICS.ring_bubble * scale))


def steps_of(ambient: Ambient) -> tuple[int | None, int | None]:
    """Return what is drawn of these figures: steps of the arc, and of the bubble's fill."""
    share, gap = ambient.share, ambient.question_gap_ms
    fresh = None if gap is None else round(FADE_STEPS * (1 - min(1.0, gap / FADED_MS)))
    return None if share is None else round(SHARE_STEPS * share), fresh

"""The card at the edge of the screen: one at a time, fading in, fading out.

Owns what is shown now, the fade, and holding the card while somebody looks into it. Refuses to know when a
nudge is due and how long it stays: it is told to show and to hide. Only what nobody else counts has a time
here: a sentence about the listening, and the last nudge asked for again.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEasingCurve, QEvent, QPoint, QPropertyAnimation, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCursor, QGuiApplication

from coach.live.restarts import Restarts
from coach.ui.announce import announce
from coach.ui.card import Card, CardContent
from coach.ui.compositing import blends, motion_reduced
from coach.ui.edge import EdgeWindow
from coach.ui.place import CENTRE
from coach.ui.standing import Standing
from coach.ui.theme import FADE_MS, LOOKS
from coach.ui.wording import say

if TYPE_CHECKING:
    from coach.settings import OverlaySettings

READING_MS: Final = 15_000
"""An unfolded card whose time is over waits this long for a reader whose pointer is elsewhere."""
LEAVING_MS: Final = 350
"""The pointer may slip off the card for this long."""
AGAIN_MS: Final = 8_000
"""How long the last nudge stays when it is asked for again."""
TOLD_MS: Final = 5_000
TOLD_LETTER_MS: Final = 60
"""A sentence about the listening stays for this, and so much more for each letter."""

_FADING_PLATFORMS: Final = frozenset({"xcb", "windows", "cocoa"})
_NOTHING: Final = CardContent("", "")


class Overlay(EdgeWindow):
    """One card at a time; a plain value in, paint out, clicks as signals."""

    dismissed = Signal(str)
    unhelpful = Signal(str)
    not_now = Signal()
    why_opened = Signal(str)
    shown = Signal(object)
    """A nudge is shown, as `CardContent`; not when it is shown once more."""
    painted = Signal(str)
    """The nudge of this rule can be seen: its first paint is out and it is not wholly transparent."""

    def __init__(self, settings: OverlaySettings, standing: Standing | None = None) -> None:
        super().__init__(standing or Standing(settings.corner))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setWindowTitle(say("card.about"))
        self._settings = settings
        self._card = self._made_card()
        self._content: CardContent = _NOTHING
        self._last: CardContent | None = None
        self._told: deque[str] = deque()
        self._live = False
        self._paint_out = False
        self._unreported = False
        self._restarts, self._clock = Restarts(), time.monotonic
        self._hiding = False
        self._hide_pending = False
        self._hovered = False
        self._blends = True
        self._pointer_at_show = QPoint()
        self._own_time = self._timer(self._hide_when_left)
        self._reading = self._timer(self._leave_unless_hovered)
        self._leaving = self._timer(self._leave_unless_hovered)
        self._fade = QPropertyAnimation(self, b"windowOpacity", self)
        self._fade.setDuration(FADE_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._fade.valueChanged.connect(self._report_painted)
        self._fade.finished.connect(self._fade_over)

    def use(self, settings: OverlaySettings) -> None:
        """Take other settings, at once; a card that is shown goes on, in its new look and size."""
        before, self._settings = self._settings, settings
        self.standing.use(settings.corner)
        if settings.click_through is not before.click_through:
            self._let_clicks_through()
        if (settings.look, settings.scale, settings.show_reason) != (
            before.look,
            before.scale,
            before.show_reason,
        ):
            self._replace_card()

    def speak(self) -> None:
        """Say everything again, in the language of now."""
        self.setWindowTitle(say("card.about"))
        self._replace_card()

    def _replace_card(self) -> None:
        old, self._card = self._card, self._made_card()
        old.hide()
        old.deleteLater()
        if self.isVisible():
            self._dress()
            self._card.show()

    @Slot()
    def renew(self) -> None:
        """Make window and card anew after a fault; what is shown, if anything, is shown again."""
        content, live = self._content, self._live
        self._fade.stop()
        self.hide()
        if (window := self.windowHandle()) is not None:
            window.destroy()  # the system's window; showing makes another
        self._replace_card()
        if content != _NOTHING and not self._hiding:
            time_left = self._own_time.remainingTime()
            self._appear(content, live=live)
            if time_left > 0:
                self._own_time.start(time_left)
        elif self._hiding:
            self._fade_over()

    @Slot()
    def _renew_or_rest(self) -> None:
        """After a paint that failed: a new window, soon; none for a card that fails again and again."""
        now_s = self._clock()
        self.hide()
        rest_s = self._restarts.died(now_s)
        if rest_s is None:
            self._leave()
        else:
            self._restarts.begun(now_s)
            QTimer.singleShot(round(1000 * rest_s), self, self.renew)

    def _made_card(self) -> Card:
        s = self._settings
        card = Card(LOOKS[s.look], s.scale, show_reason=s.show_reason, parent=self)
        card.painted.connect(self._note_paint)
        card.broke.connect(self._renew_or_rest)
        card.dismiss_clicked.connect(self._dismiss)
        card.not_now_clicked.connect(self._ask_for_quiet)
        card.unhelpful_clicked.connect(self._say_unhelpful)
        card.why_clicked.connect(self._toggle_why)
        return card

    def _let_clicks_through(self) -> None:
        through = self._settings.click_through
        self.let_through(through=through)
        if through:
            self._set_hovered(False)  # nobody says any more when the pointer leaves

    @property
    def rule(self) -> str:
        """The rule of the nudge that is shown; empty when none is."""
        return "" if self._hiding else self._content.rule

    @property
    def last(self) -> CardContent | None:
        """The last nudge that was shown."""
        return self._last

    def show_card(self, content: CardContent) -> None:
        """Show a nudge now, instead of whatever is shown."""
        self._last = content
        self._appear(content, live=True)
        self.shown.emit(content)

    def show_last(self) -> None:
        """Show the last nudge once more, for a while of its own; waving it away then tells nobody."""
        if self._last is not None and not self.rule:
            self._appear(self._last, live=False)
            self._own_time.start(AGAIN_MS)

    def hide_card(self, why: str) -> None:  # noqa: ARG002 - every reason looks the same; the log keeps it
        """Take the nudge away; while somebody looks into it, as soon as they have looked away."""
        if self.rule:
            self._hide_when_left()

    def tell(self, text: str) -> None:
        """Tell one plain sentence about the listening itself, after any card that is shown."""
        self._told.append(text)
        if not self.isVisible():
            self._tell_next()

    def _appear(self, content: CardContent, *, live: bool) -> None:
        for timer in (self._own_time, self._reading, self._leaving):
            timer.stop()
        self._content, self._live = content, live
        self._paint_out, self._unreported = False, live
        self._hiding = self._hide_pending = False
        self.setAccessibleName(f"{say('card.about')}: {content.title}")
        self.setAccessibleDescription(content.offer or content.reason)
        self._blends = blends()
        if not self.isVisible():
            # A pointer that rests where the card appears looks at the meeting, not at the card.
            self._hovered, self._pointer_at_show = False, QCursor.pos()
            if self._fades():
                self.setWindowOpacity(0.0)
            if self._settings.click_through:
                self._let_clicks_through()
        self._dress()
        self.show()
        self.raise_()
        self._fade_to(1.0)
        announce(self, ". ".join(filter(None, (content.title, content.offer or content.reason))))

    def _dress(self) -> None:
        self._card.round = self._blends
        self._card.show_content(self._content)
        self._card.reveal(revealed=self._hovered)
        self._settle()

    def _tell_next(self) -> None:
        if self._told:
            text = self._told.popleft()
            self._appear(CardContent("", text), live=False)
            self._own_time.start(TOLD_MS + TOLD_LETTER_MS * len(text))

    def _settle(self) -> None:
        self._card.panel_above = self.standing.spot.down > CENTRE
        size = self._card.fit(self.most_width())
        self._card.resize(size)
        self.stand_at(size)

    # Holding: a card that somebody looks into stays.

    def _set_hovered(self, hovered: bool) -> None:  # noqa: FBT001 - one fact, both ways
        self._hovered = hovered
        self._card.reveal(revealed=hovered)
        if not hovered and self._hide_pending:
            self._leaving.start(LEAVING_MS)

    @Slot()
    def _hide_when_left(self) -> None:
        if not self._hovered and not self._card.unfolded:
            self._leave()
            return
        self._hide_pending = True
        if not self._hovered:
            self._reading.start(READING_MS)

    @Slot()
    def _leave_unless_hovered(self) -> None:
        if self._hide_pending and not self._hovered:
            self._leave()

    def _leave(self) -> None:
        self._hiding, self._hide_pending, self._unreported = True, False, False
        self._own_time.stop()
        self._fade_to(0.0)

    # Fading: opacity only, and none where the desktop cannot blend or motion is unwanted.

    def _fades(self) -> bool:
        return (
            self._settings.motion == "system"
            and QGuiApplication.platformName() in _FADING_PLATFORMS
            and self._blends
            and not motion_reduced()
        )

    def _fade_to(self, opacity: float) -> None:
        self._fade.stop()
        if self._fades():
            self._fade.setStartValue(self.windowOpacity())
            self._fade.setEndValue(opacity)
            self._fade.start()
        else:
            if self.windowOpacity() < 1.0:
                self.setWindowOpacity(1.0)
            self._fade_over()

    @Slot()
    def _fade_over(self) -> None:
        if self._hiding:
            self._content, self._hiding = _NOTHING, False
            self.hide()
            self._tell_next()

    @Slot()
    def _note_paint(self) -> None:
        self._paint_out = True
        self._report_painted()

    @Slot()
    def _report_painted(self) -> None:
        if self._unreported and self._paint_out and self.windowOpacity() > 0:
            self._unreported = False
            self.painted.emit(self._content.rule)

    # Clicks.

    @Slot()
    def _dismiss(self) -> None:
        rule, live = self.rule, self._live
        self._leave()
        if rule and live:
            self.dismissed.emit(rule)

    @Slot()
    def _say_unhelpful(self) -> None:
        rule, live = self.rule, self._live
        self._leave()
        if rule and live:
            self.unhelpful.emit(rule)

    @Slot()
    def _ask_for_quiet(self) -> None:
        self._leave()
        self.not_now.emit()

    @Slot()
    def _toggle_why(self) -> None:
        self._card.unfold(unfolded=not self._card.unfolded)
        self._settle()
        if self._card.unfolded:
            self.why_opened.emit(self._content.rule)

    def event(self, event: QEvent) -> bool:
        """Notice a pointer that comes to the card, and one that goes."""
        kind = event.type()
        if kind is QEvent.Type.HoverLeave and not self.dragging:
            self._set_hovered(False)
        elif kind in {QEvent.Type.HoverEnter, QEvent.Type.HoverMove, QEvent.Type.MouseButtonPress}:
            moved = kind is QEvent.Type.MouseButtonPress or QCursor.pos() != self._pointer_at_show
            if moved and not self._hovered:
                self._set_hovered(True)
        return super().event(event)

    def _timer(self, then: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(then)
        return timer

"""The try-out put together: the line on one side, the page and the card on the other.

A composition root of Qt beneath the sound check. Owns the thread a try-out runs on, one at a time, and its news on
their way to the windows. A call goes first: while one runs there is no try-out, and one that is under way ends.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from coach import app
from coach.audio.levels import Level as Heard
from coach.language import phrase
from coach.nudges.commands import HideNudge, ShowNudge
from coach.tryout import LIMIT_S, Ended, News, Talked, Tryout
from coach.ui.bridge import content_of
from coach.ui.overlay import Overlay
from coach.ui.sound_values import Level
from coach.ui.tryout import Trying

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.settings import Settings
    from coach.tryout import Devices

PATIENCE_S: Final = 5.0


class TryoutDesk(QObject):
    """Run try-outs: the `TryControls` of the pages.

    Args:
        settings: gives every knob as it is by now.
        overlay: where the card comes up; None for one of its own.
        make_way: lets go of the devices that are heard meanwhile, and calls what it is given then, on any thread.
        devices: gives the microphone, as for a call.
    """

    went = Signal(object)
    """A try-out does something else now; carries `Trying`."""
    level = Signal(object)
    """How loud the microphone is; carries `Level`."""
    over = Signal()
    """The microphone is let go."""
    _told = Signal(object, object)

    def __init__(
        self,
        settings: Callable[[], Settings],
        overlay: Overlay | None,
        make_way: Callable[[Callable[[], None]], object],
        devices: Devices = app.devices,
    ) -> None:
        super().__init__()
        self._settings, self._make_way, self._devices = settings, make_way, devices
        self._overlay, self._listens = overlay, False
        self._now: Tryout | None = None
        self._last: Tryout | None = None
        self._busy = False
        self._choosing = threading.Lock()
        self.trying = Trying()
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def limits_s(self) -> tuple[float, float]:
        """After how many seconds the card comes here, and in a call; 0 where never."""
        settings = self._settings()
        return LIMIT_S, settings.limits_for(
            settings.call.type
        ).monologue_s if settings.rules.monologue else 0.0

    @property
    def running(self) -> bool:
        """Whether the microphone is the try-out's."""
        return (last := self._last) is not None and not last.closed.is_set()

    def begin(self) -> None:
        """Listen to the microphone, until it is over by itself."""
        with self._choosing:
            if self._busy or self._now is not None:
                return
            before = self._last
            tried = Tryout(self._settings(), self._devices, lambda news: self._told.emit(tried, news))
            self._now = self._last = tried
        self._say(Trying("opening"))

        def work() -> None:
            if before is not None:
                before.closed.wait(PATIENCE_S)
            tried.run()

        self._make_way(threading.Thread(target=work, name="coach-tryout", daemon=True).start)

    def end(self) -> None:
        """Listen no more; from any thread."""
        tried = self._leave()
        if tried is not None:
            tried.end()
            self._say(Trying())

    def show_again(self) -> None:
        """Show the card once more."""
        self._card().show_last()

    def hold(self, *, held: bool) -> None:
        """Leave the microphone to a call, once it is let go, or be there again; from any thread."""
        with self._choosing:
            self._busy = held
        tried = self._leave()
        if tried is not None:
            tried.end()
            tried.closed.wait(PATIENCE_S)  # a device that does not let go must not keep a call from beginning
        self._say(Trying("busy" if held else "ready"))

    def let_go(self) -> threading.Event | None:
        """Let the microphone go at once; return what says that it is, None where it was not heard."""
        tried = self._leave()
        if tried is None:
            return None
        tried.let_go()
        self._say(Trying())
        return tried.closed

    def close(self) -> None:
        """End what runs, and wait for it."""
        self.end()
        if self.running and self._last is not None:
            self._last.closed.wait(PATIENCE_S)

    def _leave(self) -> Tryout | None:
        with self._choosing:
            tried, self._now = self._now, None
        return tried

    def _say(self, trying: Trying) -> None:
        self.trying = trying
        self.went.emit(trying)

    def _card(self) -> Overlay:
        """Return the card, that from now on tells the try-out of what is pressed on it."""
        if self._overlay is None:
            self._overlay = Overlay(self._settings().overlay)
        if not self._listens:
            self._listens = True
            self._overlay.dismissed.connect(lambda rule: self._answer("dismiss", rule))
            self._overlay.unhelpful.connect(lambda rule: self._answer("unhelpful", rule))
            self._overlay.not_now.connect(lambda: self._answer("not_now"))
        return self._overlay

    def _answer(self, how: str, *rule: str) -> None:
        if (tried := self._now) is not None:
            getattr(tried, how)(*rule)

    @Slot(object, object)
    def _take(self, tried: Tryout, news: News) -> None:
        """Take news on the window's thread: of one that was left only that its card goes, and that it is over."""
        ours = tried is self._now
        match news:
            case ShowNudge(nudge=nudge) if ours:
                self._card().show_card(content_of(nudge))
                self._say(Trying("shown", 1.0))
            case HideNudge(rule=rule, why=why):
                if self._overlay is not None and self._overlay.rule == rule:
                    self._overlay.hide_card(why)
            case Talked(run_ms=run_ms) if ours and self.trying.state != "shown":
                self._say(Trying("listening", min(1.0, run_ms / 1000 / LIMIT_S)))
            case Heard() if ours:
                self.level.emit(Level(news.peak_db, news.held_db, news.state))
                if self.trying.state == "opening":
                    self._say(Trying("listening"))
            case Ended():
                if ours:
                    self._leave()
                    self._say(_ended(news))
                self.over.emit()
            case _:
                pass


def _ended(end: Ended) -> Trying:
    states = {"shown": "over", "ended": "ready"}
    return Trying(
        states.get(end.how, end.how),
        0.0,
        round(end.voice_ms / 1000),
        phrase(end.sentence) if end.sentence else "",
    )

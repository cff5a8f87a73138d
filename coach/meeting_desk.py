"""Notice that a call seems to begin, and ask once whether to listen; never listen by itself.

Owns the switch, the watch of `coach.audio.callprograms` while it is on, and what becomes of the three answers. Refuses
to start anything: *Yes* is the rep's own press of Start. While it is off, which is how it comes, nothing is watched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from coach.ui.suggestion import Suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.audio.callprograms import CallWatch, Recorders
    from coach.settings import Settings
    from coach.ui.standing import Standing


class MeetingDesk(QObject):
    """Ask about calls while the setting is on.

    Args:
        settings: every knob.
        standing: where the question stands: where the card does.
        idle: says whether Coach listens to nothing now.
        make: makes the port to this system's sound; None for its own.
    """

    listen = Signal()
    """The rep wants this call heard."""
    never = Signal()
    """The rep wants to be asked no more."""
    _began = Signal(str)

    def __init__(
        self,
        settings: Settings,
        standing: Standing,
        idle: Callable[[], bool],
        make: Callable[[], Recorders] | None = None,
    ) -> None:
        super().__init__()
        self._settings, self._standing, self._idle, self._make = settings, standing, idle, make
        self._watch: CallWatch | None = None
        self.question: Suggestion | None = None
        self._began.connect(self._ask, Qt.ConnectionType.QueuedConnection)
        self.use(settings)

    def use(self, settings: Settings) -> None:
        """Go on with other settings: watch, or watch no more."""
        self._settings = settings
        if settings.system.suggest_calls and self._watch is None:
            self._begin()
        elif not settings.system.suggest_calls:
            self.close()

    def close(self) -> None:
        """Watch no more, and take the question away."""
        if (watch := self._watch) is not None:
            self._watch = None
            watch.stop()
        self.put_away()

    def put_away(self) -> None:
        """Take the question away: it was answered otherwise."""
        if self.question is not None:
            self.question.hide()

    def _begin(self) -> None:
        from coach.audio.callprograms import CallWatch, here  # noqa: PLC0415 - only once it is wanted

        if (make := self._make or here()) is not None:
            self._watch = CallWatch(make, self._began.emit)

    @Slot(str)
    def _ask(self, program: str) -> None:
        if self._watch is None or not self._idle():
            return
        self.question = Suggestion(self._settings.overlay, self._standing)
        self.question.wanted.connect(self.listen)
        self.question.unwanted.connect(self.never)
        self.question.ask(program)

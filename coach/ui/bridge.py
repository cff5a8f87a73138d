"""The thin line between the engine's world and the windows: commands become paint, clicks become calls.

Owns the crossing from any thread to the window's own. Refuses to decide anything: what to show was decided
before, what a click means is decided behind `CallControls`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, Qt, Signal, Slot

from coach.nudges.commands import Command, HideNudge, Nudge, ShowNudge, TellOnce, ToldIsOver, WrongAgain
from coach.ui.card import CardContent
from coach.ui.controls import CallControls, Phase, State
from coach.ui.wording import explain

if TYPE_CHECKING:
    from coach.ui.overlay import Overlay
    from coach.ui.tray import Tray

__all__ = ["Bridge", "CallControls", "Phase", "State", "content_of"]


class Bridge(QObject):
    """Carry commands and states to the windows, and clicks to the controls."""

    _posted = Signal(object)

    def __init__(self, overlay: Overlay, tray: Tray, controls: CallControls) -> None:
        super().__init__()
        self._overlay, self._tray, self._controls = overlay, tray, controls
        self._posted.connect(self._take, Qt.ConnectionType.QueuedConnection)
        overlay.dismissed.connect(controls.dismiss)
        overlay.not_now.connect(controls.not_now)
        tray.start_asked.connect(controls.start)
        tray.pause_asked.connect(controls.pause)
        tray.resume_asked.connect(controls.resume)
        tray.stop_asked.connect(controls.stop)
        tray.quit_asked.connect(controls.quit)
        tray.last_asked.connect(overlay.show_last)

    def post(self, command: Command) -> None:
        """Hand over a command from any thread; returns at once."""
        self._posted.emit(command)

    def post_state(self, state: State) -> None:
        """Hand over the state of the listening from any thread; returns at once."""
        self._posted.emit(state)

    @Slot(str)
    def obey(self, verb: str) -> None:
        """Do what another start of the program asked for (`coach.ui.instance.VERBS`)."""
        match verb:
            case "raise":
                self._tray.come_forward()
            case "toggle":
                self._tray.toggle()
            case "pause":
                self._controls.pause()
            case "not-now":
                self._controls.not_now()
            case "quit":
                self._controls.quit()

    @Slot(object)
    def _take(self, posted: Command | State) -> None:
        match posted:
            case State():
                self._tray.show_state(posted)
            case ShowNudge(nudge=nudge, offer=offer):
                self._overlay.show_card(content_of(nudge, offer))
                self._tray.has_last()
            case HideNudge(rule=rule, why=why):
                if rule == self._overlay.rule:
                    self._overlay.hide_card(why)
            case TellOnce(text=text):
                self._overlay.tell(text)
            case ToldIsOver() | WrongAgain():
                pass  # the tray shows the state; nobody needs a second interruption
            case _:
                assert_never(posted)


def content_of(nudge: Nudge, offer: str = "") -> CardContent:
    """Return what the card shows of a nudge: a question offered stands where the reason would."""
    return CardContent(nudge.rule, nudge.text, nudge.reason, explain(nudge), offer)

"""The thin line between the engine's world and the windows: commands become paint, clicks become calls.

Owns the crossing from any thread to the window's own. Refuses to decide anything: what to show was decided
before, what a click means is decided behind `CallControls`.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, Qt, Signal, Slot

from coach.call.ambient import Ambient
from coach.call.events import BleedMeasured
from coach.language import phrase
from coach.live.restarts import Restarts
from coach.nudges.commands import Command, HideNudge, Nudge, ShowNudge, TellOnce, ToldIsOver, WrongAgain
from coach.report.nudged import reason_of, text_of
from coach.ui.card import CardContent
from coach.ui.controls import CallControls, Phase, State
from coach.ui.instance import Answer
from coach.ui.wording import call_type_name, explain, say

if TYPE_CHECKING:
    from coach.ui.overlay import Overlay
    from coach.ui.ring import Ring
    from coach.ui.tray import Tray

_log = logging.getLogger(__name__)

__all__ = ["Bridge", "CallControls", "Phase", "State", "content_of"]


class Bridge(QObject):
    """Carry commands and states to the windows, and clicks to the controls."""

    _posted = Signal(object)

    def __init__(
        self, overlay: Overlay, tray: Tray, controls: CallControls, ring: Ring | None = None
    ) -> None:
        super().__init__()
        self._overlay, self._tray, self._controls, self._ring = overlay, tray, controls, ring
        self._hushed = False
        self._restarts = Restarts()
        self._posted.connect(self._arrived, Qt.ConnectionType.QueuedConnection)
        overlay.dismissed.connect(controls.dismiss)
        overlay.unhelpful.connect(controls.unhelpful)
        overlay.not_now.connect(controls.not_now)
        tray.quiet_asked.connect(controls.not_now)
        tray.start_asked.connect(controls.start)
        tray.pause_asked.connect(controls.pause)
        tray.resume_asked.connect(controls.resume)
        tray.stop_asked.connect(controls.stop)
        tray.panic_asked.connect(controls.panic)
        tray.quit_asked.connect(controls.quit)
        tray.last_asked.connect(overlay.show_last)

    def post(self, command: Command) -> None:
        """Hand over a command from any thread; returns at once."""
        self._posted.emit(command)

    def post_state(self, state: State) -> None:
        """Hand over the state of the listening from any thread; returns at once."""
        self._posted.emit(state)

    def post_leak(self, measured: BleedMeasured) -> None:
        """Hand over how much the speakers leak, from any thread; returns at once."""
        self._posted.emit(measured)

    def post_ambient(self, ambient: Ambient) -> None:
        """Hand over what the ring shows, from any thread; returns at once."""
        self._posted.emit(ambient)

    @property
    def hushed(self) -> bool:
        """Whether nothing comes up, since everything was hidden."""
        return self._hushed

    def hush(self, *, hushed: bool) -> None:
        """Let nothing more come up on the screen, or again: what is on its way was meant for before."""
        self._hushed = hushed

    def obey(self, verb: str) -> Answer:  # noqa: PLR0911 - one answer a word
        """Do what another start of the program, or a key of the desktop, asked for (`coach.ui.instance.VERBS`).

        Answers with what is begun, not with how it ends: the windows wait for no device.
        """
        phase = self._tray.state.phase
        word, _, call_type = verb.partition(" ")
        match word:
            case "panic":
                return Answer(done=True, line=self._controls.panic())
            case "raise" | "sound" | "preferences" | "reread":
                return self._bring(word)
            case "quit":
                self._controls.quit()
                return Answer(done=True, line=say("asked.quit"))
            case "toggle" | "start" if phase is Phase.IDLE:
                return self._start(call_type or self._tray.call_type)
            case "start" if phase is Phase.LISTENING:
                return Answer(done=False, line=say("asked.already"))
            case "toggle" | "start" if phase is Phase.PAUSED:
                self._controls.resume()
                return Answer(done=True, line=say("asked.resume"))
            case "show":
                return self._show_again()
            case "hide":
                self._overlay.hide_card("asked")
                return Answer(done=True, line=say("asked.hide"))
            case "toggle" | "pause" | "stop" | "not-now" if phase is not Phase.IDLE:
                return self._quieter(word, phase)
        return Answer(done=False, line=say("asked.no_call"))

    def _bring(self, word: str) -> Answer:
        if word == "raise":
            self._tray.come_forward()
        elif word == "reread":
            self._controls.reread()
        elif word == "sound":
            self._tray.sound_asked.emit()
        else:
            self._tray.preferences_asked.emit()
        return Answer(done=True)

    def _start(self, call_type: str) -> Answer:
        self._controls.start(call_type)
        return Answer(done=True, line=say("asked.start", call_type=call_type_name(call_type)))

    def _show_again(self) -> Answer:
        if self._overlay.last is None:
            return Answer(done=False, line=say("asked.no_last"))
        self._overlay.show_last()
        return Answer(done=True, line=say("asked.show", title=self._overlay.last.title))

    def _quieter(self, word: str, phase: Phase) -> Answer:
        if word == "stop":
            self._controls.stop()
        elif word == "not-now":
            self._controls.not_now()
        elif phase is Phase.LISTENING:
            self._controls.pause()
        return Answer(done=True, line=say("asked.pause" if word in {"toggle", "pause"} else f"asked.{word}"))

    @Slot(object)
    def _arrived(self, posted: Command | State | BleedMeasured | Ambient) -> None:
        if not (self._hushed and isinstance(posted, ShowNudge | TellOnce)):
            self._take(posted)

    def _take(self, posted: Command | State | BleedMeasured | Ambient) -> None:
        try:
            self._show(posted)
        except Exception:  # noqa: BLE001 - the call comes first: a window may fail, the next command may not
            _log.exception("a window failed")
            self._mend()

    def _mend(self) -> None:
        """Make the card's window anew after a fault, but for one that fails again and again."""
        now_s = time.monotonic()
        if self._restarts.died(now_s) is None:
            return
        self._restarts.begun(now_s)
        try:
            self._overlay.renew()
        except Exception:  # noqa: BLE001 - the same
            _log.exception("the card's window could not be made anew")

    def _show(self, posted: Command | State | BleedMeasured | Ambient) -> None:
        match posted:
            case State():
                self._tray.show_state(posted)
                self._show_ring(posted)
            case Ambient():
                if self._ring is not None:
                    self._ring.take(posted)
            case BleedMeasured(leak=leak, gap_db=gap_db):
                self._tray.show_leak(leak, gap_db)
            case ShowNudge(nudge=nudge, offer=offer):
                self._overlay.show_card(content_of(nudge, offer))
                self._tray.has_last()
            case HideNudge(rule=rule, why=why):
                if rule == self._overlay.rule:
                    self._overlay.hide_card(why)
            case TellOnce(text=text):
                self._overlay.tell(phrase(text))
            case ToldIsOver() | WrongAgain():
                pass  # the tray shows the state; nobody needs a second interruption
            case _:
                assert_never(posted)

    def _show_ring(self, state: State) -> None:
        if self._ring is not None:
            self._ring.in_call(listening=state.phase is Phase.LISTENING and not self._hushed)
            if self._overlay.isVisible():
                self._overlay.raise_()  # the card covers the ring, never the other way round


def content_of(nudge: Nudge, offer: str = "") -> CardContent:
    """Return what the card shows of a nudge: a question offered stands where the reason would."""
    return CardContent(nudge.rule, text_of(nudge), reason_of(nudge), explain(nudge), offer)

"""The tray: what the listening does, and the few things one can ask of it.

Owns the actions, the menu, the icon, and the wait for a tray that comes late. Refuses to know what start,
pause and stop do. Coach is never invisible while it listens: where no tray comes, the same actions stand in
a small bar.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from textwrap import shorten
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QCursor, QGuiApplication
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from coach.settings import CALL_TYPES
from coach.ui.bar import ControlBar
from coach.ui.card_menu import KEY, CardMenu, speak_again
from coach.ui.controls import Phase, State
from coach.ui.icons import tray_icon
from coach.ui.wording import call_type_name, leak_line, say, within

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.call.events import Leak

_log = logging.getLogger(__name__)

PATIENCE_MS: Final = 30_000
"""A desktop that starts at login may need this long until its panel, and with it the tray, is there."""
LOOK_EVERY_MS: Final = 1_000
LOOK_AGAIN_MS: Final = 5_000
"""So soon, while Coach listens, it is seen that the desktop's panel has gone, or is back."""
MENU_LETTERS: Final = 64
"""A menu is as wide as its longest line; a longer problem is read whole in the tooltip and on the card."""


class Tray(QObject):
    """Icon, menu and, where there is no tray, the control bar."""

    start_asked = Signal(str)
    pause_asked = Signal()
    resume_asked = Signal()
    stop_asked = Signal()
    panic_asked = Signal()
    """Stop and hide everything, at once."""
    last_asked = Signal()
    look_asked = Signal()
    calls_asked = Signal()
    facts_asked = Signal()
    sound_asked = Signal()
    preferences_asked = Signal()
    consent_asked = Signal()
    prepare_asked = Signal()
    """The sheet for the next call is to be opened; in a call, what was prepared is to be shown or hidden."""
    practice_asked = Signal()
    dropped = Signal(list)
    """Files were dropped on the bar that stands in for the icon, as paths: the icon itself is given none."""
    today_asked = Signal()
    quiet_asked = Signal()
    rescue_asked = Signal()
    """A call that could not be kept is to be saved elsewhere."""
    quit_asked = Signal()

    def __init__(
        self,
        call_type: str = "discovery",
        *,
        available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
        patience_ms: int = PATIENCE_MS,
        again_ms: int = LOOK_AGAIN_MS,
    ) -> None:
        super().__init__()
        self._available, self._patience_ms = available, patience_ms
        self._state = State(call_type=call_type)
        self._leak_known = self._was_running = False
        self._leak_told: tuple[Leak, float | None] | None = None
        self.menu = QMenu()
        self._line = self._action("state.idle", None)
        self._line.setEnabled(False)
        self._leak = self._action("leak.none", None)
        self._leak.setEnabled(False)
        self.menu.addSeparator()
        self._start = self._action("tray.start", lambda: self.start_asked.emit(self.call_type))
        self._pause = self._action("tray.pause", self.pause_asked.emit)
        self._resume = self._action("tray.resume", self.resume_asked.emit)
        self._stop = self._action("tray.stop", self.stop_asked.emit)
        self._quiet = self._action("tray.quiet", self.quiet_asked.emit)
        self._types = self._type_menu()
        self._sound_too = self._action("tray.sound_too", None)
        self._sound_too.setCheckable(True)
        self._prepare = self._action("tray.prepare", self.prepare_asked.emit)
        self._add_windows()
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._clicked)
        self.bar: ControlBar | None = None
        self._waited_ms = 0
        self._look = QTimer(self)
        self._look.timeout.connect(self._look_for_tray)
        self._stays = QTimer(self)
        self._stays.setInterval(again_ms)
        self._stays.timeout.connect(self._look_again)
        self.show_state(self._state)

    def _add_windows(self) -> None:
        """Add what stands beneath the call: past calls, windows, the way out."""
        self.menu.addSeparator()
        self._last = self._action("tray.last", self.last_asked.emit)
        self._last.setEnabled(False)
        self._action("tray.today", self.today_asked.emit)
        self.card = CardMenu(self.menu)
        self.menu.addAction(self.card.ring)
        self.menu.addMenu(self.card)
        self.menu.addSeparator()
        self._look_back = self._action("tray.look", self.look_asked.emit)
        self._look_back.setEnabled(False)
        self._rescue = self._action("tray.rescue", self.rescue_asked.emit)
        self._rescue.setVisible(False)
        self._action("tray.calls", self.calls_asked.emit)
        self._action("tray.practice", self.practice_asked.emit)
        self._action("tray.facts", self.facts_asked.emit)
        self._action("tray.sound", self.sound_asked.emit)
        self._action("tray.consent", self.consent_asked.emit)
        self._action("tray.preferences", self.preferences_asked.emit)
        self.menu.addSeparator()
        self._panic = self._action("tray.panic", self.panic_asked.emit)
        self._quit = self._action("tray.quit", self.quit_asked.emit)

    @property
    def state(self) -> State:
        """The state that is shown."""
        return self._state

    @property
    def call_type(self) -> str:
        """The type that is chosen for the next call."""
        chosen = self._group.checkedAction()
        return str(chosen.data()) if chosen is not None else self._state.call_type

    @property
    def sound_wanted(self) -> bool:
        """Whether the sound of the next call is to be kept; it is asked for again before each."""
        return self._sound_too.isChecked()

    def show(self) -> None:
        """Show the icon as soon as the desktop has a place for it; after 30 s without one, the bar."""
        self._icon.show()  # also before a tray exists: the icon then appears by itself
        if not self._available():
            self._look.start(min(LOOK_EVERY_MS, max(1, self._patience_ms)))

    def hide(self) -> None:
        """Take icon and bar away."""
        self._look.stop()
        self._stays.stop()
        self._icon.hide()
        if self.bar is not None:
            self.bar.hide()

    def show_state(self, state: State) -> None:
        """Show what the listening does."""
        self._state = state
        running = state.phase is not Phase.IDLE
        self._start.setVisible(not running)
        self._pause.setVisible(state.phase is Phase.LISTENING)
        self._resume.setVisible(state.phase is Phase.PAUSED)
        self._stop.setVisible(running)
        self._quiet.setVisible(state.phase is Phase.LISTENING)
        self._types.setEnabled(not running)
        self._sound_too.setEnabled(not running)
        if self._was_running and not running:
            self._sound_too.setChecked(False)  # never remembered: whoever wants it says so for each call
        self._was_running = running
        self._prepare.setText(say("tray.prepared" if running else "tray.prepare"))
        self._leak.setVisible(running and self._leak_known)
        self._leak_known = running and self._leak_known
        for action in self._group.actions():
            action.setChecked(action.data() == state.call_type)
        icon, line = tray_icon(state.kind), state_line(state)
        self._line.setText(shorten(line, MENU_LETTERS, placeholder=" …"))
        self._icon.setIcon(icon)
        self._icon.setToolTip(f"{say('app')}: {line}")
        if self.bar is not None:
            self.bar.show_state(icon, phase_line(state), state.problem)
            if running or state.problem:
                self.bar.show()  # it may have been hidden with everything else
        elif running and self._look.isActive():
            self._open_bar()
        self._watch_icon(running=running)

    def show_leak(self, leak: Leak, gap_db: float | None) -> None:
        """Show how much of the other side the speakers leak into the microphone, until the call ends."""
        self._leak_told = (leak, gap_db)
        self._leak.setText(leak_line(leak, gap_db))
        self._leak_known = self._state.phase is not Phase.IDLE
        self._leak.setVisible(self._leak_known)

    def speak(self) -> None:
        """Say everything again, in the language of now."""
        speak_again(self.menu)
        self.menu.setLayoutDirection(QGuiApplication.layoutDirection())
        self.show_state(self._state)
        if self._leak_told is not None:
            self._leak.setText(leak_line(*self._leak_told))

    def has_last(self) -> None:
        """Offer to show the last nudge again, now that there is one."""
        self._last.setEnabled(True)

    def has_past(self) -> None:
        """Offer to look at the last call, now that there is one."""
        self._look_back.setEnabled(True)

    def offer_rescue(self, *, can: bool) -> None:
        """Offer to save a call elsewhere that could not be kept, or no more."""
        self._rescue.setVisible(can)

    def toggle(self) -> None:
        """Do what the first action of the menu does now: start, pause or resume."""
        for action in (self._start, self._pause, self._resume):
            if action.isVisible():
                action.trigger()
                return

    def come_forward(self) -> None:
        """Answer a second start of the program: show the bar, or the menu where the pointer is."""
        if self.bar is not None:
            self.bar.show()
            self.bar.raise_()
        else:
            self.menu.popup(QCursor.pos())

    @Slot(QSystemTrayIcon.ActivationReason)
    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.menu.popup(QCursor.pos())

    @Slot()
    def _look_for_tray(self) -> None:
        self._waited_ms += self._look.interval()
        if self._available():
            self._look.stop()
        elif self._waited_ms >= self._patience_ms:
            self._open_bar()

    def _watch_icon(self, *, running: bool) -> None:
        """While Coach listens, and while the bar stands in, see whether the desktop's panel goes or comes."""
        wanted = (running and self._icon.isVisible()) or self.bar is not None
        if wanted and not self._stays.isActive():
            self._stays.start()
        elif not wanted:
            self._stays.stop()

    @Slot()
    def _look_again(self) -> None:
        here = self._available()
        if not here and self.bar is None:
            _log.warning("the tray is gone")
            self._open_bar()
        elif here and self.bar is not None:
            # An icon that was shown to a panel that died is known to nobody: it is shown anew.
            self._icon.hide()
            self._icon.show()
            bar, self.bar = self.bar, None
            bar.closed.disconnect(self.quit_asked)
            bar.hide()
            bar.deleteLater()
            self._watch_icon(running=self._state.phase is not Phase.IDLE)

    def _open_bar(self) -> None:
        self._look.stop()
        self.bar = ControlBar([self._start, self._pause, self._resume, self._stop], self.menu)
        self.bar.closed.connect(self.quit_asked)
        self.bar.dropped.connect(self.dropped)
        self.bar.show_state(tray_icon(self._state.kind), phase_line(self._state), self._state.problem)
        self.bar.stand_aside()
        self.bar.show()
        self._watch_icon(running=self._state.phase is not Phase.IDLE)

    def _type_menu(self) -> QMenu:
        menu = self.menu.addMenu(say("tray.type"))
        menu.menuAction().setProperty(KEY, "tray.type")
        self._group = QActionGroup(self)
        for call_type in CALL_TYPES:
            action = menu.addAction(call_type_name(call_type))
            action.setProperty(KEY, f"type.{call_type}")
            action.setCheckable(True)
            action.setData(call_type)
            self._group.addAction(action)
        return menu

    def _action(self, key: str, then: Callable[[], None] | None) -> QAction:
        action = self.menu.addAction(say(key))
        action.setProperty(KEY, key)
        if then is not None:
            action.triggered.connect(lambda _checked: then())
        return action


def state_line(state: State) -> str:
    """Return the state as one line, for example ``Listening · discovery · sound is kept``."""
    if state.note and state.kind == Phase.IDLE:
        return state.note
    line = say(
        f"state.{state.kind}", call_type=within(call_type_name(state.call_type)), problem=state.problem
    )
    return f"{line} · {state.note}" if state.note and state.phase is not Phase.IDLE else line


def phase_line(state: State) -> str:
    """Return the state without its problem, for who says that elsewhere."""
    return state_line(replace(state, problem=""))

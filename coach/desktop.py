"""The desktop side of the composition: overlay, tray and calls around one Qt application.

Owns the wiring between windows and a live call. Calls are started and stopped on a thread of their own, so
that no window ever waits for a device.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import json
import logging
import signal
import socket
import sys
import threading
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from coach import app, before, card_places, consent, mishaps
from coach.before_desk import BeforeDesk
from coach.call.ambient import Glances
from coach.keys_desk import KeysDesk
from coach.language import phrase
from coach.live.slack import few_heaps, let_go
from coach.marks import mark
from coach.meeting_desk import MeetingDesk
from coach.nudges.commands import TellOnce, ToldIsOver, WrongAgain
from coach.settings import Facts, StorageSettings, with_values
from coach.trouble import Trouble
from coach.ui import tongue
from coach.ui.before_words import say as words
from coach.ui.bridge import Bridge
from coach.ui.controls import Phase, State
from coach.ui.hiding import hide_everything
from coach.ui.icons import app_icon
from coach.ui.instance import Answer, Instance, send
from coach.ui.overlay import Overlay
from coach.ui.ring import Ring
from coach.ui.saving import ask_folder
from coach.ui.standing import Standing
from coach.ui.today import Today, TodayWindow
from coach.ui.tray import Tray
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from coach.afterwards import Afterwards
    from coach.audio.block import AudioSource, Block
    from coach.audio.loudspeaker import Loudspeaker
    from coach.library import Opened
    from coach.live.player import Player
    from coach.lock_desk import LockDesk
    from coach.nudges.commands import Command
    from coach.practice_desk import PracticeDesk
    from coach.preferences_desk import PreferencesDesk
    from coach.report.document import CallReport
    from coach.settings import Settings
    from coach.settings import Value as Chosen
    from coach.sound_desk import SoundDesk
    from coach.ui.calls import CallsWindow
    from coach.ui.card import CardContent
    from coach.ui.dials import Value
    from coach.ui.facts import FactsPage
    from coach.ui.whatif import WhatIf

    Devices = Callable[[Settings], tuple[Sequence[AudioSource], str]]

STOPPED = 130
ALREADY = Trouble("Coach is already running.", "Look for its icon in the tray.")
FAILED = Trouble(
    "The call could not begin: a part of Coach failed.", "Try again; 'coach doctor' looks around."
)
PROBLEMS = frozenset(
    {"lost_rep", "lost_customer", "deaf_rep", "deaf_customer", "microphone_silent"}
    | {"no_words", "words_over", app.NOT_KEPT}
)
"""What the tray shows as a problem for as long as the call lasts; other sentences are told and pass."""
_BLOCK_MS = 20
_log = logging.getLogger(__name__)
LET_GO_MS = 3000
"""So long after a call what is left of it is let go: not while its windows come up."""


class _Signals:
    """Turn Ctrl-C and a polite kill into a call on Qt's thread: a socket wakes the event loop, no timer does."""

    def __init__(self, then: Callable[[], None]) -> None:
        self._near, self._far = socket.socketpair()
        self._far.setblocking(False)
        self._near.setblocking(False)
        self._notifier = QSocketNotifier(self._near.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(lambda: self._woken(then))
        self._before = signal.set_wakeup_fd(self._far.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)

    def _woken(self, then: Callable[[], None]) -> None:
        with contextlib.suppress(BlockingIOError):
            self._near.recv(64)
        then()

    def close(self) -> None:
        signal.set_wakeup_fd(self._before)
        self._notifier.setEnabled(False)
        self._near.close()
        self._far.close()


class Desk(QObject):
    """Run calls for the windows: the `CallControls` of the tray and the overlay.

    Args:
        settings: every knob.
        devices: gives the devices of a call and a sentence about what is missing; may raise `Trouble`.
        hello: what is told when the first call begins.
        path: the user's settings file; None for the usual one.
        real: False where nobody is heard, as in a demo: nothing is asked, reminded of or prepared.
    """

    ended = Signal(object)
    """A call ended; carries its report, or the `Trouble` that kept it from starting."""
    _told = Signal(object)
    """Its end was told to everybody on Qt's thread; carries the call."""

    def __init__(
        self,
        settings: Settings,
        devices: Devices,
        hello: str = "told.visible",
        path: Path | None = None,
        *,
        real: bool = True,
    ) -> None:
        super().__init__()
        self._real = real
        self._path = path
        self._page: FactsPage | None = None
        self._settings = settings
        self._devices = devices
        self._run: app.LiveRun | None = None
        self._last: app.LiveRun | None = None
        """The call, until its end was told: so long the panic key means it."""
        self._work = threading.Lock()
        self._paused = False
        self._quitting = False
        self._presses = 0
        """How often the panic key was pressed: what was asked for before counts no more."""
        self.keep_sound = False
        """Keep words and sound of the call that this program was started for."""
        self.follows_file = True
        """Take over what is kept from the settings file when told that it changed; a demo never does."""
        self._problems: dict[str, str] = {}
        self._hello = hello
        places = app.data_folder() / card_places.NAME
        self.standing = Standing(settings.overlay.corner, card_places.load_places(places))
        self.standing.remembered.connect(lambda stood: card_places.save_places(places, stood))
        self.overlay = Overlay(settings.overlay, self.standing)
        self.ring = Ring(settings.overlay, self.standing)
        self.tray = Tray(settings.call.type)
        self.bridge = Bridge(self.overlay, self.tray, self, self.ring)
        self.today = Today()
        self._today_window: TodayWindow | None = None
        self.overlay.shown.connect(self._note_shown)
        self.tray.card.show_settings(settings.overlay)
        self._sound: SoundDesk | None = None
        self._preferences: PreferencesDesk | None = None
        self._locks: LockDesk | None = None
        self.before = BeforeDesk(settings, path, self._take_over, self.overlay.tell)
        self.before.prepared.connect(self._prepared)
        self._afterwards: Afterwards | None = None
        self._calls: CallsWindow | None = None
        self.unkept: list[app.Unkept] = []
        """Calls that ended and are not on the disk."""
        self.ask_folder = ask_folder
        self._practice: PracticeDesk | None = None
        self.ended.connect(self._on_ended)
        self._told.connect(self._let_go)
        self._calm = _calm(self)
        self.meetings = MeetingDesk(settings, self.standing, idle=self._may_be_asked)
        self.meetings.listen.connect(lambda: self.start(self.tray.call_type))
        self.meetings.never.connect(self._ask_no_more)
        self.keys = KeysDesk(settings.system, self.obey, self.overlay.tell)
        self._listen_to_tray()

    def _listen_to_tray(self) -> None:
        """Do what is chosen in the tray's menu."""
        self.tray.prepare_asked.connect(self.before.show_prepared)
        self.tray.consent_asked.connect(self.before.open_consent)
        self.tray.today_asked.connect(self.open_today)
        self.tray.card.setting_asked.connect(self.set_overlay)
        self.tray.card.place_forgotten.connect(self.standing.forget)
        self.tray.facts_asked.connect(self.open_facts)
        self.tray.sound_asked.connect(self.open_sound)
        self.tray.preferences_asked.connect(self.open_preferences)
        self.tray.look_asked.connect(self.look_back)
        self.tray.calls_asked.connect(self.open_calls)
        self.tray.rescue_asked.connect(self.rescue)
        self.tray.practice_asked.connect(self.practise)
        self.tray.dropped.connect(self.practise)

    def start(self, call_type: str) -> None:
        """Begin to listen to a call of this type, once it is answered who may listen."""
        self.meetings.put_away()
        self.bridge.hush(hushed=False)
        presses, sound = self._presses, self.tray.sound_wanted or self.keep_sound

        def begin() -> None:
            self._do(lambda: self._start(app.for_call(self._settings, call_type), presses, sound=sound))

        if self._real:
            self.before.ask(begin, lambda: self.ended.emit(consent.UNANSWERED))
        else:
            begin()

    @property
    def idle(self) -> bool:
        """Say whether there is no call."""
        return self._run is None

    def _may_be_asked(self) -> bool:
        """Say whether a question about a call may come up: not in one, not after the panic key."""
        return self._run is None and not self.bridge.hushed and not self.before.waits

    def panic(self) -> str:
        """Stop listening and hide everything, at once and without a question; return what is said to that."""
        from coach.panic_desk import press

        self._presses += 1
        self.bridge.hush(hushed=True)
        self.meetings.put_away()
        self.before.hide()
        tried = self._sound.tryout.let_go() if self._sound is not None else None
        hide_everything((self.overlay, self.ring, *filter(None, [self.tray.bar])))
        run = self._run or self._last
        return press(run, self._settings.storage, lambda *told: self._broken_off(run, *told), tried)

    def obey(self, verb: str) -> Answer:
        """Do what another start of the program, or a key of the desktop, asked for."""
        if verb == "prepare":
            return self.before.bring()
        if verb == "hide":
            self.before.hide()
        answer = self.bridge.obey(verb)
        if self.before.waits and verb not in {"panic", "reread"}:
            return Answer(done=False, line=words("consent.open"))
        return answer

    def pause(self) -> None:
        """Stop listening for a while."""
        self._do(self._pause)

    def resume(self) -> None:
        """Listen again."""
        self._do(self._resume)

    def stop(self) -> None:
        """End the call; one that waits for the answer about who listens begins no more."""
        if self.before.waits:
            self.before.give_up()
        self._do(self._stop)

    def reread(self) -> None:
        """Keep of the next call what the settings file says by now; a call that runs keeps what it began with."""
        with contextlib.suppress(Trouble):  # a file that cannot be read is told of where it is edited
            if self.follows_file:
                storage = app.load_settings(self._path).storage
                self._use(dataclasses.replace(self._settings, storage=storage))

    def dismiss(self, rule: str) -> None:
        """Take note that the rep waved this nudge away."""
        if (run := self._run) is not None:
            run.call.dismiss(rule)

    def unhelpful(self, rule: str) -> None:
        """Take note that this nudge did not help."""
        if (run := self._run) is not None:
            run.call.unhelpful(rule)

    def not_now(self) -> None:
        """Keep quiet until the call ends."""
        if (run := self._run) is not None:
            run.call.not_now()

    def quit(self) -> None:
        """End the call if there is one, then the program."""
        self._quitting = True
        self.before.give_up()
        if self._run is None:
            self.rescue()
            QApplication.quit()
        else:
            self.stop()

    @Slot()
    def _ask_no_more(self) -> None:
        self._set("system.suggest_calls", value=False)
        self.overlay.tell(say("suggest.over"))

    @Slot(str, object)
    def set_overlay(self, name: str, value: bool | float) -> None:  # noqa: FBT001 - whatever the setting holds
        """Let a setting of the overlay have another value, at once and from now on."""
        self._set(f"overlay.{name}", value=value)

    def _set(self, name: str, *, value: bool | float) -> None:
        from coach.settings_file import save_values

        self._use(app.with_set(self._settings, [f"{name}={json.dumps(value)}"]))
        try:
            save_values(self._path or app.settings_file(), {name: value})
        except Trouble as trouble:
            self.overlay.tell(str(trouble))

    @Slot()
    def open_today(self) -> None:
        """Show today's nudges."""
        if self._today_window is None or not self._today_window.isVisible():
            self._today_window = TodayWindow(self.today, self._settings.overlay.look)
        self._today_window.show()
        self._today_window.raise_()
        self._today_window.activateWindow()

    @Slot()
    def rescue(self) -> None:
        """Ask where to save the calls that could not be kept, and save them there."""
        if not self._wanted() or (folder := self.ask_folder(say("rescue.title"))) is None:
            return
        if not self._wanted():  # the panic key was pressed meanwhile
            return
        try:
            while self.unkept:
                saved = self.unkept[0].save_to(folder)
                del self.unkept[0]
        except Trouble as trouble:
            self.overlay.tell(str(trouble))
        else:
            self.tray.show_state(dataclasses.replace(self.tray.state, problem=""))
            self.overlay.tell(say("told.rescued", where=str(saved)))
        self.tray.offer_rescue(can=bool(self.unkept))

    def _wanted(self) -> bool:
        """Say whether there are calls to save elsewhere; those that are to be deleted are none."""
        self.unkept[:] = [call for call in self.unkept if not call.is_forgotten()]
        return bool(self.unkept)

    @Slot()
    def open_facts(self) -> None:
        """Open the page of what the rep sells, with what stands in the settings file now."""
        if self._page is not None and self._page.isVisible():
            self._page.raise_()
            self._page.activateWindow()
            return
        from coach.ui.facts import FactsPage

        facts, problem = self._settings.facts, ""
        try:
            facts = app.load_settings(self._path).facts
        except Trouble as trouble:
            problem = str(trouble)
        self._page = FactsPage(facts, self._save_facts, self._settings.overlay.look, problem)
        self._page.show_centred()

    @Slot()
    def open_sound(self) -> None:
        """Open the sound check, or bring it forward."""
        self._sounding().open()

    def open_first(self) -> None:
        """Open the sheet of the first start."""
        self._sounding().open_first()

    @Slot(object)
    def _note_shown(self, shown: CardContent) -> None:
        """Put a nudge on today's list; one of a try-out is none of today's."""
        if self._sound is None or not self._sound.tryout.running:
            self.today.note(shown)

    def _sounding(self) -> SoundDesk:
        """Return what minds the sound check: loaded when it is first asked for."""
        if self._sound is None:
            from coach.sound_desk import SoundDesk

            self._sound = SoundDesk(self._settings, self._path, self._use, overlay=self.overlay)
            self._sound.hold(held=self._run is not None)
        return self._sound

    def _hold_sound(self, *, held: bool) -> None:
        """Keep the sound check off the devices while a call has them."""
        if (sound := self._sound) is not None:
            sound.hold(held=held)

    def open_preferences(self) -> None:
        """Open the preferences, or bring them forward."""
        if self._preferences is not None and self._preferences.window.isVisible():
            self._preferences.window.raise_()
            self._preferences.window.activateWindow()
            return
        from coach import autostart
        from coach.preferences_desk import PreferencesDesk

        self._preferences = PreferencesDesk(
            self._path, self._take_over, autostart.here(), lock=self.locks().open
        )
        self._preferences.window.consent_asked.connect(self.before.open_consent)
        self._preferences.window.show_centred()

    @Slot(str)
    def _prepared(self, call_type: str) -> None:
        """Choose the type of call that was prepared."""
        if call_type and self._run is None:
            self.bridge.post_state(State(Phase.IDLE, call_type))

    def _take_over(self, values: Mapping[str, Chosen]) -> None:
        """Go on with values that were chosen; a call that runs keeps those it began with."""
        self._use(with_values(self._settings, values))
        if "call.type" in values and self._run is None:
            self.bridge.post_state(State(Phase.IDLE, self._settings.call.type))

    def locks(self) -> LockDesk:
        """Return what minds the lock: loaded when it is first asked for."""
        if self._locks is None:
            from coach.lock_desk import LockDesk

            self._locks = LockDesk(
                lambda: self._settings.overlay.look, lambda: look_after(self, self._settings)
            )
        return self._locks

    def ask_once(self) -> None:
        """Ask for what opens earlier calls, where they are locked; a call can begin meanwhile."""
        self._locked(lambda: None)

    def _locked(self, then: Callable[[], object]) -> bool:
        """Say whether earlier calls are locked; then ask, and do something once they are open."""
        from coach import locking

        return locking.needs_opening() and self.locks().needed(then)

    @Slot()
    def look_back(self) -> None:
        """Open the last call that is kept."""
        from coach import library

        if self._locked(self.look_back):
            return
        try:
            session = library.find_session("last")
        except Trouble as trouble:
            self.overlay.tell(str(trouble))
        else:
            self._look_at(session)

    @Slot()
    def open_calls(self) -> None:
        """Open the list of past calls, or bring it forward."""
        if self._calls is not None:
            self._calls.raise_()
            self._calls.activateWindow()
            return
        if self._locked(self.open_calls):
            return
        from coach.calls_desk import open_calls

        practice = self._practising()
        try:
            self._calls = open_calls(
                self._settings,
                self._look_at,
                lambda one, other: practice.compare_sessions((one, other)),
                busy=lambda: self._run is not None,
            )
        except Trouble as trouble:
            self.overlay.tell(str(trouble))
            return
        self._calls.sessions.forgotten.connect(self._windows().close_these)
        self._calls.add_tab(practice.page(), say("queue.title"))
        self._calls.closed.connect(self._calls_closed)

    @Slot()
    def _calls_closed(self) -> None:
        self._practising().take_back_page()
        self._calls = None

    def _look_at(self, session: Path) -> None:
        try:
            self._windows().open(session)
        except Trouble as trouble:
            self.overlay.tell(str(trouble))

    def _windows(self) -> Afterwards:
        """Return what opens the windows after a call: loaded when the first is asked for."""
        if self._afterwards is None:
            from coach.afterwards import Afterwards

            self._afterwards = Afterwards(self._settings, self._what_if, self._choose_voice)
        return self._afterwards

    def _what_if(self, opened: Opened) -> WhatIf:
        from coach.practice_desk import WhatIfDesk

        return WhatIfDesk(opened, self._settings, self._path, self._keep_limits).panel

    def _keep_limits(self, values: Mapping[str, Value]) -> None:
        """Go on with limits that were written into the settings file; a call that runs keeps those it began with."""
        self._use(app.with_set(self._settings, [f"{name}={json.dumps(v)}" for name, v in values.items()]))

    @Slot()
    @Slot(list)
    def practise(self, recordings: Sequence[Path] = ()) -> None:
        """Show the queue of recordings to practise with, and take these into it."""
        if self._locked(lambda: self.practise(recordings)):
            return
        self.open_calls()
        if self._calls is not None:
            self._calls.tabs.setCurrentWidget(self._practising().page())
        self._practising().take(recordings)

    def _choose_voice(self, recording: Path, call_type: str) -> None:
        """Coach a recording again in which nobody knew the rep's voice: the queue asks."""
        self.practise()
        self._practising().coach(recording, call_type)

    def _practising(self) -> PracticeDesk:
        """Return what minds the queue of practice: loaded when it is first asked for."""
        if self._practice is None:
            from coach.practice_desk import PracticeDesk

            self._practice = PracticeDesk(self._settings, lambda session: self._windows().open(session))
            self._practice.failed.connect(self.overlay.tell)
            self._practice.hold(held=self._run is not None)
        return self._practice

    def _hold_practice(self, *, held: bool) -> None:
        if (practice := self._practice) is not None:
            practice.hold(held=held)

    def close_windows(self) -> None:
        """Take everything off the screen."""
        self.meetings.close()
        self.keys.close()
        self.tray.hide()
        self.overlay.hide()
        self.ring.hide()
        self.before.close()
        if self._today_window is not None:
            self._today_window.close()
        if self._afterwards is not None:
            self._afterwards.close()
        if self._calls is not None:
            self._calls.close()
        if self._practice is not None:
            self._practice.close()
        if self._page is not None:
            self._page.close()
        if self._sound is not None:
            self._sound.close()
        if self._preferences is not None:
            self._preferences.window.close()
        if self._locks is not None:
            self._locks.close()

    def _save_facts(self, facts: Facts) -> None:
        from coach.settings_file import save_facts

        save_facts(self._path or app.settings_file(), facts)
        self._use(app.with_facts(self._settings, facts))  # a call that runs keeps those it began with

    def _use(self, settings: Settings) -> None:
        """Go on with other settings, in every window that is opened from now on; the card at once."""
        before, self._settings = self._settings, settings
        if settings.app != before.app:
            tongue.speak(settings.app.language)
            self.tray.speak()
            self.overlay.speak()
        if self._sound is not None:
            self._sound.use(settings)
        self.meetings.use(settings)
        self.keys.use(settings.system)
        self.before.use(settings)
        self.overlay.use(settings.overlay)
        self.ring.use(settings.overlay)
        self.tray.card.show_settings(settings.overlay)
        if self._practice is not None:
            self._practice.use(settings)
        if self._afterwards is not None:
            self._afterwards.use(settings)

    def _do(self, work: Callable[[], None]) -> None:
        def guarded() -> None:
            with self._work:
                work()

        threading.Thread(target=guarded, name="coach-desk", daemon=True).start()

    def _start(self, settings: Settings, presses: int, *, sound: bool) -> None:
        if self._run is not None or presses != self._presses:
            return
        self._hold_sound(held=True)
        try:
            sources, note = self._devices(settings)
            self._problems = {}  # a call may have one before it has begun to be shown
            glances = Glances(self.bridge.post_ambient)
            show, leaks = self._show, self.bridge.post_leak
            plan, problem = before.plan_for_next() if self._real else (None, "")
            settings = before.with_plan(settings, plan)
            self.before.measure()
            run = app.LiveRun(
                settings,
                tuple(sources),
                show,
                leaks=leaks,
                glance=glances.look,
                keep_sound=sound,
                plan=plan,
                answered=self.before.answered,
                sound=self.before.hear if self._real and self.before.reminds else None,
            )
            run.start()
        except Exception as fault:  # noqa: BLE001 - whatever it is, whoever started the call is told
            trouble = fault if isinstance(fault, Trouble) else FAILED
            if trouble is not fault:
                _log.exception("a call could not begin")
            self._hold_sound(held=False)
            self.bridge.post_state(State(Phase.IDLE, settings.call.type, str(trouble)))
            self.bridge.post(TellOnce(0, "start", str(trouble)))
            self.ended.emit(trouble)
            return
        self._run, self._last, self._paused = run, run, False
        self._hold_practice(held=True)
        if presses != self._presses:  # pressed while the devices were being opened
            from coach.panic_desk import press

            press(run, self._settings.storage, lambda *told: self._broken_off(run, *told))
            return
        self._post_state()
        if self._real:
            self.before.began(run)
        if problem:
            self.bridge.post(TellOnce(0, "prepared", phrase(problem)))
        if self._real and self.before.reminds:
            self._hello = ""  # the reminder says it, as it is on this system
        if self._hello:
            self.bridge.post(TellOnce(0, "hello", say(self._hello)))
            self._hello = ""
        if note:
            self.bridge.post(TellOnce(0, "one_side", phrase(note)))

    def _pause(self) -> None:
        if self._run is not None and not self._paused:
            self._run.call.pause()
            self._paused = True
            self._post_state()

    def _resume(self) -> None:
        run = self._run
        if run is None or not self._paused:
            return
        try:
            run.call.resume()
        except Trouble as trouble:
            self.bridge.post_state(State(Phase.PAUSED, run.settings.call.type, str(trouble)))
            return
        self._paused = False  # what is wrong stays so until it is told to be over
        self._post_state()

    def _stop(self) -> None:
        if (run := self._run) is None:
            return
        report = run.stop()
        if run.forgotten:  # by the panic key meanwhile, whose thread tells how that ends
            return
        call_type, unkept = run.settings.call.type, run.unkept
        self._run = None
        self._hold_practice(held=False)
        self._hold_sound(held=False)
        self.before.ended()
        self.bridge.post_state(
            State(
                Phase.IDLE,
                call_type,
                say("told.unkept", why=phrase(unkept.reason)) if unkept is not None else "",
            )
        )
        if unkept is not None:
            self.unkept.append(unkept)
            self.bridge.post(TellOnce(0, app.NOT_KEPT, say("told.unkept", why=phrase(unkept.reason))))
        self.ended.emit(report)
        self._told.emit(run)

    def _broken_off(self, run: app.LiveRun | None, said: str, wrong: bool) -> None:  # noqa: FBT001 - as it is told
        """Take note, on the thread of the panic key, of what became of a call that was stopped at once."""
        with self._work:  # whoever was ending it comes to its end, now that nothing holds that up
            ours = run is not None and self._run is run
            if ours and run is not None:
                self._run = None
                self._hold_practice(held=False)
                self._hold_sound(held=False)
                self.before.ended()
                if (unkept := run.unkept) is not None:
                    self.unkept.append(unkept)
        call_type = self._settings.call.type if run is None else run.settings.call.type
        self.bridge.post_state(State(Phase.IDLE, call_type, said if wrong else "", "" if wrong else said))
        if ours:
            self.ended.emit(Trouble(said))
        self._told.emit(run)

    @property
    def forgets(self) -> bool:
        """Say whether the call whose end is being told is to be deleted."""
        return self._last is not None and self._last.forgotten

    @Slot(object)
    def _let_go(self, run: object) -> None:
        """Take note, on Qt's thread, that everybody knows of the end of a call."""
        if self._last is run:
            self._last = None

    def _show(self, commands: Sequence[Command]) -> None:
        for command in commands:
            self.bridge.post(command)
            if isinstance(command, TellOnce | WrongAgain) and command.code in PROBLEMS:
                self._problems[command.code] = command.text
                self._post_state()
            elif isinstance(command, ToldIsOver) and self._problems.pop(command.code, ""):
                self._post_state()

    def _post_state(self) -> None:
        """Show what the call does now, with the latest of its problems."""
        if (run := self._run) is not None:
            phase = Phase.PAUSED if self._paused else Phase.LISTENING
            problem = next(
                reversed(tuple(self._problems.values())), ""
            )  # the log's thread may add one meanwhile
            note = say("state.sound") if run.tape is not None else ""
            self.bridge.post_state(State(phase, run.settings.call.type, problem, note))

    def _on_ended(self, end: object) -> None:
        past = not isinstance(end, Trouble) or self._presses
        if self._settings.storage.keep != "nothing" and past and not self.forgets:
            _offer_past(self)
        self.tray.offer_rescue(can=self._wanted())
        self._calm.start()
        if self._quitting:
            self.rescue()
            QApplication.quit()


def _calm(desk: Desk) -> QTimer:
    """Return what lets go of a call a while after it, once there is none.

    On the windows' own thread, for what it meets may be theirs; and not while a call's threads need Python.
    """
    timer = QTimer(desk, singleShot=True, interval=LET_GO_MS)
    timer.timeout.connect(lambda: let_go() if desk.idle else timer.start())
    return timer


def _application(language: str) -> QApplication:
    few_heaps()  # before there are threads: this program may run for days
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)  # noqa: S101 - tells the type checker which one it is
    application.setApplicationName("Coach")
    application.setWindowIcon(app_icon())
    application.setQuitOnLastWindowClosed(False)
    tongue.speak(language)
    return application


def _claimed() -> Instance:
    instance = Instance.claim()
    if instance is None:
        send("raise")
        raise ALREADY
    return instance


def run_tray(settings: Settings, path: Path | None = None) -> int:
    """Run the tray app until the rep quits; return the exit code.

    Args:
        settings: every knob.
        path: the file they came from; None for the usual one.

    Raises:
        Trouble: when Coach runs already.
    """
    mishaps.note_crashes_in(app.data_folder())
    application = _application(settings.app.language)
    instance = _claimed()
    desk = Desk(settings, app.devices, path=path)
    instance.obey_with(desk.obey)
    signals = _Signals(desk.quit)
    desk.tray.show_state(State(Phase.IDLE, desk.before.call_type or settings.call.type))
    _show_tray(desk)
    QTimer.singleShot(0, lambda: _offer_past(desk))
    QTimer.singleShot(0, lambda: _keep_autostart(desk, settings))
    QTimer.singleShot(0, lambda: look_after(desk, settings))
    QTimer.singleShot(0, desk.ask_once)
    if app.is_first_start():
        QTimer.singleShot(0, desk.open_first)
    code = application.exec()
    _close(desk, signals, instance)
    return code


def look_after(desk: Desk, settings: Settings) -> threading.Thread:
    """Look after the kept calls on a thread of its own, and tell on the card what there is to tell."""

    def work() -> None:
        from coach import upkeep

        today = datetime.now().astimezone().date()  # noqa: TID251 - the day it is
        if told := " ".join(map(phrase, upkeep.at_start(settings, today))):
            desk.bridge.post(TellOnce(0, "upkeep", told))

    thread = threading.Thread(target=work, name="coach-upkeep", daemon=True)
    thread.start()
    return thread


def run_call(
    settings: Settings,
    devices: Devices,
    path: Path | None = None,
    *,
    sound: bool = False,
    real: bool = True,
) -> tuple[CallReport | None, app.Unkept | None]:
    """Run one call with overlay and tray until it is stopped; return its report, and the call if it was not kept.

    A call that was broken off has no report.

    Args:
        settings: every knob.
        devices: gives the devices of a call.
        path: the file the settings came from; None for the usual one.
        sound: keep words and sound of both sides.
        real: False where nobody is heard.

    Raises:
        Trouble: when Coach runs already, or the microphone cannot be opened.
    """
    unkept: list[app.Unkept] = []
    report: CallReport | None

    def begin(desk: Desk) -> None:
        desk.keep_sound = sound
        desk.start(settings.call.type)

    try:
        report = _run_once(settings, devices, begin, path=path, unkept=unkept, real=real)
    except Trouble:
        if not unkept:
            raise
        report = None  # by the panic key, on a disk that took nothing: there is still a call to save
    return report, next(iter(unkept), None)


def run_demo(settings: Settings, path: Path | None = None) -> int:
    """Play the bundled calls through the live line, one after the other, with the overlay; nothing is kept."""
    # The bundled reps sell what they sell, not what the user does.
    quiet = dataclasses.replace(
        app.with_speech(settings, None, "en"), storage=StorageSettings("nothing"), facts=Facts()
    )
    speaker = _loudspeaker()
    try:
        return _run_takes(quiet, speaker.take if speaker is not None else None, path)
    finally:
        if speaker is not None:
            speaker.stop()


def _loudspeaker() -> Loudspeaker | None:
    from coach.audio.loudspeaker import Loudspeaker

    try:
        return Loudspeaker()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)  # noqa: T201 - the demo goes on, in silence
        return None


def _run_takes(settings: Settings, aloud: Callable[[Block], None] | None, path: Path | None) -> int:
    from coach.audio.recording import open_recording
    from coach.demo.scenes import scenes
    from coach.live.player import Player

    for scene in scenes():
        recording = open_recording(scene.sound)
        player = Player(recording.blocks(_BLOCK_MS), recording.channels, aloud)
        _run_once(settings, _always(player.sources), _playing(player), "told.demo", path, real=False)
        gc.collect()  # windows and timers of the first take must die on Qt's thread, not wherever memory runs short
        if not player.finished.is_set():
            player.stop()
            return STOPPED
    return 0


def _always(sources: Sequence[AudioSource]) -> Devices:
    return lambda _: (sources, "")


def _playing(player: Player) -> Callable[[Desk], None]:
    def begin(desk: Desk) -> None:
        def end_with_the_sound() -> None:
            player.finished.wait()
            desk.stop()

        desk.follows_file = False
        threading.Thread(target=end_with_the_sound, name="coach-demo", daemon=True).start()
        desk.start("discovery")

    return begin


def _run_once(
    settings: Settings,
    devices: Devices,
    begin: Callable[[Desk], None],
    hello: str = "told.visible",
    path: Path | None = None,
    *,
    unkept: list[app.Unkept] | None = None,
    real: bool = True,
) -> CallReport:
    application = _application(settings.app.language)
    instance = _claimed()
    desk = Desk(settings, devices, hello, path, real=real)
    instance.obey_with(desk.obey)
    ends: list[object] = []

    def over(end: object) -> None:
        if desk.forgets and not isinstance(end, Trouble):
            from coach.panic_desk import WILL_FORGET

            end = Trouble(WILL_FORGET)
        ends.append(end)
        application.quit()

    desk.ended.connect(over)
    signals = _Signals(desk.stop)
    _show_tray(desk)
    QTimer.singleShot(0, lambda: begin(desk))  # the icon first: what a call needs takes a second to load
    application.exec()
    _close(desk, signals, instance)
    if unkept is not None:
        unkept += [call for call in desk.unkept if not call.is_forgotten()]
    if not ends:
        raise Trouble("The call was ended before it began.")
    if isinstance(ends[0], Trouble):
        raise ends[0]
    return ends[0]  # type: ignore[return-value]


def _offer_past(desk: Desk) -> None:
    from coach import library

    if library.sessions():
        desk.tray.has_past()


def _keep_autostart(desk: Desk, settings: Settings) -> None:
    """Bring the login entry in step with the settings: they may have been changed by hand, or the program moved."""
    from coach import autostart

    try:
        autostart.keep(autostart.here(), wanted=settings.system.autostart)
    except Trouble as trouble:
        desk.overlay.tell(str(trouble))


def run_preferences(path: Path | None = None) -> int:
    """Show the preferences until their window is closed, where no Coach runs; return the exit code.

    Args:
        path: the settings file; None for the usual one.
    """
    from coach import autostart
    from coach.preferences_desk import PreferencesDesk

    application = _application(app.language_of(path))
    from coach.lock_desk import LockDesk

    locks = LockDesk(lambda: app.load_settings(path).overlay.look)
    desk = PreferencesDesk(path, lambda _: None, autostart.here(), lock=locks.open)
    desk.window.closed.connect(application.quit)
    signals = _Signals(application.closeAllWindows)
    desk.window.show_centred()
    code = application.exec()
    signals.close()
    return code


def run_prepare(path: Path | None = None) -> int:
    """Show the sheet for the next call until it is closed, where no Coach runs; return the exit code.

    Args:
        path: the settings file; None for the usual one.
    """
    settings = app.load_settings(path)
    application = _application(settings.app.language)
    desk = BeforeDesk(settings, path, lambda _: None, lambda _: None)
    desk.prepared.connect(lambda _: application.quit())
    signals = _Signals(application.closeAllWindows)
    desk.open_prepare()
    code = application.exec()
    signals.close()
    return code


def run_review(settings: Settings, session: Path, path: Path | None = None) -> int:
    """Show one past call until its window is closed; return the exit code.

    Args:
        settings: every knob.
        session: the call's log.
        path: the file the settings came from; None for the usual one.

    Raises:
        Trouble: when it cannot be read.
    """
    from coach.afterwards import Afterwards
    from coach.practice_desk import WhatIfDesk

    application = _application(settings.app.language)
    application.setQuitOnLastWindowClosed(True)
    windows = Afterwards(settings, lambda opened: WhatIfDesk(opened, settings, path).panel)
    windows.open(session)
    signals = _Signals(application.quit)
    code = application.exec()
    windows.close()
    signals.close()
    return code


def run_sound(settings: Settings, path: Path | None = None) -> int:
    """Show the sound check until its window is closed; a Coach that runs shows it in its own stead.

    Args:
        settings: with the devices that are chosen.
        path: the file they came from; None for the usual one.
    """
    from coach.sound_desk import SoundDesk

    application = _application(settings.app.language)
    if send("sound"):
        return 0
    places = card_places.load_places(app.data_folder() / card_places.NAME)
    overlay = Overlay(settings.overlay, Standing(settings.overlay.corner, places))
    desk = SoundDesk(settings, path, overlay=overlay)
    desk.closed.connect(application.quit)
    signals = _Signals(application.quit)
    desk.open()
    code = application.exec()
    desk.close()
    signals.close()
    return code


def _show_tray(desk: Desk) -> None:
    desk.tray.show()
    QTimer.singleShot(0, lambda: mark("tray"))  # once Qt has done what showing it takes


def _close(desk: Desk, signals: _Signals, instance: Instance) -> None:
    desk.close_windows()
    signals.close()
    instance.release()

"""The sound check put together: devices, levels and the tone on one side, the window on the other.

A composition root of Qt beside `coach.desktop`. Owns the thread that opens and closes devices, so that no window ever
waits for one, and the writing of what was chosen. While a call runs, its devices are left alone.
"""

from __future__ import annotations

import queue
import sys
import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from coach import app
from coach.audio import wish
from coach.audio.devices import find_loopback, find_microphone, list_devices
from coach.audio.hearing import Hearing
from coach.audio.nametags import remember
from coach.call.events import Who
from coach.settings_file import save_values
from coach.trouble import Trouble
from coach.tryout_desk import TryoutDesk
from coach.ui.first_start import FirstStart
from coach.ui.sound_check import SoundCheck, SoundPanel
from coach.ui.sound_values import ALONE, Choice, Level, Offer, ToneHeard
from coach.ui.try_words import say as try_words
from coach.ui.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coach.audio import levels
    from coach.audio.devices import Device, Kind
    from coach.audio.pulse import Bell
    from coach.settings import Settings
    from coach.tryout import Devices
    from coach.ui.overlay import Overlay
    from coach.ui.tryout import TryPanel

KINDS: Final[dict[Who, Kind]] = {Who.REP: "microphone", Who.CUSTOMER: "loopback"}
KEYS: Final = {Who.REP: "audio.microphone", Who.CUSTOMER: "audio.other_side"}
LISTS_BESIDE_STREAMS: Final = sys.platform == "linux"
"""Elsewhere PortAudio's list of devices is only renewed while nothing is open (`coach.audio.portaudio`)."""
_TAGS: Final = "devices.json"
_PATIENCE_S: Final = 5.0


class SoundDesk(QObject):
    """Mind the sound check: the `SoundControls` of its panels.

    Args:
        settings: with the devices that are chosen.
        path: the settings file; None for the usual one.
        changed: takes the settings after something was chosen and written, on the window's thread.
        hearing: makes what hears the devices; for tests.
        bell: makes what rings when devices come and go; for tests.
        overlay: where the card of the try-out comes up; None for one of its own.
        devices: gives the microphone of the try-out; for tests.
    """

    offered = Signal(object)
    level = Signal(object, object)
    toned = Signal(object)
    refused = Signal(str)
    occupied = Signal(bool)
    closed = Signal()
    """A window of the desk was closed."""

    def __init__(
        self,
        settings: Settings,
        path: Path | None = None,
        changed: Callable[[Settings], None] | None = None,
        hearing: Callable[..., Hearing] = Hearing,
        bell: Callable[[Callable[[], None]], Bell | None] | None = None,
        *,
        overlay: Overlay | None = None,
        devices: Devices = app.devices,
    ) -> None:
        super().__init__()
        self.tryout = TryoutDesk(lambda: self._settings, overlay, self._make_way, devices)
        self.tryout.level.connect(lambda level: self.level.emit(Who.REP, level))
        self.tryout.over.connect(self._tried)
        self._make_bell = bell or _bell
        self._bell: Bell | None = None
        self._offered: dict[Who, Offer] = {}
        self._settings, self._path = settings, path or app.settings_file()
        self._changed = changed
        self._hearing = hearing(self._on_level, self._on_lost)
        self._busy = False
        self._wanted = 0
        """How many panels want to hear."""
        self._open: dict[Who, str] = {}
        """Which device of a side is open, by identity; on the worker's thread."""
        self._seen: dict[Who, tuple[Device, ...]] = {}
        self._tags: dict[str, str] = {}
        self._toning: threading.Thread | None = None
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None
        self._starting = threading.Lock()
        self._over = False
        self.window: SoundCheck | None = None
        self.first: FirstStart | None = None

    # Windows.

    def open(self) -> None:
        """Open the sound check, or bring it forward."""
        if self.window is None:
            self.window = SoundCheck(self, self.tryout, self._settings.overlay.look, sys.platform)
            self._connect(self.window.panel, self.window.tryout)
            self.window.closed.connect(self.closed)
        self.window.show_centred()

    def open_first(self) -> None:
        """Open the sheet of the first start."""
        self.first = FirstStart(
            self,
            self.tryout,
            self._settings,
            self._keep,
            folder=str(app.data_folder()),
            file=str(self._path),
            system=sys.platform,
        )
        self._connect(self.first.panel, self.first.tryout)
        self.first.closed.connect(self.closed)
        self.first.show_centred()

    def close(self) -> None:
        """Close the windows, let the devices go and end the worker."""
        for window in (self.window, self.first):
            if window is not None:
                window.close()
        self.tryout.close()
        self._hearing.hush()
        if self._worker is not None:
            self._do(self._close_all)
            self._do(self._take_bell)
            self._over = True
            self._tasks.put(None)
            self._worker.join(_PATIENCE_S)
        if self._toning is not None and self._toning.is_alive():
            self._toning.join(_PATIENCE_S)

    def use(self, settings: Settings) -> None:
        """Go on with other settings."""
        self._settings = settings

    def hold(self, *, held: bool) -> None:
        """Leave the devices to a call, or take them again; from any thread."""
        self._busy = held
        self.tryout.hold(held=held)
        self.occupied.emit(held)
        if not held:
            if self._wanted:
                self._do(self._open_all)
        elif self._worker is not None:
            self._hearing.hush()
            done = threading.Event()
            self._do(self._close_all)
            self._do(done.set)
            done.wait(_PATIENCE_S)  # a device that does not let go must not keep a call from beginning

    def _connect(self, panel: SoundPanel, tryout: TryPanel) -> None:
        self.tryout.went.connect(tryout.show_trying)
        self.tryout.level.connect(tryout.show_level)
        self.offered.connect(panel.show_offers)
        self.level.connect(panel.show_level)
        self.toned.connect(panel.show_tone)
        self.occupied.connect(panel.show_busy)
        self.refused.connect(panel.show_refusal)
        panel.show_busy(self._busy)

    # Wishes of the panels, on the window's thread.

    def look(self) -> None:
        """Look for devices again; from any thread."""
        if not LISTS_BESIDE_STREAMS:
            self._do(self._close_all)
        self._do(self._offer)
        if self._wanted and not self._busy:
            self._do(self._open_all)

    def listen(self) -> None:
        """Hear both sides."""
        self._wanted += 1
        self._do(self._offered.clear)  # a new panel has been offered nothing yet
        self.look()
        self._do(self._hang_bell)

    def rest(self) -> None:
        """Let both devices go, where no other panel listens."""
        self._wanted -= 1
        if not self._wanted:
            self._hearing.hush()
            self._do(self._close_all)
            self._do(self._take_bell)

    def choose(self, who: Who, value: str) -> None:
        """Take another device for a side, write it down, and hear it."""
        self.refused.emit("")
        self._write({KEYS[who]: value}, lambda trouble: self.refused.emit(str(trouble)))
        self.look()

    def play_tone(self) -> None:
        """Play the test tone on a thread of its own, once the devices are open."""
        if self._busy or (self._toning is not None and self._toning.is_alive()):
            return
        if self.tryout.running:
            self.toned.emit(ToneHeard(sentence=try_words("tone")))
            return
        self._toning = threading.Thread(target=self._tone, name="coach-tone", daemon=True)
        self._do(self._toning.start)

    def _make_way(self, then: Callable[[], None]) -> None:
        """Let both devices go for a try-out, and let it begin then."""
        self._hearing.hush()
        self._do(self._close_all)
        self._do(then)
        self.level.emit(Who.CUSTOMER, Level(state="resting"))

    def _tried(self) -> None:
        """Hear both sides again, where somebody looks."""
        if self._wanted:
            self._do(self._open_all)

    def _keep(self, name: str, word: str) -> Settings:
        first = self.first
        assert first is not None  # noqa: S101 - only its own buttons lead here
        first.show_trouble("")
        self._write({name: word}, lambda trouble: first.show_trouble(str(trouble)))
        return self._settings

    def _write(self, values: dict[str, str], refused: Callable[[Trouble], None]) -> None:
        try:
            save_values(self._path, values)
        except Trouble as trouble:
            refused(trouble)
            return
        assignments = [f"{name}={_quoted(value)}" for name, value in values.items()]
        self._settings = app.with_set(self._settings, assignments)
        if self._changed is not None:
            self._changed(self._settings)

    # The worker's thread.

    def _do(self, task: Callable[[], None]) -> None:
        if self._over:
            return  # what a device has to say at the very end has nobody to hear it
        with self._starting:
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="coach-sound-check", daemon=True)
                self._worker.start()
        self._tasks.put(task)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()

    def _offer(self) -> None:
        try:
            found = list_devices()
        except Trouble as trouble:
            self._tell(Who.REP, str(trouble))
            return
        self._tags = remember(app.data_folder() / _TAGS, found)
        self._seen = {who: tuple(d for d in found if d.kind == kind) for who, kind in KINDS.items()}
        offers = {who: self._offer_of(who) for who in Who}
        if offers != self._offered or not self._bell:  # a list that somebody has opened stays as it is
            self._offered = dict(offers)
            self.offered.emit(offers)

    def _offer_of(self, who: Who) -> Offer:
        devices, stored = self._seen[who], self._stored(who)
        choices = tuple(Choice(d.identity, d.label) for d in devices)
        systems = next((d.label for d in devices if d.default), "")
        if not stored or (who is Who.CUSTOMER and stored == ALONE):
            return Offer(choices, stored, systems)
        try:
            return Offer(choices, _find(who, stored).identity, systems)
        except Trouble:
            return Offer(
                (*choices, Choice(stored, self._tags.get(stored, stored), here=False)), stored, systems
            )

    def _open_all(self) -> None:
        """Open what is chosen, where it is not open already."""
        if self._busy or not self._wanted or self.tryout.running:
            return
        for who in Who:
            if who is Who.CUSTOMER and self._stored(who) == ALONE:
                self._shut(who)
                self.level.emit(who, Level(state="off"))
                continue
            try:
                device = self._device(who)
                if self._open.get(who) != device.identity:
                    self._shut(who)
                    self._hearing.open(who, device)
                    self._open[who] = device.identity
            except Trouble as trouble:
                self._shut(who)
                self._tell(who, self._missing(who) or str(trouble))

    def _device(self, who: Who) -> Device:
        """Return the device of a side. Raises `Trouble` where there is none, or it hears the rep already."""
        device = _find(who, self._stored(who))
        if who is Who.CUSTOMER and device.identity == self._open.get(Who.REP):
            raise Trouble(say("sound.same", name=device.label))
        return device

    def _missing(self, who: Who) -> str:
        """Return a sentence about a device that is chosen and not here; empty where all that can be is well."""
        stored, seen = self._stored(who), self._seen.get(who, ())
        if not stored or not seen or any(stored in {d.identity, d.label} for d in seen):
            return ""
        return say("sound.missing", name=self._tags.get(stored, stored))

    def _hang_bell(self) -> None:
        """Let the list follow what is plugged in, where the system tells of it."""
        if self._bell is None and self._wanted:
            self._bell = self._make_bell(self.look)

    def _take_bell(self) -> None:
        bell, self._bell = self._bell, None
        if bell is not None:
            bell.stop()

    def _close_all(self) -> None:
        for who in Who:
            self._shut(who)

    def _shut(self, who: Who) -> None:
        self._open.pop(who, None)
        self._hearing.close(who)

    def _stored(self, who: Who) -> str:
        audio = self._settings.audio
        return audio.microphone if who is Who.REP else audio.other_side

    # What the devices tell, on threads of theirs.

    def _on_level(self, who: Who, level: levels.Level) -> None:
        self.level.emit(who, Level(level.peak_db, level.held_db, level.state))

    def _on_lost(self, who: Who, why: str) -> None:
        self._do(lambda: self._shut(who))
        self._tell(who, why)
        self._do(self._offer)

    def _tell(self, who: Who, sentence: str) -> None:
        self.level.emit(who, Level(state="trouble", sentence=sentence))

    def _tone(self) -> None:
        if self._busy or not self._wanted:
            return
        try:
            tone = self._hearing.play_tone()
        except Trouble as trouble:
            self.toned.emit(ToneHeard(sentence=str(trouble)))
            return
        if not self._hearing.hushed:
            self.toned.emit(ToneHeard(tone.other(elsewhere=self._elsewhere()), tone.leak, tone.gap_db))

    def _elsewhere(self) -> bool:
        """Say whether the other side is heard on another output than the one that the tone went to."""
        default = next((d.identity for d in self._seen.get(Who.CUSTOMER, ()) if d.default), None)
        return default is not None and self._open.get(Who.CUSTOMER) not in {None, default}


def _find(who: Who, name: str) -> Device:
    return find_microphone(name) if who is Who.REP else find_loopback(name)


def _quoted(value: str) -> str:
    """Return text as TOML has it."""
    import json  # noqa: PLC0415 - a string of JSON is one of TOML

    return json.dumps(value)


def _bell(ring: Callable[[], None]) -> Bell | None:
    """Return what rings when devices come, go or change; None where no server tells of it."""
    if not wish.has_server():
        return None
    from coach.audio.pulse import Bell  # noqa: PLC0415 - needs libpulse, and a machine may do without

    return Bell(ring)

r"""Which call program records from a microphone now, and word of when that changes.

Owns the list of known programs, the question to each system behind one small port, and the thread that waits. Refuses
to know what is done about it. It learns which program records, and nothing else: no title, no sound, no address.

On Linux the sound server says so by itself. Windows keeps a note of who uses the microphone for its own icon in the
task bar (``CapabilityAccessManager\ConsentStore``), and tells when that note changes. macOS lists the programs that
use sound from version 14 on (``AudioHardware.h``), and is asked every few seconds. **The last two were not yet run on
their systems**: their tests have a registry and a library of their own.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
import threading
from typing import TYPE_CHECKING, Any, Final, Protocol

from coach.audio.clocks import awake_s
from coach.audio.endpoint import GLOBAL, MAIN, SYSTEM_OBJECT, Address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SETTLED_S: Final = 5.0
"""A program that records for so long is in a call; a look at the microphone in its settings is mostly shorter."""
AGAIN_S: Final = 600.0
"""The same program is told of again after so long at the earliest: it starts anew when a device changes in a call."""
KNOCK_S: Final = 10.0
"""A system that could not be asked is asked again after this."""
ASK_EVERY_S: Final = 5.0
"""macOS alone: nothing tells us there of a program that begins."""

PROGRAMS: Final[dict[str, str]] = {
    "zoom": "Zoom",
    "teams": "Teams",
    "msteams": "Teams",
    "webex": "Webex",
    "ciscocollab": "Webex",
    "slack": "Slack",
    "discord": "Discord",
    "skype": "Skype",
    "signal": "Signal",
    "whatsapp": "WhatsApp",
    "facetime": "FaceTime",
    "jitsi": "Jitsi",
    "gotomeeting": "GoTo",
    "goto": "GoTo",
    "ringcentral": "RingCentral",
    "dialpad": "Dialpad",
    "linphone": "Linphone",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "chromium": "Chromium",
    "msedge": "Edge",
    "microsoft edge": "Edge",
    "edgemac": "Edge",
    "brave": "Brave",
    "opera": "Opera",
    "vivaldi": "Vivaldi",
    "safari": "Safari",
    "webkit": "Safari",
}
"""What stands in a program's name, and what people call it: programs that people have calls in.

A browser may take dictation as well: that is why Coach asks.
"""
_WORD: Final = "(?<![a-z]){}"
_LEAST_WAIT_S: Final = 0.01
_NO_SINK: Final = 0xFFFF_FFFF
"""``PA_INVALID_INDEX``: the source is the monitor of nothing."""


def call_program(raw: str) -> str:
    """Return what people call a program, by any of its names; empty for one that nobody has calls in."""
    low = raw.lower()
    return next(
        (name for part, name in PROGRAMS.items() if re.search(_WORD.format(re.escape(part)), low)), ""
    )


class Recorders(Protocol):
    """The programs of this system that use a microphone."""

    def now(self) -> tuple[str, ...]:
        """Return the names of those that do now, as the system has them. Raises `OSError` where it cannot be asked."""
        ...

    def wait(self, seconds: float | None) -> None:
        """Return when that may have changed, after ``seconds`` at the latest. Raises `OSError`."""
        ...

    def wake(self) -> None:
        """Let whoever waits return soon; from any thread, and often."""
        ...

    def close(self) -> None:
        """Give back what was opened, from the thread that waits."""
        ...


def here() -> Callable[[], Recorders] | None:
    """Return what makes the port of this system; None where Coach knows of none."""
    if sys.platform == "win32":
        return WindowsRecorders
    if sys.platform == "darwin":
        return MacRecorders
    return PulseRecorders if sys.platform.startswith(("linux", "freebsd")) else None


class CallWatch:
    """Tell when a call program has begun to record for good, once each time, from a thread of its own.

    Args:
        make: makes the port; called on that thread, again and again while it raises `OSError`.
        began: told what people call the program.
        settled_s: for how long it must have recorded.
    """

    def __init__(
        self, make: Callable[[], Recorders], began: Callable[[str], None], settled_s: float = SETTLED_S
    ) -> None:
        self._make, self._began, self._settled_s = make, began, settled_s
        self._stopping = threading.Event()
        self._said: dict[str, float] = {}
        self._port: Recorders | None = None
        self._thread = threading.Thread(target=self._run, name="coach-callwatch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watch; its thread ends with the next word of the system, at the latest with the program."""
        self._stopping.set()
        for _ in range(20):  # whoever is just about to wait does not hear the first word
            if not self._thread.is_alive():
                return
            if (port := self._port) is not None:
                port.wake()
            self._thread.join(0.05)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._port = self._make()
                try:
                    self._watch(self._port)
                finally:
                    port, self._port = self._port, None
                    port.close()
            except OSError:
                self._stopping.wait(KNOCK_S)

    def _watch(self, port: Recorders) -> None:
        told = set(_named(port.now()))  # who records already did not begin under our eyes
        since: dict[str, float] = {}
        while not self._stopping.is_set():
            first = min(since.values(), default=None)
            rest = None if first is None else max(_LEAST_WAIT_S, first + self._settled_s - awake_s())
            port.wait(rest)
            if self._stopping.is_set():
                return
            now_s, names = awake_s(), _named(port.now())
            told &= names
            since = {name: since.get(name, now_s) for name in names - told}
            for name in sorted(n for n, began_s in since.items() if now_s - began_s >= self._settled_s):
                told.add(name)
                del since[name]
                if now_s - self._said.get(name, -AGAIN_S) >= AGAIN_S:
                    self._said[name] = now_s
                    self._began(name)


def _named(raw: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(call_program, raw)))


class PulseRecorders:
    """Linux: what the sound server lists. Raises `OSError` where none answers."""

    def __init__(self) -> None:
        import pulsectl  # noqa: PLC0415 - a library of Linux alone

        from coach.audio.pulse import connected  # noqa: PLC0415 - the same

        self._faults = (pulsectl.PulseError, pulsectl.PulseDisconnected)
        self._stop_loop = pulsectl.PulseLoopStop
        try:
            self._pulse = connected("coach callwatch")
            self._pulse.event_mask_set("source_output")
            self._pulse.event_callback_set(self._noticed)
        except self._faults as e:
            raise OSError(str(e)) from e

    def now(self) -> tuple[str, ...]:
        """Return the programs that record from a source that is no monitor; never this one."""
        try:
            sources = {s.index: s.monitor_of_sink for s in self._pulse.source_list()}
            outputs = self._pulse.source_output_list()
        except self._faults as e:
            raise OSError(str(e)) from e
        return tuple(
            " ".join(o.proplist.get(key, "") for key in ("application.process.binary", "application.name"))
            for o in outputs
            if sources.get(o.source) == _NO_SINK
            and o.proplist.get("application.process.id") != str(os.getpid())
        )

    def wait(self, seconds: float | None) -> None:
        """Return with the next stream that comes, goes or changes."""
        try:
            self._pulse.event_listen(timeout=seconds)
        except self._faults as e:
            raise OSError(str(e)) from e

    def wake(self) -> None:
        """Wake whoever waits."""
        self._pulse.event_listen_stop()

    def close(self) -> None:
        """Leave the server."""
        self._pulse.close()

    def _noticed(self, _event: object) -> None:
        raise self._stop_loop


# Windows. ConsentStore has a key for each program of the Store, named after its family, and under NonPackaged one for
# each other program, named after its path with # in it. While one uses the microphone, its LastUsedTimeStop is 0.

CONSENT_STORE: Final = (
    r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\microphone"
)
NON_PACKAGED: Final = "NonPackaged"
REG_NOTIFY_CHANGE_NAME, REG_NOTIFY_CHANGE_LAST_SET = 1, 4


class ConsentStore(Protocol):
    """The note of Windows on who uses the microphone."""

    def stops(self) -> Iterable[tuple[str, int]]:
        """Return the key of each program and its ``LastUsedTimeStop``. Raises `OSError`."""
        ...

    def wait(self, seconds: float | None) -> None:
        """Return when something in it changes, or after so long. Raises `OSError`."""
        ...

    def wake(self) -> None:
        """Wake whoever waits."""
        ...

    def close(self) -> None:
        """Give back what was opened."""
        ...


class WindowsRecorders:
    """Windows: the programs whose use of the microphone has not ended. Not yet run on Windows."""

    def __init__(self, store: ConsentStore | None = None) -> None:
        self._store = store or _consent_store()

    def now(self) -> tuple[str, ...]:
        """Return their names: the file of a program, or its family where it comes from the Store."""
        return tuple(key.rpartition("#")[2] for key, stop in self._store.stops() if stop == 0)

    def wait(self, seconds: float | None) -> None:
        """Return when Windows has written something down."""
        self._store.wait(seconds)

    def wake(self) -> None:
        """Wake whoever waits."""
        self._store.wake()

    def close(self) -> None:
        """Give the key back."""
        self._store.close()


def _consent_store() -> ConsentStore:
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - a module of Windows alone

        from coach.audio.consentstore import Store  # noqa: PLC0415 - the same

        return Store(winreg, ctypes.WinDLL)
    raise OSError("There is no registry.")


# macOS 14. AudioHardware.h: the system object lists a process object for each program that uses sound.

PROCESSES, RUNNING_INPUT, BUNDLE = b"prs#", b"piri", b"pbid"
"""``kAudioHardwarePropertyProcessObjectList``; ``kAudioProcessProperty`` with ``IsRunningInput`` and ``BundleID``."""
_UTF8 = 0x08000100
_MOST_LETTERS = 256


class MacRecorders:
    """macOS 14 and later: the programs with an open input. Older ones list none. Not yet run on macOS.

    Args:
        audio: the CoreAudio framework; None for the system's.
        foundation: the CoreFoundation framework; None for the system's.
    """

    def __init__(self, audio: Any = None, foundation: Any = None) -> None:
        self._audio = audio or ctypes.CDLL("/System/Library/Frameworks/CoreAudio.framework/CoreAudio")
        self._foundation = foundation or ctypes.CDLL(
            "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
        )
        self._woken = threading.Event()

    def now(self) -> tuple[str, ...]:
        """Return their bundle identifiers, for example ``us.zoom.xos``."""
        address, size = _address(PROCESSES), ctypes.c_uint32(0)
        if self._audio.AudioObjectGetPropertyDataSize(
            ctypes.c_uint32(SYSTEM_OBJECT),
            ctypes.byref(address),
            ctypes.c_uint32(0),
            None,
            ctypes.byref(size),
        ):
            return ()
        objects = (ctypes.c_uint32 * (size.value // 4))()
        if not self._read(SYSTEM_OBJECT, PROCESSES, objects):
            return ()
        return tuple(filter(None, (self._bundle(o) for o in objects if self._records(o))))

    def wait(self, seconds: float | None) -> None:
        """Return after a few seconds."""
        self._woken.wait(ASK_EVERY_S if seconds is None else min(seconds, ASK_EVERY_S))
        self._woken.clear()

    def wake(self) -> None:
        """Wake whoever waits."""
        self._woken.set()

    def close(self) -> None:
        """Nothing was opened."""

    def _records(self, process: int) -> bool:
        running = ctypes.c_uint32(0)
        return self._read(process, RUNNING_INPUT, running) and running.value != 0

    def _bundle(self, process: int) -> str:
        text = ctypes.c_void_p()
        if not self._read(process, BUNDLE, text) or not text.value:
            return ""
        letters = ctypes.create_string_buffer(_MOST_LETTERS)
        fits = self._foundation.CFStringGetCString(
            text, letters, ctypes.c_long(_MOST_LETTERS), ctypes.c_uint32(_UTF8)
        )
        self._foundation.CFRelease(text)
        return letters.value.decode("utf-8", "replace") if fits else ""

    def _read(self, thing: int, selector: bytes, into: Any) -> bool:
        address, size = _address(selector), ctypes.c_uint32(ctypes.sizeof(into))
        failed = self._audio.AudioObjectGetPropertyData(
            ctypes.c_uint32(thing),
            ctypes.byref(address),
            ctypes.c_uint32(0),
            None,
            ctypes.byref(size),
            ctypes.byref(into),
        )
        return not failed


def _address(selector: bytes) -> Address:
    return Address(int.from_bytes(selector, "big"), int.from_bytes(GLOBAL, "big"), MAIN)

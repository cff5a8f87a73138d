"""Windows' note on who uses the microphone, read and waited for.

Owns the few calls for that: `winreg` to read, ``RegNotifyChangeKeyValue`` to wait without asking. Refuses to know what
a name in it means. Written from Microsoft's documentation, **not yet run on Windows**: a test gives it a registry.
"""

from __future__ import annotations

import ctypes
import math
from typing import TYPE_CHECKING, Any

from coach.audio.callprograms import (
    CONSENT_STORE,
    NON_PACKAGED,
    REG_NOTIFY_CHANGE_LAST_SET,
    REG_NOTIFY_CHANGE_NAME,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INFINITE = 0xFFFF_FFFF


class Store:
    """The key, open.

    Args:
        reg: `winreg`, or what stands in for it.
        library: gives the system's libraries by name: `ctypes.WinDLL`.
    """

    def __init__(self, reg: Any, library: Callable[[str], Any]) -> None:
        self._reg = reg
        self._advapi, self._kernel = library("advapi32"), library("kernel32")
        for name in ("CreateEventW", "WaitForSingleObject"):
            getattr(self._kernel, name).restype = (
                ctypes.c_void_p if name == "CreateEventW" else ctypes.c_uint32
            )
        self._key = reg.OpenKey(reg.HKEY_CURRENT_USER, CONSENT_STORE, 0, reg.KEY_READ)
        self._event = ctypes.c_void_p(self._kernel.CreateEventW(None, ctypes.c_int(0), ctypes.c_int(0), None))
        self._armed = False

    def stops(self) -> Iterator[tuple[str, int]]:
        """Return each program and when its use ended, 0 while it goes on."""
        self._arm()  # first, so that nothing is missed between reading and waiting
        yield from self._under(self._key)
        try:
            with self._reg.OpenKey(self._key, NON_PACKAGED, 0, self._reg.KEY_READ) as others:
                yield from self._under(others)
        except FileNotFoundError:
            return

    def wait(self, seconds: float | None) -> None:
        """Wait for the next change."""
        self._arm()
        milliseconds = INFINITE if seconds is None else math.ceil(1000 * seconds)
        if self._kernel.WaitForSingleObject(self._event, ctypes.c_uint32(milliseconds)) == 0:
            self._armed = False

    def wake(self) -> None:
        """Wake whoever waits."""
        self._kernel.SetEvent(self._event)

    def close(self) -> None:
        """Give key and event back."""
        self._key.Close()
        self._kernel.CloseHandle(self._event)

    def _arm(self) -> None:
        if self._armed:
            return
        what = REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_LAST_SET
        failed = self._advapi.RegNotifyChangeKeyValue(
            ctypes.c_void_p(int(self._key)),
            ctypes.c_int(1),
            ctypes.c_uint32(what),
            self._event,
            ctypes.c_int(1),
        )
        if failed:
            raise OSError(failed, "RegNotifyChangeKeyValue")
        self._armed = True

    def _under(self, key: Any) -> Iterator[tuple[str, int]]:
        for place in range(self._reg.QueryInfoKey(key)[0]):
            try:
                name = self._reg.EnumKey(key, place)
                with self._reg.OpenKey(key, name, 0, self._reg.KEY_READ) as program:
                    yield name, int(self._reg.QueryValueEx(program, "LastUsedTimeStop")[0])
            except OSError:
                continue  # it went away, or never used the microphone

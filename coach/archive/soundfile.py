"""The sound of a call beside its log: ``NAME.flac`` next to ``NAME.jsonl``.

Owns how its bytes get to the disk: made for its owner alone, added to at its end, handed to the system at once and had
on the disk once a second. Refuses to know what they hold. Whoever writes is on a thread of their own and may wait.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from coach.archive import locker
from coach.archive.gate import gate
from coach.archive.private import private_file, sync_folder

if TYPE_CHECKING:
    from pathlib import Path

ENDING: Final = ".flac"
SYNC_S: Final = 1.0
"""A power cut takes so much of a call's sound at most, and what the disk itself still held."""
LOCKED: Final = "your calls are locked by now, and sound cannot be"
_sync: Final = getattr(os, "fdatasync", os.fsync)


def sound_path(session: Path) -> Path:
    """Return where the sound of a session lies, where it was kept."""
    return session.with_suffix(ENDING)


class SoundFile:
    """Write the sound of one session.

    Args:
        session: its log.

    Raises:
        OSError: when it cannot be made, or another stands there; also where calls were locked since theirs began.
    """

    def __init__(self, session: Path) -> None:
        self.path = sound_path(session)
        with gate(session.parent):
            if locker.is_on(session):
                raise PermissionError(1, LOCKED)
            self._handle = private_file(self.path)
        self._synced_s = time.monotonic()
        sync_folder(self.path.parent)

    def add(self, data: bytes) -> None:
        """Write bytes at the end. Raises OSError."""
        os.lseek(self._handle, 0, os.SEEK_END)
        while data:
            data = data[os.write(self._handle, data) :]
        if (now_s := time.monotonic()) - self._synced_s >= SYNC_S:
            self._synced_s = now_s
            _sync(self._handle)

    def put(self, at: int, data: bytes) -> None:
        """Write bytes in the place of others: how long it is, which is known in the end alone. Raises OSError."""
        os.lseek(self._handle, at, os.SEEK_SET)
        os.write(self._handle, data)

    def close(self) -> None:
        """Have it on the disk, and close it; harmless when closed already."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            with suppress(OSError):
                os.fsync(handle)
            os.close(handle)

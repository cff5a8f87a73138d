"""Which calls are running: a small file ``NAME.live`` beside the log, locked for as long as its process lives.

Owns that file. The lock is the operating system's, so it ends with the process however that ends: a file that is there
and not locked tells of a call that was not ended. Refuses to know what a log holds.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

ENDING: Final = ".live"


def running_path(session: Path) -> Path:
    """Return where it would say that this session's call is running."""
    return session.with_suffix(ENDING)


class Hold:
    """The lock on one session, held.

    Args:
        path: the file.
        handle: its descriptor.
    """

    def __init__(self, path: Path, handle: int) -> None:
        self._path, self._handle = path, handle

    def release(self, *, ended: bool) -> None:
        """Let go; where the call was ended the file goes too."""
        if self._handle < 0:
            return
        if sys.platform == "win32":  # which keeps what is open
            os.close(self._handle)
        try:
            if ended:
                with suppress(OSError):
                    self._path.unlink(missing_ok=True)
        finally:
            # First gone, then free: nobody finds it free and takes its call for a lost one.
            if sys.platform != "win32":
                os.close(self._handle)
            self._handle = -1


def hold(session: Path, *, make: bool) -> Hold | None:
    """Lock a session.

    Args:
        session: its log.
        make: make the file where there is none.

    Returns:
        None where another holds it, where it is not there, or where this disk knows no locks: what cannot be known to
        have ended is not taken for it.

    Raises:
        OSError: where the file cannot be made.
    """
    path = running_path(session)
    try:
        handle = os.open(path, os.O_RDWR | (os.O_CREAT if make else 0), 0o600)
    except FileNotFoundError:
        if make:
            raise
        return None
    if _locked(handle) and _is_still(path, handle):
        return Hold(path, handle)
    os.close(handle)
    return None


def is_running(session: Path) -> bool:
    """Say whether this session's call is running, in whichever process."""
    try:
        held = hold(session, make=False)
    except OSError:
        return True
    if held is None:
        return running_path(session).exists()
    held.release(ended=False)
    return False


def _is_still(path: Path, handle: int) -> bool:
    """Say whether the file that was locked is the one that stands there: another may just have ended its call."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _locked(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

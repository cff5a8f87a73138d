"""One file, changed by one of us at a time, whichever process.

Owns the system's lock on a file that is added to while another may put a new one in its place. Refuses to know what is
written.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from coach.archive.private import FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PART = 1 << 20


@contextmanager
def exclusive(path: Path, flags: int) -> Iterator[int]:
    """Open a file while nobody else of us changes it or puts another in its place; yield its descriptor.

    Windows lets nobody replace a file that is open, which is the same here.

    Args:
        path: the file.
        flags: as `os.open` takes them; where it is made, its owner alone can read it.

    Raises:
        OSError: where it cannot be opened.
    """
    while True:
        handle = os.open(path, flags | getattr(os, "O_BINARY", 0), FILE)
        try:
            _wait_for(handle)
            if _is_still(path, handle):  # else another took its place while we waited
                yield handle
                return
        finally:
            os.close(handle)


def all_of(handle: int) -> bytes:
    """Return all that a file holds. Raises OSError."""
    os.lseek(handle, 0, os.SEEK_SET)
    parts = []
    while part := os.read(handle, _PART):
        parts.append(part)
    return b"".join(parts)


def write_all(handle: int, data: bytes) -> None:
    """Write until all is written. Raises OSError."""
    while data:
        data = data[os.write(handle, data) :]


def _is_still(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


if os.name == "nt":

    def _wait_for(handle: int) -> None:
        """Wait for nothing: see `exclusive`."""

else:
    import fcntl

    def _wait_for(handle: int) -> None:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)

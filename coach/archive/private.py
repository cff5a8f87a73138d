"""Files and folders that their owner alone can read.

Owns how they are made. `Path.mkdir` gives its mode to the last folder only; the ones above it are made here as private
as that one.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER: Final = 0o700
FILE: Final = 0o600


def private_folder(folder: Path) -> Path:
    """Make a folder, and those above it that are not there, for their owner alone; return it. Raises OSError."""
    for part in (*reversed(folder.parents), folder):
        if not part.is_dir():
            part.mkdir(mode=FOLDER, exist_ok=True)
    return folder


def private_file(path: Path, flags: int = 0) -> int:
    """Make a file that is not there yet, for its owner alone, and return its descriptor. Raises OSError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | flags, FILE)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder survive a power cut, where the system has a way to."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def tighten(folder: Path) -> None:
    """Take from everybody else what earlier versions, or another program, let them read in our folder."""
    for path, mode in _all_in(folder):
        with suppress(OSError):
            if path.stat().st_mode & 0o077:
                path.chmod(mode)


def _all_in(folder: Path) -> Iterator[tuple[Path, int]]:
    with suppress(OSError):
        for top, _, files in os.walk(folder):  # which follows no link out of it
            here = folder / top
            yield here, FOLDER
            yield from ((here / name, FILE) for name in files if not (here / name).is_symlink())

"""Many recordings, and which of them are still to be coached.

Owns what counts as a recording in a folder and what counts as done: the archive holds a session of that very sound
(by its checksum, wherever the file lies and whatever it is called), made with the same settings. So a stop costs
nothing but the recordings that were being coached just then. Refuses to print; how they are coached is the business of
`coach.jobs` and `coach.cluster`.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coach import library
from coach.archive import locker
from coach.archive.log import read_head
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from coach.settings import Settings

SUFFIXES: Final = frozenset(
    {
        *(
            ".aac",
            ".aif",
            ".aiff",
            ".flac",
            ".m4a",
            ".m4b",
            ".mka",
            ".mp3",
            ".oga",
            ".ogg",
            ".opus",
            ".w64",
            ".wav",
        ),
        *(".mkv", ".mov", ".mp4", ".webm"),
    }
)
"""Names of recordings in a folder; what does not end so is passed by, and can be named by itself."""
LEFT_OVER_S: Final = 86_400
"""A half session that nobody wrote to for a day was left by a process that was killed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with many recordings.

    Args:
        todo: to be coached, in order of their names.
        done: recordings that were coached before with these settings, and their sessions.
        copies: recordings with the very sound of another one here, which is coached or done in their place.
        unread: recordings that could not be read, and why.
    """

    todo: tuple[Path, ...]
    done: tuple[tuple[Path, Path], ...] = ()
    copies: tuple[tuple[Path, Path], ...] = ()
    unread: tuple[tuple[Path, Trouble], ...] = ()

    @property
    def count(self) -> int:
        """So many recordings were found."""
        return len(self.todo) + len(self.done) + len(self.copies) + len(self.unread)


def make_plan(
    named: Sequence[Path],
    settings: Settings,
    *,
    recursive: bool = False,
    again: bool = False,
    folder: Path | None = None,
    look: Callable[[int, int], object] = lambda _at, _of: None,
) -> Plan:
    """Find recordings and say which are still to be coached.

    Args:
        named: folders, whose recordings are passed by when they are done, and files, which are coached anyhow.
        settings: as they will be coached.
        recursive: look into folders within folders.
        again: what is done is to be done anew.
        folder: where sessions are kept; None for the usual place.
        look: is told before each recording is looked at: which one, of how many.

    Raises:
        Trouble: for a folder without recordings, or one that cannot be read.
    """
    by_name = [path for path in named if not path.is_dir()]
    found = [
        *by_name,
        *(path for place in named if place.is_dir() for path in recordings_in(place, recursive=recursive)),
    ]
    archive = _Archive(folder)
    archive.sweep()
    wanted = library.made_with(settings)
    first: dict[str, Path] = {}
    done: list[tuple[Path, Path]] = []
    todo: list[Path] = []
    copies: list[tuple[Path, Path]] = []
    unread: list[tuple[Path, Trouble]] = []
    for at, path in enumerate(found):
        look(at, len(found))
        if at < len(by_name):
            todo.append(path)
            continue
        try:
            checksum = archive.checksum(path)
        except Trouble as trouble:
            unread.append((path, trouble))
            continue
        if checksum in first:
            copies.append((path, first[checksum]))
            continue
        first[checksum] = path
        session = library.recording_session(checksum, folder)
        if not again and archive.is_done(session, wanted):
            done.append((path, session))
        else:
            todo.append(path)
    return Plan(tuple(todo), tuple(done), tuple(copies), tuple(unread))


def recordings_in(folder: Path, *, recursive: bool = False) -> list[Path]:
    """Return the recordings in a folder, by their names; hidden ones are passed by.

    Raises:
        Trouble: for a folder without any, or one that cannot be read.
    """
    faults: list[OSError] = []
    found: list[Path] = []
    for place, within, names in os.walk(folder, onerror=faults.append):
        within[:] = sorted(w for w in within if recursive and not w.startswith("."))
        found += [Path(place, n) for n in sorted(names) if _is_recording(n)]
    if faults and not found:
        raise Trouble(
            "The folder '{folder}' cannot be read: {why}.",
            "Check who may read it.",
            folder=folder,
            why=faults[0],
        )
    if not found:
        raise Trouble(
            "There is no recording in the folder '{folder}'.",
            "Name another."
            if recursive
            else "Name another, or look into the folders within it: --recursive.",
            folder=folder,
        )
    return found


def _is_recording(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES


class _Archive:
    """The sessions of recordings that are kept, by what their headers say."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder or library.sessions_folder()
        locker.must_be_open(self._folder)  # else all of it would be coached once more
        self._heads: dict[str, Mapping[str, Any]] = dict(self._read())
        self._sums: dict[tuple[str, int, int], str] = {}
        for head in self._heads.values():
            source = head.get("recording")
            if not isinstance(source, dict):
                continue
            with suppress(KeyError, ValueError, TypeError):  # an older Coach's, or damaged: its sound is read
                seen = (str(source["file"]), int(source["bytes"]), int(source["changed_ns"]))
                self._sums[seen] = str(source["sha256"])

    def _read(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for path in self._folder.glob(f"r-*{library.ENDING}"):
            with suppress(Trouble):  # a session that cannot be read counts as none
                yield path.name, read_head(path)

    def checksum(self, path: Path) -> str:
        """Return the SHA-256 of a recording; a file that was kept and not touched since is not read again."""
        try:
            stat = path.stat()
        except OSError as e:
            raise Trouble(
                "'{path}' cannot be read: {why}.", "Check who may read it.", path=path, why=e
            ) from e
        seen = (str(path.resolve()), stat.st_size, stat.st_mtime_ns)
        return self._sums.get(seen) or library.checksum(path)

    def is_done(self, session: Path, wanted: Mapping[str, Any]) -> bool:
        """Say whether a session was made with these settings; one that cannot be read was not."""
        if self._heads.get(session.name, {}).get("made_with") != wanted:
            return False
        with suppress(Trouble):
            return library.is_done(session, wanted)
        return False

    def sweep(self) -> None:
        """Remove half sessions that killed processes left behind."""
        now = time.time()  # noqa: TID251 - the age of a file is no matter of audio
        for part in self._folder.glob("*.part"):
            with suppress(OSError):
                if now - part.stat().st_mtime > LEFT_OVER_S:
                    part.unlink()

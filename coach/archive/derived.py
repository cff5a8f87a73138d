"""A SQLite file that can always be made again, because all in it is drawn from elsewhere.

Owns the opening, the steps from an earlier Coach's tables to ours, and what happens when the file is damaged, another
program's, a newer Coach's, locked or nowhere to be written: it is set aside and a new one takes its place, on disk
or in memory, with a sentence that says so. Refuses to know what the tables hold.

Where the library is locked there is no such file: the tables live in memory, and are written down sealed, as one piece,
when the file is closed. Of a program that died the next sync draws again what is missing.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from coach.archive import locker
from coach.archive.private import private_file, private_folder
from coach.language import Sentence, in_a_row
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

WAIT_S: Final = 2.0
"""How long a writer waits for another program's transaction; ours take a millisecond."""
_WAIT_TO_OPEN_S: Final = 0.2  # a window waits for it
_HEADER, _VERSION_AT, _ID_AT = 100, 60, 68  # bytes of SQLite's file header (sqlite.org/fileformat2.html, 1.3)
_EXTRAS: Final = ("", "-wal", "-shm")  # the files that SQLite keeps
SEALED: Final = ".sealed"
"""Ending of the file in which a locked library keeps its tables."""
_OURS_NO_MORE: Final = frozenset(
    {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH}
)
"""What SQLite says of a file that is damaged, or whose tables are not the expected ones."""
_MOVED: Final = sqlite3.SQLITE_READONLY_DBMOVED  # another Coach has put a new one in its place

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Shape:
    """What the tables are: the statements that make them, and the marks by which a file is known as ours.

    Args:
        statements: with semicolons between.
        application: ``PRAGMA application_id``.
        version: ``PRAGMA user_version``.
        steps: for each earlier version the statements that make the next of it; all that are needed are one
            transaction, so that a power cut leaves the old tables or ours.
    """

    statements: str
    application: int
    version: int
    steps: Mapping[int, str] = field(default_factory=dict)


class DerivedFile:
    """The file, open. May be used from several threads, one at a time: whoever does several things holds ``lock``.

    Args:
        path: made where there is none; its owner alone can read it.
        shape: its tables.
        what: what it is, as the beginning of a sentence.
    """

    def __init__(self, path: Path, shape: Shape, what: str) -> None:
        self.path = path
        self.note = ""
        """What to tell the user about the file, in a sentence; empty where all is well."""
        self.lock = threading.RLock()
        self._shape = shape
        self._what = what
        self._inode = 0
        self._moved_to = ""
        self._sealed = path.with_suffix(SEALED)
        self._from = -1
        self._db = self._opened()

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            with suppress(sqlite3.ProgrammingError):  # closed twice
                self._keep_sealed()
            self._db.close()

    def ask(self, what: Callable[[sqlite3.Connection], _Answer]) -> _Answer:
        """Do something with the file; one that turns out to be damaged is made anew, and then it is done again.

        A ValueError or TypeError says that what was written there reads otherwise now.

        Raises:
            Trouble: when the file cannot be written, or another program holds it.
        """
        with self.lock:
            try:
                if self._is_there():
                    return what(self._db)
            except (sqlite3.Error, ValueError, TypeError) as e:
                if not _is_damage(e):
                    raise Trouble(
                        "{what} cannot be kept: {why}.",
                        "The calls themselves are safe; close other programs that have it open, or free some space.",
                        what=Sentence(self._what),
                        why=e,
                    ) from e
            self._db.close()
            self._make_way()
            self._db = self._opened()
            self.note = self.note or self._replaced("{what} was damaged and has been made again.")
            return what(self._db)

    def shrink(self) -> None:
        """Let nothing that was deleted be left in the file, its journal, or a damaged one that was set aside.

        Where another program reads at this moment, what it reads stays until it closes the file.

        Raises:
            Trouble: as `ask`.
        """
        if self._from >= 0:
            self._keep_sealed(anew=True)
            return
        self.ask(lambda db: db.execute("PRAGMA temp_store = MEMORY"))  # no copy on the disk on the way
        with suppress(Trouble):  # all pages are in order as they are, and what was deleted is zeros in them
            self.ask(lambda db: db.execute("VACUUM"))
        self.ask(lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        for extra in _EXTRAS:
            with suppress(OSError):
                self._aside("damaged", extra).unlink(missing_ok=True)

    def _aside(self, why: str, extra: str = "") -> Path:
        return self.path.with_name(f"{self.path.stem}.{why}{self.path.suffix}{extra}")

    def _replaced(self, told: str) -> str:
        moved = Sentence("What was there is kept as {name}.", name=self._moved_to) if self._moved_to else ""
        return in_a_row(Sentence(told, what=Sentence(self._what)), moved)

    def _is_there(self) -> bool:
        """Say whether the file still stands where it was opened; one in memory always does."""
        try:
            return not self._inode or self.path.stat().st_ino == self._inode
        except OSError:
            return False

    def _opened(self) -> sqlite3.Connection:
        self._from = -1
        try:
            if locker.is_on(self.path):
                return self._unsealed()
            return self._connected()
        except (sqlite3.Error, ValueError) as e:
            if _is_damage(e):
                self._make_way()
                self.note = self._replaced("{what} could not be used and has been made again.")
                with suppress(OSError, sqlite3.Error, ValueError):
                    return self._connected()
        except OSError:
            pass
        self._inode = 0
        self.note = Sentence(
            "{what} cannot be kept on this disk, or another program holds it; for now it is made anew.",
            what=Sentence(self._what),
        )
        return self._readied(_in_memory())

    def _unsealed(self) -> sqlite3.Connection:
        """Return a connection to memory, with what was written down sealed where that is here and can be read."""
        self._inode = 0
        try:
            db = _in_memory()
            db.deserialize(locker.read_whole(self._sealed))
            db.execute("PRAGMA temp_store = MEMORY")
            self._readied(db)
        except (OSError, ValueError, Trouble, sqlite3.Error):  # none yet, damaged, or nobody has the key
            db.close()
            db = self._readied(_in_memory())
            db.execute("PRAGMA temp_store = MEMORY")
        self._from = db.total_changes
        return db

    def _keep_sealed(self, *, anew: bool = False) -> None:
        """Write the tables down, sealed; where that cannot be, nothing of them stays: they can be drawn again."""
        if self._from < 0 or (self._db.total_changes == self._from and not anew):
            return
        part = self._sealed.with_name(f"{self._sealed.name}.{os.getpid()}.part")
        try:
            if not locker.state(self.path.parent).on:
                return
            if not locker.state(self.path.parent).open:  # what is in memory may be less than what is there
                self._sealed.unlink(missing_ok=anew)
                return
            self._db.execute("VACUUM")
            private_folder(part.parent)
            part.unlink(missing_ok=True)
            with os.fdopen(private_file(part), "wb") as file:
                file.write(locker.whole(self._sealed, self._db.serialize()))
            part.replace(self._sealed)
            self._from = self._db.total_changes
        except (OSError, Trouble):
            with suppress(OSError):
                self._sealed.unlink(missing_ok=True)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def _connected(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._inode = os.fstat(handle).st_ino
            if hasattr(os, "fchmod"):
                os.fchmod(handle, 0o600)
        finally:
            os.close(handle)
        db = sqlite3.connect(
            self.path, timeout=_WAIT_TO_OPEN_S, isolation_level=None, check_same_thread=False
        )
        try:
            self._readied(db)
            db.execute(f"PRAGMA busy_timeout = {round(1000 * WAIT_S)}")
        except BaseException:
            db.close()
            raise
        return db

    def _make_way(self) -> None:
        """Move a file that cannot be used aside; ours, when damaged, in the place of the last such."""
        self._moved_to = ""
        with suppress(OSError):
            if not self._is_there():
                return  # another Coach has just made it anew
            with self.path.open("rb") as file:
                head = file.read(_HEADER)
            ours = head[_ID_AT : _ID_AT + 4] == self._shape.application.to_bytes(4, "big")
            newer = int.from_bytes(head[_VERSION_AT : _VERSION_AT + 4], "big") > self._shape.version
            why = "damaged" if ours and not newer else "aside"
            for extra in _EXTRAS:
                part = self.path.with_name(self.path.name + extra)
                if part.exists():
                    part.replace(self._aside(why, extra))
                else:
                    self._aside(why, extra).unlink(missing_ok=True)
            self._moved_to = self._aside(why).name

    def _readied(self, db: sqlite3.Connection) -> sqlite3.Connection:
        """Return a connection with our tables. Raises ValueError for a file that is not ours."""
        with transaction(db, "DEFERRED"):  # all at one moment: another may be making it
            made = self._version(db) == self._shape.version
        with suppress(sqlite3.OperationalError):
            db.execute("PRAGMA journal_mode = WAL")  # another that opens it at the same moment sets it too
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")
        if not made:
            with transaction(db):
                version = self._version(db)  # another may have made it since
                steps = (
                    [self._shape.steps[v] for v in range(version, self._shape.version)]
                    if version
                    else [self._shape.statements]
                )
                for statement in "".join(steps).split(";")[:-1]:
                    db.execute(statement)
                db.execute(f"PRAGMA application_id = {self._shape.application}")
                db.execute(f"PRAGMA user_version = {self._shape.version}")
        return db

    def _version(self, db: sqlite3.Connection) -> int:
        """Return the version of our tables that is there; 0 for an empty file. Raises ValueError for another's."""
        ((application,),) = db.execute("PRAGMA application_id").fetchall()
        ((version,),) = db.execute("PRAGMA user_version").fetchall()
        ((tables,),) = db.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        if (application, version, tables) == (0, 0, 0):
            return 0
        ours = application == self._shape.application
        if not ours or version not in {*self._shape.steps, self._shape.version}:
            raise ValueError(version)
        return int(version)


def _in_memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)


def _is_damage(e: Exception) -> bool:
    if isinstance(e, sqlite3.ProgrammingError | sqlite3.InterfaceError):
        return False  # such as a catalogue that has been closed
    if not isinstance(e, sqlite3.Error):
        return True  # what we wrote there reads otherwise now
    code = getattr(e, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # text that is none has no code
    return code == _MOVED or code & 0xFF in _OURS_NO_MORE


@contextmanager
def transaction(db: sqlite3.Connection, how: str = "IMMEDIATE") -> Iterator[None]:
    """Write all that follows, or nothing of it; with ``DEFERRED``, read all of it as it is at one moment."""
    db.execute(f"BEGIN {how}")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")

"""The catalogue of kept sessions: one row a call and its figures, in SQLite, so that thousands are listed at once.

Owns that file and how it is kept in step with the sessions. Refuses to know how a session is read: whoever opens it
hands in a callable. Everything here is drawn from the logs and from what was written by hand, and can be made again:
so a catalogue that is damaged, or that another program wrote, gives way to a new one, and nothing is lost.

Theory of operation. A session has a *stamp*, a short text that changes when its files do. A sync compares stamps,
which costs no more than a look at the folder, and takes in what is new or changed, a transaction each: it can be
stopped at any moment, and goes on from there. Readers never wait for a writer (WAL), so two programs may have it open.
"""

from __future__ import annotations

import json
import math
import os
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from coach.archive.derived import DerivedFile, Shape, transaction
from coach.trouble import Trouble

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

NAME: Final = "catalogue.sqlite"
VERSION: Final = 2
APPLICATION: Final = 0x436F6163  # "Coac"
_SHAPE: Final = Shape(
    """
CREATE TABLE session (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL, began TEXT NOT NULL, at REAL,
  call_type TEXT NOT NULL, title TEXT NOT NULL, tags TEXT NOT NULL, duration_s REAL NOT NULL, source TEXT NOT NULL,
  nudges INTEGER NOT NULL, notes INTEGER NOT NULL, practice INTEGER NOT NULL, fault TEXT NOT NULL,
  stamp TEXT NOT NULL, note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX session_at ON session (at);
CREATE INDEX session_type_at ON session (call_type, at);
CREATE TABLE figure (
  session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE, name TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (session, name)
) STRICT, WITHOUT ROWID;
""",
    APPLICATION,
    VERSION,
    {1: "ALTER TABLE session ADD COLUMN note TEXT NOT NULL DEFAULT '';"},
)
_COLUMNS: Final = (
    "path, name, began, at, call_type, title, tags, duration_s, source, nudges, notes, practice, fault, note"
)
_TAGS, _PRACTICE = 6, 11  # their places among them


class Row(NamedTuple):
    """One kept session: a tuple, because thousands are made before a window is seen.

    Args:
        path: its log.
        name: what it is called by programs.
        began: when the call was, as ISO 8601; empty where nobody knows.
        at: the same in seconds since 1970, by which calls are put in order.
        call_type: the kind of call.
        title: what it is called by people. Untrusted.
        tags: given by hand. Untrusted.
        duration_s: how long it was.
        source: ``live`` or ``recording``.
        nudges: count of nudges shown.
        notes: count of notes by hand.
        practice: nobody's customer was in it.
        fault: why it cannot be read; empty where it can.
        note: what a crash or a disk took of it, in a sentence; empty where nothing was.
    """

    path: str
    name: str
    began: str = ""
    at: float | None = None
    call_type: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    duration_s: float = 0.0
    source: str = "live"
    nudges: int = 0
    notes: int = 0
    practice: bool = False
    fault: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A session as it goes into the catalogue: its row, and its figures that are available, by name."""

    row: Row
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did: sessions taken in, of those not readable, sessions gone, and whether it came to its end."""

    taken: int = 0
    unread: int = 0
    gone: int = 0
    whole: bool = True


class Catalogue:
    """The catalogue, open. May be used from several threads.

    Args:
        path: the file; made where there is none, and made anew where it is not a catalogue that can be used.

    Where nothing can be written the catalogue lives in memory, for as long as it is open. ``note`` then says so.
    """

    def __init__(self, path: Path) -> None:
        self._touched: set[str] = set()
        self._file = DerivedFile(path, _SHAPE, "The list of your calls")

    @property
    def note(self) -> str:
        """What to tell the user about the file, in a sentence; empty where all is well."""
        return self._file.note

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def rows(self, most: int = -1) -> list[Row]:
        """Return every session, the latest call first, those of an unknown date last.

        Args:
            most: so many at most; -1 for all.
        """
        # Descending, SQLite has what is unknown last; said so, it would not use its index.
        ask = f"SELECT {_COLUMNS} FROM session ORDER BY at DESC, id DESC LIMIT ?"  # noqa: S608 - our own columns
        return self._file.ask(lambda db: [_row(values) for values in db.execute(ask, (most,))])

    def figures(self, call_type: str, names: Collection[str]) -> dict[str, dict[str, float]]:
        """Return the figures of these names of every call of a type, by its path, the earliest call first."""

        def ask(db: sqlite3.Connection) -> dict[str, dict[str, float]]:
            found: dict[str, dict[str, float]] = {}
            marks = ",".join("?" * len(names))
            for path, name, value in db.execute(
                f"SELECT path, figure.name, value FROM session JOIN figure ON figure.session = session.id "  # noqa: S608 - question marks
                f"WHERE call_type = ? AND figure.name IN ({marks}) ORDER BY at, session.id",
                (call_type, *names),
            ):
                found.setdefault(path, {})[name] = value
            return found

        return self._file.ask(ask)

    def last_figures(self, call_type: str, before: str = "", most: int = 10) -> list[dict[str, float]]:
        """Return the figures of the last calls of a type, the latest first.

        Args:
            call_type: like is set against like.
            before: only calls that began before this moment, ISO 8601; empty for all.
            most: so many calls at most.
        """
        at = instant(before)
        until, moment = ("AND at < ?", (at,)) if at is not None else ("", ())

        def ask(db: sqlite3.Connection) -> list[dict[str, float]]:
            ids = db.execute(
                f"SELECT id FROM session WHERE call_type = ? AND fault = '' {until} "  # noqa: S608 - one of two of ours
                "ORDER BY at DESC, id DESC LIMIT ?",
                (call_type, *moment, most),
            ).fetchall()
            return [
                dict(db.execute("SELECT name, value FROM figure WHERE session = ?", one).fetchall())
                for one in ids
            ]

        return self._file.ask(ask)

    def row(self, path: str) -> Row | None:
        """Return one session; None where it is not here."""
        ask = f"SELECT {_COLUMNS} FROM session WHERE path = ?"  # noqa: S608 - our own columns
        found = self._file.ask(lambda db: db.execute(ask, (path,)).fetchone())
        return _row(found) if found else None

    def stamp(self, path: str) -> str:
        """Return the stamp that a session had when it was read; empty where it is not here."""
        ask = "SELECT stamp FROM session WHERE path = ?"
        found = self._file.ask(lambda db: db.execute(ask, (path,)).fetchone())
        return str(found[0]) if found else ""

    def put(self, entry: Entry, stamp: str) -> None:
        """Take in one session, in the place of what is known of it. Raises `Trouble` when it cannot be written."""
        with self._file.lock:
            self._touched.add(entry.row.path)
            self._put(entry, stamp)

    def retitle(self, path: str, title: str, tags: tuple[str, ...], stamp: str, *, practice: bool) -> None:
        """Write the title and the tags of a session that is here. Raises `Trouble` when it cannot be written."""

        def change(db: sqlite3.Connection) -> None:
            with transaction(db):
                db.execute(
                    "UPDATE session SET title = ?, tags = ?, practice = ?, stamp = ? WHERE path = ?",
                    (_text(title), json.dumps([_text(t) for t in tags]), practice, stamp, path),
                )

        with self._file.lock:
            self._touched.add(path)
            self._file.ask(change)

    def forget(self, paths: Iterable[str]) -> None:
        """Take sessions out, to the last byte: no title stays behind in the file.

        Raises:
            Trouble: when it cannot be written.
        """
        gone = list(paths)
        with self._file.lock:
            self._touched.update(gone)
            self._file.ask(lambda db: _drop(db, gone))
            self._file.shrink()

    def sync(
        self,
        stamps: Mapping[str, str],
        read: Callable[[str], Entry],
        stopped: Callable[[], bool] = lambda: False,
        told: Callable[[Row], object] = lambda _: None,
    ) -> Synced:
        """Bring the catalogue in step with the sessions that are there.

        Args:
            stamps: a stamp for the path of each session; read in this order.
            read: opens one; may raise `Trouble`, and the session is then listed as one that cannot be read.
            stopped: is asked before each; what was taken in until then stays.
            told: is told of each row that is new or changed.

        Raises:
            Trouble: when the catalogue cannot be written.
        """
        with self._file.lock:
            self._touched.clear()
            known = self._file.ask(_checked_stamps)
            gone = [path for path in known if path not in stamps]
            if gone:
                self._file.ask(lambda db: _drop(db, gone))
        taken = unread = 0
        for path, stamp in stamps.items():
            if known.get(path) == stamp or _text(path) != path:
                continue  # a file's name that is no text has no place in a list of texts
            if stopped():
                return Synced(taken, unread, len(gone), whole=False)
            try:
                entry = read(path)
            except Trouble as trouble:
                entry = Entry(Row(path, _stem(path), title=_stem(path), fault=trouble.what), {})
                unread += 1
            with self._file.lock:
                if path in self._touched:
                    continue  # changed or forgotten while it was being read; that came later
                self._put(entry, stamp)
            taken += 1
            told(entry.row)
        return Synced(taken, unread, len(gone))

    def _put(self, entry: Entry, stamp: str) -> None:
        row = entry.row
        values: list[Any] = [_text(v) if isinstance(v, str) else v for v in (*row, stamp)]
        values[_TAGS] = json.dumps([_text(t) for t in row.tags])

        def change(db: sqlite3.Connection) -> None:
            with transaction(db):
                db.execute("DELETE FROM session WHERE path = ?", (row.path,))
                made = db.execute(
                    f"INSERT INTO session ({_COLUMNS}, stamp) VALUES ({','.join('?' * len(values))})",  # noqa: S608 - our own columns
                    values,
                )
                db.executemany(
                    "INSERT INTO figure VALUES (?, ?, ?)",
                    [(made.lastrowid, n, v) for n, v in entry.figures.items() if math.isfinite(v)],
                )

        self._file.ask(change)


def instant(began: str) -> float | None:
    """Return when a call was in seconds since 1970; None where the text is no ISO 8601."""
    try:
        return datetime.fromisoformat(began).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]  # noqa: PTH119, PTH122 - text in, text out


def _row(values: tuple[Any, ...]) -> Row:
    tags, practice = values[_TAGS], bool(values[_PRACTICE])
    kept = tuple(json.loads(tags)) if tags != "[]" else ()
    return Row._make(
        (*values[:_TAGS], kept, *values[_TAGS + 1 : _PRACTICE], practice, *values[_PRACTICE + 1 :])
    )


def _text(text: str) -> str:
    """Return text that can be stored: a log may hold half a character, and a file's name any byte."""
    return text.encode("utf-8", "replace").decode()


def _checked_stamps(db: sqlite3.Connection) -> dict[str, str]:
    """Return the stamp of every session. Raises for a file that is damaged anywhere."""
    with closing(db.execute("PRAGMA quick_check(1)")) as check:
        said = check.fetchone()
    if said != ("ok",):
        raise ValueError(said)
    return dict(db.execute("SELECT path, stamp FROM session").fetchall())


def _drop(db: sqlite3.Connection, paths: Iterable[str]) -> None:
    with transaction(db):
        db.executemany("DELETE FROM session WHERE path = ?", [(p,) for p in paths])

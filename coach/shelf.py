"""The shelf of kept calls: the folder of sessions and its catalogue, in step.

Owns what a session's row says, which files belong to a session, and how one is renamed, tagged and forgotten. What a
person writes goes beside the session first and into the catalogue second: the catalogue can always be made again.
"""

from __future__ import annotations

import math
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coach import __version__, library
from coach.archive import catalogue as kept
from coach.archive import exports, locker, running, soundfile
from coach.archive import habit as habit_file
from coach.archive.catalogue import Catalogue, Entry, Row, instant
from coach.archive.hand import HandFile, hand_path, read_hand
from coach.archive.log import read_head, read_session
from coach.call.events import CallStarted, SentenceHeard
from coach.call.figures import alike, figures
from coach.call.hand import corrected
from coach.call.meters import Meters
from coach.language import Sentence, in_a_row
from coach.report.habits import WAYS, Habit, is_practice
from coach.report.plain import clean
from coach.report.trends import SHOWN, trends
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from coach.archive.catalogue import Synced
    from coach.report.listing import Listed
    from coach.report.trends import Trend

_READING: Final = f"{__version__}.2"
"""How rows and figures are drawn: with another, every session is read again."""
_STAMP_LETTERS: Final = len("2026-11-22-100000")
_ENDINGS: Final = (library.ENDING, soundfile.ENDING, ".hand", ".peaks", exports.ENDING, running.ENDING)
"""What Coach itself writes of a session; whatever else bears its name is somebody else's."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as the folder tells of it."""

    mtime_ns: int
    size: int

    def __str__(self) -> str:
        return f"{self.mtime_ns}:{self.size}"


class Shelf:
    """The kept calls. May be used from several threads.

    Args:
        folder: of the sessions; None for the usual one. The catalogue lies beside it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or library.sessions_folder()
        self.catalogue = Catalogue(self.folder.parent / kept.NAME)
        self._habit = self.folder.parent / habit_file.NAME

    @property
    def note(self) -> str:
        """What to tell the user about the catalogue; empty where all is well."""
        return self.catalogue.note

    def close(self) -> None:
        """Close the catalogue."""
        self.catalogue.close()

    def rows(self, most: int = -1) -> list[Row]:
        """Return every call as it was when last looked at, the latest first; so many at most."""
        return self.catalogue.rows(most)

    def sync(
        self, stopped: Callable[[], bool] = lambda: False, told: Callable[[Row], object] = lambda _: None
    ) -> Synced:
        """Bring the catalogue in step with the folder. Raises `Trouble` when either cannot be had, or is locked."""
        locker.must_be_open(self.folder)
        return self.catalogue.sync(self.stamps(), _readable, stopped, told)

    def stamps(self) -> dict[str, str]:
        """Return a stamp for each session in the folder, the one written to last first; a look at each, no more.

        Raises:
            Trouble: when the folder is there and cannot be read.
        """
        logs: dict[str, _Seen] = {}
        hands: dict[str, _Seen] = {}
        try:
            with os.scandir(self.folder) as found:
                for file in found:
                    stem, dot, ending = file.name.rpartition(".")
                    into = {library.ENDING: logs, ".hand": hands}.get(dot + ending)
                    if into is not None:
                        with suppress(FileNotFoundError):  # gone since
                            seen = file.stat()
                            into[stem] = _Seen(seen.st_mtime_ns, seen.st_size)
        except FileNotFoundError:
            return {}
        except OSError as e:
            raise Trouble(
                "The calls in {folder} cannot be read: {why}.",
                "Check the folder's rights.",
                folder=self.folder,
                why=e,
            ) from e
        latest = sorted(logs, key=lambda stem: logs[stem].mtime_ns, reverse=True)
        return {
            str(self.folder / f"{stem}{library.ENDING}"): _stamp(logs[stem], hands.get(stem))
            for stem in latest
        }

    def rename(self, path: str, title: str) -> Row | None:
        """Give a call a title; an empty one gives it back the machine's. Raises `Trouble` when it cannot be kept."""
        return self._by_hand(path, lambda hand: hand.call_it(title.strip()))

    def tag(self, path: str, tags: Iterable[str]) -> Row | None:
        """Give a call its tags, all of them. Raises `Trouble` when they cannot be kept."""
        clean = tuple(dict.fromkeys(t for t in (" ".join(t.split()) for t in tags) if t))
        return self._by_hand(path, lambda hand: hand.tag(clean))

    def _by_hand(self, path: str, write: Callable[[HandFile], None]) -> Row | None:
        session = Path(path)
        row = self.catalogue.row(path)
        in_step = self.catalogue.stamp(path) == _stamp_of(session)
        if not session.exists():
            raise Trouble(
                "The call '{name}' is not there any more.", "Look at the list again.", name=session.stem
            )
        write(HandFile(session))
        hand = read_hand(session)
        if row is None:
            return None
        title = hand.title or _title(read_head(session), session)
        # With a stamp of nothing the next sync reads it anew: something else was written beside it meanwhile.
        stamp = _stamp_of(session) if in_step else ""
        practice = is_practice(row.call_type, hand.tags)
        self.catalogue.retitle(path, title, hand.tags, stamp, practice=practice)
        return self.catalogue.row(path)

    def forget(self, paths: Iterable[str]) -> list[Path]:
        """Delete calls: each log, what was written by hand, what was drawn from it, its row. Recordings stay.

        Returns:
            The copies of them that were exported and are still there: whose they are, Coach cannot know.

        Raises:
            Trouble: where a file could not be deleted, lies elsewhere, or its call is running; the others are deleted.
        """
        faults: list[str] = []
        copies: list[Path] = []
        gone: list[str] = []
        sweep(self.folder)
        for path in paths:
            try:
                _must_be_in(self.folder, Path(path))
                if running.is_running(Path(path)):
                    faults.append(
                        Sentence(
                            "The call '{name}' is running, so it stays: end it first.", name=Path(path).stem
                        )
                    )
                    continue
                theirs = exports.copies_of(Path(path))
                for file in files_of(Path(path)):
                    file.unlink(missing_ok=True)
            except Trouble as trouble:
                faults.append(trouble.what)
            except OSError as e:
                faults.append(Sentence("'{path}' could not be deleted: {why}.", path=path, why=e))
            else:
                copies += theirs
                gone.append(path)
        self.catalogue.forget(gone)
        if faults:
            raise Trouble(in_a_row(*faults, remain(copies)), "Look at the folder, and who may write there.")
        return copies

    def last_figures(self, call_type: str, before: str = "", most: int = 10) -> list[dict[str, float]]:
        """Return the figures of the last calls of a type before a moment (ISO 8601), the latest first."""
        return self.catalogue.last_figures(call_type, before, most)

    def trends(self, call_type: str, rows: Sequence[Listed] | None = None) -> tuple[Trend, ...]:
        """Return the trends of the calls of one type.

        Args:
            call_type: like with like.
            rows: every call, where they are at hand; None to look them up.
        """
        calls = [
            r for r in (self.rows() if rows is None else rows) if r.call_type == call_type and not r.fault
        ]
        return trends(calls, self.catalogue.figures(call_type, SHOWN))

    def habit(self) -> Habit | None:
        """Return what the rep works at; None where nothing was chosen. Raises `Trouble` as `read_habit` does."""
        values = habit_file.read_habit(self._habit)
        try:
            habit = Habit(str(values["figure"]), float(values["target"]), str(values["call_type"]))
        except (KeyError, ValueError, TypeError):
            return None
        return habit if habit.figure in WAYS and math.isfinite(habit.target) else None

    def keep_habit(self, habit: Habit | None) -> None:
        """Keep what the rep works at; None for nothing. Raises `Trouble` when the disk refuses."""
        values: Mapping[str, Any] = {}
        if habit is not None:
            values = {"figure": habit.figure, "target": habit.target, "call_type": habit.call_type}
        habit_file.write_habit(self._habit, values)


def sweep(folder: Path) -> None:
    """Take away the half sessions of processes that were killed: whoever forgets a call means its words too."""
    processes = {part.name.split(".")[-2] for part in folder.glob("*.*.part")}
    for process in processes:
        if process.isascii() and process.isdigit() and not _runs(int(process)):
            library.sweep_parts(int(process), folder)


def entry(path: Path) -> Entry:
    """Return the row and the figures of a session. Runs no rule.

    Raises:
        Trouble: when it cannot be read.
    """
    stored, hand = read_session(path), read_hand(path)
    events = corrected(stored.events, hand.corrections)
    started = next((e for e in events if isinstance(e, CallStarted)), None)
    if started is None:
        raise Trouble("The session '{path}' is empty.", "Choose another.", path=path)
    meters = Meters()
    for event in events:
        meters.fold(event)
    heard_words = any(isinstance(e, SentenceHeard) for e in events)
    began = _began(stored.head, path)
    row = Row(
        str(path),
        path.stem,
        began,
        instant(began),
        started.call_type,
        hand.title or _title(stored.head, path),
        hand.tags,
        round(meters.now_ms / 1000, 3),
        "recording" if stored.head.get("recording") else "live",
        len(stored.nudges),
        len(hand.notes),
        is_practice(started.call_type, hand.tags),
        note=library.lost(stored),
    )
    drawn = alike(meters, figures(meters, heard_words=heard_words))
    return Entry(row, {f.name: f.value for f in drawn if f.value is not None})


def remain(copies: Sequence[Path], most: int | None = None) -> str:
    """Return that copies of forgotten calls are still where they were written; nothing where there are none.

    Args:
        copies: where.
        most: so many are named at most; None for all.
    """
    if not copies:
        return ""
    named = ", ".join(clean(str(c)) for c in copies[:most])
    rest = len(copies) - len(copies[:most])
    if rest:
        return Sentence("Copies that you exported remain: {named} and {rest} more.", named=named, rest=rest)
    return Sentence("Copies that you exported remain: {named}.", named=named)


def files_of(session: Path) -> list[Path]:
    """Return the files of a session that are there: its log first, without which the rest means nothing."""
    if session.suffix != library.ENDING:
        return []
    beside = (session.with_name(f"{session.stem}{ending}") for ending in _ENDINGS)
    return [file for file in beside if file.is_file() or file.is_symlink()]


def forgettable(name: str, folder: Path | None = None) -> Path:
    """Return the session of this name, where it is one that may be deleted.

    Raises:
        Trouble: for none, for more than one, and for a file that lies elsewhere: what else lies there, Coach cannot
            know.
    """
    path = library.find_session(name, folder)
    _must_be_in(folder or library.sessions_folder(), path)
    return path


def _must_be_in(folder: Path, session: Path) -> None:
    """Raise `Trouble` for a file outside the folder; a link within it is the link that goes, not what it points to."""
    if session.parent.resolve() != folder.resolve():
        raise Trouble(
            "'{session}' is not among the calls that Coach keeps, so it stays.",
            "Delete the file yourself.",
            session=session,
        )


def _runs(process: int) -> bool:
    """Say whether there is a process of this number.

    Windows has no harmless way to ask, and needs none: it keeps a file that a process has open.
    """
    if sys.platform == "win32":
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is somebody else's
        return True
    return process > 0


def _readable(path: str) -> Entry:
    try:
        return entry(Path(path))
    except Trouble:
        raise
    except Exception as e:
        raise Trouble(
            "'{name}' cannot be read ({fault}).",
            "Look at the file.",
            name=Path(path).name,
            fault=type(e).__name__,
        ) from e


def _title(head: Mapping[str, Any], path: Path) -> str:
    return str(head.get("title") or path.stem)


def _began(head: Mapping[str, Any], path: Path) -> str:
    """Return when a call was as ISO 8601, from its header or, of an older live call, its name; else nothing."""
    with suppress(ValueError):
        return datetime.fromisoformat(str(head.get("began", ""))).isoformat(timespec="seconds")
    with suppress(ValueError, OverflowError, OSError):
        named = datetime.strptime(path.stem[:_STAMP_LETTERS], "%Y-%m-%d-%H%M%S")  # noqa: DTZ007 - the clock on the wall
        return named.astimezone().isoformat(timespec="seconds")
    return ""


def _stamp_of(session: Path) -> str:
    """Return the stamp of one session; of one that is not there nothing."""
    log, hand = (_look(p) for p in (session, hand_path(session)))
    return "" if log is None else _stamp(log, hand)


def _look(path: Path) -> _Seen | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return _Seen(seen.st_mtime_ns, seen.st_size)


def _stamp(log: _Seen, hand: _Seen | None) -> str:
    return f"{_READING} {log} {hand or ''}"

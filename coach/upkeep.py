"""What is looked after when Coach starts: calls that nobody ended, those kept long enough, and who may read them.

Owns the order of these, what is told of them, and the one file that says since when calls go by themselves:
``retention.json``. Nothing goes unannounced: the first time that calls are due they are only told of, and go from the
next day on; and so again after the date leapt, because a clock that is wrong by a year must not cost a year's calls.
"""

from __future__ import annotations

import json
import os
from contextlib import closing, suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from coach import library
from coach.archive import converting, locker
from coach.archive.private import private_folder, tighten
from coach.archive.recovery import recover
from coach.archive.running import is_running
from coach.language import Sentence, in_a_row
from coach.shelf import Shelf, remain, sweep
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

    from coach.settings import Settings

NAME: Final = "retention.json"
_MOST_NAMED: Final = 3  # on a card that is read in one glance
_LEAP_DAYS: Final = 14
"""Between two starts more days than a short holiday, or fewer than none, may be a clock that was put wrong."""


def at_start(settings: Settings, today: date, folder: Path | None = None) -> list[str]:
    """Look after the kept calls; return what to tell, a sentence or two each.

    Args:
        settings: with ``storage.keep_days``.
        today: the date.
        folder: of the sessions; None for the usual one.
    """
    sessions = folder or library.sessions_folder()
    if not sessions.is_dir():
        return []
    tighten(sessions.parent)
    told = [_sealed(sessions.parent, sessions.name), recovered(sessions)]
    with suppress(
        OSError
    ):  # a folder that can only be read, or another start at the same moment: it goes next time
        told.append(let_go(sessions, round(settings.storage.keep_days), today))
    return [said for said in told if said]


def _sealed(folder: Path, sessions: str) -> str:
    """Seal what lies openly in a locked library, such as after a crash in the midst of that; return what to tell."""
    try:
        if locker.envelope_in(folder) is not None:
            sweep(folder / sessions)
            converting.seal(folder)
    except Trouble as trouble:
        return trouble.sentence
    return ""


def recovered(folder: Path | None = None) -> str:
    """Close the calls that nobody ended; return what to tell of them, nothing where there are none."""
    found = recover(folder or library.sessions_folder(), library.ENDING)
    if len(found) > 1:
        return Sentence(
            "{count} calls ended early and were recovered, the last that of {name}.",
            count=len(found),
            name=found[-1].path.stem,
        )
    return found[0].told if found else ""


def due(folder: Path, days: int, today: date) -> list[Path]:
    """Return the sessions that were written to last more than so many days ago; never one whose call is running."""
    return [
        session
        for session in library.sessions(folder)
        if (today - _written(session)).days > days and not is_running(session)
    ]


def let_go(folder: Path, days: int, today: date) -> str:
    """Forget the calls that were kept long enough, or announce it; return what to tell.

    Args:
        folder: of the sessions.
        days: how long calls are kept; 0 for ever.
        today: the date.
    """
    file = folder.parent / NAME
    if not days:
        file.unlink(missing_ok=True)
        return ""
    state = _State.read(file, days, today)
    old = due(folder, days, today)
    if state is None and not old:
        file.unlink(missing_ok=True)  # what was announced under another setting, or another date
        return ""
    with suppress(OSError):
        (state or _State(days, today)).write(file, today)
    if state is None:
        told = (
            "1 call older than {days} days will be forgotten from tomorrow on. "
            "storage.keep_days changes that; 0 keeps calls for ever."
            if len(old) == 1
            else "{count} calls older than {days} days will be forgotten from tomorrow on. "
            "storage.keep_days changes that; 0 keeps calls for ever."
        )
        return Sentence(told, count=len(old), days=days)
    if not old or state.since >= today:
        return ""
    try:
        with closing(Shelf(folder)) as shelf:
            copies = shelf.forget(str(session) for session in old)
    except Trouble as trouble:
        return trouble.sentence
    told = (
        "1 call older than {days} days: forgotten."
        if len(old) == 1
        else "{count} calls older than {days} days: forgotten."
    )
    return in_a_row(Sentence(told, count=len(old), days=days), remain(copies, _MOST_NAMED))


class _State:
    """What the file says.

    Args:
        days: how long calls were kept.
        since: the day on which it was announced that older ones go.
    """

    def __init__(self, days: int, since: date) -> None:
        self.days, self.since = days, since

    @classmethod
    def read(cls, file: Path, days: int, today: date) -> _State | None:
        """Return it; None where it does not hold for this setting and this date."""
        try:
            said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            since, looked = (date.fromisoformat(said[name]) for name in ("since", "looked"))
            holds = said["days"] == days and 0 <= (today - looked).days <= _LEAP_DAYS and since <= today
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return cls(days, since) if holds else None

    def write(self, file: Path, today: date) -> None:
        """Write it, whole or not at all. Raises OSError."""
        private_folder(file.parent)
        part = file.with_name(f"{file.name}.{os.getpid()}.part")
        said = {"days": self.days, "since": self.since.isoformat(), "looked": today.isoformat()}
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(json.dumps(said).encode() + b"\n")
                out.flush()
                os.fsync(out.fileno())
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def _written(session: Path) -> date:
    return datetime.fromtimestamp(session.stat().st_mtime).astimezone().date()

"""Calls that nobody ended: found at the next start, and closed for what they are.

Owns the finding and the closing. Only lines are added: what was written before is not touched, damage and all. A call
whose lock is held is running, and is left alone; of two programs that start at once, one gets the lock.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from coach.archive import locker
from coach.archive.log import RECOVERED, events_of, read_records
from coach.archive.private import sync_folder
from coach.archive.records import sealed
from coach.archive.running import ENDING, hold
from coach.call import wire
from coach.call.events import CallEnded
from coach.language import Sentence, in_a_row
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

    from coach.archive.records import Records


@dataclass(frozen=True, slots=True)
class Recovered:
    """A call that was recovered.

    Args:
        path: its log.
        began: as its header says, ISO 8601; empty where nobody knows.
        at_ms: the last moment of it that is known.
        damage: what of it was lost, in a sentence; empty where nothing was.
    """

    path: Path
    began: str
    at_ms: int
    damage: str

    @property
    def told(self) -> str:
        """What to tell of it, in a sentence or two."""
        when = Sentence("{early}; recovered.", early=early(self.began, self.at_ms))
        return in_a_row(when, self.damage)


def early(began: str, at_ms: int) -> str:
    """Return that a call ended early, and when: by the clock where it is known when it began."""
    try:
        since = datetime.fromisoformat(began)
        until = since + timedelta(milliseconds=at_ms)
    except (ValueError, OverflowError):
        minutes, seconds = divmod(at_ms // 1000, 60)
        return Sentence("A call ended early, after {length}", length=f"{minutes}:{seconds:02}")
    began = f"{since:%Y-%m-%d %H:%M}"
    return Sentence("The call of {began} ended early at {until}", began=began, until=f"{until:%H:%M}")


def recover(folder: Path, ending: str) -> list[Recovered]:
    """Close every call that nobody ended, and return them, the earliest first.

    What cannot be closed now, because the disk is full or the log cannot be read, is left for the next time.

    Args:
        folder: of the sessions.
        ending: of a session's name.
    """
    found: list[Recovered] = []
    for marker in sorted(folder.glob(f"*{ENDING}")):
        session = marker.with_suffix(ending)
        try:
            held = hold(session, make=False)
        except OSError:
            continue
        if held is None:
            continue
        settled = False
        try:
            recovered = _closed(session)
            settled = True
            if recovered is not None:
                found.append(recovered)
        except (OSError, Trouble):
            pass  # it is read as it is, and tried again
        finally:
            held.release(ended=settled)
    return found


def _closed(session: Path) -> Recovered | None:
    """Close one log whose lock is held; None where it was ended, or never began. Raises `Trouble`, OSError."""
    if not session.exists():
        return None
    if not session.stat().st_size:
        session.unlink()  # the program died before the first line
        return None
    records = read_records(session)
    events = list(events_of(records))
    if not events and not records.lost:
        session.unlink()  # there is a header, and nothing was heard yet
        return None
    if not events or isinstance(events[-1], CallEnded):
        return None
    at_ms = events[-1].at_ms
    _add(session, at_ms)
    return Recovered(session, _began(records), at_ms, records.damage)


def _add(session: Path, at_ms: int) -> None:
    told = sealed(json.dumps({"command": RECOVERED, "at_ms": at_ms}))
    last = sealed(wire.dump(CallEnded(at_ms)))
    locker.append(session, [told, last], cut=False, make=False)
    sync_folder(session.parent)


def _began(records: Records) -> str:
    return str(records.head.get("began", ""))

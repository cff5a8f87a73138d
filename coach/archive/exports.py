"""Which copies of a session were written where: ``NAME.exports`` beside ``NAME.jsonl``.

Owns that file. A copy belongs to whoever asked for it, so forgetting a session leaves it alone; but it can be named.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from coach.archive import locker
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ENDING: Final = ".exports"
FORMAT: Final = 1
_HEAD: Final = {"format": FORMAT, "what": "coach exports"}


def exports_path(session: Path) -> Path:
    """Return where the list of a session's copies lies."""
    return session.with_suffix(ENDING)


def note_down(session: Path, copies: Iterable[Path]) -> None:
    """Remember copies of a session; one that is remembered already, or a session that is not kept, is passed by.

    Where the disk refuses nothing is remembered: the copies themselves are written by now, and worth more.
    """
    if not session.exists():
        return
    known = set(copies_of(session, there=False))
    new = [path for path in dict.fromkeys(p.resolve() for p in copies) if path not in known]
    lines = [{"copy": str(path)} for path in new]
    with suppress(OSError, Trouble):
        told = [json.dumps(line).encode() + b"\n" for line in lines]
        head = json.dumps(_HEAD).encode() + b"\n"
        locker.append(exports_path(session), told, head=head, cut=True)


def copies_of(session: Path, *, there: bool = True) -> list[Path]:
    """Return the copies of a session.

    Args:
        session: its log.
        there: only those that are still where they were written.
    """
    found: list[Path] = []
    try:
        lines = locker.read(exports_path(session)).decode().splitlines()
    except (OSError, UnicodeDecodeError, Trouble):  # where it is locked, nobody can name them
        return []
    for line in lines:
        with suppress(
            ValueError, KeyError, TypeError, AttributeError, RecursionError
        ):  # torn, or a line of a newer Coach
            path = session.parent / str(json.loads(line)["copy"])
            with suppress(OSError, ValueError):
                if path not in found and (not there or path.exists()):
                    found.append(path)
    return found

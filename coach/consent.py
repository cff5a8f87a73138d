"""Who listens: the answer to the sheet that stands before the first live call.

Owns the file that remembers it, ``consent.json``, and the sentence with which a call is refused as long as there is
none. Refuses to know how the sheet looks. Another sheet, which says something else, asks anew.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach.trouble import Trouble

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

NAME: Final = "consent.json"
SHEET: Final = 1
"""Version of what the sheet says; counted up where it says something else about what is heard or kept."""
UNANSWERED: Final = Trouble(
    "No call starts before you have read what Coach hears and who should know of it.",
    "Read it and answer it: 'coach consent', or 'coach consent --agree' where nobody can be asked.",
)


@dataclass(frozen=True, slots=True)
class Consent:
    """The answer, and the day it was given, as ISO 8601."""

    day: str


def answer(folder: Path) -> Consent | None:
    """Return the answer that was given to this sheet; None where there is none, or it was taken back.

    Args:
        folder: where Coach keeps its data.
    """
    try:
        said = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return Consent(str(said["day"])) if said["sheet"] == SHEET else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def check(folder: Path) -> Consent:
    """Return the answer. Raises `Trouble` where there is none."""
    if (given := answer(folder)) is None:
        raise UNANSWERED
    return given


def agree(folder: Path, now: datetime) -> Consent:
    """Remember that the sheet was read and agreed to. Raises `Trouble` when that cannot be written."""
    given = Consent(now.date().isoformat())
    part = folder / f"{NAME}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            line = {"format": 1, "what": "coach consent", "sheet": SHEET, "day": given.day}
            file.write(json.dumps(line).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / NAME)
    except OSError as e:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise Trouble(
            "Your answer cannot be kept in {folder}: {why}.",
            "Free some space, or check the folder.",
            folder=folder,
            why=e,
        ) from e
    return given


def take_back(folder: Path) -> None:
    """Forget the answer: no call starts until it is given anew. Raises `Trouble` when that cannot be done."""
    try:
        (folder / NAME).unlink(missing_ok=True)
    except OSError as e:
        raise Trouble(
            "{path} cannot be removed: {why}.", "Remove it by hand.", path=folder / NAME, why=e
        ) from e

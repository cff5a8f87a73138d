"""What the rep works at, in a small file of its own: ``habit.json``.

Owns that file. Refuses to know which figures there are: whoever reads it judges what it finds.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME: Final = "habit.json"
FORMAT: Final = 1


def read_habit(path: Path) -> dict[str, Any]:
    """Return what the file holds; nothing where there is none.

    Raises:
        Trouble: for a file that cannot be read, or that this Coach did not write.
    """
    try:
        values = dict(json.loads(path.read_text(encoding="utf-8")))
        ours = (values.pop("format"), values.pop("what")) == (FORMAT, "coach habit")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError) as e:
        raise _unread(path) from e
    if not ours:
        raise _unread(path)
    return values


def _unread(path: Path) -> Trouble:
    return Trouble("Your habit in {path} cannot be read.", "Choose one again.", path=path)


def write_habit(path: Path, values: Mapping[str, Any]) -> None:
    """Write the file, whole or not at all; take it away where there is nothing to write.

    Raises:
        Trouble: when the disk refuses.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        if not values:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(json.dumps({"format": FORMAT, "what": "coach habit", **values}).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as e:
        raise Trouble(
            "Your habit could not be written to {path}: {why}.",
            "Free some space and try again.",
            path=path,
            why=e,
        ) from e
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)

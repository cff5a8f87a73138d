"""What was prepared for the next call, on disk until that call has ended.

Owns the file ``next-call.json``: private, whole or as it was before. It is used for one call. When that begins the file
is marked, when it has ended the file goes; so what was prepared outlives a crash before the call, and one in it, if the
call is taken up again soon. It is not carried into another customer's call. Refuses to know windows.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from coach.call.plan import Plan, dump, load
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "next-call.json"
MOST_BYTES: Final = 65_536
AGAIN: Final = timedelta(hours=1)
"""A call that a crash ended is taken up again within this time, or never (own default)."""


class NextCall:
    """The file.

    Args:
        folder: where Coach keeps its data.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def read(self, now: datetime) -> Plan:
        """Return what was prepared; nothing where nothing was, or where its call began too long ago.

        Raises:
            Trouble: for a file that Coach did not write.
        """
        try:
            if self._path.stat().st_size > MOST_BYTES:
                raise ValueError(MOST_BYTES)  # noqa: TRY301 - told like any other damage
            said = json.loads(self._path.read_text(encoding="utf-8"))
            plan, began = load(said["plan"]), str(said.get("began", ""))
            spent = began and not timedelta(0) <= now - datetime.fromisoformat(began) <= AGAIN
        except FileNotFoundError:
            return Plan()
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as e:
            raise Trouble(
                "What you prepared in {path} cannot be read.", "Prepare the call again.", path=self._path
            ) from e
        if spent:
            self.clear()
            return Plan()
        return plan

    def write(self, plan: Plan) -> None:
        """Keep what was prepared; nothing prepared leaves no file. Raises `Trouble` when the disk refuses."""
        if plan:
            self._write(plan, "")
        else:
            self.clear()

    def begin(self, plan: Plan, now: datetime) -> None:
        """Note that its call has begun; where the disk refuses, it stays as it was."""
        if plan:
            with suppress(Trouble):
                self._write(plan, _written(now))

    def end(self, began: datetime) -> None:
        """Let go what was prepared for the call that began then; what was prepared since stays."""
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            if json.loads(self._path.read_text(encoding="utf-8"))["began"] == _written(began):
                self.clear()

    def clear(self) -> None:
        """Let it go: its call has ended, or the rep wants it no more."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _write(self, plan: Plan, began: str) -> None:
        said = {"format": 1, "what": "coach next call", "plan": dump(plan)} | (
            {"began": began} if began else {}
        )
        part = self._path.with_name(f"{NAME}.{os.getpid()}.part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError as e:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise Trouble(
                "What you prepared cannot be kept in {path}: {why}.",
                "Free some space.",
                path=self._path,
                why=e,
            ) from e


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds")

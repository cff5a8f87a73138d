"""Note what went wrong in the program itself, without a word of any call.

Owns one small file: what kind of fault, where in the code, when. Never what an exception says, no argument and no
value: any of them may hold what somebody said. A crash of the interpreter goes to a second file, which only ever names
functions.
"""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import os
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

NAME: Final = "mishaps.log"
CRASHES: Final = "crashes.log"
ROOM: Final = 200_000
"""Bytes; twice as many are kept at most."""
DEEPEST: Final = 12
"""Frames of a fault, the innermost."""

_log = logging.getLogger("coach.mishaps")


class Wordless(logging.Formatter):
    """Say when, how bad, who, and where: a message as it stands in the code, never what was filled in."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one record as a few lines."""
        stamp = self.formatTime(record, "%Y-%m-%d %H:%M:%S")
        said = (
            record.msg if isinstance(record.msg, str) and record.name.startswith("coach") else "(a message)"
        )
        lines = [f"{stamp} {record.levelname} {record.name}: {said}"]
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, where = record.exc_info
            lines += [f"  {kind.__module__}.{kind.__qualname__}", *frames(where)]
        return "\n".join(lines)


def frames(where: TracebackType | None) -> list[str]:
    """Return the innermost frames of a fault as ``file:line function``; files by their last two parts."""
    found = traceback.extract_tb(where)[-DEEPEST:]
    return [
        f"  {'/'.join(f.filename.replace(os.sep, '/').split('/')[-2:])}:{f.lineno} {f.name}" for f in found
    ]


class _Private(logging.handlers.RotatingFileHandler):
    """A file that only its owner reads; a disk that is full is no second fault."""

    def _open(self) -> Any:
        os.makedirs(os.path.dirname(self.baseFilename), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120 - the handler's own type
        to = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(to, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Do nothing: there is nowhere left to say it."""


def note_in(folder: Path) -> None:
    """Note every fault of this process in a folder; nothing is created before there is one."""
    handler = _Private(folder / NAME, maxBytes=ROOM, backupCount=1, delay=True)
    handler.setFormatter(Wordless())
    handler.setLevel(logging.WARNING)
    logging.getLogger("coach").addHandler(handler)
    before, before_thread = sys.excepthook, threading.excepthook

    def fault(kind: type[BaseException], value: BaseException, where: TracebackType | None) -> None:
        _log.critical("the program ended by a fault", exc_info=(kind, value, where))
        before(kind, value, where)

    def thread_fault(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            _log.error(
                "a thread ended by a fault", exc_info=(args.exc_type, args.exc_value, args.exc_traceback)
            )
        before_thread(args)

    sys.excepthook, threading.excepthook = fault, thread_fault


def note_crashes_in(folder: Path) -> None:
    """Let a crash of the interpreter leave its stack in a folder; a folder that cannot be written is no fault."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        to = os.open(folder / CRASHES, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        return
    faulthandler.enable(to)  # the descriptor stays open until the process ends


def noted(folder: Path, lines: int = 200) -> list[str]:
    """Return the last lines of what was noted; empty where all is well."""
    found: list[str] = []
    for name in (CRASHES, NAME):
        path = folder / name
        if path.exists():
            found += path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return found

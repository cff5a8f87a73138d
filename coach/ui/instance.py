"""One Coach for each person on this machine.

Owns the lock, the socket and the few words that may come through it. Refuses to know what they lead to. The
lock tells a running Coach from one that crashed; the socket lets a second start, or a shortcut of the
desktop, speak to the first. It is open to the same user only; what comes in is short and one of `VERBS`, or
ignored. What was asked for is answered with one line.
"""

from __future__ import annotations

import getpass
import os
import stat
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLockFile, QObject, QSysInfo, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from coach.language import Sentence
from coach.settings import CALL_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

VERBS: Final = (
    *(
        "panic",
        "reread",
        "raise",
        "toggle",
        "pause",
        "stop",
        "hide",
        "show",
        "not-now",
        "preferences",
        "sound",
        "quit",
        "start",
        "prepare",
    ),
    *(f"start {call_type}" for call_type in CALL_TYPES),
)
MOST_BYTES: Final = 32
MOST_ANSWER_BYTES: Final = 400
ACCEPT_MS: Final = 300
"""How long the running Coach may take to accept a word."""
ANSWER_MS: Final = 3_000
"""How long it may take to answer: its windows' thread may be busy, opening one."""

NO_ANSWER: Final = Sentence(
    "Coach runs, but gives no answer. Try again; if it stays so, end it and start it anew."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the running Coach says to a word: whether it does it, and one line."""

    done: bool
    line: str = ""


class Instance(QObject):
    """The right to be the one Coach, and its ear for the others."""

    asked = Signal(str)

    def __init__(self, lock: QLockFile, server: QLocalServer) -> None:
        super().__init__()
        self._lock, self._server = lock, server
        self._obey: Callable[[str], Answer] = lambda _: Answer(done=True)
        server.setParent(self)
        server.newConnection.connect(self._greet)

    @classmethod
    def claim(cls, folder: Path | None = None) -> Instance | None:
        """Become the one Coach, or return None when one runs already. A crashed one is no obstacle.

        Args:
            folder: where lock and socket live; None for the user's run-time folder.
        """
        lock = QLockFile(str(_place(folder)) + ".lock")
        lock.setStaleLockTime(0)  # only a dead owner makes it stale, never its age
        if not lock.tryLock(0):
            return None
        server = QLocalServer()
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        name = str(_place(folder))
        QLocalServer.removeServer(name)  # ours by the lock; left by a crash
        server.listen(name)  # a Coach without an ear still is the only one
        return cls(lock, server)

    def obey_with(self, obey: Callable[[str], Answer]) -> None:
        """Let a word be obeyed, and answered, by this; on the thread of the windows."""
        self._obey = obey

    def release(self) -> None:
        """Stop listening and let another Coach start."""
        self._server.close()
        self._lock.unlock()

    @Slot()
    def _greet(self) -> None:
        while (guest := self._server.nextPendingConnection()) is not None:
            guest.setReadBufferSize(MOST_BYTES)
            guest.readyRead.connect(lambda guest=guest: self._read(guest))
            guest.disconnected.connect(guest.deleteLater)
            self._read(guest)

    def _read(self, guest: QLocalSocket) -> None:
        if not guest.canReadLine():
            if guest.bytesAvailable() >= MOST_BYTES:
                guest.abort()
            return
        verb = bytes(guest.readLine(MOST_BYTES).data()).decode("ascii", "replace").strip()
        guest.readyRead.disconnect()  # one word a visit
        if verb in VERBS:
            self.asked.emit(verb)
            answer = self._obey(verb)
            line = " ".join(answer.line.split())
            if guest.state() is QLocalSocket.LocalSocketState.ConnectedState:
                guest.write(
                    f"{'ok' if answer.done else 'no'} {line}".encode()[: MOST_ANSWER_BYTES - 1] + b"\n"
                )
        guest.disconnectFromServer()


def owner(folder: Path | None = None, wait_ms: int = 0) -> int:
    """Return the number of the process that is the one Coach, 0 where none runs.

    Args:
        folder: where its lock lives; None for the user's run-time folder.
        wait_ms: how long one that runs may take to end.
    """
    lock = QLockFile(str(_place(folder)) + ".lock")
    lock.setStaleLockTime(0)
    if lock.tryLock(wait_ms):
        lock.unlock()
        return 0
    process, host, _ = lock.getLockInfo()
    return (
        int(process) if host == QSysInfo.machineHostName() else 0
    )  # a number means nothing on another machine


def send(verb: str, folder: Path | None = None, patience_ms: int = ANSWER_MS) -> Answer | None:
    """Hand a word to the running Coach and return its answer; None when none runs. Needs no event loop.

    Args:
        verb: one of `VERBS`.
        folder: where lock and socket live; None for the user's run-time folder.
        patience_ms: how long the answer may take.

    Raises:
        ValueError: for a word that no Coach knows.
    """
    if verb not in VERBS:
        raise ValueError(f"{verb!r} is none of {', '.join(VERBS)}")
    guest = QLocalSocket()
    guest.setReadBufferSize(MOST_ANSWER_BYTES)
    guest.connectToServer(str(_place(folder)))
    if not guest.waitForConnected(ACCEPT_MS):
        return None
    guest.write(f"{verb}\n".encode())
    guest.waitForBytesWritten(ACCEPT_MS)
    while not guest.canReadLine() and guest.waitForReadyRead(patience_ms):
        pass
    raw = bytes(guest.readLine(MOST_ANSWER_BYTES).data()).decode("utf-8", "replace").strip()
    guest.abort()
    said, _, line = raw.partition(" ")
    if said not in {"ok", "no"}:
        return Answer(done=False, line=NO_ANSWER)
    return Answer(said == "ok", line if line.isprintable() else "")


def _place(folder: Path | None) -> Path:
    """Return where lock and socket live: in the user's own run-time folder, where nobody squats a name."""
    if folder is not None:
        return folder / "coach"
    run = os.environ.get("XDG_RUNTIME_DIR", "")
    if run and Path(run).is_dir():
        return Path(run) / "coach"
    if sys.platform == "win32":
        return Path(tempfile.gettempdir()) / f"coach-{getpass.getuser()}"
    # Where everybody may write, another user may have been there first: then the home folder is safer than the name.
    for private in (Path(tempfile.gettempdir()) / f"coach-{os.getuid()}", Path.home() / ".coach-run"):
        with suppress(OSError):
            private.mkdir(mode=0o700)
        with suppress(OSError):
            seen = private.lstat()
            if stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid():
                private.chmod(0o700)
                return private / "coach"
    return Path.home() / ".coach"

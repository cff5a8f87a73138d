"""One Coach for each person on this machine.

Owns the lock, the socket and the few words that may come through it. Refuses to know what they lead to. The
lock tells a running Coach from one that crashed; the socket lets a second start, or a shortcut of the
desktop, speak to the first. It is open to the same user only; what comes in is short and one of `VERBS`, or
ignored.
"""

from __future__ import annotations

import getpass
import os
import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLockFile, QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

VERBS: Final = ("raise", "toggle", "pause", "not-now", "sound", "quit")
MOST_BYTES: Final = 32
ANSWER_MS: Final = 300
"""How long the running Coach may take to accept a word."""


class Instance(QObject):
    """The right to be the one Coach, and its ear for the others."""

    asked = Signal(str)

    def __init__(self, lock: QLockFile, server: QLocalServer) -> None:
        super().__init__()
        self._lock, self._server = lock, server
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
        guest.disconnectFromServer()
        if verb in VERBS:
            self.asked.emit(verb)


def send(verb: str, folder: Path | None = None) -> bool:
    """Hand a word to the running Coach; False when none runs or it does not answer. Needs no event loop.

    Raises:
        ValueError: for a word that no Coach knows.
    """
    if verb not in VERBS:
        raise ValueError(f"{verb!r} is none of {', '.join(VERBS)}")
    guest = QLocalSocket()
    guest.connectToServer(str(_place(folder)))
    if not guest.waitForConnected(ANSWER_MS):
        return False
    guest.write(f"{verb}\n".encode())
    sent = guest.waitForBytesWritten(ANSWER_MS)
    guest.disconnectFromServer()
    return sent


def _place(folder: Path | None) -> Path:
    """Return where lock and socket live: in the user's own run-time folder, where nobody squats a name."""
    if folder is not None:
        return folder / "coach"
    run = os.environ.get("XDG_RUNTIME_DIR", "")
    if run and Path(run).is_dir():
        return Path(run) / "coach"
    return Path(tempfile.gettempdir()) / f"coach-{getpass.getuser()}"

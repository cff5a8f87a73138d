"""Begin a process that decodes one file, listen to it, and end it, whatever becomes of either.

Owns the processes and the form in which their messages come: a message of an unknown kind, or longer than its kind may
be, is the last that is read. Refuses to know what a message means. Where a process can be copied (see
`coach.audio.decoder_process`) one is kept to make copies of, else each begins anew. One process, one file.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import coach
from coach.audio.block import RATE
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

STUCK_S = 30.0
"""A process that says nothing for so long, while it is waited for, is ended: a disk may need ten seconds to wake."""
COPIES = sys.platform == "linux"
"""Elsewhere a process cannot be copied, or (macOS) not safely once the system's own sound libraries are loaded."""

_HEAD_BYTES: Final = 5
_MOST_BYTES: Final = {b"H": 1024, b"P": 2 * RATE * 2, b"E": 1024, b"T": 16}
"""The longest message of each kind; samples come by the second, two rows of two bytes at most."""
_NUMBER_BYTES: Final = 4
_WINDOWS: Final = 0x0800_0000 | 0x0000_0200 if os.name == "nt" else 0
"""CREATE_NO_WINDOW and CREATE_NEW_PROCESS_GROUP, which Python's library names on Windows alone."""
_GROUP: Final = None if os.name == "nt" else 0
"""Ctrl-C in a terminal is for whoever asked: a file that was left half read would count as damaged."""
_START: Final = (
    "import sys; sys.path += sys.argv[3:]; from coach.audio.decoder_process import main; main(*sys.argv[1:3])"
)
_KEPT_NAMES: Final = (
    "SYSTEMROOT",
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
)
"""What of the environment a process needs to find its libraries; the rest is none of its business."""


class _Process(Protocol):
    """One that answers: by what it reads and writes, and how it is ended at once."""

    reading: IO[bytes]
    writing: IO[bytes]

    def kill(self) -> None: ...

    def close(self) -> None: ...


@contextmanager
def decoding(path: Path, start: int | None) -> Iterator[Iterator[tuple[bytes, bytearray]]]:
    """Let a process of its own decode a file; give its messages, and end it on leaving.

    Args:
        path: absolute.
        start: index of the first sample wanted, at 16 kHz; None for the header alone.

    Raises:
        Trouble: when no process can be begun.
    """
    try:
        process: _Process = _Copy() if COPIES else _Fresh()
    except OSError as e:
        raise Trouble(
            "'{name}' cannot be read: no process could be started ({why}).",
            "Close some programs, and try again.",
            name=path.name,
            why=e,
        ) from e
    watch = _Watch(process)
    try:
        asked = json.dumps({"path": os.fspath(path), "rate": RATE, "start": start})
        with suppress(OSError):  # it died: its messages tell so
            process.writing.write(asked.encode() + b"\n")
            process.writing.flush()
        yield _messages(process.reading, watch)
    finally:
        watch.end()
        process.kill()
        process.close()


def _messages(pipe: IO[bytes], watch: _Watch) -> Iterator[tuple[bytes, bytearray]]:
    """Yield messages as long as they have the form of one."""
    while True:
        head = _read(pipe, _HEAD_BYTES, watch)
        kind, size = bytes(head[:1]), int.from_bytes(head[1:], "little")
        if len(head) < _HEAD_BYTES or size > _MOST_BYTES.get(kind, -1):
            return
        body = _read(pipe, size, watch)
        if len(body) < size:
            return
        yield kind, body


def _read(pipe: IO[bytes], size: int, watch: _Watch) -> bytearray:
    """Read so many bytes; fewer where the process ended."""
    body = bytearray()
    with watch.waiting(), suppress(OSError):
        while len(body) < size and (part := pipe.read(size - len(body))):
            body += part
    return body


class _Watch:
    """Ends a process that is waited for in vain."""

    def __init__(self, process: _Process) -> None:
        self._process = process
        self._over = threading.Event()
        self._waits = 0
        self._waiting = False
        self._thread = threading.Thread(target=self._look, name="coach-decoder-watch", daemon=True)
        self._thread.start()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Say that somebody waits for the process now."""
        self._waits += 1
        self._waiting = True
        try:
            yield
        finally:
            self._waiting = False

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        """End the process once the same wait is seen twice: what lies between is the time it may take."""
        seen = -1
        while not self._over.wait(STUCK_S):
            if self._waiting and self._waits == seen:
                self._process.kill()
                return
            seen = self._waits if self._waiting else -1


class _Fresh:
    """A process that begins anew."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            _command("one", 0),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=_WINDOWS,
            process_group=_GROUP,
        )
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None  # noqa: S101 - both pipes were asked for, which Popen's types do not know
        assert answered is not None  # noqa: S101 - the same
        self.writing: IO[bytes] = asked
        self.reading: IO[bytes] = answered

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.wait()
        for pipe in (self.writing, self.reading):
            with suppress(OSError):  # what was to be written has nobody to read it
                pipe.close()


class _Copy:
    """A copy of the process that is kept for it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._from, self._number = _kept.copy(theirs)
            except BaseException:
                ours.close()
                raise
        self._ended = False
        with ours:
            self.reading: IO[bytes] = ours.makefile("rb")
            self.writing: IO[bytes] = ours.makefile("wb")

    def kill(self) -> None:
        if not self._ended:  # its number may be another's by then
            self._ended = True
            _kept.end(self._from, self._number)

    def close(self) -> None:
        for pipe in (self.writing, self.reading):
            with suppress(OSError):  # as above
                pipe.close()


class _Kept:
    """The process that copies are made of: begun when one is wanted, and again when it has ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._turn = 0

    def copy(self, theirs: socket.socket) -> tuple[int, int]:
        """Hand a socket to a copy; return which process it is a copy of, and its number.

        Raises:
            OSError: when none can be made.
        """
        with self._lock:
            try:
                number = self._asked(theirs)
            except OSError:
                self._close()  # it ended, for it was idle, or something ended it
                number = self._asked(theirs)
            return self._turn, number

    def end(self, turn: int, number: int) -> None:
        """End a copy, unless all copies of its process have ended with it."""
        with self._lock, suppress(OSError):
            if turn == self._turn and self._line is not None:
                self._line.sendall(number.to_bytes(_NUMBER_BYTES, "little"))

    def close(self) -> None:
        """End it, and every copy."""
        with self._lock:
            self._close()

    def _asked(self, theirs: socket.socket) -> int:
        line = self._line or self._begin()
        socket.send_fds(line, [bytes(_NUMBER_BYTES)], [theirs.fileno()])
        number = line.recv(_NUMBER_BYTES, socket.MSG_WAITALL)
        if len(number) < _NUMBER_BYTES:
            raise ConnectionResetError("it ended")
        return int.from_bytes(number, "little")

    def _begin(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own program
                    _command("many", theirs.fileno()),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    env=_environment(),
                    process_group=_GROUP,
                )
            except BaseException:
                ours.close()
                raise
        ours.settimeout(STUCK_S)
        self._turn += 1
        self._line = ours
        return ours

    def _close(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._line = self._process = None


_kept = _Kept()
atexit.register(_kept.close)


def _command(how: str, number: int) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", _START, how, str(number), *_places()]


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT_NAMES if name in os.environ}


def _places() -> list[str]:
    """Return the folders that hold this program and PyAV, which a process without site-packages is told."""
    av = find_spec("av")
    found = [Path(coach.__file__).parents[1]]
    if av is not None and av.origin is not None:
        found.append(Path(av.origin).parents[1])
    return list(dict.fromkeys(map(str, found)))

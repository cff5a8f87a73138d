"""The small process in which a file is decoded, and the walls around it.

Owns what such a process may do: no network (`coach.offline`), no file written, no program started that would need
another process, an end to memory and processor time. Refuses to know files and sounds (`coach.audio.decoder`).

There are two ways to begin. ``one`` answers the one request on its standard input. ``many`` is a process that has
loaded everything and reads no file ever: for every request it makes a copy of itself (which takes two milliseconds
instead of a hundred), and the copy answers that one. Windows cannot copy a process, and has no such limits on memory
and files: there each begins anew, and is ended by the clock alone.

A message goes out as its letter, the length of its body in four bytes (little-endian), and the body.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import threading
from typing import TYPE_CHECKING, Final

from coach import offline
from coach.audio.decoder import answered

if TYPE_CHECKING:
    from typing import BinaryIO

MEMORY: Final = 1 << 30
"""Address space in bytes: PyAV takes 250 MB of it before a file is opened, an hour's film 30 MB more."""
CPU_S: Final = 3600
"""Processor time in seconds: twelve hours of the slowest usual codec take a few minutes."""
FILES: Final = 32
IDLE_S: Final = 60.0
"""The process that makes copies ends when nobody wanted one for so long: its 33 MB are free again."""
NUMBER: Final = struct.Struct("<I")
HEAD: Final = struct.Struct("<cI")


def main(how: str, number: str) -> None:
    """Begin as ``one`` or as ``many``, the latter with the number of the socket that requests come through."""
    offline.install()
    if how == "one":
        _answer()
    _make_copies(socket.socket(fileno=int(number)))


def raise_walls() -> None:
    """Take from this process what it does not need, for good."""
    if os.name == "nt":
        return
    import resource  # noqa: PLC0415 - not on Windows

    for what, most in (
        ("RLIMIT_AS", MEMORY),
        ("RLIMIT_CPU", CPU_S),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", FILES),
        ("RLIMIT_NPROC", 0),
    ):
        number = getattr(resource, what, None)
        if number is None:
            continue
        _, hard = resource.getrlimit(number)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(number, (limit, limit))
        except (OSError, ValueError):  # macOS refuses some of them
            continue


def _answer() -> None:
    """Answer the one request on standard input, and end."""
    with open(0, "rb", closefd=False) as asked:
        request = json.loads(asked.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    raise_walls()
    code = 0
    try:
        with open(1, "wb", closefd=False) as out:
            for kind, body in answered(request):
                _send(out, kind, body)
    except BrokenPipeError:
        code = 1  # nobody wants more
    os._exit(code)  # nothing is to be tidied, and tidying is where a damaged process hangs


def _send(out: BinaryIO, kind: bytes, body: bytes) -> None:
    out.write(HEAD.pack(kind, len(body)))
    out.write(body)
    out.flush()


def _end_with_parent() -> None:
    """Wait until whoever asked is gone or wants no more, and end: also in the middle of decoding."""
    try:
        while os.read(0, 1):
            pass
    finally:
        os._exit(1)


def _make_copies(asking: socket.socket) -> None:
    """Make a copy for every socket that comes in, and end a copy whose number comes in; then end with the asker.

    A copy that ended keeps its number until then, so that no number is ever another process's.
    """
    asking.settimeout(IDLE_S)
    copies: set[int] = set()
    while True:
        try:
            word, handed, _, _ = socket.recv_fds(asking, NUMBER.size, 1)
        except TimeoutError:
            if copies:
                continue
            break
        if len(word) < NUMBER.size:
            break
        if not handed:
            _end(copies, NUMBER.unpack(word)[0])
            continue
        copy = os.fork()
        if not copy:
            asking.close()
            os.dup2(handed[0], 0)
            os.dup2(handed[0], 1)
            os.close(handed[0])
            _answer()
        os.close(handed[0])
        copies.add(copy)
        asking.sendall(NUMBER.pack(copy))
    for copy in tuple(copies):
        _end(copies, copy)
    os._exit(0)


def _end(copies: set[int], copy: int) -> None:
    if copy in copies:
        copies.remove(copy)
        os.kill(copy, signal.SIGKILL)
        os.waitpid(copy, 0)

"""Let no part of this process reach the network, unless the user asked for that very thing.

Owns one audit hook (PEP 578), which Python calls before it opens, binds, connects or resolves anything, and the list
of leaves that were given. What is refused is told with the place in the code that asked, and never with what it
would have sent or to whom. Refuses to know models, clusters and windows: whoever may connect says so with `allowed`.

Sockets of this machine's own file system (the sound server, the screen, the session bus, the one running Coach) pass.
A hook cannot be taken out of a process again; a module loaded twice only refuses twice.

What it cannot see is what C libraries do among themselves (Qt, PortAudio, libpulse, FFmpeg, ONNX Runtime, CTranslate2)
and what another program does: for these, a whole call is run where there is no network, and traced
(``tests/test_no_network.py``).
"""

from __future__ import annotations

import os
import socket
import sys
import sysconfig
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

_WITH_SOCKET: Final = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"})
_WITH_NAME: Final = frozenset(
    {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
)
_PROTOCOLS: Final = frozenset(
    {
        "urllib.Request",
        "http.client.connect",
        "ftplib.connect",
        "imaplib.open",
        "nntplib.connect",
        "poplib.connect",
        "smtplib.connect",
        "telnetlib.Telnet.open",
        "webbrowser.open",
    }
)
WATCHED: Final = _WITH_SOCKET | _WITH_NAME | _PROTOCOLS | {"socket.__new__"}
"""The audit events that can lead to a connection, by the table of audit events in Python's library reference."""

MOST_KEPT: Final = 50
"""So many refusals are remembered: enough for a report, and no growth."""

_HERE: Final = frozenset({getattr(socket, "AF_UNIX", None), -1})
"""Families that stay on this machine; -1 is what Python says of a socket that is there already."""
_LIBRARY: Final = os.path.normcase(sysconfig.get_path("stdlib")) + os.sep
_NAMES_SHOWN: Final = 3


class NetworkRefusedError(PermissionError):
    """Something asked for the network that may not. An `OSError`, as a network that is not there would raise."""


@dataclass(slots=True, eq=False)
class _Leave:
    """What may be reached for a while: ``hosts`` (None for any), names with ``endings``; by one thread, or by all."""

    why: str
    hosts: frozenset[str] | None
    endings: tuple[str, ...]
    thread: int | None
    resolved: set[int] = field(default_factory=set)
    """Threads that looked one of the names up: they may go on to the address that they found."""

    def covers(self, event: str, args: tuple[Any, ...]) -> bool:
        here = threading.get_ident()
        if self.thread not in (None, here):
            return False
        if self.hosts is None or event == "socket.__new__":
            return True
        host = _host_of(event, args)
        if host is None or not (host in self.hosts or (self.endings and host.endswith(self.endings))):
            return event == "socket.connect" and here in self.resolved
        self.resolved.add(here)
        return event != "socket.bind"


_leaves: tuple[_Leave, ...] = ()
_lock = threading.Lock()
_refused: list[str] = []
_installed = False


def install() -> None:
    """Put the guard into this process, for good. Harmless when it is there."""
    global _installed  # noqa: PLW0603 - a process has one
    with _lock:
        if not _installed:
            sys.addaudithook(_hook)
            _installed = True


def installed() -> bool:
    """Say whether the guard is in this process."""
    return _installed


def refusals() -> tuple[str, ...]:
    """Return what was refused in this process, the last of it: the event, and the place that asked."""
    return tuple(_refused)


@contextmanager
def allowed(
    why: str, hosts: Iterable[str] | None, endings: tuple[str, ...] = (), *, every_thread: bool = False
) -> Iterator[None]:
    """Let something that the user asked for reach the network for a while.

    Args:
        why: what it is.
        hosts: names or addresses that may be reached; None for any.
        endings: a name with one of these endings may be reached too, such as ``.example.org``.
        every_thread: whichever thread asks; else this one alone.
    """
    global _leaves  # noqa: PLW0603 - as above
    named = None if hosts is None else frozenset(h.lower() for h in hosts)
    leave = _Leave(why, named, endings, None if every_thread else threading.get_ident())
    with _lock:
        _leaves = (*_leaves, leave)
    try:
        yield
    finally:
        with _lock:
            _leaves = tuple(one for one in _leaves if one is not leave)


def _hook(event: str, args: tuple[Any, ...], watched: frozenset[str] = WATCHED) -> None:
    if event in watched:
        _check(event, args)


def _check(event: str, args: tuple[Any, ...]) -> None:
    if _stays_here(event, args) or any(leave.covers(event, args) for leave in _leaves):
        return
    place = _place()
    with _lock:
        _refused.append(f"{event} by {place}")
        del _refused[:-MOST_KEPT]
    import logging  # noqa: PLC0415 - the small process that decodes needs none

    logging.getLogger(__name__).warning("refused: %s by %s", event, place)
    raise NetworkRefusedError(f"Coach opens no connection: {event}, asked for by {place}, was refused.")


def _stays_here(event: str, args: tuple[Any, ...]) -> bool:
    if event == "socket.__new__":
        return args[1] in _HERE or _is_pair()
    return event in _WITH_SOCKET and (args[0].family in _HERE or _is_pair())


def _is_pair() -> bool:
    """Say whether Windows makes a pair of sockets, for which it has nothing but its own loopback."""
    if os.name != "nt":
        return False
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the only way to see who asks
    while frame is not None:
        code = frame.f_code
        if code.co_filename == socket.__file__ and code.co_name in ("socketpair", "_fallback_socketpair"):
            return True
        frame = frame.f_back
    return False


def _host_of(event: str, args: tuple[Any, ...]) -> str | None:
    """Return the host that an event names; None where it names none."""
    named: object = None
    if event in _WITH_SOCKET:
        address = args[1]
        named = address[0] if isinstance(address, tuple) and address else None
    elif event == "urllib.Request":
        from urllib.parse import urlsplit  # noqa: PLC0415 - whoever makes such a request has loaded it

        named = urlsplit(str(args[0])).hostname
    elif event == "http.client.connect":
        named = args[1]
    elif event in _WITH_NAME:
        named = args[0][0] if isinstance(args[0], tuple) else args[0]
    if isinstance(named, bytes | bytearray):
        named = named.decode("ascii", "replace")
    return named.lower() if isinstance(named, str) else None


def _place() -> str:
    """Return file and line of the nearest code that is neither this module nor Python's own library."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - as above
    nearest: FrameType | None = None
    while frame is not None:
        name = os.path.normcase(frame.f_code.co_filename)
        if frame.f_code.co_filename != __file__:
            nearest = nearest or frame
            inside = name.startswith(_LIBRARY) and "site-packages" not in name
            if not inside and not name.startswith("<frozen"):
                return _told(frame)
        frame = frame.f_back
    return _told(nearest) if nearest is not None else "code without a place"


def _told(frame: FrameType) -> str:
    parts = frame.f_code.co_filename.replace("\\", "/").split("/")
    return f"{'/'.join(parts[-_NAMES_SHOWN:])}:{frame.f_lineno}"

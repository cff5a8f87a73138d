"""The one door between what is kept and the disk, where a library may be locked.

Owns which library a file belongs to, whether that is locked, and the keys that this process holds. Whoever writes asks
for a sealer or hands over lines; whoever reads gets plain bytes, or `Locked`. Where there is no ``lock.json`` bytes
pass as they are, and nothing of the library behind `coach.archive.sealing` is loaded. Writing never needs a secret.

A file belongs to the library whose ``lock.json`` lies in its folder or in the one above. What is sealed says so in its
first bytes, so a library that is half way between open and locked is read like any other.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from coach.archive import envelope as envelopes
from coach.archive.exclusive import all_of, exclusive, write_all
from coach.language import Sentence
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from coach.archive.envelope import Envelope, Secret
    from coach.archive.sealing import Opened

    Asker = Callable[[Envelope, str], Secret | None]

_MAGIC: Final = b"coach-sealed "
_PEEK: Final = 1 << 12
_FIRST: Final = 2  # a head and a record
PART: Final = ".part"
_TRIES: Final = 3


class Locked(Trouble):
    """What is to be read is sealed, and this process does not hold the key.

    Args:
        what: was wrong, where somebody tried.
        way: what opens it, where that is known.
    """

    def __init__(self, what: str = "", way: str = "") -> None:
        super().__init__(
            what or Sentence("Your earlier calls are locked."),
            Sentence("Your keyring opens them, and did not answer; new calls are kept.")
            if way == envelopes.KEYRING
            else Sentence("Open them with your passphrase; new calls are kept."),
        )


@dataclass(frozen=True, slots=True)
class State:
    """How a library stands.

    Args:
        on: it is locked: what is new is sealed.
        open: this process can read it.
        way: what opens it; empty where it is not locked.
        leaving: the lock is being taken off.
    """

    on: bool
    open: bool
    way: str = ""
    leaving: bool = False


_lock = threading.RLock()
_held: dict[str, bytes] = {}
_known: dict[Path, tuple[tuple[int, int, int], Envelope]] = {}
_asker: Asker | None = None


def ask_with(asker: Asker | None) -> None:
    """Let somebody be asked when a secret is needed, three times at most, and then no more.

    Who is asked is told what was wrong with the last answer, nothing at first, and may answer None.
    """
    global _asker  # noqa: PLW0603 - a process has one
    with _lock:
        _asker = asker


def held() -> dict[str, bytes]:
    """Return the keys of this process, for a process of ours that it starts."""
    return dict(_held)


def hold(keys: Mapping[str, bytes]) -> None:
    """Take over keys."""
    with _lock:
        _held.update(keys)


def let_go() -> None:
    """Forget every key."""
    with _lock:
        _held.clear()


def state(folder: Path) -> State:
    """Say how the library in a folder stands. Raises `Trouble` for an envelope that is damaged."""
    envelope = envelope_in(folder)
    if envelope is None:
        return State(on=False, open=True)
    return State(not envelope.leaving, envelope.lock in _held, envelope.way, envelope.leaving)


def unlock(folder: Path, secret: Secret) -> None:
    """Hold the key of the library in a folder.

    Raises:
        Trouble: where the secret is not the one, or the envelope is damaged.
    """
    envelope = envelope_in(folder)
    if envelope is None:
        return
    private = envelopes.unwrapped(envelope, secret)
    hold({envelope.lock: private})
    if not envelopes.is_whole(folder):
        with suppress(OSError):
            envelopes.write(folder, envelope)  # the copy was damaged, or is that of an earlier passphrase


def envelope_in(folder: Path) -> Envelope | None:
    """Return the envelope of the library in this folder; None where it is not locked. Raises `Trouble` as `read`."""
    for name in (envelopes.NAME, envelopes.COPY):
        with suppress(OSError):
            seen = (folder / name).stat()
            stamp = (seen.st_mtime_ns, seen.st_ino, seen.st_size)
            with _lock:
                if (known := _known.get(folder)) is None or known[0] != stamp:
                    envelope = envelopes.read(folder)
                    if envelope is None:
                        return None
                    known = _known[folder] = (stamp, envelope)
            return known[1]
    return None


def envelope_of(path: Path) -> Envelope | None:
    """Return the envelope of the library that a file belongs to; None where that is not locked."""
    return envelope_in(path.parent) or envelope_in(path.parent.parent)


def is_on(path: Path) -> bool:
    """Say whether a file here is to be sealed."""
    envelope = envelope_of(path)
    return envelope is not None and not envelope.leaving


def must_be_open(path: Path) -> None:
    """Ask for the key of the library of this file where it is locked. Raises `Locked` where nobody has it."""
    envelope = envelope_of(path)
    if envelope is not None:
        _private(path)(envelope.lock)


# Writing.


def sealer(path: Path) -> Callable[[bytes], bytes]:
    """Return what makes a record of a new file ready for the disk; where nothing is locked, it stays as it is."""
    envelope = envelope_of(path)
    if envelope is None or envelope.leaving:
        return bytes
    from coach.archive.sealing import Sealer  # noqa: PLC0415 - loads only where there is a lock

    return Sealer(envelope.lock, envelope.public, kind_of(path)).seal


def whole(path: Path, data: bytes) -> bytes:
    """Return a file, which means something only once it is whole, ready for the disk."""
    envelope = envelope_of(path)
    if envelope is None or envelope.leaving:
        return data
    from coach.archive.sealing import Sealer, sealed_whole  # noqa: PLC0415 - as above

    return sealed_whole(data, Sealer(envelope.lock, envelope.public, kind_of(path)))


def log(path: Path, data: bytes) -> bytes:
    """Return a file of lines, as a whole, ready for the disk."""
    envelope = envelope_of(path)
    if envelope is None or envelope.leaving:
        return data
    return sealed_log(path, data, envelope)


def sealed_log(path: Path, data: bytes, envelope: Envelope) -> bytes:
    """Return a file of lines sealed for a key."""
    from coach.archive.sealing import Sealer, sealed_lines  # noqa: PLC0415 - as above

    return sealed_lines(data, Sealer(envelope.lock, envelope.public, kind_of(path)))


def append(path: Path, lines: Sequence[bytes], *, head: bytes = b"", cut: bool, make: bool = True) -> None:
    """Add lines to a file of lines and have them on the disk.

    Args:
        path: the file; its owner alone can read it.
        lines: each with its end.
        head: the first line of a file in which there is none yet.
        cut: a last line that was torn goes; else it stays, and the new ones begin behind it.
        make: make the file where there is none.

    Raises:
        OSError: where the disk refuses.
        Trouble: where the file is sealed for a key that is not here.
    """
    with exclusive(path, os.O_RDWR | os.O_APPEND | (os.O_CREAT if make else 0)) as handle:
        data = all_of(handle)
        end = data.rfind(b"\n") + 1
        if end < len(data) and cut:
            os.truncate(handle, end)
            data = data[:end]
        lead = b"" if end == len(data) else b"\n"
        new = [head, *lines] if head and not end else list(lines)
        write_all(handle, lead + _ready(path, data, new, len(data) + len(lead)))
        os.fsync(handle)


def _ready(path: Path, data: bytes, lines: Sequence[bytes], at: int) -> bytes:
    """Return lines ready for the end of a file: sealed where it is, or where it is new and its library is locked."""
    envelope = envelope_of(path)
    if not (data.startswith(_MAGIC) or b"\n" + _MAGIC in data):
        if data or envelope is None or envelope.leaving:
            return b"".join(lines)  # a plain file stays plain until all of it is sealed
        lock, public = envelope.lock, envelope.public
    else:
        from coach.archive.sealing import lock_of  # noqa: PLC0415 - as above

        lock = lock_of(data)
        if envelope is not None and envelope.lock == lock:
            public = envelope.public
        elif lock in _held:
            public = _public(_held[lock])
        else:
            raise Locked
    from coach.archive.sealing import Sealer  # noqa: PLC0415 - as above

    seal = Sealer(lock, public, kind_of(path), at)
    return b"".join(map(seal.seal, lines))


def _public(private: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # noqa: PLC0415 - as above

    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


# Reading.


def read(path: Path) -> bytes:
    """Return a file of lines as it was before it was sealed; a line ``?`` stands for each place that cannot be opened.

    Raises:
        OSError: where it cannot be read.
        Locked: where it is sealed and nobody has the key.
    """
    return plain(path, path.read_bytes())


def plain(path: Path, data: bytes) -> bytes:
    """Return the bytes of a file of lines as they were before they were sealed. Raises `Locked`."""
    found = _opened(path, data)
    return data if found is None else found.data


def first_line(path: Path) -> bytes:
    """Return the first line of a file of lines. Raises as `read`."""
    with path.open("rb") as file:
        first = next(file, b"")
        if first.startswith(b"{"):
            return first
        beginning = first + b"".join(islice(file, _FIRST - 1))
        found = _opened(path, beginning)
        if found is None or found.lost:
            data = beginning + file.read()
            found = _opened(path, data)
            return (data if found is None else found.data).partition(b"\n")[0] + b"\n"
    return found.data.partition(b"\n")[0] + b"\n"


def read_whole(path: Path) -> bytes:
    """Return a file that was written by `whole`.

    Raises:
        OSError: where it cannot be read.
        Locked: where it is sealed and nobody has the key.
        ValueError: where any of it is missing or changed.
    """
    return plain_whole(path, path.read_bytes())


def plain_whole(path: Path, data: bytes) -> bytes:
    """Return the bytes of a file that was written by `whole`. Raises `Locked`, ValueError as `read_whole`."""
    found = _opened(path, data)
    if found is None:
        return data
    from coach.archive.sealing import whole as opened_whole  # noqa: PLC0415 - as above

    return opened_whole(found)


def may_replace(path: Path) -> bool:
    """Say whether a file may give way to a new one: one that is sealed only where its key is here."""
    return not is_sealed(path) or state(path.parent).open


def damaged(path: Path) -> int:
    """Return in how many places a sealed file cannot be opened; 0 for a plain one. Raises as `read`."""
    found = _opened(path, path.read_bytes())
    return 0 if found is None else found.lost


def is_sealed(path: Path) -> bool:
    """Say whether a file is sealed; False where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(_PEEK)
            if data.startswith(_MAGIC) or b"\n" + _MAGIC in data:
                return True
            return not data.startswith(b"{") and b"\n" + _MAGIC in data + file.read()
    except OSError:
        return False


def _opened(path: Path, data: bytes) -> Opened | None:
    if not (data.startswith(_MAGIC) or b"\n" + _MAGIC in data):
        return None
    from coach.archive.sealing import opened  # noqa: PLC0415 - as above

    return opened(data, kind_of(path), _private(path))


def _private(path: Path) -> Callable[[str], bytes]:
    def find(lock: str) -> bytes:
        with _lock:
            if lock not in _held:
                _ask(path, lock)
            if lock in _held:
                return _held[lock]
        ours = envelope_of(path)
        raise Locked(way=ours.way if ours is not None else "")

    return find


def _ask(path: Path, lock: str) -> None:
    """Ask once for what opens a key; one of a lock that was taken off is opened as it was then."""
    global _asker  # noqa: PLW0603 - as above
    envelope = envelope_of(path)
    if envelope is None or envelope.lock != lock:
        homes = (path.parent, path.parent.parent)
        envelope = next((e for home in homes for e in envelopes.retired(home) if e.lock == lock), None)
    if envelope is None or _asker is None:
        return
    asker, _asker, wrong = _asker, None, ""
    for _ in range(_TRIES):
        secret = asker(envelope, wrong)
        if secret is None:
            return
        try:
            _held[envelope.lock] = envelopes.unwrapped(envelope, secret)
        except envelopes.WrongSecret as trouble:
            wrong = trouble.sentence
        else:
            _asker = asker
            return
    raise Locked(wrong)


# Files.


def kind_of(path: Path) -> str:
    """Return what a sealed file is bound to: its ending, and its name where it is about the session of that name."""
    name = path.name
    if name.endswith(PART):
        name = name.removesuffix(PART)
        rest, _, process = name.rpartition(".")
        name = rest if process.isdigit() else name
    stem, _, ending = name.rpartition(".")
    return "session" if ending == "jsonl" else f"{ending} {stem}"

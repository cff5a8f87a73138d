"""A library that is locked, or opened again: every file of it, one after the other.

Owns which files those are and how one gives way to the other. Each is whole under one name at every moment, sealed or
plain, and is read either way; so whoever is killed in between goes on from there. Dates stay, by which calls are put in
order and forgotten. A call that is running is left alone.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from coach.archive import envelope as envelopes
from coach.archive import locker
from coach.archive.exclusive import all_of, exclusive
from coach.archive.gate import STEM, gate
from coach.archive.private import private_file, sync_folder
from coach.archive.running import ENDING as RUNNING
from coach.archive.running import is_running
from coach.language import Sentence
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from coach.archive.envelope import Envelope, Secret

SESSIONS: Final = "sessions"
LOG: Final = ".jsonl"
LINES: Final = (LOG, ".hand", ".exports")
"""Endings of what is kept of a session, in lines."""
WHOLE: Final = ("voiceprints.json", "practice.json")
"""What lies beside the sessions and means something only as a whole."""
SOUND: Final = "*.flac"
"""The sound of a call beside its log. It is decoded by a process that is handed a path, so it cannot be sealed."""
DRAWN: Final = ("sessions/*.peaks*", "catalogue.*", "voiceprints.json.part", "practice.json.part")
"""What can be made again, or was left by a process that died: it goes instead of being sealed."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What was done: count of files that gave way, and a sentence for each that did not."""

    done: int
    left: tuple[str, ...] = ()


def lock(folder: Path, secret: Secret, told: Callable[[int, int], object] = lambda *_: None) -> Converted:
    """Lock a library with a new key, and seal what is there.

    The envelope is on the disk, read back and tried before the first file is touched.

    Args:
        folder: in which ``sessions`` lies.
        secret: what is to open it.
        told: is told how many files are done, and of how many.

    Raises:
        Trouble: where it is locked already, a call is running, sound is kept, or the envelope cannot be written.
    """
    made, private = envelopes.made(secret)
    with _alone(folder):
        _put_on(folder, secret, made, private)
    locker.hold({made.lock: private})
    return seal(folder, told)


def _put_on(folder: Path, secret: Secret, made: Envelope, private: bytes) -> None:
    """Have a new envelope on the disk, tried. Raises `Trouble` as `lock`, and then leaves none."""
    if envelopes.read(folder) is not None:
        raise Trouble("Your calls are locked already.", "'coach lock status' says how.")
    _nobody_calls(folder)
    if sounds := len(list((folder / SESSIONS).glob(SOUND))):
        raise Trouble(
            "The sound of {sounds} of your calls is kept, and sound cannot be locked.",
            "Forget these calls, or move the {ending} files out of {folder}.",
            sounds=sounds,
            ending=SOUND,
            folder=folder / SESSIONS,
        )
    try:
        envelopes.write(folder, made)
        _try_out(folder, secret, private)
    except (OSError, Trouble) as e:
        for name in (envelopes.NAME, envelopes.COPY):
            with suppress(OSError):
                (folder / name).unlink(missing_ok=True)
        why = e if isinstance(e, OSError) else e.sentence
        raise Trouble("The lock could not be put on: {why}.", "Nothing was changed.", why=why) from e


def _try_out(folder: Path, secret: Secret, private: bytes) -> None:
    """Read an envelope back and open it. Raises `Trouble`, OSError."""
    there = envelopes.read(folder)
    if there is None or envelopes.unwrapped(there, secret) != private:
        raise OSError(5, "what was written reads otherwise")


def seal(folder: Path, told: Callable[[int, int], object] = lambda *_: None) -> Converted:
    """Seal what lies openly in a locked library. Needs no secret; nothing where it is not locked."""
    envelope = locker.envelope_in(folder)
    if envelope is None or envelope.leaving:
        return Converted(0)

    def sealed(path: Path, data: bytes) -> bytes:
        return locker.whole(path, data) if path.name in WHOLE else locker.log(path, data)

    done = _convert(folder, lambda path: not locker.is_sealed(path), sealed, told)
    for pattern in DRAWN:
        for path in folder.glob(pattern):
            if ".sealed" not in path.name:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
    return done


def unlock_for_good(folder: Path, told: Callable[[int, int], object] = lambda *_: None) -> Converted:
    """Take the lock off: what is there becomes plain, and so is what is new. Goes on where it was stopped.

    The envelope stays, set aside: copies of sealed files that lie elsewhere open with it.

    Raises:
        Trouble: where it is not locked, the key is not held, a call is running, or the disk refuses.
    """
    envelope = locker.envelope_in(folder)
    if envelope is None:
        raise Trouble("Your calls are not locked.")
    locker.must_be_open(folder / SESSIONS)
    try:
        with _alone(folder):
            _nobody_calls(folder)
            if not envelope.leaving:
                envelopes.write(folder, replace(envelope, leaving=True))
    except OSError as e:
        raise Trouble("The lock cannot be taken off: {why}.", "Nothing was changed.", why=e) from e

    def plain(path: Path, data: bytes) -> bytes:
        return locker.plain_whole(path, data) if path.name in WHOLE else locker.plain(path, data)

    done = _convert(folder, locker.is_sealed, plain, told)
    for path in folder.glob("catalogue.sealed*"):
        with suppress(OSError):
            path.unlink(missing_ok=True)
    if not done.left:
        try:
            envelopes.retire(folder, replace(envelope, leaving=False))
        except OSError as e:
            raise Trouble(
                "Your calls are plain again, but the lock stands still: {why}.", "Take it off again.", why=e
            ) from e
    return done


def rewrap(folder: Path, secret: Secret) -> None:
    """Let another secret open a library; no call is touched.

    Raises:
        Trouble: where it is not locked, the key is not held, or the disk refuses.
    """
    envelope = locker.envelope_in(folder)
    if envelope is None:
        raise Trouble("Your calls are not locked.")
    locker.must_be_open(folder / SESSIONS)
    try:
        envelopes.write(folder, envelopes.wrapped_anew(envelope, locker.held()[envelope.lock], secret))
    except OSError as e:
        raise Trouble("It could not be changed: {why}.", "What opened your calls still does.", why=e) from e


def sealed_files(folder: Path) -> list[Path]:
    """Return what lies sealed in a library."""
    return [path for path in _files(folder) if locker.is_sealed(path)]


def _files(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in WHOLE if (folder / name).is_file())
    for ending in reversed(LINES):  # the log last: where it is sealed, the rest of its session is
        yield from sorted((folder / SESSIONS).glob(f"*{ending}"))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no call begin meanwhile. Raises `Trouble` where one is just beginning."""
    with ExitStack() as held:
        try:
            held.enter_context(gate(folder / SESSIONS))
        except TimeoutError as e:
            raise Trouble("A call is just beginning, or calls are being locked.", "Try again.") from e
        yield


def _nobody_calls(folder: Path) -> None:
    """Raise `Trouble` where a call is running, also one whose log could not be made yet."""
    holds = (folder / SESSIONS).glob(f"*{RUNNING}")
    if any(is_running(path) for path in holds if path.stem != STEM):
        raise Trouble("A call is running.", "End it first.")


def settle(session: Path) -> None:
    """Seal the log of a call that has ended, where the lock was put on after it had begun; else nothing.

    So it may where the disk did not take the log until then. What fails here is done at the next start.
    """
    with suppress(OSError, ValueError, Trouble):
        if locker.is_on(session) and not is_running(session):
            _give_way(session, lambda path: not locker.is_sealed(path), locker.log)


def _convert(
    folder: Path,
    wanted: Callable[[Path], bool],
    new: Callable[[Path, bytes], bytes],
    told: Callable[[int, int], object],
) -> Converted:
    paths = [path for path in _files(folder) if wanted(path)]
    left: list[str] = []
    for number, path in enumerate(paths, 1):
        try:
            if path.suffix == LOG and is_running(path):
                left.append(Sentence("The call '{name}' is running.", name=path.stem))
            else:
                _give_way(path, wanted, new)
        except FileNotFoundError:
            pass  # forgotten meanwhile
        except (OSError, ValueError) as e:
            why = e if isinstance(e, OSError) else Sentence("it is damaged")
            left.append(Sentence("'{name}' stays as it is: {why}.", name=path.name, why=why))
        told(number, len(paths))
    sync_folder(folder / SESSIONS)
    sync_folder(folder)
    return Converted(len(paths) - len(left), tuple(left))


def _give_way(path: Path, wanted: Callable[[Path], bool], new: Callable[[Path, bytes], bytes]) -> None:
    """Put a file in the place of another, with its dates; nobody adds to it meanwhile. Raises OSError, ValueError."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with exclusive(path, os.O_RDWR) as handle:
            if not wanted(path):
                return
            seen = os.fstat(handle)
            data = new(path, all_of(handle))
            part.unlink(missing_ok=True)
            with os.fdopen(private_file(part), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.utime(part, ns=(seen.st_atime_ns, seen.st_mtime_ns))
            if os.name != "nt":
                part.replace(path)
        if os.name == "nt":  # which keeps the name of what is open
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)

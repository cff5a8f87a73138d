"""The file under a log: lines go in at the end, and are on disk soon.

Owns how bytes get there. Two ways: `WholeSheet`, for what is written at one go and put in its place once it is whole;
`LiveSheet`, for a call under way, which never waits for a disk. Refuses to know what a line says.

Theory of operation of a `LiveSheet`. Every line goes into a buffer in memory that keeps the whole call. While the disk
is prompt, whoever adds a line hands it to the system in the same breath: a write into the system's memory, and from
then on a killed process takes nothing of it along. While it is not (a sync is under way, the last write was slow, or
was refused) a thread, the *pen*, writes instead, and nobody waits; it tries again with growing patience. Another, the
*sync*, has the disk take it all for good once a second (`fdatasync`), against a power cut; that may take seconds. So a
disk that is full, gone or read-only costs nothing as long as the process lives, and what is still unwritten in the end
can be saved elsewhere, whole. The pen alone would do, but on a machine with six times more to do than it can it came
too late for two of two hundred kills.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from coach.archive.private import private_file, private_folder, sync_folder
from coach.archive.running import Hold, hold, running_path
from coach.language import Sentence
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_log = logging.getLogger(__name__)

SYNC_S: Final = 1.0
"""A power cut takes so much of a call at most, and what the disk itself still held."""
PATIENCE_S: Final = (0.5, 10.0)
"""How long the pen waits after a first refusal, and at most."""
_SLOW_S: Final = 0.05  # a write into the system's memory takes 0.01 ms; 4 ms beside a disk that is kept busy
_END_S: Final = 20.0  # a disk that takes longer than this to write the last lines is one that hangs
_MOST_NAMES: Final = 1000
_sync: Final = getattr(os, "fdatasync", os.fsync)  # a log only grows: its length goes along with its data


class WholeSheet:
    """A file that means something only once it is whole; written by whoever adds, made with the sheet.

    Raises:
        Trouble: when it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fault = ""
        try:
            private_folder(path.parent)
            self._file = os.fdopen(private_file(path), "wb")
        except OSError as e:
            raise Trouble(
                "The session cannot be written to {path}: {why}.",
                "Free some space, or set storage.keep to 'nothing'.",
                path=path,
                why=e,
            ) from e

    def add(self, line: bytes) -> None:
        """Write a line; after a refusal nothing more."""
        self._try(lambda: self._file.write(line))

    def close(self) -> None:
        """Have it on the disk, and close it."""
        if not self._file.closed:
            self._try(self._on_disk)
            with suppress(OSError):
                self._file.close()

    def _on_disk(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())

    def _try(self, what: Callable[[], object]) -> None:
        if self.fault:
            return
        try:
            what()
        except OSError as e:
            self.fault = Sentence(
                "The session could not be written any further to {path}: {why}.", path=self.path, why=e
            )


class LiveSheet:
    """The file of a call under way. Adding to it never waits and never fails.

    Args:
        folder: where it is to be.
        stem: its name without an ending; another call's gets a number.
        ending: of its name.
        told: is told why when the disk refuses, once, and nothing when it takes lines again; on the pen's thread.
        write: writes bytes to a descriptor and returns how many; for a test to refuse.
    """

    def __init__(
        self,
        folder: Path,
        stem: str,
        ending: str,
        told: Callable[[str], object] = lambda _: None,
        write: Callable[[int, bytes], int] = os.write,
    ) -> None:
        self.path = folder / f"{stem}{ending}"
        self.fault = self.reason = ""
        self._folder, self._stem, self._ending = folder, stem, ending
        self._told, self._write = told, write
        self._all = bytearray()
        self._done = self._safe = 0
        self._handle = -1
        self._hold: Hold | None = None
        self._change = threading.Condition()
        self._ending_now = False
        self._over = threading.Event()
        self._slow = self._busy = self._syncing = (
            False  # the last write took long; the pen writes; a sync is under way
        )
        self._suspect = False  # the disk lost something that it had taken
        with suppress(OSError):  # the pen tries again, and says so
            self._open()
        self._threads = [
            threading.Thread(target=target, name=f"coach-log-{name}", daemon=True)
            for name, target in (("pen", self._pen), ("sync", self._keep_safe))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def kept(self) -> bool:
        """Say whether all of it is on the disk."""
        return self._safe == len(self._all) and not self._suspect

    def add(self, line: bytes) -> None:
        """Take a line. Waits for no disk but one that was prompt until now, and then for one write."""
        with self._change:
            prompt = self._handle >= 0 and not (self.fault or self._slow or self._busy or self._syncing)
            pending = self._done < len(self._all)
            self._all += line
            if prompt and not pending:
                with suppress(OSError):  # the pen meets the same, and says so
                    self._done += self._written(line)
            if self._done < len(self._all) or self._ending_now:
                self._change.notify_all()

    def close(self) -> None:
        """Write what is left and let go of the file; ``kept`` and ``fault`` then say how that went."""
        with self._change:
            if self._ending_now:
                return
            self._ending_now = True
            self._change.notify_all()
        self._threads[0].join(_END_S)
        self._over.set()
        self._threads[1].join(_END_S)
        if any(thread.is_alive() for thread in self._threads):
            self._refused(TimeoutError(0, "the disk does not answer"))
            return  # the threads may still hold the descriptor
        self._told = lambda _: None  # whoever was told may go; the call may still be saved
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        if self._hold is not None:
            self._hold.release(ended=self.kept)

    def discard(self) -> None:
        """Take the file away again: the call never began."""
        self.close()
        self._unlink()

    def save_to(self, folder: Path) -> Path:
        """Write all of a call that is over to another folder, and take away what the first one has of it.

        Returns:
            The file.

        Raises:
            Trouble: when that cannot be written either.
        """
        try:
            private_folder(folder)
            path = next(p for p in _names(folder, self._stem, self._ending) if not p.exists())
            part = path.with_name(f"{path.name}.{os.getpid()}.part")
            part.unlink(missing_ok=True)
            try:
                with os.fdopen(private_file(part), "wb") as file:
                    file.write(self._all)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        except OSError as e:
            raise Trouble(
                "The call could not be saved in {folder} either: {why}.",
                "Choose another folder.",
                folder=folder,
                why=e,
            ) from e
        sync_folder(folder)
        self._unlink()
        self.path, self.fault, self.reason = path, "", ""
        self._suspect, self._safe = False, len(self._all)
        return path

    def _unlink(self) -> None:
        if self.made:
            for path in (self.path, running_path(self.path)):
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    @property
    def made(self) -> bool:
        """Say whether there is a file, or was one: its name is settled."""
        return self._hold is not None

    # The pen's thread.

    def _pen(self) -> None:
        patience, longest = PATIENCE_S
        while True:
            with self._change:
                self._change.wait_for(lambda: self._ending_now or self._done < len(self._all))
                if self._done == len(self._all):
                    return
                last, self._busy = self._ending_now, True
                new = bytes(self._all[self._done :])
            try:
                if self._handle < 0:
                    self._open()
                # Less may be taken than was given; the next turn gives the rest, and never a byte twice.
                self._done += self._written(new)
            except OSError as e:
                self._refused(e)
                self._busy = False
                if last:
                    return
                with self._change:
                    self._change.wait_for(lambda: self._ending_now, patience)
                patience = min(2 * patience, longest)
            else:
                patience, self._busy = PATIENCE_S[0], False
                if self.fault and not self._suspect:
                    self.fault = self.reason = ""
                    self._tell("")

    def _written(self, new: bytes) -> int:
        began = time.monotonic()
        try:
            return self._write(self._handle, new)
        finally:
            self._slow = time.monotonic() - began > _SLOW_S

    def _open(self) -> None:
        """Make the file under the first name that is free, and lock it as running. Raises OSError."""
        private_folder(self._folder)
        for path in _names(self._folder, self._stem, self._ending):
            if path.exists():
                continue
            held = hold(path, make=True)
            if held is None:
                continue
            try:
                self._handle = private_file(path, os.O_APPEND)
            except FileExistsError:
                held.release(ended=True)
                continue
            except OSError:
                held.release(ended=True)
                raise
            self.path, self._hold = path, held
            return
        raise FileExistsError(17, "too many calls of one name")

    def _refused(self, e: OSError) -> None:
        first = not self.fault
        self.reason = Sentence(str(e.strerror))
        self.fault = Sentence("This call could not be kept in {folder}: {why}.", folder=self._folder, why=e)
        if first:
            self._tell(self.reason)

    def _tell(self, reason: str) -> None:
        try:
            self._told(reason)
        except Exception:  # noqa: BLE001 - whoever is told may fail; the thread that writes the call may not
            _log.exception("nobody could be told of the disk")

    # The sync's thread.

    def _keep_safe(self) -> None:
        over = named = False
        while not over:
            over = self._over.wait(SYNC_S)
            done = self._done
            if done == self._safe or self._handle < 0:
                continue
            self._syncing = True
            try:
                _sync(self._handle)
            except OSError as e:
                # What was refused is gone from the system's memory too, and nobody is told twice (fsync(2)).
                self._suspect = True
                self._refused(e)
            else:
                self._safe = done
                if not named:
                    sync_folder(self._folder)
                    named = True
            finally:
                self._syncing = False


def _names(folder: Path, stem: str, ending: str) -> list[Path]:
    return [folder / f"{stem}{f'-{n}' if n > 1 else ''}{ending}" for n in range(1, _MOST_NAMES)]

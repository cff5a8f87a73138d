"""The sound of one live call, kept because its user asked for it in this call.

A composition beneath `coach.app`. Owns the thread that encodes and writes, and how two sides become one file of two
channels that lie on the time of the call. Refuses to know who asked. The listener hands in what it placed and waits for
nothing; what the disk refuses, or whatever else fails here, ends the sound, told once, never the call.
"""

from __future__ import annotations

import logging
import queue
import shutil
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from coach.archive.soundfile import SoundFile, sound_path
from coach.audio.block import RATE
from coach.audio.flac import FlacEncoder
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from coach.audio.block import Block
    from coach.call.events import Who

WAITS: Final = RATE // 2
"""A side that gives nothing for so long is silent in the file: the other one's sound must not wait to be written."""
MOST: Final = 4000
"""Blocks that may wait for a disk that does not answer: two minutes, 8 MB."""
PIECE: Final = 10 * RATE
"""A gap is written in pieces so long: the hours that a machine slept never stand in memory."""
BROKEN: Final = "a part of Coach failed"
_END_S: Final = 10.0
_log = logging.getLogger(__name__)


class Tape:
    """Write the sound of a call as it comes.

    Args:
        sides: the sides of the call; the first is the left channel.
        session: where the log of the call lies; None for as long as it could not be made.
        told: is told, once, why no more of the sound is kept.
    """

    def __init__(
        self, sides: Sequence[Who], session: Callable[[], Path | None], told: Callable[[str], object]
    ) -> None:
        self._waiting: queue.SimpleQueue[Block | None] = queue.SimpleQueue()
        self._session, self._told = session, told
        self._mixer = _Mixer(sides)
        self._encoder = FlacEncoder(len(sides))
        self._file: SoundFile | None = None
        self.fault = ""
        """Why no more is kept; empty while all is."""
        self._dropped = False
        """Nothing of it is to be kept."""
        self._thread = threading.Thread(target=self._run, name="coach-tape", daemon=True)
        self._thread.start()

    @property
    def path(self) -> Path | None:
        """The file; None where none was made."""
        return None if self._file is None else self._file.path

    def take(self, block: Block) -> None:
        """Take what was heard of one side, placed in the time of the call; returns at once."""
        if self._stopped():
            return
        if self._waiting.qsize() >= MOST:
            self._refuse("the disk does not answer")
            return
        self._waiting.put(block)

    def close(self) -> None:
        """Write what is left."""
        self._waiting.put(None)
        self._thread.join(_END_S)

    def drop(self) -> None:
        """Write nothing more, not even what waits, and take away what was written; waits for nobody."""
        self._dropped = True
        self._waiting.put(None)

    def discard(self) -> None:
        """Take the sound away again."""
        self.drop()
        self._thread.join(_END_S)
        self._take_away()  # its thread may have ended before it was dropped, or hang in the disk

    def move_to(self, session: Path) -> None:
        """Put the sound of a call that is over beside the place where its log was saved. Raises `Trouble`."""
        if self.path is None:
            return
        try:
            shutil.move(self.path, sound_path(session))
        except OSError as e:
            raise Trouble(
                "The call was saved as {session}, its sound could not be: {why}.",
                "What there is of it lies in {path}.",
                session=session,
                why=e,
                path=self.path,
            ) from e

    def _stopped(self) -> bool:
        return self._dropped or bool(self.fault)

    def _take_away(self) -> None:
        if self.path is not None:
            with suppress(OSError):
                self.path.unlink(missing_ok=True)

    # The tape's thread.

    def _run(self) -> None:
        while (block := self._waiting.get()) is not None:
            self._safely(partial(self._mixer.take, block))
        self._safely(self._mixer.rest, self._encoder.end)
        if (file := self._file) is not None:
            if not self._stopped():
                with suppress(OSError):
                    file.put(*self._encoder.length())
            file.close()
            if self._dropped:
                self._take_away()

    def _safely(
        self, pieces: Callable[[], Iterator[NDArray[np.int16]]], last: Callable[[], bytes] = bytes
    ) -> None:
        """Write pieces of sound; whatever fails ends the sound, and neither this thread nor the call."""
        if self._stopped():
            return
        try:
            for piece in pieces():
                if self._stopped():  # the pieces of a gap may be hours
                    return
                self._write(self._encoder.encode(piece))
            self._write(last())
        except OSError as e:
            self._refuse(str(e.strerror or BROKEN))
        except Exception:  # noqa: BLE001 - the call comes first, and what was written so far stays whole
            _log.exception("the sound of a call could not be taken")
            self._refuse(BROKEN)

    def _write(self, data: bytes) -> None:
        if self._stopped() or not data:  # it may have been given up meanwhile, by whoever hands blocks in
            return
        if self._file is None:
            if (session := self._session()) is None:
                raise FileNotFoundError(2, "the call itself could not be kept")
            self._file = SoundFile(session)
            self._file.add(self._encoder.head)
        self._file.add(data)

    def _refuse(self, why: str) -> None:
        if self.fault:
            return
        self.fault = why
        try:
            self._told(why)
        except Exception:  # noqa: BLE001 - whoever is told may fail; the thread that owns the file may not
            _log.exception("nobody could be told that the sound of a call is over")


class _Mixer:
    """Lay the sides of a call beside each other.

    Args:
        sides: in the order of the channels.
    """

    def __init__(self, sides: Sequence[Who]) -> None:
        self._rows: dict[Who, list[NDArray[np.int16]]] = {who: [] for who in sides}
        self._taken = dict.fromkeys(sides, 0)
        self._given = 0

    def take(self, block: Block) -> Iterator[NDArray[np.int16]]:
        """Yield what is complete with this block, shape ``(sides, any)``; a gap is silence, an overlap counts once."""
        yield from self._silence(block.who, block.start)
        self._add(block.who, block.samples[max(0, self._taken[block.who] - block.start) :])
        yield from self._level()

    def rest(self) -> Iterator[NDArray[np.int16]]:
        """Yield all that is left, the shorter side with silence behind it."""
        until = max(self._taken.values())
        for who in self._rows:
            yield from self._silence(who, until)
        yield from self._complete(until)

    def _silence(self, who: Who, until: int) -> Iterator[NDArray[np.int16]]:
        """Let a side be silent up to a sample, a piece at a time; yield what is complete with each."""
        while self._taken[who] < until:
            self._fill(who, min(until, self._taken[who] + PIECE))
            yield from self._level()

    def _level(self) -> Iterator[NDArray[np.int16]]:
        """Let no side wait longer for the other than it may; yield what is complete."""
        for who in self._rows:
            self._fill(who, max(self._taken.values()) - WAITS)
        yield from self._complete(min(self._taken.values()))

    def _fill(self, who: Who, until: int) -> None:
        if until > self._taken[who]:
            self._add(who, np.zeros(until - self._taken[who], np.int16))

    def _add(self, who: Who, samples: NDArray[np.int16]) -> None:
        if len(samples):
            self._rows[who].append(samples)
            self._taken[who] += len(samples)

    def _complete(self, until: int) -> Iterator[NDArray[np.int16]]:
        count = until - self._given
        if count <= 0:
            return
        rows = []
        for who, parts in self._rows.items():
            row = np.concatenate(parts) if parts else np.zeros(0, np.int16)
            rows.append(row[:count])
            self._rows[who] = [row[count:]] if len(row) > count else []
        self._given = until
        yield np.stack(rows)

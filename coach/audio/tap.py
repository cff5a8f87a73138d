"""Hear what a Mac plays, without a virtual device: a small program of ours taps it, and we read what that writes.

Owns the child process and the language between the two (``assets/tap/CoachTap.swift`` speaks it, and says the same):

- First a line, ``COACHTAP 1`` and a line feed: who speaks, and in which version.
- Then frames, little-endian: the letters ``tap1``, samples a second (32 bits), how many samples follow (32 bits), the
  host time of the first of them in nanoseconds (64 bits), and the samples (16 bits each, one channel). A frame without
  samples only says that the program lives.
- It ends when its standard input does, with 0; or by itself with one of `EXITS`.

The program gives the rate at which the Mac plays, and the change to 16 kHz happens here as for every other device:
so it stays too small to hide a fault. Neither was yet run on macOS.
"""

from __future__ import annotations

import logging
import platform
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

import numpy as np
import platformdirs

from coach.audio.intake import Intake
from coach.audio.opening import Source
from coach.call.events import Who
from coach.language import Sentence
from coach.shipped import shipped
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from coach.audio.opening import Opening

PROGRAM = "coach-tap"
IDENTITY = "tap"
LABEL = "What this Mac plays"
NEEDS = (14, 2)
"""``AudioHardwareCreateProcessTap`` came with macOS 14.2."""

GREETING = b"COACHTAP 1\n"
MAGIC = b"tap1"
HEADER = struct.Struct("<4sIIQ")
RATES = range(8_000, 384_001)
MOST = 384_000
"""A frame holds at most a second: more is no frame of ours."""

GREETS_S = 10.0
"""The first line may wait for the system: at the first time it asks the user."""
SILENT_S = 10.0
"""It says every second that it lives."""
ENDS_S = 2.0

REFUSED, TOO_OLD, NO_OUTPUT, BROKEN = 10, 11, 12, 13

_PERMISSION = (
    "Open System Settings, Privacy & Security, Screen & System Audio Recording, and allow the program from which "
    "Coach is started under 'System Audio Recording Only'."
)
EXITS = {
    REFUSED: ("macOS does not let this program hear what the Mac plays.", _PERMISSION),
    TOO_OLD: (
        "This macOS is too old for hearing what the Mac plays.",
        "Update to macOS 14.2 or later, or install a virtual device such as BlackHole.",
    ),
    NO_OUTPUT: (
        "This Mac has nothing to play through.",
        "Check that a loudspeaker or a headset is connected.",
    ),
    BROKEN: (
        "macOS did not give what this Mac plays.",
        "Start the call again; if it stays so, use a virtual device such as BlackHole.",
    ),
}

_ENDED = {
    0: "the program that hears it has ended",
    REFUSED: "macOS does not let this program hear what the Mac plays",
    TOO_OLD: "this macOS is too old for hearing what the Mac plays",
    NO_OUTPUT: "this Mac has nothing to play through",
    BROKEN: "macOS did not give what this Mac plays",
}
"""The same in the midst of a call."""
_log = logging.getLogger(__name__)


def can_tap() -> bool:
    """Say whether this is a macOS that has taps."""
    parts = platform.mac_ver()[0].split(".") if sys.platform == "darwin" else []
    return tuple(int(p) for p in parts[:2] if p.isdigit()) >= NEEDS


def find_program() -> Path | None:
    """Return where the program lies: in the data folder, or beside the one that runs; None where it was not built."""
    places = (data_place(), Path(sys.executable).parent / PROGRAM)
    return next((p for p in places if p.is_file()), None)


def data_place() -> Path:
    """Return where the program is built to."""
    return Path(platformdirs.user_data_dir("coach", appauthor=False)) / PROGRAM


def how_to_build() -> str:
    """Return the one command that builds the program, ready to be pasted into a terminal."""
    return f"sh '{shipped('assets', 'tap', 'build.sh')}'"


class Frame(NamedTuple):
    """What the program says at a time."""

    rate: int
    heard_s: float
    samples: NDArray[np.int16]


class NotOursError(ValueError):
    """What was read is not in the language of the program."""


def frames(stream: IO[bytes]) -> Iterator[Frame]:
    """Yield what the program says, after its greeting, until it ends; a last frame cut short is dropped.

    Raises:
        NotOursError: when it says anything else.
    """
    while len(head := _exactly(stream, HEADER.size)) == HEADER.size:
        magic, rate, count, host_ns = HEADER.unpack(head)
        if magic != MAGIC or rate not in RATES or count > MOST:
            raise NotOursError(f"no frame: {head!r}")
        sound = _exactly(stream, 2 * count)
        if len(sound) < 2 * count:
            return
        yield Frame(rate, host_ns / 1e9, np.frombuffer(sound, "<i2").astype(np.int16, copy=False))


def _exactly(stream: IO[bytes], size: int) -> bytes:
    """Read so many bytes, however many pieces they come in; fewer only at the end."""
    data = b""
    while len(data) < size and (more := stream.read(size - len(data))):
        data += more
    return data


class TapSource(Source):
    """What the Mac plays as an `AudioSource`, through the program.

    Args:
        command: starts it; by default the one that was built.
        clock: monotonic seconds.
    """

    rests = True

    def __init__(self, command: tuple[str, ...] = (), *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(Who.CUSTOMER, LABEL)
        self._command = command
        self._clock = clock
        self._talk: _Talk | None = None

    @property
    def overflows(self) -> int:
        """How often samples were lost before they reached us."""
        return self._talk.overflows if self._talk is not None else 0

    def _open(self, opening: Opening) -> None:
        command = self._command or (str(_built()),)
        try:
            child = subprocess.Popen(  # noqa: S603 - our own program, no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in a terminal is for us to act upon
            )
        except OSError as e:
            raise Trouble(
                "'{program}' cannot be started.",
                "Build it again: {command}",
                program=command[0],
                command=how_to_build(),
            ) from e
        self._talk = talk = _Talk(child, opening, self._clock)
        if talk.greeted():
            return
        self._talk = None
        said, code = talk.greeting, talk.end()
        if said is None:
            raise Trouble("macOS does not answer.", "If it asks for a permission, give it, then try again.")
        if code in EXITS:
            raise Trouble(*EXITS[code])
        raise Trouble(
            "'{program}' is of another version.",
            "Build it again: {command}",
            program=command[0],
            command=how_to_build(),
        )

    def _close(self) -> None:
        talk, self._talk = self._talk, None
        if talk is not None:
            talk.end()

    def _look(self) -> str:
        talk = self._talk
        if talk is not None and self._clock() - talk.said_s > SILENT_S:
            return Sentence("the program that hears it says nothing any more")
        return ""


class _Talk:
    """One run of the program, read on a thread of its own.

    Args:
        child: the program.
        opening: takes what it hears, and how it ended.
        clock: monotonic seconds.
    """

    def __init__(self, child: subprocess.Popen[bytes], opening: Opening, clock: Callable[[], float]) -> None:
        self.said_s = clock()
        self.greeting: bytes | None = None
        self._child = child
        self._opening = opening
        self._clock = clock
        self._intake: Intake | None = None
        self._greeted = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tap", daemon=True)
        self._thread.start()

    @property
    def overflows(self) -> int:
        return self._intake.overflows if self._intake is not None else 0

    def greeted(self) -> bool:
        """Wait for the first line; say whether it is the right one."""
        return self._greeted.wait(GREETS_S) and self.greeting == GREETING

    def end(self) -> int:
        """End the program by closing its input, then by force; return its exit code."""
        child = self._child
        if child.stdin is not None:
            with suppress(OSError):
                child.stdin.close()
        for harder in (child.terminate, child.kill):
            try:
                child.wait(ENDS_S)
                break
            except subprocess.TimeoutExpired:
                harder()
        code = child.wait()
        self._thread.join(ENDS_S)
        if child.stdout is not None and not self._thread.is_alive():
            child.stdout.close()
        return code

    def _run(self) -> None:
        why = ""
        try:
            self._read()
        except NotOursError:
            why = Sentence("the program that hears it is of another version")
        except Exception:  # noqa: BLE001 - whatever it is, the rep must hear of it
            _log.exception("what the tap says could not be taken")
            why = Sentence("its sound cannot be understood")
        finally:
            self._greeted.set()
            self._opening.gone(why or self._how_it_ended())

    def _read(self) -> None:
        stream = self._child.stdout
        if stream is None:
            return
        self.greeting = _exactly(stream, len(GREETING))
        if self.greeting != GREETING:
            return
        self._greeted.set()
        for frame in frames(stream):
            self.said_s = self._clock()
            if not len(frame.samples):
                continue
            if self._intake is None:
                self._intake = Intake(
                    Who.CUSTOMER, frame.rate, self._opening.hand_on, pauses=True, clock=self._clock
                )
            self._intake.change_rate(frame.rate)
            self._intake.take(frame.samples[:, np.newaxis], frame.heard_s)

    def _how_it_ended(self) -> str:
        try:
            code = self._child.wait(ENDS_S)
        except subprocess.TimeoutExpired:
            code = 0
        return Sentence(_ENDED[code if code in _ENDED else 0])


def _built() -> Path:
    program = find_program()
    if program is None:
        raise Trouble(
            "The program that hears what this Mac plays is not built.",
            "Once: {command}",
            command=how_to_build(),
        )
    return program

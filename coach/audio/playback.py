"""Play a recording: from any place, at another speed with its pitch kept, one side or both.

Owns a thread that reads ahead, the output stream, and the place that is heard. Refuses to know who asks and what is
shown meanwhile. The device's callback copies and returns; half a second of sound is made ahead of it, so that a wish
(another place, speed or side) is heard at once: what was made for the old one is simply left.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coach.audio.block import RATE, to_ms
from coach.audio.loudspeaker import open_output
from coach.audio.portaudio import close_stream
from coach.audio.stretch import ears, stretched
from coach.language import Sentence
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from coach.audio.recording import Recording
    from coach.audio.stretch import Sides

AHEAD = RATE // 2
"""Samples made ahead of the device: enough for a busy moment, and little to leave when a wish changes."""

FIRST = RATE // 5
"""Samples made before a device is opened: it takes all that it can hold at once, and would be handed silence."""

LINGER_S = 10.0
"""A device with nothing to play is kept for so long: a sound server may need a second to wake one that sleeps, and
whoever goes through a call clicks again soon. Then it is let go, and costs nothing."""

STUCK_S = 3.0
"""A device that takes nothing for so long has gone without a word."""

LATENCY_S = 0.08
"""What the device may hold: unheard at a pause, and the longest that the place heard lies behind the place played."""

_GONE = Trouble("The loudspeaker has gone.", "Choose another in your system's settings, then play again.")
_FAULT = Trouble("The sound could not be played on.", "Play again, from another place if need be.")
_MEND = Sentence("Plug one in, or choose one in your system's settings, then play again.")


@dataclass(slots=True, eq=False)
class _Run:
    """One wish: what is to be heard from a place on. Made anew whenever the wish changes.

    The reading thread adds to ``ready`` and says ``over``; the device's callback takes from it, and counts.
    """

    start: int
    end: int | None
    speed: float
    sides: Sides
    ready: deque[NDArray[np.int16]] = field(default_factory=deque)
    made: int = 0
    """Samples at the device's pace that were made ready."""
    over: bool = False
    """Nothing more will be made."""
    taken: int = 0
    """Samples that the device took."""
    silent: int = 0
    """Samples of silence that it took after the last of them."""
    heard: float = 0.0
    """Most samples that were known to be heard: a place never goes back."""
    stamp: tuple[float, int] | None = None
    """When a sample will be heard by the device's clock, in seconds, and which one."""
    read: int = 0
    """Samples of the recording that were read for it."""

    @property
    def waiting(self) -> int:
        return self.made - self.taken


class Playback:
    """A recording that can be heard: see `coach.ui.sound.Sound`.

    Args:
        recording: what is played.
        output: opens a device: takes the callback that fills its blocks (as `sounddevice` calls it) and one that is
            called when it ended; raises `Trouble`. For tests.
    """

    def __init__(self, recording: Recording, output: Callable[..., Any] | None = None) -> None:
        self._recording = recording
        self._output = output or open_output
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._stream: Any = None
        self._held = LATENCY_S
        """Seconds from a sample's taking to its being heard."""
        self._ended = False
        self._closing = False
        self._run: _Run | None = None
        self._at = 0
        """The place, in samples, while nothing plays."""
        self._length: int | None = None
        """Samples of the recording, once its end was reached."""
        self._speed = 1.0
        self._sides: Sides = "both"
        self._changed: Callable[[], None] = lambda: None
        self._trouble: Callable[[str], None] = lambda _: None

    @property
    def position_ms(self) -> int:
        """The place that is heard now, or from which it would go on."""
        with self._lock:
            return to_ms(self._place())

    @property
    def playing(self) -> bool:
        """Say whether it plays, or is about to."""
        return self._run is not None

    def listen(self, changed: Callable[[], None], trouble: Callable[[str], None]) -> None:
        """Tell when it began or stopped playing, and in a sentence why it cannot; from any thread."""
        self._changed, self._trouble = changed, trouble

    def play(self, from_ms: int | None = None, to_ms: int | None = None) -> None:
        """Play from a place, or from where it is, to another place or to the end; at the end, from the start."""
        with self._lock:
            start = self._place() if from_ms is None else _samples(from_ms)
            if from_ms is None and start == self._length:
                start = 0
            self._begin(start, None if to_ms is None else _samples(to_ms))
        self._changed()

    def pause(self) -> None:
        """Be silent, and stay at the place that was heard."""
        with self._lock:
            if self._run is None:
                return
            self._at, self._run = self._place(), None
            self._wake.set()
        self._changed()

    def seek(self, ms: int) -> None:
        """Go to a place; go on playing from there if it plays, then to the end."""
        with self._lock:
            if self._run is None:
                self._at = _samples(ms)
            else:
                self._begin(_samples(ms), None)

    def set_speed(self, times: float) -> None:
        """Play so many times as fast, 0.5 to 2, with the pitch kept."""
        if not 0.5 <= times <= 2:  # noqa: PLR2004 - faster than 2, atempo leaves samples out
            raise ValueError(f"{times} is no speed")
        with self._lock:
            self._speed = times
            self._again()

    def set_sides(self, sides: Sides) -> None:
        """Choose who is heard, and in which ear; a recording of one channel is heard whatever is chosen."""
        with self._lock:
            self._sides = sides
            self._again()

    def close(self) -> None:
        """Let file and device go; harmless when closed already."""
        with self._lock:
            self._at, self._run, self._closing = self._place(), None, True
            self._wake.set()
        if self._thread not in (None, threading.current_thread()):
            self._thread.join()

    # With the lock held.

    def _place(self) -> int:
        run = self._run
        if run is None:
            return self._at
        heard: float = run.taken
        if run.stamp is not None and (now := self._now()) is not None:
            when, which = run.stamp
            by_clock = which + (now - when) * RATE
            if run.taken - RATE < by_clock:  # else the device's clock is not to be believed
                heard = min(heard, max(by_clock, 0.0))
        run.heard = max(run.heard, heard)
        place = run.start + round(run.heard * run.speed)
        return place if run.end is None else min(place, run.end)

    def _now(self) -> float | None:
        """Return the time by the device's clock, in seconds; None when it has gone."""
        try:
            now: float = self._stream.time
        except Exception:  # noqa: BLE001 - whatever a device says that is going
            return None
        return now

    def _begin(self, start: int, end: int | None) -> None:
        if self._closing:
            return
        self._run = _Run(start, end, self._speed, self._sides)
        self._wake.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="coach-playback", daemon=True)
            self._thread.start()

    def _again(self) -> None:
        if self._run is not None:
            self._begin(self._place(), self._run.end)

    # On the thread that reads ahead.

    def _work(self) -> None:
        try:
            while not self._closing:
                self._wake.clear()
                run = self._run
                if run is not None:
                    self._perform(run)
                elif not self._closing and not self._wake.wait(LINGER_S if self._stream else None):
                    self._let_go()
        finally:
            self._let_go()

    def _perform(self, run: _Run) -> None:
        """Play a run to its end, or until another wish takes its place."""
        try:
            if not self._played(run):
                return
        except Exception as fault:  # noqa: BLE001 - whatever it is: nobody would ever hear that nothing plays any more
            self._let_go()
            if self._finish(run):
                self._trouble(str(fault if isinstance(fault, Trouble) else _FAULT))
                self._changed()
            return
        reached = run.start + run.read
        if run.read and (run.end is None or reached < run.end):
            self._length = reached
        if self._finish(run, reached):
            self._changed()

    def _played(self, run: _Run) -> bool:
        """Hand a run to the device; return False as soon as it is no longer wanted."""
        if self._ended:
            self._let_go()
        for sound in stretched(self._sound(run), run.speed):
            run.ready.append(sound)
            run.made += len(sound)
            if run.made >= FIRST:
                self._be_open()
            if not self._wait(run, lambda: run.waiting < AHEAD):
                return False
        run.over = True
        if not run.made:
            return True
        self._be_open()
        return self._wait(run, lambda: run.silent >= self._held * RATE)

    def _wait(self, run: _Run, until: Callable[[], bool]) -> bool:
        """Wait for the device; return whether the run is still wanted. Raises `Trouble` when the device has gone."""
        while self._run is run:
            self._wake.clear()
            if self._ended and self._stream is not None:  # closing one of our own ends it too
                raise _GONE
            if until():
                return True
            taken = run.taken + run.silent
            if self._run is run and not self._wake.wait(STUCK_S) and taken == run.taken + run.silent:
                raise _GONE
        return False

    def _finish(self, run: _Run, place: int | None = None) -> bool:
        """Stay at a place, or where it is, with nothing to play; return False when another wish came first."""
        with self._lock:
            if self._run is not run:
                return False
            self._at, self._run = self._place() if place is None else place, None
            return True

    def _sound(self, run: _Run) -> Iterator[NDArray[np.int16]]:
        """Yield what is to be heard at the recording's own speed, shape ``(n, 2)``."""
        room = None if run.end is None else max(0, run.end - run.start)
        if room == 0:
            return
        for sides in self._recording.samples(run.start):
            wanted = sides if room is None else sides[:, : room - run.read]
            run.read += wanted.shape[1]
            yield ears(wanted, run.sides)
            if run.read == room:
                return

    def _be_open(self) -> None:
        if self._stream is not None:
            return
        self._ended = False
        stream = self._output(self._fill, self._finished, latency=LATENCY_S, mend=_MEND)
        self._held = max(LATENCY_S, float(stream.latency))
        with self._lock:
            self._stream = stream

    def _let_go(self) -> None:
        with self._lock:  # whoever asks for the place asks the stream for the time
            stream, self._stream = self._stream, None
        if stream is not None:
            close_stream(stream)

    # On the device's own thread.

    def _fill(self, out: NDArray[np.int16], frames: int, time: Any, _status: Any) -> None:
        run, at = self._run, 0
        if run is not None:
            if run.waiting:
                run.stamp = (time.outputBufferDacTime, run.taken)
            while at < frames and run.ready:
                sound = run.ready.popleft()
                fits = sound[: frames - at]
                out[at : at + len(fits)] = fits
                at += len(fits)
                if len(fits) < len(sound):
                    run.ready.appendleft(sound[len(fits) :])
            run.taken += at
            if run.over and not run.ready:
                run.silent += frames - at
            if run.waiting < AHEAD // 2 or run.over:
                self._wake.set()
        out[at:] = 0

    def _finished(self) -> None:
        self._ended = True
        self._wake.set()


def _samples(ms: int) -> int:
    return max(0, ms) * RATE // 1000

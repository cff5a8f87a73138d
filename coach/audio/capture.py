"""Hear one device: what microphone and loopback share.

Owns the opening of a PortAudio stream, the counting of its samples, and the promise that the sound of one
side is never handed on as the other's. Refuses to know which side it hears.

On Linux a stream goes through ALSA's ``pulse`` device; PortAudio knows no monitors, but libpulse reads the
variable ``PULSE_SOURCE`` when a stream is opened, so each stream can have a source of its own. Should the
server move the stream later, a watch says so within milliseconds; the last blocks are held back until it
vouches for them, and thrown away with the stream.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import soxr

from coach.audio import portaudio
from coach.audio.block import RATE, Block
from coach.audio.clocks import awake_s
from coach.audio.count import Count
from coach.call.events import Who
from coach.language import Sentence
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from coach.audio.devices import Device
    from coach.audio.pulse import Watch

BLOCK = RATE * 60 // 1000
"""60 ms: a third of the wake-ups of 20 ms, and half the processor time, for 57 ms more from sound to block."""

HELD = 1
"""Blocks held back for servers that may send a word of a move after its sound: 60 ms (the word takes about 10)."""


class Capture:
    """One device as an `AudioSource`. See `coach.audio.block`.

    Args:
        who: the side that it carries.
        device: from `coach.audio.devices`.

    ``blocks`` counts what came since the device was opened, ``came_s`` says when the last did, in awake seconds.
    """

    def __init__(self, who: Who, device: Device) -> None:
        self.who = who
        self.name = device.label
        self._count = Count()
        self._device = device
        self._stream: Any = None
        self._watch: Watch | None = None
        self._deaf = threading.Event()
        self.blocks = 0
        self.came_s: float | None = None

    @property
    def overflows(self) -> int:
        """How often samples were lost before they reached us, since the device was opened."""
        return self._count.losses

    @property
    def rests(self) -> bool:
        """Say whether it may rightly give nothing for long: a WASAPI loopback does while nothing plays."""
        return sys.platform == "win32" and self.who is Who.CUSTOMER

    def start(self, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]) -> None:
        """Open the device and begin.

        Raises:
            Trouble: when the device cannot be opened.
        """
        if self._stream is not None:
            raise RuntimeError(f"{self.name} is open already")
        self._deaf.clear()
        self._deliver, self._lost = deliver, lost
        self._begin()
        with portaudio.opening:  # PULSE_SOURCE belongs to the whole process: one stream at a time
            names = [str(d["name"]) for d in portaudio.devices()]
            if sys.platform == "linux" and "pulse" in names:
                self._open_pulse()
            elif sys.platform == "linux" and self._device.identity not in names:
                raise Trouble(
                    "'{name}' cannot be opened: ALSA has no way to the sound server.",
                    "On Debian or Ubuntu: sudo apt install libasound2-plugins",
                    name=self.name,
                )
            else:
                self._open_by_name()

    def stop(self) -> None:
        """Close the device, hand over what was held back and is its own; harmless when closed already."""
        if self._watch is not None:
            self._watch.stop()
        if self._stream is not None:
            stream, self._stream = self._stream, None
            portaudio.close_stream(stream)
            if not self._deaf.is_set():
                self._deaf.set()
                for block in self._held if self._sure() else ():
                    self._deliver(block)
        self._watch = None

    def _begin(self) -> None:
        self._count = Count()
        self.blocks, self.came_s = 0, None
        self._held: deque[Block] = deque()
        self._resampler: soxr.ResampleStream | None = None

    def _open_pulse(self) -> None:
        from coach.audio import pulse  # noqa: PLC0415 - needs libpulse, which only this way of listening needs

        source = self._device.identity
        try:
            before = pulse.own_streams()
            watch = pulse.Watch(source, before, lambda: self.blocks, self._moved)
        except pulse.PulseError as e:
            raise Trouble(
                "The sound server does not answer.", "Start PulseAudio or PipeWire, then try again."
            ) from e
        self._watch = watch  # before the stream: its first block is already held back until the watch is sure
        try:
            with _environment("PULSE_SOURCE", source):
                self._open("pulse", RATE)
        except Trouble:
            self._watch = None
            watch.close()
            raise
        watch.start()

    def _open_by_name(self) -> None:
        """Open a PortAudio device, at its own rate if 16 kHz is refused. Not yet run on Windows or macOS."""
        name = self._device.identity
        try:
            self._open(name, RATE)
        except Trouble:
            known = next((d for d in portaudio.devices() if d["name"] == name), None)
            if known is None:
                raise
            rate = int(known["default_samplerate"])
            self._begin()
            self._resampler = soxr.ResampleStream(rate, RATE, 1, dtype="int16", quality="HQ")
            self._open(name, rate)

    def _open(self, name: str, rate: int) -> None:
        try:
            self._stream = portaudio.open_stream(
                device=name,
                samplerate=rate,
                channels=1,
                dtype="int16",
                blocksize=rate * BLOCK // RATE,
                callback=self._take,
                finished_callback=self._finished,
                # plain bytes: sounddevice's arrays cost more than all that is done with a block here
                kind=portaudio.portaudio().RawInputStream,
            )
        except (portaudio.portaudio().PortAudioError, ValueError) as e:
            raise self._refused() from e

    def _refused(self) -> Trouble:
        return Trouble(
            "'{name}' cannot be opened.",
            "Close other programs that use it, or choose another one.",
            name=self.name,
        )

    def _take(self, data: Any, _frames: int, time: Any, status: Any) -> None:
        """Copy a block and return: this runs on PortAudio's own thread."""
        if self._deaf.is_set():
            return
        self.take(
            np.frombuffer(data, np.int16).copy(),
            time.inputBufferAdcTime,
            awake_s(),
            lost_some=bool(status.input_overflow),
        )

    def take(self, samples: NDArray[np.int16], heard_s: float, came_s: float, *, lost_some: bool) -> None:
        """Count samples in, hold them back for a moment, and hand on what was held long enough.

        Args:
            samples: mono, int16, at the device's rate.
            heard_s: when the first of them was heard, by the device's clock.
            came_s: when they reached us, in awake seconds.
            lost_some: samples before these were lost; the count then jumps over the time they took.
        """
        if (
            self._resampler is not None
        ):  # a tenth of a millisecond for a block; the rest of the line is 16 kHz
            samples = self._resampler.resample_chunk(samples)
        begins = self._count.take(len(samples), heard_s, came_s, lost_some=lost_some)
        self._held.append(Block(self.who, begins, samples))
        self.blocks += 1
        self.came_s = came_s
        while len(self._held) > HELD and self._sure():
            try:
                oldest = self._held.popleft()
            except IndexError:  # lost in this very moment
                return
            self._deliver(oldest)

    def _sure(self) -> bool:
        """Say whether this stream is known to have heard its own device until now."""
        return self._watch is None or self._watch.vouches()

    def _finished(self) -> None:
        if self._stream is not None:
            self._moved(Sentence("it was unplugged or the sound server has gone"))

    def _moved(self, reason: str) -> None:
        """Stop listening at once; nothing held back is ever handed on."""
        if self._deaf.is_set():
            return
        self._deaf.set()
        self._held.clear()
        self._lost(self.who, Sentence("'{name}' is no longer heard: {why}.", name=self.name, why=reason))


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before

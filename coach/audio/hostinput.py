"""Hear one of PortAudio's inputs on Windows or macOS: a microphone, or a virtual device with the other side.

Owns how it is opened (at its own rate and with its own channels, for a shared stream takes no other), the sentence
when the system refuses, and the signs that it is lost: PortAudio may stop without a word after a sleep (its issues
930 and 944), and a Bluetooth headset may change its rate under an open stream. Not yet run on those systems.
"""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any

from coach.audio import portaudio
from coach.audio.endpoint import Flow, default_device
from coach.audio.hostapi import Input, inputs
from coach.audio.intake import BLOCK_S, Intake
from coach.audio.opening import Source
from coach.language import Sentence
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from coach.audio.devices import Device
    from coach.audio.opening import Opening
    from coach.call.events import Who

STALL_S = 5.0
"""A microphone never pauses: so long without a sample, and it is lost."""
FIRST_S = 8.0
"""The first sample may take longer: a Bluetooth headset changes its profile first."""
PACES = ((0.9, 0.3), (6.0, 0.07))
"""Over so many seconds, so far from its own rate, twice in a row to the same side: its rate has changed. A headset that
becomes a telephone is half or a third off; 44.1 for 48 kHz is 8 %, and what a busy machine hands over late less."""
MOST_CHANNELS = 32
DENIED = -2147024891
"""``E_ACCESSDENIED``, 0x80070005: what WASAPI answers to a program that may not use the microphone."""

SWITCHED = Sentence("the system switched to another device")
UNPLUGGED = Sentence("it was unplugged or switched off")

_log = logging.getLogger(__name__)


class HostInput(Source):
    """An input of PortAudio's as an `AudioSource`.

    Args:
        who: the side that it carries.
        device: from `coach.audio.devices`.
        follow: hear the system's own choice, whichever that is when it is opened, and be lost when it changes.
        clock: monotonic seconds.
    """

    look_s = 1.0

    def __init__(
        self,
        who: Who,
        device: Device,
        *,
        follow: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(who, device.label)
        self._device = device
        self._follow = follow
        self._clock = clock
        self._stream: Any = None

    @property
    def overflows(self) -> int:
        """How often samples were lost before they reached us."""
        return self._intake.overflows if self._stream is not None else 0

    def _open(self, opening: Opening) -> None:
        flow: Flow = "input"
        self._chosen = default_device(flow) if self._follow else ""
        with portaudio.opening:
            found = self._find()
            self.name = opening.name = found.label
            self._began_s = self._clock()
            self._paces = [Pace(over_s, off) for over_s, off in PACES]
            self._stream = self._tried(found, opening)

    def _find(self) -> Input:
        known = [i for i in inputs() if self._device.kind == "loopback" or not i.virtual]
        if self._follow and (default := next((i for i in known if i.default), None)):
            return default
        for found in known:
            if found.identity == self._device.identity:
                return found
        raise Trouble("'{name}' is not there any more.", "Plug it in, or choose another one.", name=self.name)

    def _tried(self, found: Input, opening: Opening) -> Any:
        """Open the stream in the first way that the system takes."""
        refused: Exception | None = None
        for way in _ways(found):
            self._intake = intake = Intake(self.who, way["samplerate"], opening.hand_on, clock=self._clock)
            try:
                return portaudio.open_stream(
                    device=found.index,
                    blocksize=round(way["samplerate"] * BLOCK_S),
                    callback=_hearing(intake, opening),
                    finished_callback=_finished(opening),
                    **way,
                )
            except (portaudio.portaudio().PortAudioError, ValueError) as e:
                refused = e
                if _denied(e):
                    break
        raise _refusal(found.label, refused) from refused

    def _close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            portaudio.close_stream(stream)

    def _look(self) -> str:
        now_s, came_s = self._clock(), self._intake.came_s
        if (came_s is None and now_s - self._began_s > FIRST_S) or (
            came_s is not None and now_s - came_s > STALL_S
        ):
            return Sentence("no sound arrives from it")
        if self._chosen and default_device("input") not in (self._chosen, ""):
            return SWITCHED
        changed = [p.changed(self._intake) for p in self._paces]
        return Sentence("its sample rate changed") if any(changed) else ""


class Pace:
    """Notice that frames come much faster or slower than the device says.

    Args:
        over_s: how long is looked at.
        off: how far off is too far, as a share of the rate.
    """

    def __init__(self, over_s: float, off: float) -> None:
        self._over_s, self._off = over_s, off
        self._since: tuple[float, int, int] | None = None
        self._side = 0.0

    def changed(self, intake: Intake) -> bool:
        """Look at what has come by now; say whether the rate is another one."""
        if intake.came_s is None:
            return False
        since, now = self._since, (intake.came_s, intake.frames, intake.flagged)
        if since is None or now[2] != since[2]:  # what was lost is missing in the pace
            self._since, self._side = now, 0.0
            return False
        lasted_s = now[0] - since[0]
        if lasted_s < self._over_s:
            return False
        off = (now[1] - since[1]) / (lasted_s * intake.rate) - 1
        again = abs(off) > self._off and off * self._side > 0
        self._since, self._side = now, off if abs(off) > self._off else 0.0
        return again


def _ways(found: Input) -> Iterator[dict[str, Any]]:
    """Yield ways to open an input, the plainest first.

    Float before int16: PortAudio dithers what it makes int16, and then a microphone without permission would not give
    the exact zeros by which it is known. The last way lets Windows itself change rate and channels.
    """
    for channels in dict.fromkeys((min(found.channels, MOST_CHANNELS), 1)):
        for dtype in ("float32", "int16"):
            yield {"samplerate": found.rate, "channels": channels, "dtype": dtype}
    if sys.platform == "win32" and found.identity.endswith("Windows WASAPI"):
        converted = portaudio.portaudio().WasapiSettings(auto_convert=True)
        for rate in (48_000, 16_000):
            yield {"samplerate": rate, "channels": 1, "dtype": "float32", "extra_settings": converted}


def _hearing(intake: Intake, opening: Opening) -> Callable[..., None]:
    def heard(data: NDArray[np.generic], _frames: int, moment: Any, status: Any) -> None:
        """Take a block; this runs on PortAudio's own thread."""
        try:
            intake.take(data, moment.inputBufferAdcTime, lost_some=bool(status.input_overflow))
        except Exception:  # noqa: BLE001 - an exception in here would end in a line on a terminal and a dead stream
            _log.exception("what a microphone gave could not be taken")
            opening.gone(Sentence("its sound cannot be understood"))

    return heard


def _finished(opening: Opening) -> Callable[[], None]:
    def finished() -> None:
        opening.gone(UNPLUGGED)

    return finished


def _denied(error: Exception) -> bool:
    return any(isinstance(part, tuple) and DENIED in part for part in error.args)


def _refusal(name: str, error: Exception | None) -> Trouble:
    if error is not None and _denied(error):
        return Trouble(
            "Windows does not let this program hear '{name}'.",
            "Open Settings, Privacy & security, Microphone, and allow desktop apps to use it.",
            name=name,
        )
    return Trouble(
        "'{name}' cannot be opened.", "Close other programs that use it, or choose another one.", name=name
    )

"""Hear the customer: what the loudspeakers play, as an `AudioSource`.

Owns the ways in which systems offer it: a monitor on Linux, a WASAPI loopback on Windows (through
PyAudioWPatch, because PortAudio's own releases have none), a virtual device such as BlackHole on macOS. The
last two are written from their documentation and not yet run on those systems.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import soxr

from coach.audio.block import RATE
from coach.audio.capture import BLOCK, Capture
from coach.call.events import Who
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.audio.block import Block
    from coach.audio.devices import Device

QUIET_S = 0.2
"""A jump of the device's clock above this is silence: WASAPI delivers nothing while nothing plays."""


class Loopback(Capture):
    """What the loudspeakers play.

    Args:
        device: from `coach.audio.devices.find_loopback`.
    """

    def __init__(self, device: Device) -> None:
        super().__init__(Who.CUSTOMER, device)
        self._audio: Any = None

    def start(self, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]) -> None:
        """Open the loopback and begin. Raises `Trouble` when it cannot be opened."""
        if sys.platform == "win32":
            self._start_wasapi(deliver, lost)
        else:
            super().start(deliver, lost)

    def _start_wasapi(self, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]) -> None:
        """Open a WASAPI loopback. Not yet run on that system."""
        try:
            import pyaudiowpatch as pa  # noqa: PLC0415 - exists on Windows alone, and is optional there
        except ImportError as e:
            raise Trouble(
                "The other side cannot be heard.", "Install PyAudioWPatch beside this program."
            ) from e
        audio = pa.PyAudio()
        infos = {str(i["name"]): i for i in audio.get_loopback_device_info_generator()}
        info = infos.get(self._device.identity)
        if info is None:
            audio.terminate()
            raise Trouble(f"'{self.name}' is not there any more.", "Plug it in, or choose another one.")
        channels, rate = int(info["maxInputChannels"]), int(info["defaultSampleRate"])
        self._begin()
        self._deaf.clear()
        self._deliver, self._lost = deliver, lost
        self._resampler = soxr.ResampleStream(rate, RATE, 1, dtype="int16", quality="HQ")

        def heard(data: bytes, _frames: int, time: dict[str, float], _status: int) -> tuple[None, int]:
            if not self._deaf.is_set():
                samples = np.frombuffer(data, np.int16).reshape(-1, channels).mean(axis=1).astype(np.int16)
                self.take_after_quiet(samples, time["input_buffer_adc_time"])
            return None, int(pa.paContinue)

        try:
            self._stream = audio.open(
                format=pa.paInt16,
                channels=channels,
                rate=rate,
                input=True,
                input_device_index=int(info["index"]),
                frames_per_buffer=rate * BLOCK // RATE,
                stream_callback=heard,
            )
        except OSError as e:
            audio.terminate()
            raise self._refused() from e
        self._audio = audio

    def take_after_quiet(self, samples: np.typing.NDArray[np.int16], heard_s: float) -> None:
        """Count samples in, jumping over the time in which nothing was played and so nothing came."""
        quiet = self._expected_s is not None and heard_s - self._expected_s > QUIET_S
        overflows = self.overflows
        self.take(samples, heard_s, lost_some=quiet)
        self.overflows = overflows  # silence is no loss

    def stop(self) -> None:
        """Close the loopback; harmless when closed already."""
        super().stop()
        if self._audio is not None:
            self._audio.terminate()
            self._audio = None

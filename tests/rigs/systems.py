"""Windows and macOS as their sound libraries show them: recorded lists, and streams that a test plays.

Stands in for `sounddevice` and `pyaudiowpatch` with what their documentation says they return, down to the odd parts:
a list of devices that is made once and goes stale, a default of -1, host APIs that show every device again. The lists
lie in ``recorded/`` and say where they come from. Owns no opinion on what is done with them.
"""

from __future__ import annotations

import copy
import json
import queue
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from coach.audio import endpoint, hostinput, portaudio, wasapi

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from coach.audio.block import Block

_RECORDED = Path(__file__).parent / "recorded"
OVERFLOW = 2
"""``paInputOverflow`` in portaudio.h."""
WAIT_S = 20
"""More than enough on a busy machine; a passing test waits for none of it."""


class Clock:
    """Monotonic seconds that go on when the test says so."""

    def __init__(self, now_s: float = 1000.0) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


class Room:
    """Hears a source, and looks after it when the test says so rather than every two seconds.

    Args:
        source: not started yet.
    """

    def __init__(self, source: Any) -> None:
        self.source, self.clock = source, Clock()
        source._clock, source.look_s = self.clock, 3600.0
        self.blocks: list[Block] = []
        self.losses: queue.Queue[str] = queue.Queue()

    def start(self) -> Room:
        """Start the source."""
        self.source.start(self.blocks.append, lambda _who, why: self.losses.put(why))
        return self

    def look(self) -> str:
        """Have the source look after its device; return what it finds."""
        why: str = self.source._look()
        if why:
            self.source._opening.gone(why)
        return why

    def lost(self) -> str:
        """Wait for the loss and return its sentence."""
        return self.losses.get(timeout=WAIT_S)


def tone(seconds: float, rate: int, channels: int) -> np.ndarray:
    """Return a tone of half the full scale, ``(frames, channels)``, float."""
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
    return np.tile(wave, (channels, 1)).T


def bring(system: System, room: Room, seconds: float, *, pace: float = 1.0, adc: bool = True) -> None:
    """Have the stream that was opened last bring a tone.

    Args:
        system: whose stream.
        room: whose clock goes on meanwhile.
        seconds: of sound.
        pace: seconds of sound that come in a second.
        adc: the driver knows when it heard them.
    """
    stream = system.streams[-1]
    for _ in range(round(seconds / 0.06)):
        at_s = room.clock.now_s
        room.clock.now_s += 0.06 / pace
        stream.bring(tone(0.06, stream.rate, stream.wanted.channels), at_s if adc else 0.0)


class System:
    """A recorded system that devices may leave and come back to.

    Args:
        name: of a recording.
        platform: as `sys.platform` has it.
    """

    def __init__(self, name: str, platform: str) -> None:
        self._all = json.loads((_RECORDED / f"{name}.json").read_text(encoding="utf-8"))
        self.now: dict[str, Any] = copy.deepcopy(self._all)
        self.platform = platform
        self.refuses: Callable[[dict[str, Any]], Exception | None] = lambda _wanted: None
        """Says why a stream is not opened."""
        self.streams: list[Any] = []

    def unplug(self, label: str) -> None:
        """Take every device of this name away."""
        self.now["devices"] = [
            d if label not in d["name"] else {**d, "max_input_channels": 0, "max_output_channels": 0}
            for d in self.now["devices"]
        ]
        self.now["outputs"] = [o for o in self.now.get("outputs", ()) if label not in o["name"]]

    def plug_all_in(self) -> None:
        """Put everything back, behind a device that was not there before, so that no index is what it was."""
        self.now = copy.deepcopy(self._all)
        new = {**self.now["devices"][0], "name": "Webcam", "max_input_channels": 1, "max_output_channels": 0}
        self.now["devices"].insert(0, new)
        for host in self.now["hostapis"]:
            for which in ("default_input_device", "default_output_device"):
                host[which] += host[which] >= 0
            host["devices"] = [i + 1 for i in host["devices"]]

    def choose_input(self, label: str, api: str) -> None:
        """Make an input the default of its host API."""
        hosts = self.now["hostapis"]
        number = next(i for i, h in enumerate(hosts) if h["name"] == api)
        hosts[number]["default_input_device"] = next(
            i
            for i, d in enumerate(self.now["devices"])
            if d["name"] == label and d["hostapi"] == number and d["max_input_channels"]
        )

    def here(self, patch: pytest.MonkeyPatch) -> None:
        """Make this the system that the code runs on."""
        patch.setattr(sys, "platform", self.platform)
        patch.setitem(sys.modules, "sounddevice", self._sounddevice())
        if self.platform == "win32":
            patch.setitem(sys.modules, "pyaudiowpatch", self._pyaudiowpatch())
        for module in (endpoint, hostinput, wasapi):
            patch.setattr(module, "default_device", self._default_device)
        patch.setattr(portaudio, "_open", set())

    def _default_device(self, flow: str) -> str:
        if flow == "output":
            return str(self.now.get("default_output") or "")
        hosts = self.now["hostapis"]
        chosen = [h["default_input_device"] for h in hosts if h["name"] in {"Windows WASAPI", "Core Audio"}]
        return "" if not chosen or chosen[0] < 0 else str(self.now["devices"][chosen[0]]["name"])

    def _sounddevice(self) -> ModuleType:  # noqa: C901 - one library, to be read from top to bottom
        system = self
        sd: Any = ModuleType("sounddevice")
        shown: dict[str, Any] = {}

        class PortAudioError(Exception):
            pass

        class InputStream:
            def __init__(self, **wanted: Any) -> None:
                device = shown["devices"][wanted["device"]]
                if why := system.refuses({**wanted, "name": device["name"]}):
                    raise why
                if wanted["channels"] > device["max_input_channels"]:
                    raise PortAudioError("Error opening InputStream: Invalid number of channels", -9998)
                self.wanted, self.device, self.closed = SimpleNamespace(**wanted), device, False
                self.rate = self.wanted.samplerate
                system.streams.append(self)

            def start(self) -> None:
                pass

            def close(self) -> None:
                if not self.closed:
                    self.closed = True
                    self.wanted.finished_callback()

            def bring(self, sound: np.ndarray, adc_s: float, *, overflow: bool = False) -> None:
                moment = SimpleNamespace(inputBufferAdcTime=adc_s)
                self.wanted.callback(
                    sound.astype(self.wanted.dtype),
                    len(sound),
                    moment,
                    SimpleNamespace(input_overflow=overflow),
                )

            def die(self) -> None:
                self.wanted.finished_callback()

        def _initialize() -> None:
            shown.update(copy.deepcopy(system.now))

        def query_devices() -> tuple[dict[str, Any], ...]:
            return tuple({"index": i, **d} for i, d in enumerate(shown["devices"]))

        def query_hostapis() -> tuple[dict[str, Any], ...]:
            return tuple(shown["hostapis"])

        sd.PortAudioError, sd.InputStream = PortAudioError, InputStream
        sd._initialize, sd._terminate = _initialize, dict
        sd.query_devices, sd.query_hostapis, sd.WasapiSettings = (
            query_devices,
            query_hostapis,
            SimpleNamespace,
        )
        return sd

    def _pyaudiowpatch(self) -> ModuleType:  # noqa: C901 - the same
        system = self
        pa: Any = ModuleType("pyaudiowpatch")
        pa.paFloat32, pa.paInt16, pa.paContinue, pa.paInputOverflow = 1, 8, 0, OVERFLOW
        pa.users, shown = 0, {}

        class Stream:
            def __init__(self, **wanted: Any) -> None:
                info = infos()[wanted["input_device_index"]]
                if why := system.refuses({**wanted, "name": info["name"]}):
                    raise why
                self.wanted, self.active, self.closed = SimpleNamespace(**wanted), True, False
                self.rate = self.wanted.rate
                self.answers: list[Any] = []
                system.streams.append(self)

            def is_active(self) -> bool:
                return self.active

            def close(self) -> None:
                self.closed = True
                if not self.active:
                    raise OSError(-9988, "Stream closed")

            def bring(self, sound: np.ndarray, adc_s: float, flags: int = 0) -> None:
                dtype = np.float32 if self.wanted.format == pa.paFloat32 else np.int16
                moment = {"input_buffer_adc_time": adc_s, "current_time": 0.0, "output_buffer_dac_time": 0.0}
                self.answers.append(
                    self.wanted.stream_callback(sound.astype(dtype).tobytes(), len(sound), moment, flags)
                )

        def infos() -> list[dict[str, Any]]:
            outputs = [
                {
                    "index": i,
                    "name": o["name"],
                    "maxInputChannels": 0,
                    "maxOutputChannels": o["channels"],
                    "defaultSampleRate": o["rate"],
                    "isLoopbackDevice": False,
                }
                for i, o in enumerate(shown["outputs"])
            ]
            heard = [
                {
                    **o,
                    "index": len(outputs) + o["index"],
                    "name": f"{o['name']} [Loopback]",
                    "maxInputChannels": o["maxOutputChannels"],
                    "maxOutputChannels": 0,
                    "isLoopbackDevice": True,
                }
                for o in outputs
            ]
            return outputs + heard

        class PyAudio:
            def __init__(self) -> None:
                if not pa.users:
                    shown.update(copy.deepcopy(system.now))
                pa.users += 1

            def terminate(self) -> None:
                pa.users -= 1

            def get_loopback_device_info_generator(self) -> Any:
                if not any(h["name"] == "Windows WASAPI" for h in shown["hostapis"]):
                    raise OSError(-9979, "Host API not found")
                yield from (i for i in infos() if i["isLoopbackDevice"])

            def get_default_wasapi_device(self, *, d_out: bool = False) -> dict[str, Any]:
                assert d_out
                with suppress(StopIteration):
                    return next(i for i in infos() if i["name"] == shown["default_output"])
                raise OSError(-9996, "Invalid device")

            def get_default_wasapi_loopback(self) -> dict[str, Any]:
                name = self.get_default_wasapi_device(d_out=True)["name"]
                for info in self.get_loopback_device_info_generator():
                    if name in info["name"]:
                        return dict(info)
                raise LookupError("No analogue is found")

            def open(self, **wanted: Any) -> Stream:
                return Stream(**wanted)

        pa.PyAudio = PyAudio
        return pa

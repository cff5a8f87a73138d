"""Hear what the loudspeakers play on Windows: WASAPI's loopback, through PyAudioWPatch.

Owns its list and one source. PortAudio's own releases have no loopback, so this is a PortAudio of its own beside the
one that hears the microphone, and neither knows the other's streams. Written from its documentation and its Python
source (0.2.12.9); not yet run on that system.

A loopback sends nothing while nothing plays. That is no loss: the time that passed is a gap in the count
(`coach.audio.intake`), and the live room hears silence meanwhile (`coach.live.listener`). When another output becomes
the default, the old loopback only falls silent, so the system is asked every two seconds which one it is.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from coach.audio.endpoint import default_device
from coach.audio.intake import BLOCK_S, Intake
from coach.audio.opening import Source
from coach.call.events import Who
from coach.language import Sentence
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from coach.audio.devices import Device
    from coach.audio.opening import Opening

MARK = " [Loopback]"
"""How PyAudioWPatch ends the name of a loopback: it is otherwise the output's own."""

INSTALL = "Install PyAudioWPatch beside this program: pip install pyaudiowpatch"

SWITCHED = Sentence("the system plays through another device now")
UNPLUGGED = Sentence("it was unplugged or switched off")

_one_at_a_time = threading.RLock()
"""PortAudio may not be entered by two threads at once. Its list is made when the first of ours begins and lasts until
the last one ends."""

_log = logging.getLogger(__name__)


class Found(NamedTuple):
    """A loopback: its lasting name, what a person calls it, and whether it is the default output's."""

    identity: str
    label: str
    default: bool


def loopbacks() -> tuple[Found, ...]:
    """Return what can be heard of what is played; nothing without PyAudioWPatch, WASAPI or an output."""
    pa = _library()
    if pa is None:
        return ()
    with _one_at_a_time:
        audio = pa.PyAudio()
        try:
            default = _default_name(audio)
            names = [str(info["name"]) for info in audio.get_loopback_device_info_generator()]
        except OSError:
            return ()
        finally:
            audio.terminate()
    return tuple(Found(name, name.removesuffix(MARK), name == default) for name in names)


class WasapiLoopback(Source):
    """The loopback of one output as an `AudioSource`.

    Args:
        device: from `coach.audio.devices.find_loopback`.
        follow: hear the default output, whichever that is when it is opened, and be lost when it changes.
        clock: monotonic seconds.
    """

    rests = True

    def __init__(
        self, device: Device, *, follow: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(Who.CUSTOMER, device.label)
        self._device = device
        self._follow = follow
        self._clock = clock
        self._audio: Any = None
        self._stream: Any = None

    @property
    def overflows(self) -> int:
        """How often samples were lost before they reached us."""
        return self._intake.overflows if self._stream is not None else 0

    def _open(self, opening: Opening) -> None:
        pa = _library()
        if pa is None:
            raise Trouble("The other side cannot be heard.", INSTALL)
        self._chosen = default_device("output") if self._follow else ""
        with _one_at_a_time:
            audio = pa.PyAudio()
            try:
                info = self._find(audio)
                self.name = opening.name = str(info["name"]).removesuffix(MARK)
                self._stream = self._tried(pa, audio, info, opening)
            except BaseException:
                audio.terminate()
                raise
            self._audio = audio

    def _find(self, audio: Any) -> dict[str, Any]:
        try:
            known = {str(i["name"]): dict(i) for i in audio.get_loopback_device_info_generator()}
        except OSError:
            known = {}
        default = _default_name(audio) if self._follow else ""
        for name in (default, self._device.identity):
            if name in known:
                return known[name]
        raise Trouble("'{name}' is not there any more.", "Plug it in, or choose another one.", name=self.name)

    def _tried(self, pa: ModuleType, audio: Any, info: dict[str, Any], opening: Opening) -> Any:
        """Open the stream; float first, which is what Windows mixes in and what nobody dithers."""
        channels, rate = int(info["maxInputChannels"]), round(float(info["defaultSampleRate"]))
        refused: Exception | None = None
        for form, dtype in ((pa.paFloat32, np.float32), (pa.paInt16, np.int16)):
            intake = Intake(self.who, rate, opening.hand_on, pauses=True, clock=self._clock)
            self._intake = intake
            try:
                return audio.open(
                    format=form,
                    channels=channels,
                    rate=rate,
                    input=True,
                    input_device_index=int(info["index"]),
                    frames_per_buffer=round(rate * BLOCK_S),
                    stream_callback=_hearing(pa, intake, opening, channels, dtype),
                )
            except (OSError, ValueError) as e:
                refused = e
        raise Trouble(
            "What '{name}' plays cannot be heard.",
            "Close programs that use it for themselves alone, or choose another one.",
            name=self.name,
        ) from refused

    def _close(self) -> None:
        with _one_at_a_time:
            stream, self._stream = self._stream, None
            audio, self._audio = self._audio, None
            try:
                if stream is not None:
                    stream.close()
            except OSError:  # of a device that is gone
                _log.info("a loopback that was gone could not be closed")
            finally:
                if audio is not None:
                    audio.terminate()

    def _look(self) -> str:
        stream = self._stream
        try:
            active = stream is None or stream.is_active()
        except OSError:
            active = False
        if not active:
            return UNPLUGGED
        if self._chosen and default_device("output") not in (self._chosen, ""):
            return SWITCHED
        return ""


def _library() -> ModuleType | None:
    try:
        import pyaudiowpatch  # noqa: PLC0415 - exists on Windows alone, and is optional there
    except ImportError:
        return None
    module: ModuleType = pyaudiowpatch
    return module


def _default_name(audio: Any) -> str:
    """Return the name of the default output's loopback; empty without one.

    `get_default_wasapi_loopback` takes the first loopback whose name merely contains the output's: of "Speakers" and
    "Speakers 2" perhaps the wrong one. It is asked only where none has exactly the name.
    """
    try:
        exact = str(audio.get_default_wasapi_device(d_out=True)["name"]) + MARK
        names = [str(i["name"]) for i in audio.get_loopback_device_info_generator()]
        return exact if exact in names else str(audio.get_default_wasapi_loopback()["name"])
    except (OSError, LookupError, ValueError):
        return ""


def _hearing(
    pa: ModuleType, intake: Intake, opening: Opening, channels: int, dtype: type[np.generic]
) -> Callable[..., tuple[None, int]]:
    def heard(data: bytes, _frames: int, moment: dict[str, float], status: int) -> tuple[None, int]:
        """Take a block; this runs on PortAudio's own thread."""
        try:
            sound = np.frombuffer(data, dtype).reshape(-1, channels)
            intake.take(
                sound, moment["input_buffer_adc_time"], lost_some=bool(status & int(pa.paInputOverflow))
            )
        except Exception:  # noqa: BLE001 - an exception in here would end the stream and be thrown at somebody else later
            _log.exception("what a loopback gave could not be taken")
            opening.gone(Sentence("its sound cannot be understood"))
        return None, int(pa.paContinue)

    return heard

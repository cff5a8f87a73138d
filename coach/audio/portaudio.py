"""Reach PortAudio through `sounddevice`.

Owns its one peculiarity: the list of devices is made once for the process, perhaps before the sound server
was there, and can only be renewed while none of our streams is open (python-sounddevice issue 125).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from coach.trouble import Trouble

if TYPE_CHECKING:
    from types import ModuleType

opening = threading.RLock()
"""Held while a stream is opened or closed or the list is renewed."""

_open: set[int] = set()


def portaudio() -> ModuleType:
    """Return `sounddevice`.

    Raises:
        Trouble: when PortAudio itself is missing, which only shows on import.
    """
    try:
        import sounddevice  # noqa: PLC0415 - finds PortAudio on import, and may fail to
    except OSError as e:
        raise Trouble(
            "PortAudio, which records sound, is not installed.",
            "On Debian or Ubuntu: sudo apt install libportaudio2 libasound2-plugins",
        ) from e
    module: ModuleType = sounddevice
    return module


def devices() -> list[dict[str, Any]]:
    """Return PortAudio's devices, from a fresh list where that harms no open stream; empty without any."""
    sd = portaudio()
    with opening:
        try:
            if not _open:
                sd._terminate()  # noqa: SLF001 - the only way to renew the list
                sd._initialize()  # noqa: SLF001 - the same
            return list(sd.query_devices())
        except sd.PortAudioError:
            return []


def open_stream(kind: Any = None, **wanted: Any) -> Any:
    """Open and start a stream, for input unless ``kind`` is another of `sounddevice`'s classes.

    Raises `sounddevice.PortAudioError` or ValueError when refused.
    """
    with opening:
        stream = (kind or portaudio().InputStream)(**wanted)
        try:
            stream.start()
        except BaseException:
            stream.close()
            raise
        _open.add(id(stream))
        return stream


def close_stream(stream: Any) -> None:
    """Close a stream; no callback of it runs afterwards."""
    with opening:
        stream.close()
        _open.discard(id(stream))

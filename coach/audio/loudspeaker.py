"""Let a room hear a recording while it is coached.

Owns one output stream. Refuses to set the pace: it plays what it is handed, when it is handed, and plays silence
when it is handed nothing. Left is the rep, right the customer, as in a recording.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from coach.audio.block import RATE, Block
from coach.audio.portaudio import close_stream, devices, open_stream, portaudio
from coach.call.events import Who
from coach.language import Sentence
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

ROOM_S = 5
"""Sound waiting to be played beyond this is dropped, oldest first: a stuck device must not eat memory."""


def open_output(
    fill: Callable[..., None],
    finished: Callable[[], None] | None = None,
    *,
    latency: float | str = "high",
    mend: Sentence = Sentence("Plug one in, or choose another."),  # noqa: B008 - it never changes
) -> Any:
    """Open the system's own output: two ears, int16, 16 kHz.

    Args:
        fill: fills a block of shape ``(frames, 2)`` and returns at once, as `sounddevice` asks for it.
        finished: is told when the stream has ended, by itself or because it was closed.
        latency: seconds that the device may hold, or what PortAudio calls low or high.
        mend: what to do where there is no output.

    Raises:
        Trouble: when there is no output.
    """
    sd = portaudio()
    wanted = {
        "kind": sd.OutputStream,
        "samplerate": RATE,
        "channels": 2,
        "dtype": "int16",
        "latency": latency,
        "callback": fill,
        "finished_callback": finished,
    }
    refused = (sd.PortAudioError, ValueError)
    try:
        return open_stream(**wanted)
    except refused:
        devices()  # the list may be older than the loudspeaker
    try:
        return open_stream(**wanted)
    except refused as e:
        raise Trouble("There is no loudspeaker to play on.", mend) from e


class Loudspeaker:
    """Play blocks on the system's own output.

    Raises:
        Trouble: when there is no output.
    """

    def __init__(self) -> None:
        self._waiting: dict[Who, deque[NDArray[np.int16]]] = {who: deque() for who in Who}
        self._together = threading.Lock()
        # nobody answers this sound; a steady one matters more than an early one
        self._stream = open_output(
            self._fill, latency="high", mend=Sentence("The calls are coached in silence.")
        )

    def take(self, *blocks: Block) -> None:
        """Play blocks after what is already waiting; returns at once.

        Blocks of both sides that are handed over together begin together: a sound that one ear hears a moment before
        the other is half as loud, or gone, where both are mixed into one.
        """
        with self._together:
            for block in blocks:
                waiting = self._waiting[block.who]
                waiting.append(block.samples)
                while sum(map(len, waiting)) > ROOM_S * RATE:
                    waiting.popleft()

    def stop(self) -> None:
        """Be silent and let the device go."""
        close_stream(self._stream)

    def _fill(self, out: NDArray[np.int16], frames: int, _time: Any, _status: Any) -> None:
        with self._together:
            for column, who in enumerate((Who.REP, Who.CUSTOMER)):
                out[:, column] = 0
                waiting, at = self._waiting[who], 0
                while at < frames and waiting:
                    samples = waiting.popleft()
                    fits = samples[: frames - at]
                    out[at : at + len(fits), column] = fits
                    at += len(fits)
                    if len(fits) < len(samples):
                        waiting.appendleft(samples[len(fits) :])

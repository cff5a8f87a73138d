"""Let a room hear a recording while it is coached.

Owns one output stream. Refuses to set the pace: it plays what it is handed, when it is handed, and plays silence
when it is handed nothing. Left is the rep, right the customer, as in a recording.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from coach.audio.block import RATE, Block
from coach.audio.portaudio import close_stream, open_stream, portaudio
from coach.call.events import Who
from coach.trouble import Trouble

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROOM_S = 5
"""Sound waiting to be played beyond this is dropped, oldest first: a stuck device must not eat memory."""


class Loudspeaker:
    """Play blocks on the system's own output.

    Raises:
        Trouble: when there is no output.
    """

    def __init__(self) -> None:
        self._waiting: dict[Who, deque[NDArray[np.int16]]] = {who: deque() for who in Who}
        sd = portaudio()
        try:
            self._stream = open_stream(
                kind=sd.OutputStream,
                samplerate=RATE,
                channels=2,
                dtype="int16",
                latency="high",  # nobody answers this sound; a steady one matters more than an early one
                callback=self._fill,
            )
        except (sd.PortAudioError, ValueError) as e:
            raise Trouble("There is no loudspeaker to play on.", "The calls are coached in silence.") from e

    def take(self, block: Block) -> None:
        """Play a block after what is already waiting; returns at once."""
        waiting = self._waiting[block.who]
        waiting.append(block.samples)
        while sum(map(len, waiting)) > ROOM_S * RATE:
            waiting.popleft()

    def stop(self) -> None:
        """Be silent and let the device go."""
        close_stream(self._stream)

    def _fill(self, out: NDArray[np.int16], frames: int, _time: Any, _status: Any) -> None:
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

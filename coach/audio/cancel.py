"""Take what the loudspeakers play out of what the microphone hears, 20 ms at a time.

Owns two cancellers and the gate behind the second. Refuses to know when they run: `coach.audio.bleed` does.

`Aec3` is WebRTC's own (through the ``livekit`` wheel, ``pip install coach-at-the-edge[aec]``): filter and suppressor
of the browsers. `Own` stands in where that is not installed: a partitioned-block frequency-domain Kalman filter
(Enzner & Vary 2006; Kuech, Mabande & Enzner 2014), which a voice of the rep's own does not lead astray, and behind it
a gate: a frame is the rep's only where its bands are not explained by what the far side's envelope would leave.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from coach.audio.block import RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Sound = NDArray[np.int16]

FRAME: Final = RATE // 50
"""Samples that are cancelled at a time: 20 ms."""
GUARD: Final = RATE // 100
"""The far sound is handed in so long before its echo: a filter cannot look ahead, nor a delay be known better."""


class Canceller(Protocol):
    """What takes an echo out."""

    name: str

    def cancel(self, near: Sound, far: Sound) -> Sound:
        """Return `FRAME` samples of the microphone without what comes of ``far``, which leads by about `GUARD`."""
        ...


class Aec3:
    """WebRTC's echo canceller.

    Raises:
        ImportError: where the optional package is not installed.
    """

    name = "WebRTC AEC3"

    def __init__(self) -> None:
        from livekit import rtc  # noqa: PLC0415 - optional, and 0.3 s and 38 MB that a call without bleed need not have

        self._frame: Any = rtc.AudioFrame
        self._module: Any = rtc.AudioProcessingModule(echo_cancellation=True)

    def cancel(self, near: Sound, far: Sound) -> Sound:
        """See `Canceller`."""
        return np.concatenate(
            [self._ten(near[i : i + _TEN], far[i : i + _TEN]) for i in range(0, FRAME, _TEN)]
        )

    def _ten(self, near: Sound, far: Sound) -> Sound:
        self._module.process_reverse_stream(self._frame(bytearray(far.tobytes()), RATE, 1, _TEN))
        self._module.set_stream_delay_ms(GUARD * 1000 // RATE)
        frame = self._frame(bytearray(near.tobytes()), RATE, 1, _TEN)
        self._module.process_stream(frame)
        return np.frombuffer(bytes(frame.data), np.int16)


_TEN: Final = RATE // 100
_PARTS: Final = 12
"""Partitions of a frame each: 240 ms of room."""
_FORGET: Final = 0.9997
"""How fast the room may change: the part of the filter that is trusted from frame to frame."""
_SMOOTH: Final = 0.5
"""Of the noise that the filter sees; quick, because the rep's own voice is this noise and begins at once."""
_EDGES_HZ: Final = (150, 300, 450, 600, 800, 1000, 1300, 1600, 2000, 2500, 3100, 3800, 4700)
_FLOOR: Final = 3e3 * FRAME
"""Power of a band that is nothing: far beneath a voice in a band of its own."""
_RING: Final = 10 ** (-3 / 10 * 0.02 / 0.05)
"""The far envelope rings on in the room: 3 dB in 50 ms, a reverberation time of a second."""
_FOLLOW_DB: Final = 0.4
"""What is left of a band's echo is followed so, up as down: its median, 20 dB in a second."""
_NEWS_DB: Final = 12.0
"""Louder than expected by so much is somebody else, and teaches nothing about the echo."""
_OWN_DB: Final = 11.0
"""A band is the rep's own so far above what is explained: an echo's bands swing by about 5 dB from frame to frame."""
_OWN_PART: Final = 0.5
"""So many of the bands make the frame the rep's."""
_HOLD: Final = 4
"""Frames for which a frame of the rep's keeps the gate open (80 ms): consonants and the ends of words.

These four numbers were chosen together on d02 and d04 in six rooms: the customer counted as the rep in at most 1.1 % of
the time, and 88 to 94 % of the rep's own kept where both speak. A hold of 120 ms and 9 dB gave 2 to 16 % and 95 %.
"""


class Own:
    """A canceller of our own: the Kalman filter and its gate."""

    name = "own"

    def __init__(self) -> None:
        bins = FRAME + 1
        self._far = np.zeros((_PARTS, bins), np.complex128)
        self._room = np.zeros((_PARTS, bins), np.complex128)
        self._unsure = np.ones((_PARTS, bins))
        self._noise = np.zeros(bins)
        self._last = np.zeros(FRAME)
        self._gate = Gate()

    def cancel(self, near: Sound, far: Sound) -> Sound:
        """See `Canceller`."""
        fresh = far.astype(np.float64)
        self._far[1:] = self._far[:-1]
        self._far[0] = np.fft.rfft(np.concatenate((self._last, fresh)))
        self._last = fresh
        explained = np.fft.irfft((self._far * self._room).sum(axis=0))[FRAME:]
        left = near - explained
        error = np.fft.rfft(np.concatenate((np.zeros(FRAME), left)))
        self._learn(error)
        return self._gate.pass_on(left, np.abs(self._far[0]) ** 2)

    def _learn(self, error: NDArray[np.complex128]) -> None:
        power = np.abs(self._far) ** 2
        self._noise = _SMOOTH * self._noise + (1 - _SMOOTH) * np.abs(error) ** 2
        step = self._unsure / (0.5 * (power * self._unsure).sum(axis=0) + self._noise + 1.0)
        change = np.fft.irfft(step * np.conj(self._far) * error, axis=1)
        change[:, FRAME:] = 0
        self._room += np.fft.rfft(change, axis=1)
        self._unsure *= _FORGET**2 * (1 - 0.5 * step * power)
        self._unsure += (1 - _FORGET**2) * np.abs(self._room) ** 2


class Gate:
    """Let a frame pass where it is not explained by the far side: band for band, by the envelope alone."""

    def __init__(self) -> None:
        edges = np.array(_EDGES_HZ) * 2 * FRAME // RATE
        self._edges = edges[:-1]
        self._last = int(edges[-1])
        self._ringing = np.zeros(len(self._edges))
        self._left_db = np.full(len(self._edges), 0.0)
        self._open = 0
        self._was = 1.0

    def pass_on(self, left: NDArray[np.float64], far_power: NDArray[np.float64]) -> Sound:
        """Return a frame, or silence in its place.

        Args:
            left: the frame after the filter.
            far_power: power spectrum of the far side, over this frame and the one before.
        """
        near = self._bands(np.abs(np.fft.rfft(left * _WINDOW, 2 * FRAME)) ** 2)
        self._ringing = np.maximum(self._bands(far_power), self._ringing * _RING)
        sounds = self._ringing > _FLOOR
        over_db = 10 * np.log10((near + 1.0) / (self._ringing + 1.0)) - self._left_db
        if sounds.any():
            own = float(np.mean(over_db[sounds] > _OWN_DB)) >= _OWN_PART
            if own:
                self._open = _HOLD
            teaches = sounds & (over_db < _NEWS_DB)
            self._left_db += np.where(teaches, np.where(over_db > 0, _FOLLOW_DB, -_FOLLOW_DB), 0.0)
        else:
            self._open = _HOLD
        passed = 1.0 if self._open else 0.0
        self._open = max(0, self._open - 1)
        faded = left * np.linspace(self._was, passed, FRAME, endpoint=False)
        self._was = passed
        return np.clip(np.rint(faded), -32768, 32767).astype(np.int16)

    def _bands(self, power: NDArray[np.float64]) -> NDArray[np.float64]:
        sums: NDArray[np.float64] = np.add.reduceat(power[: self._last], self._edges)
        return sums


_WINDOW: Final = np.hanning(FRAME) * math.sqrt(8 / 3)


def best_canceller() -> Canceller:
    """Return WebRTC's where it is installed, our own otherwise."""
    try:
        return Aec3()
    except Exception:  # noqa: BLE001 - the call comes first: a wheel that does not load, whatever it raises, is as good as none
        return Own()

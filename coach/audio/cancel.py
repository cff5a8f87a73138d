"""Take what the loudspeakers play out of what the microphone hears, 20 ms at a time.

Owns two cancellers and the gate behind the second. Refuses to know when they run: `coach.audio.bleed` does.

`Aec3` is WebRTC's own (through the ``livekit`` wheel, ``pip install coach-at-the-edge[aec]``): filter and suppressor
of the browsers. `Own` stands in where that is not installed: a partitioned-block frequency-domain Kalman filter
(Enzner & Vary 2006; Kuech, Mabande & Enzner 2014), which a voice of the rep's own does not lead astray, and behind it
a gate: a frame is the rep's only where its bands are not explained by what the far side's envelope would leave, nor
by the noise of the room.

A microphone that levels its own gain turns the whole echo up and down, by 10 dB within a frame where a quiet speaker
is followed by a loud one; a filter of 240 ms needs seconds to learn that. So each frame the echo is projected on what
the filter expects (Stokes & Malvar, "Acoustic echo cancellation in a channel with rapidly varying gain", ICME 2006),
and where that explains most of the frame, the filter takes over the gain at once.
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
_SAME: Final = 0.5
"""A frame is the echo, only louder or quieter, where the filter explains half of its power once the gain is right.

Two voices that do not know of each other reach this in 0.1 % of frames (d02 and d05, one side moved by half the call;
mean 0.02). Where both speak at -12 dB a quarter of the frames does, and the gain found is off by 1.5 dB.
"""
_LEAST_GAIN, _MOST_GAIN = 0.05, 6.0
"""From frame to frame, 26 dB down and 15 dB up: no more, whatever one frame seems to say."""
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
_NEWS: Final = 10 ** (_NEWS_DB / 10)
_OWN: Final = 10 ** (_OWN_DB / 10)
_OWN_PART: Final = 0.5
"""So many of the bands make the frame the rep's."""
_HOLD: Final = 4
"""Frames for which a frame of the rep's keeps the gate open (80 ms): consonants and the ends of words.

These four numbers were chosen together on d02 and d04 in six rooms, before gain and noise were followed: the
customer counted as the rep in at most 1.1 % of the time, and 88 to 94 % of the rep's own kept where both speak. A
hold of 120 ms and 9 dB gave 2 to 16 % and 95 %.
"""
_HEARD_DB: Final = 6.0
"""A band has something in it so far above the room's noise; where neither that nor an echo is, it has no vote.

White noise reaches it in at most 1 % of the frames of a band.
"""
_HEARD: Final = 10 ** (_HEARD_DB / 10)
_VOTES: Final = 3
"""Fewer bands than these make nothing the rep's."""
_FLOOR_SMOOTH: Final = 0.7
_FLOOR_PART, _FLOOR_PARTS = 10, 15
"""The noise is what was least in 3 s, in parts of 200 ms: no real voice fills a band for so long.

At 1.6 s a steady made voice was taken for noise and half of it lost; calls were heard alike at 1.6, 3 and 5 s.
"""
_FLOOR_BIAS: Final = 2.0
"""The least lies beneath the mean (Martin 2001): in white noise by 3.1 dB in the narrowest band, 1.4 in the widest."""


class Own:
    """A canceller of our own: the Kalman filter and its gate."""

    name = "own"

    def __init__(self) -> None:
        bins = FRAME + 1
        self._far = np.zeros((_PARTS, bins), np.complex128)
        self._power = np.zeros((_PARTS, bins))
        self._room = np.zeros((_PARTS, bins), np.complex128)
        self._unsure = np.ones((_PARTS, bins))
        self._noise = np.zeros(bins)
        self._last = np.zeros(FRAME)
        self._gate = Gate()

    def cancel(self, near: Sound, far: Sound) -> Sound:
        """See `Canceller`."""
        fresh = far.astype(np.float64)
        self._far[1:] = self._far[:-1]
        self._power[1:] = self._power[:-1]
        self._far[0] = np.fft.rfft(np.concatenate((self._last, fresh)))
        self._power[0] = _squared(self._far[0])
        self._last = fresh
        explained = np.fft.irfft((self._far * self._room).sum(axis=0))[FRAME:]
        left = near - self._gain(near.astype(np.float64), explained) * explained
        self._learn(np.fft.rfft(np.concatenate((np.zeros(FRAME), left))))
        return self._gate.pass_on(left, self._power[0])

    def _gain(self, near: NDArray[np.float64], explained: NDArray[np.float64]) -> float:
        """Return by what the echo is louder than expected, and expect that from now on; 1 where nobody can tell."""
        alike, expected = float(near @ explained), float(explained @ explained)
        if alike <= 0 or expected < FRAME or alike**2 < _SAME * expected * float(near @ near):
            return 1.0
        gain = min(max(alike / expected, _LEAST_GAIN), _MOST_GAIN)
        self._room *= gain
        self._unsure *= gain**2
        return gain

    def _learn(self, error: NDArray[np.complex128]) -> None:
        self._noise = _SMOOTH * self._noise + (1 - _SMOOTH) * _squared(error)
        step = self._unsure / (0.5 * (self._power * self._unsure).sum(axis=0) + self._noise + 1.0)
        change = np.fft.irfft(step * np.conj(self._far) * error, axis=1)
        change[:, FRAME:] = 0
        self._room += np.fft.rfft(change, axis=1)
        self._unsure *= _FORGET**2 * (1 - 0.5 * step * self._power)
        self._unsure += (1 - _FORGET**2) * _squared(self._room)


def _squared(spectrum: NDArray[np.complex128]) -> NDArray[np.float64]:
    squared: NDArray[np.float64] = spectrum.real**2 + spectrum.imag**2
    return squared


class Gate:
    """Let a frame pass where far side and noise do not explain it: band for band, by the envelope alone.

    In a room with noise a quiet band says nothing: what the echo left there would drown, and so would the rep. Only
    bands vote in which there is something, or in which an echo would be heard.
    """

    def __init__(self) -> None:
        edges = np.array(_EDGES_HZ) * 2 * FRAME // RATE
        self._edges = edges[:-1]
        self._last = int(edges[-1])
        self._ringing = np.zeros(len(self._edges))
        self._left_db = np.full(len(self._edges), 0.0)
        self._floor = Floor(len(self._edges))
        self._open = 0
        self._was = 1.0

    def pass_on(self, left: NDArray[np.float64], far_power: NDArray[np.float64]) -> Sound:
        """Return a frame, or silence in its place.

        Args:
            left: the frame after the filter.
            far_power: power spectrum of the far side, over this frame and the one before.
        """
        near = self._bands(_squared(np.fft.rfft(left * _WINDOW, 2 * FRAME)))
        noise = self._floor.hear(near)
        self._ringing = np.maximum(self._bands(far_power), self._ringing * _RING)
        sounds = self._ringing > _FLOOR
        if sounds.any():
            heard = near > _HEARD * noise + 1.0
            echo = self._ringing * 10 ** (self._left_db / 10)
            votes = sounds & (heard | (echo > noise))
            own = votes & (near > _OWN * (echo + noise + 1.0))
            if _VOTES <= np.count_nonzero(votes) <= np.count_nonzero(own) / _OWN_PART:
                self._open = _HOLD
            louder = near > echo + 1.0
            teaches = sounds & (near < _NEWS * (echo + 1.0)) & (heard | ~louder)
            self._left_db += np.where(teaches, np.where(louder, _FOLLOW_DB, -_FOLLOW_DB), 0.0)
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


class Floor:
    """The noise of the room in each band: minimum statistics (Martin 2001) in their plainest form."""

    def __init__(self, bands: int) -> None:
        self._smooth: NDArray[np.float64] | None = None
        self._parts = np.full((_FLOOR_PARTS, bands), np.inf)
        self._before = np.full(bands, np.inf)
        """The least of all parts but the one that lasts."""
        self._now = np.full(bands, np.inf)
        self._frames = 0

    def hear(self, power: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take the bands of the next frame and return those of the noise."""
        if self._smooth is None:
            self._smooth = power
        self._smooth = _FLOOR_SMOOTH * self._smooth + (1 - _FLOOR_SMOOTH) * power
        self._now = np.minimum(self._now, self._smooth)
        self._frames += 1
        if self._frames % _FLOOR_PART == 0:
            self._parts[self._frames // _FLOOR_PART % _FLOOR_PARTS] = self._now
            self._before = self._parts.min(axis=0)
            self._now = self._smooth
        noise: NDArray[np.float64] = _FLOOR_BIAS * np.minimum(self._before, self._now)
        return noise


_WINDOW: Final = np.hanning(FRAME) * math.sqrt(8 / 3)


def best_canceller() -> Canceller:
    """Return WebRTC's where it is installed, our own otherwise."""
    try:
        return Aec3()
    except Exception:  # noqa: BLE001 - the call comes first: a wheel that does not load, whatever it raises, is as good as none
        return Own()

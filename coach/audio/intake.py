"""Turn what a device's callback brings into blocks: one channel, 16 kHz, int16, counted.

Owns the mixing to mono, the change of rate, and the count, in which lost samples and silence that was never sent
are gaps. Refuses to know devices, threads and sides. Used where the system hands out sound in the device's own form
(Windows, macOS); on Linux the sound server does all this (`coach.audio.capture`).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import soxr

from coach.audio.block import RATE, Block

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from coach.call.events import Who

BLOCK_S = 0.06
"""Seconds that a device is asked to hand over at a time (see `coach.audio.capture.BLOCK`)."""

QUIET_S = 0.2
"""A jump of the device's clock above this is silence where a stream pauses: WASAPI loopback sends nothing while
nothing plays."""

LATE_S = 0.5
"""Our own clock says only when a block came, and a busy machine lets one come late: less is no jump by it. Further
than this apart, the device's clock is not believed."""

LOST_S = 0.02
"""An overflow shorter than this cannot be told from jitter, and leaves the count as it is."""

LOST_BLOCK_S = 0.75 * BLOCK_S
"""A jump by most of a block is a lost block, even where nobody says so."""

SETTLING_S = 3.0
"""A device's clock settles first; until then a jump that nobody announced is none (`coach.audio.capture`)."""

FULL = 32767


class Intake:
    """Take the sound of one opening of a device.

    Args:
        who: the side that it carries.
        rate: samples a second that the device gives.
        hand_on: takes each block, on the thread that brought the sound.
        pauses: the stream sends nothing while nothing plays; a pause is silence, and no loss.
        clock: monotonic seconds, for devices whose own clock cannot be used.

    ``overflows`` counts the times that samples were lost before they reached us, ``flagged`` those of them that the
    system told; ``frames`` counts what came, and ``came_s``
    when the last of it did, by ``clock``.
    """

    def __init__(
        self,
        who: Who,
        rate: int,
        hand_on: Callable[[Block], None],
        *,
        pauses: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rate = rate
        self.overflows = self.flagged = 0
        self.frames = 0
        self.came_s: float | None = None
        self._who = who
        self._hand_on = hand_on
        self._pauses = pauses
        self._clock = clock
        self._resampler = _resampler(rate)
        self._mixer = Mixer()
        self._next = 0
        self._device_expects_s: float | None = None
        """When the next sample is heard, by the device's clock; None where that is not known."""
        self._we_expect_s: float | None = None
        self._suspected_s = 0.0

    def take(self, sound: NDArray[np.generic], heard_s: float, *, lost_some: bool = False) -> None:
        """Take what a callback brought.

        Args:
            sound: shape ``(frames, channels)``, float32 in -1...1 or int16.
            heard_s: when its first frame was heard, by the device's clock. DirectSound, MME and WDM-KS give 0
                (PortAudio issues 121, 135, 531), or a little less once PortAudio has subtracted what it still held.
            lost_some: frames before these were lost.
        """
        length_s = len(sound) / self.rate
        self.flagged += lost_some
        self.came_s = self._clock()
        jump_s = self._jump(heard_s, self.came_s - length_s)
        self._device_expects_s = heard_s + length_s if heard_s > 0 else None
        self._we_expect_s = self.came_s
        self._miss(jump_s, lost_some=lost_some)
        self.frames += len(sound)
        mono = self._mixer.mix(sound)
        self._count(mono if self._resampler is None else self._resampler.resample_chunk(mono))

    def change_rate(self, rate: int) -> None:
        """Go on at another rate, from the next sound on."""
        if rate != self.rate:
            self._finish()
            self.rate, self._resampler = rate, _resampler(rate)

    def _jump(self, heard_s: float, came_s: float) -> float:
        """Return for how long nothing was heard before this sound; below 0 where it came early, 0 where none knows."""
        ours_s = 0.0 if self._we_expect_s is None else came_s - self._we_expect_s
        if self._device_expects_s is not None:
            theirs_s = heard_s - self._device_expects_s
            if (
                abs(theirs_s - ours_s) <= LATE_S
            ):  # a clock that stands still or counts samples knows no silence
                return theirs_s
        return ours_s if ours_s > LATE_S else 0.0

    def _miss(self, jump_s: float, *, lost_some: bool) -> None:
        """Leave a gap in the count for what was lost or never sent."""
        if lost_some:
            self.overflows += 1
            gap_s = jump_s if jump_s > LOST_S else 0.0
        elif self._pauses:
            gap_s = jump_s if jump_s > QUIET_S else 0.0
        else:
            gap_s = self._unannounced_s(jump_s)
            self.overflows += gap_s > 0
        if gap_s > 0:
            self._finish(late=gap_s > LATE_S)
            self._next += round(gap_s * RATE)

    def _unannounced_s(self, jump_s: float) -> float:
        """Return how much of a stream that never pauses was lost without a word.

        A driver's clock may be no more than the time of the callback, which a busy machine makes late once and early
        the next time: so a jump is believed when the next sound has not taken it back.
        """
        suspected_s, self._suspected_s = self._suspected_s, 0.0
        if suspected_s:
            lasting_s = suspected_s + jump_s
            return lasting_s if lasting_s > LOST_BLOCK_S else 0.0
        if jump_s > LOST_BLOCK_S and self._next > SETTLING_S * RATE:
            self._suspected_s = jump_s
        return 0.0

    def _finish(self, *, late: bool = False) -> None:
        """Hand over what the change of rate still holds: it belongs before the gap.

        After a long gap it comes too late to be placed by when it comes: then a hundredth of a second of what was
        heard before is counted and not handed over.
        """
        if self._resampler is None:
            return
        rest = self._resampler.resample_chunk(np.zeros(0, np.float32), last=True)
        self._resampler = _resampler(self.rate)
        if late:
            self._next += len(rest)
        else:
            self._count(rest)

    def _count(self, mono: NDArray[np.float32]) -> None:
        if not len(mono):
            return
        samples = np.clip(np.rint(mono * FULL), -FULL - 1, FULL).astype(np.int16)
        block = Block(self._who, self._next, samples)
        self._next = block.end
        self._hand_on(block)


class Mixer:
    """Mix channels to one, as loud as those that carry sound.

    A call in two of a surround output's eight channels must not come out 12 dB quieter, nor a microphone on one
    input of two 6 dB: so the mean is taken over the channels that were ever anything but exact zeros. A mean cannot
    overflow.
    """

    def __init__(self) -> None:
        self._alive: NDArray[np.bool_] | None = None

    def mix(self, sound: NDArray[np.generic]) -> NDArray[np.float32]:
        """Return one channel in -1...1, float32, of ``(frames, channels)`` in float or int16."""
        sound = sound.reshape(len(sound), -1)
        alive: NDArray[np.bool_] = np.any(sound != 0, axis=0)
        if self._alive is not None and len(self._alive) == len(alive):
            alive |= self._alive
        self._alive = alive
        if not alive.any():
            return np.zeros(len(sound), np.float32)
        mono: NDArray[np.float32] = sound[:, alive].mean(axis=1, dtype=np.float32)
        if sound.dtype == np.int16:
            return mono / np.float32(FULL + 1)
        return np.nan_to_num(mono, nan=0.0, posinf=1.0, neginf=-1.0)


def _resampler(rate: int) -> soxr.ResampleStream | None:
    """Return what changes the rate and remembers where it is, or None where there is nothing to change.

    soxr's medium quality is 16 bits deep, as our samples are, and stays 5 to 38 ms behind its input in blocks of 60 ms,
    28 ms with the first one; its high quality up to 79 ms (96 and 192 kHz), and nothing comes of the first block.
    """
    return None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="MQ")

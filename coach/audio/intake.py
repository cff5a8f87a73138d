"""Turn what a device's callback brings into blocks: one channel, 16 kHz, int16, counted.

Owns the mixing to mono, the change of rate, and the count, in which lost samples and silence that was never sent
are gaps. Refuses to know devices, threads and sides. Used where the system hands out sound in the device's own form
(Windows, macOS); on Linux the sound server does all this (`coach.audio.capture`).

A machine that stands still for a second delivers late what it heard meanwhile, and a driver's clock is often no more
than the time of the callback (PortAudio's for WASAPI): both clocks then show a second in which nothing was heard, and
nothing was lost. What tells is what comes next: after a stall all at once, after a pause or a loss at its own pace. So
a gap is counted only when the next sound has taken nothing of it back, and a gap longer than a side is waited for is
left to `coach.live.listener`, which sees when blocks come.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
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
"""Further than this apart from ours, the device's clock is not believed; and no loss is taken to be longer."""

STALL_S = 0.25
"""What comes after a pause is held so long, until it is known that it was one (`coach.live.listener` takes as long)."""

LONGEST_S = 1.35
"""A longer pause is the listener's: it has let the side be silent by then, and places it anew. It does so after a
second, looks every quarter of one, and a block is on its way: a pause that neither counted would put words a second
too early."""

SILENT_S = 1.0
"""The listener may have let the side be silent after this long."""

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
        self._doubt: _Doubt | None = None

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
        ours_s = 0.0 if self._we_expect_s is None else self.came_s - length_s - self._we_expect_s
        jump_s = self._jump(heard_s, ours_s)
        self._device_expects_s = heard_s + length_s if heard_s > 0 else None
        self._we_expect_s = self.came_s
        self.frames += len(sound)
        mono = self._mixer.mix(sound)
        if self._pauses and not lost_some:
            self._wait_for(jump_s, ours_s, mono)
            return
        self._settle(None)
        self._miss(jump_s, lost_some=lost_some)
        self._pass(mono)

    def change_rate(self, rate: int) -> None:
        """Go on at another rate, from the next sound on."""
        if rate != self.rate:
            self._settle(self._doubt)
            self._finish()
            self.rate, self._resampler = rate, _resampler(rate)

    def _jump(self, heard_s: float, ours_s: float) -> float:
        """Return for how long nothing was heard before this sound; below 0 where it came early, 0 where none knows."""
        if self._device_expects_s is not None:
            theirs_s = heard_s - self._device_expects_s
            if abs(theirs_s - ours_s) <= LATE_S:  # one that stands still or counts samples knows no silence
                return theirs_s
        return ours_s if self._pauses else 0.0

    def _wait_for(self, jump_s: float, ours_s: float, mono: NDArray[np.float32]) -> None:
        """Take the next sound of a stream that pauses; what follows a jump is held until it is known to be a pause."""
        doubt = self._doubt
        if doubt is not None and jump_s > QUIET_S:  # what was held up would have come by now
            old_s = (self.came_s or 0.0) - doubt.since_s
            self._settle(doubt, late=old_s > LATE_S and doubt.gap_s + old_s > SILENT_S - BLOCK_S)
            doubt = None
        if doubt is None and QUIET_S < jump_s <= LONGEST_S:
            self._doubt = _Doubt(jump_s, self.came_s or 0.0, [mono])
            return
        if doubt is None:
            self._pass(mono)
            return
        doubt.held.append(mono)
        doubt.back_s = min(doubt.back_s, 0.0) + ours_s
        if doubt.back_s < -LOST_BLOCK_S:
            self._settle(None)
        elif (self.came_s or 0.0) - doubt.since_s >= STALL_S:
            self._settle(doubt)

    def _settle(self, pause: _Doubt | None, *, late: bool = False) -> None:
        """Hand over what was held, after the pause if there was one; in silence where it has become old meanwhile."""
        doubt, self._doubt = self._doubt, None
        if doubt is None:
            return
        if pause is not None:
            self._leave(pause.gap_s)
        for mono in doubt.held:
            self._pass(np.zeros_like(mono) if late else mono)

    def _miss(self, jump_s: float, *, lost_some: bool) -> None:
        """Leave a gap in the count for what was lost."""
        if lost_some:
            self.overflows += 1
            gap_s = jump_s if LOST_S < jump_s <= LATE_S else 0.0
        else:
            gap_s = self._unannounced_s(jump_s)
            self.overflows += gap_s > 0
        self._leave(gap_s)

    def _leave(self, gap_s: float) -> None:
        """Leave a gap in the count."""
        if gap_s > 0:
            self._finish(late=gap_s > LATE_S)
            self._next += round(gap_s * RATE)

    def _pass(self, mono: NDArray[np.float32]) -> None:
        """Change the rate of a sound and count it."""
        self._count(mono if self._resampler is None else self._resampler.resample_chunk(mono))

    def _unannounced_s(self, jump_s: float) -> float:
        """Return how much of a stream that never pauses was lost without a word.

        A driver's clock may be no more than the time of the callback, which a busy machine makes late once and early
        the next time, or which stood still: so a jump is believed when the next sound has not taken it back.
        """
        suspected_s, self._suspected_s = self._suspected_s, 0.0
        if suspected_s:
            lasting_s = suspected_s + jump_s
            return lasting_s if lasting_s > LOST_BLOCK_S and jump_s > -LOST_S else 0.0
        if LOST_BLOCK_S < jump_s <= LATE_S and self._next > SETTLING_S * RATE:
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


@dataclass(slots=True)
class _Doubt:
    """A jump that may be a pause, or a machine that stood still.

    Args:
        gap_s: how long it is.
        since_s: when the first sound after it came.
        held: what has come since.
    """

    gap_s: float
    since_s: float
    held: list[NDArray[np.float32]]
    back_s: float = 0.0
    """How much of it was taken back: below 0."""


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

"""Voice detectors, the stage before them and the reader of cues, each begun anew when it dies.

Owns the hull around each: its own time goes on while what is inside is dead. Refuses to know threads and what is told
to whom. Voice is counted in samples, so for it the audio is the clock.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from coach.audio.block import RATE
from coach.audio.clocks import always_s
from coach.live.restarts import Restarts
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from coach.call.events import Who
    from coach.cues.reading import Reading
    from coach.live.ports import CueReader, RouteHeard, Stage, VoiceDetector

    Sound = NDArray[np.int16]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VoiceFault:
    """What became of a detector at a sample of its side: it died, it is back, or it is over with it for this call."""

    kind: Literal["died", "back", "over"]
    at: int


class SturdyDetector:
    """A voice detector that outlives its faults: while it is dead nobody speaks.

    Args:
        make: gives a fresh detector; what it raises the first time is the caller's.
        restarts: counts its lives, in seconds of the side's audio.
    """

    def __init__(self, make: Callable[[], VoiceDetector], restarts: Restarts | None = None) -> None:
        self._make = make
        self.restarts = restarts or Restarts()
        self._detector: VoiceDetector | None = make()
        self._base = self._at = 0
        self._speaking = False
        self._faults: list[VoiceFault] = []

    def hear(self, samples: Sound) -> list[tuple[int, bool, int]]:
        """Take the next samples, as every detector does."""
        at = self._at
        self._at += len(samples)
        if self._detector is None and not self._begin(at):
            return []
        try:
            heard = self._detector.hear(samples) if self._detector is not None else []
        except Exception:  # noqa: BLE001 - the call comes first: a side is deaf for a while, the thread lives
            _log.exception("a voice detector died")
            return self._die(at)
        changes = [(self._base + known, speaking, self._base + since) for known, speaking, since in heard]
        if changes:
            self._speaking = changes[-1][1]
        return changes

    def faults(self) -> tuple[VoiceFault, ...]:
        """Return, once, what became of it since this was asked last."""
        faults, self._faults = tuple(self._faults), []
        return faults

    def _begin(self, at: int) -> bool:
        if not self.restarts.due(at / RATE):
            return False
        try:
            self._detector = self._make()
        except Exception:  # noqa: BLE001 - the same; the next try may find what this one did not
            _log.exception("a voice detector could not be begun anew")
            self._count(at)
            return False
        self.restarts.begun(at / RATE)
        self._base = at
        self._faults.append(VoiceFault("back", at))
        return True

    def _die(self, at: int) -> list[tuple[int, bool, int]]:
        self._detector = None
        self._faults.append(VoiceFault("died", at))
        self._count(at)
        was, self._speaking = self._speaking, False
        return [(at, False, at)] if was else []

    def _count(self, at: int) -> None:
        if self.restarts.died(at / RATE) is None:
            self._faults.append(VoiceFault("over", at))


class SturdyStage:
    """A stage before the ear that outlives its faults: while it is dead the microphone goes through as it is.

    What a stage held when it died is heard as silence; a fresh one begins where both sides have come to.

    Args:
        make: gives a fresh stage, which counts both sides from nought.
        restarts: counts its lives, in seconds of the audio.
    """

    def __init__(self, make: Callable[[], Stage], restarts: Restarts | None = None) -> None:
        self._make = make
        self.restarts = restarts or Restarts()
        self._stage: Stage | None = make()
        self._base = 0
        self._taken: dict[Who, int] = {}
        self._gave: dict[Who, int] = {}
        self._owed: dict[Who, int] = {}
        """Samples that a stage held when it died."""

    def hear(self, who: Who, samples: Sound) -> Sound:
        """Take the next samples of a side; return those of it that may go on."""
        at = self._taken.get(who, 0)
        if self._stage is None:
            self._begin()
        self._taken[who] = at + len(samples)
        early = len(samples) if self._stage is None else min(len(samples), max(0, self._base - at))
        passed = [np.zeros(self._owed.pop(who, 0), np.int16), samples[:early]]
        if self._stage is not None and early < len(samples):
            try:
                passed.append(self._stage.hear(who, samples[early:]))
            except Exception:  # noqa: BLE001 - the call comes first: the microphone is heard as it is
                _log.exception("the stage before the ear died")
                self._die()
                held = at - self._gave.get(who, 0)
                self._owed.pop(who, 0)
                passed = [np.zeros(max(0, held), np.int16), samples]
        out = np.concatenate(passed)
        self._gave[who] = self._gave.get(who, 0) + len(out)
        return out

    def rest(self, who: Who) -> Sound:
        """Return what is still held of a side: the sound is over."""
        held = [np.zeros(self._owed.pop(who, 0), np.int16)]
        if self._stage is not None:
            try:
                held.append(self._stage.rest(who))
            except Exception:  # noqa: BLE001 - the same
                _log.exception("the stage before the ear died at the end")
        return np.concatenate(held)

    def news(self) -> Sequence[RouteHeard]:
        """Return what became known since this was asked last, placed in the call."""
        if self._stage is None:
            return ()
        return tuple(_Placed(n, self._base) if self._base else n for n in self._stage.news())

    def _begin(self) -> None:
        if not self.restarts.due(self._now_s()):
            return
        try:
            self._stage = self._make()
        except Exception:  # noqa: BLE001 - the same; the next try may find what this one did not
            _log.exception("the stage before the ear could not be begun anew")
            self.restarts.died(self._now_s())
            return
        self.restarts.begun(self._now_s())
        self._base = max(self._taken.values(), default=0)

    def _die(self) -> None:
        self._stage = None
        self.restarts.died(self._now_s())
        self._owed = {who: taken - self._gave.get(who, 0) for who, taken in self._taken.items()}

    def _now_s(self) -> float:
        return max(self._taken.values(), default=0) / RATE


class _Placed:
    """What a stage that began in the middle of a call measured, at its place in the call."""

    def __init__(self, of: RouteHeard, base: int) -> None:
        self.at = base + of.at
        self.state, self.correlation, self.gap_db, self.waits_ms = (
            of.state,
            of.correlation,
            of.gap_db,
            of.waits_ms,
        )


class ReaderRests(Exception):  # noqa: N818 - it is no error of whoever asks
    """Cues cannot be read now. ``over``: in this call no more."""

    def __init__(self, *, over: bool) -> None:
        super().__init__("no cues for now")
        self.over = over


class SturdyReader:
    """A reader of cues that outlives its faults; what it remembered of the call is lost with it.

    Args:
        load: makes a reader, and returns at once.
        clock: monotonic seconds.
        restarts: counts its lives.
    """

    def __init__(
        self,
        load: Callable[[], CueReader],
        clock: Callable[[], float] = always_s,
        restarts: Restarts | None = None,
    ) -> None:
        self._load, self._clock = load, clock
        self.restarts = restarts or Restarts()
        self._reader: CueReader | None = load()

    def read(self, who: Who, text: str, start_ms: int | None = None, end_ms: int | None = None) -> Reading:
        """Return the cues of one sentence.

        Raises:
            ReaderRests: while there is nothing to read them with.
            Trouble: when what it reads with is missing or altered.
        """
        if self._reader is None and self.restarts.due(self._clock()):
            self._reader = self._load()
            self.restarts.begun(self._clock())
        if self._reader is None:
            raise ReaderRests(over=self.restarts.over)
        try:
            return self._reader.read(who, text, start_ms, end_ms)
        except Trouble:
            self._reader = None
            self.restarts.give_up()
            raise
        except Exception as fault:
            _log.exception("the reader of cues died")
            self._reader = None
            self.restarts.died(self._clock())
            raise ReaderRests(over=self.restarts.over) from fault

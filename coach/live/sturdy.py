"""Voice detectors, the stage before them and the reader of cues, each begun anew when it dies.

Owns the hull around each: its own time goes on while what is inside is dead. Refuses to know threads and what is told
to whom. Voice is counted in samples, so for it the audio is the clock. What hangs instead of dying counts as dead where
it is called aside (`coach.live.aside`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np

from coach.audio.block import RATE
from coach.audio.clocks import always_s
from coach.live.aside import Hung
from coach.live.restarts import Restarts
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from coach.call.events import Who
    from coach.cues.reading import Reading
    from coach.live.aside import Aside
    from coach.live.ports import CueReader, RouteHeard, Stage, VoiceDetector

    Sound = NDArray[np.int16]

_T = TypeVar("_T")
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
        aside: calls it where it may hang; None for this thread.
    """

    def __init__(
        self,
        make: Callable[[], VoiceDetector],
        restarts: Restarts | None = None,
        aside: Aside | None = None,
    ) -> None:
        self._make, self._aside = make, aside
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
        detector = self._detector
        try:
            heard = _called(self._aside, lambda: detector.hear(samples)) if detector is not None else []
        except Exception as fault:  # noqa: BLE001 - the call comes first: a side is deaf for a while, the thread lives
            _log.exception("a voice detector died")
            return self._die(at, fault)
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
            self._detector = _called(self._aside, self._make)
        except Exception as fault:  # noqa: BLE001 - the same; the next try may find what this one did not
            _log.exception("a voice detector could not be begun anew")
            self._count(at, fault)
            return False
        self.restarts.begun(at / RATE)
        self._base = at
        self._faults.append(VoiceFault("back", at))
        return True

    def _die(self, at: int, fault: Exception) -> list[tuple[int, bool, int]]:
        self._detector = None
        self._faults.append(VoiceFault("died", at))
        self._count(at, fault)
        was, self._speaking = self._speaking, False
        return [(at, False, at)] if was else []

    def _count(self, at: int, fault: Exception) -> None:
        if not _counted(self.restarts, at / RATE, fault):
            self._faults.append(VoiceFault("over", at))


class SturdyStage:
    """A stage before the ear that outlives its faults: while it is dead the microphone goes through as it is.

    What a stage held when it died is heard as silence; a fresh one begins where both sides have come to.

    Args:
        make: gives a fresh stage, which counts both sides from nought.
        restarts: counts its lives, in seconds of the audio.
        aside: calls it where it may hang; None for this thread.
    """

    def __init__(
        self, make: Callable[[], Stage], restarts: Restarts | None = None, aside: Aside | None = None
    ) -> None:
        self._make, self._aside = make, aside
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
        if (stage := self._stage) is not None and early < len(samples):
            try:
                passed.append(_called(self._aside, lambda: stage.hear(who, samples[early:])))
            except Exception as fault:  # noqa: BLE001 - the call comes first: the microphone is heard as it is
                _log.exception("the stage before the ear died")
                self._die(fault)
                held = at - self._gave.get(who, 0)
                self._owed.pop(who, 0)
                passed = [np.zeros(max(0, held), np.int16), samples]
        out = np.concatenate(passed)
        self._gave[who] = self._gave.get(who, 0) + len(out)
        return out

    def rest(self, who: Who) -> Sound:
        """Return what is still held of a side: the sound is over."""
        held = [np.zeros(self._owed.pop(who, 0), np.int16)]
        if (stage := self._stage) is not None:
            try:
                held.append(_called(self._aside, lambda: stage.rest(who)))
            except Exception:  # noqa: BLE001 - the same
                _log.exception("the stage before the ear died at the end")
                self._stage = None  # it may still hang: it is not asked for the other side
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
            self._stage = _called(self._aside, self._make)
        except Exception as fault:  # noqa: BLE001 - the same; the next try may find what this one did not
            _log.exception("the stage before the ear could not be begun anew")
            _counted(self.restarts, self._now_s(), fault)
            return
        self.restarts.begun(self._now_s())
        self._base = max(self._taken.values(), default=0)

    def _die(self, fault: Exception) -> None:
        self._stage = None
        _counted(self.restarts, self._now_s(), fault)
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
        aside: calls it where it may hang; None for this thread.
    """

    def __init__(
        self,
        load: Callable[[], CueReader],
        clock: Callable[[], float] = always_s,
        restarts: Restarts | None = None,
        aside: Aside | None = None,
    ) -> None:
        self._load, self._clock, self._aside = load, clock, aside
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
        if (reader := self._reader) is None:
            raise ReaderRests(over=self.restarts.over)
        try:
            return _called(self._aside, lambda: reader.read(who, text, start_ms, end_ms))
        except Trouble:
            self._reader = None
            self.restarts.give_up()
            raise
        except Exception as fault:
            _log.exception("the reader of cues died")
            self._reader = None
            _counted(self.restarts, self._clock(), fault)
            raise ReaderRests(over=self.restarts.over) from fault


def _called(aside: Aside | None, call: Callable[[], _T]) -> _T:
    return call() if aside is None else aside.do(call)


def _counted(restarts: Restarts, now_s: float, fault: Exception) -> bool:
    """Take note of a death; say whether it is to be begun again."""
    if isinstance(fault, Hung) and fault.over:
        restarts.give_up()  # each that hangs keeps a thread and a model
        return False
    return restarts.died(now_s) is not None

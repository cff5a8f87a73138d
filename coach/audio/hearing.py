"""Hear both devices for a sound check: their levels, and a test tone that tells whether all is connected.

Owns the two devices while they are tried, and the tone. Refuses to keep a single sample: levels go out, sound goes
nowhere. What is told comes on the threads of the devices.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach.audio.bleed import HEARD_DB, STRONG_DB
from coach.audio.block import Block
from coach.audio.levels import NOTE_S, Level, LevelMeter, ToneEar, two_notes
from coach.audio.loudspeaker import Loudspeaker
from coach.audio.sources import loopback, microphone
from coach.call.events import Who

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.audio.devices import Device
    from coach.audio.side import Opened

PATIENCE_S: Final = 6.0
"""From the tone's first sample to when it must have been heard: a null sink wakes up in 2 s, and the tone takes one."""
ROOM_S: Final = 1.5
"""So much later may it reach the microphone: a slow Bluetooth loudspeaker, and a busy machine."""


@dataclass(frozen=True, slots=True)
class Tone:
    """What became of a test tone. Levels are in dBFS; None where it was not heard.

    Args:
        other_db: in what the loudspeakers play.
        microphone_db: in the microphone: so much leaks.
        other_open: there was something to hear the other side with.
        microphone_live: the microphone was open and gave more than zeros.
    """

    other_db: float | None = None
    microphone_db: float | None = None
    other_open: bool = True
    microphone_live: bool = True

    def other(self, *, elsewhere: bool) -> str:
        """Return ``heard``, ``silent``, ``elsewhere``, ``room`` (the microphone alone heard it) or ``off``.

        Args:
            elsewhere: the other side is heard on another output than the system's own.
        """
        if not self.other_open:
            return "off"
        if self.other_db is not None:
            return "heard"
        if self.microphone_db is not None:
            return "room"
        return "elsewhere" if elsewhere else "silent"

    @property
    def gap_db(self) -> int:
        """How loud the tone is in the microphone against what the loudspeakers played; 0 where that is not known."""
        if self.microphone_db is None or self.other_db is None:
            return 0
        return round(self.microphone_db - self.other_db)

    @property
    def leak(self) -> str:
        """``none``, ``some``, ``strong``, ``heard`` (how much is not known) or ``unknown``; empty where no tone was.

        The limits are those of a call (`coach.audio.bleed`).
        """
        if self.microphone_db is not None:
            if self.other_db is None:
                return "heard"
            gap = self.microphone_db - self.other_db
            return "none" if gap < HEARD_DB else "strong" if gap >= STRONG_DB else "some"
        if not self.microphone_live:
            return "unknown"
        return "none" if self.other_db is not None else ""


class _Side:
    """One open device: its level, and the ear that waits for the tone."""

    def __init__(self, who: Who, source: Opened, tell: Callable[[Who, Level], None]) -> None:
        self.source, self._tell = source, tell
        self._meter = LevelMeter(plays=who is Who.CUSTOMER)
        self._ear: ToneEar | None = None
        self.heard = threading.Event()
        self.level_db: float | None = None
        self.live = False

    def listen_for_tone(self) -> None:
        self.heard.clear()
        self.level_db, self.live = None, False
        self._ear = ToneEar()

    def take(self, block: Block) -> None:
        """Measure a block and let it go; on the device's own thread."""
        if (level := self._meter.hear(block.samples)) is not None:
            self._tell(block.who, level)
        self.live = self.live or bool(block.samples.any())
        ear = self._ear
        if ear is not None and ear.hear(block.samples):
            self._ear, self.level_db = None, ear.found_db
            self.heard.set()


class Hearing:
    """Try a microphone and a loopback.

    Args:
        tell: takes a level of a side, ten times a second while it is open.
        lost: takes a side and a sentence when its device falls away.
    """

    def __init__(self, tell: Callable[[Who, Level], None], lost: Callable[[Who, str], None]) -> None:
        self._tell, self._lost = tell, lost
        self._sides: dict[Who, _Side] = {}
        self._hushed = threading.Event()

    def open(self, who: Who, device: Device) -> None:
        """Hear a device in the place of the one of that side, if any.

        Raises:
            Trouble: when it cannot be opened; that side is then closed.
        """
        self.close(who)
        side = _Side(who, microphone(device) if who is Who.REP else loopback(device), self._tell)
        self._tell(who, Level())
        side.source.start(side.take, self._lost)
        self._sides[who] = side

    def close(self, who: Who) -> None:
        """Let the device of a side go; harmless where there is none."""
        if (side := self._sides.pop(who, None)) is not None:
            side.source.stop()

    @property
    def hushed(self) -> bool:
        """Whether the last tone was ended before it could be heard."""
        return self._hushed.is_set()

    def hush(self) -> None:
        """End a tone that is being played or listened for; from any thread."""
        self._hushed.set()

    def play_tone(self) -> Tone:
        """Play the test tone and say where it was heard; takes a few seconds.

        Raises:
            Trouble: when there is nothing to play it on.
        """
        self._hushed.clear()
        rep, other = (self._sides.get(who) for who in (Who.REP, Who.CUSTOMER))
        speaker = Loudspeaker()
        try:
            for side in filter(None, (rep, other)):
                side.listen_for_tone()
            speaker.take(*(Block(who, 0, two_notes()) for who in Who))
            first = other or rep
            if first is not None:
                self._wait(first, PATIENCE_S)
            if rep is not None and rep is not first:
                self._wait(rep, ROOM_S)
            self._hushed.wait(NOTE_S)  # a tone that breaks off in its second note startles
        finally:
            speaker.stop()
        return Tone(
            other.level_db if other else None,
            rep.level_db if rep else None,
            other is not None,
            rep is not None and rep.live,
        )

    def _wait(self, side: _Side, seconds: float) -> None:
        """Wait until a side has heard the tone, or the check was ended."""
        for _ in range(round(10 * seconds)):
            if side.heard.wait(0.1) or self._hushed.is_set():
                return

"""Keep the promises of an `AudioSource`, whatever brings the sound.

A source may be started again after a loss or a stop; each time is an *opening* of its own, so that a late callback
of one can never speak in the next. Owns the three promises: nothing is delivered once `stop` has returned, a loss
is told once an opening, and it is told from a thread of our own, never from the system's, so that whoever hears of
it may stop the source at once. Refuses to know devices.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from coach.audio.clocks import awake_s
from coach.language import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.audio.block import Block
    from coach.call.events import Who

LOOK_S = 2.0
"""How often an opening looks whether its device is still there and still the system's choice. PortAudio tells
neither; asking costs less than a millisecond."""

_JOIN_S = 2.0

_log = logging.getLogger(__name__)


class Opening:
    """One opening of a device, from start to loss or stop.

    Args:
        who: the side.
        name: what the rep calls the device.
        deliver: takes blocks.
        lost: takes the loss.
    """

    def __init__(
        self, who: Who, name: str, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]
    ) -> None:
        self._who = who
        self.name = name
        self._deliver, self._lost = deliver, lost
        self._lock = threading.Lock()
        self._deaf = False
        self._ended = False
        self._why = ""
        self.blocks = 0
        """How many were delivered..."""
        self.came_s: float | None = None
        """...and when the last came, in awake seconds."""
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def hand_on(self, block: Block) -> None:
        """Deliver a block, unless this opening is over."""
        with self._lock:
            if not self._deaf:
                self.blocks += 1
                self.came_s = awake_s()
                self._deliver(block)

    def gone(self, why: str) -> None:
        """Hear nothing more, and have the loss told; only the first reason counts. Harmless from any thread."""
        with self._lock:
            if self._deaf:
                return
            self._deaf, self._why = True, why
        self._wake.set()

    def watch(self, look: Callable[[], str], every_s: float) -> None:
        """Begin to look: ``look`` returns why the device is lost, or nothing."""
        self._thread = threading.Thread(
            target=self._watch, args=(look, every_s), name=f"watch {self.name}", daemon=True
        )
        self._thread.start()

    def end(self) -> None:
        """End without a loss: nothing is delivered or told once this has returned."""
        with self._lock:
            self._deaf = self._ended = True
        self._wake.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_JOIN_S)

    def _watch(self, look: Callable[[], str], every_s: float) -> None:
        while not self._wake.wait(every_s):
            try:
                why = look()
            except Exception:  # noqa: BLE001 - who cannot look any more can vouch for nothing
                _log.exception("looking after '%s' failed", self.name)
                why = Sentence("the system does not answer for it any more")
            if why:
                self.gone(why)
        with self._lock:
            tell = bool(self._why) and not self._ended
        if tell:
            self._lost(
                self._who, Sentence("'{name}' is no longer heard: {why}.", name=self.name, why=self._why)
            )


class Source:
    """What sources of Windows and macOS share: an `AudioSource` (`coach.audio.block`) but for the device itself.

    Args:
        who: the side that it carries.
        name: what the rep calls the device.

    Whoever derives gives `_open`, `_close` and `_look`. ``look_s`` is how often `_look` is asked; ``rests`` says that
    the device may bring nothing while nothing plays.
    """

    look_s = LOOK_S
    rests = False

    def __init__(self, who: Who, name: str) -> None:
        self.who = who
        self.name = name
        self._opening: Opening | None = None

    @property
    def blocks(self) -> int:
        """How many blocks this opening has delivered."""
        return self._opening.blocks if self._opening is not None else 0

    @property
    def came_s(self) -> float | None:
        """When the last block of this opening came, in awake seconds."""
        return self._opening.came_s if self._opening is not None else None

    def start(self, deliver: Callable[[Block], None], lost: Callable[[Who, str], None]) -> None:
        """Open the device and begin.

        Raises:
            Trouble: when the device cannot be opened.
        """
        if self._opening is not None:
            raise RuntimeError(f"{self.name} is open already")
        opening = Opening(self.who, self.name, deliver, lost)
        self._open(opening)
        self._opening = opening
        opening.watch(self._look, self.look_s)

    def stop(self) -> None:
        """Close the device; harmless when closed already."""
        opening, self._opening = self._opening, None
        if opening is None:
            return
        opening.end()
        self._close()

    def _open(self, opening: Opening) -> None:
        """Open the device; its sound goes to ``opening``. Leaves nothing open when it raises `Trouble`."""
        raise NotImplementedError

    def _close(self) -> None:
        """Close what `_open` opened."""
        raise NotImplementedError

    def _look(self) -> str:
        """Return why the device is lost, or nothing."""
        raise NotImplementedError

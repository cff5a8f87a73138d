"""A reader of cues that is still being loaded while the devices open.

Owns the thread that loads it. The first sentence comes seconds after the first sound, so nothing waits for it
but that sentence, and that hardly ever.
"""

from __future__ import annotations

from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.call.events import Who
    from coach.cues.reading import Reading
    from coach.live.ports import CueReader


LOADED_S: Final = 20.0
"""Loading takes a second; whoever waits longer for it gets a `TimeoutError`, and the call goes on."""


class LaterReader:
    """Load a reader on a thread of its own, and be it once it is there.

    Args:
        load: makes the reader; what it raises is raised by `read`.
    """

    def __init__(self, load: Callable[[], CueReader]) -> None:
        self._reader: Future[CueReader] = Future()
        Thread(target=self._load, args=(load,), name="coach-reader", daemon=True).start()

    def read(self, who: Who, text: str, start_ms: int | None = None, end_ms: int | None = None) -> Reading:
        """Return the cues of one sentence; wait for the reader if need be."""
        return self._reader.result(LOADED_S).read(who, text, start_ms, end_ms)

    def _load(self, load: Callable[[], CueReader]) -> None:
        try:
            self._reader.set_result(load())
        except BaseException as fault:  # noqa: BLE001 - whoever reads first gets it, whatever it is
            self._reader.set_exception(fault)

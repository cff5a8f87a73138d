"""The print of the rep's voice that one call leaves behind, or takes back where the call is to be forgotten.

A composition beneath `coach.app`. Owns the order of the two, whichever comes first and on whatever threads. Refuses to
know whether anybody wished for a print, and how one is made: `coach.voices` does.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from coach.audio.voiceprint import Voiceprint

_log = logging.getLogger(__name__)


class OwnPrint:
    """Keep a print of one call's own voice, unless it is forgotten.

    Args:
        path: of the file of prints; asked for when there is one to keep.
    """

    def __init__(self, path: Callable[[], Path]) -> None:
        self._path = path
        self._forgotten = threading.Event()
        self._writing = threading.Lock()
        self._kept: tuple[Voiceprint, list[Voiceprint]] | None = None
        """What was written, and what gave way to it."""

    def learn(self, sound: NDArray[np.int16], engine: str, route: str, made: str) -> str:
        """Take a print and keep it; return a sentence about it, empty where nothing was kept. As `voices.learn`."""
        from coach import voices  # noqa: PLC0415 - loads what few calls need

        if self._forgotten.is_set():
            return ""
        return voices.learn(self._path(), sound, engine, route, made, self._keep)

    def forget(self) -> None:
        """Keep nothing from now on; waits for nobody."""
        self._forgotten.set()

    def take_back(self) -> None:
        """Put the file back as it was before this call; waits for a write that is under way. Raises `Trouble`."""
        from coach import voices  # noqa: PLC0415 - as above

        with self._writing:
            kept, self._kept = self._kept, None
            if kept is not None:
                voices.take_back(self._path(), *kept)

    def _keep(self, path: Path, new: Voiceprint) -> bool:
        from coach import voices  # noqa: PLC0415 - as above

        with self._writing:  # whoever forgets waits for this, or is seen here
            if self._forgotten.is_set():
                return False
            gave_way = [p for p in voices.load_prints(path) if voices.same_line(p, new)]
            voices.keep_print(path, new)
            self._kept = new, gave_way
        return True


def taken_back(own: OwnPrint) -> str:
    """Take a print back; return why it stays, empty where it does not."""
    try:
        own.take_back()
    except Trouble as trouble:
        _log.error("a voiceprint could not be taken back")
        return trouble.what
    return ""

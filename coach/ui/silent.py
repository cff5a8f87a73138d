"""A call that runs without being heard: the same words as a sound, on a clock of its own.

Owns how far it has run. The stage plays on this where there is no loudspeaker, or no recording: it cannot tell the
difference, and neither can the class but for the silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QElapsedTimer

if TYPE_CHECKING:
    from collections.abc import Callable


class Heard(Protocol):
    """What the stage asks of the sound behind it; `coach.ui.sound.Sound` does all of it. Places are ms."""

    @property
    def position_ms(self) -> int:
        """The place that is heard now, or from which it would go on."""
        ...

    @property
    def playing(self) -> bool:
        """Say whether it plays, or is about to."""
        ...

    def listen(self, changed: Callable[[], None], trouble: Callable[[str], None]) -> None:
        """Be told when it began or stopped playing, and in a sentence why it cannot; from any thread."""
        ...

    def play(self) -> None:
        """Play from where it is to the end."""
        ...

    def pause(self) -> None:
        """Be silent, and stay where it is."""
        ...

    def seek(self, ms: int) -> None:
        """Go to a place; go on playing from there if it plays."""
        ...

    def set_speed(self, times: float) -> None:
        """Play so many times as fast, with the pitch kept."""
        ...

    def close(self) -> None:
        """Let file and device go."""
        ...


class SilentClock:
    """Run through so many milliseconds without a sound.

    Args:
        duration_ms: where it ends.
        elapsed_ms: tells the milliseconds of a clock that never goes back; None for the machine's own.
    """

    def __init__(self, duration_ms: int, elapsed_ms: Callable[[], int] | None = None) -> None:
        self._duration_ms = duration_ms
        if elapsed_ms is None:
            timer = QElapsedTimer()
            timer.start()
            elapsed_ms = timer.elapsed
        self._elapsed_ms = elapsed_ms
        self._from_ms = 0.0
        self._since: int | None = None
        self._speed = 1.0

    @property
    def position_ms(self) -> int:
        """The place it has come to."""
        ran = 0 if self._since is None else self._elapsed_ms() - self._since
        return round(min(self._from_ms + ran * self._speed, self._duration_ms))

    @property
    def playing(self) -> bool:
        """Say whether it runs."""
        return self._since is not None and self.position_ms < self._duration_ms

    def listen(self, changed: Callable[[], None], trouble: Callable[[str], None]) -> None:
        """Take note of whom to tell: nobody needs to be, for it stops only when it is told to, or at its end."""

    def play(self) -> None:
        """Run on from where it is."""
        self._settle()
        self._since = self._elapsed_ms()

    def pause(self) -> None:
        """Stay where it is."""
        self._settle()
        self._since = None

    def seek(self, ms: int) -> None:
        """Go to a place; run on from there if it runs."""
        self._settle()
        self._from_ms = float(min(max(0, ms), self._duration_ms))

    def set_speed(self, times: float) -> None:
        """Run so many times as fast."""
        self._settle()
        self._speed = times

    def close(self) -> None:
        """Stop."""
        self.pause()

    def _settle(self) -> None:
        self._from_ms = float(self.position_ms)
        if self._since is not None:
            self._since = self._elapsed_ms()

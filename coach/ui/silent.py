"""A call that runs without being heard: the same words as a sound, on a clock of its own.

Owns how far it has run. The stage plays on this where there is no loudspeaker, or no recording: it cannot tell the
difference, and neither can the class but for the silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.ui.sound import Sides


class SilentClock:
    """Run through so many milliseconds without a sound: see `coach.ui.sound.Sound`.

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
        self._until_ms = duration_ms
        self._changed: Callable[[], None] = lambda: None

    @property
    def position_ms(self) -> int:
        """The place it has come to."""
        ran = 0 if self._since is None else self._elapsed_ms() - self._since
        return round(min(self._from_ms + ran * self._speed, self._until_ms))

    @property
    def playing(self) -> bool:
        """Say whether it runs."""
        return self._since is not None and self.position_ms < self._until_ms

    def listen(self, changed: Callable[[], None], trouble: Callable[[str], None]) -> None:  # noqa: ARG002 - no device can go
        """Take note of whom to tell when it begins and stops; that it cannot never happens."""
        self._changed = changed

    def play(self, from_ms: int | None = None, to_ms: int | None = None) -> None:
        """Run from a place, or from where it is, to another place or to the end."""
        self._settle()
        if from_ms is not None:
            self._from_ms = float(from_ms)
        self._until_ms = self._duration_ms if to_ms is None else min(to_ms, self._duration_ms)
        self._since = self._elapsed_ms()
        self._changed()

    def pause(self) -> None:
        """Stay where it is."""
        self._settle()
        if self._since is not None:
            self._since = None
            self._changed()

    def seek(self, ms: int) -> None:
        """Go to a place; run on from there, to the end, if it runs."""
        self._settle()
        self._until_ms = self._duration_ms
        self._from_ms = float(min(max(0, ms), self._duration_ms))

    def set_speed(self, times: float) -> None:
        """Run so many times as fast."""
        self._settle()
        self._speed = times

    def set_sides(self, sides: Sides) -> None:
        """Choose whom nobody hears: it makes no difference."""

    def close(self) -> None:
        """Stop."""
        self._settle()
        self._since = None

    def _settle(self) -> None:
        self._from_ms = float(self.position_ms)
        if self._since is not None:
            self._since = self._elapsed_ms()

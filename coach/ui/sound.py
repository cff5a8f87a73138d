"""What a window asks of the sound behind it.

Owns the words between the two: play, pause, go there, so fast, this side. Knows neither files nor devices; whoever
puts the rooms together hands in something that does (`coach.audio.playback`, `coach.audio.peaks`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

Sides = Literal["both", "apart", "rep", "customer"]
"""Both in both ears; the rep left and the customer right; one of them alone in both ears."""

SLOWEST, FASTEST = 0.75, 2.0
"""Speeds at which speech is still speech."""


class Sound(Protocol):
    """One recording that can be heard. Every call returns at once; places are milliseconds of the recording."""

    @property
    def position_ms(self) -> int:
        """The place that is heard now, or from which it would go on."""
        ...

    @property
    def playing(self) -> bool:
        """Say whether it plays, or is about to."""
        ...

    def listen(self, changed: Callable[[], None], trouble: Callable[[str], None]) -> None:
        """Be told when it began or stopped playing, and in a sentence why it cannot.

        Both may be called from another thread: hand in the ``emit`` of a signal.
        """
        ...

    def play(self, from_ms: int | None = None, to_ms: int | None = None) -> None:
        """Play from a place, or from where it is, to another place or to the end; then stop."""
        ...

    def pause(self) -> None:
        """Be silent, and stay where it is."""
        ...

    def seek(self, ms: int) -> None:
        """Go to a place; go on playing from there if it plays, then to the end."""
        ...

    def set_speed(self, times: float) -> None:
        """Play so many times as fast, with the pitch kept."""
        ...

    def set_sides(self, sides: Sides) -> None:
        """Choose who is heard, and in which ear."""
        ...

    def close(self) -> None:
        """Let file and device go; harmless when closed already."""
        ...


class Waveform(Protocol):
    """The picture of a recording's sound, or of its beginning."""

    @property
    def duration_ms(self) -> int:
        """Length of the picture in milliseconds."""
        ...

    @property
    def whole(self) -> bool:
        """Say whether it reaches to the end of the recording."""
        ...

    def level_for(self, ms_per_px: float) -> tuple[int, NDArray[np.int16]]:
        """Return the level to draw with: milliseconds a bin, and an array ``(sides, bins, 2)`` of min and max."""
        ...

"""Memory that this process holds and does not use: it goes back to the system in a calm moment.

Owns the asking of the C library, and how often. Refuses to know what the memory was for, and keeps nothing alive.

Theory of operation. A draft needs some tens of megabytes for a fraction of a second, on a thread of its own. glibc
gives each thread a heap of its own (an *arena*), and gives back only what lies free at a heap's very end: a small
piece that stays keeps all below it, so each hour a little more is free and held. `malloc_trim` (malloc_trim(3): since
glibc 2.8 in every arena) hands whole free pages back wherever they lie; they come again when they are next needed. It
leaves the end of every heap but the first alone, and each call has new threads: so there are two heaps and no more
(mallopt(3), ``M_ARENA_MAX``), which threads share. macOS and Windows keep their heaps otherwise and are left alone.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY_S: Final = 60.0
"""So often at most, own default: what a minute of drafts leaves behind is a few megabytes."""

_ARENA_MAX: Final = -8  # M_ARENA_MAX of malloc.h
_HEAPS: Final = 2


def few_heaps() -> bool:
    """Let threads that begin from now on share two heaps; say whether it was asked.

    Of four calls of 12 s in one process, each with its model, there was then left 128 MB after each; without it 131,
    149, 183 and 213 (anonymous memory, `let_go` after each; 14.1 and 13.8 s of the processor).
    """
    if (mallopt := _of_glibc("mallopt")) is None:
        return False
    return bool(mallopt(_ARENA_MAX, _HEAPS))


def _of_glibc(name: str) -> Callable[..., int] | None:
    """Return a function of glibc's; None where there is none. A call of it lets go of Python's lock."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return getattr(libc, name, None) if hasattr(libc, "gnu_get_libc_version") else None


def give_back() -> bool:
    """Give pages that are free back to the system; say whether it was asked."""
    if (trim := _of_glibc("malloc_trim")) is None:
        return False
    trim(0)
    return True


def let_go() -> None:
    """Free what nothing but itself holds any more, and give it back: for when a call is over.

    The parts of a call know each other, in circles; Python would come upon them in its own time, which may be some
    calls later.
    """
    gc.collect()
    give_back()


class Slack:
    """Give back every now and then, while nobody waits.

    Args:
        clock: monotonic seconds.
        give: gives back.
        every_s: so often at most.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        give: Callable[[], object] = give_back,
        every_s: float = EVERY_S,
    ) -> None:
        self._clock, self._give, self._every_s = clock, give, every_s
        self._due_s = float("-inf")

    def calm(self) -> None:
        """Take note of a calm moment: give back, where that was not done lately."""
        now_s = self._clock()
        if now_s >= self._due_s:
            self._due_s = now_s + self._every_s
            self._give()

"""Two clocks of one machine: one that stands still while it sleeps, and one that goes on.

Owns the choice of the second, which each system keeps elsewhere. Neither is ever set by hand or over the network, so
what lies between them is sleep alone.
"""

from __future__ import annotations

import sys
import time

awake_s = time.monotonic
"""Seconds; stands still while a Linux or macOS machine sleeps."""


def always_s() -> float:
    """Return seconds that count while the machine sleeps too.

    Linux: CLOCK_BOOTTIME (clock_gettime(2)). macOS: CLOCK_MONOTONIC, which counts sleep there (clock_gettime(3)); not
    yet run on that system. Windows: `time.monotonic` counts it.
    """
    if sys.platform == "linux":
        clock = time.CLOCK_BOOTTIME
    elif sys.platform == "darwin":
        clock = time.CLOCK_MONOTONIC
    else:
        return time.monotonic()
    return time.clock_gettime(clock)

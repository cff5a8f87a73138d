"""Without a wish, every window of the tests lives offscreen; what needs a real screen starts its own."""

from __future__ import annotations

import os
import sys

if sys.platform == "linux":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

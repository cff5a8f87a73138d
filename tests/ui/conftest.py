"""Without a wish, the windows of these tests live offscreen; what needs a real screen starts its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

if sys.platform == "linux":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

OFFSCREEN_CANNOT = (
    r"^This plugin does not support (raise\(\)|propagateSizeHints\(\)|grabbing the keyboard)$",
    r"systemTrayWindowChanged",
)
"""What the offscreen platform says of itself; on a real one these would be faults, so only these are let pass."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the offscreen platform name its own limits without failing a test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(*OFFSCREEN_CANNOT))

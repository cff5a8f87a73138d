"""What we rely on Qt's Python bindings for, where a release of theirs has failed us."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtGui import QPainter, QPixmap


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None cannot be lost from Python 3.12 on")
def test_a_paint_takes_nothing_from_python(qapp: object) -> None:
    """PySide6 6.12.0 took one reference to None with every call that returns nothing; in the end Python dies of it."""
    picture = QPixmap(4, 4)
    painter = QPainter(picture)
    before = sys.getrefcount(None)
    for _ in range(2_000):
        painter.drawRect(0, 0, 1, 1)
    painter.end()
    assert sys.getrefcount(None) > before - 1_000

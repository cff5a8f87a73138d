"""Files that are dragged onto a window, or were copied.

Owns what counts as one. Most trays pass no drop on to the icon in them (`QSystemTrayIcon` knows none), so files are
dropped on a window, or on the control bar where it stands in for the tray.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData


def files_of(what: QMimeData) -> list[Path]:
    """Return the files and folders of this machine that are dragged or were copied."""
    return [Path(url.toLocalFile()) for url in what.urls() if url.isLocalFile()]

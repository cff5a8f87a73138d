"""Where a past call is to be saved, and as what.

Owns the questions. Refuses to write: it returns a place and the name of a format.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from coach.language import phrase
from coach.report.exports import FORMATS, format_of_file
from coach.ui.wording import say

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def ask_folder(title: str) -> Path | None:
    """Ask for a folder; None where nobody wants to name one."""
    chosen = QFileDialog.getExistingDirectory(None, title)
    return Path(chosen) if chosen else None


def ask_where(parent: QWidget, name: str, folder: Path) -> tuple[Path, str] | None:
    """Ask where to save and in which format; None where nobody wants to any more.

    Args:
        parent: the window that asks.
        name: of the file, without an ending.
        folder: to begin with.
    """
    named = {f: phrase(f.what) for f in FORMATS}
    filters = {f"{what[:1].upper()}{what[1:]} (*{f.ending})": f for f, what in named.items()}
    first = next(iter(filters))
    chosen, picked = QFileDialog.getSaveFileName(
        parent,
        say("review.export"),
        str(folder / f"{name}{filters[first].ending}"),
        ";;".join(filters),
        first,
    )
    if not chosen:
        return None
    wanted = filters.get(picked) or FORMATS[0]
    told = format_of_file(chosen)
    if told is None:
        return Path(f"{chosen}{wanted.ending}"), wanted.name
    # Whoever typed another ending than the one picked meant what was typed.
    return Path(chosen), wanted.name if chosen.endswith(wanted.ending) else told.name

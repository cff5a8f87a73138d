"""A program for the try-out's test: the first start at its second step, on a real screen, with real devices.

Out: a line for the button, for everything the try-out does, and for the card once it is seen: ``WORD X Y``, with the
place of what is to be clicked.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from coach import app, desktop
from coach.settings import Settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from coach.ui.tryout import Trying


def tell(word: str, widget: QWidget | None = None) -> None:
    at = widget.mapToGlobal(widget.rect().center()) if widget is not None else None
    print(word, *(() if at is None else (at.x(), at.y())), flush=True)  # noqa: T201 - the test reads it


def main() -> None:
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    desk = desktop.Desk(Settings(), app.devices, path=Path(sys.argv[1]))
    desk.open_first()
    assert desk._sound is not None
    sheet, tried = desk._sound.first, desk._sound.tryout
    assert sheet is not None
    sheet.next.click()

    def went(trying: Trying) -> None:
        tell(trying.state)

    tried.went.connect(went)
    tried.over.connect(lambda: tell("free"))
    desk.overlay.painted.connect(lambda rule: tell(f"card:{rule}", desk.overlay._card._cross))
    QTimer.singleShot(500, lambda: tell("ready", sheet.tryout.button))  # a window manager places it first
    application.exec()
    desk.close_windows()


if __name__ == "__main__":
    main()

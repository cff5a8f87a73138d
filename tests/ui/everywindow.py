"""A program for the screen-reader test: Coach's windows on a real screen, without a device; spoken to by lines.

In: the name of a window, which is opened while all others are closed, or ``card``. Out: ``ready``, and each line again
once it is done.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pastcalls import Desk as Kept
from pastcalls import FakeSound, a_call
from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from coach import desktop
from coach.settings import Settings
from coach.trouble import Trouble
from coach.ui.card import CardContent
from coach.ui.review import ReviewActions, ReviewWindow

if TYPE_CHECKING:
    from collections.abc import Callable

CONTENT = CardContent("monologue", "Pause, let them in", "75 s without them", ("A long run.", "run 75 s"))


def no_devices(*_: object) -> tuple[()]:
    raise Trouble("No microphone was found.", "Plug one in.")


class Program(QObject):
    """The windows by name."""

    def __init__(self) -> None:
        super().__init__()
        self.settings_file = Path(sys.argv[1])
        self.desk = desktop.Desk(Settings(), no_devices, path=self.settings_file)
        self.review: ReviewWindow | None = None
        self.verbs: dict[str, Callable[[], object]] = {
            "card": lambda: self.desk.overlay.show_card(CONTENT),
            "facts": self.desk.open_facts,
            "preferences": self.desk.open_preferences,
            "today": self.open_today,
            "calls": self.desk.open_calls,
            "first": self.desk.open_first,
            "sound": self.desk.open_sound,
            "review": self.open_review,
            "bar": self.desk.tray._open_bar,
        }
        self._ear = QSocketNotifier(0, QSocketNotifier.Type.Read)
        self._ear.activated.connect(self.obey)

    def open_today(self) -> None:
        self.desk.today.note(CONTENT)
        self.desk.open_today()

    def open_review(self) -> None:
        kept = Kept()
        self.review = ReviewWindow(a_call(), ReviewActions(kept.note, kept.correct, export=lambda: None))
        self.review.show_sound(FakeSound())
        self.review.show()

    def obey(self) -> None:
        for word in os.read(0, 4096).decode().split():
            for window in QApplication.topLevelWidgets():
                if window.isVisible() and word != "card":
                    window.blockSignals(True)  # a bar that is closed ends Coach
                    window.close()
                    window.blockSignals(False)
            self.verbs[word]()
            QTimer.singleShot(0, lambda word=word: say(word))


def say(word: str) -> None:
    print(word, flush=True)  # noqa: T201 - the test reads it


def main() -> None:
    app = QApplication([])
    app.setApplicationName("Coach")
    app.setQuitOnLastWindowClosed(False)
    program = Program()
    QTimer.singleShot(0, lambda: say("ready"))
    app.exec()
    program.desk.close_windows()


if __name__ == "__main__":
    main()

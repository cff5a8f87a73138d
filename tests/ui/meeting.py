"""A program for the desktop tests: a "meeting" with a line to type into, and the card; spoken to by lines.

In: ``show``, ``hide``, ``state``, ``where``, ``raise``. Out: what happened, a line each.
"""

from __future__ import annotations

import dataclasses
import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from coach.call.ambient import Ambient
from coach.settings import OverlaySettings
from coach.ui.card import CardContent
from coach.ui.overlay import Overlay
from coach.ui.ring import Ring
from coach.ui.suggestion import Suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

CONTENT = CardContent(
    "monologue", "Pause, let them in", "75 s without them", ("A long run.", "run 75 s", "Source: us")
)


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 - the test reads it


def main(size: str, corner: str) -> None:
    app = QApplication([])
    meeting = QWidget()
    meeting.setStyleSheet("background: #ffffff")
    line = QLineEdit(meeting)
    QVBoxLayout(meeting).addWidget(line)
    if size == "full":
        meeting.showFullScreen()
    else:
        meeting.setGeometry(QRect(100, 10, 900, 500))
        meeting.show()
    meeting.activateWindow()
    line.setFocus()
    meeting.mousePressEvent = lambda _: say("meeting_clicked")
    line.textChanged.connect(lambda text: say("text", text))

    settings = OverlaySettings(corner=corner)
    card = Overlay(settings)
    ring = Ring(OverlaySettings(corner=corner, ring=True), card.standing)

    def shown(rule: str) -> None:
        place = card.geometry()
        say("painted", rule, place.x(), place.y(), place.width(), place.height())

    card.painted.connect(shown)
    card.dismissed.connect(lambda rule: say("dismissed", rule))
    card.unhelpful.connect(lambda rule: say("unhelpful", rule))
    card.not_now.connect(lambda: say("not_now"))
    card.why_opened.connect(lambda rule: say("why", rule, card.height()))

    question = Suggestion(settings, card.standing)
    question.refused.connect(lambda: say("refused"))

    def suggest() -> None:
        question.ask("Zoom")
        say("asked", question.x(), question.y(), *button_place())

    def button_place() -> tuple[int, int]:
        place = question.no.mapToGlobal(question.no.rect().center())
        return place.x(), place.y()

    def come_forward() -> None:
        meeting.raise_()
        meeting.activateWindow()
        QTimer.singleShot(0, lambda: say("raised"))

    verbs: dict[str, Callable[[], None]] = {
        "show": lambda: card.show_card(CONTENT),
        "hide": lambda: card.hide_card("over"),
        "state": lambda: say(
            "state", card.isVisible(), meeting.isActiveWindow(), line.hasFocus(), card.windowOpacity()
        ),
        "where": lambda: say("where", card.x(), card.y()),
        "raise": come_forward,
        "through": lambda: card.use(dataclasses.replace(settings, click_through=True)),
        "solid": lambda: card.use(settings),
        "ring": lambda: ring.in_call(listening=True),
        "share": lambda: ring.take(Ambient(0.75, 0)),
        "suggest": suggest,
        "ringwhere": lambda: say("ringwhere", ring.x(), ring.y(), ring.width()),
    }

    def obey() -> None:
        for word in os.read(0, 4096).decode().split():
            verbs[word]()

    ear = QSocketNotifier(0, QSocketNotifier.Type.Read)
    ear.activated.connect(obey)
    QTimer.singleShot(0, lambda: say("ready"))
    app.exec()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

"""Where to save and as what: the ending that was typed counts, else the kind that was picked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from coach.ui.saving import ask_where

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

PAGE = "The report card as one page, to read and to print (*.html)"
TABLE = "Every sentence with its cues, for a spreadsheet (*.sentences.csv)"


@pytest.mark.parametrize(
    ("typed", "picked", "place", "form"),
    [
        ("/x/karen.html", PAGE, "/x/karen.html", "html"),
        ("/x/karen", PAGE, "/x/karen.html", "html"),
        ("/x/karen.pdf", PAGE, "/x/karen.pdf", "pdf"),
        ("/x/karen.sentences.csv", TABLE, "/x/karen.sentences.csv", "sentences"),
        ("/x/karen.v2", "", "/x/karen.v2.html", "html"),
    ],
)
def test_a_place_and_a_format(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, typed: str, picked: str, place: str, form: str
) -> None:
    asked: list[tuple] = []

    def answer(*args: object) -> tuple[str, str]:
        asked.append(args)
        return typed, picked

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    window = QWidget()
    qtbot.addWidget(window)
    assert ask_where(window, "karen", Path("/x")) == (Path(place), form)
    assert PAGE in asked[0][3]
    assert TABLE in asked[0][3]


def test_nobody_wants_to_any_more(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    window = QWidget()
    qtbot.addWidget(window)
    assert ask_where(window, "karen", Path("/x")) is None

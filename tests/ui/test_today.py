"""Today's nudges, read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, QTime

from coach.ui.card import CardContent
from coach.ui.today import Today, TodayWindow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

PAUSE = CardContent("monologue", "Pause, let them in", "75 s without them")
STAY = CardContent(
    "pounce", "<b>Stay with that</b>", "They had just named a need", (), "What did that cost you?"
)


class Clock:
    """The day and hour, where the test puts it."""

    def __init__(self) -> None:
        self.now = QDateTime(QDate(2026, 11, 22), QTime(14, 3))

    def __call__(self) -> QDateTime:
        return self.now


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


def lines(window: TodayWindow) -> list[str]:
    return [window.list.item(i).text() for i in range(window.list.count())]


@pytest.mark.parametrize("look", ["dark", "light"])
def test_the_newest_comes_first_with_time_words_reason_and_icon(qtbot: QtBot, look: str) -> None:
    clock = Clock()
    today = Today(clock)
    today.note(PAUSE)
    clock.now = clock.now.addSecs(600)
    window = TodayWindow(today, look)
    qtbot.addWidget(window)
    window.show()
    assert lines(window) == ["14:03 · Pause, let them in\n75 s without them"]
    today.note(STAY)
    assert lines(window)[0] == (
        "14:13 · <b>Stay with that</b>\nThey had just named a need\nWhat did that cost you?"
    )
    rows = [window.list.visualItemRect(window.list.item(i)) for i in range(2)]
    picture = window.list.viewport().grab().toImage()
    assert picture.copy(rows[0].adjusted(0, 0, -360, 0)) != picture.copy(rows[1].adjusted(0, 0, -360, 0))
    assert rows[0].height() > rows[1].height()  # it has a question beneath
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
    qtbot.keyClick(window.list, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_yesterday_is_forgotten(qtbot: QtBot) -> None:
    clock = Clock()
    today = Today(clock)
    today.note(PAUSE)
    clock.now = clock.now.addDays(1)
    assert today.past == ()
    window = TodayWindow(today, "dark")
    qtbot.addWidget(window)
    window.show()
    assert not window.list.isVisible()
    assert window._none.isVisible()
    today.note(STAY)
    assert [p.content for p in today.past] == [STAY]
    assert window.list.isVisible()

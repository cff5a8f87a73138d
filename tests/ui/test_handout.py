"""The handout fits one page, A4 or Letter, whatever is to stand on it; and what was said stays text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from classroom import LISTENED, SOLD, lesson, noticed, nudge, take
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from coach.report.handout import Handout, handout
from coach.trouble import Trouble
from coach.ui.handout import PAGES, paint, write_handout

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

POINTS = {"A4": (b"595", b"842"), "Letter": (b"612", b"792")}
DOTS = {"A4": (2380, 3368), "Letter": (2448, 3168)}


def full() -> Handout:
    """Return a page with all that can stand on one, as long as it may be."""
    long = "word " * 40
    sold = take(
        SOLD,
        nudges=[nudge(24, text=long), nudge(50)],
        moments=[noticed(i) for i in range(1, 20)],
        name="x" * 24,
        title=long,
    )
    listened = take(LISTENED, nudges=[nudge(20)], name="y" * 24, title=long)
    return handout(lesson(sold, listened, subtitle=long, questions=(long, long, long), licence=long))


def painted(page: Handout, paper: str) -> tuple[QImage, float]:
    image = QImage(*DOTS[paper], QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        size = paint(painter, page, QRectF(0, 0, *DOTS[paper]))
    return image, size


def inked(image: QImage, rect: QRectF) -> bool:
    """Say whether anything is drawn inside, looking at every fourth dot."""
    x, y, width, height = rect.toRect().getRect()
    white = QColor("white").rgb()
    return any(image.pixel(i, j) != white for j in range(y, y + height, 4) for i in range(x, x + width, 4))


@pytest.mark.parametrize("paper", list(PAGES))
def test_it_is_one_page_of_its_paper(qtbot: QtBot, tmp_path: Path, paper: str) -> None:
    write_handout(full(), tmp_path / "page.pdf", paper)
    data = (tmp_path / "page.pdf").read_bytes()
    assert data.startswith(b"%PDF-1.")
    assert data.count(b"/Type /Page\n") == 1
    assert re.findall(rb"/MediaBox \[0 0 (\d+)\.\d+ (\d+)", data) == [POINTS[paper]]
    assert [p.name for p in tmp_path.iterdir()] == ["page.pdf"]


@pytest.mark.parametrize("paper", list(PAGES))
def test_everything_lies_within_the_margins_with_room_for_notes(qtbot: QtBot, paper: str) -> None:
    image, size = painted(full(), paper)
    width, height = DOTS[paper]
    assert size >= 7
    margin = 160
    for rect in (
        QRectF(0, 0, width, margin),
        QRectF(0, height - margin, width, margin),
        QRectF(0, 0, margin, height),
        QRectF(width - margin, 0, margin, height),
    ):
        assert not inked(image, rect)
    assert inked(image, QRectF(168, 168, 600, 100))


def test_a_short_page_has_large_letters(qtbot: QtBot) -> None:
    assert painted(handout(lesson()), "A4")[1] == 10.0


def test_a_call_without_a_nudge_has_a_page_too(qtbot: QtBot, tmp_path: Path) -> None:
    write_handout(handout(lesson(take(LISTENED))), tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").stat().st_size > 1000


def test_what_was_said_is_text(qtbot: QtBot) -> None:
    plain = lesson(take(nudges=[nudge(24, text="b b")]))
    marked = lesson(take(nudges=[nudge(24, text="<b>b</b> b")]))
    assert painted(handout(plain), "A4")[0] != painted(handout(marked), "A4")[0]


def test_a_page_that_cannot_be_written_says_so_and_leaves_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(Trouble, match="cannot be written"):
        write_handout(handout(lesson()), tmp_path / "folder.pdf")
    with pytest.raises(Trouble, match="cannot be written"):
        write_handout(handout(lesson()), tmp_path / "none" / "page.pdf")
    assert [p.name for p in tmp_path.iterdir()] == ["folder.pdf"]

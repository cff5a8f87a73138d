"""The report card on paper: drawn without a screen, loads nothing, whatever was said is drawn as words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from report.cards import BAIT, demo, hostile

from coach.call.events import Who
from coach.report.card import make_card
from coach.report.colours import LIGHT
from coach.report.timeline import KINDS
from coach.ui import printing
from coach.ui.paper import paper
from coach.ui.printing import HEIGHT, INSIDE, TOP, Beside, Face, Row, Sheets, Space, Stack, Words
from coach.ui.stave import Legend, outline

FACE = Face(10, 400, "#000000")


def sheets_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def said(piece) -> str:
    """Return every word of a piece, in order."""
    if isinstance(piece, Words):
        return piece._document(INSIDE).toPlainText().replace("\n", " ")
    inside = getattr(piece, "pieces", None) or getattr(piece, "boxes", None)
    if inside is None:
        inside = [cell for _, cell in getattr(piece, "cells", ())] or [getattr(piece, "words", Space(0))]
    return " ".join(filter(None, (said(p) for p in inside))) if not isinstance(piece, Space) else ""


@pytest.fixture
def put(qapp, monkeypatch):
    """Every piece that is set on a sheet, in order."""
    pieces = []
    put, columns = Sheets.put, Sheets.put_in_columns

    def noted(self, piece, **how):
        pieces.append(piece)
        put(self, piece, **how)

    def noted_columns(self, boxes, **how):
        pieces.extend(boxes)
        columns(self, boxes, **how)

    monkeypatch.setattr(Sheets, "put", noted)
    monkeypatch.setattr(Sheets, "put_in_columns", noted_columns)
    return pieces


def test_it_is_a_pdf_of_a_few_sheets_that_does_nothing(qapp):
    for card in (make_card(demo("d01")), make_card(demo("d02")), hostile()):
        pdf = paper(card)
        assert pdf.startswith(b"%PDF-")
        assert 2 <= sheets_of(pdf) <= 9
        for word in (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA"):
            assert word not in pdf, word


def test_what_was_said_is_set_as_words_without_control_characters(put):
    paper(hostile())
    every = " ".join(said(p) for p in put)
    assert '<script>document.title="owned"</script>' in every
    assert all(c.isprintable() for c in every)
    assert BAIT not in every


def test_everything_of_the_card_is_on_it(put):
    past = [{"talk_share": 0.5}] * 4
    paper(make_card(demo("d02"), past=past))
    every = " ".join(said(p) for p in put)
    for words in ("What stands out", "Nudges", "The Essentials", "Soft selling", "Talk share", "4 calls"):
        assert words in every
    assert "above usual" in every
    assert "good: 40 to 50%" in every
    assert every.index("What stands out") < every.index("Nudges") < every.index("The Essentials")


def test_what_is_not_known_is_left_out(put):
    paper(make_card(demo("d01")))
    every = " ".join(said(p) for p in put)
    assert "Your usual" not in every
    assert "Your notes" not in every
    assert "Not one nudge." in every
    assert "Their world covered" not in every.partition("Not available")[0]


def test_a_document_loads_nothing(qapp, tmp_path):
    picture = tmp_path / "x.png"
    picture.write_bytes(b"x")
    document = Words([[(f'<img src="{picture}">', FACE)]])._made(100)
    assert document.toPlainText() == f'<img src="{picture}">'
    for kind in (QTextDocument.ResourceType.ImageResource, QTextDocument.ResourceType.StyleSheetResource):
        assert document.resource(kind.value, QUrl.fromLocalFile(str(picture))) is None


def test_a_long_word_is_broken_and_takes_room(qapp):
    short, long = Words([[("word", FACE)]]), Words([[("W" * 400, FACE)]])
    assert long.height(100) > 5 * short.height(100)
    assert long._document(100).size().width() <= 100 * printing._FINE + 1


def test_a_piece_that_does_not_fit_begins_the_next_sheet(qapp):
    with Sheets("x", LIGHT) as sheets:
        sheets.put(Space(HEIGHT - 200))
        assert sheets.number == 1
        sheets.put(Space(200), before=50)
        assert (sheets.number, sheets.y) == (2, TOP + 200)
        sheets.put(Space(10), with_next=HEIGHT)
        assert sheets.number == 3
        assert sheets_of(sheets.done()) == 3


def test_one_that_fits_no_sheet_does_not_go_on_for_ever(qapp):
    with Sheets("x", LIGHT) as sheets:
        sheets.put(Space(3 * HEIGHT))
        sheets.put(Space(10))
        sheets.put_in_columns([Stack([Space(2 * HEIGHT)]), Stack([Space(10)])])
        assert 1 < sheets.number < 5
        assert sheets_of(sheets.done()) == sheets.number


def test_boxes_go_into_the_shorter_column(qapp):
    boxes = [Stack([Space(h)]) for h in (100, 30, 30, 50)]
    with Sheets("x", LIGHT) as sheets:
        assert sheets.height_in_columns(boxes, gap=10) == pytest.approx(130)
        at = sheets.y
        sheets.put_in_columns(boxes, gap=10)
        assert sheets.y - at == pytest.approx(130)


def test_boxes_beside_each_other_are_as_high_as_the_highest(qapp):
    beside = Beside([Stack([Space(10)], pad=5), Stack([Space(40)], pad=5)])
    assert beside.height(INSIDE) == 50
    assert Row([(0.5, Space(10)), (0.5, Space(30))], pad=2).height(INSIDE) == 34


@pytest.mark.parametrize("kind", KINDS)
def test_every_mark_has_the_outline_of_the_page(qapp, kind):
    bounds = outline(kind).boundingRect()
    assert 6 < bounds.width() < 13
    assert 6 < bounds.height() < 13


def test_a_legend_of_many_kinds_takes_more_lines(qapp):
    assert Legend([("nudge", 1)] * 5).height(INSIDE) == 2 * Legend([("nudge", 1)]).height(INSIDE)


def test_the_microphone_alone_has_one_lane(put):
    from playbook import REP
    from report.cards import drawn

    card = make_card(drawn([(REP, 1, 9, "So.")], 20, sides=(Who.REP,)))
    assert paper(card).startswith(b"%PDF-")
    assert "Only your side was heard" in " ".join(said(p) for p in put)


DRAW = """
import sys
sys.path[:0] = {path!r}
from report.cards import hostile
from coach.ui.paper import paper
sys.stdout.buffer.write(paper(hostile()))
"""


def test_it_needs_no_screen_and_no_application(tmp_path):
    env = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}
    done = subprocess.run(
        [sys.executable, "-c", DRAW.format(path=sys.path)],
        capture_output=True,
        check=False,
        env=env,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert sheets_of(done.stdout) >= 2


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="no pdftotext here: apt-get install poppler-utils"
)
def test_its_words_can_be_found_again(qapp, tmp_path):
    (tmp_path / "x.pdf").write_bytes(paper(make_card(demo("d02"))))
    text = subprocess.run(
        ["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, check=True, text=True
    ).stdout
    for words in ("What stands out", "Making room", "Talk share"):
        assert words in text


def test_a_fault_while_drawing_is_a_fault_and_not_the_end_of_the_process(qapp, monkeypatch):
    monkeypatch.setattr("coach.ui.paper.essentials", lambda report: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        paper(make_card(demo("d01")))

"""The lanes: a click asks for its moment or its mark, and nothing is painted twice for nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pastcalls import LINES, a_call
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from coach.call.hand import Hand, Note
from coach.report.timeline import KINDS, SHAPES, Mark
from coach.ui.axis import axis
from coach.ui.lanes import Lanes, columns, mark_line
from coach.ui.overview import Overview
from coach.ui.shapes import shape_path
from coach.ui.theme import DARK, LIGHT, LOOKS, MIN_SHAPE_CONTRAST, blend, contrast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def shown(qtbot: QtBot, **how) -> Lanes:
    lanes = Lanes(a_call(**how).timeline, DARK)
    qtbot.addWidget(lanes)
    lanes.resize(900, lanes.sizeHint().height())
    lanes.show()
    qtbot.waitExposed(lanes)
    return lanes


def at(lanes: Lanes, ms: int, y: int | None = None) -> QPoint:
    return QPoint(round(lanes.view.x(ms)), lanes.height() - 60 if y is None else y)


def spot_of(lanes: Lanes, kind: str) -> QPoint:
    lanes.grab()
    rect = next(rect for rect, mark in lanes._spots if mark.kind == kind)
    return rect.center().toPoint()


def test_a_click_on_a_lane_asks_for_that_moment(qtbot: QtBot) -> None:
    lanes = shown(qtbot)
    with qtbot.waitSignal(lanes.asked) as asked:
        qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=at(lanes, 20_000))
    assert asked.args[0] == pytest.approx(20_000, abs=100)


def test_a_click_on_a_mark_chooses_it(qtbot: QtBot) -> None:
    lanes = shown(qtbot)
    with qtbot.waitSignal(lanes.chosen) as chosen:
        qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=spot_of(lanes, "pitch"))
    assert (chosen.args[0].kind, chosen.args[0].text) == ("pitch", "Our lift does that.")


def test_a_drag_moves_the_view_and_asks_for_nothing(qtbot: QtBot) -> None:
    lanes = shown(qtbot)
    lanes.show_view(10_000, 20_000)
    asked: list[int] = []
    lanes.asked.connect(asked.append)
    begin = at(lanes, 15_000)
    qtbot.mousePress(lanes, Qt.MouseButton.LeftButton, pos=begin)
    qtbot.mouseMove(lanes, begin + QPoint(-100, 0))
    qtbot.mouseRelease(lanes, Qt.MouseButton.LeftButton, pos=begin + QPoint(-100, 0))
    assert lanes.view.start_ms == pytest.approx(10_000 + 100 * 10_000 / lanes.view.width, abs=50)
    assert asked == []


def test_a_drag_along_the_ruler_scrubs(qtbot: QtBot) -> None:
    lanes = shown(qtbot)
    asked: list[int] = []
    lanes.asked.connect(asked.append)
    qtbot.mousePress(lanes, Qt.MouseButton.LeftButton, pos=at(lanes, 10_000, 5))
    qtbot.mouseMove(lanes, at(lanes, 30_000, 5))
    assert asked[-1] == pytest.approx(30_000, abs=100)


def test_the_wheel_zooms_with_ctrl_around_the_pointer(qtbot: QtBot) -> None:
    lanes = shown(qtbot)
    place = at(lanes, 30_000)
    event = QWheelEvent(
        QPointF(place),
        QPointF(lanes.mapToGlobal(place)),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(lanes, event)
    assert lanes.view.span_ms == pytest.approx(0.64 * 60_000)
    assert lanes.view.x(30_000) == pytest.approx(place.x(), abs=1)


def test_what_does_not_change_is_not_painted_again(qtbot: QtBot) -> None:
    lanes = shown(qtbot)
    lanes.grab()
    drawn = lanes._picture
    lanes.show_position(5_000)
    lanes.grab()
    lanes.show_view(0, 60_000)
    lanes.show_kinds(frozenset())
    assert lanes._picture is drawn
    lanes.show_kinds(frozenset({"pitch"}))
    assert lanes._picture is None


def test_hidden_kinds_have_no_mark_to_click(qtbot: QtBot) -> None:
    lanes = shown(qtbot)
    lanes.show_kinds(frozenset({"pitch"}))
    lanes.grab()
    kinds = {mark.kind for _, mark in lanes._spots}
    assert "pitch" not in kinds
    assert {"nudge", "question_open", "need"} <= kinds


def test_marks_that_would_hide_one_another_wait_for_a_closer_look(qtbot: QtBot) -> None:
    crowd = [
        (*line[:1], 1 + k / 5, 1.15 + k / 5, "Why?", "question.open") for k in range(20) for line in LINES[:1]
    ]
    lanes = shown(qtbot, lines=crowd, end_s=3600)
    lanes.grab()
    far = len(lanes._spots)
    lanes.show_view(0, 6_000)
    lanes.grab()
    assert len(lanes._spots) > far


def test_the_playhead_is_seen_where_it_stands(qtbot: QtBot) -> None:
    lanes = shown(qtbot)

    def column(ms: int) -> QColor:
        return lanes.grab().toImage().pixelColor(round(lanes.view.x(ms)), 90)

    before = column(50_000)
    lanes.show_position(50_000)
    assert column(50_000) != before
    lanes.show_position(-1)
    assert column(50_000) == before


class Loud:
    """A waveform: silence, then full from half of the call on."""

    duration_ms, whole = 60_000, True

    def level_for(self, _: float) -> tuple[int, np.ndarray]:
        loud = np.zeros((2, 600, 2), np.int16)
        loud[:, 300:] = (-20_000, 20_000)
        return 100, loud


def test_the_waveform_fills_its_lane_where_it_is_loud(qtbot: QtBot) -> None:
    lanes = shown(qtbot, lines=[(LINES[0][0], 1, 59, "So.")], nudges=())
    before = lanes.grab().toImage()
    lanes.show_waveform(Loud())
    after = lanes.grab().toImage()

    def changed(ms: int) -> bool:
        x, y = round(lanes.view.x(ms)), 85
        return before.pixelColor(x, y) != after.pixelColor(x, y)

    assert not changed(15_000)
    assert changed(45_000)


def test_columns_hold_the_least_and_the_most_of_their_bins() -> None:
    loud = np.array([(-1, 1), (-5, 2), (-2, 9), (0, 0)], np.int16)
    view = axis(4_000).laid(0, 2)
    low, high = columns(loud, 1_000, view)
    assert (low.tolist(), high.tolist()) == ([-5, -2], [2, 9])
    low, high = columns(loud[:2], 1_000, view)  # the sound ends before the call
    assert (low.tolist(), high.tolist()) == ([-5, 0], [2, 0])


def test_every_mark_has_words_and_what_was_said_in_it_stays_text(qtbot: QtBot) -> None:
    mark = Mark("need", None, 65_000, 70_000, "<b>late</b>", builds_on_ms=3)
    assert mark_line(mark) == "1:05 · Need · follow-up: <b>late</b>"
    lanes = shown(qtbot)
    qtbot.mouseMove(lanes, spot_of(lanes, "objection"))
    assert "&lt;b&gt;honestly&lt;/b&gt;" in lanes.toolTip()


def test_whoever_cannot_see_it_is_told_what_is_there(qtbot: QtBot) -> None:
    lanes = shown(qtbot)
    assert lanes.accessibleName()
    assert "Open question: 2" in lanes.accessibleDescription()
    lanes.show_timeline(a_call(Hand().noted(Note(1_000, "Hm."))).timeline)
    assert "Your note: 1" in lanes.accessibleDescription()


def picture(shape: str) -> QImage:
    from PySide6.QtGui import QPainter

    image = QImage(24, 24, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.translate(12, 12)
    painter.fillPath(shape_path(shape, 20), QColor("white"))
    painter.end()
    return image


def test_every_shape_can_be_told_from_every_other_without_colour(qapp: object) -> None:
    drawn = {shape: np.frombuffer(bytes(picture(shape).constBits()), np.uint8) for shape in SHAPES.values()}
    for one, a in drawn.items():
        for other, b in drawn.items():
            assert one == other or (a != b).mean() > 0.04, (one, other)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_marks_are_seen_on_their_ground(name: str) -> None:
    look = LOOKS[name]
    assert set(look.marks) == set(KINDS)
    ground = blend(look.pressed, look.card, 0.5)
    for kind, colour in look.marks.items():
        assert contrast(colour, look.card) >= MIN_SHAPE_CONTRAST, kind
        assert contrast(colour, ground) >= MIN_SHAPE_CONTRAST, kind


def test_the_strip_frames_what_is_seen_and_can_be_dragged(qtbot: QtBot) -> None:
    strip = Overview(a_call().timeline, LIGHT)
    qtbot.addWidget(strip)
    strip.resize(616, 34)
    strip.show_view(0, 20_000)
    strip.show_position(10_000)
    strip.grab()
    wishes: list[tuple[float, float]] = []
    strip.wished.connect(lambda a, b: wishes.append((a, b)))
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(108, 17))
    qtbot.mouseMove(strip, QPoint(208, 17))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(208, 17))
    assert wishes[-1] == (pytest.approx(10_000, abs=100), pytest.approx(30_000, abs=100))
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(508, 17))
    assert wishes[-1] == (pytest.approx(40_000, abs=200), pytest.approx(60_000, abs=200))


GOLDEN = Path(__file__).parent / "golden"
FAR, MOST = 48, 0.02
"""A pixel is another one from this difference of a channel on; so many may be, for fonts differ between machines."""


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_lanes_look_as_they_did(qapp: object, name: str) -> None:
    """To take a new picture, delete the old one, run this twice and look at it."""
    lanes = Lanes(a_call(Hand().noted(Note(50_000, "Hm."))).timeline, LOOKS[name])
    lanes.resize(800, lanes.sizeHint().height())
    lanes.show_waveform(Loud())
    lanes.show_position(20_000)
    image = lanes.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    path = GOLDEN / f"lanes_{name}.png"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        image.save(str(path))
        pytest.fail(f"There was no picture; look at {path}.")
    golden = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    assert image.size() == golden.size()
    far = np.abs(pixels(image).astype(int) - pixels(golden)) > FAR
    assert far.any(axis=2).mean() <= MOST


def pixels(image: QImage) -> np.ndarray:
    whole = np.frombuffer(bytes(image.constBits()), np.uint8)
    return whole.reshape(image.height(), image.bytesPerLine())[:, : 3 * image.width()].reshape(
        image.height(), image.width(), 3
    )

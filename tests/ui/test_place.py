"""Corners, clamping and remembering: the card is always inside the screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize

from coach.ui.place import ANCHORS, Spot, clamp, corner_spot, snapped, spot_of, stand

SCREEN = QRect(0, 30, 1280, 690)
CARD = QSize(320, 64)


@pytest.mark.parametrize(
    ("corner", "x", "y"),
    [
        ("top", 480, 54),
        ("top-left", 24, 54),
        ("top-right", 936, 54),
        ("left", 24, 343),
        ("right", 936, 343),
        ("bottom", 480, 632),
        ("bottom-left", 24, 632),
        ("bottom-right", 936, 632),
    ],
)
def test_each_corner_keeps_its_margin(corner: str, x: int, y: int) -> None:
    assert stand(CARD, SCREEN, corner_spot(corner), 24) == QRect(x, y, 320, 64)


shares = st.floats(0, 1)
lengths = st.integers(1, 3000)


@given(
    st.builds(Spot, shares, shares), st.builds(QSize, lengths, lengths), st.builds(QSize, lengths, lengths)
)
def test_a_card_that_fits_is_inside_and_any_other_begins_inside(spot: Spot, card: QSize, room: QSize) -> None:
    screen = QRect(QPoint(-1500, 17), room)
    place = stand(card, screen, spot, 24)
    if card.width() <= room.width() and card.height() <= room.height():
        assert screen.contains(place)
    else:
        assert screen.contains(place.topLeft())


@given(st.integers(24, 936), st.integers(54, 632))
def test_a_dragged_card_comes_back_to_its_place(x: int, y: int) -> None:
    here = QRect(x, y, 320, 64)
    assert stand(CARD, SCREEN, spot_of(here, SCREEN, 24), 24) == here


@given(st.builds(Spot, shares, shares))
def test_what_is_let_go_snaps_to_the_nearest_of_eight_anchors(spot: Spot) -> None:
    there = snapped(spot)
    assert there in ANCHORS.values()
    assert snapped(there) == there
    far = [(a.across - spot.across) ** 2 + (a.down - spot.down) ** 2 for a in ANCHORS.values()]
    assert (there.across - spot.across) ** 2 + (there.down - spot.down) ** 2 == min(far)


def test_there_are_eight_and_none_in_the_middle() -> None:
    assert len(set(ANCHORS.values())) == 8
    assert Spot(0.5, 0.5) not in ANCHORS.values()


def test_a_screen_without_room_has_a_spot_too() -> None:
    assert spot_of(QRect(0, 0, 500, 500), QRect(0, 0, 400, 400), 24) == Spot(0.5, 0.5)
    assert clamp(QRect(-50, 900, 10, 10), QRect(0, 0, 100, 100)) == QRect(0, 90, 10, 10)

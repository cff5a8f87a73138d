"""The ring: what it draws of a call, how seldom, and that it is in nobody's way."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect, Qt

from coach.call.ambient import Ambient
from coach.settings import OverlaySettings
from coach.ui.ring import FADE_STEPS, FADED_MS, SHARE_STEPS, Ring, steps_of
from coach.ui.standing import Standing

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ON = OverlaySettings(ring=True)


class Clock:
    """The time since the last change, where the test puts it."""

    ms = -1

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        return self.ms >= 0

    def elapsed(self) -> int:
        return self.ms

    def start(self) -> None:
        self.ms = 0

    def invalidate(self) -> None:
        self.ms = -1


class CountedRing(Ring):
    """A ring that counts how often it asks to be painted anew."""

    asked = 0

    def update(self) -> None:
        self.asked += 1
        super().update()


@pytest.fixture
def ring(qtbot: QtBot) -> CountedRing:
    made = CountedRing(ON, Standing("top"))
    qtbot.addWidget(made)
    made.in_call(listening=True)
    made.asked = 0
    return made


def test_it_is_off_by_default_and_only_there_in_a_call(qtbot: QtBot) -> None:
    ring = Ring(OverlaySettings(), Standing("top"))
    qtbot.addWidget(ring)
    ring.in_call(listening=True)
    assert not ring.isVisible()
    ring.use(ON)
    assert ring.isVisible()
    ring.in_call(listening=False)
    assert not ring.isVisible()


@pytest.mark.parametrize(
    ("ambient", "steps"),
    [
        (Ambient(), (None, None)),
        (Ambient(0.0, 0), (0, FADE_STEPS)),
        (Ambient(1.0, 10 * FADED_MS), (SHARE_STEPS, 0)),
        (Ambient(0.5, FADED_MS // 2), (SHARE_STEPS // 2, FADE_STEPS // 2)),
    ],
)
def test_figures_become_visible_steps(ambient: Ambient, steps: tuple[int | None, int | None]) -> None:
    assert steps_of(ambient) == steps


def test_what_changes_by_less_than_a_step_paints_nothing(ring: CountedRing) -> None:
    ring.take(Ambient(0.50, 0))
    assert ring.asked == 1
    ring.take(Ambient(0.51, 2000))
    ring.take(Ambient(0.49, 4000))
    assert ring.asked == 1
    assert not ring._later.isActive()


def test_it_moves_at_most_once_in_five_seconds_and_then_shows_the_latest(
    ring: CountedRing, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(ring, "_since", clock)
    ring.take(Ambient(0.25, 0))
    clock.ms = 800
    ring.take(Ambient(0.50, 0))
    ring.take(Ambient(0.75, 0))
    assert ring.drawn == (6, FADE_STEPS)
    assert ring.asked == 1
    assert ring._later.interval() == 4200
    clock.ms = 5000
    ring._later.start(0)
    qtbot.waitUntil(lambda: ring.drawn == (18, FADE_STEPS), timeout=20_000)
    assert ring.asked == 2


def test_a_value_that_comes_back_before_it_was_drawn_is_no_motion(ring: CountedRing) -> None:
    ring.take(Ambient(0.25, 0))
    ring.take(Ambient(0.50, 0))
    ring.take(Ambient(0.25, 0))
    ring._take_waiting()
    assert ring.asked == 1


def test_a_new_call_begins_with_nothing_known(ring: CountedRing) -> None:
    ring.take(Ambient(0.25, 0))
    ring.in_call(listening=False)
    ring.in_call(listening=True)
    assert ring.drawn == (None, None)
    ring.take(Ambient(0.75, 0))
    assert ring.drawn == (18, FADE_STEPS)


def test_the_arc_grows_with_the_share_and_the_bubble_empties(ring: CountedRing) -> None:
    def picture(ambient: Ambient) -> bytes:
        ring.in_call(listening=False)
        ring.in_call(listening=True)
        ring.take(ambient)
        return bytes(ring.grab().toImage().constBits())

    pictures = [
        picture(a)
        for a in (Ambient(), Ambient(0.25), Ambient(0.75), Ambient(0.75, 0), Ambient(0.75, FADED_MS))
    ]
    assert len(set(pictures)) == len(pictures)


def test_it_takes_no_clicks_and_no_focus(ring: CountedRing) -> None:
    assert ring.windowHandle().flags() & Qt.WindowType.WindowTransparentForInput
    assert ring.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert ring.accessibleName()


def test_it_stands_where_the_card_does_and_grows_with_it(ring: CountedRing) -> None:
    screen = ring.standing.home
    assert screen is not None
    room = screen.availableGeometry()
    assert ring.geometry().center().x() == pytest.approx(room.center().x(), abs=1)
    ring.standing.drop(QRect(room.bottomRight(), ring.size()))
    assert room.bottom() - ring.geometry().bottom() == 24
    side = ring.width()
    ring.use(dataclasses.replace(ON, scale=2.0))
    assert ring.width() == 2 * side


def test_after_five_seconds_of_rest_it_changes_at_once(
    ring: CountedRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(ring, "_since", clock)
    ring.take(Ambient(0.25, 0))
    clock.ms = 5000
    ring.take(Ambient(0.50, 0))
    assert ring.drawn == (12, FADE_STEPS)
    assert not ring._later.isActive()


def test_a_ring_that_cannot_be_painted_goes_away_and_nothing_else(qtbot, monkeypatch, caplog):
    ring = Ring(OverlaySettings(ring=True), Standing("bottom-right"))
    qtbot.addWidget(ring)
    monkeypatch.setattr(Ring, "_paint", lambda *_: 1 / 0)
    ring.in_call(listening=True)
    qtbot.waitUntil(lambda: not ring.isVisible(), timeout=20_000)
    assert "could not be painted" in caplog.text

"""Where the card stands, from screen to screen and from day to day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QGuiApplication

from coach.settings import OverlaySettings
from coach.ui.card import CardContent
from coach.ui.overlay import Overlay
from coach.ui.place import ANCHORS, Spot
from coach.ui.standing import Standing, Stood

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

PAUSE = CardContent("monologue", "Pause, let them in", "75 s without them")


class FakeScreen(QObject):
    """A screen as far as the card is concerned."""

    availableGeometryChanged = Signal(QRect)  # noqa: N815 - Qt's name

    def __init__(self, name: str, room: QRect, serial: str = "1") -> None:
        super().__init__()
        self._name, self.room, self._serial = name, room, serial

    def name(self) -> str:
        return self._name

    def model(self) -> str:
        return "Model"

    def serialNumber(self) -> str:  # noqa: N802 - Qt's name
        return self._serial

    def availableGeometry(self) -> QRect:  # noqa: N802 - Qt's name
        return self.room

    def shrink(self, room: QRect) -> None:
        self.room = room
        self.availableGeometryChanged.emit(room)


class Screens:
    """The screens of a desk, as Qt would tell of them."""

    def __init__(self, *screens: FakeScreen) -> None:
        self.there = list(screens)

    def at(self, point: object) -> FakeScreen | None:
        return next((s for s in self.there if s.room.contains(point)), None)

    def unplug(self, screen: FakeScreen) -> None:
        self.there.remove(screen)
        QGuiApplication.instance().screenRemoved.emit(None)

    def plug(self, screen: FakeScreen) -> None:
        self.there.append(screen)


@pytest.fixture
def screens(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Screens:
    desk = Screens(
        FakeScreen("eDP-1", QRect(0, 0, 1280, 800)), FakeScreen("HDMI-1", QRect(1280, 0, 1920, 1080))
    )
    monkeypatch.setattr(QGuiApplication, "screens", lambda: list(desk.there))
    monkeypatch.setattr(QGuiApplication, "primaryScreen", lambda: desk.there[0] if desk.there else None)
    monkeypatch.setattr(QGuiApplication, "screenAt", desk.at)
    return desk


def over(screen: FakeScreen, across: float, down: float) -> QRect:
    card = QRect(0, 0, 320, 64)
    room = screen.room
    card.moveCenter(room.topLeft() + (room.bottomRight() - room.topLeft()) * 0)
    card.moveTo(
        room.x() + round(across * (room.width() - 320)), room.y() + round(down * (room.height() - 64))
    )
    return card


def test_it_begins_where_the_settings_say_on_the_main_screen(screens: Screens) -> None:
    standing = Standing("bottom-right")
    assert standing.home is screens.there[0]
    assert standing.spot == ANCHORS["bottom-right"]


def test_a_drag_to_another_screen_is_kept_and_each_screen_keeps_its_own(screens: Screens) -> None:
    laptop, meeting_room = screens.there
    standing = Standing("top")
    kept: list[Stood] = []
    standing.remembered.connect(kept.append)
    standing.drop(over(laptop, 0.9, 0.9))
    standing.drop(over(meeting_room, 0.1, 0.6))
    assert standing.home is meeting_room
    assert standing.spot == ANCHORS["left"]
    tomorrow = Standing("top", kept[-1])
    assert tomorrow.home is meeting_room
    assert tomorrow.spot == ANCHORS["left"]
    screens.unplug(meeting_room)
    assert tomorrow.home is laptop
    assert tomorrow.spot == ANCHORS["bottom-right"]
    screens.plug(meeting_room)
    assert tomorrow.home is meeting_room


def test_another_screen_on_the_same_socket_is_another_screen(screens: Screens) -> None:
    laptop, meeting_room = screens.there
    standing = Standing("top")
    standing.drop(over(meeting_room, 0, 1))
    screens.unplug(meeting_room)
    screens.plug(FakeScreen("HDMI-1", QRect(1280, 0, 1920, 1080), serial="2"))
    assert standing.home is laptop
    assert standing.spot == ANCHORS["top"]


def test_a_newer_wish_in_the_settings_forgets_the_drags(screens: Screens) -> None:
    standing = Standing("top")
    standing.drop(over(screens.there[1], 0, 1))
    standing.use("top")
    assert standing.home is screens.there[1]
    standing.use("right")
    assert standing.home is screens.there[0]
    assert standing.spot == ANCHORS["right"]
    old = Stood("top", "", {"eDP-1 | Model | 1": Spot(0, 1)})
    assert Standing("right", old).spot == ANCHORS["right"]
    assert Standing("top", old).spot == Spot(0, 1)


def test_it_can_be_sent_home(screens: Screens, qtbot: QtBot) -> None:
    standing = Standing("top")
    standing.drop(over(screens.there[1], 0, 1))
    with qtbot.waitSignal(standing.remembered):
        standing.forget()
    assert standing.home is screens.there[0]
    assert standing.spot == ANCHORS["top"]


def test_the_card_is_inside_its_screen_whatever_happens_to_it(screens: Screens, qtbot: QtBot) -> None:
    laptop, meeting_room = screens.there
    standing = Standing("bottom-right")
    standing.drop(over(meeting_room, 1, 1))
    card = Overlay(OverlaySettings(corner="bottom-right"), standing)
    qtbot.addWidget(card)
    card.show_card(PAUSE)
    assert meeting_room.room.contains(card.geometry())
    meeting_room.shrink(QRect(1280, 0, 800, 600))
    assert meeting_room.room.contains(card.geometry())
    screens.unplug(meeting_room)
    assert laptop.room.contains(card.geometry())
    assert card.geometry().bottom() == 800 - 24 - 1


def test_where_all_screens_are_gone_it_waits_for_one(screens: Screens, qtbot: QtBot) -> None:
    standing = Standing("top")
    card = Overlay(OverlaySettings(), standing)
    qtbot.addWidget(card)
    for screen in list(screens.there):
        screens.unplug(screen)
    card.show_card(PAUSE)
    standing.drop(QRect(0, 0, 320, 64))
    assert standing.home is None
    assert card.rule == "monologue"

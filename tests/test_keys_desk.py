"""Keys follow the settings, lead to Coach's own words, and what cannot be had is said in a sentence."""

from __future__ import annotations

import pytest

from coach.keys_desk import VERBS, KeysDesk
from coach.settings import SystemSettings
from coach.ui import instance

ALL = SystemSettings(key_toggle="Ctrl+Alt+F9", key_hide="Ctrl+Alt+F10", key_quiet="Super+Q")


class Port:
    """A system that gives out every key but some."""

    def __init__(self, *taken: str) -> None:
        self._not_ours = taken
        self.keys: tuple[str, ...] = ()
        self.fails = False

    def begin(self, wanted, pressed):
        if self.fails:
            raise OSError("no")
        self.keys, self.press = tuple(map(str, wanted)), pressed
        return tuple(at for at, keys in enumerate(self.keys) if keys in self._not_ours)

    def end(self):
        self.keys = ()


class Coach:
    def __init__(self) -> None:
        self.obeyed: list[str] = []
        self.told: list[str] = []

    def desk(self, settings, port):
        return KeysDesk(settings, self.obeyed.append, self.told.append, lambda: port)


@pytest.fixture
def coach(qapp):
    return Coach()


def test_each_key_leads_to_its_word(qtbot, coach) -> None:
    port = Port()
    desk = coach.desk(ALL, port)
    for place in range(3):
        port.press(place)
    qtbot.waitUntil(lambda: coach.obeyed == ["toggle", "hide", "not-now"])
    assert set(VERBS.values()) <= set(instance.VERBS)
    assert set(VERBS) <= set(SystemSettings.__slots__)
    assert coach.told == []
    desk.close()
    assert port.keys == ()


def test_as_it_comes_no_key_is_taken(coach) -> None:
    KeysDesk(SystemSettings(), coach.obeyed.append, coach.told.append, lambda: pytest.fail("it asked"))


def test_keys_that_are_changed_are_given_back_first(coach) -> None:
    port = Port()
    desk = coach.desk(ALL, port)
    desk.use(SystemSettings(key_hide="Alt+F1"))
    assert port.keys == ("Alt+F1",)
    desk.use(SystemSettings())
    assert port.keys == ()


def test_a_key_of_another_program_is_said_and_the_others_go_on(coach) -> None:
    port = Port("Ctrl+Alt+F10")
    coach.desk(ALL, port)
    assert coach.told == [
        "Ctrl+Alt+F10 belongs to the system or to another program. Choose other keys in the preferences."
    ]
    assert len(port.keys) == 3


@pytest.mark.parametrize("broken", [True, False])
def test_a_desktop_that_gives_none_is_said(coach, broken) -> None:
    port = Port()
    port.fails = True
    coach.desk(ALL, port if broken else None)
    assert coach.told == [
        "This desktop gives Coach no keys. Bind 'coach toggle' in its own settings instead."
    ]


def test_what_names_no_keys_is_said(coach) -> None:
    port = Port()
    coach.desk(SystemSettings(key_toggle="Ctrl+Banana", key_hide="Alt+F2"), port)
    assert coach.told[0].startswith("'Ctrl+Banana' names no keys.")
    assert port.keys == ("Alt+F2",)

"""The preferences at work: a choice reaches the file, the login entry and whoever runs Coach, and nothing is lost."""

from __future__ import annotations

import pytest

from coach.preferences_desk import PreferencesDesk
from coach.settings import Settings, parse
from coach.trouble import Trouble

pytestmark = pytest.mark.qt_log_ignore(r"This plugin does not support")


class Entry:
    """A login entry in memory."""

    def __init__(self) -> None:
        self.on = False
        self.fails: Trouble | None = None

    def is_on(self):
        return self.on

    def turn_on(self):
        if self.fails:
            raise self.fails
        self.on = True

    def turn_off(self):
        self.on = False


class Room:
    """A desk with its file, its entry, and what was told."""

    def __init__(self, qtbot, folder, text=None):
        self.path, self.entry, self.told, self.urls = folder / "settings.toml", Entry(), [], []
        if text is not None:
            self.path.write_text(text)
        self.opens = True
        self.desk = PreferencesDesk(self.path, self.told.append, self.entry, self.open_url)
        qtbot.addWidget(self.desk.window)

    def open_url(self, url):
        self.urls.append(url.toLocalFile())
        return self.opens

    @property
    def problem(self):
        return self.desk.window.problem.text()


def test_a_choice_is_written_beside_what_a_person_wrote_and_told(qtbot, tmp_path):
    room = Room(qtbot, tmp_path, '# mine\n[overlay]\nlook = "light"  # I like it\n')
    room.desk.change({"overlay.scale": 2.0})
    assert room.path.read_text() == '# mine\n[overlay]\nlook = "light"  # I like it\nscale = 2.0\n'
    room.desk.change({"overlay.scale": None})
    assert room.path.read_text() == '# mine\n[overlay]\nlook = "light"  # I like it\n'
    assert room.told == [{"overlay.scale": 2.0}, {"overlay.scale": 1.0}]


def test_without_a_file_all_is_as_it_comes_and_the_first_choice_makes_one(qtbot, tmp_path):
    room = Room(qtbot, tmp_path)
    assert room.desk.read() is None
    assert not room.path.exists()
    settings = room.desk.change({"call.focus": "pounce", "facts.company": ("Acme",)})
    assert parse(room.path.read_text()) == settings
    assert settings.call.focus == "pounce"


def test_a_file_changed_by_another_hand_is_read_once_and_told(qtbot, tmp_path):
    room = Room(qtbot, tmp_path, "[manners]\nmost = 3\n")
    assert room.desk.read() is None
    room.path.write_text("[manners]\nmost = 4\n[system]\nautostart = true\n")
    assert room.desk.read().manners.most == 4
    assert room.told == [{"manners.most": 4, "system.autostart": True}]
    assert room.entry.on
    assert room.desk.read() is None
    room.path.unlink()
    assert room.desk.read() == Settings()
    assert not room.entry.on


def test_what_coach_wrote_is_no_change_by_another_hand(qtbot, tmp_path):
    room = Room(qtbot, tmp_path)
    room.desk.change({"manners.most": 3})
    assert room.desk.read() is None


@pytest.mark.parametrize("broken", ["[manners\n", "[manners]\nmost = 99\n"])
def test_a_broken_file_is_left_alone_and_told_until_it_is_mended(qtbot, tmp_path, broken):
    room = Room(qtbot, tmp_path, broken)
    assert "settings.toml" in room.problem
    for _ in range(2):
        with pytest.raises(Trouble, match=r"settings\.toml"):
            room.desk.read()
    with pytest.raises(Trouble, match=r"settings\.toml"):
        room.desk.change({"overlay.scale": 2.0})
    assert room.path.read_text() == broken
    room.path.write_text("[manners]\nmost = 4\n")
    assert room.desk.read().manners.most == 4


def test_a_file_broken_meanwhile_and_mended_as_it_was_is_read_again(qtbot, tmp_path):
    room = Room(qtbot, tmp_path, "[manners]\nmost = 4\n")
    room.path.write_text("[manners\n")
    with pytest.raises(Trouble):
        room.desk.read()
    room.path.write_text("[manners]\nmost = 4\n")
    assert room.desk.read() is not None
    assert room.told == []


def test_starting_with_the_login_is_asked_of_the_system(qtbot, tmp_path):
    room = Room(qtbot, tmp_path)
    room.desk.change({"system.autostart": True})
    assert room.entry.on
    room.desk.change({"overlay.scale": 2.0})
    assert room.entry.on
    room.desk.change({"system.autostart": None})
    assert not room.entry.on
    assert "autostart" not in room.path.read_text()


def test_a_system_that_refuses_is_told_and_the_file_does_not_claim_otherwise(qtbot, tmp_path):
    room = Room(qtbot, tmp_path)
    room.entry.fails = Trouble("The folder is read-only.")
    with pytest.raises(Trouble, match="read-only"):
        room.desk.change({"system.autostart": True})
    assert not room.path.exists()
    assert room.told == []


def test_keys_that_are_none_are_refused_before_they_are_written(qtbot, tmp_path):
    room = Room(qtbot, tmp_path)
    with pytest.raises(Trouble, match="names no keys"):
        room.desk.change({"system.key_toggle": "Ctrl+Banana"})
    assert not room.path.exists()
    assert room.desk.change({"system.key_toggle": "Ctrl+Shift+F9"}).system.key_toggle == "Ctrl+Shift+F9"


def test_a_file_that_cannot_be_written_leaves_the_system_as_it_was(qtbot, tmp_path):
    room = Room(qtbot, tmp_path, "[manners\n")
    with pytest.raises(Trouble, match="not valid"):
        room.desk.change({"system.autostart": True})
    assert not room.entry.on


def test_the_file_is_opened_and_made_where_there_is_none(qtbot, tmp_path):
    room = Room(qtbot, tmp_path)
    room.desk.open_file()
    assert room.urls == [str(room.path)]
    assert room.path.read_text() == ""
    room.opens = False
    with pytest.raises(Trouble, match="opens no text files"):
        room.desk.open_file()

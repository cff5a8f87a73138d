"""Starting with the login: each system's entry leads back to this program, and goes when it is not wanted."""

from __future__ import annotations

import configparser
import plistlib
import re
import sys
from pathlib import Path

import pytest

from coach import autostart
from coach.autostart import DesktopEntry, LaunchAgent, RunKey, keep, program
from coach.trouble import Trouble


class Registry:
    """A Run key in memory."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.fails: OSError | None = None

    def _fail(self) -> None:
        if self.fails is not None:
            raise self.fails

    def read(self, name):
        self._fail()
        return self.values.get(name)

    def write(self, name, value):
        self._fail()
        self.values[name] = value

    def delete(self, name):
        self._fail()
        if name not in self.values:
            raise FileNotFoundError(name)
        del self.values[name]


def script(folder, name="coach"):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("#!")
    path.chmod(0o755)
    return path


def entry_of(path):
    reader = configparser.RawConfigParser(strict=True)
    reader.optionxform = str
    reader.read_string(path.read_text("utf-8"))
    return dict(reader["Desktop Entry"])


def exec_words(written):
    """Read an Exec line as a desktop does: the escapes of a string first, then quotes, then percent signs."""
    unescaped = written.replace("\\\\", "\\")
    words = (
        m[2] or re.sub(r"\\(.)", r"\1", m[1]) for m in re.finditer(r'"((?:\\.|[^"\\])*)"|(\S+)', unescaped)
    )
    return [word.replace("%%", "%") for word in words]


@pytest.fixture(params=["linux", "macos", "windows"])
def entry(request, tmp_path):
    command = (str(script(tmp_path / "bin")),)
    if request.param == "windows":
        return RunKey(command, Registry())
    kind = DesktopEntry if request.param == "linux" else LaunchAgent
    return kind(command, tmp_path / "login")


def test_on_is_on_and_off_is_off_and_twice_is_once(entry):
    assert not entry.is_on()
    entry.turn_off()
    for wanted in (True, True, False, False, True):
        keep(entry, wanted=wanted)
        assert entry.is_on() is wanted


def test_a_program_that_is_gone_is_put_right_at_the_next_start(tmp_path):
    old, new = script(tmp_path / "old"), script(tmp_path / "new")
    for kind in (DesktopEntry, LaunchAgent):
        kind((str(old),), tmp_path).turn_on()
    old.unlink()
    for kind in (DesktopEntry, LaunchAgent):
        now = kind((str(new),), tmp_path)
        assert not now.is_on()
        keep(now, wanted=True)
        assert now.is_on()
        assert str(new) in now.path.read_text()


def test_an_entry_that_its_user_hid_by_means_of_the_desktop_stays_hidden(tmp_path):
    entry = DesktopEntry((str(script(tmp_path)),), tmp_path)
    entry.turn_on()
    entry.path.write_text(entry.path.read_text() + "Hidden=true\n")
    keep(entry, wanted=True)
    assert "Hidden=true" in entry.path.read_text()


def test_an_entry_that_a_person_wrote_is_theirs(tmp_path):
    entry = DesktopEntry((str(script(tmp_path)),), tmp_path)
    theirs = "[Desktop Entry]\nType=Application\nExec=sh -c 'sleep 9; coach'\n"
    entry.path.write_text(theirs)
    for wanted in (True, False):
        keep(entry, wanted=wanted)
        assert entry.path.read_text() == theirs


@pytest.mark.parametrize(
    "word", ["/home/ana/.local/bin/coach", "/a b/coach", '/q"uote/$HOME/`x`', "/per%cent", "/back\\slash é"]
)
def test_a_desktop_reads_back_the_words_that_were_meant(tmp_path, word):
    entry = DesktopEntry((word, "-m", "coach"), tmp_path)
    entry.turn_on()
    read = entry_of(entry.path)
    assert exec_words(read["Exec"]) == [word, "-m", "coach"]
    assert read["TryExec"].replace("\\\\", "\\") == word
    assert (read["Type"], read["Terminal"]) == ("Application", "false")


def test_the_agent_of_macos_starts_it_at_login_and_never_again_by_itself(tmp_path):
    entry = LaunchAgent(("/opt/coach/bin/coach",), tmp_path)
    entry.turn_on()
    agent = plistlib.loads(entry.path.read_bytes())
    assert agent["ProgramArguments"] == ["/opt/coach/bin/coach"]
    assert agent["RunAtLoad"] is True
    assert "KeepAlive" not in agent
    assert entry.path.stem == agent["Label"]


@pytest.mark.parametrize("content", [b"", b"no list", plistlib.dumps({}), plistlib.dumps(["x"])])
def test_an_agent_that_cannot_be_read_is_none(tmp_path, content):
    entry = LaunchAgent(("/bin/sh",), tmp_path)
    entry.path.write_bytes(content)
    assert not entry.is_on()


def test_the_run_key_holds_one_line_with_quotes_where_they_are_needed():
    registry = Registry()
    RunKey((r"C:\Program Files\Coach\coach.exe",), registry).turn_on()
    assert registry.values == {"Coach": r'"C:\Program Files\Coach\coach.exe"'}
    assert not RunKey((r"D:\coach.exe",), registry).is_on()


def test_a_registry_that_refuses_is_told():
    registry = Registry()
    registry.fails = PermissionError(13, "denied")
    key = RunKey(("coach",), registry)
    assert not key.is_on()
    with pytest.raises(Trouble, match="denied"):
        key.turn_on()
    with pytest.raises(Trouble, match="still starts"):
        key.turn_off()


def test_a_folder_that_cannot_be_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    entry = DesktopEntry(("/bin/sh",), tmp_path / "file")
    entry.turn_off()
    with pytest.raises(Trouble, match="cannot be written"):
        entry.turn_on()


def test_where_there_is_no_way_only_a_wish_is_refused():
    keep(None, wanted=False)
    with pytest.raises(Trouble, match="cannot start itself here"):
        keep(None, wanted=True)


def test_the_script_that_was_started_is_started_again(tmp_path):
    asked, python = script(tmp_path / "pipx" / "bin"), script(tmp_path / "python", "python3")
    assert program([str(asked)], str(python), "/nowhere") == (str(asked),)


def test_a_script_beside_the_interpreter_is_found_and_then_one_where_scripts_go(tmp_path):
    python = script(tmp_path / "venv" / "bin", "python")
    assert program(["/usr/lib/coach/__main__.py"], str(python), "/nowhere") == (str(python), "-m", "coach")
    other = script(tmp_path / "home" / ".local" / "bin")
    assert program([], str(python), str(other.parent)) == (str(other),)
    beside = script(python.parent)
    assert program(["pytest"], str(python), str(other.parent)) == (str(beside),)


def test_on_windows_the_script_has_its_ending(tmp_path):
    python = script(tmp_path / "Scripts", "python.exe")
    beside = script(tmp_path / "Scripts", "coach.exe")
    assert program([], str(python), "/nowhere") == (str(beside),)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the entry of another system")
def test_here_it_is_a_file_where_the_user_keeps_such(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    entry = autostart.here(("/bin/sh",))
    assert entry is not None
    entry.turn_on()
    assert [p.name for p in (tmp_path / "autostart").iterdir()] == ["coach.desktop"]
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")  # the specification: such a path is to be ignored
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "ana")
    assert autostart.here(("/bin/sh",)).path == tmp_path / "ana" / ".config" / "autostart" / "coach.desktop"

"""The lock at a terminal: what is said, what is typed, and what never stands on a command line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from locked import RIGHT, WORDS, WRONG, cheap  # noqa: F401 - the fixture
from playbook import REP

from coach import app, cli, library, lock_cli
from coach.archive import locker
from coach.archive.log import SessionLog
from coach.call.events import CallEnded, CallStarted

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cheap")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data" / "coach"
    monkeypatch.setattr(app, "data_folder", lambda: folder)
    log = SessionLog(
        library.sessions_folder() / "2026-11-22-100000.jsonl", "words", None, {"title": "Quixotic"}
    )
    for event in (CallStarted(0, "discovery", (REP,)), CallEnded(60_000)):
        log.event(event)
    log.close()
    return folder


@pytest.fixture
def coach(monkeypatch, capfd):
    """Run a command in a process that knows nothing yet, with what is typed and what comes from a descriptor."""

    def run(*words, typed="", passphrases=()):
        import io

        locker.let_go()
        locker.ask_with(None)
        monkeypatch.setattr(lock_cli, "_stream", None)
        monkeypatch.setattr("sys.argv", ["coach", *words])
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        monkeypatch.delenv(lock_cli.VARIABLE, raising=False)
        near = -1
        if passphrases:
            near, far = os.pipe()
            os.write(far, "".join(f"{p}\n" for p in passphrases).encode())
            os.close(far)
            monkeypatch.setenv(lock_cli.VARIABLE, str(near))
        with pytest.raises(SystemExit) as left:
            cli.main()
        if lock_cli._stream is not None:
            lock_cli._stream.close()
        if near >= 0:
            os.close(near)
        said = capfd.readouterr()
        return left.value.code, said.out, said.err

    return run


def test_it_is_explained_typed_and_then_done(home: Path, coach) -> None:
    code, out, _ = coach("lock", "on", typed="no other way\n", passphrases=[WORDS])
    assert code == 0
    assert "nobody can open these calls; there is no other way. Export first if you want a copy." in out
    assert "Your calls are locked: 1 file." in out
    assert "Your calls are locked (1 files); your passphrase opens them." in coach("lock")[1]


def test_whoever_does_not_type_it_has_nothing_locked(home: Path, coach) -> None:
    code, _, err = coach("lock", "on", typed="yes\n", passphrases=[WORDS])
    assert (code, err) == (2, "Nothing was locked: 'no other way' was not typed.\n")
    assert not locker.state(home).way


def test_a_short_passphrase_locks_nothing(home: Path, coach) -> None:
    code, _, err = coach("lock", "on", typed="no other way\n", passphrases=["short"])
    assert code == 2
    assert "12 letters at least" in err
    assert not locker.state(home).way


def test_a_lock_that_is_not_there_has_nothing_to_check(home: Path, coach) -> None:
    assert coach("lock", "check") == (2, "", "Your calls are not locked. 'coach lock on' locks them.\n")


def test_calls_are_listed_with_the_passphrase_and_not_without(home: Path, coach) -> None:
    coach("lock", "on", typed="no other way\n", passphrases=[WORDS])
    code, out, err = coach("sessions")
    assert (code, out) == (2, "")
    assert err == "Your earlier calls are locked. Open them with your passphrase; new calls are kept.\n"
    code, out, err = coach("sessions", passphrases=[WRONG.value])
    assert code == 2
    assert "does not open your calls. Nothing is lost" in err
    code, out, _ = coach("sessions", passphrases=[WORDS])
    assert code == 0
    assert "Quixotic" in out


def test_an_export_says_that_it_is_plain(home: Path, coach, tmp_path: Path) -> None:
    coach("lock", "on", typed="no other way\n", passphrases=[WORDS])
    code, out, _ = coach("export", "last", "--to", str(tmp_path / "card.html"), passphrases=[WORDS])
    assert code == 0
    assert "A copy that is written out is not locked: whoever has the file can read it." in out


def test_forgetting_needs_no_passphrase_and_says_what_it_cannot_name(home: Path, coach) -> None:
    coach("lock", "on", typed="no other way\n", passphrases=[WORDS])
    code, out, _ = coach("forget", "last", "--yes")
    assert code == 0
    assert "1 forgotten." in out
    assert "while your calls are locked Coach cannot name them" in out
    assert library.sessions() == []


def test_another_passphrase_and_the_lock_off_again(home: Path, coach) -> None:
    coach("lock", "on", typed="no other way\n", passphrases=[WORDS])
    assert coach("lock", "change", passphrases=[WORDS, WRONG.value])[0] == 0
    assert coach("lock", "off", "--yes", passphrases=[WORDS])[0] == 2
    assert coach("lock", "check", passphrases=[WRONG.value])[1] == "Every locked file opens, whole.\n"
    code, out, _ = coach("lock", "off", "--yes", passphrases=[WRONG.value])
    assert (code, out) == (0, "Your calls are plain again: 1 file.\n")
    assert "Quixotic" in coach("sessions")[1]


def test_damage_is_found_and_told_of(home: Path, coach) -> None:
    coach("lock", "on", typed="no other way\n", passphrases=[WORDS])
    (path,) = library.sessions()
    data = bytearray(path.read_bytes())
    data[-9] ^= 1
    path.write_bytes(data)
    code, out, _ = coach("lock", "check", passphrases=[WORDS])
    assert (code, out) == (2, "  2026-11-22-100000.jsonl: 1 place damaged, left out when it is read\n")


def test_no_command_takes_a_passphrase_as_an_argument() -> None:
    """Arguments are there for every program on the machine to read."""
    for command in lock_cli.lock.commands.values():
        assert {p.name for p in command.params} <= {"keyring", "sure"}


def test_a_descriptor_that_is_none_is_a_sentence(home: Path, coach, monkeypatch) -> None:
    coach("lock", "on", typed="no other way\n", passphrases=[WORDS])
    monkeypatch.setattr(lock_cli, "given", lambda: True)
    code, _, err = coach("sessions")
    assert code == 2
    assert "COACH_PASSPHRASE_FD names nothing that can be read" in err

"""`coach keep` says and sets what is kept; `coach panic` stops a Coach that answers, and ends one that does not."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from coach import app, keeping_cli, library
from coach.archive.log import read_session
from coach.archive.running import is_running
from coach.cli import cli
from coach.ui import instance
from coach.ui.instance import NO_ANSWER, Answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT_S = 60

HANGING = """
import sys, time
from PySide6.QtCore import QCoreApplication
from coach import app
from coach.archive.log import SessionLog
from coach.archive.sheet import LiveSheet
from coach.call.events import CallStarted, SentenceHeard, Who
from coach.ui.instance import Instance

application = QCoreApplication([])
held = Instance.claim()
sheet = LiveSheet(app.sessions_folder(), "2026-11-23-100000", ".jsonl")
log = SessionLog(sheet.path, "words", None, None, sheet)
log.event(CallStarted(0, "discovery", (Who.REP,)))
log.event(SentenceHeard(2000, Who.REP, 500, 1500, "Hello."))
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


@pytest.fixture
def hanging(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A Coach that holds lock and socket, has a call on the disk, and answers nobody."""
    process = subprocess.Popen(
        [sys.executable, "-c", HANGING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.wait(WAIT_S)
    process.stdout.close()
    assert process.stdin is not None
    process.stdin.close()


def coach(*args: str) -> Result:
    done = CliRunner().invoke(cli, args, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_what_is_kept_is_shown_in_words(home: Path) -> None:
    said = coach("keep").output
    assert "Of you:         your words, who spoke when, and the figures\n" in said
    assert "Of them:        when they spoke and what kind of sentence it was\n" in said
    assert "Sound:          none;" in said
    assert "For:            30 days\n" in said
    assert "and keeps the call so far\n" in said
    assert not app.settings_file().exists()


def test_and_set(home: Path) -> None:
    said = coach("keep", "--theirs", "words", "--days", "0", "--panic", "forget").output
    assert "Of them:        their words too\n" in said
    assert "For:            ever\n" in said
    assert "and deletes the call for good\n" in said
    storage = app.load_settings().storage
    assert (storage.keep, storage.other_side, storage.keep_days, storage.panic) == (
        "words",
        "words",
        0,
        "forget",
    )


def test_of_them_never_more_than_of_you(home: Path) -> None:
    said = coach("keep", "--theirs", "words", "--mine", "timings").output
    assert "no words\n" in said
    assert "Of them:        when they spoke" in said
    assert "Of them:        nothing\n" in coach("keep", "--mine", "nothing").output


def test_sound_is_no_setting(home: Path) -> None:
    from coach.settings import knobs

    assert not [k.name for k in knobs() if k.name.startswith("storage") and "sound" in k.name]
    assert CliRunner().invoke(cli, ["keep", "--mine", "sound"]).exit_code == 2


def test_a_coach_that_answers_is_believed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def send(verb: str, *, patience_ms: int) -> Answer:
        asked.append((verb, patience_ms))
        return Answer(done=True, line="Coach no longer listens.")

    monkeypatch.setattr(instance, "send", send)
    monkeypatch.setattr(keeping_cli, "_end", lambda *_: pytest.fail("it answered"))
    assert coach("panic").output == "Coach no longer listens.\n"
    assert asked == [("panic", keeping_cli.ANSWER_MS)]


def test_where_none_runs_nothing_listens(home: Path) -> None:
    assert coach("panic").output == f"{keeping_cli.NOT_RUNNING}\n"


def test_one_that_hangs_is_ended_and_its_call_is_kept_so_far(
    home: Path, hanging: subprocess.Popen[str]
) -> None:
    assert instance.owner() == hanging.pid
    assert instance.send("panic", patience_ms=200) == Answer(done=False, line=NO_ANSWER)
    said = coach("panic").output
    assert said.startswith(f"{keeping_cli.ENDED}\nA call ended early, after 0:02; recovered.\nStopped.")
    assert hanging.wait(WAIT_S) != 0
    (call,) = library.sessions()
    assert not is_running(call)
    assert read_session(call).ended_early
    assert instance.owner() == 0


def test_or_deleted_for_good(home: Path, hanging: subprocess.Popen[str]) -> None:
    coach("keep", "--panic", "forget")
    (call,) = library.sessions()
    assert is_running(call)
    said = coach("panic").output
    assert said == f"{keeping_cli.ENDED}\nStopped. This call was deleted for good.\n"
    assert hanging.wait(WAIT_S) != 0
    assert list(call.parent.iterdir()) == []

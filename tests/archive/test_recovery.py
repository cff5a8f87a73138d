"""A call that nobody ended: found at the next start, closed for what it is, once; one that runs is left alone."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playbook import CUSTOMER, REP, told

from coach import library
from coach.archive.log import SessionLog, read_session
from coach.archive.recovery import Recovered, early, recover
from coach.archive.running import Hold, hold, is_running, running_path
from coach.archive.sheet import LiveSheet
from coach.call.events import CallEnded, TimePassed
from coach.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT_S = 60
BEGAN = "2026-11-22T12:05:00+01:00"
CALL = told([(REP, 1, 3, "How do you do that today?"), (CUSTOMER, 4, 12, "By hand.")], 30)[:-1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sessions"


def died(folder: Path, name: str = "2026-11-22-120500", *events: object) -> Path:
    """Leave a call as a process leaves it that was killed in it."""
    log = SessionLog(folder / f"{name}.jsonl", "words", None, {"began": BEGAN})
    for event in (*CALL, *events):
        log.event(event)
    log.close()
    running_path(log.path).touch()
    return log.path


def test_a_call_that_nobody_ended_is_found_closed_and_told_of_once(folder: Path) -> None:
    path = died(folder, "x", TimePassed(26 * 60_000))
    before = path.read_bytes()
    (found,) = recover(folder, ".jsonl")
    assert found == Recovered(path, BEGAN, 26 * 60_000, "")
    assert found.told == "The call of 2026-11-22 12:05 ended early at 12:31; recovered."
    assert path.read_bytes().startswith(before)  # nothing was rewritten
    session = read_session(path)
    assert session.events == (*CALL, TimePassed(26 * 60_000), CallEnded(26 * 60_000))
    assert session.ended_early
    assert recover(folder, ".jsonl") == []
    assert [p.name for p in folder.iterdir()] == ["x.jsonl"]


def test_it_can_be_opened_like_any_other_and_says_so(folder: Path) -> None:
    path = died(folder)
    recover(folder, ".jsonl")
    report = library.open_session(path, Settings()).report
    assert report.audio["note"] == "The call of 2026-11-22 12:05 ended early at 12:05; recovered."
    assert len(report.meters.sentences) == 2


@pytest.mark.parametrize("tail", [b'{"event":"TimePas', bytes(700), b"\xff\n"])
def test_damage_at_its_end_is_told_and_stays_as_it_is(folder: Path, tail: bytes) -> None:
    path = died(folder)
    with path.open("ab") as file:
        file.write(tail)
    before = path.read_bytes()
    (found,) = recover(folder, ".jsonl")
    assert "left out" in found.told
    assert path.read_bytes().startswith(before)
    session = read_session(path)
    assert session.events == (*CALL, CallEnded(CALL[-1].at_ms))
    assert "left out" in session.damage


def test_a_call_that_was_ended_is_not_ended_again(folder: Path) -> None:
    path = died(folder, "x", CallEnded(30_000))
    before = path.read_bytes()
    assert recover(folder, ".jsonl") == []
    assert path.read_bytes() == before
    assert not running_path(path).exists()


def test_a_call_that_never_came_to_its_first_event_leaves_nothing(folder: Path) -> None:
    SessionLog(folder / "header.jsonl", "words").close()
    (folder / "empty.jsonl").touch()
    for name in ("header", "empty", "gone"):
        (folder / f"{name}.live").touch()
    assert recover(folder, ".jsonl") == []
    assert list(folder.iterdir()) == []


def test_what_cannot_be_closed_now_is_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = died(folder)
    with monkeypatch.context() as full:

        def refuse(*_: object) -> int:
            raise OSError(28, "No space left on device")

        full.setattr("coach.archive.exclusive.os.write", refuse)
        assert recover(folder, ".jsonl") == []
    (folder / "odd.jsonl").write_text("no session")
    (folder / "odd.live").touch()
    assert [r.path for r in recover(folder, ".jsonl")] == [path]
    assert (folder / "odd.jsonl").read_text() == "no session"


def test_a_call_that_runs_in_this_process_is_left_alone(folder: Path) -> None:
    sheet = LiveSheet(folder, "call", ".jsonl")
    log = SessionLog(sheet.path, "words", sheet=sheet)
    log.event(CALL[0])
    assert recover(folder, ".jsonl") == []
    log.event(CallEnded(5))
    log.close()
    assert [type(e) for e in read_session(sheet.path).events] == [type(CALL[0]), CallEnded]


_RUNS = """
import sys
from pathlib import Path
from coach.archive.log import SessionLog
from coach.archive.sheet import LiveSheet
from coach.call.events import CallStarted, Who
sheet = LiveSheet(Path(sys.argv[1]), "call", ".jsonl")
log = SessionLog(sheet.path, "words", sheet=sheet)
log.event(CallStarted(0, "discovery", (Who.REP,)))
while not sheet.kept:
    pass
print("running", flush=True)
sys.stdin.read()
"""


@contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen]:
    with subprocess.Popen(
        [sys.executable, "-c", _RUNS, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"running\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_call_that_runs_in_another_process_is_not_taken_for_a_lost_one(folder: Path) -> None:
    with running(folder) as other:
        assert is_running(folder / "call.jsonl")
        before = (folder / "call.jsonl").read_bytes()
        assert recover(folder, ".jsonl") == []
        assert (folder / "call.jsonl").read_bytes() == before
        other.kill()
        other.wait(WAIT_S)
        assert [r.path.stem for r in recover(folder, ".jsonl")] == ["call"]


_RECOVERS = """
import json, sys
from pathlib import Path
from coach.archive.recovery import recover
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps([r.path.stem for r in recover(Path(sys.argv[1]), ".jsonl")]))
"""


def test_two_starts_at_once_recover_once(folder: Path) -> None:
    names = [f"call-{n}" for n in range(20)]
    for name in names:
        died(folder, name)
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", _RECOVERS, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for start in starts:
        assert start.stdout is not None
        assert start.stdout.readline() == b"ready\n"
    for start in starts:
        start.stdin.write(b"\n")
        start.stdin.flush()
    found = [json.loads(start.communicate(timeout=WAIT_S)[0]) for start in starts]
    assert sorted(found[0] + found[1]) == sorted(names)
    for name in names:
        assert [type(e) for e in read_session(folder / f"{name}.jsonl").events].count(CallEnded) == 1
    assert not list(folder.glob("*.live"))


def test_a_lock_on_a_file_that_another_has_just_taken_away_is_no_lock(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = died(folder)
    monkeypatch.setattr("coach.archive.running._locked", lambda _: running_path(path).unlink() or True)
    assert hold(path, make=False) is None


def test_a_lock_is_let_go_of_once(folder: Path) -> None:
    held = hold(died(folder), make=False)
    assert isinstance(held, Hold)
    held.release(ended=True)
    held.release(ended=True)


def test_where_nobody_knows_when_it_began_its_length_is_told() -> None:
    assert early("", 61_000) == "A call ended early, after 1:01"
    assert early("9999-12-31T23:59:00", 10**9).startswith("A call ended early")

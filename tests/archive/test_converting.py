"""A library that is locked or opened for good, and a kill in the midst of either."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from locked import RIGHT, WRONG, cheap, holding  # noqa: F401 - the fixture

from coach.archive import converting, envelope, exports, locker
from coach.archive.catalogue import Catalogue, Entry, Row
from coach.archive.envelope import COPY, NAME, WrongSecret
from coach.archive.hand import HandFile, read_hand
from coach.archive.log import SessionLog, read_session
from coach.archive.running import hold
from coach.call.events import CallEnded, CallStarted, SentenceHeard, Who
from coach.call.hand import Note
from coach.trouble import Trouble

pytestmark = pytest.mark.usefixtures("cheap")
MARKER = b"Quixotic"


def fill(home: Path, count: int = 3) -> dict[Path, bytes]:
    """Keep calls with everything that can stand beside them; return what is on the disk of them."""
    sessions = home / "sessions"
    for number in range(count):
        path = sessions / f"2026-11-0{number + 1}-100000.jsonl"
        log = SessionLog(path, "words", None, {"title": f"Quixotic {number}"})
        log.event(CallStarted(0, "discovery", (Who.REP, Who.CUSTOMER)))
        log.event(SentenceHeard(3000, Who.CUSTOMER, 1000, 2500, "A Quixotic wish.", (), ()))
        log.event(CallEnded(4000))
        log.close()
        HandFile(path).note(Note(0, "Quixotic note"))
        exports.note_down(path, [home / "Quixotic.html"])
        os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))
    (home / "voiceprints.json").write_text('{"format": 1, "name": "Quixotic"}')
    (home / "practice.json").write_text('{"format": 1, "items": ["Quixotic.wav"]}')
    return {p: p.read_bytes() for p in home.rglob("*") if p.is_file()}


def plain(path: Path) -> bytes:
    return locker.read_whole(path) if path.name in converting.WHOLE else locker.read(path)


def anew() -> None:
    """Be another process: no key, nothing known."""
    locker.let_go()
    locker._known.clear()


def test_nothing_that_was_kept_stays_readable_and_all_of_it_opens_again(tmp_path: Path) -> None:
    before = fill(tmp_path)
    dates = {p: p.stat().st_mtime_ns for p in before}
    (tmp_path / "sessions" / "2026-11-01-100000.peaks").write_bytes(b"Quixotic picture")
    (tmp_path / "voiceprints.json.part").write_bytes(b"Quixotic half")
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")
    catalogue.put(Entry(Row("/a", "a", title="Quixotic"), {"talk": 0.5}), "1")
    assert holding(tmp_path, MARKER)
    done = converting.lock(tmp_path, RIGHT)
    catalogue.close()
    assert (done.done, done.left) == (len(before), ())
    assert holding(tmp_path, MARKER) == []
    assert {p: plain(p) for p in before} == before
    assert {p: p.stat().st_mtime_ns for p in before} == dates, "by which calls are put in order and forgotten"
    assert all(p.stat().st_mode & 0o077 == 0 for p in tmp_path.rglob("*") if p.is_file())
    done = converting.unlock_for_good(tmp_path)
    assert (done.done, done.left) == (len(before), ())
    assert {p: p.read_bytes() for p in before} == before
    assert not (tmp_path / NAME).exists()
    assert not (tmp_path / COPY).exists()


def test_what_is_new_is_plain_again_once_the_lock_is_off(tmp_path: Path) -> None:
    fill(tmp_path)
    converting.lock(tmp_path, RIGHT)
    converting.unlock_for_good(tmp_path)
    assert locker.state(tmp_path) == locker.State(on=False, open=True)
    (tmp_path / "sessions" / "new").mkdir()
    log = SessionLog(tmp_path / "sessions" / "new.jsonl", "words")
    log.close()
    assert log.path.read_bytes().startswith(b"{")


def test_a_sealed_copy_elsewhere_opens_after_the_lock_was_taken_off(tmp_path: Path) -> None:
    before = fill(tmp_path)
    converting.lock(tmp_path, RIGHT)
    path = next(iter(before))
    backup = path.read_bytes()
    converting.unlock_for_good(tmp_path)
    path.write_bytes(backup)
    anew()
    locker.ask_with(lambda *_: RIGHT)
    assert plain(path) == before[path]


def test_another_passphrase_touches_no_call(tmp_path: Path) -> None:
    before = fill(tmp_path)
    converting.lock(tmp_path, RIGHT)
    sealed = {p: p.read_bytes() for p in before}
    converting.rewrap(tmp_path, WRONG)
    assert {p: p.read_bytes() for p in before} == sealed
    anew()
    with pytest.raises(WrongSecret):
        locker.unlock(tmp_path, RIGHT)
    locker.unlock(tmp_path, WRONG)
    assert {p: plain(p) for p in before} == before


def test_a_running_call_is_not_touched_and_says_so(tmp_path: Path) -> None:
    before = fill(tmp_path)
    held = hold(next(p for p in before if p.suffix == ".jsonl"), make=True)
    assert held is not None
    with pytest.raises(Trouble, match=r"A call is running\. End it first"):
        converting.lock(tmp_path, RIGHT)
    assert {p: p.read_bytes() for p in before} == before
    assert not (tmp_path / NAME).exists()
    held.release(ended=True)


def test_sound_that_is_kept_is_not_left_open_in_a_library_that_is_called_locked(tmp_path: Path) -> None:
    before = fill(tmp_path)
    (tmp_path / "sessions" / "2026-11-01-100000.flac").write_bytes(b"sound")
    with pytest.raises(
        Trouble, match=r"sound of 1 of your calls is kept, and sound cannot be locked\. Forget"
    ):
        converting.lock(tmp_path, RIGHT)
    assert {p: p.read_bytes() for p in before} == before
    assert not (tmp_path / NAME).exists()


def test_an_envelope_that_cannot_be_written_leaves_everything_as_it_was(tmp_path: Path, monkeypatch) -> None:
    before = fill(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(envelope.os, "fsync", full)
    with pytest.raises(Trouble, match=r"could not be put on: No space left on device\. Nothing was changed"):
        converting.lock(tmp_path, RIGHT)
    monkeypatch.undo()
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_a_disk_that_fills_up_on_the_way_loses_nothing(tmp_path: Path, monkeypatch) -> None:
    before = fill(tmp_path)
    write, count = converting.private_file, iter(range(1000))

    def full(path: Path, flags: int = 0) -> int:
        if next(count) > 4:
            raise OSError(28, "No space left on device")
        return write(path, flags)

    monkeypatch.setattr(converting, "private_file", full)
    done = converting.lock(tmp_path, RIGHT)
    assert len(done.left) == len(before) - 5
    assert "stays as it is: No space left on device." in done.left[0]
    assert {p: plain(p) for p in before} == before
    monkeypatch.undo()
    anew()
    assert converting.seal(tmp_path).done == len(before) - 5, "the next start goes on, without the passphrase"
    assert holding(tmp_path, MARKER) == []


def _stops(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Die before the step of this number that changes something on the disk."""
    left = [at]
    for owner, name in ((Path, "replace"), (Path, "unlink"), (os, "fsync"), (os, "utime")):
        true = getattr(owner, name)

        def step(*args, true=true, **kwargs):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return true(*args, **kwargs)

        monkeypatch.setattr(owner, name, step)


@pytest.mark.parametrize("turning", ["on", "off"])
def test_stopped_before_any_step_every_call_is_read_and_the_next_time_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turning: str
) -> None:
    stopped = 0
    for at in range(400):
        home = tmp_path / str(at)
        before = fill(home, 1)
        if turning == "off":
            converting.lock(home, RIGHT)
        with monkeypatch.context() as patched:
            _stops(patched, at)
            try:
                _turn(home, turning)
            except KeyboardInterrupt:
                stopped += 1
            else:
                break
        anew()
        locker.ask_with(lambda *_: RIGHT)
        assert {p: plain(p) for p in before} == before, at
        if turning == "on" and locker.envelope_in(home) is not None:
            converting.seal(home)
            assert holding(home, MARKER) == [], at
        elif turning == "off" and locker.envelope_in(home) is not None:
            converting.unlock_for_good(home)
        assert {p: plain(p) for p in before} == before, at
    assert stopped > 10


def _turn(home: Path, turning: str) -> None:
    if turning == "on":
        converting.lock(home, RIGHT)
    else:
        converting.unlock_for_good(home)


PROGRAM = """
import sys
from pathlib import Path
from coach.archive import converting, envelope, locker
from coach.archive.envelope import Secret
envelope.COST = (2, 8, 1)
home, turning = Path(sys.argv[1]), sys.argv[2]
secret = Secret("passphrase", "four plain words here")
locker.ask_with(lambda *_: secret)
print("ready", flush=True)
converting.lock(home, secret) if turning == "on" else converting.unlock_for_good(home)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_killed_at_any_moment_of_either_every_call_is_read(tmp_path: Path) -> None:
    """Six kills at seeded moments; `benchmarks/locking.py` does hundreds."""
    dice = random.Random(6)  # noqa: S311 - moments, no secrets
    home = tmp_path / "home"
    before = fill(home, 9)
    for turning in ("on", "off") * 3:
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(home), turning],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            until = time.monotonic() + dice.uniform(0.0, 0.15)
            while time.monotonic() < until:
                pass
            child.send_signal(signal.SIGKILL)
        anew()
        locker.ask_with(lambda *_: RIGHT)
        assert {p: plain(p) for p in before} == before
        if locker.envelope_in(home) is not None:
            converting.seal(home)
    assert [read_session(p).damage for p in before if p.suffix == ".jsonl"] == [""] * 9
    assert all(read_hand(p).notes for p in before if p.suffix == ".jsonl")

"""What lies under a log: a disk may refuse, and the call neither waits nor loses anything."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from rigs.disk import limited, small_disk

from coach.archive import sheet as module
from coach.archive.running import is_running, running_path
from coach.archive.sheet import LiveSheet, WholeSheet
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WAIT_S = 30.0
LINES = [b'{"n":%d}\n' % n for n in range(500)]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", (0.01, 0.02))
    monkeypatch.setattr(module, "SYNC_S", 0.01)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sessions"


class Disk:
    """A disk that refuses while it is told to, and takes a few bytes of the write that fills it."""

    def __init__(self, takes: int = 1 << 30) -> None:
        self.left = takes
        self.refused = threading.Event()
        self.why = errno.ENOSPC

    def write(self, handle: int, data: bytes) -> int:
        if not self.left:
            self.refused.set()
            raise OSError(self.why, os.strerror(self.why))
        taken = os.write(handle, data[: self.left])
        self.left -= taken
        return taken


class Heard:
    """What was told of the disk."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.well = threading.Event()

    def __call__(self, said: str) -> None:
        self.told.append(said)
        if not said:
            self.well.set()


def until(what: Callable[[], object]) -> None:
    turn = threading.Event()
    for _ in range(3000):
        if what():
            return
        turn.wait(0.01)
    raise AssertionError("it never came")


@pytest.fixture
def made() -> Iterator[Callable[..., LiveSheet]]:
    sheets: list[LiveSheet] = []

    def make(*how: object, **more: object) -> LiveSheet:
        sheets.append(LiveSheet(*how, **more))
        return sheets[-1]

    yield make
    for sheet in sheets:
        sheet.close()


def test_what_was_added_is_in_the_file_before_it_is_closed(folder: Path, made) -> None:
    sheet = made(folder, "call", ".jsonl")
    for line in LINES:
        sheet.add(line)
    until(lambda: sheet.path.read_bytes() == b"".join(LINES))
    until(lambda: sheet.kept)  # and on the disk for good
    sheet.close()
    assert (sheet.fault, list(folder.iterdir())) == ("", [folder / "call.jsonl"])


def test_while_the_disk_is_prompt_a_line_is_the_systems_before_anybody_goes_on(
    folder: Path, made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SYNC_S", WAIT_S)  # no sync comes between
    monkeypatch.setattr(module, "_SLOW_S", WAIT_S)
    writers: list[str] = []

    def write(handle: int, data: bytes) -> int:
        writers.append(threading.current_thread().name)
        return os.write(handle, data)

    sheet = made(folder, "call", ".jsonl", write=write)
    for n, line in enumerate(LINES):
        sheet.add(line)
        assert sheet.path.read_bytes() == b"".join(LINES[: n + 1])
    assert set(writers) == {threading.current_thread().name}


def test_files_and_folders_are_their_owners_alone(folder: Path, made) -> None:
    made(folder, "call", ".jsonl").add(b"{}\n")
    assert {p.name: stat.S_IMODE(p.stat().st_mode) for p in (folder.parent, folder, *folder.iterdir())} == {
        "data": 0o700,
        "sessions": 0o700,
        "call.jsonl": 0o600,
        "call.live": 0o600,
    }


def test_two_calls_begun_in_the_same_second_do_not_share_a_name(folder: Path, made) -> None:
    start = threading.Barrier(8)
    paths: list[Path] = []

    def begin() -> None:
        start.wait(WAIT_S)
        paths.append(made(folder, "2026-11-22-100000", ".jsonl").path)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(p.stem for p in paths) == sorted(
        ["2026-11-22-100000", *(f"2026-11-22-100000-{n}" for n in range(2, 9))]
    )


def test_a_disk_that_hangs_keeps_nobody_waiting(folder: Path, made) -> None:
    go_on = threading.Event()
    go_on.set()

    def hang(handle: int, data: bytes) -> int:
        go_on.wait(WAIT_S)
        return os.write(handle, data)

    sheet = made(folder, "call", ".jsonl", write=hang)
    sheet._slow = True  # the last write took long
    go_on.clear()
    for line in LINES:
        sheet.add(line)  # from the thread that would hang with it
    assert sheet.path.read_bytes() == b""
    go_on.set()
    sheet.close()
    assert sheet.path.read_bytes() == b"".join(LINES)


@pytest.mark.parametrize("why", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_a_disk_that_is_full_is_told_of_once_and_loses_nothing_when_space_returns(
    folder: Path, made, why: int
) -> None:
    disk, heard = Disk(takes=100), Heard()
    disk.why = why
    sheet = made(folder, "call", ".jsonl", heard, disk.write)
    for line in LINES:
        sheet.add(line)
    assert disk.refused.wait(WAIT_S)
    until(lambda: sheet.fault)
    assert sheet.path.read_bytes() == b"".join(LINES)[:100]  # torn in the middle of a line
    disk.left = 1 << 30
    assert heard.well.wait(WAIT_S)
    sheet.close()
    assert sheet.path.read_bytes() == b"".join(LINES)
    assert sheet.kept
    assert heard.told == [os.strerror(why), ""]


def test_space_that_returns_at_the_very_end_is_enough(folder: Path, made, monkeypatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", (WAIT_S, WAIT_S))
    disk = Disk(takes=0)
    sheet = made(folder, "call", ".jsonl", write=disk.write)
    sheet.add(LINES[0])
    until(lambda: sheet.fault)
    disk.left = 1 << 30
    sheet.close()
    assert sheet.kept
    assert sheet.path.read_bytes() == LINES[0]


def test_what_could_not_be_kept_is_saved_elsewhere_whole(folder: Path, made, tmp_path: Path) -> None:
    sheet = made(folder, "call", ".jsonl", write=Disk(takes=1000).write)
    for line in LINES:
        sheet.add(line)
    sheet.close()
    assert not sheet.kept
    assert "No space left on device" in sheet.fault
    assert {p.name for p in folder.iterdir()} == {"call.jsonl", "call.live"}  # the next start would find it
    stick = tmp_path / "stick"
    saved = sheet.save_to(stick)
    assert saved == stick / "call.jsonl"
    assert saved.read_bytes() == b"".join(LINES)
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert (sheet.kept, sheet.fault, list(folder.iterdir())) == (True, "", [])


def test_saving_elsewhere_writes_over_nothing_and_a_refusal_is_told(
    folder: Path, made, tmp_path: Path
) -> None:
    sheet = made(folder, "call", ".jsonl", write=Disk(takes=0).write)
    sheet.add(LINES[0])
    sheet.close()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Trouble, match=r"could not be saved in .*file/x either"):
        sheet.save_to(tmp_path / "file" / "x")
    assert not sheet.kept
    (tmp_path / "call.jsonl").write_text("another's")
    assert sheet.save_to(tmp_path) == tmp_path / "call-2.jsonl"
    assert (tmp_path / "call.jsonl").read_text() == "another's"


def test_a_folder_that_cannot_be_made_costs_a_sentence_not_the_call(tmp_path: Path, made) -> None:
    (tmp_path / "data").write_text("a file in the way")
    heard = Heard()
    sheet = made(tmp_path / "data" / "sessions", "call", ".jsonl", heard)
    sheet.add(LINES[0])
    until(lambda: sheet.fault)
    assert heard.told == ["File exists"]
    assert sheet.fault == f"This call could not be kept in {tmp_path}/data/sessions: File exists."
    (tmp_path / "data").unlink()  # the rep puts it right during the call
    assert heard.well.wait(WAIT_S)
    sheet.close()
    assert (tmp_path / "data" / "sessions" / "call.jsonl").read_bytes() == LINES[0]


def test_a_disk_that_lost_what_it_had_taken_counts_as_one_that_refused(
    folder: Path, made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def lost(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(module, "_sync", lost)
    sheet = made(folder, "call", ".jsonl")
    sheet.add(LINES[0])
    until(lambda: sheet.fault)
    sheet.close()
    assert not sheet.kept
    assert sheet.save_to(tmp_path / "stick").read_bytes() == LINES[0]


def test_a_call_that_never_began_leaves_nothing(folder: Path, made) -> None:
    sheet = made(folder, "call", ".jsonl")
    sheet.add(LINES[0])
    sheet.discard()
    assert list(folder.iterdir()) == []


def test_it_is_locked_as_running_for_as_long_as_it_is_open(folder: Path, made) -> None:
    sheet = made(folder, "call", ".jsonl")
    sheet.add(LINES[0])
    assert is_running(sheet.path)
    sheet.close()
    sheet.close()
    assert not is_running(sheet.path)
    assert not running_path(sheet.path).exists()


def test_no_thread_and_no_file_is_left_behind(folder: Path, made) -> None:
    threads = threading.active_count()
    sheet = made(folder, "call", ".jsonl")
    assert threading.active_count() == threads + 2
    sheet.add(LINES[0])
    sheet.close()
    assert threading.active_count() == threads


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_limit_of_the_system_is_told_and_what_is_there_stays(folder: Path, made) -> None:
    folder.mkdir(parents=True)
    (folder / "earlier.jsonl").write_bytes(b"x" * 5000)
    with limited(2000):
        sheet = made(folder, "call", ".jsonl")
        for line in LINES:
            sheet.add(line)
        sheet.close()
    assert "File too large" in sheet.fault
    assert sheet.path.read_bytes() == b"".join(LINES)[:2000]
    assert (folder / "earlier.jsonl").read_bytes() == b"x" * 5000


def test_a_real_disk_that_fills_up_and_empties_again_loses_nothing(tmp_path: Path, made) -> None:
    with small_disk(tmp_path / "disk") as disk:
        heard = Heard()
        earlier = disk.folder / "earlier.jsonl"
        earlier.write_bytes(b"x" * 5000)
        sheet = made(disk.folder, "call", ".jsonl", heard)
        sheet.add(LINES[0])
        until(lambda: sheet.path.read_bytes() == LINES[0])
        disk.fill()
        for _ in range(20):
            for line in LINES[1:]:
                sheet.add(line)
        until(lambda: sheet.fault)
        assert heard.told == ["No space left on device"]
        disk.empty()
        assert heard.well.wait(WAIT_S)
        sheet.close()
        assert sheet.path.read_bytes() == LINES[0] + 20 * b"".join(LINES[1:])
        assert earlier.read_bytes() == b"x" * 5000


def test_a_real_disk_that_can_only_be_read_costs_a_sentence(tmp_path: Path, made) -> None:
    with small_disk(tmp_path / "disk") as disk:
        disk.read_only(on=True)
        sheet = made(disk.folder / "sessions", "call", ".jsonl")
        sheet.add(LINES[0])
        until(lambda: sheet.fault)
        assert "Read-only file system" in sheet.fault
        sheet.close()
        assert not sheet.kept
        assert sheet.save_to(tmp_path / "home").read_bytes() == LINES[0]


_KILLED = """
import os, signal, sys, threading
from pathlib import Path
from coach.archive.sheet import LiveSheet
sheet = LiveSheet(Path(sys.argv[1]), "call", ".jsonl")
for n in range(1000):
    sheet.add(b"%d\\n" % n)
threading.Event().wait(float(sys.argv[2]))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_killed_process_takes_nothing_along_that_was_added_a_second_before(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", _KILLED, str(folder), "1.0"], check=False, timeout=WAIT_S * 2)
    assert (folder / "call.jsonl").read_bytes() == b"".join(b"%d\n" % n for n in range(1000))
    assert running_path(folder / "call.jsonl").exists()
    assert not is_running(folder / "call.jsonl")


def test_a_whole_sheet_is_there_once_it_is_closed(folder: Path) -> None:
    sheet = WholeSheet(folder / "call.part")
    sheet.add(LINES[0])
    sheet.close()
    sheet.close()
    assert (folder / "call.part").read_bytes() == LINES[0]
    assert sheet.fault == ""

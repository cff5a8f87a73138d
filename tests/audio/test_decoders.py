"""A stranger's file is opened behind walls: whatever its process does, there is sound or one plain sentence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from rigs.files import write
from rigs.hostile import KINDS, mutants, wholes

from coach.audio import decoder_process, decoders, media
from coach.audio.block import RATE
from coach.audio.media import Decoding, find_track
from coach.audio.recording import open_recording
from coach.trouble import Trouble

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone")
HEADER = {"rate": RATE, "channels": 1, "tracks": 1, "seconds": 2.0}


@pytest.fixture
def call(tmp_path: Path) -> Path:
    """Return a file that is harmless: what is hostile here is the process."""
    return write(tmp_path / "call.wav", np.full((1, 2 * RATE), 1000, np.int16))


def message(kind: bytes, body: object) -> bytes:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return kind + len(data).to_bytes(4, "little") + data


def say(monkeypatch: pytest.MonkeyPatch, said: bytes, then: str = "") -> None:
    """Let a decoding process say this, whatever it is asked, and then do that."""
    code = f"import os, signal, sys, time; os.write(1, {said!r}); {then}"
    monkeypatch.setattr(decoders, "COPIES", False)
    monkeypatch.setattr(decoders, "_command", lambda *_: [sys.executable, "-I", "-S", "-c", code])


def heard(path: Path) -> tuple[int, Decoding]:
    decoding = Decoding(media.Track(path, RATE, 1, 1, 2000))
    return sum(s.shape[1] for s in decoding), decoding


def refused(path: Path) -> str:
    with pytest.raises(Trouble) as caught:
        find_track(path)
    assert caught.value.mend
    return caught.value.what


# What a process may do, the program outlives.


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\0" * 100,
        os.urandom(5000),
        b"H\xff\xff\xff\x7f",
        message(b"H", b"no header"),
        message(b"H", b"[" * 1000),
        message(b"H", [1, 2, 3]),
        message(b"H", HEADER | {"rate": -1}),
        message(b"H", HEADER | {"channels": "two"}),
        message(b"H", HEADER | {"tracks": 10**30}),
        message(b"H", HEADER)[:-1],
        message(b"T", b"<b>anything</b>"),
        message(b"P", bytes(100)),
        message(b"E", {"damaged": False}),
    ],
)
def test_whatever_a_process_says_instead_of_a_header_becomes_a_sentence(call, monkeypatch, said):
    say(monkeypatch, said)
    assert refused(call) == "'call.wav' is not a recording that can be read."


def test_no_word_of_the_process_is_shown(call, monkeypatch):
    say(monkeypatch, message(b"T", b"\x1b[31mYou lost"))
    assert "lost" not in refused(call)


@pytest.mark.parametrize("seconds", ["NaN", "Infinity", "-1e999", '"long"', "null", "[]", "-5"])
def test_a_length_that_is_none_is_not_believed(call, monkeypatch, seconds):
    say(monkeypatch, message(b"H", json.dumps(HEADER).replace("2.0", seconds).encode()))
    assert find_track(call).declared_ms is None


def test_a_length_beyond_twelve_hours_is_refused(call, monkeypatch):
    say(monkeypatch, message(b"H", HEADER | {"seconds": 1e300}))
    assert "hours" in refused(call)


@POSIX
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL, signal.SIGXCPU])
def test_a_process_that_crashes_in_the_middle_leaves_what_was_heard(call, monkeypatch, number):
    say(
        monkeypatch,
        message(b"H", HEADER) + message(b"P", bytes(2 * RATE)),
        f"os.kill(os.getpid(), {int(number)})",
    )
    samples, decoding = heard(call)
    assert samples == RATE
    assert decoding.damaged


@pytest.mark.parametrize(
    "then",
    [
        b"",
        os.urandom(300),
        b"P\xff\xff\xff\xff",
        message(b"P", bytes(2 * RATE))[:100],
        message(b"P", bytes(3)),
        message(b"P", b""),
        message(b"H", HEADER),
        message(b"E", b"no end"),
        message(b"E", {}),
        message(b"T", b"memory"),
    ],
)
def test_whatever_a_process_says_in_the_middle_ends_the_sound_and_nothing_else(call, monkeypatch, then):
    say(monkeypatch, message(b"H", HEADER) + message(b"P", bytes(2 * RATE)) + then)
    samples, decoding = heard(call)
    assert samples == RATE
    assert decoding.damaged


def test_a_process_that_hangs_is_ended(call, monkeypatch):
    monkeypatch.setattr(decoders, "STUCK_S", 0.3)
    say(monkeypatch, b"", "time.sleep(600)")
    assert "cannot be read" in refused(call) or "can be read" in refused(call)
    say(monkeypatch, message(b"H", HEADER) + message(b"P", bytes(2 * RATE)), "time.sleep(600)")
    samples, decoding = heard(call)
    assert (samples, decoding.damaged) == (RATE, True)


def test_a_process_that_waits_for_a_slow_listener_is_left_alone(monkeypatch):
    monkeypatch.setattr(decoders, "STUCK_S", 0.02)

    class Process:
        ended = threading.Event()

        def kill(self):
            self.ended.set()

    watch = decoders._Watch(Process())
    assert not Process.ended.wait(0.5), "nobody waited for it"
    with watch.waiting():
        assert Process.ended.wait(60)
    watch.end()


def test_a_process_that_never_ends_is_left_after_twelve_hours(call, monkeypatch):
    monkeypatch.setattr(media, "LONGEST_S", 3)
    loop = f"[os.write(1, {message(b'P', bytes(2 * RATE))!r}) for _ in iter(int, 1)]"
    say(monkeypatch, message(b"H", HEADER), loop)
    samples, decoding = heard(call)
    assert (samples, decoding.capped) == (3 * RATE, True)


def test_where_no_process_can_be_started_there_is_a_sentence(call, monkeypatch):
    def none(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", none)
    monkeypatch.setattr(decoders, "COPIES", False)
    assert "no process could be started" in refused(call)


def test_a_file_that_becomes_another_in_the_meantime_is_refused(tmp_path):
    path = write(tmp_path / "call.wav", np.full((2, RATE), 1000, np.int16))
    track = find_track(path)
    write(path, np.full((1, RATE), 1000, np.int16))
    with pytest.raises(Trouble, match="changed"):
        list(Decoding(track))


# Two ways to begin.


@pytest.mark.parametrize("copies", [pytest.param(True, marks=LINUX), False])
def test_both_ways_to_begin_a_process_give_the_same_sound(call, monkeypatch, copies):
    monkeypatch.setattr(decoders, "COPIES", copies)
    (samples, decoding), track = heard(call), find_track(call)
    assert (samples, decoding.damaged) == (2 * RATE, False)
    assert (track.rate, track.channels, track.declared_ms) == (RATE, 1, 2000)


@LINUX
def test_when_the_process_that_copies_are_made_of_is_killed_another_takes_its_place(call):
    find_track(call)
    decoders._kept._process.kill()
    decoders._kept._process.wait()
    assert find_track(call).channels == 1


@LINUX
def test_many_threads_decode_at_once(call):
    found = []
    threads = [threading.Thread(target=lambda: found.append(heard(call)[0])) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    assert found == [2 * RATE] * 8


def test_a_pass_that_is_left_leaves_no_thread_and_no_process(call):
    passing = iter(Decoding(media.Track(call, RATE, 1, 1, 2000)))
    next(passing)
    assert "coach-decoder-watch" in {t.name for t in threading.enumerate()}
    passing.close()
    assert "coach-decoder-watch" not in {t.name for t in threading.enumerate()}
    if decoders.COPIES:
        kept = decoders._kept._process.pid
        assert _children(kept) == []


def _children(process: int) -> list[str]:
    """Return the children of a process that are alive; it ends them at once, and is asked until it did."""
    for _ in range(400):
        found = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
        if not found:
            return []
        threading.Event().wait(0.05)
    return found


# The walls.


def behind_walls(code: str) -> str:
    """Run a line in a process that raised its walls, and return what it says."""
    program = (
        "import sys, os, coach.audio.decoder_process as p; from coach import offline\n"
        "offline.install(); p.raise_walls()\n"
        f"try:\n {code}\n print('done')\nexcept BaseException as e:\n print(type(e).__name__)"
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ).stdout.strip()


@POSIX
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("pass", "done"),
        (f"bytearray({2 * decoder_process.MEMORY})", "MemoryError"),
        (f"[open(os.devnull) for _ in range({2 * decoder_process.FILES})]", "OSError"),
        ("import socket; socket.socket()", "NetworkRefusedError"),
        ("import socket; socket.getaddrinfo('example.org', 80)", "NetworkRefusedError"),
    ],
)
def test_the_walls_hold(code, said):
    assert behind_walls(code) == said


@POSIX
def test_behind_the_walls_no_file_can_be_written(tmp_path):
    path = tmp_path / "written"
    said = behind_walls(f"os.write(os.open({str(path)!r}, os.O_CREAT | os.O_WRONLY), b'x')")
    assert said in {"OSError", ""}  # refused, or ended by SIGXFSZ
    assert path.stat().st_size == 0


@POSIX
def test_processor_time_has_an_end(monkeypatch, call):
    code = "import coach.audio.decoder_process as p; p.CPU_S = 1; p.raise_walls()\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60, env=os.environ)
    assert done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}


def test_a_decoding_process_has_nothing_of_the_environment(monkeypatch):
    monkeypatch.setenv("COACH_SECRET", "word")
    assert "COACH_SECRET" not in decoders._environment()


def test_the_name_of_the_file_is_in_no_list_of_processes():
    assert not any("call.wav" in word for word in decoders._command("one", 0))


# Files.


def test_a_day_of_silence_is_refused_by_its_header(tmp_path):
    """24 hours fit into a few megabytes: FLAC writes silence in a few bytes a block."""
    path = write(tmp_path / "day.flac", np.zeros((1, RATE), np.int16))
    data = bytearray(path.read_bytes())
    samples = 24 * 3600 * RATE
    data[21] = (
        data[21] & 0xF0 | samples >> 32
    )  # STREAMINFO: 36 bits, from the low half of byte 21 on (RFC 9639)
    data[22:26] = (samples & 0xFFFFFFFF).to_bytes(4, "big")
    path.write_bytes(data)
    assert refused(path) == "'day.flac' lasts 24.0 hours."


def test_few_samples_that_call_themselves_hours_are_never_in_memory(tmp_path):
    """At one sample a second, forty kilobytes are five hours of sound."""
    path = write(tmp_path / "slow.wav", np.ones((1, 20_000), np.int16), RATE)
    data = bytearray(path.read_bytes())
    data[24:32] = (1).to_bytes(4, "little") + (2).to_bytes(4, "little")
    path.write_bytes(data)
    passing = iter(Decoding(find_track(path)))
    assert all(next(passing).nbytes <= 2 * RATE for _ in range(60))
    passing.close()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_is_damaged_below_is_whole_before(tmp_path, kind):
    path = tmp_path / f"call.{kind}"
    path.write_bytes(wholes()[kind])
    decoding = Decoding(find_track(path))
    assert sum(s.shape[1] for s in decoding) == pytest.approx(2.5 * RATE, abs=0.1 * RATE)
    assert not decoding.damaged


def test_damaged_files_of_eight_formats_become_sound_or_a_sentence(tmp_path):
    """Every file in a process of its own; ``benchmarks/hostile.py`` does the same with ten thousand."""
    ended = {"sound": 0, "sentence": 0}
    for mutant in mutants(160):
        path = tmp_path / f"call.{mutant.kind}"
        path.write_bytes(mutant.data)
        try:
            for samples in Decoding(find_track(path)):
                assert samples.dtype == np.int16
                assert samples.shape[1] <= RATE
            ended["sound"] += 1
        except Trouble as trouble:
            ended["sentence"] += bool(trouble.what and trouble.mend)
    assert sum(ended.values()) == 160
    assert min(ended.values()) > 20, "the damage is neither harmless nor total"


def test_damaged_files_are_opened_as_calls_or_refused_in_a_sentence(tmp_path):
    told = []
    for mutant in mutants(32, first=5000):
        path = tmp_path / f"call.{mutant.kind}"
        path.write_bytes(mutant.data)
        try:
            recording = open_recording(path)
            assert all(block.samples.dtype == np.int16 for block in recording.blocks(1000))
            told.append(recording.note)
        except Trouble as trouble:
            told.append(trouble.mend)
    assert len(told) == 32
    assert all(told)

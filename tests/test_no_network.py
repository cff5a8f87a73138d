"""A whole call where there is no network, and a trace of one: no part of it, Python or C, reaches for the network.

The guard in the process (``tests/test_offline.py``) sees Python. These see everything else: Qt, the sound server's
library, PortAudio, FFmpeg, ONNX Runtime, CTranslate2. Linux tells a network namespace without an interface from a
machine that merely has no route: in it even loopback is unreachable.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from rigs.consent import agreed
from rigs.screen import Screen, close, until
from rigs.sound import LOUDSPEAKER, MICROPHONE, sound_rig

from coach.archive.log import read_log
from coach.audio.recording import open_recording
from coach.call.events import SentenceHeard, Who
from coach.demo.scenes import scenes

pytestmark = [pytest.mark.desktop, pytest.mark.model]

SOLD = scenes()[0].sound
SECONDS = 30
LOCAL = {"AF_UNIX", "AF_LOCAL"}
"""Netlink is the kernel's own line to a process of this machine, and reaches no further."""
KERNEL = {"AF_NETLINK"}


def command_works(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    done = subprocess.run([*command, "true"], capture_output=True, check=False, timeout=60)
    return done.returncode == 0


@functools.cache
def nowhere() -> list[str]:
    """Return what starts a program where there is no network, or skip."""
    for command in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        if command_works(*command):
            return command
    pytest.skip("no network namespace may be made here (unshare: util-linux, and leave for user namespaces)")


@functools.cache
def tracing() -> list[str]:
    """Return what traces every socket call of a program and its children, or skip."""
    # Without the filter in the kernel every other call stops too, and a call is no longer heard in time.
    command = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=network", "-o"]
    if not command_works(*command, os.devnull):
        pytest.skip("nothing may be traced here (sudo apt-get install strace, and leave to trace)")
    return command


@pytest.fixture(scope="module")
def sides():
    opened = open_recording(SOLD)
    both = np.concatenate(list(opened.samples()), axis=1)[:, : SECONDS * 16_000]
    return dict(zip(opened.channels, both, strict=True))


def call(folder: Path, sides, *before: str) -> tuple[list, str]:
    """Hold a call of half a minute, on a screen and with both devices; return its events and what was printed."""
    with sound_rig() as rig, Screen() as screen:
        env = screen.env | rig.env
        env |= {"XDG_DATA_HOME": agreed(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
        # Without an address Qt's library starts a session bus of its own, which outlives the call and its trace.
        env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={folder}/no-bus"
        coach = subprocess.Popen(
            [*before, sys.executable, "-m", "coach", "live"],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:

            def listening():
                assert coach.poll() is None, coach.stdout.read()
                return rig.control("list", "short", "source-outputs").count("\n") >= 1

            until(listening, 120)
            until(lambda: any((folder / "data").rglob("*.jsonl")), 120)
            (log,) = (folder / "data").rglob("*.jsonl")
            until(lambda: '"TimePassed","at_ms":5' in log.read_text(), 120)
            players = [
                rig.play(sink, sides[who])
                for who, sink in ((Who.REP, MICROPHONE), (Who.CUSTOMER, LOUDSPEAKER))
            ]
            for player in players:
                player.wait(240)
            until(lambda: "SentenceHeard" in log.read_text(), 120)
            os.kill(_innermost(coach.pid), signal.SIGINT)
            output, _ = coach.communicate(timeout=240)
        finally:
            close(coach)
    assert coach.returncode == 0, output
    return list(read_log(log)), output


def _innermost(process: int) -> int:
    """Return the program itself: what was started before it may be its parent."""
    while True:
        if b"coach" in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")[2:4]:
            return process
        process = int(Path(f"/proc/{process}/task/{process}/children").read_text().split()[0])


def heard(events) -> set[Who]:
    return {e.who for e in events if isinstance(e, SentenceHeard)}


def families(trace: Path) -> dict[str, list[str]]:
    """Return the lines of a trace by the family of what was opened or named in them."""
    found: dict[str, list[str]] = {}
    for line in trace.read_text(errors="replace").splitlines():
        for family in re.findall(r"\b(?:AF|PF)_[A-Z0-9]+", line):
            found.setdefault(family.replace("PF_", "AF_"), []).append(line)
    return found


def test_where_there_is_no_network_there_is_none_at_all():
    """The namespace is what it is taken for."""
    code = "import socket\ntry:\n socket.create_connection(('127.0.0.1', 9), 1)\nexcept OSError as e:\n print(e.errno)"
    done = subprocess.run(
        [*nowhere(), sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() in {"101", "100"}  # unreachable, or down: not refused


def test_a_whole_call_is_coached_where_there_is_no_network(tmp_path, sides):
    events, output = call(tmp_path, sides, *nowhere())
    assert Who.REP in heard(events)
    assert "Talk share" in output
    assert "refused:" not in output


def test_a_recording_is_coached_where_there_is_no_network(tmp_path):
    env = os.environ | {"XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        [*nowhere(), sys.executable, "-m", "coach", "review", str(SOLD)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "Talk share" in done.stdout
    assert "refused:" not in done.stderr


def test_a_trace_of_a_whole_call_shows_sockets_of_this_machine_alone(tmp_path, sides):
    trace = tmp_path / "trace"
    events, output = call(tmp_path, sides, *tracing(), str(trace))
    found = families(trace)
    assert found["AF_UNIX"], "the trace saw the screen and the sound server"
    others = {f: lines[:5] for f, lines in found.items() if f not in LOCAL | KERNEL}
    assert others == {}
    assert Who.REP in heard(events)
    assert "refused:" not in output


def test_a_trace_of_a_review_shows_sockets_of_this_machine_alone(tmp_path):
    trace = tmp_path / "trace"
    env = os.environ | {"XDG_DATA_HOME": str(tmp_path)}
    subprocess.run(
        [*tracing(), str(trace), sys.executable, "-m", "coach", "review", str(SOLD)],
        env=env,
        capture_output=True,
        check=True,
        timeout=500,
    )
    assert set(families(trace)) <= LOCAL | KERNEL


def test_onnx_runtime_reports_nothing_to_its_maker_and_keeps_no_mark_of_this_machine(tmp_path):
    """Left alone it looks up its maker's server, and writes an identifier into the user's cache."""
    trace = tmp_path / "trace"
    code = "from coach.audio.voice import make_detector; make_detector('silero'); import time; time.sleep(3)"
    env = {k: v for k, v in os.environ.items() if k != "CI" and not k.startswith(("ORT_", "XDG_"))}
    subprocess.run(
        [*tracing(), str(trace), sys.executable, "-c", code],
        env=env | {"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        timeout=240,
    )
    assert set(families(trace)) <= LOCAL | KERNEL
    assert [p.name for p in tmp_path.iterdir()] == ["trace"]


def test_a_trace_would_show_a_connection(tmp_path):
    """The proof can fail."""
    trace = tmp_path / "trace"
    code = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    subprocess.run([*tracing(), str(trace), sys.executable, "-c", code], check=True, timeout=60)
    assert "AF_INET" in families(trace)

"""A Mac's tap: what the small program says is heard, and how it ends is told in words.

The program is played by a child process that follows a script (`rigs/taphelper.py`).
"""

from __future__ import annotations

import io
import platform
import queue
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from coach.audio import tap
from coach.audio.block import RATE
from coach.audio.tap import GREETING, HEADER, NotOursError, TapSource, can_tap, find_program, frames
from coach.call.events import Who
from coach.trouble import Trouble

WAIT_S = 20
SCRIPT = Path(__file__).parents[1] / "rigs" / "taphelper.py"


class Room:
    """Hears what a script says."""

    def __init__(self, *script):
        self.source = TapSource((sys.executable, str(SCRIPT), *script))
        self.source.look_s = 0.05
        self.blocks, self.losses = queue.Queue(), queue.Queue()

    def start(self):
        self.source.start(self.blocks.put, lambda who, why: self.losses.put((who, why)))
        self.child = self.source._talk._child
        return self

    def hear(self, seconds):
        parts = []
        while sum(len(b.samples) for b in parts) < seconds * RATE:
            parts.append(self.blocks.get(timeout=WAIT_S))
        return parts

    def lost(self):
        return self.losses.get(timeout=WAIT_S)


@pytest.fixture
def room():
    rooms = []

    def start(*script):
        rooms.append(Room(*script))
        return rooms[-1].start()

    yield start
    for each in rooms:
        each.source.stop()


def test_what_the_program_says_is_heard_as_the_customer(room):
    heard = room("greet", *(f"sound 48000 60 {1000 + 60 * i}" for i in range(20)), "stay").hear(1.1)
    assert {b.who for b in heard} == {Who.CUSTOMER}
    assert [b.start for b in heard[1:]] == [b.end for b in heard[:-1]]
    samples = np.concatenate([b.samples for b in heard])
    pitch = np.argmax(np.abs(np.fft.rfft(samples))) * RATE / len(samples)
    assert pitch == pytest.approx(450, abs=2)


def test_frames_may_come_in_pieces(room):
    heard = room("greet", *(f"sound 16000 60 {1000 + 60 * i} piece" for i in range(5)), "stay").hear(0.3)
    assert heard[-1].end == 5 * 960


def test_a_pause_in_the_host_s_time_is_a_gap_and_a_sign_of_life_is_no_sound(room):
    heard = room("greet", "sound 16000 60 1000", "live", "live", "sound 16000 60 61000", "stay").hear(0.12)
    assert [b.start for b in heard] == [0, 960]  # a leap that our own clock knows nothing of is none


def test_a_rate_that_changes_under_way_is_heard_on(room):
    script = [f"sound 48000 60 {1000 + 60 * i}" for i in range(5)]
    script += [f"sound 24000 60 {1300 + 60 * i}" for i in range(5)]
    heard = room("greet", *script, "stay").hear(0.55)
    assert heard[-1].end == pytest.approx(0.6 * RATE, abs=0.05 * RATE)


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (10, "macOS does not let this program hear what the Mac plays.*System Audio Recording Only"),
        (11, "too old.*14.2"),
        (12, "nothing to play through"),
        (13, "did not give"),
    ],
)
def test_a_program_that_ends_before_it_greets_says_why(code, what):
    with pytest.raises(Trouble, match=what):
        Room(f"exit {code}").start()


def test_a_stranger_is_not_listened_to():
    with pytest.raises(Trouble, match=r"another version.*build\.sh"):
        Room("say COACHTAP\\x202\\n", "stay").start()
    with pytest.raises(Trouble, match=r"another version.*build\.sh"):
        Room("exit 1").start()


def test_a_program_that_says_nothing_at_all_is_given_up(monkeypatch):
    monkeypatch.setattr(tap, "GREETS_S", 0.1)
    with pytest.raises(Trouble, match=r"does not answer.*permission"):
        Room("stay").start()


def test_garbage_between_frames_is_a_loss(room):
    who, why = room("greet", "sound 16000 60 1000", "say XXXXXXXXXXXXXXXXXXXX", "stay").lost()
    assert who is Who.CUSTOMER
    assert why == "'What this Mac plays' is no longer heard: the program that hears it is of another version."


def test_a_death_is_told_once_with_its_reason(room):
    here = room("greet", "sound 16000 60 1000", "exit 10")
    assert "macOS does not let this program hear" in here.lost()[1]
    here.source.stop()
    assert here.losses.empty()


def test_a_death_in_the_middle_of_a_frame_is_told(room):
    here = room("greet", "say tap1\\x80\\x3e", "exit 1")
    assert here.lost()[1].endswith("the program that hears it has ended.")


def test_a_program_that_says_nothing_any_more_is_lost(room, monkeypatch):
    monkeypatch.setattr(tap, "SILENT_S", -1.0)
    assert "says nothing any more" in room("greet", "stay").lost()[1]


def test_stopped_it_ends_with_its_input_and_can_be_started_again(room):
    here = room("greet", "sound 16000 60 1000", "stay")
    here.hear(0.06)
    here.source.stop()
    assert here.child.returncode == 0
    assert not [t for t in threading.enumerate() if t.name == "tap"]
    assert here.start().hear(0.06)[0].start == 0
    assert here.losses.empty()


def test_a_program_that_does_not_listen_is_ended_by_force(room, monkeypatch):
    monkeypatch.setattr(tap, "ENDS_S", 0.2)
    here = room("greet", "sound 16000 60 1000", "deaf")
    here.hear(0.06)
    here.source.stop()
    assert here.child.returncode < 0


def test_a_program_that_cannot_be_started_says_how_to_build_it(tmp_path):
    with pytest.raises(Trouble, match=r"cannot be started.*build\.sh"):
        TapSource((str(tmp_path / "coach-tap"),)).start(lambda _b: None, lambda _w, _y: None)


def test_it_is_found_in_the_data_folder_or_said_not_to_be_built(monkeypatch, tmp_path):
    monkeypatch.setattr(tap, "data_place", lambda: tmp_path / "coach-tap")
    assert find_program() is None
    with pytest.raises(Trouble, match=r"is not built.*build\.sh"):
        TapSource().start(lambda _b: None, lambda _w, _y: None)
    (tmp_path / "coach-tap").write_bytes(b"")
    assert find_program() == tmp_path / "coach-tap"


def test_the_command_that_builds_it_names_files_that_are_shipped():
    script = Path(tap.how_to_build().removeprefix("sh '").removesuffix("'"))
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
    swift = script.with_name("CoachTap.swift").read_text(encoding="utf-8")
    assert repr(GREETING.decode())[1:-1] in swift
    assert "NSAudioCaptureUsageDescription" in script.with_name("Info.plist").read_text(encoding="utf-8")
    for code in tap.EXITS:
        assert f"Int32 = {code}" in swift


@pytest.mark.parametrize(
    ("version", "can"), [("14.2", True), ("14.1.2", False), ("15.0", True), ("13.6", False), ("", False)]
)
def test_taps_came_with_macos_14_2(monkeypatch, version, can):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "mac_ver", lambda: (version, ("", "", ""), ""))
    assert can_tap() is can


@pytest.mark.parametrize("head", [(b"tap2", 48_000, 0, 0), (b"tap1", 7, 0, 0), (b"tap1", 48_000, 1 << 30, 0)])
def test_what_is_no_frame_is_no_frame(head):
    with pytest.raises(NotOursError):
        list(frames(io.BytesIO(HEADER.pack(*head))))

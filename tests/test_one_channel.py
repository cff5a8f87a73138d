"""`coach review` of one channel, as a user meets it: one voice, two, a terminal that is asked and one that is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import click
import numpy as np
import pytest
from rigs.files import write

from coach import terminal
from coach.audio.recording import open_recording
from coach.call.events import Who
from coach.demo.scenes import scenes
from coach.voices import Answer, Sample, Unknown

if sys.platform != "win32":
    import pty

SECONDS = 60
TWO = Unknown((Sample(0, 1_000, 6_000, 40_000), Sample(2, 20_000, 25_000, 30_000)), 3)


@pytest.fixture(scope="module")
def sides():
    recording = open_recording(scenes()[1].sound)
    found = {who: np.concatenate([b.samples for b in recording.blocks(1000) if b.who is who]) for who in Who}
    return {who: sound[: SECONDS * 16_000] for who, sound in found.items()}


@pytest.fixture
def memo(tmp_path, sides):
    """The rep and the customer in one channel."""
    mixed = sum(sound.astype(np.int32) for sound in sides.values()) // 2
    return write(tmp_path / "memo.wav", mixed.astype(np.int16)[np.newaxis])


@pytest.fixture
def alone(tmp_path, sides):
    """The rep, practising."""
    return write(tmp_path / "alone.wav", sides[Who.REP][np.newaxis])


def command(tmp_path, *words):
    env = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    env |= {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": f"{tmp_path}/data",
        "XDG_CONFIG_HOME": f"{tmp_path}/config",
    }
    return [sys.executable, "-m", "coach", "review", *map(str, words)], env


def reviewed(tmp_path, *words):
    """Return the document and what was printed of a review that nobody sits at."""
    line, env = command(tmp_path, *words, "--json", tmp_path / "out.json")
    done = subprocess.run(line, env=env, capture_output=True, text=True, timeout=300, check=False, input="")
    assert done.returncode == 0, done.stderr
    return json.loads((tmp_path / "out.json").read_text(encoding="utf-8")), done.stdout


def test_one_voice_is_the_rep_alone(tmp_path, alone):
    doc, told = reviewed(tmp_path, alone)
    figures = doc["metrics"]
    assert doc["audio"]["channels"] == ["rep"]
    assert "taken as yours" in doc["audio"]["note"]
    assert figures["airtime"]["how"] == "measured"
    assert 0.1 < figures["airtime"]["value"] < 0.9
    assert figures["longest_monologue"]["how"] == "estimated"
    for name in ("talk_share", "interruptions", "patience", "pitch_onset", "coverage", "bleed"):
        assert figures[name] == figures[name] | {"value": None, "how": "not available"}
    assert doc["speech"]["customer"] == []
    assert "without them" not in told


def test_all_of_it_is_the_rep_where_they_say_so(tmp_path, memo):
    doc, _ = reviewed(tmp_path, memo, "--rep", "only")
    assert doc["metrics"]["airtime"]["how"] == "measured"
    assert doc["metrics"]["talk_share"]["value"] is None


def test_two_voices_and_nobody_to_ask_count_nothing_and_say_how_to_go_on(tmp_path, memo):
    doc, told = reviewed(tmp_path, memo)
    assert all(m["value"] is None for m in doc["metrics"].values())
    assert doc["nudges"] == doc["moments"] == doc["findings"] == []
    assert "--rep first" in told
    assert "coach voice enrol" in told
    doc, _ = reviewed(tmp_path, memo, "--rep", "first")
    assert doc["metrics"]["talk_share"]["how"] == "estimated"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no terminals of this kind")
def test_a_terminal_is_asked_once_and_never_again(tmp_path, memo):
    asked, told = at_a_terminal(tmp_path, memo, "first\n")
    assert asked == 1
    assert "Your voice" in told
    assert "Talk share" in told
    (hand,) = (tmp_path / "data").rglob("*.hand")
    assert '{"rep": "first"}' in hand.read_text(encoding="utf-8")
    asked, told = at_a_terminal(tmp_path, memo, "")
    assert asked == 0
    assert "you are the first to speak" in told.replace("\r\n", " ")


def at_a_terminal(tmp_path, memo, answer: str) -> tuple[int, str]:
    """Run a review at a terminal of its own; return how often it asked, and all that stood there."""
    line, env = command(tmp_path, memo)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(line, env=env, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True)
    os.close(theirs)
    told, asked, until = "", 0, time.monotonic() + 240
    try:
        while time.monotonic() < until:
            try:
                part = os.read(ours, 4096).decode("utf-8", "replace")
            except OSError:  # as Linux says that nobody writes any more
                break
            if not part:
                break
            told += part
            if told.count("Your voice [") > asked:
                asked += 1
                os.write(ours, answer.encode())
        assert process.wait(60) == 0, told
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return asked, told


@pytest.mark.parametrize(
    ("said", "answer"),
    [("third", Answer("third")), ("only", Answer("only")), ("nobody", Answer("nobody")), ("later", None)],
)
def test_what_is_asked_names_where_each_voice_is_heard(monkeypatch, capsys, said, answer):
    offered = []

    def prompt(_text, *, type, default, **_):  # noqa: A002 - click's name
        offered.extend([*type.choices, default])
        return said

    monkeypatch.setattr(terminal.click, "prompt", prompt)
    assert terminal.ask_voice("memo.m4a", TWO) == answer
    assert offered == ["first", "third", "only", "nobody", "later", "later"]
    told = capsys.readouterr().err
    assert "3 voices" in told
    assert "first   heard at 0:01, 0:40 in all" in told
    assert "third   heard at 0:20, 0:30 in all" in told
    assert ("coach voice enrol memo.m4a --voice third" in told) is (said == "third")


def test_ctrl_c_at_the_question_stops_all(monkeypatch):
    def stop(*_, **__):
        raise click.Abort

    monkeypatch.setattr(terminal.click, "prompt", stop)
    with pytest.raises(KeyboardInterrupt):
        terminal.ask_voice("memo.m4a", TWO)


def test_who_does_not_sit_at_a_terminal_is_not_asked(monkeypatch):
    for stdin, stderr in ((False, True), (True, False)):
        monkeypatch.setattr(terminal.sys.stdin, "isatty", lambda here=stdin: here)
        monkeypatch.setattr(terminal.sys.stderr, "isatty", lambda here=stderr: here)
        assert terminal.asking(lambda _: None) is None

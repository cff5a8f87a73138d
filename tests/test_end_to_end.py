"""A real call in, a gentle nudge out: the demo calls through real devices, on a real screen, in real time.

Two null sinks of a private sound server are the microphone and the loudspeaker; a full-screen window with a
line to type into is the meeting. ``coach live`` is started as a rep would start it; the calls are played; the
log, the screen and the focus are watched. Screenshots stay in ``artifacts/``.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from rigs.consent import agreed
from rigs.screen import Screen, close, until
from rigs.sound import LOUDSPEAKER, MICROPHONE, sound_rig

from coach import app
from coach.archive.log import read_log
from coach.audio.recording import open_recording
from coach.call.events import SentenceHeard, TroubleNoticed, VoiceStarted, Who
from coach.demo.scenes import scenes
from coach.nudges.commands import ShowNudge
from coach.nudges.engine import Engine

pytestmark = [pytest.mark.desktop, pytest.mark.model]

SOLD, LISTENED = (scene.sound for scene in scenes())
ARTIFACTS = Path(__file__).resolve().parent.parent / "artifacts"
MEETING = Path(__file__).parent / "ui" / "meeting.py"
BY_VOICE = {"monologue", "talk_share"}
A_BREATH_S = 3.0
"""Sentences of one breath that are known together are at most so much later known than apart; seen: 1.5."""
WITHIN_S = 0.5
"""A live call and its review agree within this (the issue's own figure)."""


class Taken:
    """One take, played live: what the log holds, what the screen showed, what the focus did."""

    def __init__(self, recording: Path, folder: Path) -> None:
        self.name = recording.stem
        self.length_s = json.loads(recording.with_suffix(".json").read_text())["duration_s"]
        self.typed: list[str] = []
        self.focus: set[tuple[str, str]] = set()
        self.pixels: list[tuple[float, bool]] = []
        ARTIFACTS.mkdir(exist_ok=True)
        with sound_rig() as rig, Screen(composite=True) as screen:
            self._play(recording, folder, rig, screen)

    def _play(self, recording, folder, rig, screen):
        env = (
            screen.env
            | rig.env
            | {"XDG_DATA_HOME": agreed(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
        )
        file = folder / "config" / "coach" / "settings.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('[storage]\nother_side = "words"\n')  # to compare what was heard of both
        meeting = self._meeting(env)
        coach = subprocess.Popen(
            [sys.executable, "-m", "coach", "live"],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            self.log = self._listening(folder, rig, coach)
            sides = _sides(recording)
            players = [
                rig.play(sink, sides[who], ahead_ms=2000)
                for who, sink in ((Who.REP, MICROPHONE), (Who.CUSTOMER, LOUDSPEAKER))
            ]
            self._watch(screen, players)
            coach.send_signal(signal.SIGINT)
            self.output, _ = coach.communicate(timeout=60)
            self.code = coach.returncode
        finally:
            close(coach)
            close(meeting)
        self.events = list(read_log(self.log))

    def _meeting(self, env):
        meeting = subprocess.Popen(
            [sys.executable, str(MEETING), "full", "top"],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert meeting.stdout.readline().strip() == "ready"
        threading.Thread(target=self._read, args=(meeting,), daemon=True).start()
        return meeting

    def _read(self, meeting):
        for line in meeting.stdout:
            kind, _, text = line.strip().partition(" ")
            if kind == "text":
                self.typed.append(text)

    def _listening(self, folder, rig, coach):
        """Wait until both devices are open and sound arrives; return the log."""

        def both_open():
            if coach.poll() is not None:
                raise AssertionError(coach.stdout.read())
            return rig.control("list", "short", "source-outputs").count("\n") >= 1

        until(both_open, 30)
        until(lambda: any((folder / "data").rglob("*.jsonl")), 30)
        (log,) = (folder / "data").rglob("*.jsonl")
        # A null sink's first sound reaches a fresh stream after up to two seconds; a call begins quietly too.
        until(lambda: re.search(r'"TimePassed","at_ms":5\d{3}', log.read_text()), 30)
        return log

    def _watch(self, screen, players):
        shown = 0
        self.focus.add((screen.active_window(), screen.focused_window()))
        rest = threading.Event()
        while any(p.poll() is None for p in players):
            rest.wait(0.2)
            commands = [
                json.loads(x)
                for x in self.log.read_text().splitlines()
                if x.startswith('{"command": "ShowNudge"')
            ]
            if len(commands) > shown:
                shown = len(commands)
                rest.wait(0.6)
                rule = commands[-1]["nudge"]["rule"]
                screen.screenshot(ARTIFACTS / f"{self.name}-{shown}-{rule}.png")
                screen.type_text("x")
                self.focus.add((screen.active_window(), screen.focused_window()))
                self.pixels.append((commands[-1]["at_ms"] / 1000, _card_on(screen)))
        rest.wait(2)
        screen.type_text("y")
        self.focus.add((screen.active_window(), screen.focused_window()))

    @property
    def nudges(self):
        engine = Engine(app.Settings())
        commands = [c for e in self.events for c in engine.handle(e)]
        return [
            (c.nudge.rule, c.nudge.due_ms / 1000, c.nudge.at_ms / 1000)
            for c in commands
            if isinstance(c, ShowNudge)
        ]

    @property
    def logged(self):
        lines = [
            json.loads(x)
            for x in self.log.read_text().splitlines()
            if x.startswith('{"command": "ShowNudge"')
        ]
        return [(x["nudge"]["rule"], x["nudge"]["due_ms"] / 1000, x["nudge"]["at_ms"] / 1000) for x in lines]

    def first_voice_s(self):
        return (
            next(e.since_ms for e in self.events if isinstance(e, VoiceStarted) and e.who is Who.REP) / 1000
        )


def _sides(recording):
    opened = open_recording(recording)
    sides = {who: [] for who in opened.channels}
    for block in opened.blocks(1000):
        sides[block.who].append(block.samples)
    return {who: np.concatenate(parts) for who, parts in sides.items()}


def _card_on(screen):
    """Say whether the dark card stands on the white meeting: top centre, 24 px below the edge."""
    return any(sum(screen.pixel(640 + dx, 60)) < 300 for dx in (-140, -120, 100))


def reviewed(path, block_ms=100):
    settings = app.Settings()
    events = []

    class Ledger:
        def event(self, event):
            events.append(event)

        def command(self, command):
            pass

    words = app.load_words(settings, 1)
    report = app.coach_recording(
        app.open_call(path, settings), settings, words, lambda *_: None, block_ms=block_ms, ledger=Ledger()
    )
    first = next(e.since_ms for e in events if isinstance(e, VoiceStarted) and e.who is Who.REP) / 1000
    return [(n.rule, n.due_ms / 1000, n.at_ms / 1000) for n in report.nudges], first, events


@pytest.fixture(scope="module")
def sold(tmp_path_factory):
    return Taken(SOLD, tmp_path_factory.mktemp("sold"))


@pytest.fixture(scope="module")
def listened(tmp_path_factory):
    return Taken(LISTENED, tmp_path_factory.mktemp("listened"))


@pytest.fixture(scope="module")
def reviews():
    return {path: reviewed(path) for path in (SOLD, LISTENED)}


def test_the_rep_who_sells_is_nudged_at_the_early_pitch_and_in_the_monologue_on_time(sold):
    truth = json.loads(SOLD.with_suffix(".json").read_text())
    lag = sold.first_voice_s() - truth["sentences"][0]["start_s"]
    early = [due - lag for rule, due, _ in sold.nudges if rule in ("premature_pitch", "pounce")]
    pitches = [(x["at_s"], x["by_s"]) for x in truth["expect"]]
    assert early
    assert any(at - 1 <= early[0] <= by + 6 for at, by in pitches)
    long_turn = next(t for t in truth["turns"] if t["end_s"] - t["start_s"] > 75)
    crossing = long_turn["start_s"] + 75
    (monologue,) = [due - lag for rule, due, _ in sold.nudges if rule == "monologue"]
    # On time as the scorer of the calls has it: the 45 s after another nudge may hold it back a little.
    assert crossing - 1 <= monologue <= crossing + 6


def test_every_nudge_was_on_the_screen_above_the_full_screen_meeting(sold):
    assert len(sold.pixels) == len(sold.nudges)
    assert all(visible for _, visible in sold.pixels)


def test_the_meeting_keeps_its_focus_and_its_typing(sold):
    assert len(sold.focus) == 1
    until(lambda: bool(sold.typed) and sold.typed[-1] == "x" * len(sold.nudges) + "y", 5)


def test_the_rep_who_listens_is_not_nudged_once(listened):
    assert listened.nudges == []
    assert listened.code == 0, listened.output
    assert len(listened.focus) == 1


def test_the_call_ends_with_its_figures_and_a_log_that_replays(sold):
    assert sold.code == 0, sold.output
    assert "Talk share" in sold.output
    assert sold.logged == sold.nudges
    assert not [
        e for e in sold.events if isinstance(e, TroubleNoticed) and e.code in ("no_words", "words_late")
    ]


@pytest.mark.parametrize("take", ["sold", "listened"])
def test_review_gives_the_same_nudges_as_live(take, request, reviews):
    live = request.getfixturevalue(take)
    nudges, first, _ = reviews[SOLD if take == "sold" else LISTENED]
    shift = live.first_voice_s() - first
    assert [rule for rule, *_ in live.nudges] == [rule for rule, *_ in nudges]
    for (rule, due, at), (_, review_due, review_at) in zip(live.nudges, nudges, strict=True):
        if rule in BY_VOICE:
            assert due - shift == pytest.approx(review_due, abs=WITHIN_S)
            assert at - shift == pytest.approx(review_at, abs=WITHIN_S)
        else:
            # Whether a draft sets a mark between two sentences of one breath is the decoder's whim; without one the
            # sentence is known at the end of that breath, and the card comes at that breath or at the next.
            assert review_due - WITHIN_S <= due - shift <= review_at + WITHIN_S
            assert review_at - WITHIN_S <= at - shift <= review_at + A_BREATH_S


def test_review_is_the_same_to_the_bit_on_every_run_and_at_every_block_size(reviews):
    for block_ms in (20, 777):
        again = reviewed(SOLD, block_ms)
        assert again[0] == reviews[SOLD][0]
        plain = [
            e for e in again[2] if not isinstance(e, type(again[2][-1])) and type(e).__name__ != "TimePassed"
        ]
        first = [
            e
            for e in reviews[SOLD][2]
            if type(e).__name__ != "TimePassed" and not isinstance(e, type(again[2][-1]))
        ]
        assert plain == first


def test_what_was_said_is_heard_live(sold):
    text = " ".join(e.text.lower() for e in sold.events if isinstance(e, SentenceHeard))
    for word in ("inbox", "reporting", "friday"):
        assert word in text


def test_the_microphone_alone_is_a_call_too_and_knows_what_it_cannot_know(tmp_path):
    with sound_rig() as rig:
        env = {k: v for k, v in os.environ.items() if k != "DISPLAY"} | rig.env
        env |= {"XDG_DATA_HOME": agreed(tmp_path / "d"), "PYTHONUNBUFFERED": "1"}
        command = [
            sys.executable,
            "-m",
            "coach",
            "live",
            "--headless",
            "--other",
            "none",
            "--type",
            "listening",
        ]
        coach = subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            assert coach.stdout.readline().startswith("Listening to your microphone (listening).")
            until(lambda: "Source Output" in rig.control("list", "source-outputs"), 30)
            rig.play(MICROPHONE, _sides(SOLD)[Who.REP][: 20 * 16_000]).wait(60)
            coach.send_signal(signal.SIGINT)
            output, _ = coach.communicate(timeout=60)
        finally:
            close(coach)
    assert coach.returncode == 0, output
    assert "Traceback" not in output
    figures = {line[2:30].strip(): line[30:].strip() for line in output.splitlines() if line.startswith("  ")}
    assert figures["Talk share"] == "not available"
    assert figures["Airtime"].endswith("measured")
    (log,) = (tmp_path / "d").rglob("*.jsonl")
    assert any(isinstance(e, SentenceHeard) for e in read_log(log))


def test_the_second_coach_is_refused_in_one_sentence(tmp_path):
    """Two calls at once would each hear half of the truth."""
    with sound_rig() as rig, Screen() as screen:
        env = screen.env | rig.env | {"XDG_DATA_HOME": agreed(tmp_path / "d")}
        first = subprocess.Popen(
            [sys.executable, "-m", "coach"],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            run = Path(rig.env["XDG_RUNTIME_DIR"])
            until(lambda: (run / "coach").exists() or first.poll() is not None, 30)
            assert first.poll() is None, first.stdout.read()
            second = subprocess.run(
                [sys.executable, "-m", "coach"],
                env=env,
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
            )
            assert second.returncode == 2
            assert second.stderr == "Coach is already running. Look for its icon in the tray.\n"
            first.send_signal(signal.SIGTERM)
            assert first.wait(20) == 0
        finally:
            close(first)

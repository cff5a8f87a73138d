"""Settings, scenes, sessions, notes, queues and prints that were damaged: a value or one sentence, never a crash."""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from coach import library, voices
from coach.archive.hand import hand_path, read_hand
from coach.audio.voiceprint import Voiceprint
from coach.demo.scenes import SCENE, bundled, inspect
from coach.practice_queue import Item, Queue, keep_queue, take_up_queue
from coach.settings import Settings, parse
from coach.speech.models import locate
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ROUNDS = 150
TOKENS = (
    "null",
    "NaN",
    "1e999",
    "-1",
    "99999999999999999999999999",
    "0.1",
    '""',
    "[]",
    "{}",
    "true",
    '"\\u0000"',
    '"\\u001b[2J"',
    '"\\ud800"',
    "../../etc/passwd",
    "/etc/passwd",
    "[" * 5000,
    '{"a":' * 5000,
    "a." * 3000 + "b = 1",
    "é" * 3000,
    "\x00",
    "\x1b]0;x\x07",
    "\u202e",
)


def damaged(text: str, rounds: int = ROUNDS, seed: int = 8) -> Iterator[bytes]:  # noqa: C901 - a list of seven ways
    """Yield a text again and again, each time with a few things wrong."""
    for number in range(rounds):
        dice = random.Random(f"{seed}-{number}")  # noqa: S311 - damage, no secret
        now = text
        for _ in range(dice.choice((1, 1, 2, 5))):
            lines = now.splitlines(keepends=True) or [""]
            at = dice.randrange(len(lines))
            match dice.randrange(7):
                case 0:
                    del lines[at]
                case 1:
                    lines.insert(at, lines[dice.randrange(len(lines))])
                case 2:
                    lines[at] = lines[at][: dice.randrange(len(lines[at]) + 1)]
                case 3:  # a value becomes another
                    lines[at] = _with_token(lines[at], dice)
                case 4:
                    lines[at] = _with_token(lines[at], dice)
                    lines = lines[: at + 1]
                case 5:
                    place = dice.randrange(len(lines[at]) + 1)
                    lines[at] = lines[at][:place] + dice.choice(TOKENS) + lines[at][place:]
                case _:
                    dice.shuffle(lines)
            now = "".join(lines)
        data = bytearray(now.encode("utf-8", "surrogatepass"))
        if data and dice.random() < 0.3:
            for _ in range(dice.randrange(1, 20)):
                data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        yield bytes(data)


def _with_token(line: str, dice: random.Random) -> str:
    for mark in dice.sample((": ", ":", "= ", ","), 4):
        if mark in line:
            places = [i for i in range(len(line)) if line.startswith(mark, i)]
            at = dice.choice(places) + len(mark)
            end = next((i for i in range(at, len(line)) if line[i] in ",}]\n"), len(line))
            return line[:at] + dice.choice(TOKENS) + line[end:]
    return dice.choice(TOKENS)


def survived(text: str, path: Path, read: Callable[[], object], rounds: int = ROUNDS) -> int:
    """Read a damaged text many times; return how often it was refused in a sentence."""
    refused = 0
    for number, data in enumerate(damaged(text, rounds)):
        path.write_bytes(data)
        try:
            read()
        except Trouble as trouble:
            assert all(c.isprintable() for c in str(trouble)), number  # noqa: PT017 - some are values
            refused += 1
        except BaseException as e:
            raise AssertionError(f"damage {number}: {type(e).__name__}: {e}") from e
    return refused


SETTINGS = """
[call]
type = "demo"
planned_minutes = 30
[audio]
microphone = "Headset"
swap_channels = false
[speech]
model = "tiny.en"
language = "en"
allowance_s = 0.3
[facts]
products = ["Ferrolift", "Doorman"]
only = "We mend it the same day"
[limits.discovery]
monologue_s = 60
[storage]
keep = "everything"
"""


def test_settings(tmp_path):
    from coach import app

    path = tmp_path / "settings.toml"
    assert survived(SETTINGS, path, lambda: app.load_settings(path), 400) > 100


def test_assignments_on_the_command_line():
    from coach import app

    for token in TOKENS:
        for name in ("limits.discovery.monologue_s", "facts.products", "call.type", token, "storage"):
            try:
                assert isinstance(app.with_set(Settings(), [f"{name}={token}"]), Settings)
            except Trouble as trouble:
                assert trouble.what  # noqa: PT017 - some are values


def test_scenes(tmp_path):
    folder = tmp_path / "scene"
    shutil.copytree(bundled(), folder)
    text = (folder / SCENE).read_text(encoding="utf-8")
    found = []
    for data in damaged(text, 300):
        (folder / SCENE).write_bytes(data)
        scene, wrong = inspect(folder)
        assert scene is not None or wrong
        found.append(wrong)
        if scene is not None:
            inside = folder.resolve()
            for take in scene.takes:
                assert take.log.resolve().is_relative_to(inside)
                assert take.sound is None or take.sound.resolve().is_relative_to(inside)
    assert sum(map(bool, found)) > 50


@pytest.fixture(scope="module")
def session():
    """Return the text of a kept session, shortened."""
    log = next(bundled().glob("*.jsonl"))
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(lines[:150] + [x for x in lines[150:] if x.startswith('{"command"')])


def test_sessions(tmp_path, session):
    path = tmp_path / "2026-11-22-101500.jsonl"
    assert survived(session, path, lambda: library.open_session(path, Settings())) > 10


def test_sessions_that_are_replayed(tmp_path, session):
    from coach import app

    path = tmp_path / "s.jsonl"
    survived(session, path, lambda: app.replay(path, Settings()))


def test_headers_of_sessions(tmp_path, session):
    path = tmp_path / "s.jsonl"
    head, *rest = session.splitlines(keepends=True)

    def read() -> None:
        library.open_session(path, Settings())

    for data in damaged(head, 150):
        path.write_bytes(data + "".join(rest).encode())
        try:
            read()
        except Trouble as trouble:
            assert trouble.what  # noqa: PT017 - some are values


def test_notes_by_hand(tmp_path):
    from coach.archive.hand import HandFile

    path = tmp_path / "s.jsonl"
    path.touch()
    hand = HandFile(path)
    hand.tag(("won", "practice"))
    hand.tag(("won",))
    text = hand_path(path).read_text(encoding="utf-8")
    survived(text, hand_path(path), lambda: read_hand(path), 300)


def test_the_queue(tmp_path):
    path = tmp_path / "practice.json"
    items = tuple(Item(str(k), tmp_path / "a.wav", "demo", "a pause") for k in (1, 2))
    keep_queue(path, Queue(items), 12)
    assert take_up_queue(path) == (Queue(items), 12)
    survived(path.read_text(encoding="utf-8"), path, lambda: take_up_queue(path), 300)


def test_prints_of_voices(tmp_path):
    path = tmp_path / "voices.json"
    vector = np.eye(1, 256, dtype=np.float32)[0]
    voices.keep_print(path, Voiceprint("me", "recording", "full", vector, 0.9, 0.1, 20.0, "2026-11-22"))
    assert [p.name for p in voices.load_prints(path)] == ["me"]
    survived(path.read_text(encoding="utf-8"), path, lambda: voices.load_prints(path), 300)


def test_pictures_of_sound(tmp_path):
    from coach.audio.peaks import load_peaks

    cache, recording = tmp_path / "peaks.npz", tmp_path / "a.wav"
    recording.write_bytes(b"x")
    stat = recording.stat()
    head = np.array([1, stat.st_size, stat.st_mtime_ns, 10, 160, 0], np.int64)
    np.savez(cache, head=head, sides=np.array(["rep"]), finest=np.zeros((1, 1, 2), np.int16))
    assert load_peaks(cache, recording) is not None
    whole = cache.read_bytes()
    for number in range(400):
        dice = random.Random(number)  # noqa: S311 - as above
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 6)):
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        cache.write_bytes(data[: dice.choice((len(data), dice.randrange(len(data))))])
        load_peaks(cache, recording)  # none, or the picture


def test_configurations_of_models(tmp_path):
    """What a folder that a user names says of itself; the catalogue's own are hashed before they are read."""
    config = json.dumps({"lang_ids": [1, 2], "suppress_ids": [3], "alignment_heads": [[1, 2]]}, indent=1)
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("model.bin", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_bytes(b"{}")
    assert survived(config, folder / "config.json", lambda: locate(str(folder)), 150) == 150


def test_a_sentence_never_commands_a_terminal():
    trouble = Trouble("'\x1b[2Jcall\x07.wav' \u202eis no file.", "Choose\nanother.")
    assert str(trouble) == "' [2Jcall .wav'  is no file. Choose another."
    assert parse("") == Settings()

"""Everything that is kept, written out: complete, in open formats, and nothing else touched."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tomllib
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner
from playbook import CUSTOMER, REP, told

from coach import app, everything, library, voices
from coach.archive.hand import HandFile
from coach.archive.log import SessionLog, read_session
from coach.archive.soundfile import sound_path
from coach.audio.block import Block
from coach.audio.media import Decoding, find_track
from coach.audio.voiceprint import Voiceprint
from coach.call.hand import Note
from coach.cli import cli
from coach.everything import export_all
from coach.settings import Settings
from coach.shelf import Shelf, remain
from coach.tape import Tape
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

PRINT = Voiceprint("me", "mic", "full", np.full(256, 0.0625, np.float32), 0.8, 0.05, 30.0, "2026-11-20")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def kept(name: str, *said: tuple) -> Path:
    log = SessionLog(
        app.sessions_folder() / f"{name}.jsonl", "words", None, {"began": "2026-11-20T10:00:00+01:00"}
    )
    for event in told(said or ((REP, 1, 4, "What would help you?"), (CUSTOMER, 5, 9, "A lift.")), 60):
        log.event(event)
    log.close()
    return log.path


@pytest.fixture
def calls(home: Path) -> list[Path]:
    first, second = kept("2026-11-20-100000"), kept("2026-11-21-100000")
    HandFile(first).note(Note(1000, "Ask <b>again</b>"))
    HandFile(first).call_it("../../evil: Karen/2")
    HandFile(first).tag(("won",))
    tape = Tape((REP, CUSTOMER), lambda: first, lambda _: None)
    tape.take(Block(REP, 0, np.full(16_000, 700, np.int16)))
    tape.close()
    settings = app.settings_file()
    settings.parent.mkdir(parents=True)
    settings.write_text("# mine\n[storage]\nkeep_days = 90\n")
    voices.keep_print(app.voiceprints_file(), PRINT)
    return [first, second]


def exported(to: Path) -> str:
    return export_all(to, app.load_settings(), app.settings_file())


def listing(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_all_of_it_is_there_in_open_formats(home: Path, calls: list[Path]) -> None:
    said = exported(home / "out")
    assert said.startswith(f"Everything is in {home / 'out'}: 2 calls, and READ ME.txt")
    files = listing(home / "out")
    first = "sessions/2026-11-20-100000"
    mine = {name.removeprefix(f"{first}/") for name in files if name.startswith(first)}
    drawn = {f"call{ending}" for ending in (".html", ".json", ".csv", ".sentences.csv", ".vtt")}
    assert mine == {"log.jsonl", "notes.json", "sound.flac", *drawn}
    assert "A lift." in files[f"{first}/call.vtt"].decode()
    assert {name for name in files if "/" not in name} == {
        *("READ ME.txt", "manifest.json", "settings.toml", "settings.json", "habit.json", "voices.json"),
    }
    notes = json.loads(files[f"{first}/notes.json"])
    assert (notes["title"], notes["tags"]) == ("../../evil: Karen/2", ["won"])
    assert notes["notes"] == [{"at_ms": 1000, "text": "Ask <b>again</b>"}]
    assert b"# mine" in files["settings.toml"]
    assert json.loads(files["settings.json"])["storage.keep_days"] == 90
    assert tomllib.loads(files["settings.toml"].decode()) == {"storage": {"keep_days": 90}}


def test_a_log_comes_back_as_the_session_that_it_was(home: Path, calls: list[Path]) -> None:
    exported(home / "out")
    for call in calls:
        assert read_session(home / "out" / "sessions" / call.stem / "log.jsonl") == read_session(call)
    sound = next(iter(Decoding(find_track(home / "out" / "sessions" / calls[0].stem / "sound.flac"))))
    assert sound[0, :10].tolist() == [700] * 10


def test_a_voice_print_is_listed_and_not_written_out(home: Path, calls: list[Path]) -> None:
    exported(home / "out")
    assert json.loads((home / "out" / "voices.json").read_text()) == [
        {"name": "me", "route": "mic", "made": "2026-11-20"}
    ]
    kept_as = app.voiceprints_file().read_text().split('"')
    longest = max(kept_as, key=len)  # the numbers
    assert len(longest) > 300
    assert not any(longest.encode() in data for data in listing(home / "out").values())


def test_the_manifest_names_every_file_with_its_sum(home: Path, calls: list[Path]) -> None:
    exported(home / "out")
    files = listing(home / "out")
    manifest = json.loads(files.pop("manifest.json"))
    assert {f["file"]: (f["bytes"], f["sha256"]) for f in manifest["files"]} == {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()
    }
    assert manifest["not_written"] == []
    assert all(f["what"] for f in manifest["files"])


def test_nobody_else_can_read_it(home: Path, calls: list[Path]) -> None:
    before = os.umask(0)
    try:
        exported(home / "out")
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(p.stat().st_mode) for p in (home / "out").rglob("*") if p.is_file()}
    folders = {stat.S_IMODE(p.stat().st_mode) for p in (home / "out").rglob("*") if p.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})
    assert stat.S_IMODE((home / "out").stat().st_mode) == 0o700


def test_an_empty_folder_is_taken_and_nothing_is_left_beside_it(home: Path, calls: list[Path]) -> None:
    (home / "out").mkdir()
    before = {p.name for p in home.iterdir()}
    exported(home / "out")
    assert {p.name for p in home.iterdir()} == before
    assert (home / "out" / "manifest.json").exists()


@pytest.mark.parametrize("there", ["file", "full", "link", "ours", "inside"])
def test_what_is_there_is_neither_overwritten_nor_climbed_into(
    home: Path, calls: list[Path], there: str
) -> None:
    out = home / "out"
    if there == "file":
        out.write_text("mine")
    elif there == "full":
        out.mkdir()
        (out / "mine").write_text("mine")
    elif there == "link":
        (home / "elsewhere").mkdir()
        out.symlink_to(home / "elsewhere")
    elif there == "ours":
        out = app.data_folder() / "sessions" / "out"
    else:
        out = home / "x" / ".." / "data" / "coach" / "out"
        (home / "x").mkdir()
    before = listing(home)
    with pytest.raises(Trouble, match="Name a"):
        exported(out)
    assert listing(home) == before


def test_a_disk_that_is_full_leaves_nothing(
    home: Path, calls: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(everything, "_write_rest", full)
    before = listing(home)
    with pytest.raises(Trouble, match="No space left"):
        exported(home / "out")
    assert listing(home) == before
    assert not (home / "out").exists()


def test_what_cannot_be_read_is_named_and_the_rest_is_there(home: Path, calls: list[Path]) -> None:
    (app.sessions_folder() / "broken.jsonl").write_bytes(b"\xff\xfe no session")
    app.voiceprints_file().write_text("{")
    assert "could not be read; manifest.json names them." in exported(home / "out")
    manifest = json.loads((home / "out" / "manifest.json").read_text())
    assert any("broken.jsonl" in f["what"] for f in manifest["not_written"])
    assert any(f["what"] == "voices" for f in manifest["not_written"])
    assert (home / "out" / "sessions" / calls[1].stem / "call.html").exists()


def test_a_sessions_name_cannot_climb_out(home: Path) -> None:
    for name in ("..", "a b\nc", "CON", "x" * 200, "Con"):
        kept(name)
    exported(home / "out")
    folders = sorted(p.name for p in (home / "out" / "sessions").iterdir())
    assert len(folders) == 5
    assert not any(set(name) & set('/\\:*?"<>|\n') for name in folders)
    assert len({name.casefold() for name in folders}) == 5
    assert sorted(p.name for p in home.iterdir()) == ["data", "out"]


def test_forgetting_a_call_names_the_copy(home: Path, calls: list[Path]) -> None:
    exported(home / "out")
    copy = home / "out" / "sessions" / calls[0].stem
    with closing(Shelf()) as shelf:
        copies = shelf.forget([str(calls[0])])
    assert copies == [copy]
    assert str(copy) in remain(copies)
    assert not sound_path(calls[0]).exists()
    assert (copy / "sound.flac").exists()


def test_from_the_command_line(home: Path, calls: list[Path]) -> None:
    done = CliRunner().invoke(cli, ["export", "--all", "out"])
    assert done.exit_code == 0, done.output
    assert ": 2 calls, and" in done.output
    assert len(library.sessions()) == 2
    for wrong in (["export"], ["export", "last", "--all", "b"], ["export", "--all", "b", "--to", "c"]):
        again = CliRunner().invoke(cli, wrong)
        assert isinstance(again.exception, Trouble)
    assert not (home / "b").exists()


def test_with_nothing_kept_there_is_still_a_folder_that_says_so(home: Path) -> None:
    assert ": 0 calls, and" in exported(home / "out")
    assert json.loads((home / "out" / "settings.json").read_text())["storage.keep"] == Settings().storage.keep

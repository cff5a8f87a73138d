"""Of many recordings, those are to do whose very sound was not coached before with the same settings."""

from __future__ import annotations

import os

import numpy as np
import pytest
from fakes import Same
from rigs.files import write

from coach import app, batch, library
from coach.archive.hand import HandFile
from coach.archive.log import SessionLog
from coach.batch import Plan, make_plan, recordings_in
from coach.settings import Settings
from coach.trouble import Trouble

RATE = 16_000


@pytest.fixture(scope="module")
def voices():
    """Return three sounds."""
    return np.random.default_rng(4).integers(-9_000, 9_000, (3, 4 * RATE), np.int16)


@pytest.fixture
def calls(tmp_path, voices):
    folder = tmp_path / "calls"
    folder.mkdir()
    for name, voice in zip("abc", voices, strict=True):
        write(folder / f"{name}.wav", voice[None])
    return folder


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "kept"


def coached(path, kept, settings=None):
    settings = settings or Settings()
    recording = app.open_call(path, settings)
    library.coach_and_keep(recording, settings, Same(), lambda *_: None, kept)
    return library.recording_session(library.checksum(path), kept)


def names(paths):
    return [p.name for p in paths]


def test_what_was_not_coached_is_to_do_in_order_of_its_name(calls, kept):
    plan = make_plan([calls], Settings(), folder=kept)
    assert plan == Plan((calls / "a.wav", calls / "b.wav", calls / "c.wav"))
    assert plan.count == 3


def test_what_was_coached_is_done_and_its_session_named(calls, kept):
    session = coached(calls / "b.wav", kept)
    plan = make_plan([calls], Settings(), folder=kept)
    assert names(plan.todo) == ["a.wav", "c.wav"]
    assert plan.done == ((calls / "b.wav", session),)


@pytest.mark.parametrize(
    "other",
    ['call.type="demo"', 'speech.model="base"', "audio.swap_channels=true", 'facts.products=["Ferrolift"]'],
)
def test_with_other_settings_that_matter_it_is_to_do_again(calls, kept, other):
    coached(calls / "b.wav", kept)
    assert len(make_plan([calls], app.with_set(Settings(), [other]), folder=kept).todo) == 3


def test_with_settings_that_change_no_result_it_is_done(calls, kept):
    coached(calls / "b.wav", kept)
    assert len(make_plan([calls], app.with_set(Settings(), ["speech.threads=1"]), folder=kept).todo) == 2


def test_again_is_everything(calls, kept):
    coached(calls / "b.wav", kept)
    assert len(make_plan([calls], Settings(), again=True, folder=kept).todo) == 3


def test_a_recording_that_was_moved_and_renamed_is_done_still(calls, kept):
    session = coached(calls / "b.wav", kept)
    (calls / "b.wav").rename(calls / "z.wav")
    assert make_plan([calls], Settings(), folder=kept).done == ((calls / "z.wav", session),)


def test_another_sound_under_the_same_name_is_to_do(calls, kept, voices):
    coached(calls / "b.wav", kept)
    write(calls / "b.wav", voices[0][None, : 3 * RATE])
    assert names(make_plan([calls], Settings(), folder=kept).todo) == ["a.wav", "b.wav", "c.wav"]


def test_what_was_kept_and_not_touched_since_is_not_read_again(calls, kept, monkeypatch):
    coached(calls / "b.wav", kept)
    read = []
    checksum = library.checksum
    monkeypatch.setattr(library, "checksum", lambda path: read.append(path.name) or checksum(path))
    make_plan([calls], Settings(), folder=kept)
    assert read == ["a.wav", "c.wav"]


def test_the_same_sound_twice_is_coached_once(calls, kept):
    (calls / "copy.wav").write_bytes((calls / "a.wav").read_bytes())
    plan = make_plan([calls], Settings(), folder=kept)
    assert plan.copies == ((calls / "copy.wav", calls / "a.wav"),)
    assert names(plan.todo) == ["a.wav", "b.wav", "c.wav"]
    assert plan.count == 4


def test_a_recording_named_by_itself_is_coached_anyhow(calls, kept):
    coached(calls / "b.wav", kept)
    plan = make_plan([calls / "b.wav", calls], Settings(), folder=kept)
    assert names(plan.todo) == ["b.wav", "a.wav", "c.wav"]
    assert names(make_plan([calls / "none.wav"], Settings(), folder=kept).todo) == ["none.wav"]


def test_a_half_session_is_no_session(calls, kept):
    session = coached(calls / "b.wav", kept)
    session.rename(session.with_name(f"{session.name}.123.part"))
    assert len(make_plan([calls], Settings(), folder=kept).todo) == 3


def test_a_session_that_cannot_be_read_is_none(calls, kept):
    session = coached(calls / "b.wav", kept)
    session.write_text("nonsense\n")
    assert len(make_plan([calls], Settings(), folder=kept).todo) == 3


def test_a_session_of_an_older_coach_is_known_by_its_sound(calls, kept):
    about = library.about_recording(calls / "b.wav", Settings())
    about["recording"] = {"file": "elsewhere.wav", "sha256": about["recording"]["sha256"]}
    log = SessionLog(library.recording_session(about["recording"]["sha256"], kept), "words", None, about)
    log.close()
    assert names(make_plan([calls], Settings(), folder=kept).todo) == ["a.wav", "c.wav"]


@pytest.mark.parametrize("damage", [{"file": None}, {"bytes": "many"}, {"changed_ns": []}])
def test_a_header_that_tells_less_of_its_recording_is_known_by_its_sound(calls, kept, damage):
    about = library.about_recording(calls / "b.wav", Settings())
    source = {k: v for k, v in (about["recording"] | damage).items() if v is not None}
    log = SessionLog(
        library.recording_session(source["sha256"], kept), "words", None, about | {"recording": source}
    )
    log.close()
    assert names(make_plan([calls], Settings(), folder=kept).todo) == ["a.wav", "c.wav"]


def test_what_killed_processes_left_is_swept_away_after_a_day(calls, kept):
    kept.mkdir()
    old, fresh = kept / "r-1.jsonl.7.part", kept / "r-2.jsonl.8.part"
    for part in (old, fresh):
        part.write_text("half")
    before = fresh.stat().st_mtime - batch.LEFT_OVER_S - 60
    os.utime(old, (before, before))
    make_plan([calls], Settings(), folder=kept)
    assert list(kept.iterdir()) == [fresh]


def test_a_recording_that_cannot_be_read_is_told_and_stops_none(calls, kept):
    (calls / "gone.wav").symlink_to(calls / "nowhere.wav")
    plan = make_plan([calls], Settings(), folder=kept)
    assert len(plan.todo) == 3
    ((path, trouble),) = plan.unread
    assert path.name == "gone.wav"
    assert "cannot be read" in trouble.what


def test_each_is_told_of_as_it_is_looked_at(calls, kept):
    seen = []
    make_plan([calls], Settings(), folder=kept, look=lambda at, of: seen.append((at, of)))
    assert seen == [(0, 3), (1, 3), (2, 3)]


def test_only_recordings_are_found_and_hidden_ones_are_not(calls):
    for name in ("notes.txt", ".hidden.wav", "LOUD.MP3", "talk.webm", "noending"):
        (calls / name).touch()
    (calls / "within.wav").mkdir()
    assert names(recordings_in(calls)) == ["LOUD.MP3", "a.wav", "b.wav", "c.wav", "talk.webm"]


def test_folders_within_are_looked_into_when_asked(calls):
    (calls / "more").mkdir()
    (calls / ".git").mkdir()
    for place in ("more", ".git"):
        (calls / place / "d.wav").touch()
    assert names(recordings_in(calls)) == ["a.wav", "b.wav", "c.wav"]
    assert names(recordings_in(calls, recursive=True)) == ["a.wav", "b.wav", "c.wav", "d.wav"]


def test_a_folder_without_recordings_is_told(tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(Trouble, match="no recording in the folder") as caught:
        recordings_in(tmp_path)
    assert "--recursive" in caught.value.mend
    with pytest.raises(Trouble) as caught:
        recordings_in(tmp_path, recursive=True)
    assert "--recursive" not in caught.value.mend


def test_a_folder_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(Trouble, match="cannot be read"):
        recordings_in(tmp_path / "none")


def test_what_a_person_said_of_its_voices_since_makes_a_recording_to_do_again(calls, kept):
    session = coached(calls / "b.wav", kept)
    hand = HandFile(session)
    hand.say_who("first")
    assert make_plan([calls], Settings(), folder=kept).done == ()
    session.with_suffix(".hand").write_text("not ours\n", encoding="utf-8")  # told of where they are shown
    assert make_plan([calls], Settings(), folder=kept).done == ((calls / "b.wav", session),)

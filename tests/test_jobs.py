"""Many recordings: each is told of by its place, a bad one stops none, no process stays behind."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path

import pytest
from fakes import Same

from coach import app, jobs, library
from coach.demo.scenes import scenes
from coach.jobs import Coached, Failed, Progress
from coach.settings import Settings
from coach.trouble import Trouble
from coach.voices import Answer, Unknown

FILES = [Path(f"{name}.wav") for name in ("a", "b", "c", "d")]


def by_name(line, settings, count):
    """Do as a process would: coach by the name of the file; runs in a process of its own."""
    while True:
        try:
            index, path = line.recv()
        except EOFError:
            return
        if path.stem == "b":
            os._exit(9)
        line.send(Progress(index, 0.5))
        line.send(Coached(index, f"report of {path.stem} ({count} jobs)"))


def without_model(line, settings, count):
    """Fail as a process does that finds no model."""
    line.send(Trouble("There is no speech model 'x'."))


def coached(work, count=2, files=FILES):
    told = []
    jobs._in_processes(files, Settings(), count, told.append, work)
    return told


def test_every_recording_is_told_of_and_one_that_kills_its_process_stops_none():
    told = coached(by_name)
    ended = {e.index: e for e in told if not isinstance(e, Progress)}
    assert sorted(ended) == [0, 1, 2, 3]
    assert ended[2].report == "report of c (2 jobs)"
    assert isinstance(ended[1], Failed)
    assert "b.wav could not be coached: its process ended (code 9)" in str(ended[1].trouble)
    assert Progress(3, 0.5) in told
    assert multiprocessing.active_children() == []


def test_when_the_model_cannot_be_loaded_all_stop():
    with pytest.raises(Trouble, match="no speech model"):
        coached(without_model)
    assert multiprocessing.active_children() == []


def test_ctrl_c_ends_every_process():
    def stop(event):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs._in_processes(FILES, Settings(), 2, stop, by_name)
    assert multiprocessing.active_children() == []


def half_done(line, settings, count):
    """Do as a process does that is stopped amid a recording; runs in a process of its own."""
    folder = library.sessions_folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"r-half.jsonl.{os.getpid()}.part").write_text("words")
    line.send(Progress(line.recv()[0], 0.5))
    line.recv()


def test_ctrl_c_leaves_no_half_session(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    seen = []

    def stop(event):
        seen.extend(library.sessions_folder().iterdir())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs._in_processes(FILES, Settings(), 2, stop, half_done)
    assert seen
    assert list(library.sessions_folder().iterdir()) == []


def test_one_job_needs_no_process(monkeypatch, tmp_path):
    monkeypatch.setattr(app, "load_words_for_recordings", lambda settings: Same())
    told = []
    jobs.coach_all([scenes()[0].sound, tmp_path / "none.wav"], Settings(), 1, told.append)
    shares = [e.share for e in told if isinstance(e, Progress)]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0, abs=0.001)  # the header rounds its length
    done, failed = (e for e in told if not isinstance(e, Progress))
    assert isinstance(done, Coached)
    assert done.report.audio["file"] == scenes()[0].sound.name
    assert isinstance(failed, Failed)


def test_a_fault_of_ours_in_one_recording_is_told_as_its_failure(monkeypatch):
    def break_down(path, settings):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(app, "open_call", break_down)
    failed = jobs.coach_one(3, FILES[0], Settings(), Same(), lambda event: None)
    assert failed.index == 3
    assert "a.wav could not be coached: ZeroDivisionError: oh." in str(failed.trouble)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is Unicode")
def test_a_name_that_is_not_utf_8_is_kept_and_found_again(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.ogg")
    path.write_bytes(scenes()[0].sound.read_bytes())
    done = jobs.coach_one(0, path, Settings(), Same(), lambda event: None, folder=tmp_path / "kept")
    opened = library.open_session(Path(done.report.audio["session"]), Settings())
    assert (opened.report.title, opened.recording) == ("caf?", path)


def test_a_session_is_kept_where_it_is_wanted(tmp_path):
    done = jobs.coach_one(0, scenes()[0].sound, Settings(), Same(), lambda event: None, folder=tmp_path)
    assert [str(p) for p in tmp_path.iterdir()] == [done.report.audio["session"]]


def test_where_nobody_knows_whose_voice_it_is_the_question_comes_back(monkeypatch):
    unknown = Unknown((), 2)
    said: list[Answer | None] = []

    def coach(*_, answer, ask):
        said.append(answer)
        return ask(unknown) if answer is None else "report"

    monkeypatch.setattr(library, "coach_and_keep", coach)
    path = scenes()[0].sound
    asked = jobs.coach_or_ask(3, path, Settings(), Same(), lambda event: None)
    assert asked == jobs.Asking(3, unknown)
    done = jobs.coach_or_ask(3, path, Settings(), Same(), lambda event: None, answer=Answer("first"))
    assert done == Coached(3, "report")
    assert said == [None, Answer("first")]


def test_one_after_the_other_can_be_asked_about(monkeypatch):
    monkeypatch.setattr(app, "load_words_for_recordings", lambda settings: Same())
    asked: list[str] = []
    monkeypatch.setattr(library, "coach_and_keep", lambda recording, *_, ask, **how: ask(Unknown((), 2)))

    def ask(path):
        return lambda unknown: asked.append(path.name)

    jobs.coach_all([scenes()[0].sound, scenes()[1].sound], Settings(), 1, lambda event: None, ask)
    assert asked == [s.sound.name for s in scenes()]

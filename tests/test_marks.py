"""Marks are written for whoever asks, and for nobody else."""

from __future__ import annotations

import threading

from coach.marks import VARIABLE, mark, read_marks, wanted


def test_nobody_asks_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    mark("tray")
    assert not wanted()
    assert list(tmp_path.iterdir()) == []


def test_a_mark_says_when_and_names_the_threads_of_that_moment(tmp_path, monkeypatch):
    path = tmp_path / "marks"
    monkeypatch.setenv(VARIABLE, str(path))
    assert read_marks(path) == {}
    mark("tray")
    mark("words")
    mark("tray")
    found = read_marks(path)
    assert list(found) == ["tray", "words"]
    assert found["tray"].at_s <= found["words"].at_s
    assert found["tray"].threads[str(threading.get_native_id())] == threading.current_thread().name


def test_a_line_that_is_still_being_written_is_left_out(tmp_path, monkeypatch):
    path = tmp_path / "marks"
    monkeypatch.setenv(VARIABLE, str(path))
    mark("tray")
    with path.open("a") as marks:
        marks.write('{"what": "wor')
    assert list(read_marks(path)) == ["tray"]

"""The queue of practice: one after the other in a process, stopped without a trace, there again the next time."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import os
import stat
import sys
import threading
import wave
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from fakes import Same

from coach import app, library
from coach.archive.hand import HandFile, read_hand
from coach.demo.scenes import scenes
from coach.jobs import Asking, Coached, Failed, Progress
from coach.practice import Practice
from coach.practice_process import coach_gently
from coach.practice_queue import (
    BUSY,
    Item,
    Queue,
    Stage,
    Voice,
    exercise_of,
    keep_queue,
    tags_of,
    take_up_queue,
)
from coach.settings import Settings, StorageSettings
from coach.trouble import Trouble
from coach.voices import Answer, Sample, Unknown

if TYPE_CHECKING:
    from pathlib import Path

WAIT_S = 30


TWO_OF_THREE = Unknown((Sample(0, 1000, 6000, 40_000), Sample(2, 20_000, 25_000, 30_000)), 3)


def by_name(line, settings):
    """Do as the process would, by the name of the file; runs in a process of its own."""
    while True:
        try:
            _, path, call_type, answer = line.recv()
        except EOFError:
            return
        folder = path.parent / "sessions"
        folder.mkdir(exist_ok=True)
        if "dies" in path.stem:
            (folder / f"r-half.jsonl.{os.getpid()}.part").touch()
            os._exit(9)
        line.send(Progress(0, 0.5))
        if "endless" in path.stem:
            (folder / f"r-half.jsonl.{os.getpid()}.part").touch()
            line.send(Progress(0, 0.6))
            line.recv()
        if "memo" in path.stem and answer is None:
            line.send(Asking(0, TWO_OF_THREE))
            continue
        if "bad" in path.stem:
            line.send(Failed(0, Trouble("The sound breaks off.", "Record it again.")))
            continue
        session = folder / f"{path.stem}-{call_type}.jsonl"
        kept = {} if settings.storage.keep == "nothing" else {"session": str(session)}
        if kept:
            session.touch()  # tags are written beside a session that is there, and nowhere else
        line.send(Coached(0, SimpleNamespace(audio=kept)))


def without_model(line, settings):
    """Fail as a process does that finds no model."""
    line.recv()
    line.send(Trouble("There is no speech model 'x'.", "Get it."))


class Desk:
    """The queue, and whoever watches it."""

    def __init__(self, tmp_path: Path, work=by_name, settings: Settings | None = None, **how) -> None:
        self.queue = Queue()
        self.stages: list[tuple[str, Stage]] = []
        self._news = threading.Condition()
        self.file = tmp_path / "private" / "practice.json"
        self.practice = Practice(
            settings or Settings(),
            self.take,
            file=self.file,
            folder=tmp_path / "sessions",
            work=work,
            **how,
        )
        self.practice.start()

    def take(self, queue: Queue) -> None:
        with self._news:
            self.queue = queue
            self.stages += [(i.path.stem, i.stage) for i in queue.items]
            self._news.notify_all()

    def until(self, true) -> Queue:
        with self._news:
            assert self._news.wait_for(lambda: true(self.queue), WAIT_S), self.queue
            return self.queue

    def until_over(self) -> list[Item]:
        """Wait until nothing waits and nothing runs; return all."""
        over = {Stage.DONE, Stage.FAILED, Stage.STOPPED, Stage.ASKING}
        return list(self.until(lambda q: q.items and all(i.stage in over for i in q.items)).items)


@pytest.fixture
def desk(tmp_path: Path):
    made: list[Desk] = []

    def make(*args, **how) -> Desk:
        made.append(Desk(tmp_path, *args, **how))
        return made[-1]

    yield make
    for one in made:
        one.practice.close()
    assert multiprocessing.active_children() == []


def sound(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\0\0" * 12_000)
    return path


def test_recordings_are_coached_one_after_the_other_and_tagged_as_practice(desk, tmp_path):
    at = desk()
    at.practice.add([sound(tmp_path, "one.wav"), sound(tmp_path, "two.wav")], "demo", " pricing ")
    one, two = at.until_over()
    assert [i.stage for i in (one, two)] == [Stage.DONE, Stage.DONE]
    assert one.session == tmp_path / "sessions" / "one-demo.jsonl"
    assert read_hand(one.session).tags == ("practice", "exercise:pricing")
    busy = [name for name, stage in at.stages if stage in BUSY]
    assert busy == sorted(busy)
    assert ("one", Stage.LOADING) in at.stages
    assert ("two", Stage.LOADING) not in at.stages  # the model is there by then


def test_a_folder_is_looked_into_and_what_is_no_recording_is_told_at_once(desk, tmp_path):
    folder = tmp_path / "take"
    sound(folder, "b.wav")
    sound(folder, "a.wav")
    (folder / "notes.txt").write_text("buy milk")
    text = tmp_path / "notes.wav"
    text.write_text("buy milk")
    (tmp_path / "empty").mkdir()
    at = desk()
    at.practice.add([folder, text, tmp_path / "gone.wav", tmp_path / "empty"], "discovery")
    queue = at.until(lambda q: q.refused)
    assert [i.path.name for i in queue.items] == ["a.wav", "b.wav"]
    assert len(queue.refused) == 3
    assert "'notes.wav' is not a recording that can be read." in queue.refused[1]
    assert "There is no recording in the folder" in queue.refused[0]
    at.practice.add([folder / "a.wav"], "demo")
    assert at.until(lambda q: not q.refused).items[-1].call_type == "demo"


def test_a_recording_dropped_twice_waits_once(desk, tmp_path):
    at = desk()
    path = sound(tmp_path, "endless.wav")
    at.practice.add([path, path], "discovery")
    at.practice.add([path], "discovery")
    queue = at.until(lambda q: q.refused)
    assert len(queue.items) == 1
    assert queue.refused == ("endless.wav is in the queue already.",)


def test_one_that_fails_and_one_that_kills_its_process_stop_no_other(desk, tmp_path):
    at = desk()
    names = ("bad.wav", "dies.wav", "well.wav")
    at.practice.add([sound(tmp_path, n) for n in names], "discovery")
    bad, dies, well = at.until_over()
    assert (bad.stage, bad.told) == (Stage.FAILED, "The sound breaks off. Record it again.")
    assert (dies.stage, dies.told) == (
        Stage.FAILED,
        "dies.wav could not be coached: its process ended (code 9).",
    )
    assert well.stage is Stage.DONE
    assert list((tmp_path / "sessions").glob("*.part")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is Unicode")
def test_a_name_that_is_not_utf_8_is_as_good_as_any_and_there_again_the_next_time(desk, tmp_path):
    path = sound(tmp_path, os.fsdecode(b"caf\xe9.wav"))
    item = Item("7", path, "demo", stage=Stage.STOPPED)
    keep_queue(tmp_path / "private" / "practice.json", Queue((item,)), 0)
    at = desk()
    assert at.until(lambda q: q.items).items[0].path == path
    at.practice.retry("7")
    assert at.until(lambda q: q.items[0].stage is Stage.DONE).items[0].path == path


def test_a_fault_of_ours_is_told_of_its_recording_and_the_next_goes_on(desk, tmp_path, monkeypatch):
    checksum = library.checksum

    def odd(path, *stop):
        if path.stem == "odd":
            raise ZeroDivisionError("oh")
        return checksum(path, *stop)

    monkeypatch.setattr(library, "checksum", odd)
    at = desk()
    at.practice.add([sound(tmp_path, "odd.wav"), sound(tmp_path, "well.wav")], "discovery")
    failed, well = at.until_over()
    assert (failed.stage, failed.told) == (
        Stage.FAILED,
        "odd.wav could not be coached: ZeroDivisionError: oh.",
    )
    assert well.stage is Stage.DONE


def test_a_fault_over_what_was_dropped_is_told_and_the_queue_goes_on(desk, tmp_path, monkeypatch):
    def odd(path):
        raise ZeroDivisionError("oh")

    at = desk()
    with monkeypatch.context() as broken:
        broken.setattr("coach.practice.find_track", odd)
        at.practice.add([sound(tmp_path, "odd.wav")], "discovery")
        assert at.until(lambda q: q.refused).refused == ("That went wrong (ZeroDivisionError: oh.)",)
    at.practice.add([sound(tmp_path, "well.wav")], "discovery")
    assert at.until_over()[0].stage is Stage.DONE


def test_what_is_stopped_leaves_no_half_session_and_the_next_goes_on(desk, tmp_path):
    at = desk()
    at.practice.add([sound(tmp_path, "endless.wav"), sound(tmp_path, "well.wav")], "discovery")
    running = at.until(lambda q: q.items and q.items[0].share == 0.6).items[0]
    at.practice.stop(running.key)
    stopped, well = at.until_over()
    assert (stopped.stage, well.stage) == (Stage.STOPPED, Stage.DONE)
    assert list((tmp_path / "sessions").glob("*.part")) == []
    at.practice.stop(well.key)  # done is done
    at.practice.remove(stopped.key)
    assert [i.path.name for i in at.until(lambda q: len(q.items) == 1).items] == ["well.wav"]


def test_time_left_is_told_once_it_can_be_known(desk, tmp_path):
    seconds = iter(range(0, 10_000, 10))
    at = desk(clock=lambda: float(next(seconds)))
    at.practice.add([sound(tmp_path, "endless.wav")], "discovery")
    item = at.until(lambda q: q.items and q.items[0].share == 0.6).items[0]
    assert item.left_s == pytest.approx(20 * 0.4 / 0.6)


def test_quitting_asks_nothing_and_the_queue_is_there_again(desk, tmp_path):
    first = desk()
    first.practice.add([sound(tmp_path, "endless.wav"), sound(tmp_path, "well.wav")], "demo", "pricing")
    first.until(lambda q: q.items and q.items[0].share == 0.6)
    first.practice.close()
    assert list((tmp_path / "sessions").glob("*.part")) == []
    assert stat.S_IMODE(first.file.stat().st_mode) == 0o600
    second = desk()
    running = second.until(lambda q: q.items and q.items[0].share == 0.6).items[0]
    assert (running.path.name, running.call_type, running.exercise) == ("endless.wav", "demo", "pricing")
    second.practice.remove(running.key)
    assert [i.stage for i in second.until_over()] == [Stage.DONE]


def test_half_sessions_of_a_process_that_died_with_the_program_are_taken_away(desk, tmp_path):
    folder = tmp_path / "sessions"
    folder.mkdir()
    (folder / "r-1.jsonl.4711.part").touch()
    (folder / "r-2.jsonl.4712.part").touch()
    item = Item("7", tmp_path / "x.wav", "demo", stage=Stage.STOPPED)
    keep_queue(tmp_path / "private" / "practice.json", Queue((item,)), 4711)
    at = desk()
    at.until(lambda q: q.items == (item,))
    assert [p.name for p in folder.glob("*.part")] == ["r-2.jsonl.4712.part"]
    at.practice.add([sound(tmp_path, "well.wav")], "demo")
    assert at.until(lambda q: len(q.items) == 2).items[1].key == "8"


def test_without_a_model_the_queue_waits_and_says_why(desk, tmp_path):
    at = desk(without_model)
    at.practice.add([sound(tmp_path, "a.wav"), sound(tmp_path, "b.wav")], "discovery")
    queue = at.until(lambda q: q.problem and q.items[0].stage is Stage.WAITING)
    assert queue.problem == "There is no speech model 'x'. Get it."
    assert [i.stage for i in queue.items] == [Stage.WAITING, Stage.WAITING]
    at.practice.use(Settings())
    at.until(lambda q: not q.problem)
    queue = at.until(lambda q: q.problem)
    at.practice.retry(queue.items[1].key)
    at.until(lambda q: not q.problem)


def test_where_nothing_is_kept_it_says_so(desk, tmp_path):
    at = desk(settings=dataclasses.replace(Settings(), storage=StorageSettings("nothing")))
    at.practice.add([sound(tmp_path, "a.wav")], "discovery")
    (item,) = at.until_over()
    assert (item.stage, item.session) == (Stage.DONE, None)
    assert "keep nothing" in item.told


def test_what_was_coached_just_so_before_is_done_at_once_and_anew_only_when_asked(desk, tmp_path):
    path = sound(tmp_path, "a.wav")
    folder = tmp_path / "sessions"
    folder.mkdir()
    session = library.recording_session(library.checksum(path), folder)
    head = {"format": 1, "what": "coach session", "made_with": library.made_with(Settings())}
    session.write_text(json.dumps(head) + "\n", encoding="utf-8")
    HandFile(session).tag(("Acme", "exercise:opening"))
    at = desk()
    at.practice.add([path], "discovery", "pricing")
    (item,) = at.until_over()
    assert item.session == session
    assert read_hand(session).tags == ("Acme", "practice", "exercise:pricing")
    assert not any(stage in BUSY for _, stage in at.stages)
    at.practice.retry(item.key)
    at.until(lambda q: q.items[0].session == folder / "a-discovery.jsonl")
    at.practice.clear()
    at.until(lambda q: not q.items)


def test_a_tag_that_cannot_be_kept_is_told(desk, tmp_path):
    folder = tmp_path / "sessions"
    (folder / "a-discovery.hand").mkdir(parents=True)
    at = desk()
    at.practice.add([sound(tmp_path, "a.wav")], "discovery")
    (item,) = at.until_over()
    assert item.stage is Stage.DONE
    assert "cannot be read" in item.told


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 9}', '{"format": 1, "items": [{}], "process": 0}']
)
def test_a_damaged_queue_is_an_empty_one(tmp_path, text):
    file = tmp_path / "practice.json"
    file.write_text(text)
    assert take_up_queue(file) == (Queue(), 0)


def test_a_disk_that_refuses_costs_the_list_and_nothing_else(tmp_path):
    (tmp_path / "file").touch()
    keep_queue(tmp_path / "file" / "practice.json", Queue(), 0)


def test_an_exercise_is_a_tag_and_only_the_last_one_counts():
    assert tags_of("", ("Acme",)) == ("Acme", "practice")
    assert tags_of(" two  words ", ("exercise:old", "practice")) == ("practice", "exercise:two words")
    assert exercise_of(("practice", "exercise:two words")) == "two words"
    assert exercise_of(("practice",)) == ""


def test_the_process_coaches_with_the_type_of_each_and_steps_back(monkeypatch, tmp_path):
    calls: list[tuple[int, Settings, Answer | None]] = []
    stepped: list[int] = []
    monkeypatch.setattr("coach.practice_process.os.nice", stepped.append)
    monkeypatch.setattr("coach.practice_process.signal.signal", lambda *_: None)
    monkeypatch.setattr(app, "load_words_for_recordings", lambda settings: Same())
    monkeypatch.setattr(
        "coach.practice_process.coach_or_ask",
        lambda index, path, settings, words, tell, *, answer: calls.append((index, settings, answer)),
    )
    ours, theirs = multiprocessing.Pipe()
    ours.send((0, scenes()[0].sound, "demo", Answer("second")))
    ours.close()
    coach_gently(theirs, Settings())
    assert [(i, s.call.type, said) for i, s, said in calls] == [(0, "demo", Answer("second"))]
    assert stepped == [10]


def test_a_recording_whose_voices_nobody_knows_waits_with_a_question_and_the_next_goes_on(desk, tmp_path):
    at = desk()
    at.practice.add([sound(tmp_path, "memo.wav"), sound(tmp_path, "well.wav")], "discovery")
    memo, well = at.until_over()
    assert (memo.stage, well.stage) == (Stage.ASKING, Stage.DONE)
    assert memo.voices == (Voice(0, 1000, 6000, 40_000), Voice(2, 20_000, 25_000, 30_000))
    assert memo.others == 1
    at.practice.add([memo.path], "discovery")
    assert "already" in at.until(lambda q: q.refused).refused[0]
    at.practice.answer(memo.key, Answer("third", remember=True))
    queue = at.until(lambda q: q.items[0].stage is Stage.DONE)
    assert queue.items[0].session is not None
    assert (queue.items[0].rep, queue.items[0].remember) == ("", False)  # kept beside the session from now on
    at.practice.answer(memo.key, Answer("first"))
    at.practice.clear()
    at.until(lambda q: not q.items)


def test_a_question_is_there_again_the_next_time_and_an_answer_too_but_no_leave_to_remember(desk, tmp_path):
    file = tmp_path / "private" / "practice.json"
    asked = Item("1", tmp_path / "a.wav", "demo", stage=Stage.ASKING, voices=(Voice(1, 2, 3, 4),), others=2)
    said = Item("2", tmp_path / "b.wav", "demo", rep="second", remember=True)
    keep_queue(file, Queue((asked, said)), 0)
    queue, _ = take_up_queue(file)
    assert queue.items == (asked, dataclasses.replace(said, remember=False))


def test_what_was_coached_without_knowing_who_is_who_is_coached_again_to_ask(desk, tmp_path):
    path = sound(tmp_path, "memo.wav")
    folder = tmp_path / "sessions"
    folder.mkdir()
    session = library.recording_session(library.checksum(path), folder)
    head = {"format": 1, "what": "coach session", "made_with": library.made_with(Settings())}
    head["recording"] = {"voices": 2, "rep": ""}
    session.write_text(json.dumps(head) + "\n", encoding="utf-8")
    at = desk()
    at.practice.add([path], "discovery")
    assert at.until_over()[0].stage is Stage.ASKING


def test_a_call_comes_first_and_practice_goes_on_after_it(desk, tmp_path):
    at = desk()
    at.practice.add([sound(tmp_path, "endless.wav"), sound(tmp_path, "well.wav")], "discovery")
    running = at.until(lambda q: q.items and q.items[0].share == 0.6).items[0]
    at.practice.hold(held=True)
    at.practice.hold(held=True)
    at.until(lambda q: q.held)
    at.practice.stop(running.key)
    queue = at.until(lambda q: q.items[0].stage is Stage.STOPPED)  # even what stands still can be stopped
    assert queue.items[1].stage is Stage.WAITING
    at.practice.hold(held=False)
    assert at.until_over()[1].stage is Stage.DONE


def test_what_was_frozen_goes_on_where_it_was_and_its_rest_is_known(desk, tmp_path):
    at = desk()
    at.practice.add([sound(tmp_path, "endless.wav")], "discovery")
    before = at.until(lambda q: q.items and q.items[0].share == 0.6)
    at.practice.hold(held=True)
    at.practice.hold(held=False)
    assert at.until(lambda q: q is not before and not q.held).items[0].stage is Stage.RUNNING


def test_where_nothing_can_be_frozen_the_recording_begins_anew_after_the_call(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("coach.practice_process.PracticeProcess.freeze", lambda *_, **__: False)
    at = desk()
    at.practice.add([sound(tmp_path, "endless.wav")], "discovery")
    at.until(lambda q: q.items and q.items[0].share == 0.6)
    at.practice.hold(held=True)
    assert at.until(lambda q: q.held).items[0].stage is Stage.WAITING
    at.practice.hold(held=False)
    at.until(lambda q: q.items[0].share == 0.6)


def test_quitting_reads_a_large_file_no_further_and_loses_nothing(
    desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, looked = threading.Event(), []

    def endless(_, stop) -> str:
        reading.set()
        while not stop():
            threading.Event().wait(0.001)
        return ""

    monkeypatch.setattr(library, "checksum", endless)
    monkeypatch.setattr("coach.practice.find_track", looked.append)
    large, late = sound(tmp_path, "large.wav"), sound(tmp_path, "late.wav")
    one = desk()
    one.practice.add([large], "discovery")
    assert reading.wait(WAIT_S)
    one.practice.add([late], "discovery")
    one.practice.close()
    assert looked == [large]
    kept, _ = take_up_queue(one.file)
    assert [(i.path, i.stage) for i in kept.items] == [(large, Stage.WAITING), (late, Stage.WAITING)]
    assert all(stage is Stage.WAITING for _, stage in one.stages)

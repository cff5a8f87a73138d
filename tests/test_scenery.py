"""Scenes: the bundled one is whole, a new one is made of kept calls, and what is wrong with one is said plainly."""

from __future__ import annotations

import json
import os
import shutil
import wave
from typing import TYPE_CHECKING

import pytest
from classroom import LISTENED, kept, noticed, nudge

from coach import library, scenery
from coach.archive.hand import HandFile, read_hand
from coach.archive.records import sealed
from coach.call.events import Who
from coach.call.hand import Correction, Note
from coach.demo.scenes import MOST_BYTES, SCENE, bundled, clock_ms, read_scene, scenes
from coach.settings import Settings
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
format = 1
title = "Two days"
[[takes]]
title = "The rep sells."
log = "call.jsonl"
chapters = [{ at = "0:00", title = "The beginning" }, { at = "0:56.5", title = "The end" }]
"""


def scene(folder: Path, text: str = GOOD, **session: object) -> Path:
    """Write a scene with one kept call."""
    (folder / SCENE).write_text(text, encoding="utf-8")
    kept(folder, **({"nudges": [nudge(24)]} | session))
    return folder


def silence(path: Path, seconds: float) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\0\0\0\1" * round(8000 * seconds))
    return path


def wrong(folder: Path) -> str:
    return "\n".join(scenery.check(folder)[0])


# The bundled lesson.


def test_the_first_lesson_passes_its_checker_and_has_all_that_a_class_needs():
    assert scenery.check(bundled())[0] == ()
    lesson, sounds = scenery.load_lesson(bundled(), Settings())
    assert lesson.title == "The three-legged sofa"
    sells, listens = lesson.takes
    assert [s.nudge.rule for s in sells.shown] == ["pounce", "monologue"]
    assert [s.until_ms - s.nudge.at_ms for s in sells.shown] == [6000, 6000]
    assert listens.shown == listens.moments == ()
    assert all(t.said(20_000) and t.watch and t.chapters for t in lesson.takes)
    assert all(sound.path.is_file() and not sound.swap for sound in sounds)
    assert len(lesson.questions) == 3
    assert {r.name for r in lesson.figures} == {
        "Talk share",
        "Questions asked",
        "Longest monologue",
        "First uninvited pitch",
    }


def test_the_bundled_logs_name_no_place_on_anybodys_machine():
    for take in read_scene(bundled()).takes:
        head = json.loads(take.log.read_text("utf-8").splitlines()[0])
        assert "recording" not in head
        assert "facts" not in head


def test_the_demo_plays_the_calls_of_the_first_lesson():
    assert [call.sound.name for call in scenes()] == ["d02.ogg", "d01.ogg"]


# What is wrong with one.


def test_a_good_scene_has_nothing_wrong_and_tells_what_it_lacks(tmp_path: Path):
    found, known = scenery.check(scene(tmp_path))
    assert found == ()
    assert known == ("Take 1: there is no sound: it is read along with, on a clock of its own.",)


@pytest.mark.parametrize(
    ("was", "is_", "told"),
    [
        ("format = 1", "format = 9", "scene.toml has format 9; this Coach reads format = 1."),
        ("format = 1", "", "scene.toml does not say its format; this Coach reads format = 1."),
        ('title = "Two days"', "", "The scene has no title."),
        ('title = "Two days"', "title = 5", "The scene: title is no text."),
        ('title = "Two days"', 'title = "a\\nb"', "The scene: title holds characters that cannot be shown"),
        ('title = "Two days"', f'title = "{"x" * 201}"', "The scene: title has 201 letters; 200 are read"),
        ("format = 1", 'format = 1\ncolour = "red"', "The scene has an entry 'colour' that means nothing"),
        ("format = 1", 'format = 1\nquestions = "Why?"', "The scene: questions is no list."),
        ("format = 1", "format = 1\nquestions = [1]", "The scene: line 1 of questions is no text."),
        (
            "format = 1",
            f"format = 1\nquestions = {['q'] * 9}",
            "The scene has 9 questions; it may have none to 8.",
        ),
        ("[[takes]]", "[[others]]", "The scene has 0 takes; it may have 1 to 2."),
        ('log = "call.jsonl"', "", "Take 1 has no log."),
        ('log = "call.jsonl"', 'log = "none.jsonl"', "Take 1: the log 'none.jsonl' is not there."),
        ('log = "call.jsonl"', 'log = "."', "Take 1: the log '.' is not there."),
        (
            'log = "call.jsonl"',
            'log = "../call.jsonl"',
            "the log '../call.jsonl' lies outside the scene's folder.",
        ),
        (
            'log = "call.jsonl"',
            'log = "/etc/passwd"',
            "the log '/etc/passwd' lies outside the scene's folder.",
        ),
        ('log = "call.jsonl"', "log = 'C:\\call.jsonl'", "lies outside the scene's folder."),
        ('log = "call.jsonl"', "log = 'a\\..\\b'", "lies outside the scene's folder."),
        ('log = "call.jsonl"', f'log = "{"ä" * 190}"', "cannot be opened."),
        ('log = "call.jsonl"', 'log = "scene.toml"', "Take 1: This is no session of Coach."),
        ('at = "0:56.5"', 'at = "56"', "Take 1, chapter 2: at = '56' is no time; write it as \"1:05\"."),
        ('at = "0:56.5"', "at = 56", "Take 1, chapter 2: at = 56 is no time"),
        ('at = "0:56.5"', 'at = "0:60"', "is no time"),
        ('at = "0:56.5"', 'at = "1:00"', "the chapter 'The end' stands at 1:00, but the call ends at 1:00."),
        ('at = "0:56.5"', 'at = "1:00:00"', "stands at 1:00:00, but the call ends at 1:00."),
        ('at = "0:00"', 'at = "0:58"', "Take 1: the chapters are not in the order of their times."),
        ('{ at = "0:00", title = "The beginning" }', '"0:00"', "Take 1, chapter 1 is not written as"),
        ("chapters", "chapter", "Take 1 has an entry 'chapter' that means nothing"),
        ("format = 1", "format = ", "scene.toml is not valid TOML"),
        ("[[takes]]", "takes = [1]\n[x]", "Take 1 is no [[takes]] table."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, was: str, is_: str, told: str):
    assert was in GOOD
    folder = scene(tmp_path, GOOD.replace(was, is_, 1))
    assert told in wrong(folder)
    if "stands at" not in told:  # a class can go on without a chapter
        with pytest.raises(Trouble):
            scenery.load_lesson(folder, Settings())


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path):
    text = GOOD.replace('"Two days"', '""').replace("0:56.5", "9:99")
    assert len(scenery.check(scene(tmp_path, text))[0]) == 2


def test_a_folder_without_a_scene_and_a_scene_that_is_no_text(tmp_path: Path):
    assert "There is no scene.toml in" in wrong(tmp_path)
    (tmp_path / SCENE).write_bytes(b"\xff\xfe\x00")
    assert wrong(tmp_path) == "scene.toml is no text."
    (tmp_path / SCENE).write_bytes(b"#" * (MOST_BYTES + 1))
    assert "has more than 64 kB" in wrong(tmp_path)


def test_a_link_that_leads_outside_is_refused(tmp_path: Path):
    outside = kept(tmp_path / "outside")
    inside = tmp_path / "scene"
    inside.mkdir()
    (inside / SCENE).write_text(GOOD)
    (inside / "call.jsonl").symlink_to(outside)
    assert "lies outside the scene's folder" in wrong(inside)


def test_links_in_a_circle_are_no_log(tmp_path: Path):
    (tmp_path / SCENE).write_text(GOOD)
    (tmp_path / "call.jsonl").symlink_to(tmp_path / "call.jsonl")
    assert "Take 1: the log 'call.jsonl'" in wrong(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_no_log_and_nobody_waits_for_it(tmp_path: Path):
    (tmp_path / SCENE).write_text(GOOD)
    os.mkfifo(tmp_path / "call.jsonl")
    assert "is not there" in wrong(tmp_path)


def test_a_log_larger_than_any_call_is_not_read(tmp_path: Path):
    folder = scene(tmp_path)
    os.truncate(folder / "call.jsonl", 33 * 1024 * 1024)
    assert "is larger than 32 MB" in wrong(folder)


@pytest.mark.parametrize("last", [10**15, 13 * 3600 * 1000])
def test_a_log_that_says_it_lasted_for_ever_is_refused_and_not_waited_for(tmp_path: Path, last: int):
    folder = scene(tmp_path, moments=None)
    log = folder / "call.jsonl"
    lines = [ln for ln in log.read_bytes().splitlines(keepends=True) if b"CallEnded" not in ln]
    log.write_bytes(b"".join(lines) + sealed(f'{{"event":"CallEnded","at_ms":{last}}}'))
    assert "are not those of a call" in wrong(folder)


def test_a_log_whose_times_fall_is_refused(tmp_path: Path):
    folder = scene(tmp_path)
    with (folder / "call.jsonl").open("ab") as log:
        log.write(sealed('{"event":"TimePassed","at_ms":5}'))
    assert "are not those of a call" in wrong(folder)


def test_a_log_of_a_newer_format_says_so(tmp_path: Path):
    folder = scene(tmp_path)
    log = folder / "call.jsonl"
    rest = log.read_bytes().partition(b"\n")[2]
    log.write_bytes(sealed('{"format": 7, "what": "coach session"}') + rest)
    assert wrong(folder) == "Take 1: This session has format 7; this Coach reads up to 2."


def test_sound_that_ends_before_its_log_is_told(tmp_path: Path):
    folder = scene(tmp_path, GOOD.replace("[[takes]]", '[[takes]]\nsound = "call.wav"'))
    silence(folder / "call.wav", 40)
    assert wrong(folder) == "Take 1: the sound 'call.wav' ends at 0:40, before its log at 1:00."
    silence(folder / "call.wav", 60)
    assert scenery.check(folder) == ((), ())


def test_sound_that_is_none_is_told(tmp_path: Path):
    folder = scene(tmp_path, GOOD.replace("[[takes]]", '[[takes]]\nsound = "scene.toml"'))
    assert "Take 1: " in wrong(folder)
    assert "scene.toml" in wrong(folder)


def test_what_is_worth_knowing_is_told_and_is_no_fault(tmp_path: Path):
    folder = scene(
        tmp_path, GOOD.replace("format = 1", 'format = 1\nlanguage = "de"'), keep="timings", nudges=()
    )
    found, known = scenery.check(folder)
    assert found == ()
    assert [sentence.removeprefix("Take 1: ") for sentence in known] == [
        "the log keeps no words, so there are no captions.",
        "the call is in 'en', the scene says 'de'.",
        "the coach said nothing in this call.",
        "there is no sound: it is read along with, on a clock of its own.",
    ]


@pytest.mark.parametrize(
    ("text", "ms"),
    [("0:00", 0), ("1:05", 65_000), ("1:05.5", 65_500), ("75:00", 4_500_000), ("1:02:03", 3_723_000)],
)
def test_times_are_written_as_people_write_them(text: str, ms: int):
    assert clock_ms(text) == ms


@pytest.mark.parametrize(
    "text", ["", "5", "1:5", "1:65", "-1:05", "1:05,5", "1:05.5555", "\u0661:\u0660\u0665", "1:05 "]
)
def test_what_is_no_time(text: str):
    assert clock_ms(text) is None


# A new one.


def test_a_scene_of_two_calls_can_be_shown_and_nothing_of_this_machine_goes_along(tmp_path: Path):
    one = kept(
        tmp_path / "s",
        "one",
        nudges=[nudge(24)],
        title="A day",
        facts={"company": ["Acme"]},
        recording={"file": "/home/me/secret/call.wav", "sha256": "x", "swap": False},
    )
    two = kept(tmp_path / "s", "two", LISTENED)
    known = scenery.new_scene([one, two], tmp_path / "lesson", Settings())
    assert any("no sound" in sentence for sentence in known)
    assert scenery.check(tmp_path / "lesson")[0] == ()
    lesson, sounds = scenery.load_lesson(tmp_path / "lesson", Settings())
    assert [t.title for t in lesson.takes] == ["A day", "two"]
    assert [s.nudge.at_ms for s in lesson.takes[0].shown] == [24_000]
    assert lesson.takes[0].chapters == (
        (0, "The beginning"),
        (4_000, "Their first need"),
        (13_000, "The first pitch"),
    )
    assert sounds == (None, None)
    everything = "".join(p.read_text("utf-8") for p in (tmp_path / "lesson").iterdir())
    assert "secret" not in everything
    assert "Acme" not in everything


def test_corrections_go_along_and_notes_stay(tmp_path: Path):
    log = kept(tmp_path)
    HandFile(log).correct(Correction(Who.REP, 13_000, text="Our new lift does that."))
    HandFile(log).note(Note(5000, "He is always late."))
    HandFile(log).call_it("My title")
    scenery.new_scene([log], tmp_path / "lesson", Settings())
    hand = read_hand(tmp_path / "lesson" / "take1.jsonl")
    assert hand.notes == {}
    (take,) = scenery.load_lesson(tmp_path / "lesson", Settings())[0].takes
    assert take.title == "My title"
    assert take.said(14_000)[0].text == "Our new lift does that."


def test_sound_goes_along_where_it_is_asked_for(tmp_path: Path):
    sound = silence(tmp_path / "Call One.WAV", 61)
    log = kept(tmp_path, recording={"file": str(sound), "sha256": "x", "swap": False})
    scenery.new_scene([log], tmp_path / "lesson", Settings(), with_sound=True)
    (copied,) = scenery.load_lesson(tmp_path / "lesson", Settings())[1]
    assert copied.path.read_bytes() == sound.read_bytes()
    assert copied.path.name == "take1.wav"
    assert not copied.swap


def test_a_recording_the_other_way_round_stays_so_in_its_scene(tmp_path: Path):
    sound = silence(tmp_path / "call.wav", 61)
    log = kept(tmp_path, recording={"file": str(sound), "sha256": "x", "swap": True})
    scenery.new_scene([log], tmp_path / "lesson", Settings(), with_sound=True)
    assert scenery.load_lesson(tmp_path / "lesson", Settings())[1][0].swap
    scenery.new_scene([log], tmp_path / "quiet", Settings())
    assert "swap" not in (tmp_path / "quiet" / "scene.toml").read_text(encoding="utf-8")


def test_a_swap_that_means_nothing_is_told(tmp_path: Path):
    folder = scene(tmp_path, GOOD.replace("[[takes]]", '[[takes]]\nswap = "yes"'))
    assert wrong(folder) == "Take 1: swap = 'yes' is neither true nor false."
    (folder / "scene.toml").write_text(GOOD.replace("[[takes]]", "[[takes]]\nswap = true"), encoding="utf-8")
    assert wrong(folder) == "Take 1: swap tells the sides of a sound, and there is no sound."


def test_a_recording_that_is_gone_makes_no_scene_and_leaves_nothing_behind(tmp_path: Path):
    log = kept(tmp_path, recording={"file": str(tmp_path / "gone.wav"), "sha256": "x", "swap": False})
    with pytest.raises(Trouble, match="The recording of 'call' is not there"):
        scenery.new_scene([log], tmp_path / "lesson", Settings(), with_sound=True)
    assert [p.name for p in tmp_path.iterdir()] == ["call.jsonl"]


def test_another_file_in_its_place_is_not_handed_on(tmp_path: Path):
    sound = silence(tmp_path / "call.wav", 61)
    log = kept(tmp_path, recording={"file": str(sound), "sha256": "x", "bytes": 5, "swap": False})
    with pytest.raises(Trouble, match="The recording of 'call' is not there: Another file stands"):
        scenery.new_scene([log], tmp_path / "lesson", Settings(), with_sound=True)
    assert scenery.lesson_of([log], Settings())[1] == (None,)


def test_nothing_is_written_over(tmp_path: Path):
    log = kept(tmp_path)
    (tmp_path / "lesson").mkdir()
    with pytest.raises(Trouble, match="is already there"):
        scenery.new_scene([log], tmp_path / "lesson", Settings())
    assert list((tmp_path / "lesson").iterdir()) == []


def test_half_a_scene_that_a_crash_left_is_not_touched(tmp_path: Path):
    log = kept(tmp_path)
    (tmp_path / "lesson.part").mkdir()
    (tmp_path / "lesson.part" / "mine").touch()
    with pytest.raises(Trouble, match="cannot be written"):
        scenery.new_scene([log], tmp_path / "lesson", Settings())
    assert (tmp_path / "lesson.part" / "mine").exists()


def test_three_calls_are_too_many(tmp_path: Path):
    log = kept(tmp_path)
    with pytest.raises(Trouble, match="one or two takes, not 3"):
        scenery.new_scene([log, log, log], tmp_path / "lesson", Settings())


# A session by itself.


def test_a_kept_call_is_a_lesson_of_one_take(tmp_path: Path):
    log = kept(tmp_path, nudges=[nudge(24)], moments=[noticed(30)], title="A day")
    lesson, sounds = scenery.lesson_of([log], Settings())
    assert (lesson.title, sounds) == ("A day", (None,))
    assert lesson.takes[0].moments[0].at_ms == 30_000


def test_its_sound_is_heard_where_it_still_is(tmp_path: Path):
    sound = silence(tmp_path / "call.wav", 61)
    log = kept(tmp_path, recording={"file": str(sound), "sha256": "x", "swap": False})
    (heard,) = scenery.lesson_of([log], Settings())[1]
    assert (heard.path, heard.swap, heard.sides) == (sound, False, (Who.REP, Who.CUSTOMER))
    sound.unlink()
    assert scenery.lesson_of([log], Settings())[1] == (None,)


def test_a_session_that_is_gone_is_told(tmp_path: Path):
    with pytest.raises(Trouble, match="cannot be read"):
        scenery.lesson_of([tmp_path / "gone.jsonl"], Settings())


def test_a_copy_of_the_bundled_lesson_is_as_good(tmp_path: Path):
    shutil.copytree(bundled(), tmp_path / "copy")
    assert scenery.check(tmp_path / "copy")[0] == ()
    assert library.find_session(str(tmp_path / "copy" / "d01.jsonl"))

"""Past calls: a recording is kept once, whole or not at all, and opens as it was then."""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING

import pytest
from fakes import Same
from playbook import CUSTOMER, REP, told

from coach import app, library
from coach.archive.log import SessionLog, read_head
from coach.call.events import CallEnded
from coach.call.hand import Correction, Note
from coach.demo.scenes import scenes
from coach.nudges.commands import Noticed, Nudge, ShowNudge
from coach.settings import Settings, StorageSettings
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

SAID = [
    (REP, 1, 3, "How do you do that today?", "question.open"),
    (CUSTOMER, 4, 12, "By hand, and we lose two days.", "need"),
    (REP, 13, 22, "Our lift does that.", "pitch"),
    (REP, 24, 27, "The offer ends on Friday.", "pressure"),
]
NUDGE = Nudge("pounce", "Stay with that", "A need at 0:12.", 14_000, 23_000, (("need_ended_s", 12.0),), "own")
MOMENT = Noticed("pressure", "Ease off a little", "Words that push.", 13_000, (("pushes_heard", 1.0),), "own")


def kept(
    folder: Path, *, moments: tuple[Noticed, ...] | None = (MOMENT,), name: str = "call", **about
) -> Path:
    log = SessionLog(folder / f"{name}.jsonl", "words", None, about)
    for event in told(SAID, 30):
        if isinstance(event, CallEnded):
            log.command(ShowNudge(23_000, NUDGE))
        log.event(event)
    if moments is not None:
        log.moments(moments)
    log.close()
    return log.path


def value(opened: library.Opened, name: str) -> float | None:
    return next(f.value for f in opened.report.figures if f.name == name)


def test_a_session_opens_with_what_was_shown_then_whatever_todays_limits_say(tmp_path: Path) -> None:
    quiet = app.with_set(Settings(), ["rules.pounce=false"])
    opened = library.open_session(kept(tmp_path, began="2026-11-22T10:00:00+01:00"), quiet)
    assert opened.report.nudges == (NUDGE,)
    assert opened.report.moments == (MOMENT,)
    assert opened.began == "2026-11-22T10:00:00+01:00"
    assert opened.recording is None
    assert [m.kind for m in opened.timeline.marks] == ["question_open", "need", "moment", "pitch", "nudge"]


def test_a_call_that_did_not_come_to_its_end_has_its_moments_looked_for_again(tmp_path: Path) -> None:
    opened = library.open_session(kept(tmp_path, moments=None), Settings())
    assert [(m.rule, m.at_ms) for m in opened.report.moments] == [("pressure", 24_000)]


def test_a_correction_changes_the_figures_and_is_still_there_tomorrow(tmp_path: Path) -> None:
    path = kept(tmp_path)
    opened = library.open_session(path, Settings())
    before = path.read_bytes()
    assert value(opened, "pitch_onset") == 13.0
    put = opened.put_right(Correction(REP, 13_000, cues=()), Settings())
    assert value(put, "pitch_onset") is None
    assert path.read_bytes() == before
    again = library.open_session(path, Settings())
    assert value(again, "pitch_onset") is None
    back = again.put_right(Correction(REP, 13_000), Settings())
    assert value(back, "pitch_onset") == 13.0


def test_a_note_stands_on_the_time_line(tmp_path: Path) -> None:
    opened = library.open_session(kept(tmp_path), Settings()).noted(Note(12_500, "Wait here."), Settings())
    assert ("note", 12_500, "Wait here.") in [(m.kind, m.start_ms, m.text) for m in opened.timeline.marks]


def test_a_recording_is_kept_once_by_its_content(tmp_path: Path) -> None:
    sound = next(iter(scenes())).sound
    recording = app.open_call(sound, Settings())
    first = library.coach_and_keep(recording, Settings(), Same(), lambda *_: None, tmp_path)
    copy = tmp_path / "copy.ogg"
    copy.write_bytes(sound.read_bytes())
    library.coach_and_keep(app.open_call(copy, Settings()), Settings(), Same(), lambda *_: None, tmp_path)
    (path,) = library.sessions(tmp_path)
    opened = library.open_session(path, Settings())
    assert opened.report.title == "copy"
    assert opened.recording == copy
    assert [f for f in opened.report.figures if f.name != "bleed"] == [
        f for f in first.figures if f.name != "bleed"
    ]
    assert opened.report.moments == first.moments
    assert read_head(path)["made_with"] == library.made_with(Settings())


class _Stopped(Exception):  # noqa: N818 - stands for Ctrl-C, which no test can raise midway without ending itself
    pass


def test_a_stop_midway_leaves_no_half_session(tmp_path: Path) -> None:
    recording = app.open_call(next(iter(scenes())).sound, Settings())

    def stop(at_ms: int, _: object) -> None:
        if at_ms > 5_000:
            raise _Stopped

    with pytest.raises(_Stopped):
        library.coach_and_keep(recording, Settings(), Same(), stop, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_may_be_kept_nothing_is(tmp_path: Path) -> None:
    quiet = dataclasses.replace(Settings(), storage=StorageSettings("nothing"))
    recording = app.open_call(next(iter(scenes())).sound, quiet)
    report = library.coach_and_keep(recording, quiet, Same(), lambda *_: None, tmp_path)
    assert report.figures
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_costs_the_session_not_the_report(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    recording = app.open_call(next(iter(scenes())).sound, Settings())
    report = library.coach_and_keep(recording, Settings(), Same(), lambda *_: None, tmp_path / "taken")
    assert report.figures
    assert "It could not be kept" in report.audio["note"]


def test_a_session_is_found_by_the_beginning_of_its_name(tmp_path: Path) -> None:
    one, two = kept(tmp_path, name="2026-11-20-100000"), kept(tmp_path, name="2026-11-21-100000")
    assert library.find_session("2026-11-21", tmp_path) == two
    assert library.find_session(str(one)) == one
    assert library.find_session("last", tmp_path) in {one, two}
    with pytest.raises(Trouble, match="2 sessions begin"):
        library.find_session("2026", tmp_path)
    with pytest.raises(Trouble, match="no session 'x'"):
        library.find_session("x", tmp_path)


def test_an_empty_session_is_no_call(tmp_path: Path) -> None:
    SessionLog(tmp_path / "empty.jsonl", "words").close()
    with pytest.raises(Trouble, match="is empty"):
        library.open_session(tmp_path / "empty.jsonl", Settings())


def test_a_session_made_elsewhere_is_kept_whole_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    path = library.keep_session(b"one\n", "../r-1.jsonl", folder)
    assert path == folder / "r-1.jsonl"
    assert library.keep_session(b"two\n", "r-1.jsonl", folder) == path
    assert path.read_bytes() == b"two\n"
    assert list(folder.iterdir()) == [path]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    (folder / "taken.jsonl").mkdir()
    with pytest.raises(OSError, match=r"taken\.jsonl"):
        library.keep_session(b"three", "taken.jsonl", folder)
    assert sorted(p.name for p in folder.iterdir()) == ["r-1.jsonl", "taken.jsonl"]

"""The shelf: what a row says is what the log and the hand say, and what is forgotten is gone."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from playbook import CUSTOMER, REP, told

from coach import library
from coach.archive.exports import note_down
from coach.archive.hand import HandFile, hand_path
from coach.archive.log import SessionLog
from coach.archive.running import hold
from coach.call.events import CallEnded
from coach.call.hand import Correction, Note
from coach.nudges.commands import Nudge, ShowNudge
from coach.report.habits import Habit
from coach.settings import Settings
from coach.shelf import Shelf, entry, files_of, forgettable, remain
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAID = [
    (REP, 1, 3, "How do you do that today?", "question.open"),
    (CUSTOMER, 4, 12, "By hand, and we lose two days.", "need"),
    (REP, 13, 22, "Our lift does that.", "pitch"),
]
NUDGE = Nudge("pounce", "Stay with that", "A need at 0:12.", 14_000, 23_000, (("need_ended_s", 12.0),), "own")


def kept(folder: Path, name: str = "call", call_type: str = "discovery", **about) -> Path:
    log = SessionLog(folder / f"{name}.jsonl", "words", None, about)
    for event in told(SAID, 30, call_type=call_type):
        if isinstance(event, CallEnded):
            log.command(ShowNudge(23_000, NUDGE))
        log.event(event)
    log.moments(())
    log.close()
    return log.path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sessions"


@pytest.fixture
def shelf(folder: Path) -> Iterator[Shelf]:
    with closing(Shelf(folder)) as found:
        yield found


def test_a_row_says_what_the_log_and_the_hand_say(folder: Path) -> None:
    path = kept(folder, began="2026-11-22T10:00:00+01:00", title="tape", recording={"file": "/x/tape.wav"})
    HandFile(path).note(Note(5_000, "Wait here."))
    HandFile(path).tag(("won", "practice"))
    row = entry(path).row
    assert (row.path, row.name, row.title, row.tags) == (str(path), "call", "tape", ("won", "practice"))
    assert (row.began, row.call_type, row.duration_s) == ("2026-11-22T10:00:00+01:00", "discovery", 30.0)
    assert (row.source, row.nudges, row.notes, row.practice) == ("recording", 1, 1, True)


def test_the_figures_are_those_of_the_opened_call_corrections_and_all(folder: Path) -> None:
    path = kept(folder)
    for correction in (None, Correction(REP, 13_000, cues=())):
        if correction is not None:
            HandFile(path).correct(correction)
        opened = library.open_session(path, Settings())
        assert entry(path).figures == {f.name: f.value for f in opened.report.figures if f.value is not None}
    assert "pitch_onset" not in entry(path).figures


@pytest.mark.parametrize(
    ("name", "about", "began"),
    [
        ("call", {"began": "20261122T100000+0100"}, "2026-11-22T10:00:00+01:00"),
        ("call", {"began": ["soon"]}, ""),
        ("2026-11-22-100000-2", {}, "2026-11-22T10:00:00"),
        ("2026-13-40-100000", {}, ""),
        ("r-0011223344556677", {}, ""),
    ],
)
def test_when_a_call_was_is_told_by_its_header_or_its_name_or_not_at_all(
    folder: Path, name: str, about: dict, began: str
) -> None:
    assert entry(kept(folder, name, **about)).row.began.startswith(began)
    assert bool(began) == bool(entry(folder / f"{name}.jsonl").row.began)


def test_new_changed_and_gone_sessions_are_noticed_by_a_look_at_the_folder(
    folder: Path, shelf: Shelf
) -> None:
    one, two = kept(folder, "one"), kept(folder, "two")
    (folder / "readme.txt").write_text("not a call")
    assert shelf.sync().taken == 2
    assert shelf.sync().taken == 0
    HandFile(one).note(Note(1_000, "A note."))
    assert shelf.sync().taken == 1
    two.unlink()
    assert shelf.sync().gone == 1
    assert [(r.name, r.notes) for r in shelf.rows()] == [("one", 1)]


def test_no_folder_is_no_calls(tmp_path: Path) -> None:
    with closing(Shelf(tmp_path / "none" / "sessions")) as shelf:
        assert shelf.sync().whole
        assert shelf.rows() == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "This is no session of Coach."),
        ('{"format": 1, "what": "coach session"}\n', "is empty"),
        ('{"format": 99}\n', "format 99"),
        (
            '{"format": 1}\n{"event":"CallStarted","at_ms":0,"call_type":7,"channels":["rep"],"planned_ms":0}\n',
            "",
        ),
    ],
)
def test_whatever_lies_in_the_folder_the_others_are_listed(
    folder: Path, shelf: Shelf, content: str, fault: str
) -> None:
    kept(folder, "good")
    (folder / "odd.jsonl").write_text(content)
    shelf.sync()
    rows = {r.name: r for r in shelf.rows()}
    assert set(rows) == {"good", "odd"}
    assert fault in rows["odd"].fault
    assert rows["good"].fault == ""


def test_a_fault_of_ours_is_a_fault_of_one_session(
    folder: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(folder, "one")

    def burst(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("coach.shelf.figures", burst)
    assert shelf.sync().unread == 1
    assert shelf.rows()[0].fault == "'one.jsonl' cannot be read (ZeroDivisionError)."


def test_a_title_is_written_beside_the_call_and_the_machines_comes_back(folder: Path, shelf: Shelf) -> None:
    path = kept(folder, title="tape")
    shelf.sync()
    row = shelf.rename(str(path), "  Corinne  ")
    assert row is not None
    assert row.title == "Corinne"
    assert library.open_session(path, Settings()).report.title == "Corinne"
    assert shelf.sync().taken == 0  # what was just written is in step
    row = shelf.rename(str(path), "")
    assert row is not None
    assert row.title == "tape"


def test_tags_are_trimmed_and_each_is_there_once(folder: Path, shelf: Shelf) -> None:
    path = kept(folder)
    shelf.sync()
    row = shelf.tag(str(path), [" won ", "", "big  lift", "won", "Practice"])
    assert row is not None
    assert (row.tags, row.practice) == (("won", "big lift", "Practice"), True)
    with closing(Shelf(folder)) as again:
        assert again.sync().taken == 0
        assert again.rows()[0].tags == ("won", "big lift", "Practice")


def test_what_else_was_written_by_hand_meanwhile_is_not_lost_sight_of(folder: Path, shelf: Shelf) -> None:
    path = kept(folder)
    shelf.sync()
    HandFile(path).note(Note(1_000, "Written in the review."))
    shelf.rename(str(path), "Corinne")
    assert shelf.sync().taken == 1
    assert (shelf.rows()[0].notes, shelf.rows()[0].title) == (1, "Corinne")


def test_a_call_that_is_gone_is_not_made_again_by_a_title(folder: Path, shelf: Shelf) -> None:
    path = kept(folder)
    shelf.sync()
    path.unlink()
    with pytest.raises(Trouble, match="not there any more"):
        shelf.rename(str(path), "Corinne")
    assert not hand_path(path).exists()


def test_forgetting_takes_all_of_a_call_and_nothing_of_another(folder: Path, shelf: Shelf) -> None:
    mine, other = kept(folder, "call"), kept(folder, "call-2")
    dotted = kept(folder, "call.one")
    for path in (mine, other, dotted):
        HandFile(path).call_it("x")
        (path.parent / f"{path.stem}.peaks").write_text("drawn")
    recording = folder.parent / "call.wav"
    recording.write_text("sound")
    shelf.sync()
    shelf.forget([str(mine)])
    assert sorted(f.name for f in folder.iterdir()) == sorted(
        f"{stem}.{ending}" for stem in ("call-2", "call.one") for ending in ("hand", "jsonl", "peaks")
    )
    assert sorted(r.name for r in shelf.rows()) == ["call-2", "call.one"]
    assert recording.exists()
    shelf.forget([str(mine)])  # once more does no harm


def test_forgetting_names_the_copies_that_remain(folder: Path, shelf: Shelf, tmp_path: Path) -> None:
    path, copy = kept(folder), tmp_path / "card.pdf"
    copy.touch()
    note_down(path, [copy, tmp_path / "gone.html"])
    shelf.sync()
    assert shelf.forget([str(path)]) == [copy]
    assert remain([copy] * 5, 1) == f"Copies that you exported remain: {copy} and 4 more."
    assert copy.exists()
    assert list(folder.iterdir()) == []


def test_a_call_that_is_running_cannot_be_forgotten_and_the_others_can(folder: Path, shelf: Shelf) -> None:
    one, two = kept(folder, "one"), kept(folder, "two")
    held = hold(one, make=True)
    assert held is not None
    with pytest.raises(Trouble, match="'one' is running, so it stays"):
        shelf.forget([str(one), str(two)])
    assert one.exists()
    assert not two.exists()
    held.release(ended=False)
    shelf.forget([str(one)])  # what its process left behind goes along
    assert list(folder.iterdir()) == []


def test_a_call_that_ended_early_or_was_damaged_is_listed_and_says_so(folder: Path, shelf: Shelf) -> None:
    path = kept(folder, began="2026-11-22T10:00:00+01:00")
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"CallEnded"', b'"CallEnDed"'))
    shelf.sync()
    assert "damaged and left out" in shelf.rows()[0].note
    assert shelf.rows()[0].fault == ""


def test_a_refusal_of_the_disk_is_told_and_the_others_are_forgotten(
    folder: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = kept(folder, "one"), kept(folder, "two")
    shelf.sync()

    def refused(path: Path) -> list[Path]:
        if path == one:
            raise PermissionError(13, "Permission denied")
        return files_of(path)

    monkeypatch.setattr("coach.shelf.files_of", refused)
    with pytest.raises(Trouble, match=r"one\.jsonl' could not be deleted: Permission denied"):
        shelf.forget([str(one), str(two)])
    assert [r.name for r in shelf.rows()] == ["one"]


def test_only_a_session_may_be_forgotten(folder: Path, shelf: Shelf, tmp_path: Path) -> None:
    damaged = kept(folder, "mine")
    damaged.write_text("damaged")
    assert forgettable("mine", folder) == damaged  # whatever it holds, it lies where only sessions lie
    take = kept(tmp_path / "scene", "take1")
    for ending in (".hand", ".wav"):
        take.with_suffix(ending).touch()
    with pytest.raises(Trouble, match=r"take1\.jsonl' is not among the calls"):
        forgettable(str(take), folder)
    with pytest.raises(Trouble, match=r"take1\.jsonl' is not among the calls"):
        shelf.forget([str(take), str(damaged)])
    assert len(list(take.parent.iterdir())) == 3
    assert not damaged.exists()  # the others are forgotten all the same


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps what is open, and cannot be asked")
def test_half_sessions_of_processes_that_ended_go_too(folder: Path, shelf: Shelf) -> None:
    path = kept(folder)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for process in (gone.pid, os.getpid(), "x"):
        (folder / f"r-1.jsonl.{process}.part").write_text("words")
    shelf.forget([str(path)])
    assert {f.name for f in folder.iterdir()} == {f"r-1.jsonl.{p}.part" for p in (os.getpid(), "x")}


def test_a_recording_among_the_sessions_stays(folder: Path, shelf: Shelf) -> None:
    path = kept(folder)
    recording = path.with_suffix(".wav")
    recording.touch()
    shelf.forget([str(path), str(recording)])
    assert list(folder.iterdir()) == [recording]


def test_the_last_calls_of_a_type_for_a_report_card(folder: Path, shelf: Shelf) -> None:
    for day in (20, 21, 22):
        kept(folder, f"d{day}", began=f"2026-11-{day}T10:00:00+01:00")
    kept(folder, "demo", "demo", began="2026-11-21T12:00:00+01:00")
    shelf.sync()
    before = shelf.last_figures("discovery", "2026-11-22T10:00:00+01:00")
    assert len(before) == 2
    assert before[0]["talk_share"] == entry(folder / "d21.jsonl").figures["talk_share"]


def test_trends_are_of_one_type_and_leave_out_what_cannot_be_read(folder: Path, shelf: Shelf) -> None:
    for day in (20, 21, 22):
        kept(folder, f"d{day}", began=f"2026-11-{day}T10:00:00+01:00")
    kept(folder, "demo", "demo")
    (folder / "odd.jsonl").write_text("damaged")
    shelf.sync()
    share = next(t for t in shelf.trends("discovery") if t.name == "talk_share")
    assert (share.n, len(share.points)) == (3, 3)
    assert share.points[-1].path.endswith("d22.jsonl")
    assert next(t for t in shelf.trends("demo") if t.name == "talk_share").middle is None


def test_a_habit_is_kept_for_its_owner_alone_and_can_be_let_go(folder: Path, shelf: Shelf) -> None:
    assert shelf.habit() is None
    habit = Habit("talk_share", 0.5, "discovery")
    shelf.keep_habit(habit)
    file = folder.parent / "habit.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with closing(Shelf(folder)) as again:
        assert again.habit() == habit
    shelf.keep_habit(None)
    assert shelf.habit() is None
    assert not file.exists()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 2, "what": "coach habit"}', '{"what": 1}'])
def test_a_habit_that_cannot_be_read_is_told_of(folder: Path, shelf: Shelf, text: str) -> None:
    (folder.parent / "habit.json").write_text(text)
    with pytest.raises(Trouble, match="Choose one again"):
        shelf.habit()
    shelf.keep_habit(Habit("layers", 3.0, "demo"))
    assert shelf.habit() == Habit("layers", 3.0, "demo")


@pytest.mark.parametrize(
    "values", [{"figure": "patience"}, {"target": "NaN"}, {"target": None}, {"figure": "x"}]
)
def test_a_habit_that_means_nothing_is_none(folder: Path, shelf: Shelf, values: dict) -> None:
    whole = {"format": 1, "what": "coach habit", "figure": "layers", "target": 3.0, "call_type": "demo"}
    (folder.parent / "habit.json").write_text(json.dumps(whole | values))
    assert shelf.habit() is None

"""Many calls as tables: every figure, every sentence, every nudge, whole or not there."""

from __future__ import annotations

import sys

import pytest
from playbook import CUSTOMER, REP, told

from coach.call.figures import figures
from coach.call.meters import Meters
from coach.nudges.commands import Nudge
from coach.report import tables
from coach.report.document import make_report
from coach.report.tables import Tables, rows_of
from coach.settings import Settings
from coach.trouble import Trouble

SAID = [
    (REP, 1, 3, "How do you do that today?", "question.open"),
    (CUSTOMER, 4, 12, 'By hand, "and" <b>we</b> lose; =two(days)', "need"),
    (REP, 13, 22, "Our lift does that.", "pitch"),
]
NUDGE = Nudge("pounce", "Stay with that", "A need at 0:12.", 14_000, 23_000, (("need_ended_s", 12.0),), "own")


@pytest.fixture
def report():
    meters = Meters()
    for event in told(SAID, 30):
        meters.fold(event)
    limits = Settings().limits_for("discovery")
    return make_report("call", meters, [NUDGE], limits, {"duration_s": 30.0, "note": "Short."}, moments=())


@pytest.fixture
def read():
    pq = pytest.importorskip("pyarrow.parquet", reason="pip install 'coach-at-the-edge[cluster]'")
    return lambda folder, name: pq.read_table(folder / f"{name}.parquet")


def test_the_rows_of_a_call(report):
    rows = rows_of("r-1", report, file="/calls/a.wav", began="2026-11-22T10:00:00+01:00")
    (call,) = rows["calls"]
    assert (call["call"], call["file"], call["began"]) == ("r-1", "/calls/a.wav", "2026-11-22T10:00:00+01:00")
    assert (call["duration_s"], call["nudges"], call["note"]) == (30.0, 1, "Short.")
    assert {f.name: f.value for f in report.figures}.items() <= call.items()
    assert [(s["call"], s["who"], s["start_s"]) for s in rows["sentences"]] == [
        ("r-1", "rep", 1.0),
        ("r-1", "customer", 4.0),
        ("r-1", "rep", 13.0),
    ]
    assert rows["sentences"][0]["cues"] == ["question.open"]
    (nudge,) = rows["nudges"]
    assert (nudge["call"], nudge["rule"], nudge["due_s"], nudge["at_s"]) == ("r-1", "pounce", 14.0, 23.0)


def test_a_back_channel_is_a_sentence_too():
    meters = Meters()
    for event in told([*SAID, (CUSTOMER, 23, 23.5, "Mm-hm.", "backchannel")], 30):
        meters.fold(event)
    limits = Settings().limits_for("discovery")
    rows = rows_of("x", make_report("call", meters, [], limits, {}, moments=()))
    assert rows["sentences"][-1]["text"] == "Mm-hm."


def test_tables_hold_what_came_and_text_stays_text(report, tmp_path, read):
    with Tables(tmp_path / "new" / "tables") as into:
        into.add("r-1", report)
        into.add("r-2", report)
    folder = tmp_path / "new" / "tables"
    assert sorted(p.name for p in folder.iterdir()) == [
        "calls.parquet",
        "nudges.parquet",
        "sentences.parquet",
    ]
    calls = read(folder, "calls")
    assert calls.column("call").to_pylist() == ["r-1", "r-2"]
    assert (
        calls.column("talk_share").to_pylist()
        == [next(f.value for f in report.figures if f.name == "talk_share")] * 2
    )
    assert [f.name for f in figures(Meters()) if f.name not in calls.column_names] == []
    assert calls.schema.metadata[b"coach_format"] == b"1"
    assert calls.schema.field("patience").metadata == {b"unit": b"s"}
    assert read(folder, "sentences").column("text").to_pylist()[1] == SAID[1][3]
    assert read(folder, "nudges").num_rows == 2


def test_many_rows_are_written_as_they_come(report, tmp_path, read, monkeypatch):
    monkeypatch.setattr(tables, "ROWS", 4)
    with Tables(tmp_path) as into:
        for k in range(5):
            into.add(f"r-{k}", report)
            assert len(into._rows["sentences"]) < 4
    assert read(tmp_path, "sentences").num_rows == 15
    assert read(tmp_path, "calls").num_rows == 5


def test_no_calls_are_empty_tables(tmp_path, read):
    with Tables(tmp_path):
        pass
    assert read(tmp_path, "calls").num_rows == 0


def test_after_a_fault_there_is_no_half_table_and_the_old_one_stays(report, tmp_path, read):
    with Tables(tmp_path) as into:
        into.add("r-1", report)
    with pytest.raises(KeyboardInterrupt), Tables(tmp_path) as into:
        stopped(into, report)
    assert len(list(tmp_path.iterdir())) == 3
    assert read(tmp_path, "calls").column("call").to_pylist() == ["r-1"]


def stopped(into, report):
    into.add("r-2", report)
    raise KeyboardInterrupt


def test_a_folder_that_cannot_be_written_is_told(tmp_path, read):
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="cannot be written"), Tables(tmp_path / "file"):
        pass


@pytest.mark.parametrize("when", ["rows", "end"])
def test_a_full_disk_is_told_and_leaves_nothing(report, tmp_path, read, monkeypatch, when):
    monkeypatch.setattr(tables, "ROWS", 1 if when == "rows" else 100)

    monkeypatch.setattr(Tables, "_flush", full)
    with pytest.raises(Trouble, match="No space left"), Tables(tmp_path) as into:
        into.add("r-1", report)
    assert list(tmp_path.iterdir()) == []


def full(*_):
    raise OSError(28, "No space left on device")


def test_without_pyarrow_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(Trouble, match="pyarrow, which is not installed") as caught:
        Tables(tmp_path)
    assert "pip install 'coach-at-the-edge[cluster]'" in caught.value.mend

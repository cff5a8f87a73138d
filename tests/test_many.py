"""A folder in the terminal: what was done, a line for each, the sum; a stop leaves nothing half."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest
from fakes import Same
from rigs.files import write

from coach import app, jobs, library, many
from coach.batch import make_plan
from coach.exporting import wishes
from coach.jobs import Coached, Failed, Progress
from coach.many import Outputs, run_many
from coach.settings import Settings
from coach.shipped import shipped
from coach.trouble import Trouble

RATE = 16_000
NOTHING_KEPT = app.with_set(Settings(), ['storage.keep="nothing"'])


@pytest.fixture
def calls(tmp_path):
    folder = tmp_path / "calls"
    (folder / "more").mkdir(parents=True)
    sounds = np.random.default_rng(4).integers(-9_000, 9_000, (4, 1, 4 * RATE), np.int16)
    for name, sound in zip(("a.wav", "b.wav", "b.flac", "more/a.wav"), sounds, strict=True):
        write(folder / name, sound)
    return folder


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "kept"


def coach_into(kept, settings, *, stop_after=99):
    """Return what coaches with a fake model, and is stopped after so many."""

    def coach(paths, tell):
        for index, path in enumerate(paths):
            if index == stop_after:
                raise KeyboardInterrupt
            tell(Progress(index, 0.5))
            tell(jobs.coach_one(index, path, settings, Same(), lambda _: None, folder=kept))

    return coach


def run(calls, kept, outputs=None, settings=None, **how):
    settings = settings or Settings()
    plan = make_plan([calls], settings, recursive=how.pop("recursive", False), folder=kept)
    run_many(plan, settings, coach_into(kept, settings, **how), outputs or Outputs())


def test_a_line_for_each_and_the_sum(calls, kept, capsys):
    run(calls, kept)
    out = capsys.readouterr().out
    assert out.startswith("3 recordings: 3 to do.\n")
    assert "  a.wav: 0:04, not one nudge. One channel" in out
    assert "Done before: 0. Done now: 3. Failed: 0." in out


def test_a_stop_says_how_far_it_came_and_the_next_start_goes_on(calls, kept, capsys):
    with pytest.raises(KeyboardInterrupt):
        run(calls, kept, stop_after=1)
    assert "Done before: 0. Done now: 1. Failed: 0. Still to do: 2;" in capsys.readouterr().err
    run(calls, kept)
    out = capsys.readouterr().out
    assert "3 recordings: 2 to do, 1 done before (--again" in out
    assert "Done before: 1. Done now: 2. Failed: 0." in out
    run(calls, kept)
    assert "3 recordings: 0 to do, 3 done before" in capsys.readouterr().out


def test_with_nothing_to_do_no_model_is_loaded(calls, kept, capsys):
    run(calls, kept)
    plan = make_plan([calls], Settings(), folder=kept)
    run_many(plan, Settings(), lambda *_: pytest.fail("it was loaded"), Outputs())


def test_a_failure_is_a_line_and_at_the_end_a_trouble(calls, kept, capsys):
    (calls / "c.wav").write_text("no sound")
    with pytest.raises(Trouble, match="1 of 4 recordings could not be coached"):
        run(calls, kept)
    told = capsys.readouterr()
    assert "c.wav: 'c.wav' is not a recording" in told.err
    assert "Done before: 0. Done now: 3. Failed: 1." in told.out


def test_one_that_cannot_even_be_read_counts_as_failed(calls, kept, capsys):
    (calls / "gone.wav").symlink_to(calls / "nowhere")
    with pytest.raises(Trouble, match="1 of 4"):
        run(calls, kept)
    assert "gone.wav" in capsys.readouterr().err


def test_results_lie_as_the_recordings_do_and_none_writes_over_another(calls, kept, tmp_path):
    run(calls, kept, Outputs(json=tmp_path / "out", html=tmp_path / "pages"), recursive=True)
    found = sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.json"))
    assert found == ["a.json", "b.flac.json", "b.wav.json", "more/a.json"]
    assert json.loads((tmp_path / "out" / "b.wav.json").read_text())["audio"]["file"] == "b.wav"
    assert (tmp_path / "pages" / "more" / "a.html").exists()


def test_results_of_what_was_done_before_are_written_too(calls, kept, tmp_path):
    run(calls, kept)
    run(calls, kept, Outputs(json=tmp_path / "out"))
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_every_other_format_lies_as_the_recordings_do(calls, kept, tmp_path):
    wanted = wishes([f"{tmp_path}/out"], ["md,srt"])
    run(calls, kept, Outputs(also=wanted), recursive=True)
    run(calls, kept, Outputs(html=tmp_path / "pages"), recursive=True)
    pages = {p.relative_to(tmp_path / "pages").with_suffix("") for p in (tmp_path / "pages").rglob("*.html")}
    for ending in (".md", ".srt"):
        written = {p.relative_to(tmp_path / "out") for p in (tmp_path / "out").rglob(f"*{ending}")}
        assert {p.with_suffix("") for p in written} == pages


def tables(folder):
    pq = pytest.importorskip("pyarrow.parquet", reason="pip install 'coach-at-the-edge[cluster]'")
    return {p.stem: pq.read_table(p).to_pylist() for p in folder.iterdir()}


def test_tables_hold_what_was_done_before_and_now_each_once(calls, kept, tmp_path, capsys):
    with pytest.raises(KeyboardInterrupt):
        run(calls, kept, Outputs(parquet=tmp_path / "t"), stop_after=2)
    assert list((tmp_path / "t").iterdir()) == []
    run(calls, kept, Outputs(parquet=tmp_path / "t"))
    rows = tables(tmp_path / "t")["calls"]
    assert sorted(r["file"] for r in rows) == sorted(str(p) for p in calls.glob("*.*"))
    sessions = {library.recording_session(library.checksum(p)).stem for p in calls.glob("*.*")}
    assert {r["call"] for r in rows} == sessions
    assert all(r["began"] for r in rows)
    assert f"written: {tmp_path / 't'}" in capsys.readouterr().out


def test_a_table_has_no_more_words_than_are_kept(kept, tmp_path):
    (tmp_path / "calls").mkdir()
    call = tmp_path / "calls" / "call.ogg"
    call.write_bytes(shipped("assets", "demo", "d01.ogg").read_bytes())
    timings = app.with_set(Settings(), ['storage.keep="timings"'])
    for settings, said in ((timings, {"·"}), (NOTHING_KEPT, {"Hello."})):
        run(tmp_path / "calls", kept, Outputs(parquet=tmp_path / "t"), settings)
        assert {s["text"] for s in tables(tmp_path / "t")["sentences"]} == said


def test_where_nothing_is_kept_it_says_so_and_the_id_is_the_same(calls, kept, tmp_path, capsys):
    run(calls, kept, Outputs(parquet=tmp_path / "t"), NOTHING_KEPT)
    assert "Nothing is kept" in capsys.readouterr().out
    assert not kept.exists()
    rows = tables(tmp_path / "t")["calls"]
    assert {r["call"] for r in rows} == {
        library.recording_session(library.checksum(p)).stem for p in calls.glob("*.*")
    }


def test_a_name_that_plays_with_the_terminal_is_shown_plainly(tmp_path, kept, capsys):
    folder = tmp_path / "calls"
    folder.mkdir()
    write(folder / "x.wav", np.random.default_rng(1).integers(-9_000, 9_000, (1, 2 * RATE), np.int16)).rename(
        folder / "\x1b[31mred.wav"
    )
    run(folder, kept)
    assert "\x1b" not in capsys.readouterr().out


def test_events_of_several_at_once_are_counted_by_their_place(calls, capsys, kept):
    plan = make_plan([calls], Settings(), folder=kept)

    def coach(paths, tell):
        for index in (2, 0, 1):
            tell(Progress(index, 0.3))
        tell(Failed(1, Trouble("It broke.")))
        recording = app.open_call(paths[2], Settings())
        report = app.coach_recording(recording, Settings(), Same(), lambda *_: None)
        tell(Coached(2, report))
        tell(Failed(0, Trouble("It broke too.")))

    with pytest.raises(Trouble, match="2 of 3"):
        run_many(plan, Settings(), coach, Outputs())
    told = capsys.readouterr()
    assert f"{plan.todo[1].name}: It broke." in told.err
    assert f"  {plan.todo[2].name}: 0:04" in told.out


def test_recordings_on_two_drives_have_no_common_folder(calls, kept, tmp_path, monkeypatch):
    def two_drives(_):
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr(many.os.path, "commonpath", two_drives)
    run(calls, kept, Outputs(json=tmp_path / "out"))
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a.json", "b.flac.json", "b.wav.json"]


def test_looking_is_told_where_somebody_watches(monkeypatch, capsys):
    for at in range(30):
        many.looking(at, 30)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(many.sys.stderr, "isatty", lambda: True)
    for at in range(30):
        many.looking(at, 30)
    told = capsys.readouterr().err
    assert "Looking at 30 recordings: 21" in told
    assert told.endswith(" \r")


@pytest.mark.model
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another Ctrl-C")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_program_stopped_midway_keeps_the_whole_ones_and_goes_on(tmp_path, number):
    folder = tmp_path / "calls"
    folder.mkdir()
    demo = shipped("assets", "demo", "d01.ogg")
    (folder / "long.ogg").write_bytes(demo.read_bytes())
    sound = np.concatenate(list(app.open_call(demo, Settings()).samples()), axis=1)
    write(folder / "a.wav", sound[:, 10 * RATE : 16 * RATE])
    env = os.environ | {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    sessions = tmp_path / "data" / "coach" / "sessions"
    program = subprocess.Popen(
        [sys.executable, "-m", "coach", "review", str(folder)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(1200):  # until the short one is kept and the long one begun
        if list(sessions.glob("*.jsonl")) and list(sessions.glob("*.part")):
            break
        threading.Event().wait(0.05)
    program.send_signal(number)
    _, err = program.communicate(timeout=60)
    assert len(list(sessions.glob("*.jsonl"))) == 1, (program.returncode, err)
    if number == signal.SIGINT:
        assert program.returncode == 130
        assert "Done before: 0. Done now: 1. Failed: 0. Still to do: 1;" in err
        assert "Traceback" not in err
        assert list(sessions.glob("*.part")) == []
    plan = make_plan([folder], Settings(), folder=sessions)
    assert [p.name for p in plan.todo] == ["long.ogg"]
    assert [p.name for p, _ in plan.done] == ["a.wav"]

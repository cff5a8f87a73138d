"""A cluster of real processes coaches as this machine would; one that dies loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from rigs import cluster as rig
from rigs.files import write

from coach import app, batch, cluster, library
from coach.audio.recording import open_recording
from coach.cluster import coach_on_cluster
from coach.demo.scenes import scenes
from coach.jobs import Coached
from coach.settings import Settings
from coach.trouble import Trouble

_MISSING = "not installed: pip install 'coach-at-the-edge[cluster]'"
distributed = pytest.importorskip("distributed", reason=f"Dask is {_MISSING}")
pyarrow = pytest.importorskip("pyarrow", reason=f"pyarrow is {_MISSING}")
pytest.importorskip("pyarrow.parquet")

RATE = 16_000


@pytest.fixture(scope="module")
def made():
    """Return a cluster of two workers that nothing happens to."""
    with rig.cluster(workers=2) as running:
        yield running


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """Return a folder with eight pieces of a call, each with voice in it."""
    folder = tmp_path_factory.mktemp("calls")
    sound = np.concatenate(list(open_recording(scenes()[0].sound).samples()), axis=1)
    for k in range(8):
        write(folder / f"{k}.wav", sound[:, (10 + 6 * k) * RATE : (16 + 6 * k) * RATE])
    return folder


def paths(calls):
    return batch.recordings_in(calls)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_a_worker_that_dies_in_the_middle_loses_nothing(calls, tmp_path):
    told = []
    with rig.cluster(workers=2) as made:
        poison = made.poison()
        coach_on_cluster(
            paths(calls), Settings(), made.address, told.append, folder=tmp_path, load=rig.traced
        )
        assert not poison.exists()
        assert made.dead == [-signal.SIGKILL]
        assert made.begun == 9, "one of eight was begun twice"
    assert sorted(e.index for e in told) == list(range(8))
    assert all(isinstance(e, Coached) for e in told)
    assert [p.suffix for p in tmp_path.iterdir()] == [".jsonl"] * 8
    for event in told:
        session = library.recording_session(library.checksum(paths(calls)[event.index]), tmp_path)
        assert event.report.audio["session"] == str(session)
        assert library.open_session(session, Settings()).report.figures == event.report.figures
    plan = batch.make_plan([calls], Settings(), folder=tmp_path)
    assert (len(plan.done), plan.todo) == (8, ())


def test_a_recording_that_cannot_be_coached_stops_none(made, calls, tmp_path):
    told = []
    (tmp_path / "none.wav").write_text("this is no sound")
    files = [tmp_path / "none.wav", *paths(calls)[:2]]
    coach_on_cluster(files, Settings(), made.address, told.append, folder=tmp_path / "kept", load=rig.traced)
    ended = {e.index: e for e in told}
    assert "none.wav" in str(ended[0].trouble)
    assert isinstance(ended[1], Coached)
    assert isinstance(ended[2], Coached)


def test_where_nothing_is_to_be_kept_the_report_comes_home_alone(made, calls, tmp_path):
    told = []
    quiet = app.with_set(Settings(), ['storage.keep="nothing"'])
    coach_on_cluster(paths(calls)[:1], quiet, made.address, told.append, folder=tmp_path, load=rig.traced)
    assert told[0].report.meters.sentences
    assert "session" not in told[0].report.audio
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_no_worker_has_is_told_of_each(made, calls, tmp_path):
    told = []
    other = app.with_speech(Settings(), "none", None)
    coach_on_cluster(paths(calls)[:2], other, made.address, told.append, folder=tmp_path)
    assert ["'none'" in str(e.trouble) for e in told] == [True, True]


def test_ctrl_c_takes_back_what_is_not_done(made, calls, tmp_path):
    told = []

    def stop(event):
        told.append(event)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        coach_on_cluster(paths(calls), Settings(), made.address, stop, folder=tmp_path, load=rig.traced)
    assert len(list(tmp_path.iterdir())) == len(told) == 1
    with distributed.Client(made.address, set_as_default=False) as client:
        until(lambda: not any(client.processing().values()))
    plan = batch.make_plan([calls], Settings(), folder=tmp_path)
    assert (len(plan.done), len(plan.todo)) == (1, 7)


def until(condition):
    """Wait for other processes, ten seconds at most."""
    for _ in range(200):
        if condition():
            return
        threading.Event().wait(0.05)
    pytest.fail("it never came")


def test_a_full_disk_at_home_is_told_in_a_note(made, calls, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(library, "keep_session", full)
    coach_on_cluster(
        paths(calls)[:1], Settings(), made.address, told.append, folder=tmp_path, load=rig.traced
    )
    assert "It could not be kept: No space left on device." in told[0].report.audio["note"]
    assert "session" not in told[0].report.audio


def full(*_):
    raise OSError(28, "No space left on device")


def test_a_scheduler_that_goes_is_a_sentence_and_what_is_done_is_kept(calls, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_S", 1)
    told = []
    with rig.cluster(workers=1) as made:

        def go(event):
            told.append(event)
            made.stop_scheduler()

        with pytest.raises(Trouble, match="has gone"):
            coach_on_cluster(paths(calls), Settings(), made.address, go, folder=tmp_path, load=rig.traced)
    assert len(list(tmp_path.iterdir())) == len(told) > 0


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere at all", ""])
def test_without_a_scheduler_it_says_so(address, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_S", 1)
    with pytest.raises(Trouble, match="no Dask scheduler") as caught:
        coach_on_cluster([], Settings(), address, print)
    assert "dask scheduler" in caught.value.mend


def test_a_client_that_found_nobody_is_closed_at_once(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_S", 1)
    before = set(threading.enumerate())
    with pytest.raises(Trouble) as held:
        coach_on_cluster([], Settings(), "tcp://127.0.0.1:9", print)
    assert [t.name for t in set(threading.enumerate()) - before if t.name == "IO loop"] == []
    assert held.value.__cause__ is not None, "not because what went wrong was forgotten"


def test_without_a_worker_it_says_so(monkeypatch):
    monkeypatch.setattr(cluster, "JOIN_S", 0.2)
    with rig.cluster(workers=0) as made, pytest.raises(Trouble, match="No worker") as caught:
        coach_on_cluster([], Settings(), made.address, print)
    assert f"dask worker {made.address}" in caught.value.mend


def test_without_dask_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Trouble, match="Dask, which is not installed") as caught:
        coach_on_cluster([], Settings(), "tcp://127.0.0.1:9", print)
    assert "pip install 'coach-at-the-edge[cluster]'" in caught.value.mend


def test_a_worker_with_another_coach_is_told(calls):
    sent = cluster.coach_there(3, str(paths(calls)[0]), Settings(), rig.traced, "0.0.1")
    assert sent.ended.index == 3
    assert "you have 0.0.1" in str(sent.ended.trouble)
    assert "same Coach" in sent.ended.trouble.mend


class KilledWorker(Exception):  # noqa: N818 - Dask's own name, and all that we look at
    pass


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (KilledWorker("x"), "every worker that took it up ended"),
        (ModuleNotFoundError("No module named 'coach'", name="coach"), "a worker has no coach"),
        (ZeroDivisionError("oh"), "ZeroDivisionError: oh"),
    ],
)
def test_what_a_worker_could_not_do_is_a_sentence(fault, said):
    assert said in str(cluster._given_up(Path("a.wav"), fault))


@pytest.mark.model
def test_the_program_coaches_a_folder_on_a_cluster_with_the_real_model_and_then_has_nothing_to_do(
    made, calls, tmp_path
):
    for path in paths(calls)[:2]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    command = ["review", tmp_path, "--scheduler", made.address, "--parquet", tmp_path / "tables"]
    env = os.environ | {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}

    def coach():
        return subprocess.run(
            [sys.executable, "-m", "coach", *map(str, command)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=env,
        )

    first, second = coach(), coach()
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "2 recordings: 2 to do." in first.stdout
    assert "Done before: 0. Done now: 2. Failed: 0." in first.stdout
    assert "2 recordings: 0 to do, 2 done before" in second.stdout
    assert "Done before: 2. Done now: 0. Failed: 0." in second.stdout
    sentences = pyarrow.parquet.read_table(tmp_path / "tables" / "sentences.parquet").to_pylist()
    assert len({s["call"] for s in sentences}) == 2
    assert len(" ".join(s["text"] for s in sentences).split()) > 15

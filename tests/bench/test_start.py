"""A start is measured as a user would live it: a process, its icon, its first sound."""

from __future__ import annotations

import os

import pytest

from coach.bench import start as measure
from coach.bench.start import MARKS, Start
from coach.trouble import Trouble


def begun(tray, listening, words, idle=None):
    times = {"tray": tray, "listening": listening, "words": words}
    return Start(times, {name: at / 2 for name, at in times.items()}, idle or {})


def values(rows):
    return {r.what: r.value for r in rows}


def test_the_table_tells_median_and_spread_of_every_mark():
    table = values(measure.rows([begun(0.4, 2, 3), begun(0.6, 1, 9), begun(0.5, 3, 4)]))
    for what, median, fastest, slowest in (
        ("tray icon", 0.5, 0.4, 0.6),
        ("listening to both sides", 2, 1, 3),
        ("speech model ready", 4, 3, 9),
    ):
        found = [table[f"{what}, {figure}"] for figure in ("median", "fastest", "slowest", "processor time")]
        assert found == [median, fastest, slowest, median / 2]
    assert not any("nobody speaks" in what for what in table)


def test_silence_is_told_for_the_process_and_for_each_thread_that_costs_anything():
    idle = {"coach-listener": 0.01, "MainThread": 0.0, "coach-session": 0.002}
    table = values(measure.rows([begun(1, 2, 3), begun(1, 2, 3, idle)]))
    assert table["nobody speaks, whole process"] == 0.012
    assert [w.split()[-1] for w in table if "thread" in w] == ["coach-listener", "coach-session"]


def test_what_a_process_spends_is_read_thread_by_thread():
    spent = measure._spent_ns(os.getpid())
    assert str(os.getpid()) in {thread for thread, _ in spent}
    assert measure._spent_ns(-1) == {}


@pytest.mark.desktop
@pytest.mark.model
def test_a_start_reaches_every_mark_and_ends(tmp_path):
    begun = measure.one_start(tmp_path / "run", 0.0, empty_room=True, offscreen=True)
    assert begun.reached_s.keys() == MARKS.keys()
    assert 0 < begun.reached_s["tray"] < begun.reached_s["listening"]
    assert all(spent > 0 for spent in begun.cpu_s.values())


@pytest.mark.desktop
def test_a_start_that_fails_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # no sound server answers there
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
    with pytest.raises(Trouble, match="Coach did not start"):
        measure.one_start(tmp_path / "run", 0.0, empty_room=False, offscreen=True)

"""The figures of a review: wrong words against a truth, medians with their spread, two ways held together."""

from __future__ import annotations

import json

import pytest

from coach.bench.review import Run, compared, rows_of, truth, wrong
from coach.bench.wrong_words import edit_distance, scored_words


def run(wall_s=2.0, cpu_s=3.0, texts=("you are right",)):
    return Run(wall_s, cpu_s, 300.0, texts, 60.0)


def figures(rows):
    return {r.what: r.value for r in rows}


def test_each_figure_is_the_median_of_its_runs_with_the_spread_beside_it():
    found = figures(rows_of("review", [run(2, 3), run(4, 9), run(3, 6)], [None]))
    assert found["review: wall time"] == 3
    assert (found["review: wall time, shortest"], found["review: wall time, longest"]) == (2, 4)
    assert found["review: processor a second of audio"] == pytest.approx(0.1)
    assert found["review: wrong words"] is None


def test_two_ways_are_compared_run_by_run():
    found = figures(compared([run(1), run(3)], [run(2), run(4)], ["you are wrong"]))
    assert found["review / batched: wall time"] == pytest.approx(0.625)
    assert found["review - batched: wrong words"] == 0


def test_a_truth_lies_beside_the_recording_in_order_of_time(tmp_path):
    said = [
        {"text": "It hurts.", "start_s": 3.0, "cues": ["need"]},
        {"text": "mhm", "start_s": 2.0, "cues": ["backchannel"]},
        {"text": "How is it?", "start_s": 1.0, "cues": []},
    ]
    (tmp_path / "call.json").write_text(json.dumps({"sentences": said}))
    assert truth(tmp_path / "call.wav") == "How is it? It hurts."


@pytest.mark.parametrize("text", ["no json", "[]", '{"sentences": [1]}', "{}"])
def test_another_json_beside_it_is_no_truth(tmp_path, text):
    assert truth(tmp_path / "call.wav") is None
    (tmp_path / "call.json").write_text(text)
    assert truth(tmp_path / "call.wav") is None


def test_wrong_words_are_counted_over_all_files_that_have_a_truth():
    assert wrong(["one two", "whatever", "three four"], ["one too", None, "three four"]) == 0.25


def test_numbers_are_spelt_and_fillers_left_out():
    assert scored_words("Um, the 15% of $1,200, okay?") == scored_words(
        "fifteen percent of one thousand two hundred, OK"
    )
    assert edit_distance("abcd", "abd") == 1

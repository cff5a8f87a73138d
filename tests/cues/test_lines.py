"""The contract of `coach cues`: lines in, lines out."""

from __future__ import annotations

import json

import pytest

from coach.cues.lines import label_lines
from coach.trouble import Trouble


def test_every_field_is_kept_and_cues_and_scores_are_added() -> None:
    line = {
        "call": "a",
        "who": "rep",
        "text": "How do you keep them dry?",
        "start_s": 1.25,
        "end_s": 2,
        "note": [1, "é"],
    }
    (out,) = [json.loads(x) for x in label_lines([json.dumps(line)])]
    assert {k: out[k] for k in line} == line
    assert out["cues"] == ["question.open"]
    assert all(0 <= v <= 1 for v in out["scores"].values())


def test_calls_may_interleave() -> None:
    def call(name: str) -> list[str]:
        said = [("customer", "The choir moved out of the chapel."), ("rep", "Out of the chapel?")]
        return [json.dumps({"call": name, "who": who, "text": text}) for who, text in said]

    a, b = call("a"), call("b")
    mixed = [json.loads(x)["cues"] for x in label_lines([a[0], b[0], b[1], a[1]])]
    assert mixed[2] == mixed[3] == ["reflection.mirror"]


def test_times_and_call_are_optional_and_empty_lines_are_passed_over() -> None:
    lines = ['{"who": "rep", "text": ""}', "", "  \n", '{"who": "customer", "text": "...", "start_s": null}']
    assert [json.loads(x)["cues"] for x in label_lines(lines)] == [[], []]


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[1]",
        '"text"',
        '{"who": "rep"}',
        '{"text": "hello"}',
        '{"who": "boss", "text": "hello"}',
        '{"who": "rep", "text": 4}',
        '{"who": "rep", "text": "hello", "start_s": "soon"}',
        '{"who": "rep", "text": "hello", "end_s": NaN}',
        '{"who": "rep", "text": "hello", "end_s": 1e999}',
    ],
)
def test_a_line_that_is_none_is_named(line: str) -> None:
    with pytest.raises(Trouble, match="Line 2"):
        list(label_lines(['{"who": "rep", "text": "hello"}', line]))


def test_lines_come_out_as_they_go_in() -> None:
    """A stream is labelled while it runs: nothing waits for the end."""
    out = label_lines(iter(['{"who": "rep", "text": "hello"}', "broken"]))
    assert json.loads(next(out))["text"] == "hello"

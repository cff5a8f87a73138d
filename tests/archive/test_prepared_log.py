"""What was prepared lies in the log with the words, and nowhere without them; an older Coach passes it by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from coach.archive.log import SessionLog, read_log, read_session
from coach.archive.records import sealed
from coach.call.events import CallEnded, CallStarted, Who
from coach.call.plan import Plan, QuestionHeard, QuestionTicked

if TYPE_CHECKING:
    from pathlib import Path

PLAN = Plan("demo", 30.0, "", ("Anna decides",), ("Why now?",))
ANSWERS = (QuestionHeard(2_000, 0, 1_000, 0.8), QuestionTicked(3_000, 0, asked=False))
EVENTS = (CallStarted(0, "demo", (Who.REP,), 0), CallEnded(5_000))


def written(folder: Path, keep: str) -> Path:
    log = SessionLog(folder / "call.jsonl", keep, prepared=PLAN)
    log.event(EVENTS[0])
    for answer in ANSWERS:
        log.answer(answer)
    log.event(EVENTS[1])
    log.close()
    return log.path


def test_it_comes_back_with_the_session(tmp_path: Path) -> None:
    stored = read_session(written(tmp_path, "words"))
    assert stored.prepared == PLAN
    assert stored.answers == ANSWERS


def test_where_no_words_are_kept_nothing_of_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, "timings")
    assert b"Anna" not in path.read_bytes()
    assert b"Question" not in path.read_bytes()
    assert read_session(path).prepared is None


def test_who_reads_events_alone_passes_it_by(tmp_path: Path) -> None:
    assert tuple(read_log(written(tmp_path, "words"))) == EVENTS


@pytest.mark.parametrize("damage", [3, [], {"minutes": "x"}, {"questions": 1}])
def test_a_plan_that_is_none_costs_the_call_nothing(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "call.jsonl"
    log = SessionLog(path, "words", about={"prepared": damage})
    log.event(EVENTS[0])
    log.close()
    assert read_session(path).prepared is None


def test_a_line_of_another_kind_is_a_newer_coachs(tmp_path: Path) -> None:
    path = written(tmp_path, "words")
    with path.open("ab") as file:
        file.write(sealed(json.dumps({"command": "QuestionSkipped", "question": 0})))
    assert read_session(path).answers == ANSWERS

"""Each line has a sum of its own: what is whole is read, what is not is told of, and nothing is rewritten."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playbook import CUSTOMER, REP, told

from coach.archive.log import SessionLog, read_facts, read_head, read_log, read_session
from coach.archive.records import sealed, taken_apart, unsealed
from coach.call import wire
from coach.call.events import CallEnded, CallStarted, Event, SentenceHeard, TimePassed
from coach.call.meters import Meters
from coach.nudges.engine import Engine
from coach.settings import Facts, Settings
from coach.trouble import Trouble

LOGS = Path(__file__).parent / "logs"
CALL = told(
    [
        (REP, 1, 3, "How do you do that today?", "question.open"),
        (CUSTOMER, 4, 12, "By hand, \u2028 and we lose two days.", "need"),
        (REP, 13, 22, "Our lift does that.", "pitch"),
    ],
    30,
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    written = SessionLog(tmp_path / "call.jsonl", "words", None, {"began": "2026-11-22T12:05:00+01:00"})
    for event in CALL:
        written.event(event)
    written.close()
    return written.path


@pytest.mark.parametrize("name", sorted(p.name for p in LOGS.glob("*.jsonl")))
def test_a_log_of_every_earlier_coach_is_read_as_it_was(name: str) -> None:
    path = LOGS / name
    before = path.read_bytes()
    session = read_session(path)
    assert list(read_log(path)) == list(session.events)
    started = session.events[0]
    assert isinstance(started, CallStarted)
    assert started.language == ("de" if name == "language.jsonl" else "en")
    assert started.estimated == (name == "estimated.jsonl")
    assert [type(e).__name__ for e in session.events if isinstance(e, SentenceHeard)] == ["SentenceHeard"] * 3
    assert [n.rule for n in session.nudges] == ["pounce"]
    assert session.events[-1] == CallEnded(30_000)
    assert (session.damage, session.ended_early) == ("", False)
    sells = Facts(company=("Acme",), products=("Ferrolift",))
    assert read_facts(path) == (sells if name.startswith(("facts", "last")) else Facts())
    assert read_head(path) == session.head
    assert path.read_bytes() == before


def test_a_torn_last_line_of_an_earlier_coach_is_passed_by(tmp_path: Path) -> None:
    whole = (LOGS / "first.jsonl").read_bytes()
    path = tmp_path / "torn.jsonl"
    path.write_bytes(whole[:-12])
    assert list(read_log(path)) == list(read_log(LOGS / "first.jsonl"))[:-1]


def test_it_stays_readable_by_eye_and_by_every_json_tool(log: Path) -> None:
    lines = log.read_text().split("\n")[:-1]
    assert all(re.fullmatch(r'\{.*,"sum":"[0-9a-f]{8}"\}', line) for line in lines)
    assert json.loads(lines[1])["event"] == "CallStarted"


def test_a_torn_last_line_costs_that_line_alone_wherever_it_was_torn(log: Path, tmp_path: Path) -> None:
    data = log.read_bytes()
    last = data[:-1].rfind(b"\n") + 1
    torn = tmp_path / "torn.jsonl"
    for end in range(last + 1, len(data) - 1):
        torn.write_bytes(data[:end])
        session = read_session(torn)
        assert list(session.events) == CALL[:-1]
        assert session.damage == "The last line of this call was torn and is left out."
        assert torn.read_bytes() == data[:end]
    torn.write_bytes(data[:-1])  # all but the line's end is a line
    assert list(read_session(torn).events) == CALL


def test_a_flipped_bit_anywhere_costs_a_line_or_two_and_is_told(log: Path, tmp_path: Path) -> None:
    data = log.read_bytes()
    broken = tmp_path / "broken.jsonl"
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1 << (at % 8)
        broken.write_bytes(changed)
        session = read_session(broken)
        before = data[:at].count(b"\n")
        assert list(session.events[: max(0, before - 1)]) == CALL[: max(0, before - 1)]
        assert all(event in CALL for event in session.events)
        assert len(session.events) >= len(CALL) - 2
        if at < len(data) - 1:
            assert session.damage.count(". ") == 0
            assert "left out" in session.damage
        assert broken.read_bytes() == changed


@pytest.mark.parametrize("zeros", [1, 511, 4096])
def test_a_tail_of_zeros_as_a_power_cut_leaves_it_is_passed_by(log: Path, zeros: int) -> None:
    whole = log.read_bytes()
    log.write_bytes(whole[:-100] + bytes(zeros))
    session = read_session(log)
    assert list(session.events) == CALL[: len(session.events)]
    assert len(session.events) >= len(CALL) - 3
    assert "left out" in session.damage
    log.write_bytes(whole + bytes(zeros))
    assert list(read_session(log).events) == CALL
    assert read_session(log).damage == "The last line of this call was torn and is left out."


@pytest.mark.parametrize(("places", "said"), [([4], "One place in"), ([4, 6], "2 places in")])
def test_damage_in_the_middle_says_after_which_moment(log: Path, places: list[int], said: str) -> None:
    lines = log.read_bytes().split(b"\n")
    for place in places:
        lines[place] = lines[place].replace(b"a", b"A", 1) + bytes(8)
    log.write_bytes(b"\n".join(lines))
    at_ms = CALL[places[0] - 2].at_ms  # the first line is the header, and events count from nought
    told = read_session(log).damage
    assert told.startswith(said)
    assert f"the first after 0:{at_ms // 1000:02};" in told
    assert len(read_session(log).events) == len(CALL) - len(places)


def test_a_damaged_first_line_costs_what_it_said_and_no_more(log: Path) -> None:
    data = log.read_bytes()
    for first in (b"", b"\0" * 50, data.split(b"\n")[0].replace(b"began", b"bEgan")):
        log.write_bytes(first + data[data.index(b"\n") :])
        session = read_session(log)
        assert (session.head, list(session.events)) == ({}, CALL)
        assert "left out" in session.damage


def test_what_is_whole_and_no_event_is_still_refused(log: Path) -> None:
    with log.open("ab") as file:
        file.write(sealed('{"event":"Nothing","at_ms":1}'))
    with pytest.raises(Trouble, match="no event of a session"):
        read_session(log)


def test_a_newer_format_is_refused_sums_and_all(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(sealed('{"format": 3, "what": "coach session"}'))
    with pytest.raises(Trouble, match="format 3; this Coach reads up to 2"):
        read_session(tmp_path / "x.jsonl")


@given(st.text())
def test_whatever_was_said_a_line_comes_back_as_it_was(text: str) -> None:
    line = json.dumps({"event": "x", "text": text}, ensure_ascii=False)
    kept = line.encode("utf-8", "replace").decode()
    assert unsealed(sealed(line)[:-1]) == kept
    assert sealed(line).count(b"\n") == 1


@given(st.binary(max_size=300))
def test_whatever_bytes_lie_there_it_is_a_session_or_a_sentence(junk: bytes) -> None:
    whole = sealed(wire.header()) + sealed(wire.dump(TimePassed(1)))
    for data in (junk, whole + junk, junk + whole):
        try:
            records = taken_apart(data, "x")
        except Trouble:
            continue
        assert all(line.endswith("\n") for line in records.lines[:-1])


@given(st.data())
def test_a_call_with_lines_missing_is_coached_without_a_fault(data: st.DataObject) -> None:
    left = data.draw(st.lists(st.integers(0, len(CALL) - 1), max_size=6, unique=True))
    events = [e for i, e in enumerate(CALL) if i not in left]
    meters, engine = Meters(), Engine(Settings())
    for event in events:
        assert isinstance(event, get_args(Event))
        meters.fold(event)
        engine.handle(event)

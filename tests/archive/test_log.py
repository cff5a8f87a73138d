"""The log of a session: written as it happens, for its owner alone, with as much as the settings allow."""

from __future__ import annotations

import dataclasses
import json
import re
import stat
import sys

import pytest
from playbook import REP
from rigs.disk import limited

from coach.archive.discretion import blanked
from coach.archive.log import HEARTBEAT_MS, NoLog, SessionLog, read_facts, read_log, read_session
from coach.call.events import CallStarted, SentenceHeard, TimePassed
from coach.nudges.commands import HideNudge, Nudge, ShowNudge, TellOnce
from coach.settings import Facts
from coach.trouble import Trouble

STARTED = CallStarted(0, "discovery", (REP,), 0)
SAID = SentenceHeard(900, REP, 100, 800, "Our price is <b>nine</b> pounds.", ("pitch",), (("pitch", 0.9),))
MM = SentenceHeard(1900, REP, 1100, 1800, "Mm-hm.", ("backchannel",))


def written(tmp_path, keep, *events):
    log = SessionLog(tmp_path / "deep" / "call.jsonl", keep)
    for event in events:
        log.event(event)
    log.command(TellOnce(5, "late", "Words come late."))
    log.close()
    return tmp_path / "deep" / "call.jsonl"


def test_what_was_written_is_read_back(tmp_path):
    path = written(tmp_path, "words", STARTED, SAID, MM)
    assert list(read_log(path)) == [STARTED, SAID, MM]
    assert '{"command": "TellOnce"' in path.read_text()


def test_when_a_nudge_was_taken_away_is_read_back(tmp_path):
    log = SessionLog(tmp_path / "call.jsonl", "words")
    log.event(STARTED)
    gone = HideNudge(9000, "pounce", "done")
    log.command(gone)
    log.close()
    assert read_session(log.path).hidden == (gone,)


def test_with_timings_no_word_of_substance_is_written(tmp_path):
    path = written(tmp_path, "timings", STARTED, SAID, MM)
    assert "price" not in path.read_text()
    assert list(read_log(path)) == [STARTED, blanked(SAID), MM]
    assert blanked(SAID).text == "· · · · ·"


@pytest.mark.parametrize("keep", ["words", "timings"])
def test_what_the_rep_sells_is_kept_with_the_words_and_never_without(tmp_path, keep):
    facts = Facts(company=("Acme",), only="We are the only ones.")
    log = SessionLog(tmp_path / "call.jsonl", keep, facts)
    log.event(STARTED)
    log.close()
    assert read_facts(log.path) == (facts if keep == "words" else Facts())
    assert list(read_log(log.path)) == [STARTED]


def test_a_session_without_facts_has_the_header_it_always_had(tmp_path):
    path = written(tmp_path, "words", STARTED)
    assert re.fullmatch(
        r'\{"format": 2, "what": "coach session","sum":"[0-9a-f]{8}"\}', path.read_text().splitlines()[0]
    )
    assert read_facts(path) == Facts()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "no session of Coach"),
        (b"hello\n", "no session of Coach"),
        (b'{"format": 1, "facts": 5}\n', "no session of Coach"),
        (b'{"format": 1, "facts": {"company": "x"}}\n', "Write a list"),
        (b'{"format": 1, "facts": {"other": 1}}\n', "no setting 'facts.other'"),
    ],
)
def test_facts_that_are_damaged_are_told(tmp_path, content, said):
    (tmp_path / "x.jsonl").write_bytes(content)
    with pytest.raises(Trouble, match=said):
        read_facts(tmp_path / "x.jsonl")


def test_with_nothing_no_file_is_made(tmp_path):
    assert not written(tmp_path, "nothing", STARTED, SAID).exists()


def test_only_its_owner_may_read_it(tmp_path):
    path = written(tmp_path, "words", STARTED)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_time_passing_is_written_now_and_then(tmp_path):
    path = written(tmp_path, "words", *(TimePassed(ms) for ms in range(0, 3 * HEARTBEAT_MS, 20)))
    assert [e.at_ms for e in read_log(path)] == [0, HEARTBEAT_MS, 2 * HEARTBEAT_MS]


def test_the_beat_keeps_to_its_grid_however_late_the_first_time_was_told(tmp_path):
    path = written(tmp_path, "words", *(TimePassed(ms) for ms in range(100, 3 * HEARTBEAT_MS, 50)))
    assert [e.at_ms for e in read_log(path)] == [100, HEARTBEAT_MS, 2 * HEARTBEAT_MS]


def test_time_is_not_told_where_something_else_just_was(tmp_path):
    path = written(tmp_path, "words", STARTED, SAID, TimePassed(950), TimePassed(1000))
    assert list(read_log(path)) == [STARTED, SAID, TimePassed(1000)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_full_disk_ends_the_log_of_a_recording_with_a_sentence(tmp_path):
    log = SessionLog(tmp_path / "call.jsonl", "words")
    with limited(2000):
        for _ in range(200):
            log.event(SAID)
        log.close()
    log.event(STARTED)
    log.close()
    assert "could not be written any further" in log.fault


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "deep").write_text("a file in the way")
    with pytest.raises(Trouble, match=r"cannot be written.*storage\.keep"):
        written(tmp_path, "words", STARTED)


def test_a_log_is_never_written_over(tmp_path):
    written(tmp_path, "words", STARTED)
    with pytest.raises(Trouble, match="File exists"):
        written(tmp_path, "words", STARTED)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"hello\n", b""])
def test_another_file_is_no_session(tmp_path, content):
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(Trouble, match="no session of Coach"):
        list(read_log(path))


def test_a_missing_session_is_told(tmp_path):
    with pytest.raises(Trouble, match="cannot be read"):
        list(read_log(tmp_path / "none.jsonl"))
    with pytest.raises(Trouble, match="cannot be read"):
        read_facts(tmp_path / "none.jsonl")


def test_keeping_nothing_forgets():
    NoLog().event(STARTED)
    NoLog().command(TellOnce(5, "late", "x"))


def test_every_line_is_json(tmp_path):
    odd = dataclasses.replace(SAID, text='quotes " and \u2028 separators \n lines')
    for line in written(tmp_path, "words", STARTED, odd).read_text().split("\n")[:-1]:
        json.loads(line)


def test_with_timings_a_question_made_of_their_words_is_not_written(tmp_path):
    asks = "What did those nine weeks cost you?"
    nudge = Nudge("pounce", "Stay with that", "", 0, 0, (), "", asks)
    for keep, times in (("timings", 0), ("words", 2)):
        log = SessionLog(tmp_path / f"{keep}.jsonl", keep)
        log.command(ShowNudge(5, nudge, asks))
        log.close()
        text = (tmp_path / f"{keep}.jsonl").read_text()
        assert text.count("nine weeks") == times
        assert "Stay with that" in text

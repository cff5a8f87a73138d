"""Ten faults in one live call, on a real sound server: nobody is heard for another, and the log says what was not."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from rigs.faults import CUSTOMER, LIMIT_S, OWN, REP, Tap, call_in, call_with, ten

from coach.archive.log import read_log
from coach.call.events import (
    CallEnded,
    CallStarted,
    ChannelBack,
    ChannelLost,
    DeviceHeard,
    ListeningPaused,
    ListeningResumed,
    Who,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rigs.faults import Outcome

pytestmark = pytest.mark.desktop

OUT_S = 3.0
"""Longer than a gap may be without being told."""
WITHIN_S = 1.0


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return call_with(tmp_path_factory.mktemp("ten"), ten(OUT_S))


def test_not_one_block_is_heard_under_the_wrong_name(outcome: Outcome) -> None:
    assert outcome.wrong_s == {REP: 0.0, CUSTOMER: 0.0}
    assert outcome.alien == ()
    assert all(e.identity in OWN[e.who] for e in outcome.events if isinstance(e, DeviceHeard))


def test_each_gap_in_the_log_is_as_long_as_the_outage(outcome: Outcome) -> None:
    assert len(outcome.struck) == 11
    for struck in outcome.struck:
        assert struck.gap == pytest.approx(struck.outage, abs=WITHIN_S), struck


def test_what_was_heard_and_what_was_not_make_up_the_call(outcome: Outcome) -> None:
    for who in Who:
        gaps_s = sum(e.gap_ms for e in outcome.events if isinstance(e, DeviceHeard) and e.who is who) / 1000
        assert outcome.heard_s[who] + gaps_s == pytest.approx(outcome.length_s, abs=WITHIN_S)


def test_an_outage_is_marked_as_a_loss_and_what_is_mended_at_once_is_not(outcome: Outcome) -> None:
    marked = {(s.fault, s.who) for s in outcome.struck if s.marked is not None}
    assert marked == {(s.fault, s.who) for s in outcome.struck if s.outage > WITHIN_S}
    lost = [e for e in outcome.events if isinstance(e, ChannelLost)]
    assert len(lost) == len(marked)
    assert len([e for e in outcome.events if isinstance(e, ChannelBack)]) == len(lost)


def test_the_rep_is_told_once_a_side_and_the_tray_each_time_it_is_over(outcome: Outcome) -> None:
    assert sorted(t.code for t in outcome.told if t.code.startswith("lost")) == ["lost_customer", "lost_rep"]
    over = [t.code for t in outcome.over]
    assert (over.count("lost_rep"), over.count("lost_customer")) == (3, 2)


def test_the_session_is_complete(outcome: Outcome) -> None:
    assert isinstance(outcome.events[0], CallStarted)
    assert isinstance(outcome.events[-1], CallEnded)
    assert all(later.at_ms >= sooner.at_ms for sooner, later in pairwise(outcome.events))
    assert outcome.events[-1].at_ms / 1000 == pytest.approx(outcome.length_s, abs=WITHIN_S)
    assert outcome.dropped == 0
    assert outcome.threads == ()


def hear(tap: Tap, blocks: int = 5) -> None:
    """Wait for so many more blocks of a side."""
    with tap.came:
        more = len(tap.blocks) + blocks
        assert tap.came.wait_for(lambda: len(tap.blocks) >= more, LIMIT_S)


def test_a_pause_in_an_outage_opens_nothing_and_a_resume_hears_again(tmp_path: Path) -> None:
    with call_in(tmp_path) as (rig, run, taps):
        for tap in taps.values():
            hear(tap)
        rig.remove_microphone("headset")
        with taps[REP].came:
            assert taps[REP].came.wait_for(lambda: taps[REP].losses, LIMIT_S)
        run.call.pause()
        heard = {who: len(tap.blocks) for who, tap in taps.items()}
        rig.add_microphone("headset", 440)
        rig.control("set-default-source", "headset")
        threading.Event().wait(1.5)  # a second and a half in which nothing may happen
        assert rig.control("list", "short", "source-outputs") == ""
        assert {who: len(tap.blocks) for who, tap in taps.items()} == heard
        run.call.resume()
        for tap in taps.values():
            hear(tap)
        log = run.log.path
    events = list(read_log(log))
    kinds = (ChannelLost, ListeningPaused, ListeningResumed, ChannelBack)
    assert [type(e) for e in events if isinstance(e, kinds)] == list(kinds)
    again = [e for e in events if isinstance(e, DeviceHeard)][2:]
    assert {e.who for e in again} == set(Who)
    assert all(e.gap_ms < 1000 * WITHIN_S for e in again)  # a pause is no gap
    assert isinstance(events[-1], CallEnded)


def test_a_call_can_be_ended_while_there_is_no_sound_server(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with call_in(tmp_path) as (rig, run, taps):
        for tap in taps.values():
            hear(tap)
        rig.die()
        for tap in taps.values():
            with tap.came:
                assert tap.came.wait_for(lambda tap=tap: tap.losses, LIMIT_S)
        log = run.log.path
    assert set(threading.enumerate()) <= before
    events = list(read_log(log))
    assert [e.who for e in events if isinstance(e, ChannelLost)] in ([REP, CUSTOMER], [CUSTOMER, REP])
    assert isinstance(events[-1], CallEnded)

"""Events to lines and back."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.call import events, wire
from coach.call.events import CallStarted, ChannelLost, SentenceHeard, TimePassed, VoiceStarted, Who
from coach.trouble import Trouble

_ms = st.integers(0, 10**9)
_text = st.text(max_size=80)
_who = st.sampled_from(Who)
_cues = st.lists(_text, max_size=4).map(tuple)
_scores = st.lists(st.tuples(_text, st.floats(0, 1)), max_size=4).map(tuple)
_by_name = {
    "who": _who,
    "text": _text,
    "what": _text,
    "why": _text,
    "rule": _text,
    "code": _text,
    "call_type": _text,
    "language": _text,
    "cues": _cues,
    "scores": _scores,
    "leak": st.sampled_from(events.Leak),
    "channels": st.lists(_who, max_size=2).map(tuple),
    "estimated": st.booleans(),
    "mixed": st.booleans(),
}
_any_event = st.one_of(
    *(
        st.builds(kind, **{f: _by_name.get(f, _ms) for f in kind.__dataclass_fields__})
        for kind in get_args(events.Event)
    )
)


@given(_any_event)
def test_every_event_comes_back_as_it_was(event):
    line = wire.dump(event)
    assert "\n" not in line
    assert wire.load(line) == event


def test_a_line_says_what_happened_and_when():
    assert (
        wire.dump(VoiceStarted(120, Who.REP, 40))
        == '{"event":"VoiceStarted","at_ms":120,"who":"rep","since_ms":40}'
    )


def test_a_loss_of_which_nobody_knows_since_when_says_nothing_of_it():
    loss = ChannelLost(120, Who.REP, "Unplugged.")
    assert wire.dump(loss) == '{"event":"ChannelLost","at_ms":120,"who":"rep","why":"Unplugged."}'
    assert wire.load(wire.dump(loss)) == loss
    known = ChannelLost(120, Who.REP, "Unplugged.", 40)
    assert wire.load(wire.dump(known)) == known


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nonsense",
        "[]",
        '{"event":"Nothing","at_ms":1}',
        '{"event":"VoiceStarted","at_ms":1}',
        '{"event":"VoiceStarted","at_ms":1,"who":"boss","since_ms":0}',
        '{"event":"TimePassed","at_ms":"soon"}',
        '{"event":"CallStarted","at_ms":0,"call_type":"demo","channels":["rep"],"estimated":"no"}',
    ],
)
def test_a_line_that_is_no_event_says_so(line):
    with pytest.raises(Trouble, match="no event of a session"):
        wire.load(line)


def test_only_a_call_whose_sides_were_told_apart_by_voice_says_so():
    assert "estimated" not in wire.dump(CallStarted(0, "demo", (Who.REP,)))
    line = wire.dump(CallStarted(0, "demo", tuple(Who), estimated=True))
    assert '"estimated":true' in line
    assert wire.load(line).estimated is True


def log(*heard):
    return [wire.header() + "\n", *(wire.dump(e) + "\n" for e in heard)]


def test_a_log_is_read_as_it_was_written():
    heard = (
        CallStarted(0, "demo", (Who.REP,)),
        SentenceHeard(9, Who.REP, 1, 2, "Hi \u2013 \u2028 ok", ("a",), (("a", 0.5),)),
    )
    assert tuple(wire.load_log(log(*heard))) == heard


def test_a_line_torn_by_a_crash_ends_the_log_quietly():
    lines = [*log(TimePassed(1)), '{"event":"TimePas']
    assert list(wire.load_log(lines)) == [TimePassed(1)]


def test_damage_before_the_last_line_is_told():
    lines = [*log(TimePassed(1)), "garbage\n", *log(TimePassed(2))[1:]]
    with pytest.raises(Trouble):
        list(wire.load_log(lines))
    with pytest.raises(Trouble):
        list(wire.load_log([*log(TimePassed(1)), "garbage\n"]))


def test_an_empty_log_has_no_events():
    assert list(wire.load_log(log())) == []


@pytest.mark.parametrize("head", ["", "{}\n", "hello\n", "null\n"])
def test_another_file_is_refused(head):
    with pytest.raises(Trouble, match="no session of Coach"):
        list(wire.load_log([head] if head else []))


def test_a_newer_format_is_refused():
    with pytest.raises(Trouble, match="format 99"):
        list(wire.load_log([json.dumps({"format": 99}) + "\n"]))


@pytest.mark.parametrize(
    "line",
    [
        '{"event":"BleedMeasured","at_ms":1,"correlation":"much"}',
        '{"event":"SentenceHeard","at_ms":1,"who":"rep","start_ms":0,"end_ms":1,"text":{"b":1}}',
        f'{{"event":"TimePassed","at_ms":{10**19}}}',
    ],
)
def test_a_value_of_another_kind_is_refused(line):
    with pytest.raises(Trouble):
        wire.load(line)

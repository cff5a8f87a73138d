"""The straight line without threads: sound in, nudges out, the same at every block size."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fakes import Keywords, LoudnessDetector, OneByOne, Remembering, Script, blocks, sound
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from playbook import CUSTOMER, REP

from coach.archive.log import NoLog, SessionLog, read_log
from coach.audio.bleed import RouteHeard
from coach.audio.block import RATE
from coach.call import wire
from coach.call.events import (
    BLEED,
    BleedMeasured,
    Leak,
    SentenceHeard,
    TimePassed,
    TroubleNoticed,
    TroubleOver,
    VoiceStarted,
)
from coach.live.ear import Ear
from coach.live.line import Line
from coach.live.session import LEAKS, Session
from coach.nudges.commands import HideNudge, ShowNudge, TellOnce
from coach.nudges.engine import Engine
from coach.settings import Settings
from coach.speech.words import Word

SIDES = {
    CUSTOMER: sound(44, (21, 25), (38, 43)),
    REP: sound(44, (1, 3), (25.5, 28), (28.6, 30), (31, 36)),
}
SAID = Script(
    (1, 3, "How is it, question.open?"),
    (21, 25, "It hurts, that is our need."),
    (25.5, 28, "Our tool, a pitch."),
    (28.6, 30, "It has parts."),
)


def coached(block_ms=20, transcriber=SAID, ledger=None, sides=None, stretch_ms=15_000):
    sides = sides or SIDES
    session = Session(Engine(Settings()), Keywords(), tuple(sides), 300, ledger or NoLog())
    line = Line(Ear(sides, LoudnessDetector), session, transcriber, stretch_ms=stretch_ms)
    commands = session.start("discovery", 600_000)
    for _, more in line.run(blocks(sides, block_ms)):
        commands += more
    return commands


def test_a_pounce_is_heard_and_nudged_at_a_breath():
    (nudge,) = [c.nudge for c in coached() if isinstance(c, ShowNudge)]
    assert nudge.rule == "pounce"
    assert 28_300 < nudge.due_ms <= 28_700
    assert nudge.at_ms == pytest.approx(30_300, abs=200)


@hypothesis_settings(max_examples=15, deadline=None)
@given(st.integers(1, 30_000))
def test_the_size_of_blocks_changes_nothing(block_ms):
    assert coached(block_ms) == coached(20)


def test_everything_that_happened_is_in_the_ledger():
    ledger = Remembering()
    commands = coached(ledger=ledger)
    assert ledger.commands == commands
    at = [e.at_ms for e in ledger.events]
    assert at == sorted(at)
    said = [e for e in ledger.events if isinstance(e, SentenceHeard)]
    assert [e.text for e in said] == [text for *_, text in SAID.said]


def test_a_replay_equals_the_call(tmp_path):
    log = SessionLog(tmp_path / "call.jsonl", "words")
    commands = coached(ledger=log)
    log.close()
    engine = Engine(Settings())
    assert [c for e in read_log(tmp_path / "call.jsonl") for c in engine.handle(e)] == commands


def test_a_replay_of_timings_alone_equals_the_call_too(tmp_path):
    log = SessionLog(tmp_path / "call.jsonl", "timings")
    commands = coached(ledger=log)
    log.close()
    text = (tmp_path / "call.jsonl").read_text()
    assert "hurts" not in text
    engine = Engine(Settings())
    assert [c for e in read_log(tmp_path / "call.jsonl") for c in engine.handle(e)] == commands


def test_without_words_there_is_voice_alone():
    ledger = Remembering()
    assert coached(transcriber=None, ledger=ledger) == []
    assert any(isinstance(e, VoiceStarted) for e in ledger.events)
    assert not any(isinstance(e, SentenceHeard) for e in ledger.events)


def test_one_side_alone_is_a_call_as_well():
    ledger = Remembering()
    coached(ledger=ledger, sides={REP: SIDES[REP]})
    assert ledger.events[0].channels == (REP,)


def test_a_sentence_keeps_its_place_however_late_time_is_told():
    ledger = Remembering()
    coached(30_000, ledger=ledger)
    pounce = next(e for e in ledger.events if isinstance(e, SentenceHeard) and "pitch" in e.text)
    assert pounce.at_ms < 28_800
    assert any(isinstance(e, TimePassed) for e in ledger.events)


def test_the_end_of_the_call_takes_a_nudge_away():
    commands = coached(sides={who: s[: 31 * 16_000] for who, s in SIDES.items()})
    assert isinstance(commands[-1], HideNudge)
    assert commands[-1].why == "call ended"


class Leaking:
    """A stage that lets everything through and hears of a leak in the third second and of its end in the sixth."""

    def __init__(self):
        self._heard = 0
        self._news = [
            RouteHeard(6 * RATE, Leak.HEADPHONES, 0.1, -math.inf),
            RouteHeard(3 * RATE, Leak.STRONG, 0.9, -3.21, 40.0, 25),
        ]

    def hear(self, who, samples):
        self._heard += len(samples) if who is REP else 0
        return samples

    def rest(self, who):
        return np.zeros(0, np.int16)

    def news(self):
        return [self._news.pop()] if self._news and self._heard >= self._news[-1].at else []


@pytest.mark.parametrize("block_ms", [20, 700])
def test_a_leak_is_told_once_in_its_place_with_what_was_measured(block_ms):
    ledger = Remembering()
    session = Session(Engine(Settings()), Keywords(), (REP, CUSTOMER), 300, ledger)
    line = Line(Ear(SIDES, LoudnessDetector, Leaking()), session, None)
    commands = session.start("discovery", 600_000)
    for _, more in line.run(blocks(SIDES, block_ms)):
        commands += more
    told = [e for e in ledger.events if isinstance(e, BleedMeasured | TroubleNoticed | TroubleOver)]
    assert told == [
        BleedMeasured(3000, Leak.STRONG, 0.9, -3.2, 25),
        TroubleNoticed(3000, BLEED, LEAKS),
        BleedMeasured(6000, Leak.HEADPHONES, 0.1),
        TroubleOver(6000, BLEED),
    ]
    assert [c for c in commands if isinstance(c, TellOnce)] == [TellOnce(3000, BLEED, LEAKS)]


def test_every_event_of_a_call_survives_the_wire():
    ledger = Remembering()
    coached(ledger=ledger)
    for event in ledger.events:
        assert wire.load(wire.dump(event)) == event


@hypothesis_settings(max_examples=10, deadline=None)
@given(st.integers(1, 30_000), st.integers(1_000, 60_000))
def test_how_much_is_written_together_changes_nothing_about_the_call(block_ms, stretch_ms):
    assert coached(block_ms, stretch_ms=stretch_ms) == coached(20)


class Notes(Script):
    """Writes what it is told to, and notes which spans came together."""

    def __init__(self, *said):
        super().__init__(*said)
        self.asked = []

    def transcribe_many(self, spans):
        self.asked.append(tuple((s.who, s.span.start_ms, s.span.closed_at_ms) for s in spans))
        return super().transcribe_many(spans)


def together(block_ms, sides, stretch_ms):
    """Return which spans were written together; two threads may begin in any order."""
    notes = Notes(*SAID.said)
    coached(block_ms, notes, sides=sides, stretch_ms=stretch_ms)
    return sorted(notes.asked, key=lambda spans: min(start for _, start, _ in spans))


def test_spans_are_written_together_in_an_order_no_block_knows_of():
    asked = together(20, SIDES, 20_000)
    assert together(7_000, SIDES, 20_000) == asked
    every = [span for spans in asked for span in spans]
    assert len(every) == len(set(every))
    for spans in asked:
        closed = [closed_ms for *_, closed_ms in spans]
        assert closed == sorted(closed)
        assert closed[-1] - closed[0] < 20_000, "no span waits longer than a stretch"


def test_windows_are_begun_once_they_are_full_and_none_goes_half_empty_but_the_last():
    talk = sound(150, *((s, s + 3.2) for s in range(0, 148, 4)))
    listened = {CUSTOMER: sound(150), REP: talk}
    first, *others = together(1_000, listened, 120_000)
    assert first[-1][2] < 40_000, "two windows are full after half a minute; nobody waits for two"
    assert len(others) > 2
    rep = [span for spans in (first, *others) for span in spans]
    assert [start for _, start, _ in rep] == sorted(start for _, start, _ in rep)
    for spans in (first, *others[:-1]):
        held_s = [(closed - start) / 1000 for _, start, closed in spans]
        assert len(spans) == 6, "three of these fill a window"
        assert sum(held_s) > 18


def test_a_word_said_early_on_does_not_hold_up_a_long_silence():
    said = {CUSTOMER: sound(90), REP: sound(90, (1, 3))}
    session = Session(Engine(Settings()), Keywords(), tuple(said), 300, NoLog())
    session.start("discovery", 600_000)
    line = Line(Ear(said, LoudnessDetector), session, SAID, stretch_ms=24_000)
    done = [at_ms for at_ms, _ in line.run(blocks(said, 500))]
    assert max(done[: 2 * 90]) > 24_000, "after 45 seconds of sound from two sides"


def test_a_writer_that_fails_ends_the_line():
    class Broken(Script):
        def transcribe_many(self, spans):
            raise MemoryError("no more")

    with pytest.raises(MemoryError):
        coached(transcriber=Broken())


def test_words_behind_a_cut_come_after_those_before_it():
    """A speaker who gives no pause is cut behind: the last words of the one span are known after the next began."""

    class Counted(OneByOne):
        def transcribe(self, samples, start_ms, voiced):
            step = (voiced[-1][1] - voiced[0][0]) / 12
            name = "a" if voiced[0][0] < 5_000 else "b"
            return [
                Word(round(voiced[0][0] + k * step), round(voiced[0][0] + (k + 1) * step), f"{name}{k}")
                for k in range(12)
            ]

    ledger = Remembering()
    session = Session(Engine(Settings()), Keywords(), (REP,), 300, ledger)
    session.start("discovery", 600_000)
    line = Line(Ear((REP,), LoudnessDetector), session, Counted())
    list(line.run(blocks({REP: sound(13, (0.2, 5.2), (5.35, 11))}, 100)))
    words = " ".join(e.text for e in ledger.events if isinstance(e, SentenceHeard)).split()
    assert words == [f"{name}{k}" for name in "ab" for k in range(12)]

"""A live call on its threads: devices in the hands of the test, everything else real but the models."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from fakes import FakeSource, Keywords, LoudnessDetector, Remembering, Script, blocks, sound
from playbook import CUSTOMER, REP

from coach.audio.block import Block
from coach.call.events import (
    CallEnded,
    ChannelBack,
    ChannelLost,
    DeviceHeard,
    ListeningPaused,
    NotNowAsked,
    NudgeDismissed,
    NudgeUnhelpful,
    SentenceHeard,
    TroubleNoticed,
    TroubleOver,
)
from coach.live.call import LiveCall
from coach.live.ear import Ear
from coach.live.player import PlayedSide
from coach.live.session import Session
from coach.nudges.commands import ShowNudge, TellOnce, ToldIsOver
from coach.nudges.engine import Engine
from coach.settings import Settings
from coach.trouble import Trouble

SIDES = {
    REP: sound(36, (1, 3), (25.5, 28), (28.6, 30), (31, 33)),
    CUSTOMER: sound(36, (21, 25)),
}
SAID = Script(
    (21, 25, "It hurts, that is our need."), (25.5, 28, "Our tool, a pitch."), (28.6, 30, "It has parts.")
)


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self):
        self.now = 50.0

    def __call__(self):
        return self.now


class Bench:
    """One live call on fakes."""

    def __init__(self, words=SAID, sides=(REP, CUSTOMER), fails=None, stage=None, source=FakeSource):
        self.clock, self.ledger, self.commands = Clock(), Remembering(), []
        self.sources = {who: source(who, fails if who is CUSTOMER else None) for who in sides}
        session = Session(Engine(Settings()), Keywords(), sides, 300, self.ledger)
        self.call = LiveCall(
            tuple(self.sources.values()),
            Ear(sides, LoudnessDetector, stage),
            session,
            (lambda: words) if words is not None else None,
            self.commands.extend,
            self.clock,
        )
        self.call.mailbox._room = 600 * 16_000  # a minute comes at once here, as from no device

    def play(self, sides=SIDES):
        for block in blocks(sides, block_ms=200):
            self.clock.now = max(self.clock.now, 50.0 + block.end / 16_000)
            self.sources[block.who].deliver(block)

    def events(self, kind):
        return [e for e in self.ledger.events if isinstance(e, kind)]

    def nudges(self):
        return [c.nudge.rule for c in self.commands if isinstance(c, ShowNudge)]


def coach_threads():
    return [t.name for t in threading.enumerate() if t.name.startswith("coach-")]


def test_a_call_is_heard_written_nudged_and_ended():
    bench = Bench()
    bench.call.start("discovery", 600_000)
    bench.play()
    bench.call.stop()
    assert [e.text for e in bench.events(SentenceHeard)] == [text for *_, text in SAID.said]
    assert isinstance(bench.ledger.events[-1], CallEnded)
    assert bench.call.mailbox.dropped == 0
    for thread in bench.call.threads:
        assert not thread.is_alive()


def test_stopping_writes_down_the_last_words():
    slow = threading.Event()

    class Slow(Script):
        def draft(self, samples, said, voiced, *, careful=False):
            slow.wait(5)
            return super().draft(samples, said, voiced)

    bench = Bench(Slow(*SAID.said))
    bench.call.start("discovery", 600_000)
    bench.play()
    stopping = threading.Thread(target=bench.call.stop)
    stopping.start()
    slow.set()
    stopping.join(10)
    assert [e.text for e in bench.events(SentenceHeard)] == [text for *_, text in SAID.said]


class Late:
    """A stage that keeps the rep's last seconds to itself until the end."""

    def __init__(self):
        self.held = []

    def hear(self, who, samples):
        if who is CUSTOMER:
            return samples
        self.held.append(samples)
        return samples[:0]

    def rest(self, who):
        return np.concatenate(self.held) if who is REP else np.zeros(0, np.int16)

    def news(self):
        return ()


def test_what_stands_before_the_ear_at_the_end_is_heard_and_written_too():
    bench = Bench(stage=Late())
    bench.call.start("discovery", 600_000)
    bench.play()
    bench.call.stop(10)
    said = [e.text for e in bench.events(SentenceHeard)]
    assert "Our tool, a pitch." in said
    assert "It hurts, that is our need." in said


def test_a_loopback_that_cannot_be_opened_leaves_the_microphone():
    bench = Bench(fails=Trouble("The loopback is busy.", "Close the other program."))
    bench.call.start("discovery", 600_000)
    bench.sources[REP].give(Block(REP, b.start, b.samples) for b in blocks({REP: SIDES[REP]}, 200))
    bench.call.stop()
    assert [e.who for e in bench.events(ChannelLost)] == [CUSTOMER]
    assert any(isinstance(c, TellOnce) and "busy" in c.text for c in bench.commands)


def test_a_microphone_that_cannot_be_opened_is_no_call():
    bench = Bench()
    bench.sources[REP].fails = Trouble("The microphone is busy.")
    with pytest.raises(Trouble, match="busy"):
        bench.call.start("discovery", 600_000)


def test_a_model_that_cannot_be_loaded_leaves_the_voice_and_says_so():
    def broken():
        raise Trouble("The speech model was altered.", "Install it again.")

    bench = Bench()
    bench.call.writer.load = broken
    bench.call.start("discovery", 600_000)
    bench.play()
    bench.call.stop()
    assert bench.events(SentenceHeard) == []
    assert [e.code for e in bench.events(TroubleNoticed) if "altered" in e.text] == ["no_words"]


def test_a_model_that_loads_slowly_is_told_and_nothing_is_lost():
    loaded = threading.Event()

    def slow():
        loaded.wait(10)
        return SAID

    bench = Bench()
    bench.call.writer.load = slow
    bench.call.start("discovery", 600_000)
    bench.play()
    for _ in range(1000):
        if bench.events(TroubleNoticed) and "model_loading" in [e.code for e in bench.events(TroubleNoticed)]:
            break
        bench.call.ended.wait(0.01)
    loaded.set()
    bench.call.stop()
    assert [e.text for e in bench.events(SentenceHeard)] == [text for *_, text in SAID.said]
    assert "model_loading" in [e.code for e in bench.events(TroubleOver)]


def test_a_decode_that_fails_costs_its_words_and_nothing_else(caplog):
    class Failing(Script):
        def draft(self, samples, said, voiced, *, careful=False):
            raise RuntimeError("out of luck")

    bench = Bench(Failing())
    bench.call.start("discovery", 600_000)
    bench.play()
    bench.call.stop()
    assert isinstance(bench.ledger.events[-1], CallEnded)
    codes = [e.code for e in bench.events(TroubleNoticed)]
    assert codes.count("no_words") == 1
    assert "could not be written" in caplog.text


def test_a_call_without_a_model_is_a_call_without_words():
    bench = Bench(words=None)
    bench.call.start("discovery", 600_000)
    bench.play()
    bench.call.stop()
    assert bench.events(SentenceHeard) == []


def test_a_side_lost_in_the_call_is_told_and_the_other_goes_on():
    bench = Bench()
    bench.call.start("discovery", 600_000)
    bench.play({who: s[: 16_000 * 20] for who, s in SIDES.items()})
    bench.sources[CUSTOMER].lost(CUSTOMER, "The other side was unplugged.")
    bench.call.stop()
    (lost,) = bench.events(ChannelLost)
    assert lost.why == "The other side was unplugged."
    assert [c.text for c in bench.commands if isinstance(c, TellOnce) and c.code == "lost_customer"] == [
        lost.why
    ]


class Kept(FakeSource):
    """A side that outlives its devices."""

    def tell(self, opened):
        self.opened = opened


def test_a_side_that_is_back_through_another_device_is_heard_from_there_on():
    bench = Bench(words=None)
    rep = bench.call._sources[0]
    kept = Kept(REP)
    bench.call._sources = (kept, bench.call._sources[1])
    kept.tell(bench.call.mailbox.opened)
    bench.sources[REP] = kept
    bench.call.start("discovery", 600_000)
    kept.opened(REP, "Headset", "usb")
    bench.play({who: s[: 16_000 * 10] for who, s in SIDES.items()})
    kept.lost(REP, "'Headset' is no longer heard. Reconnecting.")
    kept.opened(REP, "Webcam", "cam")
    bench.clock.now = 50.0 + 16
    kept.give([Block(REP, 0, SIDES[REP][:16_000])])
    bench.call.stop()
    assert rep.deliver is None
    assert [(e.who, e.device, e.gap_ms) for e in bench.events(DeviceHeard)] == [
        (REP, "Headset", 0),
        (CUSTOMER, "fake customer", 0),
        (REP, "Webcam", 5000),
    ]
    (lost,), (back,) = bench.events(ChannelLost), bench.events(ChannelBack)
    assert lost.since_ms == 10_000
    assert lost.at_ms >= lost.since_ms
    assert back.at_ms >= 15_000
    told = [c.code for c in bench.commands if isinstance(c, TellOnce | ToldIsOver) and c.code == "lost_rep"]
    assert told == ["lost_rep", "lost_rep"]


def test_a_side_that_is_lost_twice_without_coming_back_is_lost_once():
    bench = Bench(words=None)
    bench.call.start("discovery", 600_000)
    bench.play({who: s[:16_000] for who, s in SIDES.items()})
    bench.sources[REP].lost(REP, "Unplugged.")
    bench.call.pause()
    bench.sources[REP].lost(REP, "Still away.")
    bench.call.stop()
    assert [e.why for e in bench.events(ChannelLost)] == ["Unplugged."]


def test_exact_zeros_from_the_microphone_are_told():
    bench = Bench()
    bench.call.start("discovery", 600_000)
    bench.play()
    bench.call.stop()
    assert [e.code for e in bench.events(TroubleNoticed)].count("microphone_silent") == 2
    assert [e.code for e in bench.events(TroubleOver)].count("microphone_silent") == 1
    assert [c.code for c in bench.commands if isinstance(c, TellOnce)] == ["microphone_silent"]


class Recorded(FakeSource, PlayedSide):
    """A recording in the hands of a test."""


def test_a_recording_that_is_silent_is_not_a_muted_microphone():
    bench = Bench(source=Recorded)
    bench.call.start("discovery", 600_000)
    bench.play()
    bench.call.stop()
    assert not [e for e in bench.events(TroubleNoticed) if e.code == "microphone_silent"]


def test_a_pause_closes_the_devices_and_a_resume_opens_them():
    bench = Bench()
    bench.call.start("discovery", 600_000)
    bench.play({who: s[:16_000] for who, s in SIDES.items()})
    bench.call.pause()
    assert bench.sources[REP].deliver is None
    bench.call.resume()
    assert bench.sources[REP].starts == 2
    bench.call.stop()
    assert len(bench.events(ListeningPaused)) == 1


def test_devices_that_were_released_are_never_opened_again():
    """The panic key was pressed: a resume that was on its way opens nothing, and what it had opened is let go."""
    bench = Bench()
    bench.call.start("discovery", 600_000)
    bench.call.pause()
    assert bench.call.release().wait(20)
    bench.call.resume()
    assert [bench.sources[who].starts for who in (REP, CUSTOMER)] == [1, 1]
    late = Bench()
    late.call.release()
    late.call.start("discovery", 600_000)
    assert [late.sources[who].deliver for who in (REP, CUSTOMER)] == [None, None]
    for call in (bench.call, late.call):
        call.break_off(20)


def test_what_the_rep_clicks_goes_down_the_line():
    bench = Bench()
    bench.call.start("discovery", 600_000)
    bench.call.dismiss("pounce")
    bench.call.unhelpful("monologue")
    bench.call.not_now()
    bench.call.stop()
    assert [e.rule for e in bench.events(NudgeDismissed)] == ["pounce"]
    assert [e.rule for e in bench.events(NudgeUnhelpful)] == ["monologue"]
    assert len(bench.events(NotNowAsked)) == 1


def test_a_scribe_that_falls_behind_gives_up_old_sound_and_says_so():
    held = threading.Event()

    class Stuck(Script):
        def draft(self, samples, said, voiced, *, careful=False):
            held.wait(10)
            return super().draft(samples, said, voiced)

    bench = Bench(Stuck())
    bench.call.start("discovery", 600_000)
    talk = sound(60, *((i, i + 0.9) for i in range(0, 60, 2)))
    bench.play({REP: talk, CUSTOMER: sound(60)})
    stopping = threading.Thread(target=bench.call.stop)
    stopping.start()
    for _ in range(1000):
        if bench.call.scribe.waiting_s > 25:
            break
        stopping.join(0.01)
    held.set()
    stopping.join(20)
    assert "words_late" in [e.code for e in bench.events(TroubleNoticed)]


def test_cues_that_cannot_be_read_are_told_and_the_voice_still_counts():
    class Missing:
        def read(self, *_):
            raise Trouble("The weights for reading cues were altered.", "Install the program again.")

    bench = Bench()
    bench.call._session._reader = Missing()
    bench.call.start("discovery", 600_000)
    bench.play()
    bench.call.stop()
    assert isinstance(bench.ledger.events[-1], CallEnded)
    assert "no_cues" in [e.code for e in bench.events(TroubleNoticed)]


def test_a_model_that_fails_to_load_in_an_unknown_way_leaves_the_voice(caplog):
    def broken():
        raise MemoryError

    bench = Bench()
    bench.call.writer.load = broken
    bench.call.start("discovery", 600_000)
    bench.play()
    bench.call.stop()
    assert isinstance(bench.ledger.events[-1], CallEnded)
    assert "no_words" in [e.code for e in bench.events(TroubleNoticed)]
    assert "could not be loaded" in caplog.text

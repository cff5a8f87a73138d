"""Every worker of a live call dies, at the first chance, in the middle, again and again: the rest goes on.

Devices are in the hands of the test and the models are fakes that die when told to; threads and everything between are
the program's own. What the others heard is compared with a call that nothing disturbed.
"""

from __future__ import annotations

import threading
import weakref
from functools import cache

import numpy as np
import pytest
from fakes import FakeSource, Keywords, LoudnessDetector, Remembering, Script, blocks, sound
from playbook import CUSTOMER, REP

from coach.audio.block import RATE
from coach.call.events import (
    CallEnded,
    ChannelBack,
    ChannelLost,
    Missed,
    SentenceHeard,
    TroubleNoticed,
    TroubleOver,
    VoiceStarted,
    VoiceStopped,
)
from coach.call.figures import figures
from coach.live.aside import MOST_LEFT as ASIDE_LEFT
from coach.live.aside import Aside
from coach.live.call import SOUND_FAULT, LiveCall
from coach.live.ear import Ear
from coach.live.restarts import Restarts, Watchdog
from coach.live.session import FAULT, NO_CUES, Session
from coach.live.sturdy import SturdyDetector, SturdyReader, SturdyStage
from coach.live.writing import MOST_LEFT, NO_WORDS, WORDS_OVER
from coach.nudges.commands import ShowNudge, TellOnce, WrongAgain
from coach.nudges.engine import Engine
from coach.nudges.rules import CATALOGUE
from coach.report import unheard
from coach.settings import Settings

LIMIT_S = 60
SIDES = {
    REP: sound(44, (1, 3), (12, 14), (25.5, 28), (28.6, 30), (31, 36)),
    CUSTOMER: sound(44, (5, 8), (21, 25), (38, 43)),
}
for _samples in SIDES.values():
    _samples[_samples == 0] = 3  # a microphone gives no exact zeros
SAID = Script(
    (1, 3, "Hello there."),
    (5, 8, "Hello to you too."),
    (12, 14, "What hurts, question.open?"),
    (21, 25, "It hurts, that is our need."),
    (25.5, 28, "Our tool, a pitch."),
    (28.6, 30, "It has parts."),
    (31, 36, "It is our pitch."),
    (38, 43, "I see, go on."),
)


class Clock:
    """A clock that a test moves, and that runs while ``step`` is not 0."""

    def __init__(self):
        self.now, self.step = 50.0, 0.0

    def __call__(self):
        self.now += self.step
        return self.now


def until(met):
    for _ in range(int(LIMIT_S / 0.0005)):
        if met():
            return
        threading.Event().wait(0.0005)
    raise AssertionError("never")


class Dies:
    """Raises at chosen calls, counted from 1."""

    def __init__(self, *at):
        self.at, self.calls = at, 0

    def __call__(self):
        self.calls += 1
        if self.calls in self.at:
            raise RuntimeError("told to die")


ALWAYS = tuple(range(1, 10_000))


class Bench:
    """One live call on fakes."""

    def __init__(
        self, words=None, *, voice=None, stage=None, reader=None, rules=CATALOGUE, lives=None, aside=None
    ):
        self.clock, self.ledger, self.commands = Clock(), Remembering(), []
        self.before = set(threading.enumerate())
        self.sources = {who: FakeSource(who) for who in (REP, CUSTOMER)}
        detectors = iter([voice or LoudnessDetector, LoudnessDetector])
        self.ear = Ear((REP, CUSTOMER), lambda: SturdyDetector(next(detectors), aside=aside), stage, aside)
        self.engine = Engine(Settings(), rules)
        self.session = Session(self.engine, reader or Keywords(), (REP, CUSTOMER), 300, self.ledger)
        words = words or SAID
        self.loads, self.left = [], iter(blocks(SIDES, block_ms=200))

        def load():
            self.loads.append(1)
            return words

        self.call = LiveCall(
            tuple(self.sources.values()),
            self.ear,
            self.session,
            load,
            self.show,
            self.clock,
            restarts=lives or Restarts(first_s=0.0),
        )

    def show(self, commands):
        self.commands.extend(commands)

    def run(self):
        self.call.start("discovery", 600_000)
        self.play()
        return self.end()

    def play(self, held=lambda: False):
        """Deliver the blocks that are left, each when what came of those before is done; none more once ``held``."""
        until(self.call.writer.ready.is_set)
        for block in self.left:
            self.clock.now = max(self.clock.now, 50.0 + block.end / RATE)
            self.sources[block.who].deliver(block)
            if block.who is CUSTOMER:
                until(lambda: held() or self.idle())
                if held():
                    return

    def idle(self):
        call, scribe = self.call, self.call.scribe
        with call.mailbox._came:
            arrived = not call.mailbox._items
        done = not scribe.waiting_s and not scribe._closed and not scribe._open and call.writer._busy is None
        if not (arrived and done and call._inbox.empty()):
            return False
        passed = threading.Event()
        call._inbox.put(lambda: passed.set() or [])
        return passed.wait(LIMIT_S) and self.heard_ms() >= 1000 * (self.clock.now - 50.0) - 1

    def heard_ms(self):
        return min(self.ear.until(who) for who in (REP, CUSTOMER)) * 1000 / RATE + 200 * self.call.faults

    def end(self):
        stopping = threading.Thread(target=self.call.stop, args=(LIMIT_S,))
        stopping.start()
        stopping.join(2 * LIMIT_S)
        assert not stopping.is_alive()
        assert self.call.ended.is_set()
        assert isinstance(self.ledger.events[-1], CallEnded)
        assert not any(thread.is_alive() for thread in self.call.threads)
        for thread in set(threading.enumerate()) - self.before:
            thread.join(LIMIT_S)  # what hung was let go, and needs a moment to end
        assert set(threading.enumerate()) <= self.before
        return self

    def of(self, *kinds):
        return [e for e in self.ledger.events if isinstance(e, kinds)]

    def voices(self, who):
        return [(type(e), e.since_ms) for e in self.of(VoiceStarted, VoiceStopped) if e.who is who]

    def sentences(self):
        return [(e.who, e.text, e.cues) for e in self.of(SentenceHeard)]

    def texts_but(self, start_ms, end_ms):
        return [e.text for e in self.of(SentenceHeard) if not start_ms - 300 < e.start_ms < end_ms]

    def nudges(self):
        return [(c.nudge.rule, c.nudge.at_ms) for c in self.commands if isinstance(c, ShowNudge)]

    def told(self):
        return [c.code for c in self.commands if isinstance(c, TellOnce)]

    def figures(self):
        return {f.name: f.value for f in figures(self.engine.meters)}


@cache
def undisturbed():
    return Bench().run()


def test_nothing_is_told_and_nothing_missed_where_nothing_fails():
    calm = undisturbed()
    assert len(calm.sentences()) == 8
    assert calm.told() == []
    assert calm.of(Missed, ChannelLost, TroubleNoticed) == []
    assert calm.nudges()
    assert unheard.told(calm.engine.meters) == ""


# Voice.


def dying_detector(dies):
    class Dying(LoudnessDetector):
        def hear(self, samples):
            dies()
            return super().hear(samples)

    return Dying


def outside(voices, start_ms, end_ms):
    return [v for v in voices if not start_ms <= v[1] <= end_ms]


@pytest.mark.parametrize(
    ("at", "from_ms", "to_ms"),
    [((1,), 0, 800), ((64,), 12_600, 13_400), ((64, 65, 66), 12_600, 16_800)],
    ids=["first", "middle", "repeated"],
)
def test_a_detector_dies(at, from_ms, to_ms):
    bench, calm = Bench(voice=dying_detector(Dies(*at))).run(), undisturbed()
    assert bench.voices(CUSTOMER) == calm.voices(CUSTOMER)
    assert outside(bench.voices(REP), from_ms, to_ms) == outside(calm.voices(REP), from_ms, to_ms)
    assert [e.who for e in bench.of(ChannelLost)] == [REP] * len(at)
    assert len(bench.of(ChannelBack)) == len(at)
    assert bench.engine.meters.lost[0][1] == from_ms
    assert bench.engine.meters.lost[-1][2] <= to_ms
    assert bench.told() == ["deaf_rep"]
    assert len([c for c in bench.commands if isinstance(c, WrongAgain)]) == len(at) - 1
    assert [e.code for e in bench.of(TroubleOver) if e.code == "deaf_rep"] == ["deaf_rep"] * len(at)
    assert bench.texts_but(12_000, 14_000) == calm.texts_but(12_000, 14_000)
    if len(at) == 1:
        assert bench.nudges() == calm.nudges()
    assert unheard.told(bench.engine.meters).startswith("You could not be heard" if len(at) > 1 else "")


def test_a_detector_that_always_dies_costs_its_side_and_no_other():
    bench, calm = Bench(voice=dying_detector(Dies(*ALWAYS))).run(), undisturbed()
    assert bench.voices(CUSTOMER) == calm.voices(CUSTOMER)
    assert bench.voices(REP) == []
    assert [t for w, t, _ in bench.sentences() if w is CUSTOMER] == [
        t for w, t, _ in calm.sentences() if w is CUSTOMER
    ]
    assert bench.told() == ["deaf_rep", "deaf_rep_over"]
    assert [(w, until) for w, _, until in bench.engine.meters.lost][-1] == (REP, None)


class Stuck:
    """Hangs at chosen calls until it is let go; its clock runs only while one hangs that is not given up yet."""

    def __init__(self, *at):
        self.at, self.calls, self.hung, self.now, self.go = at, 0, 0, 0.0, threading.Event()
        self.aside = Aside("coach-test", 2.0, self.clock, step_s=0.005)

    def __call__(self):
        self.calls += 1
        if self.calls in self.at:
            self.hung += 1
            self.go.wait(2 * LIMIT_S)

    def clock(self):
        self.now += 0.5 * (self.hung > self.aside.left)
        return self.now


def test_a_detector_that_hangs_is_left_to_itself_and_another_hears_on():
    stuck, calm = Stuck(64), undisturbed()
    bench = Bench(voice=dying_detector(stuck), aside=stuck.aside)
    bench.call.start("discovery", 600_000)
    bench.play(held=lambda: stuck.aside.left == 1)
    stuck.go.set()
    until(lambda: stuck.aside._watch.patience_s == 4.0)  # it came back: what it brings reaches nobody
    bench.play()
    bench.end()
    assert bench.voices(CUSTOMER) == calm.voices(CUSTOMER)
    assert outside(bench.voices(REP), 12_600, 13_400) == outside(calm.voices(REP), 12_600, 13_400)
    assert [e.who for e in bench.of(ChannelLost)] == [
        REP
    ]  # what was not heard is marked, and told in the report
    assert len(bench.of(ChannelBack)) == 1
    assert bench.told() == ["deaf_rep"]
    assert bench.texts_but(12_000, 14_000) == calm.texts_but(12_000, 14_000)
    assert bench.nudges() == calm.nudges()


def test_detectors_that_all_hang_are_given_up_and_cost_their_side_alone():
    stuck, calm = Stuck(*ALWAYS), undisturbed()
    bench = Bench(voice=dying_detector(stuck), aside=stuck.aside)
    bench.call.start("discovery", 600_000)
    bench.play()
    assert stuck.aside.left == ASIDE_LEFT + 1
    stuck.go.set()
    bench.end()
    assert bench.voices(CUSTOMER) == calm.voices(CUSTOMER)
    assert bench.voices(REP) == []
    assert bench.told() == ["deaf_rep", "deaf_rep_over"]


def test_a_stage_that_hangs_lets_the_microphone_through_as_it_is():
    stuck, calm = Stuck(9), undisturbed()

    class Through:
        def hear(self, who, samples):
            stuck()
            return samples

        def rest(self, who):
            return np.zeros(0, np.int16)

        def news(self):
            return ()

    bench = Bench(stage=SturdyStage(Through, aside=stuck.aside), aside=stuck.aside)
    bench.call.start("discovery", 600_000)
    bench.play()
    stuck.go.set()
    bench.end()
    assert stuck.aside.left == 1
    assert [bench.voices(who) for who in (REP, CUSTOMER)] == [calm.voices(who) for who in (REP, CUSTOMER)]
    assert bench.sentences() == calm.sentences()


def test_the_stage_dies_and_the_microphone_goes_on_as_it_is():
    class Through:
        def __init__(self, dies):
            self.dies = dies

        def hear(self, who, samples):
            self.dies()
            return samples

        def rest(self, who):
            return SIDES[REP][:0]

        def news(self):
            return ()

    dies = Dies(1, 100, 101)
    bench = Bench(stage=SturdyStage(lambda: Through(dies))).run()
    assert bench.sentences() == undisturbed().sentences()
    assert bench.nudges() == undisturbed().nudges()
    assert bench.told() == []


@pytest.mark.parametrize("at", [(1,), (100,), (100, 101, 102, 103)], ids=["first", "middle", "repeated"])
def test_a_block_that_cannot_be_taken_is_left_out(at):
    bench = Bench()
    dies, hear = Dies(*at), bench.ear.hear

    def dying(block):
        dies()
        return hear(block)

    bench.ear.hear = dying
    bench.run()
    assert bench.call.faults == len(at)
    assert [c.text for c in bench.commands if isinstance(c, TellOnce)] == [SOUND_FAULT]
    assert len(bench.sentences()) == 8


# Words.


def test_a_call_that_is_over_holds_no_model_whoever_holds_the_call():
    held = []

    def load():
        model = Script(*SAID.said)
        held.append(weakref.ref(model))
        return model

    bench = Bench()
    bench.call.writer.load = load
    assert bench.run().sentences() == undisturbed().sentences()
    assert [model() for model in held] == [None]


class Dying(Script):
    """A model that dies when told to, and of every span that begins at ``of_ms``."""

    def __init__(self, *at, of_ms=None):
        super().__init__(*SAID.said)
        self.dies, self.of_ms = Dies(*at), of_ms

    def draft(self, samples, said, voiced, *, careful=False):
        self.dies()
        if self.of_ms is not None and abs(voiced[0][0] - self.of_ms) < 300:
            raise RuntimeError("this sound kills")
        return super().draft(samples, said, voiced)


@pytest.mark.parametrize("at", [(1,), (4,), (2, 4, 6)], ids=["first", "middle", "repeated"])
def test_the_model_dies_and_is_loaded_anew_and_no_word_is_lost(at):
    bench, calm = Bench(Dying(*at)).run(), undisturbed()
    assert bench.sentences() == calm.sentences()
    assert bench.nudges() == calm.nudges()
    assert bench.figures() == calm.figures()
    assert bench.of(Missed) == []
    assert len(bench.loads) == 1 + len(at)
    assert bench.told() == ["no_words"]
    assert bench.of(TroubleOver)[-1].code == "no_words"


def test_a_span_that_kills_the_model_is_tried_once_more_then_set_aside_and_said_to_be_missing():
    bench, calm = Bench(Dying(of_ms=12_000), lives=Restarts(most=50, first_s=0.0)).run(), undisturbed()
    assert [t for _, t, _ in bench.sentences()] == calm.texts_but(12_000, 14_000)
    (missed,) = bench.of(Missed)
    assert (missed.what, missed.who) == ("words", REP)
    assert (missed.start_ms, missed.end_ms) == (pytest.approx(12_000, abs=50), pytest.approx(14_000, abs=50))
    assert bench.voices(REP) == calm.voices(REP)
    assert bench.voices(CUSTOMER) == calm.voices(CUSTOMER)
    assert unheard.told(bench.engine.meters) == (
        "The words of 2 s of speech are missing (at 0:12); questions and the like are counted in the rest."
    )
    assert bench.told() == ["no_words"]


def test_a_model_that_always_dies_is_given_up_with_one_sentence():
    bench, calm = Bench(Dying(*ALWAYS), lives=Restarts(most=3, first_s=0.0)).run(), undisturbed()
    assert bench.sentences() == []
    spans = {(m.who, m.start_ms) for m in bench.of(Missed)}
    assert len(bench.of(Missed)) == len(spans) >= 5
    assert [c.text for c in bench.commands if isinstance(c, TellOnce)] == [NO_WORDS, WORDS_OVER]
    assert len(bench.loads) == 4
    assert bench.voices(REP) == calm.voices(REP)


def test_a_model_that_cannot_be_loaded_at_first_is_tried_again():
    bench = Bench()
    load, dies = bench.call.writer.load, Dies(1, 2)

    def dying():
        dies()
        return load()

    bench.call.writer.load = dying
    bench.run()
    assert bench.sentences() == undisturbed().sentences()
    assert bench.told() == ["no_words"]


class Hanging(Script):
    """A model that hangs at chosen calls until it is let go; ``early`` counts only spans that are still going on."""

    def __init__(self, *at, early=False):
        super().__init__(*SAID.said)
        self.early = early
        self.at, self.calls, self.hanging, self.go = at, 0, False, threading.Event()

    def draft(self, samples, said, voiced, *, careful=False):
        if careful and self.early:
            return super().draft(samples, said, voiced)
        self.calls += 1
        if self.calls in self.at:
            self.hanging = True
            self.go.wait(2 * LIMIT_S)
        return super().draft(samples, said, voiced)


def hung(at, lives=None, *, early=False):
    """Run a call whose model hangs; let the watch find it, then let go of the model, then stop."""
    words = Hanging(*at, early=early)
    bench = Bench(words, lives=lives)
    bench.call.writer._watch = Watchdog(2.0)
    bench.call.writer._clock = bench.ticking = Clock()  # the sound keeps its own time
    bench.call.start("discovery", 600_000)
    bench.play(held=lambda: words.hanging)
    assert words.hanging
    bench.ticking.step = 0.5
    return words, bench


def test_a_model_that_hangs_in_the_midst_of_a_span_is_left_to_itself_and_another_writes_it():
    words, bench = hung((4,), early=True)
    until(lambda: len(bench.loads) == 2)
    bench.ticking.step = 0.0
    bench.play()
    words.go.set()
    until(lambda: bench.call.writer._watch.patience_s == 4.0)  # it was only slow: be more patient
    bench.end()
    assert bench.sentences() == undisturbed().sentences()  # what it brought late is thrown away
    assert bench.told().count("no_words") == 1


def test_models_that_all_hang_are_given_up_and_the_call_goes_on_to_its_end():
    words, bench = hung(ALWAYS)
    for load in range(2, MOST_LEFT + 2):
        until(lambda load=load: len(bench.loads) == load)
        bench.ticking.step = 0.0
        bench.play(held=lambda load=load: words.calls >= load)
        bench.ticking.step = 0.5
    until(lambda: bench.call.writer.restarts.over)
    bench.ticking.step = 0.0
    bench.play()
    words.go.set()
    bench.end()
    assert bench.sentences() == []
    assert bench.told().count("words_over") == 1
    assert bench.voices(CUSTOMER) == undisturbed().voices(CUSTOMER)
    assert len({m.start_ms for m in bench.of(Missed)}) == len(bench.of(Missed)) >= 5


def test_a_call_ends_within_its_limit_though_the_model_hangs():
    words = Hanging(12)
    bench = Bench(words)
    bench.call.start("discovery", 600_000)
    bench.play(held=lambda: words.hanging)
    bench.play(held=lambda: bench.call.scribe.waiting_s > 0)  # until a span has closed that nobody writes
    stopping = threading.Thread(target=bench.call.stop, args=(0.5,))
    stopping.start()
    assert bench.call.ended.wait(LIMIT_S)
    words.go.set()
    stopping.join(LIMIT_S)
    assert not any(t.is_alive() for t in bench.call.threads)
    assert isinstance(bench.ledger.events[-1], CallEnded)
    assert len(bench.of(SentenceHeard)) >= 2
    assert bench.of(Missed)


def test_a_call_ends_within_its_limit_though_the_ear_hangs():
    held, go = threading.Event(), threading.Event()

    class Stuck(LoudnessDetector):
        def hear(self, samples):
            held.set()
            go.wait(2 * LIMIT_S)
            return super().hear(samples)

    bench = Bench(voice=Stuck)
    bench.call.start("discovery", 600_000)
    bench.play(held=held.is_set)
    assert held.wait(LIMIT_S)
    stopping = threading.Thread(target=bench.call.stop, args=(0.5,))
    stopping.start()
    assert bench.call.ended.wait(LIMIT_S)
    go.set()
    stopping.join(LIMIT_S)
    assert not any(t.is_alive() for t in bench.call.threads)
    assert isinstance(bench.ledger.events[-1], CallEnded)


# Cues.


def reading(*at, restarts=None):
    dies = Dies(*at)

    class Reader(Keywords):
        def read(self, who, text, start_ms=None, end_ms=None):
            dies()
            return super().read(who, text, start_ms, end_ms)

    return SturdyReader(Reader, Clock(), restarts or Restarts(first_s=0.0))


@pytest.mark.parametrize("at", [(1,), (4,), (3, 4, 5)], ids=["first", "middle", "repeated"])
def test_the_reader_of_cues_dies_and_the_words_go_on(at):
    bench, calm = Bench(reader=reading(*at)).run(), undisturbed()
    wanted = [(w, t, () if n in at else c) for n, (w, t, c) in enumerate(calm.sentences(), 1)]
    assert bench.sentences() == wanted
    assert [m.what for m in bench.of(Missed)] == ["cues"] * len(at)
    assert [c.text for c in bench.commands if isinstance(c, TellOnce)] == [NO_CUES]
    codes = [e.code for e in bench.of(TroubleNoticed, TroubleOver)]
    assert [c for c in codes if c == "no_cues"] == ["no_cues", "no_cues"]


def test_a_reader_that_always_dies_is_given_up_with_one_sentence():
    bench = Bench(reader=reading(*ALWAYS, restarts=Restarts(most=2, first_s=0.0))).run()
    assert [t for _, t, _ in bench.sentences()] == [t for _, t, _ in undisturbed().sentences()]
    assert bench.told() == ["no_cues", "cues_over"]


def test_a_reader_that_hangs_costs_the_cues_of_one_sentence_and_another_reads_on():
    stuck, calm = Stuck(4), undisturbed()

    class Reader(Keywords):
        def read(self, who, text, start_ms=None, end_ms=None):
            stuck()
            return super().read(who, text, start_ms, end_ms)

    bench = Bench(reader=SturdyReader(Reader, Clock(), Restarts(first_s=0.0), stuck.aside))
    bench.call.start("discovery", 600_000)
    bench.play()
    stuck.go.set()
    stuck.aside.let_go()
    until(lambda: not any(t.name == "coach-test" for t in threading.enumerate()))
    bench.end()
    wanted = [(w, t, () if n == 4 else c) for n, (w, t, c) in enumerate(calm.sentences(), 1)]
    assert bench.sentences() == wanted
    assert [m.what for m in bench.of(Missed)] == ["cues"]
    assert [c.text for c in bench.commands if isinstance(c, TellOnce)] == [NO_CUES]


# Rules, meters, the log, what is shown.


@pytest.mark.parametrize("at", [(1,), (200,), (200, 201, 202)], ids=["first", "middle", "repeated"])
def test_a_rule_that_fails_is_left_out_and_the_others_go_on(at):
    dies = Dies(*at)

    class Broken:
        name, source, needs = "broken", "", frozenset()

        def find(self, moment, limits):
            dies()

    bench, calm = Bench(), undisturbed()
    bench.engine._rules = (Broken(), *bench.engine._rules)
    bench.run()
    assert bench.engine.failed == ["broken"]
    assert bench.nudges() == calm.nudges()
    assert bench.figures() == calm.figures()
    assert [c.text for c in bench.commands if isinstance(c, TellOnce)] == [FAULT]


@pytest.mark.parametrize("at", [(2,), (30,), (30, 31, 32)], ids=["first", "middle", "repeated"])
def test_an_event_that_the_meters_cannot_take_is_set_aside(at):
    bench = Bench()
    dies, take = Dies(*at), bench.engine.take

    def dying(event):
        dies()
        return take(event)

    bench.engine.take = dying
    bench.run()
    assert bench.session.set_aside == len(at)
    assert len(bench.sentences()) == 8  # all of them are written down
    assert [c.text for c in bench.commands if isinstance(c, TellOnce)] == [FAULT]


@pytest.mark.parametrize("at", [(1,), (30,), ALWAYS], ids=["first", "middle", "always"])
def test_a_log_that_cannot_be_written_keeps_nobody_from_being_nudged(at):
    bench = Bench()
    dies, write = Dies(*at), bench.ledger.event

    def dying(event):
        bench.ledger.events.append(event)
        dies()

    assert write is not None
    bench.ledger.event = dying
    bench.run()
    assert bench.nudges() == undisturbed().nudges()
    assert bench.told() == ["fault"]


@pytest.mark.parametrize("at", [(1,), ALWAYS], ids=["first", "always"])
def test_whoever_shows_may_fail(at):
    bench = Bench()
    dies = Dies(*at)

    def show(commands):
        bench.commands.extend(commands)
        dies()

    bench.call._show = show
    bench.run()
    assert bench.nudges() == undisturbed().nudges()
    assert bench.figures() == undisturbed().figures()

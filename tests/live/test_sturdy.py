"""Detectors, the stage and the reader die and are begun anew; their own time goes on."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import Keywords, LoudnessDetector, sound
from playbook import CUSTOMER, REP

from coach.audio.block import RATE
from coach.live.aside import Hung
from coach.live.restarts import MOST, Restarts
from coach.live.sturdy import ReaderRests, SturdyDetector, SturdyReader, SturdyStage, VoiceFault
from coach.trouble import Trouble


class Deaths:
    """Makes parts of which some die, by the count of what they were handed in all."""

    def __init__(self, of, *at, stillborn=0):
        self.of, self.at, self.made, self.calls, self.stillborn = of, list(at), 0, 0, stillborn

    def __call__(self):
        if self.made and self.stillborn:
            self.stillborn -= 1
            raise MemoryError
        self.made += 1
        whole, deaths = self.of(), self

        class Dying:
            def __getattr__(self, name):
                def call(*args):
                    if name in {"hear", "read"}:
                        deaths.calls += 1
                        if deaths.calls in deaths.at:
                            raise RuntimeError("died")
                    return getattr(whole, name)(*args)

                return call

        return Dying()


TENTH = RATE // 10
VOICES = sound(20, (1, 3), (5, 9), (12, 14))


def heard(detector):
    """Hand in the voices a tenth of a second at a time; return changes in tenths."""
    changes = []
    for at in range(0, len(VOICES), TENTH):
        changes += detector.hear(VOICES[at : at + TENTH])
    return [(known // TENTH, speaking, since // TENTH) for known, speaking, since in changes]


def test_a_detector_that_lives_is_only_passed_through():
    assert heard(SturdyDetector(LoudnessDetector)) == heard(LoudnessDetector())


def test_a_detector_that_dies_while_somebody_speaks_ends_that_voice_and_finds_the_next():
    detector = SturdyDetector(Deaths(LoudnessDetector, 71))
    changes = heard(detector)
    assert (
        changes
        == [
            *heard(LoudnessDetector())[:3],
            (70, False, 70),
            (75, True, 75),  # half a second later it hears again, from its own place on
            *heard(LoudnessDetector())[3:],
        ]
    )
    assert detector.faults() == (VoiceFault("died", 70 * TENTH), VoiceFault("back", 75 * TENTH))
    assert detector.faults() == ()


def test_a_detector_that_cannot_be_made_anew_is_tried_again_later():
    detector = SturdyDetector(Deaths(LoudnessDetector, 41, stillborn=1))
    changes = heard(detector)
    assert detector.faults() == (VoiceFault("died", 40 * TENTH), VoiceFault("back", 55 * TENTH))
    assert changes[2] == (55, True, 55)


def test_a_detector_that_always_dies_is_given_up():
    detector = SturdyDetector(Deaths(LoudnessDetector, *range(1, 1000)))
    for _ in range(100):
        detector.hear(np.zeros(RATE, np.int16))
    kinds = [f.kind for f in detector.faults()]
    assert kinds.count("died") == MOST + 1
    assert kinds[-1] == "over"
    assert detector.restarts.deaths == MOST + 1


def test_a_detector_that_cannot_be_made_at_all_is_the_callers_trouble():
    def none():
        raise Trouble("The voice model is missing.")

    with pytest.raises(Trouble):
        SturdyDetector(none)


class Holding:
    """A stage that holds the microphone back by a second and tells what it measured."""

    def __init__(self):
        self.held, self.count = np.zeros(0, np.int16), 0

    def hear(self, who, samples):
        if who is CUSTOMER:
            return samples
        self.held = np.concatenate((self.held, samples))
        out, self.held = self.held[:-RATE], self.held[-RATE:]
        return out

    def rest(self, who):
        return self.held if who is REP else np.zeros(0, np.int16)

    def news(self):
        return (Measured(),)


class Measured:
    at, state, correlation, gap_db, waits_ms = RATE, "some", 0.5, -10.0, 0


def through(stage, seconds=10):
    out = {REP: [], CUSTOMER: []}
    for at in range(seconds):
        for who in (REP, CUSTOMER):
            out[who].append(stage.hear(who, np.full(RATE, at + 1, np.int16)))
    for who, parts in out.items():
        parts.append(stage.rest(who))
    return {who: [int(x) for x in np.concatenate(parts)[::RATE]] for who, parts in out.items()}


def test_a_stage_that_dies_costs_what_it_held_and_no_place_in_time():
    stage = SturdyStage(Deaths(Holding, 9))  # the fifth second of the microphone
    out = through(stage)
    assert out[CUSTOMER] == list(range(1, 11))
    assert out[REP] == [1, 2, 3, 0, *range(5, 11)]  # the fourth was held when it died


def test_a_stage_that_dies_of_the_other_side_gives_the_microphone_its_place_too():
    out = through(SturdyStage(Deaths(Holding, 10)))
    assert out[CUSTOMER] == list(range(1, 11))
    assert out[REP] == [1, 2, 3, 4, 0, *range(6, 11)]


def test_a_fresh_stage_begins_where_both_sides_are_and_tells_from_there():
    made = Deaths(Holding, 9)
    stage = SturdyStage(made)
    assert next(iter(stage.news())).at == RATE
    through(stage)
    assert made.made == 2
    news = next(iter(stage.news()))
    assert news.at == (6 + 1) * RATE  # half a second after its death, in whole seconds
    assert (news.state, news.gap_db) == ("some", -10.0)


def test_a_stage_that_dies_at_the_end_or_cannot_be_made_anew_lets_the_sound_through():
    stage = SturdyStage(Deaths(Holding, 3, stillborn=9))
    out = through(stage, 5)
    assert out[CUSTOMER] == list(range(1, 6))
    assert out[REP] == [0, 2, 3, 4, 5]
    assert stage.news() == ()

    class Broken(Holding):
        def rest(self, who):
            raise RuntimeError("died")

    assert through(SturdyStage(Broken), 3) == {REP: [1, 2], CUSTOMER: [1, 2, 3]}


def test_a_stage_that_hangs_at_the_end_is_not_asked_again_for_the_other_side():
    asked = []

    class Hanging(Holding):
        def rest(self, who):
            asked.append(who)
            return super().rest(who)

    class Impatient:
        def do(self, call):
            call()
            raise Hung(over=False)

    stage = SturdyStage(Hanging, aside=Impatient())
    assert [len(stage.rest(who)) for who in (REP, CUSTOMER)] == [0, 0]
    assert asked == [REP]
    assert stage.news() == ()


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_reader_that_dies_rests_and_reads_again():
    clock, made = Clock(), Deaths(Keywords, 2)
    reader = SturdyReader(made, clock)
    assert reader.read(REP, "a pitch").cues == ("pitch",)
    for _ in range(2):
        with pytest.raises(ReaderRests) as rests:
            reader.read(REP, "a pitch")
        assert not rests.value.over
    clock.now = 1.0
    assert reader.read(REP, "a need").cues == ("need",)
    assert made.made == 2


def test_a_reader_that_always_dies_is_given_up():
    clock = Clock()
    reader = SturdyReader(Deaths(Keywords, *range(1, 100)), clock, Restarts(most=2))
    over = []
    for _ in range(6):
        clock.now += 10
        with pytest.raises(ReaderRests) as rests:
            reader.read(REP, "a pitch")
        over.append(rests.value.over)
    assert over == [False, False, True, True, True, True]


def test_a_reader_whose_weights_are_altered_is_not_tried_again():
    class Altered:
        def read(self, *_):
            raise Trouble("The weights were altered.")

    reader = SturdyReader(Altered, Clock())
    with pytest.raises(Trouble, match="altered"):
        reader.read(REP, "a pitch")
    with pytest.raises(ReaderRests) as rests:
        reader.read(REP, "a pitch")
    assert rests.value.over

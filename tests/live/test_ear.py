"""Blocks in, changes of voice and spans with their sound out."""

from __future__ import annotations

import numpy as np
from fakes import LoudnessDetector, sound
from playbook import CUSTOMER, REP

from coach.audio.block import RATE, Block
from coach.live.ear import Ear


class Keeper:
    """A stage that keeps the microphone back by a second, turns it down, and has news of it."""

    def __init__(self):
        self._held = np.zeros(0, np.int16)
        self._news = []

    def hear(self, who, samples):
        if who is not REP:
            return samples
        self._news.append("a route")
        self._held = np.concatenate((self._held, samples))
        passed, self._held = self._held[:-RATE], self._held[-RATE:]
        return passed // 2

    def rest(self, who):
        return self._held // 2 if who is REP else self._held[:0]

    def news(self):
        news, self._news = self._news, []
        return news


def test_what_a_stage_holds_back_is_not_heard_yet_but_has_come():
    both = Ear((REP, CUSTOMER), LoudnessDetector, Keeper())
    assert both.hear(Block(CUSTOMER, 0, sound(3))).routes == ()
    heard = both.hear(Block(REP, 0, sound(3, (1, 3))))
    assert (heard.until_ms, heard.routes) == (2000, ("a route",))
    assert (both.until(REP), both.heard) == (3 * RATE, 2 * RATE)
    later = both.hear(Block(REP, 5 * RATE, sound(0)))
    assert later.until_ms == 4000
    assert [(c.speaking, c.since_ms) for c in later.changes] == [(False, 3000)]
    assert later.spans[0].samples.max() < sound(3, (1, 3)).max()


def test_at_the_end_what_the_stage_held_is_heard_as_well():
    both = Ear((REP, CUSTOMER), LoudnessDetector, Keeper())
    both.hear(Block(REP, 0, sound(3, (2.5, 3))))
    (rest,) = both.rest()
    assert (rest.who, rest.until_ms) == (REP, 3000)
    assert [(c.speaking, c.since_ms) for c in rest.changes] == [(True, 2500)]
    assert ear().rest() == []


def ear():
    return Ear((REP,), LoudnessDetector)


def test_a_voice_is_heard_and_its_span_carries_its_sound():
    heard = ear().hear(Block(REP, 0, sound(5, (1, 3))))
    assert [(c.speaking, c.since_ms) for c in heard.changes] == [(True, 1000), (False, 3000)]
    (span,) = heard.spans
    assert (span.span.start_ms, span.span.end_ms) == (1000, 3000)
    voiced = np.flatnonzero(span.samples)
    assert len(voiced) == 2 * RATE
    assert voiced[0] == (1000 - span.span.from_ms) * RATE // 1000


def test_a_gap_between_blocks_is_silence():
    side = ear()
    side.hear(Block(REP, 0, sound(2, (1, 2))))
    heard = side.hear(Block(REP, 5 * RATE, sound(1)))
    assert [(c.speaking, c.since_ms) for c in heard.changes] == [(False, 2000)]
    assert heard.until_ms == 6000


def test_what_was_heard_is_not_heard_twice():
    side = ear()
    side.hear(Block(REP, 0, sound(2, (1, 2))))
    assert side.hear(Block(REP, RATE, sound(0.5, (0, 0.5)))).until_ms == 2000
    assert side.hear(Block(REP, RATE, sound(2))).until_ms == 3000


def test_the_end_closes_what_is_open():
    side = ear()
    side.hear(Block(REP, 0, sound(2, (1, 2))))
    (span,) = side.end()
    assert (span.span.start_ms, span.span.end_ms) == (1000, 2000)


def test_old_sound_is_forgotten():
    side = ear()
    for second in range(90):
        side.hear(Block(REP, second * RATE, sound(1)))
    kept = sum(len(b.samples) for b in side._sides[REP]._sound)
    assert kept <= 32 * RATE
    assert side.until(REP) == 90 * RATE


def test_an_open_span_can_be_had_with_its_sound_so_far():
    side = ear()
    assert side.open_span(REP) is None
    side.hear(Block(REP, 0, sound(2, (1, 2))))
    so_far = side.open_span(REP)
    assert (so_far.start_ms, so_far.end_ms, so_far.goes_on) == (1000, 2000, True)
    assert len(np.flatnonzero(side.with_sound(REP, so_far).samples)) == RATE

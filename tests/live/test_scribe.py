"""What the scribe does next, and how it keeps a pace that the machine can bear."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import Same
from playbook import CUSTOMER, REP

from coach.audio.block import RATE
from coach.live.ear import SpanToWrite
from coach.live.scribe import BEHIND_S, CALM_S, LATE_S, SHARE, STEPS, STOPPED_MS, WIDEST_MS, Scribe
from coach.speech.spans import Span

STEP = STEPS[REP]


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def scribe(*, ready=True):
    made = Scribe((REP, CUSTOMER), Clock())
    if ready:
        made.ready(Same())
    return made


def span(start, end, *, goes_on=True, at=None):
    return Span(start, end, ((start, end),), end if at is None else at, start, end, goes_on)


def sound(who, of, seconds=1.0):
    return SpanToWrite(who, of, np.zeros(round(seconds * RATE), np.int16))


def test_a_voice_is_drafted_step_by_step():
    s = scribe()
    assert not s.wants(REP, span(0, STEP - 20))
    assert s.wants(REP, span(0, STEP))
    s.offer(sound(REP, span(0, STEP)))
    assert not s.wants(REP, span(0, 2 * STEP - 20))
    assert s.wants(REP, span(0, 2 * STEP))


def test_a_voice_that_stopped_is_drafted_once_and_only_when_it_has_stopped_for_good():
    s = scribe()
    s.offer(sound(REP, span(0, STEP)))
    stopped = span(0, STEP + 50, goes_on=False, at=STEP + 50 + STOPPED_MS)
    assert not s.wants(REP, span(0, STEP + 50, goes_on=False, at=STEP + 50 + STOPPED_MS - 20))
    assert s.wants(REP, stopped)
    s.offer(sound(REP, stopped))
    assert not s.wants(REP, stopped)


def test_nothing_is_drafted_before_the_model_is_there():
    assert not scribe(ready=False).wants(REP, span(0, 2_000))


def test_closed_spans_come_first_in_the_order_of_the_call_then_the_rep():
    s = scribe()
    s.offer(sound(CUSTOMER, span(0, 900)))
    s.offer(sound(REP, span(5_000, 5_900)))
    s.close(sound(CUSTOMER, span(2_000, 2_500, goes_on=False)))
    s.close(sound(REP, span(3_000, 3_500, goes_on=False)))
    s.end()
    taken = [s.take() for _ in range(4)]
    assert [(j.to_write.who, j.draft) for j in taken if j] == [(CUSTOMER, False), (REP, False), (REP, True)]


def test_only_the_newest_state_of_an_open_span_waits():
    s = scribe()
    s.offer(sound(REP, span(0, 900)))
    s.offer(sound(REP, span(0, 1_400)))
    s.end()
    assert s.take().to_write.span.end_ms == 1_400
    assert s.take() is None


def test_whoever_does_not_want_to_wait_asks_whether_there_is_work():
    s = scribe()
    assert s.poll() is None
    s.offer(sound(REP, span(0, 900)))
    assert s.poll().draft
    assert s.poll() is None


def test_a_draft_of_a_span_that_has_closed_is_not_written():
    s = scribe()
    s.offer(sound(REP, span(0, 900)))
    s.close(sound(REP, span(0, 1_000, goes_on=False)))
    s.end()
    assert not s.take().draft
    assert s.take() is None


def test_dear_drafts_widen_the_step_and_cheap_ones_narrow_it_again():
    s = scribe()
    for cost, step in ((0.6, 0.6 / SHARE * 1000), (9.0, WIDEST_MS), (0.05, STEP)):
        s.offer(sound(REP, span(0, 900)))
        job, began = s.take(), s._clock.now
        s._clock.now += cost
        s._ready_s = s._clock.now  # the wait is not this test's subject
        s.done(job, began)
        assert s._steps[REP] == step


def waited(s, seconds):
    s.close(sound(REP, span(0, 900, goes_on=False)))
    s._clock.now += seconds
    job = s.take()
    s.done(job, s._clock.now)


def test_work_that_waits_too_long_ends_the_drafts_until_it_has_been_calm():
    s = scribe()
    waited(s, LATE_S + 0.1)
    assert not s.drafting
    assert not s.wants(REP, span(0, 5_000))
    waited(s, 0.1)
    assert not s.drafting
    s._clock.now += CALM_S
    waited(s, 0.1)
    assert s.drafting


def test_what_waited_for_the_model_to_load_is_not_late():
    s = scribe(ready=False)
    for start in (0, 2_000, 4_000):
        s.close(sound(REP, span(start, start + 900, goes_on=False)))
    s._clock.now += 8
    s.ready(Same())
    for _ in range(3):
        job, began = s.take(), s._clock.now
        assert [w.text for w in s.write(job)] == ["Hello."]
        s._clock.now += 0.9
        s.done(job, began)
    assert s.drafting


def test_a_span_that_fails_leaves_nothing_to_the_next():
    class Failing(Same):
        fails = True

        def draft(self, samples, said, voiced, *, careful=False):
            if careful and self.fails:
                raise RuntimeError("out of luck")
            return [*said, "and", "more"]

    s = Scribe((REP,), Clock())
    s.ready(Failing())
    for until in (900, 1_400):
        s.offer(sound(REP, span(0, until)))
        s.write(s.take())
    s.close(sound(REP, span(0, 1_500, goes_on=False)))
    with pytest.raises(RuntimeError):
        s.write(s.take())
    s.drop(REP)
    Failing.fails = False
    s.close(sound(REP, span(5_000, 6_000, goes_on=False)))
    assert [w.text for w in s.write(s.take())] == ["and", "more"]


def test_a_span_goes_on_through_another_drafter_and_no_word_is_written_twice():
    class Says(Same):
        def __init__(self, *words):
            self.words = words

        def draft(self, samples, said, voiced, *, careful=False):
            return [*said, *self.words[len(said) :]]

    s = Scribe((REP,), Clock())
    s.ready(Says("We", "make", "tools"))
    written = []
    for until in (900, 1_400):
        s.offer(sound(REP, span(0, until)))
        written += s.write(s.take())
    s.rest()
    assert s.wordless
    assert not s.wants(REP, span(0, 2_000))
    s.ready(Says("We", "make", "tools", "here."))
    s.close(sound(REP, span(0, 2_500, goes_on=False)))
    written += s.write(s.take())
    assert [w.text for w in written] == ["We", "make", "tools", "here."]


def test_sound_that_waits_far_too_long_is_given_up_and_what_comes_later_is_written():
    s = scribe()
    s.close(sound(REP, span(0, 900, goes_on=False), BEHIND_S))
    s.close(sound(REP, span(2_000, 2_900, goes_on=False)))
    first, words = s.take(), []
    assert s.write(first) == []
    s.done(first, 0.0)
    second = s.take()
    words = s.write(second)
    s.done(second, 0.0)
    assert [w.text for w in words] == ["Hello."]
    assert (s.given_up, s.waiting_s, s.drafting) == (1, 0.0, False)


def test_without_a_model_every_span_has_no_words():
    s = Scribe((REP,), Clock())
    s.ready(None)
    s.close(sound(REP, span(0, 900, goes_on=False)))
    assert s.write(s.take()) == []

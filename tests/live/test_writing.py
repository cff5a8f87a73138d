"""When the scribe's thread tells of a calm moment: a speaker has stopped, and nobody waits for words."""

from __future__ import annotations

import threading

import numpy as np
from fakes import Same
from playbook import CUSTOMER, REP

from coach.audio.block import RATE
from coach.live.ear import SpanToWrite
from coach.live.scribe import Scribe
from coach.live.slack import Slack
from coach.live.writing import Writer
from coach.speech.spans import Span

WAIT_S = 60


def span(who, start, end):
    of = Span(start, end, ((start, end),), end, start, end, goes_on=False)
    return SpanToWrite(who, of, np.zeros(RATE, np.int16))


def calm_after(*work):
    """Let a scribe do this work, all of it waiting from the start; return what was written when it was calm."""
    written, calm, ended = [], [], threading.Event()

    def clock():
        return 0.0

    scribe = Scribe((REP, CUSTOMER), clock)
    slack = Slack(clock, lambda: calm.append(len(written)), every_s=0.0)
    writer = Writer(
        scribe,
        Same,
        clock,
        lambda *_: None,
        lambda job, _words, _missed: written.append(job),
        ended.set,
        slack=slack,
    )
    for hand_in, sound in work:
        getattr(scribe, hand_in)(sound)
    scribe.end()
    writer.start()
    assert ended.wait(WAIT_S)
    writer.threads[0].join(WAIT_S)
    assert len(written) == len(work)
    return calm


def test_it_is_calm_once_the_last_closed_span_is_written():
    assert calm_after(("close", span(REP, 0, 900)), ("close", span(CUSTOMER, 2_000, 2_900))) == [2]


def test_it_is_not_calm_while_somebody_still_speaks():
    assert calm_after(("close", span(REP, 0, 900)), ("offer", span(CUSTOMER, 2_000, 2_900))) == []

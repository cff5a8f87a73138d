"""Planned questions are listened for beside the call: only the rep's sentences count, and the call never waits."""

from __future__ import annotations

import threading
from types import SimpleNamespace

from coach.call.events import SentenceHeard, TimePassed, Who
from coach.call.plan import QuestionHeard, QuestionTicked
from coach.live.planned import PlannedEar
from coach.trouble import Trouble


def said(text: str, who: Who = Who.REP, start_ms: int = 1_000) -> SentenceHeard:
    return SentenceHeard(start_ms + 2_000, who, start_ms, start_ms + 1_500, text, (), ())


class Exact:
    """Knows one question, by its words."""

    def match(self, text, cues):
        return SimpleNamespace(question=1, score=0.9) if text == "Why now?" else None


def test_a_question_is_told_with_its_sentence():
    told = []
    ear = PlannedEar(Exact, told.append)
    for event in (TimePassed(500), said("Hello."), said("Why now?", start_ms=4_000)):
        ear.hear(event)
    ear.stop()
    assert told == [QuestionHeard(6_000, 1, 4_000, 0.9)]
    assert ear.answers == tuple(told)


def test_what_the_customer_asks_is_not_what_the_rep_planned():
    told = []
    ear = PlannedEar(Exact, told.append)
    ear.hear(said("Why now?", Who.CUSTOMER))
    ear.stop()
    assert told == []


def test_whoever_hears_never_waits_for_the_comparing():
    held, told = threading.Event(), []

    def slow():
        held.wait(20)
        return Exact()

    ear = PlannedEar(slow, told.append)
    for _ in range(3):
        ear.hear(said("Why now?"))
    assert told == []
    held.set()
    ear.stop()
    assert len(told) == 3


def test_ticks_are_told_as_well_and_none_after_the_end():
    told = []
    ear = PlannedEar(None, told.append)
    ear.hear(said("Why now?"))
    ear.tick(0, 3_000, asked=True)
    ear.stop()
    ear.tick(0, 4_000, asked=False)
    assert told == [QuestionTicked(3_000, 0, asked=True)]


def test_without_the_encoder_a_call_goes_on_and_it_is_known_why():
    def missing():
        raise Trouble("The weights are missing.", "Install Coach again.")

    ear = PlannedEar(missing, lambda _: None)
    ear.hear(said("Why now?"))
    ear.stop()
    assert ear.note.startswith("The weights are missing.")
    assert ear.answers == ()

"""How late words were: drafts with their clock on one side, what was said and when on the other."""

from __future__ import annotations

import pytest

from coach.bench.live import delays
from coach.bench.reference import Said, script
from coach.call.events import Who
from coach.speech.spans import Span
from coach.speech.streaming import Draft

SPAN = Span(0, 1_000, ((0, 1_000),), 1_350, 0, 1_000)


def draft(text, standing=0, *, closed=False):
    return Draft(tuple(text.split()), standing, SPAN, closed)


SPOKEN = [Said("how", 300), Said("are", 600), Said("you", 900), Said("fine", 3_000)]


def test_a_word_is_heard_when_first_believed_and_certain_when_it_stands():
    drafts = [
        (0.7, draft("How are")),
        (1.0, draft("How are you?", 2)),
        (1.2, draft("How are you?", 3, closed=True)),
        (3.5, draft("Fine.", 1, closed=True)),
    ]
    heard, certain = delays(drafts, SPOKEN)
    assert heard == pytest.approx([0.4, 0.1, 0.1, 0.5])
    assert certain == pytest.approx([0.7, 0.4, 0.3, 0.5])


def test_a_belief_that_changed_was_none():
    drafts = [(0.4, draft("How")), (0.7, draft("Now are")), (1.1, draft("How are you", 3, closed=True))]
    heard, _ = delays(drafts, SPOKEN)
    assert heard == pytest.approx([0.8, 0.1, 0.2])


def test_words_the_careful_pass_does_not_know_are_not_counted():
    heard, certain = delays([(1.0, draft("Howdy there", 2, closed=True))], SPOKEN)
    assert (heard, certain) == ([], [])


def test_the_script_beside_a_recording_is_read_side_by_side(tmp_path):
    recording = tmp_path / "call.ogg"
    assert script(recording) is None
    (tmp_path / "call.json").write_text('{"sentences": [{"who": "rep", "text": "Hi, Karen."}]}')
    assert script(recording) == {Who.REP: ["hi", "karen"], Who.CUSTOMER: []}

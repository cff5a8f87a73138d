"""What a reading of a sentence holds: a call keeps one for each."""

from __future__ import annotations

from playbook import REP

from coach.cues.reader import Reader


def test_scores_that_are_alike_are_held_once():
    reader = Reader()
    readings = [reader.read(REP, "We ship on Mondays.").scores for _ in range(4)]
    pairs = [pair for scores in readings for pair in scores]
    assert len({id(pair) for pair in pairs}) == len(set(pairs)) < len(pairs) / 2

"""What a reading of a sentence holds: a call keeps one for each."""

from __future__ import annotations

from typing import ClassVar

import pytest
from playbook import CUSTOMER, REP

from coach.cues.reader import Reader


def test_scores_that_are_alike_are_held_once():
    reader = Reader()
    readings = [reader.read(REP, "We ship on Mondays.").scores for _ in range(4)]
    pairs = [pair for scores in readings for pair in scores]
    assert len({id(pair) for pair in pairs}) == len(set(pairs)) < len(pairs) / 2


class Deaf:
    """Weights that read nothing in any sentence."""

    lines: ClassVar[dict[str, float]] = {}

    def weigh(self, who, said, rules, near, heard):
        return dict.fromkeys(rules, 0.0)


@pytest.mark.parametrize(
    ("who", "text", "cue"),
    [
        (CUSTOMER, "We don't have the budget for that.", "objection"),
        (CUSTOMER, "Not interested, thanks.", "objection"),
        (CUSTOMER, "Just send me an e-mail.", "objection"),
        (CUSTOMER, "What does it cost?", "asks_for_pitch"),
        (REP, "Thank you for telling me.", "acknowledge"),
    ],
)
def test_what_a_rule_is_sure_of_stands_whatever_the_weights_say(who, text, cue):
    assert cue in Reader(Deaf()).read(who, text).cues


@pytest.mark.parametrize(
    ("who", "text", "cue"),
    [
        (CUSTOMER, "I'd have to talk to my partner first.", "objection"),  # .65
        (REP, "I'm sorry to hear that.", "acknowledge"),  # .77
    ],
)
def test_what_a_rule_only_supposes_is_for_the_weights_to_say(who, text, cue):
    assert cue not in Reader(Deaf()).read(who, text).cues

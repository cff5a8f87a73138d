"""A nudge is kept in English and told in the language of whoever reads it."""

from __future__ import annotations

import dataclasses

from house import NUDGES

from coach import language
from coach.language import write_in
from coach.report.nudged import reason_of, source_of, text_of


def test_in_english_it_is_told_as_it_was_kept() -> None:
    for nudge in NUDGES.values():
        assert (text_of(nudge), reason_of(nudge), source_of(nudge)) == (
            nudge.text,
            nudge.reason,
            nudge.source,
        )


def test_in_german_its_numbers_are_the_same() -> None:
    write_in(language.language("de"))
    assert text_of(NUDGES["talk_share"]) == "Überlass ihnen das Wort"
    assert reason_of(NUDGES["talk_share"]) == "75 % der letzten 3 min · Grenze 60 %"
    assert source_of(NUDGES["next_step"]) == "Brauch des Fachs"


def test_every_reason_is_known_in_german() -> None:
    write_in(language.language("de"))
    assert [n.rule for n in NUDGES.values() if reason_of(n) == n.reason] == []


def test_words_that_the_rep_chose_stay() -> None:
    write_in(language.language("de"))
    assert text_of(dataclasses.replace(NUDGES["pounce"], text="Breathe, friend")) == "Breathe, friend"


def test_a_reason_of_another_coach_stays() -> None:
    write_in(language.language("de"))
    old = dataclasses.replace(NUDGES["monologue"], reason="A long run.")
    assert reason_of(old) == "A long run."
    unknown = dataclasses.replace(NUDGES["monologue"], rule="smile", reason="Smile.")
    assert reason_of(unknown) == "Smile."
    fewer = dataclasses.replace(NUDGES["monologue"], because=())
    assert reason_of(fewer) == fewer.reason

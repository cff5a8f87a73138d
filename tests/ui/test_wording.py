"""What the windows say: short, plain, complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coach.nudges.commands import Nudge
from coach.nudges.rules import CATALOGUE
from coach.settings import CALL_TYPES, RULES, Limits
from coach.ui import before_words, try_words, wording
from coach.ui.wording import call_type_name, explain, number, say

UI = Path(wording.__file__).parent


def test_every_key_that_is_asked_for_has_words() -> None:
    asked = {
        k
        for f in UI.glob("*.py")
        for k in re.findall(r'(?:say|_action)\(\s*"([\w.]+)"', f.read_text("utf-8"))
    }
    assert "card.why" in asked
    assert asked <= {*wording._ENGLISH, *before_words._ENGLISH, *try_words._ENGLISH}


def test_every_rule_and_every_call_type_has_words() -> None:
    assert all(f"rule.{rule}" in wording._ENGLISH for rule in RULES)
    assert all(f"type.{kind}" in wording._ENGLISH for kind in CALL_TYPES)
    assert call_type_name("first_contact") == "First contact"
    assert call_type_name("board_meeting") == "board meeting"


@pytest.mark.parametrize("word", ["you must", "wrong", "bad", "failed", "!", "score"])
def test_nothing_blames(word: str) -> None:
    assert not [text for text in wording._ENGLISH.values() if word in text.lower()]


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("monologue_s", 75.4, "run 75.4 s"),
        ("limit_s", 75.0, "limit 75 s"),
        ("talk_share_ratio", 0.724, "talk share 72 %"),
        ("gap_ms", 240.0, "gap 240 ms"),
        ("window_min", 3.0, "window 3 min"),
        ("growth_percent", 72.0, "growth 72 %"),
        ("share_percent", 72.0, ""),
        ("pitch_at_s", 64.9, "pitch at 1:04"),
        ("seconds_after_need", 1.24, "1.2 s after the need"),
        ("needs", 1.0, "needs 1"),
    ],
)
def test_numbers_carry_their_unit(name: str, value: float, written: str) -> None:
    assert number(name, value) == written


def test_a_nudge_explains_rule_numbers_and_source() -> None:
    nudge = Nudge("monologue", "Pause", "75 s", 0, 0, (("run_s", 75.4), ("limit_s", 75.0)), "Gong 2016")
    assert explain(nudge) == (
        "A long run without the customer.",
        "Run\u00a075.4\u00a0s · limit\u00a075\u00a0s",
        "Source: Gong 2016",
    )


def test_a_nudge_of_an_unknown_rule_still_explains_itself() -> None:
    assert explain(Nudge("new_rule", "Smile", "", 0, 0, (), "")) == ("New rule",)


def test_parts_are_filled_in() -> None:
    assert say("state.problem", problem="{x}", call_type="") == "Problem · {x}"


def test_every_live_rule_explains_its_numbers_without_names_of_ours() -> None:
    for rule in (rule for rule in CATALOGUE if rule.fires):
        found = rule.find(rule.fires[0].moment, Limits())
        assert found is not None
        line = explain(Nudge(rule.name, rule.text, "", 0, 0, found.because, rule.source))[1]
        assert "_" not in line
        assert "ratio" not in line

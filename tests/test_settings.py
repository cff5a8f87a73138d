"""Every knob in one table, and a file that is refused with the line that is wrong."""

from __future__ import annotations

import pytest

from coach.settings import CALL_TYPES, RULES, Facts, Settings, knobs, parse, unlike, value_at, with_values
from coach.trouble import Trouble


def refused(text):
    with pytest.raises(Trouble) as raised:
        parse(text, "settings.toml")
    return str(raised.value)


def test_without_a_file_everything_is_as_the_designs_say():
    settings = Settings()
    assert settings.manners.cooldown_s == 45
    assert settings.manners.warm_up_s == 90
    assert settings.limits_for("discovery").monologue_s == 75
    assert settings.limits_for("demo").monologue_s == 150
    assert not settings.limits_for("demo").premature_pitch
    assert settings.call.type == "discovery"


def test_a_file_changes_what_it_names_and_nothing_else():
    settings = parse('[manners]\ncooldown_s = 60\n[limits.demo]\nmonologue_s = 100\n[call]\ntype = "demo"\n')
    assert settings.manners.cooldown_s == 60
    assert settings.manners.breath_s == 0.25
    assert settings.limits_for("demo").monologue_s == 100
    assert settings.limits_for("demo").monologue_strong_s == 240
    assert parse("manners.most = 3", base=settings).manners.cooldown_s == 60


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[manners]\n\ncooldown = 60\n",
            "line 3: there is no setting 'manners.cooldown'. Did you mean 'manners.cooldown_s'?",
        ),
        (
            "[manners]\ncooldown_s = 2\n",
            "line 2: 'manners.cooldown_s' is 2, out of range. Write a number from 5 to 600 s.",
        ),
        ("[manners]\nmost = 2.5\n", "line 2: 'manners.most' is 2.5."),
        ("[manners]\nmost = true\n", "Write a number in nudges."),
        ('[manners]\nbreath_s = "soon"\n', "Write a number in s."),
        ("[rules]\nmonologue = 1\n", "Write true or false."),
        ('[call]\ntype = "chat"\n', "line 2: 'call.type' is 'chat'. Write one of: 'discovery'"),
        ("[call]\ntype = 5\n", "Write text between quotes."),
        ('[wording]\npounce = "one two three four five"\n', "more than four words"),
        ("manners = 5\n", "line 1: 'manners' is a section."),
        ("[nothing]\nx = 1\n", "line 1: there is no setting 'nothing'"),
        ("manners.cooldown_s = 1\n", "line 1: 'manners.cooldown_s' is 1"),
        ('\n"manners".cooldown_s = 1\n', "line 2: 'manners.cooldown_s' is 1"),
        ("[manners\n", "is not valid TOML"),
        ('[facts]\ncompany = "Acme"\n', "line 2: 'facts.company' is 'Acme'. Write a list, such as"),
        ('[facts]\nproducts = ["A", 5]\n', "Write a list"),
        ('[facts]\n\njargon = ["A, B"]\n', "line 3: 'A, B' in 'facts.jargon' is no name."),
        ('[facts]\ncompetitors = ["--"]\n', "'--' in 'facts.competitors' is no name."),
        (
            f'[facts]\ncompany = ["{"x" * 41}"]\n',
            "in 'facts.company' has 41 letters. Shorten it to 40 or fewer.",
        ),
        (f"[facts]\ncompany = {[str(n) for n in range(21)]}\n", "'facts.company' has 21 names. Keep the 20"),
        ('[facts]\nonly = "a\\nb"\n', "line 2: 'facts.only' holds more than plain text."),
        ('[facts]\ncompany = ["a\\u001b[31m"]\n', "holds more than plain text"),
        (f'[facts]\nonly = "{"x" * 201}"\n', "has 201 letters. Shorten it to 200"),
        ("[facts]\nonly = 5\n", "Write text between quotes."),
        ('[facts]\nproduct = ["A"]\n', "Did you mean 'facts.products'?"),
        ("limits = { demo = { monologue_s = -1 } }", "line 1: 'limits.demo.monologue_s' is -1"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text, said):
    assert said in refused(text)


def test_facts_are_names_trimmed_and_each_once():
    facts = parse('[facts]\nproducts = [" Ferrolift ", "Ferrolift", "Doorman"]\ncompany = ["Acme"]\n').facts
    assert facts.products == ("Ferrolift", "Doorman")
    assert facts.own == ("Acme", "Ferrolift", "Doorman")
    assert facts.names[0] == "Ferrolift"
    assert not Settings().facts
    assert Facts(only="We are the only ones.")


def test_a_call_type_that_does_not_exist_is_refused():
    with pytest.raises(Trouble, match=r"no call type 'chat'.*discovery"):
        Settings().limits_for("chat")


def test_every_knob_has_a_sentence_and_numbers_have_bounds_around_their_default():
    rows = list(knobs())
    assert len({k.name for k in rows}) == len(rows) > 80
    for knob in rows:
        assert knob.what.endswith("."), knob.name
        if isinstance(knob.default, int | float) and not isinstance(knob.default, bool):
            assert knob.low <= knob.default <= knob.high, knob.name
            assert knob.unit, knob.name
    assert {k.name.split(".")[1] for k in rows if k.name.startswith("limits.")} == set(CALL_TYPES)
    assert {k.name.split(".")[1] for k in rows if k.name.startswith("rules.")} <= set(RULES)


def test_values_are_set_by_name_and_what_differs_is_told_by_name():
    settings = with_values(Settings(), {"limits.demo.monologue_s": 99, "facts.company": ("Acme",)})
    assert value_at(settings, "limits.demo.monologue_s") == 99
    assert unlike(settings, Settings()) == {"limits.demo.monologue_s": 99, "facts.company": ("Acme",)}
    assert unlike(Settings(), settings) == {"limits.demo.monologue_s": 150, "facts.company": ()}
    with pytest.raises(Trouble, match=r"What you chose: 'manners\.cooldown_s' is 1, out of range"):
        with_values(settings, {"manners.cooldown_s": 1})

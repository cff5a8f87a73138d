"""Facts written into a file that a person writes, too: what is theirs stays theirs."""

from __future__ import annotations

import os
import stat

import pytest

from coach.settings import Facts, parse
from coach.settings_file import (
    forget_values,
    save_facts,
    save_values,
    with_facts,
    with_values,
    without_values,
)
from coach.trouble import Trouble

KNOWN = Facts(("Acme",), ("Ferrolift", "Doorman"), ("Liftmaster",), "We are the only ones.", ("MRR",))
BY_HAND = """\
# My Coach. Do not touch!

[manners]
cooldown_s = 60   # a minute is enough


[facts]   # what I sell
competitors = [
    "Kone",        # the big one
    "Liftmaster",  # the other one
]
company = ["Acme"] # since 1990

[call]
type = "demo"
"""


def test_a_new_file_holds_the_facts_and_nothing_else():
    text = with_facts("", KNOWN)
    assert text.startswith("[facts]\n")
    assert parse(text).facts == KNOWN


def test_everything_else_in_the_file_stays_as_it_was():
    text = with_facts(BY_HAND, KNOWN)
    assert parse(text).facts == KNOWN
    assert parse(text).manners.cooldown_s == 60
    kept = [line for line in BY_HAND.splitlines() if "Kone" not in line]
    missing = [line for line in kept if line not in text.splitlines()]
    assert missing == []
    assert text.index("[manners]") < text.index("[facts]") < text.index("[call]")


def test_facts_that_did_not_change_change_no_letter():
    assert with_facts(BY_HAND, parse(BY_HAND).facts) == BY_HAND
    assert with_facts("", Facts()) == ""


def test_a_fact_taken_away_loses_its_line():
    text = with_facts(BY_HAND, Facts(company=("Acme",)))
    assert "competitors" not in text
    assert "# since 1990" in text


@pytest.mark.parametrize(
    "text",
    [
        'facts.company = ["Old"]\n[call]\ntype = "demo"\n',
        'facts = { company = ["Old"] } # short\n',
        'call = { type = "demo" }',
        '[call]\r\ntype = "demo"\r\n',
        "[facts]\n",
        "[facts]\ncompany = []\n",
        '["facts"]\n"only" = "x"\n',
        "[facts]\n[call]\n",
        '[call]\ntype = "demo"\n\n# the last word\n',
    ],
)
def test_however_a_file_is_written_the_facts_come_back(text):
    new = with_facts(text, KNOWN)
    assert parse(new).facts == KNOWN
    assert parse(new).call == parse(text).call
    assert ("#" in new) == ("#" in text)


def test_a_long_list_is_written_a_name_a_line():
    many = Facts(competitors=tuple(f"Competitor {n}" for n in range(9)))
    text = with_facts("", many)
    assert '    "Competitor 3",\n' in text
    assert parse(text).facts == many


def test_names_in_another_order_are_written_in_it():
    turned = Facts(products=("Doorman", "Ferrolift"))
    assert parse(with_facts(with_facts("", KNOWN), turned)).facts == turned


@pytest.mark.parametrize("text", ["[facts\n", "[nothing]\nx = 1\n", '[facts]\ncompany = "Acme"\n'])
def test_a_file_that_coach_would_refuse_is_left_alone(tmp_path, text):
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(Trouble, match=r"settings\.toml"):
        save_facts(path, KNOWN)
    assert path.read_text() == text
    assert [p.name for p in tmp_path.iterdir()] == ["settings.toml"]


def test_what_a_settings_file_may_not_hold_is_not_written(tmp_path):
    with pytest.raises(Trouble, match=r"What you wrote: 'A, B' in 'facts\.company' is no name"):
        save_facts(tmp_path / "settings.toml", Facts(company=("A, B",)))
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_made_for_its_owner_and_keeps_the_rights_it_had(tmp_path):
    path = tmp_path / "deep" / "settings.toml"
    save_facts(path, KNOWN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    save_facts(path, Facts(company=("Bolt",)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [p.name for p in path.parent.iterdir()] == ["settings.toml"]


def test_a_link_to_a_file_stays_a_link(tmp_path):
    (tmp_path / "real.toml").write_text('[call]\ntype = "demo"\n')
    (tmp_path / "settings.toml").symlink_to(tmp_path / "real.toml")
    save_facts(tmp_path / "settings.toml", KNOWN)
    assert (tmp_path / "settings.toml").is_symlink()
    assert parse((tmp_path / "real.toml").read_text()).facts == KNOWN


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "settings.toml"
    path.write_text(BY_HAND)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Trouble, match="cannot be written: No space left"):
        save_facts(path, KNOWN)
    assert path.read_text() == BY_HAND
    assert [p.name for p in tmp_path.iterdir()] == ["settings.toml"]


def test_a_file_that_is_no_text_is_told(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Trouble, match="is no text"):
        save_facts(path, KNOWN)


# Limits.

LIMITS = """\
# By hand.
[limits.demo]
monologue_s = 200  # my demo is long
share_nudge = 0.7

[call]
type = "demo"   # mostly
"""


def test_a_limit_is_changed_where_it_stands_and_its_comment_stays():
    text = with_values(LIMITS, {"limits.demo.monologue_s": 180.0, "manners.most": 3})
    assert "monologue_s = 180.0  # my demo is long" in text.splitlines()
    assert [line for line in LIMITS.splitlines() if line not in text.splitlines()] == [
        "monologue_s = 200  # my demo is long"
    ]
    assert parse(text).limits.demo.monologue_s == 180
    assert parse(text).manners.most == 3


@pytest.mark.parametrize(
    "before",
    [
        "",
        "[limits.discovery]\nmonologue_s = 60\n",
        "[limits]\ndiscovery.monologue_s = 60\n",
        "limits.discovery.monologue_s = 60\n",
        "[limits]\ndiscovery = { monologue_s = 60 }\n",
        "[limits.demo]\nmonologue_s = 200\n\n[manners]\nmost = 4\n",
    ],
)
def test_however_the_file_is_written_it_holds_what_was_meant(before):
    wanted = {"limits.discovery.monologue_s": 70.0, "limits.discovery.pounce": False, "rules.pressure": True}
    text = with_values(before, wanted)
    read = parse(text)
    assert (read.limits.discovery.monologue_s, read.limits.discovery.pounce) == (70, False)
    assert read.rules.pressure
    assert read.limits.demo == parse(before).limits.demo
    assert with_values(text, wanted) == text


def test_a_name_or_a_value_that_coach_would_refuse_is_refused_before_anything_is_written(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text(LIMITS, encoding="utf-8")
    for values in ({"limits.demo.no_such": 1.0}, {"manners.most": 99}):
        with pytest.raises(Trouble):
            save_values(path, values)
    assert path.read_text(encoding="utf-8") == LIMITS


def test_limits_are_kept_in_a_file_that_is_made_for_them(tmp_path):
    path = tmp_path / "coach" / "settings.toml"
    save_values(path, {"limits.discovery.share_nudge": 0.55})
    assert parse(path.read_text(encoding="utf-8")).limits.discovery.share_nudge == 0.55
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# Choices.


def test_a_device_is_written_by_its_name_whatever_that_holds(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('[audio]\nmicrophone = "old"  # at my desk\n', encoding="utf-8")
    name = 'Ana\'s "best" \\ microphone [1]'
    save_values(path, {"audio.microphone": name, "audio.other_side": "none", "storage.keep": "timings"})
    text = path.read_text(encoding="utf-8")
    assert "# at my desk" in text
    read = parse(text)
    assert (read.audio.microphone, read.audio.other_side, read.storage.keep) == (name, "none", "timings")


def test_a_choice_that_is_none_is_refused(tmp_path):
    with pytest.raises(Trouble, match=r"storage\.keep"):
        save_values(tmp_path / "settings.toml", {"storage.keep": "everything"})
    assert not (tmp_path / "settings.toml").exists()


def test_text_and_names_are_written_beside_what_stands_there():
    text = with_values(BY_HAND, {"overlay.look": "light", "facts.company": ("Acme", 'B"ö🙂')})
    assert parse(text).overlay.look == "light"
    assert parse(text).facts.company == ("Acme", 'B"ö🙂')
    assert "# since 1990" in text
    assert with_values(text, {"facts.company": ("Acme", 'B"ö🙂')}) == text


@pytest.mark.parametrize(
    "text",
    [
        '[overlay]\nlook = "light"\nscale = 2\n',
        'overlay.look = "light"\noverlay.scale = 2\n',
        'overlay = { look = "light", scale = 2 }\n',
        '[overlay]\nscale = 2\nlook = "light" # I like it\n',
        "[overlay]\nscale = 2\n",
    ],
)
def test_a_setting_set_back_is_as_without_a_file_and_its_neighbours_stay(text):
    new = without_values(text, ["overlay.look"])
    assert parse(new).overlay.look == "dark"
    assert parse(new).overlay.scale == 2
    assert ("# I like it" in new) == ("# I like it" in text)
    assert ("look" in new) == ("# I like it" in text)


def test_setting_back_what_was_never_set_writes_no_file(tmp_path):
    forget_values(tmp_path / "settings.toml", ["limits.demo.monologue_s", "facts.jargon"])
    assert list(tmp_path.iterdir()) == []
    save_values(tmp_path / "settings.toml", {"limits.demo.monologue_s": 99.0, "call.type": "demo"})
    forget_values(tmp_path / "settings.toml", ["limits.demo.monologue_s"])
    kept = parse((tmp_path / "settings.toml").read_text())
    assert (kept.limits.demo.monologue_s, kept.call.type) == (150, "demo")


def test_a_broken_file_is_not_set_back_either(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("[overlay\n")
    with pytest.raises(Trouble, match="not valid TOML"):
        forget_values(path, ["overlay.look"])
    assert path.read_text() == "[overlay\n"

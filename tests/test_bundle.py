"""A report for a bug: what a helper needs, and nothing that anybody said, typed or is called."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from coach import bundle, doctor, library, mishaps
from coach.cli import cli
from coach.demo.scenes import bundled
from coach.doctor import Check
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = ("Acme", "Ampersand Lifts", "Annas AirPods", "ask her now", "Thursday")

SETTINGS = """
[audio]
microphone = "Annas AirPods"
[limits.discovery]
monologue_s = 60.0
[overlay]
look = "light"
[wording]
monologue = "ask her now"
[facts]
company = ["Acme"]
products = ["Ampersand Lifts"]
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "Thursday" / "settings.toml"
    path.parent.mkdir()
    path.write_text(SETTINGS, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the checks find devices and folders with names of the user's."""
    found = [
        Check("sound", "well", "Microphone: Annas AirPods"),
        Check("folder", "ill", "Thursday is not writable."),
    ]
    monkeypatch.setattr(doctor, "examine", lambda _path: iter(found))


def test_it_says_what_a_helper_needs(settings):
    told = "\n".join(bundle.lines(settings))
    for wanted in (
        "Python 3.",
        "faster-whisper",
        "monologue_s = 60.0",
        "overlay.look = light",
        "ill   folder",
    ):
        assert wanted in told
    assert "audio.microphone = (yours)" in told


def test_nothing_that_anybody_typed_or_is_called_is_in_it(settings):
    told = "\n".join(bundle.lines(settings))
    assert not [secret for secret in SECRETS if secret in told]


def test_of_the_last_call_it_counts_what_happened_and_keeps_no_word(settings, monkeypatch):
    log = bundled() / "d02.jsonl"
    monkeypatch.setattr(library, "find_session", lambda _name: log)
    told = "\n".join(bundle.lines(settings))
    assert "SentenceHeard" in told
    assert "nudge monologue" in told
    said = {
        w for w in log.read_text(encoding="utf-8").split('"text":"')[1].split('"')[0].split() if len(w) > 5
    }
    assert said
    assert not [word for word in said if word in told]


def test_faults_that_were_noted_are_in_it(settings, monkeypatch):
    monkeypatch.setattr(mishaps, "noted", lambda _folder: ["builtins.ValueError", "live/call.py:12 _write"])
    assert "  live/call.py:12 _write" in list(bundle.lines(settings))


def test_a_settings_file_that_cannot_be_read_is_said_without_its_words(settings):
    settings.write_text("[facts]\nAcme = 3\n", encoding="utf-8")
    told = "\n".join(bundle.lines(settings))
    assert "The settings file cannot be read." in told
    assert "Acme" not in told


def test_the_command_writes_one_file_for_its_owner_and_keeps_what_was_there(settings, tmp_path):
    to = tmp_path / "report.txt"
    done = CliRunner().invoke(cli, ["--settings", str(settings), "doctor", "--bundle", "--to", str(to)])
    assert done.exit_code == 0, done.output
    assert "Nothing was sent" in done.output
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    with pytest.raises(Trouble, match="there already"):
        bundle.write_bundle(to, settings)
    with pytest.raises(Trouble, match="cannot be written"):
        bundle.write_bundle(tmp_path / "nowhere" / "report.txt", settings)

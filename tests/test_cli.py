"""The command line as a user meets it: help, the contracts, and one plain sentence for whatever is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import sound
from playbook import CUSTOMER, REP, told
from report.cards import demo
from rigs.consent import agreed

from coach import app
from coach.archive.hand import HandFile
from coach.archive.log import SessionLog
from coach.call.hand import Note
from coach.cli import cli
from coach.shipped import shipped

if TYPE_CHECKING:
    from pathlib import Path

DEMO = shipped("assets", "demo", "d02.ogg")
COMMANDS = (
    "live",
    "prepare",
    "consent",
    "review",
    "open",
    "export",
    "demo",
    "replay",
    "sessions",
    "trends",
    "forget",
    "facts",
    "preferences",
    "toggle",
    "start",
    "pause",
    "stop",
    "hide",
    "show",
    "not-now",
    "models",
    "sound",
    "devices",
    "doctor",
    "cues",
)


def coach(*args, folder=None, **env):
    """Run the program as a user would, without screen and sound, its files in ``folder``."""
    quiet = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "PULSE_SERVER"}}
    home = {
        "HOME": str(folder),
        "XDG_DATA_HOME": agreed(f"{folder}/data") if folder else "",
        "XDG_CONFIG_HOME": f"{folder}/config",
        "XDG_RUNTIME_DIR": str(folder),
    }
    return subprocess.run(
        [sys.executable, "-m", "coach", *map(str, args)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        input=env.pop("stdin", None),
        env=quiet | (home if folder else {}) | env,
    )


def wav(path: Path, samples: np.ndarray, rate: int = 16_000, channels: int = 1) -> Path:
    """Write int16 samples, shape ``(n,)`` or ``(n, channels)``, as a WAV file."""
    import wave

    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.astype("<i2").tobytes())
    return path


def is_plain(done, *said):
    """Say whether a run failed with code 2, one or two plain sentences and no traceback."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert 0 < len(done.stderr.strip().splitlines()) <= 2
    for part in said:
        assert part in done.stderr
    return True


# Help.


def test_help_shows_every_command_and_what_the_program_is():
    done = coach("--help")
    assert done.returncode == 0
    assert "quiet friend" in done.stdout
    for command in COMMANDS:
        assert f"  {command} " in done.stdout
    assert "..." not in done.stdout.split("Commands:")[1], "a summary was cut off"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command):
    done = coach(command, "--help")
    assert "\\b" not in done.stdout  # click's own mark, never meant to be seen
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: python -m coach {command}")
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_the_commands_for_models_have_help():
    done = coach("models", "--help")
    for command in ("get", "remove", "check"):
        assert f"  {command} " in done.stdout
        assert coach("models", command, "--help").returncode == 0
    assert "..." not in done.stdout.split("Commands:")[1], "a summary was cut off"


def test_the_version():
    assert coach("--version").stdout == "coach, version 0.1.0\n"


# What can go wrong.


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("missing.wav", lambda p: None, "missing.wav"),
        ("empty.wav", lambda p: p.touch(), "empty"),
        ("text.wav", lambda p: p.write_text("this is no sound at all\n" * 50), "text.wav"),
        ("folder", lambda p: p.mkdir(), "folder"),
        ("silent.wav", lambda p: wav(p, np.zeros(80_000)), "silent"),
        ("short.wav", lambda p: wav(p, sound(0.5, (0, 0.5))), "shorter than one second"),
    ],
)
def test_a_file_that_is_no_recording_is_told_in_a_sentence(tmp_path, name, make, said):
    make(tmp_path / name)
    assert is_plain(coach("review", tmp_path / name, folder=tmp_path), said)


def test_of_a_recording_that_is_not_there_nothing_is_said_to_be_heard(tmp_path):
    assert "listening" not in coach("review", tmp_path / "missing.wav", folder=tmp_path).stderr


def test_an_unknown_call_type_is_told(tmp_path):
    assert is_plain(coach("review", DEMO, "--type", "chat", folder=tmp_path), "'chat'", "discovery")


def test_an_unknown_command_and_a_missing_argument_are_told(tmp_path):
    assert "No such command" in coach("sell", folder=tmp_path).stderr
    done = coach("review", folder=tmp_path)
    assert done.returncode == 2
    assert "FILE" in done.stderr


def test_a_settings_file_with_an_unknown_key_is_refused_with_its_line(tmp_path):
    (tmp_path / "mine.toml").write_text("[manners]\n# quieter\ncooldwn_s = 60\n")
    done = coach("--settings", tmp_path / "mine.toml", "demo", "--headless", folder=tmp_path)
    assert is_plain(done, "line 3", "manners.cooldwn_s", "manners.cooldown_s")


def test_a_settings_file_that_is_not_there_is_told(tmp_path):
    assert is_plain(coach("--settings", tmp_path / "none.toml", "demo", folder=tmp_path), "none.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    assert is_plain(coach("--settings", tmp_path / "odd.toml", "demo", folder=tmp_path), "no text")


def test_no_microphone_is_told(tmp_path):
    assert is_plain(coach("live", "--headless", folder=tmp_path), "microphone")


def test_a_model_that_is_missing_or_altered_or_of_another_format_is_told(tmp_path):
    assert is_plain(
        coach("--settings", model_file(tmp_path, "none"), "demo", "--headless", folder=tmp_path), "none"
    )
    other = tmp_path / "other"
    other.mkdir()
    (other / "model.safetensors").write_bytes(b"0" * 100)
    done = coach("--settings", model_file(tmp_path, other), "demo", "--headless", folder=tmp_path)
    assert is_plain(done, "safetensors")


def model_file(tmp_path, model):
    path = tmp_path / "settings.toml"
    path.write_text(f'[speech]\nmodel = "{model}"\n')
    return path


def test_a_session_that_is_none_is_told(tmp_path):
    (tmp_path / "x.jsonl").write_text("hello\n")
    assert is_plain(coach("replay", tmp_path / "x.jsonl", folder=tmp_path), "no session of Coach")
    assert is_plain(coach("replay", tmp_path / "none.jsonl", folder=tmp_path), "cannot be read")
    assert is_plain(coach("replay", "last", folder=tmp_path), "There is no session 'last'")


def test_who_names_a_settings_file_that_is_not_there_deletes_nothing(tmp_path):
    done = coach("--settings", tmp_path / "none.toml", "forget", "last", "--yes", folder=tmp_path)
    assert is_plain(done, "The settings file", "cannot be read", "Check its name.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["sesions"], "Es gibt keinen Befehl 'sesions'. Meintest du 'sessions'?"),
        (["live", "--headless=1"], "Die Option '--headless' nimmt keinen Wert."),
    ],
)
def test_a_slip_of_the_fingers_is_told_in_german_too(tmp_path, line, said):
    assert said in coach(*line, folder=tmp_path, LANGUAGE="de").stderr


# Cues.


def test_cues_labels_lines_and_keeps_what_came_in():
    lines = [
        {"call": "a", "who": "customer", "text": "We lose two days a week.", "start_s": 1.0, "end_s": 3.0},
        {
            "call": "a",
            "who": "rep",
            "text": "How do you deal with that today?",
            "start_s": 3.5,
            "end_s": 5.0,
            "note": 7,
        },
    ]
    done = coach("cues", stdin="".join(json.dumps(x) + "\n" for x in lines))
    assert done.returncode == 0
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert [{k: v for k, v in o.items() if k not in ("cues", "scores")} for o in out] == lines
    assert "question.open" in out[1]["cues"]
    assert 0 <= out[1]["scores"]["pitch"] <= 1


def test_a_line_that_is_no_sentence_is_told_with_its_number():
    good = '{"call": "a", "who": "rep", "text": "Hi."}\n'
    done = coach("cues", stdin=good + "not json\n")
    assert is_plain(done, "2")


# Looking around.


def test_doctor_says_what_is_here(tmp_path):
    done = coach("doctor", folder=tmp_path)
    assert "Speech model tiny.en: every byte as pinned" in done.stdout
    assert "No microphone was found." in done.stdout
    assert "no screen here" in done.stdout


def test_doctor_lists_settings_that_are_a_settings_file(tmp_path):
    listed = coach("doctor", "--settings", folder=tmp_path).stdout
    (tmp_path / "all.toml").write_text(listed)
    assert app.load_settings(tmp_path / "all.toml") == app.Settings()


def test_doctor_knows_the_language_and_what_it_leaves(tmp_path):
    (tmp_path / "de.toml").write_text('[speech]\nlanguage = "de"\n')
    done = coach("--settings", tmp_path / "de.toml", "doctor", folder=tmp_path)
    assert "'tiny.en' knows English only" in done.stdout
    assert "coach models get base" in done.stdout


def test_models_are_listed_and_a_missing_one_says_how_to_get_it(tmp_path):
    done = coach("models", folder=tmp_path)
    assert done.returncode == 0
    assert "* tiny.en" in done.stdout
    assert "coach models get base (133 MB)" in done.stdout
    assert "tiny.en: every byte as pinned" in coach("models", "check", folder=tmp_path).stdout
    assert is_plain(coach("review", DEMO, "--model", "base", folder=tmp_path), "coach models get base")
    assert is_plain(coach("models", "remove", "base", folder=tmp_path), "not on this machine")
    assert is_plain(coach("models", "get", "huge", folder=tmp_path), "no model 'huge'")


def test_a_language_needs_a_model_that_knows_it(tmp_path):
    for command in (("review", DEMO), ("live", "--headless")):
        assert is_plain(coach(*command, "--language", "de", folder=tmp_path), "English only", "base")
        assert is_plain(coach(*command, "--language", "auto", folder=tmp_path), "does not guess")


def test_devices_says_when_there_are_none(tmp_path):
    done = coach("devices", folder=tmp_path)
    assert done.returncode == 0
    assert "none found" in done.stdout


# Replay.


def test_a_replay_shows_what_other_limits_would_have_said(tmp_path):
    log = SessionLog(tmp_path / "call.jsonl", "words")
    said = [
        (CUSTOMER, 1, 95),
        (REP, 96, 140),
        (CUSTOMER, 142, 150),
        (REP, 151, 154, "It closes on Friday.", "pressure"),
    ]
    for event in told(said, 160):
        log.event(event)
    log.close()
    plain = coach("replay", tmp_path / "call.jsonl", folder=tmp_path)
    assert plain.returncode == 0
    assert "Pause" not in plain.stdout
    assert '2:31  ○ Ease off a little "It closes on Friday."' in plain.stdout
    other = coach(
        "replay", tmp_path / "call.jsonl", "--set", "limits.discovery.monologue_s=30", folder=tmp_path
    )
    assert "Pause, let them in" in other.stdout
    assert is_plain(
        coach("replay", tmp_path / "call.jsonl", "--set", "nonsense", folder=tmp_path), "sets nothing"
    )
    assert is_plain(coach("replay", tmp_path / "call.jsonl", "--set", "a.b=1", folder=tmp_path), "--set a.b")


# Past calls.


def test_a_past_call_is_opened_by_the_beginning_of_its_name(tmp_path):
    log = SessionLog(tmp_path / "data" / "coach" / "sessions" / "2026-11-22-100000.jsonl", "words")
    for event in told(
        [(REP, 1, 3, "How do you do that?", "question.open"), (CUSTOMER, 4, 9, "By hand.")], 20
    ):
        log.event(event)
    log.close()
    done = coach("open", "2026-11", folder=tmp_path)
    assert done.returncode == 0
    assert "Questions asked" in done.stdout
    assert coach("open", folder=tmp_path).stdout == done.stdout
    assert is_plain(coach("open", "2025", folder=tmp_path), "There is no session '2025'", "coach sessions")


def test_a_recording_is_coached_once_and_then_only_opened(tmp_path):
    first = coach("open", wav(tmp_path / "memo.wav", sound(6, (1, 4))), folder=tmp_path)
    assert first.returncode == 0
    (kept,) = (tmp_path / "data" / "coach" / "sessions").iterdir()
    before = kept.stat().st_mtime_ns
    again = coach("open", tmp_path / "memo.wav", folder=tmp_path)
    assert again.returncode == 0
    assert "listening" not in again.stderr
    assert kept.stat().st_mtime_ns == before


def test_a_recording_that_may_not_be_kept_is_coached_and_shown(tmp_path):
    settings = tmp_path / "s.toml"
    settings.write_text('[storage]\nkeep = "nothing"\n')
    memo = wav(tmp_path / "memo.wav", sound(6, (1, 4)))
    done = coach("--settings", settings, "open", memo, folder=tmp_path)
    assert done.returncode == 0
    assert "Airtime" in done.stdout


def test_what_was_put_right_counts_when_a_recording_is_reviewed_again(tmp_path):
    memo = wav(tmp_path / "memo.wav", sound(6, (1, 4)))
    coach("review", memo, folder=tmp_path)
    (kept,) = (tmp_path / "data" / "coach" / "sessions").glob("*.jsonl")
    HandFile(kept).note(Note(1_000, "Breathe here."))
    coach("review", memo, "--to", tmp_path / "memo.md", folder=tmp_path)
    assert "Breathe here." in (tmp_path / "memo.md").read_text(encoding="utf-8")


# Recordings.


@pytest.mark.model
def test_review_writes_json_and_a_page_and_shows_progress(tmp_path):
    done = coach(
        "review", DEMO, "--json", tmp_path / "out.json", "--html", tmp_path / "out.html", folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    doc = json.loads((tmp_path / "out.json").read_text())
    assert doc["audio"]["file"] == "d02.ogg"
    assert doc["audio"]["channels"] == ["rep", "customer"]
    assert doc["nudges"]
    assert "<!doctype html>" in (tmp_path / "out.html").read_text()
    assert "Talk share" in done.stdout
    assert "listening" in done.stderr
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.model
def test_several_files_go_into_a_folder_and_a_bad_one_stops_none(tmp_path):
    good = wav(tmp_path / "mono.wav", sound(4, (0.5, 3.5)))
    (tmp_path / "bad.wav").write_text("no")
    done = coach("review", good, tmp_path / "bad.wav", "--json", tmp_path / "out", folder=tmp_path)
    assert done.returncode == 2
    assert "1 of 2 recordings" in done.stderr
    doc = json.loads((tmp_path / "out" / "mono.json").read_text())
    assert doc["metrics"]["talk_share"]["how"] == "not available"
    assert doc["metrics"]["airtime"]["how"] == "measured"
    assert "One channel" in doc["audio"]["note"] or "one channel" in doc["audio"]["note"]


@pytest.mark.model
@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (96_000, 2), (48_000, 6)])
def test_any_rate_and_any_number_of_channels_will_do(tmp_path, rate, channels):
    voices = np.repeat(sound(3, (0.5, 2.5)), 6)[:: 96_000 // rate]
    path = wav(
        tmp_path / "odd.wav", np.stack([voices // (1 + c) for c in range(channels)], axis=1), rate, channels
    )
    done = coach("review", path, "--json", tmp_path / "o.json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "o.json").read_text())["audio"]["duration_s"] == pytest.approx(
        3.0, abs=0.05
    )


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    from coach.exporting import Wish
    from coach.report.exports import formats_named
    from coach.terminal import write_out
    from coach.trouble import Trouble

    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Trouble, match="cannot be written"):
        write_out(demo("d01"), tmp_path / "file" / "out.json", None, several=False)
    pages = Wish(tmp_path / "pages", formats_named(["html"]), folder=True)
    with pytest.raises(Trouble, match="cannot be written"):
        write_out(demo("d01"), tmp_path / "file" / "out.json", None, [pages], several=False)
    assert not (tmp_path / "pages").exists() or not list((tmp_path / "pages").iterdir())


# Without screen and microphone.


@pytest.mark.model
def test_without_screen_and_microphone_coach_coaches_the_two_demo_calls(tmp_path):
    done = coach(folder=tmp_path)
    assert done.returncode == 0, done.stderr
    first, *_ = done.stdout.splitlines()
    assert (
        first
        == "There is no screen and no microphone here, so Coach coaches its two demo calls in this terminal."
    )
    sold, listened = done.stdout.split("Second take")
    assert "why: " in sold
    assert "Back to their problem" in sold or "Stay with that" in sold
    assert "Pause, let them in" in sold
    assert "Not one nudge" in listened
    assert done.stdout.count("Talk share") >= 2


def test_the_program_has_no_command_without_help():
    for name, command in cli.commands.items():
        assert command.help, name


def test_a_screen_without_its_libraries_is_told_and_the_terminal_serves(monkeypatch, capsys):
    from coach import cli as line
    from coach.ui import screen

    monkeypatch.setattr(screen, "screen_available", lambda: True)
    monkeypatch.setattr(screen, "missing_libraries", lambda: ["libEGL.so.1"])
    assert not line._screen_is_ready()
    assert "apt-get install -y libegl1" in capsys.readouterr().err


# What the rep sells.


def test_facts_are_set_shown_and_used(tmp_path):
    assert "products     -" in coach("facts", folder=tmp_path).stdout
    done = coach(
        "facts", "--set", "products=Ferrolift, Doorman", "--set", "only=Only we do.", folder=tmp_path
    )
    assert "products     Ferrolift, Doorman" in done.stdout
    file = tmp_path / "config" / "coach" / "settings.toml"
    assert file.read_text() == '[facts]\nproducts = ["Ferrolift", "Doorman"]\nonly = "Only we do."\n'
    assert "only         -" in coach("facts", "--set", "only=", folder=tmp_path).stdout
    line = '{"who": "rep", "text": "Ferrolift was built for lifts like these."}'
    assert json.loads(coach("cues", folder=tmp_path, stdin=line).stdout)["cues"] == ["pitch"]
    (tmp_path / "none.toml").write_text("")
    none = coach("cues", "--facts", tmp_path / "none.toml", folder=tmp_path, stdin=line)
    assert json.loads(none.stdout)["cues"] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("products", "sets nothing"),
        ("product=A", "Did you mean 'facts.products'?"),
        (f"only={'x' * 201}", "201 letters"),
    ],
)
def test_a_fact_that_cannot_be_kept_is_told_and_nothing_is_written(tmp_path, change, said):
    assert is_plain(coach("facts", "--set", change, folder=tmp_path), said)
    assert not (tmp_path / "config").exists()


def test_a_replay_takes_other_facts_by_file_or_one_by_one(tmp_path):
    log = SessionLog(tmp_path / "s.jsonl", "words")
    for event in told([(REP, 1, 4, "Ferrolift was built for lifts like these.")], 20):
        log.event(event)
    log.close()
    assert "Competitor" not in coach("replay", log.path, folder=tmp_path).stdout
    (tmp_path / "f.toml").write_text('[facts]\ncompetitors = ["Ferrolift"]\n')
    named = "Competitor named: Ferrolift"
    assert named in coach("replay", log.path, "--facts", tmp_path / "f.toml", folder=tmp_path).stdout
    assert (
        named in coach("replay", log.path, "--set", 'facts.competitors=["Ferrolift"]', folder=tmp_path).stdout
    )


def test_a_sound_check_where_there_is_no_microphone_says_so(tmp_path):
    done = coach("sound", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("There is no microphone.")


def test_a_german_reads_german_and_gets_the_same_code(tmp_path) -> None:
    done = coach("review", tmp_path / "nothing.wav", folder=tmp_path, LANGUAGE="de")
    assert done.returncode == 2
    assert (
        f"Es gibt keine Datei „{tmp_path / 'nothing.wav'}“. Sieh nach, ob Name und Ordner stimmen."
        in done.stderr
    )
    assert "no file" not in done.stderr

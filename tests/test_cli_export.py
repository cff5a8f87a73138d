"""``coach export`` and ``coach review --to`` as a user meets them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from playbook import CUSTOMER, REP, told
from test_cli import DEMO, coach, is_plain

from coach import library
from coach.archive.catalogue import NAME
from coach.archive.log import SessionLog
from coach.cli import cli
from coach.report.exports import FORMATS
from coach.trouble import Trouble

if TYPE_CHECKING:
    from pathlib import Path


def keep(day: int, title: str, rep_s: float) -> Path:
    path = library.sessions_folder() / f"2026-11-{day}-100000.jsonl"
    log = SessionLog(path, "words", about={"title": title, "began": f"2026-11-{day}T10:00:00+00:00"})
    lines = [(REP, 1, 1 + rep_s, "How do you do it?", "question.open"), (CUSTOMER, 20, 26, "By hand.")]
    for event in told(lines, 30):
        log.event(event)
    log.moments(())
    log.close()
    return path


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return keep(20, "First talk", 2)


def run(*args):
    return CliRunner().invoke(cli, ["export", *map(str, args)], catch_exceptions=False)


def test_without_a_place_the_page_is_written_here(kept, tmp_path):
    done = run("last")
    assert done.exit_code == 0
    assert done.output == "written: First talk.html\n"
    assert "<h1>First talk</h1>" in (tmp_path / "First talk.html").read_text()


def test_it_is_set_against_the_three_calls_before_it_and_not_those_after(kept, tmp_path):
    assert run("2026-11-20", "--to", "card.html").exit_code == 0
    assert "Your usual" not in (tmp_path / "card.html").read_text()
    for day in (17, 18, 19):
        keep(day, "Earlier", 6)
    keep(22, "Later", 14)
    assert run("2026-11-20", "--to", "card.json").exit_code == 0
    usual = json.loads((tmp_path / "card.json").read_text())["usual"]["talk_share"]
    assert (usual["median"], usual["calls"], usual["stands"]) == (0.5, 3, "below usual")


def test_without_a_catalogue_there_is_a_card_all_the_same(kept, tmp_path):
    (library.sessions_folder().parent / NAME).mkdir()
    done = run("last")
    assert done.exit_code == 0
    assert (tmp_path / "First talk.html").exists()


def test_several_places_and_formats(kept, tmp_path, qapp):
    done = run("2026-11", "--to", "card.pdf", "--to", "words.vtt", "--to", "out/", "--format", "csv,html")
    assert (tmp_path / "card.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "words.vtt").read_text().startswith("WEBVTT")
    there = ("card.pdf", "words.vtt", "out/First talk.csv", "out/First talk.html")
    assert done.output == "".join(f"written: {name}\n" for name in there)
    assert not list(tmp_path.rglob("*.part"))


def test_every_format_has_a_line_in_the_help():
    shown = CliRunner().invoke(cli, ["export", "--help"]).output
    listed = shown.partition("Formats:")[2].partition("Examples:")[0]
    for form in FORMATS:
        assert f" {form.name}" in listed


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("nobody",), "There is no session 'nobody'"),
        (("last", "--format", "docx"), "'docx' is no format"),
        (("last", "--to", "x.docx"), "is no format"),
        (("last", "--to", "x.txt", "--format", "vtt,srt"), "is no format"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(kept, tmp_path, args, said):
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Trouble, match=said):
        run(*args)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_session_that_is_not_there_is_one_plain_sentence(tmp_path):
    assert is_plain(coach("export", "last", folder=tmp_path), "There is no session 'last'")


def test_a_review_writes_to_every_place_that_is_named(tmp_path):
    done = coach(
        "review", DEMO, "--json", tmp_path / "r.json", "--to", tmp_path / "card.pdf", "--to", tmp_path / "w.srt",
        folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "card.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "w.srt").read_text().startswith("1\n00:00:0")
    assert json.loads((tmp_path / "r.json").read_text())["call_type"] == "discovery"
    assert done.stdout.count("written: ") == 3


def test_a_wish_that_makes_no_sense_is_told_before_any_work(tmp_path):
    done = coach("review", DEMO, "--to", tmp_path / "x.docx", folder=tmp_path)
    assert is_plain(done, "x.docx", "no format")

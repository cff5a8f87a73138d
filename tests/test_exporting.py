"""Writing calls out: which files, where, whole or not at all, and nothing of a kept session is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playbook import CUSTOMER, REP, told
from report.cards import demo, hostile

from coach import exporting, library
from coach.archive.hand import HandFile
from coach.archive.log import SessionLog
from coach.call.hand import Correction, Note
from coach.exporting import Wish, card_of, export, file_name, wishes, write_whole
from coach.report.card import make_card
from coach.report.exports import NAMES, formats_named
from coach.settings import Settings
from coach.trouble import Trouble

LINES = [
    (REP, 1, 3, "How do you do it?", "question.open"),
    (CUSTOMER, 4, 9, "By hand.", "need"),
    (REP, 13, 18, "Ours does it alone.", "pitch"),
]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "kept" / "2026-11-20-100000.jsonl"
    log = SessionLog(path, "words", about={"title": "First: talk/1", "began": "2026-11-20T10:00:00+01:00"})
    for event in told(LINES, 30):
        log.event(event)
    log.moments(())
    log.close()
    return path


# What is wished for.


def test_an_ending_tells_the_format_of_a_file(tmp_path):
    wanted = wishes([str(tmp_path / "a.pdf"), str(tmp_path / "b.sentences.csv")], [])
    assert [([f.name for f in w.formats], w.folder) for w in wanted] == [
        (["pdf"], False),
        (["sentences"], False),
    ]


def test_a_folder_gets_the_formats_that_are_named_and_the_page_else(tmp_path):
    for place in (str(tmp_path), "new/", "results"):
        (wish,) = wishes([place], ["html,csv", "md"])
        assert (wish.folder, [f.name for f in wish.formats]) == (True, ["html", "csv", "md"])
        assert [f.name for f in wishes([place], [])[0].formats] == ["html"]


@pytest.mark.parametrize(
    ("place", "formats", "chosen"),
    [
        ("x.pdf", ["csv"], "pdf"),
        ("x.pdf", ["html,csv"], "pdf"),
        ("x.csv", [], "csv"),
        ("x.csv", ["sentences"], "sentences"),
        ("x.csv", ["csv,sentences"], "csv"),
        ("x.json", ["corrections"], "corrections"),
        ("x.JSON", [], "json"),
    ],
)
def test_a_format_is_for_folders_and_for_endings_that_could_be_two(place, formats, chosen):
    (wish,) = wishes([place], formats)
    assert (wish.folder, [f.name for f in wish.formats]) == (False, [chosen])


def test_a_file_may_have_any_ending_when_one_format_is_named():
    (wish,) = wishes(["words.txt"], ["srt"])
    assert (wish.folder, wish.formats[0].name) == (False, "srt")


@pytest.mark.parametrize(
    ("place", "formats", "said"),
    [
        ("x.txt", ["srt,vtt"], "The ending of 'x.txt' is no format"),
        ("x.docx", [], "The ending of 'x.docx' is no format"),
        ("x.pdf", ["doc"], "'doc' is no format"),
    ],
)
def test_a_wish_that_makes_no_sense_is_told(place, formats, said):
    with pytest.raises(Trouble, match=said) as told_of:
        wishes([place], formats)
    assert told_of.value.mend


# What is written.


def test_every_format_of_a_hostile_call_is_written_under_a_plain_name(tmp_path, qapp):
    written = export(hostile(), wishes([f"{tmp_path}/out"], list(NAMES)))
    assert len(written) == len(NAMES)
    assert {p.parent for p in written} == {tmp_path / "out"}
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(p.name for p in written)
    for path in written:
        assert path.stat().st_size > 100
        assert path.name.startswith("a -script-document.title=-owned-")
        assert path.name.isprintable()


def test_a_file_that_is_there_gives_way_only_to_whole_ones(tmp_path):
    first, second = tmp_path / "a.html", tmp_path / "no" / "b.html"
    first.write_text("as it was")
    (tmp_path / "no").write_text("a file where a folder would have to be")
    with pytest.raises(Trouble, match=r"b\.html cannot be written"):
        write_whole({first: b"new", second: b"new"})
    assert first.read_text() == "as it was"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.html", "no"]
    write_whole({first: b"new"})
    assert first.read_text() == "new"


def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(self, data):
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(Trouble, match="No space left"):
        export(make_card(demo("d01")), wishes([str(tmp_path)], ["html", "json"]))
    assert list(tmp_path.iterdir()) == []


def test_for_several_calls_every_place_is_a_folder(tmp_path):
    out = tmp_path / "card.json"
    wish = Wish(out, formats_named(["json"]), folder=False)
    assert export(make_card(demo("d01")), [wish], "one", several=True) == [out / "one.json"]


def test_without_qt_a_pdf_is_told_and_nothing_is_written(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "coach.ui.paper", None)
    with pytest.raises(Trouble, match="A PDF cannot be drawn here"):
        export(make_card(demo("d01")), wishes([str(tmp_path)], ["html", "pdf"]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("First talk", "First talk"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\x00b\u202ec\nd", "a-b-c-d"),
        ('C:\\x*?"<>|', "C--x"),
        ("...", "call"),
        ("", "call"),
        ("con", "con-"),
        ("LPT1.x", "LPT1.x-"),
        ("x" * 300, "x" * 100),
        ("Gespräch über Größe", "Gespräch über Größe"),
    ],
)
def test_a_title_becomes_the_name_of_a_file(title, name):
    assert file_name(title) == name
    assert "/" not in file_name(title)


# A kept session.


def test_a_kept_session_has_its_title_its_day_its_notes_and_what_was_put_right(kept):
    hand = HandFile(kept)
    hand.note(Note(5_000, "Wait here."))
    hand.correct(Correction(REP, 13_000, text="Theirs does it alone.", cues=()))
    hand.correct(Correction(CUSTOMER, 4_000, speaker=REP))
    hand.correct(Correction(REP, 99_000, text="Nothing was said then."))
    hand.tag(("northwind",))
    before = {p: p.read_bytes() for p in kept.parent.iterdir()}
    card = card_of(library.open_session(kept, Settings()))
    assert card.report.title == "First: talk/1"
    assert card.subtitle == "Discovery call, 20 November 2026, 0:30 min"
    assert card.tags == ("northwind",)
    assert [n.text for n in card.notes] == ["Wait here."]
    pairs = [((m.who, m.text), (h.who, h.text, h.cues)) for m, h in card.put_right]
    assert pairs == [
        ((CUSTOMER, "By hand."), (REP, "By hand.", ())),
        ((REP, "Ours does it alone."), (REP, "Theirs does it alone.", ())),
    ]
    exporting.export(card, wishes([str(kept.parent.parent / "out")], ["html", "corrections"]))
    assert {p: p.read_bytes() for p in kept.parent.iterdir()} == before
    doc = json.loads((kept.parent.parent / "out" / "First- talk-1.corrections.json").read_text())
    assert [s["hand"]["text"] for s in doc["sentences"]] == ["By hand.", "Theirs does it alone."]


def test_earlier_calls_stand_beside_it(kept):
    card = card_of(library.open_session(kept, Settings()), [{"talk_share": 0.2}] * 3)
    assert card.usual["talk_share"].calls == 3

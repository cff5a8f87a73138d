"""Each format: what is in it, and that hostile words stay words in every one."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from playbook import CUSTOMER, REP
from report.cards import BAIT, FORMULA, demo, drawn, hostile

from coach.report.card import make_card
from coach.report.compare import ABOVE
from coach.report.exports import FORMATS, NAMES, card_document, format_of_file, formats_named
from coach.report.markdown import escaped
from coach.report.page import page
from coach.report.spreadsheet import FIGURES, SENTENCES, safe
from coach.trouble import Trouble

GOLDEN = Path(__file__).parent / "golden"
WRITTEN = [f for f in FORMATS if f.write is not None]


def text(name, card):
    (form,) = formats_named([name])
    return form.write(card)


def rows(name, card):
    out = text(name, card)
    assert out.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(out[1:], newline="")))


# All of them.


@pytest.mark.parametrize("form", WRITTEN, ids=lambda f: f.name)
def test_every_format_can_be_made_of_every_card(form):
    silent = drawn([(REP, 1, 3), (CUSTOMER, 4, 9)], 12)
    alone = drawn([(REP, 1, 3, "So.")], 12, sides=(REP,))
    german = drawn([(REP, 1, 9, "Wie geht das?")], 20, language="de")
    dots = drawn([(REP, 1, 9, "· · ·", "question.open"), (CUSTOMER, 10, 19, "· ·", "need")], 20)
    for report in (demo("d01"), demo("d02"), silent, alone, german, dots):
        out = form.write(make_card(report))
        assert isinstance(out, str)
        assert "· ·" not in out or form.name == "json"


@pytest.mark.parametrize("form", WRITTEN, ids=lambda f: f.name)
def test_no_control_character_reaches_a_file(form):
    out = form.write(hostile())
    allowed = {"\n", "\r"} if form.ending.endswith(".csv") else {"\n"}
    wild = {c for c in out if (ord(c) < 32 or ord(c) == 127) and c not in allowed}
    assert not wild
    if form.name not in {"json", "corrections"}:  # data: programs get what was heard
        assert "\u202e" not in out


def test_formats_are_known_by_name_and_by_ending():
    assert [f.name for f in formats_named(["PDF", " html", "pdf", ""])] == ["pdf", "html"]
    with pytest.raises(Trouble, match="'docx' is no format") as told:
        formats_named(["html", "docx"])
    assert all(name in told.value.mend for name in NAMES)
    assert format_of_file("x.HTML").name == "html"
    assert format_of_file("x.csv").name == "csv"
    assert format_of_file("x.sentences.csv").name == "sentences"
    assert format_of_file("x.corrections.json").name == "corrections"
    assert format_of_file("x.txt") is None
    assert len({f.ending for f in FORMATS}) == len(FORMATS)


# The page.


class Outline(HTMLParser):
    """Read a page as its structure: landmarks, headings, tables, lists; no words of a call."""

    SHOWN = frozenset(
        {"header", "main", "footer", "section", "h1", "h2", "h3", "table", "details", "summary", "figure"}
    )
    VOID = frozenset({"meta", "input"})

    def __init__(self):
        super().__init__()
        self.lines, self.tags, self.open, self.attributes, self.words = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *a) for a in attrs]
        if tag in self.SHOWN or ("role", "img") in attrs:
            depth = sum(t in self.SHOWN for t in self.open)
            label = dict(attrs).get("aria-label", "")
            self.lines.append("  " * depth + f"{tag} {label}".rstrip())
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another"

    def handle_data(self, data):
        if self.open and self.open[-1] in {"h1", "h2", "h3", "caption", "summary"} and data.strip():
            self.lines[-1] += f" | {data.strip()}"
        self.words.append(data)


def outlined(html):
    outline = Outline()
    outline.feed(html)
    assert not outline.open
    return outline


@pytest.mark.parametrize("name", ["d01", "d02"])
def test_the_structure_of_the_page_of_a_bundled_call_is_as_it_was_looked_at(name):
    past = [{"talk_share": 0.5, "questions": 4.0, "layers": 1.0} for _ in range(4)]
    lines = outlined(page(make_card(demo(name), past=past))).lines
    golden = GOLDEN / f"{name}.outline"
    assert "\n".join(lines) + "\n" == golden.read_text(encoding="utf-8")


def test_headings_come_in_order_and_every_cell_of_a_head_says_what_it_heads():
    outline = outlined(page(hostile()))
    levels = [int(t[1]) for t in outline.tags if re.fullmatch(r"h\d", t)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    heads = [a for a in outline.attributes if a[0] == "th"]
    assert {a[2] for a in heads if a[1] == "scope"} == {"col", "row"}
    assert outline.tags.count("th") == sum(a[1] == "scope" for a in heads)
    assert outline.tags.count("caption") == outline.tags.count("table")


def test_in_the_page_bait_is_words():
    outline = outlined(page(hostile()))
    assert not set(outline.tags) & {"script", "img", "iframe", "object", "link", "a", "form", "base", "video"}
    assert outline.tags.count("style") == outline.tags.count("head") == 1
    for tag, name, value in outline.attributes:
        assert name not in {"src", "href", "action", "formaction", "background"}, (tag, name)
        assert name != "style" or re.fullmatch(r"top:\d+px", value)
        assert not name.startswith("on")
        assert "script" not in (value or "")
    assert "document.title" in "".join(outline.words)


def test_ids_are_single_and_every_reference_finds_one():
    outline = outlined(page(hostile()))
    ids = [value for _, name, value in outline.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    wanted = {v for _, name, v in outline.attributes if name in {"aria-labelledby", "aria-describedby"}}
    assert wanted <= set(ids)


def test_beside_a_figure_stands_what_is_usual():
    past = [{"talk_share": 0.3} for _ in range(3)]
    html = page(make_card(demo("d02"), past=past))
    assert f"<small>{ABOVE}</small>" in html
    assert "30%<small>3 calls</small>" in html
    assert "Your usual" not in page(make_card(demo("d02"), past=past[:2]))


def test_what_was_put_right_is_said():
    assert "1 sentence was put right by hand" in page(hostile())
    assert "put right" not in page(make_card(demo("d01")))


def test_where_no_words_were_kept_there_is_no_transcript():
    dots = drawn([(REP, 1, 9, "· · ·", "question.open"), (CUSTOMER, 10, 19, "· ·", "need")], 20)
    assert "What was said" not in page(make_card(dots))


# JSON.


def test_json_is_the_review_document_with_what_the_card_knows_besides():
    card = hostile()
    doc = json.loads(text("json", card))
    assert doc["format"] == 1
    assert doc["began"] == "2026-11-20T10:00:00"
    assert doc["tags"] == [BAIT]
    assert doc["notes"] == [{"at_s": 12.0, "text": BAIT}]
    assert doc["put_right"] == 1
    assert doc["layers"][0]["at_s"] == 1.0
    assert doc["essentials"][0]["name"] == "Curiosity"
    assert "usual" not in doc
    assert set(card_document(make_card(demo("d01")))) == set(doc) - {
        "began",
        "tags",
        "notes",
        "put_right",
        "facts",
    }


def test_json_tells_the_usual():
    past = [{"talk_share": v} for v in (0.3, 0.4, 0.5)]
    usual = json.loads(text("json", make_card(demo("d02"), past=past)))["usual"]
    assert usual == {
        "talk_share": {"median": 0.4, "calls": 3, "quartiles": [0.35, 0.45], "stands": ABOVE},
    }


def test_corrections_stand_side_by_side():
    doc = json.loads(text("corrections", hostile()))
    assert (doc["format"], doc["what"]) == (1, "coach corrections")
    (pair,) = doc["sentences"]
    assert (pair["machine"]["who"], pair["hand"]["who"]) == ("customer", "rep")
    assert pair["machine"]["text"].startswith("machine")
    assert pair["hand"]["cues"] == ["question.open"]
    assert doc["sentences_heard"] == 8


# Tables.


def test_the_figures_have_a_row_each():
    table = {r["name"]: r for r in rows("csv", make_card(demo("d02"), past=[{"talk_share": 0.3}] * 3))}
    assert tuple(next(iter(table.values()))) == FIGURES
    assert float(table["talk_share"]["value"]) > 0.7
    assert table["talk_share"]["good_to"] == "0.5"
    assert (table["talk_share"]["usual_median"], table["talk_share"]["usual_calls"]) == ("0.3", "3")
    assert (table["bleed"]["value"], table["bleed"]["how"]) == ("", "not available")


def test_a_negative_number_stays_a_number():
    lines = [(CUSTOMER, 1, 10), (REP, 9.8, 20), (CUSTOMER, 21, 30), (REP, 29.8, 40)]
    table = {r["name"]: r for r in rows("csv", make_card(drawn(lines, 50)))}
    assert float(table["patience"]["value"]) < 0


def test_the_sentences_have_a_row_each_and_none_is_a_formula():
    table = rows("sentences", hostile())
    assert tuple(table[0]) == SENTENCES
    assert len(table) == 8
    assert [r["put_right"] for r in table] == ["yes"] + [""] * 7
    assert table[0]["cues"] == "question.open"
    (formula,) = [r for r in table if "cmd" in r["text"]]
    assert formula["text"] == f"'{FORMULA}"
    for row in table:
        for cell in row.values():
            assert not cell.startswith(tuple("=+-@\t\r"))


@pytest.mark.parametrize(
    "cell",
    ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"],
)
def test_what_begins_like_a_formula_gets_an_apostrophe(cell):
    assert safe(cell).startswith("'")


@pytest.mark.parametrize("cell", ["", "a=1", "So.", "'x", "5 - 3"])
def test_what_does_not_is_left_alone(cell):
    assert safe(cell) == cell


# Markdown.


def test_markdown_has_its_parts():
    out = text("md", make_card(demo("d02"), past=[{"talk_share": 0.3}] * 3))
    assert out.startswith("# ")
    for part in ("What stands out", "The Essentials", "Nudges", "What was said"):
        assert f"\n## {part}\n" in out
    assert "30% of 3 calls, this is above usual" in out
    assert "\n\n\n" not in out


def test_in_markdown_bait_is_words():
    out = text("md", hostile())
    for line in out.splitlines():
        bare = re.sub(r"\\.", "", line)
        assert "`" not in bare
        assert not re.search(r"<|\]\(|!\[|(?<!\w):/|\bwww\.|\w@\w", bare), line
        if line.startswith("|"):
            assert bare.count("|") in {4, 5, 6}
    assert not re.search(r"^(-->|=cmd|1\.)", out, re.MULTILINE)


def test_plain_words_stay_readable():
    assert escaped("It's 5.5 (or so), isn't it? Yes - 40%!") == "It's 5.5 (or so), isn't it? Yes - 40%!"


# Subtitles.


def test_vtt_has_a_voice_and_a_time_for_each_sentence():
    out = text("vtt", make_card(demo("d01")))
    blocks = out.strip().split("\n\n")
    assert blocks[0] == "WEBVTT"
    assert blocks[1] == "00:00:00.800 --> 00:00:02.806\n<v You>Hi Karen, can you hear me okay?"
    assert blocks[2].endswith("<v Customer>Yep, loud and clear.")
    assert len(blocks) == 48


@pytest.mark.parametrize(("name", "point"), [("vtt", "."), ("srt", ",")])
def test_in_subtitles_bait_is_words(name, point):
    out = text(name, hostile())
    arrows = [line for line in out.splitlines() if "-->" in line]
    moment = r"\d\d:\d\d:\d\d" + re.escape(point) + r"\d{3}"
    assert len(arrows) == 8
    assert all(re.fullmatch(f"{moment} --> {moment}", line) for line in arrows)
    said = [line for line in out.splitlines() if "document.title" in line]
    assert len(said) == 7
    for line in said:
        words = re.sub(r"^<v (You|Customer)>", "", line)
        assert "<" not in words
        assert ">" not in words
        assert "{" not in words or name == "vtt"


def test_vtt_escapes_what_was_said():
    out = text("vtt", hostile())
    assert "&lt;script&gt;" in out
    assert "--&gt; &amp;amp; |" in out


def test_srt_is_numbered_and_says_who_speaks():
    out = text("srt", make_card(demo("d01")))
    assert out.startswith("1\n00:00:00,800 --> 00:00:02,806\nYou: Hi Karen, can you hear me okay?\n\n2\n")


def test_hours_are_written_and_an_end_is_behind_its_beginning():
    report = drawn([(REP, 3725.25, 3725.25, "So.")], 3800)
    assert "01:02:05.250 --> 01:02:05.251" in text("vtt", make_card(report))


def test_subtitles_without_words_say_so():
    dots = make_card(drawn([(REP, 1, 9, "· · ·")], 20))
    assert text("vtt", dots) == "WEBVTT\n\nNOTE No words were kept of this call.\n"
    assert text("srt", dots) == ""

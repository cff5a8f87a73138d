"""The line as SVG: shape and colour for each kind, words for those who do not see it, no address anywhere."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from report.cards import BAIT, demo, hostile

from coach.report import timeline as t
from coach.report.card import make_card
from coach.report.colours import DARK, LIGHT
from coach.report.drawing import drawing, icon
from coach.report.shapes import OUTLINES, SIDE
from coach.report.style import style
from coach.ui.theme import MIN_SHAPE_CONTRAST, MIN_TEXT_CONTRAST, contrast


def drawn(card):
    return ET.fromstring("".join(drawing(card.line, card.summary)))  # noqa: S314 - our own drawing


def test_it_is_well_formed_whatever_was_said():
    figure = drawn(hostile())
    tags = {e.tag for e in figure.iter()}
    assert tags <= {
        "figure",
        "div",
        "span",
        "svg",
        "title",
        "desc",
        "line",
        "text",
        "rect",
        "g",
        "path",
        "figcaption",
        "ul",
        "li",
    }
    assert not {name for e in figure.iter() for name in e.attrib} & {"href", "src", "onclick", "onload"}
    titles = [e.text for e in figure.iter("title")]
    assert any("<script>" in said for said in titles), "what was said stays text"


def test_it_says_in_words_what_it_shows():
    card = make_card(demo("d02"))
    (svg,) = [e for e in drawn(card).iter("svg") if e.get("role") == "img"]
    title, desc = svg.find("title"), svg.find("desc")
    assert svg.get("aria-labelledby") == title.get("id")
    assert svg.get("aria-describedby") == desc.get("id")
    assert title.text == "Who spoke when, 0:00 to 2:52"
    assert "your share of the talk" in desc.text
    assert "nudge" in desc.text


def test_the_legend_names_every_kind_that_is_drawn():
    card = make_card(demo("d02"))
    names = " ".join(drawn(card).find("figcaption").itertext())
    for kind in {m.kind for m in card.line.marks}:
        assert t.KINDS[kind] in names
    assert t.KINDS[t.NOTE] not in names


def test_a_follow_up_is_tied_to_the_question_it_builds_on():
    chains = [e for e in drawn(make_card(demo("d01"))).iter("line") if e.get("class") == "chain"]
    assert chains
    for chain in chains:
        assert float(chain.get("x1")[:-1]) < float(chain.get("x2")[:-1])


def test_a_call_without_time_has_no_line():
    card = make_card(demo("d01"))
    assert list(drawing(type(card.line)(0, card.line.sides, (), {}, (), ()), "")) == []


def test_every_kind_has_a_shape_that_fits_and_no_two_look_alike():
    paths = set()
    for kind in t.KINDS:
        outline = OUTLINES[t.SHAPES[kind]]
        paths.add(outline.path)
        for what, numbers in outline.steps:
            assert len(numbers) == {"M": 2, "L": 2, "C": 6, "Z": 0}[what]
            if what != "C":
                assert all(0 <= n <= SIDE for n in numbers)
        assert f'd="{outline.path}"' in icon(kind)
    assert len(paths) == len(t.KINDS)
    assert BAIT not in "".join(paths)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_every_colour_can_be_seen(colours):
    for ground in ("paper", "tint"):
        for text in ("ink", "soft", "accent"):
            assert contrast(colours[text], colours[ground]) >= MIN_TEXT_CONTRAST, (text, ground)
        for shape in t.KINDS:
            assert contrast(colours[shape], colours[ground]) >= MIN_SHAPE_CONTRAST, (shape, ground)
    for lane in ("rep", "customer"):
        assert contrast(colours[lane], colours["paper"]) >= MIN_SHAPE_CONTRAST, lane


def test_light_and_dark_have_the_same_colours_and_the_style_uses_no_other():
    assert set(LIGHT) == set(DARK)
    sheet = style()
    for name in LIGHT:
        assert sheet.count(f"--{name}:") == 2
    used = {part.split(")")[0] for part in sheet.split("var(--")[1:]}
    assert used <= set(LIGHT)
    assert "url(" not in sheet
    assert "@import" not in sheet

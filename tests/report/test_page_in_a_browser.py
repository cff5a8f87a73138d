"""The page in a real browser: no script, no network, names for a screen reader, every width, print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from report.cards import demo, hostile
from rigs.browser import Browser, browser_program

from coach.report.card import make_card
from coach.report.page import page

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(browser_program() is None, reason="no Chromium here: apt-get install chromium"),
]
ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"
WIDTHS = (360, 600, 1000, 1400)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("browser")) as here:
        yield here


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    past = [{"talk_share": 0.5, "questions": 4.0, "longest_monologue": 60.0} for _ in range(4)]
    cards = {name: make_card(demo(name), past=past) for name in ("d01", "d02")} | {"hostile": hostile()}
    for name, card in cards.items():
        (folder / f"{name}.html").write_text(page(card), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in cards}


@pytest.mark.parametrize("name", ["d01", "d02", "hostile"])
def test_it_asks_for_nothing_and_the_console_is_silent(browser, pages, name):
    seen = browser.open(pages[name])
    browser.tree()
    assert seen.requests == [pages[name].as_uri()]
    assert seen.console == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["d02", "hostile"])
def test_nothing_sticks_out_at_any_width(browser, pages, name, width, scheme):
    browser.open(pages[name], width=width, scheme=scheme)
    assert browser.width() == width
    if name == "d02":
        ARTIFACTS.mkdir(exist_ok=True)
        browser.picture(ARTIFACTS / f"card-{width}-{scheme}.png")


def test_a_screen_reader_meets_landmarks_headings_tables_and_a_picture_with_names(browser, pages):
    browser.open(pages["d02"])
    tree = browser.tree()
    roles = [role for role, _ in tree]
    for landmark in ("banner", "main", "contentinfo"):
        assert roles.count(landmark) == 1, landmark
    named = {role: [n for r, n in tree if r == role] for role in ("region", "heading", "table", "image")}
    assert {"What stands out", "The call on one line", "The Essentials", "Nudges"} <= set(named["region"])
    for role, names in named.items():
        assert all(names), f"a {role} without a name"
    assert "Making room" in named["table"]
    assert named["image"] == ["Who spoke when, 0:00 to 2:52"]
    assert {"Talk share", "Questions asked"} <= {
        re.sub(r" ?good:.*", "", n) for r, n in tree if r == "rowheader"
    }
    assert {"Figure", "This call", "Your usual"} <= {n for r, n in tree if r == "columnheader"}


def test_bait_makes_no_element_and_no_title(browser, pages):
    browser.open(pages["hostile"])
    for selector in (
        "body script",
        "body img",
        "body style",
        "body title:not(svg title)",
        "a",
        "iframe",
        "b b",
    ):
        assert browser.count(selector) == 0, selector
    title = next(name for role, name in browser.tree() if role == "RootWebArea")
    assert title.startswith('a <script>document.title="owned"')


def test_cues_are_there_when_asked_for_without_a_script(browser, pages):
    browser.open(pages["d01"])
    assert browser.shown(".cues") == 0
    browser.click("section.said summary")
    assert browser.shown(".turn") > 10
    assert browser.shown(".cues") == 0
    assert ("checkbox", "Show what each sentence was taken for") in browser.tree()
    browser.click("section.said input")
    assert browser.shown(".cues") > 10


def test_it_prints_on_a_few_sheets(browser, pages):
    browser.open(pages["d02"], scheme="dark")
    paper = browser.paper()
    assert paper.startswith(b"%PDF-")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 4
    ARTIFACTS.mkdir(exist_ok=True)
    (ARTIFACTS / "card-printed.pdf").write_bytes(paper)

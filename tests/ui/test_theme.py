"""Every text can be read on every surface, and every icon seen; computed, not judged by eye."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from coach.report.colours import DARK as DARK_PAPER
from coach.report.colours import LIGHT as LIGHT_PAPER
from coach.settings import RULES
from coach.shipped import shipped
from coach.ui.sheet import raised, selected
from coach.ui.theme import (
    DARK,
    ICONS,
    LIGHT,
    LOOKS,
    METRICS,
    MIN_SHAPE_CONTRAST,
    MIN_TEXT_CONTRAST,
    PANELS,
    TRAY,
    Palette,
    blend,
    contrast,
    icon_name,
)

BEHIND = ("#FFFFFF", "#000000", "#3A2D28")
looks = pytest.mark.parametrize("look", [DARK, LIGHT], ids=["dark", "light"])


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#0072B2", "#14181F") == pytest.approx(3.4, abs=0.05)


@looks
@pytest.mark.parametrize("behind", BEHIND)
def test_text_can_be_read_over_any_slide(look: Palette, behind: str) -> None:
    surface = blend(look.card, behind, look.alpha)
    for text in (look.title, look.reason, look.quiet):
        assert contrast(text, surface) >= MIN_TEXT_CONTRAST
    for text in (look.title, look.reason):
        assert contrast(text, look.pressed) >= MIN_TEXT_CONTRAST


@looks
def test_accents_can_be_read_on_the_card_and_seen_on_their_tile(look: Palette) -> None:
    for rule in (*RULES, ""):
        assert contrast(look.accent(rule), look.card) >= MIN_TEXT_CONTRAST
        assert contrast(look.accent(rule), look.tile(rule)) >= MIN_SHAPE_CONTRAST


@pytest.mark.parametrize("panel", PANELS)
def test_tray_icons_are_seen_on_a_light_and_a_dark_panel(panel: str) -> None:
    for colour in TRAY.values():
        assert contrast(colour, panel) >= MIN_SHAPE_CONTRAST


@looks
def test_the_card_hides_what_lies_behind(look: Palette) -> None:
    assert look.alpha >= 0.9


def test_every_rule_has_an_icon_and_a_colour() -> None:
    assert set(RULES) == ICONS == set(DARK.accents) == set(LIGHT.accents)
    assert icon_name("a rule of tomorrow") == "generic"
    for name in {icon_name(rule) for rule in (*RULES, "")} | {
        f"tray_{kind}{grid}" for kind in TRAY for grid in ("", "_22")
    }:
        drawing = shipped("assets", "icons", f"{name}.svg").read_text(encoding="utf-8")
        assert "currentColor" in drawing
        assert 'xmlns="http://www.w3.org/2000/svg"' in drawing


def test_the_scale_never_makes_a_target_too_small() -> None:
    assert METRICS.target >= 24
    assert METRICS.px(METRICS.target, 2.5) == 60
    assert METRICS.px(0.1, 1.0) == 1


def test_the_type_scale_falls_from_title_to_why() -> None:
    sizes = (METRICS.title_px, METRICS.told_px, METRICS.reason_px, METRICS.why_px)
    assert all(a > b for a, b in pairwise(sizes))


def test_both_looks_are_those_of_the_settings() -> None:
    assert set(LOOKS) == {"dark", "light"}


def grounds(look: Palette) -> dict[str, str]:
    """Every ground that text stands on in a window or on the card, by name."""
    return {
        "card": look.card,
        "tile, field, button": raised(look),
        "under the pointer": look.pressed,
        "chosen, pressed": selected(look),
    }


@looks
def test_every_text_can_be_read_on_every_ground_it_stands_on(look: Palette) -> None:
    for name, ground in grounds(look).items():
        for text in (look.title, look.reason):
            assert contrast(text, ground) >= MIN_TEXT_CONTRAST, name
    for name in ("card", "tile, field, button", "under the pointer"):
        assert contrast(look.quiet, grounds(look)[name]) >= MIN_TEXT_CONTRAST, name
    accent = look.accent("ask_question")
    for main in (accent, blend(accent, look.title, 0.85)):  # the button that is meant, and under the pointer
        assert contrast(look.card, main) >= MIN_TEXT_CONTRAST


@looks
def test_every_shape_is_seen_on_its_ground(look: Palette) -> None:
    accent = look.accent("ask_question")
    for ground in grounds(look).values():
        assert contrast(accent, ground) >= MIN_SHAPE_CONTRAST  # the frame of what has the focus
    for ground in (look.card, raised(look)):
        assert contrast(look.quiet, ground) >= MIN_SHAPE_CONTRAST  # the frame of a field
    for behind in BEHIND:
        disc = blend(look.card, behind, look.alpha)
        for shape in (look.rep, look.customer, look.title):
            assert contrast(shape, disc) >= MIN_SHAPE_CONTRAST
    assert contrast(look.rep, look.border) >= MIN_SHAPE_CONTRAST  # the ring's arc on its track


@pytest.mark.parametrize("one", [LIGHT_PAPER, DARK_PAPER], ids=["light", "dark"])
def test_the_report_can_be_read_on_its_paper(one: dict[str, str]) -> None:
    for ground in (one["paper"], one["tint"]):
        for text in ("ink", "soft", "accent"):
            assert contrast(one[text], ground) >= MIN_TEXT_CONTRAST, text
        for name in set(one) - {"paper", "tint", "line", "ink", "soft", "accent"}:
            assert contrast(one[name], ground) >= MIN_SHAPE_CONTRAST, name


def test_the_page_of_the_design_tells_the_truth() -> None:
    page = (Path(__file__).parents[2] / "docs" / "design.md").read_text(encoding="utf-8")
    row = re.compile(
        r"^\| `(\w+)` \|(?: [^|]* \|)? `(#\w{6})` \| ([\d.]*) ?\| `(#\w{6})` \| ([\d.]*) ?\|", re.MULTILINE
    )
    told = {name: values for name, *values in row.findall(page)}
    assert set(RULES) < set(told)
    for name, (dark, on_dark, light, on_light) in told.items():
        for look, colour, ratio in ((DARK, dark, on_dark), (LIGHT, light, on_light)):
            assert colour == (look.accent(name) if name in RULES else getattr(look, name)), name
            if ratio:
                assert float(ratio) == round(contrast(colour, look.card), 1), name

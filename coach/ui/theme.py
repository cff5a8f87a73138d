"""The look as data: colours, type scale, spacing, and the accent and icon of each rule.

Owns every number of the look. Refuses to know Qt: colours are ``#rrggbb`` text, lengths are logical pixels at
scale 1, so that contrast is computed and tested without a screen. The accents are those of Okabe and Ito,
which people with colour-blindness tell apart; on the light card they are darkened until they can be read. Rules
about one matter share a colour: an unasked need, selling too hard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MIN_TEXT_CONTRAST: Final = 4.5
"""Ratio between text and its surface; WCAG 2.2, 1.4.3."""

MIN_SHAPE_CONTRAST: Final = 3.0
"""Ratio between an icon and its surface; WCAG 2.2, 1.4.11."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one look; ``alpha``: the card's opacity, 0.9 at least or a white slide bleeds in.

    ``marks`` are the colours of the marks on a time line, by kind; ``rep`` and ``customer`` those of the two lanes.
    """

    card: str
    border: str
    title: str
    reason: str
    quiet: str
    pressed: str
    alpha: float
    tint: float
    accents: dict[str, str]
    marks: dict[str, str]
    rep: str
    customer: str

    def accent(self, rule: str) -> str:
        """Return the colour of a rule; the calm one for a rule without its own."""
        return self.accents.get(rule, self.reason)

    def tile(self, rule: str) -> str:
        """Return the colour of the square behind a rule's icon."""
        return blend(self.accent(rule), self.card, self.tint)


DARK: Final = Palette(
    card="#14181F",
    border="#3A414D",
    title="#F4F6F8",
    reason="#B4BCC8",
    quiet="#8F99A8",
    pressed="#2A313C",
    alpha=0.98,
    tint=0.15,
    accents={
        "monologue": "#E69F00",
        "talk_share": "#F0E442",
        "ask_question": "#56B4E9",
        "premature_pitch": "#DB93BB",
        "pounce": "#2BB68C",
        "order_taking": "#2BB68C",
        "interruption": "#F08A4B",
        "pressure": "#DB93BB",
        "next_step": "#8FB0F5",
    },
    marks={
        "nudge": "#E69F00",
        "moment": "#C9A14A",
        "question_open": "#56B4E9",
        "question_closed": "#56B4E9",
        "pitch": "#DB93BB",
        "reflection": "#2BB68C",
        "interruption": "#F08A4B",
        "need": "#F0E442",
        "objection": "#F0A58F",
        "next_step": "#8FB0F5",
        "note": "#F4F6F8",
    },
    rep="#56B4E9",
    customer="#A9B3C1",
)
LIGHT: Final = Palette(
    card="#FCFCFB",
    border="#CBD0D7",
    title="#14181F",
    reason="#475160",
    quiet="#626C7B",
    pressed="#E6E9ED",
    alpha=0.98,
    tint=0.11,
    accents={
        "monologue": "#8F5700",
        "talk_share": "#6E6200",
        "ask_question": "#0067A3",
        "premature_pitch": "#9C3F74",
        "pounce": "#006B4E",
        "order_taking": "#006B4E",
        "interruption": "#A84300",
        "pressure": "#9C3F74",
        "next_step": "#3559A8",
    },
    marks={
        "nudge": "#8F5700",
        "moment": "#7A5B12",
        "question_open": "#0067A3",
        "question_closed": "#0067A3",
        "pitch": "#9C3F74",
        "reflection": "#006B4E",
        "interruption": "#A84300",
        "need": "#6E6200",
        "objection": "#A23B2A",
        "next_step": "#3559A8",
        "note": "#14181F",
    },
    rep="#0067A3",
    customer="#5D6878",
)
LOOKS: Final = {"dark": DARK, "light": LIGHT}

TRAY: Final = {"idle": "#808890", "listening": "#009E73", "paused": "#3F7FC4", "problem": "#D55E00"}
"""Tray colours, readable on a light and on a dark panel alike: no program can ask which one it sits on."""
PANELS: Final = ("#FFFFFF", "#14181F")

ICONS: Final = frozenset(DARK.accents)
"""Rules with an icon of their own."""


def icon_name(rule: str) -> str:
    """Return the name of a rule's icon; a sentence about the listening itself has no rule."""
    if not rule:
        return "tell"
    return rule if rule in ICONS else "generic"


@dataclass(frozen=True, slots=True)
class Metrics:
    """Lengths of the card in logical pixels at scale 1."""

    usual_width: int = 320
    least_width: int = 240
    most_width: int = 420
    least_height: int = 64
    margin: int = 24
    pad: int = 12
    tile: int = 40
    tile_radius: float = 9.0
    icon: int = 22
    radius: float = 12.0
    target: int = 24
    edge: int = 8
    title_px: int = 17
    told_px: int = 14
    reason_px: int = 13
    action_px: int = 12
    why_px: int = 12
    why_gap: int = 5
    ring: int = 44
    ring_line: float = 4.5
    ring_air: float = 4.5
    ring_bubble: float = 13.0

    def px(self, length: float, scale: float) -> int:
        """Return a length at this scale, in whole logical pixels."""
        return max(1, round(length * scale))


METRICS: Final = Metrics()
FADE_MS: Final = 300
"""One way of fading, in and out; opacity only (``manners.md``, clause 4)."""


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21. Source: WCAG 2.2, relative luminance."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def blend(over: str, under: str, alpha: float) -> str:
    """Return the colour seen where ``over`` lies on ``under`` with this opacity."""
    mixed = (round(o * alpha + u * (1 - alpha)) for o, u in zip(_rgb(over), _rgb(under), strict=True))
    return "#" + "".join(f"{c:02X}" for c in mixed)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        c = channel / 255
        return c / 12.92 if c <= 0.04045 else float(((c + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - sRGB's curve

    r, g, b = (linear(c) for c in _rgb(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b

"""The look as data: colours, type scale, spacing, and the accent and icon of each rule.

Owns the names of all that; their values are in ``assets/theme``, their reasons in ``docs/design.md``. Refuses to know
Qt: colours are ``#rrggbb`` text, lengths are logical pixels at scale 1, so that contrast is computed and tested without
a screen. The accents are those of Okabe and Ito,
which people with colour-blindness tell apart; on the light card they are darkened until they can be read. Rules
about one matter share a colour: an unasked need, selling too hard.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any, Final

from coach.shipped import shipped

MIN_TEXT_CONTRAST: Final = 4.5
"""Ratio between text and its surface; WCAG 2.2, 1.4.3."""

MIN_SHAPE_CONTRAST: Final = 3.0
"""Ratio between an icon and its surface; WCAG 2.2, 1.4.11."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one look.

    ``alpha`` is the card's opacity, 0.9 at least or a white slide bleeds in; below 1 its letters are seen, faintly.
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


def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads(shipped("assets", "theme", f"{name}.toml").read_text(encoding="utf-8"))


DARK: Final = Palette(**_shipped("dark"))
LIGHT: Final = Palette(**_shipped("light"))
LOOKS: Final = {"dark": DARK, "light": LIGHT}
_SCALE: Final = _shipped("scale")

PANELS: Final = tuple(_SCALE["tray"].pop("panels"))
TRAY: Final[dict[str, str]] = _SCALE["tray"]
"""Tray colours, readable on a light and on a dark panel alike: no program can ask which one it sits on."""

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

    usual_width: int
    least_width: int
    most_width: int
    least_height: int
    margin: int
    pad: int
    tile: int
    tile_radius: float
    icon: int
    radius: float
    target: int
    edge: int
    title_px: int
    told_px: int
    reason_px: int
    action_px: int
    why_px: int
    why_gap: int
    ring: int
    ring_line: float
    ring_air: float
    ring_bubble: float

    def px(self, length: float, scale: float) -> int:
        """Return a length at this scale, in whole logical pixels."""
        return max(1, round(length * scale))


METRICS: Final = Metrics(**_SCALE["metrics"])
FADE_MS: Final = int(_SCALE["motion"]["fade_ms"])
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

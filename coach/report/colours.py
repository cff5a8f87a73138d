"""The colours of a written report, for light and for dark paper, as ``#rrggbb``.

Owns every colour of the page and the paper. Refuses to judge: a colour says what a mark is, never how good it was. The
marks' colours are those of Okabe and Ito, darkened or lightened until they can be seen on their paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.report import timeline as t

if TYPE_CHECKING:
    from collections.abc import Mapping

LIGHT: Final[Mapping[str, str]] = {
    "paper": "#FFFFFF",
    "tint": "#F5F6F4",
    "line": "#DCE0DC",
    "ink": "#17201D",
    "soft": "#56615D",
    "accent": "#0B6E4F",
    "rep": "#1F7A63",
    "customer": "#838C9C",
    t.NUDGE: "#B35900",
    t.MOMENT: "#8F5700",
    t.QUESTION_OPEN: "#0067A3",
    t.QUESTION_CLOSED: "#0067A3",
    t.PITCH: "#9C3F74",
    t.REFLECTION: "#006B4E",
    t.INTERRUPTION: "#A84300",
    t.NEED: "#B0306A",
    t.OBJECTION: "#6E6200",
    t.NEXT_STEP: "#3559A8",
    t.NOTE: "#56615D",
}
DARK: Final[Mapping[str, str]] = {
    "paper": "#131816",
    "tint": "#1B2220",
    "line": "#333D39",
    "ink": "#EDF2EF",
    "soft": "#A6B3AD",
    "accent": "#56C596",
    "rep": "#3DA88A",
    "customer": "#7D8798",
    t.NUDGE: "#F0A04B",
    t.MOMENT: "#E6B84F",
    t.QUESTION_OPEN: "#63B8EC",
    t.QUESTION_CLOSED: "#63B8EC",
    t.PITCH: "#DB93BB",
    t.REFLECTION: "#4CC79D",
    t.INTERRUPTION: "#F08A4B",
    t.NEED: "#F07FA8",
    t.OBJECTION: "#E0D454",
    t.NEXT_STEP: "#8FB0F5",
    t.NOTE: "#A6B3AD",
}

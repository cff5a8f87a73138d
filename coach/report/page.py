"""The report card as one self-contained page: no script, no network, light and dark, prints well.

Owns the frame: the head, the policy, the order of the sections, the end. The content policy forbids scripts and
every fetch, so a page that is passed on can do nothing but be read.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from coach.language import phrase, written_in
from coach.report import sections
from coach.report.drawing import drawing
from coach.report.style import style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coach.report.card import Card

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
)
"""What the page may do: hold its own style. Pictures could only be in the file itself."""


FOOT: Final = (
    "Written by Coach on your own machine, for you: what you show of it is yours to choose."
    " It looks at your side of the talk; the customer is never judged, and there is no score."
)


def page(card: Card) -> str:
    """Return the report card as HTML."""
    return "\n".join(_page(card)) + "\n"


def _page(card: Card) -> Iterator[str]:
    title = sections.text(card.report.title)
    way = ' dir="rtl"' if written_in().right_to_left else ""
    yield f'<!doctype html>\n<html lang="{written_in().code}"{way}><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY, quote=False)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer"><meta name="generator" content="Coach">'
    yield f"<title>{title}</title><style>{style()}</style></head><body>"
    yield f'<header><h1>{title}</h1><p class="sub">{sections.text(card.subtitle)}</p>'
    if card.tags:
        tags = "".join(f"<li>{sections.text(tag)}</li>" for tag in card.tags)
        yield f'<ul class="tags" aria-label="{sections.text(phrase("Tags"))}">{tags}</ul>'
    yield from (f'<p class="note">{sections.text(caution)}</p>' for caution in card.cautions)
    yield "</header><main>"
    yield from sections.found(card)
    yield from sections.section("The call on one line", drawing(card.line, card.summary))
    yield from sections.prepared(card)
    yield from sections.world(card)
    yield from sections.onion(card)
    yield from sections.sold(card)
    yield from sections.nudges(card)
    yield from sections.moments(card)
    yield from sections.notes(card)
    yield from sections.groups(card)
    yield from sections.rest(card)
    yield from sections.transcript(card)
    yield f"</main><footer><p>{sections.text(phrase(FOOT))}</p></footer>"
    yield "</body></html>"

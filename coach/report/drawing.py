"""The time line as SVG inside a page: two lanes, marks with shape and colour, right at every width without a script.

Owns the drawing. Places along a row are per cent of whatever width there is, and heights and shapes are pixels, so that
nothing is squeezed on a telephone. Everything that was said is text, never markup. Nothing here has an address.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from coach.call.events import Who
from coach.language import phrase
from coach.report import timeline as t
from coach.report.plain import clean, clock
from coach.report.shapes import OUTLINES, SIDE, STROKE
from coach.report.staves import Stave, kinds_in, staves

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coach.report.staves import Placed
    from coach.report.timeline import Mark, Timeline

TIER: Final = 15
"""Height of one tier of marks, in px."""
LANE: Final = 20
SMALL_LANE: Final = 8
"""Height of a turn, and of a back-channel, in px."""
GAP: Final = 5
AXIS: Final = 18
_MOST_LETTERS: Final = 90  # of the words shown beside the pointer
_CHAIN: Final = 0.15  # a longer line says less than it covers; the layers stand further down
_EDGE: Final = 0.04  # ticks nearer to an end than this are written inwards


def drawing(line: Timeline, summary: str) -> Iterator[str]:
    """Yield the time line with its legend.

    Args:
        line: the call.
        summary: the whole in a sentence or two, for those who do not see it.
    """
    if not line.duration_ms:
        return
    yield '<figure class="line">'
    for number, stave in enumerate(staves(line)):
        yield from _row(stave, line.sides, number, summary if not number else "")
    yield from _legend(line)
    yield "</figure>"


def shape(kind: str) -> str:
    """Return the shape of a kind of mark as a path in its colour; nothing to read aloud."""
    outline = OUTLINES[t.SHAPES[kind]]
    how = f"k-{kind}" + ("" if outline.filled else " o")
    return f'<path class="{how}" d="{outline.path}"/>'


def icon(kind: str) -> str:
    """Return the shape of a kind of mark as a small picture in a line of text."""
    side = f"{SIDE:g}"
    return (
        f'<svg class="i" width="{side}" height="{side}" viewBox="0 0 {side} {side}" aria-hidden="true">'
        f"{shape(kind)}</svg>"
    )


def mark_style() -> str:
    """Return the rules that give each kind its colour, a variable of the page's style."""
    kinds = "".join(f".k-{kind}{{fill:var(--{kind});stroke:var(--{kind})}}" for kind in t.KINDS)
    return f"{kinds}path{{stroke-width:0}}path.o{{fill:none;stroke-width:{STROKE}}}"


class _Heights:
    """What stands how high in one row, in px."""

    def __init__(self, stave: Stave, sides: Sequence[Who]) -> None:
        self.coach = 4
        self.said = self.coach + TIER * stave.tiers(stave.coach)
        self.rep = self.said + TIER * stave.tiers(stave.rep) + 3
        self.customer = self.rep + LANE + GAP
        below = self.customer + LANE if Who.CUSTOMER in sides else self.rep + LANE
        self.theirs = below + 4
        self.axis = self.theirs + TIER * stave.tiers(stave.customer) + 2
        self.whole = self.axis + AXIS

    def lane(self, who: Who) -> int:
        return self.rep if who is Who.REP else self.customer


def _row(stave: Stave, sides: Sequence[Who], number: int, summary: str) -> Iterator[str]:
    h = _Heights(stave, sides)
    names = f"line{number}"
    title = phrase(
        "Who spoke when, {start} to {end}", start=clock(stave.start_ms / 1000), end=clock(stave.end_ms / 1000)
    )
    yield '<div class="row"><div class="lanes" aria-hidden="true">'
    for who in sides:
        yield f'<span style="top:{h.lane(who)}px">{escape(stave.name(who))}</span>'
    described = f' aria-describedby="{names}d"' if summary else ""
    yield f'</div><svg height="{h.whole}" role="img" aria-labelledby="{names}t"{described}>'
    yield f'<title id="{names}t">{escape(title)}</title>'
    if summary:
        yield f'<desc id="{names}d">{escape(clean(summary))}</desc>'
    yield from _ticks(stave, h)
    for who in sides:
        yield from _blocks(stave, who, h.lane(who))
    yield from _pitches(stave.rep, h.rep)
    yield from _chains(stave.rep, h)
    yield from _marks(stave.coach, h.said - TIER, -TIER)
    yield from _marks(stave.rep, h.rep - 3 - TIER, -TIER)
    yield from _marks(stave.customer, h.theirs, TIER)
    yield "</svg></div>"


def _percent(part: float) -> str:
    return f"{100 * part:.2f}".rstrip("0").rstrip(".") + "%"


def _ticks(stave: Stave, h: _Heights) -> Iterator[str]:
    yield f'<line class="axis" x1="0" x2="100%" y1="{h.axis}" y2="{h.axis}"/>'
    for at, ms in stave.ticks:
        anchor = "start" if at < _EDGE else "end" if at > 1 - _EDGE else "middle"
        x = _percent(at)
        yield f'<line class="tick" x1="{x}" x2="{x}" y1="{h.rep}" y2="{h.axis + 3}"/>'
        yield f'<text x="{x}" y="{h.axis + 15}" text-anchor="{anchor}">{clock(ms / 1000)}</text>'


def _blocks(stave: Stave, who: Who, top: int) -> Iterator[str]:
    for start, end, small in stave.blocks.get(who, ()):
        height = SMALL_LANE if small else LANE
        y = top + (LANE - height) / 2
        yield (
            f'<rect class="{who.value}" x="{_percent(start)}" y="{y:g}" width="{_percent(max(0.0015, end - start))}"'
            f' height="{height}" rx="2"/>'
        )


def _pitches(placed: Sequence[Placed], top: int) -> Iterator[str]:
    for p in placed:
        if p.mark.kind == t.PITCH:
            wide = _percent(max(0.001, p.to - p.at))
            yield f'<rect class="k-{t.PITCH}" x="{_percent(p.at)}" y="{top - 3}" width="{wide}" height="3"/>'


def _chains(placed: Sequence[Placed], h: _Heights) -> Iterator[str]:
    """Yield the lines from a follow-up back to the question that it builds on, where that stands in this row."""
    asked = {p.mark.start_ms: p for p in placed if p.mark.kind in {t.QUESTION_OPEN, t.QUESTION_CLOSED}}
    middle = h.rep - 3 - TIER + SIDE / 2
    for p in asked.values():
        before = asked.get(p.mark.builds_on_ms) if p.mark.builds_on_ms is not None else None
        if before is not None and p.at - before.at <= _CHAIN:
            y1, y2 = middle - TIER * before.tier, middle - TIER * p.tier
            yield (
                f'<line class="chain" x1="{_percent(before.at)}" y1="{y1:g}" x2="{_percent(p.at)}" y2="{y2:g}"/>'
            )


def _marks(placed: Sequence[Placed], top: int, step: int) -> Iterator[str]:
    for p in placed:
        yield (
            f'<svg x="{_percent(p.at)}" y="{top + step * p.tier}" overflow="visible">'
            f'<g transform="translate({-SIDE / 2:g})"><title>{escape(_told(p.mark))}</title>'
            f"{shape(p.mark.kind)}</g></svg>"
        )


def _told(mark: Mark) -> str:
    words = clean(mark.text)
    if len(words) > _MOST_LETTERS:
        words = words[: _MOST_LETTERS - 1].rstrip() + "…"
    return f"{clock(mark.start_ms / 1000)} {t.KINDS[mark.kind]}" + (f": {words}" if words else "")


def _legend(line: Timeline) -> Iterator[str]:
    yield '<figcaption><ul class="legend">'
    for kind, n in kinds_in(line):
        yield f"<li>{icon(kind)} {escape(t.KINDS[kind])} <span>{n}</span></li>"
    yield "</ul></figcaption>"

"""The report card on paper: a PDF of A4 sheets, drawn without a screen.

Owns what stands on the sheets and where. Refuses to read anything: it gets a card, and everything in it is set as text.
What was said in full stays in the page and in the subtitles; paper has what stands out, the line, and the figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QGuiApplication

from coach.call.events import Who
from coach.call.figures import ESTIMATED, spoken_of
from coach.language import phrase
from coach.report import planned
from coach.report.colours import LIGHT
from coach.report.essentials import absent, besides, essentials
from coach.report.nudged import reason_of, source_of, text_of
from coach.report.once import asked_once, worth_showing
from coach.report.onion import layers
from coach.report.plain import KIND_NAMES, PARTS, SIDES, clock, fact_rows, no_nudge, quoted
from coach.report.staves import kinds_in, staves
from coach.report.timeline import MOMENT, NOTE, NUDGE, QUESTION_OPEN
from coach.ui.printing import INSIDE, Beside, Face, Row, Sheets, Space, Stack, Words
from coach.ui.stave import Legend, MarkAndWords, StaveOnPaper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coach.report.card import Card
    from coach.report.compare import Usual
    from coach.report.essentials import Group, Measure
    from coach.ui.printing import Piece

_INK, _SOFT, _ACCENT = LIGHT["ink"], LIGHT["soft"], LIGHT["accent"]
_TITLE: Final = Face(20, 600, _INK)
_HEAD: Final = Face(12.5, 600, _INK)
_STRONG: Final = Face(10, 600, _INK)
_TEXT: Final = Face(9.5, 400, _INK)
_ASIDE: Final = Face(9.5, 400, _SOFT)
_SMALL: Final = Face(7.8, 400, _SOFT)
_TINY: Final = Face(7.2, 400, _SOFT)
_TINY_INK: Final = Face(7.2, 600, _INK)
_KIND: Final = Face(8.5, 600, _ACCENT)
_NUMBER: Final = Face(9.5, 600, _INK)
_CARD_PAD: Final = 10.0
_TIME_PART: Final = 0.14


def paper(card: Card) -> bytes:
    """Return the report card as a PDF.

    Needs no screen: where no Qt application runs yet, one without windows is started for it.
    """
    _application()
    with Sheets(card.report.title, LIGHT) as sheets:
        sheets.put(Words([[(card.report.title, _TITLE)]]))
        sheets.put(Words([[(card.subtitle, _ASIDE)]]), before=3)
        if card.tags:
            sheets.put(Words([[("   ".join(card.tags), _SMALL)]]), before=4)
        for caution in card.cautions:
            sheets.put(Words([[(caution, _ASIDE)]], indent=8), before=6)
        _found(sheets, card)
        _prepared(sheets, card)
        _line(sheets, card)
        _world(sheets, card)
        _onion(sheets, card)
        _sold(sheets, card)
        _nudges(sheets, card)
        _moments(sheets, card)
        _notes(sheets, card)
        _groups(sheets, card)
        _counted(sheets, card)
        return sheets.done()


_kept: list[QGuiApplication] = []  # a Qt application that nobody holds is taken down again


def _application() -> None:
    if QGuiApplication.instance() is None:
        _kept.append(QGuiApplication(["coach", "-platform", "offscreen"]))


def _heading(sheets: Sheets, title: str, lead: str = "", room: float = 60.0) -> None:
    runs = [[(title, _HEAD)]]
    if lead:
        runs.append([(lead, _ASIDE)])
    sheets.put(Words(runs), before=20, with_next=room)
    sheets.y += 6


def _found(sheets: Sheets, card: Card) -> None:
    report = card.report
    boxes = []
    for f, question in zip(report.findings, asked_once(report).findings, strict=True):
        pieces: list[Piece] = [_title_row(KIND_NAMES[f.kind], _KIND, f.at_s), Words([[(f.told, _STRONG)]])]
        at = f.quote_at_s if f.quote_at_s != f.at_s else None
        pieces += [*_quote(f.quote, f.who, at), *_ask(question)]
        boxes.append(_box(pieces))
    if boxes:
        _heading(sheets, phrase("What stands out"))
        sheets.put(Beside(boxes))


def _line(sheets: Sheets, card: Card) -> None:
    if not card.line.duration_ms:
        return
    rows = [StaveOnPaper(stave, card.line.sides) for stave in staves(card.line)]
    _heading(sheets, phrase("The call on one line"), room=rows[0].height(INSIDE))
    for number, row in enumerate(rows):
        sheets.put(row, before=8 if number else 0)
    sheets.put(Legend(kinds_in(card.line)), before=8)


def _world(sheets: Sheets, card: Card) -> None:
    parts = card.report.world
    firsts = spoken_of(card.report.meters.sentences)
    if not parts:
        return
    rows: list[Piece] = []
    for part in parts:
        said = firsts.get(part)
        words = quoted(said.text) if said else ""
        told = (f"“{words}”", _TEXT) if words else (phrase("spoken of" if said else "not spoken of"), _ASIDE)
        at = clock(said.start_ms / 1000) if said else ""
        cells = [
            (0.3, _said(PARTS[part], _STRONG)),
            (0.6, Words([[told]])),
            (0.1, _said(at, _SMALL, right=True)),
        ]
        rows.append(Row(cells, LIGHT["line"]))
    table = Stack(rows)
    lead = phrase("They spoke of {n} of {all} parts.", n=sum(p in firsts for p in parts), all=len(parts))
    _heading(sheets, phrase("Their world"), lead, room=table.height(INSIDE))
    sheets.put(table)


def _onion(sheets: Sheets, card: Card) -> None:
    chain = layers(card.report)
    if chain:
        _heading(
            sheets,
            phrase("Layers of the onion"),
            phrase("Your longest chain of questions that each build on their last answer."),
        )
    for depth, s in enumerate(chain):
        words = quoted(s.text)
        runs = [[(clock(s.start_ms / 1000), _SMALL)], *([[(f"“{words}”", _TEXT)]] if words else [])]
        indent = min(depth, 9) * 14.0
        bar = Stack([Words(runs, indent=8.0)], bar=LIGHT[QUESTION_OPEN])
        sheets.put(Row([(indent / INSIDE, Space(0)), (1 - indent / INSIDE, bar)], pad=2.0))


def _prepared(sheets: Sheets, card: Card) -> None:
    made = card.report.prepared
    if made is None:
        return
    _heading(sheets, phrase(planned.TITLE), made.lead)
    for line in made.known:
        sheets.put(Words([[(line, _TEXT)]]), before=4)
    for q in made.questions:
        pieces = [Words([[(q.question, _STRONG)], [(q.told, _ASIDE)]]), *_quote(q.quote, Who.REP, None)]
        sheets.put(_box(pieces), before=6)


def _sold(sheets: Sheets, card: Card) -> None:
    rows = list(fact_rows(card.report.facts)) if card.report.facts is not None else []
    if rows:
        _heading(sheets, phrase("What you sell, in their ears"))
    for what, moments in rows:
        quotes = [q for m in moments for q in _quote(m.quote, m.who, m.at_s)]
        sheets.put(_box([Words([[(what, _STRONG)]]), *quotes]), before=6)


def _nudges(sheets: Sheets, card: Card) -> None:
    shown = card.report.nudges
    _heading(sheets, phrase("Nudges"), room=30)
    if not shown:
        sheets.put(Words([[(no_nudge(card.report), _TEXT)]]))
    for n, question in zip(shown, asked_once(card.report).nudges, strict=True):
        pieces: list[Piece] = [_marked(NUDGE, text_of(n), n.at_ms), Words([[(reason_of(n), _ASIDE)]])]
        sheets.put(_box([*pieces, *_ask(question), _why(n.rule, source_of(n))]), before=6)


def _moments(sheets: Sheets, card: Card) -> None:
    every, asked = card.report.moments, asked_once(card.report).moments
    shown = worth_showing(every)
    if shown:
        _heading(sheets, phrase("Noticed, not nudged"), phrase("Moments worth a second listen."))
    for i in shown:
        n = every[i]
        pieces: list[Piece] = [_marked(MOMENT, text_of(n), n.at_ms), Words([[(reason_of(n), _ASIDE)]])]
        pieces += [*_quote(card.report.words_at(n.at_ms), Who.REP, None), *_ask(asked[i])]
        sheets.put(_box([*pieces, _why(n.rule, source_of(n))]), before=6)
    if others := len(every) - len(shown):
        sheets.put(Words([[(phrase("And {n} more like these.", n=others), _ASIDE)]]), before=6)


def _notes(sheets: Sheets, card: Card) -> None:
    if card.notes:
        _heading(sheets, phrase("Your notes"))
    for n in card.notes:
        sheets.put(_marked(NOTE, n.text, n.start_ms, _TEXT), before=4)


def _groups(sheets: Sheets, card: Card) -> None:
    drawn = essentials(card.report)
    if not drawn:
        return
    lead = phrase("Figures in groups, each as it was counted. They do not add up to anything.")
    if card.usual:
        lead += " " + phrase("Your usual is the median of your own last calls of this type, ten at most.")
    boxes = [_group(g, g.measures[: g.first], card.usual) for g in drawn]
    _heading(sheets, phrase("The Essentials"), lead, room=sheets.height_in_columns(boxes))
    sheets.put_in_columns(boxes)
    missing = absent(card.report)
    if missing:
        told = phrase("Not available in this call: {figures}.", figures=", ".join(missing))
        sheets.put(Words([[(told, _SMALL)]]), before=8)


def _group(group: Group, measures: Sequence[Measure], usual: Mapping[str, Usual]) -> Stack:
    beside = any(m.name in usual for m in measures)
    parts = (0.5, 0.3, 0.2) if beside else (0.7, 0.3, 0.0)
    pieces: list[Piece] = [Words([[(group.name, _STRONG)], [(group.why, _SMALL)]]), Space(4)]
    head = [_said(phrase("Figure"), _SMALL), _said(phrase("This call"), _SMALL, right=True)]
    if beside:
        head.append(_said(phrase("Your usual"), _SMALL, right=True))
    pieces.append(Row([*zip(parts, head, strict=False)]))
    for m in measures:
        cells: list[tuple[float, Piece]] = [(parts[0], _label(m)), (parts[1], _value(m, usual.get(m.name)))]
        if beside:
            cells.append((parts[2], _usual(usual.get(m.name))))
        pieces.append(Row(cells, LIGHT["line"]))
    return _box(pieces)


def _label(m: Measure) -> Words:
    beneath = [line for line in (m.unit, phrase("good: {range}", range=m.good) if m.good else "") if line]
    return Words([[(m.label, _TEXT)], *([(line, _SMALL)] for line in beneath)])


def _value(m: Measure, usual: Usual | None) -> Words:
    beneath = [
        line
        for line in (
            phrase(m.how) if m.how == ESTIMATED else "",
            phrase(usual.stands) if usual else "",
        )
        if line
    ]
    return Words([[(m.number, _NUMBER)], *([(line, _SMALL)] for line in beneath)], right=True)


def _usual(usual: Usual | None) -> Words:
    if usual is None:
        return Words([[("", _SMALL)]])
    calls = phrase("{n} calls" if usual.stands else "of {n} calls", n=usual.calls)
    return Words([[(usual.number, _TEXT)], [(calls, _SMALL)]], right=True)


def _counted(sheets: Sheets, card: Card) -> None:
    """Set every figure with how it was counted, in small print."""
    every = (*essentials(card.report), besides(card.report))
    if not any(g.measures for g in every):
        return
    _heading(sheets, phrase("Every figure, and how it was counted"))
    for m in (m for g in every for m in g.measures):
        how = phrase(m.how).capitalize()
        told = phrase("{formula} {how}. Source: {source}.", formula=m.formula, how=how, source=m.source)
        words = Words([[(told, _TINY)]])
        cells = [(0.25, _said(m.label, _TINY_INK)), (0.17, _said(m.told, _TINY_INK)), (0.58, words)]
        sheets.put(Row(cells, LIGHT["line"], pad=1.4))


def _box(pieces: Sequence[Piece]) -> Stack:
    return Stack(pieces, fill=LIGHT["tint"], pad=_CARD_PAD)


def _said(text: str, face: Face, *, right: bool = False) -> Words:
    return Words([[(text, face)]], right=right)


def _title_row(title: str, face: Face, at_s: float) -> Row:
    cells = [
        (1 - _TIME_PART, _said(title, face)),
        (_TIME_PART, _said(clock(at_s), _SMALL, right=True)),
    ]
    return Row(cells, pad=0)


def _marked(kind: str, title: str, at_ms: int, face: Face = _STRONG) -> Row:
    words = MarkAndWords(kind, _said(title, face))
    return Row([(1 - _TIME_PART, words), (_TIME_PART, _said(clock(at_ms / 1000), _SMALL, right=True))], pad=0)


def _quote(words: str, who: Who, at_s: float | None) -> Iterator[Piece]:
    if said := quoted(words):
        by = SIDES[who] + (f", {clock(at_s)}" if at_s is not None else "")
        yield Space(5)
        yield Stack([Words([[(f"“{said}”", _TEXT)], [(by, _SMALL)]], indent=8)], bar=LIGHT["line"])


def _ask(question: str) -> Iterator[Piece]:
    if question:
        yield Space(5)
        asked = f"“{question}”"
        yield Words([[(phrase("You could have asked, in their words"), _SMALL)], [(asked, _STRONG)]])


def _why(rule: str, source: str) -> Stack:
    told = phrase("Rule {rule}. Source: {source}.", rule=rule, source=source)
    return Stack([Space(4), Words([[(told, _SMALL)]])])

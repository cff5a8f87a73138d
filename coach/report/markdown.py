"""The report card as Markdown, for a wiki or a message.

Owns the form, and that whatever was said or typed stays text: every character that Markdown or its common extensions
could take for a command is escaped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from coach.call import vocabulary as cue
from coach.call.events import Who
from coach.call.figures import ESTIMATED, spoken_of
from coach.language import phrase, written_in
from coach.report.essentials import absent, besides, essentials
from coach.report.nudged import reason_of, source_of, text_of
from coach.report.once import asked_once, worth_showing
from coach.report.onion import layers
from coach.report.plain import KIND_NAMES, PARTS, SIDES, called, clean, clock, fact_rows, no_nudge, quoted
from coach.report.planned import TITLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coach.report.card import Card
    from coach.report.compare import Usual
    from coach.report.essentials import Group

_COMMANDS: Final = re.compile(r"[\\`*_{}\[\]<>#|~&@$^]|:(?=/)|(?<=\bwww)\.", re.IGNORECASE)
"""What is a command within a line; what is one only at its beginning (a dash, a number) never stands there."""


def markdown(card: Card) -> str:
    """Return the report card as Markdown."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(card)).strip()) + "\n"


def escaped(foreign: str) -> str:
    """Return what was said or typed as text for Markdown."""
    return _COMMANDS.sub(r"\\\g<0>", clean(foreign)).strip()


def _lines(card: Card) -> Iterator[str]:
    yield f"# {escaped(card.report.title)}"
    yield f"\n{card.subtitle}\n"
    yield from (f"> {escaped(caution)}\n" for caution in card.cautions)
    yield from _findings(card)
    yield from _prepared(card)
    yield from _world(card)
    yield from _onion(card)
    yield from _facts(card)
    yield from _nudges(card)
    yield from _moments(card)
    if card.notes:
        yield _heading("Your notes")
        yield from (f"- {clock(n.start_ms / 1000)} {escaped(n.text)}" for n in card.notes)
    yield _heading("The Essentials").rstrip("\n")
    for group in essentials(card.report):
        yield from _group(group, card.usual)
    if (rest := besides(card.report)).measures:
        yield from _group(rest, card.usual)
    if missing := absent(card.report):
        yield "\n" + phrase("Not available in this call: {figures}.", figures=", ".join(missing))
    yield from _transcript(card)


def _findings(card: Card) -> Iterator[str]:
    if card.report.findings:
        yield _heading("What stands out")
    asked = asked_once(card.report).findings
    for f, question in zip(card.report.findings, asked, strict=True):
        yield f"- **{KIND_NAMES[f.kind]}**, {clock(f.at_s)}: {escaped(f.told)}"
        yield from _beneath(_quote(f.quote, f.who), question)


def _prepared(card: Card) -> Iterator[str]:
    made = card.report.prepared
    if made is None:
        return
    yield f"\n## {phrase(TITLE)}\n"
    yield from (f"- {escaped(line)}" for line in made.known)
    if made.lead:
        yield f"\n{made.lead}\n"
    for q in made.questions:
        yield f"- **{escaped(q.question)}**: {q.told}"
        yield from _beneath(_quote(q.quote, Who.REP))


def _world(card: Card) -> Iterator[str]:
    firsts = spoken_of(card.report.meters.sentences)
    if card.report.world:
        head = (phrase("Part"), written_in().phrase("When", "sessions.when"), phrase("First words on it"))
        yield f"{_heading('Their world')}\n| {' | '.join(head)} |\n|---|---:|---|"
    for part in card.report.world:
        said = firsts.get(part)
        words = quoted(said.text) if said else ""
        told = f"“{escaped(words)}”" if words else phrase("spoken of" if said else "not spoken of")
        yield f"| {PARTS[part]} | {clock(said.start_ms / 1000) if said else ''} | {told} |"


def _onion(card: Card) -> Iterator[str]:
    chain = layers(card.report)
    if chain:
        yield _heading("Layers of the onion")
    for depth, s in enumerate(chain):
        words = quoted(s.text)
        yield "  " * depth + f"- {clock(s.start_ms / 1000)}" + (f" “{escaped(words)}”" if words else "")


def _facts(card: Card) -> Iterator[str]:
    rows = list(fact_rows(card.report.facts)) if card.report.facts is not None else []
    if rows:
        yield _heading("What you sell, in their ears")
    for what, moments in rows:
        yield f"- {escaped(what)}"
        yield from (f"  - {clock(m.at_s)} {_quote(m.quote, m.who)}" for m in moments)


def _nudges(card: Card) -> Iterator[str]:
    yield _heading("Nudges")
    asked = asked_once(card.report).nudges
    for n, question in zip(card.report.nudges, asked, strict=True):
        yield f"- {clock(n.at_ms / 1000)} **{escaped(text_of(n))}**: {escaped(reason_of(n))}"
        yield from _beneath(question=question)
        yield "  - " + phrase(
            "Why: rule {rule}; {source}", rule=escaped(n.rule), source=escaped(source_of(n))
        )
    if not card.report.nudges:
        yield no_nudge(card.report)


def _moments(card: Card) -> Iterator[str]:
    every, asked = card.report.moments, asked_once(card.report).moments
    shown = worth_showing(every)
    if shown:
        yield _heading("Noticed, not nudged")
    for i in shown:
        n = every[i]
        yield f"- {clock(n.at_ms / 1000)} **{escaped(text_of(n))}**: {escaped(reason_of(n))}"
        yield from _beneath(_quote(card.report.words_at(n.at_ms), Who.REP), asked[i])
    if others := len(every) - len(shown):
        yield "- " + phrase("and {n} more like these", n=others)


def _group(group: Group, usual: Mapping[str, Usual]) -> Iterator[str]:
    beside = any(m.name in usual for m in group.measures)
    yield f"\n### {group.name}\n\n{group.why}\n"
    head = ("Figure", "This call", *(("Your usual",) if beside else ()), "Good", "How it is counted")
    yield "| " + " | ".join(phrase(told) for told in head) + " |"
    yield "|---|---:|" + ("---|" if beside else "") + "---|---|"
    for m in group.measures:
        told = m.told + (f" ({phrase(ESTIMATED)})" if m.how == ESTIMATED else "")
        known = usual.get(m.name)
        stands = (
            ", " + phrase("this is {stands}", stands=phrase(known.stands)) if known and known.stands else ""
        )
        cell = (
            f" {phrase('{value} of {n} calls', value=known.told, n=known.calls)}{stands} |" if known else " |"
        )
        counted = phrase("{formula} Source: {source}.", formula=m.formula, source=m.source)
        yield f"| {m.label} | {told} |{cell if beside else ''} {m.good} | {counted} |"


def _transcript(card: Card) -> Iterator[str]:
    spoken = [s for s in card.line.sentences if cue.BACKCHANNEL not in s.cues and quoted(s.text)]
    if spoken:
        yield _heading("What was said").rstrip("\n")
    last: Who | None = None
    for s in spoken:
        if s.who is not last:
            yield f"\n**{called(s.who, card.report)}**, {clock(s.start_ms / 1000)}\n"
            last = s.who
        yield f"“{escaped(s.text)}”"


def _heading(english: str) -> str:
    return f"\n## {phrase(english)}\n"


def _quote(words: str, who: Who) -> str:
    said = quoted(words)
    return f"{SIDES[who]}: “{escaped(said)}”" if said else ""


def _beneath(quote: str = "", question: str = "") -> Iterator[str]:
    if quote:
        yield f"  - {quote}"
    if question:
        yield f"  - {phrase('You could have asked:')} “{escaped(question)}”"

"""The sections of the page, from what stands out down to what was said.

Owns what each section holds and its markup. Everything that was said or typed goes through `text`, which makes it text.
A section with nothing in it is left out.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from coach.call import vocabulary as cue
from coach.call.events import Who
from coach.call.figures import ESTIMATED, spoken_of
from coach.language import phrase, written_in
from coach.report import planned
from coach.report.drawing import icon
from coach.report.essentials import absent, besides, essentials
from coach.report.nudged import reason_of, source_of, text_of
from coach.report.once import asked_once, worth_showing
from coach.report.onion import layers
from coach.report.plain import KIND_NAMES, PARTS, SIDES, called, clean, clock, fact_rows, no_nudge, quoted
from coach.report.timeline import MOMENT, NOTE, NUDGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coach.call.events import SentenceHeard
    from coach.nudges.commands import Noticed
    from coach.report.card import Card
    from coach.report.compare import Usual
    from coach.report.essentials import Group, Measure


def text(foreign: str) -> str:
    """Return what was said or typed as text for the page, without control characters."""
    return escape(clean(foreign))


def section(title: str, inside: Iterable[str], lead: str = "") -> Iterator[str]:
    """Yield a section under its heading, named by the English one; nothing where it would be empty."""
    lines = list(inside)
    if lines:
        name = "s-" + "".join(c if c.isalnum() else "-" for c in title.lower())
        yield f'<section aria-labelledby="{name}"><h2 id="{name}">{text(phrase(title))}</h2>'
        if lead:
            yield f'<p class="lead">{text(phrase(lead))}</p>'
        yield from lines
        yield "</section>"


def found(card: Card) -> Iterator[str]:
    """Yield the findings."""
    report = card.report
    asked = asked_once(report).findings

    def items() -> Iterator[str]:
        for f, question in zip(report.findings, asked, strict=True):
            kind = f"{text(KIND_NAMES[f.kind])} {_time(f.at_s)}"
            yield f'<li class="card"><p class="kind">{kind}</p><p>{text(f.told)}</p>'
            said_at = f.quote_at_s if f.quote_at_s != f.at_s else None
            yield f"{_quote(f.quote, f.who, said_at)}{_ask(question)}</li>"

    if report.findings:
        yield from section("What stands out", ['<ul class="cards">', *items(), "</ul>"])


def groups(card: Card) -> Iterator[str]:
    """Yield the Essentials."""
    drawn = essentials(card.report)
    lead = phrase("Figures in groups, each as it was counted. They do not add up to anything.")
    if card.usual:
        lead += " " + phrase("Your usual is the median of your own last calls of this type, ten at most.")
    inside = (line for group in drawn for line in _group(group, card.usual))
    if drawn:
        yield from section("The Essentials", ['<div class="essentials">', *inside, "</div>"], lead)


def _group(group: Group, usual: Mapping[str, Usual]) -> Iterator[str]:
    yield f'<div class="card"><h3>{text(group.name)}</h3><p class="lead">{text(group.why)}</p>'
    first, more = group.measures[: group.first], group.measures[group.first :]
    yield from _table(group.name, first, usual)
    counted = phrase("More, and how these are counted") if more else phrase("How these are counted")
    yield f"<details><summary>{text(counted)}</summary>"
    if more:
        yield from _table(phrase("{group}, more", group=group.name), more, usual)
    yield from _counted(group.measures)
    yield "</details></div>"


def _table(name: str, measures: Sequence[Measure], usual: Mapping[str, Usual]) -> Iterator[str]:
    beside = {m.name: usual[m.name] for m in measures if m.name in usual}
    yield f'<table><caption class="hidden">{text(name)}</caption>'
    head = [("", "Figure"), (' class="n"', "This call"), *([(' class="n"', "Your usual")] if beside else [])]
    cells = "".join(f'<th scope="col"{how}>{text(phrase(told))}</th>' for how, told in head)
    yield f"<thead><tr>{cells}</tr></thead><tbody>"
    for m in measures:
        yield _measure(m, beside.get(m.name), wide=bool(beside))
    yield "</tbody></table>"


def _counted(measures: Sequence[Measure]) -> Iterator[str]:
    yield "<dl>"
    for m in measures:
        told = phrase(
            "{formula} {how}. Source: {source}.",
            formula=m.formula,
            how=phrase(m.how).capitalize(),
            source=m.source,
        )
        yield f"<dt>{text(m.label)}</dt><dd>{text(told)}</dd>"
    yield "</dl>"


def _measure(m: Measure, usual: Usual | None, *, wide: bool) -> str:
    beneath = "".join(
        f"<small>{text(line)}</small>"
        for line in (m.unit, phrase("good: {range}", range=m.good) if m.good else "")
        if line
    )
    told = [f"<small>{text(phrase(m.how))}</small>" if m.how == ESTIMATED else ""]
    last = '<td class="n"></td>' if wide else ""
    if usual is not None:
        told.append(f"<small>{text(phrase(usual.stands))}</small>" if usual.stands else "")
        calls = phrase("{n} calls" if usual.stands else "of {n} calls", n=usual.calls)
        last = f'<td class="n">{text(usual.number)}<small>{text(calls)}</small></td>'
    value = f'<td class="n"><b>{text(m.number)}</b>{"".join(told)}</td>'
    return f'<tr><th scope="row">{text(m.label)}{beneath}</th>{value}{last}</tr>'


def world(card: Card) -> Iterator[str]:
    """Yield the parts of their world, each with the first words on it."""
    parts = card.report.world
    firsts = spoken_of(card.report.meters.sentences)
    if not parts:
        return
    spoken = sum(part in firsts for part in parts)
    rows = [
        f'<table class="world"><caption class="hidden">{text(phrase("The parts of their world"))}</caption>'
    ]
    head = (phrase("Part"), phrase("First words on it"), written_in().phrase("When", "sessions.when"))
    cells = "".join(f'<th scope="col">{text(told)}</th>' for told in head)
    rows.append(f'<thead class="hidden"><tr>{cells}</tr></thead><tbody>')
    for part in parts:
        said = firsts.get(part)
        told = f'<span class="soft">{text(phrase("spoken of" if said else "not spoken of"))}</span>'
        if said and (words := quoted(said.text)):
            told = f"&ldquo;{escape(words)}&rdquo;"
        at = _time(said.start_ms / 1000) if said else ""
        rows.append(
            f'<tr><th scope="row">{text(PARTS[part])}</th><td>{told}</td><td class="n">{at}</td></tr>'
        )
    lead = phrase("They spoke of {n} of {all} parts.", n=spoken, all=len(parts))
    yield from section("Their world", [*rows, "</tbody></table>"], lead)


def onion(card: Card) -> Iterator[str]:
    """Yield the longest chain of follow-ups, each question beneath the one that it builds on."""
    chain = layers(card.report)
    if not chain:
        return
    inside = "".join(f"<ol><li>{_asked(s)}" for s in chain) + "</li></ol>" * len(chain)
    lead = "Your longest chain of questions that each build on their last answer."
    yield from section("Layers of the onion", [inside.replace("<ol>", '<ol class="onion">', 1)], lead)


def _asked(s: SentenceHeard) -> str:
    words = quoted(s.text)
    return _time(s.start_ms / 1000) + (f" &ldquo;{escape(words)}&rdquo;" if words else "")


def sold(card: Card) -> Iterator[str]:
    """Yield what became of the rep's facts: the ONLY statement, competitors, jargon."""
    facts = card.report.facts
    if facts is None:
        return
    rows = [
        f'<li class="card"><p><b>{text(what)}</b></p>'
        + "".join(_quote(m.quote, m.who, m.at_s) for m in moments)
        + "</li>"
        for what, moments in fact_rows(facts)
    ]
    if rows:
        yield from section("What you sell, in their ears", ['<ul class="list">', *rows, "</ul>"])


def prepared(card: Card) -> Iterator[str]:
    """Yield what became of the questions that were planned, and what was noted before the call."""
    made = card.report.prepared
    if made is None:
        return
    known = [f"<p>{text(line)}</p>" for line in made.known]
    questions = [
        f'<li class="card"><p><b>{text(q.question)}</b> {text(q.told)}</p>{_quote(q.quote, Who.REP, None)}</li>'
        for q in made.questions
    ]
    inside = [
        *known,
        *(['<ul class="list">', *questions, "</ul>"] if questions else []),
    ]
    yield from section(planned.TITLE, inside, made.lead)


def nudges(card: Card) -> Iterator[str]:
    """Yield the nudges of the call, each with its reason."""
    shown = card.report.nudges
    asked = asked_once(card.report).nudges
    inside = [f"<p>{text(no_nudge(card.report))}</p>"]
    if shown:
        items = (
            f'<li class="card">{_kind(NUDGE, text_of(n), n.at_ms)}'
            f"<p>{text(reason_of(n))}</p>{_ask(question)}{_why(n.rule, source_of(n))}</li>"
            for n, question in zip(shown, asked, strict=True)
        )
        inside = ['<ol class="list">', *items, "</ol>"]
    yield from section("Nudges", inside)


def moments(card: Card) -> Iterator[str]:
    """Yield what was noticed and not nudged: a few moments, and the others on demand."""
    every = card.report.moments
    asked = asked_once(card.report).moments
    shown = worth_showing(every)
    others = [i for i in range(len(every)) if i not in shown]
    inside = [_moment(card, every[i], asked[i]) for i in shown]
    if inside:
        inside = ['<ol class="list">', *inside, "</ol>"]
    if others:
        told = phrase("{n} more like these", n=len(others))
        inside += [f'<details><summary>{text(told)}</summary><ol class="list">']
        inside += [*(_moment(card, every[i], asked[i]) for i in others), "</ol></details>"]
    yield from section("Noticed, not nudged", inside, "Moments worth a second listen.")


def _moment(card: Card, n: Noticed, question: str) -> str:
    quote = _quote(card.report.words_at(n.at_ms), Who.REP, None)
    return (
        f'<li class="card">{_kind(MOMENT, text_of(n), n.at_ms)}'
        f"<p>{text(reason_of(n))}</p>{quote}{_ask(question)}{_why(n.rule, source_of(n))}</li>"
    )


def notes(card: Card) -> Iterator[str]:
    """Yield the notes that were written at moments of the call."""
    rows = [f"<li>{icon(NOTE)} {_time(n.start_ms / 1000)} {text(n.text)}</li>" for n in card.notes]
    if rows:
        yield from section("Your notes", ['<ul class="list">', *rows, "</ul>"])


def rest(card: Card) -> Iterator[str]:
    """Yield the figures that belong to no Essential, and the names of those that are not available."""
    group = besides(card.report)
    inside: list[str] = []
    if group.measures:
        inside += [f'<details class="big"><summary><h2 id="s-voice">{text(group.name)}</h2></summary>']
        inside += [f'<p class="why">{text(group.why)}</p>', *_table(group.name, group.measures, card.usual)]
        inside += [*_counted(group.measures), "</details>"]
    if missing := absent(card.report):
        told = phrase("Not available in this call: {figures}.", figures=", ".join(missing))
        inside.append(f'<p class="why">{text(told)}</p>')
    if inside:
        yield f'<section aria-label="{text(phrase("Other figures"))}">'
        yield from inside
        yield "</section>"


def transcript(card: Card) -> Iterator[str]:
    """Yield what was said, on demand; its cues on demand again."""
    spoken = [s for s in card.line.sentences if cue.BACKCHANNEL not in s.cues and quoted(s.text)]
    if not spoken:
        return
    yield '<section class="said" aria-labelledby="s-said"><details class="big">'
    yield f'<summary><h2 id="s-said">{text(phrase("What was said"))}</h2></summary>'
    if any(s.cues for s in spoken):
        asks = text(phrase("Show what each sentence was taken for"))
        yield f'<p><label class="asks"><input type="checkbox"> {asks}</label></p>'
    group: list[SentenceHeard] = []
    for s in spoken:
        if group and group[-1].who is not s.who:
            yield _turn(card, group)
            group = []
        group.append(s)
    yield _turn(card, group)
    yield "</details></section>"


def _turn(card: Card, group: list[SentenceHeard]) -> str:
    who = group[0].who
    lines = "".join(
        f"<p>{text(s.text)}"
        + (f' <span class="cues">{text(", ".join(s.cues))}</span>' if s.cues else "")
        + "</p>"
        for s in group
    )
    by = f'<p class="by">{text(called(who, card.report))} {_time(group[0].start_ms / 1000)}</p>'
    return f'<div class="turn {who.value}">{by}{lines}</div>'


def _time(seconds: float) -> str:
    return f"<time>{clock(seconds)}</time>"


def _kind(kind: str, told: str, at_ms: int) -> str:
    return f'<p class="kind plain"><span>{icon(kind)} {text(told)}</span> {_time(at_ms / 1000)}</p>'


def _quote(words: str, who: Who, at_s: float | None) -> str:
    said = quoted(words)
    if not said:
        return ""
    at = f", {_time(at_s)}" if at_s is not None else ""
    return f'<blockquote>&ldquo;{escape(said)}&rdquo;<p class="by">{text(SIDES[who])}{at}</p></blockquote>'


def _ask(question: str) -> str:
    if not question:
        return ""
    told = text(phrase("You could have asked, in their words"))
    return f'<p class="ask"><b>{told}</b><q>{text(question)}</q></p>'


def _why(rule: str, source: str) -> str:
    told = phrase("Rule {rule}. Source: {source}.", rule=rule, source=source)
    return f'<p class="why">{text(told)}</p>'

"""A report as one self-contained page: no script, no network, prints well.

Owns the page. Everything that was said or typed is text, never markup. The content policy forbids scripts and
every fetch, so a page that is passed on can do nothing but be read.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from coach.call import vocabulary as cue
from coach.call.events import Who
from coach.call.figures import spoken_of
from coach.report.plain import NAMES, PARTS, amount, clean, clock, fact_rows, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coach.call.events import SentenceHeard
    from coach.report.document import CallReport

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; --ink: #1b2026; --soft: #5b6673; --line: #d9dee4; --paper: #fff; --tint: #f3f6f9;
  --accent: #0b6e4f; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef2f6; --soft: #a5b0bc; --line: #333c46; --paper: #14181f;
  --tint: #1c222b; --accent: #56c596; } }
* { box-sizing: border-box } body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem }
p.sub, .why, .how, time { color: var(--soft) } p.sub { margin: .2rem 0 0 }
ol, ul { list-style: none; margin: 0; padding: 0 }
.card { background: var(--tint); border-left: 4px solid var(--accent); border-radius: 6px; padding: .7rem 1rem;
  margin: .6rem 0 } .card b { display: block } .why { font-size: .9rem }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3rem .4rem;
  border-bottom: 1px solid var(--line) } td.n { text-align: right; font-variant-numeric: tabular-nums }
.ask { margin-top: .3rem } th[scope=row] { font-weight: 600; white-space: nowrap }
.how { font-size: .85rem } .turn { margin: .8rem 0 } .turn h3 { margin: 0; font-size: .85rem; color: var(--soft) }
.turn.rep { padding-left: 1rem; border-left: 3px solid var(--accent) }
.turn.customer { padding-left: 1rem; border-left: 3px solid var(--line) }
.cues { font-size: .8rem; color: var(--soft) } time { font-variant-numeric: tabular-nums }
@media print { main { max-width: none; padding: 0 } .card, .turn { break-inside: avoid } }
"""


def page(report: CallReport) -> str:
    """Return the report as HTML."""
    return "\n".join(_page(report)) + "\n"


def _page(report: CallReport) -> Iterator[str]:
    title = _text(report.title)
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title><style>{_STYLE}</style></head><body><main>"
    kind = report.call_type.replace("_", " ")
    yield f'<h1>{title}</h1><p class="sub">{_text(kind)} call, {clock(report.audio.get("duration_s", 0))} min</p>'
    if report.audio.get("note"):
        yield f'<p class="sub">{_text(report.audio["note"])}</p>'
    if report.caution:
        yield f'<p class="sub">{_text(report.caution)}</p>'
    yield from _findings(report)
    yield from _nudges(report)
    yield from _moments(report)
    yield from _world(report)
    yield from _facts(report)
    yield from _figures(report)
    yield from _transcript(report)
    yield "</main></body></html>"


def _text(text: str) -> str:
    return escape(clean(text))


def _findings(report: CallReport) -> Iterator[str]:
    if not report.findings:
        return
    yield "<h2>What stands out</h2><ul>"
    for f in report.findings:
        kind = {"strength": "Strength", "habit": "Habit", "try": "One thing to try"}[f.kind]
        quote = _quote(f.quote)
        yield f'<li class="card"><b>{kind}</b>{_text(f.text)} <time>{clock(f.at_s)}</time>{quote}'
        yield f"{_ask(f.suggestion)}</li>"
    yield "</ul>"


def _nudges(report: CallReport) -> Iterator[str]:
    yield "<h2>Nudges</h2>"
    if not report.nudges:
        yield "<p>Not one nudge.</p>"
        return
    yield "<ol>"
    for n in report.nudges:
        yield f'<li class="card"><b>{_text(n.text)}</b><time>{clock(n.at_ms / 1000)}</time> {_text(n.reason)}'
        yield f'{_ask(n.suggestion)}<div class="why">Rule {_text(n.rule)}. Source: {_text(n.source)}</div></li>'
    yield "</ol>"


def _quote(words: str) -> str:
    return f'<div class="why">&ldquo;{escape(said)}&rdquo;</div>' if (said := quoted(words)) else ""


def _ask(suggestion: str) -> str:
    if not suggestion:
        return ""
    return f'<div class="ask">&ldquo;{_text(suggestion)}&rdquo; <span class="how">built from their words</span></div>'


def _world(report: CallReport) -> Iterator[str]:
    if not report.world:
        return
    firsts = spoken_of(report.meters.sentences)
    yield "<h2>Their world</h2><table><tbody>"
    for part in report.world:
        said = firsts.get(part)
        told = f'<span class="how">{"spoken of" if said else "not spoken of"}</span>'
        if said and (words := quoted(said.text)):
            told = f"&ldquo;{escape(words)}&rdquo;"
        at = f"<time>{clock(said.start_ms / 1000)}</time>" if said else ""
        yield f'<tr><th scope="row">{PARTS[part]}</th><td>{told}</td><td class="n">{at}</td></tr>'
    yield "</tbody></table>"


def _moments(report: CallReport) -> Iterator[str]:
    if not report.moments:
        return
    yield '<h2>Noticed, not nudged</h2><p class="sub">Moments worth a second listen.</p><ol>'
    for n in report.moments:
        quote = _quote(report.words_at(n.at_ms))
        yield f'<li class="card"><b>{_text(n.text)}</b><time>{clock(n.at_ms / 1000)}</time> {_text(n.reason)}{quote}'
        yield f'{_ask(n.suggestion)}<div class="why">Rule {_text(n.rule)}. Source: {_text(n.source)}</div></li>'
    yield "</ol>"


def _facts(report: CallReport) -> Iterator[str]:
    if report.facts is None or not (rows := list(fact_rows(report.facts))):
        return
    yield "<h2>What you sell, in their ears</h2><ul>"
    for what, moments in rows:
        said = "".join(
            f'<div class="why"><time>{clock(m.at_s)}</time> {"You" if m.who is Who.REP else "Customer"}:'
            f" &ldquo;{_text(m.quote)}&rdquo;</div>"
            for m in moments
        )
        yield f'<li class="card"><b>{_text(what)}</b>{said}</li>'
    yield "</ul>"


def _figures(report: CallReport) -> Iterator[str]:
    yield "<h2>Figures</h2><table><thead><tr><th>Figure</th><th>Value</th><th>How it was got</th></tr></thead><tbody>"
    for f in report.shown:
        if f.value is not None:
            name = _text(NAMES[f.name])
            how = f'<td class="how">{f.how}. {_text(f.source)}</td>'
            yield f'<tr><td>{name}</td><td class="n">{_text(amount(f))}</td>{how}</tr>'
    yield "</tbody></table>"
    absent = [NAMES[f.name] for f in report.shown if f.value is None]
    if absent:
        yield f'<p class="how">Not available in this call: {_text(", ".join(absent))}.</p>'


def _transcript(report: CallReport) -> Iterator[str]:
    yield "<h2>What was said</h2>"
    heard = sorted(report.meters.sentences, key=lambda s: (s.start_ms, s.who))
    spoken = [s for s in heard if cue.BACKCHANNEL not in s.cues]
    group: list[SentenceHeard] = []
    for s in spoken:
        if group and group[-1].who is not s.who:
            yield _turn(group)
            group = []
        group.append(s)
    if group:
        yield _turn(group)


def _turn(group: list[SentenceHeard]) -> str:
    who = group[0].who
    name = "You" if who is Who.REP else "Customer"
    lines = "".join(
        f"<div>{_text(s.text)}"
        + (f' <span class="cues">{_text(", ".join(s.cues))}</span>' if s.cues else "")
        + "</div>"
        for s in group
    )
    return f'<div class="turn {who.value}"><h3>{name} <time>{clock(group[0].start_ms / 1000)}</time></h3>{lines}</div>'

"""The written result of a call: the contract of ``coach review --json`` (``docs/session-format.md``).

Owns the shape of the document and its version. Refuses to know how the call came in.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from coach.call import vocabulary as cue
from coach.call.events import SentenceHeard, Who
from coach.call.figures import WITHOUT_CUES, Figure, figures, spoken_of
from coach.language import phrase
from coach.nudges.rules import unread
from coach.report import unheard
from coach.report.essentials import GROUPS, formula
from coach.report.facts import FactsSaid, Moment, facts_said
from coach.report.findings import Finding, findings
from coach.report.onion import layers
from coach.report.planned import Prepared
from coach.report.planned import document as prepared_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.call.meters import Meters
    from coach.call.turns import Turn
    from coach.nudges.commands import Noticed, Nudge
    from coach.settings import Facts, Limits

FORMAT = 1
"""Version of the document."""
MIXED = "Several voices share its one channel, and which is yours is not known, so nothing is counted."
LEAKED = "The loudspeakers leaked into the microphone, so figures are estimates; a headset helps."


@dataclass(frozen=True, slots=True)
class CallReport:
    """A finished call, ready to be shown or written."""

    title: str
    call_type: str
    meters: Meters
    nudges: tuple[Nudge, ...]
    moments: tuple[Noticed, ...]
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    audio: dict[str, Any] = field(default_factory=dict)
    facts: FactsSaid | None = None
    prepared: Prepared | None = None

    def words_at(self, at_ms: int) -> str:
        """Return the sentence of the rep that begins at this moment; nothing where none does."""
        said = (s.text for s in self.meters.sentences if s.who is Who.REP and s.start_ms == at_ms)
        return next(said, "")

    @property
    def sides(self) -> tuple[Who, ...]:
        """The sides that were heard apart."""
        return self.meters.started.channels if self.meters.started is not None else (Who.REP,)

    @property
    def language(self) -> str:
        """What was spoken, as two letters."""
        return self.meters.started.language if self.meters.started is not None else cue.LANGUAGE

    @property
    def caution(self) -> str:
        """What to know before reading: what is not read, what was not heard, that figures are estimates."""
        if self.meters.mixed:
            return "" if self.audio.get("note") else phrase(MIXED)  # which says so, and how to go on
        told = ("" if self.meters.reads_cues else unread(self.language), LEAKED if self.meters.bled else "")
        sentences = [phrase(sentence) for sentence in told if sentence]
        return " ".join(filter(None, [*sentences, unheard.told(self.meters)]))

    @property
    def shown(self) -> tuple[Figure, ...]:
        """The figures for people: without those that this language cannot have, of which ``caution`` tells."""
        return tuple(f for f in self.figures if self.meters.reads_cues or f.name in WITHOUT_CUES)

    @property
    def world(self) -> tuple[str, ...]:
        """The parts of their world that could be heard of; none where coverage is not available."""
        covered = any(f.name == "coverage" and f.value is not None for f in self.figures)
        return cue.WORLD if covered else ()


def make_report(
    title: str,
    meters: Meters,
    nudges: Sequence[Nudge],
    limits: Limits,
    audio: dict[str, Any],
    *,
    moments: Sequence[Noticed],
    heard_words: bool = True,
    facts: Facts | None = None,
    prepared: Prepared | None = None,
) -> CallReport:
    """Draw the report of a finished call.

    Args:
        title: what to call it, such as the file's name.
        meters: the folded call.
        nudges: every nudge that was shown.
        limits: the limits of its type.
        audio: what is known of the sound: file, duration, channels, note.
        moments: what the rules saw and nobody was nudged about.
        heard_words: False where no speech model ran.
        facts: of the rep's trade, to be looked for in the words.
        prepared: what became of what was prepared for the call.
    """
    all_figures = figures(meters, heard_words=heard_words)
    call_type = meters.started.call_type if meters.started is not None else ""
    found = findings(meters, all_figures, nudges, limits)
    if facts is not None and not meters.reads_cues:
        facts = replace(
            facts, only=""
        )  # names are names everywhere; a statement is known by its English words
    said = facts_said(facts, meters.sentences) if facts is not None and not meters.mixed else None
    return CallReport(
        title, call_type, meters, tuple(nudges), tuple(moments), all_figures, found, audio, said, prepared
    )


def document(report: CallReport) -> dict[str, Any]:
    """Return the report as plain values, times in seconds."""
    return {
        "format": FORMAT,
        "audio": report.audio,
        "call_type": report.call_type,
        "language": report.language,
        "turns": _turns(report),
        "speech": {
            who.value: [
                [_s(s.start_ms), _s(s.end_ms)]
                for s in report.meters.floor.segments[who]
                if s.end_ms is not None
            ]
            for who in Who
        },
        "backchannels": [_sentence(s) | {"who": s.who.value} for s in _heard(report) if _is_small(s)],
        "nudges": [_nudge(n) for n in report.nudges],
        "moments": [_moment(n) for n in report.moments],
        "metrics": {
            f.name: {
                "value": f.value,
                "unit": f.unit,
                "how": f.how,
                "source": f.source,
                "formula": formula(f.name, alone=report.meters.alone),
            }
            for f in report.figures
        },
        "findings": [
            {
                "kind": f.kind,
                "text": f.text,
                "at_s": f.at_s,
                "quote": f.quote,
                "suggestion": f.suggestion,
                "quote_who": f.who.value if f.quote else None,
                "quote_at_s": f.quote_at_s,
            }
            for f in report.findings
        ],
        "world": _world(report),
        "layers": [{"at_s": _s(s.start_ms), "quote": s.text} for s in layers(report)],
        "essentials": [
            {"name": name, "why": why, "metrics": [*first, *more]} for name, why, first, more in GROUPS
        ],
        **({"facts": _facts(report.facts)} if report.facts is not None else {}),
        **({"prepared": prepared_document(report.prepared)} if report.prepared is not None else {}),
    }


def _s(ms: int) -> float:
    return round(ms / 1000, 3)


def _heard(report: CallReport) -> list[SentenceHeard]:
    return sorted(report.meters.sentences, key=lambda s: (s.start_ms, s.who))


def _is_small(s: SentenceHeard) -> bool:
    return cue.BACKCHANNEL in s.cues


def _turns(report: CallReport) -> list[dict[str, Any]]:
    turns = report.meters.floor.turns
    said: dict[int, list[SentenceHeard]] = {i: [] for i in range(len(turns))}
    for s in _heard(report):
        if not _is_small(s) and (i := _home(turns, s)) is not None:
            said[i].append(s)
    return [
        {
            "who": t.who.value,
            "start_s": _s(t.start_ms),
            "end_s": _s(t.end_ms),
            "sentences": [_sentence(s) for s in said[i]],
        }
        for i, t in enumerate(turns)
    ]


def _home(turns: Sequence[Turn], s: SentenceHeard) -> int | None:
    """Return the turn of its side that shares most time with a sentence, the nearest where none does."""
    own = [(i, t) for i, t in enumerate(turns) if t.who is s.who]
    if not own:
        return None
    return max(own, key=lambda it: min(it[1].end_ms, s.end_ms) - max(it[1].start_ms, s.start_ms))[0]


def _sentence(s: SentenceHeard) -> dict[str, Any]:
    return {"start_s": _s(s.start_ms), "end_s": _s(s.end_ms), "text": s.text, "cues": list(s.cues)}


def _world(report: CallReport) -> list[dict[str, Any]]:
    """Return each part of their world with the first that was said of it, null where nothing was."""
    firsts = spoken_of(report.meters.sentences)
    return [
        {
            "part": part.removeprefix("world."),
            "at_s": _s(firsts[part].start_ms) if part in firsts else None,
            "quote": firsts[part].text if part in firsts else None,
        }
        for part in report.world
    ]


def _facts(said: FactsSaid) -> dict[str, Any]:
    only = said.only
    return {
        **({"only": {"statement": only.statement, "said": [_spoken(m) for m in only.said]}} if only else {}),
        "competitors": [
            {"name": c.name, "moments": [_spoken(m) | {"who": m.who.value} for m in c.moments]}
            for c in said.competitors
        ],
        "jargon": [
            {"word": j.word, "moments": [_spoken(m) for m in j.moments], "customer_at_s": j.customer_at_s}
            for j in said.jargon
        ],
    }


def _spoken(m: Moment) -> dict[str, Any]:
    return {"at_s": m.at_s, "quote": m.quote}


def _nudge(n: Nudge) -> dict[str, Any]:
    return {
        "at_s": _s(n.at_ms),
        "due_s": _s(n.due_ms),
        "rule": n.rule,
        "text": n.text,
        "reason": n.reason,
        "because": dict(n.because),
        "source": n.source,
        "suggestion": n.suggestion,
    }


def _moment(n: Noticed) -> dict[str, Any]:
    return {
        "at_s": _s(n.at_ms),
        "rule": n.rule,
        "text": n.text,
        "reason": n.reason,
        "because": dict(n.because),
        "source": n.source,
        "suggestion": n.suggestion,
    }

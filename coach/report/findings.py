"""At most three findings: one strength, one habit, one thing to try, each with its moment (``manners.md``, 8).

Owns which figures are worth a sentence. Refuses to score: there is no overall mark, and the customer is never
judged. A finding always names the moment to listen to and the numbers behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coach.call import vocabulary as cue
from coach.call.events import SentenceHeard, Who
from coach.language import phrase
from coach.nudges.suggestions import FRESH_MS, suggest
from coach.writing import number, share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coach.call.figures import Figure
    from coach.call.meters import Meters
    from coach.nudges.commands import Nudge
    from coach.settings import Limits

GREAT_STORY_S = 120.0
"""A customer's story from here on is good (Gong, 257,967 calls; ``metrics.md``)."""
GOOD_FOLLOW_UPS = 0.5
"""Half the questions following up is good (Huang et al. 2017; ``metrics.md``)."""
GOOD_LAYERS = 3
"""Three follow-ups on one topic is good (``metrics.md``)."""
CLOSED_IN_A_ROW = 4
"""Four closed questions in a row are flagged (``metrics.md``)."""
REFLECTED = 2
"""So many reflections in a call are worth naming (own default)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Args:
        kind: ``strength``, ``habit`` or ``try``.
        text: what stands out, in one English sentence; `told` is the same in the language of now.
        at_s: the moment to listen to.
        quote: what was said; of something to try, their last words before it.
        suggestion: a question that could have been asked there, built from their words.
        who: whose words the quote is.
        quote_at_s: when the quote begins; None without a quote.
        pattern: the same sentence without its number, for other languages; empty where there is none in it.
        value: that number.
    """

    kind: str
    text: str
    at_s: float
    quote: str = ""
    suggestion: str = ""
    who: Who = Who.REP
    quote_at_s: float | None = None
    pattern: str = ""
    value: float = 0.0

    @property
    def told(self) -> str:
        """The sentence in the language of now."""
        if not self.pattern:
            return phrase(self.text)
        return phrase(self.pattern, **{"share" if "{share}" in self.pattern else "n": _as_read(self)})


def _as_read(finding: Finding) -> str:
    return share(finding.value) if "{share}" in finding.pattern else number(finding.value)


def _filled(kind: str, pattern: str, value: float, at_s: float) -> Finding:
    """Return a finding whose sentence has one number in it: ``{n}``, or ``{share}`` in percent."""
    text = pattern.format(n=f"{value:.0f}", share=f"{value:.0%}")
    return Finding(kind, text, at_s, pattern=pattern, value=value)


def findings(
    meters: Meters, figures: Sequence[Figure], nudges: Sequence[Nudge], limits: Limits
) -> tuple[Finding, ...]:
    """Return what is worth saying about a call; nothing where nothing stands out."""
    if meters.mixed:
        return ()
    values = {f.name: f.value for f in figures}
    strength = next(_strengths(meters, values), None)
    habit = next(_habits(meters, values, nudges, limits), None)
    found = [f for f in (strength, habit[0] if habit else None, habit[1] if habit else None) if f is not None]
    return tuple(_with_suggestion(_with_their_words(f, meters), meters) for f in found)


def _with_their_words(finding: Finding, meters: Meters) -> Finding:
    """Return something to try with what the customer last said before it, where nothing is quoted yet."""
    at = round(1000 * finding.at_s)
    theirs = (s for s in meters.sentences if s.who is Who.CUSTOMER and cue.BACKCHANNEL not in s.cues)
    last = max((s for s in theirs if at - FRESH_MS <= s.end_ms <= at), key=lambda s: s.end_ms, default=None)
    if finding.kind != "try" or finding.quote or last is None:
        return finding
    return replace(finding, quote=last.text, who=Who.CUSTOMER, quote_at_s=last.start_ms / 1000)


def _with_suggestion(finding: Finding, meters: Meters) -> Finding:
    """Return a finding with the question that could have been asked there; what went well needs none."""
    if finding.kind == "strength" or not meters.reads_cues:
        return finding
    return replace(finding, suggestion=suggest(meters.sentences, round(1000 * finding.at_s)))


def _strengths(meters: Meters, values: Mapping[str, float | None]) -> Iterator[Finding]:
    questions = [s for s in meters.sentences if s.who is Who.REP and cue.COUNTED_QUESTIONS & set(s.cues)]
    followed = [s for s in questions if cue.FOLLOW_UP in s.cues]
    reflected = [s for s in meters.sentences if s.who is Who.REP and cue.REFLECTIONS & set(s.cues)]
    layers, rate = values["layers"] or 0, values["follow_up_rate"] or 0
    if layers >= GOOD_LAYERS:
        yield _said(
            _filled("strength", "You followed one thread {n} questions deep.", layers, 0.0), followed[-1]
        )
    if rate >= GOOD_FOLLOW_UPS and followed:
        yield _said(
            _filled("strength", "{share} of your later questions built on their answer.", rate, 0.0),
            followed[0],
        )
    story = values["longest_customer_story"] or 0
    if story >= GREAT_STORY_S:
        longest = max(
            (t for t in meters.floor.turns if t.who is Who.CUSTOMER), key=lambda t: t.end_ms - t.start_ms
        )
        yield _filled("strength", "They told you a story of {n} s.", story, longest.start_ms / 1000)
    if len(reflected) >= REFLECTED:
        yield _said(
            _filled("strength", "You gave back what you heard {n} times.", len(reflected), 0.0), reflected[0]
        )


def _habits(
    meters: Meters, values: Mapping[str, float | None], nudges: Sequence[Nudge], limits: Limits
) -> Iterator[tuple[Finding, Finding]]:
    """Yield a habit with the thing to try instead, the most telling first."""
    for p in meters.pounces:
        said = _sentence_at(meters, p.start_ms)
        yield (
            _said(Finding("habit", "A need was answered with the product at once.", p.start_ms / 1000), said),
            Finding("try", "Ask about the need first: 'What does that do to you?'", p.need_end_ms / 1000),
        )
    early = [n for n in nudges if n.rule == "premature_pitch"]
    for n in early:
        start = int(1000 * dict(n.because)["pitch_at_s"])
        yield (
            _said(
                Finding("habit", "The product came before their needs.", start / 1000),
                _sentence_at(meters, start),
            ),
            Finding(
                "try",
                "Two needs and four questions first; then ask if they want to hear about it.",
                start / 1000,
            ),
        )
    longest = max(meters.runs, key=lambda r: r.end_ms - r.start_ms, default=None)
    if longest and limits.monologue_s and longest.end_ms - longest.start_ms >= 1000 * limits.monologue_s:
        length = (longest.end_ms - longest.start_ms) / 1000
        ran = (
            "One stretch ran {n} s without a pause."
            if meters.alone
            else "One stretch ran {n} s without them."
        )
        yield (
            _filled("habit", ran, length, longest.start_ms / 1000),
            Finding("try", "Stop after a minute and ask what stood out.", longest.start_ms / 1000 + 60),
        )
    held = values["talk_share"]
    if held is not None and held > limits.share_red:
        yield (
            _filled("habit", "You held {share} of the talk.", held, 0.0),
            Finding("try", "Begin with 'Walk me through...' and wait.", 0.0),
        )
    in_a_row = values["closed_in_a_row"] or 0
    if in_a_row >= CLOSED_IN_A_ROW:
        closed = [s for s in meters.sentences if s.who is Who.REP and cue.QUESTION_CLOSED in s.cues]
        yield (
            _said(_filled("habit", "{n} closed questions came in a row.", in_a_row, 0.0), closed[0]),
            Finding("try", "Stay with one answer: ask what is behind it.", closed[0].end_ms / 1000),
        )


def _sentence_at(meters: Meters, start_ms: int) -> SentenceHeard | None:
    return next((s for s in meters.sentences if s.who is Who.REP and s.start_ms == start_ms), None)


def _said(finding: Finding, sentence: SentenceHeard | None) -> Finding:
    """Return a finding about a sentence, at its moment and with its words; as it is where there is none."""
    if sentence is None:
        return finding
    at_s = sentence.start_ms / 1000
    return replace(finding, at_s=at_s, quote=sentence.text, quote_at_s=at_s)

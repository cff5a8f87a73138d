"""At most three findings: one strength, one habit, one thing to try, each with its moment (``manners.md``, 8).

Owns which figures are worth a sentence. Refuses to score: there is no overall mark, and the customer is never
judged. A finding always names the moment to listen to and the numbers behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coach.call import vocabulary as cue
from coach.call.events import SentenceHeard, Who
from coach.nudges.suggestions import FRESH_MS, suggest

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
        text: what stands out, in one sentence.
        at_s: the moment to listen to.
        quote: what was said; of something to try, their last words before it.
        suggestion: a question that could have been asked there, built from their words.
        who: whose words the quote is.
        quote_at_s: when the quote begins; None without a quote.
    """

    kind: str
    text: str
    at_s: float
    quote: str = ""
    suggestion: str = ""
    who: Who = Who.REP
    quote_at_s: float | None = None


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
        yield _said("strength", f"You followed one thread {layers:.0f} questions deep.", followed[-1])
    if rate >= GOOD_FOLLOW_UPS and followed:
        yield _said("strength", f"{rate:.0%} of your later questions built on their answer.", followed[0])
    story = values["longest_customer_story"] or 0
    if story >= GREAT_STORY_S:
        longest = max(
            (t for t in meters.floor.turns if t.who is Who.CUSTOMER), key=lambda t: t.end_ms - t.start_ms
        )
        yield Finding("strength", f"They told you a story of {story:.0f} s.", longest.start_ms / 1000)
    if len(reflected) >= REFLECTED:
        yield _said("strength", f"You gave back what you heard {len(reflected)} times.", reflected[0])


def _habits(
    meters: Meters, values: Mapping[str, float | None], nudges: Sequence[Nudge], limits: Limits
) -> Iterator[tuple[Finding, Finding]]:
    """Yield a habit with the thing to try instead, the most telling first."""
    for p in meters.pounces:
        said = _sentence_at(meters, p.start_ms)
        yield (
            _said("habit", "A need was answered with the product at once.", said, p.start_ms),
            Finding("try", "Ask about the need first: 'What does that do to you?'", p.need_end_ms / 1000),
        )
    early = [n for n in nudges if n.rule == "premature_pitch"]
    for n in early:
        start = int(1000 * dict(n.because)["pitch_at_s"])
        yield (
            _said("habit", "The product came before their needs.", _sentence_at(meters, start), start),
            Finding(
                "try",
                "Two needs and four questions first; then ask if they want to hear about it.",
                start / 1000,
            ),
        )
    longest = max(meters.runs, key=lambda r: r.end_ms - r.start_ms, default=None)
    if longest and limits.monologue_s and longest.end_ms - longest.start_ms >= 1000 * limits.monologue_s:
        length = (longest.end_ms - longest.start_ms) / 1000
        without = "a pause" if meters.alone else "them"
        yield (
            Finding("habit", f"One stretch ran {length:.0f} s without {without}.", longest.start_ms / 1000),
            Finding("try", "Stop after a minute and ask what stood out.", longest.start_ms / 1000 + 60),
        )
    share = values["talk_share"]
    if share is not None and share > limits.share_red:
        yield (
            Finding("habit", f"You held {share:.0%} of the talk.", 0.0),
            Finding("try", "Begin with 'Walk me through...' and wait.", 0.0),
        )
    if (values["closed_in_a_row"] or 0) >= CLOSED_IN_A_ROW:
        closed = [s for s in meters.sentences if s.who is Who.REP and cue.QUESTION_CLOSED in s.cues]
        yield (
            _said("habit", f"{values['closed_in_a_row']:.0f} closed questions came in a row.", closed[0]),
            Finding("try", "Stay with one answer: ask what is behind it.", closed[0].end_ms / 1000),
        )


def _sentence_at(meters: Meters, start_ms: int) -> SentenceHeard | None:
    return next((s for s in meters.sentences if s.who is Who.REP and s.start_ms == start_ms), None)


def _said(kind: str, text: str, sentence: SentenceHeard | None, at_ms: int = 0) -> Finding:
    if sentence is None:
        return Finding(kind, text, at_ms / 1000)
    at_s = sentence.start_ms / 1000
    return Finding(kind, text, at_s, sentence.text, quote_at_s=at_s)

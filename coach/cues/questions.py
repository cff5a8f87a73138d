"""Is this sentence a question, and of what kind.

Owns the forms of English questions: word order first, since a recogniser's question mark is a hint that may
be missing. Refuses to know what was said before (see `context`), save for one thing it is told: whether the
rep is in the middle of a run of their own, where a question is more likely meant for nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from coach.call.vocabulary import (
    QUESTION_CLOSED,
    QUESTION_COURTESY,
    QUESTION_LEADING,
    QUESTION_OPEN,
    QUESTION_PERMISSION,
    QUESTION_RHETORICAL,
    QUESTION_TAG,
)
from coach.cues import question_forms as forms
from coach.cues import question_kinds as kinds_of
from coach.cues.weighing import LINE, evidence, likelihood

if TYPE_CHECKING:
    from coach.cues.text import Sentence


_LEADING_BIAS: Final = -1.4

_RHETORICAL_BIAS: Final = -1.5
_RHETORICAL_IN_A_RUN: Final = 0.4  # the rep has spoken before it with no word from the customer
_RHETORICAL_AT_ONCE: Final = -1.0  # it is the first thing said back to the customer
_RHETORICAL_AFTER_PITCH: Final = (
    1.2  # the sentence before was the rep's own pitch: more likely meant for nobody
)


_TAG_HANGS_ON: Final = 3  # words, the tag among them
_BIAS: Final = -2.2
_MARK: Final = 3.4  # a question mark was written
_STOPPED: Final = -0.7  # a full stop was written
_LATER_CLAUSE: Final = (
    -2.2
)  # commas are also written where somebody stumbles, so the head of a later clause counts less
_SHARE_OF_INSIDE: Final = -0.3
_BROKEN_OFF: Final = -2.6  # it ends where no question ends
_QUOTED: Final = -3.0


class Asking(NamedTuple):
    """How likely a sentence asks, and of which kinds; scores are 0 to 1."""

    asks: float
    kinds: dict[str, float]


def asking(said: Sentence, own_run: int = 0, *, after_pitch: bool = False) -> Asking:
    """Return how likely a sentence asks, with a score for each kind of question.

    Args:
        said: the sentence.
        own_run: how many sentences the rep has said before this one with no word from the customer between.
        after_pitch: the sentence before was the rep's own pitch.
    """
    if (
        forms.TAG_ALONE.search(said.bare)
        and not said.plain.startswith("is that")
        and (said.asks or not forms.WORD_ALONE.search(said.bare))
    ):
        return Asking(0.2, {QUESTION_TAG: 0.7})
    heads = dict.fromkeys((said.plain, said.bare, *said.clauses))
    log_odds = _BIAS + (_MARK if said.asks else 0.0) + (_STOPPED if said.states else 0.0) + _form(said, heads)
    tag = _tag(said)
    leading = likelihood(_LEADING_BIAS + max(evidence(kinds_of.LEADING, h) for h in heads))
    if tag and leading < LINE:
        # "Right?" is a tag whatever it hangs on; "wouldn't you?" may lead.
        sure = said.asks and forms.TAG_WORD.search(said.raw.rstrip()) is not None
        return Asking(0.2, {QUESTION_TAG: 0.85 if sure else 0.65})
    asks = likelihood(log_odds)
    return Asking(asks, _kinds(said, tuple(heads), asks, leading, own_run, after_pitch=after_pitch))


def _form(said: Sentence, heads: dict[str, None]) -> float:
    """Return what the word order says, in log-odds: the best head, or a head hidden inside."""
    best = max(
        (
            max((c.weight for c in forms.HEAD if c.pattern.search(h)), default=0.0)
            + evidence(forms.NO_QUESTION, h)
        )
        + (0.0 if h in {said.bare, said.plain} or not k else _LATER_CLAUSE)
        for k, h in enumerate(heads)
    )
    asked_for = max((c.weight for c in forms.ASKED_FOR if c.pattern.search(said.bare)), default=0.0)
    inside = max((c.weight for c in forms.INSIDE if c.pattern.search(said.plain)), default=0.0)
    against = evidence(forms.NO_QUESTION, said.bare) if inside else 0.0
    unasked = _QUOTED if forms.QUOTED.search(said.plain) else 0.0
    if breaks_off(said):
        unasked += _BROKEN_OFF
    return max(best, asked_for, inside + _SHARE_OF_INSIDE + against) + unasked


def exclaims(said: Sentence) -> bool:
    """Say whether a sentence marvels or muses and asks nothing ("What a view.", "I wonder how they do it.")."""
    return not said.asks and forms.EXCLAIMS.search(said.bare) is not None


def breaks_off(said: Sentence) -> bool:
    """Say whether somebody began to ask and did not get to it ("And is it the, uh")."""
    if said.asks:
        return False
    begun = forms.BROKEN_OFF.search(said.bare) is not None
    # A comma at the end says that the line goes on elsewhere: "But when, uh,".
    return begun or (said.raw.rstrip().endswith(",") and forms.BEGUN.search(said.bare) is not None)


def small_talk(said: Sentence) -> bool:
    """Say whether a sentence asks after a trip or a weekend and nothing else ("Did you have a good trip in?")."""
    return kinds_of.SMALL_TALK.search(said.plain) is not None


def asks_by_form(said: Sentence) -> bool:
    """Say whether the word order alone makes a question ("do you", "what is"); a mirror has none."""
    return forms.INVERTED.search(said.bare) is not None


def _tag(said: Sentence) -> bool:
    """Say whether a statement ends in a tag."""
    return bool(forms.TAG_MARKED.search(said.raw.rstrip()) and len(said.tokens) >= _TAG_HANGS_ON) or bool(
        forms.TAG_BARE.search(said.plain)
    )


def _kinds(
    said: Sentence, heads: tuple[str, ...], asks: float, leading: float, own_run: int, *, after_pitch: bool
) -> dict[str, float]:
    """Share a question's likelihood among its kinds: the first special one that fits, else open or closed."""
    if any(kinds_of.COURTESY.search(h) for h in heads):
        return {QUESTION_COURTESY: max(asks, 0.6)}
    if asks < LINE and not said.asks and not any(kinds_of.PERMISSION.search(h) for h in heads):
        return _open_or_closed(said, asks)
    if any(kinds_of.PERMISSION.search(h) for h in heads):
        return {QUESTION_PERMISSION: max(asks, 0.55)}
    if leading >= LINE:
        return {QUESTION_LEADING: asks * leading, **_open_or_closed(said, asks * (1 - leading))}
    run = (_RHETORICAL_AFTER_PITCH if after_pitch else 0.0) + (
        _RHETORICAL_IN_A_RUN if own_run else _RHETORICAL_AT_ONCE
    )
    rhetorical = likelihood(
        _RHETORICAL_BIAS
        + max(evidence(kinds_of.RHETORICAL, said.bare), evidence(kinds_of.RHETORICAL, said.plain))
        + run
    )
    if rhetorical >= LINE:
        return {QUESTION_RHETORICAL: asks * rhetorical, **_open_or_closed(said, asks * (1 - rhetorical))}
    return _open_or_closed(said, asks)


def _open_or_closed(said: Sentence, asks: float) -> dict[str, float]:
    """Split a score between an answer that is free and one that is a fact."""
    heads = (said.bare, *said.clauses[-1:])
    free = max(evidence(kinds_of.FREE_ANSWER, h) for h in heads)
    fact = max(evidence(kinds_of.FACT_ANSWER, h) for h in heads)
    share = likelihood(free - fact - 0.3)
    best = max(
        share, 1 - share
    )  # whichever is likelier keeps the whole likelihood: a doubtful kind is still a question
    return {
        QUESTION_OPEN: asks * share / best if share >= LINE else min(0.49, asks * share / best),
        QUESTION_CLOSED: min(asks * (1 - share) / best, asks if share < LINE else 0.49),
    }

"""Does the rep show that they heard: labels, paraphrases, credit given, and the small sounds of listening.

Owns the forms of active listening and the empty words. A mirror needs the customer's own words and lives in
`context`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from coach.cues.listening_forms import ACKNOWLEDGE, DIRECTS, LABEL, NEVER, OF_THEM, PARAPHRASE, SCOLDS
from coach.cues.weighing import evidence, likelihood

if TYPE_CHECKING:
    from coach.cues.text import Sentence


_LABEL_BIAS: Final = -2.4
_PARAPHRASE_BIAS: Final = -2.9
_PLAIN: Final = 2.0  # clues weaker than this leave a statement plain
_HEARD: Final = 1.1  # it is the first thing said after the customer's turn
_LATER: Final = -1.2  # well into a run of the rep's own
_SELLING: Final = -2.5  # in the middle of a pitch
_OVERLAP: Final = 2.0  # times the share of its words that the customer used

_ACKNOWLEDGE_BIAS: Final = -2.2

_HESITATES: Final = re.compile(r"\b(?:u+m+|u+h+|e+r+m?|erm)\b(?![- ]?(?:hu+h|hm))", re.IGNORECASE)
_AGREES: Final = re.compile(
    r"^(?:(?:okay|great|well|yeah|that|it|this|all) )*sounds? (?:like (?:a|the) )?(?:really |very |pretty )?"
    r"(?:(?:good |great )?(?:plan|deal|idea)|good|great|perfect|fine|fair|fair enough|lovely|brilliant|excellent)"
    r"(?: to me)?$"
)
_CIVIL: Final = re.compile(
    r"^(?:(?:oh|ok|okay|well|and|yeah|yes|right|so|great|um|uh|all right|alright) )*"
    r"(?:(?:(?:good ?)?bye|hello|hi|hey|good (?:morning|afternoon|evening))(?: (?:mrs?|ms))?(?: \w+)?"
    r"|(?:thanks|thank you|cheers)(?: a lot| so much| very much| again)?|no (?:problem|worries)(?: at all)?"
    r"|you(?: are|'re) (?:very )?welcome|you too|likewise|take care|my pleasure"
    r"|(?:see|talk to|speak to) you(?: then| soon| later| tomorrow| next week)?"
    r"|(?:nice|good|lovely|great) to (?:meet|see|hear from|talk to|speak to) you(?: too| again)?"
    r"|have a (?:good|nice|great|lovely) (?:day|one|week|weekend|evening|time))"
    r"(?: (?:(?:good)?bye|then|now|thanks|thank you|take care|you too|too))*$"
)
_CALLS_OUT_MOST: Final = 2  # words: "Hello there?" greets, "Good morning shift?" may give back
_EMPTY: Final = re.compile(
    r"(?:^|,)\s*(?:like|you know|sort of|kind of)\s*,|,\s*(?:like|you know|sort of|kind of)\s*[.?!]?$"
    r"|^(?:you know),"
    r"|\bsort of\b(?! (?:thing|person|company|business|work|problem|question|stuff))"
    r"|\b(?:with|was|were|is|are|it's|there's|that's|just|and|so|or|be|got) like,? (?:really|totally|so"
    r"|a|an|the|two|three|four|five|six|seven|eight|nine|ten|\d+|super|all|oh|no|um|you know)\b"
    r"|\b(?:and|but|so|it's|is|because|because it's) you know\b(?! (?:what|how|that|who|where|why|the"
    r"|when|if)\b)",
    re.IGNORECASE,
)


def label(said: Sentence, *, own_run: int, selling: bool) -> float:
    """Return how much a sentence names what seems to be going on, 0 to 1."""
    late = _LATER if own_run > 3 else 0.0  # noqa: PLR2004 - three sentences are still an answer
    heads = dict.fromkeys((said.plain, said.bare, *said.clauses))
    return likelihood(
        _LABEL_BIAS + late + (_SELLING if selling else 0.0) + max(evidence(LABEL, h) for h in heads)
    )


def paraphrase(said: Sentence, *, own_run: int, selling: bool, shared: float, answers: bool) -> float:
    """Return how much a sentence says back what the customer said, 0 to 1.

    Args:
        said: the sentence.
        own_run: how many sentences the rep has said since the customer last spoke.
        selling: the rep's sentence before was a pitch.
        shared: the share of its content words that the customer used, 0 to 1.
        answers: it comes straight after something the customer told (and did not ask).
    """
    long_enough = len(said.tokens) > 2  # noqa: PLR2004 - two words say nothing back
    near = _HEARD if own_run <= 1 else _LATER if own_run > 3 else 0.0  # noqa: PLR2004 - the same
    clued = evidence(PARAPHRASE, said.plain)
    if answers and own_run == 0 and 0 <= clued < _PLAIN and long_enough and not NEVER.search(said.plain):
        clued = max(clued, max((c.weight for c in OF_THEM if c.pattern.search(said.plain)), default=0.0))
    return likelihood(
        _PARAPHRASE_BIAS
        + clued
        + (near + _OVERLAP * shared if clued > 0 else 0.0)
        + (_SELLING if selling else 0.0)
    )


def agrees(said: Sentence) -> bool:
    """Say whether a sentence only agrees ("Sounds like a plan."), and names nothing that was heard."""
    return _AGREES.search(said.plain) is not None


def civil(said: Sentence) -> bool:
    """Say whether a sentence only greets, thanks or parts ("Bye, Anna."): who says it back gives nothing back."""
    found = _CIVIL.search(said.plain)
    return found is not None and not (said.asks and len(said.tokens) > _CALLS_OUT_MOST)


def scolds(said: Sentence) -> bool:
    """Say whether a sentence blames, forbids or says what they must ("That sounds like excuses to me.")."""
    return SCOLDS.search(said.plain) is not None


def directs(said: Sentence) -> bool:
    """Say whether a sentence tells them what to do ("You need to stop doing it by hand.")."""
    return DIRECTS.search(said.plain) is not None


def acknowledge(said: Sentence) -> float:
    """Return how much a sentence thanks or credits what was said, 0 to 1."""
    heads = dict.fromkeys((said.plain, said.bare, *said.clauses))
    return likelihood(_ACKNOWLEDGE_BIAS + max(evidence(ACKNOWLEDGE, h) for h in heads))


def filler(text: str) -> float:
    """Return 1 for a hesitation, 0.8 for an empty word (it may mean something), else 0."""
    if _HESITATES.search(text):
        return 1.0
    return 0.8 if _EMPTY.search(text) else 0.0

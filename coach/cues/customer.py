"""What the customer voices: a need, an objection, a wish to be told.

Owns the forms in which people say that something hurts, that they doubt, and that they want to hear.
Refuses to know any industry: harm and want are named by plain English words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from coach.cues.need_forms import NEED
from coach.cues.objection_forms import ASKS_FOR_PITCH, OBJECTION, REQUEST
from coach.cues.weighing import any_of, evidence, likelihood

if TYPE_CHECKING:
    from coach.cues.text import Sentence

_NEED_BIAS: Final = -1.75
_NEED_ASKED: Final = 0.7  # the rep's last sentence was an open question or a reflection
_NEED_GOES_ON: Final = 0.5  # the customer's sentence before was one
_SHORT: Final = -1.2

_OBJECTION_BIAS: Final = -2.4
_OBJECTION_AFTER_SELLING: Final = 1.1
_OBJECTION_GOES_ON: Final = 0.5

_ASKS_BIAS: Final = -3.4
_ASKS_MARK: Final = 1.2
_ASKS_STATED: Final = -0.6

_YES: Final = any_of(
    r"^(?:(?:oh|well|um|uh|mm|hm|okay|i mean|ha|haha) )*(?:yes|yeah|yep|yup|sure|please|go on|go ahead"
    r"|go for it|of course|absolutely|okay|ok|all right|alright|fine|why not|definitely|certainly"
    r"|by all means|be my guest|shoot|fire away|if you like|i suppose|i guess|happy to|that would"
    r"|that'd|it would|it might|it could|it'd|i'd like|i'd love|i would|sounds good|sounds great|mhm"
    r"|mm hmm|uh huh|maybe|might do|let's hear|let's see|i'm listening|i'm all ears|try me|please do"
    r"|feel free|great|perfect|brilliant|lovely|good idea|could do|you can|you may|you could|quickly"
    r"|one)",
)
_NO: Final = any_of(r"no|not|nope|don't|rather not|leave it|wouldn't|but|can't|isn't")
_SENDS_AWAY: Final = any_of(
    r"^(?:(?:well|look|no|okay|yeah|so|please|maybe|can you|why don't you) )*(?:just|simply) (?:send|email|e mail|drop)"
    r"(?: (?:me|us))?(?: \w+){0,3} (?:e mail|email|brochure|something|information|info|leaflet|catalogue)",
)
_OFFERS_MORE: Final = any_of(
    r"^(?:(?:and|so|but|oh|okay|well|right|then|um|uh|look) )*(?:do you want|would you like|shall i"
    r"|should i tell)(?!(?: \w+){0,2} (?:show|tell|give|send|sell|quote|offer) (?:me|us))",
)
# What goes wrong every time. On the ordinary calls, which both readers labelled, eight of eight were needs; it was made
# after two examples of the tests ("The stock count is always wrong.").
_ALWAYS_WRONG: Final = any_of(
    r"(?:is|are|was|were|comes?|gets?|\w+'(?:s|re)) always"
    r" (?:wrong|late|down|broken|slow|lost|behind|out of|short|missing|empty)",
    r"(?:i|we) never (?:really )?know (?:what|where|who|when|which|how|if|whether|why)(?:'\w+)?",
)
_HATES_THE_OLD: Final = any_of(
    r"(?:hates?|hated|loathes?|detests?|can't (?:stand|bear)|(?:sick|tired) of|fed up (?:with|of)"
    r"|complains? about|complained about|swears? at|curses?)(?: \w+)? (?:the|our|my|this|that|their)"
    r" (?:old|current|existing|present)",
)
_STAY: Final = re.compile(
    r"^(?:(?:yes|yeah|yep|no|nope|sure|okay|ok|right|exactly|true|well|oh|mm|hm|ha|maybe|probably"
    r"|thanks|thank you|bye|bye now|please|fine|good|great|nice|lovely|perfect|absolutely|definitely"
    r"|totally|correct|i think so|i guess so|i suppose so|i see|of course)\s*)+$"
)


def need(said: Sentence, *, asked: bool, goes_on: bool, asks_for_pitch: float, objects: float) -> float:
    """Return how much a sentence states harm, want or worry, 0 to 1.

    Args:
        said: the sentence.
        asked: the rep's last sentence was an open question or a reflection.
        goes_on: the customer's sentence before was a need.
        asks_for_pitch: how likely the sentence asks for the product instead.
        objects: how likely it pushes back instead.
    """
    if _STAY.search(said.plain):
        return 0.02
    log_odds = _NEED_BIAS + evidence(NEED, said.plain)
    log_odds += (_NEED_ASKED if asked else 0.0) + (_NEED_GOES_ON if goes_on else 0.0)
    log_odds += _SHORT if len(said.tokens) < 4 and log_odds < 1.0 else 0.0  # noqa: PLR2004 - three words seldom state a need
    return likelihood(log_odds - 3.0 * asks_for_pitch - 2.2 * max(0.0, objects - 0.3))


def objection(said: Sentence, *, after_selling: bool, goes_on: bool) -> float:
    """Return how much a sentence pushes back, 0 to 1; ``after_selling``: the rep has just sold or pushed."""
    if _STAY.search(said.plain):
        return 0.02
    log_odds = _OBJECTION_BIAS + evidence(OBJECTION, said.plain)
    log_odds += (_OBJECTION_AFTER_SELLING if after_selling else 0.0) + (
        _OBJECTION_GOES_ON if goes_on else 0.0
    )
    return likelihood(log_odds)


def sends_away(said: Sentence) -> bool:
    """Say whether a customer ends the talk of it ("Just send me an e-mail."), which is a refusal in kind words."""
    return _SENDS_AWAY.search(said.plain) is not None


def goes_wrong_again(said: Sentence) -> bool:
    """Say whether a customer tells of what goes wrong every time ("It's always late.", "We never know who came.")."""
    return _ALWAYS_WRONG.search(said.plain) is not None


def hates_the_old(said: Sentence) -> bool:
    """Say whether what a customer cannot stand is what they have ("They hate the old till."), not what is offered."""
    return _HATES_THE_OLD.search(said.plain) is not None


def offers_more(said: Sentence) -> bool:
    """Say whether a customer asks how much they shall tell ("Do you want the long version?")."""
    return _OFFERS_MORE.search(said.plain) is not None


def asks_for_pitch(said: Sentence) -> float:
    """Return how much a sentence asks what the product does, costs, or who else uses it, 0 to 1."""
    log_odds = _ASKS_BIAS + max(
        (c.weight for c in ASKS_FOR_PITCH if c.pattern.search(said.plain)), default=0.0
    )
    log_odds += sum(c.weight for c in ASKS_FOR_PITCH if c.weight < 0 and c.pattern.search(said.plain))
    return likelihood(log_odds + (_ASKS_MARK if said.asks else _ASKS_STATED if said.states else 0.0))


def request(said: Sentence, wants: float) -> float:
    """Return how much a sentence asks for a feature or a product, 0 to 1.

    Nothing else that asks for a pitch may be found in it as surely: its price, a look at it, who uses it.

    Args:
        said: the sentence.
        wants: how much it asks for a pitch at all.
    """
    found = [c for c in ASKS_FOR_PITCH if c.weight >= REQUEST.weight and c.pattern.search(said.plain)]
    return wants if found == [REQUEST] else 0.0


def says_yes(said: Sentence) -> bool:
    """Say whether a customer agrees to hear what was offered."""
    return bool(_YES.search(said.plain)) and not _NO.search(said.plain)

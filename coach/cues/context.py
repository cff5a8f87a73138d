"""What a sentence means because of what was said before it.

Owns the memory of a call (both sides' last turns, who asked for what) and the three cues that need it:
mirror, follow-up, invited. Refuses to know how a pitch or a question is recognised: it is told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from coach.call.events import Who
from coach.call.vocabulary import REFLECTIONS, is_backchannel
from coach.cues.questions import asks_by_form
from coach.cues.text import content
from coach.cues.weighing import Clue, any_of, clue, evidence, likelihood

if TYPE_CHECKING:
    from coach.cues.text import Sentence

_TURN_MOST_SENTENCES: Final = 12
_ASSENT_MOST_SENTENCES: Final = 2
_ASSENT_MOST_WORDS: Final = 3
_SWAPS: Final = {
    "i": "you",
    "my": "your",
    "me": "you",
    "we": "you",
    "our": "your",
    "us": "you",
    "i'm": "you're",
    "i've": "you've",
    "we're": "you're",
    "we've": "you've",
    "mine": "yours",
    "am": "are",
    "i'd": "you'd",
    "i'll": "you'll",
    "we'd": "you'd",
}
_ECHO_FREE: Final = frozenset({"you", "your", "so", "the", "a", "and", "oh", "really", "that", "it", "just"})

_CHECKS: Final = any_of(
    r"(?:did i|have i|am i) (?:get|got|understand|understood|hear|heard|right|off|missing|close|on)",
    r"does that (?:make sense|sound|help|touch|answer|work|fit)",
    r"(?:is|was|are) (?:that|those|it) (?:right|correct|fair|okay|accurate)",
    r"how does that sound",
)
"""A check of understanding: a question that asks nothing further (``cues.md``, hard cases)."""
_LOOKS_BACK: Final = (
    Clue(-1.6, "did I get that right, does that make sense", _CHECKS),
    clue(
        2.6,
        "you said, you mentioned",
        r"you(?:'ve| have|'d| had)? (?:just )?(?:said|mentioned|told|described|talked|spoke|brought up"
        r"|called|say|were saying|touched)",
        r"(?:said|mentioned|described) (?:earlier|before|just now|that)",
    ),
    clue(
        2.6,
        "why is that, in what way, say more",
        r"^(?:and |but |so |okay )*(?:why|why not|how so|like what|such as|what else|for example"
        r"|for instance|what kind|what sort|in what (?:way|sense)|how come|what then|and then|then what"
        r"|since when|why (?:is|was|do you (?:think|say)|would) (?:that|it|this|so)(?: \w+)?"
        r"|what happened(?: \w+){0,3}|how did (?:that|it|they|you|he|she)(?: \w+){0,4}|what did (?:that|it"
        r"|they|you|he|she)(?: \w+){0,4}|what do you mean(?: \w+){0,3}|what (?:makes|made) (?:you|it|that"
        r"|them)(?: \w+){0,4}|how does that(?: \w+){0,4}|what does that(?: \w+){0,6}|what was that like"
        r"|tell me more(?: \w+){0,4}|say (?:a bit |a little )?more(?: \w+){0,3})$",
        r"tell me (?:a (?:bit|little) )?more about (?:that|it|this|the|those|them)",
        r"tell me (?:the rest|more)",
        r"(?:more about|rest of) (?:that|it|this|those)",
    ),
    clue(
        2.0,
        "that, those, the other one",
        r"(?:that|those|these)(?! (?:you|we|i|they|he|she|is (?:all|it)|makes)\b)",
        r"(?:the other|the ones?|which ones?|that one|this one|one of (?:those|them|these)|each of"
        r"|any of (?:those|them)|both)",
    ),
    clue(
        1.3,
        "they, her, it, there",
        r"(?:they|them|their|he|him|his|she|her|hers)",
        r"(?:it|there|then|so|either|as well|instead|otherwise)(?! (?:is|are|was|were|a|any|anything"
        r"|anyone)\b)",
    ),
    clue(0.8, "and, so, but", r"^(?:and|so|but|then|because|okay so|or)"),
    clue(
        0.6,
        "the past that was told of",
        r"(?:did|was|were|had|happened|went|felt|came|made|led|changed|if|when)",
    ),
    clue(
        0.5,
        "feel, mean, cost, affect, handle",
        r"(?:feel|mean|cost|costs|affect|impact|handle|cope|deal|react|help|helped|manage|try|tried|done"
        r"|differently|exactly|specifically|actually|particular|example|reason)",
    ),
    clue(
        -2.6,
        "before I forget, moving on",
        r"(?:before i forget|moving on|next question|another (?:thing|question|topic)|one (?:more|other"
        r"|last) (?:thing|question)|changing (?:the )?(?:subject|topic|tack)|separately|by the way"
        r"|on a different|next on|(?:last|final) question|have i got everything|anything else|why now"
        r"|roughly how many|tell me about your(?:self|selves| company| business| team| role))",
    ),
    clue(
        -2.0,
        "the question of every list",
        r"(?:your|what's your|what is your|what are your) (?:budget|role|timeline|timeframe|biggest"
        r"|greatest|strengths?|weakness(?:es)?|dream|ideal|goals?|name|email|number|title|hobbies"
        r"|priorities)",
        r"tell me (?:something )?about (?:yourself|a time)",
        r"(?:describe|give (?:me )?an example|walk me through|talk to me about|tell me about) (?:a|an|of"
        r"|your|how you|yourself|the|something)",
        r"why should (?:i|we)|where do you see|who (?:else )?(?:is|has|signs|decides|makes)"
        r"|how did you hear|what (?:motivates|makes you) |are you (?:a|an|willing|able|planning)|on a scale"
        r"|in (?:five|ten|three) years|stood out|what do you (?:know|like|think) about (?:us|our|your)"
        r"|how do you (?:feel|handle|deal|work)|if you could",
    ),
    clue(
        -3.0,
        "a proposal, an opening",
        r"(?:shall|should|can|could) we",
        r"how about (?!that|the|your|those)",
        r"what can (?:i|we) do for you",
        r"^(?:so |and )*how(?:'s| is| are) (?:it|things|everything) going",
        r"when (?:would|do) you want it",
    ),
)
_LOOKS_BACK_BIAS: Final = -4.4
_QUESTION: Final = 0.9
_FIRST_WORD: Final = 0.9  # it is the rep's first sentence after the customer's
_SHARED: Final = 5.0  # for many topic words taken up from the customer's last turn; the first is worth half
_SHARED_HALFWAY: Final = 1.6
_ECHO: Final = 0.45  # for each word of theirs used again, small words as well
_ECHOES_MOST: Final = 12
_SHARED_BEFORE: Final = 0.5  # the same for the turn before
_LONG_WORD: Final = 7
_NO_TURN_YET: Final = -3.0


@dataclass(slots=True)
class Turn:
    """What one side said without the other taking the floor: its sentences, and the stems with a topic."""

    tokens: list[tuple[str, ...]] = field(default_factory=list)
    stems: set[str] = field(default_factory=set)

    def add(self, said: Sentence) -> None:
        """Add a sentence; a very long turn forgets its beginning."""
        self.tokens = [*self.tokens, said.tokens][-_TURN_MOST_SENTENCES:]
        self.stems.update(content(said.tokens))


@dataclass(slots=True)
class Memory:
    """The call so far, as far as the next sentence needs it.

    ``own_run`` counts the rep's sentences since the customer last had the floor; ``floor`` is who has it; ``asked``
    are the plain words of the rep's last sentence, if it asked or gave something back.
    """

    floor: Who | None = None
    customer: Turn = field(default_factory=Turn)
    customer_before: Turn = field(default_factory=Turn)
    own_run: int = 0
    last: dict[Who, frozenset[str]] = field(default_factory=dict)
    run: set[str] = field(default_factory=set)
    rep_turn: set[str] = field(default_factory=set)
    invited: bool = False
    offered: bool = False
    told: bool = False
    clarified: int = 0
    asked: str = ""

    def pitched_last(self) -> bool:
        """Say whether the rep's last sentence was a pitch and the customer has not taken the floor since."""
        return self.own_run > 0 and "pitch" in self.last.get(Who.REP, frozenset())

    def heard(self) -> str:
        """Return the plain words of the customer's last turn, in order; before a mere "Yeah." stands what they told."""
        before = self.customer_before.tokens if self.assented() else []
        return " ".join(word for tokens in (*before, *self.customer.tokens) for word in tokens)

    def answering(self) -> str:
        """Return what the customer goes on from: their own words of this turn, or what was asked of them."""
        if self.floor is not Who.CUSTOMER:
            return self.asked
        return " ".join(word for tokens in self.customer.tokens for word in tokens)

    def assented(self) -> bool:
        """Say whether the customer's last turn was no more than a small word or two ("Yeah.", "Mm, right.")."""
        return 0 < len(self.customer.tokens) <= _ASSENT_MOST_SENTENCES and all(
            not tokens or (len(tokens) <= _ASSENT_MOST_WORDS and is_backchannel(" ".join(tokens)))
            for tokens in self.customer.tokens
        )

    def topics(self) -> set[str]:
        """Return the stems of what the customer told last, passing over a mere "Yeah."."""
        return self.customer.stems | (self.customer_before.stems if self.assented() else set())

    def rep_spoke(self, said: Sentence, cues: frozenset[str], *, asked: bool) -> None:
        """Remember what a sentence of the rep was, and its words if it asked or gave something back."""
        self.asked = said.plain if asked or cues & REFLECTIONS else ""
        if self.floor is not Who.REP:
            self.floor, self.run = Who.REP, set()
            self.own_run = 0
        self.own_run += 1
        self.last[Who.REP] = cues
        self.run |= cues
        self.offered = "question.permission" in cues or (self.offered and not asked)
        if "pitch" in cues:
            self.told = True
        elif asked and self.invited:
            self.clarified += 1
            self.invited = not self.told and self.clarified <= 1

    def customer_spoke(self, said: Sentence, cues: frozenset[str], *, agrees: bool) -> None:
        """Remember what a sentence of the customer was; a back-channel takes no floor and is forgotten."""
        if "backchannel" in cues and self.floor is Who.REP and not self.offered:
            return
        if self.floor is not Who.CUSTOMER:
            self.customer_before, self.customer = self.customer, Turn()
            self.floor = Who.CUSTOMER
            if self.told:
                self.invited = False
        self.own_run = 0
        self.customer.add(said)
        self.last[Who.CUSTOMER] = cues
        if "asks_for_pitch" in cues or (self.offered and agrees):
            self.invited, self.told, self.clarified = True, False, 0
        self.offered = False


def mirror(said: Sentence, memory: Memory) -> float:
    """Return how nearly a sentence gives back the customer's last words, 0 to 1.

    Counted are the words that the customer used in their last turn, persons swapped; at least one must carry a
    topic or the sentence must be nearly all theirs. A mirror is short: nine words at most, or it is a summary.
    """
    words = said.bare.split()
    if is_backchannel(said.raw):
        return 0.0
    if not words or len(words) > 9 or asks_by_form(said) or memory.own_run > 1 or not memory.customer.tokens:  # noqa: PLR2004 - a mirror is short and comes at once
        return 0.0
    best = 0.0
    for back, theirs in enumerate(reversed(memory.customer.tokens)):
        heard = {_SWAPS.get(t, t) for t in theirs} | set(theirs)
        known = [w in heard or (w in _ECHO_FREE and len(words) > 1) for w in words]
        shared = set(content(tuple(words))) & set(content(theirs))
        share = sum(known) / len(words)
        topical = bool(shared) or (len(words) >= 2 and all(w in heard for w in words))  # noqa: PLR2004 - two words of theirs
        best = max(best, share - 0.04 * back if topical else 0.0)
    return likelihood(12.0 * (best - 0.72))


def shared_share(said: Sentence, memory: Memory) -> float:
    """Return the share of a sentence's topic words that the customer used in their last two turns, 0 to 1."""
    mine = content(said.tokens)
    theirs = memory.customer.stems | memory.customer_before.stems
    return sum(s in theirs for s in mine) / len(mine) if mine else 0.0


def follow_up(said: Sentence, memory: Memory, asks: float) -> float:
    """Return how much a sentence builds on what the customer said in their last turn, 0 to 1.

    Source: cues.md; Huang et al. 2017 for why it matters.
    """
    log_odds = _LOOKS_BACK_BIAS + evidence(_LOOKS_BACK, said.plain) + _QUESTION * asks
    if not memory.customer.tokens:
        return likelihood(log_odds + _NO_TURN_YET)
    mine = set(content(said.tokens))
    topics = memory.topics()
    taken_up = sum(_rarity(w) for w in mine & topics)
    log_odds += _SHARED * (1 - math.exp(-taken_up / _SHARED_HALFWAY))
    before = sum(_rarity(w) for w in mine & (memory.customer_before.stems - topics))
    log_odds += min(2.0, before) * _SHARED_BEFORE
    theirs = {word for tokens in memory.customer.tokens for word in tokens}
    log_odds += min(_ECHOES_MOST, len(theirs.intersection(said.tokens))) * _ECHO
    log_odds += _FIRST_WORD if memory.own_run == 0 else 0.0
    return likelihood(log_odds)


def checks(said: Sentence) -> bool:
    """Say whether a question only checks that the rep understood; it follows nothing up."""
    return _CHECKS.search(said.bare) is not None


def _rarity(word: str) -> float:
    """Return a weight for a topic word: a longer word is rarer, so taking it up says more."""
    return 1.2 if len(word) >= _LONG_WORD else 1.0 if len(word) > 3 else 0.7  # noqa: PLR2004 - short stems are common

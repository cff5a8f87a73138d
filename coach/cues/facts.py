"""What the names of the rep's own trade say for a cue.

Owns the forms in which a rep sells with an own name ("Ferrolift does that by itself") and runs a competitor
down by name. Refuses to know how a name is found in words (`coach.call.names`) and what else a sentence says:
its evidence is added to scores that stand.

A name alone sells nothing: a question with it is a question, and who says where they work has only said hello
(``cues.md``). So an own name counts as the subject of a statement, and a competitor's with words that run down.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from coach.call.names import Names, words
from coach.call.vocabulary import (
    ASKS_FOR_PITCH,
    PITCH,
    PRESSURE,
    QUESTION_CLOSED,
    QUESTION_OPEN,
    QUESTION_TAG,
    REFLECTIONS,
)
from coach.cues.weighing import any_of, likelihood

if TYPE_CHECKING:
    from coach.cues.text import Sentence
    from coach.settings import Facts

_SELLS: Final = 3.4
"""Log-odds for a pitch: with it "Acme was founded in 1990" passes the line, and a name in passing does not."""
_ASKS: Final = 4.5
"""Log-odds for a customer's asking: what is asked about our own name is about what we sell."""
_RUNS_DOWN: Final = 5.5
"""Log-odds for pressure: as much as the rules give to running down what they have (`coach.cues.pressing`)."""
_OWN, _RIVAL = "OWN", "RIVAL"  # in capitals, among words that have none

_CLAUSE_END: Final = re.compile(r"[,;:!?]+|\.(?=\s|$)|\s[-\u2013\u2014]\s")
_LEAD: Final = r"(?:(?:so|and|but|well|now|see|look|because|that's why|the|our|here|actually|today|then) )*"
_ADVERB: Final = (
    r"(?:(?:itself|alone|now|just|also|already|never|always|only|simply|even|still|really|\w+ly) ){0,2}"
)
_VERB: Final = (
    r"(?:is|was|has|had|does|did|can|could|will|would|grew|won|cut|came|began|became|made|built|gave|took|got"
    r"|sleeps|\w{2,}(?:s|ed))(?! (?:not|no longer|less|worse|slower)(?! (?:only|just)))"
)
_SUBJECT: Final = any_of(
    rf"^{_LEAD}OWN {_ADVERB}{_VERB}",
    rf"^{_LEAD}OWN's (?:\w+ ){{1,3}}{_ADVERB}{_VERB}",
    rf"^{_LEAD}OWN's {_ADVERB}(?:the|a|an|been|got|built|made|designed|where|what|how|why)",
    rf"^{_LEAD}(?:with|at|in|on|using|through) OWN (?:\w+ )?(?:you|your|you'd|you'll|we|we've|our|the|it|every"
    r"|nobody|all|each|no|nothing)",
    rf"(?:what|where|why|which|because|that|and|so|but) OWN {_ADVERB}{_VERB}",
)
_NOT_SELLING: Final = any_of(
    r"(?:you|they|he|she|someone|somebody) (?:\w+ )?(?:said|told|mentioned|wrote|heard|asked|felt|thought"
    r"|found|feel|think|find)(?: [\w']+)* (?:OWN|RIVAL)",
    r"sorry|apologi[sz]e|our (?:fault|mistake)|crashed|limitation|drawback|downside",
    r"(?:heard|sounds like|seems|it looks like)(?: [\w']+)* (?:OWN|RIVAL)",
)
_WANTS: Final = any_of(r"(?:tell me|show me|hear|see)(?: \w+){0,3} OWN")
_BAD: Final = (
    r"(?:rubbish|garbage|junk|a joke|terrible|useless|outdated|obsolete|ancient|a dinosaur|awful|pathetic|crap"
    r"|a disaster|a nightmare|hopeless|amateurs?|dreadful|a waste|overpriced|unreliable|second rate|a mess"
    r"|history|finished|dead|dying|clunky|slow|stuck|stone age|behind|going (?:under|bust|nowhere)"
    r"|falling apart|not up to|not fit|not even|full of bugs|buggy|cowboys|crooks|a rip off|robbing|ripping"
    r"|fleecing|milking|laughing|no good|bad|the worst|in trouble|losing|yesterday's)"
)
_DOWN: Final = any_of(
    rf"RIVAL(?:'s|'s been| is| are| was| were| has been)(?: (?!not|never|hardly|far|no)[\w']+){{0,3}}? {_BAD}",
    r"RIVAL(?:'s)?(?: [\w']+){0,3}? (?:lets? (?:you|everyone|everybody|people|them) down|rips?|robs?"
    r"|breaks? down|crash(?:es)?|falls? (?:over|apart|behind)|overcharg\w+|cheats?|never (?:works?|answers?"
    r"|calls?|delivers?|turns? up|picks? up|cares?)|(?:can't|couldn't|won't|doesn't|don't|didn't) (?:even|keep"
    r"|cope|care|work|answer|listen|deliver|be around|last))",
    r"(?:nobody|no one) (?:at|from) RIVAL",
    r"(?:stuck|stranded|wasting \w+ (?:time|money)|throwing (?:\w+ )?(?:money|it) away|burning money|losing money)"
    r"(?: \w+){0,2} (?:with|at|on) RIVAL",
    r"(?:get rid of|throw out|dump|ditch|rip out|forget) (?:\w+ )?RIVAL",
    r"(?:don't|can't|never|wouldn't) (?:\w+ )?(?:trust|believe|touch|rely on|count on) (?:\w+ )?RIVAL",
    r"RIVAL (?:customers|users|people|clients)(?: \w+){0,3} (?:leav\w+|running|hate|regret|fleeing)",
)


class NameClues:
    """What the names in a rep's sentence add to its scores; nothing where no names are known."""

    def __init__(self, facts: Facts) -> None:
        self._own, self._rivals = Names(facts.own), Names(facts.competitors)
        self._known = bool(facts.own or facts.competitors)

    def sharpen(self, said: Sentence, scores: dict[str, float], cues: frozenset[str]) -> None:
        """Add the evidence of names to the scores of a rep's sentence.

        Args:
            said: the sentence.
            scores: 0 to 1 by cue, as everything else made them; changed in place.
            cues: those that stand without the names.
        """
        if not self._known or _asks_or_gives_back(cues):
            return
        whole = self._marked(said.raw)
        if _NOT_SELLING.search(whole):
            return
        if any(_SUBJECT.search(self._marked(clause)) for clause in _CLAUSE_END.split(said.raw)):
            scores[PITCH] = _raised(scores[PITCH], _SELLS)
        if _DOWN.search(whole):
            scores[PRESSURE] = _raised(scores[PRESSURE], _RUNS_DOWN)

    def sharpen_customer(self, said: Sentence, scores: dict[str, float], cues: frozenset[str]) -> None:
        """Add the evidence of names to the scores of a customer's sentence: who asks about it asks for a pitch.

        The arguments are those of `sharpen`.
        """
        if not self._known:
            return
        whole = self._marked(said.raw)
        if (cues & {QUESTION_OPEN, QUESTION_CLOSED} and _OWN in whole) or _WANTS.search(whole):
            scores[ASKS_FOR_PITCH] = _raised(scores[ASKS_FOR_PITCH], _ASKS)

    def _marked(self, text: str) -> str:
        """Return plain words with a mark where an own name or a competitor's stands."""
        said = words(text)
        marks = {s.first: (s.end, _RIVAL) for s in self._rivals.spot(text)}
        marks |= {s.first: (s.end, _OWN) for s in self._own.spot(text)}
        out: list[str] = []
        at = 0
        while at < len(said):
            end, mark = marks.get(at, (at + 1, said[at]))
            named = at in marks and said[end - 1].endswith("'s")
            out.append(f"{mark}'s" if named else mark)
            at = end
        return " ".join(out)


def _asks_or_gives_back(cues: frozenset[str]) -> bool:
    """Say whether a sentence is a question, a tag aside, or gives the customer's own words back."""
    return any(c in REFLECTIONS or (c.startswith("question.") and c != QUESTION_TAG) for c in cues)


def _raised(score: float, log_odds: float) -> float:
    kept = min(max(score, 1e-6), 1 - 1e-6)
    return likelihood(math.log(kept / (1 - kept)) + log_odds)

"""One follow-up question, built from the customer's own last words; or none.

Owns which of their sentences may be taken up, which words are fit to be given back, and the turn from "my" to
"your". The questions themselves are data (`coach.nudges.templates`). Refuses to invent: every word that is not
the template's is theirs. Where no phrase is good enough there is no question; rather miss than nag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from coach.call import vocabulary as cue
from coach.call.events import Who
from coach.nudges.templates import FROM, TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coach.call.events import SentenceHeard
    from coach.nudges.templates import Template

FRESH_MS: Final = 90_000
"""What the customer said longer ago is no longer taken up (own default: a monologue is nudged at 75 s)."""
TURNS_BACK: Final = 2
"""Their last turns that may be taken up (own default)."""
MOST_LETTERS: Final = 64
"""A longer question is not read in one glance (own default: two lines of the card)."""
_LEAST_WORDS: Final = 3

_FILLERS: Final = re.compile(
    r"(?:,\s*)?\b(?:u+m+|u+h+|e+r+m*|h+m+|you know|let's say|i mean|i think|what's it called|sort of|kind of)\b,?"
    r"|,\s*like,",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(
    r"[,;:.?!()]+\s|[.?!,]+$|\s(?:and(?! a half)|but|because|so|while|although|though|unless)\s"
)
_OPENER: Final = re.compile(
    r"^(?:(?:and|so|but|well|honestly|basically|yeah|yes|no|oh|okay|right|because|then|suddenly|sometimes|actually"
    r"|now|look|see"
    r"|the (?:thing|trouble|problem) is(?: that)?|the reason i'm asking is|thing is|at the moment"
    r"|of course|obviously|to be honest"
    r"|in (?:the )?\w+|on (?:a )?\w+day|i reckon|i guess|i suppose|i'd say)\s+)+(?=\S+\s)",
    re.IGNORECASE,
)
_STAMMER: Final = re.compile(r"\b([\w']+(?: [\w']+)?) \1\b", re.IGNORECASE)
_TRAILS_OFF: Final = re.compile(r"(?:\.\.+|\u2026|-+|\u2014|\u2013)[\"')\s]*$")
_CAPITAL: Final = re.compile(r"I\b|[A-Z]+\b|[A-Z]\w+day\b")
"""First words that keep their capital; any other is a capital only because a sentence begins with it."""
_QUOTES: Final = str.maketrans("\u2019\u2018\u201c\u201d", "''\"\"")
_UNFIT: Final = re.compile(
    r"\b(?:you|your|yours|you're|you've|you'd|you'll"
    r"|fuck\w*|shit\w*|damn\w*|hell|crap\w*|bloody|bugger\w*|arse\w*|ass|bastard\w*|bitch\w*|piss\w*|wank\w*|christ|god"
    r"|idiots?|morons?|fools?|clowns?|liars?|crooks?|thief|thieves|cowboys?|muppets?|cretins?|lazy|stupid|dumb|useless"
    r"|who knows|a thing|for love|here|there|er|um|child|children|kids?|bab(?:y|ies)"
    r"|(?:my|our) (?:\w+ ){0,2}(?:husband|wife|mother|mum|mom|father|dad|parents|sons?|daughters?|brother|sister|family"
    r"|job|home|health|sleep|mind|temper|voice|leg|arm|hand|foot|eye|hearing|sight))\b|[^\w\s',.&%/-]",
    re.IGNORECASE,
)
_GRIEF: Final = re.compile(
    r"\b(?:die[sd]?|dying|death|dead|passed away|funeral|suicide|murder\w*|killed|cancer|tumou?rs?|chemo\w*|stroke"
    r"|dementia|miscarriage|divorce\w*|grie\w+|cry|cried|crying|depress\w+|abus\w+|raped?|in (?:the )?hospital)\b",
    re.IGNORECASE,
)
"""Where they speak of this, no pattern has anything to say, nor about the sentence beside it."""
_LOOSE_END: Final = re.compile(
    r"\b(?:the|a|an|my|our|your|of|to|in|on|at|for|with|by|from|and|or|who|which|is|are|was|were|has|have|had|be|not|very"
    r"|so|if|as|it's|i'm|we're|their|his|her|every|some|any|than|about|into|don't|can't|just|really|then|when|because)$",
    re.IGNORECASE,
)
_EMPTY: Final = re.compile(
    r"^(?:(?:the|a|an|my|our|your|those|these|this|that|one|it|them|they|him|her|thing|things|stuff|lot|way|bit|something|anything"
    r"|everything|all|some|other|ones?|rest|last|same|do|doing|what|even|who knows"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|\w+ty|hundred|thousand|it's|going|to|on|in|of|with|for)\s*)+$",
    re.IGNORECASE,
)
_TURNED: Final = {
    "i": "you",
    "me": "you",
    "we": "you",
    "us": "you",
    "my": "your",
    "our": "your",
    "mine": "yours",
    "ours": "yours",
    "myself": "yourself",
    "ourselves": "yourselves",
    "i'm": "you're",
    "we're": "you're",
    "i've": "you've",
    "we've": "you've",
    "i'd": "you'd",
    "we'd": "you'd",
    "i'll": "you'll",
    "we'll": "you'll",
    "am": "are",
}


def suggest(sentences: Sequence[SentenceHeard], now_ms: int) -> str:
    """Return one short question built from the customer's last words; empty where none is good enough.

    Args:
        sentences: what was heard, in any order; what was said after ``now_ms`` is passed over.
        now_ms: the moment of the question, in milliseconds of audio.
    """
    worth = _worth_taking_up(sentences, now_ms)
    if any(_GRIEF.search(said.text) for said in worth):
        return ""
    for said in worth:
        for template in TEMPLATES:
            if FROM[template.kind].intersection(said.cues) and (question := _built(template, said.text)):
                return question
    return ""


def _worth_taking_up(sentences: Sequence[SentenceHeard], now_ms: int) -> list[SentenceHeard]:
    """Return the needs of their last turns, the latest first, then their last full sentence."""
    recent = _last_turns(sentences, now_ms)
    full = [s for s in recent if cue.NEEDS.isdisjoint(s.cues) and len(s.text.split()) > _LEAST_WORDS]
    return [*(s for s in recent if not cue.NEEDS.isdisjoint(s.cues)), *full[:1]]


def _last_turns(sentences: Sequence[SentenceHeard], now_ms: int) -> list[SentenceHeard]:
    """Return the customer's sentences of their last turns, the latest first: statements, and no back-channels."""
    found: list[SentenceHeard] = []
    turns, before = 0, Who.REP
    heard = (s for s in sentences if s.end_ms <= now_ms and cue.BACKCHANNEL not in s.cues)
    for s in sorted(heard, key=lambda s: s.end_ms, reverse=True):
        turns += s.who is Who.CUSTOMER and before is Who.REP
        before = s.who
        if turns > TURNS_BACK or now_ms - s.end_ms > FRESH_MS:
            break
        if s.who is Who.CUSTOMER and not s.text.rstrip().endswith("?") and cue.ASKS_FOR_PITCH not in s.cues:
            found.append(s)
    return found


def _built(template: Template, text: str) -> str:
    """Return the question that a template makes of a sentence; empty where its words are not fit."""
    clauses = list(_clauses(text))
    if _TRAILS_OFF.search(text):
        clauses = clauses[:-1]  # what was not said to its end is not given back
    for clause in clauses:
        found = template.clause.search(clause)
        if found is None or not _fit(found.groups()):
            continue
        question = template.question.format(*(_turned(words) for words in found.groups()))
        if len(question) <= MOST_LETTERS:
            return question
    return ""


def _clauses(text: str) -> Iterator[str]:
    line = " ".join(_FILLERS.sub(" ", text.translate(_QUOTES)).split())
    if not _CAPITAL.match(line):
        line = line[:1].lower() + line[1:]
    for part in _CLAUSE.split(line):
        clause = _STAMMER.sub(r"\1", part.strip(" \"'"))
        yield _OPENER.sub("", clause)


def _fit(phrases: Sequence[str]) -> bool:
    words = " ".join(phrases)
    return not (_UNFIT.search(words) or _LOOSE_END.search(words) or _EMPTY.search(phrases[-1]))


def _turned(words: str) -> str:
    """Return their words as the rep would say them: "my" is "your", and "I was" is "you were"."""
    return " ".join(_TURNED.get(w.lower(), w) for w in words.split()).replace("you was", "you were")

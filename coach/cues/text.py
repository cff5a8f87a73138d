"""Words out of a line of speech, however it was written down.

Owns the plain form of a sentence: lower case, no punctuation, no hesitations, no stammers, split into
clauses. Refuses to know what any of it means. A recogniser's case, commas and question marks are hints, so
they are kept beside the words, never in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# Curly quotes, an acute accent, three dots and dashes, as their plain cousins.
_QUOTES: Final = str.maketrans("\u2019\u2018\u00b4\u201c\u201d\u2026\u2013\u2014", "'''\"\",,,")

# A new sentence: an end mark, a space, and then something; three dots are a pause. "Mr. Ng" is not an end.
_SENTENCE_END: Final = re.compile(
    r"(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bdr)(?<!\bvs)(?<=[.?!])[\"')]*\s+(?=\S)", re.IGNORECASE
)
_DOTS: Final = re.compile(r"\.{2,}|--+|\s-\s|-(?=\s|$)")
_CLAUSE_END: Final = re.compile(r"[,;:.?!]+")
_MARKS: Final = re.compile(r"[^a-z0-9' ]+")
_SIGNS: Final = (
    (re.compile(r"[$£€]\s?([\d][\d.,]*)"), r"\1 dollars"),
    (re.compile(r"(\d)\s?%"), r"\1 percent"),
)
_NUMBER_JOINS: Final = re.compile(r"(?<=\d)[.,](?=\d)")
_HESITATION: Final = re.compile(r"(?<!')\b(?:u+m+|u+h+|e+r+|e+r+m+|a+h+|h+m+|m+)\b(?!')")
# "what type, what type of": the second try counts. Up to three words said twice.
_STAMMER: Final = re.compile(r"\b([a-z']+(?: [a-z']+){0,2}) (?=\1\b)")
# "you know" as an empty word, not "do you know how".
_YOU_KNOW: Final = re.compile(
    r"(?<!do )(?<!did )(?<!if )(?<!as )(?<!let )(?<!would )(?<!don't )(?<!that )(?<!all )(?<!what )(?<!^)"
    r"\byou know\b"
    r"(?! (?:what|how|who|why|where|when|which|if|whether|that|about|of|the|it|any\w*|them|him|her|me"
    r"|your)\b)"
)
_BRACKETS: Final = re.compile(r"\[[^\]]*\]|<[^>]*>")

_OPENERS: Final = re.compile(
    r"^(?:(?:so|and|but|well|okay|ok|yeah|yes|yep|no|now|oh|right|then|i mean|you know|i guess|like"
    r"|anyway|alright|all right"
    r"|actually|honestly|sorry|ha|haha|sure|great|good|perfect|lovely|excellent|cool|wow|hi|hello|hey"
    r"|also|cause|'cause|see|look"
    r"|listen|just out of curiosity|out of curiosity|just curious|quick question|one more thing"
    r"|first of all|tell me"
    r"(?= (?:do|does|did|is|are|what|how|why|when|where|who)\b)|fair enough|got it|i see|gotcha"
    r"|interesting|absolutely|of course"
    r"|exactly|thanks|thank you|mhm|uh huh|for instance|by the way|let me ask you|let me ask you this"
    r"|may i ask|can i ask"
    r"|could i ask|if i may ask|if you don't mind me asking|basically|obviously|please|maybe|roughly"
    r"|first|next|finally"
    r"|again|though)\s+)+"
)
_STOP: Final = frozenset(
    """
    a about actually after again ago ah all almost already also always am an and another any anybody anyone
    anything anyway are aren't around as ask at away back bad basically be because been before being big bit
    both but by call came can can't cause come comes could couldn't day did didn't different do does doesn't
    doing don't done down each either else enough even ever every everybody everyone everything exactly far
    feel few find first for from get gets getting give go goes going gone gonna good got great guess had
    happen happened happens has hasn't have haven't having he he'd he'll he's help her here hers him his hmm
    how however i i'd i'll i'm i've if in into is isn't it it'd it'll it's its just keep kind know last
    least less let let's like little look looking lot lots made make makes making many may maybe me mean
    might mine more most much must my myself need never new next no nobody none nope not nothing now of off
    often oh ok okay on once one ones only or other others our ours out over own part people person perhaps
    please point pretty probably put quite rather really right said same saw say saying says see seem seems
    seen shall she she'd she'll she's should shouldn't since so some somebody someone something sometimes
    somewhere sort still stuff such sure take takes taking tell than thank thanks that that'd that'll that's
    the their them then there there's these they they'd they'll they're they've thing things think thinking
    this those though thought through till time times to today together told too took try trying two type
    under until up us use used using usually very want wanted wants was wasn't way we we'd we'll we're we've
    well went were weren't what what's when where where's which while who who's whole why will with within
    without won't work working works would wouldn't yeah year years yep yes yet you you'd you'll you're
    you've your yours yourself
    """.split()  # noqa: SIM905 - a page of words reads best as a page
)
_SUFFIXES: Final = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ingly",
    "edly",
    "ings",
    "ness",
    "ities",
    "ing",
    "ied",
    "ies",
    "ers",
    "ed",
    "ly",
    "es",
    "er",
    "s",
)
_SHORTEST_STEM: Final = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as words, with the recogniser's hints beside them.

    ``plain`` has no marks, hesitations or stammers; ``bare`` is ``plain`` without the words that only open it
    ("so", "well, okay"); ``clauses`` are cut at commas where there are any, each bare; ``tokens`` are the words
    of ``plain``; ``asks`` and ``states`` say that a question mark or a full stop was written.
    """

    raw: str
    plain: str
    bare: str
    clauses: tuple[str, ...]
    tokens: tuple[str, ...]
    asks: bool
    states: bool


def split(text: str) -> list[str]:
    """Return the sentences of a line; a recogniser may have run several together."""
    line = _DOTS.sub(",", _BRACKETS.sub(" ", text.translate(_QUOTES)))
    return [
        p
        for p in (part.strip() for part in _SENTENCE_END.split(line))
        if _MARKS.sub("", p.lower()).strip(" '")
    ]


def plain(text: str) -> str:
    """Return lower-case words with single spaces, without marks, hesitations and stammers."""
    line = text.translate(_QUOTES).lower().replace("-", " ")
    for sign, word in _SIGNS:
        line = sign.sub(word, line)
    line = _MARKS.sub(" ", _NUMBER_JOINS.sub("", line))
    line = " ".join(_HESITATION.sub(" ", line).split())
    line = " ".join(_YOU_KNOW.sub(" ", line).split())
    return _STAMMER.sub("", line)


def bare(words: str) -> str:
    """Return plain words without those that only open a sentence, unless nothing else would be left."""
    rest = _OPENERS.sub("", words)
    return rest or words


def sentence(text: str) -> Sentence:
    """Return one sentence as words and hints."""
    whole = plain(text)
    parts = [
        bare(p)
        for p in (plain(c) for c in _CLAUSE_END.split(_NUMBER_JOINS.sub("", text.translate(_QUOTES))))
        if p
    ]
    end = text.rstrip(" \"')")[-1:]
    return Sentence(
        raw=text,
        plain=whole,
        bare=bare(whole),
        clauses=tuple(parts),
        tokens=tuple(whole.split()),
        asks=end == "?",
        states=end in {".", "!"},
    )


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return a light stem: "costing", "costs" and "cost" meet, meanings are left alone."""
    w = word.split("'", 1)[0]
    for suffix in _SUFFIXES:
        if w.endswith(suffix) and len(w) - len(suffix) >= _SHORTEST_STEM:
            w = w[: -len(suffix)]
            if suffix in {"ies", "ied", "ities"}:
                w += "y"
            break
    if len(w) > _SHORTEST_STEM and w[-1] == w[-2] and w[-1] not in "aeiouls":
        w = w[:-1]  # "stopped" and "stop"
    return w.rstrip("e") or w


def content(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Return the stems of the words that carry a topic, in order."""
    return tuple(stem(t) for t in tokens if t not in _STOP and (len(t) > 1 or t.isdigit()))

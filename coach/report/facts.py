"""What became of the rep's own facts in a call: the ONLY statement, competitors, jargon.

Owns when a statement counts as said, and who named whom when. It reads the words of the call; it judges
nothing and has no part in any figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from coach.call import vocabulary as cue
from coach.call.events import Who
from coach.call.names import Names, words
from coach.report.unquoted import is_wordless

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coach.call.events import SentenceHeard
    from coach.settings import Facts

SAID_SHARE: Final = 0.6
"""So much of a statement's content words is the statement, said in other words (own default)."""
NEXT_MS: Final = 3_000
"""A statement may be said in two sentences with no longer pause between them."""
_STEM_LETTERS: Final = 4  # words that share so many first letters, less an ending, are the same word
_ENDING_LETTERS: Final = 2

_ONLY: Final = frozenset(
    {"only", "first", "sole", "alone", "unique", "nobody", "none", "else", "exclusively"}
)
_ONLY_PAIRS: Final = frozenset({("no", "one"), ("no", "other"), ("not", "one")})
_SMALL: Final = frozenset(
    """
    a about all also am an and any are as at be been but by can do does else ever for from get gets give gives
    had has have he how i i'm if in into is it it's its just many me most much my no nobody none not of on
    one ones only or other our ours out over she so some than that that's the their them there they this to
    too up us very was we we're we've well were what when where which who who's whose why will with without
    would you your yours first sole alone unique exclusively
    """.split()  # noqa: SIM905 - a list of words reads best as a page
)
"""Words that carry no content of a statement."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A sentence in which something was said; times in seconds."""

    who: Who
    at_s: float
    quote: str


@dataclass(frozen=True, slots=True)
class Only:
    """The ONLY statement and the moments at which it was said."""

    statement: str
    said: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A competitor and the moments at which either side named it."""

    name: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Jargon:
    """A word of the trade that the rep used before the customer did.

    Args:
        word: as the settings have it.
        moments: the rep's sentences with it, up to the customer's first.
        customer_at_s: when the customer first used it; None for never.
    """

    word: str
    moments: tuple[Moment, ...]
    customer_at_s: float | None


@dataclass(frozen=True, slots=True)
class FactsSaid:
    """What became of the facts; ``only`` is None where no statement is set."""

    only: Only | None
    competitors: tuple[Mentioned, ...]
    jargon: tuple[Jargon, ...]


def facts_said(facts: Facts, sentences: Sequence[SentenceHeard]) -> FactsSaid | None:
    """Return what became of the facts in the words of a call; None without facts, or without words.

    What only words that were not kept could tell is left out: that a statement was never made, that they never used a
    word.

    Args:
        facts: of the rep's trade.
        sentences: of both sides, in any order; one whose words were not kept counts as none, a back-channel too.
    """
    wordless = {s.who for s in sentences if is_wordless(s)}
    told = (s for s in sentences if words(s.text) and not cue.is_backchannel(s.text))
    heard = sorted(told, key=lambda s: (s.start_ms, s.who))
    if not facts or not heard:
        return None
    only = Only(facts.only, tuple(_said_only(facts.only, heard))) if facts.only else None
    if only is not None and not only.said and Who.REP in wordless:
        only = None
    jargon = () if Who.CUSTOMER in wordless else tuple(_jargon(facts, heard))
    return FactsSaid(only, tuple(_competitors(facts, heard)), jargon)


def is_only(statement: str, text: str) -> bool:
    """Say whether a text makes the statement: most of its content words, and "only" where it has that.

    "We repair lifts the same day" is no "We are the only ones who repair lifts the same day".
    """
    wanted, said = words(statement), words(text)
    if _is_alone(wanted) and not _is_alone(said):
        return False
    content = set(wanted) - _SMALL or set(wanted)
    found = sum(any(_same(w, s) for s in said) for w in content)
    return found >= SAID_SHARE * len(content)


def _said_only(statement: str, heard: Sequence[SentenceHeard]) -> Iterator[Moment]:
    before: SentenceHeard | None = None
    for s in heard:
        near = before is not None and before.who is s.who and s.start_ms - before.end_ms <= NEXT_MS
        if s.who is Who.REP and is_only(statement, s.text):
            yield _moment(s)
            before = None  # said; its second half is not said again
        elif s.who is Who.REP and near and before and is_only(statement, f"{before.text} {s.text}"):
            yield Moment(Who.REP, before.start_ms / 1000, f"{before.text} {s.text}")
            before = None
        else:
            before = s


def _is_alone(said: Sequence[str]) -> bool:
    return bool(_ONLY & set(said)) or bool(_ONLY_PAIRS & set(pairwise(said)))


def _same(one: str, other: str) -> bool:
    """Say whether two words are one, but for an ending: "repair" and "repairs", "stop" and "stopping"."""
    shortest = min(len(one), len(other))
    if shortest < _STEM_LETTERS:
        return one.removesuffix("s") == other.removesuffix("s")
    stem = max(_STEM_LETTERS, shortest - _ENDING_LETTERS)
    return one[:stem] == other[:stem]


def _competitors(facts: Facts, heard: Sequence[SentenceHeard]) -> Iterator[Mentioned]:
    names = Names(facts.competitors)
    found: dict[str, list[Moment]] = {}
    for s in heard:
        for name in dict.fromkeys(spot.name for spot in names.spot(s.text)):
            found.setdefault(name, []).append(_moment(s))
    yield from (Mentioned(name, tuple(found[name])) for name in facts.competitors if name in found)


def _jargon(facts: Facts, heard: Sequence[SentenceHeard]) -> Iterator[Jargon]:
    for word in facts.jargon:
        names = Names((word,), plural=True)
        using = [s for s in heard if names.spot(s.text)]
        theirs = next((s for s in using if s.who is Who.CUSTOMER), None)
        ours = [s for s in using if s.who is Who.REP and (theirs is None or s.start_ms < theirs.start_ms)]
        if ours:
            first = theirs.start_ms / 1000 if theirs is not None else None
            yield Jargon(word, tuple(_moment(s) for s in ours), first)


def _moment(s: SentenceHeard) -> Moment:
    return Moment(s.who, s.start_ms / 1000, s.text)

"""The figures of a finished call: each with its value, its unit and how it was got.

Owns the formulas of ``metrics.md`` that look back over a whole call. Refuses to guess: what the channels do
not allow is *not available*, never zero.
"""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from coach.call import vocabulary as cue
from coach.call.events import SentenceHeard, Who
from coach.call.turns import interruptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from coach.call.meters import Meters
    from coach.call.turns import Turn

MEASURED: Final = "measured"
ESTIMATED: Final = "estimated"
NOT_AVAILABLE: Final = "not available"

SHORT_QUESTION_MS = 5000
"""A question of the rep up to this long does not break a customer's story (``metrics.md``)."""
FOLLOW_UPS_FROM_MS = 120_000
"""Follow-up rate counts questions from here on (``metrics.md``)."""
FIRST_MS = 300_000
"""The first five minutes (Curhan & Pentland 2007)."""
PACE_WINDOW_MS = 30_000
"""Pace is taken over this much of the rep's own speech (``metrics.md``)."""
CLOSED_RUN = 4
"""So many closed questions in a row are flagged (``metrics.md``)."""
NEEDS, QUESTIONS = 2, 4
"""Fewer needs voiced and fewer questions asked make an uninvited pitch premature (``metrics.md``)."""
BY_PAUSES: Final = frozenset({"longest_monologue", "questions", "questions_per_10_min"})
"""The figures in which a turn of the rep ends with a pause of 1.5 s where the customer cannot be heard
(``metrics.md``: monologue): estimates there, for a pause is not the customer's turn."""
UNLIKE: Final = frozenset({"longest_monologue"})
"""Of these the ones that mean something else with a microphone alone, and are set against no call with two sides."""
PITCH_EXPECTED: Final = frozenset({"demo", "follow_up"})
"""Types of call in which no pitch is premature (``cues.md``: discovery and first contact alone)."""
WITHOUT_CUES: Final = frozenset(
    {
        "talk_share",
        "airtime",
        "longest_monologue",
        "patience",
        "interruptions",
        "switch_rate",
        "pace",
        "first_five_minutes_share",
        "first_five_minutes_switch_rate",
        "bleed",
    }
)
"""The figures that need no cues: all that a call in a language whose cues are not read can have."""
LAST_FIFTH: Final = 0.8
"""A next step counts in the last fifth of the planned time (``metrics.md``)."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``value`` is None where it is not available."""

    name: str
    value: float | None
    unit: str
    how: str
    source: str


def figures(meters: Meters, *, heard_words: bool = True) -> tuple[Figure, ...]:
    """Return every figure of a call, in the order of ``metrics.md``.

    Args:
        meters: the folded call.
        heard_words: False where no speech model ran; figures that need words are then not available.

    In a language whose cues are not read, figures that need them are not available either. Where the sides shared one
    channel all are estimates, and what rests on two people speaking at once is not available. Where several voices are
    in the one channel and nobody knows which is the rep's, none is available.
    """
    call = _Call(meters, heard_words)
    return tuple(
        Figure(name, value, unit, _how(call, name, value), source)
        for name, unit, source, formula in _TABLE
        for value in (_rounded(formula(call)) if _is_known(meters, name) else None,)
    )


def alike(meters: Meters, found: Iterable[Figure]) -> tuple[Figure, ...]:
    """Return the figures of a call that can be set against those of other calls.

    A monologue that pauses end is shorter than one that the customer's turns end, so a call with a microphone alone
    goes into no median of it.
    """
    return tuple(f for f in found if not (meters.alone and f.name in UNLIKE))


def _is_known(meters: Meters, name: str) -> bool:
    return not meters.mixed and (meters.reads_cues or name in WITHOUT_CUES)


def _how(call: _Call, name: str, value: float | None) -> str:
    """Return how a figure was got.

    All but the bleed itself rest on who spoke, which a strong one makes a guess, and so does a shared channel.
    """
    if value is None:
        return NOT_AVAILABLE
    if name in BY_PAUSES and not call.both:
        return ESTIMATED
    return ESTIMATED if call.estimated or (call.m.bled and name != "bleed") else MEASURED


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 3)


class _Call:
    """A finished call, seen by the formulas."""

    def __init__(self, meters: Meters, heard_words: bool) -> None:  # noqa: FBT001 - private, one caller
        self.m = meters
        self.both = meters.started is not None and Who.CUSTOMER in meters.started.channels
        self.estimated = meters.started is not None and meters.started.estimated
        self.words = heard_words
        end = meters.ended_ms if meters.ended_ms is not None else meters.now_ms
        self.end = end
        self.elapsed = max(0, end - meters.paused_ms)
        heard = sorted(meters.sentences, key=lambda s: (s.start_ms, s.who))
        self.rep = [s for s in heard if s.who is Who.REP and cue.BACKCHANNEL not in s.cues]
        self.customer = [s for s in heard if s.who is Who.CUSTOMER and cue.BACKCHANNEL not in s.cues]
        self.questions = [s for s in self.rep if _counted(s)]

    def spoken(self, who: Who, start: int = 0, end: int | None = None) -> int:
        return self.m.floor.spoken_ms(who, start, self.end if end is None else end, self.end)

    def held(self, who: Who, start: int = 0, end: int | None = None) -> int:
        return self.m.floor.held_ms(who, start, self.end if end is None else end, self.end)

    def turn_of(self, s: SentenceHeard) -> int:
        """Return which turn a sentence stands in: the last of its side that began before its end."""
        found = -1
        for i, turn in enumerate(self.m.floor.turns):
            if turn.who is s.who and turn.start_ms < s.end_ms:
                found = i
        return found

    def with_cue(self, name: str) -> int:
        return sum(name in s.cues for s in self.rep)


def _counted(s: SentenceHeard) -> bool:
    return bool(cue.COUNTED_QUESTIONS.intersection(s.cues))


def _share(call: _Call, start: int = 0, end: int | None = None) -> float | None:
    rep, customer = call.held(Who.REP, start, end), call.held(Who.CUSTOMER, start, end)
    return rep / (rep + customer) if call.both and rep + customer else None


def _airtime(call: _Call) -> float | None:
    """Return the share of the elapsed time in which the rep's voice is on: ``|R| / elapsed``, pauses left out.

    The base is that of Amazon Contact Lens and Zoom (``metrics.md``). It is no talk share: what the customer says is
    silence here. Time in which the microphone was lost is not counted, for nobody knows what was said in it.
    """
    lost = sum((call.end if u is None else u) - a for who, a, u in call.m.lost if who is Who.REP)
    heard = call.elapsed - lost
    return call.spoken(Who.REP) / heard if heard > 0 else None


def _longest_monologue(call: _Call) -> float | None:
    return max((r.end_ms - r.start_ms for r in call.m.runs), default=0) / 1000


def _longest_story(call: _Call) -> float | None:
    if not call.both:
        return None
    asked = {call.turn_of(s) for s in call.questions}
    best, start, end = 0, None, 0
    for i, turn in enumerate(call.m.floor.turns):
        if turn.who is Who.CUSTOMER:
            start, end = (turn.start_ms if start is None else start), turn.end_ms
            best = max(best, end - start)
        elif turn.end_ms - turn.start_ms > SHORT_QUESTION_MS or i not in asked:
            start = None
    return best / 1000


def _worded(formula: Callable[[_Call], float | None]) -> Callable[[_Call], float | None]:
    return lambda call: formula(call) if call.words else None


def _two_sided(formula: Callable[[_Call], float | None]) -> Callable[[_Call], float | None]:
    return lambda call: formula(call) if call.both else None


def _asked_units(call: _Call) -> float:
    return len({call.turn_of(s) for s in call.questions})


def _stacked(call: _Call) -> float:
    turns = [call.turn_of(s) for s in call.questions]
    return sum(turns.count(t) > 1 for t in set(turns))


def _closed_runs(call: _Call) -> float:
    longest = run = 0
    for s in call.questions:
        run = run + 1 if cue.QUESTION_CLOSED in s.cues else 0
        longest = max(longest, run)
    return longest


def _follow_up_rate(call: _Call) -> float | None:
    later = [s for s in call.questions if s.start_ms >= FOLLOW_UPS_FROM_MS]
    return sum(cue.FOLLOW_UP in s.cues for s in later) / len(later) if later else None


def _layers(call: _Call) -> float:
    longest = run = 0
    for s in call.questions:
        run = run + 1 if cue.FOLLOW_UP in s.cues else 0
        longest = max(longest, run)
    return longest


def _listening_moves(call: _Call) -> float | None:
    moves = sum(bool(cue.REFLECTIONS.intersection(s.cues)) + (cue.FOLLOW_UP in s.cues) for s in call.rep)
    minutes = call.spoken(Who.CUSTOMER) / 60_000
    return 10 * moves / minutes if minutes else None


def _changes(call: _Call) -> Iterable[tuple[Turn, Turn]]:
    turns = call.m.floor.turns
    return [(a, b) for a, b in pairwise(turns) if a.who is not b.who]


def _patience(call: _Call) -> float | None:
    gaps = [b.start_ms - a.end_ms for a, b in _changes(call) if b.who is Who.REP]
    return statistics.median(gaps) / 1000 if gaps else None


def _interruptions(call: _Call) -> float | None:
    if call.m.bled or call.estimated or not call.elapsed:
        return None
    return 600_000 * len(interruptions(call.m.floor.turns)) / call.elapsed


def _switch_rate(call: _Call) -> float | None:
    return 60_000 * len(list(_changes(call))) / call.elapsed if call.elapsed else None


def _pitch_onset(call: _Call) -> float | None:
    """Return when the first pitch began that nobody had asked for; who cannot hear them cannot know that."""
    return next(
        (s.start_ms / 1000 for s in call.rep if cue.PITCH in s.cues and cue.INVITED not in s.cues), None
    )


def _premature(call: _Call) -> float | None:
    """Count the rep's turns with a premature pitch: one presentation is one, however many sentences it has.

    In a demo or a follow-up they came to be shown: no pitch is premature (``cues.md``).
    """
    if call.m.started is not None and call.m.started.call_type in PITCH_EXPECTED:
        return None
    early = {
        p.start_ms for p in call.m.pitches if not p.invited and p.needs < NEEDS and p.questions < QUESTIONS
    }
    return len({call.turn_of(s) for s in call.rep if s.start_ms in early})


def _pounces(call: _Call) -> float:
    return sum(p.pounced for p in call.m.pitches)


def _pitch_share(part: int | None = None) -> Callable[[_Call], float | None]:
    def formula(call: _Call) -> float | None:
        third = call.end / 3
        said = [s for s in call.rep if part is None or part * third <= s.start_ms < (part + 1) * third]
        return sum(cue.PITCH in s.cues for s in said) / len(said) if said else None

    return formula


def _words(text: str) -> list[str]:
    return re.findall(r"(?:[^\W\d_]|')+|\d+", text.lower())


def _pace(call: _Call) -> float | None:
    """Median words a minute over stretches of 30 s of the rep's own speech; the whole where there is less.

    None where a log of timings kept no words, and in a language written without spaces between them.
    """
    if call.m.started is not None and call.m.started.language in cue.SPACELESS:
        return None
    rates: list[float] = []
    said, spoken = 0, 0
    for s in call.rep:
        if not (many := len(_words(s.text))):
            continue  # its words were not kept: its time would make the others slow
        said += many
        spoken += s.end_ms - s.start_ms
        if spoken >= PACE_WINDOW_MS:
            rates.append(60_000 * said / spoken)
            said = spoken = 0
    if not rates and spoken:
        rates.append(60_000 * said / spoken)
    return statistics.median(rates) if rates else None


def _fillers(call: _Call) -> float | None:
    minutes = sum(s.end_ms - s.start_ms for s in call.rep) / 60_000
    return sum(cue.FILLER in s.cues for s in call.rep) / minutes if minutes else None


def _pronouns(*which: str) -> Callable[[_Call], float | None]:
    def formula(call: _Call) -> float | None:
        said = [w.split("'")[0] for s in call.rep for w in _words(s.text)]
        return 100 * sum(w in which for w in said) / len(said) if said else None

    return formula


def _next_step(call: _Call) -> float | None:
    planned = call.m.started.planned_ms if call.m.started is not None else 0
    start = LAST_FIFTH * min(planned or call.end, call.end)
    return float(any(cue.NEXT_STEP in s.cues and s.start_ms >= start for s in call.rep))


def _coverage(call: _Call) -> float | None:
    """Count the parts of their world the customer spoke of; an older log was not read for them."""
    if call.customer and not any(_read_for_world(s) for s in call.customer):
        return None
    return float(len(spoken_of(call.m.sentences)))


def _read_for_world(s: SentenceHeard) -> bool:
    return any(name in cue.WORLD for name in (*s.cues, *(name for name, _ in s.scores)))


def spoken_of(sentences: Iterable[SentenceHeard]) -> dict[str, SentenceHeard]:
    """Return the customer's first sentence on each part of their world, in the order of ``cues.md``."""
    heard = sorted((s for s in sentences if s.who is Who.CUSTOMER), key=lambda s: s.start_ms)
    firsts = ((part, next((s for s in heard if part in s.cues), None)) for part in cue.WORLD)
    return {part: first for part, first in firsts if first is not None}


def _gap_now(call: _Call) -> float | None:
    last = call.questions[-1].end_ms if call.questions else 0
    return (call.end - last) / 1000


def _per_ten(formula: Callable[[_Call], float]) -> Callable[[_Call], float | None]:
    return lambda call: 600_000 * formula(call) / call.elapsed if call.elapsed else None


def _cue_count(name: str) -> Callable[[_Call], float]:
    return lambda call: float(call.with_cue(name))


def _early_questions(call: _Call) -> float:
    return sum(s.start_ms < FIRST_MS for s in call.questions)


def _early_switches(call: _Call) -> float | None:
    early = min(FIRST_MS, call.end)
    return 60_000 * sum(b.start_ms < FIRST_MS for _, b in _changes(call)) / early if early else None


_GONG = "Gong, 25,537 calls (vendor correlation)"
_HUANG = "Huang et al. 2017, JPSP 113(3)"
_OWN = "own default"
_SOFT = "seed essays on client-centred selling"

_TABLE: tuple[tuple[str, str, str, Callable[[_Call], float | None]], ...] = (
    ("talk_share", "ratio", _GONG, _share),
    ("airtime", "ratio", "same base as Amazon Contact Lens and Zoom", _airtime),
    (
        "longest_monologue",
        "s",
        "Gong, 257,967 calls; about 76 s for the best (secondary)",
        _longest_monologue,
    ),
    ("longest_customer_story", "s", "Gong, 257,967 calls (vendor correlation)", _longest_story),
    ("questions", "count", "Gong: 11-14 targeted questions a discovery call", _worded(_asked_units)),
    ("questions_per_10_min", "per 10 min", "Gong", _worded(_per_ten(_asked_units))),
    ("time_since_last_question", "s", _OWN, _worded(_gap_now)),
    (
        "questions_open",
        "count",
        "Rackham: open against closed made no difference",
        _worded(_cue_count(cue.QUESTION_OPEN)),
    ),
    ("questions_closed", "count", "Rackham", _worded(_cue_count(cue.QUESTION_CLOSED))),
    ("questions_leading", "count", _OWN, _worded(_cue_count(cue.QUESTION_LEADING))),
    ("questions_stacked", "turns", _OWN, _worded(_two_sided(_stacked))),
    ("questions_tag", "count", _OWN, _worded(_cue_count(cue.QUESTION_TAG))),
    ("closed_in_a_row", "count", _OWN, _worded(_closed_runs)),
    ("follow_up_rate", "ratio", _HUANG, _worded(_two_sided(_follow_up_rate))),
    ("layers", "count", _HUANG, _worded(_two_sided(_layers))),
    ("listening_moves", "per 10 min", "Collins 2022", _worded(_two_sided(_listening_moves))),
    ("patience", "s", "Templeton et al. 2022, PNAS", _two_sided(_patience)),
    ("interruptions", "per 10 min", "field definitions", _two_sided(_interruptions)),
    ("switch_rate", "per min", "Gong interactivity", _two_sided(_switch_rate)),
    (
        "pitch_onset",
        "s",
        "Rackham: early solutions breed objections",
        _worded(_two_sided(_pitch_onset)),
    ),
    ("premature_pitches", "turns", "Rackham", _worded(_two_sided(_premature))),
    ("pounces", "count", "seed essay on listening to learn", _worded(_two_sided(_pounces))),
    ("pitch_share", "ratio", _SOFT, _worded(_pitch_share())),
    ("pitch_share_first_third", "ratio", _SOFT, _worded(_pitch_share(0))),
    ("pitch_share_second_third", "ratio", _SOFT, _worded(_pitch_share(1))),
    ("pitch_share_last_third", "ratio", _SOFT, _worded(_pitch_share(2))),
    ("coverage", "parts", "SPIN, MEDDICC: parts spoken of, of six", _worded(_two_sided(_coverage))),
    ("pace", "words per min", "Gong: 173 average", _worded(_pace)),
    ("fillers", "per min, words only", "Laske 2024 (secondary)", _worded(_fillers)),
    ("i_per_100_words", "per 100 words", "Packard et al. 2018", _worded(_pronouns("i", "me", "my", "mine"))),
    (
        "we_per_100_words",
        "per 100 words",
        "Packard et al. 2018",
        _worded(_pronouns("we", "us", "our", "ours")),
    ),
    ("you_per_100_words", "per 100 words", "Packard et al. 2018", _worded(_pronouns("you", "your", "yours"))),
    ("first_five_minutes_share", "ratio", "Curhan & Pentland 2007", lambda c: _share(c, 0, FIRST_MS)),
    ("first_five_minutes_switch_rate", "per min", "Curhan & Pentland 2007", _two_sided(_early_switches)),
    ("first_five_minutes_questions", "count", "Curhan & Pentland 2007", _worded(_early_questions)),
    ("next_step", "yes or no", "field practice", _worded(_next_step)),
    ("bleed", "ratio", "measured in meeting-transcriber issue 603", _two_sided(lambda call: call.m.bleed)),
)

UNITS: Final[Mapping[str, str]] = {name: unit for name, unit, *_ in _TABLE}
"""The unit of each figure, for whoever keeps values alone."""

"""Read the cues of a call, sentence by sentence.

Owns the order in which the families are asked and what one cue rules out of another (the hard cases of
``cues.md``). Refuses to know where sentences come from, and what a nudge is. One reader a call; sentences
in order of time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from coach.call.events import Who
from coach.call.vocabulary import (
    ACKNOWLEDGE,
    ASKS_FOR_PITCH,
    BACKCHANNEL,
    COUNTED_QUESTIONS,
    FILLER,
    FOLLOW_UP,
    INVITED,
    LABEL,
    MIRROR,
    NEED,
    NEXT_STEP,
    OBJECTION,
    PARAPHRASE,
    PERHAPS_NEED,
    PITCH,
    PRESSURE,
    QUESTION_CLOSED,
    QUESTION_COURTESY,
    QUESTION_LEADING,
    QUESTION_OPEN,
    QUESTION_PERMISSION,
    QUESTION_RHETORICAL,
    QUESTION_TAG,
    REFLECTIONS,
    REQUEST,
    STORY,
    WORLD,
    is_backchannel,
)
from coach.cues import context, customer, listening, pitches, plans, pressing
from coach.cues.facts import NameClues
from coach.cues.habit import Habit
from coach.cues.learned import Near, learned
from coach.cues.pitch_forms import OUTCOME
from coach.cues.questions import asking, breaks_off, exclaims, small_talk
from coach.cues.reading import Reading
from coach.cues.text import sentence, split
from coach.cues.weighing import LINE
from coach.cues.world import World
from coach.settings import Facts

if TYPE_CHECKING:
    from coach.cues.learned import Weigher
    from coach.cues.text import Sentence

_OF_THE_REP: Final = (
    QUESTION_OPEN,
    QUESTION_CLOSED,
    QUESTION_LEADING,
    QUESTION_COURTESY,
    QUESTION_TAG,
    QUESTION_RHETORICAL,
    QUESTION_PERMISSION,
    FOLLOW_UP,
    MIRROR,
    LABEL,
    PARAPHRASE,
    ACKNOWLEDGE,
    BACKCHANNEL,
    PITCH,
    INVITED,
    PRESSURE,
    STORY,
    NEXT_STEP,
    FILLER,
)
# A customer's question is none of the coach's business, but it is a question: whoever wants may count it.
_OF_THE_CUSTOMER: Final = (
    NEED,
    PERHAPS_NEED,
    OBJECTION,
    ASKS_FOR_PITCH,
    REQUEST,
    BACKCHANNEL,
    QUESTION_OPEN,
    QUESTION_CLOSED,
    *WORLD,
)
_OFFERS: Final = frozenset({PITCH, PRESSURE, NEXT_STEP})
_ASKED_US: Final = frozenset({ASKS_FOR_PITCH, OBJECTION, QUESTION_OPEN, QUESTION_CLOSED})
_UNDER: Final = 0.45  # what a rule's score is brought down to when another rule's cue rules it out
# From which score on a rule stands whatever the weights say; how often that was right: ``docs/cues.md``. From .9: a few
# fixed phrases ("Where was I?"), and a plan with a day to it.
_SURE_FROM: Final = dict.fromkeys(
    (MIRROR, PRESSURE, STORY, QUESTION_TAG, ACKNOWLEDGE, ASKS_FOR_PITCH), 0.8
) | {OBJECTION: 0.78, QUESTION_RHETORICAL: 0.9, NEXT_STEP: 0.9}
_OUT_OF_THE_QUESTION: Final = 0.1
_ASIDE: Final = frozenset({QUESTION_COURTESY, QUESTION_TAG, QUESTION_RHETORICAL, QUESTION_PERMISSION})
_BEGUN_MOST: Final = 5  # words; a longer line may have lost its end to the recogniser, and asked
_GOES_ON_FROM_IT: Final = 0.4  # a proposal's follow-up; under the line, and still ranked
_SMALL: Final = frozenset({"all right", "alright"})
_SURELY: Final = 0.9  # what a form that is sure makes of a cue
_RULED_OUT: Final = 0.2  # a weighed score that another cue rules out, under every line
# Before anything was offered a complaint is seldom about the offer, so an objection must be likelier there than its
# line asks: of the six on held-out calls between .25 and .35 four were none.
_OF_US_ALREADY: Final = 1 / 3
# From which score on a nudge takes a sentence for a need: on held-out calls their F1 is flat from .35 to .45, and what
# a nudge misses hides a pounce.
_PERHAPS_FROM: Final = 0.35


@lru_cache(maxsize=4096)
def _scored(name: str, score: float) -> tuple[str, float]:
    """Return a cue and its score, the same pair for the same: a call keeps twenty for each sentence, most nought."""
    return name, score


class Reader:
    """Reads the cues of one call; keeps both sides' last turns in its own memory.

    Args:
        weigher: what weighs the rules' scores and the words together; by default the weights that ship with
            the program, loaded once for all readers.
        facts: names that the rep sells under and loses to.

    Raises:
        Trouble: the weights are missing or altered.
    """

    def __init__(self, weigher: Weigher | None = None, facts: Facts | None = None) -> None:
        self._memory = context.Memory()
        self._names = NameClues(facts or Facts())
        self._weigher = weigher or learned()
        self._lines = {PERHAPS_NEED: _PERHAPS_FROM, **self._weigher.lines}
        self._world = World()
        self._habits = {who: Habit(who) for who in Who}
        # Before anything is offered hardly anybody pushes back: "It's far too slow" is about what they have.
        self._offered = False

    def read(self, who: Who, text: str, start_ms: int | None = None, end_ms: int | None = None) -> Reading:
        """Return the cues of one sentence, and a score from 0 to 1 for every cue of that side.

        A recogniser may have run several sentences together: each is read by itself, in order, and the line
        has every cue that one of them has.

        Args:
            who: the side that speaks.
            text: the sentence as recognised; case and marks are hints only.
            start_ms: when it began, in milliseconds since the call began; unused by these rules.
            end_ms: when it ended; unused as well.
        """
        del start_ms, end_ms
        names = _OF_THE_REP if who is Who.REP else _OF_THE_CUSTOMER
        scores = dict.fromkeys(names, 0.0)
        parts = [sentence(part) for part in split(text)]
        alone = len(parts) == 1
        for said in parts:
            found = (
                self._of_rep(said, alone=alone) if who is Who.REP else self._of_customer(said, alone=alone)
            )
            for name, score in found.items():
                # A line takes up their words if one of its sentences does, and the surer the more of them do.
                both = scores[name] + score - scores[name] * score
                scores[name] = both if name == FOLLOW_UP else max(scores[name], score)
        if who is Who.REP and _lectures(parts):
            # What is given back to be held against them, or to be followed by an order, was not heard for their sake.
            scores |= {k: min(scores[k], _RULED_OUT) for k in REFLECTIONS}
        standing = self._standing(scores)
        cues = tuple(name for name in names if name in standing)
        return Reading(cues, tuple(_scored(name, round(score, 3)) for name, score in scores.items()))

    def _of_rep(self, said: Sentence, *, alone: bool) -> dict[str, float]:
        memory = self._memory
        takes_over = memory.floor is not Who.REP
        if alone and takes_over and is_backchannel(said.raw) and listening.acknowledge(said) < LINE:
            return {BACKCHANNEL: 0.9, FILLER: 0.0, FOLLOW_UP: 0.05}
        own_run = 0 if takes_over else memory.own_run
        selling = not takes_over and memory.pitched_last()
        told = memory.last.get(Who.CUSTOMER, frozenset())
        asked = asking(said, own_run, after_pitch=selling)
        scores = dict(asked.kinds)
        scores[MIRROR] = context.mirror(said, memory)
        if scores[MIRROR] >= LINE:
            scores = {k: min(v, _UNDER) for k, v in scores.items() if k.startswith("question.")} | {
                MIRROR: scores[MIRROR]
            }
        asks = max(
            (v for k, v in scores.items() if k.startswith("question.") and k != QUESTION_TAG), default=0.0
        )
        counted = max((v for k, v in scores.items() if k in COUNTED_QUESTIONS), default=0.0)
        scores[FOLLOW_UP] = context.follow_up(said, memory, counted)
        scores[LABEL] = listening.label(said, own_run=own_run, selling=selling) * (
            1 - 0.5 * asks * (not said.asks)
        )
        shared = context.shared_share(said, memory)
        scores[PARAPHRASE] = listening.paraphrase(
            said,
            own_run=own_run,
            selling=selling,
            shared=shared,
            answers=takes_over
            and bool(memory.customer.tokens)
            and counted < LINE
            and not told & _ASKED_US
            and not memory.invited,
        )
        scores[ACKNOWLEDGE] = listening.acknowledge(said)
        scores[FILLER] = listening.filler(said.raw)
        self._settle_reflections(scores, said)
        reflects = max(scores[MIRROR], scores[LABEL], scores[PARAPHRASE], scores[ACKNOWLEDGE])
        asks = max(
            (v for k, v in scores.items() if k.startswith("question.") and k != QUESTION_TAG), default=0.0
        )
        scores[PRESSURE] = pressing.pressure(said)
        scores[NEXT_STEP] = plans.next_step(said)
        scores[STORY] = plans.story(
            said, goes_on=not takes_over and STORY in memory.last.get(Who.REP, ()), asks=asks
        )
        scores[PITCH] = pitches.pitch(
            said,
            asked_for=memory.invited,
            goes_on=selling,
            earlier_in_run=not takes_over and PITCH in memory.run,
            asks=asks,
            reflects=reflects,
            tells=scores[STORY],
            pushes=scores[PRESSURE] >= LINE,
        )
        weighed = self._weigher.weigh(
            Who.REP,
            said,
            scores,
            Near(
                takes_over=takes_over,
                run=own_run,
                sold=selling,
                sold_in_run=not takes_over and PITCH in memory.run,
                told_story=not takes_over and STORY in memory.last.get(Who.REP, ()),
                invited=memory.invited,
                need=takes_over and NEED in told,
                objection=takes_over and OBJECTION in told,
                asked=takes_over and bool(told & {ASKS_FOR_PITCH, QUESTION_OPEN, QUESTION_CLOSED}),
                shared=shared,
            ),
            memory.heard(),
        )
        weighed = self._habits[Who.REP].settle(weighed)
        scores |= weighed | _surely(scores, weighed, heard=bool(memory.customer.tokens))
        self._overrule(scores, said)
        self._names.sharpen(said, scores, self._standing(scores))
        self._settle_plans(scores)
        scores[INVITED] = scores[PITCH] if memory.invited else 0.0
        cues = self._standing(scores)
        self._offered = self._offered or bool(cues & _OFFERS)
        memory.rep_spoke(said, cues, asked=bool(cues & COUNTED_QUESTIONS))
        self._world.rep_spoke(said, asked=bool(cues & COUNTED_QUESTIONS))
        return scores

    def _overrule(self, scores: dict[str, float], said: Sentence) -> None:
        """Let those forms of the rep have the last word that are sure, and one cue rule out another."""
        if scores[STORY] >= self._line(STORY) and OUTCOME.search(said.plain):
            scores[PITCH] = max(scores[PITCH], LINE)  # the good end of another's tale speaks for us
        if is_backchannel(said.raw) or said.bare in _SMALL or listening.agrees(said) or listening.civil(said):
            # "All right." gives nothing back, even if they said it too; "Sounds good." and "Bye." neither.
            scores |= dict.fromkeys(REFLECTIONS, 0.0)
        if exclaims(said) or (breaks_off(said) and len(said.tokens) <= _BEGUN_MOST):
            scores |= dict.fromkeys(COUNTED_QUESTIONS & scores.keys(), 0.0)
        if small_talk(said):
            scores |= dict.fromkeys(COUNTED_QUESTIONS & scores.keys(), 0.0) | {QUESTION_COURTESY: _SURELY}
        if pitches.limits(said):
            scores[PITCH] = min(scores[PITCH], _RULED_OUT)
        _exclude(scores)
        if context.checks(said):
            scores[FOLLOW_UP] = min(scores[FOLLOW_UP], _RULED_OUT)
        if scores[MIRROR] >= self._line(MIRROR):
            scores |= dict.fromkeys(COUNTED_QUESTIONS & scores.keys(), 0.0)

    @staticmethod
    def _settle_reflections(scores: dict[str, float], said: Sentence) -> None:
        """Let one reflection stand, and no question beside it where the words are a statement."""
        best = max(REFLECTIONS, key=lambda k: scores[k])
        for name in REFLECTIONS - {best}:
            scores[name] = min(scores[name], _UNDER)
        asked = max((v for k, v in scores.items() if k.startswith("question.")), default=0.0)
        if scores[best] < LINE or asked < LINE:
            return
        if best == PARAPHRASE and said.asks:
            return  # "So you close at six?" says it back and asks
        if scores[best] > asked or (scores[best] > 0.8 and not said.asks):  # noqa: PLR2004 - a strong form in a statement
            for name in [k for k in scores if k.startswith("question.") and k != QUESTION_TAG]:
                scores[name] = min(scores[name], _UNDER)
        elif not said.asks:
            scores[best] = min(scores[best], _UNDER)

    def _settle_plans(self, scores: dict[str, float]) -> None:
        """A forced close is no next step, nor the other way round; a next step is no pitch and follows nothing up."""
        if scores[PRESSURE] >= self._line(PRESSURE):
            planned = scores[NEXT_STEP] >= max(scores[PRESSURE], self._line(NEXT_STEP))
            loser = PRESSURE if planned else NEXT_STEP
            scores[loser] = min(scores[loser], _RULED_OUT)
        if scores[NEXT_STEP] >= self._line(NEXT_STEP):
            scores[PITCH] = min(scores[PITCH], _RULED_OUT)
            scores[FOLLOW_UP] *= _GOES_ON_FROM_IT
            for kind in (QUESTION_PERMISSION, QUESTION_OPEN, QUESTION_LEADING, QUESTION_RHETORICAL):
                if scores.get(kind, 0.0) >= self._line(kind):
                    closed = (scores.get(QUESTION_CLOSED, 0.0), scores[kind], self._line(QUESTION_CLOSED))
                    scores[QUESTION_CLOSED] = max(closed)
                    scores[kind] = _RULED_OUT

    def _line(self, name: str) -> float:
        """Return the score from which on a cue stands."""
        return self._lines.get(name, LINE)

    def _standing(self, scores: dict[str, float]) -> frozenset[str]:
        """Return the cues whose score has reached their line; a mark stands only on what it marks."""
        found = {k for k, v in scores.items() if v >= self._line(PITCH if k == INVITED else k)}
        if not found & COUNTED_QUESTIONS:
            found.discard(FOLLOW_UP)
        if ASKS_FOR_PITCH not in found:
            found.discard(REQUEST)
        if NEED in found:
            found.discard(PERHAPS_NEED)
        return frozenset(found)

    def _of_customer(self, said: Sentence, *, alone: bool) -> dict[str, float]:
        memory = self._memory
        last = memory.last.get(Who.REP, frozenset())
        answers = bool(
            last
            & (
                COUNTED_QUESTIONS
                | REFLECTIONS
                | {QUESTION_PERMISSION, QUESTION_COURTESY, NEXT_STEP, QUESTION_TAG}
            )
        )
        if alone and memory.floor is Who.REP and not answers and is_backchannel(said.raw):
            memory.customer_spoke(said, frozenset({BACKCHANNEL}), agrees=False)
            return {BACKCHANNEL: 0.85}
        before = memory.last.get(Who.CUSTOMER, frozenset()) if memory.floor is Who.CUSTOMER else frozenset()
        wants = customer.asks_for_pitch(said)
        objects = customer.objection(
            said,
            after_selling=bool(memory.run & {PITCH, PRESSURE, NEXT_STEP})
            and not last & (COUNTED_QUESTIONS - {QUESTION_LEADING}),
            goes_on=OBJECTION in before,
        )
        asked = bool(last & ({QUESTION_OPEN} | REFLECTIONS))
        needs = customer.need(
            said,
            asked=asked,
            goes_on=NEED in before,
            asks_for_pitch=wants,
            objects=objects,
        )
        scores = {
            NEED: needs,
            OBJECTION: min(objects, _UNDER) if wants > objects else objects,
            ASKS_FOR_PITCH: wants,
            REQUEST: customer.request(said, wants),
        }
        kinds = asking(said).kinds
        asks = max((v for k, v in kinds.items() if k != QUESTION_TAG), default=0.0)
        kind = QUESTION_OPEN if kinds.get(QUESTION_OPEN, 0.0) >= LINE else QUESTION_CLOSED
        scores[kind] = asks if QUESTION_COURTESY not in kinds else 0.0
        weighed = self._weigher.weigh(
            Who.CUSTOMER,
            said,
            scores,
            Near(
                takes_over=memory.floor is not Who.CUSTOMER,
                run=len(memory.customer.tokens) if memory.floor is Who.CUSTOMER else 0,
                sold=PITCH in last,
                sold_in_run=bool(memory.run & {PITCH, PRESSURE, NEXT_STEP}),
                told_story=PRESSURE in last,
                invited=bool(last & {QUESTION_CLOSED, QUESTION_LEADING, QUESTION_PERMISSION}),
                need=NEED in before,
                objection=OBJECTION in before,
                asked=asked,
                shared=0.0,
            ),
            memory.answering(),  # not what was sold: whoever goes on about their troubles does not push back
        )
        weighed = self._habits[Who.CUSTOMER].settle(weighed)
        scores |= weighed | _surely(scores, weighed, heard=True)
        if not self._offered and scores[OBJECTION] < _OF_US_ALREADY:
            scores[OBJECTION] = min(scores[OBJECTION], _RULED_OUT)
        if customer.hates_the_old(said):
            scores[OBJECTION] = min(scores[OBJECTION], _RULED_OUT)
        if customer.offers_more(said):
            scores[ASKS_FOR_PITCH] = min(scores[ASKS_FOR_PITCH], _RULED_OUT)
        if customer.sends_away(said):
            scores[OBJECTION] = max(scores[OBJECTION], LINE)
        if customer.goes_wrong_again(said):
            scores[NEED] = max(scores[NEED], self._line(NEED))
        if all(scores[k] >= self._line(k) for k in (NEED, OBJECTION)):
            # One sentence is their trouble or a reason against ours (both: 16 of 5,017 written ones): the likelier.
            unlikelier = OBJECTION if scores[NEED] >= scores[OBJECTION] else NEED
            scores[unlikelier] = min(scores[unlikelier], _RULED_OUT)
        scores[PERHAPS_NEED] = _perhaps(scores, self._line(OBJECTION))
        self._names.sharpen_customer(said, scores, self._standing(scores))
        cues = self._standing(scores)
        memory.customer_spoke(said, cues, agrees=customer.says_yes(said))
        return scores | self._world.read(said, cues if self._offered else cues - {OBJECTION})


def _lectures(parts: list[Sentence]) -> bool:
    """Say whether a line scolds, or has several sentences and tells them what to do in one of them."""
    return any(map(listening.scolds, parts)) or (len(parts) > 1 and any(map(listening.directs, parts)))


def _surely(rules: dict[str, float], weighed: dict[str, float], *, heard: bool) -> dict[str, float]:
    """Return the rules' scores that stand whatever the weights say.

    Some forms are sure: on lines that nothing had been learned from, most were right four times of five or more
    (``docs/cues.md``). And while the other side is not heard, its forms are all that a reflection has.
    What asks openly pushes only if the weights can see that it may.
    """
    sure = {k: rules[k] for k, least in _SURE_FROM.items() if rules.get(k, 0.0) >= least}
    if rules.get(QUESTION_OPEN, 0.0) >= LINE and weighed.get(PRESSURE, 0.0) < _OUT_OF_THE_QUESTION:
        sure.pop(PRESSURE, None)
    alone = {k: rules[k] for k in REFLECTIONS if not heard}
    return {k: max(v, weighed.get(k, 0.0)) for k, v in (sure | alone).items()}


def _perhaps(scores: dict[str, float], line: float) -> float:
    """Return how likely a need is, nought beside an objection that stands and is likelier."""
    objects = scores[OBJECTION]
    return 0.0 if objects >= line and objects > scores[NEED] else scores[NEED]


def _exclude(scores: dict[str, float]) -> None:
    """Let a question be of one kind: a greeting, a request for leave, a tag or a rhetorical one is not counted."""
    aside = max(_ASIDE, key=lambda k: scores.get(k, 0.0))
    counted = max(scores.get(k, 0.0) for k in COUNTED_QUESTIONS)
    lower = COUNTED_QUESTIONS if scores.get(aside, 0.0) > counted else _ASIDE
    scores |= {k: min(scores.get(k, 0.0), _RULED_OUT) for k in lower}

"""The catalogue: every rule as a value.

Owns what each rule looks at, its words, its source and examples on both sides of its line. Refuses to know
when a nudge may be seen: that is tact. A rule is true or not of one `Moment`; the numbers that make it true
come back as ``because``, each with its unit in its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach.call.meters import INTERRUPTIONS_MS, Moment, OrderTaken, PitchHeard, PressureHeard
from coach.call.turns import WENT_ON_MS
from coach.call.vocabulary import SPACELESS

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.settings import Limits

FRESH_MS: Final = 8000
"""What was said may become due for so long after its end; later the moment has passed (own default: the wait of
``manners.md``, clause 3)."""
BY_PAUSE: Final = "{monologue_s:.0f} s without a pause · limit {limit_s:.0f} s"
"""Reason of a monologue where the customer cannot be heard: their turns may have been in it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is true now.

    ``since_ms`` is when its condition began to hold, None where only watching it can tell; with it the finding
    has a place in the call, is nudged once at most, and stands in the report where it was not. After
    ``fresh_until_ms`` it can no longer become due. ``reason`` takes the place of the rule's, where that would tell more
    than is known.
    """

    because: tuple[tuple[str, float], ...]
    since_ms: int | None = None
    fresh_until_ms: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A moment on one side of the line, with the sentence that says why."""

    why: str
    moment: Moment


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue.

    Args:
        name: its name in the file and in the settings.
        kind: rules of one kind share the interval of 150 s between two of a kind.
        what: its condition in one sentence.
        limits: the settings of the call type that it obeys: all that its condition and its holding look at.
        reads: the parts of a moment that its condition looks at; while they stay, so does what it finds.
        find: the condition.
        text: at most four words, verb first.
        reason: one line with its numbers; ``{name}`` stands for a number of ``because``.
        source: where its limit comes from.
        lasting: True where the limit is itself a duration; its condition has then held by definition.
        early: True for the pitch rules, which may speak from 20 s on (``manners.md``, clause 4).
        fires: examples over the line.
        silent: examples under it.
        holds: for a rule whose findings have no place, whether there is one: the condition without its numbers.
    """

    name: str
    kind: str
    what: str
    limits: tuple[str, ...]
    reads: tuple[str, ...]
    find: Callable[[Moment, Limits], Finding | None]
    text: str
    reason: str
    source: str
    lasting: bool
    early: bool
    fires: tuple[Example, ...]
    silent: tuple[Example, ...]
    holds: Callable[[Moment, Limits], bool] | None = None


def _runs_long(m: Moment, limits: Limits) -> bool:
    return bool(limits.monologue_s) and m.monologue_ms / 1000 >= limits.monologue_s


def _monologue(m: Moment, limits: Limits) -> Finding | None:
    if not _runs_long(m, limits):
        return None
    length = m.monologue_ms / 1000
    strong = limits.monologue_strong_s
    level = "strong" if strong and length >= strong else "nudge"
    named = (("monologue_s", round(length, 1)), ("limit_s", limits.monologue_s))
    because = (*named, ("strong_limit_s", strong)) if level == "strong" else named
    return Finding(because, reason="" if m.two_sides else BY_PAUSE)


def _share_is_high(m: Moment, limits: Limits) -> bool:
    if not limits.share_nudge or m.rolling_share is None or m.rolling_share <= limits.share_nudge:
        return False
    # Where a long run is building up, the monologue is the more telling thing to say, and says it soon.
    return not (limits.monologue_s and m.monologue_ms >= 1000 * limits.monologue_soft_s)


def _talk_share(m: Moment, limits: Limits) -> Finding | None:
    if m.rolling_share is None or not _share_is_high(m, limits):
        return None
    return Finding(
        (
            ("share_percent", float(round(100 * m.rolling_share))),
            ("limit_percent", float(round(100 * limits.share_nudge))),
            ("rolling_share_ratio", round(m.rolling_share, 3)),
            ("limit_ratio", limits.share_nudge),
        )
    )


def _gap_is_long(m: Moment, limits: Limits) -> bool:
    if not limits.question_gap_s or m.question_gap_ms / 1000 <= limits.question_gap_s:
        return False
    if m.floor_ms < 1000 * limits.question_floor_s or not m.two_sides or m.rolling_share is None:
        return False
    return m.rolling_share > limits.question_share


def _ask_question(m: Moment, limits: Limits) -> Finding | None:
    if m.rolling_share is None or not _gap_is_long(m, limits):
        return None
    gap = m.question_gap_ms / 1000
    return Finding(
        (
            ("question_gap_s", round(gap, 1)),
            ("limit_s", limits.question_gap_s),
            ("minutes", round(gap / 60, 1)),
            ("rolling_share_ratio", round(m.rolling_share, 3)),
            ("share_limit_ratio", limits.question_share),
        )
    )


def _stands(m: Moment, p: PitchHeard | None) -> bool:
    """Say whether a pitch still stands: uninvited, and no question asked since."""
    return p is not None and not p.invited and m.two_sides and m.last_question_ms <= p.end_ms


def _premature_pitch(m: Moment, limits: Limits) -> Finding | None:
    p = m.pitch
    if p is None or not limits.premature_pitch or not _stands(m, p):
        return None
    if p.needs >= limits.pitch_needs or p.questions >= limits.pitch_questions:
        return None
    because = (
        ("needs_heard", float(p.needs)),
        ("needs_limit", float(limits.pitch_needs)),
        ("questions_asked", float(p.questions)),
        ("questions_limit", float(limits.pitch_questions)),
        ("pitch_at_s", round(p.start_ms / 1000, 1)),
    )
    return Finding(because, since_ms=p.start_ms, fresh_until_ms=p.end_ms + FRESH_MS)


def _pounce(m: Moment, limits: Limits) -> Finding | None:
    p = m.pounce
    if p is None or not limits.pounce or not _stands(m, p):
        return None
    gap = max(0.0, round((p.start_ms - p.need_end_ms) / 1000, 1))
    because = (
        ("seconds_after_need", gap),
        ("need_ended_s", round(p.need_end_ms / 1000, 1)),
        ("pitch_at_s", round(p.start_ms / 1000, 1)),
    )
    return Finding(because, since_ms=p.start_ms, fresh_until_ms=p.end_ms + FRESH_MS)


def _order_taking(m: Moment, limits: Limits) -> Finding | None:
    """Judge the answer to a request where it ends, or where it has gone on long enough.

    To answer is no fault, and neither is to say yes: "Yes, we do. What would you use it for?" is as good as the
    question first. So nothing is said while the rep may still ask. The rep's turn ends, or it reaches the limit of
    sentences, without an open question, one that follows up, a label, a paraphrase or a question for leave: only
    then was the order taken. A question of price, a demo asked for and a customer who says themselves what it is
    for are no requests (``request`` in ``docs/cues.md``; the meters leave out the last).
    """
    o = m.order
    if o is None or not limits.order_sentences or not m.two_sides:
        return None
    if not o.over and o.sentences < limits.order_sentences:
        return None
    because = (
        ("sentences_answered", float(o.sentences)),
        ("sentences_limit", float(limits.order_sentences)),
        ("seconds_after_request", max(0.0, round((o.start_ms - o.request_end_ms) / 1000, 1))),
        ("answer_at_s", round(o.start_ms / 1000, 1)),
    )
    return Finding(because, since_ms=o.start_ms, fresh_until_ms=o.end_ms + FRESH_MS)


def _pressure(m: Moment, limits: Limits) -> Finding | None:
    p = m.pressure
    if p is None or not limits.pressure:
        return None
    because = (("pushes_heard", float(p.heard)), ("push_at_s", round(p.start_ms / 1000, 1)))
    return Finding(because, since_ms=p.start_ms, fresh_until_ms=p.end_ms + FRESH_MS)


def _interruption(m: Moment, limits: Limits) -> Finding | None:
    at = m.interrupted_ms
    if not limits.interruptions or len(at) < limits.interruptions or not m.two_sides:
        return None
    because = (
        ("interruptions", float(len(at))),
        ("interruptions_limit", float(limits.interruptions)),
        ("window_s", INTERRUPTIONS_MS / 1000),
        ("last_at_s", round(at[-1] / 1000, 1)),
    )
    return Finding(because, since_ms=at[-1], fresh_until_ms=at[-1] + WENT_ON_MS + FRESH_MS)


def _next_step(m: Moment, limits: Limits) -> Finding | None:
    start = round(limits.next_step_at * m.planned_ms)
    if not start or m.now_ms < start or m.next_step_ms >= 0:
        return None
    because = (
        ("elapsed_min", round(m.now_ms / 60_000, 1)),
        ("planned_min", round(m.planned_ms / 60_000, 1)),
        ("limit_percent", float(round(100 * limits.next_step_at))),
    )
    return Finding(because, since_ms=start)


def _at(now_s: float, **parts: object) -> Moment:
    return Moment(now_ms=int(now_s * 1000), two_sides=bool(parts.pop("two_sides", True)), **parts)  # type: ignore[arg-type]


def _pitch(
    start_s: float, *, invited: bool = False, needs: int = 0, questions: int = 0, pounced: bool = False
) -> PitchHeard:
    start = int(start_s * 1000)
    return PitchHeard(start, start + 3000, invited, needs, questions, pounced, start - 400)


def _order(sentences: int, *, over: bool = False) -> OrderTaken:
    return OrderTaken(118_000, 118_600, 124_000, sentences, over)


MONOLOGUE = Rule(
    name="monologue",
    kind="floor",
    what="The rep has gone on for longer than the limit without a real turn of the customer, or, where only the"
    " microphone is heard, without a pause of 1.5 s.",
    limits=("monologue_s", "monologue_strong_s"),
    reads=("monologue_ms", "two_sides"),
    find=_monologue,
    holds=_runs_long,
    text="Pause, let them in",
    reason="{monologue_s:.0f} s without them · limit {limit_s:.0f} s",
    source="About 76 s for the best reps (secondary); overviews over 120 s go with lost deals (Gong, 257,967 calls)",
    lasting=True,
    early=False,
    fires=(
        Example("75 seconds in one go", _at(200, monologue_ms=75_000)),
        Example("the same, with a microphone alone", _at(200, monologue_ms=75_000, two_sides=False)),
    ),
    silent=(Example("a good answer of a minute", _at(200, monologue_ms=60_000)),),
)
TALK_SHARE = Rule(
    name="talk_share",
    kind="floor",
    what="The rep has held more of the last three minutes than the limit, for 45 s on end.",
    limits=("share_nudge", "share_held_s", "monologue_s", "monologue_soft_s"),
    reads=("rolling_share", "monologue_ms"),
    find=_talk_share,
    holds=_share_is_high,
    text="Give them the floor",
    reason="{share_percent:.0f} % of the last 3 min · limit {limit_percent:.0f} %",
    source="TalkMeter RCT (742 tutors, 2023: the other side spoke 13-14 % more)",
    lasting=True,
    early=False,
    fires=(Example("three quarters of the talk", _at(300, rolling_share=0.75)),),
    silent=(
        Example("an even talk", _at(300, rolling_share=0.48)),
        Example("too little speech to say", _at(100, rolling_share=None)),
        Example("a long run is building up", _at(300, rolling_share=0.75, monologue_ms=50_000)),
    ),
)
ASK_QUESTION = Rule(
    name="ask_question",
    kind="question",
    what="No question for over three minutes of talk, while the rep holds the floor and most of the talk.",
    limits=("question_gap_s", "question_share", "question_floor_s"),
    reads=("question_gap_ms", "floor_ms", "two_sides", "rolling_share"),
    find=_ask_question,
    holds=_gap_is_long,
    text="Ask another question",
    reason="{minutes:.0f} min of talk without one",
    source="Own default; questions that follow up carry the effect (Huang et al. 2017)",
    lasting=False,
    early=False,
    fires=(
        Example(
            "four minutes, the rep in full flow",
            _at(400, question_gap_ms=240_000, floor_ms=30_000, rolling_share=0.7),
        ),
    ),
    silent=(
        Example(
            "the customer tells a long story",
            _at(400, question_gap_ms=240_000, floor_ms=0, rolling_share=0.3),
        ),
        Example("asked a minute ago", _at(400, question_gap_ms=60_000, floor_ms=30_000, rolling_share=0.7)),
    ),
)
PREMATURE_PITCH = Rule(
    name="premature_pitch",
    kind="premature_pitch",
    what="An uninvited presentation begins before enough needs were voiced and enough questions asked.",
    limits=("pitch_needs", "pitch_questions", "premature_pitch"),
    reads=("pitch", "two_sides", "last_question_ms"),
    find=_premature_pitch,
    text="Back to their problem",
    reason="Heard so far: needs {needs_heard:.0f}, questions {questions_asked:.0f}",
    source="Rackham (Huthwaite, 35,000 calls): early solutions breed objections",
    lasting=False,
    early=True,
    fires=(
        Example("a pitch after one need and one question", _at(34, pitch=_pitch(29, needs=1, questions=1))),
    ),
    silent=(
        Example("they asked for it", _at(34, pitch=_pitch(29, invited=True))),
        Example("two needs are on the table", _at(134, pitch=_pitch(129, needs=2, questions=1))),
        Example("four questions were asked", _at(134, pitch=_pitch(129, needs=1, questions=4))),
        Example("the rep has asked again since", _at(34, pitch=_pitch(29), last_question_ms=33_000)),
    ),
)
POUNCE = Rule(
    name="pounce",
    kind="pounce",
    what="The rep's first words after a need are a pitch: no question, no reflection, no thanks between.",
    limits=("pounce",),
    reads=("pounce", "two_sides", "last_question_ms"),
    find=_pounce,
    text="Stay with that",
    reason="They had just named a need",
    source="Seed essay on listening to learn: listening to sell waits for the magic words, then pounces",
    lasting=False,
    early=True,
    fires=(
        Example(
            "the pitch jumps on the need", _at(34, pounce=_pitch(29, needs=3, questions=6, pounced=True))
        ),
    ),
    silent=(
        Example("thanked and asked first", _at(34, pitch=_pitch(29, needs=3, questions=6))),
        Example("they asked what it costs", _at(34, pounce=_pitch(29, invited=True, pounced=True))),
    ),
)

ORDER_TAKING = Rule(
    name="order_taking",
    kind="order_taking",
    what="The customer asks for a feature or a product, and the rep says yes without asking what it is for.",
    limits=("order_sentences",),
    reads=("order", "two_sides"),
    find=_order_taking,
    text="Ask what it's for",
    reason="A yes at once, nothing asked · sentences: {sentences_answered:.0f}",
    source="Seed essay on listening to learn; the number of sentences is our own default",
    lasting=False,
    early=False,
    fires=(
        Example("yes, a price, the next line of the form", _at(126, order=_order(3))),
        Example("yes, and the turn is over", _at(126, order=_order(1, over=True))),
    ),
    silent=(
        Example("yes, and the rep is still speaking", _at(126, order=_order(2))),
        Example("asked what for, or asked for nothing", _at(126)),
    ),
)
PRESSURE = Rule(
    name="pressure",
    kind="pressure",
    what="The rep says something that pushes: scarcity, a deadline, guilt, a forced close, hype.",
    limits=("pressure",),
    reads=("pressure",),
    find=_pressure,
    text="Ease off a little",
    reason="Sentences that push so far: {pushes_heard:.0f}",
    source="Own default; what counts as pressure stands in cues.md",
    lasting=False,
    early=False,
    fires=(Example('"only today"', _at(126, pressure=PressureHeard(120_000, 124_000, 2))),),
    silent=(Example("a plain price, a plain date", _at(126, pitch=_pitch(120, invited=True))),),
)
INTERRUPTION = Rule(
    name="interruption",
    kind="interruption",
    what="The rep has cut the customer off three times in two minutes.",
    limits=("interruptions",),
    reads=("interrupted_ms", "two_sides"),
    find=_interruption,
    text="Let them finish",
    reason="Cut in {interruptions:.0f} times in {window_s:.0f} s · limit {interruptions_limit:.0f}",
    source="Field definitions of an interruption (Revenue.io, Zoom, open coaches); three is our own default",
    lasting=False,
    early=False,
    fires=(Example("three in two minutes", _at(205, interrupted_ms=(110_000, 150_000, 200_000))),),
    silent=(
        Example("two: a lively talk", _at(205, interrupted_ms=(150_000, 200_000))),
        Example("latching on without cutting off", _at(205)),
    ),
)
NEXT_STEP = Rule(
    name="next_step",
    kind="next_step",
    what="Most of the planned time has passed, and no next step was named.",
    limits=("next_step_at",),
    reads=("now_ms", "planned_ms", "next_step_ms"),
    find=_next_step,
    text="Agree the next step",
    reason="{elapsed_min:.0f} of {planned_min:.0f} min, no next step yet",
    source="Field practice",
    lasting=True,
    early=False,
    fires=(Example("24 of 30 minutes", _at(1440, planned_ms=1_800_000)),),
    silent=(
        Example("there is time yet", _at(1400, planned_ms=1_800_000)),
        Example("Thursday at ten is agreed", _at(1440, planned_ms=1_800_000, next_step_ms=900_000)),
        Example("nobody planned how long it takes", _at(1440)),
    ),
)

CATALOGUE: tuple[Rule, ...] = (
    POUNCE,
    PREMATURE_PITCH,
    PRESSURE,
    ORDER_TAKING,
    INTERRUPTION,
    MONOLOGUE,
    TALK_SHARE,
    ASK_QUESTION,
    NEXT_STEP,
)
"""All rules, the most telling first: when two are due at once the first is shown."""

BY_VOICE: Final = frozenset({MONOLOGUE.name, TALK_SHARE.name, INTERRUPTION.name})
"""The rules that look at no words: all that judge a call in a language whose cues are not read."""


def unread(language: str) -> str:
    """Return the sentence that says what still counts in a language whose cues are not read."""
    last = "monologues and interruptions" if language in SPACELESS else "monologues, interruptions and pace"
    return f"Coach reads cues in English only. Talk time, {last} still count."

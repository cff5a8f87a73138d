"""The catalogue: every rule as a value.

Owns what each rule looks at, its words, its source and examples on both sides of its line. Refuses to know
when a nudge may be seen: that is tact. A rule is true or not of one `Moment`; the numbers that make it true
come back as ``because``, each with its unit in its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach.call.meters import Moment, PitchHeard

if TYPE_CHECKING:
    from collections.abc import Callable

    from coach.settings import Limits

PITCH_FRESH_MS: Final = 8000
"""A pitch sentence may become due for so long after its end; later the moment has passed (own default: the
wait of ``manners.md``, clause 3)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is true now.

    ``since_ms`` is when its condition began to hold, None where only watching it can tell; after
    ``fresh_until_ms`` it can no longer become due.
    """

    because: tuple[tuple[str, float], ...]
    since_ms: int | None = None
    fresh_until_ms: int | None = None


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
        limits: the settings of the call type that it obeys.
        find: the condition.
        text: at most four words, verb first.
        reason: one line with its numbers; ``{name}`` stands for a number of ``because``.
        source: where its limit comes from.
        lasting: True where the limit is itself a duration; its condition has then held by definition.
        early: True for the pitch rules, which may speak from 20 s on (``manners.md``, clause 4).
        fires: examples over the line.
        silent: examples under it.
    """

    name: str
    kind: str
    what: str
    limits: tuple[str, ...]
    find: Callable[[Moment, Limits], Finding | None]
    text: str
    reason: str
    source: str
    lasting: bool
    early: bool
    fires: tuple[Example, ...]
    silent: tuple[Example, ...]


def _monologue(m: Moment, limits: Limits) -> Finding | None:
    length = m.monologue_ms / 1000
    if not limits.monologue_s or length < limits.monologue_s:
        return None
    strong = limits.monologue_strong_s
    level = "strong" if strong and length >= strong else "nudge"
    named = (("monologue_s", round(length, 1)), ("limit_s", limits.monologue_s))
    return Finding((*named, ("strong_limit_s", strong)) if level == "strong" else named)


def _talk_share(m: Moment, limits: Limits) -> Finding | None:
    if not limits.share_nudge or m.rolling_share is None or m.rolling_share <= limits.share_nudge:
        return None
    if limits.monologue_s and m.monologue_ms >= 1000 * limits.monologue_soft_s:
        # A long run is building up: the monologue is the more telling thing to say, and says it soon.
        return None
    return Finding(
        (
            ("share_percent", float(round(100 * m.rolling_share))),
            ("limit_percent", float(round(100 * limits.share_nudge))),
            ("rolling_share_ratio", round(m.rolling_share, 3)),
            ("limit_ratio", limits.share_nudge),
        )
    )


def _ask_question(m: Moment, limits: Limits) -> Finding | None:
    gap = m.question_gap_ms / 1000
    if (
        not limits.question_gap_s
        or gap <= limits.question_gap_s
        or m.floor_ms < 1000 * limits.question_floor_s
    ):
        return None
    if not m.two_sides or m.rolling_share is None or m.rolling_share <= limits.question_share:
        return None
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
    return Finding(because, since_ms=p.start_ms, fresh_until_ms=p.end_ms + PITCH_FRESH_MS)


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
    return Finding(because, since_ms=p.start_ms, fresh_until_ms=p.end_ms + PITCH_FRESH_MS)


def _at(now_s: float, **parts: object) -> Moment:
    return Moment(now_ms=int(now_s * 1000), two_sides=bool(parts.pop("two_sides", True)), **parts)  # type: ignore[arg-type]


def _pitch(
    start_s: float, *, invited: bool = False, needs: int = 0, questions: int = 0, pounced: bool = False
) -> PitchHeard:
    start = int(start_s * 1000)
    return PitchHeard(start, start + 3000, invited, needs, questions, pounced, start - 400)


MONOLOGUE = Rule(
    name="monologue",
    kind="floor",
    what="The rep has gone on for longer than the limit without a real turn of the customer.",
    limits=("monologue_soft_s", "monologue_s", "monologue_strong_s"),
    find=_monologue,
    text="Pause, let them in",
    reason="{monologue_s:.0f} s without them · limit {limit_s:.0f} s",
    source="About 76 s for the best reps (secondary); overviews over 120 s go with lost deals (Gong, 257,967 calls)",
    lasting=True,
    early=False,
    fires=(Example("75 seconds in one go", _at(200, monologue_ms=75_000)),),
    silent=(Example("a good answer of a minute", _at(200, monologue_ms=60_000)),),
)
TALK_SHARE = Rule(
    name="talk_share",
    kind="floor",
    what="The rep has held more of the last three minutes than the limit, for 45 s on end.",
    limits=("share_nudge", "share_held_s", "monologue_soft_s"),
    find=_talk_share,
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
    find=_ask_question,
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

CATALOGUE: tuple[Rule, ...] = (POUNCE, PREMATURE_PITCH, MONOLOGUE, TALK_SHARE, ASK_QUESTION)
"""All rules, the most telling first: when two are due at once the first is shown."""

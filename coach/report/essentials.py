"""The Essentials: six groups of figures, each with one sentence on why it matters.

Owns which figure belongs to which group, its formula in words, and the good ranges of ``metrics.md``, where that gives
one for the type of call. Refuses to add up: there is no score, no rank and no colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coach.call.figures import CLOSED_RUN, UNLIKE
from coach.language import phrase
from coach.report.findings import GOOD_FOLLOW_UPS, GOOD_LAYERS, GREAT_STORY_S
from coach.report.plain import NAMES, amount, number, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coach.call.figures import Figure
    from coach.report.document import CallReport

FORMULAS: Final[Mapping[str, str]] = {
    "talk_share": "Your talking time, divided by yours and theirs together. Pauses under 1.5 s inside a turn count as "
    "talking; other silence is left out.",
    "airtime": "Your speaking time, divided by the length of the call.",
    "longest_monologue": "Your longest stretch without a second or more of theirs; 3 s of silence end it.",
    "longest_customer_story": "Their longest stretch; your back-channels and questions of at most 5 s do not end it.",
    "questions": "Your turns with an open, closed or leading question; several in one turn count once.",
    "questions_per_10_min": "Questions asked, for every 10 minutes of the call.",
    "time_since_last_question": "From the end of your last question to the end of the call.",
    "questions_open": "Your sentences that ask an open question.",
    "questions_closed": "Your sentences that ask a closed question.",
    "questions_leading": "Your sentences that ask a question with its answer in it.",
    "questions_stacked": "Your turns with two questions or more.",
    "questions_tag": "Your sentences that end in a tag such as 'right?'; not counted as questions.",
    "closed_in_a_row": f"Your longest row of closed questions; {CLOSED_RUN} and more are pointed out.",
    "follow_up_rate": "Questions that build on their answer, divided by all your questions after the first 2 minutes.",
    "layers": "The longest unbroken chain of questions that each build on their last answer.",
    "listening_moves": "Mirrors, labels, paraphrases and follow-up questions, for every 10 minutes that they spoke.",
    "patience": "The median pause between their last word and your first; below zero you began before they ended.",
    "interruptions": "Times you began 0.3 s or more before they ended, they stopped within 2 s and you went on for 3 s;"
    " for every 10 minutes of the call.",
    "switch_rate": "Changes of turn for every minute, without back-channels.",
    "pitch_onset": "When you first spoke of your product without being asked to.",
    "premature_pitches": "Your turns with an uninvited pitch before two needs were voiced and four questions asked.",
    "pounces": "Pitches that followed at once on a need they had just named.",
    "pitch_share": "Your sentences about your product, divided by all your sentences.",
    "pitch_share_first_third": "The same, in the first third of the call.",
    "pitch_share_second_third": "The same, in the second third of the call.",
    "pitch_share_last_third": "The same, in the last third of the call.",
    "coverage": "The parts of their world that they spoke of, out of six.",
    "pace": "The median of your words a minute, over stretches of 30 s of your own speech.",
    "fillers": "Your sentences with a filler word, for every minute that you spoke; by words alone.",
    "i_per_100_words": "'I', 'me', 'my' and 'mine', for every 100 of your words.",
    "we_per_100_words": "'We', 'us', 'our' and 'ours', for every 100 of your words.",
    "you_per_100_words": "'You', 'your' and 'yours', for every 100 of your words.",
    "first_five_minutes_share": "Your share of the talk in the first five minutes.",
    "first_five_minutes_switch_rate": "Changes of turn for every minute of the first five.",
    "first_five_minutes_questions": "Your sentences with a question in the first five minutes.",
    "next_step": "Whether you proposed a next step in the last fifth of the planned time.",
    "bleed": "How strongly one side is heard in the other's channel, as a correlation.",
}
"""How each figure is counted, in words (``metrics.md``)."""
FORMULAS_ALONE: Final[Mapping[str, str]] = {
    "longest_monologue": "Your longest stretch without a pause of 1.5 s or more; they were not heard, so their turns"
    " may lie in it.",
    "questions": "Your stretches with an open, closed or leading question; a pause of 1.5 s ends a stretch, and several"
    " in one count once.",
}
"""The same where only the microphone was heard."""


@dataclass(frozen=True, slots=True)
class Range:
    """Values that ``metrics.md`` calls good, in the figure's unit; None where it names no such end."""

    low: float | None
    high: float | None

    def told(self, unit: str) -> str:
        """Write the range as people say it."""
        if self.low is not None and self.high is not None:
            low = _round(self.low, unit).removesuffix("%").rstrip()
            return phrase("{low} to {high}", low=low, high=_round(self.high, unit))
        if self.low is not None:
            return phrase("{low} or more", low=_round(self.low, unit))
        return phrase("up to {high}", high=_round(self.high or 0.0, unit))


def _round(value: float, unit: str) -> str:
    return written(value, unit).replace(".0 ", " ").replace(",0 ", " ")


_ANY: Final = ""  # of every type of call
_GOOD: Final[Mapping[str, Mapping[str, Range]]] = {
    "talk_share": {
        "discovery": Range(0.40, 0.50),
        "demo": Range(0.50, 0.70),
        "listening": Range(0.20, 0.30),
    },
    "longest_monologue": {"discovery": Range(None, 76.0)},
    "longest_customer_story": {_ANY: Range(GREAT_STORY_S, None)},
    "follow_up_rate": {_ANY: Range(GOOD_FOLLOW_UPS, None)},
    "layers": {_ANY: Range(float(GOOD_LAYERS), None)},
}
"""The good ranges of ``metrics.md``, by figure and type of call. What is not in that table has none here."""

GROUPS: Final = (
    (
        "Curiosity",
        "A customer tells what is asked about; questions decide how much of it you hear.",
        ("questions", "questions_per_10_min", "questions_open", "questions_closed"),
        (
            "questions_leading",
            "questions_stacked",
            "questions_tag",
            "closed_in_a_row",
            "first_five_minutes_questions",
            "time_since_last_question",
        ),
    ),
    (
        "Listening",
        "People say more to somebody who shows that the last answer was heard.",
        ("follow_up_rate", "layers", "listening_moves", "interruptions"),
        ("patience",),
    ),
    (
        "Making room",
        "What they tell needs time, and there is only what you leave them.",
        ("talk_share", "longest_monologue", "longest_customer_story"),
        ("airtime", "switch_rate", "first_five_minutes_share", "first_five_minutes_switch_rate"),
    ),
    (
        "Their world first",
        "A product means something once it meets their day, their aims and what is in the way.",
        ("coverage", "pitch_onset", "premature_pitches"),
        (),
    ),
    (
        "Soft selling",
        "Told when it is asked for, a product is help; told at once, it ends the story they were telling.",
        ("pitch_share", "pounces"),
        ("pitch_share_first_third", "pitch_share_second_third", "pitch_share_last_third"),
    ),
    (
        "Next step",
        "A good talk that ends without a next step is soon only a good talk.",
        ("next_step",),
        (),
    ),
)
"""Name, why it matters, the figures of each group that are shown at once, and those on demand."""

BESIDES: Final = (
    "Your voice and words",
    "Shown for those who wonder; there is nothing to aim at.",
    ("pace", "fillers", "i_per_100_words", "we_per_100_words", "you_per_100_words", "bleed"),
    (),
)
"""What belongs to no Essential."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure as people read it: what it is called, its value with the unit, and all that explains it.

    Args:
        name: of the figure, as in the document.
        label: what people call it.
        told: its value with its unit.
        number: its value alone.
        unit: what follows the number where people need it: empty for a share, a count, a time.
        how: measured or estimated.
        source: where the metric or its limit is from.
        formula: how it is counted, in words.
        good: the good range for this type of call; empty where there is none.
    """

    name: str
    label: str
    told: str
    number: str
    unit: str
    how: str
    source: str
    formula: str
    good: str


@dataclass(frozen=True, slots=True)
class Group:
    """One Essential: why it matters, its figures, and how many of those are shown at once."""

    name: str
    why: str
    measures: tuple[Measure, ...]
    first: int


def essentials(report: CallReport) -> tuple[Group, ...]:
    """Return the Essentials of a call; what is not available is left out, and a group with nothing in it too."""
    drawn = (_group(report, *group) for group in GROUPS)
    return tuple(group for group in drawn if group.measures)


def besides(report: CallReport) -> Group:
    """Return the figures that belong to no Essential."""
    return _group(report, *BESIDES)


def absent(report: CallReport) -> tuple[str, ...]:
    """Return what people call the figures that are not available in this call."""
    return tuple(NAMES[f.name] for f in report.shown if f.value is None)


def good_range(name: str, call_type: str) -> Range | None:
    """Return the good range of a figure in a type of call; None where ``metrics.md`` names none."""
    known = _GOOD.get(name, {})
    return known.get(call_type, known.get(_ANY))


def range_in(report: CallReport, name: str) -> Range | None:
    """Return the good range of a figure in a call: ranges are of calls with two sides, where these differ."""
    return None if report.meters.alone and name in UNLIKE else good_range(name, report.call_type)


def formula(name: str, *, alone: bool) -> str:
    """Return how a figure is counted, in English words; ``alone``: in a call of which only the microphone was heard."""
    return FORMULAS_ALONE.get(name, FORMULAS[name]) if alone else FORMULAS[name]


def _group(report: CallReport, name: str, why: str, first: tuple[str, ...], more: tuple[str, ...]) -> Group:
    known = {f.name: f for f in report.shown if f.value is not None}
    shown = [n for n in first if n in known]
    later = [n for n in more if n in known]
    if not shown:
        shown, later = later, []
    measures = (_measure(report, known[n]) for n in (*shown, *later))
    return Group(phrase(name), phrase(why), tuple(measures), len(shown))


def _measure(report: CallReport, figure: Figure) -> Measure:
    good = range_in(report, figure.name)
    label = NAMES[figure.name]
    value, unit = number(figure.value or 0.0, figure.unit)
    return Measure(
        figure.name,
        label,
        amount(figure) if unit else value,
        value,
        "" if unit in label else unit,
        figure.how,
        phrase(figure.source),
        phrase(formula(figure.name, alone=report.meters.alone)),
        good.told(figure.unit) if good is not None else "",
    )

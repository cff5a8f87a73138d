"""A report as lines for a terminal.

Owns what a figure is called in plain words and how it is written. Transcript text is untrusted: control
characters never reach the terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.call import vocabulary as cue
from coach.call.events import Who
from coach.call.figures import NOT_AVAILABLE, spoken_of
from coach.language import Phrases, phrase
from coach.report.nudged import reason_of, source_of, text_of
from coach.report.once import asked_once, worth_showing
from coach.writing import number as plain_number
from coach.writing import share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coach.call.figures import Figure
    from coach.nudges.commands import Nudge
    from coach.report.document import CallReport
    from coach.report.facts import FactsSaid, Moment

NAMES: Final = Phrases(
    {
        "talk_share": "Talk share",
        "airtime": "Airtime",
        "longest_monologue": "Longest monologue",
        "longest_customer_story": "Longest customer story",
        "questions": "Questions asked",
        "questions_per_10_min": "Questions per 10 min",
        "time_since_last_question": "Since the last question",
        "questions_open": "Questions: open",
        "questions_closed": "Questions: closed",
        "questions_leading": "Questions: leading",
        "questions_stacked": "Questions: stacked",
        "questions_tag": "Questions: tags",
        "closed_in_a_row": "Closed in a row, most",
        "follow_up_rate": "Follow-up rate",
        "layers": "Layers of the onion",
        "listening_moves": "Listening moves",
        "patience": "Patience",
        "interruptions": "Interruptions",
        "switch_rate": "Changes of turn",
        "pitch_onset": "First uninvited pitch",
        "premature_pitches": "Premature pitches",
        "pounces": "Pounces",
        "pitch_share": "Pitch share",
        "pitch_share_first_third": "Pitch share: first third",
        "pitch_share_second_third": "Pitch share: second third",
        "pitch_share_last_third": "Pitch share: last third",
        "coverage": "Their world covered",
        "pace": "Pace",
        "fillers": "Fillers",
        "i_per_100_words": "'I' words",
        "we_per_100_words": "'We' words",
        "you_per_100_words": "'You' words",
        "first_five_minutes_share": "First 5 min: talk share",
        "first_five_minutes_switch_rate": "First 5 min: changes of turn",
        "first_five_minutes_questions": "First 5 min: questions",
        "next_step": "Next step agreed on late",
        "bleed": "Bleed",
    }
)
"""What each figure is called by people."""

SIDES: Final = Phrases({Who.REP: "You", Who.CUSTOMER: "Customer"})
"""What each side is called by people."""
A_VOICE: Final = "A voice"
"""What a speaker is called where voices are mixed and nobody knows whose is whose."""
WHOLE: Final = frozenset({"count", "turns", "parts"})
"""Units of what is counted: written without a point, and without the unit, which the name tells."""

PARTS: Final = Phrases(
    {
        cue.TODAY: "How they work today",
        cue.AIM: "What they want",
        cue.OBSTACLE: "What is in the way",
        cue.COST: "What it costs them",
        cue.PEOPLE: "Who is involved",
        cue.WHY_NOW: "Why now",
    }
)
"""What each part of their world is called by people."""

KIND_NAMES: Final = Phrases({"strength": "Strength", "habit": "Habit", "try": "One thing to try"})
"""What each kind of finding is called by people."""
_SHORT: Final = Phrases({**KIND_NAMES.english, "try": "To try"})


def clean(text: str) -> str:
    """Return text without control characters: what was said is never a command to a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def writable(text: str) -> str:
    """Return text that every file can hold: a name that is not UTF-8 has halves of characters, which become ``?``."""
    return text.encode("utf-8", "replace").decode()


def called(who: Who, report: CallReport) -> str:
    """Return what people call a speaker in a call."""
    return phrase(A_VOICE) if report.meters.mixed else SIDES[who]


def no_nudge(report: CallReport) -> str:
    """Return what is said where there was no nudge: silence is praise only where somebody was listened to."""
    if report.meters.mixed:
        return phrase("Nobody was coached: whose voice is whose is not known.")
    return phrase("Not one nudge.")


def quoted(text: str) -> str:
    """Return clean words to quote; nothing where a log of timings kept none (a dot for each)."""
    return clean(text) if any(c.isalnum() for c in text) else ""


def clock(seconds: float) -> str:
    """Write a moment as minutes and seconds, such as ``2:05``, from an hour on as ``1:02:05``."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def amount(figure: Figure) -> str:
    """Write the value of a figure with its unit."""
    return phrase(NOT_AVAILABLE) if figure.value is None else written(figure.value, figure.unit)


def written(value: float, unit: str) -> str:
    """Write a value with its unit, as exact as it is ever shown."""
    if unit == "ratio":
        return share(value)
    if unit == "yes or no":
        return phrase("yes") if value else phrase("no")
    if unit in WHOLE:
        return plain_number(value)
    return f"{plain_number(value, 1)} {phrase(unit)}"


def number(value: float, unit: str) -> tuple[str, str]:
    """Return a value and the unit that people need beside it, such as ``7.0`` and ``per 10 min``."""
    told = written(value, unit)
    if unit == "parts":
        return phrase("{n} of 6", n=told), ""
    if unit == "s" or not told.endswith(phrase(unit)):
        return told, ""
    return told.removesuffix(phrase(unit)).rstrip(), phrase(unit)


def nudge_lines(nudge: Nudge, suggestion: str) -> Iterator[str]:
    """Yield a nudge as it is told in a terminal: the words, the reason, a question to ask if any, the source."""
    yield f"  {clock(nudge.at_ms / 1000):>6}  ● {text_of(nudge)}"
    yield f"          {reason_of(nudge)}"
    if suggestion:
        yield f"          {phrase('ask')}: {clean(suggestion)}"
    yield f"          {phrase('why')}: {nudge.rule} ({source_of(nudge)})"


def moment_lines(report: CallReport) -> Iterator[str]:
    """Yield what the rules saw and nobody was nudged about, each with the words it is about; a few of many."""
    if report.moments:
        yield f"  {phrase('Noticed, not nudged')}:"
    asked = asked_once(report).moments
    shown = worth_showing(report.moments)
    for i in shown:
        n = report.moments[i]
        words = quoted(report.words_at(n.at_ms))
        quote = f' "{words}"' if words else ""
        yield f"  {clock(n.at_ms / 1000):>6}  ○ {text_of(n)}{quote}"
        yield f"          {reason_of(n)}"
        if asked[i]:
            yield f"          {phrase('ask')}: {clean(asked[i])}"
    if others := len(report.moments) - len(shown):
        told = phrase("and {n} more like these, in the page and in the JSON", n=others)
        yield f"          {told}"


def figure_lines(report: CallReport) -> Iterator[str]:
    """Yield the figures as a table, then what to make of them."""
    if report.caution:
        yield f"  {report.caution}"
    width = max(len(n) for n in NAMES.values())
    kind_width = max(8, *(len(kind) for kind in _SHORT.values()))
    for f in report.shown if not report.meters.mixed else ():
        how = "" if f.value is None else phrase(f.how)
        yield f"  {NAMES[f.name]:<{width}}  {amount(f):>22}  {how}".rstrip()
    if report.findings:
        yield ""
    for found, question in zip(report.findings, asked_once(report).findings, strict=True):
        quote = f' "{words}"' if (words := quoted(found.quote)) else ""
        yield f"  {_SHORT[found.kind]:<{kind_width}} {clock(found.at_s):>6}  {found.told}{quote}"
        if question:
            yield f"                   {phrase('ask, built from their words')}: {clean(question)}"
    yield from _world_lines(report)
    if report.facts is not None:
        yield from _fact_lines(report.facts)


def _world_lines(report: CallReport) -> Iterator[str]:
    """Yield the board of their world: each part with the first that was said of it."""
    firsts = spoken_of(report.meters.sentences)
    if report.world:
        yield ""
    for part in report.world:
        said = firsts.get(part)
        told = f"        {phrase('not spoken of')}"
        if said:
            words = quoted(said.text)
            told = f"{clock(said.start_ms / 1000):>6}  " + (f'"{words}"' if words else phrase("spoken of"))
        yield f"  {PARTS[part]:<20}{told}"


def _fact_lines(said: FactsSaid) -> Iterator[str]:
    for what, moments in fact_rows(said):
        yield ""
        yield f"  {clean(what)}"
        for m in moments:
            who = phrase("you") if m.who is Who.REP else phrase("customer")
            yield f'  {who:<8} {clock(m.at_s):>6}  "{clean(m.quote)}"'


def fact_rows(said: FactsSaid) -> Iterator[tuple[str, tuple[Moment, ...]]]:
    """Yield what became of each fact as a sentence and its moments, for whoever writes them out."""
    if said.only is not None:
        verdict = (
            phrase("Your ONLY statement, said") if said.only.said else phrase("Your ONLY statement, not said")
        )
        yield f"{verdict}: {said.only.statement}", said.only.said
    for c in said.competitors:
        yield f"{phrase('Competitor named')}: {c.name}", c.moments
    for j in said.jargon:
        until = (
            phrase("they never used it")
            if j.customer_at_s is None
            else phrase("their first time was {at}", at=clock(j.customer_at_s))
        )
        yield f"{phrase('Jargon of yours')}: {j.word} ({until})", j.moments

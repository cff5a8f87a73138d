"""Every word the windows show, in one place.

Owns the strings and the way numbers are written. Refuses to know where they appear. Short, plain, kind; a
nudge's own words come from the rules. `say` is the one door, so that another language is another table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from coach.nudges.commands import Nudge

_ENGLISH: Final[dict[str, str]] = {
    "app": "Coach",
    "card.dismiss": "Dismiss",
    "card.not_now": "Not now",
    "card.why": "Why?",
    "card.less": "Less",
    "card.about": "Coach's nudge",
    "state.idle": "Not listening",
    "state.listening": "Listening · {call_type}",
    "state.paused": "Paused · {call_type}",
    "state.problem": "Problem · {problem}",
    "tray.start": "Start listening",
    "tray.pause": "Pause",
    "tray.resume": "Resume",
    "tray.stop": "Stop",
    "tray.type": "Call type",
    "tray.last": "Show the last nudge",
    "tray.look": "Look at the last call",
    "tray.facts": "What I sell…",
    "tray.quit": "Quit Coach",
    "bar.start": "Start",
    "bar.more": "More",
    "bar.why": "This desktop shows no tray icons, so Coach stays here, where you can see it.",
    "facts.title": "What I sell",
    "facts.why": "Coach hears these names better and knows a pitch by them. They stay on this computer.",
    "facts.company": "My &company",
    "facts.company.hint": "As people say it: Acme, Acme Lifts",
    "facts.products": "&Products and services",
    "facts.products.hint": "Names with commas between: Ferrolift, Doorman",
    "facts.competitors": "C&ompetitors",
    "facts.competitors.hint": "Names with commas between",
    "facts.only": "What only &we can say",
    "facts.only.hint": "We are the only ones who…",
    "facts.jargon": "Our &jargon",
    "facts.jargon.hint": "Words a customer may not know, with commas between",
    "facts.when": "Used from the next call on.",
    "facts.save": "Save",
    "facts.cancel": "Cancel",
    "who.rep": "You",
    "who.customer": "Customer",
    "lanes.name": "The call on a time line",
    "lanes.follow_up": "follow-up",
    "overview.name": "The whole call",
    "transcript.name": "What was said",
    "transcript.none": "No words were kept of this call.",
    "play.play": "Play",
    "play.pause": "Pause",
    "play.speed": "Speed",
    "play.silent": "The sound of this call was not kept.",
    "play.gone": "The recording is no longer where it was ({where}), so this call cannot be heard.",
    "play.in": "Closer",
    "play.out": "Wider",
    "play.all": "Whole call",
    "review.title": "{title} · Coach",
    "review.search": "Search what was said",
    "review.found": "{place} of {count}",
    "review.found_none": "not said",
    "review.cues": "Show cues",
    "review.marks": "Marks",
    "review.note": "Note here",
    "review.correct": "Put right…",
    "review.export": "Save as…",
    "review.keys": "Keys",
    "review.whatif": "Other limits…",
    "review.all_keys": (
        "Space\tplay, pause\n← →\tfive seconds back, on\n[ ]\tturn before, next turn\n"
        "N, Shift+N\tnext nudge, nudge before\n1 to 9\tthat nudge\n"
        "+ - 0\tcloser, wider, whole call\n< >\tslower, faster\n/ F3\tsearch, next place\n"
        "C\tshow cues\nM\tnote here\nE\tput this sentence right"
    ),
    "review.findings": "What stood out",
    "review.nudges": "Nudges",
    "review.moments": "Noticed, not nudged",
    "review.notes": "Your notes",
    "review.figures": "Figures",
    "review.quiet_call": "Not one nudge. A good call passes without a word.",
    "review.could_ask": "You could have asked:",
    "review.measured": "measured",
    "review.put_right": "put right by you",
    "finding.strength": "A strength",
    "finding.habit": "A habit",
    "finding.try": "To try",
    "which.title": "Which voice is yours?",
    "which.why": "“{title}” has one channel with two voices. Choose yours, and the figures can tell you apart.",
    "which.voice.0": "First voice",
    "which.voice.1": "Second voice",
    "which.about": "Heard at {at} · {spoken} in all",
    "which.listen": "Listen",
    "which.stop": "Stop",
    "which.key": "Key {key}",
    "which.mine": "This is me",
    "which.neither": "Neither",
    "which.later": "Not now",
    "which.others": "More voices were heard. All but yours count as the customer.",
    "which.wait": "The sound is being opened…",
    "note.title": "Note at {at}",
    "note.hint": "What struck you here?",
    "note.save": "Keep",
    "note.remove": "Remove",
    "note.cancel": "Cancel",
    "correct.title": "Put right what Coach heard at {at}",
    "correct.who": "Who spoke",
    "correct.text": "What was said",
    "correct.cues": "What it was",
    "correct.machine": "Coach heard: {text}",
    "correct.beside": "Kept beside what Coach heard, never over it. The figures follow yours.",
    "correct.back": "As Coach heard it",
    "type.discovery": "Discovery",
    "type.first_contact": "First contact",
    "type.demo": "Demo",
    "type.follow_up": "Follow-up",
    "type.listening": "Listening",
    "told.visible": "Others see this card if you share your whole screen; share a window instead.",
    "told.demo": "Demo: two bundled calls. Nothing is recorded.",
    "told.consent": "Coach listens only after you press Start. Please tell the other side that it does.",
    "rule.monologue": "A long run without the customer.",
    "rule.talk_share": "One voice held most of the last minutes.",
    "rule.ask_question": "A while has passed without a question.",
    "rule.premature_pitch": "The offer came before their needs.",
    "rule.pounce": "They named a need, and the offer followed at once.",
    "rule.order_taking": "They asked for something, and the yes came before the reason.",
    "rule.interruption": "They were still speaking, more than once.",
    "rule.pressure": "Words that push.",
    "rule.next_step": "The time is nearly over, and no next step is agreed.",
    "why.source": "Source: {source}",
}
_CUES: Final[dict[str, str]] = {
    "question.open": "open question",
    "question.closed": "closed question",
    "question.leading": "leading question",
    "question.courtesy": "courtesy",
    "question.tag": "tag question",
    "question.rhetorical": "rhetorical question",
    "question.permission": "asks leave",
    "follow_up": "follow-up",
    "reflection.mirror": "mirror",
    "reflection.label": "names a feeling",
    "reflection.paraphrase": "says it back",
    "acknowledge": "acknowledges",
    "backchannel": "mm-hm",
    "pitch": "pitch",
    "invited": "invited",
    "pressure": "pushes",
    "story": "story",
    "next_step": "next step",
    "filler": "filler",
    "need": "need",
    "objection": "objection",
    "asks_for_pitch": "asks for the offer",
    "request": "request",
    "world.today": "how they work today",
    "world.aim": "what they want",
    "world.obstacle": "what is in the way",
    "world.cost": "what it costs them",
    "world.people": "who is involved",
    "world.why_now": "why now",
}
"""What each cue is called by people."""
REP_CUES: Final = tuple(list(_CUES)[:19])
"""The cues that a sentence of the rep can be given by hand."""
CUSTOMER_CUES: Final = ("backchannel", *list(_CUES)[19:])
"""The cues that a sentence of the customer can be given by hand."""
_NUMBERS: Final[dict[str, str]] = {
    "monologue_s": "run {}",
    "rolling_share_ratio": "share of the last 3 min {}",
    "question_gap_s": "talk without a question {}",
    "share_limit_ratio": "share limit {}",
    "needs_limit": "wanted {}",
    "questions_limit": "wanted {}",
    "seconds_after_need": "{} s after the need",
    "need_ended_s": "need at {}",
    "sentences_answered": "sentences of answer {}",
    "sentences_limit": "limit {}",
    "seconds_after_request": "{} s after the request",
    "pushes_heard": "sentences that push {}",
    "interruptions_limit": "limit {}",
    "window_s": "in the last {}",
    "last_at_s": "the last at {}",
    "elapsed_min": "gone {}",
    "planned_min": "planned {}",
    "share_percent": "",
    "limit_percent": "",
    "minutes": "",
}
"""How the numbers of our rules are called; an empty one says another number again. Others go by their own name."""

_KEEP_TOGETHER: Final = "\u00a0"
_MOMENTS: Final = frozenset({"need_ended_s", "pitch_at_s", "answer_at_s", "push_at_s", "last_at_s"})
_UNITS: Final = {"_ms": " ms", "_s": " s", "_min": " min", "_percent": " %", "_pct": " %"}


def say(key: str, /, **parts: str) -> str:
    """Return the words for a key, with its parts filled in."""
    return _ENGLISH[key].format(**parts)


def cue_name(cue: str) -> str:
    """Return a cue as a person says it; one of a newer Coach as it is written."""
    return _CUES.get(cue, cue.replace("_", " ").replace(".", " "))


def call_type_name(call_type: str) -> str:
    """Return a type of call as a person says it; an unknown one as it is written."""
    return _ENGLISH.get(f"type.{call_type}", call_type.replace("_", " "))


def explain(nudge: Nudge) -> tuple[str, ...]:
    """Return what lies behind a nudge, line by line: its rule, the numbers that set it off, the source."""
    rule = _ENGLISH.get(f"rule.{nudge.rule}", nudge.rule.replace("_", " ").capitalize())
    parts = (number(name, value).replace(" ", _KEEP_TOGETHER) for name, value in nudge.because)
    numbers = " · ".join(filter(None, parts))
    source = say("why.source", source=nudge.source) if nudge.source else ""
    return tuple(line for line in (rule, numbers[:1].upper() + numbers[1:], source) if line)


def number(name: str, value: float) -> str:
    """Return a number with its name and unit; the name ends in the unit, as in ``monologue_s``."""
    bare, written = _with_unit(name, value)
    return _NUMBERS.get(name, f"{bare.replace('_', ' ')} {{}}").format(written)


def _with_unit(name: str, value: float) -> tuple[str, str]:
    if name in _MOMENTS:
        return name.removesuffix("_s"), f"{int(value) // 60}:{int(value) % 60:02}"
    if name.endswith("_ratio"):
        return name.removesuffix("_ratio"), f"{100 * value:.0f} %"
    for ending, unit in _UNITS.items():
        if name.endswith(ending):
            return name.removesuffix(ending), _short(value) + unit
    return name, _short(value)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")

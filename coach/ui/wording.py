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
    "tray.calls": "My calls…",
    "tray.practice": "Practise with recordings…",
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
    "review.untitled": "{type} call",
    "review.saved": "Saved: {where}",
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
    "whatif.title": "What would the coach have said?",
    "whatif.why": (
        "Turn a limit of this type of call and see which nudges would come, go or move. "
        "Nothing changes until you keep it."
    ),
    "whatif.waiting": "Listening to the call again…",
    "whatif.then": "Then",
    "whatif.now": "With these limits",
    "whatif.strip": "Nudges then, and with these limits",
    "whatif.list": "Nudges",
    "whatif.quiet": "Not one nudge, then or now.",
    "whatif.stays": "{at}: {text}, as it was",
    "whatif.comes": "{at}: {text}, would come",
    "whatif.goes": "{at}: {text}, would not come",
    "whatif.moves": "{at}: {text}, was at {then}",
    "whatif.kind.stays": "stays",
    "whatif.kind.comes": "comes",
    "whatif.kind.goes": "goes",
    "whatif.kind.moves": "moves",
    "whatif.was": "was {at}",
    "whatif.count": "Nudges: {then} then, {now} with these limits",
    "whatif.count.comes": "{n} would come",
    "whatif.count.goes": "{n} would go",
    "whatif.count.moves": "{n} would move",
    "whatif.count.same": "nothing changes",
    "whatif.back": "Back to mine: {what}",
    "whatif.described": "{value}; mine is {mine}",
    "whatif.more": "More limits",
    "whatif.less": "Fewer limits",
    "whatif.mine": "Back to mine",
    "whatif.default": "As Coach comes",
    "whatif.keep": "Keep these limits…",
    "whatif.will_change": "This will change in your settings, for calls from now on ({call_type}):",
    "whatif.will": "{what}: {before} → {after}",
    "whatif.keep_now": "Keep",
    "whatif.leave": "Leave as it was",
    "whatif.kept": "Kept. Used from the next call on.",
    "whatif.group.monologue": "A long run",
    "whatif.group.talk_share": "Talk share",
    "whatif.group.ask_question": "Questions",
    "whatif.group.premature_pitch": "An early pitch",
    "whatif.group.pounce": "A pitch upon a need",
    "whatif.group.interruption": "Interruptions",
    "whatif.group.order_taking": "A yes at once",
    "whatif.group.pressure": "Words that push",
    "whatif.group.next_step": "The next step",
    "whatif.group.manners": "When a nudge may speak",
    "queue.title": "Practice",
    "queue.drop": "Drop recordings or folders here",
    "queue.drop_why": "They stay where they are, and on this computer. You can paste copied files, too.",
    "queue.choose_files": "Choose files…",
    "queue.choose_folder": "Choose a folder…",
    "queue.choose": "Recordings to practise with",
    "queue.folder": "A folder of recordings",
    "queue.type": "Call &type",
    "queue.exercise": "&Exercise",
    "queue.exercise_hint": "None, or such as: pricing",
    "queue.empty": "Nothing in the queue. What you drop is coached one after the other, and opens from here.",
    "queue.clear": "Clear what is done",
    "queue.compare": "Takes of “{exercise}” side by side",
    "queue.held": "A call is under way. Practice waits for it and goes on after.",
    "queue.go_on": "Try again",
    "queue.refused_more": "…and {n} more.",
    "queue.open": "Open",
    "queue.retry": "Coach again",
    "queue.stop": "Stop",
    "queue.remove": "Remove",
    "queue.progress": "Progress of {name}",
    "queue.stage.waiting": "waits",
    "queue.stage.loading": "loading the speech model…",
    "queue.stage.done": "done",
    "queue.stage.failed": "not done",
    "queue.stage.stopped": "stopped, nothing of it is kept",
    "queue.count.busy": "{n} being coached",
    "queue.count.waiting": "{n} waiting",
    "queue.count.done": "{n} done",
    "queue.count.failed": "{n} not done",
    "queue.count.stopped": "{n} stopped",
    "queue.left_s": "about {n} s left",
    "queue.left_min": "about {n} min left",
    "calls.title": "My calls",
    "calls.calls": "Calls",
    "calls.trends": "Trends",
    "calls.reading": "Reading your calls: {count} so far.",
    "calls.later": "A call is under way; the rest of the list is read after it.",
    "sessions.search": "Search titles and tags",
    "sessions.all_types": "All types",
    "sessions.all_tags": "All tags",
    "sessions.any_time": "Any time",
    "sessions.days_7": "Last 7 days",
    "sessions.days_30": "Last 30 days",
    "sessions.days_365": "Last 12 months",
    "sessions.between": "From … to …",
    "sessions.since": "From",
    "sessions.until": "To",
    "sessions.clear": "Show all",
    "sessions.when": "When",
    "sessions.name": "Title",
    "sessions.type": "Type",
    "sessions.length": "Length",
    "sessions.nudges": "Nudges",
    "sessions.notes": "Notes",
    "sessions.tags": "Tags",
    "sessions.list": "Your calls",
    "sessions.open": "Open",
    "sessions.rename": "Rename",
    "sessions.tag": "Tags",
    "sessions.beside": "Side by side",
    "sessions.folder": "Show in folder",
    "sessions.forget": "Forget…",
    "sessions.unread": "Cannot be read: {why}",
    "sessions.count": "{count} calls",
    "sessions.count_1": "1 call",
    "sessions.some": "{count} of {all} calls",
    "sessions.chosen": "{count} chosen · {rest}",
    "sessions.none": "No calls yet",
    "sessions.none_why": "After your first call it is listed here, to look back on and to learn from.\n"
    "A recording can be one too: coach review call.mp4",
    "sessions.no_fit": "No call fits",
    "sessions.no_fit_why": "Try fewer words, or show all of them again.",
    "sessions.tags_of": "Tags, with commas between",
    "sessions.tags_of_many": "Tags that all {count} have, with commas between",
    "sessions.keep_tags": "Save",
    "sessions.leave": "Cancel",
    "sessions.sure_1": "Forget “{title}”? Its log, your notes and all that was drawn from it are deleted from this "
    "computer. A recording stays where it is.",
    "sessions.sure": "Forget {count} calls? Their logs, your notes and all that was drawn from them are deleted from "
    "this computer. Recordings stay where they are.",
    "sessions.sure_yes": "Forget",
    "sessions.sure_no": "Keep",
    "trends.type": "Type of call",
    "trends.of_type": "{type} ({count})",
    "trends.why": "Your last calls of one type, beside each other. A dot is a call, the line is the median of ten. "
    "Nobody but you sees this.",
    "trends.none": "Nothing to see yet",
    "trends.none_why": "Trends grow out of your calls: from three of one type on they stand here.",
    "trends.chart_keys": "Left and right walk through the calls, Enter opens one.",
    "trends.point": "{when}: {value}",
    "habit.title": "One habit at a time",
    "habit.none": "Choose one figure and a target, and see how your last calls stand. One is enough.",
    "habit.choose": "Choose a habit",
    "habit.change": "Change",
    "habit.end": "Let it go",
    "habit.save": "Save",
    "habit.leave": "Cancel",
    "habit.figure": "Figure",
    "habit.target": "Target",
    "habit.more": "at least",
    "habit.less": "at most",
    "habit.is": "{figure}: {target}",
    "habit.in": "{type}",
    "practice.title": "Practice",
    "practice.strip": "Practice in the last four weeks",
    "takes.title": "Takes side by side",
    "takes.too_few": "There is only one take of “{exercise}” yet.",
    "takes.row": "Take {n}: {told}",
    "takes.column": "Take {n}",
    "takes.table": "Figures of the takes",
    "takes.unknown": "not known",
    "takes.play": "Play",
    "takes.pause": "Pause",
    "takes.play_row": "Play take {n}",
    "takes.keys": "1 to 4 choose a take · ← → five seconds · N next nudge · Space plays. All rows have one scale.",
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

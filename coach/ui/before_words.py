"""The words of what stands before a call and at its start: the consent sheet, the reminder, what was prepared.

Owns these strings, and which sentence is read out where. Nothing here is legal advice, and it says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.language import Phrases

if TYPE_CHECKING:
    from coach.settings import Settings, StorageSettings

_ENGLISH: Final[dict[str, str]] = {
    "consent.title": "Before Coach listens",
    "consent.hears.title": "What is heard",
    "consent.hears": "From Start to Stop: your microphone, and what this computer plays, so the "
    "people you talk with. You press Start yourself, every time. While Coach listens, its icon says so. Without a call "
    "it listens only while you try the sound, and keeps nothing of that.",
    "consent.stays.title": "Where it stays",
    "consent.stays": "On this computer. Nothing is sent anywhere. Of each call Coach keeps what the preferences say, "
    "now: {keep}. It keeps the sound of a call only when you ask for it, for that one call.",
    "consent.others.title": "Who should know",
    "consent.others": "The other people in the call did not choose this program. Tell them before you start, and stop "
    "if somebody minds. In many places the law asks for that; what is right where you and they are, you decide, or "
    "somebody who knows the law. This is no legal advice. A sentence you may read out:",
    "consent.agree": "I have read it: I decide whom I tell",
    "consent.later": "Not now",
    "consent.refused": "No call starts until this is answered.",
    "consent.given": "You answered this on {day}.",
    "consent.back": "Take it back",
    "consent.close": "Close",
    "consent.taken_back": "Taken back. No call starts until you answer this again.",
    "consent.open": "The sheet about who listens is open: answer it, then start again.",
    "consent.button": "Who listens…",
    "keep.words": "who spoke when, and the words of both sides",
    "keep.mine": "who spoke when, and your own words; of the other side no words",
    "keep.timings": "who spoke when, no words",
    "keep.nothing": "nothing",
    "reminder.title": "Coach is listening",
    "reminder.read": "To read out",
    "reminder.law": "no legal advice",
    "reminder.off": "Not again",
    "reminder.off.about": "Do not show this at the start of calls",
    "reminder.close": "Close",
    "reminder.rep": "You",
    "reminder.customer": "They",
    "reminder.alone": "The other side is not heard.",
    "reminder.shared": "Hidden from screen share: {answer}",
    "shared.yes": "yes, as far as this system keeps its word",
    "shared.no": "no, so share one window, not the screen",
    "shared.unknown": "cannot be known here",
    "prepare.title": "Prepare the next call",
    "prepare.why": "For the next call only. It stays on this computer, and goes with that call.",
    "prepare.type": "Call &type",
    "prepare.minutes": "Planned &minutes",
    "prepare.minutes.none": "not planned",
    "prepare.minutes.some": "{minutes} min",
    "prepare.focus": "One &focus",
    "prepare.focus.none": "None: all that are on",
    "prepare.known": "What I &know about their business",
    "prepare.known.hint": "Up to three lines",
    "prepare.questions": "&Questions I want to ask",
    "prepare.questions.hint": "One a line, up to twelve",
    "prepare.save": "Save",
    "prepare.cancel": "Cancel",
    "prepare.clear": "Clear all",
    "prepare.tray": "Prepare the next call…",
    "prepare.kept_out": "Calls keep no words at the moment, so this will not be in a report read later.",
    "prepared.title": "What I prepared",
    "prepared.tray": "What I prepared",
    "prepared.none": "Nothing was prepared for this call.",
    "prepared.hide": "Hide",
    "prepared.left": "about {minutes} min left",
    "prepared.soon": "a few minutes left",
    "prepared.over": "past the planned end",
    "prepared.asked": "asked",
    "prepared.open": "not heard yet",
    "prepared.by_hand": "Planned questions are listened for in English calls only; tick them by hand.",
    "prepared.shown": "What you prepared is shown.",
    "prepared.hidden": "What you prepared is hidden.",
    "prepared.sheet": "The sheet for the next call is open.",
}
_WORDS: Final = Phrases(_ENGLISH, "before")
_KEPT: Final[dict[str, str]] = {
    "sound": "It writes down what is said, and if you agree it records us both.",
    "words": "It writes down what is said.",
    "mine": "It writes down what I say, and of you only when you speak.",
    "timings": "It notes who speaks when, not what is said.",
    "nothing": "It listens along and keeps nothing.",
}
_AIM: Final = "I use a small program on my own computer that reminds me to ask more and talk less."
_TO_READ: Final[dict[str, str]] = {
    "all": "{aim} {kept} Nothing leaves my computer. Is that all right with you?",
    "one": "Just so you know: {aim} {kept} Nothing leaves my computer. Tell me if you would rather not.",
    "eu": "Before we begin: {aim} {kept} It is for my own learning only, nothing leaves my computer, and {until}. "
    "May I leave it on? You may say no, or change your mind at any time.",
}


def say(key: str, /, **parts: str) -> str:
    """Return a string; ``parts`` fill its places."""
    return _WORDS[key].format(**parts) if parts else _WORDS[key]


def kept_of(storage: StorageSettings) -> str:
    """Return what is kept of a call: ``words`` (of both sides), ``mine``, ``timings`` or ``nothing``."""
    return "mine" if storage.keep == "words" != storage.of_other_side else storage.keep


def to_read_out(settings: Settings, *, sound: bool = False) -> str:
    """Return the sentence for the others in a call: the rep's own, else ours for the region and for what is kept.

    It is in English, as the calls are that Coach coaches.

    Args:
        settings: with the region, and what is kept.
        sound: the sound of this call is kept too.
    """
    if settings.consent.sentence:
        return settings.consent.sentence
    keep, days = kept_of(settings.storage), settings.storage.keep_days
    until = f"I delete it after {days} days" if days else "I delete it when I no longer need it"
    if keep == "nothing":
        until = "nothing is kept"
    return _TO_READ[settings.consent.region].format(
        aim=_AIM, kept=_KEPT["sound" if sound else keep], until=until
    )

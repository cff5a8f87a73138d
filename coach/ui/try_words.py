"""The words of the try-out.

Owns these strings, and the text that is there to be read out.
"""

from __future__ import annotations

from typing import Final

from coach.language import Phrases

_ENGLISH: Final[dict[str, str]] = {
    "title": "Try it with your voice",
    "how": "Talk for ten seconds without a pause, as in a call. When you have gone on for too long, the card comes up "
    "at the edge of your screen.",
    "usual": "In a call it comes after {usual} s, here after {here} s.",
    "read": "Say what you sell, or read this out:",
    "text": "“Most teams I talk to lose a day every week to reports that nobody reads. Our program collects the "
    "figures overnight and writes the summary, so that on Monday everybody starts with the same picture.”",
    "private": "Only your microphone, nothing is kept: no sound, no words. The other side is not heard.",
    "start": "Try it",
    "stop": "Stop",
    "again": "Try again",
    "card": "Show the card again",
    "level": "Level of your microphone",
    "run": "So long you have talked without a pause",
    "opening": "Opening the microphone…",
    "listening": "Listening. Talk on.",
    "shown": "There it is, at the edge of your screen. Pause, and it leaves by itself; its cross takes it away at "
    "once.",
    "over": "That was a real nudge, measured by your voice. The microphone is closed again.",
    "short": "Coach heard you for {seconds} s, with pauses. The card comes after {here} s without one: try again, and "
    "talk on.",
    "silent": "No voice was heard. Look whether the right microphone is chosen, and whether it is muted, then try "
    "again.",
    "busy": "A call is running. You can try it when that is over.",
    "later": "You can go on without it: the sound check has it too.",
    "tone": "The try-out has the microphone now. Play the tone when it is over.",
}
_WORDS: Final = Phrases(_ENGLISH, "try")


def say(key: str, /, **parts: str) -> str:
    """Return a string; ``parts`` fill its places."""
    return _WORDS[key].format(**parts) if parts else _WORDS[key]

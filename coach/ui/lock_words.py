"""The words of the lock, for its two windows. What must be said before a lock is put on is `coach.locking`'s."""

from __future__ import annotations

from typing import Final

from coach.language import Phrases

_ENGLISH: Final[dict[str, str]] = {
    "open.title": "Open your earlier calls",
    "open.why": "Your calls are locked. With your passphrase you can read them; without it Coach listens and keeps new "
    "calls all the same.",
    "open.passphrase": "&Passphrase",
    "open.yes": "&Open",
    "open.no": "Not now",
    "open.trying": "One moment ...",
    "title": "Lock my calls",
    "button": "&Lock my calls ...",
    "off.heading": "Your calls are not locked",
    "off.first": "&Passphrase, of 12 letters or more: four or five words are easy to keep in mind",
    "off.again": "The same once &more",
    "off.keyring": "Let this computer's &keyring open them instead",
    "off.no_keyring": "There is no keyring here that Coach can use.",
    "off.sentence": "&Type “{sentence}” to go on",
    "off.yes": "&Lock my calls",
    "off.unlike": "These two are not the same.",
    "on.heading": "Your calls are locked",
    "on.way.passphrase": "Your passphrase opens them. There is no other way.",
    "on.way.keyring": "This computer's keyring opens them. There is no other way.",
    "on.leaving": "The lock is half off; take it off once more to go on.",
    "on.change": "&Another passphrase, of 12 letters or more",
    "on.change.yes": "&Change it",
    "on.off": "&Take the lock off",
    "on.off.sure": "&Really take it off",
    "on.off.then": "Anybody with this computer can read your calls then.",
    "closed": "Open your calls first; then the lock can be changed.",
    "working": "{done} of {of} files",
    "working.begin": "One moment ...",
    "done.on": "Your calls are locked.",
    "done.off": "Your calls are plain again.",
    "done.change": "Changed. Your calls are as they were.",
    "show": "&Show what I type",
}
WORDS: Final = Phrases(_ENGLISH, "lock")


def word(key: str, **values: str) -> str:
    """Return words by their name."""
    return WORDS[key].format(**values)

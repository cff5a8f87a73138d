"""What a past call cannot quote, in a sentence: whose words were not kept.

Owns that sentence. Refuses to know settings: what was kept is read off the sentences themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.call.events import SentenceHeard, Who
from coach.call.vocabulary import is_backchannel
from coach.language import phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coach.call.events import Event

NOTHING: Final = "No words of this call were kept, so nothing is quoted."
THEIRS: Final = (
    "Their words were not kept, so nothing of theirs is quoted and no question is built from it; who spoke when, and "
    "what kind of sentence it was, is."
)
SOME_OF_YOURS: Final = "What you said while they spoke was not kept either: a microphone may hear them too."
_DOTTED: Final = "· "
"""What a log writes in place of words (``docs/session-format.md``)."""


def is_wordless(sentence: SentenceHeard) -> bool:
    """Say whether the words of a sentence were not kept: there is a dot for each."""
    return bool(sentence.text) and not sentence.text.strip(_DOTTED)


def unquoted(events: Iterable[Event]) -> str:
    """Return what of a call cannot be quoted, in a sentence or two; nothing where all words were kept."""
    said = [e for e in events if isinstance(e, SentenceHeard) and not is_backchannel(e.text)]
    without = {who: [is_wordless(s) for s in said if s.who is who] for who in Who}
    mine, theirs = without[Who.REP], without[Who.CUSTOMER]
    if not any(theirs):
        return phrase(NOTHING) if any(mine) else ""
    if mine and all(mine):
        return phrase(NOTHING)
    return f"{phrase(THEIRS)} {phrase(SOME_OF_YOURS)}" if any(mine) else phrase(THEIRS)

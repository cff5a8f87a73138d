"""A nudge in the language of now.

Owns how the words of a nudge, kept in English in every log, are told to people. A log is the same whoever reads it;
what is shown is looked up when it is shown. Words that the rep chose, and those of a rule nobody knows any more, stay
as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.language import phrase
from coach.nudges.rules import BY_PAUSE, CATALOGUE, MONOLOGUE

if TYPE_CHECKING:
    from coach.nudges.commands import Noticed, Nudge

_REASONS: Final = {
    rule.name: (rule.reason, *((BY_PAUSE,) if rule is MONOLOGUE else ())) for rule in CATALOGUE
}


def text_of(nudge: Nudge | Noticed) -> str:
    """Return the words of a nudge."""
    return phrase(nudge.text)


def reason_of(nudge: Nudge | Noticed) -> str:
    """Return the line with the numbers of a nudge, built again from them; as it was kept where that is not how."""
    values = dict(nudge.because)
    for english in _REASONS.get(nudge.rule, ()):
        try:
            built = english.format(**values)
        except KeyError:
            continue  # kept by another Coach, with other numbers
        if built == nudge.reason:
            return phrase(english).format(**values)
    return nudge.reason


def source_of(nudge: Nudge | Noticed) -> str:
    """Return where the limit of a nudge comes from."""
    return phrase(nudge.source)

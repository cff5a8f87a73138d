"""The names of the cues (``cues.md``) and the words of a back-channel.

Lives in the lowest room that needs them: the meters count cues, the turns know a back-channel by its words.
"""

from __future__ import annotations

import re
from typing import Final

LANGUAGE: Final = "en"
"""The one language whose cues are read."""
SPACELESS: Final = frozenset({"zh", "ja", "yue", "th", "lo", "my", "km", "bo"})
"""Languages written without spaces between words: their words cannot be counted."""

QUESTION_OPEN: Final = "question.open"
QUESTION_CLOSED: Final = "question.closed"
QUESTION_LEADING: Final = "question.leading"
QUESTION_COURTESY: Final = "question.courtesy"
QUESTION_TAG: Final = "question.tag"
QUESTION_RHETORICAL: Final = "question.rhetorical"
QUESTION_PERMISSION: Final = "question.permission"
FOLLOW_UP: Final = "follow_up"
MIRROR: Final = "reflection.mirror"
LABEL: Final = "reflection.label"
PARAPHRASE: Final = "reflection.paraphrase"
ACKNOWLEDGE: Final = "acknowledge"
BACKCHANNEL: Final = "backchannel"
PITCH: Final = "pitch"
INVITED: Final = "invited"
PRESSURE: Final = "pressure"
STORY: Final = "story"
NEXT_STEP: Final = "next_step"
FILLER: Final = "filler"
NEED: Final = "need"
PERHAPS_NEED: Final = "need.perhaps"
"""A mark on what may be a need, too doubtful to stand as one: for the nudges it counts, on the timeline it does not."""
OBJECTION: Final = "objection"
ASKS_FOR_PITCH: Final = "asks_for_pitch"
TODAY: Final = "world.today"
AIM: Final = "world.aim"
OBSTACLE: Final = "world.obstacle"
COST: Final = "world.cost"
PEOPLE: Final = "world.people"
WHY_NOW: Final = "world.why_now"

WORLD: Final = (TODAY, AIM, OBSTACLE, COST, PEOPLE, WHY_NOW)
"""The parts of a customer's world, in the order in which ``cues.md`` names them (coverage)."""
REQUEST: Final = "request"
"""A mark on ``asks_for_pitch``: the customer asks for a feature or a product ("Do you have a portal?"), not for its
price, its story or a look at it. Only order-taking needs it (``docs/cues.md``)."""

COUNTED_QUESTIONS: Final = frozenset({QUESTION_OPEN, QUESTION_CLOSED, QUESTION_LEADING})
"""The questions of ``metrics.md``: courtesy, tags, rhetorical and permission questions are not counted."""

NEEDS: Final = frozenset({NEED, PERHAPS_NEED})
"""What the meters take for a need: one that they missed would hide a pounce, and make a pitch look early."""

REFLECTIONS: Final = frozenset({MIRROR, LABEL, PARAPHRASE})

BACKCHANNEL_MOST_WORDS: Final = 3
_BACKCHANNEL_WORDS: Final = frozenset(
    [
        "uh",
        "huh",
        "uhhuh",
        "huhuh",
        "unhuh",
        "yea",
        "um",
        "ah",
        "oh",
        "ooh",
        "aha",
        "ha",
        "yeah",
        "yep",
        "yup",
        "yes",
        "no",
        "nope",
        "okay",
        "ok",
        "right",
        "sure",
        "wow",
        "really",
        "true",
        "exactly",
        "absolutely",
        "totally",
        "indeed",
        "gosh",
        "gotcha",
        "cool",
        "great",
        "nice",
        "good",
        "fine",
        "lovely",
    ]
)
_HUM: Final = re.compile(r"[mh]{2,}")  # "mm-hmm", "mhm", "hmm": everyone spells it another way
_BACKCHANNEL_PHRASES: Final = frozenset(
    {
        "i see",
        "got it",
        "i know",
        "of course",
        "oh dear",
        "oh no",
        "oh boy",
        "oh man",
        "go on",
        "makes sense",
        "i get it",
        "fair enough",
    }
)


def is_backchannel(text: str) -> bool:
    """Say whether these words could be a back-channel: at most three, all from the list.

    Source: ``cues.md`` ("mm-hm", "right", "I see", "got it": at most three words, does not take the floor).
    """
    words = re.sub(r"[^a-z' ]", " ", text.lower().replace("-", "")).split()
    if not words or len(words) > BACKCHANNEL_MOST_WORDS:
        return False
    known = all(w in _BACKCHANNEL_WORDS or _HUM.fullmatch(w) for w in words)
    return known or " ".join(words) in _BACKCHANNEL_PHRASES

"""What was heard, as values.

Owns the vocabulary of a call. Refuses to know where the sound came from.

Every event carries ``at_ms``: the moment, in milliseconds of audio since the call began, at which it became
*known*. What it tells about may lie earlier (``since_ms``, ``start_ms``): a voice is only called a voice after
a few frames of it, a sentence is only known once it has been said. Events are handed in with ``at_ms`` never
falling; that alone makes a live call, a recording and a replay the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Who(StrEnum):
    """One side of the call."""

    REP = "rep"
    CUSTOMER = "customer"


BLEED = "bleed"
"""Code of the trouble that one side is heard in the other's channel (``metrics.md``: bleed)."""
NO_SOUND = "no_sound"
"""Code of the trouble that the sound of a call, which was asked for, is not kept any further."""


class Leak(StrEnum):
    """How much of the customer comes through the loudspeakers into the microphone."""

    NONE = "none"
    """None heard, or not yet enough of the customer to know."""
    SOME = "some"
    STRONG = "strong"
    HEADPHONES = "headphones"
    """Enough of the customer was heard, and nothing of it in the microphone."""


@dataclass(frozen=True, slots=True)
class CallStarted:
    """Listening began. ``channels`` names the sides that can be heard apart, ``language`` is what they speak.

    ``estimated``: the sides shared one channel and were told apart by their voices. ``mixed``: several voices are in
    the one channel, and nobody knows which is the rep's: what is heard of the rep is then all of them.
    """

    at_ms: int
    call_type: str
    channels: tuple[Who, ...]
    planned_ms: int = 0
    language: str = "en"
    estimated: bool = False
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class VoiceStarted:
    """One side is speaking, and has been since ``since_ms``."""

    at_ms: int
    who: Who
    since_ms: int


@dataclass(frozen=True, slots=True)
class VoiceStopped:
    """One side is silent, and has been since ``since_ms``."""

    at_ms: int
    who: Who
    since_ms: int


@dataclass(frozen=True, slots=True)
class SentenceHeard:
    """One sentence of one side, with the cues of ``cues.md`` and how sure each is (0 to 1)."""

    at_ms: int
    who: Who
    start_ms: int
    end_ms: int
    text: str
    cues: tuple[str, ...] = ()
    scores: tuple[tuple[str, float], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Missed:
    """Something of what one side said is not known, because what makes it known failed.

    ``what`` is ``words``: nobody knows what was said from ``start_ms`` to ``end_ms``; or ``cues``: the words of the
    sentence there are known, and what they ask or tell is not.
    """

    at_ms: int
    who: Who
    start_ms: int
    end_ms: int
    what: str = "words"


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Nothing new was heard up to ``at_ms``; lets monologues grow while nobody's voice changes."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class ChannelLost:
    """One side can no longer be heard; its figures stop being complete.

    ``since_ms`` is the end of the last sound that was surely its own, None where a log does not say.
    """

    at_ms: int
    who: Who
    why: str
    since_ms: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceHeard:
    """From here on one side is heard through this device; before it, no device gave anything for ``gap_ms``.

    ``device`` is its label, ``identity`` the system's own name for it.
    """

    at_ms: int
    who: Who
    device: str
    identity: str = ""
    gap_ms: int = 0


@dataclass(frozen=True, slots=True)
class ChannelBack:
    """A lost side is heard again."""

    at_ms: int
    who: Who


@dataclass(frozen=True, slots=True)
class ListeningPaused:
    """The rep paused the coach."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class ListeningResumed:
    """The rep let the coach listen again."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class NudgeDismissed:
    """The rep waved the nudge of this rule away."""

    at_ms: int
    rule: str


@dataclass(frozen=True, slots=True)
class NudgeUnhelpful:
    """The rep said that the nudge of this rule did not help."""

    at_ms: int
    rule: str


@dataclass(frozen=True, slots=True)
class NotNowAsked:
    """The rep asked for quiet until the call ends."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class TroubleNoticed:
    """Something about the listening itself is wrong; ``code`` is stable, ``text`` is for the rep."""

    at_ms: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class TroubleOver:
    """What was wrong with the listening is well again."""

    at_ms: int
    code: str


@dataclass(frozen=True, slots=True)
class BleedMeasured:
    """How much of the customer reaches the microphone (``metrics.md``: bleed), told when it changes and now and then.

    ``correlation`` is that of the channels' envelopes, 0 to 1; ``gap_db`` the level of what leaks against the
    customer's own channel, None where nothing does; ``waits_ms`` for how long the microphone is held back.
    """

    at_ms: int
    leak: Leak
    correlation: float
    gap_db: float | None = None
    waits_ms: int = 0


@dataclass(frozen=True, slots=True)
class CallEnded:
    """Listening ended; nothing follows."""

    at_ms: int


Event = (
    CallStarted
    | VoiceStarted
    | VoiceStopped
    | SentenceHeard
    | Missed
    | TimePassed
    | ChannelLost
    | ChannelBack
    | DeviceHeard
    | ListeningPaused
    | ListeningResumed
    | NudgeDismissed
    | NudgeUnhelpful
    | NotNowAsked
    | TroubleNoticed
    | TroubleOver
    | BleedMeasured
    | CallEnded
)

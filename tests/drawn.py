"""Whole calls drawn at random, as a line would write them: voices, words, and now and then what else can happen."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from coach.call.events import (
    CallEnded,
    CallStarted,
    ChannelBack,
    ChannelLost,
    DeviceHeard,
    ListeningPaused,
    ListeningResumed,
    NotNowAsked,
    NudgeDismissed,
    NudgeUnhelpful,
    SentenceHeard,
    TimePassed,
    TroubleNoticed,
    TroubleOver,
    VoiceStarted,
    VoiceStopped,
    Who,
)
from coach.settings import CALL_TYPES, RULES

if TYPE_CHECKING:
    from coach.call.events import Event

TEXTS = (
    "So.",
    "Mm-hm.",
    "We do that for you today.",
    "We lose two days a week on reports.",
    "How do you do that today, and who does it?",
)
CUES = (
    (),
    ("need",),
    ("pitch",),
    ("pitch", "invited"),
    ("question.open",),
    ("backchannel",),
    ("request",),
    ("pressure",),
    ("next_step",),
)


def drawn_call(seed: int, longest_s: float = 600.0, *, eventful: bool = True) -> list[Event]:
    """Return a call: both sides' voices and words, and where wished the rest of what can happen in one."""
    dice = random.Random(seed)  # noqa: S311 - a call, no secret
    end_s = dice.uniform(longest_s / 10, longest_s) if eventful else longest_s
    events: list[Event] = [e for who in Who for e in _side(dice, who, end_s)]
    last = round(1000 * end_s)
    for _ in range(dice.choice((0, 1, 2, 4)) if eventful else 0):
        at, later = (at := dice.randint(0, last)), at + dice.randint(100, 60_000)
        who = dice.choice(tuple(Who))
        events += dice.choice(
            (
                [NudgeDismissed(at, dice.choice(RULES))],
                [NudgeUnhelpful(at, dice.choice(RULES))],
                [NotNowAsked(at)],
                [ListeningPaused(at), ListeningResumed(later)],
                [ChannelLost(at, who, "unplugged"), ChannelBack(later, who)],
                [DeviceHeard(at, who, "Headset", "usb", gap_ms=later - at)],
                [TroubleNoticed(at, "bleed", "One is heard in the other."), TroubleOver(later, "bleed")],
            )
        )
    if dice.random() < 0.5:
        events += [TimePassed(at) for at in range(0, last, dice.choice((700, 5000)))]
    events.sort(key=lambda e: e.at_ms)
    kind = dice.choice(CALL_TYPES) if eventful else "discovery"
    sides = tuple(Who) if not eventful or dice.random() < 0.9 else (Who.REP,)
    language = "en" if not eventful or dice.random() < 0.9 else "de"
    start = CallStarted(0, kind, sides, dice.choice((0, round(800 * end_s))), language)
    return [start, *events, CallEnded(events[-1].at_ms + dice.randint(0, 3000))]


def _side(dice: random.Random, who: Who, end_s: float) -> list[Event]:
    events: list[Event] = []
    at = dice.uniform(0, 5)
    while at < end_s:
        length = dice.choice((0.1, 0.4, 0.9, 1.3, 3, 8, 30, 60)) * dice.uniform(0.5, 1.5)
        start, stop = round(1000 * at), round(1000 * (at + length))
        events += [
            VoiceStarted(start + dice.randint(60, 150), who, start),
            VoiceStopped(stop + dice.randint(80, 250), who, stop),
        ]
        if dice.random() < 0.8:
            known = stop + dice.randint(300, 900)
            events.append(SentenceHeard(known, who, start, stop, dice.choice(TEXTS), dice.choice(CUES)))
        at += length + dice.choice((0.1, 0.25, 0.6, 1.6, 4, 12)) * dice.uniform(0.5, 1.5)
    return events

"""Which words of a call may be written down: yours, theirs, both, or none.

Owns the blanking of events and commands. Refuses to know files. What may not be written becomes a dot for each word:
enough to replay each nudge and to know how long a sentence was, and it tells nobody what was said.

Where the other side's words may not be written and yours may, more than their own sentences could hold them: a nudge's
suggestion is built of their words, and loudspeakers carry their voice into your microphone. So a sentence of yours is
dotted too where they spoke within it, or may have because they could not be heard; unless headphones are known to be
worn, which carry nothing.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from coach.call.events import (
    BleedMeasured,
    CallStarted,
    ChannelBack,
    ChannelLost,
    DeviceHeard,
    Leak,
    SentenceHeard,
    VoiceStarted,
    VoiceStopped,
    Who,
)
from coach.call.vocabulary import is_backchannel
from coach.nudges.commands import ShowNudge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.call.events import Event
    from coach.nudges.commands import Command, Noticed

DOT: Final = "·"
WORDS: Final = "words"
CARRIED_MS: Final = 100
"""A sentence of yours that began so soon after they ended may begin with a word of theirs: sound takes up to 0.3 s
through a wireless loudspeaker, and a word is no shorter."""


def blanked(sentence: SentenceHeard) -> SentenceHeard:
    """Return a sentence with a dot for every word; a back-channel keeps its "mm-hm", which tells nothing."""
    if is_backchannel(sentence.text):
        return sentence
    return dataclasses.replace(sentence, text=" ".join(DOT for _ in sentence.text.split()))


class Discretion:
    """Blank what may not be written, in the order in which a call is told.

    Args:
        mine: what is kept of the rep's side; their words where it is ``words``.
        theirs: the same of the other side.
    """

    def __init__(self, mine: str, theirs: str) -> None:
        self.mine, self.theirs = mine == WORDS, theirs == WORDS
        self._spoke: list[tuple[int, int | None]] = []
        """When they spoke; the last may have no end yet."""
        self._headphones = False

    def event(self, event: Event) -> Event:
        """Return an event as it may be written."""
        if not isinstance(event, SentenceHeard):
            self._note(event)
            return event
        if event.who is Who.CUSTOMER:
            return event if self.theirs else blanked(event)
        if not self.mine or not (self.theirs or self._is_surely_mine(event)):
            return blanked(event)
        return event

    def command(self, command: Command) -> Command:
        """Return a command as it may be written: a suggestion is made of the other side's words."""
        if isinstance(command, ShowNudge) and not self.theirs:
            return dataclasses.replace(
                command, nudge=dataclasses.replace(command.nudge, suggestion=""), offer=""
            )
        return command

    def moments(self, moments: Sequence[Noticed]) -> Sequence[Noticed]:
        """Return moments as they may be written."""
        return moments if self.theirs else [dataclasses.replace(n, suggestion="") for n in moments]

    def _note(self, event: Event) -> None:
        """Take note of when the other side speaks, and whether it can be in the microphone."""
        match event:
            case VoiceStarted(who=Who.CUSTOMER, since_ms=since_ms):
                self._begin(since_ms)
            case ChannelLost(who=Who.CUSTOMER, at_ms=at_ms, since_ms=since_ms):
                self._begin(at_ms if since_ms is None else since_ms)
            case (
                VoiceStopped(who=Who.CUSTOMER, since_ms=ended_ms)
                | ChannelBack(who=Who.CUSTOMER, at_ms=ended_ms)
            ):
                self._end(ended_ms)
            case DeviceHeard():
                self._headphones = False  # until that is measured again
            case BleedMeasured(leak=leak):
                self._headphones = leak is Leak.HEADPHONES
            case CallStarted(mixed=True) | CallStarted(estimated=True):
                self._begin(0)  # whose words are whose is a guess
            case _:
                pass

    def _begin(self, at_ms: int) -> None:
        if not self._spoke or self._spoke[-1][1] is not None:
            self._spoke.append((at_ms, None))

    def _end(self, at_ms: int) -> None:
        if self._spoke and self._spoke[-1][1] is None:
            self._spoke[-1] = (self._spoke[-1][0], at_ms)

    def _is_surely_mine(self, sentence: SentenceHeard) -> bool:
        return self._headphones or not any(
            since_ms < sentence.end_ms and (until_ms is None or until_ms + CARRIED_MS > sentence.start_ms)
            for since_ms, until_ms in self._spoke
        )

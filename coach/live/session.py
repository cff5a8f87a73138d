"""One call, from what was heard to what is shown: it puts events in order and owns the engine and the log.

Refuses to know devices and threads. Voice comes from the ear, words from the scribe, clicks from the rep; each
has a place in audio time, and an event goes down the line once nothing earlier can come any more. A sentence
takes its place at the end of its span plus a fixed allowance for the scribe, whether the scribe was quicker or
not: so a live call on a machine that keeps up and a recording give the same nudges.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from coach.audio.block import to_ms
from coach.call.events import (
    BLEED,
    BleedMeasured,
    CallEnded,
    CallStarted,
    ChannelBack,
    ChannelLost,
    DeviceHeard,
    Leak,
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
from coach.speech.sentences import SentenceBuilder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.call.events import Event
    from coach.live.ear import Heard, SpanToWrite
    from coach.live.ports import CueReader, RouteHeard
    from coach.nudges.commands import Command
    from coach.nudges.engine import Engine
    from coach.speech.words import Utterance, Word

    _Placed = VoiceStarted | VoiceStopped | BleedMeasured | TroubleNoticed | TroubleOver

LEAKS = "Your speakers leak: figures are estimates, a headset helps."

_NEVER = 1 << 60
_VOICE, _SENTENCE = 0, 1


class Ledger(Protocol):
    """Where events and commands are written down."""

    def event(self, event: Event) -> None:
        """Write one event."""
        ...

    def command(self, command: Command) -> None:
        """Write one command."""
        ...


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence on its way, not yet read for cues."""

    who: Who
    said: Utterance


class Session:
    """Put one call in order.

    Args:
        engine: turns events into commands.
        reader: reads cues, in the order of release.
        sides: the sides of the call.
        allowance_ms: how long after the end of a span its sentences are acted upon.
        ledger: is told everything that happened.
        language: what is spoken.
    """

    def __init__(  # noqa: PLR0917 - the parts of a call, in the order of the line
        self,
        engine: Engine,
        reader: CueReader,
        sides: Sequence[Who],
        allowance_ms: int,
        ledger: Ledger,
        language: str = "en",
    ) -> None:
        self.engine = engine
        self.late = 0
        self._reader = reader
        self.sides = tuple(sides)
        self._allowance = allowance_ms
        self._ledger = ledger
        self._language = language
        self._until = dict.fromkeys(sides, 0)
        self._lost: set[Who] = set()
        self._builders = {who: SentenceBuilder() for who in sides}
        self._outstanding = dict.fromkeys(sides, 0)
        self._heap: list[tuple[int, int, str, int, int, _Placed | _Sentence]] = []
        self._leaks = False
        self._count = 0
        self._at = 0

    @property
    def now_ms(self) -> int:
        """The audio time up to which every side was heard; a lost side is not waited for."""
        alive = [t for who, t in self._until.items() if who not in self._lost]
        return min(alive) if alive else max(self._until.values(), default=0)

    def start(
        self, call_type: str, planned_ms: int, *, estimated: bool = False, mixed: bool = False
    ) -> list[Command]:
        """Begin the call; ``estimated`` where its sides share one channel and were told apart by their voices.

        ``mixed`` where voices share it and nobody knows which is the rep's.
        """
        return self._fold(CallStarted(0, call_type, self.sides, planned_ms, self._language, estimated, mixed))

    def take(self, heard: Heard) -> None:
        """Take what the ear heard of one side. Every span in it is owed to `written`."""
        for c in heard.changes:
            kind = VoiceStarted if c.speaking else VoiceStopped
            self._push(c.known_ms, _VOICE, c.who, c.since_ms, kind(c.known_ms, c.who, c.since_ms))
            self._builders[c.who].voice(c.known_ms, c.speaking, c.since_ms)
        for route in heard.routes:
            self._route(heard.who, route)
        self.owe(heard.spans)
        self._until[heard.who] = max(self._until[heard.who], heard.until_ms)

    def owe(self, spans: Sequence[SpanToWrite]) -> None:
        """Take note of spans that closed without more sound: their words will come to `written`."""
        for to_write in spans:
            self._outstanding[to_write.who] += 1

    def written(self, to_write: SpanToWrite, words: Sequence[Word]) -> None:
        """Take the words of a span, in the order in which the spans of a side closed."""
        who, span = to_write.who, to_write.span
        self._outstanding[who] = max(0, self._outstanding[who] - 1)
        builder = self._builders[who]
        due = builder.due_ms
        for said in builder.passed(span.closed_at_ms - 1):
            self._sentence(who, said, due if due is not None else span.closed_at_ms)
        for said in builder.hear(words, span):
            self._sentence(who, said, span.closed_at_ms)

    def written_early(self, who: Who, words: Sequence[Word], known_ms: int) -> None:
        """Take words of a span that is still open; the rest of it comes to `written`."""
        builder = self._builders[who]
        due = builder.due_ms
        for said in builder.passed(known_ms - 1):
            self._sentence(who, said, due if due is not None else known_ms)
        for said in builder.hear_early(words, known_ms):
            self._sentence(who, said, known_ms)

    def release(self) -> list[Command]:
        """Send down the line all that has its place before now; return what is to be done."""
        return self._release(self.now_ms)

    def lost(self, who: Who, why: str, since_ms: int) -> list[Command]:
        """One side can no longer be heard, since ``since_ms``; nothing where it is lost already."""
        if who in self._lost:
            return []
        commands = self._release(self.now_ms)
        at = self._now()
        commands += self._fold(ChannelLost(at, who, why, min(since_ms, at)))
        commands += self.trouble(f"lost_{who}", why)
        self._lost.add(who)
        return commands + self._release(self.now_ms)

    def heard_through(
        self, who: Who, device: str, identity: str, at_ms: int, gap_ms: int = 0
    ) -> list[Command]:
        """One side is heard through this device, from ``at_ms`` on; a lost side is back."""
        at = max(self._now(), at_ms)
        commands: list[Command] = []
        if who in self._lost:
            self._lost.discard(who)
            self._until[who] = max(self._until[who], self._at, at_ms)
            commands = self._fold(ChannelBack(at, who)) + self._fold(TroubleOver(at, f"lost_{who}"))
        return commands + self._fold(DeviceHeard(at, who, device, identity, gap_ms))

    def dismissed(self, rule: str) -> list[Command]:
        """The rep waved a nudge away."""
        return self._fold(NudgeDismissed(self._now(), rule))

    def unhelpful(self, rule: str) -> list[Command]:
        """The rep said that a nudge did not help."""
        return self._fold(NudgeUnhelpful(self._now(), rule))

    def not_now(self) -> list[Command]:
        """The rep asked for quiet."""
        return self._fold(NotNowAsked(self._now()))

    def paused(self) -> list[Command]:
        """The rep paused the coach."""
        return self._fold(ListeningPaused(self._now()))

    def resumed(self) -> list[Command]:
        """The rep let the coach listen again."""
        return self._fold(ListeningResumed(self._now()))

    def trouble(self, code: str, text: str) -> list[Command]:
        """Something about the listening is wrong."""
        return self._fold(TroubleNoticed(self._now(), code, text))

    def trouble_over(self, code: str) -> list[Command]:
        """What was wrong with the listening is well again."""
        return self._fold(TroubleOver(self._now(), code))

    def end(self) -> list[Command]:
        """End the call: what is held goes down the line first. Every span has been written by now."""
        end_ms = max(self._until.values(), default=0)
        for who, builder in self._builders.items():
            due = builder.due_ms
            for said in builder.end():
                self._sentence(who, said, due if due is not None else end_ms)
        commands = self._release(_NEVER, latest=max(end_ms, self._at))
        return commands + self._fold(CallEnded(max(end_ms, self._at)))

    def _now(self) -> int:
        return max(self._at, self.now_ms)

    def _sentence(self, who: Who, said: Utterance, known_ms: int) -> None:
        at = known_ms + self._allowance
        if at < self._at:
            self.late += 1
        self._push(at, _SENTENCE, who, said.start_ms, _Sentence(who, said))

    def _route(self, who: Who, route: RouteHeard) -> None:
        """Place what was measured of the leak, and with it the word that figures are estimates."""
        at, leak = to_ms(route.at), Leak(route.state)
        gap_db = round(route.gap_db, 1) if math.isfinite(route.gap_db) else None
        events: list[_Placed] = [BleedMeasured(at, leak, route.correlation, gap_db, route.waits_ms)]
        if (leak is Leak.STRONG) is not self._leaks:
            self._leaks = leak is Leak.STRONG
            events.append(TroubleNoticed(at, BLEED, LEAKS) if self._leaks else TroubleOver(at, BLEED))
        for event in events:
            self._push(at, _VOICE, who, at, event)

    def _push(self, at: int, rank: int, who: Who, start: int, what: _Placed | _Sentence) -> None:
        self._count += 1
        heapq.heappush(self._heap, (at, rank, who.value, start, self._count, what))

    def _release(self, horizon: int, latest: int = _NEVER) -> list[Command]:
        """Send down the line everything before ``horizon``: nothing earlier can come any more."""
        for who, builder in self._builders.items():
            due = builder.due_ms
            if due is not None and not self._outstanding[who]:
                for said in builder.passed(min(horizon, latest) - self._allowance):
                    self._sentence(who, said, due)
        commands: list[Command] = []
        while self._heap and self._heap[0][0] < horizon:
            at, _, _, _, _, what = heapq.heappop(self._heap)
            at = max(self._at, min(at, latest))
            if isinstance(what, _Sentence):
                commands += self._fold(self._read(at, what))
            else:
                commands += self._fold(replace(what, at_ms=at))
        if horizon != _NEVER and horizon > self._at:
            commands += self._fold(TimePassed(horizon))
        return commands

    def _read(self, at: int, sentence: _Sentence) -> SentenceHeard:
        said = sentence.said
        reading = self._reader.read(sentence.who, said.text, said.start_ms, said.end_ms)
        return SentenceHeard(
            at, sentence.who, said.start_ms, said.end_ms, said.text, reading.cues, reading.scores
        )

    def _fold(self, event: Event) -> list[Command]:
        self._at = max(self._at, event.at_ms)
        self._ledger.event(event)
        commands = self.engine.handle(event)
        for command in commands:
            self._ledger.command(command)
        return commands

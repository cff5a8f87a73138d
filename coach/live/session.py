"""One call, from what was heard to what is shown: it puts events in order and owns the engine and the log.

Refuses to know devices and threads. Voice comes from the ear, words from the scribe, clicks from the rep; each
has a place in audio time, and an event goes down the line once nothing earlier can come any more. A sentence
takes its place at the end of its span plus a fixed allowance for the scribe, whether the scribe was quicker or
not: so a live call on a machine that keeps up and a recording give the same nudges.
"""

from __future__ import annotations

import heapq
import logging
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

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
    Missed,
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
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coach.call.events import Event
    from coach.live.ear import Heard, SpanToWrite
    from coach.live.ports import CueReader, RouteHeard
    from coach.nudges.commands import Command
    from coach.nudges.engine import Engine
    from coach.speech.words import Utterance, Word

    _Placed = Missed | VoiceStarted | VoiceStopped | BleedMeasured | TroubleNoticed | TroubleOver

NO_CUES = "Questions and needs cannot be read right now. Talk time still counts."
CUES_OVER = "Questions and needs are not read any more in this call. Talk time and the words still count."
FAULT = "A part of Coach failed and is left out. The call goes on."
LEAKS = "Your speakers leak: figures are estimates, a headset helps."

_T = TypeVar("_T")
_R = TypeVar("_R")
_NEVER = 1 << 60
_MOST_LOGGED = 20
_log = logging.getLogger(__name__)
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
        self._lost: dict[Who, set[str]] = {who: set() for who in sides}
        """Why each side is not heard: its device is lost, its voice is not made out."""
        self._unread = self._over_told = self._fault_told = False
        self.set_aside = 0
        """Steps of the engine or the ledger that failed and were left out."""
        self._builders = {who: SentenceBuilder() for who in sides}
        self._outstanding = dict.fromkeys(sides, 0)
        self._heap: list[tuple[int, int, str, int, int, _Placed | _Sentence]] = []
        self._leaks = False
        self._count = 0
        self._at = 0

    @property
    def now_ms(self) -> int:
        """The audio time up to which every side was heard; a lost side is not waited for."""
        alive = [t for who, t in self._until.items() if not self._lost[who]]
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

    def lost(self, who: Who, why: str, since_ms: int, cause: str = "lost") -> list[Command]:
        """One side can no longer be heard, since ``since_ms``; nothing where it is lost for this cause already.

        Args:
            who: the side.
            why: a sentence for the rep.
            since_ms: the end of what was surely heard.
            cause: ``lost`` where the device is gone, ``deaf`` where its voice cannot be made out.
        """
        if cause in self._lost[who]:
            return []
        commands = self._release(self.now_ms)
        at = self._now()
        if not self._lost[who]:
            commands += self._fold(ChannelLost(at, who, why, min(since_ms, at)))
        commands += self.trouble(f"{cause}_{who}", why)
        self._lost[who].add(cause)
        return commands + self._release(self.now_ms)

    def heard_again(self, who: Who, at_ms: int, cause: str) -> list[Command]:
        """What kept a side from being heard is over; nothing where it was not that."""
        if cause not in self._lost[who]:
            return []
        at = max(self._now(), at_ms)
        self._lost[who].discard(cause)
        commands: list[Command] = []
        if not self._lost[who]:
            self._until[who] = max(self._until[who], self._at, at_ms)
            commands = self._fold(ChannelBack(at, who))
        return commands + self._fold(TroubleOver(at, f"{cause}_{who}"))

    def missed(self, to_write: SpanToWrite) -> list[Command]:
        """The words of a span are not known and never will be; `written` is told of it too."""
        start_ms, end_ms = to_write.span.start_ms, to_write.span.end_ms
        missed = Missed(to_write.span.closed_at_ms, to_write.who, start_ms, end_ms)
        self._push(to_write.span.closed_at_ms + self._allowance, _SENTENCE, to_write.who, start_ms, missed)
        return []

    def heard_through(
        self, who: Who, device: str, identity: str, at_ms: int, gap_ms: int = 0
    ) -> list[Command]:
        """One side is heard through this device, from ``at_ms`` on; a lost side is back."""
        at = max(self._now(), at_ms)
        commands = self.heard_again(who, at_ms, "lost")
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
                commands += self._read(at, what)
            else:
                commands += self._fold(replace(what, at_ms=at))
        if horizon != _NEVER and horizon > self._at:
            commands += self._fold(TimePassed(horizon))
        return commands

    def _read(self, at: int, sentence: _Sentence) -> list[Command]:
        """Read a sentence and send it down; where it cannot be read, without its cues, and say that they are missed."""
        said, who = sentence.said, sentence.who
        try:
            reading = self._reader.read(who, said.text, said.start_ms, said.end_ms)
        except Exception as fault:  # noqa: BLE001 - the call comes first: the words are known, their cues are not
            commands = self._no_cues(at, fault)
            commands += self._fold(Missed(at, who, said.start_ms, said.end_ms, "cues"))
            return commands + self._fold(SentenceHeard(at, who, said.start_ms, said.end_ms, said.text))
        commands = []
        if self._unread:
            self._unread = False
            commands = self._fold(TroubleOver(at, "no_cues"))
        heard = SentenceHeard(at, who, said.start_ms, said.end_ms, said.text, reading.cues, reading.scores)
        return commands + self._fold(heard)

    def _no_cues(self, at: int, fault: Exception) -> list[Command]:
        if getattr(fault, "over", False):
            code, text = "cues_over", CUES_OVER
        else:
            code, text = "no_cues", fault.sentence if isinstance(fault, Trouble) else NO_CUES
        if not isinstance(fault, Trouble) and not hasattr(fault, "over"):
            _log.exception("a sentence could not be read")
        if self._unread and code == "no_cues":
            return []
        said_before, self._unread = self._over_told, True
        self._over_told = self._over_told or code == "cues_over"
        return [] if said_before else self._fold(TroubleNoticed(at, code, text))

    def _fold(self, event: Event) -> list[Command]:
        """Write an event down and let the engine take it; a step that fails is left out, and said once."""
        self._at = max(self._at, event.at_ms)
        self._safely(self._ledger.event, event)
        commands = self._safely(self.engine.look, event.at_ms) or []
        commands += self._safely(self.engine.take, event) or []
        for command in commands:
            self._safely(self._ledger.command, command)
        if (self.set_aside or self.engine.failed) and not self._fault_told:
            self._fault_told = True
            told = self._fold(TroubleNoticed(self._at, "fault", FAULT))
            self._fault_told = bool(told)  # else it failed too, and is said with the next event
            commands += told
        return commands

    def _safely(self, step: Callable[[_T], _R], what: _T) -> _R | None:
        try:
            return step(what)
        except Exception:  # noqa: BLE001 - the call comes first: one step may be lost, nothing behind it
            self.set_aside += 1
            if self.set_aside <= _MOST_LOGGED:
                _log.exception("a step of the call failed and was left out")
            return None

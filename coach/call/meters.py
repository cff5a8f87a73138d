"""The live meters: everything that a rule may look at, folded event by event.

Owns the figures of a call while it runs. Refuses to know limits: it measures, the rules judge. Formulas and
names are those of ``metrics.md``; the figures of a finished call are drawn from here by `coach.call.figures`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, assert_never

from coach.call import vocabulary as cue
from coach.call.events import (
    BLEED,
    NO_SOUND,
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
from coach.call.turns import (
    BACKCHANNEL_MS,
    SEGMENT_GAP_MS,
    WENT_ON_MS,
    WORDS_LATE_MS,
    Floor,
    Segment,
    Turn,
    cut_ins,
)

if TYPE_CHECKING:
    from coach.call.events import Event

ROLLING_MS = 180_000
"""Window of the rolling talk share (TalkMeter RCT; ``metrics.md``)."""
ROLLING_VALID_MS = 60_000
"""The rolling share is valid from this much speech in its window (``metrics.md``)."""
INTERRUPTIONS_MS = 120_000
"""Window in which interruptions are counted while a call goes on (``metrics.md``)."""
RUN_SILENCE_MS = 3000
"""Silence that ends a monologue where both sides are heard (``metrics.md``)."""
RUN_PAUSE_ALONE_MS = 1500
"""Pause that ends a monologue where only the microphone is heard (``metrics.md``)."""
OPENING_MS = 20_000
"""No nudge comes before this moment of a call (``manners.md``, clause 4)."""
LEAD_IN_WORDS = 4
"""A rep's first words of at most this many without any cue ("Oh, sure.", "See,") do not soften a pounce, nor are
they more than a way into an answer."""
ASKS_WHAT_FOR = frozenset(
    {cue.QUESTION_OPEN, cue.QUESTION_PERMISSION, cue.FOLLOW_UP, cue.LABEL, cue.PARAPHRASE}
)
"""What the rep says to learn what a request is for; "When would you want it?" takes the order."""
LISTENS = cue.REFLECTIONS | {cue.QUESTION_OPEN}
"""Whatever its words, a sentence that asks openly or gives back what was heard does not push."""
ASKS_NOTHING = frozenset({cue.FILLER, cue.MIRROR})
"""What may stand on the way into a yes: "Um, in Polish, yep." An echo alone gives the floor back, and is no yes."""


@dataclass(frozen=True, slots=True)
class PitchHeard:
    """One pitch sentence of the rep and what stood before it."""

    start_ms: int
    end_ms: int
    invited: bool
    needs: int
    questions: int
    pounced: bool
    need_end_ms: int


@dataclass(frozen=True, slots=True)
class OrderTaken:
    """One request of the customer that the rep said yes to at once, with no question yet what it is for.

    ``start_ms`` is where the answer begins, ``end_ms`` the end of its last sentence so far; ``over``: the rep's turn
    has ended like that.
    """

    request_end_ms: int
    start_ms: int
    end_ms: int
    sentences: int
    over: bool = False


@dataclass(frozen=True, slots=True)
class PressureHeard:
    """The rep pushing, from the first sentence that does to the last, with no word of the customer between.

    ``heard`` counts such sentences in the call so far.
    """

    start_ms: int
    end_ms: int
    heard: int


@dataclass(frozen=True, slots=True)
class Moment:
    """What the meters say at one moment; all that a rule may know. Times in milliseconds of audio."""

    now_ms: int
    two_sides: bool
    monologue_ms: int = 0
    rolling_share: float | None = None
    question_gap_ms: int = 0
    floor_ms: int = 0
    pitch: PitchHeard | None = None
    pounce: PitchHeard | None = None
    last_question_ms: int = -1
    order: OrderTaken | None = None
    pressure: PressureHeard | None = None
    interrupted_ms: tuple[int, ...] = ()
    planned_ms: int = 0
    next_step_ms: int = -1
    rep_quiet_ms: int = 0
    customer_quiet_ms: int = 0


@dataclass(slots=True)
class Run:
    """One monologue: the rep going on without a real turn of the customer."""

    start_ms: int
    end_ms: int


@dataclass(slots=True)
class Meters:
    """Fold events into figures."""

    started: CallStarted | None = None
    floor: Floor = field(default_factory=lambda: Floor((Who.REP,)))
    sentences: list[SentenceHeard] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    pitches: list[PitchHeard] = field(default_factory=list)
    onsets: list[PitchHeard] = field(default_factory=list)
    pounces: list[PitchHeard] = field(default_factory=list)
    lost: list[tuple[Who, int, int | None]] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    """What was said and is not known (`coach.call.gaps`)."""
    sound_until_ms: int | None = None
    """Where the sound of the call, which was to be kept, ends before the call does; None where it does not."""
    now_ms: int = 0
    ended_ms: int | None = None
    needs: int = 0
    asked_units: int = 0
    paused_ms: int = 0
    bled: bool = False
    bleed: float | None = None
    """The strongest correlation of the microphone with the other channel that was measured."""
    leak: Leak = Leak.NONE
    """How much of the customer reaches the microphone now."""
    _bleeding: bool = False
    _bled_until: int = 0
    _two_sides: bool = False
    _cuts: list[Turn] = field(default_factory=list)
    _cuts_of: tuple[Floor, int] | None = None
    _paused_at: int | None = None
    _question_gap_ms: int = 0
    _chain_start: int | None = None
    _chain_end: int = 0
    _barrier: int = 0
    _barrier_before: dict[int, int] = field(default_factory=dict)
    _floor_since: int | None = None
    _need_end: int | None = None
    _opening: bool = False
    _answered: bool = False
    _asked_turn_at: int = -2
    _pitched_turn_at: int = -2
    _last_customer_end: int = -1
    _last_rep_end: int = -1
    _turn_alone_at: int = -1
    _last_question_ms: int = -1
    _request_end: int | None = None
    _told_why: bool = False
    _order: OrderTaken | None = None
    _pressure: PressureHeard | None = None
    _pushed_turn_at: int = -2
    _next_step_ms: int = -1

    @property
    def two_sides(self) -> bool:
        """Say whether both sides are heard apart, now."""
        return self._two_sides

    @property
    def mixed(self) -> bool:
        """Say whether what is heard is several people in one channel, and nobody knows which is the rep."""
        return self.started is not None and self.started.mixed

    @property
    def alone(self) -> bool:
        """Say whether the rep alone was to be heard in this call, from its beginning."""
        return self.started is not None and Who.CUSTOMER not in self.started.channels

    @property
    def reads_cues(self) -> bool:
        """Say whether the cues of this call's language are read; without them words are heard, and no more."""
        return self.started is None or self.started.language == cue.LANGUAGE

    @property
    def paused(self) -> bool:
        """Say whether the rep paused the coach."""
        return self._paused_at is not None

    def fold(self, event: Event) -> None:  # noqa: C901, PLR0912 - one case a kind of event, nothing else
        """Take one event."""
        self.advance(event.at_ms)
        match event:
            case CallStarted():
                self.started = event
                self.floor = Floor(event.channels)
                self._count_sides()
            case VoiceStarted(who=who, since_ms=since):
                self.floor.voice_started(who, since)
                if who is Who.REP:
                    self._rep_speaks(since)
            case VoiceStopped(who=who, since_ms=since):
                self.floor.voice_stopped(who, since)
                self._advance_run(event.at_ms)
            case SentenceHeard():
                self._sentence(event)
            case Missed(who=who):
                self.missed.append(event)
                if who is Who.REP:
                    self._question_gap_ms = 0  # it may have held a question: nobody says that there was none
            case ChannelLost(at_ms=at, who=who, since_ms=since):
                gone = at if since is None else min(since, at)
                self.floor.voice_stopped(who, gone)
                self.lost.append((who, gone, None))
                self._count_sides()
            case ChannelBack(at_ms=at, who=who):
                self.lost = [(w, a, at if w is who and u is None else u) for w, a, u in self.lost]
                self._count_sides()
            case ListeningPaused(at_ms=at):
                self._paused_at = at
                for who in Who:
                    if self.floor.speaking[who]:
                        self.floor.voice_stopped(who, at)
            case ListeningResumed(at_ms=at):
                self.paused_ms += at - self._paused_at if self._paused_at is not None else 0
                self._paused_at = None
            case CallEnded(at_ms=at):
                self._end(at)
            case TroubleNoticed(at_ms=at, code=code):
                self._trouble(at, code)
            case TroubleOver(at_ms=at, code=code):
                if code == BLEED:
                    self._bleeding, self._bled_until = False, at
            case BleedMeasured(leak=leak, correlation=correlation):
                self.leak = leak
                self.bleed = max(self.bleed or 0.0, correlation)
            case TimePassed() | NudgeDismissed() | NudgeUnhelpful() | NotNowAsked() | DeviceHeard():
                pass
            case _:
                assert_never(event)

    def _trouble(self, at_ms: int, code: str) -> None:
        if code == NO_SOUND and self.sound_until_ms is None:
            self.sound_until_ms = at_ms
        self.bled = self.bled or code == BLEED
        self._bleeding = self._bleeding or code == BLEED

    def advance(self, now_ms: int) -> None:
        """Let time pass up to ``now_ms``."""
        passed, self.now_ms = now_ms - self.now_ms, now_ms
        speaking = self.floor.speaking
        if speaking[Who.REP] or speaking[Who.CUSTOMER]:
            self._question_gap_ms += passed
        for settled in self.floor.advance(now_ms):
            self._settled(settled)
        self._advance_run(now_ms)

    def moment(self) -> Moment:
        """Return what a rule may know now."""
        now = self.now_ms
        return Moment(
            now_ms=now,
            two_sides=self.two_sides,
            monologue_ms=self.monologue_ms(),
            rolling_share=self.rolling_share(),
            question_gap_ms=self._question_gap_ms,
            floor_ms=self._floor_ms(),
            pitch=self.onsets[-1] if self.onsets else None,
            pounce=self.pounces[-1] if self.pounces else None,
            last_question_ms=self._last_question_ms,
            order=self._order,
            pressure=self._pressure,
            interrupted_ms=self.interrupted_ms(),
            planned_ms=self.started.planned_ms if self.started is not None else 0,
            next_step_ms=self._next_step_ms,
            rep_quiet_ms=self.floor.quiet_ms(Who.REP, now),
            customer_quiet_ms=self.floor.quiet_ms(Who.CUSTOMER, now),
        )

    def monologue_ms(self) -> int:
        """Return the length of the rep's current run; 0 when there is none."""
        if self._chain_start is None or self.now_ms - self._chain_end >= self._run_pause_ms():
            return 0
        return max(0, self._chain_end - max(self._chain_start, self._barrier))

    def rolling_share(self) -> float | None:
        """Return the talk share of the last 180 s, None where it is not valid."""
        if not self.two_sides:
            return None
        start, now = self.now_ms - ROLLING_MS, self.now_ms
        rep = self.floor.held_since(Who.REP, start, now)
        customer = self.floor.held_since(Who.CUSTOMER, start, now)
        if rep + customer < ROLLING_VALID_MS:
            return None
        return rep / (rep + customer)

    def airtime(self) -> float | None:
        """Return the share of the elapsed time so far in which the rep's voice was on, None before any has passed.

        What there is in place of a talk share where the customer cannot be heard (``metrics.md``: airtime).
        """
        since = self._paused_at if self._paused_at is not None else self.now_ms
        elapsed = since - self.paused_ms
        return self.floor.spoken_since(Who.REP, 0, self.now_ms) / elapsed if elapsed > 0 else None

    def interrupted_ms(self) -> tuple[int, ...]:
        """Return when the rep cut the customer off in the last 120 s; nothing where voices may have bled over."""
        if not self.two_sides or self._bleeding:
            return ()
        since = max(self.now_ms - INTERRUPTIONS_MS, self._bled_until)
        state = (self.floor, self.floor.changes)
        if self._cuts_of != state:
            # Who cut in on whom is looked for when a voice or a turn has changed; between, those turns only grow.
            turns = self.floor.turns
            first = len(turns)
            while first and turns[first - 1].end_ms >= since:
                first -= 1
            self._cuts, self._cuts_of = list(cut_ins(turns[max(0, first - 1) :])), state
        if not self._cuts:
            return ()
        return tuple(
            b.start_ms for b in self._cuts if b.start_ms >= since and b.end_ms - b.start_ms >= WENT_ON_MS
        )

    def _count_sides(self) -> None:
        both = self.started is not None and Who.CUSTOMER in self.started.channels
        gone = any(who is Who.CUSTOMER and until is None for who, _, until in self.lost)
        self._two_sides = both and not gone

    def _run_pause_ms(self) -> int:
        return RUN_SILENCE_MS if self.two_sides else RUN_PAUSE_ALONE_MS

    def _rep_speaks(self, since: int) -> None:
        if self._chain_start is None or since - self._chain_end >= self._run_pause_ms():
            self._chain_start = since
        self._chain_end = max(self._chain_end, since)

    def _advance_run(self, now: int) -> None:
        """Grow or end the rep's run: a real customer turn is a barrier that the run cannot reach across."""
        if self.floor.speaking[Who.REP]:
            self._chain_end = now
        elif (end := self.floor.voice_end_ms(Who.REP, now)) is not None:
            self._chain_end = min(self._chain_end, end)
        customer = self.floor.last(Who.CUSTOMER)
        if customer is not None and customer.words is not True and customer.length_ms(now) > BACKCHANNEL_MS:
            before = self._barrier_before.setdefault(customer.start_ms, self._barrier)
            end = customer.end_ms if customer.end_ms is not None else now
            rep = self.floor.last(Who.REP)
            cut_in = rep is not None and customer.start_ms < rep.start_ms < end
            self._barrier = max(before, rep.start_ms if cut_in and rep is not None else end)
        self._note_run()

    def _note_run(self) -> None:
        length = self.monologue_ms()
        if length <= 0 or self._chain_start is None:
            return
        start = max(self._chain_start, self._barrier)
        if self.runs and self.runs[-1].start_ms == start:
            self.runs[-1].end_ms = self._chain_end
        else:
            self.runs.append(Run(start, self._chain_end))

    def _settled(self, settled: Turn | Segment) -> None:
        if isinstance(settled, Segment):
            # It was a back-channel after all: what looked like the end of the run was none.
            before = self._barrier_before.get(settled.start_ms)
            if settled.who is Who.CUSTOMER and before is not None:
                self._barrier = before
                self.runs = [r for r in self.runs if r.start_ms < settled.start_ms]
        elif settled.who is Who.REP:
            if self._floor_since is None:
                self._floor_since = settled.start_ms
        else:
            self._floor_since = None

    def _floor_ms(self) -> int:
        if self.floor.holder() is not Who.REP or self._floor_since is None:
            return 0
        return self.now_ms - self._floor_since

    def _sentence(self, s: SentenceHeard) -> None:
        self.sentences.append(s)
        if not self.reads_cues:
            return  # its words settle nothing: a "ja" is on no list of ours, so the length of a short sound decides
        small = cue.BACKCHANNEL in s.cues or cue.is_backchannel(s.text)
        many = len(s.text.split()) > cue.BACKCHANNEL_MOST_WORDS
        self.floor.sentence(s.who, s.start_ms, s.end_ms, small=small, many=many)
        if s.who is Who.CUSTOMER:
            self._customer_sentence(s)
        elif cue.BACKCHANNEL not in s.cues:
            self._rep_sentence(s)

    def _customer_sentence(self, s: SentenceHeard) -> None:
        if cue.BACKCHANNEL in s.cues:
            return
        self._last_customer_end = max(self._last_customer_end, s.end_ms)
        if self._answered:
            # The rep has said something since the need, and the customer has moved on.
            self._opening = False
            self._end_order()
            self._request_end, self._told_why = None, False
        self._answered = False
        told = bool(cue.NEEDS.intersection(s.cues))
        self._told_why = self._told_why or told
        if cue.REQUEST in s.cues:
            self._request_end = s.end_ms
        if told:
            self.needs += 1
            self._need_end = s.end_ms
            self._opening = True

    def _rep_sentence(self, s: SentenceHeard) -> None:
        self._answered = True
        asked = bool(cue.COUNTED_QUESTIONS.intersection(s.cues))
        turn_at = self._turn_of(s)
        if asked:
            if self._asked_turn_at != turn_at:
                self.asked_units += 1
                self._asked_turn_at = turn_at
            self._question_gap_ms = self._talk_since(s.end_ms)
            self._last_question_ms = max(self._last_question_ms, s.end_ms)
        if cue.PITCH in s.cues:
            self._pitch(s)
        self._answer(s)
        if cue.PRESSURE in s.cues and not LISTENS.intersection(s.cues):
            self._push(s, turn_at)
        if cue.NEXT_STEP in s.cues:
            self._next_step_ms = max(self._next_step_ms, s.end_ms)
        softened = asked or cue.QUESTION_PERMISSION in s.cues or cue.ACKNOWLEDGE in s.cues
        softened = softened or bool(cue.REFLECTIONS.intersection(s.cues)) or cue.PITCH in s.cues
        if softened or len(s.text.split()) > LEAD_IN_WORDS:
            self._opening = False

    def _pitch(self, s: SentenceHeard) -> None:
        heard = PitchHeard(
            start_ms=s.start_ms,
            end_ms=s.end_ms,
            invited=cue.INVITED in s.cues,
            needs=self.needs,
            questions=self.asked_units,
            pounced=self._opening and cue.INVITED not in s.cues,
            need_end_ms=self._need_end if self._need_end is not None else -1,
        )
        self.pitches.append(heard)
        if self._pitched_turn_at != self._barrier:
            # Where a presentation begins, after a real turn of the customer; its later sentences are no news, and
            # the monologue has its own rule. While nothing may be said yet, none is used up, and a single sentence
            # is no presentation: so people say who rings, and for what firm.
            if s.end_ms >= OPENING_MS:
                self._pitched_turn_at = self._barrier
            if s.end_ms >= OPENING_MS or len(self.pitches) > 1:
                self.onsets.append(heard)
        if heard.pounced:
            self.pounces.append(heard)

    def _turn_of(self, s: SentenceHeard) -> int:
        """Return what tells a turn of the rep from the one before: where the customer last ended.

        Where the customer cannot be heard, a pause of the rep's own is all there is (``RUN_PAUSE_ALONE_MS``).
        """
        if not self.alone:
            return self._last_customer_end
        if self._turn_alone_at < 0 or s.start_ms - self._last_rep_end >= RUN_PAUSE_ALONE_MS:
            self._turn_alone_at = s.start_ms
        self._last_rep_end = max(self._last_rep_end, s.end_ms)
        return self._turn_alone_at

    def _push(self, s: SentenceHeard, turn_at: int) -> None:
        before = self._pressure
        if before is None:
            self._pressure = PressureHeard(s.start_ms, s.end_ms, 1)
        else:
            goes_on = self._pushed_turn_at == turn_at
            start = before.start_ms if goes_on else s.start_ms
            self._pressure = PressureHeard(start, s.end_ms, before.heard + 1)
        self._pushed_turn_at = turn_at

    def _answer(self, s: SentenceHeard) -> None:
        """Follow the rep's answer to a request: it asks what for, says yes at once, or goes elsewhere."""
        asks = bool(ASKS_WHAT_FOR.intersection(s.cues))
        order = self._order
        if order is not None and not order.over:
            self._order = None if asks else replace(order, end_ms=s.end_ms, sentences=order.sentences + 1)
        elif self._request_end is not None:
            if {cue.PITCH, cue.INVITED} <= set(s.cues) and not asks and not self._told_why:
                self._order = OrderTaken(self._request_end, s.start_ms, s.end_ms, sentences=1)
                self._request_end = None
            elif not self._is_way_in(s):
                self._request_end = None

    @staticmethod
    def _is_way_in(s: SentenceHeard) -> bool:
        short = len(s.text.split()) <= LEAD_IN_WORDS or cue.MIRROR in s.cues
        return short and ASKS_NOTHING.issuperset(s.cues)

    def _end_order(self) -> None:
        """The rep's turn is over: what it has not asked by now it did not ask."""
        if self._order is not None:
            self._order = replace(self._order, over=True)

    def _talk_since(self, moment: int) -> int:
        """Return for how long someone has spoken since ``moment``."""
        spans = sorted(
            (max(moment, s.start_ms), s.end_ms if s.end_ms is not None else self.now_ms)
            for who in Who
            for s in self.floor.segments[who][-20:]
        )
        total, reach = 0, moment
        for start, end in spans:
            if end > reach:
                total += end - max(start, reach)
                reach = end
        return total

    def _end(self, at: int) -> None:
        for who in Who:
            if self.floor.speaking[who]:
                self.floor.voice_stopped(who, at)
        self._end_order()
        self.advance(at + WORDS_LATE_MS + SEGMENT_GAP_MS)
        self.now_ms = self.ended_ms = at
        for turn in self.floor.turns:
            turn.end_ms = min(turn.end_ms, at)

"""Ten seconds of one's own voice, down the line of a live call: to see a nudge before the first call.

Owns the profile under which so short a talk is already a monologue, when a try-out is over, and that its microphone is
let go whatever happens. The line is that of a call: the same devices, ear, session and engine; the engine decides
whether there is a nudge. Refuses to know windows, and keeps nothing: no sound, no words, no log.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from coach import app
from coach.audio.clocks import always_s
from coach.audio.levels import Level, LevelMeter
from coach.call.events import Who
from coach.nudges.commands import HideNudge, ShowNudge, TellOnce
from coach.settings import (
    CallSettings,
    Facts,
    Limits,
    Manners,
    Settings,
    SpeechSettings,
    StorageSettings,
    TypeLimits,
)
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coach.audio.block import AudioSource, Block
    from coach.call.events import Event
    from coach.call.meters import Meters
    from coach.live.call import LiveCall
    from coach.nudges.commands import Command

    Devices = Callable[[Settings], tuple[Sequence[AudioSource], str]]

LIMIT_S: Final = 8.0
"""So long a run is nudged here, and...
...``WAIT_S`` later without waiting for a breath: ten seconds in all, with what the voice needs to be known."""
WAIT_S: Final = 1.5
LONGEST_MS: Final = 20_000
"""Nobody is listened to for longer without a nudge, but for a run that is under way by then, up to..."""
MOST_MS: Final = 30_000
GUARD_S: Final = 70.0
"""The same by the clock, with the longest that a card may be set to stay: for a device that stops all time."""
VOICE_MS: Final = 1_000
"""Less voice than this is a cough or a chair."""
STEP_MS: Final = 250
"""How far a run went is told this often: a bar that moves needs no more."""
_LAST_S: Final = 5.0
_CALL_TYPE: Final = "discovery"
_UNHEARD: Final = {"microphone_silent": "silent", "lost_rep": "trouble", "deaf_rep": "trouble"}
"""What is told of the listening, and how a try-out ends with it."""

How = Literal["shown", "short", "silent", "trouble", "ended"]


@dataclass(frozen=True, slots=True)
class Talked:
    """How long the run is by now; it is nudged at `LIMIT_S`."""

    run_ms: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A try-out is over, and its microphone is let go.

    Args:
        how: ``shown``, ``short`` (a voice, and too many pauses), ``silent``, ``trouble`` or ``ended`` by somebody.
        sentence: what the line said of it, in English; empty where nothing is to be said.
        voice_ms: how much voice was heard.
    """

    how: How
    sentence: str = ""
    voice_ms: int = 0


News = Talked | Level | ShowNudge | HideNudge | Ended


def profile(settings: Settings) -> Settings:
    """Return the settings of a try-out: the rep's microphone, voice engine and words, one rule, and little patience."""
    return replace(
        settings,
        call=CallSettings(_CALL_TYPE, focus="monologue"),
        manners=replace(
            Manners(),
            warm_up_s=0.0,
            monologue_wait_s=WAIT_S,
            show_s=settings.manners.show_s,
            suggestions=False,
        ),
        limits=TypeLimits(discovery=Limits(monologue_s=LIMIT_S, monologue_strong_s=0.0)),
        audio=replace(settings.audio, other_side="none"),
        speech=SpeechSettings(),
        storage=StorageSettings("nothing"),
        facts=Facts(),
    )


class _Nowhere:
    """A ledger that writes nothing down."""

    def event(self, event: Event) -> None:
        """Let an event go."""

    def command(self, command: Command) -> None:
        """Let a command go."""


class Tryout:
    """One try-out.

    Args:
        settings: the rep's own; `profile` makes the rest.
        devices: gives the microphone, as for a call.
        tell: takes news, on threads of the line; returns at once.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        settings: Settings,
        devices: Devices,
        tell: Callable[[News], object],
        clock: Callable[[], float] = always_s,
    ) -> None:
        self._settings, self._devices, self._tell, self._clock = profile(settings), devices, tell, clock
        self.closed = threading.Event()
        """It is over, and the microphone is let go."""
        self._over = threading.Event()
        self._deciding = threading.Lock()
        self._end: Ended | None = None
        self._call: LiveCall | None = None
        self._meter = LevelMeter()
        self._shown = False
        self._voice_ms = 0
        self._told_ms = 0

    def run(self) -> None:
        """Listen until it is over: half a minute at most, and while the card stays. On a thread of its own."""
        try:
            self._listen()
        except Trouble as trouble:
            self._finish("trouble", str(trouble))
        finally:
            self._finish("ended")
            self.closed.set()
            assert self._end is not None  # noqa: S101 - `_finish` made it
            self._tell(replace(self._end, voice_ms=self._voice_ms))

    def end(self) -> None:
        """Let it be over, soon; from any thread."""
        self._finish("ended")

    def let_go(self) -> None:
        """Let the microphone go at once, whatever else may hang; from any thread."""
        self.end()
        if (call := self._call) is not None:
            call.release()

    def dismiss(self, rule: str) -> None:
        """Take note that the nudge was waved away."""
        if (call := self._call) is not None:
            call.dismiss(rule)

    def unhelpful(self, rule: str) -> None:
        """Take note that the nudge did not help."""
        if (call := self._call) is not None:
            call.unhelpful(rule)

    def not_now(self) -> None:
        """Take note that quiet was asked for."""
        if (call := self._call) is not None:
            call.not_now()

    def _listen(self) -> None:
        # Here, on a thread of its own: the page is to open without waiting for the line to load.
        from coach.cues.reading import Unread  # noqa: PLC0415 - see above
        from coach.live.call import LiveCall  # noqa: PLC0415 - see above

        sources, _ = self._devices(self._settings)
        sides = (Who.REP,)
        call = LiveCall(
            [source for source in sources if source.who is Who.REP],
            app.make_ear(self._settings, sides, sound=self._measure, sturdy=True),
            app.make_session(self._settings, sides, _Nowhere(), Unread()),
            None,
            self._take,
            self._clock,
            glance=self._look,
        )
        if self._over.is_set():
            return
        self._call = call
        call.start(_CALL_TYPE, 0)
        try:
            self._over.wait(GUARD_S)
        finally:
            call.stop(_LAST_S)

    def _finish(self, how: How, sentence: str = "") -> None:
        """Let it be over for this reason, where none came before."""
        with self._deciding:
            if self._end is None:
                self._end = Ended("shown" if self._shown and how != "ended" else how, sentence)
        self._over.set()

    # On threads of the line.

    def _measure(self, block: Block) -> None:
        if (level := self._meter.hear(block.samples)) is not None and not self._over.is_set():
            self._tell(level)

    def _take(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case ShowNudge():
                    self._shown = True
                    self._tell(command)
                case HideNudge():
                    self._tell(command)
                    self._finish("shown")
                case TellOnce(code=code, text=text) if code in _UNHEARD:
                    self._finish("silent" if _UNHEARD[code] == "silent" else "trouble", text)
                case _:
                    pass

    def _look(self, meters: Meters) -> None:
        if self._over.is_set():
            return
        self._voice_ms = meters.floor.spoken_since(Who.REP, 0, meters.now_ms)
        if self._shown:
            return
        run_ms = meters.monologue_ms()
        if abs(run_ms - self._told_ms) >= STEP_MS or (self._told_ms and not run_ms):
            self._told_ms = run_ms
            self._tell(Talked(run_ms))
        if meters.now_ms >= (MOST_MS if run_ms else LONGEST_MS):
            self._finish("short" if self._voice_ms >= VOICE_MS else "silent")
